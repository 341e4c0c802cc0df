/* model.c - see model.h. Here: the logs themselves (numbers, times, causes, hashes), what was
 * acknowledged, and the order in which the other files look at a record. Rules N1, N6, N10. */
#include "common/contract.h"
#include "common/step.h"
#include "tests/sim/model_private.h"
#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LISTS(m)                                                                                   \
    {                                                                                              \
        &(m)->clocks, &(m)->slips, &(m)->questions, &(m)->matters, &(m)->acks, &(m)->counters,     \
            &(m)->units, &(m)->products, &(m)->moves, &(m)->deeds, &(m)->marks, &(m)->tallies      \
    }

void *list_add(struct list *l, size_t size)
{
    if (l->n == l->cap) {
        l->cap = l->cap ? 2 * l->cap : 64;
        l->v = realloc(l->v, l->cap * size);
        REQUIRE(l->v != NULL);
    }
    return memset((char *)l->v + size * l->n++, 0, size);
}

void model_break(struct model *m, const char *id, const char *text, ...)
{
    if (m->broken[0]) return;
    va_list args;
    int n = snprintf(m->broken, sizeof m->broken, "%s: ", id);
    va_start(args, text);
    vsnprintf(m->broken + n, sizeof m->broken - (size_t)n, text, args);
    va_end(args);
}

struct model *model_open(const struct policy *policy)
{
    REQUIRE(sodium_init() >= 0);
    struct model *m = calloc(1, sizeof *m);
    REQUIRE(m != NULL);
    m->policy = policy;
    for (uint32_t i = 0; i < policy->calendar_count; i++)
        REQUIRE(hours_of(calendar_name(policy->calendars[i])) != NULL);
    return m;
}

void model_close(struct model **mp)
{
    struct model *m = *mp;
    if (!m) return;
    struct list *lists[] = LISTS(m);
    for (size_t i = 0; i < COUNT_OF(lists); i++)
        free(lists[i]->v);
    for (int o = 0; o < OWNER_COUNT; o++)
        free(m->logs[o].records.v);
    arena_fini(&m->arena);
    free(m);
    *mp = NULL;
}

void model_set_up(struct model *m, const struct model_slack *slack)
{
    m->slack = *slack;
}

const char *model_broken(const struct model *m)
{
    return m->broken[0] ? m->broken : NULL;
}

struct model_seen model_seen(const struct model *m)
{
    return m->seen;
}

struct record *model_at(struct model *m, enum owner log, uint64_t seq)
{
    const struct list *l = &m->logs[log].records;
    return seq && seq <= l->n ? ((struct record **)l->v)[seq - 1] : NULL;
}

/* ---- answers ---- */

void model_acked(struct model *m, const struct rec_fact *sent, const struct rec_outcome *answer,
                 int64_t now_ms)
{
    (void)now_ms;
    if (m->broken[0]) return;
    if (str_is(answer->verdict, "refused")) return; /* not taken: nothing was promised */
    struct ack *a = list_add(&m->acks, sizeof *a);
    *a = (struct ack){.source = arena_str(&m->arena, sent->source),
                      .id = arena_str(&m->arena, sent->id),
                      .number = sent->number,
                      .occurred_ms = sent->occurred};
}

static bool is_fact(const struct record *r)
{
    return r->e.id.n && r->type->kind != EV_refused_fact;
}

static void check_acked(struct model *m, const struct ack *a)
{
    size_t found = 0;
    for (uint64_t seq = 1; seq <= m->logs[OWNER_intake].records.n; seq++) {
        const struct record *r = model_at(m, OWNER_intake, seq);
        if (!is_fact(r) || !str_eq(r->e.id, a->id) || !str_eq(r->e.source, a->source)) continue;
        found += r->e.number == a->number && r->e.occurred == a->occurred_ms;
    }
    if (found == 0)
        model_break(m, "N1", "the door acknowledged fact %.*s of %.*s and its log does not have it",
                    STR_ARG(a->id), STR_ARG(a->source));
}

static void check_once(struct model *m, const struct record *r)
{
    for (uint64_t seq = 1; is_fact(r) && seq <= m->logs[OWNER_intake].records.n; seq++) {
        const struct record *x = model_at(m, OWNER_intake, seq);
        if (!is_fact(x) || !str_eq(x->e.id, r->e.id) || !str_eq(x->e.source, r->e.source)) continue;
        model_break(m, "N1", "fact %.*s of %.*s is in the door's log twice, as %llu and %llu",
                    STR_ARG(r->e.id), STR_ARG(r->e.source), (unsigned long long)seq,
                    (unsigned long long)r->e.seq);
    }
}

/* A fact of another service has one record there: its copy, or the refusal. What a manager reports
 * of conduct is scoring's to hear, and dispatch only tells such things. */
static void check_carried(struct model *m, const struct record *r)
{
    bool elsewhere = r->type->owner == OWNER_dispatch || r->type->owner == OWNER_escalation ||
                     r->type->owner == OWNER_parts || r->type->owner == OWNER_complaint ||
                     r->type->owner == OWNER_scoring;
    if (!is_fact(r) || !elsewhere || r->type->kind == EV_conduct_recorded) return;
    if (r->answered == 1) return;
    model_break(m, "N1", "record %llu of intake (%s) has %u records of its own in the log of %s",
                (unsigned long long)r->e.seq, r->type->type, r->answered,
                owner_name(r->type->owner));
}

/* ---- a record ---- */

