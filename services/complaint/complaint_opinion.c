/* complaint_opinion.c - opinions of customers 客戶的建議或抱怨: told, or written on a survey card.
 *
 * Invariant: an opinion that is not dealt with yet has one entry in the queue of its department,
 * major ones before the others, the older before the younger. Rules CMP-121 … CMP-123, CMP-136. */
#include "services/complaint/complaint_private.h"

#define RECEIVED IN(opinion_state_received)
#define CLASSIFIED IN(opinion_state_classified)
#define ESCALATED IN(opinion_state_escalated)
#define RATING_BAD 1 /* 不滿意 */

/* ---- the queue (CMP-122) ---- */

static struct key queue_rank(struct str unit, bool major)
{
    struct key k = key_of(unit);
    key_u8(&k, major ? 0 : 1);
    return k;
}

static struct key queue_key(struct str no, const struct rec_row_opinion *r)
{
    struct key k = queue_rank(r->unit, r->severity == opinion_grade_major);
    key_u64(&k, (uint64_t)r->received_at);
    key_str(&k, no);
    return k;
}

static void queue_put(struct step *st, struct str no, const struct rec_row_opinion *r)
{
    struct key k = queue_key(no, r);
    struct rec_row_opinion_queue row = {r->received_at};
    step_put(st, COMPLAINT_TABLE(OPINION_QUEUE), &k, &row);
}

static void queue_del(struct step *st, struct str no, const struct rec_row_opinion *r)
{
    struct key k = queue_key(no, r);
    step_del(st, COMPLAINT_TABLE(OPINION_QUEUE), &k);
}

/* Nobody is kept from an ordinary one, but it is shown that a major one waits. */
static enum err show_skipped(struct step *st, struct str no, const struct rec_row_opinion *r)
{
    if (r->severity == opinion_grade_major) return ERR_OK;
    struct key prefix = queue_rank(r->unit, true), at = {.n = 0};
    struct rec_row_opinion_queue first;
    enum err e = step_next(st, COMPLAINT_TABLE(OPINION_QUEUE), &prefix, &at, &first);
    if (e != ERR_OK) return e == ERR_END ? ERR_OK : e;
    struct key_reader k = {{at.b, at.n}};
    struct ev_opinion_priority_skipped ev = {.opinion_no = no};
    struct str unit;
    uint8_t rank;
    uint64_t since;
    if (key_take_str(&k, &unit) || key_take_u8(&k, &rank) || key_take_u64(&k, &since) ||
        key_take_str(&k, &ev.waiting))
        return ERR_CORRUPT;
    step_emit_as(st, "CMP-122", EV_opinion_priority_skipped, &ev);
    return ERR_OK;
}

/* ---- handlers ---- */

static enum err on_received(struct step *st, const void *payload, void *row)
{
    const struct ev_opinion_received *ev = payload;
    struct rec_row_opinion *r = ((struct paper_at *)row)->row;
    struct str unit = complaint_department(st, "service");
    if (unit.n) r->unit = unit;
    queue_put(st, ev->opinion_no, r);
    bool told = st->in && st->in->number == st->type->number; /* not made from a card */
    return told ? complaint_may(st, ev->by_unit) : ERR_OK;
}

static enum err on_classified(struct step *st, const void *payload, void *row)
{
    const struct ev_opinion_classified *ev = payload;
    const struct paper_at *a = row;
    struct rec_row_opinion was;
    enum err e = complaint_may(st, ev->by_unit);
    if (e == ERR_OK) e = step_get(st, COMPLAINT_TABLE(OPINION), &a->key, &was);
    if (e != ERR_OK) return e;
    if (was.severity == opinion_grade_major) {
        return step_refuse(st, "state", "severity", "this opinion is major 重大, and stays so");
    }
    queue_del(st, ev->opinion_no, &was);
    queue_put(st, ev->opinion_no, a->row);
    return ERR_OK;
}

static enum err on_escalated(struct step *st, const void *payload, void *row)
{
    const struct rec_row_opinion *r = ((const struct paper_at *)row)->row;
    if (r->severity != opinion_grade_major) {
        return step_refuse(st, "state", "opinion_no",
                           "an ordinary opinion is handled by the service department itself; "
                           "classify it as major 重大 first (opinion.classified)");
    }
    return complaint_may(st, ((const struct ev_opinion_escalated *)payload)->by_unit);
}

