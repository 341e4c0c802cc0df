/* model_scoring.c - what is counted of people and what their sheets come to, for the scheme sim_100
 * of tests/sim/policy. Every fact that was taken is kept under what names it, the later instead of
 * the earlier; a tally is how many of them are so, whatever their order was. A score is reckoned
 * here in hundredths of a point. Rules SCO-008, SCO-040, SCO-107, INT-089; promise N12. */
#include "common/contract.h"
#include "services/scoring/scoring.h"
#include "tests/sim/model_private.h"
#include <stdio.h>
#include <string.h>

#define SCHEME "sim_100"
#define HUNDRED 100

/* Counted by the policy; in a deed one bit each. */
static const char *const counted[] = {"attendance_late",
                                      "attendance_absent",
                                      "orders",
                                      "orders_refunded",
                                      "rating_low",
                                      "praise",
                                      "cards"};
enum { LATE, ABSENT, ORDERS, REFUNDED, LOW, PRAISE, CARDS, COUNTED };

/* The last that was told under one name. */
struct deed {
    enum event_kind kind;
    struct str name, more; /* what names it */
    int32_t named_day;
    struct str person, unit;
    int32_t day;
    uint32_t is; /* IN(counted) */
    int64_t amount;
};

/* An entry on a sheet that stands. */
struct mark {
    struct str person, item, number, id;
    int32_t first;
    int64_t at_ms, hundredths;
};

static int32_t month_of(int32_t day)
{
    int y, m, d;
    day_split(day, &y, &m, &d);
    return day_of(y, m, 1);
}

/* ---- what is told ---- */

static struct str unit_of(struct model *m, struct str person, const struct record *r)
{
    uint64_t before = r->e.cause_seq ? r->e.cause_seq : r->e.seq;
    for (uint64_t seq = before; seq-- > 1;) {
        const struct record *x = model_at(m, OWNER_intake, seq);
        if (x->type->kind != EV_person_upserted) continue;
        const struct ev_person_upserted *e = x->p;
        if (str_eq(e->person, person)) return e->unit;
    }
    return r->e.source;
}

static bool told_by_orders(const struct record *r, struct deed *d)
{
    if (r->type->kind == EV_order_counted) {
        const struct ev_order_counted *e = r->p;
        d->name = e->order_no, d->person = e->person, d->unit = e->unit, d->day = e->day;
        d->amount = (int64_t)e->orders;
        d->is = IN(ORDERS);
    } else if (r->type->kind == EV_order_refunded) {
        const struct ev_order_refunded *e = r->p;
        d->name = e->order_no, d->person = e->person, d->unit = e->unit, d->day = e->day;
        d->amount = (int64_t)e->orders;
        if (e->after_sales == yes_no_yes) d->is = IN(REFUNDED);
    }
    return d->name.n > 0;
}

static bool told_by_people(const struct record *r, struct deed *d)
{
    if (r->type->kind == EV_attendance_recorded) {
        const struct ev_attendance_recorded *e = r->p;
        d->name = d->person = e->person, d->more = e->no, d->day = d->named_day = e->day;
        if (e->kind == attendance_kind_late) d->is = IN(LATE);
        if (e->kind == attendance_kind_absent) d->is = IN(ABSENT);
    } else if (r->type->kind == EV_rating_low_given) {
        const struct ev_rating_low_given *e = r->p;
        d->name = e->rating_no, d->person = e->person, d->day = e->day;
        if (e->after_sales_reason == yes_no_yes && e->confirmed_by.n) d->is = IN(LOW);
    } else if (r->type->kind == EV_praise_given) {
        const struct ev_praise_given *e = r->p;
        d->name = e->praise_no, d->person = e->person, d->day = e->day;
        d->is = IN(PRAISE);
    } else if (r->type->kind == EV_survey_returned) {
        const struct ev_survey_returned *e = r->p;
        d->name = e->call_no, d->more = d->person = e->technician;
        if (e->attitude || e->skill || e->arrival || e->promise) d->is = IN(CARDS);
    }
    return d->name.n > 0;
}

