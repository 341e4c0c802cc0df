/* recompute_log.c - one batch again, from its journal row and the logs, and what it writes against
 * what was logged. The first record that is not the same ends the replay: all behind it would only
 * follow from it. Read: saying what is wrong, records, inputs, journal rows. */
#include "common/contract.h"
#include "services/cli/recompute_private.h"
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

/* ---- what is wrong ---- */

__attribute__((format(printf, 2, 3))) static enum err broken(struct recompute *c, const char *fmt,
                                                             ...)
{
    char text[400];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    c->r->broken = true;
    c->r->differences = 1;
    buf_printf(&c->r->details, "    %s\n", text);
    return ERR_OK;
}

static const char *name_of(const struct recompute *c)
{
    return c->service->name;
}

void recompute_put_fields(struct buf *out, const struct shape *s, const void *obj,
                          const char *const *skip)
{
    char *text = NULL;
    size_t n = 0;
    FILE *f = open_memstream(&text, &n);
    REQUIRE(f != NULL);
    view_print_fields(f, s, obj, NULL, skip);
    fclose(f);
    buf_put(out, text, n);
    free(text);
}

/* The payload, or where that is the same, the envelope. */
static void put_record(struct buf *out, const struct view_record *x, bool envelope)
{
    static const char *const skip[] = {"data", "prev", NULL};
    buf_printf(out, "%s ", x->type ? x->type->type : "record");
    if (envelope || !x->payload) {
        recompute_put_fields(out, shape_entry(), &x->entry, skip);
    } else {
        recompute_put_fields(out, x->type->shape(), x->payload, NULL);
    }
}

static bool same_data(const struct view_record *a, const struct view_record *b)
{
    return a->entry.number == b->entry.number && a->entry.data.n == b->entry.data.n &&
           memcmp(a->entry.data.p, b->entry.data.p, a->entry.data.n) == 0;
}

/* Both come from a scratch store or the log: bytes that decode were looked at by the chain. */
static enum err differ(struct recompute *c, uint64_t seq, struct slice logged, struct slice made)
{
    struct view_record a, b;
    enum owner o = c->service->owner;
    (void)broken(c, "%s #%" PRIu64 " is not what its replay gives", name_of(c), seq);
    if (view_record(&c->arena, o, logged, &a) != ERR_OK) return ERR_OK;
    if (view_record(&c->arena, o, made, &b) != ERR_OK) return ERR_CORRUPT;
    bool envelope = same_data(&a, &b);
    struct buf *out = &c->r->details;
    buf_printf(out, "      the log says: ");
    put_record(out, &a, envelope);
    buf_printf(out, "\n      the replay:   ");
    put_record(out, &b, envelope);
    buf_printf(out, "%s\n",
               memcmp(a.entry.prev, b.entry.prev, sizeof a.entry.prev) ? " (other hash before)"
                                                                       : "");
    return ERR_OK;
}

/* ---- records ---- */

/* A record of any log; when it cannot be had, that is what is wrong. */
static enum err fetch(struct recompute *c, enum owner log, uint64_t seq, struct slice *out)
{
    enum err e = reader_record(c->v->reader, log, seq, out);
    if (e != ERR_NOT_FOUND && e != ERR_CORRUPT) return e;
    *out = (struct slice){0};
    return broken(c, "%s #%" PRIu64 ", which %s wrote or took in batch %" PRIu64 ", %s",
                  owner_name(log), seq, name_of(c), c->batch + 1,
                  e == ERR_CORRUPT ? "is damaged" : "is missing");
}

/* What the last input wrote against the log. */
static enum err check_records(struct recompute *c)
{
    struct store *s = node_store(c->node);
    while (!c->r->broken && c->seq < store_last_seq(s)) {
        struct slice made = {0}, logged = {0};
        enum err e = store_record(s, c->seq + 1, &made);
        if (e == ERR_OK) e = fetch(c, c->service->owner, c->seq + 1, &logged);
        if (e != ERR_OK || c->r->broken) return e;
        REQUIRE(made.p && logged.p); /* no record is without bytes */
        bool same = made.n == logged.n && memcmp(made.p, logged.p, made.n) == 0;
        if (!same) return differ(c, c->seq + 1, logged, made);
        c->seq++;
        c->r->records++;
    }
    return ERR_OK;
}

/* ---- inputs ---- */

/* The node refused what a node had taken. */
static enum err after(struct recompute *c, enum err e, const char *what, uint64_t seq)
{
    if (e == ERR_OK) return check_records(c);
    if (e == ERR_IO || e == ERR_FULL) return e;
    return broken(c, "%s batch %" PRIu64 ": %s #%" PRIu64 " cannot have had its effect there (%s)",
                  name_of(c), c->batch + 1, what, seq, err_name(e));
}

static enum err entry_again(struct recompute *c, enum owner log)
{
    struct slice bytes;
    uint64_t seq = node_cursor(c->node, log) + 1;
    enum err e = fetch(c, log, seq, &bytes);
    if (e != ERR_OK || c->r->broken) return e;
    return after(c, node_entry(c->node, log, bytes), owner_name(log), seq);
}

