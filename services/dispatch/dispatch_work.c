/* dispatch_work.c - the work itself: diagnosis, what must be there before a repair, repair,
 * restoring, emergency plan, completion.
 *
 * Work may be reported before the arrival is (reports come out of order), but it is finished only
 * by somebody who was there, unless the kind of order needs no arrival or the fault was solved from
 * afar. Rules DSP-012, DSP-019, DSP-020, DSP-021, DSP-024, DSP-028, DSP-085. */
#include "services/dispatch/dispatch_private.h"

/* Nobody has to be there (any more). */
static bool may_work(const struct job *j)
{
    return !j->kind->arrival || j->r.remote || j->r.arrived_at;
}

/* From on site to work; without arrival from any state before. */
static void begin_work(struct job *j)
{
    bool before = j->r.state <= job_state_travelling;
    if (j->r.state == job_state_on_site || (before && may_work(j))) j->r.state = job_state_working;
}

static void end_contingency(struct job *j)
{
    if (j->r.state == job_state_contingency) j->r.state = job_state_working;
}

/* A job nobody was sent to: only where the kind of order needs nobody, or it was solved from afar.
 */
static enum err check_sent(struct step *st, const struct job *j)
{
    if (j->r.state != job_state_pending || !j->kind->assignment || j->r.remote) return ERR_OK;
    return step_refuse(st, "not_assigned", "",
                       "nobody has been assigned to this job; report job.assigned first");
}

static enum err check_there(struct step *st, const struct job *j)
{
    enum err e = check_sent(st, j);
    if (e != ERR_OK || may_work(j) || j->r.state > job_state_travelling) return e;
    return step_refuse(st, "not_arrived", "",
                       "nobody has arrived and this kind of order needs it; report job.arrived, or "
                       "job.restored with remote=yes and user_confirms=yes");
}

/* DSP-024: what was listened and looked for is recorded. */
static void warn_unrecorded(struct step *st, const struct job *j, const struct ev_job_diagnosed *ev)
{
    static const struct ev_job_diagnosed nothing;
    const struct shape *s = shape_ev_job_diagnosed();
    const uint64_t said = proto_filled(s, &nothing, ev);
    const struct words *must = &j->sp->diagnosis_check;
    for (uint32_t i = 0; i < must->n; i++) {
        const struct field *f = shape_field(s, must->v[i]);
        if (f && !(said >> (f - s->fields) & 1)) dispatch_work_warn(st, j, "DSP-024", must->v[i]);
    }
}

enum err dispatch_work_on_diagnosed(struct step *st, const void *payload, void *row)
{
    const struct ev_job_diagnosed *ev = payload;
    struct job *j = row;
    enum err e = check_sent(st, j);
    if (e != ERR_OK) return e;
    warn_unrecorded(st, j, ev);
    j->r.diagnosed_at = st->in->occurred;
    j->r.cause_class = ev->class;
    j->r.cause_code = ev->cause_code;
    begin_work(j);
    return dispatch_repeat_check(st, j);
}

/* INT-052: the department itself, or somebody of it. */
static enum err check_reviewer(struct step *st, struct str by)
{
    const struct words reviewers = st->policy->keys.plan_reviewers;
    if (reviewers.n == 0 || words_have(reviewers, by)) return ERR_OK;
    struct rec_row_person person;
    struct key k = key_of(by);
    enum err e = step_get(st, &table_person, &k, &person);
    if (e == ERR_OK && !person.left && words_have(reviewers, person.role)) return ERR_OK;
    if (e != ERR_OK && e != ERR_NOT_FOUND) return e;
    return step_refuse(
        st, "not_entitled", "by",
        "R&D reviews the repair plan: name in by %.*s, or somebody whose role that is",
        STR_ARG(reviewers.v[0]));
}

enum err dispatch_work_on_plan_reviewed(struct step *st, const void *payload, void *row)
{
    struct job *j = row;
    enum err e = check_reviewer(st, ((const struct ev_job_plan_reviewed *)payload)->by);
    if (e != ERR_OK) return e;
    j->r.plan_reviewed = true;
    dispatch_job_earliest(&j->r.plan_reviewed_at, st->in->occurred);
    return ERR_OK;
}

/* INT-037: accepted before the repair began, whichever was told first. */
static enum err has_quote(struct step *st, const struct job *j, bool *out)
{
    struct rec_row_call_quote row;
    struct key k = key_of(j->call_no);
    enum err e = step_get(st, &dispatch_tables[DISPATCH_CALL_QUOTE], &k, &row);
    *out = e == ERR_OK && row.accepted_at <= st->in->occurred;
    return e == ERR_NOT_FOUND ? ERR_OK : e;
}

void dispatch_work_warn(struct step *st, const struct job *j, const char *rule, struct str missing)
{
    struct ev_job_requirement_missing ev = {
        .call_no = j->call_no, .job = j->no, .missing = missing};
    step_emit_as(st, rule, EV_job_requirement_missing, &ev);
}

static void warn(struct step *st, const struct job *j, const char *missing)
{
    dispatch_work_warn(st, j, "DSP-085", str_of(missing));
}

void dispatch_work_warn_charge(struct step *st, const struct job *j)
{
    bool paid = j->r.category == category_a || j->r.category == category_b;
    if (!paid || j->r.charge_explained || st->policy->keys.open_units) return;
    warn(st, j, "charge_explained");
}

