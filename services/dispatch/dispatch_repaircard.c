/* dispatch_repaircard.c - repair cards 修護卡: one card for one item, found by its number.
 *
 * A card goes from card_open over in_repair to inspected and takes its item along: both rows have
 * one state. Work is done only against a card, and only after the supervisor has inspected it does
 * the item go back. repair.promised is stopped by the end of the repair or by a request for help
 * that somebody made; the one the clock makes itself leaves the ladder going. It runs on when the
 * inspection fails. Rules DSP-035, DSP-036, DSP-037, DSP-040, DSP-041. */
#include "services/dispatch/dispatch_private.h"

/* ---- people ---- */

enum err dispatch_goods_supervisor(struct step *st, struct str person, const char *field)
{
    struct rec_row_person row;
    struct key k = key_of(person);
    enum err e = step_get(st, &table_person, &k, &row);
    if (e == ERR_OK && str_is(row.role, "supervisor")) return ERR_OK;
    if (e == ERR_NOT_FOUND && st->policy->keys.open_units) return ERR_OK;
    if (e != ERR_OK && e != ERR_NOT_FOUND) return e;
    return step_refuse(st, "supervisor_needed", field,
                       "only a supervisor 服務主任 may do this, and %.*s is not registered as one",
                       STR_ARG(person));
}

/* ---- card and item ---- */

static enum err item_of(struct step *st, const struct rec_row_repaircard *r, struct str *receipt,
                        struct rec_row_goods *out)
{
    enum err e = dispatch_goods_find(st, r->register_no, receipt, out);
    return e == ERR_NOT_FOUND ? ERR_CORRUPT : e;
}

/* The item follows its card. */
static enum err follow(struct step *st, const struct rec_row_repaircard *r)
{
    struct str receipt;
    struct rec_row_goods item;
    enum err e = item_of(st, r, &receipt, &item);
    if (e != ERR_OK) return e;
    item.state = r->state;
    if (r->technician.n) item.technician = r->technician;
    dispatch_goods_put(st, receipt, &item);
    return ERR_OK;
}

/* ---- the card (DSP-035, DSP-036) ---- */

static enum err check_item(struct step *st, const struct ev_repaircard_opened *ev,
                           struct str *receipt, struct rec_row_goods *item)
{
    enum err e = dispatch_goods_find(st, ev->register_no, receipt, item);
    if (e == ERR_NOT_FOUND) {
        return step_refuse(st, "unknown_number", "register_no",
                           "the register 客戶商品進出登記簿 has no entry %.*s; report "
                           "goods.logged_in first",
                           STR_ARG(ev->register_no));
    }
    if (e != ERR_OK || item->state == goods_state_logged_in) return e;
    return step_refuse(st, "card_exists", "register_no",
                       "entry %.*s has card %.*s; one card goes with one item",
                       STR_ARG(ev->register_no), STR_ARG(item->card_no));
}

/* DSP-040: without a time of its own so many days of the working clock (CV-8). */
static int64_t promised_by_policy(struct step *st, struct str unit, int64_t from_ms)
{
    const struct policy_keys *k = &st->policy->keys;
    int64_t work_ms = (int64_t)k->promised_default_days * k->workday_min * MINUTE_MS;
    return calendar_add(step_calendar(st, unit, NULL), from_ms, work_ms);
}

static enum err on_opened(struct step *st, const void *payload, void *row)
{
    const struct ev_repaircard_opened *ev = payload;
    struct paper_at *a = row;
    struct rec_row_repaircard *r = a->row;
    struct str receipt;
    struct rec_row_goods item;
    enum err e = check_item(st, ev, &receipt, &item);
    if (e != ERR_OK) return e;
    r->unit = item.unit;
    r->receipt_no = receipt;
    if (!r->technician.n) r->technician = item.technician;
    if (!r->promised_at) r->promised_at = promised_by_policy(st, r->unit, st->in->occurred);
    a->given_ms = r->promised_at;
    item.card_no = ev->card_no;
    item.state = r->state;
    dispatch_goods_put(st, receipt, &item);
    return ERR_OK;
}

static enum err on_work_added(struct step *st, const void *payload, void *row)
{
    const struct ev_repaircard_work_added *ev = payload;
    struct rec_row_repaircard *r = ((struct paper_at *)row)->row;
    r->worked += ev->minutes;
    if (r->state == goods_state_card_open) r->state = goods_state_in_repair;
    return follow(st, r);
}

/* ---- the planned time (DSP-040) ---- */

static enum err on_assist(struct step *st, const void *payload, void *row)
{
    (void)payload;
    return follow(st, ((struct paper_at *)row)->row);
}

static enum err on_rescheduled(struct step *st, const void *payload, void *row)
{
    const struct ev_repair_rescheduled *ev = payload;
    struct paper_at *a = row;
    struct rec_row_repaircard *r = a->row;
    enum err e = dispatch_goods_supervisor(st, ev->by, "by");
    if (e != ERR_OK) return e;
    r->reschedulings++;
    a->given_ms = r->promised_at;
    return ERR_OK;
}

