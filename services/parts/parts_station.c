/* parts_station.c - service stations 服務站, each with an account of its own 單獨建帳: shipped by
 * the store, on the way, received or lost there, used or given back.
 *
 * The account of a station is its balance at the place `station`; what is on its way belongs to
 * neither side. What a count of the account found is used by the number of the count. What comes
 * back waits for the inspection of the store and is not netted with its good stock. Rule PRT-043.
 */
#include "services/parts/parts_private.h"

static struct parts_move move_of(struct str transfer_no, uint64_t line, struct str part_no)
{
    return (struct parts_move){.doc = parts_doc_station,
                               .doc_no = transfer_no,
                               .line = (uint32_t)line,
                               .part_no = part_no};
}

static enum err check_station(struct step *st, struct str station, struct str store)
{
    struct rec_row_unit u;
    if (str_eq(station, store)) {
        return step_refuse(st, "station", "station",
                           "a station has an account of its own; %.*s is the store itself",
                           STR_ARG(store));
    }
    enum err e = step_unit(st, station, &u);
    if (e != ERR_NOT_FOUND || st->policy->keys.open_units) return e == ERR_NOT_FOUND ? ERR_OK : e;
    return step_refuse(st, "unknown_unit", "station",
                       "there is no unit %.*s; unit.upserted makes it", STR_ARG(station));
}

static enum err ship(struct step *st, const struct rec_row_station_transfer *r, struct str no,
                     uint32_t i)
{
    const struct rec_stock_note_line *line = &r->lines.v[i];
    struct parts_move m = move_of(no, i + 1, line->part_no);
    struct rec_row_item item;
    enum err e = parts_item_get(st, line->part_no, &item);
    if (e != ERR_OK) return e;
    m.from = ledger_place_store, m.from_holder = r->store;
    m.to = ledger_place_transit, m.to_holder = r->station;
    m.qty = (int64_t)line->qty;
    m.unit_cost_fen = line->unit_cost ? line->unit_cost : item.unit_cost;
    return parts_move(st, &m);
}

static enum err on_shipped(struct step *st, const void *payload, void *row)
{
    const struct ev_station_shipped *ev = payload;
    struct rec_row_station_transfer *r = ((struct paper_at *)row)->row;
    enum err e = parts_store_of(st, ev->store, &r->store);
    if (e == ERR_OK) e = check_station(st, r->station, r->store);
    for (uint32_t i = 0; e == ERR_OK && i < r->lines.n; i++)
        e = ship(st, r, ev->transfer_no, i);
    return e;
}

/* ---- received ---- */

static enum err receive(struct step *st, const struct rec_row_station_transfer *r,
                        const struct ev_station_received *ev, uint32_t line, uint64_t *taken)
{
    struct parts_move m = move_of(ev->transfer_no, line, (struct str){0});
    struct rec_row_ledger_line l;
    enum err e = parts_line_named(st, &m, &l);
    if (e != ERR_OK) return e;
    m.part_no = l.part_no;
    m.from = ledger_place_transit, m.to = ledger_place_station;
    m.from_holder = r->station, m.to_holder = r->station;
    int64_t rest = parts_line_at(&l, ledger_place_transit) - (int64_t)ev->lost;
    m.qty = ev->qty ? (int64_t)ev->qty : rest > 0 ? rest : 0;
    *taken += (uint64_t)m.qty + ev->lost;
    if (m.qty > 0) e = parts_move(st, &m);
    m.to = ledger_place_lost;
    m.qty = (int64_t)ev->lost;
    return e == ERR_OK && m.qty > 0 ? parts_move(st, &m) : e;
}

static enum err on_received(struct step *st, const void *payload, void *row)
{
    const struct ev_station_received *ev = payload;
    const struct rec_row_station_transfer *r = ((struct paper_at *)row)->row;
    uint64_t taken = 0;
    if ((ev->qty || ev->lost) && !ev->line) {
        return step_refuse(st, "line", "line",
                           "say of which line %llu pieces were received or lost",
                           (unsigned long long)(ev->qty + ev->lost));
    }
    if (ev->lost && !ev->document.n) {
        return step_refuse(st, "no_document", "document",
                           "what was lost on the way is written off by a document; name it");
    }
    enum err e = ev->line ? receive(st, r, ev, (uint32_t)ev->line, &taken) : ERR_OK;
    for (uint32_t i = 0; e == ERR_OK && !ev->line && i < r->lines.n; i++)
        e = receive(st, r, ev, i + 1, &taken);
    if (e != ERR_OK || taken) return e;
    return step_refuse(st, "balance", "qty", "nothing of it is on its way any more");
}

