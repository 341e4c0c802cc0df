/* complaint_main.c - the process of the complaint service. */
#include "common/loop.h"
#include "services/complaint/complaint.h"

int main(int argc, char **argv)
{
    static const struct loop_options options = {.service = &complaint_service};
    return loop_main(argc, argv, &options);
}
