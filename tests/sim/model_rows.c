/* model_rows.c - head office against the clocks and papers the model knows: every instance, 催辦單
 * and 洽辦單 has its row and no other has; what is open and past due stands in the overdue list;
 * the counters of deadlines and papers, and those of K-01, are the sums over them. Counters of
 * calls, spans and registers are not looked at. Rules HQ-001, HQ-002, HQ-029, HQ-048; promise N8.
 */
#include "common/contract.h"
#include "common/step.h"
#include "services/headoffice/headoffice.h"
#include "tests/sim/model_private.h"
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* ---- sums ---- */

static int32_t month_of(int32_t day)
{
    int y, m, d;
    day_split(day, &y, &m, &d);
    return day_of(y, m, 1);
}

static struct counter *counter_find(struct model *m, const uint8_t *key, size_t n)
{
    struct counter *v = m->counters.v;
    for (size_t i = 0; i < m->counters.n; i++) {
        if (v[i].key.n == n && memcmp(v[i].key.b, key, n) == 0) return &v[i];
    }
    return NULL;
}

struct sum {
    int32_t day;
    struct str unit, policy;
};

__attribute__((format(printf, 3, 4))) static void add(struct model *m, const struct sum *of,
                                                      const char *measure, ...)
{
    char text[96];
    va_list args;
    va_start(args, measure);
    vsnprintf(text, sizeof text, measure, args);
    va_end(args);
    for (uint8_t period = PERIOD_DAY; period <= PERIOD_MONTH; period++) {
        struct key k = {.n = 0};
        key_u8(&k, period);
        key_day(&k, period == PERIOD_DAY ? of->day : month_of(of->day));
        key_str(&k, of->unit);
        key_str(&k, of->policy);
        key_str(&k, str_of(text));
        struct counter *c = counter_find(m, k.b, k.n);
        if (!c) {
            c = list_add(&m->counters, sizeof *c);
            c->key = k;
        }
        c->value++;
    }
}

static const char *outcome(const struct clock *c)
{
    if (c->end == deadline_end_stopped) return "on_time";
    if (c->end == deadline_end_late) return "late";
    if (c->end == deadline_end_superseded) return "superseded";
    if (c->end == deadline_end_cancelled)
        return c->done_ms > c->a->due ? "cancelled_late" : "cancelled";
    return "open";
}

/* HQ-029: the arrival where the policy has one, else the reply. */
static bool is_milestone(const struct model *m, const struct clock *c)
{
    const struct service_policy *sp = policy_service(m->policy, c->a->policy);
    if (str_is(c->a->name, "job.arrival")) return !sp || sp->arrival_min || !sp->reply_min;
    return str_is(c->a->name, "call.reply") && sp && sp->arrival_min == 0;
}

/* What had passed, or had been done late, before it was proven in time. */
static bool is_withdrawn(const struct clock *c)
{
    return c->withdrawn && (c->due_passed || c->was_late);
}

static void add_clock(struct model *m, const struct clock *c)
{
    struct sum of = {hours_day(c->a->due), c->a->unit, c->a->policy};
    add(m, &of, "deadline/%.*s/armed", STR_ARG(c->a->name));
    add(m, &of, "deadline/%.*s/%s", STR_ARG(c->a->name), outcome(c));
    if (is_withdrawn(c)) add(m, &of, "deadline/%.*s/withdrawn", STR_ARG(c->a->name));
    if (is_milestone(m, c)) add(m, &of, "kpi/K-01/%s", outcome(c));
}

static void add_slip(struct model *m, const struct slip *s)
{
    struct sum of = {hours_day(s->issued_ms), s->e->unit, s->e->policy};
    struct str name = s->clock == SIZE_MAX ? STR("manual") : s->e->name;
    add(m, &of, "reminder/%.*s/%u", STR_ARG(name), (unsigned)s->e->level);
    if (s->end == reminder_state_withdrawn) add(m, &of, "reminder/%.*s/withdrawn", STR_ARG(name));
}

