/* dispatch_close.c - after the work: taking it up again, signature, leaving, service report,
 * closing.
 *
 * A job closes of itself when the customer has signed, the outcome was reported where the policy
 * wants the call before leaving, the report is approved where the policy lists more than a
 * signature, and the satisfaction form is there where the policy wants one for each job; else it
 * closes with its call. A call that intake writes off on a signature that does not count here is a
 * register.mismatch. Rules INT-025, INT-031, INT-084, DSP-026, DSP-027, DSP-028, DSP-030, DSP-031,
 * DSP-032. */
#include "services/dispatch/dispatch_private.h"

/* ---- taking up again ---- */

static void count_reopening(struct job *j, uint64_t told)
{
    uint64_t next = j->r.reopenings + 1;
    j->r.reopenings = told > next ? told : next;
}

#define OVER (IN(job_state_completed) | IN(job_state_signed) | IN(job_state_closed))

/* Finished work goes on; a signature under it was for what was thought to be finished (DSP-027). */
static bool take_up(struct step *st, struct job *j)
{
    if (!(IN(j->r.state) & OVER)) return false;
    if (j->r.state == job_state_closed) dispatch_repeat_forget(st, j);
    j->r.state = job_state_working;
    j->r.finished_at = j->r.signed_at = j->r.closed_at = 0;
    return true;
}

enum err dispatch_close_on_reopened(struct step *st, const void *payload, void *row)
{
    struct job *j = row;
    count_reopening(j, ((const struct ev_job_reopened *)payload)->count);
    (void)take_up(st, j);
    return ERR_OK;
}

void dispatch_close_joined(struct step *st, struct job *j)
{
    if (!take_up(st, j)) return;
    count_reopening(j, 0);
    struct ev_job_reopened out = {
        .call_no = j->call_no, .job = j->no, .reason = STR("another fault joined")};
    step_emit(st, EV_job_reopened, &out);
}

enum err dispatch_close_on_reopened_late(struct step *st, const void *payload, void *row)
{
    (void)payload;
    struct job *j = row;
    return step_refuse(st, "closed", "", "the job is over; register a new call with repeat_of=%.*s",
                       STR_ARG(j->call_no));
}

/* ---- signature ---- */

static enum err check_signed_after(struct step *st, const struct job *j)
{
    if (!j->sp->sign_after_finish || st->in->occurred >= j->r.finished_at) return ERR_OK;
    char at[40];
    const struct calendar *cal = step_calendar(st, j->r.unit, j->sp);
    time_format(j->r.finished_at, calendar_zone(cal), at);
    struct ev_conduct_recorded seen = {
        .kind = STR("pre_signed"), .person = j->r.lead, .call_no = j->call_no, .job = j->no};
    step_also(st, EV_conduct_recorded, &seen);
    return step_refuse(st, "pre_signed", "time",
                       "signed before the work was finished at %s; let the customer sign again "
                       "after the service",
                       at);
}

enum err dispatch_close_on_signed(struct step *st, const void *payload, void *row)
{
    (void)payload;
    struct job *j = row;
    bool finished = j->r.state == job_state_completed;
    if (!finished && j->kind->completion) {
        return step_refuse(
            st, "not_finished", "",
            "the customer signs after the service, and the work is not finished (%s); "
            "report job.completed first",
            code_word(&codes_job_state, j->r.state));
    }
    enum err e = finished ? check_signed_after(st, j) : ERR_OK;
    if (e != ERR_OK) return e;
    if (!finished) j->r.finished_at = st->in->occurred;
    j->r.signed_at = st->in->occurred;
    j->r.state = job_state_signed;
    return ERR_OK;
}

/* Finished work of a call that was written off without a signature may still be signed for. */
enum err dispatch_close_on_signed_late(struct step *st, const void *payload, void *row)
{
    (void)payload;
    struct job *j = row;
    if (j->r.signed_at || !j->r.finished_at) {
        return step_refuse(st, "state", "", "the job is closed; %s",
                           j->r.signed_at ? "the customer has signed for it"
                                          : "its work was never finished, register a new call");
    }
    enum err e = check_signed_after(st, j);
    if (e == ERR_OK) j->r.signed_at = st->in->occurred;
    return e;
}

