/* complaint_sanction.c - administrative punishment 行政處分 of a person: proposed by amount or by
 * hand, circulated, approved by the general manager, sent to HR, published or rejected.
 *
 * What is deducted stands in the row; the deduction itself is scoring's (SCO-141), and of a major
 * demerit only the kind and the month are known here (CMP-074). A sanction is numbered within its
 * case, which may be a service complaint too (CMP-076). Rules CMP-058, CMP-070 … CMP-075. */
#include "services/complaint/complaint_private.h"

/* ---- what is open ---- */

/* unsent: neither submitted to HR nor rejected; open: neither published nor rejected. */
static enum err count(struct step *st, struct str case_no, int unsent, int open)
{
    struct rec_row_complaint_account a;
    enum err e = complaint_account_get(st, case_no, &a);
    if (e != ERR_OK) return e;
    if (unsent > 0) a.sanctions_unsent++;
    if (unsent < 0 && a.sanctions_unsent) a.sanctions_unsent--;
    if (open > 0) a.sanctions_open++;
    if (open < 0 && a.sanctions_open) a.sanctions_open--;
    complaint_account_put(st, case_no, &a);
    e = complaint_month_count(st, a.month, MONTH_SANCTION, unsent);
    return e == ERR_OK && open < 0 ? complaint_money_archive(st, case_no) : e;
}

static enum err note_number(struct step *st, struct str case_no, uint64_t no)
{
    struct rec_row_complaint_account a;
    enum err e = complaint_account_get(st, case_no, &a);
    if (e != ERR_OK) return e;
    if (no > a.sanctions) a.sanctions = no;
    complaint_account_put(st, case_no, &a);
    return count(st, case_no, 1, 1);
}

/* ---- how much (CMP-072 … CMP-074) ---- */

/* The least that may be deducted; 0 for a major demerit, whose amount scoring knows. */
static int64_t least(const struct step *st, const struct ev_sanction_proposed *ev)
{
    const struct complaint_keys *k = &st->policy->complaint;
    int64_t count_of = (int64_t)ev->count;
    if (ev->kind == sanction_kind_warning) return count_of * k->warn_min_fen;
    if (ev->kind == sanction_kind_minor_demerit)
        return count_of * (int64_t)ev->bases * k->minor_min_per_base_fen;
    return 0;
}

static void fill(const struct step *st, struct ev_sanction_proposed *ev)
{
    if (ev->count == 0) ev->count = 1;
    if (ev->bases == 0 && ev->kind == sanction_kind_minor_demerit)
        ev->bases = st->policy->complaint.bases_default;
    if (ev->amount == 0) ev->amount = least(st, ev);
}

static enum err check_amount(struct step *st, const struct ev_sanction_proposed *ev)
{
    bool major = ev->kind == sanction_kind_major_demerit;
    int64_t min = least(st, ev);
    st->rule = major ? "CMP-074" : ev->kind == sanction_kind_warning ? "CMP-072" : "CMP-073";
    if (major && ev->amount) {
        return step_refuse(
            st, "amount", "amount",
            "a major demerit 大過 takes the benefit bonus 效益獎金 of the month; its "
            "amount is not said here");
    }
    if (ev->amount >= min) return ERR_OK;
    return step_refuse(st, "amount", "amount", "%lld.%02lld yuan; the least is %lld.%02lld",
                       (long long)ev->amount / 100, (long long)ev->amount % 100,
                       (long long)min / 100, (long long)min % 100);
}

static enum err check_item(struct step *st, const struct ev_sanction_proposed *ev)
{
    const struct sanction_item *i = policy_sanction_item(st->policy, ev->item);
    st->rule = "CMP-070";
    if (ev->item.n && !i) {
        return step_refuse(st, "unknown_word", "item",
                           "%.*s is no item of the policy (sanction_items)", STR_ARG(ev->item));
    }
    if (!i || !i->needs_text || ev->item_text.n) return ERR_OK;
    return step_refuse(st, "missing", "item_text", "%.*s %.*s: say in item_text what it was",
                       STR_ARG(i->code), STR_ARG(i->label));
}

