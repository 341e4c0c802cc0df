/* parts_door.h - what the tests of parts share: the house of intake, parts and escalation (with
 * dispatch where it is asked for) on the calendar of the worked examples (CAL-EX, +08:00), units
 * and persons, facts told by a unit, the law of the ledger, and ways to look into rows, deadlines
 * and refusals.
 *
 * Every fact that is said or denied is followed by `law_holds`: nothing is made out of nothing; and
 * by `law_owed_holds`: the ledger and the old parts agree. */
#ifndef CUIBAN_TESTS_UNIT_PARTS_DOOR_H
#define CUIBAN_TESTS_UNIT_PARTS_DOOR_H

#include "common/contract.h"
#include "common/deadline.h"
#include "services/dispatch/dispatch.h"
#include "services/escalation/escalation.h"
#include "services/intake/intake.h"
#include "services/parts/parts.h"
#include "tests/lib/stage.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
// clang-format off
#include <cmocka.h>
// clang-format on
#include "tests/unit/moment.h"

#define CLOCKS_OWNER OWNER_parts
#include "tests/unit/clocks.h"

#define POLICY_PARTS "tests/unit/data/policy-parts"

/* Units: IND, BUS, VEH, IT, PLANT and GEN have the parts policy PP-… of the same name; ST1 and ST2
 * are service stations; U1 is the source of stage_tell. T1, T2 and T3 are technicians, K1 keeps the
 * store, boss manages, all at BUS; T9 is a technician of IND, HD its head of department; SQ is the
 * quality engineer of PLANT. */

/* ---- the house ---- */

static inline void units_tell(struct stage *s)
{
    static const char *const units[] = {"IND", "BUS", "VEH", "IT", "PLANT",
                                        "GEN", "ST1", "ST2", "U1"};
    static const struct {
        const char *person, *unit, *role;
    } persons[] = {{"T1", "BUS", "technician"}, {"T2", "BUS", "technician"},
                   {"T3", "BUS", "technician"}, {"K1", "BUS", "keeper"},
                   {"T9", "IND", "technician"}, {"HD", "IND", "head"},
                   {"boss", "BUS", "manager"},  {"SQ", "PLANT", "SQE"}};
    char data[160];
    for (size_t i = 0; i < COUNT_OF(units); i++) {
        snprintf(data, sizeof data,
                 "{'unit':'%s','calendar':'CAL-EX','supervisor':'boss','default_policy':'SP-%s'}",
                 units[i], i < 6 ? units[i] : "BUS");
        (void)stage_tell(s, "unit.upserted", "2020-01-01T08:00:00+08:00", data);
    }
    for (size_t i = 0; i < COUNT_OF(persons); i++) {
        snprintf(data, sizeof data, "{'person':'%s','unit':'%s','role':'%s'}", persons[i].person,
                 persons[i].unit, persons[i].role);
        (void)stage_tell(s, "person.upserted", "2020-01-01T08:00:00+08:00", data);
    }
}

static inline struct stage *house_of(const char *policy_dir, bool dispatch)
{
    static const struct service *const all[] = {&intake_service, &dispatch_service, &parts_service,
                                                &escalation_service};
    static const struct service *const few[] = {&intake_service, &parts_service,
                                                &escalation_service};
    struct stage *s = dispatch ? stage_open(policy_dir, all, COUNT_OF(all))
                               : stage_open(policy_dir, few, COUNT_OF(few));
    units_tell(s);
    return s;
}

static inline struct stage *parts_open(void)
{
    return house_of(POLICY_PARTS, false);
}

static inline struct stage *parts_open_with_dispatch(void)
{
    return house_of(POLICY_PARTS, true);
}

/* The policy of the tests with changed lines; `sed` edits its file, e.g. "policy.yaml". A file of
 * the common ones is edited as "common/parts.yaml". */
