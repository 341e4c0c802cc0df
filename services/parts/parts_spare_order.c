/* parts_spare_order.c - a spare order, from the work contact sheet 工作聯絡單 to planning until the
 * user has the goods: made or bought, chased, put in store, shipped by transfer note 調撥單.
 *
 * Where a store of the ledger is named its pieces come from outside into it, and go over transit to
 * the user; line n of the order is line n of the ledger. Rules PRT-010 … PRT-013. */
#include "common/contract.h"
#include "services/parts/parts_private.h"

/* ---- clocks ---- */

enum { CLOCK_PLAN, CLOCK_PROGRESS, CLOCK_SHIP, CLOCK_ARRIVE };
static const struct deadline_row clocks[] = {
    [CLOCK_PLAN] = {.name = "spare.plan",
                    .rule = "PRT-010",
                    .from = FROM_OCCURRED,
                    .due = DUE_GIVEN,
                    .start = {EV_spare_planned, EV_spare_ordered},
                    .stop = {EV_spare_in_store}},
    /* Armed by `chase` for the first time. */
    [CLOCK_PROGRESS] = {.name = "spare.progress",
                        .rule = "PRT-012",
                        .from = FROM_OCCURRED,
                        .due = DUE_SETTING,
                        .start = {EV_spare_progress},
                        .stop = {EV_spare_progress, EV_spare_in_store}},
    [CLOCK_SHIP] = {.name = "part.ship",
                    .rule = "PRT-013",
                    .from = FROM_OCCURRED,
                    .due = DUE_SETTING,
                    .start = {EV_spare_ship_ordered},
                    .stop = {EV_spare_shipped}},
    [CLOCK_ARRIVE] = {.name = "part.arrive_confirm",
                      .rule = "PRT-013",
                      .from = FROM_OCCURRED,
                      .due = DUE_SETTING,
                      .start = {EV_spare_shipped},
                      .stop = {EV_spare_received_by_user}},
};

/* ---- lines ---- */

static bool same_line(const struct rec_spare_line *a, const struct rec_spare_line *b)
{
    return str_eq(a->name, b->name) && str_eq(a->spec, b->spec) && str_eq(a->material, b->material);
}

/* Index of the line on the planning sheet; its count when there is none. */
static uint32_t line_of(const struct rec_row_spare *r, const struct rec_spare_line *goods)
{
    uint32_t i = 0;
    while (i < r->lines.n && !same_line(&r->lines.v[i], goods))
        i++;
    return i;
}

struct places {
    enum ledger_place from, to;
    struct str from_holder, to_holder;
};

/* Moves `qty` of a line of the sheet; without store or part number it is not in the ledger. */
static enum err move(struct step *st, const struct paper_at *a, uint32_t line, uint64_t qty,
                     const struct places *p)
{
    const struct rec_row_spare *r = a->row;
    const struct rec_spare_line *l = &r->lines.v[line];
    struct rec_row_item item;
    if (!r->store.n || !l->part_no.n) return ERR_OK;
    enum err e = parts_item_get(st, l->part_no, &item);
    if (e != ERR_OK) return e;
    struct key_reader key = {{a->key.b, a->key.n}};
    struct parts_move m = {.doc = parts_doc_spare,
                           .line = line + 1,
                           .part_no = l->part_no,
                           .from = p->from,
                           .to = p->to,
                           .from_holder = p->from_holder,
                           .to_holder = p->to_holder,
                           .qty = (int64_t)qty,
                           .unit_cost_fen = item.unit_cost};
    e = key_take_str(&key, &m.doc_no);
    return e == ERR_OK ? parts_move(st, &m) : e;
}

static enum err move_goods(struct step *st, const struct paper_at *a, const struct places *p)
{
    const struct rec_row_spare *r = a->row;
    enum err e = ERR_OK;
    for (uint32_t i = 0; e == ERR_OK && i < r->goods.n; i++)
        e = move(st, a, line_of(r, &r->goods.v[i]), r->goods.v[i].qty, p);
    return e;
}