/* ---- proposed ---- */

static void take(struct step *st, const struct ev_sanction_proposed *ev, struct rec_row_sanction *r)
{
    r->state = sanction_state_proposed;
    r->unit = complaint_department(st, "gmo");
    r->offender = ev->person;
    r->count = ev->count;
    r->bases = ev->bases;
    r->amount = ev->amount;
    r->proposed_at = step_occurred(st);
}

enum err complaint_sanction_propose(struct step *st, struct ev_sanction_proposed *ev)
{
    struct rec_row_complaint_account a;
    enum err e = complaint_account_get(st, ev->case_no, &a);
    if (e != ERR_OK) return e;
    ev->no = a.sanctions + 1;
    if (ev->no > UINT8_MAX) {
        return step_refuse(st, "too_many", "case_no", "case %.*s has its 255 sanctions",
                           STR_ARG(ev->case_no));
    }
    fill(st, ev);
    struct rec_row_sanction r = {.department = ev->department,
                                 .item = ev->item,
                                 .item_text = ev->item_text,
                                 .cause = ev->cause,
                                 .kind = ev->kind};
    take(st, ev, &r);
    struct key k = key_of(ev->case_no);
    key_u8(&k, (uint8_t)ev->no);
    step_put(st, COMPLAINT_TABLE(SANCTION), &k, &r);
    step_emit_as(st, "CMP-071", EV_sanction_proposed, ev);
    return note_number(st, ev->case_no, ev->no);
}

static enum err has_one(struct step *st, struct str case_no, struct str person, bool *has)
{
    struct key prefix = key_of(case_no), at = {.n = 0};
    struct rec_row_sanction r;
    enum err e;
    *has = false;
    while ((e = step_next(st, COMPLAINT_TABLE(SANCTION), &prefix, &at, &r)) == ERR_OK)
        *has |= str_eq(r.offender, person);
    return e == ERR_END ? ERR_OK : e;
}

/* CMP-071: the band an amount falls into; none below the first. */
static enum sanction_kind band_of(const struct step *st, int64_t amount)
{
    enum sanction_kind kind = sanction_kind_none;
    for (uint32_t i = 0; i < st->policy->sanction_band_count; i++) {
        const struct sanction_band *b = &st->policy->sanction_bands[i];
        if (amount >= b->from_fen)
            kind = (enum sanction_kind)code_number(&codes_sanction_kind, b->kind);
    }
    return kind;
}

enum err complaint_sanction_bands(struct step *st, struct str case_no,
                                  const struct rec_row_liability *l)
{
    enum err e = ERR_OK;
    if (l->item.n == 0) return ERR_OK; /* no item of punishment caused it (CMP-070) */
    for (uint32_t i = 0; e == ERR_OK && i < l->parties.n; i++) {
        const struct rec_liability_party *p = &l->parties.v[i];
        enum sanction_kind kind = l->sanction_kind ? l->sanction_kind : band_of(st, p->share);
        bool has = false;
        if (p->type != party_type_person || kind == sanction_kind_none) continue;
        e = has_one(st, case_no, p->party, &has);
        if (e != ERR_OK || has) continue;
        struct ev_sanction_proposed ev = {.case_no = case_no,
                                          .person = p->party,
                                          .department = p->department,
                                          .item = l->item,
                                          .item_text = l->item_text,
                                          .kind = kind};
        e = complaint_sanction_propose(st, &ev);
    }
    return e;
}

static enum err on_proposed(struct step *st, const void *payload, void *row)
{
    struct ev_sanction_proposed ev = *(const struct ev_sanction_proposed *)payload;
    struct rec_row_sanction *r = ((struct paper_at *)row)->row;
    struct complaint c;
    enum err e = complaint_money_open(st, ev.by_unit, ev.case_no, &c);
    if (e != ERR_OK) return e;
    fill(st, &ev);
    e = check_item(st, &ev);
    if (e == ERR_OK) e = check_amount(st, &ev);
    if (e != ERR_OK) return e;
    take(st, &ev, r);
    step_complete(st, &ev);
    return note_number(st, ev.case_no, ev.no);
}

