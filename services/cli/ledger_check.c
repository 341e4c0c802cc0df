/* ledger_check.c - the laws of the ledger of parts, for `cuiban verify`.
 *
 * While the log is read, every ledger.moved is added up in the index: by account (place, holder,
 * part), by account and day, and by line of a document. Then every row must say what the log says;
 * a line must hold by itself; a balance must be the sum of its days; and over all accounts a part
 * must add up to 0, in pieces and in fen. What a line and a person owe is what their old parts say.
 * Sums wrap: what was tampered with may be any number. */
#include "common/contract.h"
#include "services/cli/audit.h"
#include "services/parts/parts.h"
#include <assert.h>
#include <inttypes.h>
#include <string.h>

#define SUMS_MAX 12 /* the places of a line */
#define NAME_SIZE 320

struct sums {
    int64_t v[SUMS_MAX];
};

/* Rows of a table, as sums; `n` of them count. */
struct kind {
    int table; /* of parts */
    uint8_t index;
    size_t n;
    const struct shape *(*shape)(void);
    void (*take)(const void *row, struct sums *out);
    void (*name)(const struct key *k, char out[NAME_SIZE]);
    const char *const *what;
};

/* ---- sums in the index ---- */

static int64_t add(int64_t a, int64_t b)
{
    return (int64_t)((uint64_t)a + (uint64_t)b);
}

static enum err sums_get(struct audit *a, uint8_t table, const struct key *k, size_t n,
                         struct sums *out)
{
    struct slice v;
    *out = (struct sums){{0}};
    enum err e = store_get(a->index, table, (struct slice){k->b, k->n}, &v);
    for (size_t i = 0; e == ERR_OK && i < n; i++)
        out->v[i] = (int64_t)be_get64(v.p + 8 * i);
    return e;
}

static void sums_put(struct audit *a, uint8_t table, const struct key *k, size_t n,
                     const struct sums *s)
{
    uint8_t v[8 * SUMS_MAX];
    for (size_t i = 0; i < n; i++)
        be_put64(v + 8 * i, (uint64_t)s->v[i]);
    store_put(a->index, table, (struct slice){k->b, k->n}, (struct slice){v, 8 * n});
    a->puts++;
}

static enum err sums_add(struct audit *a, uint8_t table, const struct key *k, size_t n,
                         const struct sums *more)
{
    struct sums s;
    enum err e = sums_get(a, table, k, n, &s);
    if (e != ERR_OK && e != ERR_NOT_FOUND) return e;
    if (e == ERR_NOT_FOUND) a->ledger_rows[table - AUDIT_TABLE_LEDGER_ACCOUNT]++;
    for (size_t i = 0; i < n; i++)
        s.v[i] = add(s.v[i], more->v[i]);
    sums_put(a, table, k, n, &s);
    return ERR_OK;
}

/* ---- names ---- */

static void account_name(const struct key *k, char out[NAME_SIZE])
{
    struct key_reader r = {{k->b, k->n}};
    struct str holder = {0}, part_no = {0};
    uint8_t place = 0;
    uint64_t day = 0;
    char text[16] = "";
    (void)!key_take_u8(&r, &place);
    (void)!key_take_str(&r, &holder);
    (void)!key_take_str(&r, &part_no);
    if (key_take_u64(&r, &day) == ERR_OK) {
        memcpy(text, " on ", 4);
        day_format((int32_t)((int64_t)day - INT64_C(0x100000000)), text + 4);
    }
    (void)snprintf(out, NAME_SIZE, "%s of \"%.*s\", part %.*s%s",
                   code_word(&codes_ledger_place, place), STR_ARG(holder), STR_ARG(part_no), text);
}

static void line_name(const struct key *k, char out[NAME_SIZE])
{
    struct key_reader r = {{k->b, k->n}};
    struct str no = {0};
    uint8_t doc = 0;
    uint64_t line = 0;
    (void)!key_take_u8(&r, &doc);
    (void)!key_take_str(&r, &no);
    (void)!key_take_u64(&r, &line);
    (void)snprintf(out, NAME_SIZE, "line %" PRIu64 " of %s %.*s", line,
                   code_word(&codes_parts_doc, doc), STR_ARG(no));
}

/* ---- kinds of rows ---- */

static void take_balance(const void *row, struct sums *out)
{
    const struct rec_row_ledger_balance *b = row;
    *out = (struct sums){{b->qty, b->value}};
}

static void take_day(const void *row, struct sums *out)
{
    const struct rec_row_ledger_day *d = row;
    *out = (struct sums){
        {(int64_t)d->qty_in, (int64_t)d->qty_out, (int64_t)d->value_in, (int64_t)d->value_out}};
}

