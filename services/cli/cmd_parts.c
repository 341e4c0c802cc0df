/* cmd_parts.c - `cuiban parts`: what is where, now or at the end of a past day; the lines of
 * documents with where their pieces are; and every move of the ledger, for the books of finance
 * (PRT-044, PRT-053). */
#include "common/contract.h"
#include "services/cli/commands.h"
#include "services/parts/parts.h"
#include <stdlib.h>
#include <string.h>

struct scan {
    struct view *v;
    const struct parts_query *q;
    struct listing *l;
};

static void money(struct listing *l, int64_t fen)
{
    uint64_t n = fen < 0 ? -(uint64_t)fen : (uint64_t)fen;
    listing_printf(l, "%s%llu.%02llu", fen < 0 ? "-" : "", (unsigned long long)n / 100,
                   (unsigned long long)n % 100);
}

static bool fits(struct str wanted, struct str is)
{
    return wanted.n == 0 || str_eq(wanted, is);
}

typedef enum err row_seen(struct scan *s, const struct key *k, struct slice value);

static enum err each_row(struct scan *s, int which, row_seen *seen)
{
    struct key prefix = {.n = 0}, at = {.n = 0};
    struct slice value;
    enum err e;
    uint8_t table = parts_tables[which].id;
    while ((e = reader_row(s->v->reader, OWNER_parts, table, &prefix, &at, &value)) == ERR_OK) {
        e = seen(s, &at, value);
        if (e != ERR_OK) return e;
    }
    return e == ERR_END ? ERR_OK : e;
}

/* ---- balances ---- */

static const struct listing_column balance_columns[] = {{"place", "place", false},
                                                        {"holder", "holder", false},
                                                        {"part_no", "part", false},
                                                        {"qty", "pieces", true},
                                                        {"value", "value", true}};

struct account {
    uint8_t place;
    struct str holder, part_no;
    int32_t day; /* of a row of days */
};

static enum err account_of(const struct key *k, bool of_day, struct account *out)
{
    struct key_reader r = {{k->b, k->n}};
    uint64_t day = 0;
    enum err e = key_take_u8(&r, &out->place);
    if (e == ERR_OK) e = key_take_str(&r, &out->holder);
    if (e == ERR_OK) e = key_take_str(&r, &out->part_no);
    if (e == ERR_OK && of_day) e = key_take_u64(&r, &day);
    out->day = of_day ? (int32_t)((int64_t)day - INT64_C(0x100000000)) : 0;
    return e;
}

static void print_balance(struct scan *s, const struct account *a, int64_t qty, int64_t value)
{
    const struct parts_query *q = s->q;
    bool wanted = (q->place == 0 || q->place == a->place) && fits(q->holder, a->holder) &&
                  fits(q->part_no, a->part_no) && (q->all || qty || value);
    if (!wanted) return;
    listing_code(s->l, &codes_ledger_place, a->place);
    listing_text(s->l, a->holder);
    listing_text(s->l, a->part_no);
    listing_number(s->l, qty);
    money(s->l, value);
}

static enum err on_balance(struct scan *s, const struct key *k, struct slice value)
{
    struct rec_row_ledger_balance b;
    struct account a;
    enum err e = account_of(k, false, &a);
    if (e == ERR_OK) e = view_decode(s->v, shape_row_ledger_balance(), value, &b);
    if (e == ERR_OK) print_balance(s, &a, b.qty, b.value);
    return e;
}

/* The sum of the days up to then; rows of an account follow each other. */
static enum err balances_at(struct scan *s)
{
    struct key prefix = {.n = 0}, at = {.n = 0}, last = {.n = 0};
    struct rec_row_ledger_day d;
    struct account a;
    struct slice bytes;
    int64_t qty = 0, value = 0;
    enum err e;
    uint8_t table = parts_tables[PARTS_LEDGER_DAY].id;
    while ((e = reader_row(s->v->reader, OWNER_parts, table, &prefix, &at, &bytes)) == ERR_OK) {
        size_t n = at.n - 8; /* without the day */
        bool same = last.n == n && memcmp(last.b, at.b, n) == 0;
        if (!same && last.n && account_of(&last, false, &a) == ERR_OK)
            print_balance(s, &a, qty, value);
        if (!same) qty = value = 0;
        memcpy(last.b, at.b, n);
        last.n = n;
        e = account_of(&at, true, &a);
        if (e == ERR_OK) e = view_decode(s->v, shape_row_ledger_day(), bytes, &d);
        if (e != ERR_OK) return e;
        if (a.day > s->q->at) continue;
        qty += (int64_t)d.qty_in - (int64_t)d.qty_out;
        value += (int64_t)d.value_in - (int64_t)d.value_out;
    }
    if (last.n && account_of(&last, false, &a) == ERR_OK) print_balance(s, &a, qty, value);
    return e == ERR_END ? ERR_OK : e;
}

/* ---- lines ---- */

