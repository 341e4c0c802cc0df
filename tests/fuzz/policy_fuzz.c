/* policy_fuzz.c - any bytes as one file of a policy set: its policy.yaml, a part, or a calendar.
 *
 * Whatever comes: the set loads, or is refused with faults, each with a file and a sentence; a set
 * that loads has a default calendar and a hash, answers every question of selection and escalation,
 * and its calendars keep their laws: work counted up to what was added is what was added, and the
 * next working day is one.
 *
 * Bytes: which file of tests/fuzz/policy they stand for, then the file. */
#include "common/contract.h"
#include "common/policy.h"
#include "tests/fuzz/lib/fuzz.h"
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#define FILE_BYTES_MAX 4096

static const char *const names[] = {"policy.yaml", "part.yaml", "calendars/own.yaml"};

struct text {
    uint8_t bytes[FILE_BYTES_MAX];
    size_t n;
};

static void write_file(unsigned which, struct slice bytes)
{
    char path[128];
    snprintf(path, sizeof path, "%s/%s", fuzz_dir(), names[which]);
    FILE *f = fopen(path, "wb");
    REQUIRE(f != NULL);
    size_t n = bytes.n ? fwrite(bytes.p, 1, bytes.n, f) : 0;
    int rc = fclose(f);
    REQUIRE(n == bytes.n && rc == 0);
}

static void read_base(unsigned which, struct text *out)
{
    char path[128];
    snprintf(path, sizeof path, "tests/fuzz/policy/%s", names[which]);
    FILE *f = fopen(path, "rb");
    REQUIRE(f != NULL);
    out->n = fread(out->bytes, 1, sizeof out->bytes, f);
    (void)fclose(f);
    REQUIRE(out->n > 0 && out->n < sizeof out->bytes);
}

/* The set of tests/fuzz/policy, with these bytes in the place of one file. */
static void write_set(unsigned which, struct slice bytes)
{
    static struct text texts[COUNT_OF(names)];
    static unsigned last = COUNT_OF(names); /* the file that is not the set's own */
    char folder[128];
    snprintf(folder, sizeof folder, "%s/calendars", fuzz_dir());
    (void)mkdir(folder, 0700);
    for (unsigned i = 0; i < COUNT_OF(names); i++) {
        bool first = texts[i].n == 0;
        if (first) read_base(i, &texts[i]);
        if (first || i == last) write_file(i, (struct slice){texts[i].bytes, texts[i].n});
    }
    write_file(which, bytes);
    last = which;
}

static void check_calendar(const struct calendar *c, int64_t t)
{
    int64_t due = calendar_add(c, t, 5 * HOUR_MS);
    if (due < TIME_MAX_MS) REQUIRE(calendar_worked(c, t, due) == 5 * HOUR_MS);
    int32_t today = zone_day(calendar_zone(c), t), next = calendar_workday(c, today, 1);
    if (next == INT32_MAX) return;
    REQUIRE(next > today && calendar_is_workday(c, next));
    REQUIRE(calendar_open(c, next) < calendar_close_of(c, next));
}

static void check_policy(const struct policy *p)
{
    const struct calendar *c = policy_calendar(p, (struct str){0});
    REQUIRE(c != NULL && strlen(p->hash) == 64 && p->name.n > 0);
    for (uint32_t i = 0; i < p->calendar_count; i++) {
        check_calendar(p->calendars[i], INT64_C(1772413200000));
        check_calendar(p->calendars[i], INT64_C(1798646400000)); /* at the end of the year */
    }
    for (uint32_t i = 0; i < p->service_count; i++) {
        const struct service_policy *sp = policy_service(p, p->services[i].id);
        REQUIRE(sp != NULL);
        struct selection what = {.product_line = sp->id};
        (void)policy_select(p, &what);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct fuzz_in in = {bytes, n};
    struct policy *p = NULL;
    struct policy_fault faults[POLICY_FAULTS_MAX] = {0};
    uint32_t count = 0;
    uint8_t which = fuzz_u8(&in) % COUNT_OF(names);
    write_set(which, (struct slice){in.p, in.n});
    enum err e = policy_load(fuzz_dir(), &p, faults, POLICY_FAULTS_MAX, &count);
    REQUIRE((e == ERR_OK) == (count == 0) && (e == ERR_OK) == (p != NULL));
    for (uint32_t i = 0; i < count; i++)
        REQUIRE(faults[i].fault.text[0] && faults[i].file[0]);
    if (e != ERR_OK) return 0;
    check_policy(p);
    policy_close(&p);
    return 0;
}
