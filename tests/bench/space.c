/* space.c - what the log of a stopped service holds, to be set against the size of its file.
 *
 * space DIR     DIR = store of one service, e.g. run/data/intake. Prints R lines. */
#include "common/contract.h"
#include "common/store.h"
#include <inttypes.h>
#include <stdio.h>

int main(int argc, char **argv)
{
    struct store *s = NULL;
    struct fault why = {0};
    uint64_t bytes = 0;
    struct store_options o = {.dir = argc == 2 ? argv[1] : ""};
    if (argc != 2 || store_open(&o, &s, &why) != ERR_OK) {
        fprintf(stderr, "usage: space DIR (%s)\n", why.text);
        return 2;
    }
    uint64_t last = store_last_seq(s);
    for (uint64_t seq = 1; seq <= last; seq++) {
        struct slice record;
        REQUIRE(store_record(s, seq, &record) == ERR_OK);
        bytes += record.n;
    }
    printf("R\tproduct\trecords\t1\t%" PRIu64 "\n", last);
    printf("R\tproduct\trecord bytes\tB\t%" PRIu64 "\n", bytes);
    store_close(&s);
    return 0;
}
