/* model_parts.c - the ledger of parts, from the list of its moves alone: numbers without a gap, one
 * part and one cost a line, no piece taken from where it is not, no shelf below 0. At quiet the
 * rows of lines and balances are the sums over the list, and no others are there. Rules PRT-017,
 * PRT-041, PRT-043; promise N11. */
#include "common/contract.h"
#include "services/parts/parts.h"
#include "tests/sim/model_private.h"
#include <stdlib.h>
#include <string.h>

static const struct ev_ledger_moved *move_at(const struct model *m, size_t i)
{
    return ((const struct ev_ledger_moved **)m->moves.v)[i];
}

static bool same_line(const struct ev_ledger_moved *a, const struct ev_ledger_moved *b)
{
    return a->doc == b->doc && a->line == b->line && str_eq(a->doc_no, b->doc_no);
}

/* What a line has at a place; drawn from its source counts below 0. */
static int64_t line_at(const struct model *m, const struct ev_ledger_moved *line,
                       enum ledger_place place)
{
    int64_t sum = 0;
    for (size_t i = 0; i < m->moves.n; i++) {
        const struct ev_ledger_moved *e = move_at(m, i);
        if (!same_line(e, line)) continue;
        if (e->to == place) sum += (int64_t)e->qty;
        if (e->from == place) sum -= (int64_t)e->qty;
    }
    return sum;
}

struct held {
    enum ledger_place place;
    struct str holder, part_no;
};

static void balance_at(const struct model *m, const struct held *at, int64_t *qty, int64_t *value)
{
    *qty = *value = 0;
    for (size_t i = 0; i < m->moves.n; i++) {
        const struct ev_ledger_moved *e = move_at(m, i);
        if (!str_eq(e->part_no, at->part_no)) continue;
        bool in = e->to == at->place && str_eq(e->to_holder, at->holder);
        bool out = e->from == at->place && str_eq(e->from_holder, at->holder);
        *qty += in ? (int64_t)e->qty : 0;
        *qty -= out ? (int64_t)e->qty : 0;
        *value += in ? e->value : 0;
        *value -= out ? e->value : 0;
    }
}

static const struct ev_ledger_moved *first_of(const struct model *m,
                                              const struct ev_ledger_moved *e)
{
    for (size_t i = 0; i < m->moves.n; i++) {
        if (same_line(move_at(m, i), e)) return move_at(m, i);
    }
    return NULL;
}

static bool is_shelf(const struct model *m, enum ledger_place p)
{
    bool shelf = p == ledger_place_store || p == ledger_place_station || p == ledger_place_inspect;
    return shelf && m->policy->parts.stock_nonnegative;
}

void ledger_take(struct model *m, enum owner log, const struct record *r)
{
    if (log != OWNER_parts || r->type->kind != EV_ledger_moved) return;
    const struct ev_ledger_moved *e = r->p, *first = first_of(m, e);
    if (e->move != m->moves.n + 1)
        model_break(m, "N11", "move %llu comes after %zu", (unsigned long long)e->move, m->moves.n);
    *(const struct ev_ledger_moved **)list_add(&m->moves, sizeof e) = e;
    m->seen.moves++;
    if (!first) first = e;
    if (!str_eq(e->part_no, first->part_no) ||
        e->value * (int64_t)first->qty != first->value * (int64_t)e->qty)
        model_break(m, "N11", "move %llu has another part or cost than its line",
                    (unsigned long long)e->move);
    struct held from = {e->from, e->from_holder, e->part_no};
    int64_t qty, value;
    balance_at(m, &from, &qty, &value);
    if ((e->from != first->from && line_at(m, e, e->from) < 0) || (is_shelf(m, e->from) && qty < 0))
        model_break(m, "N11", "move %llu takes %llu of %.*s from where they are not",
                    (unsigned long long)e->move, (unsigned long long)e->qty, STR_ARG(e->part_no));
}

/* ---- rows ---- */

