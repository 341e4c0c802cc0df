/* paper.c - the engine of papers: key, row, machine, copy, clocks. */
#include "common/paper.h"
#include "common/step_work.h"
#include <inttypes.h>
#include <string.h>

/* ---- fields by name ---- */

static const struct field *field_of(const struct shape *s, const char *name, enum field_type type)
{
    const struct field *f = shape_field(s, str_of(name));
    return f && f->type == type ? f : NULL;
}

static const void *at(const struct field *f, const void *obj)
{
    return (const char *)obj + f->offset;
}

static void put(const struct field *f, void *obj, const void *value, size_t n)
{
    REQUIRE(obj != NULL);
    memcpy((char *)obj + f->offset, value, n);
}

struct str paper_text(const struct shape *shape, const void *obj, const char *name)
{
    const struct field *f = field_of(shape, name, FT_TEXT);
    return f ? *(const struct str *)at(f, obj) : (struct str){0};
}

static uint32_t state_get(const struct shape *s, const void *row)
{
    const struct field *f = field_of(s, "state", FT_CODE);
    REQUIRE(f != NULL);
    uint32_t state;
    memcpy(&state, at(f, row), sizeof state);
    return state;
}

static void state_put(const struct shape *s, void *row, uint32_t state)
{
    const struct field *f = field_of(s, "state", FT_CODE);
    put(f, row, &state, sizeof state);
}

static size_t size_of(enum field_type type)
{
    switch (type) {
    case FT_TEXT:
        return sizeof(struct str);
    case FT_RAW:
        return sizeof(struct slice);
    case FT_DATE:
        return sizeof(int32_t);
    case FT_FLAG:
        return sizeof(bool);
    case FT_CODE:
        return sizeof(enum yes_no);
    case FT_HASH:
        return 32;
    case FT_LIST:
        return sizeof((struct ev_job_assigned *)NULL)->party;
    case FT_UINT:
    case FT_INT:
    case FT_TIME:
    case FT_MONEY:
        return sizeof(int64_t);
    }
    return 0;
}

static bool is_said(const void *value, size_t n)
{
    static const char zero[32];
    REQUIRE(n <= sizeof zero);
    return memcmp(value, zero, n) != 0;
}

static void copy_said(const struct shape *from, const void *payload, const struct shape *to,
                      void *row)
{
    for (uint32_t i = 0; i < from->count; i++) {
        const struct field *f = &from->fields[i], *t = field_of(to, f->name, f->type);
        size_t n = size_of(f->type);
        if (!t || t->codes != f->codes || t->record != f->record) continue;
        if (is_said(at(f, payload), n)) put(t, row, at(f, payload), n);
    }
}

/* When it happened; a deadline that passes has no fact behind it. */
static int64_t instant_of(const struct step *st)
{
    return st->in && st->in->occurred ? st->in->occurred : st->now_ms;
}

/* <verb>_at of the row. */
static void stamp(const struct step *st, const struct shape *to, void *row)
{
    int64_t now_ms = instant_of(st);
    char name[80];
    const char *verb = strchr(st->type->type, '.');
    snprintf(name, sizeof name, "%s_at", verb ? verb + 1 : "");
    const struct field *t = field_of(to, name, FT_TIME);
    if (!t || field_of(st->type->shape(), name, FT_TIME)) return;
    put(t, row, &now_ms, sizeof now_ms);
}

/* ---- the key ---- */

static struct key key_from(const struct paper *p, const struct shape *s, const void *payload)
{
    struct key k = {.n = 0};
    for (int i = 0; i < PAPER_KEYS_MAX && p->keys[i]; i++) {
        const struct field *f = shape_field(s, str_of(p->keys[i]));
        REQUIRE(f && IN(f->type) & (IN(FT_TEXT) | IN(FT_UINT) | IN(FT_DATE) | IN(FT_TIME)));
        if (f->type == FT_TEXT) key_str(&k, *(const struct str *)at(f, payload));
        uint64_t n = f->type == FT_UINT ? *(const uint64_t *)at(f, payload) : 0;
        if (f->type == FT_UINT && f->max <= UINT8_MAX) key_u8(&k, (uint8_t)n);
        if (f->type == FT_UINT && f->max > UINT8_MAX) key_u64(&k, n);
        if (f->type == FT_DATE) key_day(&k, *(const int32_t *)at(f, payload));
        if (f->type == FT_TIME) key_time(&k, *(const int64_t *)at(f, payload));
    }
    return k;
}

struct str paper_case(struct step *st, const struct paper *p, const struct shape *shape,
                      const void *payload)
{
    struct str no = str_of(p->name);
    for (int i = 0; i < PAPER_KEYS_MAX && p->keys[i]; i++) {
        const struct field *f = shape_field(shape, str_of(p->keys[i]));
        REQUIRE(f != NULL);
        char text[24];
        struct str part = {0};
        if (f->type == FT_TEXT) part = *(const struct str *)at(f, payload);
        if (f->type == FT_UINT) {
            snprintf(text, sizeof text, "%" PRIu64, *(const uint64_t *)at(f, payload));
            part = str_of(text);
        }
        if (f->type == FT_DATE) {
            day_format(*(const int32_t *)at(f, payload), text);
            part = str_of(text);
        }
        if (f->type == FT_TIME) {
            snprintf(text, sizeof text, "%" PRId64, *(const int64_t *)at(f, payload));
            part = str_of(text);
        }
        no = arena_printf(st->arena, "%.*s/%.*s", STR_ARG(no), STR_ARG(part));
    }
    return no;
}

enum err paper_get(struct step *st, const struct paper *p, const struct shape *shape,
                   const void *payload, void *row)
{
    struct key k = key_from(p, shape, payload);
    return step_get(st, p->table, &k, row);
}

