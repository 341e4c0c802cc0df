/* checks.c - what must hold: after every turn the new records go to the model and are looked at for
 * lateness (N2); at quiet Redis is compared with the due index (N7), head office with the model
 * (N8), and on the event clock all logs with those of a house nothing ever happened to.
 */
#include "common/contract.h"
#include "common/deadline.h"
#include "common/house.h"
#include "services/escalation/escalation.h"
#include "tests/sim/sim.h"
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define DESK_SLACK_MS                                                                              \
    40000 /* a 催辦單 after its level: the wires may lose a question and its answer */
#define SLACK_MS 10000 /* a level after its instant, whatever happens beside it */
#define PROMPT_MS 1000 /* when nothing happens beside it */
#define BEFORE_MS 8000 /* nothing happened for so long before: it is not still being got over */

void sim_broken(struct sim *s, const char *fmt, ...)
{
    if (s->broken[0]) return;
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(s->broken, sizeof s->broken, fmt, ap);
    va_end(ap);
}

/* ---- outages ---- */

void checks_outage(struct sim *s, enum owner o, int64_t from_ms, int64_t to_ms)
{
    for (size_t i = 0; i < s->outage_count; i++) {
        struct outage *x = &s->outages[i];
        if (x->owner != o || x->to_ms != INT64_MAX || o == OWNER_any) continue;
        if (to_ms != INT64_MAX) x->to_ms = to_ms; /* it is back */
        return;
    }
    if (to_ms != INT64_MAX && o != OWNER_any) return;
    if (s->outage_count == OUTAGES_MAX) {
        memmove(s->outages, s->outages + 1, (OUTAGES_MAX - 1) * sizeof s->outages[0]);
        s->outage_count--;
    }
    s->outages[s->outage_count++] = (struct outage){o, from_ms, to_ms};
}

/* What began while the clock was wrong began before now. */
void checks_clock_back(struct sim *s)
{
    for (size_t i = 0; i < s->outage_count; i++) {
        struct outage *x = &s->outages[i];
        if (x->to_ms == INT64_MAX && x->from_ms > world.wall_ms) x->from_ms = world.wall_ms;
    }
}

/* The desk is up when those are whose logs it reads. */
static bool was_up(void *ctx, enum owner o, int64_t from_ms, int64_t to_ms)
{
    const struct sim *s = ctx;
    uint32_t needed = IN(OWNER_any) | IN(o);
    if (o == OWNER_escalation) needed |= escalation_service.upstream;
    for (size_t i = 0; i < s->outage_count; i++) {
        const struct outage *x = &s->outages[i];
        if (needed & IN(x->owner) && x->from_ms <= to_ms && x->to_ms >= from_ms) return false;
    }
    return true;
}

void checks_open(struct sim *s)
{
    struct model_slack slack = {was_up, s, SLACK_MS, DESK_SLACK_MS};
    s->model = model_open(s->policy);
    if (s->mode != MODE_event) model_set_up(s->model, &slack);
}

/* ---- records ---- */

/* N2: while nothing disturbs, a level is durable within a second. */
static void check_prompt(struct sim *s, struct member_of_crew *m, const struct rec_entry *e)
{
    struct ev_deadline_passed ev;
    struct fault why;
    const struct event_type *t = event_by_number(e->number);
    if (t && t->kind == EV_deadline_armed) m->armed_ms = e->now;
    if (!t || t->kind != EV_deadline_passed || s->mode == MODE_event) return;
    if (proto_decode(t->shape(), e->data, &s->arena, &ev, &why) != ERR_OK) return;
    s->deadlines++;
    int64_t late = world.wall_ms - ev.at;
    bool calm = world.mono_ms - world.disturbed_ms > BEFORE_MS + late && world.redis_up &&
                ev.at > m->armed_ms; /* it may have been armed late */
    enum owner o = m->options->service->owner;
    if (calm && late > PROMPT_MS && was_up(s, o, ev.at - BEFORE_MS, world.wall_ms) &&
        was_up(s, OWNER_escalation, ev.at - BEFORE_MS, world.wall_ms))
        sim_broken(s, "N2: %s #%llu: a level passed %lld ms after its instant, in quiet times",
                   m->process.name, (unsigned long long)e->seq, (long long)late);
}

