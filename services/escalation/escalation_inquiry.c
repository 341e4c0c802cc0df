/* escalation_inquiry.c - 洽辦單: after a late end the unit is asked why.
 *
 * issued (or draft -> released) -> answered -> closed. At most one per deadline instance. From the
 * moment it goes out the unit has deadlines.inquiry.answer to give the cause; the case of that
 * deadline is the number of the 洽辦單 itself, and its 催辦單 are the desk's own (escalation.c,
 * on_own_passed). A late answer is not asked about again. Rules CMP-054, CV-12. */
#include "common/contract.h"
#include "services/escalation/escalation_private.h"

const struct deadline_row escalation_answer = {.name = "inquiry.answer",
                                               .rule = "CMP-054",
                                               .from = FROM_START,
                                               .due = DUE_SETTING,
                                               .start = {EV_inquiry_issued, EV_inquiry_released},
                                               .stop = {EV_inquiry_answered}};

static struct deadline_ctx answer_ctx(const struct step *st, struct str number,
                                      const struct rec_row_inquiry *row)
{
    return (struct deadline_ctx){.case_no = number,
                                 .unit = row->unit,
                                 .sp = policy_service(st->policy, row->policy),
                                 .occurred_ms = st->in->occurred,
                                 .start_ms = row->issued};
}

static void inquiry_save(struct step *st, struct str number, const struct rec_row_inquiry *row)
{
    struct key k = key_of(number);
    step_put(st, escalation_inquiry, &k, row);
}

/* It goes out: the clock of the answer starts. */
static enum err inquiry_out(struct step *st, struct str number, const struct rec_row_inquiry *row)
{
    struct deadline_ctx c = answer_ctx(st, number, row);
    return deadline_arm(st, &escalation_answer, &c, (struct str){0});
}

/* Of a step of a complaint, what it took on its own clock. */
static void tell_step(struct ev_inquiry_issued *ev, const struct rec_complaint_step_line *step)
{
    if (!step) return;
    ev->step = step->step;
    ev->limit_s = step->limit_s;
    ev->taken_s = step->taken_s;
    ev->overdue_s = step->overdue_s;
}

enum err inquiry_issue(struct step *st, const struct instance *i,
                       const struct rec_row_late_end *late,
                       const struct rec_complaint_step_line *step)
{
    if (st->policy->keys.inquiry_mode == INQUIRY_off) return ERR_OK;
    struct key k = escalation_key(i);
    struct rec_row_inquiry_of of;
    enum err e = step_get(st, escalation_inquiry_of, &k, &of);
    if (e != ERR_NOT_FOUND) return e;
    e = escalation_number(st, "QA", late->unit, &of.number);
    if (e != ERR_OK) return e;
    step_put(st, escalation_inquiry_of, &k, &of);

    bool draft = st->policy->keys.inquiry_mode == INQUIRY_draft;
    struct rec_row_inquiry row = {.state = draft ? inquiry_state_draft : inquiry_state_issued,
                                  .case_no = i->case_no,
                                  .item = i->item,
                                  .name = i->name,
                                  .round = i->round,
                                  .unit = late->unit,
                                  .policy = late->policy,
                                  .issued = st->now_ms};
    struct ev_inquiry_issued ev = {.number = of.number,
                                   .case_no = i->case_no,
                                   .item = i->item,
                                   .name = i->name,
                                   .round = i->round,
                                   .unit = late->unit,
                                   .policy = late->policy,
                                   .due = late->due,
                                   .done = late->done,
                                   .late_min = minutes_past(late->due, late->done),
                                   .draft = draft};
    tell_step(&ev, step);
    inquiry_save(st, of.number, &row);
    st->rule = "CMP-054";
    step_emit(st, EV_inquiry_issued, &ev);
    return draft ? ERR_OK : inquiry_out(st, of.number, &row);
}

/* The desk's own clock has ended: so do its 催辦單, and a cause given in time takes them back. */
static enum err answer_ended(struct step *st, struct str number)
{
    struct rec_row_deadline row;
    enum err e = deadline_get(st, number, 0, escalation_answer.name, &row);
    if (e != ERR_OK) return e == ERR_NOT_FOUND ? ERR_OK : e;
    struct instance i = {OWNER_escalation, number, 0, str_of(escalation_answer.name), row.round};
    bool in_time = row.end == deadline_end_stopped;
    return reminders_end(st, &i, in_time ? reminder_state_withdrawn : reminder_state_stopped,
                         row.done);
}

