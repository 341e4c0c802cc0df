/* intake_contract.c - what becomes of a maintenance contract 保養合同 after its registration.
 *
 * contract.upserted (intake_master.c keeps its file) makes a contract active; contract.turn, a
 * clock of the house itself, writes contract.notice_due when the notice day begins and
 * contract.expired when the last day is over; a renewal begins anew with the new last day. Notice
 * and visit may come in either order, and before the notice day. What was told of a term is
 * forgotten with it; the terms themselves are kept, so that INT-058 can be answered for any day.
 * Rules INT-057, INT-058. */
#include "common/contract.h"
#include "services/intake/intake_private.h"
#include <string.h>

#define CASE_PREFIX "contract/"
#define TURN_ITEM 1 /* so that ending contract.turn leaves the other clocks of the case alone */
#define TERMS_MAX 64

#define ACTIVE IN(contract_state_active)
#define NOTICE_DUE IN(contract_state_notice_due)
#define NOTIFIED IN(contract_state_notified)
#define VISITED IN(contract_state_visited)
#define EXPIRED IN(contract_state_expired)
#define IN_FORCE CONTRACT_IN_FORCE

static const struct deadline_row turn = {
    .name = "contract.turn", .rule = "INT-057", .from = FROM_START, .due = DUE_GIVEN};

/* ---- days ---- */

static const struct calendar *calendar_at(struct step *st, const struct rec_row_contract *row)
{
    return step_calendar(st, row->unit, NULL);
}

/* The local day of the event at hand. */
static int32_t day_at(struct step *st, const struct rec_row_contract *row, int64_t at_ms)
{
    return zone_day(calendar_zone(calendar_at(st, row)), at_ms);
}

static int64_t day_begin(struct step *st, const struct rec_row_contract *row, int32_t day)
{
    return paper_day_end(st, row->unit, day - 1);
}

/* A month before expiry, back to a working day. */
static int32_t notice_day(struct step *st, const struct rec_row_contract *row)
{
    const struct calendar *cal = calendar_at(st, row);
    int32_t day = day_add_months(row->expiry, -(int)st->policy->keys.contract_notice_months);
    if (calendar_is_workday(cal, day)) return day;
    int32_t before = calendar_workday(cal, day, -1);
    return before == INT32_MAX ? day : before;
}

static int32_t next_workday(struct step *st, const struct rec_row_contract *row, int32_t day)
{
    int32_t next = calendar_workday(calendar_at(st, row), day, 1);
    return next == INT32_MAX ? day + 1 : next;
}

/* ---- terms (INT-058) ---- */

static bool terms_cover(const struct rec_row_contract *row, int32_t day)
{
    if (row->last_day && day > row->last_day) return false;
    for (uint32_t i = 0; i < row->terms.n; i++) {
        if (day >= row->terms.v[i].start && day <= row->terms.v[i].expiry) return true;
    }
    return false;
}

enum err intake_contract_in_force(struct step *st, const struct ev_contract_upserted *file,
                                  int32_t day, bool *out)
{
    struct rec_row_contract row;
    struct key k = key_of(file->contract);
    enum err e = step_get(st, INTAKE_TABLE(CONTRACT_LIFE), &k, &row);
    if (e == ERR_OK) *out = terms_cover(&row, day);
    if (e != ERR_NOT_FOUND) return e;
    *out = !file->draft && day >= file->start && day <= file->expiry;
    return ERR_OK;
}

/* The oldest makes room. */
static void terms_add(struct step *st, struct rec_row_contract *row, int32_t start)
{
    uint32_t kept = row->terms.n < TERMS_MAX ? row->terms.n : TERMS_MAX - 1;
    struct rec_term_line *v = arena_take(st->arena, (kept + 1) * sizeof *v);
    if (kept) memcpy(v, row->terms.v + row->terms.n - kept, kept * sizeof *v);
    v[kept] = (struct rec_term_line){.start = start, .expiry = row->expiry};
    row->terms.v = v;
    row->terms.n = kept + 1;
}

/* ---- a term begins ---- */

static enum err set_turn(struct step *st, const struct rec_row_contract *row, struct str case_no,
                         int64_t due_ms)
{
    struct deadline_ctx c = {.case_no = case_no,
                             .item = TURN_ITEM,
                             .unit = row->unit,
                             .start_ms = st->in ? st->in->occurred : st->now_ms,
                             .given_ms = intake_instant(due_ms),
                             .row = row};
    return deadline_arm(st, &turn, &c, (struct str){0});
}

static bool notice_used(const struct step *st)
{
    const struct deadline_setting *s = policy_deadline(st->policy, STR("contract.notice"));
    return s && !s->off;
}

/* From when and until when the notice is due; contract.notice is armed to it. Entered after the
 * notice day: at once, and until the next working day. Entered after its last day: not at all. */
static void plan_notice(struct step *st, struct paper_at *a, int32_t entered)
{
    struct rec_row_contract *row = a->row;
    row->notice_by = 0;
    row->notice_from = 0;
    if (!notice_used(st) || entered > row->expiry) return;
    int32_t day = notice_day(st, row);
    row->notice_from = day_begin(st, row, day);
    row->notice_by = intake_day(entered > day ? next_workday(st, row, entered) : day);
    a->given_ms = paper_day_end(st, row->unit, row->notice_by);
}

