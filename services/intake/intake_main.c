/* intake_main.c - the process of the intake service. */
#include "common/loop.h"
#include "services/intake/intake.h"

int main(int argc, char **argv)
{
    static const struct loop_options options = {.service = &intake_service};
    return loop_main(argc, argv, &options);
}
