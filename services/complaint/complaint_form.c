/* complaint_form.c - from the complaint to its number: opening, joint inspection 會勘, the form
 * 客戶抱怨處理表, acceptance and registration by the GMO 總經理室生產管理組; and what may be said
 * of a case at any time. Rules CMP-001, CMP-008, CMP-012 … CMP-015, CMP-017, CMP-022 … CMP-027,
 * CMP-031 … CMP-035, CMP-039. */
#include "proto/value.h"
#include "services/complaint/complaint_private.h"
#include <string.h>

/* ---- opening ---- */

enum err complaint_form_open(struct step *st, struct complaint *c)
{
    struct complaint old;
    enum err e = complaint_get(st, c->no, &old);
    if (e == ERR_OK) {
        return step_refuse(st, "known_number", "case_no",
                           "complaint %.*s stands already (%s); give this one another number",
                           STR_ARG(c->no), code_word(&codes_complaint_state, old.r.state));
    }
    if (e != ERR_NOT_FOUND) return e;
    c->r.state = complaint_state_received;
    c->r.policy_version = st->policy->version;
    c->r.validity = validity_pending;
    struct str holder = complaint_department(st, "business");
    e = complaint_pass(st, c, NULL, holder.n ? holder : c->r.unit, c->r.received_at);
    if (e != ERR_OK) return e;
    struct ev_complaint_opened ev = {.case_no = c->no,
                                     .parent_no = c->r.parent_no,
                                     .centre = c->r.unit,
                                     .customer = c->r.customer,
                                     .product = c->r.product,
                                     .category = c->r.category,
                                     .severity = c->r.severity,
                                     .received_at = c->r.received_at};
    complaint_put(st, c);
    complaint_upstream_keep(st, c);
    step_emit_as(st, "CMP-001", EV_complaint_opened, &ev);
    return ERR_OK;
}

static enum err check_received(struct step *st, const struct ev_complaint_received *ev)
{
    const struct complaint_keys *k = &st->policy->complaint;
    if (k->scope_products.n && !words_have(k->scope_products, ev->family)) {
        return step_refuse(st, "out_of_scope", "family",
                           "\"%.*s\" is no product family this procedure is for "
                           "(complaint.scope_products)",
                           STR_ARG(ev->family));
    }
    if (ev->category.n && !words_have(k->categories, ev->category)) {
        st->rule = "CMP-128";
        return step_refuse(st, "unknown_word", "category",
                           "\"%.*s\" is no category of the policy (complaint.categories)",
                           STR_ARG(ev->category));
    }
    if ((ev->kind == complaint_kind_platform) != (ev->platform_kind != platform_kind_none)) {
        st->rule = "CMP-009";
        return step_refuse(st, "missing", "platform_kind",
                           "a complaint on a platform says which kind of dispute, any other none");
    }
    if (ev->origin == complaint_origin_authority && ev->authority_body.n == 0) {
        st->rule = "CMP-017";
        return step_refuse(st, "missing", "authority_body",
                           "which body sends it? Its name and reference are needed for the reply");
    }
    return ERR_OK;
}

/* The row as far as the complaint itself tells it. */
static void fill(const struct step *st, const struct ev_complaint_received *ev,
                 struct rec_row_complaint *r)
{
    bool from_body = ev->origin == complaint_origin_authority;
    *r = (struct rec_row_complaint){.unit = ev->centre.n ? ev->centre : st->in->source,
                                    .kind = ev->kind,
                                    .platform_kind = ev->platform_kind,
                                    .origin = ev->origin ? ev->origin : complaint_origin_direct,
                                    .customer = ev->customer,
                                    .product = ev->product,
                                    .family = ev->family,
                                    .order_no = ev->order_no,
                                    .material = ev->material,
                                    .market = ev->market,
                                    .category = ev->category,
                                    .clerk = ev->clerk,
                                    .channel = ev->channel,
                                    .call_no = ev->call_no,
                                    .request_no = ev->request_no,
                                    .anomaly_no = ev->anomaly_no,
                                    .quality_no = ev->quality_no,
                                    .authority_body = ev->authority_body,
                                    .authority_ref = ev->authority_ref,
                                    .rd_required = from_body ? yes_no_yes : yes_no_none,
                                    .project = ev->project,
                                    .severity = from_body ? severity_major : severity_ordinary,
                                    .received_at =
                                        ev->received_at ? ev->received_at : step_occurred(st)};
}