static void take_line(const void *row, struct sums *out)
{
    for (int p = ledger_place_outside; p <= ledger_place_difference; p++)
        out->v[p - 1] = parts_line_at(row, (enum ledger_place)p);
}

static const char *const balance_words[] = {"pieces", "fen"};
static const char *const day_words[] = {"pieces in", "pieces out", "fen in", "fen out"};
static const char *const line_words[] = {"outside", "store", "inspect", "transit",
                                         "station", "hand",  "owed",    "used",
                                         "old",     "gone",  "lost",    "difference"};

enum { KIND_BALANCE, KIND_DAY, KIND_LINE, KINDS };
static const struct kind kinds[KINDS] = {
    [KIND_BALANCE] = {PARTS_LEDGER_BALANCE, AUDIT_TABLE_LEDGER_ACCOUNT, 2, shape_row_ledger_balance,
                      take_balance, account_name, balance_words},
    [KIND_DAY] = {PARTS_LEDGER_DAY, AUDIT_TABLE_LEDGER_DAY, 4, shape_row_ledger_day, take_day,
                  account_name, day_words},
    [KIND_LINE] = {PARTS_LEDGER_LINE, AUDIT_TABLE_LEDGER_LINE, SUMS_MAX, shape_row_ledger_line,
                   take_line, line_name, line_words},
};

/* ---- the log ---- */

static enum err move_account(struct audit *a, const struct ev_ledger_moved *m, bool in)
{
    struct key k = {.n = 0};
    int64_t qty = (int64_t)m->qty;
    struct sums whole = {{in ? qty : -qty, in ? m->value : -m->value}}, day = {{0}};
    day.v[in ? 0 : 1] = qty;
    day.v[in ? 2 : 3] = m->value;
    key_u8(&k, (uint8_t)(in ? m->to : m->from));
    key_str(&k, in ? m->to_holder : m->from_holder);
    key_str(&k, m->part_no);
    enum err e = sums_add(a, AUDIT_TABLE_LEDGER_ACCOUNT, &k, 2, &whole);
    key_day(&k, m->day);
    return e == ERR_OK ? sums_add(a, AUDIT_TABLE_LEDGER_DAY, &k, 4, &day) : e;
}

enum err ledger_check_move(struct audit *a, const struct view_record *r)
{
    const struct ev_ledger_moved *m = r->payload;
    struct key k = {.n = 0};
    struct sums line = {{0}};
    a->results[AUDIT_ledger].looked_at++;
    line.v[m->from - 1] -= (int64_t)m->qty;
    line.v[m->to - 1] += (int64_t)m->qty;
    key_u8(&k, (uint8_t)m->doc);
    key_str(&k, m->doc_no);
    key_u64(&k, m->line);
    enum err e = sums_add(a, AUDIT_TABLE_LEDGER_LINE, &k, SUMS_MAX, &line);
    if (e == ERR_OK) e = move_account(a, m, false);
    return e == ERR_OK ? move_account(a, m, true) : e;
}

/* ---- rows against the log ---- */

static void compare(struct audit *a, const struct kind *kind, const struct key *k,
                    const struct sums *row, const struct sums *log)
{
    char name[NAME_SIZE];
    for (size_t i = 0; i < kind->n; i++) {
        if (row->v[i] == log->v[i]) continue;
        kind->name(k, name);
        audit_wrong(a, AUDIT_ledger, "%s: the row says %" PRId64 " %s, the log %" PRId64, name,
                    row->v[i], kind->what[i], log->v[i]);
    }
}

static void check_line(struct audit *a, const struct key *k, const struct rec_row_ledger_line *l)
{
    char name[NAME_SIZE];
    bool known = l->source >= ledger_place_outside && l->source <= ledger_place_difference;
    struct sums s;
    int64_t sum = 0;
    if (known && parts_line_holds(l)) return;
    take_line(l, &s);
    for (size_t i = 0; i < SUMS_MAX; i++)
        sum = add(sum, s.v[i]);
    line_name(k, name);
    audit_wrong(a, AUDIT_ledger,
                "%s, part %.*s: its places add up to %" PRId64 ", not 0; %s has %" PRId64
                ", issued %" PRIu64 ", back %" PRIu64,
                name, STR_ARG(l->part_no), sum, known ? line_words[l->source - 1] : "no source",
                known ? s.v[l->source - 1] : 0, l->issued, l->back);
}

