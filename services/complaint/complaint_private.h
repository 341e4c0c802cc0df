/* complaint_private.h - what the files of complaint share: the case at work, and what the other
 * rooms (money, quality, voice) hear of it. Nobody else includes it. */
#ifndef CUIBAN_SERVICES_COMPLAINT_PRIVATE_H
#define CUIBAN_SERVICES_COMPLAINT_PRIVATE_H

#include "common/paper.h"
#include "services/complaint/complaint.h"

#define COMPLAINT_TABLE(name) (&complaint_tables[COMPLAINT_##name])

/* ---- the case: complaint_case.c ---- */
struct complaint {
    struct str no; /* its key */
    struct rec_row_complaint r;
};
/* Clocks of a case stand under "complaint/<no>". */
struct str complaint_case_of(struct step *st, struct str no);
/* By its own number or, once registered, by its complaint number. ERR_NOT_FOUND. */
MUST_CHECK enum err complaint_get(struct step *st, struct str no, struct complaint *out);
/* The same; refuses with a sentence that names the field when there is none. */
MUST_CHECK enum err complaint_find(struct step *st, struct str no, const char *field,
                                   struct complaint *out);
void complaint_put(struct step *st, const struct complaint *c);
/* CMP-028: may the unit that acts (by_unit, else the source) report the fact at hand? Refuses with
 * no_right. */
MUST_CHECK enum err complaint_may(struct step *st, struct str by_unit);
/* The unit of a department of the policy; empty when the set does not have it. */
struct str complaint_department(struct step *st, const char *name);
/* Applies a fact about a case; ERR_STALE when it is about none. */
MUST_CHECK enum err complaint_case_fact(struct step *st, const void *payload);
/* An act of the service itself: writes the fact and applies it; the state must allow it. */
MUST_CHECK enum err complaint_case_act(struct step *st, struct complaint *c, enum event_kind kind,
                                       const void *payload);
/* complaint_upstream.c. Cases that came with a call, or are of a project, are found by it. */
void complaint_upstream_keep(struct step *st, const struct complaint *c);
MUST_CHECK enum err complaint_case_upstream(struct step *st, const void *payload);
MUST_CHECK enum err complaint_case_passed(struct step *st, const struct passed *what);

/* ---- the relay: complaint_relay.c ---- */
/* The form passes on: the link of its chain that runs ends, the next one begins. step NULL: outside
 * the relay; unit: who holds it now, empty = nobody any more. */
MUST_CHECK enum err complaint_pass(struct step *st, struct complaint *c,
                                   const struct relay_step *step, struct str unit, int64_t at_ms);
/* To the first step of the route after the place of the case, `late` ones or the others; to `end`
 * when there is none. */
MUST_CHECK enum err complaint_relay_next(struct step *st, struct complaint *c, bool late,
                                         int64_t at_ms);
/* The steps of a closed case, from the arena (CMP-054). */
MUST_CHECK enum err complaint_relay_steps(struct step *st, const struct complaint *c,
                                          struct rec_complaint_step_line **v, uint32_t *n);

/* ---- the clocks: complaint_clock.c ---- */
enum {
    COMPLAINT_CLOCK_FORM,
    COMPLAINT_CLOCK_JOINT,
    COMPLAINT_CLOCK_REPORT,
    COMPLAINT_CLOCK_REGISTER,
    COMPLAINT_CLOCK_NEGOTIATION,
    COMPLAINT_CLOCK_FINAL,
    COMPLAINT_CLOCK_TOTAL,
    COMPLAINT_CLOCK_MAJOR,
    COMPLAINT_CLOCK_VISIT,
    COMPLAINT_CLOCK_CALLBACK,
    COMPLAINT_CLOCKS
};
extern const struct deadline_row complaint_clock_rows[COMPLAINT_CLOCKS];
/* What a fact does to all clocks of the case but those of the relay. */
MUST_CHECK enum err complaint_clock_run(struct step *st, const struct complaint *c,
                                        enum event_kind kind, const void *payload);
/* The clock of a step of the relay; its name lives in the policy. */
struct deadline_row complaint_clock_of(const struct relay_step *s);
struct deadline_ctx complaint_clock_ctx(struct step *st, const struct complaint *c, struct str unit,
                                        int64_t start_ms);
/* The total goes to whoever holds the form now (CMP-051). */
MUST_CHECK enum err complaint_clock_address(struct step *st, struct passed *what);

