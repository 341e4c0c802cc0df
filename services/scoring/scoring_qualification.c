/* scoring_qualification.c - the qualification for the after-sales post 售後崗位資格: held, in
 * training, lost; and the proposals that touch it. Nothing here happens of itself: scoring
 * proposes, a person orders the training, confirms the loss or the dismissal (SCO-108 … SCO-111,
 * SCO-122, SCO-123, SCO-128), or declines what is proposed. What is lost does not come back by
 * itself. Proposals are numbered: what was proposed up to a decision is decided with it, and only
 * what was proposed later can fall with the fact that brought it.
 *
 * A training of one month begins with its order and ends on the day of the same number one month
 * later. Passing restores, but takes back only a loss that was proposed for the training. */
#include "services/scoring/scoring_private.h"
#include <string.h>

static const struct deadline_row clocks[] = {{.name = "training.month",
                                              .rule = "SCO-128",
                                              .from = FROM_START,
                                              .due = DUE_GIVEN,
                                              .start = {EV_conduct_training_ordered},
                                              .stop = {EV_training_passed, EV_training_failed}}};

/* ---- proposals ---- */

static enum err on_proposed(struct step *st, const void *payload, void *row)
{
    const struct paper_at *a = row;
    struct rec_row_qualification *r = a->row;
    (void)payload;
    if (!a->before) r->state = qualification_state_held;
    r->proposals++;
    if (st->type->kind == EV_conduct_training_proposed) r->trainings_proposed++;
    if (st->type->kind == EV_conduct_dismissal_proposed) r->dismissals_proposed++;
    return scoring_unit_of(st, r->person, &r->unit);
}

/* The limit stands before the causes of a training, which stand beside it. */
static void take_cause(struct rec_row_qualification *r, enum loss_cause cause)
{
    bool limit = cause == loss_cause_limit, lasts = r->loss_proposed == loss_cause_limit;
    if (lasts && !limit) r->loss_beside = cause;
    if (!lasts && limit) r->loss_beside = r->loss_proposed;
    if (!lasts) r->loss_proposed = cause;
}

static enum err on_loss_proposed(struct step *st, const void *payload, void *row)
{
    const struct ev_conduct_qualification_loss_proposed *ev = payload;
    take_cause(((struct paper_at *)row)->row, ev->cause);
    return on_proposed(st, payload, row);
}

/* Writes the proposal, under the rule of the fact that brings it, and applies it. */
static enum err act(struct step *st, const char *rule, enum event_kind kind, const void *payload)
{
    const struct event_type *type = st->type;
    const char *before = st->rule;
    step_emit_as(st, rule, kind, payload);
    st->type = event_of(kind);
    enum err e = paper_fact(st, &scoring_qualification, payload);
    st->type = type;
    st->rule = before;
    return e;
}

/* All empty when nothing was ever proposed. */
static enum err standing(struct step *st, struct str person, struct rec_row_qualification *out)
{
    struct key key = key_of(person);
    enum err e = step_get(st, SCORING_TABLE(QUALIFICATION), &key, out);
    if (e != ERR_NOT_FOUND) return e;
    *out = (struct rec_row_qualification){0};
    return ERR_OK;
}

static enum err is_lost(struct step *st, struct str person, bool *out)
{
    struct rec_row_qualification r;
    enum err e = standing(st, person, &r);
    *out = e == ERR_OK && r.state == qualification_state_lost;
    return e;
}

/* The same, with the number of the proposal. */
static enum err act_numbered(struct step *st, const struct conduct_told *of, enum event_kind kind,
                             const void *payload, uint64_t *out)
{
    struct rec_row_qualification r;
    enum err e = act(st, of->fact->rule.p, kind, payload);
    if (e == ERR_OK) e = standing(st, of->person, &r);
    if (e == ERR_OK) *out = r.proposals;
    return e;
}

enum err scoring_propose_training(struct step *st, const struct conduct_told *of, uint64_t *out)
{
    bool lost;
    enum err e = is_lost(st, of->person, &lost);
    if (e != ERR_OK || lost) return e;
    const struct ev_conduct_training_proposed ev = {
        .person = of->person, .kind = of->fact->id, .case_no = of->case_no, .day = of->day};
    return act_numbered(st, of, EV_conduct_training_proposed, &ev, out);
}