static inline struct stage *parts_open_changed(const char *file, const char *sed)
{
    char dir[] = "/tmp/parts_policy.XXXXXX", cmd[900];
    assert_non_null(mkdtemp(dir));
    snprintf(cmd, sizeof cmd,
             "cp -r deploy/policy/common %s/common && cp -r %s/. %s/own && "
             "sed -i 's#../../../../deploy/policy/#../#g' %s/own/policy.yaml && "
             "sed -i '%s' %s/%s%s",
             dir, POLICY_PARTS, dir, dir, sed, dir, strncmp(file, "common/", 7) ? "own/" : "",
             file);
    assert_int_equal(system(cmd), 0);
    snprintf(cmd, sizeof cmd, "%s/own", dir);
    struct stage *s = house_of(cmd, false);
    snprintf(cmd, sizeof cmd, "rm -rf '%s'", dir);
    assert_int_equal(system(cmd), 0);
    return s;
}

/* ---- the law of the ledger ---- */

typedef void row_seen(void *ctx, struct slice key, const void *row);

/* Every row of a table of parts, in the order of its keys. */
static inline void each_row(struct stage *s, int which, row_seen *seen, void *ctx)
{
    const struct table *t = &parts_tables[which];
    struct store *store = node_store(stage_node(s, OWNER_parts));
    struct slice from = {0}, key, value;
    struct fault why;
    struct arena arena = {0};
    struct key at = {.n = 0};
    while (store_next(store, t->id, from, at.n > 0, &key, &value) == ERR_OK) {
        arena_reset(&arena);
        void *row = arena_take(&arena, t->shape()->size);
        memset(row, 0, t->shape()->size);
        assert_int_equal(proto_decode(t->shape(), value, &arena, row, &why), ERR_OK);
        memcpy(at.b, key.p, key.n);
        at.n = key.n;
        from = (struct slice){at.b, at.n};
        seen(ctx, from, row);
    }
    arena_fini(&arena);
}

/* What is where, of each part. */
#define LAW_PARTS_MAX 128
struct law {
    struct {
        char part[72];
        int64_t qty, value;    /* balances over all places */
        int64_t days, day_fen; /* came less went, over all days and places */
    } sums[LAW_PARTS_MAX];
    size_t n;
};

static inline size_t law_part(struct law *l, struct str part)
{
    for (size_t i = 0; i < l->n; i++) {
        if (str_is(part, l->sums[i].part)) return i;
    }
    assert_true(l->n < LAW_PARTS_MAX);
    snprintf(l->sums[l->n].part, sizeof l->sums[l->n].part, "%.*s", STR_ARG(part));
    return l->n++;
}

static inline size_t law_of_key(struct law *l, struct slice key)
{
    struct key_reader r = {key};
    uint8_t place;
    struct str holder, part;
    assert_int_equal(key_take_u8(&r, &place), ERR_OK);
    assert_int_equal(key_take_str(&r, &holder), ERR_OK);
    assert_int_equal(key_take_str(&r, &part), ERR_OK);
    return law_part(l, part);
}

static inline int64_t line_at(const struct rec_row_ledger_line *l, enum ledger_place place)
{
    const int64_t at[] = {0,
                          l->in_outside,
                          l->in_store,
                          l->in_inspect,
                          l->in_transit,
                          l->in_station,
                          l->in_hand,
                          l->in_owed,
                          l->in_used,
                          l->in_old,
                          l->in_gone,
                          l->in_lost,
                          l->in_difference};
    assert_true(place < COUNT_OF(at));
    return at[place];
}

/* No piece of a line is anywhere twice or nowhere. Only the source is below 0. */
static inline void law_line(void *ctx, struct slice key, const void *row)
{
    const struct rec_row_ledger_line *l = row;
    int64_t sum = 0;
    (void)ctx, (void)key;
    for (int p = ledger_place_outside; p <= ledger_place_difference; p++) {
        sum += line_at(l, (enum ledger_place)p);
        if (p != (int)l->source) assert_true(line_at(l, (enum ledger_place)p) >= 0);
    }
    assert_int_equal(sum, 0);
    assert_int_equal(line_at(l, l->source), (int64_t)l->back - (int64_t)l->issued);
}

static inline void law_balance(void *ctx, struct slice key, const void *row)
{
    struct law *l = ctx;
    const struct rec_row_ledger_balance *b = row;
    size_t i = law_of_key(l, key);
    l->sums[i].qty += b->qty;
    l->sums[i].value += b->value;
    l->sums[i].days -= b->qty;
    l->sums[i].day_fen -= b->value;
}

