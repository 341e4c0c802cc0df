/* intake_entry.c - a call is entered in the register, and what follows from that at once.
 *
 * Read down, in the order of the work: the row, its checks, number and day, what is missing, the
 * open call it may repeat, guarantee and category, and where it goes: call.registered ->
 * (clarifying) -> classified -> queued, all in one step where nothing is missing. A call that lacks
 * a field is kept (INT-002): the fact is accepted, its outcome carries the code `clarifying` and
 * the sentence, and the verdict call.clarifying says what is missing. Rules INT-001 … INT-007,
 * INT-010, INT-012, INT-022 … INT-024, INT-063. */
#include "common/contract.h"
#include "services/intake/intake_private.h"
#include <stdio.h>

/* ---- the row ---- */

static struct rec_row_call row_of(const struct step *st, const struct ev_call_registered *ev)
{
    return (struct rec_row_call){.state = call_state_registered,
                                 .unit = ev->unit.n ? ev->unit : st->in->source,
                                 .received_at =
                                     ev->received_at ? ev->received_at : st->in->occurred,
                                 .reporter = ev->reporter,
                                 .customer = ev->customer,
                                 .customer_name = ev->customer_name,
                                 .address = ev->address,
                                 .phone = ev->phone,
                                 .district = ev->district,
                                 .product = ev->product,
                                 .model = ev->model,
                                 .product_line = ev->product_line,
                                 .fault = ev->fault,
                                 .fault_group = ev->fault_group,
                                 .service_class = ev->service_class,
                                 .order_kind = ev->order_kind,
                                 .severity = ev->severity,
                                 .zone = ev->zone,
                                 .distance_m = ev->distance_m,
                                 .needs_maker = ev->needs_maker,
                                 .requested_at = ev->requested_at,
                                 .contract = ev->contract,
                                 .quality = ev->quality,
                                 .disposition = ev->disposition,
                                 .from_complaint = ev->from_complaint,
                                 .repeat_of = ev->repeat_of,
                                 .due_day = ev->due_day};
}

/* ---- checks ---- */

static enum err check_times(struct step *st, const struct rec_row_call *row)
{
    st->rule = "INT-004";
    if (row->received_at >= TIME_MIN_MS && row->received_at <= st->in->occurred) return ERR_OK;
    return step_refuse(st, "received_after_registered", "received_at",
                       "the call cannot be entered before it was received; received_at must not be "
                       "later than the event's time");
}

static enum err check_unit(struct step *st, const struct rec_row_call *row)
{
    st->rule = "INT-105";
    if (row->unit.n <= 32) return ERR_OK;
    return step_refuse(st, "unit_too_long", "unit",
                       "the source is longer than a unit's key may be; name the unit of the call");
}

static enum err check_number(struct step *st, struct str call_no)
{
    if (call_no.n == 0) return ERR_OK;
    struct rec_row_call row;
    struct key k = key_of(call_no);
    enum err e = step_get(st, INTAKE_TABLE(CALL), &k, &row);
    if (e == ERR_NOT_FOUND) return ERR_OK;
    if (e != ERR_OK) return e;
    st->rule = "INT-005";
    return step_refuse(
        st, "call_no_taken", "call_no",
        "call %.*s is in the register already; give this one another number, or none",
        STR_ARG(call_no));
}

static enum err check_kind(struct step *st, struct call *c)
{
    c->kind = policy_kind(st->policy, c->row.order_kind);
    if (c->kind) return ERR_OK;
    st->rule = "INT-092";
    return step_refuse(st, "unknown_order_kind", "order_kind",
                       "%.*s is no kind of order of this policy set; use one of its kinds",
                       STR_ARG(c->row.order_kind));
}

/* INT-001: logged only. */
static void check_late(struct step *st, const struct call *c)
{
    const struct deadline_setting *s = policy_deadline(st->policy, STR("call.register"));
    if (!s || s->off || s->minutes == 0) return;
    int64_t allowed = s->minutes * MINUTE_MS, received = c->row.received_at;
    bool working = s->clock == clock_kind_working;
    int64_t due =
        working ? calendar_add(intake_call_calendar(st, c), received, allowed) : received + allowed;
    if (st->in->occurred <= due) return;
    st->rule = "INT-001";
    step_emit(st, EV_call_late_registration,
              &(struct ev_call_late_registration){.call_no = c->no,
                                                  .received_at = received,
                                                  .registered_at = st->in->occurred,
                                                  .due = due});
}

