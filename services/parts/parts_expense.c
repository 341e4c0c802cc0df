/* parts_expense.c - the travel expense form 差旅費報銷單: handed in after the trip with a voucher
 * for each line, audited, signed, approved by the general manager, paid; in this order (PRT-054,
 * PRT-055, PRT-074). Each voucher is used once over all claims (PRT-071).
 *
 * A form may be handed in again, corrected, until it is audited; what it does not say then is what
 * it said before. Forms come every month: who has a message or a service card of a month is awaited
 * with a form by the 5th of the next one, where the unit's forms are checked against those
 * (PRT-065). A form belongs to every month its trip touches. */
#include "common/contract.h"
#include "services/parts/parts_private.h"
#include <inttypes.h>

#define FEN 100
#define TRIP_MAX 366 /* days */

/* ---- the months of a person (PRT-065) ---- */

static const struct deadline_row monthly = {
    .name = "expense.monthly", .rule = "PRT-065", .from = FROM_START, .due = DUE_GIVEN};

static int32_t month_of(int32_t day)
{
    int y, m, d;
    day_split(day, &y, &m, &d);
    return day_of(y, m, 1);
}

static struct key month_key(struct str person, int32_t month)
{
    struct key k = key_of(person);
    key_day(&k, month);
    return k;
}

static struct deadline_ctx month_ctx(struct step *st, const struct rec_row_expense_month *r,
                                     struct str person, int32_t month)
{
    char day[11];
    day_format(month, day);
    int32_t next = day_add_months(month, 1);
    int32_t last = next + (int32_t)st->policy->parts.expense_monthly_day - 1;
    return (struct deadline_ctx){
        .case_no = arena_printf(st->arena, "expense_month/%.*s/%.7s", STR_ARG(person), day),
        .unit = r->unit,
        .person = person,
        .occurred_ms = step_occurred(st),
        .start_ms = zone_day_start(step_zone(st, r->unit), next),
        .given_ms = paper_day_end(st, r->unit, last)};
}

static enum err month_load(struct step *st, struct str person, int32_t month,
                           struct rec_row_expense_month *out)
{
    struct key k = month_key(person, month);
    enum err e = step_get(st, PARTS_TABLE(EXPENSE_MONTH), &k, out);
    if (e != ERR_NOT_FOUND) return e;
    *out = (struct rec_row_expense_month){0};
    return ERR_OK;
}

static void month_save(struct step *st, struct str person, int32_t month,
                       const struct rec_row_expense_month *r)
{
    struct key k = month_key(person, month);
    step_put(st, PARTS_TABLE(EXPENSE_MONTH), &k, r);
}

static enum err checked(struct step *st, struct str unit, const char *check, bool *out)
{
    struct rec_row_unit u = {0};
    enum err e = step_unit(st, unit, &u);
    if (e != ERR_OK && e != ERR_NOT_FOUND) return e;
    *out = policy_expense_check(st->policy, unit, u.default_policy, str_of(check));
    return ERR_OK;
}

enum err parts_expense_worked(struct step *st, struct str unit, struct str person, int32_t day)
{
    struct rec_row_expense_month r;
    int32_t month = month_of(day);
    bool sms = false, card = false;
    enum err e = checked(st, unit, "sms", &sms);
    if (e == ERR_OK) e = checked(st, unit, "card", &card);
    if (e == ERR_OK) e = month_load(st, person, month, &r);
    if (e != ERR_OK || r.worked || !(sms || card)) return e;
    r.worked = true;
    r.unit = unit;
    month_save(st, person, month, &r);
    struct deadline_ctx c = month_ctx(st, &r, person, month);
    return r.claims ? ERR_OK : deadline_arm(st, &monthly, &c, (struct str){0});
}

