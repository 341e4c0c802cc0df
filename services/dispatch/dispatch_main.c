/* dispatch_main.c - the process of the dispatch service. */
#include "common/loop.h"
#include "services/dispatch/dispatch.h"

int main(int argc, char **argv)
{
    static const struct loop_options options = {.service = &dispatch_service};
    return loop_main(argc, argv, &options);
}
