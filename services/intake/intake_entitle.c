/* intake_entitle.c - what a call is entitled to: service policy, guarantee, category.
 *
 * Read: the files, the contract, the choice of the service policy, the guarantee, the category,
 * what is judged anew, what is answered. The arithmetic is in common/warranty.c and
 * common/policy_select.c; here the facts are brought together and the answers written down once
 * (INT-050: stored, not recalculated silently). As long as nobody has said what the cause is, a
 * fault inside the period counts as a quality problem; such a category is provisional and
 * job.diagnosed settles it (INT-036). Rules INT-036, INT-038 … INT-050, INT-058, INT-064, INT-095,
 * INT-096. */
#include "common/warranty.h"
#include "services/intake/intake_private.h"
#include <stdio.h>

/* ---- files ---- */

/* What master data can say of a call; the row's `filled` has a bit for each, and one for the zone
 * that follows from the district. */
enum filled { CUSTOMER, MODEL, PRODUCT_LINE, CUSTOMER_NAME, ADDRESS, PHONE, DISTRICT, ZONE };
static const char *const fillable[] = {
    [CUSTOMER] = "customer",           [MODEL] = "model",     [PRODUCT_LINE] = "product_line",
    [CUSTOMER_NAME] = "customer_name", [ADDRESS] = "address", [PHONE] = "phone",
    [DISTRICT] = "district",
};

static struct str *text_of(struct rec_row_call *row, size_t which)
{
    const struct field *f = shape_field(shape_row_call(), str_of(fillable[which]));
    REQUIRE(f && f->type == FT_TEXT);
    return (struct str *)(void *)((char *)row + f->offset);
}

static void fill(struct rec_row_call *row, enum filled which, struct str from_file)
{
    struct str *field = text_of(row, which);
    if (field->n || from_file.n == 0) return;
    *field = from_file;
    row->filled |= IN(which);
}

/* What the caller says is his word and no file's. */
static void told(struct rec_row_call *row, const struct ev_call_clarified *ev)
{
    for (size_t i = 0; i < COUNT_OF(fillable); i++) {
        if (paper_text(shape_ev_call_clarified(), ev, fillable[i]).n)
            row->filled &= ~(uint64_t)IN(i);
    }
    if (ev->zone) row->filled &= ~(uint64_t)IN(ZONE);
}

/* It stood in the file of another product, or of another customer. */
static void empty_filled(struct rec_row_call *row)
{
    for (size_t i = 0; i < COUNT_OF(fillable); i++) {
        if (row->filled & IN(i)) *text_of(row, i) = (struct str){0};
    }
    if (row->filled & IN(ZONE)) row->zone = zone_kind_none;
    row->filled = 0;
}

static enum err fill_product(struct step *st, struct rec_row_call *row)
{
    if (row->product.n == 0) return ERR_OK;
    struct ev_product_upserted file;
    struct key k = key_of(row->product);
    enum err e = step_get(st, INTAKE_TABLE(PRODUCT), &k, &file);
    if (e == ERR_NOT_FOUND) return ERR_OK;
    if (e != ERR_OK) return e;
    fill(row, CUSTOMER, file.customer);
    fill(row, MODEL, file.model);
    fill(row, PRODUCT_LINE, file.product_line);
    return ERR_OK;
}

/* Nobody said whose call it is: it is that of the contract it is made under. */
static enum err fill_contract(struct step *st, struct rec_row_call *row)
{
    if (row->contract.n == 0 || row->customer.n) return ERR_OK;
    struct ev_contract_upserted file;
    struct key k = key_of(row->contract);
    enum err e = step_get(st, INTAKE_TABLE(CONTRACT), &k, &file);
    if (e == ERR_OK) fill(row, CUSTOMER, file.customer);
    return e == ERR_NOT_FOUND ? ERR_OK : e;
}

