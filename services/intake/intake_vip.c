/* intake_vip.c - VIP customers: the list of supply and sales by classes A and B, the turns that
 * follow from it, and the cards that come back.
 *
 * A list replaces the one before it. A customer's turns are counted from the day he came into his
 * class (CV-6: from the anchor, never chained); a later list that leaves him in it moves nothing.
 * A turn makes a call-back by passing (followup.vip_turn). Rules INT-081, CV-6. */
#include "common/contract.h"
#include "services/intake/intake_private.h"
#include <string.h>

#define CASE_PREFIX "vip/"
#define TURN_MAX 100000 /* of row_vip */
#define UNIT_MAX 32

/* ---- turns ---- */

static const struct deadline_row turn_clock = {
    .name = "followup.vip_turn", .rule = "INT-081", .from = FROM_OCCURRED, .due = DUE_GIVEN};

static struct str turn_case(struct step *st, struct str customer)
{
    return arena_printf(st->arena, CASE_PREFIX "%.*s", STR_ARG(customer));
}

static const struct zone *zone_of(struct step *st, const struct rec_row_vip *row)
{
    return step_zone(st, row->unit);
}

static int32_t turn_day(const struct step *st, const struct rec_row_vip *row)
{
    const struct policy_keys *k = &st->policy->keys;
    uint64_t months = row->class == vip_class_a ? k->vip_a_months : k->vip_b_months;
    return day_add_months(row->anchor, (int)(row->turn * months));
}

/* The next turn after `today`; a house that stood still does not call for every turn it missed. */
static enum err arm_turn(struct step *st, struct str customer, struct rec_row_vip *row,
                         int32_t today)
{
    do {
        row->turn++;
        row->next = turn_day(st, row);
    } while (row->next <= today && row->turn < TURN_MAX);
    struct deadline_ctx c = {.case_no = turn_case(st, customer),
                             .unit = row->unit,
                             .occurred_ms = st->in ? st->in->occurred : st->now_ms,
                             .given_ms = zone_day_start(zone_of(st, row), row->next)};
    return deadline_arm(st, &turn_clock, &c, (struct str){0});
}

static void put(struct step *st, struct str customer, const struct rec_row_vip *row)
{
    struct key k = key_of(customer);
    step_put(st, INTAKE_TABLE(VIP), &k, row);
}

enum err intake_vip_passed(struct step *st, struct str case_no)
{
    uint32_t n = (uint32_t)strlen(CASE_PREFIX);
    REQUIRE(case_no.n > n);
    struct str customer = {case_no.p + n, case_no.n - n};
    struct rec_row_vip row;
    struct key k = key_of(customer);
    enum err e = step_get(st, INTAKE_TABLE(VIP), &k, &row);
    if (e != ERR_OK) return ERR_CORRUPT;
    struct ev_followup_created out = {.ref = customer,
                                      .turn = row.turn,
                                      .unit = row.unit,
                                      .customer = customer,
                                      .vip_class = row.class};
    e = intake_followup_create(st, followup_kind_vip, &out);
    if (e == ERR_OK) e = deadline_drop(st, case_no, 0, STR("the next turn"));
    if (e == ERR_OK) e = arm_turn(st, customer, &row, zone_day(zone_of(st, &row), st->now_ms));
    if (e == ERR_OK) put(st, customer, &row);
    return e;
}

/* ---- the list ---- */

static enum err take_line(struct step *st, const struct ev_vip_list_loaded *ev,
                          const struct rec_vip_line *line)
{
    struct rec_row_vip row = {0};
    struct key k = key_of(line->customer);
    enum err e = step_get(st, INTAKE_TABLE(VIP), &k, &row);
    if (e != ERR_OK && e != ERR_NOT_FOUND) return e;
    bool stays = e == ERR_OK && row.class == line->class;
    row.list_no = ev->list_no;
    struct str source = st->in->source;
    row.unit = ev->unit.n || source.n > UNIT_MAX ? ev->unit : source;
    e = ERR_OK;
    if (!stays) {
        row.class = line->class;
        row.turn = 0;
        row.anchor = zone_day(zone_of(st, &row), st->in->occurred);
        e = arm_turn(st, line->customer, &row, row.anchor);
    }
    if (e == ERR_OK) put(st, line->customer, &row);
    return e;
}

/* Who stood in the list before and does not stand in this one. */
static enum err drop_others(struct step *st, struct str list_no)
{
    struct key prefix = {.n = 0}, at = {.n = 0};
    struct rec_row_vip row;
    enum err e;
    while ((e = step_next(st, INTAKE_TABLE(VIP), &prefix, &at, &row)) == ERR_OK) {
        struct key_reader r = {{at.b, at.n}};
        struct str customer;
        if (step_get(st, INTAKE_TABLE(VIP), &at, &row) != ERR_OK || key_take_str(&r, &customer))
            return ERR_CORRUPT;
        if (str_eq(row.list_no, list_no)) continue;
        e = deadline_drop(st, turn_case(st, customer), 0, STR("no longer in the list"));
        if (e != ERR_OK) return e;
        step_del(st, INTAKE_TABLE(VIP), &at);
    }
    return e == ERR_END ? ERR_OK : e;
}

enum err intake_vip_loaded(struct step *st, const void *payload)
{
    const struct ev_vip_list_loaded *ev = payload;
    enum err e = ERR_OK;
    for (uint32_t i = 0; e == ERR_OK && i < ev->customers.n; i++)
        e = take_line(st, ev, &ev->customers.v[i]);
    return e == ERR_OK ? drop_others(st, ev->list_no) : e;
}

/* ---- cards ---- */

static enum err on_returned(struct step *st, const void *payload, void *at)
{
    const struct ev_vip_card_returned *ev = payload;
    const struct rec_row_vip_card *row = ((struct paper_at *)at)->row;
    struct rec_row_vip vip;
    struct key k = key_of(ev->customer);
    enum err e = step_get(st, INTAKE_TABLE(VIP), &k, &vip);
    if (e == ERR_NOT_FOUND) {
        return step_refuse(st, "not_vip", "customer",
                           "customer %.*s does not stand in the VIP list; correct it, or load a "
                           "list with vip.list_loaded first",
                           STR_ARG(ev->customer));
    }
    if (e != ERR_OK) return e;
    struct ev_followup_created out = {.ref = ev->card_no,
                                      .unit = row->unit,
                                      .customer = ev->customer,
                                      .technician = ev->technician,
                                      .card_no = ev->card_no,
                                      .vip_class = vip.class};
    return intake_followup_create(st, followup_kind_vip, &out);
}

static const struct transition vip_card_rows[] = {
    {EV_vip_card_returned, PAPER_NEW, vip_card_state_returned, on_returned, "INT-081"},
};

const struct paper intake_vip_card = {.name = "vip_card",
                                      .label = "VIP card VIP客戶回訪登記卡",
                                      .table = INTAKE_TABLE(VIP_CARD),
                                      .states = &codes_vip_card_state,
                                      .keys = {"card_no"},
                                      PAPER_ROWS(vip_card_rows)};
