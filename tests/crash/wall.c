/* wall.c - see wall.h. */
#include "tests/crash/wall.h"
#include "common/calendar.h"
#include "common/clock.h"
#include "common/contract.h"
#include "services/cli/reader.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define ARRIVAL_MS MINUTE_MS /* of the policy set of the end-to-end tests */
#define FIRST_DUE_MS 600     /* after the feed begins */
#define APART_MS 40
#define LATE_MAX_MS 5000 /* N2: after being back */

static char said[200]; /* the last complaint */

static void write_facts(const struct wall_calls *w, int64_t now_ms, FILE *f)
{
    char now[40], received[40];
    time_format(now_ms, NULL, now);
    const char *head = "{\"specversion\":\"1.0\",\"source\":\"E2E\",\"time\":\"";
    fprintf(f,
            "%s%s\",\"type\":\"unit.upserted\",\"id\":\"u\",\"data\":{\"unit\":\"E2E\","
            "\"name\":\"E2E\",\"kind\":\"station\"}}\n",
            head, now);
    fprintf(f,
            "%s%s\",\"type\":\"person.upserted\",\"id\":\"p\",\"data\":{\"person\":\"T1\","
            "\"unit\":\"E2E\",\"role\":\"technician\",\"certified_to\":\"2035-12-31\"}}\n",
            head, now);
    for (int i = 0; i < WALL_CALLS; i++) {
        time_format(w->due_ms[i] - ARRIVAL_MS, NULL, received);
        fprintf(f,
                "%s%s\",\"type\":\"call.registered\",\"id\":\"c%d\",\"data\":{\"call_no\":\"W%d\","
                "\"received_at\":\"%s\",\"phone\":\"0912-000111\",\"fault\":\"noise\"}}\n",
                head, now, i, i, received);
        fprintf(f,
                "%s%s\",\"type\":\"job.assigned\",\"id\":\"j%d\",\"data\":{\"call_no\":\"W%d\","
                "\"technician\":\"T1\"}}\n",
                head, now, i, i);
    }
}

const char *wall_feed(struct wall_calls *w, struct stack *s, struct answers *out)
{
    struct facts facts = {.n = 0};
    struct fault why;
    char path[STACK_PATH_SIZE + 16];
    int64_t now = clock_wall_ms();
    w->offset_ms = now - clock_mono_ms();
    for (int i = 0; i < WALL_CALLS; i++)
        w->due_ms[i] = now + FIRST_DUE_MS + i * APART_MS;
    snprintf(path, sizeof path, "%s/facts.ndjson", s->dir);
    FILE *f = fopen(path, "w");
    REQUIRE(f != NULL);
    write_facts(w, now, f);
    REQUIRE(fclose(f) == 0);
    if (facts_load(path, &facts, &why) != ERR_OK) return "the facts cannot be read";
    enum err e = scene_feed(s->dir, &facts, 0, facts.n, 0, out);
    facts_free(&facts);
    int64_t left = w->due_ms[WALL_CALLS - 1] + 20 - clock_wall_ms();
    if (left > 0) clock_sleep_ms(left);
    return e == ERR_OK ? NULL : "the door did not answer";
}

/* ---- the log of the desk ---- */

struct seen {
    uint32_t count[WALL_CALLS];
    int64_t now_ms[WALL_CALLS], due_ms[WALL_CALLS];
};

static bool take_entry(struct slice record, struct arena *a, struct seen *seen)
{
    struct rec_entry entry;
    struct ev_reminder_issued ev;
    struct fault why;
    arena_reset(a);
    if (proto_decode(shape_entry(), record, a, &entry, &why) != ERR_OK) return false;
    if (entry.number != event_of(EV_reminder_issued)->number) return true;
    if (proto_decode(shape_ev_reminder_issued(), entry.data, a, &ev, &why) != ERR_OK) return false;
    int i = ev.case_no.n == 2 ? ev.case_no.p[1] - '0' : -1;
    if (i < 0 || i >= WALL_CALLS || ev.level != 1) return false; /* not one of ours: false */
    seen->count[i]++;
    seen->now_ms[i] = entry.now;
    seen->due_ms[i] = ev.due;
    return true;
}

static const char *read_desk(const char *dir, struct seen *seen)
{
    struct reader *r;
    struct arena a = {0};
    struct slice record;
    struct fault why = {0};
    if (reader_open(dir, &r, &why) != ERR_OK) return "the desk cannot be asked";
    enum err e;
    bool good = true;
    for (uint64_t seq = 1; (e = reader_record(r, OWNER_escalation, seq, &record)) == ERR_OK && good;
         seq++)
        good = take_entry(record, &a, seen);
    reader_close(&r);
    arena_fini(&a);
    if (!good) return "a slip that nobody should have had stands in the log of the desk";
    return e == ERR_NOT_FOUND ? NULL : "the log of the desk cannot be read";
}

const char *wall_judge(const struct wall_calls *w, const char *dir, int64_t died_ms)
{
    struct seen seen = {0};
    const char *wrong = read_desk(dir, &seen);
    if (wrong) return wrong;
    int64_t back_ms = died_ms ? died_ms + w->offset_ms : 0;
    for (int i = 0; i < WALL_CALLS; i++) {
        int64_t from = back_ms > w->due_ms[i] ? back_ms : w->due_ms[i];
        int64_t late = seen.now_ms[i] - from;
        const char *what = seen.count[i] == 0               ? "no slip (N2)"
                           : seen.count[i] > 1              ? "more than one slip (N3)"
                           : seen.due_ms[i] != w->due_ms[i] ? "another due time"
                           : seen.now_ms[i] <= w->due_ms[i] ? "a slip before it was due (N4)"
                           : late > LATE_MAX_MS             ? "a late slip (N2)"
                                                            : NULL;
        if (!what) continue;
        snprintf(said, sizeof said, "W%d has %s: %u, %" PRId64 " ms", i, what, seen.count[i], late);
        return said;
    }
    return NULL;
}