static enum err fill_customer(struct step *st, struct rec_row_call *row)
{
    if (row->customer.n == 0) return ERR_OK;
    struct ev_customer_upserted file;
    struct key k = key_of(row->customer);
    enum err e = step_get(st, INTAKE_TABLE(CUSTOMER), &k, &file);
    if (e == ERR_NOT_FOUND) return ERR_OK;
    if (e != ERR_OK) return e;
    fill(row, CUSTOMER_NAME, file.name);
    fill(row, ADDRESS, file.address);
    fill(row, PHONE, file.phone);
    fill(row, DISTRICT, file.district);
    return ERR_OK;
}

enum err intake_entitle_fill(struct step *st, struct call *c)
{
    enum err e = fill_product(st, &c->row); /* it names the customer */
    if (e == ERR_OK) e = fill_contract(st, &c->row);
    return e == ERR_OK ? fill_customer(st, &c->row) : e;
}

enum err intake_entitle_refill(struct step *st, struct call *c, const struct rec_row_call *before,
                               const struct ev_call_clarified *ev)
{
    bool same =
        str_eq(before->product, c->row.product) && str_eq(before->customer, c->row.customer);
    told(&c->row, ev);
    if (!same) empty_filled(&c->row);
    return intake_entitle_fill(st, c);
}

/* ---- contract (INT-058) ---- */

/* INT-050: the local day the fault was reported. */
static int32_t test_day(struct step *st, const struct call *c)
{
    const struct calendar *cal = step_calendar(st, c->row.unit, NULL);
    return zone_day(calendar_zone(cal), c->row.received_at);
}

static enum err contract_covers(struct step *st, const struct ev_contract_upserted *k,
                                const struct call *c, int32_t day, bool *out)
{
    bool his = str_eq(k->customer, c->row.customer);
    *out = his && (k->product.n == 0 || str_eq(k->product, c->row.product));
    return *out ? intake_contract_in_force(st, k, day, out) : ERR_OK;
}

static enum err contract_get(struct step *st, struct str key, const struct call *c, int32_t day,
                             struct ev_contract_upserted *out)
{
    struct key k = key_of(key);
    bool covers = false;
    enum err e = step_get(st, INTAKE_TABLE(CONTRACT), &k, out);
    if (e == ERR_OK) e = contract_covers(st, out, c, day, &covers);
    return e == ERR_OK && !covers ? ERR_NOT_FOUND : e;
}

/* The contract the call names, else any of the customer's that is in force and covers the product.
 */
static enum err contract_find(struct step *st, const struct call *c, int32_t day,
                              struct ev_contract_upserted *out)
{
    if (c->row.contract.n) return contract_get(st, c->row.contract, c, day, out);
    if (c->row.customer.n == 0) return ERR_NOT_FOUND;
    struct key prefix = key_of(c->row.customer), at = {.n = 0};
    struct rec_row_mark mark;
    enum err e;
    while ((e = step_next(st, INTAKE_TABLE(CONTRACT_OF), &prefix, &at, &mark)) == ERR_OK) {
        struct key_reader r = {{at.b + prefix.n, at.n - prefix.n}};
        struct str key;
        if (key_take_str(&r, &key)) return ERR_CORRUPT;
        e = contract_get(st, key, c, day, out);
        if (e != ERR_NOT_FOUND) return e;
    }
    return e == ERR_END ? ERR_NOT_FOUND : e;
}

/* A set may select on a contract that has no file. */
static bool selected_on(const struct policy *p, struct str contract)
{
    for (uint32_t i = 0; i < p->service_count; i++) {
        if (words_have(p->services[i].selects_on.contract, contract)) return true;
    }
    return false;
}

enum err intake_entitle_contract(struct step *st, const struct call *c)
{
    struct str named = c->row.contract;
    if (named.n == 0) return ERR_OK;
    struct ev_contract_upserted file;
    struct key k = key_of(named);
    enum err e = step_get(st, INTAKE_TABLE(CONTRACT), &k, &file);
    st->rule = "INT-058";
    if (e == ERR_OK && !str_eq(file.customer, c->row.customer)) {
        return step_refuse(st, "contract_of_another", "contract",
                           "contract %.*s is with customer %.*s and not with this one; name one of "
                           "his own, or none",
                           STR_ARG(named), STR_ARG(file.customer));
    }
    if (e != ERR_NOT_FOUND) return e;
    if (selected_on(st->policy, named)) return ERR_OK;
    return step_refuse(st, "unknown_contract", "contract",
                       "no file of contract %.*s; send contract.upserted first, or name none",
                       STR_ARG(named));
}

