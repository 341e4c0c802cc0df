/* parts_mover.h - a stage for the tests of the ledger: its parts service does nothing but move, as
 * the text of issue.tracked says:
 *
 *   doc doc_no line part_no from from_holder to to_holder qty unit_cost
 *
 * places and documents by their words, "none" for a holder that is nobody. */
#ifndef CUIBAN_TESTS_UNIT_PARTS_MOVER_H
#define CUIBAN_TESTS_UNIT_PARTS_MOVER_H

#include "services/parts/parts_private.h"
#define OLD_PARTS_FOLLOW false
#include "tests/unit/parts_door.h"

static inline uint32_t number_of(const struct codeset *set, const char *word)
{
    for (uint32_t n = 1; n < 32; n++) {
        if (strcmp(code_word(set, n), word) == 0) return n;
    }
    fail_msg("%s is no word of its set", word);
    return 0;
}

struct mover_words {
    char doc[16], doc_no[40], part[40], from[16], from_holder[40], to[16], to_holder[40];
    unsigned line;
    long long qty, cost;
};

static inline struct mover_words mover_read(const char *text)
{
    struct mover_words w;
    int n = sscanf(text, "%15s %39s %u %39s %15s %39s %15s %39s %lld %lld", w.doc, w.doc_no,
                   &w.line, w.part, w.from, w.from_holder, w.to, w.to_holder, &w.qty, &w.cost);
    assert_int_equal(n, 10);
    return w;
}

static inline struct str nobody_or(const char *holder)
{
    return strcmp(holder, "none") == 0 ? (struct str){0} : str_of(holder);
}

static inline enum err mover_step(struct step *st, const void *payload)
{
    st->rule = st->type->rule;
    if (st->type->kind == EV_unit_upserted || st->type->kind == EV_person_upserted)
        return step_master(st, payload);
    if (st->type->kind != EV_issue_tracked) return ERR_STALE;
    const struct ev_issue_tracked *ev = payload;
    char text[520];
    snprintf(text, sizeof text, "%.*s", STR_ARG(ev->text));
    struct mover_words w = mover_read(text);
    struct parts_move m = {.doc = (enum parts_doc)number_of(&codes_parts_doc, w.doc),
                           .doc_no = str_of(w.doc_no),
                           .line = w.line,
                           .part_no = str_of(w.part),
                           .from = (enum ledger_place)number_of(&codes_ledger_place, w.from),
                           .to = (enum ledger_place)number_of(&codes_ledger_place, w.to),
                           .from_holder = nobody_or(w.from_holder),
                           .to_holder = nobody_or(w.to_holder),
                           .qty = w.qty,
                           .unit_cost_fen = w.cost};
    return parts_move(st, &m);
}

/* shelves: stores and stations hold no less than nothing. */
static inline struct stage *mover_open(bool shelves)
{
    static struct service mover = {
        .name = "parts", .owner = OWNER_parts, .upstream = IN(OWNER_intake), .step = mover_step};
    static const struct service *const services[] = {&intake_service, &mover};
    mover.tables = parts_tables;
    mover.table_count = PARTS_TABLES;
    char dir[] = "/tmp/parts_mover.XXXXXX", cmd[700];
    assert_non_null(mkdtemp(dir));
    snprintf(cmd, sizeof cmd,
             "cp -r deploy/policy/common %s/common && cp -r %s/. %s/own && "
             "sed -i 's#../../../../deploy/policy/#../#g' %s/own/policy.yaml && "
             "printf 'parts:\\n  stock_nonnegative: %s\\n' >> %s/own/policy.yaml",
             dir, POLICY_PARTS, dir, dir, shelves ? "yes" : "no", dir);
    assert_int_equal(system(cmd), 0);
    snprintf(cmd, sizeof cmd, "%s/own", dir);
    struct stage *s = stage_open(cmd, services, COUNT_OF(services));
    snprintf(cmd, sizeof cmd, "rm -rf '%s'", dir);
    assert_int_equal(system(cmd), 0);
    units_tell(s);
    return s;
}

static inline struct words_of_move {
    char text[600];
} move_said(const char *text)
{
    struct words_of_move w;
    snprintf(w.text, sizeof w.text, "'note_no':'%s','text':'%s'", mover_read(text).doc_no, text);
    return w;
}

static inline void moved(struct stage *s, const char *local, const char *text)
{
    say(s, "BUS", "issue.tracked", local, move_said(text).text);
}

static inline void not_moved(struct stage *s, const char *local, const char *text, const char *code)
{
    size_t moves = count(s, "ledger.moved");
    deny(s, "BUS", "issue.tracked", local, move_said(text).text, "PRT-014", code);
    assert_int_equal(count(s, "ledger.moved"), moves);
}

/* ---- balances and days ---- */

static inline struct key balance_key(enum ledger_place place, const char *holder, const char *part)
{
    struct key k = {.n = 0};
    key_u8(&k, (uint8_t)place);
    key_str(&k, str_of(holder));
    key_str(&k, str_of(part));
    return k;
}

static inline int32_t day_named(const char *text)
{
    int32_t day = 0;
    assert_int_equal(day_parse(str_of(text), &day), ERR_OK);
    return day;
}

static inline struct rec_row_ledger_day on_day(struct stage *s, enum ledger_place place,
                                               const char *holder, const char *part,
                                               const char *day)
{
    struct rec_row_ledger_day row = {0};
    struct key k = balance_key(place, holder, part);
    key_day(&k, day_named(day));
    (void)row_at(s, PARTS_LEDGER_DAY, k, &row);
    return row;
}

/* What was there at 24:00 of a day: the days up to it. */
struct past {
    struct key prefix;
    int32_t last;
    int64_t qty;
};

static inline void past_add(void *ctx, struct slice key, const void *row)
{
    struct past *p = ctx;
    const struct rec_row_ledger_day *d = row;
    struct key until = p->prefix;
    key_day(&until, p->last);
    if (key.n != until.n || memcmp(key.p, p->prefix.b, p->prefix.n) != 0) return;
    if (memcmp(key.p, until.b, until.n) <= 0) p->qty += (int64_t)d->qty_in - (int64_t)d->qty_out;
}

static inline int64_t balance_on(struct stage *s, enum ledger_place place, const char *holder,
                                 const char *part, const char *day)
{
    struct past p = {.prefix = balance_key(place, holder, part), .last = day_named(day)};
    each_row(s, PARTS_LEDGER_DAY, past_add, &p);
    return p.qty;
}

#endif