static enum err came_for(struct step *st, struct str person, int32_t month)
{
    struct rec_row_expense_month r;
    enum err e = month_load(st, person, month, &r);
    if (e != ERR_OK) return e;
    r.claims++;
    month_save(st, person, month, &r);
    struct deadline_ctx c = month_ctx(st, &r, person, month);
    return r.worked && r.claims == 1 ? deadline_stop(st, &monthly, &c) : ERR_OK;
}

static struct key form_key(struct str person, int32_t month, struct str expense_no)
{
    struct key k = month_key(person, month);
    key_str(&k, expense_no);
    return k;
}

static enum err came_for_all(struct step *st, struct str expense_no,
                             const struct rec_row_expense *r)
{
    enum err e = ERR_OK;
    struct rec_row_mark mark = {.set = true};
    int32_t last = month_of(r->until_day);
    for (int32_t m = month_of(r->from_day); e == ERR_OK && m <= last; m = day_add_months(m, 1)) {
        struct key k = form_key(r->person, m, expense_no);
        step_put(st, PARTS_TABLE(EXPENSE_OF), &k, &mark);
        e = came_for(st, r->person, m);
    }
    return e;
}

/* It is corrected, and may be of other months. */
static void left_all(struct step *st, struct str expense_no, const struct rec_row_expense *r)
{
    int32_t last = month_of(r->until_day);
    for (int32_t m = month_of(r->from_day); m <= last; m = day_add_months(m, 1)) {
        struct key k = form_key(r->person, m, expense_no);
        step_del(st, PARTS_TABLE(EXPENSE_OF), &k);
    }
}

static enum err each_of_month(struct step *st, const struct rec_row_expense *form, int32_t month,
                              parts_on_expense *handle, void *ctx)
{
    struct key prefix = month_key(form->person, month), at = {.n = 0}, k;
    struct rec_row_mark mark;
    enum err e;
    while ((e = step_next(st, PARTS_TABLE(EXPENSE_OF), &prefix, &at, &mark)) == ERR_OK) {
        struct key_reader reader = {{at.b + prefix.n, at.n - prefix.n}};
        struct rec_row_expense r;
        struct str no;
        e = key_take_str(&reader, &no);
        if (e != ERR_OK) return e;
        no = arena_str(st->arena, no);
        k = key_of(no);
        e = step_get(st, PARTS_TABLE(EXPENSE), &k, &r);
        if (e != ERR_OK) return e == ERR_NOT_FOUND ? ERR_CORRUPT : e;
        int32_t first = form->from_day > r.from_day ? form->from_day : r.from_day;
        if (month_of(first) == month) handle(st, no, &r, ctx); /* once, in their first common one */
    }
    return e == ERR_END ? ERR_OK : e;
}

enum err parts_expense_beside(struct step *st, const struct rec_row_expense *form,
                              parts_on_expense *handle, void *ctx)
{
    enum err e = ERR_OK;
    int32_t last = month_of(form->until_day);
    for (int32_t m = month_of(form->from_day); e == ERR_OK && m <= last; m = day_add_months(m, 1))
        e = each_of_month(st, form, m, handle, ctx);
    return e;
}

/* ---- the form itself (PRT-054) ---- */

static enum err check_trip(struct step *st, const struct rec_row_expense *r, uint64_t days)
{
    int64_t trip = (int64_t)r->until_day - r->from_day + 1;
    int32_t today = step_day(st, r->unit);
    if (trip < 1 || trip > TRIP_MAX) {
        return step_refuse(st, "day", "until_day",
                           "a trip has from 1 to %d days; this one ends before it begins, or is "
                           "longer",
                           TRIP_MAX);
    }
    if (r->until_day > today) {
        st->rule = "PRT-074";
        return step_refuse(st, "early", "until_day",
                           "the trip is not over; its form is handed in after it");
    }
    st->rule = "PRT-055";
    if (days && days != (uint64_t)trip) {
        return step_refuse(st, "days", "days", "the trip has %" PRId64 " days, not %" PRIu64, trip,
                           days);
    }
    st->rule = "PRT-065";
    int months = (int)st->policy->parts.slip_max_age_months;
    if (today <= day_add_months(r->until_day, months)) return ERR_OK;
    return step_refuse(st, "too_old", "until_day",
                       "the trip ended more than %d months ago; a form is handed in monthly",
                       months);
}