/* ---- instants ---- */

int64_t paper_day_end(struct step *st, struct str unit, int32_t day)
{
    return zone_day_start(step_zone(st, unit), day + 1);
}

static int64_t due_said(struct step *st, const struct paper_at *a, const void *payload)
{
    const struct shape *s = st->type->shape();
    const struct field *f = shape_field(s, STR("due"));
    if (f && f->type == FT_TIME) return *(const int64_t *)at(f, payload);
    if (!f || f->type != FT_DATE) return 0;
    int32_t day = *(const int32_t *)at(f, payload);
    struct str unit = paper_text(a->paper->table->shape(), a->row, "unit");
    return day ? paper_day_end(st, unit, day) : 0;
}

/* ---- applying ---- */

const struct paper *paper_of(const struct paper *const *papers, enum event_kind kind)
{
    for (; *papers; papers++) {
        for (size_t r = 0; r < (*papers)->row_count; r++) {
            if ((*papers)->rows[r].on == kind) return *papers;
        }
    }
    return NULL;
}

static enum err refuse_unknown(struct step *st, const struct paper *p)
{
    const char *begins = "";
    bool may_be_new = false;
    for (size_t r = p->row_count; r-- > 0;) {
        if (p->rows[r].from & PAPER_NEW) begins = event_of(p->rows[r].on)->type;
        if (p->rows[r].on != st->type->kind) continue;
        st->rule = p->rows[r].rule;
        may_be_new |= (p->rows[r].from & PAPER_NEW) != 0;
    }
    if (may_be_new) return ERR_OK;
    const char *field = p->keys[0];
    for (int i = 1; i < PAPER_KEYS_MAX && p->keys[i]; i++)
        field = p->keys[i];
    return step_refuse(st, "unknown_number", field, "there is no such %s here; it begins with %s",
                       p->label, begins);
}

static enum err load(struct step *st, const void *payload, struct paper_at *a)
{
    const struct paper *p = a->paper;
    const struct shape *s = p->table->shape();
    a->key = key_from(p, st->type->shape(), payload);
    a->case_no = paper_case(st, p, st->type->shape(), payload);
    if (a->case_no.n > CASE_NO_MAX) {
        st->rule = p->rows[0].rule;
        return step_refuse(st, "too_long", p->keys[0],
                           "%.*s is longer than %d bytes; give this %s a shorter number",
                           STR_ARG(a->case_no), CASE_NO_MAX, p->label);
    }
    a->row = arena_take(st->arena, s->size);
    memset(a->row, 0, s->size);
    enum err e = step_get(st, p->table, &a->key, a->row);
    if (e == ERR_NOT_FOUND) return refuse_unknown(st, p);
    if (e == ERR_OK) a->before = state_get(s, a->row);
    return e;
}

static void fill(struct step *st, const void *payload, struct paper_at *a)
{
    const struct shape *s = a->paper->table->shape();
    copy_said(st->type->shape(), payload, s, a->row);
    stamp(st, s, a->row);
    const struct field *unit = field_of(s, "unit", FT_TEXT);
    bool fits = unit && st->in && st->in->source.n <= (uint64_t)unit->max;
    if (fits && paper_text(s, a->row, "unit").n == 0)
        put(unit, a->row, &st->in->source, sizeof st->in->source);
    a->start_ms = instant_of(st);
    a->given_ms = due_said(st, a, payload);
}

static enum err run_clocks(struct step *st, const struct paper_at *a, const void *payload)
{
    const struct paper *p = a->paper;
    const struct shape *s = p->table->shape();
    struct str person = paper_text(s, a->row, "person");
    struct deadline_ctx c = {.case_no = a->case_no,
                             .unit = paper_text(s, a->row, "unit"),
                             .person = person.n ? person : paper_text(s, a->row, "technician"),
                             .received_ms = a->start_ms,
                             .occurred_ms = instant_of(st),
                             .start_ms = a->start_ms,
                             .given_ms = a->given_ms,
                             .row = a->row};
    enum err e = deadline_run(st, p->clocks, p->clock_count, st->type->kind, &c, payload);
    if (e != ERR_OK || !(p->drops & IN(state_get(s, a->row)))) return e;
    return deadline_drop(st, a->case_no, 0, str_of(code_word(p->states, state_get(s, a->row))));
}

enum err paper_fact(struct step *st, const struct paper *p, const void *payload)
{
    struct paper_at a = {.paper = p};
    enum err e = load(st, payload, &a);
    if (e != ERR_OK) return e;
    const struct transition *t;
    e = machine_find(st, p->rows, p->row_count, a.before, p->states, &t);
    if (e != ERR_OK) return e;
    REQUIRE(t != NULL);
    fill(st, payload, &a);
    if (t->to) state_put(p->table->shape(), a.row, t->to);
    e = t->handle ? t->handle(st, payload, &a) : ERR_OK;
    if (e == ERR_OK) e = run_clocks(st, &a, payload);
    if (e != ERR_OK) return e;
    step_put(st, p->table, &a.key, a.row);
    st->rule = t->rule;
    return ERR_OK;
}

enum err paper_act(struct step *st, const struct paper *p, enum event_kind kind,
                   const void *payload)
{
    const struct event_type *type = st->type;
    const char *rule = st->rule;
    for (size_t i = 0; i < p->row_count; i++) {
        if (p->rows[i].on == kind) st->rule = p->rows[i].rule;
    }
    step_emit(st, kind, payload);
    st->type = event_of(kind);
    enum err e = paper_fact(st, p, payload);
    REQUIRE(e != ERR_REFUSED || st->work->overfull); /* then the node refuses the whole of it */
    st->type = type;
    st->rule = rule;
    return e;
}
