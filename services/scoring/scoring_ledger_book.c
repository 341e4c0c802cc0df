/* scoring_ledger_book.c - what follows from an entry of the ledgers that is confirmed: its fine and
 * mark, the count of the year, the punishment, the award of the month, what is proposed; and how
 * all of it is taken back when the entry falls (SCO-016, SCO-107 … SCO-113, SCO-116, SCO-124,
 * SCO-125). What a person has decided meanwhile stands. */
#include "services/scoring/scoring_ledger.h"

/* ---- the count of the year ---- */

static enum err count_by(struct step *st, struct booking *b, int by,
                         struct rec_row_conduct_count *r)
{
    const struct ledger_fact *f = b->told.fact;
    *r = (struct rec_row_conduct_count){0};
    if (!f->counter.n) return ERR_OK;
    struct key key = key_of(b->told.person);
    key_u64(&key, (uint64_t)scoring_year_of(b->told.day));
    key_str(&key, f->counter);
    enum err e = step_get(st, SCORING_TABLE(CONDUCT_COUNT), &key, r);
    if (e != ERR_OK && e != ERR_NOT_FOUND) return e;
    if (by > 0) r->n++;
    if (by < 0 && r->n) r->n--;
    b->count = r->n;
    step_put(st, SCORING_TABLE(CONDUCT_COUNT), &key, r);
    return ERR_OK;
}

/* The last proposal of a counter, so that it is found when the count falls below the limit. */
static enum err count_proposed(struct step *st, const struct booking *b, uint64_t proposal)
{
    struct rec_row_conduct_count r;
    struct key key = key_of(b->told.person);
    key_u64(&key, (uint64_t)scoring_year_of(b->told.day));
    key_str(&key, b->told.fact->counter);
    enum err e = step_get(st, SCORING_TABLE(CONDUCT_COUNT), &key, &r);
    if (e != ERR_OK) return e == ERR_NOT_FOUND ? ERR_OK : e;
    r.proposal = proposal;
    step_put(st, SCORING_TABLE(CONDUCT_COUNT), &key, &r);
    return ERR_OK;
}

/* ---- told ---- */

static void tell_booked(struct step *st, const struct booking *b, enum yes_no withdrawn)
{
    const struct ledger_fact *f = b->told.fact;
    bool costs = withdrawn != yes_no_yes;
    struct ev_conduct_booked ev = {.person = b->told.person,
                                   .kind = f->id,
                                   .case_no = b->told.case_no,
                                   .day = b->told.day,
                                   .ledger = f->ledger,
                                   .month = scoring_month_of(b->told.day),
                                   .unit = b->row->unit,
                                   .fine = costs ? b->row->fine : 0,
                                   .mark = costs ? b->row->mark : 0,
                                   .counter = f->counter,
                                   .count = b->count,
                                   .limit = f->limit,
                                   .withdrawn = withdrawn};
    step_emit_as(st, f->rule.p, EV_conduct_booked, &ev);
}

/* ---- the award of the month (SCO-125) ---- */

static struct key award_key(const struct booking *b)
{
    struct key key = key_of(b->told.person);
    key_day(&key, scoring_month_of(b->told.day));
    return key;
}

static void tell_award(struct step *st, const struct booking *b,
                       const struct rec_row_award_cancelled *r, enum yes_no withdrawn)
{
    struct ev_scoring_award_cancelled ev = {.person = b->told.person,
                                            .month = scoring_month_of(b->told.day),
                                            .kind = r->kind,
                                            .case_no = r->case_no,
                                            .day = r->day,
                                            .withdrawn = withdrawn};
    step_emit_as(st, "SCO-125", EV_scoring_award_cancelled, &ev);
}

/* Once a month, whatever else happens in it. */
static enum err cancel_award(struct step *st, const struct booking *b)
{
    struct rec_row_award_cancelled r;
    struct key key = award_key(b);
    if (!b->told.fact->award) return ERR_OK;
    enum err e = step_get(st, SCORING_TABLE(CONDUCT_AWARD), &key, &r);
    if (e != ERR_NOT_FOUND) return e;
    r = (struct rec_row_award_cancelled){
        .kind = b->told.fact->id, .case_no = b->told.case_no, .day = b->told.day};
    step_put(st, SCORING_TABLE(CONDUCT_AWARD), &key, &r);
    tell_award(st, b, &r, yes_no_none);
    return scoring_pay_recompute(st, b->told.person, scoring_month_of(b->told.day));
}

