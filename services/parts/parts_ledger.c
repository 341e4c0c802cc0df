/* parts_ledger.c - the ledger 臺帳: pieces and fen move from one place to another, never out of
 * nothing (PRT-017, PRT-041, PRT-043).
 *
 * A move is written four times in the transaction of its fact: into the line of its document, into
 * the balances of both places, into their days, and as ledger.moved. The quantities of a line sum
 * to 0: what it was drawn from is negative. So of each line, issued = in transit and in hand + used
 * and owed + used for good + old parts back and dealt with + lost + gone back; and over all places
 * the balances of a part sum to 0. A balance of a past date is the sum of its days up to then. */
#include "common/contract.h"
#include "services/parts/parts_private.h"

#define QTY_MAX INT64_C(1000000000)
#define SUM_MAX UINT64_C(1000000000000) /* as the rows hold it */
#define VALUE_MAX INT64_C(1000000000000000)

/* ---- lines ---- */

static int64_t *slot(struct rec_row_ledger_line *l, enum ledger_place place)
{
    REQUIRE(place > ledger_place_none && place <= ledger_place_difference);
    switch (place) {
    case ledger_place_outside:
        return &l->in_outside;
    case ledger_place_store:
        return &l->in_store;
    case ledger_place_inspect:
        return &l->in_inspect;
    case ledger_place_transit:
        return &l->in_transit;
    case ledger_place_station:
        return &l->in_station;
    case ledger_place_hand:
        return &l->in_hand;
    case ledger_place_owed:
        return &l->in_owed;
    case ledger_place_used:
        return &l->in_used;
    case ledger_place_old:
        return &l->in_old;
    case ledger_place_gone:
        return &l->in_gone;
    case ledger_place_lost:
        return &l->in_lost;
    case ledger_place_difference:
        return &l->in_difference;
    case ledger_place_none:
        break;
    }
    return NULL;
}

int64_t parts_line_at(const struct rec_row_ledger_line *l, enum ledger_place place)
{
    struct rec_row_ledger_line at = *l;
    return *slot(&at, place);
}

bool parts_line_holds(const struct rec_row_ledger_line *l)
{
    int64_t sum = 0;
    for (int p = ledger_place_outside; p <= ledger_place_difference; p++)
        sum += parts_line_at(l, (enum ledger_place)p);
    return sum == 0 && parts_line_at(l, l->source) == (int64_t)l->back - (int64_t)l->issued;
}

struct key parts_doc_key(enum parts_doc doc, struct str doc_no)
{
    struct key k = {.n = 0};
    key_u8(&k, (uint8_t)doc);
    key_str(&k, doc_no);
    return k;
}

struct key parts_line_key(enum parts_doc doc, struct str doc_no, uint32_t line)
{
    struct key k = parts_doc_key(doc, doc_no);
    key_u64(&k, line);
    return k;
}

enum err parts_line_get(struct step *st, enum parts_doc doc, struct str doc_no, uint32_t line,
                        struct rec_row_ledger_line *out)
{
    struct key k = parts_line_key(doc, doc_no, line);
    return step_get(st, PARTS_TABLE(LEDGER_LINE), &k, out);
}

static enum err refuse_short(struct step *st, const struct parts_move *m, int64_t there)
{
    return step_refuse(st, "balance", "qty",
                       "%lld of %.*s asked for, %lld are %s (%s %.*s); report what came before "
                       "first, or a smaller quantity",
                       (long long)m->qty, STR_ARG(m->part_no), (long long)there,
                       code_label(&codes_ledger_place, m->from),
                       code_label(&codes_parts_doc, m->doc), STR_ARG(m->doc_no));
}

static enum err refuse_much(struct step *st, const struct parts_move *m)
{
    return step_refuse(st, "range", "qty",
                       "with %lld more of %.*s an account would hold more than %lld pieces or fen; "
                       "that is no quantity of parts",
                       (long long)m->qty, STR_ARG(m->part_no), (long long)SUM_MAX);
}

static enum err move_line(struct step *st, const struct parts_move *m,
                          struct rec_row_ledger_line *l)
{
    enum err e = parts_line_get(st, m->doc, m->doc_no, m->line, l);
    if (e == ERR_NOT_FOUND) {
        *l = (struct rec_row_ledger_line){
            .part_no = m->part_no, .unit_cost = m->unit_cost_fen, .source = m->from};
        e = ERR_OK;
    }
    if (e != ERR_OK) return e;
    REQUIRE(str_eq(l->part_no, m->part_no));
    int64_t *from = slot(l, m->from), *to = slot(l, m->to);
    if (m->from != l->source && *from < m->qty) return refuse_short(st, m, *from);
    uint64_t moved = l->issued > l->back ? l->issued : l->back;
    if (moved + (uint64_t)m->qty > SUM_MAX) return refuse_much(st, m);
    *from -= m->qty;
    *to += m->qty;
    if (m->from == l->source) l->issued += (uint64_t)m->qty;
    if (m->to == l->source) l->back += (uint64_t)m->qty;
    ENSURE(parts_line_holds(l));
    struct key k = parts_line_key(m->doc, m->doc_no, m->line);
    step_put(st, PARTS_TABLE(LEDGER_LINE), &k, l);
    return ERR_OK;
}

