/* dispatch_goods.c - goods taken away for repair 攜回修護: receipt, register, return, custody.
 *
 * An item is found by the number of its receipt 客戶商品領取收據. Its card moves it from card_open
 * to inspected (dispatch_repaircard.c). Read: the counts of a unit and their daily check, the goods
 * of a job, the facts about an item, the paper.
 *
 * Invariants: a job is taken_away while one of its items is not returned, a receipt not voided or
 * lost, or the return not signed for; then it is signed. A receipt may be voided before the return
 * is entered; the daily check of the unit shows it. Rules DSP-033, DSP-034, DSP-038, DSP-039,
 * DSP-041. */
#include "services/dispatch/dispatch_private.h"

#define TABLE(name) (&dispatch_tables[DISPATCH_##name])

/* ---- a unit's custody (DSP-039) ---- */

#define CUSTODY_PREFIX "custody/"

static const struct deadline_row custody_clock = {
    .name = "custody.check", .rule = "DSP-039", .from = FROM_START, .due = DUE_SETTING};

enum err dispatch_custody_get(struct step *st, struct str unit, struct rec_row_custody *out)
{
    struct key k = key_of(unit);
    enum err e = step_get(st, TABLE(CUSTODY), &k, out);
    if (e == ERR_NOT_FOUND) *out = (struct rec_row_custody){0};
    return e == ERR_NOT_FOUND ? ERR_OK : e;
}

/* The check runs from the first receipt on, at the end of each day, until nothing is left. */
static enum err expect_check(struct step *st, struct str unit, int64_t from_ms)
{
    struct deadline_ctx c = {.case_no =
                                 arena_printf(st->arena, CUSTODY_PREFIX "%.*s", STR_ARG(unit)),
                             .unit = unit,
                             .start_ms = from_ms};
    struct rec_row_deadline runs;
    enum err e = deadline_get(st, c.case_no, 0, custody_clock.name, &runs);
    if (e == ERR_OK && runs.end == deadline_end_open) return ERR_OK;
    if (e != ERR_OK && e != ERR_NOT_FOUND) return e;
    return deadline_arm(st, &custody_clock, &c, (struct str){0});
}

enum err dispatch_custody_put(struct step *st, struct str unit, const struct rec_row_custody *row)
{
    ENSURE(row->waiting + row->entries <= row->issued);
    struct key k = key_of(unit);
    step_put(st, TABLE(CUSTODY), &k, row);
    return expect_check(st, unit, st->now_ms);
}

static bool agrees(const struct rec_row_custody *r)
{
    return r->issued == r->voided + r->lost + (r->entries - r->returned) + r->waiting;
}

enum err dispatch_custody_passed(struct step *st, const struct passed *what)
{
    uint32_t n = (uint32_t)sizeof CUSTODY_PREFIX - 1;
    if (what->case_no.n <= n) return ERR_CORRUPT;
    struct str unit = arena_str(st->arena, (struct str){what->case_no.p + n, what->case_no.n - n});
    struct rec_row_custody r;
    enum err e = dispatch_custody_get(st, unit, &r);
    if (e != ERR_OK) return e;
    const struct zone *z = step_zone(st, unit);
    if (!agrees(&r)) {
        struct ev_custody_mismatch ev = {.unit = unit,
                                         .day = zone_day(z, what->due_ms - 1),
                                         .issued = r.issued,
                                         .voided = r.voided,
                                         .lost = r.lost,
                                         .waiting = r.waiting,
                                         .in_custody = r.issued - r.voided - r.lost,
                                         .open_entries = r.entries - r.returned};
        step_emit_as(st, "DSP-039", EV_custody_mismatch, &ev);
    }
    bool empty = r.issued == r.voided + r.lost && r.entries == r.returned;
    struct deadline_ctx c = {
        .case_no = arena_str(st->arena, what->case_no), .unit = unit, .occurred_ms = what->due_ms};
    e = deadline_drop(st, c.case_no, 0, STR("checked"));
    return e == ERR_OK && !empty ? expect_check(st, unit, what->due_ms) : e;
}

/* ---- the goods of a job ---- */

static uint8_t job_no(uint64_t said)
{
    return said ? (uint8_t)said : JOB_FIRST;
}

enum err dispatch_goods_of(struct step *st, struct str call_no, uint8_t job,
                           struct rec_row_job_goods *out)
{
    struct key k = dispatch_job_key(call_no, job);
    enum err e = step_get(st, TABLE(JOB_GOODS), &k, out);
    if (e == ERR_NOT_FOUND) *out = (struct rec_row_job_goods){0};
    return e == ERR_NOT_FOUND ? ERR_OK : e;
}

