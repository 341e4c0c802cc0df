/* headoffice_calls.c - the calls as intake tells them, and the case row they share with jobs.
 *
 * Intake completes the fact before it logs it, so each names its call, unit and time. Rules HQ-001,
 * HQ-002, HQ-033 (K-06, K-07), K-31. */
#include "common/contract.h"
#include "services/headoffice/headoffice_private.h"

/* ---- the case row and its counters ---- */

/* K-06 and K-07 are means, so the counters hold number and sum of milliseconds. */
static void share_span(struct counts *c, const struct count_of *of, const char *name,
                       int64_t from_ms, int64_t to_ms, int sign)
{
    if (to_ms == 0) return;
    counts_add_named(c, of, "span", str_of(name), "n", sign);
    counts_add_named(c, of, "span", str_of(name), "ms", sign * (to_ms - from_ms));
}

/* What a call gives to the counters; nothing until intake has been heard of it. */
static void share(struct counts *c, const struct rec_row_hq_case *r, int sign)
{
    if (r->received == 0) return;
    struct count_of of = {r->unit, r->policy, r->received_day};
    counts_add(c, &of, "calls", sign);
    if (r->cancelled) counts_add(c, &of, "cancelled", sign);
    if (r->reassigned) counts_add(c, &of, "reassigned_calls", sign);
    counts_add(c, &of, "reassignments", sign * (int64_t)r->reassigned);
    if (r->reopened) counts_add(c, &of, "reopened_calls", sign);
    if (r->paused) counts_add(c, &of, "paused_calls", sign);
    if (r->assigned && r->assigned <= r->register_until) {
        counts_add(c, &of, "assigned_on_register_day", sign);
    }
    share_span(c, &of, "reply", r->received, r->replied, sign);
    if (r->closed == 0) return;
    of.day = r->closed_day;
    counts_add(c, &of, "closed", sign);
    share_span(c, &of, "close", r->received, r->closed, sign);
}

enum err case_open(struct step *st, struct str call_no, struct case_edit *edit)
{
    edit->key = key_of(call_no);
    edit->old = (struct rec_row_hq_case){0};
    enum err e = step_get(st, headoffice_case, &edit->key, &edit->old);
    edit->row = edit->old;
    return e == ERR_NOT_FOUND ? ERR_OK : e;
}

enum err case_save(struct step *st, const struct case_edit *edit)
{
    struct counts *c = counts_new(st);
    share(c, &edit->old, -1);
    share(c, &edit->row, 1);
    step_put(st, headoffice_case, &edit->key, &edit->row);
    return counts_save(c);
}

/* ---- registration and the service policy ---- */

/* Last instant of the register day of the call (INT-029); a day without work or outside the
 * calendar counts as a calendar day. */
static int64_t register_until(struct step *st, const struct rec_row_hq_case *r)
{
    const struct service_policy *sp = policy_service(st->policy, r->policy);
    const struct calendar *cal = step_calendar(st, r->unit, sp);
    const struct zone *z = calendar_zone(cal);
    if (sp && sp->register_day == REGISTER_DAY_business) {
        int32_t day = calendar_register_day(cal, r->received);
        if (day != INT32_MAX && calendar_is_workday(cal, day)) return calendar_close_of(cal, day);
    }
    int64_t end = zone_day_start(z, zone_day(z, r->received) + 1) - 1;
    return end > TIME_MAX_MS ? TIME_MAX_MS : end;
}

static void set_received(struct step *st, struct case_edit *edit, int64_t received_ms)
{
    edit->row.received = received_ms;
    edit->row.received_day = headoffice_day(st, received_ms);
    edit->row.register_until = register_until(st, &edit->row);
}

static enum err on_registered(struct step *st, const void *payload)
{
    const struct ev_call_registered *x = payload;
    struct case_edit edit;
    enum err e = case_open(st, x->call_no, &edit);
    if (e != ERR_OK) return e;
    edit.row.unit = x->unit;
    edit.row.service_class = x->service_class;
    set_received(st, &edit, x->received_at);
    return case_save(st, &edit);
}