static void take_deed(struct model *m, const struct record *r)
{
    struct deed d = {.kind = r->type->kind, .amount = 1};
    if (!told_by_orders(r, &d) && !told_by_people(r, &d)) return;
    if (!d.day) d.day = hours_day(r->e.occurred);
    if (!d.unit.n) d.unit = unit_of(m, d.person, r);
    struct deed *v = m->deeds.v;
    size_t i = 0;
    while (i < m->deeds.n && !(v[i].kind == d.kind && str_eq(v[i].name, d.name) &&
                               str_eq(v[i].more, d.more) && v[i].named_day == d.named_day))
        i++;
    if (i == m->deeds.n) v = (list_add(&m->deeds, sizeof d), m->deeds.v);
    v[i] = d;
}

/* ---- entries ---- */

static int64_t hundredths(struct str text)
{
    int64_t n = 0, scale = HUNDRED;
    bool behind = false;
    for (uint32_t i = 0; i < text.n; i++) {
        if (text.p[i] == '.') {
            behind = true;
        } else {
            n = 10 * n + (text.p[i] - '0');
            scale /= behind ? 10 : 1;
        }
    }
    return n * scale;
}

static int64_t worth(struct str word, struct str points)
{
    static const struct {
        const char *word;
        int64_t points;
    } words[] = {{"優", 20},   {"良", 15},     {"中", 10},     {"差", 0},
                 {"minor", 5}, {"medium", 10}, {"serious", 20}};
    for (size_t i = 0; i < COUNT_OF(words); i++) {
        if (word.n && str_is(word, words[i].word)) return HUNDRED * words[i].points;
    }
    return hundredths(points);
}

static bool comes_later(const struct mark *a, const struct mark *b)
{
    if (a->at_ms != b->at_ms) return a->at_ms > b->at_ms;
    uint32_t n = a->id.n < b->id.n ? a->id.n : b->id.n;
    int order = memcmp(a->id.p, b->id.p, n);
    return order ? order > 0 : a->id.n >= b->id.n;
}

/* Complaints without a number are each another one. */
static void take_mark(struct model *m, const struct mark *x)
{
    struct mark *v = m->marks.v;
    bool alone = str_is(x->item, "complaint") && x->number.n == 0;
    size_t i = 0;
    while (i < m->marks.n && (alone || v[i].first != x->first || !str_eq(v[i].person, x->person) ||
                              !str_eq(v[i].item, x->item) || !str_eq(v[i].number, x->number)))
        i++;
    if (i < m->marks.n && !comes_later(x, &v[i])) return;
    if (i == m->marks.n) v = (list_add(&m->marks, sizeof *x), m->marks.v);
    v[i] = *x;
}

static void take_entry(struct model *m, const struct record *r)
{
    if (r->type->kind == EV_scoring_item_scored) {
        const struct ev_scoring_item_scored *e = r->p;
        struct mark x = {.person = e->person,
                         .item = e->item,
                         .number = e->entry,
                         .id = r->e.id,
                         .first = e->first,
                         .at_ms = r->e.occurred,
                         .hundredths = worth(e->word, e->points)};
        take_mark(m, &x);
    } else if (r->type->kind == EV_scoring_appeal_ruled) {
        const struct ev_scoring_appeal_ruled *e = r->p;
        for (uint32_t i = 0; i < e->lines.n; i++) {
            struct mark x = {.person = e->person,
                             .item = e->lines.v[i].item,
                             .id = r->e.id,
                             .first = e->first,
                             .at_ms = r->e.occurred,
                             .hundredths = worth(e->lines.v[i].word, e->lines.v[i].points)};
            take_mark(m, &x);
        }
    }
}

/* ---- a score ---- */

