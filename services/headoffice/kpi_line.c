/* kpi_line.c - the lines of a report: see kpi.h. */
#include "common/contract.h"
#include "services/headoffice/kpi_private.h"
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

const char *const kpi_span_names[KPI_SPAN_COUNT] = {[KPI_SPAN_reply] = "reply",
                                                    [KPI_SPAN_first_assign] = "first_assign",
                                                    [KPI_SPAN_first_arrival] = "first_arrival",
                                                    [KPI_SPAN_resolve] = "resolve",
                                                    [KPI_SPAN_close] = "close",
                                                    [KPI_SPAN_assign] = "assign",
                                                    [KPI_SPAN_turnout] = "turnout",
                                                    [KPI_SPAN_travel] = "travel",
                                                    [KPI_SPAN_arrival] = "arrival",
                                                    [KPI_SPAN_on_site] = "on_site",
                                                    [KPI_SPAN_lateness] = "lateness"};

enum exact_met kpi_met(uint64_t a, uint64_t b, const struct kpi_target *target)
{
    return target ? exact_compare(a, b, target->compare, target->target) : EXACT_na;
}

/* ---- lines ---- */

static int order(struct str a, struct str b)
{
    uint32_t n = a.n < b.n ? a.n : b.n;
    int c = n ? memcmp(a.p, b.p, n) : 0;
    return c ? c : (a.n > b.n) - (a.n < b.n);
}

/* Room for one more of `size` bytes at the end of an array of the report's arena. */
static void *room(struct kpi_report *r, void *v, uint32_t n, size_t size)
{
    if (n && (n & (n - 1))) return v; /* grows at powers of two */
    void *more = arena_take(&r->arena, size * (n ? (size_t)n * 2 : 1));
    if (n) memcpy(more, v, size * n);
    return more;
}

void kpi_line_init(struct kpi_report *r, struct kpi_line *line)
{
    line->open_at = arena_take(&r->arena, sizeof *line->open_at * (r->query.at_count + 1));
    line->overdue_at = arena_take(&r->arena, sizeof *line->overdue_at * (r->query.at_count + 1));
}

struct kpi_line *kpi_line_of(struct kpi_report *r, struct kpi_lines *lines, struct str name)
{
    uint32_t lo = 0, hi = lines->n;
    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        int c = order(lines->v[mid]->name, name);
        if (c == 0) return lines->v[mid];
        if (c < 0) {
            lo = mid + 1;
        } else {
            hi = mid;
        }
    }
    struct kpi_line *line = arena_take(&r->arena, sizeof *line);
    line->name = arena_str(&r->arena, name);
    kpi_line_init(r, line);
    lines->v = room(r, lines->v, lines->n, sizeof *lines->v);
    memmove(lines->v + lo + 1, lines->v + lo, (lines->n - lo) * sizeof *lines->v);
    lines->v[lo] = line;
    lines->n++;
    return line;
}

struct kpi_deadline *kpi_line_deadline(struct kpi_report *r, struct kpi_line *line, struct str name)
{
    uint32_t i = 0;
    while (i < line->deadline_count && order(line->deadlines[i].name, name) < 0)
        i++;
    if (i < line->deadline_count && str_eq(line->deadlines[i].name, name))
        return &line->deadlines[i];
    line->deadlines = room(r, line->deadlines, line->deadline_count, sizeof *line->deadlines);
    struct kpi_deadline *at = line->deadlines + i;
    memmove(at + 1, at, (line->deadline_count - i) * sizeof *at);
    *at = (struct kpi_deadline){.name = arena_str(&r->arena, name)};
    line->deadline_count++;
    return at;
}

static int reminder_order(const struct kpi_reminder *a, struct str name, uint64_t level)
{
    int c = order(a->name, name);
    return c ? c : (a->level > level) - (a->level < level);
}

struct kpi_reminder *kpi_line_reminder(struct kpi_report *r, struct kpi_line *line, struct str name,
                                       uint64_t level)
{
    uint32_t i = 0;
    while (i < line->reminder_count && reminder_order(&line->reminder_levels[i], name, level) < 0)
        i++;
    if (i < line->reminder_count && reminder_order(&line->reminder_levels[i], name, level) == 0) {
        return &line->reminder_levels[i];
    }
    line->reminder_levels =
        room(r, line->reminder_levels, line->reminder_count, sizeof *line->reminder_levels);
    struct kpi_reminder *at = line->reminder_levels + i;
    memmove(at + 1, at, (line->reminder_count - i) * sizeof *at);
    *at = (struct kpi_reminder){.name = arena_str(&r->arena, name), .level = level};
    line->reminder_count++;
    return at;
}

void kpi_day_add(struct kpi_report *r, int32_t day)
{
    uint32_t lo = 0, hi = r->day_count;
    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        if (r->days[mid].day < day) {
            lo = mid + 1;
        } else {
            hi = mid;
        }
    }
    if (lo == r->day_count || r->days[lo].day != day) {
        r->days = room(r, r->days, r->day_count, sizeof *r->days);
        memmove(r->days + lo + 1, r->days + lo, (r->day_count - lo) * sizeof *r->days);
        r->days[lo] = (struct kpi_day){.day = day};
        r->day_count++;
    }
    r->days[lo].calls++;
}

/* ---- spans ---- */

void kpi_span_add(struct kpi_line *line, enum kpi_span_of of, int64_t from_ms, int64_t to_ms)
{
    if (from_ms == 0 || to_ms == 0) return;
    struct kpi_span *s = &line->spans[of];
    if (s->n == s->cap) {
        s->cap = s->cap ? s->cap * 2 : 16;
        s->v = realloc(s->v, s->cap * sizeof *s->v);
        REQUIRE(s->v != NULL);
    }
    int64_t span_ms = to_ms - from_ms;
    s->v[s->n++] = span_ms;
    s->sum_ms += span_ms;
    if (span_ms < 0) s->negative++;
}

static int by_value(const void *a, const void *b)
{
    int64_t x, y;
    memcpy(&x, a, sizeof x);
    memcpy(&y, b, sizeof y);
    return (x > y) - (x < y);
}

void kpi_line_finish(struct kpi_line *line)
{
    for (int i = 0; i < KPI_SPAN_COUNT; i++) {
        struct kpi_span *s = &line->spans[i];
        if (s->n == 0) continue;
        qsort(s->v, s->n, sizeof *s->v, by_value);
        s->median_ms = exact_rank(s->v, s->n, 50);
        s->p90_ms = exact_rank(s->v, s->n, 90);
        s->p95_ms = exact_rank(s->v, s->n, 95);
        s->max_ms = s->v[s->n - 1];
    }
}

void kpi_line_fini(struct kpi_line *line)
{
    for (int i = 0; i < KPI_SPAN_COUNT; i++)
        free(line->spans[i].v);
}

const struct kpi_target *kpi_target_of(const struct kpi_report *r, const char *kpi)
{
    return r->query.policy ? policy_target(r->query.policy, str_of(kpi)) : NULL;
}