static bool is_first(const struct model *m, size_t i, bool to)
{
    const struct ev_ledger_moved *e = move_at(m, i);
    struct held at = {to ? e->to : e->from, to ? e->to_holder : e->from_holder, e->part_no};
    for (size_t k = 0; k <= i; k++) {
        const struct ev_ledger_moved *x = move_at(m, k);
        if (!str_eq(x->part_no, at.part_no)) continue;
        if (x->from == at.place && str_eq(x->from_holder, at.holder)) return k == i && !to;
        if (x->to == at.place && str_eq(x->to_holder, at.holder)) return k == i && to;
    }
    return false;
}

static void compare_balance(struct model *m, struct slice key, struct slice value)
{
    struct rec_row_ledger_balance row;
    struct held at;
    struct fault why;
    struct key_reader r = {key};
    uint8_t place;
    int64_t qty, fen;
    REQUIRE(key_take_u8(&r, &place) == ERR_OK && key_take_str(&r, &at.holder) == ERR_OK &&
            key_take_str(&r, &at.part_no) == ERR_OK);
    at.place = (enum ledger_place)place;
    REQUIRE(proto_decode(shape_row_ledger_balance(), value, &m->arena, &row, &why) == ERR_OK);
    balance_at(m, &at, &qty, &fen);
    m->row_balances++;
    if (row.qty != qty || row.value != fen)
        model_break(m, "N11", "%.*s at %s %.*s: the row has %lld, the moves make %lld",
                    STR_ARG(at.part_no), code_word(&codes_ledger_place, place), STR_ARG(at.holder),
                    (long long)row.qty, (long long)qty);
}

static void compare_line(struct model *m, struct slice key, struct slice value)
{
    struct rec_row_ledger_line row;
    struct ev_ledger_moved line = {0};
    struct fault why;
    struct key_reader r = {key};
    uint8_t doc;
    REQUIRE(key_take_u8(&r, &doc) == ERR_OK && key_take_str(&r, &line.doc_no) == ERR_OK &&
            key_take_u64(&r, &line.line) == ERR_OK);
    line.doc = (enum parts_doc)doc;
    REQUIRE(proto_decode(shape_row_ledger_line(), value, &m->arena, &row, &why) == ERR_OK);
    const int64_t has[] = {
        [ledger_place_outside] = row.in_outside, [ledger_place_store] = row.in_store,
        [ledger_place_inspect] = row.in_inspect, [ledger_place_transit] = row.in_transit,
        [ledger_place_station] = row.in_station, [ledger_place_hand] = row.in_hand,
        [ledger_place_owed] = row.in_owed,       [ledger_place_used] = row.in_used,
        [ledger_place_old] = row.in_old,         [ledger_place_gone] = row.in_gone,
        [ledger_place_lost] = row.in_lost,       [ledger_place_difference] = row.in_difference};
    m->row_lines++;
    for (size_t p = ledger_place_outside; p < COUNT_OF(has); p++) {
        if (has[p] == line_at(m, &line, (enum ledger_place)p)) continue;
        model_break(m, "N11", "line %llu of %.*s: the row and the moves differ at %s",
                    (unsigned long long)line.line, STR_ARG(line.doc_no),
                    code_word(&codes_ledger_place, (uint32_t)p));
    }
}

void model_ledger_row(struct model *m, uint8_t table, struct slice key, struct slice value)
{
    if (m->broken[0]) return;
    if (table == parts_tables[PARTS_LEDGER_BALANCE].id) compare_balance(m, key, value);
    if (table == parts_tables[PARTS_LEDGER_LINE].id) compare_line(m, key, value);
}

void model_ledger_end(struct model *m)
{
    size_t balances = 0, lines = 0;
    for (size_t i = 0; i < m->moves.n; i++) {
        balances += is_first(m, i, false) + is_first(m, i, true);
        lines += first_of(m, move_at(m, i)) == move_at(m, i);
    }
    if (!m->broken[0] && (balances != m->row_balances || lines != m->row_lines))
        model_break(m, "N11", "%zu balances and %zu lines follow from the moves; rows: %zu, %zu",
                    balances, lines, m->row_balances, m->row_lines);
    m->row_balances = m->row_lines = 0;
}
