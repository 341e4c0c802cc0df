/* kpi_print.c - a report as tables for people: calls, work, deadlines, 催辦單, spans. Empty parts
 * are left out. */
#include "services/headoffice/kpi_private.h"
#include <inttypes.h>
#include <string.h>

#define NAME_WIDTH 24

static void name_cell(FILE *out, struct str name)
{
    if (name.n == 0) name = STR("-");
    fprintf(out, "%.*s", STR_ARG(name));
    for (uint32_t i = name.n; i < NAME_WIDTH; i++)
        fputc(' ', out);
}

static const char *unit_word(int64_t unit_ms)
{
    return unit_ms == MINUTE_MS ? "min" : unit_ms == HOUR_MS ? "h" : "s";
}

static void head(FILE *out, const struct kpi_report *r)
{
    char text[40], from[11], to[11];
    time_format(r->query.as_of_ms, NULL, text);
    fprintf(out, "as of %s", text);
    if (r->query.from_day || r->query.to_day) {
        day_format(r->query.from_day, from);
        day_format(r->query.to_day, to);
        fprintf(out, ", %s to %s", from, to);
    }
    if (r->query.policy) {
        fprintf(out, ", policy %.*s version %" PRIu32, STR_ARG(r->query.policy->name),
                r->query.policy->version);
    }
    fputc('\n', out);
}

static void calls_row(FILE *out, const struct kpi_report *r, const struct kpi_line *line)
{
    char rate[EXACT_TEXT_MAX];
    const struct kpi_deadline *p = &line->primary;
    exact_percent(p->met, p->due, rate);
    name_cell(out, line->name);
    fprintf(out, " %9" PRIu64 " %9" PRIu64 " %9" PRIu64 " %9" PRIu64 " %9" PRIu64 " %8s %5s\n",
            line->calls, line->closed, line->cancelled, line->open, line->reminders, rate,
            exact_met_word(kpi_met(p->met, p->due, kpi_target_of(r, "K-01"))));
}

static void calls_table(FILE *out, const struct kpi_report *r, const char *title,
                        const struct kpi_lines *lines)
{
    if (lines->n == 0) return;
    fprintf(out, "\n%-*s %9s %9s %9s %9s %9s %8s %5s\n", NAME_WIDTH, title, "calls", "closed",
            "cancelled", "open", "reminders", "K-01 %", "met");
    for (uint32_t i = 0; i < lines->n; i++)
        calls_row(out, r, lines->v[i]);
    struct kpi_line total = r->total;
    total.name = STR("total");
    calls_row(out, r, &total);
}

static bool has_work(const struct kpi_line *line)
{
    return line->reassigned_calls || line->reopened_calls || line->paused_calls ||
           line->spans[KPI_SPAN_first_arrival].n;
}

static void work_row(FILE *out, struct str name, const struct kpi_line *line, int64_t unit_ms)
{
    const struct kpi_span *s = &line->spans[KPI_SPAN_first_arrival];
    char median[EXACT_TEXT_MAX] = "n/a";
    if (s->n) exact_decimal(s->median_ms, unit_ms, 0, median);
    name_cell(out, name);
    fprintf(out, " %10" PRIu64 " %9" PRIu64 " %9" PRIu64 " %9" PRIu64 " %9" PRIu64 " %16s\n",
            line->reassigned_calls, line->reassignments, line->reopened_calls, line->paused_calls,
            s->n, median);
}

/* Calls reassigned and how often, reopened, paused; first arrivals and the median until them. */
static void work_table(FILE *out, const struct kpi_report *r)
{
    if (!has_work(&r->total)) return;
    char median[EXACT_TEXT_MAX];
    snprintf(median, sizeof median, "median (%s)", unit_word(r->query.span_unit_ms));
    fprintf(out, "\n%-*s %10s %9s %9s %9s %9s %16s\n", NAME_WIDTH, "unit", "reassigned", "times",
            "reopened", "paused", "arrived", median);
    for (uint32_t i = 0; i < r->units.n; i++)
        work_row(out, r->units.v[i]->name, r->units.v[i], r->query.span_unit_ms);
    work_row(out, STR("total"), &r->total, r->query.span_unit_ms);
}

