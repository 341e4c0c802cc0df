/* complaint_quality_issue.c - a quality issue at the customer's 質量信息, from the report to the
 * close.
 *
 * A report names eleven fields 一口清; one that lacks some is accepted and says which, the form
 * 質量問題反饋單 is not. The clock of the form is the reporter's and stands in the table of clocks;
 * that of the rectification is the quality department's and is run by hand. What keeps an issue
 * from closing is told by dispatch (complaint_quality.c). Rules CMP-093 … CMP-101, CMP-106; INT-070
 * … INT-073. */
#include "services/complaint/complaint_private.h"
#include <assert.h>
#include <string.h>

#define OBSERVED IN(quality_state_observed)
#define REPORTED IN(quality_state_reported)
#define FORM_SENT IN(quality_state_form_sent)
#define ANALYSING IN(quality_state_analysing)
#define MEASURE_PLANNED IN(quality_state_measure_planned)
#define VERIFYING IN(quality_state_verifying)
#define CLOSED IN(quality_state_closed)
#define UNDER_WAY (FORM_SENT | ANALYSING | MEASURE_PLANNED | VERIFYING)

static enum err may(struct step *st, const void *payload)
{
    return complaint_may(st, paper_text(st->type->shape(), payload, "by_unit"));
}

/* ---- the eleven fields (CMP-094, INT-070) ---- */

#define FIELDS 11u
static const char *const fields[FIELDS] = {"time",        "place",        "product",  "drawing",
                                           "description", "suspect_area", "quantity", "type",
                                           "measure",     "breakpoint",   "talk"};

struct lines {
    struct rec_name_line *v;
    uint32_t n;
};

static enum err take_none(struct step *st, struct lines none, struct rec_row_quality *r)
{
    for (uint32_t i = 0; i < none.n; i++) {
        uint32_t f = 0;
        while (f < FIELDS && !str_is(none.v[i].name, fields[f]))
            f++;
        if (f == FIELDS) {
            st->rule = "CMP-094";
            return step_refuse(st, "unknown_word", "none",
                               "\"%.*s\" is none of the eleven fields: time, place, product, "
                               "drawing, description, suspect_area, quantity, type, measure, "
                               "breakpoint, talk",
                               STR_ARG(none.v[i].name));
        }
        r->none_bits |= UINT64_C(1) << f;
    }
    return ERR_OK;
}

static struct lines missing_of(struct step *st, const struct rec_row_quality *r)
{
    const bool said[FIELDS] = {
        r->time != 0,         r->place.n > 0,        r->product.n > 0, r->drawing.n > 0,
        r->description.n > 0, r->suspect_area.n > 0, r->quantity > 0,  r->type != quality_type_none,
        r->measure.n > 0,     r->breakpoint.n > 0,   r->talk.n > 0};
    struct lines out = {arena_take(st->arena, FIELDS * sizeof *out.v), 0};
    for (uint32_t f = 0; f < FIELDS; f++) {
        if (said[f] || (r->none_bits & UINT64_C(1) << f)) continue;
        out.v[out.n++] = (struct rec_name_line){.name = str_of(fields[f])};
    }
    return out;
}

static struct str joined(struct step *st, struct lines names)
{
    struct str text = {0};
    for (uint32_t i = 0; i < names.n; i++) {
        struct str name = names.v[i].name;
        text = i ? arena_printf(st->arena, "%.*s, %.*s", STR_ARG(text), STR_ARG(name)) : name;
    }
    return text;
}

/* ---- found and reported (CMP-093, CMP-094) ---- */

static enum err on_observed(struct step *st, const void *payload, void *row)
{
    struct rec_row_quality *r = ((struct paper_at *)row)->row;
    r->origin = quality_origin_patrol;
    return may(st, payload);
}

/* A closed issue that comes back begins with what is said now. */
static void begin_anew(const struct ev_quality_reported *ev, struct rec_row_quality *r)
{
    *r = (struct rec_row_quality){.state = r->state,
                                  .unit = r->unit,
                                  .person = ev->person,
                                  .customer = ev->customer,
                                  .origin = ev->origin,
                                  .fed_back_at = ev->fed_back_at,
                                  .time = ev->time,
                                  .place = ev->place,
                                  .product = ev->product,
                                  .drawing = ev->drawing,
                                  .description = ev->description,
                                  .suspect_area = ev->suspect_area,
                                  .quantity = ev->quantity,
                                  .type = ev->type,
                                  .measure = ev->measure,
                                  .breakpoint = ev->breakpoint,
                                  .talk = ev->talk,
                                  .defect_code = ev->defect_code,
                                  .severity = ev->severity,
                                  .focal = ev->focal,
                                  .project = ev->project,
                                  .case_no = r->case_no,
                                  .types = r->types,
                                  .reported_at = r->reported_at};
}

