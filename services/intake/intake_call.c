/* intake_call.c - a call of the register: its row, its clocks, its index.
 *
 * Read: the clocks, their conditions, then reading and writing. Closing a call (call.written_off,
 * call.closed) is itself the answer to everything that was to be said or done about it, so it stops
 * the call.* clocks; what was promised (promise.due), must be reported up (call.major_report) or
 * filed (reply.file) goes on. Cancelling drops them all (INT-022). Invariant: ended_at is set if
 * and only if the state is closed or cancelled. Rules INT-008, INT-009, INT-013, INT-014, INT-022,
 * INT-028, INT-030, INT-043, INT-100. */
#include "common/contract.h"
#include "services/intake/intake_private.h"

/* ---- conditions ---- */

/* INT-008: at least the kind the policy demands; closing the call is an answer of any kind. */
static bool stops_reply(struct step *st, const struct deadline_ctx *c, const void *payload)
{
    if (st->type->kind != EV_call_replied) return true;
    const struct ev_call_replied *ev = payload;
    enum reply_kind kind = ev->kind ? ev->kind : reply_kind_answer;
    return !c->sp || kind >= c->sp->reply_kind;
}

/* Group BUS: 以文字形式. */
static bool stops_contact(struct step *st, const struct deadline_ctx *c, const void *payload)
{
    (void)c;
    if (st->type->kind != EV_call_forwarded) return true;
    const struct ev_call_forwarded *ev = payload;
    return ev->written;
}

/* The result is told after the forwarding; an answer given before it is another one. */
static bool stops_feedback(struct step *st, const struct deadline_ctx *c, const void *payload)
{
    (void)payload;
    struct rec_row_deadline row;
    enum err e = deadline_get(st, c->case_no, c->item, intake_clocks[CLOCK_FEEDBACK].name, &row);
    return e == ERR_OK && c->occurred_ms >= row.start;
}

/* A second letter does not give more time for the result of the first. */
static bool starts_feedback(struct step *st, const struct deadline_ctx *c, const void *payload)
{
    (void)payload;
    bool runs = false;
    enum err e = intake_call_runs(st, c->case_no, c->item, CLOCK_FEEDBACK, &runs);
    return e == ERR_OK && !runs;
}

/* INT-013: this reply told the user the result of a forwarding; the clock it stopped says so. */
static bool is_result(struct step *st, const struct deadline_ctx *c)
{
    struct rec_row_deadline row;
    enum err e = deadline_get(st, c->case_no, c->item, intake_clocks[CLOCK_FEEDBACK].name, &row);
    return e == ERR_OK && row.end != deadline_end_open && row.done == c->occurred_ms;
}

/* INT-009: letters and results are filed, every reply where the policy says so; an unfiled one
 * keeps its day. */
static bool starts_file(struct step *st, const struct deadline_ctx *c, const void *payload)
{
    const struct ev_call_replied *ev = payload;
    bool filed = ev->kind == reply_kind_written || is_result(st, c) ||
                 st->policy->keys.filed_replies == FILED_REPLIES_all;
    bool runs = false;
    enum err e = intake_call_runs(st, c->case_no, c->item, CLOCK_REPLY_FILE, &runs);
    return filed && e == ERR_OK && !runs;
}

/* INT-014: it may be reported up, from the site, before it is graded. */
static bool starts_major(struct step *st, const struct deadline_ctx *c, const void *payload)
{
    (void)st, (void)payload;
    return !((const struct rec_row_call *)c->row)->major_reported;
}

#define CLOSING EV_call_written_off, EV_call_closed
#define SERVICE_MIN(key) offsetof(struct service_policy, key)

const struct deadline_row intake_clocks[CLOCK_COUNT] = {
    [CLOCK_REPLY] = {.name = "call.reply",
                     .rule = "INT-008",
                     .from = FROM_RECEIVED,
                     .due = DUE_SERVICE,
                     .minutes = SERVICE_MIN(reply_min),
                     .start = {EV_call_registered},
                     .stop = {EV_call_replied, CLOSING},
                     .stops = stops_reply},
    [CLOCK_CONTACT_MAKER] = {.name = "call.contact_maker",
                             .rule = "INT-013",
                             .from = FROM_RECEIVED,
                             .due = DUE_SERVICE,
                             .minutes = SERVICE_MIN(contact_maker_min),
                             .start = {EV_call_registered},
                             .stop = {EV_call_forwarded, CLOSING},
                             .stops = stops_contact},
    [CLOCK_FEEDBACK] = {.name = "call.feedback",
                        .rule = "INT-013",
                        .from = FROM_OCCURRED,
                        .due = DUE_SERVICE,
                        .minutes = SERVICE_MIN(feedback_min),
                        .start = {EV_call_forwarded},
                        .stop = {EV_call_replied, CLOSING},
                        .starts = starts_feedback,
                        .stops = stops_feedback},
    /* Armed by intake_book_expect: its instant is the close of a day. */
    [CLOCK_DISPATCH] = {.name = "call.dispatch",
                        .rule = "INT-028",
                        .from = FROM_RECEIVED,
                        .due = DUE_GIVEN,
                        .stop = {EV_job_assigned, CLOSING}},
    [CLOCK_MAJOR_REPORT] = {.name = "call.major_report",
                            .rule = "INT-014",
                            .from = FROM_OCCURRED,
                            .due = DUE_SETTING,
                            .start = {EV_call_graded},
                            .stop = {EV_call_major_reported},
                            .starts = starts_major},
    [CLOCK_WARRANTY_QUERY] = {.name = "warranty.query",
                              .rule = "INT-043",
                              .from = FROM_OCCURRED,
                              .due = DUE_SETTING,
                              .start = {EV_warranty_query},
                              .stop = {EV_warranty_answered, CLOSING}},
    [CLOCK_PROMISE] = {.name = "promise.due",
                       .rule = "INT-100",
                       .from = FROM_OCCURRED,
                       .due = DUE_GIVEN,
                       .start = {EV_promise_made},
                       .stop = {EV_promise_kept}},
    /* Armed by intake_book_enter and intake_book_passed; the case is the register. */
    [CLOCK_REGISTER_CLOSE] = {.name = "register.close",
                              .rule = "INT-028",
                              .from = FROM_START,
                              .due = DUE_GIVEN},
    [CLOCK_REGISTER_SEND] = {.name = "register.send",
                             .rule = "INT-030",
                             .from = FROM_START,
                             .due = DUE_SETTING,
                             .stop = {EV_register_sent}},
    /* desk */
    [CLOCK_REPLY_FILE] = {.name = "reply.file",
                          .rule = "INT-009",
                          .from = FROM_OCCURRED,
                          .due = DUE_SETTING,
                          .start = {EV_call_replied},
                          .stop = {EV_reply_filed},
                          .starts = starts_file},
};

