/* step.c - reads, writes and outputs of one step. Writes are collected and reach the store only
 * when the step succeeds, so that a refused event leaves no trace. */
#include "common/contract.h"
#include "common/node.h"
#include "common/step_work.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const struct table table_deadline = {TABLE_DEADLINE, "deadline", "case, item, name",
                                     shape_row_deadline};
const struct table table_unit = {TABLE_UNIT, "unit", "unit", shape_row_unit};
const struct table table_person = {TABLE_PERSON, "person", "person", shape_row_person};
const struct table table_seen = {TABLE_SEEN, "seen", "source, id", shape_row_seen};

/* Past its maximum the array goes on until the step reads again, which ends it. */
static void *grown(void *p, uint32_t *cap, uint32_t count, size_t size, uint32_t max)
{
    if (count < *cap) return p;
    REQUIRE(count < 2 * max);
    *cap = *cap ? *cap * 2 : 64;
    p = realloc(p, *cap * size);
    REQUIRE(p != NULL);
    return p;
}

void step_work_clear(struct step_work *w)
{
    w->write_count = w->output_count = w->timer_count = 0;
    w->overfull = false;
}

void step_work_fini(struct step_work *w)
{
    free(w->writes);
    free(w->outputs);
    free(w->timers);
    buf_fini(&w->scratch);
    unit_memo_fini(&w->units);
    *w = (struct step_work){0};
}

void step_work_flush(struct step_work *w, struct store *s)
{
    for (uint32_t i = 0; i < w->write_count; i++) {
        struct step_write *x = &w->writes[i];
        if (x->table == TABLE_UNIT) unit_memo_clear(&w->units);
        if (x->value.p) {
            store_put(s, x->table, x->key, x->value);
        } else {
            store_del(s, x->table, x->key);
        }
    }
}

static struct slice key_slice(const struct key *k)
{
    return (struct slice){k->b, k->n};
}

static struct step_write *own_write(struct step_work *w, uint8_t table, const struct key *k)
{
    for (uint32_t i = w->write_count; i-- > 0;) {
        struct step_write *x = &w->writes[i];
        if (x->table == table && x->key.n == k->n && memcmp(x->key.p, k->b, k->n) == 0) return x;
    }
    return NULL;
}

static enum err row_decode(struct step *st, const struct table *t, struct slice value, void *row)
{
    struct fault why;
    enum err e = proto_decode(t->shape(), value, st->arena, row, &why);
    return e == ERR_OK ? ERR_OK : ERR_CORRUPT;
}

enum err step_get(struct step *st, const struct table *t, const struct key *k, void *row)
{
    if (st->work->overfull) return ERR_REFUSED;
    const struct step_write *own = own_write(st->work, t->id, k);
    if (own && !own->value.p) return ERR_NOT_FOUND;
    if (own) return row_decode(st, t, own->value, row);
    struct slice value;
    enum err e = store_get(node_store(st->node), t->id, key_slice(k), &value);
    return e == ERR_OK ? row_decode(st, t, value, row) : e;
}

void step_put_raw(struct step *st, uint8_t table, const struct key *k, struct slice value)
{
    struct step_work *w = st->work;
    struct step_write *x = own_write(w, table, k);
    if (!x) {
        w->writes =
            grown(w->writes, &w->write_cap, w->write_count, sizeof *w->writes, STEP_WRITES_MAX);
        x = &w->writes[w->write_count++];
        w->overfull |= w->write_count > STEP_WRITES_MAX;
        x->table = table;
        x->key = arena_copy(st->arena, key_slice(k));
    }
    x->value = value;
}

/* A row of no bytes is still a row. */
static struct slice arena_row(struct step *st)
{
    struct slice v = arena_copy(st->arena, buf_slice(&st->work->scratch));
    return v.p ? v : (struct slice){(const uint8_t *)"", 0};
}