enum err scoring_propose_loss(struct step *st, const char *rule,
                              const struct ev_conduct_qualification_loss_proposed *ev,
                              uint64_t *out)
{
    struct rec_row_qualification r;
    enum err e = standing(st, ev->person, &r);
    if (e != ERR_OK || r.state == qualification_state_lost) return e;
    e = act(st, rule, EV_conduct_qualification_loss_proposed, ev);
    if (e == ERR_OK) e = standing(st, ev->person, &r);
    if (e == ERR_OK) *out = r.proposals;
    return e;
}

enum err scoring_propose_dismissal(struct step *st, const struct conduct_told *of, uint64_t *out)
{
    const struct ev_conduct_dismissal_proposed ev = {
        .person = of->person, .kind = of->fact->id, .case_no = of->case_no, .day = of->day};
    return act_numbered(st, of, EV_conduct_dismissal_proposed, &ev, out);
}

/* ---- what falls of itself ---- */

enum err scoring_losses_until(struct step *st, struct str person, uint64_t *out)
{
    struct rec_row_qualification r;
    enum err e = standing(st, person, &r);
    *out = r.losses_until;
    return e;
}

/* One of those that are open; true when it was the last of its sort. */
static bool falls(struct rec_row_qualification *r, enum conduct_proposal what, uint64_t no)
{
    switch (what) {
    case conduct_proposal_none:
        return false;
    case conduct_proposal_training:
        return no > r->trainings_until && r->trainings_proposed && !--r->trainings_proposed;
    case conduct_proposal_dismissal:
        return no > r->dismissals_until && r->dismissals_proposed && !--r->dismissals_proposed;
    case conduct_proposal_qualification_loss:
        if (r->loss_proposed != loss_cause_limit) return false;
        r->loss_proposed = r->loss_beside;
        r->loss_beside = 0;
        return !r->loss_proposed;
    }
    return false;
}

enum err scoring_unpropose(struct step *st, const struct conduct_dropped *of, uint64_t no)
{
    struct rec_row_qualification r;
    struct key key = key_of(of->person);
    if (!no) return ERR_OK;
    enum err e = standing(st, of->person, &r);
    if (e != ERR_OK || !r.state) return e;
    bool last = falls(&r, of->what, no);
    step_put(st, SCORING_TABLE(QUALIFICATION), &key, &r);
    const struct ev_conduct_proposal_dropped ev = {
        .person = of->person, .what = of->what, .by = of->by, .reason = of->reason};
    if (last) step_emit_as(st, "SCO-109", EV_conduct_proposal_dropped, &ev);
    return ERR_OK;
}

/* ---- what a person decides ---- */

static enum err not_proposed(struct step *st, const char *what, const char *by)
{
    return step_refuse(st, "not_proposed", "person",
                       "no %s of this person is proposed; it begins with %s, which scoring writes "
                       "when a fact that brings it is confirmed",
                       what, by);
}

static enum err decides(struct step *st, struct str person, struct str by)
{
    return scoring_decides(st, st->policy->scoring.may_decide, person, by);
}

static enum err on_ordered(struct step *st, const void *payload, void *row)
{
    const struct ev_conduct_training_ordered *ev = payload;
    struct paper_at *a = row;
    struct rec_row_qualification *r = a->row;
    if (!r->trainings_proposed)
        return not_proposed(st, "training of one month", "conduct.training_proposed");
    enum err e = decides(st, ev->person, ev->by);
    if (e != ERR_OK) return e;
    r->trainings_proposed = 0;
    r->trainings_until = r->proposals;
    int32_t today = step_day(st, r->unit);
    int32_t last = day_add_months(today, (int32_t)st->policy->scoring.training_months);
    a->given_ms = paper_day_end(st, r->unit, last);
    return ERR_OK;
}

static enum err on_passed(struct step *st, const void *payload, void *row)
{
    struct rec_row_qualification *r = ((struct paper_at *)row)->row;
    (void)st, (void)payload;
    if (r->loss_proposed != loss_cause_limit) r->loss_proposed = 0;
    r->loss_beside = 0;
    return ERR_OK;
}

static enum err on_failed(struct step *st, const void *payload, void *row)
{
    struct rec_row_qualification *r = ((struct paper_at *)row)->row;
    (void)payload;
    take_cause(r, loss_cause_exam_failed);
    const struct ev_conduct_qualification_loss_proposed ev = {.person = r->person,
                                                              .cause = loss_cause_exam_failed};
    step_emit_as(st, "SCO-128", EV_conduct_qualification_loss_proposed, &ev);
    return ERR_OK;
}