enum err complaint_form_received(struct step *st, const struct ev_complaint_received *ev)
{
    struct complaint c = {.no = ev->case_no};
    enum err e = check_received(st, ev);
    fill(st, ev, &c.r);
    return e == ERR_OK ? complaint_form_open(st, &c) : e;
}

/* ---- joint inspection 會勘 (CMP-025 … CMP-027) ---- */

enum err complaint_form_on_inspection_needed(struct step *st, const void *payload, void *row)
{
    (void)payload;
    struct complaint *c = row;
    c->r.inspection_at = step_occurred(st);
    c->r.investigated_at = 0;
    /* The form comes after the inspection: its clock begins anew then. */
    struct deadline_ctx ctx = complaint_clock_ctx(st, c, c->r.unit, c->r.inspection_at);
    return deadline_hold(st, &complaint_clock_rows[COMPLAINT_CLOCK_FORM], &ctx);
}

enum err complaint_form_on_inspection_requested(struct step *st, const void *payload, void *row)
{
    (void)payload;
    struct complaint *c = row;
    if (c->r.inspection_at == 0 || c->r.investigated_at) {
        return step_refuse(st, "state", "case_no",
                           "nobody has said that an inspection is needed "
                           "(complaint.joint_inspection_needed)");
    }
    return complaint_pass(st, c, NULL, complaint_department(st, "qa"), step_occurred(st));
}

enum err complaint_form_on_substitute(struct step *st, const void *payload, void *row)
{
    (void)st, (void)payload;
    ((struct complaint *)row)->r.substitute = true;
    return ERR_OK;
}

enum err complaint_form_on_investigated(struct step *st, const void *payload, void *row)
{
    const struct ev_complaint_investigated *ev = payload;
    struct complaint *c = row;
    if (c->r.substitute && ev->report_to_gm != yes_no_yes) {
        st->rule = "CMP-026";
        return step_refuse(
            st, "missing", "report_to_gm",
            "a substitute inspected: he reports to the general manager 總經理 before "
            "the inspection is closed");
    }
    c->r.investigated_at = step_occurred(st);
    return complaint_pass(st, c, NULL, complaint_department(st, "business"), c->r.investigated_at);
}

/* ---- the form ---- */

static bool wants_goods_back(enum handling_method m)
{
    return m == handling_method_return || m == handling_method_exchange;
}

/* CMP-023: the fields the policy asks for. */
static enum err check_fields(struct step *st, const struct ev_complaint_form_filed *ev)
{
    struct words needs = st->policy->complaint.form_fields;
    struct str missing = {0};
    for (uint32_t i = 0; i < needs.n; i++) {
        const struct field *f = shape_field(st->type->shape(), needs.v[i]);
        if (!f || !value_is_zero(f, value_in(f, ev))) continue;
        missing =
            arena_printf(st->arena, "%.*s%s%s", STR_ARG(missing), missing.n ? ", " : "", f->name);
    }
    if (missing.n == 0) return ERR_OK;
    st->rule = "CMP-023";
    return step_refuse(st, "missing", "case_no", "the form needs %.*s (complaint.form_fields)",
                       STR_ARG(missing));
}

static enum err check_form(struct step *st, const struct complaint *c,
                           const struct ev_complaint_form_filed *ev)
{
    struct str note = st->policy->complaint.unknown_quantity_note;
    if (c->r.inspection_at && !c->r.investigated_at) {
        st->rule = "CMP-025";
        return step_refuse(st, "state", "case_no",
                           "the joint inspection 會勘 comes before the form "
                           "(complaint.joint_inspection_requested, complaint.investigated)");
    }
    if (ev->defective_qty > ev->qty) {
        st->rule = "CMP-023";
        return step_refuse(st, "range", "defective_qty", "%llu of %llu cannot be defective",
                           (unsigned long long)ev->defective_qty, (unsigned long long)ev->qty);
    }
    if (!ev->market && !c->r.market) {
        st->rule = "CMP-052";
        return step_refuse(st, "missing", "market", "domestic or foreign? The limits depend on it");
    }
    if (wants_goods_back(ev->demand_method) && !ev->demand_qty && !str_eq(ev->demand_note, note)) {
        st->rule = "CMP-024";
        return step_refuse(st, "missing", "demand_qty",
                           "how many are to be returned or exchanged? While the customer still "
                           "works on the goods write demand_note \"%.*s\"",
                           STR_ARG(note));
    }
    return ERR_OK;
}

