/* parts_old.c - what the room of the old parts hears: of parts that were used, of technicians who
 * came back, of clocks; what persons owe; and the old parts that a month must see dealt with.
 *
 * Rules PRT-020, PRT-025, PRT-028, PRT-031. */
#include "common/contract.h"
#include "services/parts/parts_private.h"

/* ---- what a person owes, in pieces and in fen (PRT-025) ---- */

enum err parts_old_owes(struct step *st, struct str person, int64_t pieces, int64_t value,
                        int64_t overdue)
{
    struct key k = key_of(person);
    struct rec_row_oldpart_debt d = {0};
    enum err e = step_get(st, PARTS_TABLE(OLDPART_DEBT), &k, &d);
    if (e != ERR_OK && e != ERR_NOT_FOUND) return e;
    d.pieces += pieces;
    d.value += value;
    d.overdue += overdue;
    step_put(st, PARTS_TABLE(OLDPART_DEBT), &k, &d);
    return ERR_OK;
}

/* ---- dealt with by the end of the month (PRT-031) ---- */

static const struct deadline_row monthly = {
    .name = "oldpart.monthly", .rule = "PRT-031", .from = FROM_START, .due = DUE_GIVEN};

int32_t parts_old_month(struct step *st, struct str unit, int64_t at_ms)
{
    int y, m, d;
    day_split(zone_day(step_zone(st, unit), at_ms), &y, &m, &d);
    int32_t month = day_of(y, m, 1);
    bool late = (uint32_t)d > st->policy->parts.oldpart_cutoff_day;
    return late ? day_add_months(month, 1) : month;
}

static struct deadline_ctx month_ctx(struct step *st, struct str unit, int32_t month)
{
    const struct zone *z = step_zone(st, unit);
    char day[11];
    day_format(month, day);
    return (struct deadline_ctx){
        .case_no = arena_printf(st->arena, "oldpart_month/%.*s/%s", STR_ARG(unit), day),
        .unit = unit,
        .occurred_ms = step_occurred(st),
        .start_ms = zone_day_start(z, month),
        .given_ms = zone_day_start(z, day_add_months(month, 1))};
}

enum err parts_old_count(struct step *st, struct str unit, int32_t month, int by)
{
    struct key k = key_of(unit);
    struct rec_row_oldpart_month m = {0};
    if (month == 0) return ERR_OK;
    key_day(&k, month);
    enum err e = step_get(st, PARTS_TABLE(OLDPART_MONTH), &k, &m);
    if (e != ERR_OK && e != ERR_NOT_FOUND) return e;
    REQUIRE(by > 0 || m.open > 0);
    m.open = by > 0 ? m.open + 1 : m.open - 1;
    step_put(st, PARTS_TABLE(OLDPART_MONTH), &k, &m);
    struct deadline_ctx c = month_ctx(st, unit, month);
    if (by > 0) return m.open == 1 ? deadline_arm(st, &monthly, &c, (struct str){0}) : ERR_OK;
    return m.open == 0 ? deadline_stop(st, &monthly, &c) : ERR_OK;
}

/* ---- offset (PRT-028) ---- */

enum err parts_old_offset(struct step *st, enum parts_doc doc, struct str doc_no,
                          struct rec_row_oldpart_offset *out)
{
    struct key k = parts_doc_key(doc, doc_no);
    *out = (struct rec_row_oldpart_offset){0};
    enum err e = step_get(st, PARTS_TABLE(OLDPART_OFFSET), &k, out);
    return e == ERR_NOT_FOUND ? ERR_OK : e;
}

enum err parts_old_offset_add(struct step *st, const struct oldpart *o, struct str note_no)
{
    const struct rec_row_oldpart *r = &o->r;
    struct rec_row_oldpart_offset sum;
    struct ev_ledger_offset ev = {.doc = r->doc,
                                  .doc_no = r->doc_no,
                                  .line = r->line,
                                  .part_no = r->part_no,
                                  .qty = r->qty,
                                  .unit_cost = r->unit_cost,
                                  .value = r->value,
                                  .note_no = note_no,
                                  .old_no = o->no};
    enum err e = parts_old_offset(st, r->doc, r->doc_no, &sum);
    if (e != ERR_OK) return e;
    struct key k = {.n = 0};
    key_u8(&k, (uint8_t)r->doc);
    key_str(&k, r->doc_no);
    sum.qty += r->qty;
    sum.value += r->value;
    step_put(st, PARTS_TABLE(OLDPART_OFFSET), &k, &sum);
    step_emit_as(st, "PRT-028", EV_ledger_offset, &ev);
    return ERR_OK;
}

/* ---- hooks ---- */