static enum err on_lost(struct step *st, const void *payload, void *row)
{
    const struct ev_conduct_qualification_lost *ev = payload;
    struct rec_row_qualification *r = ((struct paper_at *)row)->row;
    if (!r->loss_proposed)
        return not_proposed(st, "loss of the qualification", "conduct.qualification_loss_proposed");
    enum err e = decides(st, ev->person, ev->by);
    if (e != ERR_OK) return e;
    r->loss_proposed = r->loss_beside = 0;
    r->trainings_proposed = 0;
    r->losses_until = r->trainings_until = r->proposals;
    return ERR_OK;
}

static enum err on_dismissed(struct step *st, const void *payload, void *row)
{
    const struct ev_conduct_dismissed *ev = payload;
    struct paper_at *a = row;
    struct rec_row_qualification *r = a->row;
    if (!r->dismissals_proposed) return not_proposed(st, "dismissal", "conduct.dismissal_proposed");
    enum err e = decides(st, ev->person, ev->by);
    if (e != ERR_OK) return e;
    r->dismissals_proposed = 0;
    r->dismissals_until = r->proposals;
    return deadline_drop(st, a->case_no, 0, STR("dismissed"));
}

/* Declined: it cannot be carried out before it is proposed again. */
static enum err on_dropped(struct step *st, const void *payload, void *row)
{
    const struct ev_conduct_proposal_dropped *ev = payload;
    struct rec_row_qualification *r = ((struct paper_at *)row)->row;
    bool open = false;
    enum err e = decides(st, ev->person, ev->by);
    if (e != ERR_OK) return e;
    switch (ev->what) {
    case conduct_proposal_none:
        break;
    case conduct_proposal_training:
        open = r->trainings_proposed > 0;
        r->trainings_proposed = 0;
        r->trainings_until = r->proposals;
        break;
    case conduct_proposal_qualification_loss:
        open = r->loss_proposed != loss_cause_none;
        r->loss_proposed = r->loss_beside = 0;
        r->losses_until = r->proposals;
        break;
    case conduct_proposal_dismissal:
        open = r->dismissals_proposed > 0;
        r->dismissals_proposed = 0;
        r->dismissals_until = r->proposals;
        break;
    }
    if (open) return ERR_OK;
    return step_refuse(st, "not_proposed", "what",
                       "nothing of this sort is proposed of %.*s that could be declined",
                       STR_ARG(ev->person));
}

#define HELD IN(qualification_state_held)
#define TRAINING IN(qualification_state_training)
#define LOST IN(qualification_state_lost)

static const struct transition rows[] = {
    {EV_conduct_training_proposed, PAPER_NEW | HELD | TRAINING, 0, on_proposed, "SCO-110"},
    {EV_conduct_training_ordered, HELD, qualification_state_training, on_ordered, "SCO-128"},
    {EV_training_passed, TRAINING, qualification_state_held, on_passed, "SCO-128"},
    {EV_training_failed, TRAINING, 0, on_failed, "SCO-128"},
    {EV_conduct_qualification_loss_proposed, PAPER_NEW | HELD | TRAINING, 0, on_loss_proposed,
     "SCO-108"},
    {EV_conduct_qualification_lost, HELD | TRAINING, qualification_state_lost, on_lost, "SCO-108"},
    {EV_conduct_dismissal_proposed, PAPER_NEW | HELD | TRAINING | LOST, 0, on_proposed, "SCO-109"},
    {EV_conduct_dismissed, PAPER_NEW | HELD | TRAINING | LOST, 0, on_dismissed, "SCO-109"},
    {EV_conduct_proposal_dropped, PAPER_NEW | HELD | TRAINING | LOST, 0, on_dropped, "SCO-109"},
};
const struct paper scoring_qualification = {.name = "qualification",
                                            .label = "qualification 售後崗位資格",
                                            .table = SCORING_TABLE(QUALIFICATION),
                                            .states = &codes_qualification_state,
                                            .keys = {"person"},
                                            PAPER_ROWS(rows),
                                            PAPER_CLOCKS(clocks),
                                            .drops = LOST};

/* SCO-128: not held in its month. */
enum err scoring_qualification_passed(struct step *st, const struct passed *what)
{
    if (!str_is(what->name, "training.month") || !what->is_due) return ERR_OK;
    if (!st->policy->scoring.training_expiry) return ERR_OK;
    const struct ev_conduct_qualification_loss_proposed ev = {.person = what->person,
                                                              .cause = loss_cause_training_expired};
    uint64_t proposal;
    return scoring_propose_loss(st, "SCO-128", &ev, &proposal);
}
