/* parts_request.c - a request for parts: what it rests on, who pays, who signs it.
 *
 * A request that rests on an abnormality report 產品異常信息報告 is signed with the report: what
 * the leader said to it at intake is taken over, and no clock runs here. Every other request is
 * signed by who the parts policy names, in time. Rules PRT-001, PRT-002, PRT-003, PRT-008, PRT-046.
 */
#include "common/contract.h"
#include "services/parts/parts_private.h"

/* ERR_NOT_FOUND. */
static enum err request_get(struct step *st, struct str request_no,
                            struct rec_row_part_request *out)
{
    struct key k = key_of(request_no);
    return step_get(st, PARTS_TABLE(REQUEST), &k, out);
}

enum err parts_request_find(struct step *st, struct str request_no,
                            struct rec_row_part_request *out)
{
    enum err e = request_get(st, request_no, out);
    if (e != ERR_NOT_FOUND) return e;
    return step_refuse(st, "unknown_request", "request_no",
                       "there is no request %.*s here; it begins with part.requested",
                       STR_ARG(request_no));
}

enum err parts_report_get(struct step *st, struct str report_no, struct rec_row_parts_report *out)
{
    struct key k = key_of(report_no);
    return step_get(st, PARTS_TABLE(REPORT), &k, out);
}

static void put(struct step *st, struct str request_no, const struct rec_row_part_request *r)
{
    struct key k = key_of(request_no);
    step_put(st, PARTS_TABLE(REQUEST), &k, r);
}

/* ---- requests of a report, a call, a repair order ---- */

enum of { OF_REPORT = 1, OF_CALL, OF_WORKORDER };

static struct key of_key(enum of what, struct str no)
{
    struct key k = {.n = 0};
    key_u8(&k, (uint8_t)what);
    key_str(&k, no);
    return k;
}

static void index_one(struct step *st, enum of what, struct str no, struct str request_no)
{
    struct key k = of_key(what, no);
    struct rec_row_mark mark = {.set = true};
    if (!no.n) return;
    key_str(&k, request_no);
    step_put(st, PARTS_TABLE(REQUEST_OF), &k, &mark);
}

static void index_all(struct step *st, struct str request_no, const struct rec_row_part_request *r)
{
    index_one(st, OF_REPORT, r->abnormal_no, request_no);
    index_one(st, OF_CALL, r->call_no, request_no);
    index_one(st, OF_WORKORDER, r->workorder, request_no);
}

static enum err each_of(struct step *st, enum of what, struct str no, parts_on_request *handle,
                        const void *said)
{
    struct key prefix = of_key(what, no), at = {.n = 0};
    struct rec_row_mark mark;
    enum err e;
    if (!no.n) return ERR_OK;
    while ((e = step_next(st, PARTS_TABLE(REQUEST_OF), &prefix, &at, &mark)) == ERR_OK) {
        struct key_reader reader = {{at.b + prefix.n, at.n - prefix.n}};
        struct rec_row_part_request r;
        struct str request_no;
        e = key_take_str(&reader, &request_no);
        request_no = e == ERR_OK ? arena_str(st->arena, request_no) : request_no;
        if (e == ERR_OK) e = request_get(st, request_no, &r);
        if (e == ERR_OK) e = handle(st, request_no, &r, said);
        if (e != ERR_OK) return e == ERR_NOT_FOUND ? ERR_CORRUPT : e;
    }
    return e == ERR_END ? ERR_OK : e;
}

enum err parts_request_each(struct step *st, const struct rec_row_issue *note,
                            parts_on_request *handle, const void *said)
{
    struct rec_row_part_request r;
    if (!note->request_no.n) return each_of(st, OF_REPORT, note->abnormal_no, handle, said);
    enum err e = request_get(st, note->request_no, &r);
    if (e == ERR_OK) e = handle(st, note->request_no, &r, said);
    return e == ERR_NOT_FOUND ? ERR_CORRUPT : e;
}

/* ---- who pays (PRT-001) ---- */

/* The call says whether it is inside; without a call the request does. Inside, but not for a
 * problem the guarantee is for, the call is of category A or B (INT-036). */
static enum part_class class_of(const struct rec_row_part_request *r,
                                const struct rec_row_parts_call *call)
{
    enum entitled inside = call->entitled ? call->entitled : r->entitlement;
    bool free =
        inside == entitled_yes && call->category != category_a && call->category != category_b;
    if (free || r->condition) return part_class_free;
    return r->charge_later == yes_no_yes ? part_class_charge_later : part_class_paid;
}

