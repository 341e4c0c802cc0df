/* complaint_penalty.c - economic penalty 罰扣: the share of each party of a case, spread over its
 * persons by base points 基點數, until its notice 獎罰通知單 is with everybody.
 *
 * Each case is penalised by itself (CMP-078): a penalty belongs to one party of one case and is
 * never added to another. The deduction, its cap and its instalments are scoring's (CMP-082,
 * CMP-083). Rules CMP-077 … CMP-081, CMP-084. */
#include "services/complaint/complaint_private.h"

#define BENEFICIARY "company"

static struct key key_at(struct str case_no, uint64_t no)
{
    struct key k = key_of(case_no);
    key_u8(&k, (uint8_t)no);
    return k;
}

static enum err count(struct step *st, struct str case_no, int by)
{
    struct rec_row_complaint_account a;
    enum err e = complaint_account_get(st, case_no, &a);
    if (e != ERR_OK) return e;
    if (by > 0) a.penalties_open++;
    if (by < 0 && a.penalties_open) a.penalties_open--;
    complaint_account_put(st, case_no, &a);
    return by < 0 ? complaint_money_archive(st, case_no) : ERR_OK;
}

/* ---- assessed (CMP-077 … CMP-081) ---- */

static enum penalty_basis basis_of(enum party_type type)
{
    if (type == party_type_person) return penalty_basis_person;
    bool whole = type == party_type_section || type == party_type_department;
    return whole ? penalty_basis_section : penalty_basis_unit;
}

/* The members of a party that have base points, with what each pays; none: nobody can. */
static uint32_t spread(struct step *st, const struct rec_liability_party *p,
                       const struct ev_complaint_loss_apportioned *ev,
                       struct rec_penalty_line **out)
{
    uint32_t n = 0;
    uint64_t points[EXACT_SPLIT_MAX];
    int64_t amounts[EXACT_SPLIT_MAX];
    struct rec_penalty_line *v = arena_take(st->arena, (ev->members.n + 1) * sizeof *v);
    *out = v;
    if (p->type == party_type_person) {
        v[0] = (struct rec_penalty_line){.person = p->party, .amount = p->share};
        return 1;
    }
    for (uint32_t i = 0; i < ev->members.n && n < EXACT_SPLIT_MAX; i++) {
        const struct rec_base_point_line *m = &ev->members.v[i];
        if (!str_eq(m->party, p->party) || m->points == 0) continue;
        v[n] = (struct rec_penalty_line){.person = m->person, .points = m->points};
        points[n++] = m->points;
    }
    if (n == 0 || !exact_split(p->share, points, n, amounts)) return 0;
    for (uint32_t i = 0; i < n; i++)
        v[i].amount = amounts[i];
    return n;
}

static enum err assess(struct step *st, struct str case_no, uint64_t no,
                       const struct rec_liability_party *p,
                       const struct ev_complaint_loss_apportioned *said)
{
    struct rec_penalty_line *v;
    uint32_t n = spread(st, p, said, &v);
    struct rec_row_penalty r = {.state = n ? penalty_state_assessed : penalty_state_unassignable,
                                .type = p->type,
                                .party = p->party,
                                .basis = basis_of(p->type),
                                .amount = p->share,
                                .persons = {v, n},
                                .assessed_at = n ? step_occurred(st) : 0};
    struct key k = key_at(case_no, no);
    step_put(st, COMPLAINT_TABLE(PENALTY), &k, &r);
    struct ev_penalty_unassignable none = {case_no, no, r.type, r.party, r.basis, r.amount};
    struct ev_penalty_assessed ev = {.case_no = case_no,
                                     .no = no,
                                     .type = r.type,
                                     .party = r.party,
                                     .basis = r.basis,
                                     .amount = r.amount,
                                     .beneficiary = STR(BENEFICIARY),
                                     .persons = {v, n}};
    static const char *const rules[] = {[penalty_basis_person] = "CMP-081",
                                        [penalty_basis_unit] = "CMP-080",
                                        [penalty_basis_section] = "CMP-079"};
    if (n)
        step_emit_as(st, rules[r.basis], EV_penalty_assessed, &ev);
    else
        step_emit_as(st, "CMP-079", EV_penalty_unassignable, &none);
    return count(st, case_no, 1);
}