void rows_expect(struct model *m)
{
    m->counters.n = m->row_clocks = m->row_slips = m->row_questions = m->row_overdue = 0;
    for (size_t i = 0; i < m->clocks.n; i++)
        add_clock(m, clock_nth(m, i));
    for (size_t i = 0; i < m->slips.n; i++)
        add_slip(m, &((struct slip *)m->slips.v)[i]);
    for (size_t i = 0; i < m->questions.n; i++) {
        const struct question *q = &((struct question *)m->questions.v)[i];
        struct sum of = {hours_day(q->issued_ms), q->e->unit, q->e->policy};
        add(m, &of, "inquiry/%.*s/issued", STR_ARG(q->e->name));
    }
}

/* ---- rows ---- */

static bool read_row(struct model *m, const struct shape *shape, struct slice value, void *row)
{
    struct fault why;
    if (proto_decode(shape, arena_copy(&m->arena, value), &m->arena, row, &why) == ERR_OK)
        return true;
    model_break(m, "N10", "a row of head office does not decode: %s", why.text);
    return false;
}

/* Counters of what this model follows. */
static bool is_followed(struct slice key)
{
    static const char *const heads[] = {"deadline/", "reminder/", "inquiry/", "kpi/K-01/"};
    struct key_reader r = {key};
    uint8_t period;
    struct str unit, policy, measure;
    if (key_take_u8(&r, &period) != ERR_OK || r.rest.n < 8) return false;
    r.rest = (struct slice){r.rest.p + 8, r.rest.n - 8}; /* the day */
    if (key_take_str(&r, &unit) != ERR_OK || key_take_str(&r, &policy) != ERR_OK ||
        key_take_str(&r, &measure) != ERR_OK)
        return false;
    for (size_t i = 0; i < COUNT_OF(heads); i++) {
        size_t n = strlen(heads[i]);
        if (measure.n > n && memcmp(measure.p, heads[i], n) == 0) return true;
    }
    return false;
}

/* Unit, policy and measure, for people. */
static void key_text(struct slice key, char out[160])
{
    size_t n = key.n < 9 ? 0 : key.n - 9 < 159 ? key.n - 9 : 159;
    for (size_t i = 0; i < n; i++)
        out[i] = key.p[9 + i] ? (char)key.p[9 + i] : ' ';
    out[n] = 0;
}

static void on_count(struct model *m, struct slice key, struct slice value)
{
    struct rec_row_hq_count row;
    if (!is_followed(key) || !read_row(m, shape_row_hq_count(), value, &row)) return;
    struct counter *c = counter_find(m, key.p, key.n);
    int64_t wanted = c ? c->value : 0;
    if (row.value != wanted)
        model_break(m, "N8", "counter %.*s stands at %lld, the records give %lld", (int)key.n - 5,
                    (const char *)key.p + 5, (long long)row.value, (long long)wanted);
    if (c) c->met = true;
}

static void on_instance(struct model *m, struct slice key, struct slice value)
{
    struct rec_row_hq_deadline row;
    struct key_reader r = {key};
    struct str case_no, name;
    uint8_t holder, item;
    uint64_t round;
    if (!read_row(m, shape_row_hq_deadline(), value, &row)) return;
    bool whole = key_take_str(&r, &case_no) == ERR_OK && key_take_u8(&r, &holder) == ERR_OK &&
                 key_take_u8(&r, &item) == ERR_OK && key_take_str(&r, &name) == ERR_OK &&
                 key_take_u64(&r, &round) == ERR_OK && holder < OWNER_COUNT;
    const struct clock *c =
        whole ? clock_instance(m, (enum owner)holder, case_no, item, name, round) : NULL;
    if (!c) {
        model_break(m, "N8", "head office has an instance that nobody armed");
        return;
    }
    int64_t ended = c->end == deadline_end_open ? 0 : c->done_ms;
    bool same = row.start == c->a->start && row.due == c->a->due && row.end == c->end &&
                row.ended == ended && row.passed == c->due_passed &&
                row.withdrawn == is_withdrawn(c) && row.level == c->level &&
                row.due_day == hours_day(c->a->due) && str_eq(row.unit, c->a->unit) &&
                str_eq(row.policy, c->a->policy) && str_eq(row.person, c->a->person);
    if (!same)
        model_break(m, "N8", "head office: %.*s/%u %.*s round %llu, end %u, is not what it was",
                    STR_ARG(case_no), item, STR_ARG(name), (unsigned long long)round,
                    (unsigned)row.end);
    m->row_clocks++;
}

