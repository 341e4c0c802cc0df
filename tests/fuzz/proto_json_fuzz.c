/* proto_json_fuzz.c - any line: fact_from_json takes it or answers with faults that refused.fact
 * can hold; what it takes satisfies the contracts of fact and event. */
#include "common/contract.h"
#include "proto/proto.h"
#include "tests/fuzz/lib/fuzz.h"
#include <jansson.h>

#define FAULTS_MAX 8

static void check_fault(const struct fault *f)
{
    struct ev_refused_fact refused = {.number = 1,
                                      .rule = str_of(f->rule),
                                      .code = str_of(f->code),
                                      .field = str_of(f->field),
                                      .text = str_of(f->text)};
    uint32_t count = proto_check(shape_ev_refused_fact(), &refused, NULL, 0);
    REQUIRE(count == 0);
}

static void check_fact(const struct rec_fact *fact, struct arena *a)
{
    struct fault why;
    uint32_t count = proto_check(shape_fact(), fact, NULL, 0);
    REQUIRE(count == 0);
    const struct shape *s = event_by_number(fact->number)->shape();
    enum err e = proto_decode(s, fact->data, a, arena_take(a, s->size), &why);
    REQUIRE(e == ERR_OK);
    struct rec_entry entry = {.seq = 1, .now = 1, .number = fact->number, .data = fact->data};
    json_decref(entry_to_json("fuzz", &entry, a));
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    struct arena a = {0};
    struct rec_fact fact;
    struct fault faults[FAULTS_MAX];
    uint32_t count = 0;
    if (n > UINT32_MAX) return 0;
    struct str line = {(const char *)p, (uint32_t)n};
    enum err e = fact_from_json(line, &a, &fact, faults, FAULTS_MAX, &count);
    REQUIRE((e == ERR_OK) == (count == 0));
    if (e == ERR_OK) check_fact(&fact, &a);
    for (uint32_t i = 0; i < count && i < FAULTS_MAX; i++)
        check_fault(&faults[i]);
    arena_fini(&a);
    return 0;
}
