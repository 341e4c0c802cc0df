/* intake_followup.c - call-backs 回訪: made by what they come from, tried, done.
 *
 * A call-back has the number kind/reference, so that one thing is called back once; what comes
 * again has #turn behind it. Regular ones
 * form one chain for each customer and product: while one is not done there is no second, and when
 * it is done a clock runs to the day of the next (followup.regular), which makes it by passing.
 * What the result of a call-back decides stands with what it came from (intake_card.c). Rules
 * INT-078, INT-079, INT-081, INT-082, INT-083, INT-085, INT-086, INT-087. */
#include "common/contract.h"
#include "services/intake/intake_private.h"
#include <string.h>

#define CASE_PREFIX "followup/"
#define ATTEMPT_DAYS_MAX 16 /* of row_followup */

static const char *const rules[] = {
    [followup_kind_none] = "INT-078",    [followup_kind_card] = "INT-078",
    [followup_kind_sms] = "INT-080",     [followup_kind_vip] = "INT-081",
    [followup_kind_paid] = "INT-082",    [followup_kind_regular] = "INT-083",
    [followup_kind_quality] = "INT-085", [followup_kind_maintenance] = "INT-087",
};

static enum err get(struct step *st, struct str followup_no, struct rec_row_followup *out)
{
    struct key k = key_of(followup_no);
    return step_get(st, INTAKE_TABLE(FOLLOWUP), &k, out);
}

/* ---- the chain of regular call-backs (INT-083) ---- */

static struct key regular_key(struct str customer, struct str product)
{
    struct key k = key_of(customer);
    key_str(&k, product);
    return k;
}

static enum err regular_get(struct step *st, const struct key *k, struct rec_row_regular *out)
{
    *out = (struct rec_row_regular){0};
    enum err e = step_get(st, INTAKE_TABLE(REGULAR), k, out);
    return e == ERR_NOT_FOUND ? ERR_OK : e;
}

/* *busy: one is not done yet. */
static enum err regular_busy(struct step *st, const struct ev_followup_created *ev, bool *busy)
{
    struct key k = regular_key(ev->customer, ev->product);
    struct rec_row_regular row;
    enum err e = regular_get(st, &k, &row);
    *busy = row.open.n > 0;
    return e;
}

/* This one is the open one now; the clock of the next one ends. */
static enum err regular_open(struct step *st, const struct ev_followup_created *ev)
{
    if (!ev->customer.n && !ev->product.n) return ERR_OK; /* nobody to find again */
    struct key k = regular_key(ev->customer, ev->product);
    struct rec_row_regular row;
    enum err e = regular_get(st, &k, &row);
    if (e == ERR_OK && row.last.n) {
        struct str case_no = arena_printf(st->arena, CASE_PREFIX "%.*s", STR_ARG(row.last));
        e = deadline_drop(st, case_no, 0, STR("called back again"));
    }
    row = (struct rec_row_regular){.open = ev->followup_no};
    step_put(st, INTAKE_TABLE(REGULAR), &k, &row);
    return e;
}

/* *next: the day of the next one; stays 0 when another one is open. */
static enum err regular_done(struct step *st, struct str followup_no,
                             const struct rec_row_followup *row, int64_t *next)
{
    struct key k = regular_key(row->customer, row->product);
    struct rec_row_regular chain;
    enum err e = regular_get(st, &k, &chain);
    if (e != ERR_OK || !str_eq(chain.open, followup_no)) return e;
    chain = (struct rec_row_regular){.last = followup_no};
    step_put(st, INTAKE_TABLE(REGULAR), &k, &chain);
    if (!st->policy->keys.followup_regular) return ERR_OK;
    const struct zone *z = step_zone(st, row->unit);
    int32_t day = zone_day(z, st->in->occurred) + (int32_t)st->policy->keys.followup_days;
    *next = zone_day_start(z, day);
    return ERR_OK;
}

/* ---- making ---- */