/* ---- balances and days ---- */

static struct key balance_key(enum ledger_place place, struct str holder, struct str part_no)
{
    struct key k = {.n = 0};
    key_u8(&k, (uint8_t)place);
    key_str(&k, holder);
    key_str(&k, part_no);
    return k;
}

enum err parts_balance(struct step *st, enum ledger_place place, struct str holder,
                       struct str part_no, struct rec_row_ledger_balance *out)
{
    struct key k = balance_key(place, holder, part_no);
    *out = (struct rec_row_ledger_balance){0};
    enum err e = step_get(st, PARTS_TABLE(LEDGER_BALANCE), &k, out);
    return e == ERR_NOT_FOUND ? ERR_OK : e;
}

/* Goods on a shelf cannot be fewer than none; whoever begins without an opening stock says so. */
static bool is_shelf(const struct step *st, enum ledger_place place)
{
    return st->policy->parts.stock_nonnegative &&
           (place == ledger_place_store || place == ledger_place_station ||
            place == ledger_place_inspect);
}

static bool fits(int64_t qty)
{
    return qty <= (int64_t)SUM_MAX && qty >= -(int64_t)SUM_MAX;
}

static enum err move_balance(struct step *st, const struct parts_move *m, bool in, int64_t value,
                             int32_t day)
{
    enum ledger_place place = in ? m->to : m->from;
    struct key k = balance_key(place, in ? m->to_holder : m->from_holder, m->part_no);
    struct rec_row_ledger_balance b = {0};
    struct rec_row_ledger_day d = {0};
    enum err e = step_get(st, PARTS_TABLE(LEDGER_BALANCE), &k, &b);
    if (e != ERR_OK && e != ERR_NOT_FOUND) return e;
    if (!in && is_shelf(st, place) && b.qty < m->qty) return refuse_short(st, m, b.qty);
    b.qty += in ? m->qty : -m->qty;
    if (!fits(b.qty) || __builtin_add_overflow(b.value, in ? value : -value, &b.value))
        return refuse_much(st, m);
    step_put(st, PARTS_TABLE(LEDGER_BALANCE), &k, &b);
    key_day(&k, day);
    e = step_get(st, PARTS_TABLE(LEDGER_DAY), &k, &d);
    if (e != ERR_OK && e != ERR_NOT_FOUND) return e;
    uint64_t *qty = in ? &d.qty_in : &d.qty_out, *fen = in ? &d.value_in : &d.value_out;
    *qty += (uint64_t)m->qty;
    *fen += (uint64_t)value;
    if (*qty > INT64_MAX || *fen > INT64_MAX) return refuse_much(st, m);
    step_put(st, PARTS_TABLE(LEDGER_DAY), &k, &d);
    return ERR_OK;
}

/* ---- the move ---- */

static enum err next_number(struct step *st, uint64_t *out)
{
    struct key k = key_of(STR(""));
    struct rec_row_ledger_running r = {0};
    enum err e = step_get(st, PARTS_TABLE(LEDGER_RUNNING), &k, &r);
    if (e != ERR_OK && e != ERR_NOT_FOUND) return e;
    *out = ++r.last;
    step_put(st, PARTS_TABLE(LEDGER_RUNNING), &k, &r);
    return ERR_OK;
}

enum err parts_move(struct step *st, const struct parts_move *m)
{
    REQUIRE(m->qty > 0 && m->qty <= QTY_MAX && m->from != m->to && m->doc && m->doc_no.n);
    struct rec_row_ledger_line l;
    uint64_t number;
    enum err e = move_line(st, m, &l);
    if (e != ERR_OK) return e;
    int64_t value;
    if (__builtin_mul_overflow(m->qty, l.unit_cost, &value) || value > VALUE_MAX) {
        return step_refuse(st, "range", "qty", "%lld times %lld fen is more than an amount holds",
                           (long long)m->qty, (long long)l.unit_cost);
    }
    struct str unit = st->in ? st->in->source : (struct str){0};
    int32_t day = zone_day(step_zone(st, unit), step_occurred(st));
    e = move_balance(st, m, false, value, day);
    if (e == ERR_OK) e = move_balance(st, m, true, value, day);
    if (e == ERR_OK) e = next_number(st, &number);
    if (e != ERR_OK) return e;
    struct ev_ledger_moved ev = {.move = number,
                                 .doc = m->doc,
                                 .doc_no = m->doc_no,
                                 .line = m->line,
                                 .part_no = m->part_no,
                                 .qty = (uint64_t)m->qty,
                                 .value = value,
                                 .from = m->from,
                                 .from_holder = m->from_holder,
                                 .to = m->to,
                                 .to_holder = m->to_holder,
                                 .day = day};
    step_emit_as(st, "PRT-017", EV_ledger_moved, &ev);
    return parts_store_moved(st, m);
}