static void goods_of_put(struct step *st, struct str call_no, uint8_t job,
                         const struct rec_row_job_goods *row)
{
    struct key k = dispatch_job_key(call_no, job);
    step_put(st, TABLE(JOB_GOODS), &k, row);
}

/* Who was on the job has finished: the customer signed for the return. */
static enum err finish_legs(struct step *st, struct job *j)
{
    struct leg *v;
    uint32_t n = 0;
    enum err e = dispatch_leg_all(st, j, &v, &n);
    for (uint32_t i = 0; e == ERR_OK && i < n; i++) {
        if (!v[i].was_open) continue;
        v[i].r.completed_at = j->r.finished_at;
        e = dispatch_leg_put(st, j, &v[i]);
    }
    return e;
}

/* DSP-027: signed for before anything was back. */
static void check_signature(struct step *st, const struct job *j, struct rec_row_job_goods *g)
{
    bool early = g->return_signed_at && g->return_signed_at < st->in->occurred;
    if (!j->sp->sign_after_finish || g->returned || !early) return;
    g->return_signed_at = 0;
    struct ev_conduct_recorded seen = {
        .kind = STR("pre_signed"), .person = j->r.lead, .call_no = j->call_no, .job = j->no};
    step_emit_as(st, "DSP-027", EV_conduct_recorded, &seen);
}

/* DSP-038: returned, every receipt ended, and signed for when the last item was back: the job is
 * signed. */
static enum err settle(struct step *st, struct job *j, struct rec_row_job_goods *g)
{
    int64_t from_ms = j->sp->sign_after_finish ? g->returned_at : 0;
    bool is_signed = g->return_signed_at && g->return_signed_at >= from_ms;
    bool over = g->returned == g->taken && g->ended == g->taken && is_signed;
    if (j->r.state != job_state_taken_away || !over) return ERR_OK;
    j->r.state = job_state_signed;
    j->r.finished_at = g->returned_at;
    j->r.signed_at = g->return_signed_at;
    g->take_away_signed_at = g->return_signed_at = 0; /* taken up again, it is signed for again */
    enum err e = finish_legs(st, j);
    return e == ERR_OK ? dispatch_close_check(st, j) : e;
}

/* The job and what is away for it, changed and settled. */
static enum err job_put(struct step *st, struct job *j, struct rec_row_job_goods *g)
{
    enum err e = settle(st, j, g);
    if (e != ERR_OK) return e;
    goods_of_put(st, j->call_no, j->no, g);
    dispatch_job_save(st, j);
    return ERR_OK;
}

static enum err job_get(struct step *st, const struct rec_row_goods *r, struct job *j,
                        struct rec_row_job_goods *g)
{
    enum err e = dispatch_job_load(st, r->call_no, job_no(r->job), j);
    if (e == ERR_NOT_FOUND) return ERR_CORRUPT;
    return e == ERR_OK ? dispatch_goods_of(st, j->call_no, j->no, g) : e;
}

enum err dispatch_goods_signed(struct step *st, const struct ev_voucher_signed *ev)
{
    struct job j;
    struct rec_row_job_goods g;
    enum err e = dispatch_job_load(st, ev->call_no, job_no(ev->job), &j);
    if (e == ERR_OK) e = dispatch_goods_of(st, j.call_no, j.no, &g);
    if (e != ERR_OK) return e == ERR_NOT_FOUND ? ERR_STALE : e;
    int64_t at_ms = st->in->occurred;
    if (ev->purpose != voucher_purpose_return) {
        dispatch_job_earliest(&g.take_away_signed_at, at_ms);
    } else if (at_ms > g.return_signed_at) {
        g.return_signed_at = at_ms; /* of several the last: the goods came back one by one */
    }
    return job_put(st, &j, &g);
}

/* ---- an item ---- */

void dispatch_goods_put(struct step *st, struct str receipt, const struct rec_row_goods *row)
{
    struct key k = key_of(receipt);
    step_put(st, TABLE(GOODS), &k, row);
}

enum err dispatch_goods_find(struct step *st, struct str register_no, struct str *receipt,
                             struct rec_row_goods *out)
{
    struct rec_row_goods_entry entry;
    struct key k = key_of(register_no);
    enum err e = step_get(st, TABLE(GOODS_ENTRY), &k, &entry);
    if (e != ERR_OK) return e;
    k = key_of(entry.receipt_no);
    e = step_get(st, TABLE(GOODS), &k, out);
    if (e != ERR_OK) return e == ERR_NOT_FOUND ? ERR_CORRUPT : e;
    *receipt = entry.receipt_no;
    return ERR_OK;
}