/* ---- used, given back ---- */

enum err parts_station_account(struct step *st, struct str no, struct parts_account *out)
{
    struct rec_row_station_transfer transfer;
    struct rec_row_stock_count sheet;
    struct key k = key_of(no);
    enum err e = step_get(st, PARTS_TABLE(STATION_TRANSFER), &k, &transfer);
    if (e == ERR_OK) *out = (struct parts_account){parts_doc_station, transfer.station};
    if (e != ERR_NOT_FOUND) return e;
    e = step_get(st, PARTS_TABLE(STOCK_COUNT), &k, &sheet);
    if (e == ERR_OK && sheet.place != ledger_place_station) e = ERR_NOT_FOUND;
    if (e == ERR_OK) *out = (struct parts_account){parts_doc_count, sheet.store};
    return e;
}

static enum err use(struct step *st, const struct ev_station_used *ev,
                    const struct parts_account *a)
{
    struct parts_write_off u = {.from = move_of(ev->transfer_no, ev->line, (struct str){0}),
                                .person = ev->person.n ? ev->person : a->station,
                                .keeper = a->station,
                                .call_no = ev->call_no,
                                .unit = a->station,
                                .report = ev->report,
                                .user_signed = ev->user_signed,
                                .leader_ok = ev->leader_ok,
                                .used = ev->qty,
                                .old_qty = ev->old_qty < ev->qty ? ev->old_qty : ev->qty};
    uint64_t written_off;
    u.from.doc = a->doc;
    u.from.from = ledger_place_station, u.from.from_holder = a->station;
    return parts_write_off(st, &u, &written_off);
}

static enum err on_used(struct step *st, const void *payload, void *row)
{
    const struct rec_row_station_transfer *r = ((struct paper_at *)row)->row;
    return use(st, payload, &(struct parts_account){parts_doc_station, r->station});
}

enum err parts_station_found(struct step *st, const struct ev_station_used *ev)
{
    struct parts_account a;
    struct rec_row_ledger_line l;
    enum err e = parts_station_account(st, ev->transfer_no, &a);
    if (e == ERR_NOT_FOUND || (e == ERR_OK && a.doc != parts_doc_count)) return ERR_STALE;
    if (e != ERR_OK) return e;
    st->rule = "PRT-043";
    struct parts_move m = move_of(ev->transfer_no, ev->line, (struct str){0});
    m.doc = parts_doc_count;
    e = parts_line_named(st, &m, &l);
    if (e != ERR_OK) return e;
    if (l.source == ledger_place_difference) return use(st, ev, &a);
    return step_refuse(st, "no_surplus", "line",
                       "line %u of count 盤點 %.*s found pieces missing, not more than the books "
                       "show; name the transfer that the used ones came with",
                       m.line, STR_ARG(ev->transfer_no));
}

static enum err on_returned(struct step *st, const void *payload, void *row)
{
    const struct ev_station_returned *ev = payload;
    const struct rec_row_station_transfer *r = ((struct paper_at *)row)->row;
    struct parts_move m = move_of(ev->transfer_no, ev->line, (struct str){0});
    struct rec_row_ledger_line l;
    enum err e = parts_line_named(st, &m, &l);
    if (e != ERR_OK) return e;
    m.part_no = l.part_no;
    m.from = ledger_place_station, m.from_holder = r->station;
    m.to = ledger_place_inspect, m.to_holder = r->store;
    m.qty = (int64_t)ev->qty;
    return parts_move(st, &m);
}

/* ---- the paper ---- */

#define ANY (IN(station_transfer_state_shipped) | IN(station_transfer_state_received))

static const struct transition rows[] = {
    {EV_station_shipped, PAPER_NEW, station_transfer_state_shipped, on_shipped, "PRT-043"},
    {EV_station_received, ANY, station_transfer_state_received, on_received, "PRT-043"},
    {EV_station_used, ANY, 0, on_used, "PRT-043"},
    {EV_station_returned, ANY, 0, on_returned, "PRT-043"},
};

const struct paper parts_station = {.name = "station",
                                    .label = "transfer to a station",
                                    .table = &parts_tables[PARTS_STATION_TRANSFER],
                                    .states = &codes_station_transfer_state,
                                    .keys = {"transfer_no"},
                                    PAPER_ROWS(rows)};
