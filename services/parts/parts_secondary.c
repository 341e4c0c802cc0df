/* parts_secondary.c - secondary claims 二次索賠 on suppliers, and the clearing 清退 of their goods.
 *
 * A claim opens when the analysis blames the supplier, or a person opens it: for several old parts,
 * or for a maker's product that was not repaired by us. An old part is in one claim. What is
 * claimed follows the agreement with the supplier. Rules PRT-047 … PRT-049. */
#include "common/contract.h"
#include "services/parts/parts_private.h"

#define LINES_MAX 200
#define AMOUNT_MAX INT64_C(1000000000000000)

/* ---- what is claimed ---- */

static enum err check_old_part(struct step *st, const struct oldpart *o)
{
    if (o->r.secondary_no.n) {
        return step_refuse(st, "used_twice", "lines",
                           "old part %.*s is in claim %.*s already; a part is claimed once",
                           STR_ARG(o->no), STR_ARG(o->r.secondary_no));
    }
    if (o->r.liable == oldpart_liable_supplier) return ERR_OK;
    return step_refuse(st, "not_liable", "lines",
                       "the analysis of old part %.*s does not blame the supplier "
                       "(oldpart.analysed)",
                       STR_ARG(o->no));
}

/* What the line does not say is that of the old part, its cost that of the catalogue, else that of
 * the issue. */
static enum err fill_line(struct step *st, struct rec_secondary_line *l)
{
    struct oldpart o = {.no = l->old_no};
    struct rec_row_item item;
    enum err e = ERR_OK;
    if (l->old_no.n) {
        e = parts_oldpart_find(st, l->old_no, "lines", &o);
        if (e == ERR_OK) e = check_old_part(st, &o);
        if (e != ERR_OK) return e;
        if (!l->part_no.n) l->part_no = o.r.part_no;
        if (!l->qty) l->qty = o.r.qty;
    }
    if (!l->part_no.n || !l->qty) {
        return step_refuse(st, "missing", "lines",
                           "say of each line which old part it is, or part_no and qty");
    }
    e = parts_item_get(st, l->part_no, &item);
    if (!l->unit_cost) l->unit_cost = item.purchase_cost ? item.purchase_cost : o.r.unit_cost;
    return e;
}

static bool add(int64_t *sum, int64_t amount)
{
    return !__builtin_add_overflow(*sum, amount, sum) && *sum <= AMOUNT_MAX;
}

static enum err amount_of(struct step *st, struct ev_secondary_opened *ev)
{
    struct words bears = policy_supplier_bears(st->policy, ev->supplier);
    int64_t sum = 0, one = 0;
    bool fits = true;
    for (uint32_t i = 0; words_have(bears, STR("parts")) && i < ev->lines.n; i++) {
        const struct rec_secondary_line *l = &ev->lines.v[i];
        fits &= !__builtin_mul_overflow((int64_t)l->qty, l->unit_cost, &one) && add(&sum, one);
        if (!fits) break;
    }
    if (fits && words_have(bears, STR("freight"))) fits = add(&sum, ev->freight);
    if (fits && words_have(bears, STR("labour"))) fits = add(&sum, ev->labour);
    ev->amount = sum;
    if (fits) return ERR_OK;
    return step_refuse(st, "range", "lines", "the lines come to more than an amount holds");
}

/* A copy of its lines, each complete, and the amount. */
static enum err prepare(struct step *st, struct ev_secondary_opened *ev)
{
    struct rec_secondary_line *v = arena_take(st->arena, LINES_MAX * sizeof *v);
    REQUIRE(ev->lines.n <= LINES_MAX);
    enum err e = ERR_OK;
    for (uint32_t i = 0; e == ERR_OK && i < ev->lines.n; i++) {
        v[i] = ev->lines.v[i];
        e = fill_line(st, &v[i]);
        for (uint32_t j = 0; e == ERR_OK && v[i].old_no.n && j < i; j++) {
            if (!str_eq(v[i].old_no, v[j].old_no)) continue;
            e = step_refuse(st, "used_twice", "lines", "old part %.*s stands in two lines",
                            STR_ARG(v[i].old_no));
        }
    }
    ev->lines.v = v;
    return e == ERR_OK ? amount_of(st, ev) : e;
}

/* ---- opened ---- */

static enum err on_opened(struct step *st, const void *payload, void *row)
{
    const struct ev_secondary_opened *ev = payload;
    struct rec_row_secondary *r = ((struct paper_at *)row)->row;
    r->claimed = ev->amount;
    for (uint32_t i = 0; i < ev->lines.n; i++) {
        struct oldpart o;
        if (!ev->lines.v[i].old_no.n) continue;
        enum err e = parts_oldpart_find(st, ev->lines.v[i].old_no, "lines", &o);
        if (e != ERR_OK) return e;
        o.r.secondary_no = ev->secondary_no;
        parts_oldpart_put(st, &o);
    }
    return ERR_OK;
}