enum err complaint_form_on_filed(struct step *st, const void *payload, void *row)
{
    const struct ev_complaint_form_filed *ev = payload;
    struct complaint *c = row;
    enum err e = check_fields(st, ev);
    if (e == ERR_OK) e = check_form(st, c, ev);
    if (e != ERR_OK) return e;
    struct rec_row_complaint *r = &c->r;
    r->order_no = ev->order_no;
    r->material = ev->material;
    r->shipped_on = ev->shipped_on;
    r->qty = ev->qty;
    r->defective_qty = ev->defective_qty;
    r->demand_method = ev->demand_method;
    r->demand_qty = ev->demand_qty;
    r->demand_note = ev->demand_qty ? (struct str){0} : ev->demand_note;
    if (ev->market) r->market = ev->market;
    r->receivable = ev->receivable;
    r->price_a = ev->price_a;
    r->over_ratio_bp = ev->over_ratio_bp;
    r->filed_at = step_occurred(st);
    return ERR_OK;
}

enum err complaint_form_on_demand_set(struct step *st, const void *payload, void *row)
{
    (void)st;
    struct complaint *c = row;
    c->r.demand_qty = ((const struct ev_complaint_demand_set *)payload)->demand_qty;
    c->r.demand_note = (struct str){0};
    return ERR_OK;
}

enum err complaint_form_on_accepted(struct step *st, const void *payload, void *row)
{
    (void)payload;
    struct complaint *c = row;
    const struct relay_step gmo_register = {.name = STR("gmo_register"),
                                            .department = STR("gmo"),
                                            .deadline = STR("complaint.gmo_register")};
    c->r.accepted_at = step_occurred(st);
    return complaint_pass(st, c, &gmo_register, complaint_department(st, "gmo"), c->r.accepted_at);
}

/* ---- the number (CMP-032 … CMP-034) ---- */

#define NUMBERS_OF_A_MONTH 99 /* of two digits */

static struct str number_of(struct step *st, struct str month, uint64_t n)
{
    return arena_printf(st->arena, "%.*s%02llu", STR_ARG(month), (unsigned long long)n);
}

/* The next one of the month that is nobody's. */
static enum err next_number(struct step *st, struct str month, uint64_t *last)
{
    struct complaint other;
    enum err e;
    do {
        e = complaint_get(st, number_of(st, month, ++*last), &other);
    } while (e == ERR_OK);
    return e == ERR_NOT_FOUND ? ERR_OK : e;
}

static enum err take_number(struct step *st, const struct complaint *c, struct str *out)
{
    const struct complaint_keys *k = &st->policy->complaint;
    int y, m, d;
    day_split(step_day(st, complaint_department(st, "gmo")), &y, &m, &d);
    if (k->number_year_roc) y -= 1911;
    struct str month = arena_printf(st->arena, "%02d%02d", y % 100, m);
    struct key key = key_of(month);
    struct rec_row_complaint_running row = {0};
    enum err e = step_get(st, COMPLAINT_TABLE(RUNNING), &key, &row);
    if (e != ERR_OK && e != ERR_NOT_FOUND) return e;
    e = next_number(st, month, &row.last);
    if (e != ERR_OK) return e;
    bool over = row.last > NUMBERS_OF_A_MONTH;
    if (over && k->number_on_overflow == NUMBER_reject) {
        st->rule = "CMP-034";
        return step_refuse(st, "overflow", "complaint_no",
                           "%.*s has its 99 numbers; complaint.number_on_overflow: extend would "
                           "give a third digit",
                           STR_ARG(month));
    }
    step_put(st, COMPLAINT_TABLE(RUNNING), &key, &row);
    *out = number_of(st, month, row.last);
    struct ev_complaint_number_overflow ev = {c->no, *out};
    if (over) step_emit_as(st, "CMP-034", EV_complaint_number_overflow, &ev);
    return ERR_OK;
}

