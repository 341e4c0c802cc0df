/* complaint_money.c - what follows from a case in money: the account of what is still open, the
 * states settled, reviewed and archived, and what the room hears of the case.
 *
 * liability and loss complaint_liability.c, complaint_resale.c; punishment complaint_sanction.c;
 * penalty complaint_penalty.c; slips complaint_return.c; receivables complaint_receivable.c; months
 * complaint_month.c. Rules CMP-044, CMP-050 (its money), appendix 1. */
#include "services/complaint/complaint_private.h"

/* ---- the case ---- */

enum err complaint_money_case(struct step *st, struct str case_no, struct complaint *out)
{
    enum err e = complaint_find(st, case_no, "case_no", out);
    if (e != ERR_OK || str_eq(out->no, case_no)) return e;
    return step_refuse(st, "unknown_number", "case_no",
                       "%.*s is the complaint number of case %.*s; what follows from a case goes "
                       "by its own number",
                       STR_ARG(case_no), STR_ARG(out->no));
}

enum err complaint_money_open(struct step *st, struct str by_unit, struct str case_no,
                              struct complaint *out)
{
    const char *rule = st->rule;
    enum err e = complaint_may(st, by_unit);
    if (e != ERR_OK) return e;
    st->rule = rule;
    return complaint_money_case(st, case_no, out);
}

/* ---- the account ---- */

enum err complaint_account_get(struct step *st, struct str case_no,
                               struct rec_row_complaint_account *out)
{
    struct key k = key_of(case_no);
    enum err e = step_get(st, COMPLAINT_TABLE(ACCOUNT), &k, out);
    if (e != ERR_NOT_FOUND) return e;
    *out = (struct rec_row_complaint_account){0};
    return ERR_OK;
}

void complaint_account_put(struct step *st, struct str case_no,
                           const struct rec_row_complaint_account *row)
{
    struct key k = key_of(case_no);
    step_put(st, COMPLAINT_TABLE(ACCOUNT), &k, row);
}

enum err complaint_money_improvement(struct step *st, struct str case_no, int by)
{
    struct rec_row_complaint_account a;
    enum err e = complaint_account_get(st, case_no, &a);
    if (e != ERR_OK) return e;
    if (by > 0) a.improvements++, a.improvements_open++;
    if (by < 0 && a.improvements_open > 0) a.improvements_open--;
    complaint_account_put(st, case_no, &a);
    return by < 0 ? complaint_money_archive(st, case_no) : ERR_OK;
}

/* ---- archived (appendix 1, CMP-136) ---- */

/* Penalty notices distributed, sanctions published or rejected, improvements verified. */
static enum err is_done(struct step *st, const struct complaint *c, bool *done)
{
    struct rec_row_complaint_account a;
    struct rec_row_liability l;
    *done = false;
    enum err e = complaint_account_get(st, c->no, &a);
    if (e != ERR_OK || a.sanctions_open || a.penalties_open || a.improvements_open) return e;
    e = complaint_liability_get(st, c->no, &l);
    if (e == ERR_NOT_FOUND) *done = true;
    if (e != ERR_OK) return e == ERR_NOT_FOUND ? ERR_OK : e;
    bool apportioned = l.parties.n == 0 || l.loss_kind == loss_kind_final;
    *done = apportioned && (l.track_improvement != yes_no_yes || a.improvements > 0);
    return ERR_OK;
}

/* A day a record can hold: not beyond the last one, and not the one that means "absent". */
static int32_t writable(int32_t day)
{
    int32_t last = (int32_t)(TIME_MAX_MS / DAY_MS);
    return day > last ? last : day == 0 ? 1 : day;
}

enum err complaint_money_archive(struct step *st, struct str case_no)
{
    struct complaint c;
    bool done;
    enum err e = complaint_get(st, case_no, &c);
    if (e != ERR_OK) return e == ERR_NOT_FOUND ? ERR_OK : e;
    if (c.r.state != complaint_state_reviewed) return ERR_OK;
    e = is_done(st, &c, &done);
    if (e != ERR_OK || !done) return e;
    int32_t today = zone_day(step_zone(st, c.r.unit), step_occurred(st));
    c.r.keep_until = writable(day_add_months(today, 12 * (int)st->policy->complaint.case_years));
    c.r.state = complaint_state_archived;
    complaint_put(st, &c);
    struct ev_complaint_archived ev = {.case_no = c.no, .keep_until = c.r.keep_until};
    step_emit_as(st, "CMP-136", EV_complaint_archived, &ev);
    return ERR_OK;
}

/* ---- what the room hears of the case ---- */

static enum err on_ended(struct step *st, const struct complaint *c)
{
    enum err e = complaint_receivable_restore(st, c);
    if (e == ERR_OK) e = complaint_month_add(st, c);
    return e == ERR_OK ? complaint_return_on_closed(st, c) : e;
}

enum err complaint_money_on_case(struct step *st, struct complaint *c, const void *payload)
{
    enum excluded_from from = st->policy->complaint.receivable_excluded_from;
    enum err e;
    switch ((int)st->type->kind) {
    case EV_complaint_form_filed:
        return from == EXCLUDED_filed ? complaint_receivable_exclude(st, c) : ERR_OK;
    case EV_complaint_accepted:
        return from == EXCLUDED_accepted ? complaint_receivable_exclude(st, c) : ERR_OK;
    case EV_complaint_not_established:
        e = complaint_receivable_restore(st, c);
        if (e != ERR_OK) return e;
        return complaint_receivable_owe(
            st, c, ((const struct ev_complaint_not_established *)payload)->term_days);
    case EV_complaint_invalidated:
        return complaint_receivable_restore(st, c);
    case EV_complaint_closed:
    case EV_complaint_resubmitted:
        return on_ended(st, c);
    }
    return ERR_OK;
}

/* CMP-050: who is responsible, who bears the loss, is the improvement tracked. */
enum err complaint_money_missing(struct step *st, const struct complaint *c, struct str *word,
                                 struct str *out)
{
    *word = STR("liability");
    *out = (struct str){0};
    struct rec_row_liability l;
    if (c->r.outcome) return ERR_OK; /* it does not stand: nobody is liable */
    enum err e = complaint_liability_get(st, c->no, &l);
    if (e == ERR_NOT_FOUND || (e == ERR_OK && l.state == liability_state_proposed)) {
        *out = STR("who is responsible (complaint.liability_proposed, liability_approved)");
        return ERR_OK;
    }
    if (e != ERR_OK) return e;
    if (complaint_liability_has_loss(c, &l) && l.parties.n == 0)
        *out = STR("who bears the loss, with ratios of 100 % (parties)");
    if (out->n || l.own_quality != yes_no_yes || l.track_improvement || l.human_oversight)
        return ERR_OK;
    *word = STR("improvement");
    *out = STR("whether the improvement is tracked (track_improvement)");
    return ERR_OK;
}

enum err complaint_money_passed(struct step *st, const struct passed *what)
{
    return complaint_resale_passed(st, what);
}