enum err parts_old_filled(struct step *st, bool said, const char *field)
{
    if (!said) return ERR_OK;
    return step_refuse(st, "filled_in", field, "%s is worked out here; leave it out", field);
}

enum err parts_old_fact(struct step *st, const void *payload)
{
    static const struct {
        const struct paper *paper;
        enum err (*apply)(struct step *st, const void *payload);
    } rooms[] = {{&parts_oldpart_paper, parts_oldpart_fact},
                 {&parts_return_note_paper, parts_return_note_fact},
                 {&parts_mismatch_paper, parts_mismatch_fact},
                 {&parts_secondary_paper, parts_secondary_fact},
                 {&parts_supplier_return_paper, parts_secondary_fact}};
    for (size_t i = 0; i < COUNT_OF(rooms); i++) {
        const struct paper *const of[] = {rooms[i].paper, NULL};
        if (paper_of(of, st->type->kind)) return rooms[i].apply(st, payload);
    }
    return ERR_STALE;
}

static struct str first_of(struct str a, struct str b)
{
    return a.n ? a : b;
}

/* Whoever had the pieces in hand owes the old ones; the document says what the fact does not. */
static enum err on_used(struct step *st, const struct ev_part_used *ev)
{
    struct rec_row_ledger_line line;
    struct rec_row_part_use use = {0};
    struct rec_row_issue note = {0};
    struct rec_row_parts_call call = {0};
    struct key k = key_of(ev->doc_no);
    struct key of = parts_line_key(ev->doc, ev->doc_no, (uint32_t)ev->line);
    enum err e = parts_line_get(st, ev->doc, ev->doc_no, (uint32_t)ev->line, &line);
    if (e == ERR_NOT_FOUND) return ERR_OK;
    if (e == ERR_OK) e = step_get(st, PARTS_TABLE(USE), &of, &use);
    if (e == ERR_OK && ev->doc == parts_doc_issue) e = step_get(st, PARTS_TABLE(ISSUE), &k, &note);
    struct str call_no = first_of(ev->call_no, note.call_no);
    if ((e == ERR_OK || e == ERR_NOT_FOUND) && call_no.n) e = parts_call_get(st, call_no, &call);
    if (e != ERR_OK && e != ERR_NOT_FOUND) return e;
    struct str source = st->in ? st->in->source : (struct str){0};
    struct str unit = first_of(note.unit, first_of(call.unit, source));
    bool cleared = ev->user_signed == yes_no_yes && ev->leader_ok == yes_no_yes;
    struct ev_oldpart_expected owed = {.doc = ev->doc,
                                       .doc_no = ev->doc_no,
                                       .line = ev->line,
                                       .part_no = line.part_no,
                                       .qty = ev->qty,
                                       .unit = unit,
                                       .person = first_of(use.holder, first_of(ev->person, unit)),
                                       .call_no = call_no,
                                       .unit_cost = line.unit_cost,
                                       .report = ev->report,
                                       .cleared = cleared,
                                       .used_at = step_occurred(st)};
    return parts_oldpart_used(st, &owed, ev->old_part_qty);
}

/* What the store writes off came with these old parts. */
static enum err on_written_off(struct step *st, const struct ev_stock_written_off *ev)
{
    struct rec_row_ledger_line line;
    struct rec_row_requisition r;
    struct key k = key_of(ev->requisition_no);
    enum err e = step_get(st, PARTS_TABLE(REQUISITION), &k, &r);
    if (e == ERR_OK) {
        e = parts_line_get(st, parts_doc_requisition, ev->requisition_no, (uint32_t)ev->line,
                           &line);
    }
    if (e != ERR_OK) return e == ERR_NOT_FOUND ? ERR_OK : e;
    struct ev_oldpart_expected use = {.doc = parts_doc_requisition,
                                      .doc_no = ev->requisition_no,
                                      .line = ev->line,
                                      .part_no = line.part_no,
                                      .qty = ev->used,
                                      .unit = r.unit,
                                      .person = first_of(r.person, r.unit),
                                      .call_no = r.call_no,
                                      .unit_cost = line.unit_cost,
                                      .report = ev->report,
                                      .cleared = true,
                                      .used_at = step_occurred(st)};
    return parts_oldpart_written_off(st, &use, ev->old_qty, r.store);
}

/* What a station used of its own account; the old parts it has stay there. */
static enum err on_station_used(struct step *st, const struct ev_station_used *ev)
{
    struct rec_row_ledger_line line;
    struct parts_account a;
    enum err e = parts_station_account(st, ev->transfer_no, &a);
    if (e == ERR_OK) e = parts_line_get(st, a.doc, ev->transfer_no, (uint32_t)ev->line, &line);
    if (e != ERR_OK) return e;
    struct ev_oldpart_expected use = {.doc = a.doc,
                                      .doc_no = ev->transfer_no,
                                      .line = ev->line,
                                      .part_no = line.part_no,
                                      .qty = ev->qty,
                                      .unit = a.station,
                                      .person = first_of(ev->person, a.station),
                                      .call_no = ev->call_no,
                                      .unit_cost = line.unit_cost,
                                      .report = ev->report,
                                      .cleared = true,
                                      .used_at = step_occurred(st)};
    uint64_t old = ev->old_qty < ev->qty ? ev->old_qty : ev->qty;
    return parts_oldpart_written_off(st, &use, old, a.station);
}