/* ---- what is missing (INT-002, INT-012) ---- */

#define MISSING_MAX 16 /* of call.clarifying */

/* What a policy may ask for are texts of call.clarified; the row has them by the same names. */
static bool lacks(const struct call *c, struct str name)
{
    const struct field *f = shape_field(shape_row_call(), name);
    if (!f || f->type != FT_TEXT) return false;
    return ((const struct str *)(const void *)((const char *)&c->row + f->offset))->n == 0;
}

struct rec_name_line *intake_entry_missing(struct step *st, const struct call *c,
                                           struct words fields, uint32_t *count)
{
    struct rec_name_line *v = arena_take(st->arena, MISSING_MAX * sizeof *v);
    *count = 0;
    for (uint32_t i = 0; i < fields.n && *count < MISSING_MAX; i++) {
        if (lacks(c, fields.v[i])) v[(*count)++] = (struct rec_name_line){fields.v[i]};
    }
    return v;
}

/* True when something is missing: the verdict, and the sentence for whoever sent the fact. */
static bool tell_missing(struct step *st, const struct call *c, struct words fields,
                         const char *rule)
{
    struct ev_call_clarifying ev = {.call_no = c->no};
    ev.missing.v = intake_entry_missing(st, c, fields, &ev.missing.n);
    if (ev.missing.n == 0) return false;
    if (st->type->kind == EV_call_registered && st->in->data.n <= 16384) ev.call = st->in->data;
    st->rule = rule;
    step_emit(st, EV_call_clarifying, &ev);
    struct str list = ev.missing.v[0].name;
    for (uint32_t i = 1; i < ev.missing.n; i++) {
        list = arena_printf(st->arena, "%.*s, %.*s", STR_ARG(list), STR_ARG(ev.missing.v[i].name));
    }
    (void)fault_set(&st->fault, rule, "clarifying", "",
                    "call %.*s is kept but cannot go on without: %.*s; send call.clarified",
                    STR_ARG(c->no), STR_ARG(list));
    return true;
}

/* ---- linking (INT-022, INT-024) ---- */

static enum err rearm(struct step *st, const struct call *c, enum clock which)
{
    bool runs = false;
    enum err e = intake_call_runs(st, c->no, 0, which, &runs);
    if (e != ERR_OK || !runs) return e;
    struct deadline_ctx ctx = intake_call_ctx(st, c);
    return deadline_arm(st, &intake_clocks[which], &ctx, STR("earlier call time"));
}

/* The earlier call time counts, for the open call's clocks too. */
static enum err keep_earlier(struct step *st, const struct call *c, struct call *first)
{
    if (c->row.received_at >= first->row.received_at) return ERR_OK;
    first->row.received_at = c->row.received_at;
    enum err e = rearm(st, first, CLOCK_REPLY);
    return e == ERR_OK ? rearm(st, first, CLOCK_CONTACT_MAKER) : e;
}

/* INT-014: what is major in the one is major in the other, which it goes on as. */
static enum err keep_severity(struct step *st, const struct call *c, struct call *first)
{
    if (c->row.severity != severity_major || first->row.severity == severity_major) return ERR_OK;
    first->row.severity = severity_major;
    struct ev_call_graded ev = {.call_no = first->no, .severity = severity_major};
    st->rule = "INT-014";
    step_emit(st, EV_call_graded, &ev);
    return intake_call_clocks(st, first, EV_call_graded, &ev);
}

static enum err link_duplicate(struct step *st, const struct call *c, struct call *first)
{
    enum err e = keep_earlier(st, c, first);
    st->rule = "INT-022";
    struct ev_call_duplicate_linked ev = {
        .call_no = c->no, .first = first->no, .received_at = first->row.received_at};
    step_emit(st, EV_call_duplicate_linked, &ev);
    return e;
}