/* "SC-" and the number of the old part; another one where a person used that. */
static enum err free_number(struct step *st, struct str old_no, struct str *out)
{
    struct rec_row_secondary taken;
    enum err e = ERR_OK;
    *out = arena_printf(st->arena, "SC-%.*s", STR_ARG(old_no));
    for (unsigned n = 2; n < 1000; n++) {
        struct key k = key_of(*out);
        e = step_get(st, PARTS_TABLE(SECONDARY), &k, &taken);
        if (e != ERR_OK) return e == ERR_NOT_FOUND ? ERR_OK : e;
        *out = arena_printf(st->arena, "SC-%.*s-%u", STR_ARG(old_no), n);
    }
    return step_refuse(st, "taken", "old_no", "all numbers for its claim are taken");
}

enum err parts_secondary_analysed(struct step *st, const struct ev_oldpart_analysed *said)
{
    struct oldpart o;
    const struct parts_policy *p;
    enum err e = parts_oldpart_find(st, said->old_no, "old_no", &o);
    if (e == ERR_OK) e = parts_policy_for(st, o.r.call_no, o.r.unit, &p);
    if (e != ERR_OK || o.r.liable != oldpart_liable_supplier || !p->secondary) return e;
    struct rec_secondary_line line = {.old_no = o.no};
    struct ev_secondary_opened ev = {.supplier = o.r.supplier,
                                     .unit = o.r.unit,
                                     .freight = said->freight,
                                     .labour = said->labour,
                                     .call_no = o.r.call_no,
                                     .case_no = o.r.case_no,
                                     .quality_no = o.r.quality_no};
    ev.lines.v = &line, ev.lines.n = 1;
    e = free_number(st, o.no, &ev.secondary_no);
    if (e == ERR_OK) e = prepare(st, &ev);
    return e == ERR_OK ? paper_act(st, &parts_secondary_paper, EV_secondary_opened, &ev) : e;
}

static enum err opened(struct step *st, const struct ev_secondary_opened *said)
{
    struct ev_secondary_opened ev = *said;
    enum err e = parts_old_filled(st, said->amount != 0, "amount");
    if (e == ERR_OK) e = prepare(st, &ev);
    if (e != ERR_OK) return e;
    struct ev_secondary_opened log = ev;
    log.lines = said->lines; /* as they were said */
    step_complete(st, &log);
    return paper_fact(st, &parts_secondary_paper, &ev);
}

/* ---- answered and settled ---- */

static enum err refuse_amount(struct step *st, int64_t said, int64_t most)
{
    return step_refuse(
        st, "amount", "amount", "%lld.%02lld yuan are more than the %lld.%02lld that remain",
        (long long)said / 100, (long long)said % 100, (long long)most / 100, (long long)most % 100);
}

static enum err on_accepted(struct step *st, const void *payload, void *row)
{
    const struct ev_secondary_accepted *ev = payload;
    struct rec_row_secondary *r = ((struct paper_at *)row)->row;
    if (ev->amount > r->claimed) return refuse_amount(st, ev->amount, r->claimed);
    r->agreed = ev->amount ? ev->amount : r->claimed;
    if (r->agreed < r->claimed) r->state = secondary_state_partly;
    return ERR_OK;
}

static enum err on_settled(struct step *st, const void *payload, void *row)
{
    struct ev_secondary_settled ev = *(const struct ev_secondary_settled *)payload;
    struct rec_row_secondary *r = ((struct paper_at *)row)->row;
    enum err e = parts_old_filled(st, ev.case_no.n || ev.quality_no.n, "case_no");
    if (e != ERR_OK) return e;
    if (ev.amount > r->agreed - r->recovered)
        return refuse_amount(st, ev.amount, r->agreed - r->recovered);
    r->recovered += ev.amount;
    if (r->recovered == r->agreed) r->state = secondary_state_closed;
    ev.case_no = r->case_no, ev.quality_no = r->quality_no;
    step_complete(st, &ev);
    return ERR_OK;
}

/* ---- cleared back to the supplier (PRT-048) ---- */

