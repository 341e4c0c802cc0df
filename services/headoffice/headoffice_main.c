/* headoffice_main.c - the process of the headoffice service. */
#include "common/loop.h"
#include "services/headoffice/headoffice.h"

int main(int argc, char **argv)
{
    static const struct loop_options options = {.service = &headoffice_service};
    return loop_main(argc, argv, &options);
}
