/* score_sheet.c - see score_sheet.h. */
#include "services/cli/score_sheet.h"
#include "common/contract.h"
#include "common/score_events.h"
#include "services/scoring/scoring.h"
#include <stdio.h>
#include <string.h>

#define MONTHS_MAX 12

/* ---- rows ---- */

static enum err decoded(struct score_sheet *s, const struct shape *shape, struct slice value,
                        void *row)
{
    struct fault why;
    return proto_decode(shape, arena_copy(&s->arena, value), &s->arena, row, &why);
}

static enum err get(struct view *v, struct score_sheet *s, int table, const struct key *k,
                    void *row)
{
    struct slice value;
    const struct table *t = &scoring_tables[table];
    enum err e = reader_get(v->reader, OWNER_scoring, t->id, k, &value);
    return e == ERR_OK ? decoded(s, t->shape(), value, row) : e;
}

static struct key sheet_key(struct str person, struct str scheme, int32_t first)
{
    struct key k = key_of(person);
    key_str(&k, scheme);
    key_day(&k, first);
    return k;
}

#define KEY_REST 10 /* two ends of names, and a day */

bool score_names_fit(struct str person, struct str scheme)
{
    return (uint64_t)person.n + scheme.n + KEY_REST <= STORE_KEY_MAX;
}

/* The last text of a key, behind this sign; empty: it has another one. */
static struct str named(struct score_sheet *s, const struct key *k, size_t before, char sign)
{
    struct key_reader r = {{k->b + before, k->n - before}};
    struct str text;
    if (key_take_str(&r, &text) != ERR_OK || !text.n || text.p[0] != sign) return (struct str){0};
    return arena_str(&s->arena, (struct str){text.p + 1, text.n - 1});
}

/* The latest of those that fit. */
static enum err find(struct view *v, struct score_sheet *s, struct str person, struct str scheme,
                     int32_t first)
{
    struct key prefix = key_of(person), at = {.n = 0};
    struct slice value;
    bool found = false;
    uint8_t table = scoring_tables[SCORING_SHEET].id;
    enum err e;
    if (scheme.n) key_str(&prefix, scheme);
    while ((e = reader_row(v->reader, OWNER_scoring, table, &prefix, &at, &value)) == ERR_OK) {
        struct rec_row_score_sheet row;
        e = decoded(s, shape_row_score_sheet(), value, &row);
        if (e != ERR_OK) return e;
        bool fits = (first == 0 || row.first == first) && (!found || row.first > s->row.first);
        if (!fits) continue;
        s->row = row;
        found = true;
    }
    if (e != ERR_END) return e;
    return found ? ERR_OK : ERR_NOT_FOUND;
}

static enum err read_entries(struct view *v, struct score_sheet *s)
{
    const uint32_t room = 512;
    struct key prefix = sheet_key(s->row.person, s->row.scheme, s->row.first), at = {.n = 0};
    struct slice value;
    uint8_t table = scoring_tables[SCORING_ENTRY].id;
    enum err e;
    s->entries = arena_take(&s->arena, room * sizeof *s->entries);
    s->numbers = arena_take(&s->arena, room * sizeof *s->numbers);
    while ((e = reader_row(v->reader, OWNER_scoring, table, &prefix, &at, &value)) == ERR_OK) {
        if (s->entry_count == room) return ERR_FULL;
        struct rec_row_score_entry *row = &s->entries[s->entry_count];
        e = decoded(s, shape_row_score_entry(), value, row);
        if (e != ERR_OK) return e;
        struct key before = prefix;
        key_str(&before, row->item);
        key_str(&before, row->rater);
        s->numbers[s->entry_count++] = named(s, &at, before.n, 'n');
    }
    return e == ERR_END ? ERR_OK : e;
}

/* ---- what was counted ---- */

static int months_of(const struct score_sheet *s)
{
    static const int months[] = {
        [SCORE_PERIOD_month] = 1, [SCORE_PERIOD_quarter] = 3, [SCORE_PERIOD_year] = MONTHS_MAX};
    return months[s->scheme->period];
}

static struct key tally_key(const struct score_sheet *s, uint32_t fact, int month)
{
    struct key k = {.n = 0};
    key_u8(&k, 0); /* of the person */
    key_str(&k, s->row.person);
    key_day(&k, day_add_months(s->row.first, month));
    key_str(&k, s->policy->score_facts[fact].id);
    return k;
}