/* Over all accounts; begun anew by each attempt at the rows. */
static enum err add_to_part(struct audit *a, const struct key *account, const struct sums *row)
{
    struct key_reader r = {{account->b, account->n}};
    struct str holder, part_no;
    struct sums s;
    uint8_t place;
    if (key_take_u8(&r, &place) || key_take_str(&r, &holder) || key_take_str(&r, &part_no))
        return ERR_CORRUPT;
    struct key k = key_of(part_no);
    enum err e = sums_get(a, AUDIT_TABLE_LEDGER_PART, &k, 3, &s);
    if (e != ERR_OK && e != ERR_NOT_FOUND) return e;
    if (s.v[2] != (int64_t)a->ledger_attempt) s = (struct sums){{0}};
    s.v[0] = add(s.v[0], row->v[0]);
    s.v[1] = add(s.v[1], row->v[1]);
    s.v[2] = (int64_t)a->ledger_attempt;
    sums_put(a, AUDIT_TABLE_LEDGER_PART, &k, 3, &s);
    return ERR_OK;
}

/* Rows that the log speaks of and that are not there; looked for only when some are missing. */
static enum err find_missing(struct audit *a, const struct kind *kind)
{
    struct key at = {.n = 0};
    struct slice key, value;
    enum err e;
    while ((e = store_next(a->index, kind->index, (struct slice){at.b, at.n}, at.n > 0, &key,
                           &value)) == ERR_OK) {
        char name[NAME_SIZE];
        memcpy(at.b, key.p, key.n);
        at.n = key.n;
        struct slice row;
        e = reader_get(a->view->reader, OWNER_parts, parts_tables[kind->table].id, &at, &row);
        if (e == ERR_OK) continue;
        if (e != ERR_NOT_FOUND) return e;
        kind->name(&at, name);
        audit_wrong(a, AUDIT_ledger, "%s: there is no row, the log says %" PRId64 " %s", name,
                    (int64_t)be_get64(value.p), kind->what[0]);
    }
    return e == ERR_END ? ERR_OK : e;
}

static enum err check_rows(struct audit *a, const struct kind *kind)
{
    struct key at = {.n = 0};
    struct slice value;
    uint64_t seen = 0;
    enum err e;
    uint8_t table = parts_tables[kind->table].id;
    while ((e = reader_row(a->view->reader, OWNER_parts, table, NULL, &at, &value)) == ERR_OK) {
        union {
            struct rec_row_ledger_balance balance;
            struct rec_row_ledger_day day;
            struct rec_row_ledger_line line;
        } row;
        struct sums said, log;
        e = view_decode(a->view, kind->shape(), value, &row);
        if (e != ERR_OK) return e;
        kind->take(&row, &said);
        e = sums_get(a, kind->index, &at, kind->n, &log);
        if (e != ERR_OK && e != ERR_NOT_FOUND) return e;
        seen += e == ERR_OK;
        compare(a, kind, &at, &said, &log);
        if (kind == &kinds[KIND_LINE]) check_line(a, &at, &row.line);
        e = kind == &kinds[KIND_BALANCE] ? add_to_part(a, &at, &said) : ERR_OK;
        if (e != ERR_OK) return e;
    }
    if (e != ERR_END) return e;
    bool whole = seen == a->ledger_rows[kind->index - AUDIT_TABLE_LEDGER_ACCOUNT];
    return whole ? ERR_OK : find_missing(a, kind);
}

/* ---- balances against their days ---- */

struct days {
    struct key at; /* of the day at hand; n == 0: none left */
    struct sums day;
};

static enum err days_next(struct audit *a, struct days *d)
{
    struct rec_row_ledger_day row;
    struct slice value;
    uint8_t table = parts_tables[PARTS_LEDGER_DAY].id;
    enum err e = reader_row(a->view->reader, OWNER_parts, table, NULL, &d->at, &value);
    if (e == ERR_OK) e = view_decode(a->view, shape_row_ledger_day(), value, &row);
    if (e == ERR_OK) take_day(&row, &d->day);
    if (e == ERR_END) d->at.n = 0;
    return e == ERR_END ? ERR_OK : e;
}

/* -1: the day belongs to an account before this one. */
static int day_order(const struct days *d, const struct key *account)
{
    size_t n = d->at.n - 8 < account->n ? d->at.n - 8 : account->n;
    int order = memcmp(d->at.b, account->b, n);
    return order ? order : (d->at.n - 8 > account->n) - (d->at.n - 8 < account->n);
}

