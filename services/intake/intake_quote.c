/* intake_quote.c - repair quotations 維修報價表.
 *
 * The total is the sum of the lines, quantity times price, in fen; whoever states one states the
 * same. A quotation can be accepted up to its last day, that day included, also after a refusal.
 * Dispatch reads quote.accepted for the call of the quotation (DSP-085). Rule INT-037. */
#include "common/contract.h"
#include "services/intake/intake_private.h"

#define TOTAL_MAX INT64_C(1000000000000) /* fen, as the contract has it */

/* ---- issued ---- */

static enum err sum_of(struct step *st, const struct ev_quote_issued *ev, int64_t *out)
{
    int64_t sum = 0;
    for (uint32_t i = 0; i < ev->lines.n; i++) {
        const struct rec_price_line *line = &ev->lines.v[i];
        if (line->price > (TOTAL_MAX - sum) / (int64_t)line->qty) {
            return step_refuse(st, "total_too_large", "lines",
                               "the lines come to more than a quotation can hold; correct the "
                               "quantities or prices");
        }
        sum += (int64_t)line->qty * line->price;
    }
    *out = sum;
    return ERR_OK;
}

static struct str money(struct step *st, int64_t fen)
{
    return arena_printf(st->arena, "%lld.%02lld", (long long)(fen / 100), (long long)(fen % 100));
}

static enum err check_total(struct step *st, const struct ev_quote_issued *ev, int64_t sum)
{
    if (ev->total == 0 || ev->total == sum) return ERR_OK;
    return step_refuse(st, "wrong_total", "total",
                       "the lines come to %.*s and not to %.*s; correct one of them, or leave the "
                       "total out",
                       STR_ARG(money(st, sum)), STR_ARG(money(st, ev->total)));
}

static enum err set_last_day(struct step *st, struct rec_row_quote *q)
{
    int32_t today = step_day(st, q->unit);
    if (q->valid_until == 0) q->valid_until = today + (int32_t)st->policy->keys.quote_valid_days;
    if (q->valid_until >= today) return ERR_OK;
    return step_refuse(
        st, "valid_until_past", "valid_until",
        "the quotation would be over before it is issued; name a later day, or none");
}

static enum err on_issued(struct step *st, const void *payload, void *row)
{
    struct ev_quote_issued known = *(const struct ev_quote_issued *)payload;
    struct rec_row_quote *q = ((struct paper_at *)row)->row;
    struct call c;
    enum err e = intake_desk_call(st, known.call_no, &c);
    if (e == ERR_OK) e = sum_of(st, &known, &q->total);
    if (e == ERR_OK) e = check_total(st, &known, q->total);
    if (e == ERR_OK) e = set_last_day(st, q);
    if (e != ERR_OK) return e;
    known.unit = q->unit;
    known.total = q->total;
    known.valid_until = q->valid_until;
    step_complete(st, &known);
    return ERR_OK;
}

/* ---- accepted ---- */

static enum err check_accepted(struct step *st, const struct ev_quote_accepted *ev,
                               const struct rec_row_quote *quoted)
{
    if (ev->call_no.n && !str_eq(ev->call_no, quoted->call_no)) {
        return step_refuse(st, "other_call", "call_no",
                           "quotation %.*s is not for call %.*s; correct the number, or leave the "
                           "call out",
                           STR_ARG(ev->quote_no), STR_ARG(ev->call_no));
    }
    if (step_day(st, quoted->unit) <= quoted->valid_until) return ERR_OK;
    char day[11];
    day_format(quoted->valid_until, day);
    return step_refuse(st, "quote_expired", "",
                       "quotation %.*s could be accepted until %s; issue a new one",
                       STR_ARG(ev->quote_no), day);
}

static enum err on_accepted(struct step *st, const void *payload, void *row)
{
    struct ev_quote_accepted known = *(const struct ev_quote_accepted *)payload;
    const struct paper_at *a = row;
    struct rec_row_quote quoted; /* the row at work has the call of the acceptance already */
    enum err e = paper_get(st, a->paper, shape_ev_quote_accepted(), payload, &quoted);
    if (e == ERR_OK) e = check_accepted(st, &known, &quoted);
    if (e != ERR_OK) return e;
    known.call_no = quoted.call_no;
    step_complete(st, &known);
    return ERR_OK;
}

#define ISSUED IN(quote_state_issued)

static const struct transition quote_rows[] = {
    {EV_quote_issued, PAPER_NEW, quote_state_issued, on_issued, "INT-037"},
    {EV_quote_accepted, ISSUED | IN(quote_state_refused), quote_state_accepted, on_accepted,
     "INT-037"},
    {EV_quote_refused, ISSUED, quote_state_refused, NULL, "INT-037"},
};

const struct paper intake_quote = {.name = "quote",
                                   .label = "quotation 維修報價表",
                                   .table = INTAKE_TABLE(QUOTE),
                                   .states = &codes_quote_state,
                                   .keys = {"quote_no"},
                                   PAPER_ROWS(quote_rows)};