static void on_reminder(struct model *m, struct slice key, struct slice value)
{
    struct rec_row_hq_reminder row;
    struct key_reader r = {key};
    struct str number = {0};
    if (!read_row(m, shape_row_hq_reminder(), value, &row)) return;
    enum err e = key_take_str(&r, &number);
    const struct slip *s = e == ERR_OK ? slip_find(m, number) : NULL;
    bool same = s && row.issued == s->issued_ms && row.level == s->e->level &&
                row.due == s->e->due && row.overdue_min == s->e->overdue_min &&
                str_eq(row.case_no, s->e->case_no) && str_eq(row.name, s->e->name) &&
                (row.withdrawn != 0) == (s->end == reminder_state_withdrawn);
    if (!same) model_break(m, "N8", "head office: 催辦單 %.*s is not what it was", STR_ARG(number));
    m->row_slips++;
}

static void on_inquiry(struct model *m, struct slice key, struct slice value)
{
    struct rec_row_hq_inquiry row;
    struct key_reader r = {key};
    struct str number = {0};
    if (!read_row(m, shape_row_hq_inquiry(), value, &row)) return;
    enum err e = key_take_str(&r, &number);
    const struct question *q = e == ERR_OK ? question_find(m, number) : NULL;
    bool same = q && row.issued == q->issued_ms && row.due == q->e->due && row.done == q->e->done &&
                row.late_min == q->e->late_min && (row.closed != 0) == q->closed &&
                str_eq(row.case_no, q->e->case_no);
    if (!same) model_break(m, "N8", "head office: 洽辦單 %.*s is not what it was", STR_ARG(number));
    m->row_questions++;
}

void rows_compare(struct model *m, uint8_t table, struct slice key, struct slice value)
{
    if (table == TABLE_HQ_COUNT) on_count(m, key, value);
    if (table == TABLE_HQ_DEADLINE) on_instance(m, key, value);
    if (table == TABLE_HQ_REMINDER) on_reminder(m, key, value);
    if (table == TABLE_HQ_INQUIRY) on_inquiry(m, key, value);
    if (table == TABLE_HQ_OVERDUE) m->row_overdue++;
}

void rows_missing(struct model *m)
{
    const struct counter *v = m->counters.v;
    for (size_t i = 0; i < m->counters.n; i++) {
        if (v[i].met) continue;
        char text[160];
        key_text((struct slice){v[i].key.b, v[i].key.n}, text);
        model_break(m, "N8", "counter %s is missing, the records give %lld", text,
                    (long long)v[i].value);
    }
    size_t overdue = 0;
    for (size_t i = 0; i < m->clocks.n; i++)
        overdue += clock_nth(m, i)->end == deadline_end_open && clock_nth(m, i)->due_passed;
    if (m->row_clocks != m->clocks.n || m->row_slips != m->slips.n ||
        m->row_questions != m->questions.n || m->row_overdue != overdue)
        model_break(m, "N8",
                    "head office has %zu instances of %zu, %zu 催辦單 of %zu, %zu 洽辦單 of %zu, "
                    "%zu overdue of %zu",
                    m->row_clocks, m->clocks.n, m->row_slips, m->slips.n, m->row_questions,
                    m->questions.n, m->row_overdue, overdue);
}