static void link_joined(struct step *st, const struct call *c, struct str first)
{
    struct key k = key_of(first);
    key_str(&k, c->no);
    step_put(st, INTAKE_TABLE(JOINED), &k, &(struct rec_row_mark){.set = true});
    st->rule = "INT-024";
    step_emit(
        st, EV_call_joined,
        &(struct ev_call_joined){
            .call_no = c->no, .first = first, .voucher = c->row.voucher, .fault = c->row.fault});
}

enum err intake_entry_link(struct step *st, struct call *c, struct str first, enum event_kind kind)
{
    struct call to;
    enum err e = intake_call_get(st, first, &to);
    if (e != ERR_OK) return ERR_CORRUPT;
    if (kind == EV_call_joined) {
        link_joined(st, c, first);
    } else {
        e = link_duplicate(st, c, &to);
    }
    if (e == ERR_OK) e = keep_severity(st, c, &to);
    intake_call_put(st, &to);
    struct str reason = STR("goes on with another call");
    if (e == ERR_OK) e = deadline_drop(st, c->no, 0, reason);
    /* What was asked in this very step; the drop finds what is stored. */
    struct deadline_ctx ctx = intake_call_ctx(st, c);
    if (e == ERR_OK) e = deadline_cancel(st, &intake_clocks[CLOCK_WARRANTY_QUERY], &ctx, reason);
    intake_call_end(st, c, call_state_closed);
    c->row.first = first;
    return e;
}

/* The open call of the same customer, product and fault; *out empty when there is none. One whose
 * work is done is none: the fault is there again. */
static enum err find_duplicate(struct step *st, const struct call *c, struct str *out)
{
    const struct rec_row_call *row = &c->row;
    *out = (struct str){0};
    if (row->customer.n == 0 || row->product.n == 0 || row->fault.n == 0) return ERR_OK;
    struct key prefix = key_of(row->product), at = {.n = 0};
    key_str(&prefix, row->customer);
    key_u64(&prefix, crc32c(0, row->fault.p, row->fault.n));
    struct rec_row_mark mark;
    enum err e;
    while ((e = step_next(st, INTAKE_TABLE(OPEN_CALL), &prefix, &at, &mark)) == ERR_OK) {
        struct key_reader r = {{at.b + prefix.n, at.n - prefix.n}};
        struct str no;
        struct call first;
        if (key_take_str(&r, &no)) return ERR_CORRUPT;
        if (str_eq(no, c->no)) continue;
        no = arena_str(st->arena, no);
        if (intake_call_get(st, no, &first) != ERR_OK) return ERR_CORRUPT;
        if (!str_eq(first.row.fault, row->fault)) continue; /* same checksum only */
        if (first.row.state == call_state_done) continue;
        *out = no;
        return ERR_OK;
    }
    return e == ERR_END ? ERR_OK : e;
}

/* ---- where it goes (INT-010, INT-012, INT-023) ---- */

static void emit_queued(struct step *st, const struct call *c)
{
    const struct rec_row_call *r = &c->row;
    st->rule = "INT-023";
    step_emit(st, EV_call_queued,
              &(struct ev_call_queued){.call_no = c->no,
                                       .unit = r->unit,
                                       .received_at = r->received_at,
                                       .policy = c->sp->id,
                                       .category = r->category,
                                       .order_kind = c->kind->name,
                                       .customer = r->customer,
                                       .product = r->product,
                                       .model = r->model,
                                       .fault_group = r->fault_group,
                                       .service_class = r->service_class,
                                       .severity = r->severity,
                                       .zone = r->zone,
                                       .from_complaint = r->from_complaint,
                                       .requested_at = r->requested_at,
                                       .repeat_of = r->repeat_of,
                                       .voucher = r->voucher,
                                       .due_day = r->due_day});
}

static enum err queue(struct step *st, struct call *c)
{
    if (tell_missing(st, c, st->policy->keys.site_fields, "INT-012")) return ERR_OK;
    bool got = true;
    enum err e = c->kind->voucher ? intake_voucher_pull(st, c, &got) : ERR_OK;
    if (e != ERR_OK || !got) return e;
    c->row.state = call_state_queued;
    emit_queued(st, c);
    return intake_book_expect(st, c);
}