/* ---- the end of the repair (DSP-037) ---- */

static enum err on_done(struct step *st, const void *payload, void *row)
{
    (void)payload;
    return follow(st, ((struct paper_at *)row)->row);
}

/* Back to repair, on a slip of its own (DSP-062); what was promised still is (DSP-040). */
static enum err on_failed(struct step *st, const struct ev_repair_inspected *ev, struct paper_at *a,
                          const struct rec_row_goods *item)
{
    struct rec_row_repaircard *r = a->row;
    r->failures++;
    a->given_ms = r->promised_at;
    struct ev_rework_opened slip = {.kind = rework_kind_internal,
                                    .cause = ev->text,
                                    .unit = r->unit,
                                    .call_no = item->call_no,
                                    .job = item->job};
    return dispatch_rework_open(st, ev->card_no, r->failures, &slip);
}

static enum err on_inspected(struct step *st, const void *payload, void *row)
{
    const struct ev_repair_inspected *ev = payload;
    struct paper_at *a = row;
    struct rec_row_repaircard *r = a->row;
    enum err e = dispatch_goods_supervisor(st, ev->by, "by");
    if (e != ERR_OK) return e;
    bool passed = ev->result == repair_result_pass;
    r->state = passed ? goods_state_inspected : goods_state_in_repair;
    e = follow(st, r);
    struct str receipt;
    struct rec_row_goods item;
    if (e == ERR_OK) e = item_of(st, r, &receipt, &item);
    if (e != ERR_OK) return e;
    if (!passed) return on_failed(st, ev, a, &item);
    item.inspected_at = st->in->occurred;
    dispatch_goods_put(st, receipt, &item);
    return dispatch_goods_give_back(st, receipt, &item);
}

/* ---- the paper ---- */

#define OPEN IN(goods_state_card_open)
#define IN_REPAIR IN(goods_state_in_repair)
#define ASSIST IN(goods_state_assist_requested)
#define DONE IN(goods_state_done)
#define UNDER_WAY (OPEN | IN_REPAIR | ASSIST)

/* Time and parts may be told after the end of the repair. */
static const struct transition card_rows[] = {
    {EV_repaircard_opened, PAPER_NEW, goods_state_card_open, on_opened, "DSP-035"},
    {EV_repaircard_work_added, UNDER_WAY | DONE, 0, on_work_added, "DSP-036"},
    {EV_repair_assist_requested, UNDER_WAY, goods_state_assist_requested, on_assist, "DSP-040"},
    {EV_repair_rescheduled, UNDER_WAY, 0, on_rescheduled, "DSP-040"},
    {EV_repair_done, IN_REPAIR | ASSIST, goods_state_done, on_done, "DSP-037"},
    {EV_repair_inspected, DONE, 0, on_inspected, "DSP-037"},
};

/* What the clock itself asked for does not end the ladder. */
static bool promised_stops(struct step *st, const struct deadline_ctx *c, const void *payload)
{
    (void)c;
    if (st->type->kind != EV_repair_assist_requested) return true;
    return ((const struct ev_repair_assist_requested *)payload)->automatic != yes_no_yes;
}

/* What fails is not done. */
static bool promised_starts(struct step *st, const struct deadline_ctx *c, const void *payload)
{
    (void)c;
    if (st->type->kind != EV_repair_inspected) return true;
    return ((const struct ev_repair_inspected *)payload)->result == repair_result_fail;
}

static const struct deadline_row card_clocks[] = {
    {.name = "repair.promised",
     .rule = "DSP-040",
     .from = FROM_OCCURRED,
     .due = DUE_GIVEN,
     .start = {EV_repaircard_opened, EV_repair_rescheduled, EV_repair_inspected},
     .stop = {EV_repair_done, EV_repair_assist_requested},
     .starts = promised_starts,
     .stops = promised_stops},
};

const struct paper dispatch_repaircard = {.name = "repaircard",
                                          .label = "repair card 修護卡",
                                          .table = &dispatch_tables[DISPATCH_REPAIRCARD],
                                          .states = &codes_goods_state,
                                          .keys = {"card_no"},
                                          PAPER_ROWS(card_rows),
                                          PAPER_CLOCKS(card_clocks)};

enum err dispatch_repaircard_passed(struct step *st, const struct passed *what)
{
    uint32_t n = (uint32_t)sizeof "repaircard/" - 1;
    if (what->case_no.n <= n) return ERR_CORRUPT;
    struct str no = {what->case_no.p + n, what->case_no.n - n};
    struct rec_row_repaircard r;
    struct key k = key_of(no);
    enum err e = step_get(st, &dispatch_tables[DISPATCH_REPAIRCARD], &k, &r);
    if (e != ERR_OK) return e == ERR_NOT_FOUND ? ERR_CORRUPT : e;
    if (!(IN(r.state) & UNDER_WAY)) return ERR_OK;
    struct ev_repair_assist_requested ev = {
        .card_no = arena_str(st->arena, no), .technician = r.technician, .automatic = yes_no_yes};
    return paper_act(st, &dispatch_repaircard, EV_repair_assist_requested, &ev);
}