static enum err begin(struct step *st, struct paper_at *a, struct str contract)
{
    struct rec_row_contract *row = a->row;
    enum err e = deadline_drop(st, a->case_no, 0, STR("a new term"));
    if (e != ERR_OK) return e;
    row->state = contract_state_active;
    row->notice_due_at = row->notice_sent_at = row->visited_at = 0;
    row->visit_day = 0;
    row->outcome = (struct str){0};
    int32_t entered = day_at(st, row, a->start_ms);
    plan_notice(st, a, entered);
    int64_t first = row->notice_from ? row->notice_from : paper_day_end(st, row->unit, row->expiry);
    e = set_turn(st, row, a->case_no, first);
    if (e != ERR_OK) return e;
    struct rec_term_line days = row->terms.v[row->terms.n - 1];
    if (days.start < entered) days.start = entered;
    return intake_pm_between(st, contract, days);
}

/* ---- registration ---- */

/* What stood in the row before this fact was copied into it; zeroes when it is new. */
static enum err row_before(struct step *st, const struct paper_at *a, struct rec_row_contract *out)
{
    enum err e = step_get(st, INTAKE_TABLE(CONTRACT_LIFE), &a->key, out);
    if (e == ERR_NOT_FOUND) *out = (struct rec_row_contract){0};
    return e == ERR_NOT_FOUND ? ERR_OK : e;
}

static enum err on_upserted(struct step *st, const void *payload, void *at)
{
    const struct ev_contract_upserted *ev = payload;
    struct paper_at *a = at;
    struct rec_row_contract *row = a->row, old;
    enum err e = row_before(st, a, &old);
    if (e != ERR_OK) return e;
    bool was_draft = a->before == 0 || a->before == contract_state_draft;
    if (ev->draft && !was_draft) {
        return step_refuse(st, "state", "draft",
                           "a contract that was in force is no draft 草稿 any more; send it "
                           "without draft, or contract.terminated");
    }
    row->state = ev->draft ? contract_state_draft : a->before;
    if (ev->draft || (!was_draft && old.start == ev->start && old.expiry == ev->expiry))
        return ERR_OK;
    row->terms.n = 0;
    terms_add(st, row, row->start);
    return begin(st, a, ev->contract);
}

enum err intake_contract_registered(struct step *st, const void *payload)
{
    return paper_fact(st, &intake_contract, payload);
}

/* ---- notice and visit (INT-057) ---- */

static enum err on_notice_due(struct step *st, const void *payload, void *at)
{
    (void)payload;
    struct paper_at *a = at;
    const struct rec_row_contract *row = a->row;
    a->given_ms = paper_day_end(st, row->unit, row->expiry);
    return ERR_OK;
}

static enum err on_visit_planned(struct step *st, const void *payload, void *at)
{
    const struct ev_contract_visit_planned *ev = payload;
    const struct rec_row_contract *row = ((struct paper_at *)at)->row;
    if (ev->visit_day <= row->expiry) return ERR_OK;
    return step_refuse(st, "after_expiry", "visit_day",
                       "the contract will have expired by then; the visit must take place by its "
                       "last day");
}

/* Told after the renewal, of the term that is over: the clocks of the new one do not hear it. */
static enum err on_done(struct step *st, const void *payload, void *at)
{
    (void)payload;
    const struct paper_at *a = at;
    const struct rec_row_contract *row = a->row;
    bool of_old = row->renewed_at && st->in->occurred < row->renewed_at;
    return of_old ? ERR_STALE : ERR_OK;
}

static bool not_visited(struct step *st, const struct deadline_ctx *c, const void *payload)
{
    (void)st, (void)payload;
    const struct rec_row_contract *row = c->row;
    return row->visited_at == 0;
}

/* ---- renewal and end ---- */

/* First day of the new term: as said, else the day after the old one when that is still to come or
 * today, else today. */
static int32_t first_day(struct step *st, const struct ev_contract_renewed *ev,
                         const struct paper_at *a, const struct rec_row_contract *old)
{
    if (ev->start) return ev->start;
    int32_t today = day_at(st, a->row, a->start_ms);
    return intake_day(today > old->expiry ? today : old->expiry + 1);
}

/* The file says it too. */
static enum err file_renewed(struct step *st, struct str contract, int32_t expiry)
{
    struct ev_contract_upserted file;
    struct key k = key_of(contract);
    enum err e = step_get(st, INTAKE_TABLE(CONTRACT), &k, &file);
    if (e != ERR_OK) return e == ERR_NOT_FOUND ? ERR_CORRUPT : e;
    file.expiry = expiry;
    step_put(st, INTAKE_TABLE(CONTRACT), &k, &file);
    return ERR_OK;
}

