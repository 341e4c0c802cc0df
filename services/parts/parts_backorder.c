/* parts_backorder.c - parts without stock or with special requirements 有特殊要求或無庫存: the
 * departments review them, the supply date is fixed and told, and what has come is sent at once.
 *
 * Each line of a request has its own review, date, arrival and shipment, which ends with its last
 * piece; a fact that names no line is about all lines that it fits. Which departments review
 * depends on where the part comes from; the policy names them. Nothing is waited for on a request
 * that is refused. Rules PRT-005, PRT-006. */
#include "common/calendar.h"
#include "common/contract.h"
#include "services/parts/parts_private.h"
#include <string.h>

/* ---- review (PRT-006) ---- */

/* An origin that is not known concerns everybody. */
static struct words depts_of(const struct step *st, enum item_origin origin)
{
    const struct parts_keys *k = &st->policy->parts;
    if (origin == item_origin_self_made) return k->review_self_made;
    return origin == item_origin_bought_in ? k->review_bought_in : k->review_other;
}

static enum err ask_depts(struct step *st, struct str request_no, uint32_t line, struct str part_no)
{
    struct rec_row_item item = {0};
    enum err e = part_no.n ? parts_item_get(st, part_no, &item) : ERR_OK;
    if (e != ERR_OK) return e;
    struct words depts = depts_of(st, item.origin);
    for (uint32_t i = 0; i < depts.n; i++) {
        struct ev_part_review_requested ev = {.request_no = request_no,
                                              .line = line,
                                              .part_no = part_no,
                                              .origin = item.origin,
                                              .dept = depts.v[i]};
        step_emit_as(st, "PRT-006", EV_part_review_requested, &ev);
    }
    return ERR_OK;
}

static enum err on_backordered(struct step *st, const void *payload, void *row)
{
    const struct ev_part_backordered *ev = payload;
    const struct paper_at *a = row;
    struct rec_row_part_backorder *b = a->row;
    struct rec_row_part_request r;
    enum err e = parts_request_find(st, ev->request_no, &r);
    /* What came is not all of it: the rest is waited for, and nothing of it can be sent. */
    if (e == ERR_OK && a->before) e = deadline_drop(st, a->case_no, 0, STR("backordered"));
    if (e != ERR_OK) return e;
    REQUIRE(ev->line > 0 && ev->line <= r.lines.n);
    b->unit = r.unit, b->person = r.person;
    b->part_no = r.lines.v[ev->line - 1].part_no;
    return ask_depts(st, ev->request_no, (uint32_t)ev->line, b->part_no);
}

/* ---- supply date (PRT-005) ---- */

static enum err on_date(struct step *st, const void *payload, void *row)
{
    const struct ev_part_supply_date_set *ev = payload;
    struct paper_at *a = row;
    const struct rec_row_part_backorder *b = a->row;
    if (ev->date < zone_day(step_zone(st, b->unit), step_occurred(st))) {
        return step_refuse(st, "past", "date",
                           "the supply date lies before the day it is fixed on; give the day the "
                           "parts will be there");
    }
    a->given_ms = paper_day_end(st, b->unit, ev->date);
    return ERR_OK;
}

#define REVIEWING IN(backorder_state_reviewing)
#define DATE_SET IN(backorder_state_supply_date_set)
#define ARRIVED IN(backorder_state_arrived_in_store)

static const struct transition rows[] = {
    {EV_part_backordered, PAPER_NEW | ARRIVED, backorder_state_reviewing, on_backordered,
     "PRT-005"},
    {EV_part_supply_date_set, REVIEWING | DATE_SET, backorder_state_supply_date_set, on_date,
     "PRT-005"},
    {EV_part_notified, DATE_SET | ARRIVED, 0, NULL, "PRT-005"},
    {EV_part_arrived_in_store, REVIEWING | DATE_SET, backorder_state_arrived_in_store, NULL,
     "PRT-005"},
};