/* What the service knows better than the reporter goes into the log with the report. */
static enum err complete(struct step *st, struct ev_quality_reported ev,
                         const struct rec_row_quality *r)
{
    struct lines missing = missing_of(st, r);
    enum yes_no whole = missing.n ? yes_no_no : yes_no_yes;
    enum yes_no again = r->recurred ? yes_no_yes : yes_no_no;
    struct str said = joined(st, (struct lines){ev.missing.v, ev.missing.n});
    bool wrong = (ev.complete && ev.complete != whole) || (ev.recurred && ev.recurred != again);
    if (wrong || (said.n && !str_eq(said, joined(st, missing)))) {
        return step_refuse(st, "contradiction", "complete",
                           "complete, missing and recurred are filled in here: complete is %s, "
                           "recurred is %s, missing: %.*s; leave them out",
                           code_word(&codes_yes_no, whole), code_word(&codes_yes_no, again),
                           STR_ARG(joined(st, missing)));
    }
    ev.complete = whole;
    ev.recurred = again;
    if (ev.missing.n == 0) {
        ev.missing.v = missing.v;
        ev.missing.n = missing.n;
    }
    step_complete(st, &ev);
    return ERR_OK;
}

static enum err check_recurred(struct step *st, const struct paper_at *a)
{
    const struct rec_row_quality *r = a->row;
    if (a->before != quality_state_closed || r->recurred) return ERR_OK;
    st->rule = "CMP-099";
    return step_refuse(st, "state", "quality_no",
                       "this issue is closed; it comes back only as a recurrence: the same "
                       "customer, drawing number and defect code within %u months. Report anything "
                       "else under a number of its own",
                       st->policy->complaint.recurrence_months);
}

static enum err on_reported(struct step *st, const void *payload, void *row)
{
    const struct ev_quality_reported *ev = payload;
    struct paper_at *a = row;
    struct rec_row_quality *r = a->row;
    enum err e = may(st, payload);
    if (e != ERR_OK) return e;
    if (a->before == quality_state_closed) begin_anew(ev, r);
    if (!r->fed_back_at) r->fed_back_at = step_occurred(st);
    if (!r->origin) r->origin = quality_origin_customer;
    a->start_ms = r->fed_back_at;
    e = take_none(st, (struct lines){ev->none.v, ev->none.n}, r);
    if (e == ERR_OK) e = complaint_quality_opened(st, ev->quality_no);
    if (e == ERR_OK) e = complaint_quality_recur(st, ev->quality_no, r);
    if (e == ERR_OK) e = check_recurred(st, a);
    if (e == ERR_OK) e = complete(st, *ev, r);
    if (e == ERR_OK) e = complaint_parts_reported(st, ev->quality_no, r);
    if (e != ERR_OK || !r->project.n) return e;
    return complaint_quality_project(st, r->project, PROJECT_ISSUE, ev->quality_no);
}

/* ---- the form (CMP-096, INT-072) ---- */

/* By a name of the policy, or as the department qa of the set. */
static bool is_quality_department(const struct step *st, struct str name)
{
    const struct department *d = policy_department(st->policy, STR("qa"));
    if (words_have(st->policy->complaint.form_addressees, name)) return true;
    return d && (str_eq(name, d->name) || str_eq(name, d->label) || str_eq(name, d->unit));
}

static enum err check_addressees(struct step *st, const struct ev_quality_form_sent *ev)
{
    for (uint32_t i = 0; i < ev->addressees.n; i++) {
        if (is_quality_department(st, ev->addressees.v[i].name)) return ERR_OK;
    }
    return step_refuse(st, "quality_department_missing", "addressees",
                       "the form goes to the quality department %.*s, whoever else gets it",
                       STR_ARG(st->policy->complaint.form_addressees.v[0]));
}

static enum err on_form_sent(struct step *st, const void *payload, void *row)
{
    const struct ev_quality_form_sent *ev = payload;
    struct rec_row_quality *r = ((struct paper_at *)row)->row;
    enum err e = may(st, payload);
    if (e == ERR_OK) e = take_none(st, (struct lines){ev->none.v, ev->none.n}, r);
    if (e == ERR_OK) e = check_addressees(st, ev);
    if (e != ERR_OK) return e;
    struct lines missing = missing_of(st, r);
    if (missing.n) {
        return step_refuse(st, "missing", "none",
                           "the form 質量問題反饋單 lacks: %.*s. Say them here, or name under "
                           "\"none\" what there is none of",
                           STR_ARG(joined(st, missing)));
    }
    return complaint_quality_recur(st, ev->quality_no, r);
}