/* As paper_act, under the rule of the kind. */
static enum err act(struct step *st, const struct ev_followup_created *ev)
{
    const struct event_type *type = st->type;
    const char *rule = st->rule;
    st->rule = rules[ev->kind];
    step_emit(st, EV_followup_created, ev);
    st->type = event_of(EV_followup_created);
    enum err e = paper_fact(st, &intake_followup, ev);
    ENSURE(e != ERR_REFUSED);
    st->type = type;
    st->rule = rule;
    return e;
}

enum err intake_followup_create(struct step *st, enum followup_kind kind,
                                struct ev_followup_created *ev)
{
    ev->kind = kind;
    ev->followup_no =
        arena_printf(st->arena, "%s/%.*s", code_word(&codes_followup_kind, kind), STR_ARG(ev->ref));
    if (ev->turn) {
        ev->followup_no = arena_printf(st->arena, "%.*s#%llu", STR_ARG(ev->followup_no),
                                       (unsigned long long)ev->turn);
    }
    struct rec_row_followup row;
    enum err e = get(st, ev->followup_no, &row);
    if (e != ERR_NOT_FOUND) return e;
    e = kind == followup_kind_regular ? regular_open(st, ev) : ERR_OK;
    return e == ERR_OK ? act(st, ev) : e;
}

enum err intake_followup_requested(struct step *st, const void *payload)
{
    const struct ev_followup_requested *ev = payload;
    const uint32_t allowed = IN(followup_kind_quality) | IN(followup_kind_regular) |
                             IN(followup_kind_paid) | IN(followup_kind_maintenance);
    if (!(IN(ev->kind) & allowed)) {
        return step_refuse(st, "kind", "kind",
                           "a call-back %s comes from its card or message; ask for quality, "
                           "regular, paid or maintenance",
                           code_word(&codes_followup_kind, ev->kind));
    }
    struct ev_followup_created out = {.ref = ev->ref,
                                      .unit = ev->unit,
                                      .call_no = ev->call_no,
                                      .customer = ev->customer,
                                      .product = ev->product,
                                      .text = ev->text};
    return intake_followup_create(st, ev->kind, &out);
}

/* ---- after a job (INT-082, INT-083, INT-086) ---- */

enum err intake_followup_after(struct step *st, const struct call *c)
{
    const struct policy_keys *keys = &st->policy->keys;
    struct ev_followup_created out = {.ref = c->no,
                                      .unit = c->row.unit,
                                      .call_no = c->no,
                                      .customer = c->row.customer,
                                      .product = c->row.product};
    enum err e = ERR_OK;
    if (keys->followup_paid && c->row.category == category_a)
        e = intake_followup_create(st, followup_kind_paid, &out);
    if (e != ERR_OK) return e;
    if (c->sp->followup_before_close)
        return intake_followup_create(st, followup_kind_regular, &out);
    if (!keys->followup_regular || !c->row.is_signed) return ERR_OK;
    bool busy;
    e = regular_busy(st, &out, &busy);
    if (e != ERR_OK || busy) return e;
    return intake_followup_create(st, followup_kind_regular, &out);
}

enum err intake_followup_job(struct step *st, const void *payload)
{
    enum err e = intake_jobs_fact(st, payload);
    struct call c;
    if (e == ERR_OK) e = intake_call_get(st, *(const struct str *)payload, &c);
    if (e != ERR_OK || c.row.state != call_state_done) return e;
    return intake_followup_after(st, &c);
}

/* ---- the day of the next one (INT-083) ---- */

enum err intake_followup_passed(struct step *st, struct str case_no)
{
    uint32_t n = (uint32_t)strlen(CASE_PREFIX);
    REQUIRE(case_no.n > n);
    struct str no = {case_no.p + n, case_no.n - n};
    struct rec_row_followup row;
    enum err e = get(st, no, &row);
    if (e != ERR_OK) return ERR_CORRUPT;
    struct ev_followup_created out = {.ref = row.ref,
                                      .turn = (row.turn ? row.turn : 1) + 1,
                                      .unit = row.unit,
                                      .customer = row.customer,
                                      .product = row.product};
    return intake_followup_create(st, followup_kind_regular, &out);
}