/* ---- planned and got (PRT-010 … PRT-012) ---- */

/* The check of progress starts with the sheet, but is not due on its required date. */
static enum err chase(struct step *st, const struct paper_at *a)
{
    const struct rec_row_spare *r = a->row;
    struct deadline_ctx c = {
        .case_no = a->case_no, .unit = r->unit, .occurred_ms = step_occurred(st)};
    return deadline_arm(st, &clocks[CLOCK_PROGRESS], &c, (struct str){0});
}

static enum err on_planned(struct step *st, const void *payload, void *row)
{
    const struct ev_spare_planned *ev = payload;
    for (uint32_t i = 0; i < ev->lines.n; i++) {
        for (uint32_t k = 0; k < i; k++) {
            if (!same_line(&ev->lines.v[i], &ev->lines.v[k])) continue;
            return step_refuse(st, "twice", "lines",
                               "lines %u and %u are the same part; write it once with the whole "
                               "quantity",
                               k + 1, i + 1);
        }
    }
    return chase(st, row);
}

static enum err on_ordered(struct step *st, const void *payload, void *row)
{
    struct ev_spare_ordered ev = *(const struct ev_spare_ordered *)payload;
    struct rec_row_spare *r = ((struct paper_at *)row)->row;
    const struct parts_keys *keys = &st->policy->parts;
    bool made = ev.kind == spare_kind_production;
    if (made && !ev.job_no.n) {
        return step_refuse(st, "missing", "job_no",
                           "a production has a production job number 生產工號 from %.*s; give it "
                           "in job_no",
                           STR_ARG(keys->planning_department));
    }
    if (!ev.department.n) {
        ev.department = made ? keys->planning_department : keys->purchase_department;
        step_complete(st, &ev);
    }
    r->department = ev.department;
    r->state = made ? spare_state_in_production : spare_state_purchasing;
    return ERR_OK;
}

/* planned → produced or purchased → assembled */
static int rank(enum spare_stage stage)
{
    if (stage == spare_stage_assembled) return 3;
    if (stage == spare_stage_produced || stage == spare_stage_purchased) return 2;
    return stage == spare_stage_planned;
}

static enum err check_stage(struct step *st, const struct rec_row_spare *old, enum spare_stage next)
{
    if (rank(next) < rank(old->stage)) {
        return step_refuse(st, "step_order", "stage", "%s is confirmed already; %s came before it",
                           code_word(&codes_spare_stage, old->stage),
                           code_word(&codes_spare_stage, next));
    }
    if (next == spare_stage_planned || (old->kind && next == spare_stage_assembled)) return ERR_OK;
    bool fits = (next == spare_stage_produced && old->kind == spare_kind_production) ||
                (next == spare_stage_purchased && old->kind == spare_kind_purchase);
    if (fits) return ERR_OK;
    return step_refuse(st, "kind", "stage",
                       "%s does not fit an order that is %s; produced belongs to a production, "
                       "purchased to a purchase, and both come after spare.ordered",
                       code_word(&codes_spare_stage, next),
                       old->kind ? code_word(&codes_spare_kind, old->kind) : "not ordered yet");
}

static enum err on_progress(struct step *st, const void *payload, void *row)
{
    const struct ev_spare_progress *ev = payload;
    struct paper_at *a = row;
    struct rec_row_spare old, *r = a->row;
    enum err e = step_get(st, PARTS_TABLE(SPARE), &a->key, &old);
    if (e == ERR_OK) e = check_stage(st, &old, ev->stage);
    if (e == ERR_OK && ev->stage == spare_stage_assembled) r->state = spare_state_assembled;
    return e;
}