static enum err sum_fact(struct view *v, struct score_sheet *s, uint32_t fact)
{
    const struct score_fact *f = &s->policy->score_facts[fact];
    uint64_t n = 0, sum = 0;
    bool range = false;
    for (int m = 0; m < months_of(s); m++) {
        struct rec_row_score_tally t;
        struct key k = tally_key(s, fact, m);
        enum err e = get(v, s, SCORING_TALLY, &k, &t);
        if (e == ERR_NOT_FOUND) continue;
        if (e != ERR_OK) return e;
        n += t.n;
        sum += (uint64_t)t.sum;
    }
    const struct score_event *event = score_event_of(f->kind);
    bool untold = n == 0 && event && event->figure;
    s->facts[fact] = untold ? FRAC_NONE : frac_mul(score_scale(f), FRAC_INT((int64_t)sum), &range);
    return ERR_OK;
}

static void keep(struct score_sheet *s, const struct score_seen *seen, uint32_t *room)
{
    if (s->seen_count == *room) {
        struct score_seen *more = arena_take(&s->arena, 2 * (*room + 8) * sizeof *more);
        if (s->seen_count) memcpy(more, s->seen, s->seen_count * sizeof *more);
        s->seen = more;
        *room = 2 * (*room + 8);
    }
    s->seen[s->seen_count++] = *seen;
}

static enum err read_events(struct view *v, struct score_sheet *s, uint32_t fact, uint32_t *room)
{
    uint8_t table = scoring_tables[SCORING_FACT].id;
    for (int m = 0; m < months_of(s); m++) {
        struct key prefix = tally_key(s, fact, m), at = {.n = 0};
        struct slice value;
        enum err e;
        while ((e = reader_row(v->reader, OWNER_scoring, table, &prefix, &at, &value)) == ERR_OK) {
            struct score_seen seen = {.fact = fact};
            seen.no = named(s, &at, prefix.n, SCORING_REF_MARK);
            e = decoded(s, shape_row_score_fact(), value, &seen.row);
            if (e != ERR_OK) return e;
            if (seen.row.withdrawn != yes_no_yes) keep(s, &seen, room);
        }
        if (e != ERR_END) return e;
    }
    return ERR_OK;
}

static enum err count(struct view *v, struct score_sheet *s)
{
    uint32_t room = 0;
    s->facts = arena_take(&s->arena, (s->policy->score_fact_count + 1) * sizeof *s->facts);
    for (uint32_t i = 0; i < s->policy->score_fact_count; i++) {
        enum err e = sum_fact(v, s, i);
        if (e == ERR_OK) e = read_events(v, s, i, &room);
        if (e != ERR_OK) return e;
    }
    return ERR_OK;
}

/* ---- the scheme ---- */

/* As it was when the period began: by the first of the policies that has it so, else as it is. */
static enum err find_scheme(struct view *v, struct score_sheet *s)
{
    struct rec_row_score_standard row;
    struct key k = key_of(s->row.scheme);
    key_day(&k, s->row.first);
    enum err e = get(v, s, SCORING_STANDARD, &k, &row);
    if (e != ERR_OK && e != ERR_NOT_FOUND) return e;
    bool known = e == ERR_OK;
    s->scheme = policy_scheme_at(v->policy, s->row.scheme, s->row.first);
    for (uint32_t i = 0; i < v->policy_count; i++) {
        const struct scheme *was = policy_scheme_at(v->policies[i], s->row.scheme, s->row.first);
        if (!was || (known && was->print != row.print)) continue;
        s->policy = v->policies[i];
        s->scheme = was;
        return ERR_OK;
    }
    s->changed = s->scheme && known;
    return s->scheme ? ERR_OK : ERR_NOT_FOUND;
}

/* ---- the score ---- */