/* ---- its type (CMP-095, INT-071) ---- */

static enum err on_type_changed(struct step *st, const void *payload, void *row)
{
    const struct ev_quality_type_changed *ev = payload;
    struct rec_row_quality *r = ((struct paper_at *)row)->row;
    enum err e = may(st, payload);
    if (e != ERR_OK) return e;
    if (r->type == ev->to) {
        return step_refuse(st, "nothing_changes", "to", "it is %s already",
                           code_label(&codes_quality_type, ev->to));
    }
    if (r->type == quality_type_quality || r->type == quality_type_disputed) {
        return step_refuse(st, "type_final", "to",
                           "%s is confirmed; only a problem that is tracked 跟蹤問題 turns into "
                           "another type",
                           code_label(&codes_quality_type, r->type));
    }
    struct key k = key_of(ev->quality_no);
    key_u64(&k, ++r->types);
    struct rec_row_quality_type was = {
        .from = r->type, .to = ev->to, .at = step_occurred(st), .by = ev->by, .reason = ev->reason};
    step_put(st, COMPLAINT_TABLE(QUALITY_TYPE), &k, &was);
    r->type = ev->to;
    return ERR_OK;
}

/* ---- cause, measures, close (CMP-098, INT-073) ---- */

const struct deadline_row complaint_quality_rectification = {
    .name = "quality.rectification",
    .rule = "CMP-098",
    .from = FROM_START,
    .due = DUE_SETTING,
    .start = {EV_quality_cause_found, EV_quality_measure_planned},
    .stop = {EV_quality_closed}};

/* From the cause on, to the time node or as the policy says. */
static enum err run_rectification(struct step *st, const struct paper_at *a, const void *payload)
{
    const struct rec_row_quality *r = a->row;
    struct str qa = complaint_department(st, "qa");
    struct deadline_ctx c = {.case_no = a->case_no,
                             .unit = qa.n ? qa : r->unit,
                             .occurred_ms = step_occurred(st),
                             .start_ms = r->cause_at,
                             .row = r};
    if (r->due) c.given_ms = paper_day_end(st, c.unit, r->due);
    return deadline_run(st, &complaint_quality_rectification, 1, st->type->kind, &c, payload);
}

static enum err on_cause_found(struct step *st, const void *payload, void *row)
{
    struct paper_at *a = row;
    struct rec_row_quality *r = a->row;
    enum err e = may(st, payload);
    if (e != ERR_OK) return e;
    if (!r->cause_at) r->cause_at = step_occurred(st);
    e = complaint_quality_recur(st, ((const struct ev_quality_cause_found *)payload)->quality_no,
                                r);
    return e == ERR_OK ? run_rectification(st, a, payload) : e;
}

/* The parts may be on line before anybody has told of the measure. */
static enum err on_measure_planned(struct step *st, const void *payload, void *row)
{
    struct paper_at *a = row;
    struct rec_row_quality *r = a->row;
    struct rec_row_quality_plant plant;
    enum err e = may(st, payload);
    if (e == ERR_OK) {
        e = complaint_quality_plant(
            st, ((const struct ev_quality_measure_planned *)payload)->quality_no, &plant);
    }
    if (e != ERR_OK) return e;
    bool online = plant.breakpoint == quality_breakpoint_online ||
                  plant.breakpoint == quality_breakpoint_valid;
    if (online) r->state = quality_state_verifying;
    return run_rectification(st, a, payload);
}

/* What dispatch follows for the issue is at its end (CMP-102 … CMP-104, CMP-106). */
static enum err check_plant(struct step *st, const struct rec_row_quality_plant *p)
{
    if (p->breakpoint && p->breakpoint != quality_breakpoint_valid) {
        st->rule = "CMP-106";
        return step_refuse(st, "breakpoint_open", "quality_no",
                           "the break point 斷點 of this issue is not valid yet "
                           "(breakpoint.valid after one more shift); it is %s",
                           code_word(&codes_quality_breakpoint, p->breakpoint));
    }
    if (p->defects) {
        st->rule = "CMP-102";
        return step_refuse(st, "defect_open", "quality_no",
                           "%llu vehicle(s) with the defect are followed and not verified yet "
                           "(defect.verified)",
                           (unsigned long long)p->defects);
    }
    if (!p->suspects) return ERR_OK;
    st->rule = "CMP-103";
    return step_refuse(st, "suspect_open", "quality_no",
                       "%llu slip(s) of suspect goods 可疑品單 are neither released nor exchanged "
                       "(suspect.released, suspect.exchanged)",
                       (unsigned long long)p->suspects);
}