static const struct listing_column line_columns[] = {
    {"doc", "document", false}, {"doc_no", "no", false},     {"line", "line", true},
    {"part_no", "part", false}, {"unit_cost", "cost", true}, {"source", "from", false},
    {"issued", "issued", true}, {"back", "back", true},      {"outstanding", "open", true},
    {"where", "where", false},  {"outside", NULL, true},     {"store", NULL, true},
    {"inspect", NULL, true},    {"transit", NULL, true},     {"station", NULL, true},
    {"hand", NULL, true},       {"owed", NULL, true},        {"used", NULL, true},
    {"old", NULL, true},        {"gone", NULL, true},        {"lost", NULL, true},
    {"difference", NULL, true}};

/* "hand 3, owed 1": where its pieces are, the source left out. */
static void print_where(struct listing *l, const struct rec_row_ledger_line *row)
{
    char text[300] = "";
    size_t n = 0;
    for (int p = ledger_place_outside; p <= ledger_place_difference; p++) {
        int64_t qty = parts_line_at(row, (enum ledger_place)p);
        if (p == (int)row->source || qty == 0 || n >= sizeof text - 40) continue;
        n += (size_t)snprintf(text + n, sizeof text - n, "%s%s %lld", n ? ", " : "",
                              code_word(&codes_ledger_place, (uint32_t)p), (long long)qty);
    }
    listing_text(l, str_of(text));
}

static enum err on_line(struct scan *s, const struct key *k, struct slice value)
{
    struct key_reader r = {{k->b, k->n}};
    struct rec_row_ledger_line row;
    struct str doc_no;
    uint64_t line;
    uint8_t doc;
    enum err e = key_take_u8(&r, &doc);
    if (e == ERR_OK) e = key_take_str(&r, &doc_no);
    if (e == ERR_OK) e = key_take_u64(&r, &line);
    if (e == ERR_OK) e = view_decode(s->v, shape_row_ledger_line(), value, &row);
    if (e != ERR_OK) return e;
    if (!fits(s->q->doc_no, doc_no) || !fits(s->q->part_no, row.part_no)) return ERR_OK;
    listing_code(s->l, &codes_parts_doc, doc);
    listing_text(s->l, doc_no);
    listing_count(s->l, line);
    listing_text(s->l, row.part_no);
    money(s->l, row.unit_cost);
    listing_code(s->l, &codes_ledger_place, row.source);
    listing_number(s->l, (int64_t)row.issued);
    listing_number(s->l, (int64_t)row.back);
    listing_number(
        s->l, row.source == ledger_place_hand ? 0 : row.in_transit + row.in_hand + row.in_owed);
    print_where(s->l, &row);
    for (int p = ledger_place_outside; p <= ledger_place_difference; p++)
        listing_number(s->l, parts_line_at(&row, (enum ledger_place)p));
    return ERR_OK;
}

/* ---- moves ---- */

static const struct listing_column move_columns[] = {
    {"move", "move", true},     {"record", NULL, true},     {"day", "day", false},
    {"doc", "document", false}, {"doc_no", "no", false},    {"line", "line", true},
    {"part_no", "part", false}, {"qty", "pieces", true},    {"value", "value", true},
    {"from", "from", false},    {"from_holder", "", false}, {"to", "to", false},
    {"to_holder", "", false},   {"at", NULL, false},        {"actor", NULL, false}};

static void print_move(struct scan *s, const struct view_record *r)
{
    const struct ev_ledger_moved *m = r->payload;
    struct listing *l = s->l;
    const struct parts_query *q = s->q;
    char day[11];
    bool wanted = fits(q->doc_no, m->doc_no) && fits(q->part_no, m->part_no) &&
                  (fits(q->holder, m->from_holder) || fits(q->holder, m->to_holder)) &&
                  (q->place == 0 || q->place == m->from || q->place == m->to) &&
                  (!q->from || m->day >= q->from) && (!q->to || m->day <= q->to);
    if (!wanted) return;
    day_format(m->day, day);
    listing_count(l, m->move);
    listing_count(l, r->entry.seq);
    listing_text(l, str_of(day));
    listing_code(l, &codes_parts_doc, m->doc);
    listing_text(l, m->doc_no);
    listing_count(l, m->line);
    listing_text(l, m->part_no);
    listing_count(l, m->qty);
    money(l, m->value);
    listing_code(l, &codes_ledger_place, m->from);
    listing_text(l, m->from_holder);
    listing_code(l, &codes_ledger_place, m->to);
    listing_text(l, m->to_holder);
    listing_time(l, r->entry.occurred ? r->entry.occurred : r->entry.now, NULL);
    listing_text(l, r->entry.actor);
}

static enum err each_move(struct scan *s)
{
    uint64_t last;
    enum err e = reader_last(s->v->reader, OWNER_parts, &last);
    for (uint64_t seq = 1; e == ERR_OK && seq <= last; seq++) {
        struct slice bytes;
        struct view_record r;
        arena_reset(&s->v->arena);
        e = reader_record(s->v->reader, OWNER_parts, seq, &bytes);
        if (e == ERR_OK) e = view_record(&s->v->arena, OWNER_parts, bytes, &r);
        bool moved = e == ERR_OK && r.type && r.type->kind == EV_ledger_moved && r.payload;
        if (moved) print_move(s, &r);
    }
    return e;
}