/* ---- handlers of the machine; row is struct complaint ---- */
#define COMPLAINT_HANDLER(name)                                                                    \
    MUST_CHECK enum err complaint_##name(struct step *st, const void *payload, void *row)
/* complaint_form.c */
COMPLAINT_HANDLER(form_on_inspection_needed);
COMPLAINT_HANDLER(form_on_inspection_requested);
COMPLAINT_HANDLER(form_on_substitute);
COMPLAINT_HANDLER(form_on_investigated);
COMPLAINT_HANDLER(form_on_filed);
COMPLAINT_HANDLER(form_on_demand_set);
COMPLAINT_HANDLER(form_on_accepted);
COMPLAINT_HANDLER(form_on_registered);
COMPLAINT_HANDLER(form_on_severity_set);
COMPLAINT_HANDLER(form_on_major_reported);
COMPLAINT_HANDLER(form_on_supplier);
COMPLAINT_HANDLER(form_on_supplier_share);
COMPLAINT_HANDLER(form_on_visited);
COMPLAINT_HANDLER(form_on_validated);
/* A new case; its parent_no is set when it is a new round. */
MUST_CHECK enum err complaint_form_open(struct step *st, struct complaint *c);
MUST_CHECK enum err complaint_form_received(struct step *st,
                                            const struct ev_complaint_received *ev);
/* complaint_relay.c */
COMPLAINT_HANDLER(relay_on_step_done);
COMPLAINT_HANDLER(relay_on_step_skipped);
COMPLAINT_HANDLER(relay_on_market_corrected);
COMPLAINT_HANDLER(relay_on_paused);
COMPLAINT_HANDLER(relay_on_resumed);
/* complaint_decide.c */
COMPLAINT_HANDLER(decide_on_decided);
COMPLAINT_HANDLER(decide_on_final);
COMPLAINT_HANDLER(decide_on_returned);
COMPLAINT_HANDLER(decide_on_contacted);
COMPLAINT_HANDLER(decide_on_replied);
COMPLAINT_HANDLER(decide_on_negotiated);
COMPLAINT_HANDLER(decide_on_reviewed);
COMPLAINT_HANDLER(decide_on_opinion);
COMPLAINT_HANDLER(decide_on_not_established);
COMPLAINT_HANDLER(decide_on_invalidated);
COMPLAINT_HANDLER(decide_on_resubmitted);
COMPLAINT_HANDLER(decide_on_closed);
COMPLAINT_HANDLER(decide_on_copy);
COMPLAINT_HANDLER(decide_on_called_back);
COMPLAINT_HANDLER(decide_on_satisfaction);

/* ---- what a room hears ----
 * on_case: a fact about the case was applied, its row is as it will be stored; the room may change
 * it. upstream: a fact of another log; ERR_STALE when it is none of the room's. passed: one of its
 * clocks. */
#define COMPLAINT_ROOM(room)                                                                       \
    MUST_CHECK enum err complaint_##room##_on_case(struct step *st, struct complaint *c,           \
                                                   const void *payload);                           \
    MUST_CHECK enum err complaint_##room##_upstream(struct step *st, const void *payload);         \
    MUST_CHECK enum err complaint_##room##_passed(struct step *st, const struct passed *what)
COMPLAINT_ROOM(quality);
COMPLAINT_ROOM(voice);

/* money */
MUST_CHECK enum err complaint_money_on_case(struct step *st, struct complaint *c,
                                            const void *payload);
MUST_CHECK enum err complaint_money_passed(struct step *st, const struct passed *what);
/* What of liability keeps a case from being closed (CMP-050), a word of complaint.close_requires
 * and a sentence; both empty when nothing. */
MUST_CHECK enum err complaint_money_missing(struct step *st, const struct complaint *c,
                                            struct str *word, struct str *out);
/* ---- what follows from a case and is still open: complaint_money.c ---- */
extern const struct paper complaint_liability_paper, complaint_resale_paper,
    complaint_sanction_paper, complaint_penalty_paper, complaint_return_paper,
    complaint_allowance_paper, complaint_receivable_paper;
/* A case by its own number, for what follows from it; refuses any other. */
MUST_CHECK enum err complaint_money_case(struct step *st, struct str case_no,
                                         struct complaint *out);
/* May the unit that acts, and what is the case: the two questions of nearly every handler. */
MUST_CHECK enum err complaint_money_open(struct step *st, struct str by_unit, struct str case_no,
                                         struct complaint *out);