static enum err on_in_store(struct step *st, const void *payload, void *row)
{
    const struct paper_at *a = row;
    const struct rec_row_spare *r = a->row;
    const struct places p = {ledger_place_outside, ledger_place_store, {0}, r->store};
    enum err e = ERR_OK;
    (void)payload;
    for (uint32_t i = 0; e == ERR_OK && i < r->lines.n; i++)
        e = move(st, a, i, r->lines.v[i].qty, &p);
    return e;
}

/* ---- shipped (PRT-013) ---- */

/* Of each line of the sheet at most what was planned. */
static enum err check_goods(struct step *st, const struct rec_row_spare *r)
{
    uint64_t left[64];
    REQUIRE(r->lines.n <= COUNT_OF(left));
    for (uint32_t i = 0; i < r->lines.n; i++)
        left[i] = r->lines.v[i].qty;
    for (uint32_t i = 0; i < r->goods.n; i++) {
        const struct rec_spare_line *g = &r->goods.v[i];
        uint32_t line = line_of(r, g);
        if (line == r->lines.n) {
            return step_refuse(st, "not_planned", "goods",
                               "%.*s %.*s is not on the planning sheet in this model and material",
                               STR_ARG(g->name), STR_ARG(g->spec));
        }
        if (g->qty > left[line]) {
            return step_refuse(st, "quantity", "goods",
                               "%llu of %.*s are to be shipped, %llu are left of the planning "
                               "sheet",
                               (unsigned long long)g->qty, STR_ARG(g->name),
                               (unsigned long long)left[line]);
        }
        left[line] -= g->qty;
    }
    return ERR_OK;
}

static enum err on_ship_ordered(struct step *st, const void *payload, void *row)
{
    const struct ev_spare_ship_ordered *ev = payload;
    struct paper_at *a = row;
    const struct rec_row_spare *r = a->row;
    if (ev->arrive_by < ev->ship_by) {
        return step_refuse(st, "dates", "arrive_by",
                           "the goods cannot arrive before they are shipped; correct ship_by or "
                           "arrive_by");
    }
    a->given_ms = paper_day_end(st, r->unit, ev->ship_by);
    return check_goods(st, r);
}

static enum err on_transfer(struct step *st, const void *payload, void *row)
{
    struct paper_at *a = row;
    struct rec_row_spare old;
    (void)payload;
    enum err e = step_get(st, PARTS_TABLE(SPARE), &a->key, &old);
    if (e != ERR_OK || !old.transfer_no.n) return e;
    return step_refuse(st, "again", "transfer_no", "transfer note %.*s is open for this order",
                       STR_ARG(old.transfer_no));
}

static enum err on_packed(struct step *st, const void *payload, void *row)
{
    const struct rec_row_spare *r = ((struct paper_at *)row)->row;
    (void)payload;
    if (r->transfer_no.n) return ERR_OK;
    return step_refuse(st, "step_order", "order_no",
                       "the finished store opens the transfer note 調撥單 first "
                       "(transfer.opened)");
}

static enum err on_inspected(struct step *st, const void *payload, void *row)
{
    const struct ev_spare_inspected *ev = payload;
    struct rec_row_spare *r = ((struct paper_at *)row)->row;
    (void)st;
    r->state = ev->pass == yes_no_yes ? spare_state_inspected : spare_state_ship_ordered;
    return ERR_OK;
}

static enum err check_batches(struct step *st, const struct parts_policy *p,
                              const struct rec_row_spare *r)
{
    st->rule = "PRT-072";
    if (r->batches_bad) {
        return step_refuse(st, "batch", "order_no",
                           "%llu batches of this order are rejected; they go back at once, and the "
                           "order ships when they are inspected again and good",
                           (unsigned long long)r->batches_bad);
    }
    if (!p->batch_inspection || r->batches_good) return ERR_OK;
    return step_refuse(st, "batch", "order_no",
                       "no batch of this order is inspected yet (batch.inspected); each is found "
                       "good before it goes out");
}