/* A number that was given elsewhere stands as it is, when it is nobody's yet. */
static enum err check_number(struct step *st, struct str no)
{
    struct complaint other;
    enum err e = complaint_get(st, no, &other);
    if (e == ERR_NOT_FOUND) return ERR_OK;
    if (e != ERR_OK) return e;
    return step_refuse(st, "known_number", "complaint_no", "%.*s is complaint %.*s already",
                       STR_ARG(no), STR_ARG(other.no));
}

enum err complaint_form_on_registered(struct step *st, const void *payload, void *row)
{
    struct ev_complaint_registered ev = *(const struct ev_complaint_registered *)payload;
    struct complaint *c = row;
    bool given = ev.complaint_no.n > 0;
    enum err e = given ? check_number(st, ev.complaint_no) : take_number(st, c, &ev.complaint_no);
    if (e != ERR_OK) return e;
    if (!given) step_complete(st, &ev);
    c->r.complaint_no = ev.complaint_no;
    c->r.registered_at = step_occurred(st);
    struct key k = key_of(ev.complaint_no);
    struct rec_row_complaint_number number = {c->no};
    step_put(st, COMPLAINT_TABLE(NUMBER), &k, &number);
    return complaint_relay_next(st, c, false, c->r.registered_at);
}

/* ---- at any time ---- */

enum err complaint_form_on_severity_set(struct step *st, const void *payload, void *row)
{
    (void)st;
    const struct ev_complaint_severity_set *ev = payload;
    struct complaint *c = row;
    c->r.severity = ev->severity;
    if (ev->focal) c->r.focal = ev->focal == yes_no_yes;
    if (ev->severity != severity_ordinary) c->r.rd_required = yes_no_yes; /* CMP-012 */
    return ERR_OK;
}

enum err complaint_form_on_major_reported(struct step *st, const void *payload, void *row)
{
    (void)payload;
    ((struct complaint *)row)->r.major_at = step_occurred(st);
    return ERR_OK;
}

enum err complaint_form_on_supplier(struct step *st, const void *payload, void *row)
{
    (void)st;
    ((struct complaint *)row)->r.supplier =
        ((const struct ev_complaint_supplier_involved *)payload)->supplier;
    return ERR_OK;
}

enum err complaint_form_on_supplier_share(struct step *st, const void *payload, void *row)
{
    const struct ev_complaint_supplier_share_set *ev = payload;
    struct complaint *c = row;
    if (!str_eq(c->r.supplier, ev->supplier)) {
        return step_refuse(st, "unknown_word", "supplier",
                           "%.*s is not involved in this case (complaint.supplier_involved)",
                           STR_ARG(ev->supplier));
    }
    c->r.supplier_share = ev->amount;
    return ERR_OK;
}

enum err complaint_form_on_visited(struct step *st, const void *payload, void *row)
{
    (void)row;
    if (((const struct ev_complaint_visited *)payload)->visitor_role != visitor_role_technician)
        return ERR_OK;
    return step_refuse(st, "role", "visitor_role",
                       "a complaining customer is visited by the service supervisor 服務主任 or "
                       "somebody specially assigned 專人");
}

enum err complaint_form_on_validated(struct step *st, const void *payload, void *row)
{
    struct complaint *c = row;
    c->r.validity = validity_valid;
    c->r.service_caused =
        ((const struct ev_complaint_validated *)payload)->service_caused == yes_no_yes;
    struct str unit = c->r.responsible_unit.n ? c->r.responsible_unit : c->r.unit;
    struct ev_complaint_dept_notified ev = {c->no, unit, c->r.project};
    step_emit_as(st, "CMP-008", EV_complaint_dept_notified, &ev);
    return ERR_OK;
}
