/* parts_stock.c - what comes into the store, and what is counted there.
 *
 * A goods-received note 備用件接收單 enters all its lines at once: good pieces into the store, the
 * others to be inspected, from where a second note (source inspected) takes them. A count comes in
 * sheets under one number; a part stands on one sheet of it. The difference between goods and books
 * is told, and posted (count_posts), in the store or in the account of a station 服務站. With the
 * last sheet (full) nothing that the books show may be left uncounted. Rules PRT-037 … PRT-039,
 * PRT-041. */
#include "services/parts/parts_private.h"

/* ---- received ---- */

static enum err check_note(struct step *st, const struct rec_row_stock_receipt *r)
{
    bool by_voucher = r->source == stock_source_draw || r->source == stock_source_exchange;
    if (by_voucher && r->voucher.n == 0) {
        st->rule = "PRT-039";
        return step_refuse(st, "no_voucher", "voucher",
                           "what was drawn or exchanged enters by its voucher 票據; name it");
    }
    if (r->source == stock_source_supply && r->copies < st->policy->parts.receipt_copies) {
        return step_refuse(st, "copies", "copies",
                           "the note 備用件接收單 is made out in %u copies, not %u",
                           st->policy->parts.receipt_copies, (unsigned)r->copies);
    }
    return ERR_OK;
}

static enum err check_spec(struct step *st, const struct rec_row_item *item, struct str part_no)
{
    if (!st->policy->parts.stock_spec || item->spec.n) return ERR_OK;
    st->rule = "PRT-037";
    return step_refuse(st, "no_spec", "lines",
                       "the catalogue has no specification of %.*s; item.upserted gives it, then "
                       "it can be entered",
                       STR_ARG(part_no));
}

static enum err enter(struct step *st, const struct rec_row_stock_receipt *r, struct str note_no,
                      const struct rec_stock_note_line *line, uint32_t no)
{
    struct rec_row_item item;
    bool passed = r->source == stock_source_inspected;
    enum err e = parts_item_get(st, line->part_no, &item);
    if (e == ERR_OK) e = check_spec(st, &item, line->part_no);
    if (e != ERR_OK) return e;
    struct parts_move m = {.doc = parts_doc_receipt,
                           .doc_no = note_no,
                           .line = no,
                           .part_no = line->part_no,
                           .from = passed ? ledger_place_inspect : ledger_place_outside,
                           .from_holder = passed ? r->store : (struct str){0},
                           .to = ledger_place_store,
                           .to_holder = r->store,
                           .qty = (int64_t)line->qty,
                           .unit_cost_fen = line->unit_cost ? line->unit_cost : item.unit_cost};
    if (r->quality == stock_quality_to_inspect) m.to = ledger_place_inspect;
    return parts_move(st, &m);
}

static enum err on_received(struct step *st, const void *payload, void *row)
{
    const struct ev_stock_received *ev = payload;
    struct rec_row_stock_receipt *r = ((struct paper_at *)row)->row;
    if (!r->source) r->source = stock_source_supply;
    if (!r->quality) r->quality = stock_quality_good;
    if (r->source == stock_source_inspected && r->quality != stock_quality_good) {
        return step_refuse(st, "quality", "quality",
                           "what passed the inspection is good; what did not stays there");
    }
    const char *rule = st->rule;
    enum err e = check_note(st, r);
    if (e == ERR_OK) e = parts_store_of(st, ev->store, &r->store);
    for (uint32_t i = 0; e == ERR_OK && i < ev->lines.n; i++) {
        st->rule = rule;
        e = enter(st, r, ev->note_no, &ev->lines.v[i], i + 1);
    }
    return e;
}

static const struct transition receipt_rows[] = {
    {EV_stock_received, PAPER_NEW, stock_receipt_state_entered, on_received, "PRT-038"},
};

const struct paper parts_stock_receipt = {.name = "receipt",
                                          .label = "goods-received note 備用件接收單",
                                          .table = &parts_tables[PARTS_STOCK_RECEIPT],
                                          .states = &codes_stock_receipt_state,
                                          .keys = {"note_no"},
                                          PAPER_ROWS(receipt_rows)};

/* ---- counted ---- */

#define COUNT_LINES_MAX 65535
#define DIFF_MAX INT64_C(1000000000) /* pieces of one move */

