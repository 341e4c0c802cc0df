/* complaint_liability.c - who is responsible for a case and what it cost: proposed with parties and
 * ratios, approved by the head, the loss worked out and apportioned.
 *
 * The machine of appendix 1 (judged, resale, loss fixed, apportioned, approved) is two here: the
 * resale month is complaint_resale.c, and the head approves parties and ratios before the case is
 * closed (CMP-050), the GMO apportions the amount in the monthly review. A loss whose resale month
 * still runs is apportioned for the time being, without penalties, and once more when it is final
 * (CMP-059). Rules CMP-044, CMP-059, CMP-064 … CMP-070, CMP-139. */
#include "services/complaint/complaint_private.h"

#define LOSS_MAX INT64_C(1000000000000)

enum err complaint_liability_get(struct step *st, struct str case_no, struct rec_row_liability *out)
{
    struct key k = key_of(case_no);
    return step_get(st, COMPLAINT_TABLE(LIABILITY), &k, out);
}

bool complaint_liability_has_loss(const struct complaint *c, const struct rec_row_liability *l)
{
    return c->r.amount > 0 || l->loss > 0 || c->r.method == handling_method_return ||
           c->r.method == handling_method_rework || c->r.method == handling_method_exchange;
}

enum err complaint_liability_settles(struct step *st, struct str case_no)
{
    struct rec_row_liability l;
    enum err e = complaint_liability_get(st, case_no, &l);
    if (e != ERR_OK) return e == ERR_NOT_FOUND ? ERR_OK : e;
    bool first = l.first_responsibility ? l.first_responsibility == yes_no_yes
                                        : st->policy->complaint.first_responsibility;
    if (first || l.parties.n == 0 || l.state == liability_state_apportioned) return ERR_OK;
    st->rule = "CMP-139";
    return step_refuse(
        st, "waits", "case_no",
        "the loss of case %.*s is not apportioned yet (complaint.loss_apportioned); "
        "the settlement waits for it unless the company answers first 質量先行負責制",
        STR_ARG(case_no));
}

/* ---- parties (CMP-065 … CMP-069) ---- */

struct party_list {
    const struct rec_liability_party *v;
    uint32_t n;
};

static enum err check_ratios(struct step *st, struct party_list l)
{
    int64_t sum = 0;
    uint32_t weights = 0, ratios = 0;
    st->rule = l.n == 1 ? "CMP-065" : "CMP-066";
    for (uint32_t i = 0; i < l.n; i++) {
        sum += l.v[i].ratio_bp;
        ratios += l.v[i].ratio_bp > 0;
        weights += l.v[i].weight > 0;
    }
    if (l.n == 1 && weights == 0 && (ratios == 0 || sum == 10000)) return ERR_OK;
    if (weights == l.n && ratios == 0) return ERR_OK;
    if (weights) {
        return step_refuse(st, "ratios", "parties",
                           "either each party has a weight or all have a ratio, not both");
    }
    if (sum == 10000 && ratios == l.n) return ERR_OK;
    return step_refuse(st, "ratios", "parties",
                       "the ratios sum to %lld.%02lld %%; they must be 100 %% and none of them 0",
                       (long long)sum / 100, (long long)sum % 100);
}

/* The name of his department in the policy, whether that or the key of a unit is said. */
static struct str department_of(const struct step *st, const struct rec_liability_party *p)
{
    if (policy_department(st->policy, p->department)) return p->department;
    const struct department *d =
        p->department.n ? policy_department_of(st->policy, p->department) : NULL;
    return d ? d->name : (struct str){0};
}

static enum err check_smallest(struct step *st, const struct rec_liability_party *p,
                               enum party_type smallest, enum party_type whole)
{
    bool excused = p->not_attributable == yes_no_yes && p->reason.n;
    if (p->type == smallest || (p->type == whole && excused)) return ERR_OK;
    return step_refuse(
        st, "party_type", "parties",
        "%.*s: in department %.*s a %s %s bears the loss; the whole %s only with "
        "not_attributable and a reason",
        STR_ARG(p->party), STR_ARG(p->department), code_word(&codes_party_type, smallest),
        code_label(&codes_party_type, smallest), code_word(&codes_party_type, whole));
}

static enum err check_party(struct step *st, const struct rec_liability_party *p)
{
    const struct complaint_keys *k = &st->policy->complaint;
    struct str d = department_of(st, p);
    if (p->type == party_type_external) return ERR_OK;
    st->rule = "CMP-068";
    if (words_have(k->unit_departments, d))
        return check_smallest(st, p, party_type_unit, party_type_section);
    st->rule = "CMP-069";
    if (words_have(k->person_departments, d))
        return check_smallest(st, p, party_type_person, party_type_department);
    return ERR_OK;
}

static enum err check_parties(struct step *st, struct party_list l)
{
    enum err e = l.n ? check_ratios(st, l) : ERR_OK;
    for (uint32_t i = 0; e == ERR_OK && i < l.n; i++)
        e = check_party(st, &l.v[i]);
    return e;
}