static enum err classify(struct step *st, struct rec_row_part_request *r,
                         struct rec_row_parts_call *call)
{
    *call = (struct rec_row_parts_call){0};
    enum err e = r->call_no.n ? parts_call_get(st, r->call_no, call) : ERR_OK;
    if (e != ERR_OK && e != ERR_NOT_FOUND) return e;
    r->class = class_of(r, call);
    return ERR_OK;
}

enum err parts_request_class(struct step *st, struct rec_row_part_request *r)
{
    struct rec_row_parts_call call;
    return classify(st, r, &call);
}

enum err parts_request_classify(struct step *st, struct str request_no,
                                struct rec_row_part_request *r)
{
    struct rec_row_parts_call call;
    enum part_class before = r->class;
    enum err e = classify(st, r, &call);
    if (e != ERR_OK || r->class == before) return e;
    struct ev_part_classified ev = {.request_no = request_no,
                                    .class = r->class,
                                    .entitlement = call.entitled ? call.entitled : r->entitlement,
                                    .category = call.category,
                                    .call_no = r->call_no};
    step_emit_as(st, "PRT-001", EV_part_classified, &ev);
    return ERR_OK;
}

/* ---- what was decided (PRT-003) ---- */

struct decision {
    bool approved;
    struct str by, reason;
};

static enum err decide(struct step *st, struct str request_no, struct rec_row_part_request *r,
                       const void *said)
{
    const struct decision *d = said;
    r->state = d->approved ? part_request_state_approved : part_request_state_refused;
    r->by = d->by;
    if (d->approved) {
        struct ev_part_approved ev = {.request_no = request_no, .by = d->by};
        r->approved_at = step_occurred(st);
        step_emit_as(st, "PRT-003", EV_part_approved, &ev);
    } else {
        struct ev_part_refused ev = {.request_no = request_no, .by = d->by, .reason = d->reason};
        r->reason = d->reason;
        r->refused_at = step_occurred(st);
        step_emit_as(st, "PRT-003", EV_part_refused, &ev);
    }
    put(st, request_no, r);
    return d->approved ? ERR_OK : parts_backorder_refused(st, request_no, r);
}

/* ---- requested ---- */

static enum err lines_of_report(struct step *st, struct rec_row_part_request *r,
                                const struct rec_row_parts_report *report)
{
    uint32_t n = report->parts.n;
    if (r->lines.n || !n) return ERR_OK;
    r->lines.v = arena_take(st->arena, n * sizeof *r->lines.v);
    r->lines.n = n;
    for (uint32_t i = 0; i < n; i++) {
        const struct rec_part_line *p = &report->parts.v[i];
        r->lines.v[i] = (struct rec_request_line){
            .part_no = p->part_no, .name = p->name, .qty = p->qty, .reason = p->reason};
    }
    return ERR_OK;
}

static enum err take_report(struct step *st, struct rec_row_part_request *r,
                            struct rec_row_parts_report *report)
{
    *report = (struct rec_row_parts_report){0};
    if (!r->abnormal_no.n) return ERR_OK;
    st->rule = "PRT-002";
    enum err e = parts_report_get(st, r->abnormal_no, report);
    if (e == ERR_NOT_FOUND) {
        return step_refuse(st, "unknown_report", "abnormal_no",
                           "there is no abnormality report %.*s; it begins with abnormal.logged",
                           STR_ARG(r->abnormal_no));
    }
    if (e != ERR_OK) return e;
    if (!r->call_no.n) r->call_no = report->call_no;
    if (!r->product.n) r->product = report->product;
    return lines_of_report(st, r, report);
}

static enum err check_lines(struct step *st, const struct rec_row_part_request *r)
{
    st->rule = "PRT-001";
    if (!r->lines.n) {
        return step_refuse(st, "missing", "lines",
                           "say which parts are needed, and how many of each");
    }
    for (uint32_t i = 0; i < r->lines.n; i++) {
        if (r->lines.v[i].part_no.n || r->lines.v[i].name.n) continue;
        return step_refuse(st, "missing", "lines",
                           "line %u names no part; give its number, or its name until the number "
                           "is looked up (part.number_resolved)",
                           i + 1);
    }
    return ERR_OK;
}