static enum err set_policy(struct step *st, struct str call_no, struct str policy)
{
    struct case_edit edit;
    enum err e = case_open(st, call_no, &edit);
    if (e != ERR_OK) return e;
    edit.row.policy = policy;
    if (edit.row.received) edit.row.register_until = register_until(st, &edit.row);
    return case_save(st, &edit);
}

static enum err on_classified(struct step *st, const void *payload)
{
    const struct ev_call_classified *x = payload;
    return set_policy(st, x->call_no, x->policy);
}

static enum err on_policy_changed(struct step *st, const void *payload)
{
    const struct ev_call_policy_changed *x = payload;
    return set_policy(st, x->call_no, x->policy);
}

static enum err on_queued(struct step *st, const void *payload)
{
    const struct ev_call_queued *x = payload;
    struct case_edit edit;
    enum err e = case_open(st, x->call_no, &edit);
    if (e != ERR_OK) return e;
    edit.row.unit = x->unit;
    edit.row.policy = x->policy;
    if (x->service_class.n) edit.row.service_class = x->service_class;
    set_received(st, &edit, x->received_at);
    return case_save(st, &edit);
}

/* ---- the life of a call ---- */

static enum err on_replied(struct step *st, const void *payload)
{
    const struct ev_call_replied *x = payload;
    struct case_edit edit;
    enum err e = case_open(st, x->call_no, &edit);
    if (e != ERR_OK) return e;
    edit.row.replied = headoffice_earlier(edit.row.replied, st->in->occurred);
    return case_save(st, &edit);
}

static enum err on_cancelled(struct step *st, const void *payload)
{
    const struct ev_call_cancelled *x = payload;
    struct case_edit edit;
    enum err e = case_open(st, x->call_no, &edit);
    if (e != ERR_OK) return e;
    edit.row.cancelled = st->in->occurred;
    return case_save(st, &edit);
}

static enum err close_case(struct step *st, struct str call_no)
{
    struct case_edit edit;
    enum err e = case_open(st, call_no, &edit);
    if (e != ERR_OK) return e;
    edit.row.closed = st->in->occurred;
    edit.row.closed_day = headoffice_day(st, edit.row.closed);
    return case_save(st, &edit);
}

static enum err on_written_off(struct step *st, const void *payload)
{
    return close_case(st, ((const struct ev_call_written_off *)payload)->call_no);
}

static enum err on_closed(struct step *st, const void *payload)
{
    return close_case(st, ((const struct ev_call_closed *)payload)->call_no);
}

/* K-31 as intake itself reconciled it; told once per unit and day, a later word replaces it. */
static enum err on_day_closed(struct step *st, const void *payload)
{
    const struct ev_register_day_closed *x = payload;
    struct key k = key_of(x->unit);
    key_day(&k, x->day);
    struct rec_row_hq_register old = {0}, row = {x->calls, x->dispatched};
    enum err e = step_get(st, headoffice_register, &k, &old);
    if (e != ERR_OK && e != ERR_NOT_FOUND) return e;
    step_put(st, headoffice_register, &k, &row);
    struct counts *c = counts_new(st);
    struct count_of of = {x->unit, {0}, x->day};
    counts_add(c, &of, "register/calls", (int64_t)row.calls - (int64_t)old.calls);
    counts_add(c, &of, "register/dispatched", (int64_t)row.dispatched - (int64_t)old.dispatched);
    return counts_save(c);
}

const struct on headoffice_calls[] = {
    {EV_unit_upserted, OWNER_intake, step_master},
    {EV_call_registered, OWNER_intake, on_registered},
    {EV_call_classified, OWNER_intake, on_classified},
    {EV_call_policy_changed, OWNER_intake, on_policy_changed},
    {EV_call_queued, OWNER_intake, on_queued},
    {EV_call_replied, OWNER_intake, on_replied},
    {EV_call_cancelled, OWNER_intake, on_cancelled},
    {EV_call_written_off, OWNER_intake, on_written_off},
    {EV_call_closed, OWNER_intake, on_closed},
    {EV_register_day_closed, OWNER_intake, on_day_closed},
};
const size_t headoffice_call_count = COUNT_OF(headoffice_calls);