/* ---- nobody answered (INT-079) ---- */

static bool has_day(const struct rec_row_followup *row, struct str day)
{
    for (uint32_t i = 0; i < row->attempt_days.n; i++) {
        if (str_eq(row->attempt_days.v[i].name, day)) return true;
    }
    return false;
}

/* Attempts count by days. */
static enum err on_attempted(struct step *st, const void *payload, void *at)
{
    (void)payload;
    struct rec_row_followup *row = ((struct paper_at *)at)->row;
    char text[11];
    const struct calendar *cal = step_calendar(st, row->unit, NULL);
    day_format(zone_day(calendar_zone(cal), st->in->occurred), text);
    uint32_t n = row->attempt_days.n;
    if (has_day(row, str_of(text)) || n >= ATTEMPT_DAYS_MAX) return ERR_OK;
    struct rec_name_line *v = arena_take(st->arena, (n + 1) * sizeof *v);
    if (n) memcpy(v, row->attempt_days.v, n * sizeof *v);
    v[n].name = arena_str(st->arena, str_of(text));
    row->attempt_days.v = v;
    row->attempt_days.n = n + 1;
    return ERR_OK;
}

static enum err check_unreachable(struct step *st, const struct ev_followup_done *ev,
                                  const struct rec_row_followup *row)
{
    st->rule = "INT-079";
    uint32_t wanted = st->policy->keys.callback_attempts;
    if (row->attempt_days.n < wanted) {
        return step_refuse(st, "attempts_missing", "result",
                           "nobody answered on %u different days so far, and unreachable needs %u; "
                           "try again and report followup.attempted",
                           row->attempt_days.n, wanted);
    }
    struct key k = key_of(ev->decided_by);
    struct rec_row_person who = {0};
    enum err e = ev->decided_by.n ? step_get(st, &table_person, &k, &who) : ERR_NOT_FOUND;
    if (e != ERR_OK && e != ERR_NOT_FOUND) return e;
    bool known = e == ERR_OK, open = st->policy->keys.open_units && ev->decided_by.n;
    if (known ? str_is(who.role, "supervisor") : open) return ERR_OK;
    return step_refuse(st, "supervisor_needed", "decided_by",
                       "a supervisor 服務主任 decides that somebody cannot be reached; name one "
                       "in decided_by");
}

/* ---- done (INT-078, INT-079) ---- */

static const char *unsaid(const struct ev_followup_done *ev)
{
    return !ev->real           ? "real"
           : !ev->quality      ? "quality"
           : !ev->satisfaction ? "satisfaction"
                               : NULL;
}

static enum err check_valid(struct step *st, const struct ev_followup_done *ev,
                            const struct rec_row_followup *row)
{
    if (row->kind != followup_kind_card) return ERR_OK;
    st->rule = "INT-078";
    if (unsaid(ev)) {
        return step_refuse(st, "missing", unsaid(ev),
                           "a card is verified by all three: real, quality and satisfaction");
    }
    st->rule = "INT-079";
    if (ev->real == yes_no_yes) return ERR_OK;
    return step_refuse(st, "not_real", "result",
                       "what did not take place is no valid call-back; report it as invalid");
}

static enum err check_invalid(struct step *st, const struct ev_followup_done *ev)
{
    if (ev->text.n) return ERR_OK;
    st->rule = "INT-079";
    return step_refuse(st, "reason_missing", "text", "say why the call-back is not valid");
}

static enum err check_result(struct step *st, const struct ev_followup_done *ev,
                             const struct rec_row_followup *row)
{
    if (ev->result == followup_result_valid) return check_valid(st, ev, row);
    if (ev->result == followup_result_invalid) return check_invalid(st, ev);
    return check_unreachable(st, ev, row);
}

static const enum followup_state states[] = {
    [followup_result_valid] = followup_state_valid,
    [followup_result_invalid] = followup_state_invalid,
    [followup_result_unreachable] = followup_state_unreachable,
};