int parts_list(struct view *v, const struct parts_query *q)
{
    struct scan s = {.v = v, .q = q};
    enum err e = ERR_OK;
    bool there = reader_has(v->reader, OWNER_parts);
    if (q->what == PARTS_LIST_lines) {
        s.l = listing_begin(v->out, v->form, line_columns, COUNT_OF(line_columns));
        if (there) e = each_row(&s, PARTS_LEDGER_LINE, on_line);
    } else if (q->what == PARTS_LIST_moves) {
        s.l = listing_begin(v->out, v->form, move_columns, COUNT_OF(move_columns));
        if (there) e = each_move(&s);
    } else {
        s.l = listing_begin(v->out, v->form, balance_columns, COUNT_OF(balance_columns));
        if (there && q->at) e = balances_at(&s);
        if (there && !q->at) e = each_row(&s, PARTS_LEDGER_BALANCE, on_balance);
    }
    listing_end(&s.l, "no parts");
    return view_result(v, e, "the ledger");
}

/* ---- the command ---- */

struct arguments {
    struct view_options view;
    struct parts_query query;
};

static void take_day(struct argp_state *state, const char *arg, int32_t *out)
{
    if (day_parse(str_of(arg), out) != ERR_OK)
        argp_error(state, "%s is not a day; write it like 2026-03-31", arg);
}

static void take_place(struct argp_state *state, const char *arg, uint32_t *out)
{
    for (uint32_t p = ledger_place_outside; p <= ledger_place_difference; p++) {
        if (strcmp(arg, code_word(&codes_ledger_place, p)) == 0) *out = p;
    }
    if (!*out)
        argp_error(state,
                   "%s is no place; these are: outside store inspect transit station hand owed "
                   "used old gone lost difference",
                   arg);
}

enum { OPTION_AT = 256, OPTION_FROM, OPTION_TO };

static error_t parse(int key, char *arg, struct argp_state *state)
{
    struct arguments *a = state->input;
    struct parts_query *q = &a->query;
    switch (key) {
    case 'P':
        take_place(state, arg, &q->place);
        return 0;
    case 'H':
        q->holder = str_of(arg);
        return 0;
    case 'n':
        q->part_no = str_of(arg);
        return 0;
    case 'D':
        q->doc_no = str_of(arg);
        if (q->what == PARTS_LIST_balances) q->what = PARTS_LIST_lines;
        return 0;
    case 'l':
        q->what = PARTS_LIST_lines;
        return 0;
    case 'e':
        q->what = PARTS_LIST_moves;
        return 0;
    case 'a':
        q->all = true;
        return 0;
    case OPTION_AT:
        take_day(state, arg, &q->at);
        return 0;
    case OPTION_FROM:
        take_day(state, arg, &q->from);
        return 0;
    case OPTION_TO:
        take_day(state, arg, &q->to);
        return 0;
    case ARGP_KEY_END:
        if (q->what != PARTS_LIST_moves && (q->from || q->to))
            argp_error(state, "--from and --to go with --export; a balance has --at");
        if (q->from && q->to && q->to < q->from) argp_error(state, "--to lies before --from");
        return 0;
    default:
        return view_parse(key, arg, state, "--part");
    }
}

static const struct argp_option options[] = {
    {"at", OPTION_AT, "DAY", 0, "as it was at the end of that day", 0},
    {"place", 'P', "PLACE", 0, "only there: store, station, hand, owed …", 0},
    {"holder", 'H', "WHO", 0, "only of this store, station or person", 0},
    {"part", 'n', "PART", 0, "only this part", 0},
    {"all", 'a', NULL, 0, "also where nothing is left", 0},
    {"lines", 'l', NULL, 0, "lines of documents: where their pieces are", 1},
    {"doc", 'D', "NUMBER", 0, "only of this document; implies --lines", 1},
    {"export", 'e', NULL, 0, "every move of the ledger, as it was logged", 2},
    {"from", OPTION_FROM, "DAY", 0, "with --export: from this day on", 2},
    {"to", OPTION_TO, "DAY", 0, "with --export: up to this day", 2},
    {0}};

static int run(struct view *v, void *arguments)
{
    const struct arguments *a = arguments;
    return parts_list(v, &a->query);
}

int cmd_parts(int argc, char **argv)
{
    static const struct argp_child children[] = {{&view_argp, 0, NULL, 0}, {0}};
    static const struct argp argp = {
        options,
        parse,
        NULL,
        "The ledger of parts 臺帳: what is where and whose, in pieces and yuan."
        "\vBelow zero are the places that parts were drawn from: what is outside, and a store "
        "whose "
        "opening stock nobody entered. Over all places each part adds up to 0; `cuiban verify` "
        "proves it. For finance: `cuiban parts --export --from 2026-03-01 --to 2026-03-31 --csv`.",
        children,
        NULL,
        NULL};
    struct arguments a = {.view = VIEW_OPTIONS_DEFAULT};
    return view_run(&(struct view_command){&argp, run}, argc, argv, &a);
}