static int64_t sum_of(const struct model *m, struct str person, int32_t first, unsigned fact)
{
    const struct deed *v = m->deeds.v;
    int64_t sum = 0;
    for (size_t i = 0; i < m->deeds.n; i++) {
        if (v[i].is & IN(fact) && str_eq(v[i].person, person) && month_of(v[i].day) == first)
            sum += v[i].amount;
    }
    return sum;
}

/* -1: nothing was entered. */
static int64_t entered(const struct model *m, const struct ev_scoring_result_published *of,
                       const char *item)
{
    const struct mark *v = m->marks.v;
    int64_t sum = -1;
    for (size_t i = 0; i < m->marks.n; i++) {
        if (v[i].first != of->first || !str_eq(v[i].person, of->person) || !str_is(v[i].item, item))
            continue;
        sum = (sum < 0 ? 0 : sum) + v[i].hundredths;
    }
    return sum;
}

static int64_t at_least_0(int64_t n)
{
    return n > 0 ? n : 0;
}

/* In hundredths; false when the sheet is not complete. */
static bool score_of(const struct model *m, const struct ev_scoring_result_published *e,
                     int64_t *score)
{
    int64_t has[COUNTED];
    for (unsigned f = 0; f < COUNTED; f++)
        has[f] = sum_of(m, e->person, e->first, f);
    int64_t quality = entered(m, e, "quality"), skill = entered(m, e, "skill");
    int64_t complaints = at_least_0(entered(m, e, "complaint"));
    if (quality < 0 || skill < 0 || has[ORDERS] == 0) return false;
    bool few = has[REFUNDED] * 100 <= has[ORDERS] * 5,
         some = has[REFUNDED] * 100 <= has[ORDERS] * 8;
    int64_t whole = (few ? 30 : some ? 20 : 0) + at_least_0(20 - 5 * has[LATE] - 10 * has[ABSENT]);
    int64_t beside = 2 * has[PRAISE] - 5 * has[LOW];
    *score = at_least_0(quality + skill + HUNDRED * (whole + beside) - complaints);
    return true;
}

static void check_result(struct model *m, const struct record *r)
{
    const struct ev_scoring_result_published *e = r->p;
    int64_t score = 0;
    char text[32];
    if (!str_is(e->scheme, SCHEME)) return;
    if (!score_of(m, e, &score)) {
        model_break(m, "N12", "result of %.*s is published, and his sheet is not complete",
                    STR_ARG(e->person));
        return;
    }
    (void)snprintf(text, sizeof text, "%lld.%02lld", (long long)(score / HUNDRED),
                   (long long)(score % HUNDRED));
    bool same = e->score_num * HUNDRED == score * e->score_den && str_is(e->score, text);
    bool passes = score >= 70 * HUNDRED;
    if (!same || (e->passed == yes_no_yes) != passes)
        model_break(m, "N12", "%.*s has %.*s of 100, revision %llu; it is %s", STR_ARG(e->person),
                    STR_ARG(e->score), (unsigned long long)e->revision, text);
    m->seen.scores++;
}

/* ---- conduct ---- */

/* One entry for a person, kind, place and day, however often it was told; what is taken back was
 * booked. */
static void check_booked(struct model *m, const struct record *r)
{
    const struct ev_conduct_booked *e = r->p;
    bool stands = false, back = e->withdrawn == yes_no_yes;
    for (uint64_t seq = 1; seq < r->e.seq; seq++) {
        const struct record *x = model_at(m, OWNER_scoring, seq);
        const struct ev_conduct_booked *b = x->type == r->type ? x->p : NULL;
        if (b && b->day == e->day && str_eq(b->person, e->person) && str_eq(b->kind, e->kind) &&
            str_eq(b->case_no, e->case_no))
            stands = b->withdrawn != yes_no_yes;
    }
    if (stands != back)
        model_break(m, "N12", "%.*s of %.*s is %s twice", STR_ARG(e->kind), STR_ARG(e->person),
                    back ? "taken back" : "booked");
    if (e->fine != (back ? 0 : 100 * HUNDRED))
        model_break(m, "N12", "%.*s costs %.*s %lld fen", STR_ARG(e->kind), STR_ARG(e->person),
                    (long long)e->fine);
}