enum err complaint_penalty_assess(struct step *st, struct str case_no,
                                  const struct rec_row_liability *l,
                                  const struct ev_complaint_loss_apportioned *ev)
{
    enum err e = ERR_OK;
    for (uint32_t i = 0; e == ERR_OK && i < l->parties.n; i++) {
        const struct rec_liability_party *p = &l->parties.v[i];
        if (p->type == party_type_external || p->share == 0) continue;
        e = assess(st, case_no, i + 1, p, ev);
    }
    return e;
}

/* By hand, where nobody had base points. */
static enum err on_assessed(struct step *st, const void *payload, void *row)
{
    const struct ev_penalty_assessed *ev = payload;
    struct rec_row_penalty *r = ((struct paper_at *)row)->row;
    struct rec_row_penalty stored;
    struct key k = key_at(ev->case_no, ev->no);
    enum err e = complaint_may(st, ev->by_unit);
    if (e == ERR_OK) e = step_get(st, COMPLAINT_TABLE(PENALTY), &k, &stored);
    if (e != ERR_OK) return e;
    int64_t sum = 0;
    for (uint32_t i = 0; i < ev->persons.n; i++)
        sum += ev->persons.v[i].amount;
    st->rule = "CMP-079";
    r->type = stored.type, r->party = stored.party;
    r->basis = stored.basis, r->amount = stored.amount;
    if (sum == stored.amount) return ERR_OK;
    return step_refuse(st, "sum", "persons",
                       "what the persons pay is %lld.%02lld yuan together; it must be %lld.%02lld",
                       (long long)sum / 100, (long long)sum % 100, (long long)stored.amount / 100,
                       (long long)stored.amount % 100);
}

/* ---- the notice (CMP-084) ---- */

static enum err on_notice(struct step *st, const void *payload, void *row)
{
    (void)row;
    return complaint_may(st, ((const struct ev_penalty_notice_issued *)payload)->by_unit);
}

static enum err on_approved(struct step *st, const void *payload, void *row)
{
    (void)row;
    return complaint_may(st, ((const struct ev_penalty_gm_approved *)payload)->by_unit);
}

static enum err on_distributed(struct step *st, const void *payload, void *row)
{
    const struct ev_penalty_distributed *ev = payload;
    struct rec_row_penalty *r = ((struct paper_at *)row)->row;
    enum err e = complaint_may(st, ev->by_unit);
    bool all = r->gmo == yes_no_yes && r->accounting == yes_no_yes && r->dept == yes_no_yes;
    if (e != ERR_OK || !all) return e;
    r->state = penalty_state_distributed;
    return count(st, ev->case_no, -1);
}

static const struct transition rows[] = {
    {EV_penalty_unassignable, PAPER_NEW, penalty_state_unassignable, NULL, "CMP-079"},
    {EV_penalty_assessed, IN(penalty_state_unassignable), penalty_state_assessed, on_assessed,
     "CMP-079"},
    {EV_penalty_notice_issued, IN(penalty_state_assessed), penalty_state_notice_issued, on_notice,
     "CMP-084"},
    {EV_penalty_gm_approved, IN(penalty_state_notice_issued), penalty_state_gm_approved,
     on_approved, "CMP-084"},
    {EV_penalty_distributed, IN(penalty_state_gm_approved), 0, on_distributed, "CMP-084"},
};
const struct paper complaint_penalty_paper = {.name = "penalty",
                                              .label = "penalty 罰扣",
                                              .table = COMPLAINT_TABLE(PENALTY),
                                              .states = &codes_penalty_state,
                                              .keys = {"case_no", "no"},
                                              PAPER_ROWS(rows)};