static void reckon_again(struct score_sheet *s)
{
    struct rec_score_line *lines = arena_take(&s->arena, (s->entry_count + 1) * sizeof *lines);
    struct reckon_case *cases = arena_take(&s->arena, (s->seen_count + 1) * sizeof *cases);
    for (uint32_t i = 0; i < s->seen_count; i++)
        cases[i] = (struct reckon_case){s->seen[i].fact, s->seen[i].no};
    for (uint32_t i = 0; i < s->entry_count; i++) {
        const struct rec_row_score_entry *r = &s->entries[i];
        lines[i] = (struct rec_score_line){.item = r->item,
                                           .rater = r->rater,
                                           .word = r->word,
                                           .points = r->points,
                                           .actual = r->actual,
                                           .reason = r->reason,
                                           .by = r->by,
                                           .event = s->numbers[i],
                                           .at = r->at};
    }
    reckon(&(struct reckon_input){.scheme = s->scheme,
                                  .post = s->row.post,
                                  .lines = lines,
                                  .line_count = s->entry_count,
                                  .facts = s->facts,
                                  .quarter_share =
                                      reckon_quarter_share(s->policy, s->scheme, s->row.first),
                                  .cases = cases,
                                  .case_count = s->seen_count},
           &s->now);
}

/* ---- what was paid ---- */

static enum err get_if(struct view *v, struct score_sheet *s, int table, const struct key *k,
                       void *row)
{
    enum err e = get(v, s, table, k, row);
    return e == ERR_NOT_FOUND ? ERR_OK : e;
}

static enum err read_pay(struct view *v, struct score_sheet *s)
{
    struct key account = key_of(s->row.person), month = account, pay;
    key_day(&month, s->row.first);
    pay = month;
    key_str(&pay, s->row.scheme);
    enum err e = get_if(v, s, SCORING_PAY_MONTH, &pay, &s->paid);
    if (e == ERR_OK) e = get_if(v, s, SCORING_PAY_ACCOUNT, &account, &s->account);
    if (e != ERR_OK || s->scheme->period != SCORE_PERIOD_month) return e;
    e = get_if(v, s, SCORING_PAY_BONUS, &month, &s->bonus);
    return e == ERR_OK ? get_if(v, s, SCORING_CONDUCT_AWARD, &month, &s->no_award) : e;
}

enum err score_sheet_read(struct view *v, struct str person, struct str scheme, int32_t first,
                          struct score_sheet *out)
{
    *out = (struct score_sheet){.policy = v->policy};
    if (!reader_has(v->reader, OWNER_scoring)) return ERR_NOT_FOUND;
    if (!score_names_fit(person, scheme)) return ERR_NOT_FOUND;
    enum err e = find(v, out, person, scheme, first);
    if (e != ERR_OK) return e;
    e = find_scheme(v, out);
    if (e != ERR_OK) return e;
    struct key k = sheet_key(person, out->row.scheme, out->row.first);
    e = get(v, out, SCORING_RESULT, &k, &out->result);
    if (e == ERR_NOT_FOUND) e = ERR_OK;
    if (e == ERR_OK) e = read_entries(v, out);
    if (e == ERR_OK) e = count(v, out);
    if (e == ERR_OK) e = read_pay(v, out);
    if (e == ERR_OK) reckon_again(out);
    return e;
}

void score_sheet_fini(struct score_sheet *s)
{
    arena_fini(&s->arena);
}

/* ---- periods ---- */

void score_period_text(enum score_period p, int32_t first, char out[SCORE_PERIOD_TEXT_MAX])
{
    int y, m, d;
    day_split(first, &y, &m, &d);
    if (p == SCORE_PERIOD_year) {
        snprintf(out, SCORE_PERIOD_TEXT_MAX, "%04d", y);
    } else if (p == SCORE_PERIOD_quarter) {
        snprintf(out, SCORE_PERIOD_TEXT_MAX, "%04d-Q%d", y, (m + 2) / 3);
    } else {
        snprintf(out, SCORE_PERIOD_TEXT_MAX, "%04d-%02d", y, m);
    }
}

int32_t score_period_parse(const char *text)
{
    char day[] = "0000-01-01";
    int32_t first = 0;
    size_t n = strlen(text);
    if (n != 4 && n != 7) return 0;
    memcpy(day, text, 4);
    if (n == 7) memcpy(day + 4, text + 4, 3);
    if (n == 7 && text[5] == 'Q') {
        if (text[4] != '-' || text[6] < '1' || text[6] > '4') return 0;
        unsigned month = 3u * (unsigned)(text[6] - '1') + 1;
        day[5] = (char)('0' + month / 10);
        day[6] = (char)('0' + month % 10);
    }
    return day_parse(str_of(day), &first) == ERR_OK ? first : 0;
}