void score_take(struct model *m, enum owner log, const struct record *r)
{
    bool fact = r->e.id.n && r->type->kind != EV_refused_fact;
    bool card = log == OWNER_intake && r->type->kind == EV_survey_returned;
    if (fact && (card || log == OWNER_scoring)) take_deed(m, r);
    if (log != OWNER_scoring) return;
    if (fact) take_entry(m, r);
    if (r->type->kind == EV_scoring_result_published) check_result(m, r);
    if (r->type->kind == EV_conduct_booked) check_booked(m, r);
}

/* ---- rows ---- */

static void expect(struct model *m, uint8_t holder, struct str who, const struct deed *d,
                   unsigned fact)
{
    struct tally *v = m->tallies.v;
    struct key k = {.n = 0};
    size_t i = 0;
    key_u8(&k, holder);
    key_str(&k, who);
    key_day(&k, month_of(d->day));
    key_str(&k, str_of(counted[fact]));
    while (i < m->tallies.n && !(v[i].key.n == k.n && memcmp(v[i].key.b, k.b, k.n) == 0))
        i++;
    if (i == m->tallies.n) {
        v = (list_add(&m->tallies, sizeof *v), m->tallies.v);
        v[i].key = k;
    }
    v[i].n++;
    v[i].sum += d->amount;
}

static void expect_all(struct model *m)
{
    const struct deed *v = m->deeds.v;
    for (size_t i = 0; !m->in_tallies && i < m->deeds.n; i++) {
        for (unsigned f = 0; f < COUNTED; f++) {
            if (!(v[i].is & IN(f))) continue;
            if (v[i].person.n) expect(m, 0, v[i].person, &v[i], f);
            if (v[i].unit.n) expect(m, 1, v[i].unit, &v[i], f);
        }
    }
    m->in_tallies = true;
}

void model_tally_row(struct model *m, uint8_t table, struct slice key, struct slice value)
{
    struct rec_row_score_tally row;
    struct fault why;
    struct key_reader r = {key};
    struct str who = {0}, fact = {0};
    uint64_t month;
    uint8_t holder;
    size_t i = 0;
    if (m->broken[0] || table != scoring_tables[SCORING_TALLY].id) return;
    expect_all(m);
    struct tally *v = m->tallies.v;
    while (i < m->tallies.n && !(v[i].key.n == key.n && memcmp(v[i].key.b, key.p, key.n) == 0))
        i++;
    REQUIRE(key_take_u8(&r, &holder) == ERR_OK && key_take_str(&r, &who) == ERR_OK &&
            key_take_u64(&r, &month) == ERR_OK && key_take_str(&r, &fact) == ERR_OK);
    REQUIRE(proto_decode(shape_row_score_tally(), value, &m->arena, &row, &why) == ERR_OK);
    m->seen.tallies++;
    if (i < m->tallies.n) v[i].met = true;
    if (i == m->tallies.n || row.n != v[i].n || row.sum != v[i].sum)
        model_break(
            m, "N12",
            "%.*s of %.*s: the tally is of %llu facts, %lld; what was told makes %llu, %lld",
            STR_ARG(fact), STR_ARG(who), (unsigned long long)row.n, (long long)row.sum,
            i == m->tallies.n ? 0ULL : (unsigned long long)v[i].n,
            i == m->tallies.n ? 0LL : (long long)v[i].sum);
}

void model_tally_end(struct model *m)
{
    const struct tally *v;
    if (!m->broken[0]) expect_all(m);
    v = m->tallies.v;
    for (size_t i = 0; i < m->tallies.n; i++) {
        if (!v[i].met)
            model_break(m, "N12", "a tally of %s is missing: %llu facts", (char *)v[i].key.b + 1,
                        (unsigned long long)v[i].n);
    }
    m->tallies.n = 0;
    m->in_tallies = false;
}