static bool is_travel(const struct step *st, enum expense_kind kind)
{
    return words_have(st->policy->parts.travel_kinds, str_of(code_word(&codes_expense_kind, kind)));
}

static enum err check_line(struct step *st, const struct rec_row_expense *r, uint32_t i)
{
    const struct rec_expense_line *l = &r->lines.v[i];
    st->rule = "PRT-054";
    if (is_travel(st, l->kind) && (!l->from.n || !l->to.n)) {
        return step_refuse(st, "missing", "lines",
                           "line %u is a journey and names no start and end place 起訖地點", i + 1);
    }
    if (l->amount != r->vouchers.v[i].amount) {
        return step_refuse(st, "vouchers", "vouchers",
                           "line %u and its voucher %.*s differ in the amount; they agree line by "
                           "line, in the order of the form",
                           i + 1, STR_ARG(r->vouchers.v[i].voucher_no));
    }
    st->rule = "PRT-055";
    if (l->day < r->from_day || l->day > r->until_day) {
        return step_refuse(st, "day", "lines", "line %u lies outside the days of the trip", i + 1);
    }
    if (l->days <= (uint64_t)((int64_t)r->until_day - r->from_day + 1)) return ERR_OK;
    return step_refuse(st, "days", "lines", "line %u covers more days than the trip has", i + 1);
}

static enum err check_lines(struct step *st, struct rec_row_expense *r)
{
    st->rule = "PRT-054";
    if (!r->lines.n || !r->places.n) {
        return step_refuse(st, "missing", r->lines.n ? "places" : "lines",
                           "a form has at least one line and one place of the trip 出差地");
    }
    if (r->lines.n != r->vouchers.n) {
        return step_refuse(st, "vouchers", "vouchers",
                           "%u lines and %u vouchers; each line has one, in the same order",
                           r->lines.n, r->vouchers.n);
    }
    enum err e = ERR_OK;
    r->claimed = 0;
    for (uint32_t i = 0; e == ERR_OK && i < r->lines.n; i++) {
        e = check_line(st, r, i);
        r->claimed += r->lines.v[i].amount;
    }
    return e;
}

/* ---- handed in ---- */

static enum err take_vouchers(struct step *st, const struct paper_at *a,
                              const struct rec_row_expense *before)
{
    const struct rec_row_expense *r = a->row;
    for (uint32_t i = 0; i < before->vouchers.n; i++)
        parts_voucher_release(st, before->vouchers.v[i].voucher_no);
    enum err e = ERR_OK;
    for (uint32_t i = 0; e == ERR_OK && i < r->vouchers.n; i++)
        e = parts_voucher_take(st, r->vouchers.v[i].voucher_no, a->case_no, i + 1);
    return e;
}

static enum err link_advance(struct step *st, const struct rec_row_expense *r,
                             const struct rec_row_expense *before)
{
    bool same = str_eq(r->advance_no, before->advance_no);
    enum err e = ERR_OK;
    if (before->advance_no.n && !same) e = parts_advance_left(st, before->advance_no);
    if (e != ERR_OK || !r->advance_no.n) return e;
    return parts_advance_claimed(st, r->advance_no, r->person, r->until_day, same);
}