/* ---- service policy (INT-095) ---- */

static bool lines_have(const struct rec_name_line *v, uint32_t n, struct str word)
{
    for (uint32_t i = 0; i < n; i++) {
        if (str_eq(v[i].name, word)) return true;
    }
    return false;
}

/* INT-096: by the unit's lists of districts; in none of them as the policy says. */
static enum zone_kind zone_of(const struct step *st, const struct rec_row_unit *unit,
                              struct str district)
{
    if (district.n && lines_have(unit->urban.v, unit->urban.n, district)) return zone_kind_urban;
    if (district.n && lines_have(unit->suburban.v, unit->suburban.n, district))
        return zone_kind_suburban;
    return st->policy->keys.unknown_zone;
}

static bool uses_phase(const struct policy *p)
{
    for (uint32_t i = 0; i < p->service_count; i++) {
        if (p->services[i].selects_on.phase.n) return true;
    }
    return false;
}

static const struct warranty_policy *project_policy(const struct policy *p, struct str named)
{
    if (named.n) return policy_warranty(p, named);
    for (uint32_t i = 0; i < p->warranty_count; i++) {
        const struct warranty_policy *w = &p->warranties[i];
        if (w->term_count && str_is(w->terms[0].anchor, "accepted")) return w;
    }
    return NULL;
}

static struct warranty_facts facts_of(const struct ev_product_upserted *p)
{
    return (struct warranty_facts){.shipped = p->shipped,
                                   .commissioned = p->commissioned,
                                   .purchased = p->purchased,
                                   .supplied = p->supplied,
                                   .delivered = p->delivered,
                                   .accepted = p->accepted,
                                   .term_end = p->term_end,
                                   .evidence = p->evidence == yes_no_yes,
                                   .term_months = (uint32_t)p->term_months,
                                   .maker_months = (uint32_t)p->maker_months};
}

/* Zeroes when there is no file. */
static enum err product_get(struct step *st, struct str product, struct ev_product_upserted *out)
{
    *out = (struct ev_product_upserted){0};
    if (product.n == 0) return ERR_OK;
    struct key k = key_of(product);
    enum err e = step_get(st, INTAKE_TABLE(PRODUCT), &k, out);
    if (e != ERR_NOT_FOUND) return e;
    *out = (struct ev_product_upserted){0};
    return ERR_OK;
}

/* INT-064; only where a service policy asks for it. */
static enum err phase_of(struct step *st, const struct call *c, int32_t day, enum phase *out)
{
    *out = phase_none;
    if (!uses_phase(st->policy)) return ERR_OK;
    struct ev_product_upserted p;
    enum err e = product_get(st, c->row.product, &p);
    if (e != ERR_OK) return e;
    const struct warranty_policy *w = project_policy(st->policy, p.warranty_policy);
    struct warranty_facts facts = facts_of(&p);
    struct warranty_result r = {0};
    if (w) e = warranty_last_day(&st->policy->keys, w, &facts, &r, &st->fault);
    if (e == ERR_OK) *out = project_phase(p.accepted, day, r.last_day);
    return e;
}

static struct selection selection_of(const struct step *st, const struct call *c,
                                     const struct rec_row_unit *unit)
{
    const struct rec_row_call *r = &c->row;
    struct str kind = r->order_kind.n ? r->order_kind : st->policy->keys.default_order_kind;
    return (struct selection){.unit_policy = unit->default_policy,
                              .product_line = r->product_line,
                              .phase = str_of(code_word(&codes_phase, r->phase)),
                              .fault_group = r->fault_group,
                              .zone = str_of(code_word(&codes_zone_kind, r->zone)),
                              .order_kind = kind,
                              .customer = r->customer,
                              .contract = r->contract,
                              .service_class = r->service_class,
                              .distance_m = r->distance_m,
                              .distance_known = r->distance_m > 0,
                              .needs_maker = r->needs_maker};
}

