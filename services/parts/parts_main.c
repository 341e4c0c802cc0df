/* parts_main.c - the process of the parts service. */
#include "common/loop.h"
#include "services/parts/parts.h"

int main(int argc, char **argv)
{
    static const struct loop_options options = {.service = &parts_service};
    return loop_main(argc, argv, &options);
}