enum { REVIEW, SUPPLY, SHIP, CLOCKS };
static const struct deadline_row clocks[CLOCKS] = {
    [REVIEW] = {.name = "part.review",
                .rule = "PRT-005",
                .from = FROM_OCCURRED,
                .due = DUE_SETTING,
                .start = {EV_part_backordered},
                .stop = {EV_part_supply_date_set, EV_part_arrived_in_store}},
    [SUPPLY] = {.name = "part.supply",
                .rule = "PRT-005",
                .from = FROM_OCCURRED,
                .due = DUE_SETTING,
                .start = {EV_part_supply_date_set},
                .stop = {EV_part_arrived_in_store}},
    /* Stopped by the notes, parts_backorder_shipped. */
    [SHIP] = {.name = "part.ship",
              .rule = "PRT-005",
              .from = FROM_OCCURRED,
              .due = DUE_SETTING,
              .start = {EV_part_arrived_in_store}},
};

const struct paper parts_backorder = {.name = "backorder",
                                      .label = "backorder 待料評審",
                                      .table = PARTS_TABLE(BACKORDER),
                                      .states = &codes_backorder_state,
                                      .keys = {"request_no", "line"},
                                      PAPER_ROWS(rows),
                                      PAPER_CLOCKS(clocks)};

/* ---- line by line ---- */

static enum err load(struct step *st, struct str request_no, uint32_t line,
                     struct rec_row_part_backorder *out)
{
    struct key k = key_of(request_no);
    key_u8(&k, (uint8_t)line);
    *out = (struct rec_row_part_backorder){0};
    enum err e = step_get(st, PARTS_TABLE(BACKORDER), &k, out);
    return e == ERR_NOT_FOUND ? ERR_OK : e;
}

static struct str case_of(struct step *st, struct str request_no, uint32_t line)
{
    return arena_printf(st->arena, "%s/%.*s/%u", parts_backorder.name, STR_ARG(request_no), line);
}

/* The fact at hand fits a line in this state. */
static bool fits(enum event_kind kind, enum backorder_state state)
{
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        if (rows[i].on == kind && (rows[i].from & IN(state))) return true;
    }
    return false;
}

static uint64_t line_said(const struct shape *s, const void *payload)
{
    const struct field *f = shape_field(s, STR("line"));
    uint64_t line;
    REQUIRE(f && f->type == FT_UINT);
    memcpy(&line, (const char *)payload + f->offset, sizeof line);
    return line;
}

/* Applies what was said to one line of the request. */
static enum err apply(struct step *st, const void *payload, uint64_t line)
{
    const struct shape *s = st->type->shape();
    const struct field *f = shape_field(s, STR("line"));
    char *said = arena_take(st->arena, s->size);
    REQUIRE(f && f->type == FT_UINT);
    memcpy(said, payload, s->size);
    memcpy(said + f->offset, &line, sizeof line);
    return paper_fact(st, &parts_backorder, said);
}

static enum err refuse_missing(struct step *st, struct str request_no, struct str part_no,
                               uint64_t line)
{
    if (!part_no.n) {
        return step_refuse(st, "unknown_line", "line", "request %.*s has no line %llu",
                           STR_ARG(request_no), (unsigned long long)line);
    }
    return step_refuse(st, "unknown_part", "part_no", "request %.*s does not ask for %.*s%s",
                       STR_ARG(request_no), STR_ARG(part_no), line ? " in this line" : "");
}

enum err parts_backorder_fact(struct step *st, const void *payload)
{
    const struct shape *s = st->type->shape();
    struct str request_no = paper_text(s, payload, "request_no");
    struct str part_no = paper_text(s, payload, "part_no");
    uint64_t said = line_said(s, payload), shown = 0;
    struct rec_row_part_request r;
    struct rec_row_part_backorder b;
    bool applied = false;
    enum err e = parts_request_find(st, request_no, &r);
    if (e != ERR_OK) return e;
    if (r.state == part_request_state_refused) {
        return step_refuse(st, "state", "request_no",
                           "request %.*s was refused; nothing is supplied for it",
                           STR_ARG(request_no));
    }
    for (uint32_t i = 0; i < r.lines.n; i++) {
        if (said && said != i + 1) continue;
        if (part_no.n && !str_eq(part_no, r.lines.v[i].part_no)) continue;
        e = load(st, request_no, i + 1, &b);
        if (e == ERR_OK && fits(st->type->kind, b.state)) {
            e = apply(st, payload, i + 1);
            applied = true;
        }
        if (e != ERR_OK) return e;
        if (!shown || b.state) shown = i + 1;
    }
    if (applied) return ERR_OK;
    return shown ? apply(st, payload, shown) : refuse_missing(st, request_no, part_no, said);
}