static enum err on_handled(struct step *st, const void *payload, void *row)
{
    const struct ev_opinion_handled *ev = payload;
    const struct paper_at *a = row;
    const struct rec_row_opinion *r = a->row;
    enum err e = complaint_may(st, ev->by_unit);
    if (e != ERR_OK) return e;
    if (r->severity == opinion_grade_major && a->before != opinion_state_escalated) {
        st->rule = "CMP-122";
        return step_refuse(st, "state", "opinion_no",
                           "a major opinion goes before the vice general manager 副總經理 first "
                           "(opinion.escalated)");
    }
    e = show_skipped(st, ev->opinion_no, r);
    queue_del(st, ev->opinion_no, r);
    return e;
}

static enum err on_told(struct step *st, const void *payload, void *row)
{
    const struct ev_opinion_customer_told *ev = payload;
    const struct rec_row_opinion *r = ((const struct paper_at *)row)->row;
    enum err e = complaint_may(st, ev->by_unit);
    if (e != ERR_OK || ev->channel == reply_channel_letter) return e;
    if (r->severity == opinion_grade_major) {
        st->rule = "CMP-122";
        return step_refuse(st, "channel", "channel",
                           "the customer of a major opinion is told by letter 函告");
    }
    if (ev->channel == reply_channel_phone) return ERR_OK;
    return step_refuse(st, "channel", "channel", "the customer is told by letter or by telephone");
}

static enum err on_closed(struct step *st, const void *payload, void *row)
{
    const struct ev_opinion_closed *ev = payload;
    struct rec_row_opinion *r = ((struct paper_at *)row)->row;
    enum err e = complaint_may(st, ev->by_unit);
    return e == ERR_OK
               ? complaint_keep_until(st, "opinion", ev->opinion_no, r->unit, &r->keep_until)
               : e;
}

/* ---- the paper ---- */

static const struct transition rows[] = {
    {EV_opinion_received, PAPER_NEW, opinion_state_received, on_received, "CMP-121"},
    {EV_opinion_classified, RECEIVED | CLASSIFIED, opinion_state_classified, on_classified,
     "CMP-122"},
    {EV_opinion_escalated, CLASSIFIED, opinion_state_escalated, on_escalated, "CMP-122"},
    {EV_opinion_handled, CLASSIFIED | ESCALATED, opinion_state_handled, on_handled, "CMP-123"},
    {EV_opinion_customer_told, IN(opinion_state_handled), opinion_state_customer_told, on_told,
     "CMP-123"},
    {EV_opinion_closed, IN(opinion_state_customer_told), opinion_state_closed, on_closed,
     "CMP-123"},
};

static bool is_major(struct step *st, const struct deadline_ctx *c, const void *payload)
{
    (void)st, (void)c;
    return ((const struct ev_opinion_classified *)payload)->severity == opinion_grade_major;
}

static const struct deadline_row clocks[] = {
    {.name = "opinion.escalate",
     .rule = "CMP-122",
     .from = FROM_START,
     .due = DUE_SETTING,
     .start = {EV_opinion_classified},
     .stop = {EV_opinion_escalated},
     .starts = is_major},
    {.name = "opinion.reply",
     .rule = "CMP-123",
     .from = FROM_START,
     .due = DUE_SETTING,
     .start = {EV_opinion_received},
     .stop = {EV_opinion_customer_told}},
};

const struct paper complaint_opinion = {.name = "opinion",
                                        .label = "opinion 客戶的建議或抱怨",
                                        .table = COMPLAINT_TABLE(OPINION),
                                        .states = &codes_opinion_state,
                                        .keys = {"opinion_no"},
                                        PAPER_ROWS(rows),
                                        PAPER_CLOCKS(clocks)};

/* ---- from a survey card (CMP-121) ---- */

static bool is_bad(const struct ev_survey_returned *ev)
{
    return ev->attitude == RATING_BAD || ev->skill == RATING_BAD || ev->arrival == RATING_BAD ||
           ev->promise == RATING_BAD;
}

enum err complaint_opinion_survey(struct step *st, const struct ev_survey_returned *ev)
{
    struct rec_row_complaint_call call = {0};
    struct rec_row_opinion known;
    struct key k = key_of(ev->call_no);
    if (ev->text.n == 0) return ERR_STALE;
    enum err e = step_get(st, COMPLAINT_TABLE(CALL), &k, &call);
    if (e != ERR_OK && e != ERR_NOT_FOUND) return e;
    struct ev_opinion_received made = {
        .opinion_no = arena_printf(st->arena, "card-%.*s", STR_ARG(ev->call_no)),
        .card_no = ev->call_no,
        .customer = call.customer,
        .kind = is_bad(ev) ? opinion_kind_complaint : opinion_kind_suggestion,
        .text = ev->text};
    e = paper_get(st, &complaint_opinion, shape_ev_opinion_received(), &made, &known);
    if (e != ERR_NOT_FOUND) return e == ERR_OK ? ERR_STALE : e;
    return paper_act(st, &complaint_opinion, EV_opinion_received, &made);
}