#define MAY_TAKE                                                                                   \
    (IN(job_state_on_site) | IN(job_state_working) | IN(job_state_contingency) |                   \
     IN(job_state_taken_away))

static enum err check_job(struct step *st, const struct ev_goods_taken_away *ev, struct job *j)
{
    enum err e = dispatch_job_load(st, ev->call_no, job_no(ev->job), j);
    if (e == ERR_NOT_FOUND) {
        return step_refuse(st, "unknown_job", "call_no",
                           "call %.*s has no job %u here; it is made when intake queues the call",
                           STR_ARG(ev->call_no), job_no(ev->job));
    }
    if (e != ERR_OK || (IN(j->r.state) & MAY_TAKE)) return e;
    return step_refuse(st, "state", "call_no",
                       "the job of call %.*s is %s; goods are taken away by who is at the "
                       "customer's (on_site, working, contingency, taken_away)",
                       STR_ARG(ev->call_no), code_word(&codes_job_state, j->r.state));
}

static enum err on_taken_away(struct step *st, const void *payload, void *row)
{
    const struct ev_goods_taken_away *ev = payload;
    struct rec_row_goods *r = ((struct paper_at *)row)->row;
    struct job j;
    struct rec_row_job_goods g;
    struct rec_row_custody c;
    enum err e = check_job(st, ev, &j);
    if (e == ERR_OK) e = dispatch_goods_of(st, j.call_no, j.no, &g);
    if (!ev->unit.n) r->unit = j.r.unit;
    if (e == ERR_OK) e = dispatch_custody_get(st, r->unit, &c);
    if (e != ERR_OK) return e;
    j.r.state = job_state_taken_away;
    g.taken++;
    c.issued++;
    c.waiting++;
    e = job_put(st, &j, &g);
    return e == ERR_OK ? dispatch_custody_put(st, r->unit, &c) : e;
}

static enum err check_log_in(struct step *st, const struct ev_goods_logged_in *ev,
                             const struct rec_row_goods *r)
{
    struct rec_row_job_goods g;
    struct rec_row_goods_entry other;
    struct key k = key_of(ev->register_no);
    enum err e = dispatch_goods_of(st, r->call_no, job_no(r->job), &g);
    if (e != ERR_OK) return e;
    if (!g.take_away_signed_at) {
        st->rule = "DSP-033";
        return step_refuse(st, "not_signed", "receipt_no",
                           "the customer has not signed the voucher for the take-away of receipt "
                           "%.*s; report voucher.signed with purpose=take_away first",
                           STR_ARG(ev->receipt_no));
    }
    e = step_get(st, TABLE(GOODS_ENTRY), &k, &other);
    if (e != ERR_OK) return e == ERR_NOT_FOUND ? ERR_OK : e;
    return step_refuse(st, "entry_taken", "register_no",
                       "entry %.*s of the register is that of receipt %.*s; give the item an entry "
                       "of its own",
                       STR_ARG(ev->register_no), STR_ARG(other.receipt_no));
}

static enum err on_logged_in(struct step *st, const void *payload, void *row)
{
    const struct ev_goods_logged_in *ev = payload;
    struct rec_row_goods *r = ((struct paper_at *)row)->row;
    struct rec_row_custody c;
    enum err e = check_log_in(st, ev, r);
    if (e == ERR_OK) e = dispatch_custody_get(st, r->unit, &c);
    if (e != ERR_OK) return e;
    struct rec_row_goods_entry entry = {.receipt_no = ev->receipt_no};
    struct key k = key_of(ev->register_no);
    step_put(st, TABLE(GOODS_ENTRY), &k, &entry);
    const struct zone *z = step_zone(st, r->unit);
    if (!r->date_in) r->date_in = zone_day(z, st->in->occurred);
    if (!r->log_in_passed) c.waiting--;
    c.entries++;
    return dispatch_custody_put(st, r->unit, &c);
}

static enum err on_returned(struct step *st, const void *payload, void *row)
{
    (void)payload;
    struct rec_row_goods *r = ((struct paper_at *)row)->row;
    struct job j;
    struct rec_row_job_goods g;
    struct rec_row_custody c;
    enum err e = job_get(st, r, &j, &g);
    if (e == ERR_OK) e = dispatch_custody_get(st, r->unit, &c);
    if (e != ERR_OK) return e;
    const struct zone *z = step_zone(st, r->unit);
    if (!r->date_returned) r->date_returned = zone_day(z, st->in->occurred);
    if (r->receipt_ended) r->state = goods_state_receipt_voided;
    check_signature(st, &j, &g);
    g.returned++;
    if (st->in->occurred > g.returned_at) g.returned_at = st->in->occurred;
    c.returned++;
    e = job_put(st, &j, &g);
    if (e == ERR_OK) e = dispatch_fee_invoice(st, &j);
    return e == ERR_OK ? dispatch_custody_put(st, r->unit, &c) : e;
}