/* A clock that runs, or never ran, is set as the policy now says; all from the call time. */
static enum err rearm(struct step *st, const struct call *c, enum clock which)
{
    struct rec_row_deadline row;
    enum err e = deadline_get(st, c->no, 0, intake_clocks[which].name, &row);
    if (e != ERR_OK && e != ERR_NOT_FOUND) return e;
    if (e == ERR_OK && row.end != deadline_end_open) return ERR_OK;
    struct deadline_ctx ctx = intake_call_ctx(st, c);
    return deadline_arm(st, &intake_clocks[which], &ctx, STR("policy changed"));
}

static enum err policy_set_to(struct step *st, struct call *c, const struct service_policy *sp)
{
    struct str before = c->row.policy;
    c->sp = sp;
    c->row.policy = sp->id;
    c->row.policy_version = st->policy->version;
    bool announced = c->row.category != category_none;
    if (!announced || str_eq(before, sp->id)) return ERR_OK;
    st->rule = "INT-095";
    step_emit(
        st, EV_call_policy_changed,
        &(struct ev_call_policy_changed){.call_no = c->no, .before = before, .policy = sp->id});
    enum err e = c->row.replied ? ERR_OK : rearm(st, c, CLOCK_REPLY);
    return e == ERR_OK ? rearm(st, c, CLOCK_CONTACT_MAKER) : e;
}

enum err intake_entitle_select(struct step *st, struct call *c)
{
    struct rec_row_unit unit = {0};
    enum err e = step_unit(st, c->row.unit, &unit);
    if (e != ERR_OK && e != ERR_NOT_FOUND) return e; /* unknown where the policy has open_units */
    if (e == ERR_NOT_FOUND) unit = (struct rec_row_unit){0};
    if (!c->row.zone) {
        c->row.zone = zone_of(st, &unit, c->row.district);
        c->row.filled |= IN(ZONE);
    }
    int32_t day = test_day(st, c);
    e = phase_of(st, c, day, &c->row.phase);
    if (e != ERR_OK) return e;
    struct selection what = selection_of(st, c, &unit);
    struct ev_contract_upserted contract;
    e = contract_find(st, c, day, &contract);
    if (e != ERR_OK && e != ERR_NOT_FOUND) return e;
    c->row.contract_in_force = e == ERR_OK;
    if (e == ERR_OK) what.contract = contract.contract;
    if (e == ERR_OK) what.contract_policy = contract.service_policy;
    return policy_set_to(st, c, policy_select(st->policy, &what));
}

/* ---- guarantee ---- */

struct guarantee {
    const struct warranty_policy *w; /* NULL: no guarantee policy applies */
    struct warranty_result r;
    struct ev_product_upserted product;
};

static bool settled(const struct warranty_result *r)
{
    return r->kind == entitled_yes || r->kind == entitled_provisional;
}

const char *intake_entitle_not_special(const struct step *st, const struct ev_product_upserted *p)
{
    if (!words_have(st->policy->keys.special_domains, p->domain)) return "domain";
    if (p->contract_party != contract_party_direct_user) return "contract_party";
    return p->signed_in_company_name == yes_no_yes ? NULL : "signed_in_company_name";
}

/* A policy with an extension is for special products alone. */
static const struct warranty_policy *policy_for(const struct step *st,
                                                const struct ev_product_upserted *p, struct str id)
{
    const struct warranty_policy *w = policy_warranty(st->policy, id);
    return w && w->extension_months && intake_entitle_not_special(st, p) ? NULL : w;
}