static enum err on_requested(struct step *st, const void *payload, void *row)
{
    const struct ev_part_requested *ev = payload;
    struct rec_row_part_request *r = ((struct paper_at *)row)->row;
    struct rec_row_parts_report report;
    const struct parts_policy *p;
    enum err e = take_report(st, r, &report);
    if (e == ERR_OK) e = parts_policy_for(st, r->call_no, r->unit, &p);
    if (e != ERR_OK) return e;
    r->policy = p->id;
    st->rule = "PRT-002";
    if (p->request == PARTS_REQUEST_abnormal && !r->abnormal_no.n) {
        return step_refuse(st, "missing", "abnormal_no",
                           "under %.*s the basis of a free part is the abnormality report "
                           "產品異常信息報告; name it",
                           STR_ARG(p->id));
    }
    e = check_lines(st, r);
    if (e == ERR_OK) e = parts_request_classify(st, ev->request_no, r);
    if (e != ERR_OK) return e;
    st->rule = "PRT-001";
    index_all(st, ev->request_no, r);
    bool signed_ = report.state == abnormal_state_approved;
    if (signed_ || report.state == abnormal_state_refused) {
        return decide(st, ev->request_no, r, &(struct decision){signed_, report.by, report.reason});
    }
    if (r->abnormal_no.n || p->approver.n) return ERR_OK;
    return decide(st, ev->request_no, r, &(struct decision){.approved = true, .by = p->id});
}

/* ---- signed here ---- */

static enum err check_signature(struct step *st, const struct rec_row_part_request *r,
                                struct str by)
{
    struct parts_signature s = {.by = by,
                                .field = "by",
                                .roles = policy_parts(st->policy, r->policy)->approver,
                                .whose = r->person};
    if (!r->abnormal_no.n) return parts_signs(st, &s);
    return step_refuse(st, "by_report", "request_no",
                       "this request rests on abnormality report %.*s and is signed with it "
                       "(abnormal.approved, abnormal.refused); there is one signature",
                       STR_ARG(r->abnormal_no));
}

static uint64_t asked_for(const struct rec_row_part_request *r, struct str part_no)
{
    uint64_t qty = 0;
    for (uint32_t i = 0; i < r->lines.n; i++)
        qty += str_eq(r->lines.v[i].part_no, part_no) ? r->lines.v[i].qty : 0;
    return qty;
}

uint64_t parts_request_signed(const struct rec_row_part_request *r, struct str part_no)
{
    uint64_t qty = 0;
    for (uint32_t i = 0; i < r->approved.n; i++)
        qty += str_eq(r->approved.v[i].part_no, part_no) ? r->approved.v[i].qty : 0;
    return qty;
}

static enum err on_approved(struct step *st, const void *payload, void *row)
{
    const struct ev_part_approved *ev = payload;
    const struct rec_row_part_request *r = ((struct paper_at *)row)->row;
    enum err e = check_signature(st, r, ev->by);
    for (uint32_t i = 0; e == ERR_OK && i < ev->approved.n; i++) {
        struct str part_no = ev->approved.v[i].part_no;
        uint64_t asked = asked_for(r, part_no);
        if (parts_request_signed(r, part_no) <= asked) continue;
        e = step_refuse(st, "over_requested", "approved",
                        "%llu of %.*s are approved and %llu were asked for; what is approved is "
                        "part of the request",
                        (unsigned long long)parts_request_signed(r, part_no), STR_ARG(part_no),
                        (unsigned long long)asked);
    }
    return e;
}

static enum err on_refused(struct step *st, const void *payload, void *row)
{
    const struct ev_part_refused *ev = payload;
    const struct rec_row_part_request *r = ((struct paper_at *)row)->row;
    enum err e = check_signature(st, r, ev->by);
    return e == ERR_OK ? parts_backorder_refused(st, ev->request_no, r) : e;
}

/* ---- the number of a part (PRT-002) ---- */

/* The report asked for it under another number, or by its name. */
static enum err rename_in_report(struct step *st, const struct rec_row_part_request *r,
                                 const struct rec_request_line *was, struct str part_no)
{
    struct rec_row_parts_report report;
    struct key k = key_of(r->abnormal_no);
    if (!r->abnormal_no.n) return ERR_OK;
    enum err e = parts_report_get(st, r->abnormal_no, &report);
    if (e != ERR_OK) return e;
    for (uint32_t i = 0; i < report.parts.n; i++) {
        struct rec_part_line *l = &report.parts.v[i];
        bool same = was->part_no.n ? str_eq(l->part_no, was->part_no) : str_eq(l->name, was->name);
        if (!same) continue;
        l->part_no = part_no;
        step_put(st, PARTS_TABLE(REPORT), &k, &report);
        break;
    }
    return ERR_OK;
}

