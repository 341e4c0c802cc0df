/* scoring_main.c - the process of the scoring service. */
#include "common/loop.h"
#include "services/scoring/scoring.h"

int main(int argc, char **argv)
{
    static const struct loop_options options = {.service = &scoring_service};
    return loop_main(argc, argv, &options);
}