enum err intake_entry_go_on(struct step *st, struct call *c)
{
    const char *rule = st->rule;
    enum err e = ERR_OK;
    switch (c->row.disposition) {
    case disposition_site:
    case disposition_factory:
        e = queue(st, c);
        break;
    case disposition_answered:
        c->row.state = c->row.replied ? call_state_answered : call_state_classified;
        break;
    case disposition_supply:
    case disposition_meeting:
    case disposition_none:
        break;
    }
    st->rule = rule;
    return e;
}

/* ---- opening ---- */

static void emit_classified(struct step *st, const struct call *c)
{
    st->rule = "INT-036";
    step_emit(st, EV_call_classified,
              &(struct ev_call_classified){.call_no = c->no,
                                           .category = c->row.category,
                                           .policy = c->sp->id,
                                           .provisional = intake_entitle_provisional(st, c),
                                           .unit = c->row.unit,
                                           .received_at = c->row.received_at,
                                           .register_day = c->row.register_day,
                                           .zone = c->row.zone,
                                           .phase = c->row.phase});
}

enum err intake_entry_open(struct step *st, struct call *c)
{
    struct str first;
    enum err e = find_duplicate(st, c, &first);
    if (e != ERR_OK) return e;
    if (first.n) return intake_entry_link(st, c, first, EV_call_duplicate_linked);
    intake_call_index(st, c, true);
    e = intake_entitle_determine(st, c);
    if (e != ERR_OK) return e;
    intake_entitle_reclassify(st, c);
    c->row.state = call_state_classified;
    emit_classified(st, c);
    return intake_entry_go_on(st, c);
}

/* The clocks start with the call; where the policy stops them for clarification they start after
 * it. */
enum err intake_entry_clocks(struct step *st, struct call *c, const void *payload)
{
    bool held = c->row.state == call_state_clarifying && c->sp->clarify_stops_clock;
    if (held) c->row.clarifying_from = st->in->occurred;
    enum err e = held ? ERR_OK : intake_call_clocks(st, c, EV_call_registered, payload);
    if (e != ERR_OK || c->row.severity != severity_major) return e;
    struct ev_call_graded graded = {.call_no = c->no, .severity = severity_major};
    return intake_call_clocks(st, c, EV_call_graded, &graded);
}

static enum err enter(struct step *st, const struct ev_call_registered *ev, struct call *c)
{
    enum err e = check_times(st, &c->row);
    if (e == ERR_OK) e = check_unit(st, &c->row);
    if (e == ERR_OK) e = check_number(st, ev->call_no);
    if (e == ERR_OK) e = check_kind(st, c);
    if (e == ERR_OK) e = intake_entitle_fill(st, c);
    if (e == ERR_OK) e = intake_entitle_contract(st, c);
    if (e == ERR_OK) e = intake_entitle_select(st, c);
    if (e == ERR_OK) e = intake_book_enter(st, c, ev->call_no);
    if (e != ERR_OK) return e;
    if (!c->row.disposition) c->row.disposition = c->kind->disposition;
    check_late(st, c);
    return ERR_OK;
}

enum err intake_entry_registered(struct step *st, const void *payload)
{
    const struct ev_call_registered *ev = payload;
    struct call c = {.row = row_of(st, ev)};
    enum err e = enter(st, ev, &c);
    if (e != ERR_OK) return e;
    st->subject = c.no;
    struct ev_call_registered known = *ev; /* the log names the call, its unit and its time */
    known.call_no = c.no;
    known.unit = c.row.unit;
    known.received_at = c.row.received_at;
    step_complete(st, &known);
    if (tell_missing(st, &c, st->policy->keys.register_fields, "INT-002")) {
        c.row.state = call_state_clarifying;
    } else {
        e = intake_entry_open(st, &c);
    }
    /* Last, so that a call that goes on as another one never gets clocks of its own. */
    if (e == ERR_OK && !intake_call_ended(&c)) e = intake_entry_clocks(st, &c, payload);
    st->rule = st->type->rule;
    if (e == ERR_OK) intake_call_put(st, &c);
    return e;
}