static enum err on_resolved(struct step *st, const void *payload, void *row)
{
    const struct ev_part_number_resolved *ev = payload;
    struct rec_row_part_request *r = ((struct paper_at *)row)->row;
    if (ev->line > r->lines.n) {
        return step_refuse(st, "unknown_line", "line",
                           "request %.*s has %u lines; there is no line %llu",
                           STR_ARG(ev->request_no), r->lines.n, (unsigned long long)ev->line);
    }
    struct rec_request_line *l = &r->lines.v[ev->line - 1];
    bool issued = false;
    enum err e = ERR_OK;
    if (l->part_no.n) e = parts_note_has(st, ev->request_no, r->abnormal_no, l->part_no, &issued);
    if (e == ERR_OK && issued) {
        e = step_refuse(st, "issued", "line",
                        "%.*s is on a note already; what was issued keeps its number",
                        STR_ARG(l->part_no));
    }
    if (e == ERR_OK) e = rename_in_report(st, r, l, ev->part_no);
    for (uint32_t i = 0; l->part_no.n && i < r->approved.n; i++) {
        struct rec_part_line *a = &r->approved.v[i];
        if (str_eq(a->part_no, l->part_no)) a->part_no = ev->part_no;
    }
    l->part_no = ev->part_no;
    return e;
}

/* ---- a new unit for one that cannot be repaired (PRT-008) ---- */

static enum err on_replacement(struct step *st, const void *payload, void *row)
{
    const struct ev_part_replacement_requested *ev = payload;
    struct rec_row_part_request *r = ((struct paper_at *)row)->row;
    const struct parts_policy *p;
    enum err e = parts_policy_for(st, r->call_no, r->unit, &p);
    if (e != ERR_OK) return e;
    r->policy = p->id;
    r->requested_at = step_occurred(st);
    r->lines.v = arena_take(st->arena, sizeof *r->lines.v);
    r->lines.n = 1;
    r->lines.v[0] = (struct rec_request_line){.name = STR("新品"), .qty = 1};
    index_all(st, ev->request_no, r);
    return parts_request_classify(st, ev->request_no, r);
}

static enum err on_unrepairable(struct step *st, const struct ev_job_unrepairable *ev)
{
    struct rec_row_parts_call call;
    struct rec_row_part_request r;
    enum err e = parts_call_get(st, ev->call_no, &call);
    if (e != ERR_OK) return e == ERR_NOT_FOUND ? ERR_STALE : e;
    const struct service_policy *sp = policy_service(st->policy, call.policy);
    if (!sp || sp->on_unrepairable != ON_UNREPAIRABLE_free_new_unit) return ERR_STALE;
    if (call.entitled == entitled_no) return ERR_STALE;
    unsigned job = ev->job ? (unsigned)ev->job : 1; /* absent: the only one */
    struct ev_part_replacement_requested out = {
        .request_no = arena_printf(st->arena, "%.*s/new-%u", STR_ARG(ev->call_no), job),
        .unit = call.unit,
        .call_no = ev->call_no,
        .job = job,
        .product = call.product,
        .condition = part_condition_new_original};
    e = request_get(st, out.request_no, &r);
    if (e != ERR_NOT_FOUND) return e == ERR_OK ? ERR_STALE : e;
    return paper_act(st, &parts_request, EV_part_replacement_requested, &out);
}

/* ---- the unit has them (PRT-046) ---- */

static enum err mark_arrived(struct step *st, struct str request_no, struct rec_row_part_request *r,
                             const void *said)
{
    (void)said;
    if (r->arrived_at) return ERR_OK;
    r->arrived_at = step_occurred(st);
    put(st, request_no, r);
    return ERR_OK;
}

enum err parts_request_arrived(struct step *st, const void *payload)
{
    const struct ev_part_arrived *ev = payload;
    struct rec_row_part_request r;
    if (!ev->request_no.n && !ev->call_no.n && !ev->workorder.n) {
        return step_refuse(st, "missing", "request_no",
                           "say what waited for the parts: the request, the call or the repair "
                           "order");
    }
    enum err e = ERR_OK;
    if (ev->request_no.n) {
        e = parts_request_find(st, ev->request_no, &r);
        return e == ERR_OK ? mark_arrived(st, ev->request_no, &r, NULL) : e;
    }
    e = each_of(st, OF_CALL, ev->call_no, mark_arrived, NULL);
    return e == ERR_OK ? each_of(st, OF_WORKORDER, ev->workorder, mark_arrived, NULL) : e;
}