static enum err on_submitted(struct step *st, const void *payload, void *row)
{
    const struct ev_expense_submitted *ev = payload;
    const struct paper_at *a = row;
    struct rec_row_expense *r = a->row, before = {0};
    enum err e = a->before ? step_get(st, PARTS_TABLE(EXPENSE), &a->key, &before) : ERR_OK;
    if (e != ERR_OK) return e;
    if (a->before && !str_eq(before.person, r->person)) {
        return step_refuse(st, "person", "person",
                           "form %.*s is %.*s's; a correction does not change that",
                           STR_ARG(ev->expense_no), STR_ARG(before.person));
    }
    e = check_trip(st, r, ev->days);
    if (e == ERR_OK) e = check_lines(st, r);
    if (e == ERR_OK) e = take_vouchers(st, a, &before);
    if (e == ERR_OK) e = link_advance(st, r, &before);
    if (e == ERR_OK && a->before) left_all(st, ev->expense_no, &before);
    return e == ERR_OK ? came_for_all(st, ev->expense_no, r) : e;
}

/* ---- audited, signed, approved, paid (PRT-055, PRT-065) ---- */

static enum err on_audited(struct step *st, const void *payload, void *row)
{
    const struct ev_expense_audited *ev = payload;
    struct rec_row_expense *r = ((struct paper_at *)row)->row;
    r->audited_by = ev->by;
    return parts_expense_audit(st, r, ev);
}

static enum err on_reviewed(struct step *st, const void *payload, void *row)
{
    struct rec_row_expense *r = ((struct paper_at *)row)->row;
    r->reviewed_by = ((const struct ev_expense_reviewed *)payload)->by;
    struct parts_signature s = {r->reviewed_by, "by", st->policy->parts.expense_reviewer,
                                r->person};
    return parts_signs(st, &s);
}

static enum err on_approved(struct step *st, const void *payload, void *row)
{
    struct rec_row_expense *r = ((struct paper_at *)row)->row;
    r->approved_by = ((const struct ev_expense_approved *)payload)->by;
    struct parts_cost cost = {budget_kind_travel, r->unit, r->project, r->approved};
    struct parts_signature s = {r->approved_by, "by", st->policy->parts.expense_approver,
                                r->person};
    enum err e = parts_signs(st, &s);
    if (e == ERR_OK) e = parts_cost_add(st, &cost);
    if (e != ERR_OK || !r->advance_no.n) return e;
    return parts_advance_used(st, r->advance_no, r->approved);
}

static enum err on_paid(struct step *st, const void *payload, void *row)
{
    const struct ev_expense_paid *ev = payload;
    const struct rec_row_expense *r = ((struct paper_at *)row)->row;
    if (ev->amount && ev->amount != r->approved) {
        return step_refuse(st, "amount", "amount",
                           "%" PRId64 ".%02" PRId64 " yuan of this form are approved",
                           r->approved / FEN, r->approved % FEN);
    }
    return r->advance_no.n ? parts_advance_is_settled(st, r->advance_no) : ERR_OK;
}

#define SUBMITTED IN(expense_state_submitted)

static const struct transition rows[] = {
    {EV_expense_submitted, PAPER_NEW | SUBMITTED, expense_state_submitted, on_submitted, "PRT-054"},
    {EV_expense_audited, SUBMITTED, expense_state_audited, on_audited, "PRT-065"},
    {EV_expense_reviewed, IN(expense_state_audited), expense_state_reviewed, on_reviewed,
     "PRT-055"},
    {EV_expense_approved, IN(expense_state_reviewed), expense_state_approved, on_approved,
     "PRT-055"},
    {EV_expense_paid, IN(expense_state_approved), expense_state_paid, on_paid, "PRT-055"},
};
static const struct deadline_row clocks[] = {{.name = "expense.audit",
                                              .rule = "PRT-065",
                                              .from = FROM_OCCURRED,
                                              .due = DUE_SETTING,
                                              .start = {EV_expense_submitted},
                                              .stop = {EV_expense_audited}}};
const struct paper parts_expense_paper = {.name = "expense",
                                          .label = "travel expense form 差旅費報銷單",
                                          .table = PARTS_TABLE(EXPENSE),
                                          .states = &codes_expense_state,
                                          .keys = {"expense_no"},
                                          PAPER_ROWS(rows),
                                          PAPER_CLOCKS(clocks)};