/* Another booked entry of his that cancels the award of the same month. */
static enum err other_award(struct step *st, const struct booking *b,
                            struct rec_row_award_cancelled *out)
{
    struct key prefix = key_of(b->told.person), at = {.n = 0};
    int32_t month = scoring_month_of(b->told.day);
    struct rec_row_conduct r;
    enum err e;
    while ((e = step_next(st, SCORING_TABLE(CONDUCT), &prefix, &at, &r)) == ERR_OK) {
        struct str kind, case_no;
        if (r.state != conduct_state_booked || scoring_key_same(&at, &b->key)) continue;
        if (scoring_month_of(r.day) != month) continue;
        e = scoring_entry_named(st, &at, prefix.n, &kind, &case_no);
        if (e != ERR_OK) return e;
        const struct ledger_fact *f = policy_ledger_fact(st->policy, kind);
        if (!f || !f->award) continue;
        *out = (struct rec_row_award_cancelled){.kind = kind, .case_no = case_no, .day = r.day};
        return ERR_OK;
    }
    return e == ERR_END ? ERR_NOT_FOUND : e;
}

static enum err return_award(struct step *st, const struct booking *b)
{
    struct rec_row_award_cancelled r, other;
    struct key key = award_key(b);
    if (!b->told.fact->award) return ERR_OK;
    enum err e = step_get(st, SCORING_TABLE(CONDUCT_AWARD), &key, &r);
    if (e != ERR_OK) return e == ERR_NOT_FOUND ? ERR_OK : e;
    e = other_award(st, b, &other);
    if (e == ERR_OK) step_put(st, SCORING_TABLE(CONDUCT_AWARD), &key, &other);
    if (e != ERR_NOT_FOUND) return e;
    step_del(st, SCORING_TABLE(CONDUCT_AWARD), &key);
    tell_award(st, b, &r, yes_no_yes);
    return scoring_pay_recompute(st, b->told.person, scoring_month_of(b->told.day));
}

enum err scoring_award_cancelled(struct step *st, struct str person, int32_t month, bool *out)
{
    struct rec_row_award_cancelled r;
    struct key key = key_of(person);
    key_day(&key, month);
    enum err e = step_get(st, SCORING_TABLE(CONDUCT_AWARD), &key, &r);
    if (e != ERR_OK && e != ERR_NOT_FOUND) return e;
    *out = e == ERR_OK;
    return ERR_OK;
}

/* ---- SCO-016: the punishment on top of the points, for the same fact ---- */

/* The scheme in which conduct takes points; NULL: his is none. */
static enum err punished_by(struct step *st, const struct booking *b, const struct scheme **out)
{
    struct str post;
    enum err e = scoring_scheme_of(st, b->told.person, b->told.day, out, &post);
    if (e != ERR_OK && e != ERR_NOT_FOUND) return e;
    if (e == ERR_NOT_FOUND || !words_have(st->policy->scoring.punished_schemes, (*out)->id))
        *out = NULL;
    return ERR_OK;
}

static void tell_punished(struct step *st, const struct booking *b, const struct scheme *scheme,
                          enum yes_no withdrawn)
{
    const struct rec_row_conduct *r = b->row;
    bool is = r->fine || r->mark || b->told.fact->effect != LEDGER_EFFECT_none;
    if (!is || r->mark == conduct_mark_merit || r->mark == conduct_mark_award) return;
    struct ev_conduct_punished ev = {.person = b->told.person,
                                     .scheme = scheme->id,
                                     .kind = b->told.fact->id,
                                     .case_no = b->told.case_no,
                                     .day = b->told.day,
                                     .event =
                                         r->reports.n ? r->reports.v[0].event : (struct str){0},
                                     .item = r->item,
                                     .points = r->points,
                                     .fine = r->fine,
                                     .mark = r->mark,
                                     .withdrawn = withdrawn};
    step_emit_as(st, "SCO-016", EV_conduct_punished, &ev);
}

static enum err punish(struct step *st, const struct booking *b, enum yes_no withdrawn)
{
    const struct scheme *scheme = NULL;
    enum err e = punished_by(st, b, &scheme);
    if (e != ERR_OK) return e;
    if (scheme) tell_punished(st, b, scheme, withdrawn);
    if (scheme || !b->row->item.n || withdrawn == yes_no_yes) return ERR_OK;
    st->rule = "SCO-016";
    return step_refuse(st, "scheme", "item",
                       "%.*s is not assessed by a scheme in which conduct takes points; leave "
                       "item and points out",
                       STR_ARG(b->told.person));
}

/* ---- what is proposed ---- */

static enum err propose_loss(struct step *st, const struct booking *b)
{
    const struct ledger_fact *f = b->told.fact;
    uint64_t proposal = 0;
    const struct ev_conduct_qualification_loss_proposed ev = {
        .person = b->told.person,
        .cause = loss_cause_limit,
        .counter = f->counter,
        .year = (uint64_t)scoring_year_of(b->told.day),
        .count = b->count,
        .day = b->told.day};
    enum err e = scoring_propose_loss(st, f->rule.p, &ev, &proposal);
    return e == ERR_OK && f->counter.n ? count_proposed(st, b, proposal) : e;
}

static enum ledger_effect effect_of(const struct booking *b)
{
    if (b->row->mark == conduct_mark_dismissal) return LEDGER_EFFECT_dismissal;
    return b->told.fact->effect;
}