/* The first policy of the list that the product's dates can answer, else the first of all. */
static enum err guarantee_by_facts(struct step *st, const struct words *list, struct guarantee *g)
{
    struct warranty_facts facts = facts_of(&g->product);
    for (uint32_t i = 0; i < list->n; i++) {
        const struct warranty_policy *w = policy_for(st, &g->product, list->v[i]);
        struct warranty_result r = {0};
        enum err e = w ? warranty_last_day(&st->policy->keys, w, &facts, &r, &st->fault) : ERR_OK;
        if (e != ERR_OK) return e;
        if (!w || (g->w && !settled(&r))) continue;
        g->w = w;
        g->r = r;
        if (settled(&r)) return ERR_OK;
    }
    return ERR_OK;
}

static enum err guarantee_of(struct step *st, const struct call *c, struct guarantee *g)
{
    *g = (struct guarantee){0};
    enum err e = product_get(st, c->row.product, &g->product);
    if (e != ERR_OK) return e;
    struct words own = {&g->product.warranty_policy, 1};
    bool named = own.v->n && policy_for(st, &g->product, *own.v);
    return guarantee_by_facts(st, named ? &own : &c->sp->warranty_policies, g);
}

/* A date of a file may lie so far ahead that the end of the guarantee is past every calendar. */
static int32_t representable(int32_t day)
{
    const int32_t last = (int32_t)(TIME_MAX_MS / DAY_MS);
    return day < last ? day : last;
}

void intake_entitle_emit(struct step *st, const struct call *c, struct str basis)
{
    step_emit(st, EV_warranty_determined,
              &(struct ev_warranty_determined){.call_no = c->no,
                                               .policy = c->row.warranty_policy,
                                               .inside = c->row.inside,
                                               .last_day = c->row.last_day,
                                               .test_day = test_day(st, c),
                                               .basis = basis});
}

/* INT-046: the maker's letter below the project's own term. */
static void tell_commitment(struct step *st, const struct call *c, const struct guarantee *g)
{
    if (!g->w->maker_overrides || g->w->term_count == 0) return;
    uint64_t maker = g->product.maker_months;
    if (maker == 0 || maker >= g->w->terms[0].months) return;
    st->rule = "INT-046";
    step_emit(st, EV_warranty_below_commitment,
              &(struct ev_warranty_below_commitment){.call_no = c->no,
                                                     .policy = g->w->id,
                                                     .months = maker,
                                                     .committed = g->w->terms[0].months});
}

/* INT-043: nobody here can say; 供銷部 is asked, once. */
static enum err ask(struct step *st, const struct call *c, struct str basis)
{
    bool asked = false;
    enum err e = intake_call_runs(st, c->no, 0, CLOCK_WARRANTY_QUERY, &asked);
    if (e != ERR_OK || asked) return e;
    st->rule = "INT-043";
    struct ev_warranty_query ev = {
        .call_no = c->no, .policy = c->row.warranty_policy, .question = basis};
    step_emit(st, EV_warranty_query, &ev);
    return intake_call_clocks(st, c, EV_warranty_query, &ev);
}

static enum category category_of(const struct step *st, const struct call *c)
{
    const struct rec_row_call *r = &c->row;
    const struct warranty_policy *w = policy_warranty(st->policy, r->warranty_policy);
    bool inside = r->inside == entitled_yes || r->inside == entitled_provisional;
    return warranty_category((struct warranty_case){.inside = inside,
                                                    .requires_quality = w && w->requires_quality,
                                                    .quality = r->quality != yes_no_no,
                                                    .contract = r->contract_in_force});
}

/* INT-049: the mileage read at an earlier job; it only grows. */
static enum err check_mileage(struct step *st, struct call *c, struct guarantee *g)
{
    struct rec_row_proven proven;
    if (!g->w->km) return ERR_OK;
    enum err e = intake_install_proven(st, c->row.product, &proven);
    if (e != ERR_OK || proven.mileage <= g->w->km) return e;
    c->row.inside = entitled_no;
    snprintf(g->r.basis, sizeof g->r.basis, "%llu km, covered up to %u km",
             (unsigned long long)proven.mileage, g->w->km);
    return ERR_OK;
}

