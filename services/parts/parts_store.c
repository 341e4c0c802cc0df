/* parts_store.c - the spare-parts store 備用件庫: what this room hears, the safe stock of a store,
 * and its count at the end of each month.
 *
 * A store is a unit; it begins with the first piece that moves in or out of it. From then on its
 * goods are counted every month, by 24:00 of the last working day. A full count ends the clocks of
 * the months before its own that are still open, or, when there are none, that of its own month.
 * Requisitions stand in parts_requisition.c, notes and sheets in parts_stock.c, stations in
 * parts_station.c. Rules PRT-037, PRT-042. */
#include "services/parts/parts_private.h"

static const struct paper *const papers[] = {&parts_requisition, &parts_stock_receipt,
                                             &parts_stock_count, &parts_station, NULL};

#define STORE_MAX 32 /* bytes of a unit's key */

/* ---- the safe stock (PRT-042) ---- */

static enum err check_safety(struct step *st, struct str store, struct str part_no)
{
    struct rec_row_item item;
    struct rec_row_ledger_balance b;
    struct rec_row_stock_low low = {0};
    enum err e = parts_item_get(st, part_no, &item);
    if (e != ERR_OK || item.safety_qty == 0) return e;
    e = parts_balance(st, ledger_place_store, store, part_no, &b);
    if (e != ERR_OK) return e;
    struct key k = key_of(store);
    key_str(&k, part_no);
    e = step_get(st, PARTS_TABLE(STOCK_LOW), &k, &low);
    if (e != ERR_OK && e != ERR_NOT_FOUND) return e;
    bool was = e == ERR_OK, is = b.qty < (int64_t)item.safety_qty;
    if (was && !is) step_del(st, PARTS_TABLE(STOCK_LOW), &k);
    if (was || !is) return ERR_OK;
    low = (struct rec_row_stock_low){.safety_qty = item.safety_qty, .since = step_occurred(st)};
    step_put(st, PARTS_TABLE(STOCK_LOW), &k, &low);
    struct ev_stock_low ev = {
        .store = store, .part_no = part_no, .book = b.qty, .safety_qty = item.safety_qty};
    step_emit_as(st, "PRT-042", EV_stock_low, &ev);
    return ERR_OK;
}

/* ---- the count of the month (PRT-037) ---- */

static const struct deadline_row count_clock = {
    .name = "stock.count", .rule = "PRT-037", .from = FROM_START, .due = DUE_GIVEN};

static int32_t month_of(struct step *st, struct str store)
{
    int y, m, d;
    int32_t day = zone_day(step_zone(st, store), step_occurred(st));
    day_split(day, &y, &m, &d);
    return day_of(y, m, 1);
}

/* given_ms is 0 when the calendar does not reach so far. */
static struct deadline_ctx count_ctx(struct step *st, struct str store, int32_t month)
{
    const struct calendar *c = step_calendar(st, store, NULL);
    int y, m, d;
    char text[11];
    day_split(month, &y, &m, &d);
    day_format(month, text);
    int32_t last = calendar_last_workday(c, y, m);
    return (struct deadline_ctx){
        .case_no = arena_printf(st->arena, "stock/%.*s/%s", STR_ARG(store), text),
        .unit = store,
        .occurred_ms = step_occurred(st),
        .start_ms = zone_day_start(calendar_zone(c), month),
        .given_ms = last == INT32_MAX ? 0 : zone_day_start(calendar_zone(c), last + 1)};
}

static enum err arm(struct step *st, struct str store, int32_t month)
{
    struct deadline_ctx c = count_ctx(st, store, month);
    return c.given_ms ? deadline_arm(st, &count_clock, &c, (struct str){0}) : ERR_OK;
}

/* Outside of its calendar a store has no counts; the next move looks again. */
static enum err begin(struct step *st, struct str store)
{
    int32_t month = month_of(st, store);
    int64_t due_ms = count_ctx(st, store, month).given_ms;
    if (due_ms && due_ms <= step_occurred(st)) month = day_add_months(month, 1);
    if (due_ms == 0 || count_ctx(st, store, month).given_ms == 0) return ERR_OK;
    struct rec_row_stock_store row = {.month = month, .armed = month};
    struct key k = key_of(store);
    step_put(st, PARTS_TABLE(STOCK_STORE), &k, &row);
    return arm(st, store, month);
}

static enum err touched(struct step *st, struct str store, struct str part_no)
{
    struct rec_row_stock_store row;
    struct key k = key_of(store);
    if (store.n == 0 || store.n > STORE_MAX) return ERR_OK;
    enum err e = step_get(st, PARTS_TABLE(STOCK_STORE), &k, &row);
    if (e == ERR_NOT_FOUND) e = begin(st, store);
    return e == ERR_OK ? check_safety(st, store, part_no) : e;
}