static inline void law_day(void *ctx, struct slice key, const void *row)
{
    struct law *l = ctx;
    const struct rec_row_ledger_day *d = row;
    size_t i = law_of_key(l, key);
    l->sums[i].days += (int64_t)d->qty_in - (int64_t)d->qty_out;
    l->sums[i].day_fen += (int64_t)d->value_in - (int64_t)d->value_out;
}

/* What old parts say, of the lines that owe them and of whoever does. */
#define LAW_OWED_MAX 2048
#ifndef OLD_PARTS_FOLLOW
#define OLD_PARTS_FOLLOW true /* false: a test moves pieces without the facts that move them */
#endif
struct law_owed {
    struct {
        struct key line; /* n == 0: of a holder */
        char holder[72];
        int64_t pieces, value, overdue;
    } sums[LAW_OWED_MAX];
    size_t n;
};

static inline size_t law_owed_of(struct law_owed *l, struct slice line, struct str holder)
{
    for (size_t i = 0; i < l->n; i++) {
        struct key *k = &l->sums[i].line;
        bool same = k->n == line.n && (!line.n || memcmp(k->b, line.p, line.n) == 0);
        if (same && str_is(holder, l->sums[i].holder)) return i;
    }
    assert_true(l->n < LAW_OWED_MAX);
    if (line.n) memcpy(l->sums[l->n].line.b, line.p, line.n);
    l->sums[l->n].line.n = line.n;
    snprintf(l->sums[l->n].holder, sizeof l->sums[l->n].holder, "%.*s", STR_ARG(holder));
    return l->n++;
}

static inline void law_oldpart(void *ctx, struct slice key, const void *row)
{
    struct law_owed *l = ctx;
    const struct rec_row_oldpart *r = row;
    bool out = r->state == oldpart_state_expected || r->state == oldpart_state_overdue;
    (void)key;
    if (r->place == ledger_place_owed) {
        struct key k = {.n = 0};
        key_u8(&k, (uint8_t)r->doc);
        key_str(&k, r->doc_no);
        key_u64(&k, r->line);
        size_t i = law_owed_of(l, (struct slice){k.b, k.n}, (struct str){0});
        l->sums[i].pieces -= (int64_t)r->qty;
    }
    if (!out || r->duty != oldpart_duty_must) return;
    size_t i = law_owed_of(l, (struct slice){0}, r->person.n ? r->person : r->unit);
    l->sums[i].pieces -= (int64_t)r->qty;
    l->sums[i].value -= r->value;
    l->sums[i].overdue -= r->state == oldpart_state_overdue;
}

static inline void law_owed_line(void *ctx, struct slice key, const void *row)
{
    struct law_owed *l = ctx;
    const struct rec_row_ledger_line *line = row;
    if (line->in_owed) l->sums[law_owed_of(l, key, (struct str){0})].pieces += line->in_owed;
}

static inline void law_debt(void *ctx, struct slice key, const void *row)
{
    struct law_owed *l = ctx;
    const struct rec_row_oldpart_debt *d = row;
    struct key_reader r = {key};
    struct str holder;
    assert_int_equal(key_take_str(&r, &holder), ERR_OK);
    size_t i = law_owed_of(l, (struct slice){0}, holder);
    l->sums[i].pieces += d->pieces;
    l->sums[i].value += d->value;
    l->sums[i].overdue += d->overdue;
}

/* What is owed of a line is what its old parts say, and so is the debt of a holder. */
static inline void law_owed_holds(struct stage *s)
{
    static struct law_owed l;
    if (!OLD_PARTS_FOLLOW) return;
    memset(l.sums, 0, l.n * sizeof l.sums[0]);
    l.n = 0;
    each_row(s, PARTS_OLDPART, law_oldpart, &l);
    each_row(s, PARTS_LEDGER_LINE, law_owed_line, &l);
    each_row(s, PARTS_OLDPART_DEBT, law_debt, &l);
    for (size_t i = 0; i < l.n; i++) {
        if (!l.sums[i].pieces && !l.sums[i].value && !l.sums[i].overdue) continue;
        fail_msg("old parts and %s%s: %d pieces, %d fen, %d overdue more than they say",
                 l.sums[i].line.n ? "a line of the ledger" : "the debt of ", l.sums[i].holder,
                 (int)l.sums[i].pieces, (int)l.sums[i].value, (int)l.sums[i].overdue);
    }
}

/* Each line holds; over all places each part sums to 0, in pieces and in fen; and the balances are
 * the sums of their days. */