enum err intake_entitle_determine(struct step *st, struct call *c)
{
    const char *rule = st->rule;
    struct guarantee g;
    enum err e = guarantee_of(st, c, &g);
    if (e != ERR_OK) return e;
    if (c->row.answered) {
        if (g.w && c->row.warranty_policy.n == 0) c->row.warranty_policy = g.w->id;
        return ERR_OK;
    }
    c->row.warranty_policy = (struct str){0};
    c->row.inside = entitled_none;
    c->row.last_day = 0;
    if (g.w) {
        const struct calendar *cal = step_calendar(st, c->row.unit, NULL);
        g.r.last_day = representable(warranty_roll(&st->policy->keys, cal, g.r.last_day));
        c->row.warranty_policy = g.w->id;
        c->row.inside = warranty_inside(&g.r, test_day(st, c));
        c->row.last_day = g.r.last_day;
        e = check_mileage(st, c, &g);
        if (e != ERR_OK) return e;
        st->rule = "INT-038";
        struct str basis = arena_str(st->arena, str_of(g.r.basis));
        intake_entitle_emit(st, c, basis);
        tell_commitment(st, c, &g);
        if (c->row.inside == entitled_undetermined) e = ask(st, c, basis);
    }
    st->rule = rule;
    return e;
}

/* ---- category (INT-036) ---- */

bool intake_entitle_provisional(const struct step *st, const struct call *c)
{
    const struct rec_row_call *r = &c->row;
    if (r->inside == entitled_no || r->inside == entitled_none) return false;
    if (r->inside != entitled_yes) return true;
    const struct warranty_policy *w = policy_warranty(st->policy, r->warranty_policy);
    return w && w->requires_quality && !r->cause_found;
}

void intake_entitle_reclassify(struct step *st, struct call *c)
{
    enum category before = c->row.category;
    c->row.category = category_of(st, c);
    if (before == category_none || before == c->row.category) return;
    const char *rule = st->rule;
    st->rule = "INT-036";
    struct ev_call_reclassified ev = {
        .call_no = c->no, .before = before, .category = c->row.category};
    step_emit(st, EV_call_reclassified, &ev);
    st->rule = rule;
}

enum err intake_entitle_again(struct step *st, struct call *c)
{
    enum err e = intake_entitle_determine(st, c);
    if (e == ERR_OK && c->row.inside != entitled_undetermined) {
        struct deadline_ctx ctx = intake_call_ctx(st, c);
        e = deadline_stop(st, &intake_clocks[CLOCK_WARRANTY_QUERY], &ctx);
    }
    intake_entitle_reclassify(st, c);
    return e;
}

enum err intake_entitle_follow(struct step *st, struct call *c, const struct rec_row_call *before)
{
    bool other_product = !str_eq(before->product, c->row.product);
    if (other_product) c->row.answered = false; /* it was said of the other one */
    bool same = !other_product && str_eq(before->policy, c->row.policy) &&
                before->contract_in_force == c->row.contract_in_force;
    return same ? ERR_OK : intake_entitle_again(st, c);
}

/* ---- what 供銷部 or a supervisor says (INT-043, INT-049) ---- */

enum err intake_entitle_answered(struct step *st, struct call *c,
                                 const struct ev_warranty_answered *ev)
{
    if (ev->inside != entitled_yes && ev->inside != entitled_no) {
        return step_refuse(st, "no_answer", "inside",
                           "%s decides nothing; say yes or no, with the last day where it is known",
                           code_word(&codes_entitled, ev->inside));
    }
    bool over = ev->last_day && !warranty_covers(ev->last_day, test_day(st, c));
    if (over && ev->inside == entitled_yes) {
        return step_refuse(st, "over_before_call", "last_day",
                           "a guarantee that ends before the day of the call does not cover it; "
                           "say no, or correct the last day");
    }
    c->row.answered = true;
    c->row.inside = ev->inside;
    c->row.last_day = ev->last_day;
    intake_entitle_emit(st, c, STR("answered"));
    if (c->row.category) intake_entitle_reclassify(st, c);
    return ERR_OK;
}
