/* explain.c - gathers what the logs say of the deadlines of a case; see explain.h. */
#include "services/cli/explain.h"
#include "common/contract.h"
#include "common/deadline.h"
#include "services/cli/timeline.h"
#include <stdlib.h>
#include <string.h>

static bool is_of_interest(const struct view_record *r)
{
    if (!r->type || !r->payload) return false;
    const char *entity = r->type->entity;
    return strcmp(entity, "deadline") == 0 || strcmp(entity, "reminder") == 0 ||
           strcmp(entity, "inquiry") == 0;
}

/* The timeline's record dies with the next one; the copy lives as long as the case. */
static enum err keep(struct explain_case *c, const struct view_record *r)
{
    if (c->count == EXPLAIN_RECORDS_MAX) {
        c->cut = true;
        return ERR_OK;
    }
    return view_record(&c->arena, r->log, arena_copy(&c->arena, r->bytes), &c->records[c->count++]);
}

enum err explain_gather(struct explain_case *c, struct view *v, struct str case_no)
{
    struct timeline *t = calloc(1, sizeof *t);
    struct view_record r;
    *c = (struct explain_case){.view = v};
    c->records = calloc(EXPLAIN_RECORDS_MAX, sizeof *c->records);
    REQUIRE(t != NULL && c->records != NULL);
    timeline_begin(t, v, 0);
    enum err e = timeline_name(t, case_no) ? ERR_OK : ERR_END;
    while (e == ERR_OK && (e = timeline_next(t, &r)) == ERR_OK) {
        if (!is_of_interest(&r)) continue;
        /* What people did with a slip of the case names only its number. */
        (void)timeline_name(t, view_text_of(&r, "number"));
        e = keep(c, &r);
    }
    timeline_end(t);
    free(t);
    return e == ERR_END ? ERR_OK : e;
}

void explain_fini(struct explain_case *c)
{
    arena_fini(&c->arena);
    free(c->records);
    c->records = NULL;
}

static bool fits(const struct explain_what *w, const struct view_record *r,
                 const struct ev_deadline_armed *ev)
{
    return str_eq(w->case_no, ev->case_no) && (w->name.n == 0 || str_eq(w->name, ev->name)) &&
           (w->holder == EXPLAIN_ANY || w->holder == r->log) &&
           (w->item == EXPLAIN_ANY || w->item == ev->item) &&
           (w->round == UINT64_MAX || w->round == ev->round);
}

static bool same_deadline(const struct explain_instance *i, const struct view_record *r)
{
    return view_number_of(r, "item") == i->ev->item &&
           str_eq(view_text_of(r, "case_no"), i->ev->case_no) &&
           str_eq(view_text_of(r, "name"), i->ev->name);
}

/* Was it armed again later? Then only the last round is meant. */
static bool has_later_round(const struct explain_case *c, const struct explain_instance *i,
                            uint32_t from)
{
    for (uint32_t k = from; k < c->count; k++) {
        const struct view_record *r = &c->records[k];
        if (r->type->kind == EV_deadline_armed && r->log == i->holder && same_deadline(i, r))
            return true;
    }
    return false;
}

bool explain_next(struct explain_case *c, const struct explain_what *w, uint32_t *at,
                  struct explain_instance *out)
{
    while (*at < c->count) {
        const struct view_record *r = &c->records[(*at)++];
        if (r->type->kind != EV_deadline_armed || !fits(w, r, r->payload)) continue;
        *out = (struct explain_instance){.of = c, .armed = r, .ev = r->payload, .holder = r->log};
        if (w->round != UINT64_MAX || !has_later_round(c, out, *at)) return true;
    }
    return false;
}

const struct view_record *explain_record(const struct explain_instance *i, enum event_kind kind,
                                         uint32_t *at)
{
    while (*at < i->of->count) {
        const struct view_record *r = &i->of->records[(*at)++];
        if (r->type->kind != kind || r->log != i->holder) continue;
        if (same_deadline(i, r) && view_number_of(r, "round") == i->ev->round) return r;
    }
    return NULL;
}

const struct view_record *explain_reminder(const struct explain_instance *i, uint64_t level)
{
    for (uint32_t k = 0; k < i->of->count; k++) {
        const struct view_record *r = &i->of->records[k];
        if (r->type->kind != EV_reminder_issued) continue;
        const struct ev_reminder_issued *x = r->payload;
        if (x->holder == (uint64_t)i->holder && x->level == level && x->round == i->ev->round &&
            same_deadline(i, r)) {
            return r;
        }
    }
    return NULL;
}

uint32_t explain_chain(struct explain_case *c, const struct view_record *r,
                       struct view_record chain[EXPLAIN_CHAIN_MAX])
{
    uint32_t n = 0;
    struct view_record at = *r;
    while (n < EXPLAIN_CHAIN_MAX && at.entry.cause_seq && at.entry.cause_log < OWNER_COUNT) {
        struct slice bytes;
        enum owner log = (enum owner)at.entry.cause_log;
        if (reader_record(c->view->reader, log, at.entry.cause_seq, &bytes) != ERR_OK) break;
        if (view_record(&c->arena, log, arena_copy(&c->arena, bytes), &at) != ERR_OK) break;
        for (uint32_t i = n; i > 0; i--)
            chain[i] = chain[i - 1];
        chain[0] = at;
        n++;
    }
    return n;
}

bool explain_row(const struct explain_instance *i, struct rec_row_deadline *out)
{
    struct key k = deadline_key(i->ev->case_no, (uint8_t)i->ev->item, i->ev->name);
    struct slice value;
    struct fault why;
    if (reader_get(i->of->view->reader, i->holder, TABLE_DEADLINE, &k, &value) != ERR_OK)
        return false;
    value = arena_copy(&i->of->arena, value);
    if (proto_decode(shape_row_deadline(), value, &i->of->arena, out, &why) != ERR_OK) return false;
    return out->round == i->ev->round;
}
