/* escalation_main.c - the process of the escalation service. */
#include "common/loop.h"
#include "services/escalation/escalation.h"

int main(int argc, char **argv)
{
    static const struct loop_options options = {.service = &escalation_service, .claims = true};
    return loop_main(argc, argv, &options);
}