void step_put(struct step *st, const struct table *t, const struct key *k, const void *row)
{
    buf_clear(&st->work->scratch);
    proto_encode(t->shape(), row, &st->work->scratch);
    step_put_raw(st, t->id, k, arena_row(st));
}

void step_del(struct step *st, const struct table *t, const struct key *k)
{
    step_put_raw(st, t->id, k, (struct slice){0});
}

enum err step_next(struct step *st, const struct table *t, const struct key *prefix, struct key *at,
                   void *row)
{
    struct slice key, value;
    const struct key *from = at->n ? at : prefix;
    if (st->work->overfull) return ERR_REFUSED;
    enum err e = store_next(node_store(st->node), t->id, key_slice(from), at->n > 0, &key, &value);
    if (e != ERR_OK) return e;
    if (key.n < prefix->n || memcmp(key.p, prefix->b, prefix->n) != 0) return ERR_END;
    memcpy(at->b, key.p, key.n);
    at->n = key.n;
    return row_decode(st, t, value, row);
}

static void output(struct step *st, enum event_kind kind, const void *payload, bool also)
{
    struct step_work *w = st->work;
    buf_clear(&w->scratch);
    proto_encode(event_of(kind)->shape(), payload, &w->scratch);
    w->outputs =
        grown(w->outputs, &w->output_cap, w->output_count, sizeof *w->outputs, STEP_OUTPUTS_MAX);
    w->outputs[w->output_count++] = (struct step_output){kind, st->rule, arena_row(st), also};
    w->overfull |= w->output_count > STEP_OUTPUTS_MAX;
}

void step_emit(struct step *st, enum event_kind kind, const void *payload)
{
    output(st, kind, payload, false);
}

void step_emit_as(struct step *st, const char *rule, enum event_kind kind, const void *payload)
{
    const char *before = st->rule;
    st->rule = rule;
    step_emit(st, kind, payload);
    st->rule = before;
}

int64_t step_occurred(const struct step *st)
{
    return st->in && st->in->occurred ? st->in->occurred : st->now_ms;
}

bool step_is_master(enum event_kind kind)
{
    return kind == EV_unit_upserted || kind == EV_person_upserted;
}

void step_also(struct step *st, enum event_kind kind, const void *payload)
{
    output(st, kind, payload, true);
}

void step_complete(struct step *st, const void *payload)
{
    st->filled = proto_filled(st->type->shape(), st->given, payload);
    buf_clear(&st->work->scratch);
    proto_encode(st->type->shape(), payload, &st->work->scratch);
    st->completed = arena_row(st);
}

void step_timer(struct step *st, uint64_t member, int64_t due_ms)
{
    struct step_work *w = st->work;
    w->timers = grown(w->timers, &w->timer_cap, w->timer_count, sizeof *w->timers, STEP_WRITES_MAX);
    w->timers[w->timer_count++] = (struct step_timer){member, due_ms};
    w->overfull |= w->timer_count > STEP_WRITES_MAX;
}

enum err step_refuse(struct step *st, const char *code, const char *field, const char *text, ...)
{
    char sentence[2 * sizeof st->fault.text]; /* fault_set cuts at a whole character */
    va_list ap;
    va_start(ap, text);
    vsnprintf(sentence, sizeof sentence, text, ap);
    va_end(ap);
    return fault_set(&st->fault, st->rule ? st->rule : "", code, field, "%s", sentence);
}

/* ---- master data ---- */

static enum err on_unit(struct step *st, const struct ev_unit_upserted *ev)
{
    struct rec_row_unit row = {.kind = ev->kind,
                               .name = ev->name,
                               .region = ev->region,
                               .calendar = ev->calendar,
                               .default_policy = ev->default_policy,
                               .manager = ev->manager,
                               .supervisor = ev->supervisor};
    row.urban.v = ev->urban.v;
    row.urban.n = ev->urban.n;
    row.suburban.v = ev->suburban.v;
    row.suburban.n = ev->suburban.n;
    if (ev->calendar.n && !policy_calendar(st->policy, ev->calendar)) {
        return step_refuse(st, "unknown_calendar", "calendar",
                           "calendar %.*s is not in the policy set; name one of its calendars",
                           STR_ARG(ev->calendar));
    }
    struct key k = key_of(ev->unit);
    step_put(st, &table_unit, &k, &row);
    return ERR_OK;
}