static enum err on_closed(struct step *st, const void *payload, void *row)
{
    const struct ev_quality_closed *ev = payload;
    struct paper_at *a = row;
    const struct rec_row_quality *r = a->row;
    struct rec_row_quality_plant plant;
    enum err e = may(st, payload);
    if (e != ERR_OK) return e;
    bool early = a->before == quality_state_form_sent || a->before == quality_state_analysing;
    if (early && r->type != quality_type_disputed) {
        return step_refuse(st, "measure_missing", "quality_no",
                           "only a disputed problem 爭議問題 is closed without measures "
                           "(quality.measure_planned)");
    }
    e = complaint_quality_plant(st, ev->quality_no, &plant);
    if (e == ERR_OK) e = check_plant(st, &plant);
    if (e == ERR_OK) e = run_rectification(st, a, payload);
    return e == ERR_OK ? complaint_quality_ended(st, ev->quality_no, r) : e;
}

/* ---- rework and return at the customer's (CMP-100, CMP-101) ---- */

static enum err on_rework_confirmed(struct step *st, const void *payload, void *row)
{
    (void)row;
    enum err e = may(st, payload);
    if (e != ERR_OK || ((const struct ev_quality_rework_confirmed *)payload)->signed_by.n) return e;
    return step_refuse(st, "sqe_signature_missing", "signed_by",
                       "the sheet 顧客處質量問題服務確認單 is filed when the customer's SQE has "
                       "signed it");
}

static enum err on_return_arranged(struct step *st, const void *payload, void *row)
{
    (void)row;
    enum handling_method m = ((const struct ev_quality_return_arranged *)payload)->method;
    bool fits = !m || m == handling_method_return || m == handling_method_exchange;
    if (fits) return may(st, payload);
    return step_refuse(st, "unknown_word", "method",
                       "with the customer's logistics 材控部 a return or an exchange is arranged");
}

/* ---- the paper ---- */

static const struct transition rows[] = {
    {EV_quality_reported, PAPER_NEW | OBSERVED | REPORTED | CLOSED, quality_state_reported,
     on_reported, "CMP-094"},
    {EV_quality_observed, PAPER_NEW, quality_state_observed, on_observed, "CMP-093"},
    {EV_quality_form_sent, REPORTED, quality_state_form_sent, on_form_sent, "CMP-096"},
    {EV_quality_type_changed, REPORTED | UNDER_WAY, 0, on_type_changed, "CMP-095"},
    {EV_quality_cause_found, FORM_SENT, quality_state_analysing, on_cause_found, "CMP-098"},
    {EV_quality_cause_found, ANALYSING | MEASURE_PLANNED | VERIFYING, 0, on_cause_found, "CMP-098"},
    {EV_quality_measure_planned, ANALYSING | MEASURE_PLANNED | VERIFYING,
     quality_state_measure_planned, on_measure_planned, "CMP-098"},
    {EV_quality_closed, UNDER_WAY, quality_state_closed, on_closed, "CMP-098"},
    {EV_quality_rework_confirmed, REPORTED | UNDER_WAY | CLOSED, 0, on_rework_confirmed, "CMP-100"},
    {EV_quality_return_arranged, REPORTED | UNDER_WAY | CLOSED, 0, on_return_arranged, "CMP-101"},
};
static_assert(quality_state_closed < 32, "every state must fit in transition.from");

static const struct deadline_row clocks[] = {{.name = "quality.feedback_form",
                                              .rule = "CMP-096",
                                              .from = FROM_START,
                                              .due = DUE_SETTING,
                                              .start = {EV_quality_reported},
                                              .stop = {EV_quality_form_sent}}};

const struct paper complaint_quality_paper = {.name = "quality",
                                              .label = "quality issue 質量信息",
                                              .table = &complaint_tables[COMPLAINT_QUALITY],
                                              .states = &codes_quality_state,
                                              .keys = {"quality_no"},
                                              PAPER_ROWS(rows),
                                              PAPER_CLOCKS(clocks)};

/* ---- for the other files ---- */

enum err complaint_quality_get(struct step *st, struct str no, struct rec_row_quality *out)
{
    struct key k = key_of(no);
    return step_get(st, COMPLAINT_TABLE(QUALITY), &k, out);
}

void complaint_quality_put(struct step *st, struct str no, const struct rec_row_quality *r)
{
    struct key k = key_of(no);
    step_put(st, COMPLAINT_TABLE(QUALITY), &k, r);
}

enum err complaint_quality_find(struct step *st, struct str no, const char *field,
                                struct rec_row_quality *out)
{
    enum err e = complaint_quality_get(st, no, out);
    if (e != ERR_NOT_FOUND) return e;
    return step_refuse(st, "unknown_number", field,
                       "there is no quality issue %.*s here; it begins with quality.reported",
                       STR_ARG(no));
}