/* ---- what notes ask, and what ends it ---- */

struct asked {
    struct str part_no;
    bool *waits;
};

static enum err look(struct step *st, struct str request_no, struct rec_row_part_request *r,
                     const void *said)
{
    const struct asked *a = said;
    struct rec_row_part_backorder b;
    enum err e = ERR_OK;
    if (r->state == part_request_state_refused) return ERR_OK;
    for (uint32_t i = 0; e == ERR_OK && i < r->lines.n; i++) {
        if (!str_eq(r->lines.v[i].part_no, a->part_no)) continue;
        e = load(st, request_no, i + 1, &b);
        *a->waits |=
            b.state == backorder_state_reviewing || b.state == backorder_state_supply_date_set;
    }
    return e;
}

enum err parts_backorder_waits(struct step *st, const struct rec_row_issue *note,
                               struct str part_no, bool *out)
{
    struct asked a = {part_no, out};
    *out = false;
    return parts_request_each(st, note, look, &a);
}

/* ---- what is sent (PRT-005) ---- */

/* Pieces of a line that are to be sent: as many as were approved of its part and are not those of
 * the lines before it. */
static uint64_t to_send(const struct rec_row_part_request *r, uint32_t line)
{
    uint64_t approved = UINT64_MAX;
    if (r->approved.n) approved = parts_request_signed(r, r->lines.v[line].part_no);
    for (uint32_t i = 0; i < line; i++) {
        if (!str_eq(r->lines.v[i].part_no, r->lines.v[line].part_no)) continue;
        approved -= r->lines.v[i].qty < approved ? r->lines.v[i].qty : approved;
    }
    return r->lines.v[line].qty < approved ? r->lines.v[line].qty : approved;
}

static enum err stop_ship(struct step *st, struct str request_no,
                          const struct rec_row_part_request *r, uint32_t line)
{
    struct deadline_ctx c = {.case_no = case_of(st, request_no, line + 1),
                             .unit = r->unit,
                             .person = r->person,
                             .occurred_ms = step_occurred(st)};
    return deadline_stop(st, &clocks[SHIP], &c);
}

struct sent {
    struct str part_no;
    uint64_t *left; /* pieces of a note that are not those of a line yet */
};

static enum err send_line(struct step *st, struct str request_no,
                          const struct rec_row_part_request *r, uint32_t line, uint64_t *left)
{
    struct rec_row_part_issued sent = {0};
    struct key k = key_of(request_no);
    key_u8(&k, (uint8_t)(line + 1));
    enum err e = step_get(st, PARTS_TABLE(SENT), &k, &sent);
    if (e != ERR_OK && e != ERR_NOT_FOUND) return e;
    uint64_t whole = to_send(r, line), missing = whole > sent.qty ? whole - sent.qty : 0;
    uint64_t now = *left < missing ? *left : missing;
    sent.qty += now;
    *left -= now;
    step_put(st, PARTS_TABLE(SENT), &k, &sent);
    return sent.qty < whole ? ERR_OK : stop_ship(st, request_no, r, line);
}

static enum err send_lines(struct step *st, struct str request_no, struct rec_row_part_request *r,
                           const void *said)
{
    const struct sent *x = said;
    enum err e = ERR_OK;
    if (r->state != part_request_state_approved) return ERR_OK;
    for (uint32_t i = 0; e == ERR_OK && i < r->lines.n; i++) {
        if (str_eq(r->lines.v[i].part_no, x->part_no)) e = send_line(st, request_no, r, i, x->left);
    }
    return e;
}

enum err parts_backorder_shipped(struct step *st, const struct rec_row_issue *note)
{
    enum err e = ERR_OK;
    for (uint32_t i = 0; e == ERR_OK && i < note->lines.n; i++) {
        uint64_t left = note->lines.v[i].qty;
        struct sent x = {note->lines.v[i].part_no, &left};
        e = parts_request_each(st, note, send_lines, &x);
    }
    return e;
}

enum err parts_backorder_refused(struct step *st, struct str request_no,
                                 const struct rec_row_part_request *r)
{
    enum err e = ERR_OK;
    for (uint32_t i = 0; e == ERR_OK && i < r->lines.n; i++)
        e = deadline_drop(st, case_of(st, request_no, i + 1), 0, STR("refused"));
    return e;
}