/* ---- what intake and dispatch tell ---- */

static enum err on_logged(struct step *st, const struct ev_abnormal_logged *ev)
{
    struct key k = key_of(ev->report_no);
    struct rec_row_parts_report r = {.state = abnormal_state_logged,
                                     .unit = ev->unit.n ? ev->unit : st->in->source,
                                     .call_no = ev->call_no,
                                     .person = ev->person,
                                     .product = ev->product};
    r.parts.v = ev->parts_requested.v;
    r.parts.n = ev->parts_requested.n;
    step_put(st, PARTS_TABLE(REPORT), &k, &r);
    return ERR_OK;
}

static enum err on_report_decided(struct step *st, struct str report_no, const struct decision *d)
{
    struct rec_row_parts_report r;
    struct key k = key_of(report_no);
    enum err e = parts_report_get(st, report_no, &r);
    if (e != ERR_OK) return e == ERR_NOT_FOUND ? ERR_STALE : e;
    r.state = d->approved ? abnormal_state_approved : abnormal_state_refused;
    r.by = d->by;
    r.reason = d->reason;
    step_put(st, PARTS_TABLE(REPORT), &k, &r);
    return each_of(st, OF_REPORT, report_no, decide, d);
}

static enum err on_quote(struct step *st, const struct ev_quote_accepted *ev)
{
    struct key k = key_of(ev->call_no);
    struct rec_row_mark mark = {.set = true};
    if (!ev->call_no.n) return ERR_STALE;
    step_put(st, PARTS_TABLE(QUOTED), &k, &mark);
    return ERR_OK;
}

enum err parts_request_upstream(struct step *st, const void *payload)
{
    if (st->from == OWNER_dispatch && st->type->kind == EV_job_unrepairable)
        return on_unrepairable(st, payload);
    if (st->from != OWNER_intake) return ERR_STALE;
    if (st->type->kind == EV_abnormal_logged) return on_logged(st, payload);
    if (st->type->kind == EV_quote_accepted) return on_quote(st, payload);
    if (st->type->kind == EV_abnormal_approved) {
        const struct ev_abnormal_approved *ev = payload;
        return on_report_decided(st, ev->report_no, &(struct decision){true, ev->by, {0}});
    }
    if (st->type->kind == EV_abnormal_refused) {
        const struct ev_abnormal_refused *ev = payload;
        return on_report_decided(st, ev->report_no, &(struct decision){false, ev->by, ev->reason});
    }
    return ERR_STALE;
}

/* ---- the paper ---- */

#define REQUESTED IN(part_request_state_requested)
#define APPROVED IN(part_request_state_approved)

static const struct transition rows[] = {
    {EV_part_requested, PAPER_NEW, part_request_state_requested, on_requested, "PRT-001"},
    {EV_part_replacement_requested, PAPER_NEW, part_request_state_requested, on_replacement,
     "PRT-008"},
    {EV_part_number_resolved, REQUESTED | APPROVED, 0, on_resolved, "PRT-002"},
    {EV_part_approved, REQUESTED, part_request_state_approved, on_approved, "PRT-003"},
    {EV_part_refused, REQUESTED, part_request_state_refused, on_refused, "PRT-003"},
};

/* One signature: where the report is signed, nothing is waited for here. */
static bool is_own(struct step *st, const struct deadline_ctx *c, const void *payload)
{
    (void)st, (void)payload;
    const struct rec_row_part_request *r = c->row;
    return r->state == part_request_state_requested && !r->abnormal_no.n;
}

static const struct deadline_row clocks[] = {
    {.name = "part.decide",
     .rule = "PRT-003",
     .from = FROM_OCCURRED,
     .due = DUE_SETTING,
     .start = {EV_part_requested, EV_part_replacement_requested},
     .stop = {EV_part_approved, EV_part_refused},
     .starts = is_own},
};

const struct paper parts_request = {.name = "part",
                                    .label = "request for parts 三包件申請",
                                    .table = PARTS_TABLE(REQUEST),
                                    .states = &codes_part_request_state,
                                    .keys = {"request_no"},
                                    PAPER_ROWS(rows),
                                    PAPER_CLOCKS(clocks)};
