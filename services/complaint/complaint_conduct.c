/* complaint_conduct.c - complaints about conduct and service 服務投訴 (complaint appendix 1).
 *
 * Whatever reaches us by call, letter or visit is answered, verified, settled with the customer and
 * closed; conduct of the listed kinds brings a major demerit 大過, which is proposed elsewhere from
 * the verdict here. Invariant: what is closed has a final answer, and after a sanction a measure
 * that repairs the effect. Rules CMP-005, CMP-007, CMP-008, CMP-031, CMP-076. */
#include "services/complaint/complaint_private.h"

#define RECEIVED IN(service_complaint_state_received)
#define VERIFYING IN(service_complaint_state_verifying)
#define VALID IN(service_complaint_state_valid)
#define SANCTIONED IN(service_complaint_state_sanction_proposed)
#define INVALID IN(service_complaint_state_invalid)
#define EXPLAINED IN(service_complaint_state_explained)
#define OPEN (RECEIVED | VERIFYING | VALID | SANCTIONED | INVALID | EXPLAINED)
#define CATEGORY "service_attitude"

static struct complaint_counted counted_of(struct str no, const struct rec_row_service_complaint *r)
{
    return (struct complaint_counted){.kind = COMPLAINT_IS_SERVICE,
                                      .unit = r->unit,
                                      .no = no,
                                      .category = r->category,
                                      .received_ms = r->received_at};
}

static enum err note(struct step *st, struct str no, const struct rec_row_service_complaint *r,
                     enum complaint_moment moment)
{
    struct complaint_counted what = counted_of(no, r);
    int64_t at_ms = moment == COMPLAINT_RECEIVED ? r->received_at : step_occurred(st);
    return complaint_figures_note(st, &what, moment, at_ms);
}

/* ---- received (CMP-005) ---- */

static enum err check_category(struct step *st, struct str category)
{
    if (category.n == 0 || words_have(st->policy->complaint.categories, category)) return ERR_OK;
    st->rule = "CMP-128";
    return step_refuse(st, "unknown_word", "category",
                       "\"%.*s\" is no category of the policy (complaint.categories)",
                       STR_ARG(category));
}

/* A case and a service complaint have no number in common: complaint.visited names either. */
static enum err check_number(struct step *st, struct str no)
{
    struct complaint c;
    enum err e = complaint_get(st, no, &c);
    if (e == ERR_NOT_FOUND) return ERR_OK;
    if (e != ERR_OK) return e;
    return step_refuse(st, "known_number", "case_no",
                       "%.*s is a complaint about goods already; give this one another number",
                       STR_ARG(no));
}

static enum err on_received(struct step *st, const void *payload, void *row)
{
    const struct ev_service_complaint_received *ev = payload;
    struct paper_at *a = row;
    struct rec_row_service_complaint *r = a->row;
    enum err e = complaint_may(st, ev->by_unit);
    if (e == ERR_OK) e = check_category(st, ev->category);
    if (e == ERR_OK) e = check_number(st, ev->case_no);
    if (e != ERR_OK) return e;
    if (ev->centre.n) r->unit = ev->centre;
    if (ev->category.n == 0) r->category = STR(CATEGORY);
    r->validity = validity_pending;
    if (r->received_at == 0) r->received_at = step_occurred(st);
    a->start_ms = r->received_at;
    return note(st, ev->case_no, r, COMPLAINT_RECEIVED);
}

/* ---- answered (CMP-007) ---- */

static enum err on_answered(struct step *st, const void *payload, void *row)
{
    const struct ev_service_complaint_answered *ev = payload;
    struct paper_at *a = row;
    struct rec_row_service_complaint *r = a->row;
    enum err e = complaint_may(st, ev->by_unit);
    if (e == ERR_OK) e = note(st, ev->case_no, r, COMPLAINT_RESPONDED);
    if (e != ERR_OK) return e;
    if (a->before == service_complaint_state_received) r->state = service_complaint_state_verifying;
    if (ev->final != yes_no_yes) return ERR_OK;
    if (r->validity == validity_pending) {
        return step_refuse(st, "state", "final",
                           "nothing is verified yet (service_complaint.verified, "
                           "service_complaint.invalidated); until then an answer settles nothing");
    }
    r->final_at = step_occurred(st);
    if (a->before == service_complaint_state_invalid) r->state = service_complaint_state_explained;
    return note(st, ev->case_no, r, COMPLAINT_REPLIED);
}

/* ---- verified (CMP-008, CMP-076) ---- */

static enum err propose(struct step *st, struct str no, const struct rec_row_service_complaint *r)
{
    struct ev_service_complaint_sanction_due ev = {.case_no = no,
                                                   .person = r->accused,
                                                   .kind = STR("major_demerit"),
                                                   .count = 1,
                                                   .cause = r->cause,
                                                   .unit = r->unit};
    struct ev_sanction_proposed proposed = {.case_no = no,
                                            .person = r->accused,
                                            .cause =
                                                str_of(code_word(&codes_conduct_cause, r->cause)),
                                            .kind = sanction_kind_major_demerit,
                                            .count = 1};
    if (r->accused.n == 0) {
        return step_refuse(st, "missing", "accused",
                           "who did it? This cause brings a major demerit 大過 and is somebody's");
    }
    step_emit_as(st, "CMP-076", EV_service_complaint_sanction_due, &ev);
    return complaint_sanction_propose(st, &proposed);
}