static void trace_record(struct sim *s, const struct member_of_crew *m, const struct rec_entry *e)
{
    const struct event_type *t = event_by_number(e->number);
    struct str subject = {0};
    struct fault why;
    void *payload = t ? arena_take(&s->arena, t->shape()->size) : NULL;
    bool text = t && t->shape()->fields[0].type == FT_TEXT;
    if (text && proto_decode(t->shape(), e->data, &s->arena, payload, &why) == ERR_OK)
        memcpy(&subject, (char *)payload + t->shape()->fields[0].offset, sizeof subject);
    if (t && t->kind == EV_refused_fact &&
        proto_decode(t->shape(), e->data, &s->arena, payload, &why) == ERR_OK)
        subject = ((const struct ev_refused_fact *)payload)->text;
    world_trace("%s #%llu %s %.*s, of %s #%llu, happened %lld", m->process.name,
                (unsigned long long)e->seq, t ? t->type : "?", STR_ARG(subject),
                e->cause_seq ? owner_name((enum owner)e->cause_log) : "-",
                (unsigned long long)e->cause_seq, (long long)e->occurred);
}

void checks_records(struct sim *s, struct member_of_crew *m)
{
    struct slice bytes;
    while (!s->broken[0] && disk_record(m->dir, m->seen + 1, &bytes)) {
        struct rec_entry e;
        struct fault why;
        m->seen++;
        if (proto_decode(shape_entry(), bytes, &s->arena, &e, &why) != ERR_OK) {
            sim_broken(s, "N10: %s #%llu does not decode", m->process.name,
                       (unsigned long long)m->seen);
            return;
        }
        if (world.trace) trace_record(s, m, &e);
        model_record(s->model, m->options->service->owner, &e);
        check_prompt(s, m, &e);
        if (model_broken(s->model)) sim_broken(s, "%s", model_broken(s->model));
        s->active_ms = world.mono_ms;
        arena_reset(&s->arena);
    }
}

/* ---- quiet ---- */

/* Has m read all that those who are up have for it? */
static bool has_read(struct sim *s, struct member_of_crew *m)
{
    struct node *n = loop_node(m->loop);
    for (size_t i = 0; i < CREW; i++) {
        struct member_of_crew *up = &s->crew[i];
        enum owner o = up->options->service->owner;
        if (!(m->options->service->upstream & IN(o)) || up->how != UP) continue;
        if (node_cursor(n, o) != store_committed_seq(node_store(loop_node(up->loop)))) return false;
        if (s->mode == MODE_event && node_clock(n) != node_clock(loop_node(up->loop))) return false;
    }
    return true;
}

bool checks_all_read(struct sim *s)
{
    for (size_t i = 0; i < CREW; i++) {
        if (s->crew[i].how == UP && !has_read(s, &s->crew[i])) return false;
    }
    return true;
}

bool checks_settled(struct sim *s)
{
    if (!sender_done(s) || !checks_all_read(s)) return false;
    for (size_t i = 0; i < CREW; i++) {
        struct member_of_crew *m = &s->crew[i];
        if (m->how != UP) return false;
        if (s->mode != MODE_event && node_next_due(loop_node(m->loop)) < world.wall_ms)
            return false;
    }
    return world.mono_ms - s->active_ms > BEFORE_MS;
}

static void check_redis(struct sim *s, struct member_of_crew *m)
{
    struct node *n = loop_node(m->loop);
    struct key at = {.n = 0};
    struct timer_change t;
    size_t open = 0;
    while (node_timer_next(n, &at, &t) == ERR_OK) {
        uint8_t id[8];
        be_put64(id, t.member);
        id[0] = (uint8_t)m->options->service->owner;
        open++;
        if (!redis_has(m->process.name, id, t.due_ms))
            sim_broken(s, "N7: Redis lacks deadline %llu of %s, due %lld",
                       (unsigned long long)t.member, m->process.name, (long long)t.due_ms);
    }
    size_t there = redis_count(m->process.name);
    if (there != open)
        sim_broken(s, "N7: Redis has %zu deadlines of %s, the due index %zu", there,
                   m->process.name, open);
}

typedef void shows(struct model *m, uint8_t table, struct slice key, struct slice value);

static void show_rows(struct sim *s, enum owner o, shows *show)
{
    struct store *store = node_store(loop_node(crew_of(s, o)->loop));
    for (unsigned t = TABLE_META; t < 64; t++) {
        struct key at = {.n = 0};
        struct slice key, value;
        while (store_next(store, (uint8_t)t, (struct slice){at.b, at.n}, at.n > 0, &key, &value) ==
               ERR_OK) {
            memcpy(at.b, key.p, key.n);
            at.n = key.n;
            show(s->model, (uint8_t)t, key, value);
        }
    }
}

void checks_quiet(struct sim *s)
{
    model_rows_begin(s->model);
    show_rows(s, OWNER_headoffice, model_row);
    model_rows_end(s->model);
    show_rows(s, OWNER_parts, model_ledger_row);
    model_ledger_end(s->model);
    show_rows(s, OWNER_scoring, model_tally_row);
    model_tally_end(s->model);
    int64_t now = s->mode == MODE_event ? node_clock(loop_node(s->crew[0].loop)) : world.wall_ms;
    model_quiet(s->model, now);
    if (model_broken(s->model)) sim_broken(s, "%s", model_broken(s->model));
    for (size_t i = 0; s->mode != MODE_event && i < CREW; i++)
        check_redis(s, &s->crew[i]);
}