enum err parts_store_moved(struct step *st, const struct parts_move *m)
{
    enum err e = ERR_OK;
    if (m->from == ledger_place_store) e = touched(st, m->from_holder, m->part_no);
    if (e == ERR_OK && m->to == ledger_place_store) e = touched(st, m->to_holder, m->part_no);
    if (e != ERR_OK || m->doc != parts_doc_requisition) return e;
    return parts_requisition_moved(st, m);
}

enum err parts_store_full_count(struct step *st, struct str store)
{
    struct rec_row_stock_store row = {0};
    struct key k = key_of(store);
    int32_t own = month_of(st, store);
    enum err e = step_get(st, PARTS_TABLE(STOCK_STORE), &k, &row);
    if (e != ERR_OK) return e == ERR_NOT_FOUND ? ERR_OK : e;
    if (count_ctx(st, store, own).given_ms == 0) return ERR_OK;
    row.full_count_at = step_occurred(st);
    int32_t upto = row.month < own ? own : row.month == own ? day_add_months(own, 1) : row.month;
    for (; e == ERR_OK && row.month < upto; row.month = day_add_months(row.month, 1)) {
        struct deadline_ctx c = count_ctx(st, store, row.month);
        e = deadline_stop(st, &count_clock, &c);
    }
    if (e == ERR_OK && row.armed < row.month) {
        row.armed = row.month;
        e = arm(st, store, row.armed);
    }
    step_put(st, PARTS_TABLE(STOCK_STORE), &k, &row);
    return e;
}

/* The month passes; the next one begins, counted or not. */
static enum err next_month(struct step *st, const struct passed *what)
{
    struct rec_row_stock_store row;
    struct key k = key_of(what->unit);
    enum err e = step_get(st, PARTS_TABLE(STOCK_STORE), &k, &row);
    if (e != ERR_OK) return e == ERR_NOT_FOUND ? ERR_OK : e;
    if (!str_eq(count_ctx(st, what->unit, row.armed).case_no, what->case_no)) return ERR_OK;
    row.armed = day_add_months(row.armed, 1);
    step_put(st, PARTS_TABLE(STOCK_STORE), &k, &row);
    return arm(st, what->unit, row.armed);
}

/* ---- what the files of this room share ---- */

enum err parts_store_of(struct step *st, struct str said, struct str *out)
{
    *out = said.n ? said : st->in->source;
    if (out->n && out->n <= STORE_MAX) return ERR_OK;
    return step_refuse(st, "store", "store", "%.*s is no key of a store; name the store's unit",
                       STR_ARG(*out));
}

enum err parts_line_named(struct step *st, const struct parts_move *m,
                          struct rec_row_ledger_line *out)
{
    enum err e = parts_line_get(st, m->doc, m->doc_no, m->line, out);
    if (e == ERR_NOT_FOUND) {
        return step_refuse(st, "unknown_line", "line", "nothing was issued by line %u of %s %.*s",
                           m->line, code_label(&codes_parts_doc, m->doc), STR_ARG(m->doc_no));
    }
    if (e != ERR_OK || m->part_no.n == 0 || str_eq(m->part_no, out->part_no)) return e;
    return step_refuse(st, "part_no", "part_no", "line %u of %s %.*s is %.*s, not %.*s", m->line,
                       code_label(&codes_parts_doc, m->doc), STR_ARG(m->doc_no),
                       STR_ARG(out->part_no), STR_ARG(m->part_no));
}

/* ---- the room ---- */

/* Of which document: a requisition, which is a paper of this room, or a note. */
static enum err check_document(struct step *st, struct str requisition_no, struct str note_no)
{
    if (requisition_no.n && !note_no.n) return ERR_STALE;
    if (note_no.n && !requisition_no.n) return ERR_OK;
    return step_refuse(st, "missing", "requisition_no",
                       "name what they were drawn by: the requisition 備用件領料單, or the note "
                       "三包單 in note_no");
}

static enum err of_note(struct step *st, const void *payload)
{
    const struct ev_stock_returned_unused *back = payload;
    const struct ev_stock_written_off *off = payload;
    enum err e = ERR_STALE;
    if (st->type->kind == EV_stock_returned_unused) {
        e = check_document(st, back->requisition_no, back->note_no);
        return e == ERR_OK ? parts_note_returned(st, back) : e;
    }
    if (st->type->kind == EV_stock_written_off) {
        e = check_document(st, off->requisition_no, off->note_no);
        return e == ERR_OK ? parts_note_lost(st, off) : e;
    }
    return e;
}

enum err parts_store_fact(struct step *st, const void *payload)
{
    enum err e = of_note(st, payload);
    if (st->type->kind == EV_station_used) e = parts_station_found(st, payload);
    if (e != ERR_STALE) return e;
    const struct paper *p = paper_of(papers, st->type->kind);
    return p ? paper_fact(st, p, payload) : ERR_STALE;
}

enum err parts_store_heard(struct step *st, const void *payload)
{
    (void)st, (void)payload;
    return ERR_OK;
}

enum err parts_store_passed(struct step *st, const struct passed *what)
{
    return what->is_due && str_is(what->name, count_clock.name) ? next_month(st, what) : ERR_OK;
}