/* All zero when there is none yet. */
MUST_CHECK enum err complaint_account_get(struct step *st, struct str case_no,
                                          struct rec_row_complaint_account *out);
void complaint_account_put(struct step *st, struct str case_no,
                           const struct rec_row_complaint_account *row);
/* An improvement of a case: +1 opened, -1 its effect confirmed. */
MUST_CHECK enum err complaint_money_improvement(struct step *st, struct str case_no, int by);
/* Files a reviewed case away when nothing of it is open any more. To be called after whatever may
 * have been the last. */
MUST_CHECK enum err complaint_money_archive(struct step *st, struct str case_no);

/* ---- the months of closed cases: complaint_month.c ---- */
enum month_clock { MONTH_REVIEW, MONTH_SANCTION, MONTH_LOSS, MONTH_CLOCKS };
/* First day of the month, at the GMO, of an instant. */
int32_t complaint_month_of(struct step *st, int64_t at_ms);
/* The case was closed or superseded: it belongs to the batch of that month. */
MUST_CHECK enum err complaint_month_add(struct step *st, const struct complaint *c);
/* One more (+1) or one less (-1) that this month's batch waits for. month 0: none. */
MUST_CHECK enum err complaint_month_count(struct step *st, int32_t month, enum month_clock what,
                                          int by);
MUST_CHECK enum err complaint_month_review(struct step *st, const void *payload);

/* ---- loss and liability: complaint_liability.c, complaint_resale.c ---- */
/* ERR_NOT_FOUND when nothing was proposed. */
MUST_CHECK enum err complaint_liability_get(struct step *st, struct str case_no,
                                            struct rec_row_liability *out);
/* Does the case have a loss somebody has to bear? */
bool complaint_liability_has_loss(const struct complaint *c, const struct rec_row_liability *l);
/* May the customer's money be booked now (CMP-139)? */
MUST_CHECK enum err complaint_liability_settles(struct step *st, struct str case_no);
enum loss_basis_kind complaint_loss_basis(const struct step *st, const struct complaint *c);
/* Opens the resale month of a case by hand; nothing when it is open or was. */
MUST_CHECK enum err complaint_resale_open(struct step *st, const struct complaint *c);
/* What the returned goods lost, as far as known: amount and whether it is final. */
MUST_CHECK enum err complaint_resale_loss(struct step *st, const struct complaint *c,
                                          const struct rec_row_liability *l, int64_t *loss,
                                          enum loss_kind *kind);
MUST_CHECK enum err complaint_resale_passed(struct step *st, const struct passed *what);
/* Local month after whose end the loss is apportioned for good (CMP-059). */
MUST_CHECK enum err complaint_resale_month(struct step *st, struct str case_no, int32_t *month);

/* ---- sanctions and penalties ---- */
/* The service proposes a sanction: gives it the next number, fills in what is absent. */
MUST_CHECK enum err complaint_sanction_propose(struct step *st, struct ev_sanction_proposed *ev);
/* Proposals for the persons who bear a share, by its amount (CMP-071). */
MUST_CHECK enum err complaint_sanction_bands(struct step *st, struct str case_no,
                                             const struct rec_row_liability *l);
MUST_CHECK enum err complaint_penalty_assess(struct step *st, struct str case_no,
                                             const struct rec_row_liability *l,
                                             const struct ev_complaint_loss_apportioned *ev);
/* ---- slips and receivables ---- */
MUST_CHECK enum err complaint_return_on_closed(struct step *st, const struct complaint *c);
MUST_CHECK enum err complaint_receivable_exclude(struct step *st, const struct complaint *c);
MUST_CHECK enum err complaint_receivable_restore(struct step *st, const struct complaint *c);
/* CMP-049: it is owed within the customer's term, if one is said. */
MUST_CHECK enum err complaint_receivable_owe(struct step *st, const struct complaint *c,
                                             uint64_t term_days);
/* quality */
/* complaint_quality_issue.c: the paper of an issue */
extern const struct paper complaint_quality_paper;
MUST_CHECK enum err complaint_quality_get(struct step *st, struct str no,
                                          struct rec_row_quality *out);
void complaint_quality_put(struct step *st, struct str no, const struct rec_row_quality *r);
/* The same; refuses with a sentence that names the field when there is none (CMP-114). */
MUST_CHECK enum err complaint_quality_find(struct step *st, struct str no, const char *field,
                                           struct rec_row_quality *out);