/* ---- the house ---- */

/* The fact as it was told; its record may say more (step_complete). */
static struct slice told_fact(struct sim *s, const struct rec_entry *e, uint64_t number)
{
    struct slice rest = buf_slice(&s->told);
    while (rest.n >= 4) {
        uint32_t n;
        struct rec_fact f;
        struct fault why;
        memcpy(&n, rest.p, 4);
        struct slice fact = {rest.p + 4, n};
        if (proto_decode(shape_fact(), fact, &s->arena, &f, &why) == ERR_OK && f.number == number &&
            f.occurred == e->occurred && str_eq(f.id, e->id) && str_eq(f.source, e->source))
            return fact;
        rest = (struct slice){fact.p + n, rest.n - 4 - n};
    }
    return (struct slice){0};
}

/* A fact as it entered the door's log, taken or refused; what the log says of itself is skipped.
 * The attempts are those that were made: one that was refused, durable and never answered is made
 * again, and may then be taken. */
static enum err tell_record(struct sim *s, struct house *h, struct slice record)
{
    struct rec_entry e;
    struct ev_refused_fact refused;
    struct rec_outcome out;
    struct fault why;
    arena_reset(&s->arena);
    REQUIRE(proto_decode(shape_entry(), record, &s->arena, &e, &why) == ERR_OK);
    if (!e.id.n || e.cause_seq) return ERR_OK;
    uint64_t number = e.number;
    if (event_by_number(number)->kind == EV_refused_fact) {
        REQUIRE(proto_decode(shape_ev_refused_fact(), e.data, &s->arena, &refused, &why) == ERR_OK);
        number = refused.number;
    }
    struct slice fact = told_fact(s, &e, number);
    if (!fact.n) sim_broken(s, "N1: intake #%llu was told by nobody", (unsigned long long)e.seq);
    /* A fact that left no record may have brought the time with it. */
    enum err err = house_until(h, e.now);
    if (err == ERR_OK && fact.n) err = house_fact(h, fact, &out);
    return err == ERR_OK ? house_settle(h) : err;
}

static enum err tell_house(struct sim *s, struct house *h)
{
    struct node *door = loop_node(s->crew[0].loop);
    enum err e = ERR_OK;
    for (uint64_t seq = 1; e == ERR_OK && seq <= store_last_seq(node_store(door)); seq++) {
        struct slice record;
        e = store_record(node_store(door), seq, &record);
        if (e == ERR_OK) e = tell_record(s, h, record);
    }
    return e == ERR_OK ? house_until(h, node_clock(door)) : e;
}

/* What a record says, for people. */
static const char *told(struct sim *s, struct slice record)
{
    struct rec_entry e;
    struct fault why;
    if (!record.n || proto_decode(shape_entry(), record, &s->arena, &e, &why) != ERR_OK) return "-";
    const struct event_type *t = event_by_number(e.number);
    return arena_printf(&s->arena, "%s of %lld at %lld from %.*s %.*s%c", t ? t->type : "?",
                        (long long)e.occurred, (long long)e.now, STR_ARG(e.source), STR_ARG(e.id),
                        0)
        .p;
}

static void compare_logs(struct sim *s, struct house *h)
{
    for (size_t i = 0; i < CREW; i++) {
        struct member_of_crew *m = &s->crew[i];
        struct store *a = node_store(loop_node(m->loop));
        struct store *b = node_store(house_node(h, m->options->service->owner));
        for (uint64_t seq = 1; !s->broken[0]; seq++) {
            struct slice x = {0}, y = {0};
            bool more = store_record(a, seq, &x) == ERR_OK;
            bool there = store_record(b, seq, &y) == ERR_OK;
            if (!more && !there) break;
            if (more != there || x.n != y.n || memcmp(x.p, y.p, x.n) != 0)
                sim_broken(
                    s, "live differs from replay: %s #%llu is %s; an undisturbed house writes %s",
                    m->process.name, (unsigned long long)seq, told(s, x), told(s, y));
        }
    }
}

void checks_house(struct sim *s)
{
    const struct service *services[CREW];
    struct house *h = NULL;
    struct fault why;
    char dir[300];
    for (size_t i = 0; i < CREW; i++)
        services[i] = crew_options[i]->service;
    (void)snprintf(dir, sizeof dir, "%s/house", s->dir);
    REQUIRE(house_open(dir, s->policy, services, CREW, &h, &why) == ERR_OK);
    REQUIRE(tell_house(s, h) == ERR_OK);
    compare_logs(s, h);
    house_close(&h);
}