static enum err sum_days(struct audit *a, struct days *d, const struct key *account,
                         struct sums *out)
{
    enum err e = ERR_OK;
    while (e == ERR_OK && d->at.n > 8 && day_order(d, account) <= 0) {
        bool own = day_order(d, account) == 0;
        if (own) out->v[0] = add(out->v[0], add(d->day.v[0], -d->day.v[1]));
        if (own) out->v[1] = add(out->v[1], add(d->day.v[2], -d->day.v[3]));
        e = days_next(a, d);
    }
    return e;
}

/* Both tables are in the order of their accounts. */
static enum err check_days(struct audit *a)
{
    struct key at = {.n = 0};
    struct days d = {.at = {.n = 0}};
    enum err e = days_next(a, &d);
    while (e == ERR_OK) {
        struct rec_row_ledger_balance b;
        struct sums sum = {{0}};
        struct slice value;
        char name[NAME_SIZE];
        uint8_t table = parts_tables[PARTS_LEDGER_BALANCE].id;
        e = reader_row(a->view->reader, OWNER_parts, table, NULL, &at, &value);
        if (e == ERR_OK) e = view_decode(a->view, shape_row_ledger_balance(), value, &b);
        if (e == ERR_OK) e = sum_days(a, &d, &at, &sum);
        if (e != ERR_OK || (sum.v[0] == b.qty && sum.v[1] == b.value)) continue;
        account_name(&at, name);
        audit_wrong(a, AUDIT_ledger,
                    "%s: the balance is %" PRId64 " pieces, %" PRId64
                    " fen; its days add up to %" PRId64 " pieces, %" PRId64 " fen",
                    name, b.qty, b.value, sum.v[0], sum.v[1]);
    }
    return e == ERR_END ? ERR_OK : e;
}

static enum err check_parts(struct audit *a)
{
    struct key at = {.n = 0};
    struct slice key, value;
    enum err e;
    while ((e = store_next(a->index, AUDIT_TABLE_LEDGER_PART, (struct slice){at.b, at.n}, at.n > 0,
                           &key, &value)) == ERR_OK) {
        memcpy(at.b, key.p, key.n);
        at.n = key.n;
        int64_t qty = (int64_t)be_get64(value.p), fen = (int64_t)be_get64(value.p + 8);
        bool now = be_get64(value.p + 16) == a->ledger_attempt;
        if (!now || (qty == 0 && fen == 0)) continue;
        audit_wrong(a, AUDIT_ledger,
                    "part %.*s: over all places and holders %" PRId64 " pieces, %" PRId64
                    " fen, not 0 and 0",
                    (int)at.n - 1, (const char *)at.b, qty, fen);
    }
    return e == ERR_END ? ERR_OK : e;
}

/* ---- what is owed against the old parts ---- */

enum owed { OWED_LINE = 1, OWED_BY }; /* begins the key: of a line, by a person or unit */
enum { OWED_PIECES, OWED_FEN, OWED_OVERDUE, OWED_WORDS, OWED_ATTEMPT = 2 * OWED_WORDS, OWED_SUMS };
static const char *const owed_words[] = {"pieces owed", "fen owed", "overdue"};
static_assert(OWED_SUMS <= SUMS_MAX, "they fit");

/* more: what the row says, from v[0]; what old parts say, from v[OWED_WORDS]. */
static enum err add_owed(struct audit *a, const struct key *k, const struct sums *more)
{
    struct sums s;
    enum err e = sums_get(a, AUDIT_TABLE_LEDGER_OWED, k, OWED_SUMS, &s);
    if (e != ERR_OK && e != ERR_NOT_FOUND) return e;
    if (s.v[OWED_ATTEMPT] != (int64_t)a->ledger_attempt) s = (struct sums){{0}};
    for (size_t i = 0; i < OWED_ATTEMPT; i++)
        s.v[i] = add(s.v[i], more->v[i]);
    s.v[OWED_ATTEMPT] = (int64_t)a->ledger_attempt;
    sums_put(a, AUDIT_TABLE_LEDGER_OWED, k, OWED_SUMS, &s);
    return ERR_OK;
}

static struct key owed_key(enum owed owed, struct slice rest)
{
    struct key k = {.n = 0};
    key_u8(&k, (uint8_t)owed);
    REQUIRE(rest.n < sizeof k.b);
    memcpy(k.b + k.n, rest.p, rest.n);
    k.n += rest.n;
    return k;
}

static enum err add_line_owed(struct audit *a, const struct key *at, struct slice value)
{
    struct rec_row_ledger_line l;
    enum err e = view_decode(a->view, shape_row_ledger_line(), value, &l);
    if (e != ERR_OK || l.in_owed == 0) return e;
    struct key k = owed_key(OWED_LINE, (struct slice){at->b, at->n});
    return add_owed(a, &k, &(struct sums){{[OWED_PIECES] = l.in_owed}});
}