static enum err check_item(struct step *st, struct str item, struct str text)
{
    const struct sanction_item *i = policy_sanction_item(st->policy, item);
    st->rule = "CMP-070";
    if (item.n && !i) {
        return step_refuse(st, "unknown_word", "item",
                           "%.*s is no item of the policy (sanction_items)", STR_ARG(item));
    }
    if (!i || !i->needs_text || text.n) return ERR_OK;
    return step_refuse(st, "missing", "item_text", "%.*s %.*s: say in item_text what it was",
                       STR_ARG(i->code), STR_ARG(i->label));
}

/* ---- proposed, approved ---- */

static enum err on_proposed(struct step *st, const void *payload, void *row)
{
    const struct ev_complaint_liability_proposed *ev = payload;
    struct rec_row_liability *l = ((struct paper_at *)row)->row;
    struct complaint c;
    enum err e = complaint_money_open(st, ev->by_unit, ev->case_no, &c);
    if (e != ERR_OK) return e;
    if (c.r.outcome > complaint_outcome_accepted) {
        return step_refuse(st, "state", "case_no",
                           "case %.*s does not stand (%s); nobody is liable", STR_ARG(c.no),
                           code_word(&codes_complaint_outcome, c.r.outcome));
    }
    e = check_parties(st, (struct party_list){l->parties.v, l->parties.n});
    if (e == ERR_OK) e = check_item(st, l->item, l->item_text);
    if (e != ERR_OK) return e;
    if (l->loss) l->loss_kind = loss_kind_estimated;
    if (!l->responsible_unit.n) l->responsible_unit = c.r.responsible_unit;
    return ERR_OK;
}

static enum err on_approved(struct step *st, const void *payload, void *row)
{
    const struct ev_complaint_liability_approved *ev = payload;
    struct rec_row_liability *l = ((struct paper_at *)row)->row;
    struct complaint c;
    enum err e = complaint_money_open(st, ev->by_unit, ev->case_no, &c);
    if (e != ERR_OK) return e;
    if (l->responsible_unit.n && !str_eq(l->responsible_unit, c.r.responsible_unit)) {
        c.r.responsible_unit = l->responsible_unit;
        complaint_put(st, &c);
    }
    bool all = st->policy->complaint.resale_scope == RESALE_all;
    return all && complaint_loss_basis(st, &c) == LOSS_resale ? complaint_resale_open(st, &c)
                                                              : ERR_OK;
}

static enum err on_first(struct step *st, const void *payload, void *row)
{
    const struct ev_complaint_first_responsibility_set *ev = payload;
    struct complaint c;
    (void)row;
    return complaint_money_open(st, ev->by_unit, ev->case_no, &c);
}

/* ---- the loss (CMP-064) ---- */

static enum err on_stated(struct step *st, const void *payload, void *row)
{
    const struct ev_complaint_loss_stated *ev = payload;
    struct rec_row_liability *l = ((struct paper_at *)row)->row;
    struct complaint c;
    l->actual_loss = ev->actual_loss;
    l->actual_unit_loss = ev->actual_unit_loss;
    l->rework_cost = ev->rework_cost;
    l->freight = ev->freight;
    l->replacement_cost = ev->replacement_cost;
    l->returned_value = ev->returned_value;
    return complaint_money_open(st, ev->by_unit, ev->case_no, &c);
}

enum loss_basis_kind complaint_loss_basis(const struct step *st, const struct complaint *c)
{
    struct str method = str_of(c->r.method ? code_word(&codes_handling_method, c->r.method) : "");
    for (uint32_t i = 0; i < st->policy->loss_basis_count; i++) {
        if (str_eq(st->policy->loss_bases[i].method, method))
            return st->policy->loss_bases[i].basis;
    }
    return LOSS_none;
}

static enum err costs(struct step *st, const struct rec_row_liability *l, int64_t *loss)
{
    if (l->loss_stated_at) {
        *loss = *loss > 0 ? *loss : 0;
        return ERR_OK;
    }
    st->rule = "CMP-064";
    return step_refuse(st, "missing", "case_no",
                       "accounting has not said yet what it cost (complaint.loss_stated)");
}

static enum err work_out(struct step *st, const struct complaint *c,
                         const struct rec_row_liability *l, int64_t *loss, enum loss_kind *kind)
{
    *kind = loss_kind_final;
    *loss = 0;
    switch (complaint_loss_basis(st, c)) {
    case LOSS_none:
        return ERR_OK;
    case LOSS_granted:
        *loss = c->r.amount;
        return ERR_OK;
    case LOSS_rework:
        *loss = l->rework_cost + l->freight;
        return costs(st, l, loss);
    case LOSS_exchange:
        *loss = l->replacement_cost + l->freight - l->returned_value;
        return costs(st, l, loss);
    case LOSS_resale:
        return complaint_resale_loss(st, c, l, loss, kind);
    }
    return ERR_OK;
}