/* ---- row ---- */

enum err intake_call_get(struct step *st, struct str no, struct call *out)
{
    struct key k = key_of(no);
    enum err e = step_get(st, INTAKE_TABLE(CALL), &k, &out->row);
    if (e != ERR_OK) return e;
    out->no = no;
    out->sp = policy_service(st->policy, out->row.policy);
    if (!out->sp) out->sp = policy_select(st->policy, &(struct selection){0});
    out->kind = policy_kind(st->policy, out->row.order_kind);
    if (!out->kind) out->kind = policy_kind(st->policy, (struct str){0});
    ENSURE(out->sp != NULL && out->kind != NULL);
    return ERR_OK;
}

void intake_call_put(struct step *st, const struct call *c)
{
    REQUIRE((c->row.ended_at != 0) == intake_call_ended(c));
    struct key k = key_of(c->no);
    step_put(st, INTAKE_TABLE(CALL), &k, &c->row);
}

bool intake_call_ended(const struct call *c)
{
    return (IN(c->row.state) & CALL_ENDED) != 0;
}

void intake_call_end(struct step *st, struct call *c, enum call_state state)
{
    REQUIRE(IN(state) & CALL_ENDED);
    intake_call_index(st, c, false);
    intake_voucher_unwait(st, c);
    c->row.state = state;
    c->row.ended_at = st->in->occurred;
}

/* ---- clocks ---- */

struct deadline_ctx intake_call_ctx(const struct step *st, const struct call *c)
{
    return (struct deadline_ctx){.case_no = c->no,
                                 .unit = c->row.unit,
                                 .sp = c->sp,
                                 .received_ms = c->row.received_at,
                                 .occurred_ms = st->in->occurred,
                                 .row = &c->row};
}

enum err intake_call_clocks(struct step *st, const struct call *c, enum event_kind kind,
                            const void *payload)
{
    struct deadline_ctx ctx = intake_call_ctx(st, c);
    return deadline_run(st, intake_clocks, CLOCK_COUNT, kind, &ctx, payload);
}

enum err intake_call_runs(struct step *st, struct str case_no, uint8_t item, enum clock which,
                          bool *out)
{
    struct rec_row_deadline row;
    enum err e = deadline_get(st, case_no, item, intake_clocks[which].name, &row);
    if (e != ERR_OK && e != ERR_NOT_FOUND) return e;
    *out = e == ERR_OK && row.end == deadline_end_open;
    return ERR_OK;
}

bool intake_call_off(const struct step *st, enum clock which)
{
    const struct deadline_setting *s =
        policy_deadline(st->policy, str_of(intake_clocks[which].name));
    return s && s->off;
}

const struct calendar *intake_call_calendar(struct step *st, const struct call *c)
{
    return step_calendar(st, c->row.unit, c->sp);
}

/* ---- index ---- */

/* Key product, customer, fault, call_no: one entry serves the search for a duplicate (INT-022) and
 * for the open calls of a product (INT-039). The fault stands in it as a checksum; whoever finds an
 * entry compares the texts. A call without a product cannot be found in either way and has no
 * entry. */
void intake_call_index(struct step *st, const struct call *c, bool open)
{
    if (c->row.product.n == 0) return;
    struct key k = key_of(c->row.product);
    key_str(&k, c->row.customer);
    key_u64(&k, crc32c(0, c->row.fault.p, c->row.fault.n));
    key_str(&k, c->no);
    if (open) {
        step_put(st, INTAKE_TABLE(OPEN_CALL), &k, &(struct rec_row_mark){.set = true});
    } else {
        step_del(st, INTAKE_TABLE(OPEN_CALL), &k);
    }
}