static enum err add_debt(struct audit *a, const struct key *at, struct slice value)
{
    struct rec_row_oldpart_debt d;
    enum err e = view_decode(a->view, shape_row_oldpart_debt(), value, &d);
    if (e != ERR_OK) return e;
    struct key k = owed_key(OWED_BY, (struct slice){at->b, at->n});
    return add_owed(a, &k, &(struct sums){{d.pieces, d.value, d.overdue}});
}

static enum err add_oldpart(struct audit *a, const struct key *at, struct slice value)
{
    struct rec_row_oldpart r;
    (void)at;
    enum err e = view_decode(a->view, shape_row_oldpart(), value, &r);
    if (e != ERR_OK) return e;
    bool overdue = r.state == oldpart_state_overdue;
    bool out = overdue || r.state == oldpart_state_expected;
    struct key k = owed_key(OWED_LINE, (struct slice){(const uint8_t *)"", 0});
    key_u8(&k, (uint8_t)r.doc);
    key_str(&k, r.doc_no);
    key_u64(&k, r.line);
    struct sums s = {0};
    s.v[OWED_WORDS + OWED_PIECES] = (int64_t)r.qty;
    if (r.place == ledger_place_owed) e = add_owed(a, &k, &s);
    if (e != ERR_OK || !out || r.duty != oldpart_duty_must) return e;
    k = key_of(r.person.n ? r.person : r.unit);
    k = owed_key(OWED_BY, (struct slice){k.b, k.n});
    s.v[OWED_WORDS + OWED_FEN] = r.value;
    s.v[OWED_WORDS + OWED_OVERDUE] = overdue;
    return add_owed(a, &k, &s);
}

static enum err add_rows(struct audit *a, int which,
                         enum err (*add_row)(struct audit *, const struct key *, struct slice))
{
    struct key at = {.n = 0};
    struct slice value;
    uint8_t table = parts_tables[which].id;
    enum err e;
    while ((e = reader_row(a->view->reader, OWNER_parts, table, NULL, &at, &value)) == ERR_OK) {
        e = add_row(a, &at, value);
        if (e != ERR_OK) return e;
    }
    return e == ERR_END ? ERR_OK : e;
}

static void compare_owed(struct audit *a, const struct key *at, struct slice value)
{
    struct key rest = {.n = at->n - 1};
    char name[NAME_SIZE];
    memcpy(rest.b, at->b + 1, rest.n);
    if (be_get64(value.p + 8 * OWED_ATTEMPT) != a->ledger_attempt) return;
    if (at->b[0] == OWED_LINE)
        line_name(&rest, name);
    else
        (void)snprintf(name, sizeof name, "\"%.*s\"", (int)rest.n - 1, (const char *)rest.b);
    for (size_t i = 0; i < OWED_WORDS; i++) {
        int64_t row = (int64_t)be_get64(value.p + 8 * i);
        int64_t old = (int64_t)be_get64(value.p + 8 * (OWED_WORDS + i));
        if (row == old) continue;
        audit_wrong(a, AUDIT_ledger, "%s: the row says %" PRId64 " %s, the old parts %" PRId64,
                    name, row, owed_words[i], old);
    }
}

static enum err check_owed(struct audit *a)
{
    struct key at = {.n = 0};
    struct slice key, value;
    enum err e = add_rows(a, PARTS_LEDGER_LINE, add_line_owed);
    if (e == ERR_OK) e = add_rows(a, PARTS_OLDPART_DEBT, add_debt);
    if (e == ERR_OK) e = add_rows(a, PARTS_OLDPART, add_oldpart);
    while (e == ERR_OK) {
        e = store_next(a->index, AUDIT_TABLE_LEDGER_OWED, (struct slice){at.b, at.n}, at.n > 0,
                       &key, &value);
        if (e != ERR_OK) break;
        memcpy(at.b, key.p, key.n);
        at.n = key.n;
        compare_owed(a, &at, value);
    }
    return e == ERR_END ? ERR_OK : e;
}

enum err ledger_check_rows(struct audit *a)
{
    enum err e = ERR_OK;
    a->ledger_attempt++;
    for (int i = 0; e == ERR_OK && i < KINDS; i++)
        e = check_rows(a, &kinds[i]);
    if (e == ERR_OK) e = check_days(a);
    if (e == ERR_OK) e = check_parts(a);
    return e == ERR_OK ? check_owed(a) : e;
}