/* ---- apportioned (CMP-059, CMP-065, CMP-066) ---- */

static void split(struct rec_row_liability *l)
{
    uint64_t weights[EXACT_SPLIT_MAX];
    int64_t shares[EXACT_SPLIT_MAX];
    uint32_t n = l->parties.n;
    for (uint32_t i = 0; i < n; i++) {
        const struct rec_liability_party *p = &l->parties.v[i];
        weights[i] = n == 1 ? 1 : p->weight ? p->weight : (uint64_t)p->ratio_bp;
    }
    bool is_split = exact_split(l->loss, weights, n, shares);
    REQUIRE(is_split);
    for (uint32_t i = 0; i < n; i++)
        l->parties.v[i].share = shares[i];
}

/* The month that waited for it waits no more; after a provisional one the month waits in which the
 * resale ends. */
static enum err note_month(struct step *st, const struct complaint *c, enum loss_kind kind)
{
    struct rec_row_complaint_account a;
    enum err e = complaint_account_get(st, c->no, &a);
    if (e != ERR_OK) return e;
    int32_t before = a.loss_month, next = 0;
    if (kind == loss_kind_provisional) e = complaint_resale_month(st, c->no, &next);
    if (e != ERR_OK || next == before) return e;
    a.loss_month = next;
    complaint_account_put(st, c->no, &a);
    e = complaint_month_count(st, before, MONTH_LOSS, -1);
    return e == ERR_OK ? complaint_month_count(st, next, MONTH_LOSS, 1) : e;
}

static enum err check_apportion(struct step *st, const struct complaint *c,
                                const struct rec_row_liability *l)
{
    if (!c->r.closed_at || c->r.state == complaint_state_superseded) {
        return step_refuse(st, "state", "case_no",
                           "case %.*s is not closed; the loss of closed cases is apportioned",
                           STR_ARG(c->no));
    }
    if (l->loss_kind == loss_kind_final) {
        return step_refuse(st, "state", "case_no", "the loss of case %.*s is apportioned for good",
                           STR_ARG(c->no));
    }
    if (l->parties.n) return ERR_OK;
    return step_refuse(st, "missing", "case_no",
                       "nobody is named who bears the loss (complaint.liability_proposed)");
}

static enum err on_apportioned(struct step *st, const void *payload, void *row)
{
    struct ev_complaint_loss_apportioned ev =
        *(const struct ev_complaint_loss_apportioned *)payload;
    struct paper_at *a = row;
    struct rec_row_liability *l = a->row, before;
    const char *rule = st->rule;
    struct complaint c;
    enum err e = complaint_money_open(st, ev.by_unit, ev.case_no, &c);
    if (e == ERR_OK) e = complaint_liability_get(st, ev.case_no, &before); /* not as sent */
    if (e == ERR_OK) e = check_apportion(st, &c, &before);
    if (e == ERR_OK) e = work_out(st, &c, &before, &l->loss, &l->loss_kind);
    if (e != ERR_OK) return e;
    st->rule = rule;
    if (l->loss > LOSS_MAX)
        return step_refuse(st, "range", "case_no", "a loss above 10,000,000,000.00 yuan");
    split(l);
    bool given = ev.shares.n || ev.loss || ev.loss_kind;
    ev.loss = l->loss;
    ev.loss_kind = l->loss_kind;
    ev.shares.v = l->parties.v, ev.shares.n = l->parties.n;
    if (!given) step_complete(st, &ev);
    e = note_month(st, &c, l->loss_kind);
    if (e != ERR_OK || l->loss_kind != loss_kind_final) return e;
    e = complaint_penalty_assess(st, c.no, l, &ev);
    return e == ERR_OK ? complaint_sanction_bands(st, c.no, l) : e;
}

#define PROPOSED IN(liability_state_proposed)
#define APPROVED IN(liability_state_approved)
#define APPORTIONED IN(liability_state_apportioned)

static const struct transition rows[] = {
    {EV_complaint_liability_proposed, PAPER_NEW | PROPOSED | APPROVED, liability_state_proposed,
     on_proposed, "CMP-044"},
    {EV_complaint_liability_approved, PROPOSED, liability_state_approved, on_approved, "CMP-044"},
    {EV_complaint_first_responsibility_set, PROPOSED | APPROVED | APPORTIONED, 0, on_first,
     "CMP-139"},
    {EV_complaint_loss_stated, PROPOSED | APPROVED | APPORTIONED, 0, on_stated, "CMP-064"},
    {EV_complaint_loss_apportioned, APPROVED | APPORTIONED, liability_state_apportioned,
     on_apportioned, "CMP-059"},
};
const struct paper complaint_liability_paper = {.name = "liability",
                                                .label = "determination of who is liable 責任判定",
                                                .table = COMPLAINT_TABLE(LIABILITY),
                                                .states = &codes_liability_state,
                                                .keys = {"case_no"},
                                                PAPER_ROWS(rows)};