static enum err on_renewed(struct step *st, const void *payload, void *at)
{
    const struct ev_contract_renewed *ev = payload;
    struct paper_at *a = at;
    struct rec_row_contract *row = a->row, old;
    enum err e = row_before(st, a, &old);
    if (e != ERR_OK) return e;
    int32_t start = first_day(st, ev, a, &old);
    if (start <= old.expiry) {
        return step_refuse(st, "terms_overlap", "start",
                           "the old term is not over by then; the new one begins the day after");
    }
    if (ev->expiry < start) {
        return step_refuse(st, "expiry_not_later", "expiry",
                           "the new last day must lie behind the old one and not before the first "
                           "day of the new term");
    }
    row->start = old.start;
    terms_add(st, row, start);
    e = file_renewed(st, ev->contract, ev->expiry);
    return e == ERR_OK ? begin(st, a, ev->contract) : e;
}

static enum err on_terminated(struct step *st, const void *payload, void *at)
{
    const struct ev_contract_terminated *ev = payload;
    struct paper_at *a = at;
    struct rec_row_contract *row = a->row;
    if (!row->last_day) row->last_day = intake_day(day_at(st, row, a->start_ms));
    if (row->last_day > row->expiry) row->last_day = row->expiry;
    return intake_pm_between(
        st, ev->contract,
        (struct rec_term_line){.start = day_at(st, row, a->start_ms), .expiry = row->last_day});
}

static enum err turn_act(struct step *st, struct str contract, struct rec_row_contract *row)
{
    if (row->notice_from && !row->notice_due_at) {
        struct ev_contract_notice_due due = {.contract = contract,
                                             .unit = row->unit,
                                             .customer = row->customer,
                                             .expiry = row->expiry,
                                             .notice_by = row->notice_by};
        enum err e = paper_act(st, &intake_contract, EV_contract_notice_due, &due);
        if (e != ERR_OK) return e;
        struct str no = paper_case(st, &intake_contract, shape_ev_contract_notice_due(), &due);
        return set_turn(st, row, no, paper_day_end(st, row->unit, row->expiry));
    }
    struct ev_contract_expired ev = {
        .contract = contract, .unit = row->unit, .expiry = row->expiry};
    return paper_act(st, &intake_contract, EV_contract_expired, &ev);
}

enum err intake_contract_turn(struct step *st, struct str case_no)
{
    uint32_t n = (uint32_t)strlen(CASE_PREFIX);
    if (case_no.n <= n) return ERR_CORRUPT;
    struct str contract = {case_no.p + n, case_no.n - n};
    struct rec_row_contract row;
    struct key k = key_of(contract);
    enum err e = step_get(st, INTAKE_TABLE(CONTRACT_LIFE), &k, &row);
    if (e != ERR_OK) return ERR_CORRUPT;
    e = deadline_drop(st, case_no, TURN_ITEM, STR("the day came"));
    if (e != ERR_OK) return e;
    return turn_act(st, contract, &row);
}

/* ---- the paper ---- */

static const struct transition contract_rows[] = {
    {EV_contract_upserted, PAPER_NEW | IN(contract_state_draft) | IN_FORCE | EXPIRED, 0,
     on_upserted, "INT-058"},
    {EV_contract_notice_due, ACTIVE, contract_state_notice_due, on_notice_due, "INT-057"},
    {EV_contract_notice_due, NOTIFIED | VISITED, 0, on_notice_due, "INT-057"},
    {EV_contract_notice_sent, ACTIVE | NOTICE_DUE, contract_state_notified, on_done, "INT-057"},
    {EV_contract_notice_sent, VISITED | EXPIRED, 0, on_done, "INT-057"},
    {EV_contract_visit_planned, IN_FORCE, 0, on_visit_planned, "INT-057"},
    {EV_contract_visited, ACTIVE | NOTICE_DUE | NOTIFIED, contract_state_visited, on_done,
     "INT-057"},
    {EV_contract_visited, VISITED | EXPIRED, 0, on_done, "INT-057"},
    {EV_contract_renewed, IN_FORCE | EXPIRED, 0, on_renewed, "INT-057"},
    {EV_contract_expired, IN_FORCE, contract_state_expired, NULL, "INT-057"},
    {EV_contract_terminated, IN_FORCE, contract_state_terminated, on_terminated, "INT-058"},
};

static const struct deadline_row contract_clocks[] = {
    {.name = "contract.notice",
     .rule = "INT-057",
     .from = FROM_START,
     .due = DUE_GIVEN,
     .start = {EV_contract_upserted, EV_contract_renewed},
     .stop = {EV_contract_notice_sent}},
    {.name = "contract.visit",
     .rule = "INT-057",
     .from = FROM_START,
     .due = DUE_GIVEN,
     .start = {EV_contract_notice_due},
     .stop = {EV_contract_visited},
     .starts = not_visited},
};

const struct paper intake_contract = {.name = "contract",
                                      .label = "maintenance contract 保養合同",
                                      .table = INTAKE_TABLE(CONTRACT_LIFE),
                                      .states = &codes_contract_state,
                                      .keys = {"contract"},
                                      PAPER_ROWS(contract_rows),
                                      PAPER_CLOCKS(contract_clocks),
                                      .drops = IN(contract_state_terminated)};
