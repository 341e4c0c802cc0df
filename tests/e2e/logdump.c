/* logdump.c - what stands in the logs of a stack, running or stopped.
 *
 *   e2e-logdump DIR hashes          a line a log: name, records, BLAKE2b of its last record
 *   e2e-logdump DIR LOG [EVENT]     its records as JSON lines, or those of one type
 *
 * Each record holds the hash of the one before it, so an equal last hash means equal logs. */
#include "common/contract.h"
#include "services/cli/reader.h"
#include <jansson.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

static int print_hash(struct reader *r, enum owner log)
{
    uint64_t last;
    struct slice record;
    if (reader_last(r, log, &last) != ERR_OK) return 1;
    if (last == 0) {
        printf("%s 0 -\n", owner_name(log));
        return 0;
    }
    if (reader_record(r, log, last, &record) != ERR_OK) return 1;
    uint8_t hash[32];
    char hex[65];
    crypto_generichash(hash, sizeof hash, record.p, record.n, NULL, 0);
    sodium_bin2hex(hex, sizeof hex, hash, sizeof hash);
    printf("%s %llu %s\n", owner_name(log), (unsigned long long)last, hex);
    return 0;
}

static bool wanted(const struct rec_entry *e, const char *type)
{
    const struct event_type *t = event_by_number(e->number);
    return !type || (t && strcmp(t->type, type) == 0);
}

static int print_log(struct reader *r, enum owner log, const char *type)
{
    struct arena a = {0};
    struct slice record;
    enum err e;
    for (uint64_t seq = 1; (e = reader_record(r, log, seq, &record)) == ERR_OK; seq++) {
        arena_reset(&a);
        struct rec_entry entry;
        struct fault why;
        e = proto_decode(shape_entry(), record, &a, &entry, &why);
        if (e != ERR_OK) break;
        if (!wanted(&entry, type)) continue;
        json_t *j = entry_to_json(owner_name(log), &entry, &a);
        json_dumpf(j, stdout, JSON_COMPACT);
        printf("\n");
        json_decref(j);
    }
    arena_fini(&a);
    return e != ERR_NOT_FOUND;
}

int main(int argc, char **argv)
{
    if (argc < 3 || argc > 4) {
        fprintf(stderr, "usage: e2e-logdump DIR hashes | e2e-logdump DIR LOG [EVENT]\n");
        return 64;
    }
    struct reader *r;
    struct fault why = {0};
    if (reader_open(argv[1], &r, &why) != ERR_OK) {
        fprintf(stderr, "e2e-logdump: %s\n", why.text);
        return 2;
    }
    int rc = 0;
    bool hashes = strcmp(argv[2], "hashes") == 0;
    for (int o = OWNER_intake; o < OWNER_COUNT; o++) {
        enum owner log = (enum owner)o;
        if (!reader_has(r, log)) continue;
        if (hashes) rc |= print_hash(r, log);
        if (strcmp(argv[2], owner_name(log)) == 0)
            rc |= print_log(r, log, argc == 4 ? argv[3] : NULL);
    }
    reader_close(&r);
    return rc ? 2 : 0;
}