static enum err on_receipt_ended(struct step *st, const void *payload, void *row)
{
    (void)payload;
    struct paper_at *a = row;
    struct rec_row_goods *r = a->row;
    struct job j;
    struct rec_row_job_goods g;
    struct rec_row_custody c;
    bool lost = st->type->kind == EV_receipt_lost;
    if (r->receipt_ended) {
        return step_refuse(st, "receipt_ended", "receipt_no",
                           "this receipt is already voided or declared lost");
    }
    enum err e = lost ? dispatch_goods_supervisor(st, r->approved_by, "approved_by") : ERR_OK;
    if (e == ERR_OK) e = job_get(st, r, &j, &g);
    if (e == ERR_OK) e = dispatch_custody_get(st, r->unit, &c);
    if (e != ERR_OK) return e;
    if (a->before == goods_state_returned) r->state = goods_state_receipt_voided;
    r->receipt_ended = true;
    g.ended++;
    if (lost) {
        c.lost++;
    } else {
        c.voided++;
    }
    e = job_put(st, &j, &g);
    return e == ERR_OK ? dispatch_custody_put(st, r->unit, &c) : e;
}

/* ---- the paper ---- */

#define INSPECTED IN(goods_state_inspected)

static const struct transition goods_rows[] = {
    {EV_goods_taken_away, PAPER_NEW, goods_state_taken_away, on_taken_away, "DSP-033"},
    {EV_goods_logged_in, IN(goods_state_taken_away), goods_state_logged_in, on_logged_in,
     "DSP-034"},
    {EV_goods_returned, INSPECTED, goods_state_returned, on_returned, "DSP-038"},
    {EV_receipt_voided, INSPECTED | IN(goods_state_returned), 0, on_receipt_ended, "DSP-038"},
    {EV_receipt_lost, INSPECTED | IN(goods_state_returned), 0, on_receipt_ended, "DSP-038"},
};

enum { GOODS_LOG_IN, GOODS_RETURN };

static const struct deadline_row goods_clocks[] = {
    [GOODS_LOG_IN] = {.name = "goods.log_in",
                      .rule = "DSP-034",
                      .from = FROM_OCCURRED,
                      .due = DUE_SETTING,
                      .start = {EV_goods_taken_away},
                      .stop = {EV_goods_logged_in}},
    /* Armed by the inspection (dispatch_goods_give_back). */
    [GOODS_RETURN] = {.name = "goods.return",
                      .rule = "DSP-041",
                      .from = FROM_OCCURRED,
                      .due = DUE_SETTING,
                      .stop = {EV_goods_returned}},
};

const struct paper dispatch_goods = {.name = "goods",
                                     .label = "receipt 客戶商品領取收據",
                                     .table = TABLE(GOODS),
                                     .states = &codes_goods_state,
                                     .keys = {"receipt_no"},
                                     PAPER_ROWS(goods_rows),
                                     PAPER_CLOCKS(goods_clocks)};

enum err dispatch_goods_give_back(struct step *st, struct str receipt,
                                  const struct rec_row_goods *row)
{
    struct deadline_ctx c = {.case_no = arena_printf(st->arena, "goods/%.*s", STR_ARG(receipt)),
                             .unit = row->unit,
                             .person = row->technician,
                             .occurred_ms = st->in->occurred};
    return deadline_arm(st, &goods_clocks[GOODS_RETURN], &c, (struct str){0});
}

/* From now on a receipt that is not logged in is a difference of the unit's custody. */
enum err dispatch_goods_passed(struct step *st, const struct passed *what)
{
    uint32_t n = (uint32_t)sizeof "goods/" - 1;
    if (what->case_no.n <= n) return ERR_CORRUPT;
    struct str receipt =
        arena_str(st->arena, (struct str){what->case_no.p + n, what->case_no.n - n});
    struct key k = key_of(receipt);
    struct rec_row_goods r;
    struct rec_row_custody c;
    enum err e = step_get(st, TABLE(GOODS), &k, &r);
    if (e == ERR_OK) e = dispatch_custody_get(st, r.unit, &c);
    if (e != ERR_OK) return e == ERR_NOT_FOUND ? ERR_CORRUPT : e;
    if (r.state != goods_state_taken_away || r.log_in_passed) return ERR_OK;
    r.log_in_passed = true;
    c.waiting--;
    dispatch_goods_put(st, receipt, &r);
    return dispatch_custody_put(st, r.unit, &c);
}