/* Ends an open answer clock without a verdict. */
static enum err answer_drop(struct step *st, struct str number, struct str reason)
{
    enum err e = deadline_drop(st, number, 0, reason);
    return e == ERR_OK ? answer_ended(st, number) : e;
}

enum err inquiry_withdraw(struct step *st, const struct instance *i)
{
    struct key k = escalation_key(i);
    struct rec_row_inquiry_of of;
    enum err e = step_get(st, escalation_inquiry_of, &k, &of);
    if (e != ERR_OK) return e == ERR_NOT_FOUND ? ERR_OK : e;
    k = key_of(of.number);
    struct rec_row_inquiry row;
    e = step_get(st, escalation_inquiry, &k, &row);
    if (e != ERR_OK) return e == ERR_NOT_FOUND ? ERR_CORRUPT : e;
    if (row.state == inquiry_state_closed) return ERR_OK;

    bool waits = row.state == inquiry_state_issued;
    row.state = inquiry_state_closed;
    row.closed = st->now_ms;
    inquiry_save(st, of.number, &row);
    struct ev_inquiry_closed ev = {.number = of.number};
    st->rule = "CV-12";
    step_emit(st, EV_inquiry_closed, &ev);
    return waits ? answer_drop(st, of.number, STR("withdrawn")) : ERR_OK;
}

/* ---- facts of people ---- */

#define OPEN (IN(inquiry_state_draft) | IN(inquiry_state_issued) | IN(inquiry_state_answered))
static const struct transition rows[] = {
    {EV_inquiry_released, IN(inquiry_state_draft), inquiry_state_issued, NULL, "CMP-054"},
    {EV_inquiry_answered, IN(inquiry_state_issued), inquiry_state_answered, NULL, "CMP-054"},
    {EV_inquiry_closed, OPEN, inquiry_state_closed, NULL, "CMP-054"},
};

/* Finds the 洽辦單 and takes it to the state the fact leads to; `before` is where it was. */
static enum err inquiry_move(struct step *st, struct str number, struct rec_row_inquiry *row,
                             enum inquiry_state *before)
{
    struct key k = key_of(number);
    enum err e = step_get(st, escalation_inquiry, &k, row);
    if (e == ERR_NOT_FOUND) {
        return step_refuse(st, "unknown_number", "number",
                           "there is no 洽辦單 %.*s; give the number that stands on it",
                           STR_ARG(number));
    }
    const struct transition *t;
    if (e == ERR_OK) {
        e = machine_find(st, rows, COUNT_OF(rows), row->state, &codes_inquiry_state, &t);
    }
    if (e != ERR_OK) return e;
    *before = row->state;
    row->state = (enum inquiry_state)t->to;
    return ERR_OK;
}

enum err inquiry_on_released(struct step *st, const void *payload)
{
    const struct ev_inquiry_released *x = payload;
    struct rec_row_inquiry row;
    enum inquiry_state before;
    enum err e = inquiry_move(st, x->number, &row, &before);
    if (e != ERR_OK) return e;
    row.issued = st->in->occurred;
    inquiry_save(st, x->number, &row);
    return inquiry_out(st, x->number, &row);
}

enum err inquiry_on_answered(struct step *st, const void *payload)
{
    const struct ev_inquiry_answered *x = payload;
    struct rec_row_inquiry row;
    enum inquiry_state before;
    enum err e = inquiry_move(st, x->number, &row, &before);
    if (e != ERR_OK) return e;
    row.answered = st->in->occurred;
    inquiry_save(st, x->number, &row);
    struct deadline_ctx c = answer_ctx(st, x->number, &row);
    e = deadline_stop(st, &escalation_answer, &c);
    return e == ERR_OK ? answer_ended(st, x->number) : e;
}

/* Settled by a person, answered or not; what was not answered needs no answer any more. */
enum err inquiry_on_closed(struct step *st, const void *payload)
{
    const struct ev_inquiry_closed *x = payload;
    struct rec_row_inquiry row;
    enum inquiry_state before;
    enum err e = inquiry_move(st, x->number, &row, &before);
    if (e != ERR_OK) return e;
    row.closed = st->in->occurred;
    inquiry_save(st, x->number, &row);
    return before == inquiry_state_issued ? answer_drop(st, x->number, STR("closed")) : ERR_OK;
}