/* complaint_quality.c: what dispatch tells of an issue; zero when nothing yet */
MUST_CHECK enum err complaint_quality_plant(struct step *st, struct str no,
                                            struct rec_row_quality_plant *out);
/* complaint_quality_month.c: recurrence and the report of the month */
MUST_CHECK enum err complaint_quality_recur(struct step *st, struct str no,
                                            struct rec_row_quality *r);
MUST_CHECK enum err complaint_quality_opened(struct step *st, struct str no);
MUST_CHECK enum err complaint_quality_ended(struct step *st, struct str no,
                                            const struct rec_row_quality *r);
MUST_CHECK enum err complaint_quality_report(struct step *st, const struct passed *what);
/* complaint_quality_site.c: stops of a line, key projects; ERR_STALE when it is neither */
MUST_CHECK enum err complaint_quality_fact(struct step *st, const void *payload);
enum quality_project_kind { PROJECT_ISSUE = 1, PROJECT_CASE = 2 };
/* An issue or case of a key project is filed under it; of an issue the departments are told, once
 * (CMP-116). */
MUST_CHECK enum err complaint_quality_project(struct step *st, struct str project,
                                              enum quality_project_kind kind, struct str no);
/* Deadline of the root cause and the measures; the quality department's. */
extern const struct deadline_row complaint_quality_rectification;
/* parts: complaint_parts.c */
MUST_CHECK enum err complaint_parts_upstream(struct step *st, const void *payload);
/* An issue is reported: goods that came back for it before stand on it (CMP-101). */
MUST_CHECK enum err complaint_parts_reported(struct step *st, struct str quality_no,
                                             struct rec_row_quality *r);
/* voice */
extern const struct paper complaint_service_paper, complaint_anomaly, complaint_petition,
    complaint_improvement, complaint_opinion, complaint_week;
/* The paper of a fact that is about a service complaint though it sounds like one about a case
 * (complaint.visited, CMP-031); NULL for any other. */
const struct paper *complaint_voice_paper(struct step *st, const void *payload);
/* Refuses a case under the number of a service complaint. */
MUST_CHECK enum err complaint_conduct_number(struct step *st, struct str no);
/* CMP-002: a case that grew from a slip names one that is there and has become no other case. */
MUST_CHECK enum err complaint_slip_check(struct step *st, const struct complaint *c);
MUST_CHECK enum err complaint_opinion_survey(struct step *st, const struct ev_survey_returned *ev);

/* ---- figures: complaint_figures.c (CMP-126 … CMP-131) ---- */
enum { COMPLAINT_BY_MONTH = 1, COMPLAINT_BY_WEEK };
enum { COMPLAINT_IS_CASE = 1, COMPLAINT_IS_SERVICE };
struct complaint_counted {
    uint8_t kind;
    struct str unit, no, category;
    int64_t received_ms;
};
enum complaint_moment {
    COMPLAINT_RECEIVED,
    COMPLAINT_RESPONDED,
    COMPLAINT_REPLIED,
    COMPLAINT_BLAMED,
    COMPLAINT_ENDED,
    COMPLAINT_SUPERSEDED,
    COMPLAINT_WITHDRAWN /* without loss: in no rate */
};
MUST_CHECK enum err complaint_figures_note(struct step *st, const struct complaint_counted *what,
                                           enum complaint_moment moment, int64_t at_ms);
MUST_CHECK enum err complaint_figures_satisfaction(struct step *st, struct str unit, bool callback,
                                                   bool satisfied);
MUST_CHECK enum err complaint_figures_service(struct step *st, struct str unit);
/* Sums, means and rates of a row into an event; met against the targets of the policy. */
void complaint_figures_month(const struct policy *p, const struct rec_row_complaint_count *n,
                             struct arena *arena, struct ev_complaint_month_counted *out);
MUST_CHECK enum err complaint_figures_passed(struct step *st, const struct passed *what);

/* ---- keeping: complaint_keep.c (CMP-020, CMP-136) ---- */
/* A paper ended: its clock to the day on which it may be destroyed. */
MUST_CHECK enum err complaint_keep_until(struct step *st, const char *kind, struct str no,
                                         struct str unit, int32_t *keep_until);
MUST_CHECK enum err complaint_keep_file(struct step *st, const struct complaint *c);
MUST_CHECK enum err complaint_keep_passed(struct step *st, const struct passed *what);

#endif