/* ---- the way to HR (CMP-058, CMP-075) ---- */

static enum err on_circulated(struct step *st, const void *payload, void *row)
{
    (void)row;
    return complaint_may(st, ((const struct ev_sanction_circulated *)payload)->by_unit);
}

static enum err on_gm_approved(struct step *st, const void *payload, void *row)
{
    (void)row;
    return complaint_may(st, ((const struct ev_sanction_gm_approved *)payload)->by_unit);
}

/* HR publishes by the end of the month it got it in. */
static enum err on_submitted(struct step *st, const void *payload, void *row)
{
    const struct ev_sanction_submitted_to_hr *ev = payload;
    struct paper_at *a = row;
    struct rec_row_sanction *r = a->row;
    enum err e = complaint_may(st, ev->by_unit);
    if (e != ERR_OK) return e;
    r->unit = complaint_department(st, "hr");
    int32_t next = day_add_months(complaint_month_of(st, step_occurred(st)), 1);
    a->given_ms = paper_day_end(st, r->unit, next - 1);
    return count(st, ev->case_no, -1, 0);
}

static enum err on_published(struct step *st, const void *payload, void *row)
{
    struct ev_sanction_published ev = *(const struct ev_sanction_published *)payload;
    struct rec_row_sanction *r = ((struct paper_at *)row)->row;
    enum err e = complaint_may(st, ev.by_unit);
    if (e != ERR_OK) return e;
    bool given = ev.person.n || ev.kind || ev.count || ev.amount;
    if (!ev.month) ev.month = complaint_month_of(st, step_occurred(st));
    ev.person = r->offender;
    ev.kind = r->kind;
    ev.count = r->count;
    ev.amount = r->amount;
    r->month = ev.month;
    if (!given) step_complete(st, &ev);
    return count(st, ev.case_no, 0, -1);
}

static enum err on_rejected(struct step *st, const void *payload, void *row)
{
    const struct ev_sanction_rejected *ev = payload;
    const struct paper_at *a = row;
    enum err e = complaint_may(st, ev->by_unit);
    if (e != ERR_OK) return e;
    return count(st, ev->case_no, a->before == sanction_state_submitted ? 0 : -1, -1);
}

#define PROPOSED IN(sanction_state_proposed)
#define CIRCULATED IN(sanction_state_circulated)
#define GM_APPROVED IN(sanction_state_gm_approved)
#define SUBMITTED IN(sanction_state_submitted)

static const struct deadline_row clocks[] = {{.name = "sanction.publish",
                                              .rule = "CMP-058",
                                              .from = FROM_START,
                                              .due = DUE_GIVEN,
                                              .start = {EV_sanction_submitted_to_hr},
                                              .stop = {EV_sanction_published}}};

static const struct transition rows[] = {
    {EV_sanction_proposed, PAPER_NEW, sanction_state_proposed, on_proposed, "CMP-072"},
    {EV_sanction_circulated, PROPOSED, sanction_state_circulated, on_circulated, "CMP-075"},
    {EV_sanction_gm_approved, CIRCULATED, sanction_state_gm_approved, on_gm_approved, "CMP-075"},
    {EV_sanction_submitted_to_hr, GM_APPROVED, sanction_state_submitted, on_submitted, "CMP-058"},
    {EV_sanction_published, SUBMITTED, sanction_state_published, on_published, "CMP-058"},
    {EV_sanction_rejected, PROPOSED | CIRCULATED | GM_APPROVED | SUBMITTED, sanction_state_rejected,
     on_rejected, "CMP-075"},
};
const struct paper complaint_sanction_paper = {.name = "sanction",
                                               .label = "administrative punishment 行政處分",
                                               .table = COMPLAINT_TABLE(SANCTION),
                                               .states = &codes_sanction_state,
                                               .keys = {"case_no", "no"},
                                               PAPER_ROWS(rows),
                                               PAPER_CLOCKS(clocks),
                                               .drops = IN(sanction_state_rejected)};
