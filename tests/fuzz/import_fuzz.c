/* import_fuzz.c - any bytes as the files that `cuiban feed` takes: CSV through the mappings of
 * deploy, and NDJSON, sorted or as it stands.
 *
 * Whatever comes: the import ends; each fact it gives satisfies its contract; facts of a CSV come
 * in the order of their time; what is left out says where and why; and the counts add up.
 *
 * Bytes: the way in, then the file. */
#include "common/contract.h"
#include "services/cli/import.h"
#include "tests/fuzz/lib/fuzz.h"

#define MAPPINGS 4u

struct seen {
    uint64_t facts, rejected;
};

static const struct mapping *mapping_at(unsigned i)
{
    static const char *const paths[MAPPINGS] = {
        "deploy/mappings/example.yaml", "deploy/mappings/itsm-incidents.yaml",
        "deploy/mappings/field-dispatch-sf.yaml", "deploy/mappings/civic-requests-boston.yaml"};
    static struct mapping *loaded[MAPPINGS];
    struct mapping_fault faults[MAPPING_FAULTS_MAX];
    uint32_t n;
    if (loaded[i]) return loaded[i];
    enum err e = mapping_load(paths[i], &loaded[i], faults, MAPPING_FAULTS_MAX, &n);
    if (e != ERR_OK) mapping_print_faults(stderr, paths[i], faults, n);
    REQUIRE(e == ERR_OK);
    return loaded[i];
}

static void on_reject(void *user, const struct import_reject *r)
{
    struct seen *s = user;
    REQUIRE(r->fault.text[0] && r->line > 0);
    s->rejected++;
}

static void check_fact(struct slice bytes, int64_t time_ms, struct arena *a)
{
    struct rec_fact f;
    struct fault why;
    enum err e = proto_decode(shape_fact(), bytes, a, &f, &why);
    REQUIRE(e == ERR_OK && f.occurred == time_ms);
    const struct event_type *t = event_by_number(f.number);
    REQUIRE(t != NULL && !event_is_verdict(t));
    e = proto_decode(t->shape(), f.data, a, arena_take(a, t->shape()->size), &why);
    REQUIRE(e == ERR_OK);
}

static void take_all(struct import *i, bool ordered, struct seen *s)
{
    struct arena a = {0};
    int64_t last = INT64_MIN, time_ms;
    struct slice fact;
    struct fault why = {0};
    enum err e;
    while ((e = import_next(i, &fact, &time_ms, &why)) == ERR_OK) {
        check_fact(fact, time_ms, &a);
        REQUIRE(!ordered || time_ms >= last);
        last = time_ms;
        s->facts++;
        arena_reset(&a);
    }
    REQUIRE(e == ERR_END || why.text[0]);
    const struct import_counts *c = import_counts(i);
    REQUIRE(e != ERR_END || s->facts == c->facts);
    REQUIRE(s->rejected == c->rejected_rows + c->rejected_facts);
    arena_fini(&a);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct fuzz_in in = {bytes, n};
    uint8_t how = fuzz_u8(&in) % (MAPPINGS + 2);
    const char *path = fuzz_file(0, (struct slice){in.p, in.n});
    struct seen s = {0};
    struct import_options o = {.paths = &path,
                               .path_count = 1,
                               .mapping = how < MAPPINGS ? mapping_at(how) : NULL,
                               .sort = how == MAPPINGS,
                               .on_reject = on_reject,
                               .user = &s};
    struct mapping_fault faults[4];
    uint32_t fault_count;
    struct import *i;
    enum err e = import_open(&o, &i, faults, 4, &fault_count);
    REQUIRE(e == ERR_OK || fault_count > 0);
    if (e != ERR_OK) return 0;
    take_all(i, how <= MAPPINGS, &s);
    import_close(&i);
    return 0;
}