static enum err on_person(struct step *st, const struct ev_person_upserted *ev)
{
    struct rec_row_person row = {
        .unit = ev->unit, .role = ev->role, .certified_to = ev->certified_to, .left = ev->left};
    struct key k = key_of(ev->person);
    step_put(st, &table_person, &k, &row);
    return ERR_OK;
}

enum err step_master(struct step *st, const void *payload)
{
    st->rule = st->type->rule;
    if (st->type->kind == EV_unit_upserted) return on_unit(st, payload);
    if (st->type->kind == EV_person_upserted) return on_person(st, payload);
    return ERR_STALE;
}

enum err step_unit(struct step *st, struct str unit, struct rec_row_unit *out)
{
    struct key k = key_of(unit);
    struct unit_memo *memo = &st->work->units;
    const struct rec_row_unit *row = unit_memo_get(memo, unit);
    bool full = !row && memo->count == UNIT_MEMO_MAX; /* it is emptied between steps */
    if (unit.n == 0 || full || own_write(st->work, TABLE_UNIT, &k))
        return step_get(st, &table_unit, &k, out);
    if (!row) {
        struct slice value;
        enum err e = store_get(node_store(st->node), TABLE_UNIT, key_slice(&k), &value);
        if (e != ERR_OK) return e;
        row = unit_memo_add(memo, unit, value);
    }
    if (!row) return ERR_CORRUPT;
    *out = *row;
    return ERR_OK;
}

const struct calendar *step_calendar(struct step *st, struct str unit,
                                     const struct service_policy *sp)
{
    const struct calendar *c = NULL;
    if (sp && sp->calendar.n) c = policy_calendar(st->policy, sp->calendar);
    struct rec_row_unit row;
    if (!c && unit.n && step_unit(st, unit, &row) == ERR_OK && row.calendar.n) {
        c = policy_calendar(st->policy, row.calendar);
    }
    if (!c) c = policy_calendar(st->policy, (struct str){0});
    ENSURE(c != NULL); /* the policy check demands a default calendar */
    return c;
}

const struct zone *step_zone(struct step *st, struct str unit)
{
    return calendar_zone(step_calendar(st, unit, NULL));
}

int32_t step_day(struct step *st, struct str unit)
{
    return zone_day(step_zone(st, unit), st->in->occurred);
}

/* ---- machines ---- */

enum err machine_find(struct step *st, const struct transition *rows, size_t count, uint32_t state,
                      const struct codeset *names, const struct transition **out)
{
    REQUIRE(state < 32);
    uint32_t allowed = 0;
    *out = NULL;
    for (size_t i = 0; i < count; i++) {
        if (rows[i].on != st->type->kind) continue;
        st->rule = rows[i].rule;
        allowed |= rows[i].from;
        if (rows[i].from & IN(state)) {
            *out = &rows[i];
            return ERR_OK;
        }
    }
    if (!allowed) return ERR_OK;
    char states[160] = "";
    for (uint32_t s = 0, n = 0; s < 32; s++) {
        if (!(allowed & IN(s)) || n >= sizeof states) continue;
        const char *word = s ? code_word(names, s) : "absent";
        n += (uint32_t)snprintf(states + n, sizeof states - n, n ? ", %s" : "%s", word);
    }
    return step_refuse(st, "state", "", "%s is not possible in state %s (%s); possible in: %s",
                       st->type->type, state ? code_word(names, state) : "absent",
                       code_label(names, state), states);
}