/* INT-031: why no signature counts for a job whose call is written off. */
static const struct unsigned_why {
    uint32_t states;
    const char *rule, *code;
} unsigned_why[] = {
    {IN(job_state_completed), "DSP-027", "not_signed"},
    {IN(job_state_taken_away), "DSP-038", "goods_away"},
    {UINT32_MAX, "DSP-027", "not_finished"},
};

void dispatch_close_written_off(struct step *st, const struct job *j)
{
    if (j->r.signed_at || !j->kind->signature || j->r.state == job_state_closed) return;
    const struct unsigned_why *why = unsigned_why;
    while (!(why->states & IN(j->r.state)))
        why++;
    struct ev_register_mismatch ev = {.call_no = j->call_no,
                                      .register_state = call_state_closed,
                                      .rule = str_of(why->rule),
                                      .code = str_of(why->code)};
    if (j->r.voucher.n) ev.voucher_state = voucher_state_filed;
    step_emit_as(st, "INT-031", EV_register_mismatch, &ev);
}

/* ---- leaving ---- */

enum err dispatch_close_on_leave_reported(struct step *st, const void *payload, void *row)
{
    (void)payload;
    struct job *j = row;
    dispatch_job_earliest(&j->r.leave_reported_at, st->in->occurred);
    return ERR_OK;
}

enum err dispatch_close_on_left_site(struct step *st, const void *payload, void *row)
{
    const struct ev_job_left_site *ev = payload;
    struct job *j = row;
    int64_t at = st->in->occurred;
    j->r.left_at = at;
    bool called = j->r.leave_reported_at && j->r.leave_reported_at <= at;
    if (!j->sp->leave_call || called) return ERR_OK;
    struct ev_conduct_recorded out = {.kind = STR("left_without_call"),
                                      .person = ev->technician.n ? ev->technician : j->r.lead,
                                      .call_no = j->call_no,
                                      .job = j->no};
    step_emit_as(st, "DSP-031", EV_conduct_recorded, &out);
    return ERR_OK;
}

/* ---- service report ---- */

static bool lines_name(const struct ev_evidence_completed *ev)
{
    for (uint32_t i = 0; i < ev->parts.n; i++) {
        if (!ev->parts.v[i].name.n) return false;
    }
    return true;
}

static bool lines_reason(const struct ev_evidence_completed *ev)
{
    for (uint32_t i = 0; i < ev->parts.n; i++) {
        if (!ev->parts.v[i].reason.n) return false;
    }
    return true;
}

/* DSP-026: what was replaced is stated with reason, name and quantity; the quantity is there by
 * contract. */
static bool lines_whole(const struct ev_evidence_completed *ev)
{
    return lines_name(ev) && lines_reason(ev);
}

static bool has_cause(const struct ev_evidence_completed *ev)
{
    return ev->cause.n != 0;
}

static bool has_solution(const struct ev_evidence_completed *ev)
{
    return ev->solution.n != 0;
}

static bool has_opinion(const struct ev_evidence_completed *ev)
{
    return ev->user_opinion.n != 0;
}

static bool always(const struct ev_evidence_completed *ev)
{
    (void)ev;
    return true;
}

/* The words a policy may use in evidence_fields and how the report answers them. Reason, name and
 * quantity are owed for each part that was replaced (DSP-026); the quantity is there by contract.
 * Signatures come as job.signed; papers the report does not carry are judged by whoever approves
 * it. */
static const struct evidence_word {
    const char *word;
    bool (*there)(const struct ev_evidence_completed *ev);
    bool signature;
} evidence_words[] = {
    {"cause", has_cause, false},           {"fault_cause", has_cause, false},
    {"solution", has_solution, false},     {"user_opinion", has_opinion, false},
    {"reason", lines_reason, false},       {"part_name", lines_name, false},
    {"part_names", lines_name, false},     {"parts", lines_whole, false},
    {"replaced_parts", lines_name, false}, {"quantity", always, false},
    {"quantities", always, false},         {"signature", always, true},
    {"user_signature", always, true},      {"customer_signature", always, true},
};