static enum err run_again(struct recompute *c, struct node_run run)
{
    enum owner own = c->service->owner;
    enum err e = ERR_OK;
    if (run.log != own && !(c->service->upstream & IN(run.log)))
        return broken(c, "%s batch %" PRIu64 ": its journal row names a log it does not read",
                      name_of(c), c->batch + 1);
    for (uint32_t i = 0; e == ERR_OK && !c->r->broken && i < run.count; i++) {
        e = run.log == own ? after(c, node_again_fire(c->node), "the deadline before", c->seq + 1)
                           : entry_again(c, run.log);
    }
    return e;
}

static enum err runs_again(struct recompute *c, struct slice runs)
{
    struct node_run run;
    enum err e = ERR_OK;
    while (e == ERR_OK && !c->r->broken && node_run_next(&runs, &run))
        e = run_again(c, run);
    return e;
}

/* The door: whatever stands in its log without a cause was its input. */
static enum err door_again(struct recompute *c, uint64_t last)
{
    enum err e = ERR_OK;
    while (e == ERR_OK && !c->r->broken && c->seq < last) {
        struct slice bytes;
        struct rec_entry entry;
        struct fault why;
        uint64_t seq = c->seq + 1;
        arena_reset(&c->arena);
        e = fetch(c, c->service->owner, seq, &bytes);
        if (e != ERR_OK || c->r->broken) return e;
        if (proto_decode(shape_entry(), bytes, &c->arena, &entry, &why) != ERR_OK)
            return broken(c, "%s #%" PRIu64 " does not decode", name_of(c), seq);
        e = after(c, node_again(c->node, &entry), name_of(c), seq);
        if (e == ERR_OK && !c->r->broken && c->seq < seq)
            e = broken(c, "%s #%" PRIu64 ": its replay writes nothing", name_of(c), seq);
    }
    return e;
}

/* ---- journal rows ---- */

static const struct policy *set_of(const struct recompute *c, uint64_t number)
{
    for (uint32_t i = 0; i < c->v->policy_count; i++) {
        if (node_policy_number(c->v->policies[i]) == number) return c->v->policies[i];
    }
    return NULL;
}

static void want_set(struct recompute *c, uint64_t number)
{
    c->r->unproven = true;
    (void)snprintf(c->r->note, sizeof c->r->note,
                   "%s wrote from #%" PRIu64 " on under a policy set whose hash begins with "
                   "%016" PRIx64 "; that set was not given: name it too with --policy DIR",
                   name_of(c), c->seq + 1, number);
}

static enum err check_row(struct recompute *c, const struct journal *j)
{
    if (j->batch != c->batch + 1 || j->first_seq != c->seq + 1 || j->mode > CLOCK_MODE_event)
        return broken(c, "%s: journal row %" PRIu64 " does not follow the one before", name_of(c),
                      c->batch + 1);
    if (j->now_ms < node_clock(c->node))
        return broken(c, "%s: time goes back in journal row %" PRIu64, name_of(c), c->batch + 1);
    return ERR_OK;
}

static enum err check_end(struct recompute *c, const struct journal *j)
{
    if (c->seq != j->first_seq + j->count - 1)
        return broken(
            c, "%s: journal row %" PRIu64 " counts %" PRIu32 " records, %" PRIu64 " come out",
            name_of(c), j->batch, j->count, c->seq + 1 - j->first_seq);
    for (int o = 0; o < OWNER_COUNT; o++) {
        uint64_t taken = node_cursor(c->node, (enum owner)o);
        if (taken != j->cursor[o])
            return broken(c,
                          "%s: journal row %" PRIu64 " ends at %s #%" PRIu64
                          ", but its inputs at #%" PRIu64,
                          name_of(c), j->batch, owner_name((enum owner)o), j->cursor[o], taken);
    }
    if (node_again_seal(c->node) != j->seal)
        return broken(c,
                      "%s: the records taken in batch %" PRIu64
                      " hold other hashes than when they were taken; a log it reads was changed",
                      name_of(c), j->batch);
    enum err e = node_again_commit(c->node, j->now_ms);
    if (e == ERR_CORRUPT)
        return broken(c, "%s: journal row %" PRIu64 " ends before its last deadline", name_of(c),
                      j->batch);
    return e;
}

enum err recompute_batch(struct recompute *c)
{
    struct journal j;
    arena_reset(&c->arena);
    enum err e = reader_journal(c->v->reader, c->service->owner, c->batch + 1, &j);
    if (e == ERR_CORRUPT || e == ERR_NOT_FOUND)
        return broken(c, "%s: journal row %" PRIu64 " is %s", name_of(c), c->batch + 1,
                      e == ERR_CORRUPT ? "damaged" : "missing");
    if (e == ERR_OK) e = check_row(c, &j);
    if (e != ERR_OK || c->r->broken) return e;
    const struct policy *set = set_of(c, j.policy);
    if (!set) {
        want_set(c, j.policy);
        return ERR_OK;
    }
    node_again_under(c->node, set, (enum clock_mode)j.mode);
    node_begin(c->node, j.now_ms);
    e = c->service->upstream ? runs_again(c, j.runs) : door_again(c, j.first_seq + j.count - 1);
    if (e == ERR_OK && !c->r->broken) e = check_end(c, &j);
    if (e == ERR_OK && !c->r->broken) c->r->batches = ++c->batch;
    return e;
}