static inline void law_holds(struct stage *s)
{
    static struct law l;
    memset(&l, 0, sizeof l);
    each_row(s, PARTS_LEDGER_LINE, law_line, NULL);
    each_row(s, PARTS_LEDGER_BALANCE, law_balance, &l);
    each_row(s, PARTS_LEDGER_DAY, law_day, &l);
    for (size_t i = 0; i < l.n; i++) {
        assert_int_equal(l.sums[i].qty, 0);
        assert_int_equal(l.sums[i].value, 0);
        assert_int_equal(l.sums[i].days, 0);
        assert_int_equal(l.sums[i].day_fen, 0);
    }
}

/* ---- telling; times are local, "2026-03-02T16:00" with or without seconds ---- */

static inline void until(struct stage *s, const char *local)
{
    stage_until(s, moment(local).text);
}

static inline size_t count(struct stage *s, const char *type)
{
    return stage_count(s, OWNER_parts, type);
}

static inline const char *last(struct stage *s, const char *type, const char *field)
{
    return stage_last(s, OWNER_parts, type, field);
}

/* A fact the door takes, whatever parts says to it. */
static inline void tell(struct stage *s, const char *unit, const char *type, const char *local,
                        const char *data)
{
    static unsigned facts;
    char text[4000], id[24];
    snprintf(id, sizeof id, "p%u", ++facts);
    snprintf(text, sizeof text, "{%s}", data);
    if (strcmp(stage_tell_as(s, unit, id, type, moment(local).text, text), "accepted") != 0)
        fail_msg("%s: %.*s", type, STR_ARG(stage_outcome(s)->text));
    law_holds(s);
    law_owed_holds(s);
}

/* Accepted by parts. */
static inline void say(struct stage *s, const char *unit, const char *type, const char *local,
                       const char *data)
{
    size_t before = count(s, "refused.fact"), own = count(s, type);
    tell(s, unit, type, local, data);
    if (count(s, "refused.fact") != before)
        fail_msg("%s {%s}: %s", type, data, last(s, "refused.fact", "text"));
    if (count(s, type) <= own) fail_msg("%s {%s}: parts did not hear it", type, data);
}

/* Refused by parts with this rule and code, in a sentence. */
static inline void deny(struct stage *s, const char *unit, const char *type, const char *local,
                        const char *data, const char *rule, const char *code)
{
    size_t before = count(s, "refused.fact"), own = count(s, type);
    tell(s, unit, type, local, data);
    if (count(s, "refused.fact") != before + 1) fail_msg("%s {%s}: not refused", type, data);
    if (strcmp(last(s, "refused.fact", "rule"), rule) ||
        strcmp(last(s, "refused.fact", "code"), code)) {
        fail_msg("%s {%s}: %s %s: %s", type, data, last(s, "refused.fact", "rule"),
                 last(s, "refused.fact", "code"), last(s, "refused.fact", "text"));
    }
    assert_int_equal(count(s, type), own);
    assert_true(strlen(last(s, "refused.fact", "text")) > 20);
}

/* ---- looking ---- */

static inline bool row_at(struct stage *s, int which, struct key k, void *row)
{
    return stage_row(s, OWNER_parts, &parts_tables[which], k, row);
}

/* Where the pieces of a document's line are; all zero when there is no such line. */
static inline struct rec_row_ledger_line ledger_line(struct stage *s, enum parts_doc doc,
                                                     const char *doc_no, uint32_t line)
{
    struct rec_row_ledger_line row = {0};
    struct key k = {.n = 0};
    key_u8(&k, (uint8_t)doc);
    key_str(&k, str_of(doc_no));
    key_u64(&k, line);
    (void)row_at(s, PARTS_LEDGER_LINE, k, &row);
    return row;
}

/* Pieces of a part at a place and holder. */
static inline int64_t balance(struct stage *s, enum ledger_place place, const char *holder,
                              const char *part_no)
{
    struct rec_row_ledger_balance row = {0};
    struct key k = {.n = 0};
    key_u8(&k, (uint8_t)place);
    key_str(&k, str_of(holder));
    key_str(&k, str_of(part_no));
    (void)row_at(s, PARTS_LEDGER_BALANCE, k, &row);
    return row.qty;
}

#endif