static void deadline_table(FILE *out, const struct kpi_line *line)
{
    if (line->deadline_count == 0) return;
    fprintf(out, "\n%-*s %7s %7s %7s %7s %7s %7s %7s %7s %8s\n", NAME_WIDTH, "deadline", "armed",
            "on time", "late", "past", "ahead", "cancel", "moved", "withdr", "rate %");
    for (uint32_t i = 0; i < line->deadline_count; i++) {
        const struct kpi_deadline *d = &line->deadlines[i];
        char rate[EXACT_TEXT_MAX];
        exact_percent(d->met, d->due, rate);
        name_cell(out, d->name);
        fprintf(out,
                " %7" PRIu64 " %7" PRIu64 " %7" PRIu64 " %7" PRIu64 " %7" PRIu64 " %7" PRIu64
                " %7" PRIu64 " %7" PRIu64 " %8s\n",
                d->armed, d->on_time, d->late, d->open_past, d->open_ahead,
                d->cancelled + d->cancelled_late, d->superseded, d->withdrawn, rate);
    }
}

static void reminder_table(FILE *out, const struct kpi_line *line)
{
    if (line->reminder_count == 0) return;
    fprintf(out, "\n%-*s %7s %9s %9s %9s\n", NAME_WIDTH, "催辦單", "level", "issued", "withdrawn",
            "answered");
    for (uint32_t i = 0; i < line->reminder_count; i++) {
        const struct kpi_reminder *x = &line->reminder_levels[i];
        name_cell(out, x->name);
        fprintf(out, " %7" PRIu64 " %9" PRIu64 " %9" PRIu64 " %9" PRIu64 "\n", x->level, x->issued,
                x->withdrawn, x->answered);
    }
    fprintf(out, "洽辦單: %" PRIu64 " issued, %" PRIu64 " answered, %" PRIu64 " closed\n",
            line->inquiries, line->inquiries_answered, line->inquiries_closed);
}

static bool has_spans(const struct kpi_line *line)
{
    for (int i = 0; i < KPI_SPAN_COUNT; i++) {
        if (line->spans[i].n) return true;
    }
    return false;
}

static void span_table(FILE *out, const struct kpi_line *line, int64_t unit_ms)
{
    if (!has_spans(line)) return;
    fprintf(out, "\nspan (%s)%*s %9s %16s %12s %12s %12s %5s\n", unit_word(unit_ms),
            NAME_WIDTH - 7 - (int)strlen(unit_word(unit_ms)), "", "n", "mean", "median", "p90",
            "max", "neg");
    for (int i = 0; i < KPI_SPAN_COUNT; i++) {
        const struct kpi_span *s = &line->spans[i];
        if (s->n == 0) continue;
        char mean[EXACT_TEXT_MAX], median[EXACT_TEXT_MAX], p90[EXACT_TEXT_MAX], max[EXACT_TEXT_MAX];
        exact_decimal(s->sum_ms, (int64_t)s->n * unit_ms, 4, mean);
        exact_decimal(s->median_ms, unit_ms, 0, median);
        exact_decimal(s->p90_ms, unit_ms, 0, p90);
        exact_decimal(s->max_ms, unit_ms, 0, max);
        name_cell(out, str_of(kpi_span_names[i]));
        fprintf(out, " %9" PRIu64 " %16s %12s %12s %12s %5" PRIu64 "\n", s->n, mean, median, p90,
                max, s->negative);
    }
}

static void backlog_table(FILE *out, const struct kpi_report *r)
{
    if (r->query.at_count == 0) return;
    fprintf(out, "\n%-*s %9s %9s\n", NAME_WIDTH, "backlog at", "open", "overdue");
    for (uint32_t i = 0; i < r->query.at_count; i++) {
        char text[40];
        time_format(r->query.at[i], NULL, text);
        fprintf(out, "%-*s %9" PRIu64 " %9" PRIu64 "\n", NAME_WIDTH, text, r->total.open_at[i],
                r->total.overdue_at[i]);
    }
}

void kpi_print(FILE *out, const struct kpi_report *r, bool spans)
{
    head(out, r);
    calls_table(out, r, "unit", &r->units);
    calls_table(out, r, "policy", &r->policies);
    work_table(out, r);
    deadline_table(out, &r->total);
    reminder_table(out, &r->total);
    if (spans) span_table(out, &r->total, r->query.span_unit_ms);
    backlog_table(out, r);
}