/* Why a card does not count; empty when it does. */
static struct str reason_of(const struct ev_followup_done *ev)
{
    if (ev->result == followup_result_valid) return (struct str){0};
    if (ev->result == followup_result_invalid)
        return ev->text.n <= 256 ? ev->text : STR("see the call-back");
    return ev->enter == yes_no_yes ? (struct str){0} : STR("unreachable");
}

static enum err on_done(struct step *st, const void *payload, void *at)
{
    const struct ev_followup_done *ev = payload;
    struct paper_at *a = at;
    struct rec_row_followup *row = a->row;
    enum err e = check_result(st, ev, row);
    if (e != ERR_OK) return e;
    row->state = states[ev->result];
    if (row->call_no.n) {
        struct key k = key_of(row->call_no);
        step_put(st, INTAKE_TABLE(CALLED_BACK), &k, &(struct rec_row_mark){.set = true});
    }
    if (row->kind == followup_kind_card)
        return intake_card_decide(st, row, ev->followup_no, reason_of(ev));
    if (row->kind != followup_kind_regular) return ERR_OK;
    return regular_done(st, ev->followup_no, row, &a->given_ms);
}

enum err intake_followup_is_done(struct step *st, struct str call_no, bool *out)
{
    struct key k = key_of(call_no);
    struct rec_row_mark mark;
    enum err e = step_get(st, INTAKE_TABLE(CALLED_BACK), &k, &mark);
    *out = e == ERR_OK;
    return e == ERR_NOT_FOUND ? ERR_OK : e;
}

/* ---- the paper ---- */

static bool is_card(struct step *st, const struct deadline_ctx *c, const void *payload)
{
    (void)st, (void)payload;
    return ((const struct rec_row_followup *)c->row)->kind == followup_kind_card;
}

static bool is_sms(struct step *st, const struct deadline_ctx *c, const void *payload)
{
    (void)st, (void)payload;
    return ((const struct rec_row_followup *)c->row)->kind == followup_kind_sms;
}

/* A VIP whose turn it is has sent no card; maintenance leads are verified like cards (INT-087). */
static bool is_vip_card(struct step *st, const struct deadline_ctx *c, const void *payload)
{
    (void)st, (void)payload;
    const struct rec_row_followup *row = c->row;
    return row->kind == followup_kind_maintenance ||
           (row->kind == followup_kind_vip && row->card_no.n > 0);
}

#define OPEN (IN(followup_state_created) | IN(followup_state_calling))

static const struct transition followup_rows[] = {
    {EV_followup_created, PAPER_NEW, followup_state_created, NULL, "INT-078"},
    {EV_followup_attempted, OPEN, followup_state_calling, on_attempted, "INT-079"},
    {EV_followup_done, OPEN, 0, on_done, "INT-078"},
};

#define CALLED_BACK_BY(name_, rule_, which)                                                        \
    {                                                                                              \
        .name = name_, .rule = rule_, .from = FROM_OCCURRED, .due = DUE_SETTING,                   \
        .start = {EV_followup_created}, .stop = {EV_followup_done}, .starts = (which)              \
    }

static const struct deadline_row followup_clocks[] = {
    CALLED_BACK_BY("followup.card", "INT-078", is_card),
    CALLED_BACK_BY("followup.sms", "INT-080", is_sms),
    CALLED_BACK_BY("followup.vip", "INT-081", is_vip_card),
    /* Its instant is given by on_done; passing makes the next one. */
    {.name = "followup.regular",
     .rule = "INT-083",
     .from = FROM_OCCURRED,
     .due = DUE_GIVEN,
     .start = {EV_followup_done}},
};

const struct paper intake_followup = {.name = "followup",
                                      .label = "call-back 回訪",
                                      .table = INTAKE_TABLE(FOLLOWUP),
                                      .states = &codes_followup_state,
                                      .keys = {"followup_no"},
                                      PAPER_ROWS(followup_rows),
                                      PAPER_CLOCKS(followup_clocks)};