static struct key line_key(struct str count_no, struct str part_no)
{
    struct key k = key_of(count_no);
    key_str(&k, part_no);
    return k;
}

/* The books follow the goods. */
static enum err post(struct step *st, const struct ev_stock_mismatch *d, uint64_t line)
{
    struct rec_row_item item;
    bool more = d->diff > 0;
    enum ledger_place shelf = d->place ? d->place : ledger_place_store;
    enum err e = parts_item_get(st, d->part_no, &item);
    if (e != ERR_OK || !st->policy->parts.count_posts) return e;
    struct parts_move m = {.doc = parts_doc_count,
                           .doc_no = d->count_no,
                           .line = (uint32_t)line,
                           .part_no = d->part_no,
                           .from = more ? ledger_place_difference : shelf,
                           .to = more ? shelf : ledger_place_difference,
                           .from_holder = d->store,
                           .to_holder = d->store,
                           .qty = more ? d->diff : -d->diff,
                           .unit_cost_fen = item.unit_cost};
    return parts_move(st, &m);
}

static enum err count_part(struct step *st, struct rec_row_stock_count *r, struct str count_no,
                           const struct rec_stock_count_line *line)
{
    struct rec_row_stock_count_line seen;
    struct rec_row_ledger_balance b;
    struct key k = line_key(count_no, line->part_no);
    enum err e = step_get(st, PARTS_TABLE(STOCK_COUNT_LINE), &k, &seen);
    if (e == ERR_OK || r->lines_counted == COUNT_LINES_MAX || (line->physical && line->missing)) {
        return step_refuse(st, "count_line", "lines",
                           "%.*s stands once in a count, with what was counted (physical) or with "
                           "what is missing; a count has at most %d lines",
                           STR_ARG(line->part_no), COUNT_LINES_MAX);
    }
    if (e == ERR_NOT_FOUND) e = parts_balance(st, r->place, r->store, line->part_no, &b);
    if (e != ERR_OK) return e;
    struct ev_stock_mismatch d = {.count_no = count_no,
                                  .store = r->store,
                                  .part_no = line->part_no,
                                  .book = b.qty,
                                  .physical = (int64_t)line->physical};
    if (r->place != ledger_place_store) d.place = r->place;
    if (line->missing) d.physical = b.qty - (int64_t)line->missing;
    d.diff = d.physical - d.book;
    if (d.diff > DIFF_MAX || d.diff < -DIFF_MAX) {
        return step_refuse(st, "range", "lines",
                           "%lld of %.*s by the books and %lld counted: no single move is so large",
                           (long long)d.book, STR_ARG(d.part_no), (long long)d.physical);
    }
    seen = (struct rec_row_stock_count_line){d.book, d.physical, d.diff};
    step_put(st, PARTS_TABLE(STOCK_COUNT_LINE), &k, &seen);
    r->lines_counted++;
    if (d.diff == 0) return ERR_OK;
    r->mismatches++;
    step_emit_as(st, "PRT-037", EV_stock_mismatch, &d);
    return post(st, &d, r->lines_counted);
}

/* Everything the books show there stands on a sheet. */
static enum err check_full(struct step *st, const struct rec_row_stock_count *r,
                           struct str count_no)
{
    struct key prefix = {.n = 0}, at = {.n = 0};
    struct rec_row_ledger_balance b;
    struct rec_row_stock_count_line seen;
    enum err e;
    key_u8(&prefix, (uint8_t)r->place);
    key_str(&prefix, r->store);
    while ((e = step_next(st, PARTS_TABLE(LEDGER_BALANCE), &prefix, &at, &b)) == ERR_OK) {
        struct key_reader reader = {{at.b + prefix.n, at.n - prefix.n}};
        struct str part_no;
        e = key_take_str(&reader, &part_no);
        if (e != ERR_OK) return e;
        struct key k = line_key(count_no, part_no);
        e = b.qty ? step_get(st, PARTS_TABLE(STOCK_COUNT_LINE), &k, &seen) : ERR_OK;
        if (e == ERR_OK) continue;
        if (e != ERR_NOT_FOUND) return e;
        return step_refuse(st, "not_counted", "full",
                           "%.*s (%lld by the books) is on no sheet of this count; count it, or "
                           "leave full out",
                           STR_ARG(part_no), (long long)b.qty);
    }
    return e == ERR_END ? ERR_OK : e;
}