/* Spares for foreign projects are shipped by one department. */
static enum err take_department(struct step *st, const struct ev_spare_shipped *said,
                                struct rec_row_spare *r)
{
    struct str shipper = st->policy->parts.foreign_shipper;
    struct ev_spare_shipped ev = *said;
    st->rule = "PRT-010";
    if (r->foreign != yes_no_yes) return ERR_OK;
    if (ev.department.n && !str_eq(ev.department, shipper)) {
        return step_refuse(st, "department", "department",
                           "spares for foreign projects are shipped by %.*s, not %.*s",
                           STR_ARG(shipper), STR_ARG(ev.department));
    }
    r->department = shipper;
    if (ev.department.n) return ERR_OK;
    ev.department = shipper;
    step_complete(st, &ev);
    return ERR_OK;
}

static enum err warn(struct step *st, const struct parts_policy *p, struct str order_no,
                     const struct rec_row_spare *r)
{
    enum err e = parts_plan_warn(st, p, order_no, r->plan_no);
    for (uint32_t i = 0; e == ERR_OK && i < r->goods.n; i++) {
        struct str part_no = r->lines.v[line_of(r, &r->goods.v[i])].part_no;
        if (part_no.n) e = parts_origin_warn(st, p, order_no, part_no);
    }
    return e;
}

static enum err on_shipped(struct step *st, const void *payload, void *row)
{
    const struct ev_spare_shipped *ev = payload;
    struct paper_at *a = row;
    struct rec_row_spare *r = a->row;
    const struct parts_policy *p;
    enum err e = parts_policy_for(st, r->call_no, r->unit, &p);
    if (e == ERR_OK) e = check_batches(st, p, r);
    if (e == ERR_OK) e = take_department(st, ev, r);
    if (e == ERR_OK) e = warn(st, p, ev->order_no, r);
    if (e != ERR_OK) return e;
    st->rule = "PRT-013";
    a->given_ms = paper_day_end(st, r->unit, r->arrive_by);
    const struct places way = {ledger_place_store, ledger_place_transit, r->store, r->unit};
    return move_goods(st, a, &way);
}

static enum err on_received(struct step *st, const void *payload, void *row)
{
    const struct rec_row_spare *r = ((struct paper_at *)row)->row;
    const struct places way = {ledger_place_transit, ledger_place_used, r->unit, r->unit};
    (void)payload;
    return move_goods(st, row, &way);
}

/* ---- the paper ---- */

#define DOING                                                                                      \
    (IN(spare_state_in_production) | IN(spare_state_purchasing) | IN(spare_state_assembled))

static const struct transition rows[] = {
    {EV_spare_planned, PAPER_NEW, spare_state_planned, on_planned, "PRT-011"},
    {EV_spare_ordered, IN(spare_state_planned), 0, on_ordered, "PRT-010"},
    {EV_spare_progress, IN(spare_state_planned) | DOING, 0, on_progress, "PRT-012"},
    {EV_spare_in_store, DOING, spare_state_in_store, on_in_store, "PRT-012"},
    {EV_spare_ship_ordered, IN(spare_state_in_store), spare_state_ship_ordered, on_ship_ordered,
     "PRT-013"},
    {EV_transfer_opened, IN(spare_state_ship_ordered), 0, on_transfer, "PRT-013"},
    {EV_spare_packed, IN(spare_state_ship_ordered), spare_state_packed, on_packed, "PRT-013"},
    {EV_spare_inspected, IN(spare_state_packed), 0, on_inspected, "PRT-013"},
    {EV_spare_shipped, IN(spare_state_inspected), spare_state_shipped, on_shipped, "PRT-013"},
    {EV_spare_received_by_user, IN(spare_state_shipped), spare_state_received_by_user, on_received,
     "PRT-013"},
};
const struct paper parts_spare_order = {.name = "spare",
                                        .label = "spare order 工作聯絡單",
                                        .table = PARTS_TABLE(SPARE),
                                        .states = &codes_spare_state,
                                        .keys = {"order_no"},
                                        PAPER_ROWS(rows),
                                        PAPER_CLOCKS(clocks)};