static enum err propose(struct step *st, struct booking *b)
{
    const struct ledger_fact *f = b->told.fact;
    bool few = f->limit && b->count < f->limit;
    if (few && b->row->mark != conduct_mark_dismissal) return ERR_OK;
    switch (effect_of(b)) {
    case LEDGER_EFFECT_none:
        return ERR_OK;
    case LEDGER_EFFECT_training:
        return scoring_propose_training(st, &b->told, &b->row->proposal);
    case LEDGER_EFFECT_qualification_loss:
        return propose_loss(st, b);
    case LEDGER_EFFECT_dismissal:
        return scoring_propose_dismissal(st, &b->told, &b->row->proposal);
    }
    return ERR_OK;
}

/* Does another counter of his, or another year, propose it too? The rows are those before this
 * step. */
static enum err other_limit(struct step *st, const struct booking *b, uint64_t until, bool *out)
{
    struct key prefix = key_of(b->told.person), at = {.n = 0}, own = prefix;
    struct rec_row_conduct_count r;
    enum err e;
    *out = false;
    key_u64(&own, (uint64_t)scoring_year_of(b->told.day));
    key_str(&own, b->told.fact->counter);
    while ((e = step_next(st, SCORING_TABLE(CONDUCT_COUNT), &prefix, &at, &r)) == ERR_OK)
        *out |= r.proposal > until && !scoring_key_same(&at, &own);
    return e == ERR_END ? ERR_OK : e;
}

/* The loss rests on the count: it falls when the count is below the limit again. */
static enum err unpropose_loss(struct step *st, const struct booking *b,
                               const struct rec_row_conduct_count *c,
                               const struct conduct_dropped *why)
{
    bool other;
    uint64_t until;
    uint32_t limit = b->told.fact->limit ? b->told.fact->limit : 1;
    if (b->count >= limit || !c->proposal) return ERR_OK;
    enum err e = count_proposed(st, b, 0);
    if (e == ERR_OK) e = scoring_losses_until(st, b->told.person, &until);
    if (e != ERR_OK || c->proposal <= until) return e;
    e = other_limit(st, b, until, &other);
    return e == ERR_OK && !other ? scoring_unpropose(st, why, c->proposal) : e;
}

static enum err unpropose(struct step *st, const struct booking *b,
                          const struct rec_row_conduct_count *c)
{
    struct conduct_dropped why = {
        .person = b->told.person, .by = b->row->by, .reason = b->row->reason};
    switch (effect_of(b)) {
    case LEDGER_EFFECT_none:
        return ERR_OK;
    case LEDGER_EFFECT_training:
        why.what = conduct_proposal_training;
        break;
    case LEDGER_EFFECT_dismissal:
        why.what = conduct_proposal_dismissal;
        break;
    case LEDGER_EFFECT_qualification_loss:
        why.what = conduct_proposal_qualification_loss;
        return unpropose_loss(st, b, c, &why);
    }
    return scoring_unpropose(st, &why, b->row->proposal);
}

/* ---- all of it ---- */

enum err scoring_book(struct step *st, struct booking *b, bool marked)
{
    struct rec_row_conduct *r = b->row;
    struct rec_row_conduct_count c;
    r->state = conduct_state_booked;
    r->confirmed_at = step_occurred(st);
    r->fine = b->told.fact->fine_fen;
    r->sanctioned = marked;
    r->proposal = 0;
    enum err e = count_by(st, b, 1, &c);
    if (e == ERR_OK && !marked) e = scoring_marks_add(st, b->told.person, b->told.day, r->mark, 1);
    if (e != ERR_OK) return e;
    tell_booked(st, b, yes_no_none);
    e = punish(st, b, yes_no_none);
    if (e == ERR_OK) e = cancel_award(st, b);
    return e == ERR_OK ? propose(st, b) : e;
}

/* The mark of a published sanction stays with the sanction. */
static enum err unmark(struct step *st, const struct booking *b)
{
    enum conduct_mark mark = b->row->mark;
    if (b->row->sanctioned || !mark) return ERR_OK;
    enum err e = scoring_marks_take(st, b->told.person, b->told.day, mark);
    return e == ERR_OK ? scoring_pay_marks(st, b->told.person, b->told.day) : e;
}

enum err scoring_unbook(struct step *st, struct booking *b)
{
    struct rec_row_conduct_count c;
    enum err e = count_by(st, b, -1, &c);
    if (e != ERR_OK) return e;
    tell_booked(st, b, yes_no_yes);
    e = unmark(st, b);
    if (e == ERR_OK) e = punish(st, b, yes_no_yes);
    if (e == ERR_OK) e = return_award(st, b);
    if (e == ERR_OK) e = unpropose(st, b, &c);
    b->row->fine = 0;
    b->row->mark = 0;
    b->row->proposal = 0;
    return e;
}