/* All sheets of a count are of one store. */
static enum err store_of_count(struct step *st, const struct paper_at *a,
                               const struct ev_stock_counted *ev, struct str *out)
{
    struct rec_row_stock_count before = {0};
    enum err e = ERR_OK;
    if (a->before) e = step_get(st, a->paper->table, &a->key, &before);
    if (e != ERR_OK) return e;
    if (!before.store.n) return parts_store_of(st, ev->store, out);
    *out = before.store;
    if (!ev->store.n || str_eq(ev->store, before.store)) return ERR_OK;
    return step_refuse(st, "store", "store", "count %.*s is of the store %.*s; another has its own",
                       STR_ARG(ev->count_no), STR_ARG(before.store));
}

/* What a unit has that is counted: a station its account, a store its goods; who has both says. */
static enum err place_of_unit(struct step *st, struct str unit, enum ledger_place *out)
{
    struct key account = {.n = 0}, at = {.n = 0}, k = key_of(unit);
    struct rec_row_ledger_balance b;
    struct rec_row_stock_store store;
    key_u8(&account, ledger_place_station);
    key_str(&account, unit);
    *out = ledger_place_store;
    enum err e = step_next(st, PARTS_TABLE(LEDGER_BALANCE), &account, &at, &b);
    if (e != ERR_OK) return e == ERR_END ? ERR_OK : e;
    *out = ledger_place_station;
    e = step_get(st, PARTS_TABLE(STOCK_STORE), &k, &store);
    if (e != ERR_OK) return e == ERR_NOT_FOUND ? ERR_OK : e;
    return step_refuse(st, "place", "place",
                       "%.*s has a store and the account of a station; say which of them was "
                       "counted: store or station",
                       STR_ARG(unit));
}

/* All sheets of a count are of one place (PRT-043: accounts are never netted). */
static enum err place_of_count(struct step *st, const struct paper_at *a,
                               const struct ev_stock_counted *ev, struct rec_row_stock_count *r)
{
    struct rec_row_stock_count before = {0};
    enum err e = a->before ? step_get(st, a->paper->table, &a->key, &before) : ERR_OK;
    if (e != ERR_OK) return e;
    enum ledger_place was = before.place ? before.place : ledger_place_store;
    bool fits = ev->place == ledger_place_store || ev->place == ledger_place_station;
    if (a->before) fits = ev->place == was;
    if (ev->place && !fits) {
        return step_refuse(st, "place", "place",
                           "a count is of a store, or of the account of a station, and all its "
                           "sheets of the same");
    }
    if (!a->before && !ev->place) return place_of_unit(st, r->store, &r->place);
    r->place = a->before ? was : ev->place;
    return ERR_OK;
}

static enum err on_counted(struct step *st, const void *payload, void *row)
{
    const struct ev_stock_counted *ev = payload;
    struct paper_at *a = row;
    struct rec_row_stock_count *r = a->row;
    bool full = ev->full == yes_no_yes;
    if (ev->lines.n == 0 && !full)
        return step_refuse(st, "missing", "lines", "a sheet names what was counted");
    enum err e = store_of_count(st, a, ev, &r->store);
    if (e == ERR_OK) e = place_of_count(st, a, ev, r);
    for (uint32_t i = 0; e == ERR_OK && i < ev->lines.n; i++)
        e = count_part(st, r, ev->count_no, &ev->lines.v[i]);
    r->state = full ? stock_count_state_done : stock_count_state_counting;
    if (e != ERR_OK || !full) return e;
    e = check_full(st, r, ev->count_no);
    if (e != ERR_OK || r->place != ledger_place_store) return e;
    return parts_store_full_count(st, r->store);
}

static const struct transition count_rows[] = {
    {EV_stock_counted, PAPER_NEW | IN(stock_count_state_counting), 0, on_counted, "PRT-037"},
};

const struct paper parts_stock_count = {.name = "count",
                                        .label = "count 盤點",
                                        .table = &parts_tables[PARTS_STOCK_COUNT],
                                        .states = &codes_stock_count_state,
                                        .keys = {"count_no"},
                                        PAPER_ROWS(count_rows)};