/* PRT-025: who lets old parts become overdue draws no more parts free of charge. */
static enum err check_overdue(struct step *st, struct str holder, const char *field)
{
    struct key k = key_of(holder);
    struct rec_row_oldpart_debt debt = {0};
    enum err e = step_get(st, PARTS_TABLE(OLDPART_DEBT), &k, &debt);
    if (e != ERR_OK && e != ERR_NOT_FOUND) return e;
    if (debt.overdue <= 0) return ERR_OK;
    st->rule = "PRT-025";
    return step_refuse(st, "overdue", field,
                       "%.*s owes %lld old parts whose time to come back is over, %lld.%02lld yuan "
                       "of parts in all; bring them back first, until then only parts that are "
                       "paid for are issued",
                       STR_ARG(holder), (long long)debt.overdue, (long long)debt.value / 100,
                       (long long)debt.value % 100);
}

static enum err check_note(struct step *st, const struct ev_issue_opened *ev)
{
    struct key k = key_of(ev->note_no);
    struct rec_row_issue note;
    enum err e = step_get(st, PARTS_TABLE(ISSUE), &k, &note);
    if (e != ERR_OK) return e == ERR_NOT_FOUND ? ERR_OK : e;
    if (note.class == part_class_paid) return ERR_OK;
    return check_overdue(st, parts_note_holder(&note), "person");
}

/* A requisition for a call that the guarantee does not cover is paid for. */
static enum err check_requisition(struct step *st, const struct ev_stock_issued *ev)
{
    struct key k = key_of(ev->requisition_no);
    struct rec_row_requisition r;
    struct rec_row_parts_call call;
    enum err e = step_get(st, PARTS_TABLE(REQUISITION), &k, &r);
    if (e != ERR_OK) return e == ERR_NOT_FOUND ? ERR_OK : e;
    struct rec_row_part_request of = {.call_no = r.call_no};
    e = r.call_no.n ? parts_call_get(st, r.call_no, &call) : ERR_NOT_FOUND;
    if (e == ERR_OK) e = parts_request_class(st, &of);
    if (e != ERR_OK && e != ERR_NOT_FOUND) return e;
    if (e == ERR_OK && of.class == part_class_paid) return ERR_OK;
    return check_overdue(st, first_of(r.person, r.unit), "receiver");
}

static enum err may_draw(struct step *st, const void *payload)
{
    if (!st->policy->parts.block_on_overdue) return ERR_OK;
    if (st->type->kind == EV_issue_opened) return check_note(st, payload);
    if (st->type->kind == EV_stock_issued) return check_requisition(st, payload);
    if (st->type->kind != EV_station_shipped) return ERR_OK;
    return check_overdue(st, ((const struct ev_station_shipped *)payload)->station, "station");
}

static enum err on_shipped(struct step *st, const struct ev_issue_shipped *ev)
{
    return parts_oldpart_posted(st, parts_doc_issue, ev->note_no);
}

static enum err on_issued(struct step *st, const struct ev_stock_issued *ev)
{
    if (!ev->waybill.n) return ERR_OK;
    return parts_oldpart_posted(st, parts_doc_requisition, ev->requisition_no);
}

enum err parts_old_heard(struct step *st, const void *payload)
{
    enum err e = may_draw(st, payload);
    if (e != ERR_OK) return e;
    if (st->type->kind == EV_part_used) return on_used(st, payload);
    if (st->type->kind == EV_stock_written_off) return on_written_off(st, payload);
    if (st->type->kind == EV_station_used) return on_station_used(st, payload);
    if (st->type->kind == EV_issue_shipped) return on_shipped(st, payload);
    if (st->type->kind == EV_stock_issued) return on_issued(st, payload);
    return ERR_OK;
}

enum err parts_old_upstream(struct step *st, const void *payload)
{
    if (st->from != OWNER_dispatch || st->type->kind != EV_job_returned_to_unit) return ERR_STALE;
    return parts_oldpart_carried(st, payload);
}

enum err parts_old_passed(struct step *st, const struct passed *what)
{
    if (!what->is_due || !str_is(what->name, "oldpart.return"))
        return parts_portion_passed(st, what);
    return parts_oldpart_overdue(st, what->case_no);
}