static enum err check_repair_start(struct step *st, const struct job *j)
{
    bool quoted = false;
    enum err e = has_quote(st, j, &quoted);
    if (e != ERR_OK) return e;
    bool unquoted = j->r.category == category_a && j->sp->quote_required && !quoted;
    bool grave = j->r.severity == severity_serious || j->r.severity == severity_major;
    bool reviewed = j->r.plan_reviewed && j->r.plan_reviewed_at <= st->in->occurred;
    bool unreviewed = grave && !reviewed;
    if (!st->policy->keys.repair_start_refuse) {
        if (unquoted) warn(st, j, "quote_accepted");
        if (unreviewed) warn(st, j, "plan_reviewed");
        return ERR_OK;
    }
    if (unquoted) {
        return step_refuse(st, "quote_missing", "",
                           "paid repair under policy %.*s needs a quotation the customer has "
                           "accepted (quote.accepted)",
                           STR_ARG(j->r.policy));
    }
    if (unreviewed) {
        return step_refuse(st, "review_missing", "",
                           "the problem is graded %s; R&D reviews the repair plan first "
                           "(job.plan_reviewed)",
                           code_word(&codes_severity, j->r.severity));
    }
    return ERR_OK;
}

enum err dispatch_work_on_repair_started(struct step *st, const void *payload, void *row)
{
    (void)payload;
    struct job *j = row;
    enum err e = check_there(st, j);
    if (e == ERR_OK) e = check_repair_start(st, j);
    if (e != ERR_OK) return e;
    dispatch_job_earliest(&j->r.repair_started_at, st->in->occurred);
    begin_work(j);
    return ERR_OK;
}

enum err dispatch_work_on_repaired(struct step *st, const void *payload, void *row)
{
    (void)payload;
    struct job *j = row;
    enum err e = check_sent(st, j);
    if (e != ERR_OK) return e;
    dispatch_job_earliest(&j->r.repaired_at, st->in->occurred);
    begin_work(j);
    end_contingency(j);
    return ERR_OK;
}

/* DSP-019: from afar before anybody arrived, it is solved when the user says so. */
static void judge_restored(const struct step *st, struct job *j, const struct ev_job_restored *ev)
{
    bool nobody = !j->r.arrived_at || st->in->occurred < j->r.arrived_at;
    bool afar = nobody && ev->remote == yes_no_yes;
    bool confirmed = ev->user_confirms == yes_no_yes;
    j->restore_counts = !afar || confirmed;
    j->remote_counts = afar && confirmed && st->policy->keys.remote_fix_stops;
}

enum err dispatch_work_on_restored(struct step *st, const void *payload, void *row)
{
    struct job *j = row;
    judge_restored(st, j, payload);
    if (j->remote_counts) j->r.remote = true;
    enum err e = check_sent(st, j);
    if (e != ERR_OK || !j->restore_counts) return e;
    dispatch_job_earliest(&j->r.restored_at, st->in->occurred);
    begin_work(j);
    end_contingency(j);
    return ERR_OK;
}

enum err dispatch_work_on_contingency_activated(struct step *st, const void *payload, void *row)
{
    (void)payload;
    struct job *j = row;
    dispatch_job_earliest(&j->r.activated_at, st->in->occurred);
    end_contingency(j);
    return ERR_OK;
}

enum err dispatch_work_on_unrepairable(struct step *st, const void *payload, void *row)
{
    (void)payload;
    struct job *j = row;
    enum err e = check_there(st, j);
    if (e == ERR_OK) dispatch_job_earliest(&j->r.unrepairable_at, st->in->occurred);
    return e;
}

enum err dispatch_work_on_install_done(struct step *st, const void *payload, void *row)
{
    (void)payload;
    struct job *j = row;
    enum err e = check_sent(st, j);
    if (e == ERR_OK) dispatch_job_earliest(&j->r.installed_at, st->in->occurred);
    return e;
}

/* ---- completion ---- */

static enum err complete_leg(struct step *st, struct job *j, struct leg *l)
{
    if (l->r.ended_at) {
        return step_refuse(st, "not_assigned", "technician", "%.*s is no longer on this job (%.*s)",
                           STR_ARG(l->technician), STR_ARG(l->r.end));
    }
    l->r.completed_at = st->in->occurred;
    return dispatch_leg_put(st, j, l);
}

/* The latest of what the technicians said, so that a signature can be judged by it (DSP-027). */
static enum err complete_open(struct step *st, struct job *j, bool all)
{
    struct leg *v;
    uint32_t n;
    enum err e = dispatch_leg_all(st, j, &v, &n);
    int64_t last = st->in->occurred;
    for (uint32_t i = 0; e == ERR_OK && i < n; i++) {
        if (v[i].was_done && v[i].r.completed_at > last) last = v[i].r.completed_at;
        if (all && v[i].was_open) e = complete_leg(st, j, &v[i]);
    }
    if (e == ERR_OK && j->r.legs_open == 0) e = dispatch_sheet_check_completion(st, j);
    if (e == ERR_OK && j->r.legs_open == 0) {
        j->r.state = job_state_completed;
        j->r.finished_at = last;
    }
    return e;
}

enum err dispatch_work_on_completed(struct step *st, const void *payload, void *row)
{
    const struct ev_job_completed *ev = payload;
    struct job *j = row;
    enum err e = check_there(st, j);
    if (e != ERR_OK || !ev->technician.n) return e == ERR_OK ? complete_open(st, j, true) : e;
    struct leg l;
    e = dispatch_leg_pick(st, j, ev->technician, &l);
    if (e == ERR_OK) e = complete_leg(st, j, &l);
    return e == ERR_OK ? complete_open(st, j, false) : e;
}