static struct record *take(struct model *m, const struct rec_entry *e, struct buf *bytes)
{
    struct record *r = arena_take(&m->arena, sizeof *r);
    struct fault why;
    struct slice own = arena_copy(&m->arena, buf_slice(bytes));
    if (proto_decode(shape_entry(), own, &m->arena, &r->e, &why) != ERR_OK) {
        model_break(m, "N10", "record %llu does not decode: %s", (unsigned long long)e->seq,
                    why.text);
        return NULL;
    }
    r->type = event_by_number(r->e.number);
    if (!r->type) {
        model_break(m, "N10", "record %llu is of no known kind", (unsigned long long)e->seq);
        return NULL;
    }
    r->p = arena_take(&m->arena, r->type->shape()->size);
    if (proto_decode(r->type->shape(), r->e.data, &m->arena, r->p, &why) == ERR_OK) return r;
    model_break(m, "N10", "record %llu (%s) does not decode: %s", (unsigned long long)e->seq,
                r->type->type, why.text);
    return NULL;
}

static void check_cause(struct model *m, enum owner log, const struct record *r)
{
    const struct rec_entry *e = &r->e;
    if (e->cause_seq == 0) return;
    const struct record *c =
        e->cause_log < OWNER_COUNT ? model_at(m, (enum owner)e->cause_log, e->cause_seq) : NULL;
    if (!c || (e->cause_log == log && e->cause_seq >= e->seq)) {
        model_break(m, "N6", "record %llu of %s is there before its cause, %llu of log %llu",
                    (unsigned long long)e->seq, owner_name(log), (unsigned long long)e->cause_seq,
                    (unsigned long long)e->cause_log);
        return;
    }
    if (e->cause_log == log) return;
    uint64_t *read = &m->logs[log].cause[e->cause_log];
    if (e->cause_seq < *read)
        model_break(m, "N6", "record %llu of %s goes back to %llu of %s after %llu",
                    (unsigned long long)e->seq, owner_name(log), (unsigned long long)e->cause_seq,
                    owner_name((enum owner)e->cause_log), (unsigned long long)*read);
    *read = e->cause_seq;
}

static void check_chain(struct model *m, enum owner log, const struct rec_entry *e)
{
    struct log *l = &m->logs[log];
    const struct record *last = model_at(m, log, l->records.n);
    if (e->seq != l->records.n + 1)
        model_break(m, "N6", "log of %s: %llu comes after %zu", owner_name(log),
                    (unsigned long long)e->seq, l->records.n);
    if (last && e->now < last->e.now)
        model_break(m, "N6", "log of %s: the time goes back at %llu", owner_name(log),
                    (unsigned long long)e->seq);
    if (memcmp(e->prev, l->prev, sizeof l->prev) != 0)
        model_break(m, "N10", "log of %s: %llu does not carry the hash of the record before",
                    owner_name(log), (unsigned long long)e->seq);
}

/* The root of a fact in the log of its owner, counted at the record that caused it. */
static void count_answer(struct model *m, enum owner log, const struct record *r)
{
    if (r->e.cause_log != OWNER_intake || log == OWNER_intake) return;
    struct record *c = model_at(m, OWNER_intake, r->e.cause_seq);
    if (c && c->type->owner == log && r->e.id.n &&
        (r->type == c->type || r->type->kind == EV_refused_fact))
        c->answered++;
}

void model_record(struct model *m, enum owner log, const struct rec_entry *e)
{
    if (m->broken[0]) return;
    struct buf bytes = {0};
    check_chain(m, log, e);
    proto_encode(shape_entry(), e, &bytes);
    struct record *r = take(m, e, &bytes);
    crypto_generichash(m->logs[log].prev, 32, bytes.p, bytes.n, NULL, 0);
    buf_fini(&bytes);
    if (!r) return;
    check_cause(m, log, r);
    if (log == OWNER_intake) check_once(m, r);
    *(struct record **)list_add(&m->logs[log].records, sizeof r) = r;
    if (m->broken[0]) return;
    m->seen.records++;
    m->seen.facts += is_fact(r) && log == OWNER_intake;
    count_answer(m, log, r);
    group_take(m, log, r);
    clock_take(m, log, r);
    slip_take(m, log, r);
    ledger_take(m, log, r);
    score_take(m, log, r);
}

/* ---- quiet ---- */

void model_quiet(struct model *m, int64_t now_ms)
{
    m->now_ms = now_ms;
    for (size_t i = 0; i < m->acks.n && !m->broken[0]; i++)
        check_acked(m, &((struct ack *)m->acks.v)[i]);
    for (uint64_t seq = 1; seq <= m->logs[OWNER_intake].records.n && !m->broken[0]; seq++)
        check_carried(m, model_at(m, OWNER_intake, seq));
    if (!m->broken[0]) group_quiet(m);
    if (!m->broken[0]) clock_quiet(m);
    if (!m->broken[0]) case_quiet(m);
    if (!m->broken[0]) slip_quiet(m);
}

void model_rows_begin(struct model *m)
{
    if (!m->broken[0]) rows_expect(m);
    m->in_rows = !m->broken[0];
}

void model_row(struct model *m, uint8_t table, struct slice key, struct slice value)
{
    if (m->broken[0] || !m->in_rows) return;
    m->seen.rows++;
    rows_compare(m, table, key, value);
}

void model_rows_end(struct model *m)
{
    if (!m->broken[0] && m->in_rows) rows_missing(m);
    m->in_rows = false;
}