static enum err check_supplier(struct step *st, const struct oldpart *o, struct str supplier)
{
    struct rec_row_item item;
    enum err e = parts_item_get(st, o->r.part_no, &item);
    if (e != ERR_OK) return e;
    struct str is = o->r.supplier.n ? o->r.supplier : item.supplier;
    if (!is.n || str_eq(is, supplier)) return ERR_OK;
    return step_refuse(st, "supplier", "lines", "old part %.*s is of %.*s, not of %.*s",
                       STR_ARG(o->no), STR_ARG(is), STR_ARG(supplier));
}

#define CLEARABLE                                                                                  \
    (IN(oldpart_state_analysed) | IN(oldpart_state_in_store) | IN(oldpart_state_offset) |          \
     IN(oldpart_state_disposed))

static enum err clear(struct step *st, struct str no, const struct ev_supplier_return_done *ev)
{
    struct oldpart o;
    enum err e = parts_oldpart_find(st, no, "lines", &o);
    if (e != ERR_OK) return e;
    bool scrapped = o.r.disposal == oldpart_disposal_scrap;
    if (!(CLEARABLE & IN(o.r.state)) || o.r.supplier_return_no.n || scrapped) {
        return step_refuse(st, "state", "lines",
                           "old part %.*s is %s%s%.*s; analysed goods that are here are cleared "
                           "back, once",
                           STR_ARG(no), code_label(&codes_oldpart_state, o.r.state),
                           o.r.supplier_return_no.n ? ", cleared with " : "",
                           STR_ARG(o.r.supplier_return_no));
    }
    e = check_supplier(st, &o, ev->supplier);
    if (e == ERR_OK && o.r.state == oldpart_state_analysed) {
        e = parts_oldpart_leave(st, &o);
        o.r.state = oldpart_state_disposed;
        o.r.disposal = oldpart_disposal_maker_return;
        o.r.disposed_at = step_occurred(st);
    }
    o.r.supplier_return_no = ev->return_no;
    parts_oldpart_put(st, &o);
    return e;
}

static enum err on_done(struct step *st, const void *payload, void *row)
{
    const struct ev_supplier_return_done *ev = payload;
    enum err e = ERR_OK;
    (void)row;
    for (uint32_t i = 0; e == ERR_OK && i < ev->lines.n; i++)
        e = clear(st, ev->lines.v[i].old_no, ev);
    return e;
}

/* ---- machines ---- */

#define ANSWERED IN(secondary_state_accepted) | IN(secondary_state_partly)

static const struct deadline_row clocks[] = {
    {.name = "secondary.claim",
     .rule = "PRT-047",
     .from = FROM_START,
     .due = DUE_SETTING,
     .start = {EV_secondary_opened},
     .stop = {EV_secondary_sent}},
    {.name = "secondary.answer",
     .rule = "PRT-047",
     .from = FROM_START,
     .due = DUE_SETTING,
     .start = {EV_secondary_sent},
     .stop = {EV_secondary_accepted, EV_secondary_refused}},
};

static const struct transition rows[] = {
    {EV_secondary_opened, PAPER_NEW, secondary_state_opened, on_opened, "PRT-047"},
    {EV_secondary_sent, IN(secondary_state_opened), secondary_state_sent, NULL, "PRT-047"},
    {EV_secondary_accepted, IN(secondary_state_sent), secondary_state_accepted, on_accepted,
     "PRT-047"},
    {EV_secondary_refused, IN(secondary_state_sent), secondary_state_refused, NULL, "PRT-047"},
    {EV_secondary_settled, ANSWERED | IN(secondary_state_settled), secondary_state_settled,
     on_settled, "PRT-047"},
};

const struct paper parts_secondary_paper = {.name = "secondary",
                                            .label = "secondary claim 二次索賠",
                                            .table = PARTS_TABLE(SECONDARY),
                                            .states = &codes_secondary_state,
                                            .keys = {"secondary_no"},
                                            PAPER_ROWS(rows),
                                            PAPER_CLOCKS(clocks)};

static const struct transition done_rows[] = {
    {EV_supplier_return_done, PAPER_NEW, supplier_return_state_done, on_done, "PRT-048"},
};

const struct paper parts_supplier_return_paper = {.name = "supplier_return",
                                                  .label = "clearing 清退",
                                                  .table = PARTS_TABLE(SUPPLIER_RETURN),
                                                  .states = &codes_supplier_return_state,
                                                  .keys = {"return_no"},
                                                  PAPER_ROWS(done_rows)};

enum err parts_secondary_fact(struct step *st, const void *payload)
{
    if (st->type->kind == EV_secondary_opened) return opened(st, payload);
    bool claim = paper_of((const struct paper *const[]){&parts_secondary_paper, NULL},
                          st->type->kind) != NULL;
    return paper_fact(st, claim ? &parts_secondary_paper : &parts_supplier_return_paper, payload);
}
