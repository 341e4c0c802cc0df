/* parts_backorder.c - a request without stock or with special requirements 有特殊要求或無庫存: the
 * departments review it, the supply date is fixed and told, and what has come is sent at once.
 *
 * Which departments depends on where the part comes from; the policy names them. Rules PRT-005,
 * PRT-006. */
#include "common/calendar.h"
#include "common/contract.h"
#include "services/parts/parts_private.h"

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
        parts_emit(st, "PRT-006", EV_part_review_requested, &ev);
    }
    return ERR_OK;
}

static enum err on_backordered(struct step *st, const void *payload, void *row)
{
    const struct ev_part_backordered *ev = payload;
    struct rec_row_part_backorder *b = ((struct paper_at *)row)->row;
    struct rec_row_part_request r;
    bool found = false;
    enum err e = parts_request_find(st, ev->request_no, &r);
    if (e != ERR_OK) return e;
    if (r.state == part_request_state_refused) {
        return step_refuse(st, "state", "request_no",
                           "request %.*s was refused; nothing is supplied for it",
                           STR_ARG(ev->request_no));
    }
    b->unit = r.unit, b->person = r.person, b->part_no = ev->part_no;
    for (uint32_t i = 0; e == ERR_OK && i < r.lines.n; i++) {
        if (ev->part_no.n && !str_eq(ev->part_no, r.lines.v[i].part_no)) continue;
        found = true;
        e = ask_depts(st, ev->request_no, i + 1, r.lines.v[i].part_no);
    }
    if (e != ERR_OK || found) return e;
    return step_refuse(st, "unknown_part", "part_no", "request %.*s does not ask for %.*s",
                       STR_ARG(ev->request_no), STR_ARG(ev->part_no));
}

/* ---- supply date (PRT-005) ---- */

static enum err on_date(struct step *st, const void *payload, void *row)
{
    const struct ev_part_supply_date_set *ev = payload;
    struct paper_at *a = row;
    const struct rec_row_part_backorder *b = a->row;
    if (ev->date < zone_day(step_zone(st, b->unit), parts_instant(st))) {
        return step_refuse(st, "past", "date",
                           "the supply date lies before the day it is fixed on; give the day the "
                           "parts will be there");
    }
    a->given_ms = paper_day_end(st, b->unit, ev->date);
    return ERR_OK;
}

/* ---- what the note asks ---- */

static struct rec_row_part_backorder load(struct step *st, struct str request_no, enum err *e)
{
    struct rec_row_part_backorder b = {0};
    struct key k = key_of(request_no);
    *e = step_get(st, PARTS_TABLE(BACKORDER), &k, &b);
    if (*e == ERR_NOT_FOUND) *e = ERR_OK;
    return b;
}

enum err parts_backorder_waits(struct step *st, struct str request_no, struct str part_no,
                               bool *out)
{
    enum err e;
    struct rec_row_part_backorder b = load(st, request_no, &e);
    bool waits = b.state == backorder_state_reviewing || b.state == backorder_state_supply_date_set;
    *out = waits && (!b.part_no.n || str_eq(b.part_no, part_no));
    return e;
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
    /* Stopped by the note, parts_backorder_shipped. */
    [SHIP] = {.name = "part.ship",
              .rule = "PRT-005",
              .from = FROM_OCCURRED,
              .due = DUE_SETTING,
              .start = {EV_part_arrived_in_store}},
};

enum err parts_backorder_shipped(struct step *st, struct str request_no)
{
    enum err e;
    struct rec_row_part_backorder b = load(st, request_no, &e);
    if (e != ERR_OK || !b.state) return e;
    struct deadline_ctx c = {
        .case_no = arena_printf(st->arena, "%s/%.*s", parts_backorder.name, STR_ARG(request_no)),
        .unit = b.unit,
        .person = b.person,
        .occurred_ms = parts_instant(st)};
    return deadline_stop(st, &clocks[SHIP], &c);
}

const struct paper parts_backorder = {.name = "backorder",
                                      .label = "backorder 待料評審",
                                      .table = PARTS_TABLE(BACKORDER),
                                      .states = &codes_backorder_state,
                                      .keys = {"request_no"},
                                      PAPER_ROWS(rows),
                                      PAPER_CLOCKS(clocks)};