static const struct evidence_word *word_find(struct str word)
{
    for (size_t i = 0; i < COUNT_OF(evidence_words); i++) {
        if (str_is(word, evidence_words[i].word)) return &evidence_words[i];
    }
    return NULL;
}

bool dispatch_close_wants_report(const struct service_policy *sp)
{
    for (uint32_t i = 0; i < sp->evidence_fields.n; i++) {
        const struct evidence_word *w = word_find(sp->evidence_fields.v[i]);
        if (!w || !w->signature) return true;
    }
    return false;
}

/* DSP-027: a correction is a new version; what was signed or approved was the one before. */
static void drop_older(struct job *j, int64_t corrected_ms)
{
    if (!j->r.evidence_at) return;
    if (corrected_ms > j->r.approved_at) j->r.approved_at = 0;
    if (j->r.state != job_state_signed || corrected_ms <= j->r.signed_at) return;
    j->r.signed_at = 0;
    j->r.state = job_state_completed;
}

#define MISSING_MAX 16u

enum err dispatch_close_on_evidence(struct step *st, const void *payload, void *row)
{
    const struct ev_evidence_completed *ev = payload;
    struct job *j = row;
    struct rec_name_line missing[MISSING_MAX];
    uint32_t n = 0;
    for (uint32_t i = 0; i < j->sp->evidence_fields.n && n < MISSING_MAX; i++) {
        const struct evidence_word *w = word_find(j->sp->evidence_fields.v[i]);
        if (!w || w->there(ev)) continue;
        missing[n++] = (struct rec_name_line){.name = j->sp->evidence_fields.v[i]};
    }
    drop_older(j, st->in->occurred);
    j->r.evidence_at = st->in->occurred;
    j->r.evidence_complete = n == 0;
    if (n == 0) return ERR_OK;
    struct ev_evidence_incomplete out = {.call_no = j->call_no, .job = j->no};
    out.missing.v = missing;
    out.missing.n = n;
    step_emit(st, EV_evidence_incomplete, &out);
    return ERR_OK;
}

enum err dispatch_close_on_approved(struct step *st, const void *payload, void *row)
{
    (void)payload;
    struct job *j = row;
    if (!j->r.evidence_at) {
        return step_refuse(
            st, "evidence_missing", "",
            "there is no service report to approve; report evidence.completed first");
    }
    j->r.approved_at = st->in->occurred;
    return ERR_OK;
}

/* ---- satisfaction form 滿意度調查表 (INT-084) ---- */

enum err dispatch_close_on_survey(struct step *st, const void *payload, void *row)
{
    const struct ev_evidence_survey_attached *ev = payload;
    struct job *j = row;
    bool filled = ev->attitude || ev->skill || ev->arrival || ev->promise;
    if (!filled && !ev->reason.n) {
        return step_refuse(st, "survey_empty", "reason",
                           "the form has no answer; give at least one of attitude, skill, arrival "
                           "and promise, or the reason why the user would not fill it in");
    }
    j->r.survey_at = st->in->occurred;
    return ERR_OK;
}

/* ---- closing ---- */

enum err dispatch_close_check(struct step *st, struct job *j)
{
    if (j->r.state != job_state_signed) return ERR_OK;
    if (j->sp->leave_call && !j->r.leave_reported_at) return ERR_OK;
    if (dispatch_close_wants_report(j->sp) && !j->r.approved_at) return ERR_OK;
    if (j->sp->survey == SURVEY_form_per_job && !j->r.survey_at) return ERR_OK;
    enum err e = dispatch_job_end(st, j, job_state_closed, STR("closed"));
    if (e != ERR_OK) return e;
    struct ev_job_closed out = {.call_no = j->call_no, .job = j->no};
    step_emit_as(st, "DSP-031", EV_job_closed, &out);
    return ERR_OK;
}