static enum err on_verified(struct step *st, const void *payload, void *row)
{
    const struct ev_service_complaint_verified *ev = payload;
    struct rec_row_service_complaint *r = ((struct paper_at *)row)->row;
    const char *word = code_word(&codes_conduct_cause, ev->cause);
    enum err e = complaint_may(st, ev->by_unit);
    if (e != ERR_OK) return e;
    r->validity = validity_valid;
    struct ev_complaint_dept_notified told = {.case_no = ev->case_no, .unit = r->unit};
    step_emit_as(st, "CMP-008", EV_complaint_dept_notified, &told);
    if (words_have(st->policy->complaint.sanction_causes, str_of(word))) {
        r->state = service_complaint_state_sanction_proposed;
        e = propose(st, ev->case_no, r);
    }
    return e == ERR_OK ? note(st, ev->case_no, r, COMPLAINT_BLAMED) : e;
}

static enum err on_invalidated(struct step *st, const void *payload, void *row)
{
    struct rec_row_service_complaint *r = ((struct paper_at *)row)->row;
    r->validity = validity_invalid;
    return complaint_may(st, ((const struct ev_service_complaint_invalidated *)payload)->by_unit);
}

/* ---- visited (CMP-031) ---- */

static enum err on_visited(struct step *st, const void *payload, void *row)
{
    const struct ev_complaint_visited *ev = payload;
    const struct rec_row_service_complaint *r = ((const struct paper_at *)row)->row;
    if (ev->visitor_role == visitor_role_technician) {
        return step_refuse(st, "role", "visitor_role",
                           "a complaining customer is visited by the service supervisor 服務主任 "
                           "or somebody specially assigned 專人");
    }
    return note(st, ev->case_no, r, COMPLAINT_RESPONDED);
}

/* ---- closed ---- */

static enum err on_closed(struct step *st, const void *payload, void *row)
{
    const struct ev_service_complaint_closed *ev = payload;
    struct paper_at *a = row;
    struct rec_row_service_complaint *r = a->row;
    enum err e = complaint_may(st, ev->by_unit);
    if (e != ERR_OK) return e;
    if (r->final_at == 0) {
        st->rule = "CMP-007";
        return step_refuse(st, "missing", "case_no",
                           "the customer has no final answer (service_complaint.answered, final "
                           "yes); every complaint gets one 件件有回音");
    }
    if (a->before == service_complaint_state_sanction_proposed && r->repair_measure.n == 0) {
        return step_refuse(st, "missing", "repair_measure",
                           "what repairs the effect 挽回影響? It must be said before the end");
    }
    e = note(st, ev->case_no, r, COMPLAINT_ENDED);
    return e == ERR_OK
               ? complaint_keep_until(st, "service_complaint", ev->case_no, r->unit, &r->keep_until)
               : e;
}

/* ---- the paper ---- */

static const struct transition rows[] = {
    {EV_service_complaint_received, PAPER_NEW, service_complaint_state_received, on_received,
     "CMP-005"},
    {EV_service_complaint_answered, OPEN, 0, on_answered, "CMP-007"},
    {EV_service_complaint_verified, RECEIVED | VERIFYING, service_complaint_state_valid,
     on_verified, "CMP-076"},
    {EV_service_complaint_invalidated, RECEIVED | VERIFYING, service_complaint_state_invalid,
     on_invalidated, "CMP-008"},
    {EV_complaint_visited, OPEN, 0, on_visited, "CMP-031"},
    {EV_service_complaint_closed, VALID | SANCTIONED | INVALID | EXPLAINED,
     service_complaint_state_closed, on_closed, "CMP-076"},
};

static const struct deadline_row clocks[] = {
    {.name = "complaint.first_answer",
     .rule = "CMP-005",
     .from = FROM_START,
     .due = DUE_SETTING,
     .start = {EV_service_complaint_received},
     .stop = {EV_service_complaint_answered}},
    {.name = "complaint.verify",
     .rule = "CMP-005",
     .from = FROM_START,
     .due = DUE_SETTING,
     .start = {EV_service_complaint_received},
     .stop = {EV_service_complaint_verified, EV_service_complaint_invalidated}},
    {.name = "complaint.visit",
     .rule = "CMP-031",
     .from = FROM_START,
     .due = DUE_SETTING,
     .start = {EV_service_complaint_received},
     .stop = {EV_complaint_visited}},
};

const struct paper complaint_service_paper = {.name = "service_complaint",
                                              .label = "complaint about service 服務投訴",
                                              .table = COMPLAINT_TABLE(SERVICE),
                                              .states = &codes_service_complaint_state,
                                              .keys = {"case_no"},
                                              PAPER_ROWS(rows),
                                              PAPER_CLOCKS(clocks)};

enum err complaint_conduct_number(struct step *st, struct str no)
{
    struct rec_row_service_complaint r;
    struct key k = key_of(no);
    enum err e = step_get(st, COMPLAINT_TABLE(SERVICE), &k, &r);
    if (e != ERR_OK) return e == ERR_NOT_FOUND ? ERR_OK : e;
    return step_refuse(st, "known_number", "case_no",
                       "%.*s is a complaint about service already; give this one another number",
                       STR_ARG(no));
}

const struct paper *complaint_voice_paper(struct step *st, const void *payload)
{
    struct complaint c;
    struct rec_row_service_complaint r;
    if (st->type->kind != EV_complaint_visited) return NULL;
    struct str no = ((const struct ev_complaint_visited *)payload)->case_no;
    if (complaint_get(st, no, &c) != ERR_NOT_FOUND) return NULL;
    struct key k = key_of(no);
    return step_get(st, COMPLAINT_TABLE(SERVICE), &k, &r) == ERR_OK ? &complaint_service_paper
                                                                    : NULL;
}
