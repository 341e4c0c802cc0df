/* kpi_json.c - a report as JSON. Counts are numbers; rates and means are texts with a fixed number
 * of decimals, like money elsewhere, so that no reader gets a rounded double. Each span also has
 * its exact milliseconds. Names are keys and come sorted. */
#include "services/headoffice/kpi_private.h"
#include <jansson.h>

static json_t *text(const char *s)
{
    return json_string(s);
}

static json_t *count(uint64_t n)
{
    return json_integer((json_int_t)n);
}

static void put(json_t *o, struct str key, json_t *v)
{
    json_object_setn_new(o, key.p ? key.p : "", key.n, v);
}

static json_t *rate(uint64_t a, uint64_t b)
{
    char out[EXACT_TEXT_MAX];
    exact_percent(a, b, out);
    return text(out);
}

static json_t *instant(int64_t t_ms)
{
    char out[40];
    time_format(t_ms, NULL, out);
    return text(out);
}

static json_t *deadline(const struct kpi_deadline *d)
{
    json_t *o = json_object();
    json_object_set_new(o, "armed", count(d->armed));
    json_object_set_new(o, "on_time", count(d->on_time));
    json_object_set_new(o, "late", count(d->late));
    json_object_set_new(o, "open_past_due", count(d->open_past));
    json_object_set_new(o, "open_not_due", count(d->open_ahead));
    json_object_set_new(o, "cancelled", count(d->cancelled));
    json_object_set_new(o, "cancelled_late", count(d->cancelled_late));
    json_object_set_new(o, "superseded", count(d->superseded));
    json_object_set_new(o, "withdrawn", count(d->withdrawn));
    json_object_set_new(o, "due", count(d->due));
    json_object_set_new(o, "rate", rate(d->met, d->due));
    return o;
}

static json_t *deadlines(const struct kpi_line *line)
{
    json_t *o = json_object();
    for (uint32_t i = 0; i < line->deadline_count; i++) {
        put(o, line->deadlines[i].name, deadline(&line->deadlines[i]));
    }
    return o;
}

/* By deadline, then level: the ladder. */
static json_t *reminders(const struct kpi_line *line)
{
    json_t *o = json_object();
    for (uint32_t i = 0; i < line->reminder_count; i++) {
        const struct kpi_reminder *x = &line->reminder_levels[i];
        json_t *levels = json_object_getn(o, x->name.p ? x->name.p : "", x->name.n);
        if (!levels) put(o, x->name, levels = json_object());
        char level[24];
        snprintf(level, sizeof level, "%llu", (unsigned long long)x->level);
        json_t *v = json_object();
        json_object_set_new(v, "issued", count(x->issued));
        json_object_set_new(v, "withdrawn", count(x->withdrawn));
        json_object_set_new(v, "answered", count(x->answered));
        json_object_set_new(levels, level, v);
    }
    return o;
}

static json_t *figure(int64_t ms, int64_t unit_ms)
{
    char out[EXACT_TEXT_MAX];
    exact_decimal(ms, unit_ms, ms % unit_ms ? 3 : 0, out);
    return text(out);
}

static json_t *span(const struct kpi_span *s, int64_t unit_ms)
{
    json_t *o = json_object();
    json_object_set_new(o, "n", count(s->n));
    json_object_set_new(o, "negative", count(s->negative));
    if (s->n == 0) return o;
    char mean[EXACT_TEXT_MAX];
    exact_decimal(s->sum_ms, (int64_t)s->n * unit_ms, 4, mean);
    json_object_set_new(o, "mean", text(mean));
    json_object_set_new(o, "median", figure(s->median_ms, unit_ms));
    json_object_set_new(o, "p90", figure(s->p90_ms, unit_ms));
    json_object_set_new(o, "p95", figure(s->p95_ms, unit_ms));
    json_object_set_new(o, "max", figure(s->max_ms, unit_ms));
    json_object_set_new(o, "sum_ms", json_integer(s->sum_ms));
    json_object_set_new(o, "median_ms", json_integer(s->median_ms));
    json_object_set_new(o, "p90_ms", json_integer(s->p90_ms));
    json_object_set_new(o, "p95_ms", json_integer(s->p95_ms));
    json_object_set_new(o, "max_ms", json_integer(s->max_ms));
    return o;
}

static json_t *spans(const struct kpi_line *line, int64_t unit_ms)
{
    json_t *o = json_object();
    for (int i = 0; i < KPI_SPAN_COUNT; i++) {
        json_object_set_new(o, kpi_span_names[i], span(&line->spans[i], unit_ms));
    }
    return o;
}

static json_t *kpi(uint64_t a, uint64_t b, const struct kpi_target *target)
{
    json_t *o = json_object();
    json_object_set_new(o, "of", count(a));
    json_object_set_new(o, "in", count(b));
    json_object_set_new(o, "value", rate(a, b));
    if (!target) return o;
    char out[EXACT_TEXT_MAX];
    exact_decimal(target->target, 100, 2, out);
    json_object_set_new(o, "target", text(out));
    json_object_set_new(o, "met", text(exact_met_word(kpi_met(a, b, target))));
    return o;
}

static json_t *kpis(const struct kpi_report *r, const struct kpi_line *line)
{
    json_t *o = json_object(), *slips = json_object();
    const struct kpi_deadline *p = &line->primary;
    json_object_set_new(o, "K-01", kpi(p->met, p->due, kpi_target_of(r, "K-01")));
    json_object_set_new(o, "K-06", span(&line->spans[KPI_SPAN_reply], r->query.span_unit_ms));
    json_t *k07 = span(&line->spans[KPI_SPAN_close], r->query.span_unit_ms);
    json_object_set_new(k07, "closed_of_received", rate(line->closed, line->calls));
    json_object_set_new(o, "K-07", k07);
    json_object_set_new(o, "K-31",
                        kpi(line->assigned_on_day, line->calls, kpi_target_of(r, "K-31")));
    json_object_set_new(slips, "reminders", count(line->reminders));
    json_object_set_new(slips, "inquiries", count(line->inquiries));
    json_object_set_new(slips, "inquiries_answered", count(line->inquiries_answered));
    json_object_set_new(slips, "inquiries_closed", count(line->inquiries_closed));
    json_object_set_new(o, "K-36", slips);
    return o;
}

static json_t *at(const struct kpi_query *q, const uint64_t *v)
{
    json_t *o = json_object();
    for (uint32_t i = 0; i < q->at_count; i++) {
        char key[40];
        time_format(q->at[i], NULL, key);
        json_object_set_new(o, key, count(v[i]));
    }
    return o;
}

static void put_calls(json_t *o, const struct kpi_line *line)
{
    json_object_set_new(o, "calls", count(line->calls));
    json_object_set_new(o, "closed", count(line->closed));
    json_object_set_new(o, "cancelled", count(line->cancelled));
    json_object_set_new(o, "open", count(line->open));
    json_object_set_new(o, "never_assigned", count(line->never_assigned));
    json_object_set_new(o, "never_arrived", count(line->never_arrived));
    json_object_set_new(o, "several_legs", count(line->several_legs));
    json_object_set_new(o, "reassigned_calls", count(line->reassigned_calls));
    json_object_set_new(o, "reassignments", count(line->reassignments));
    json_object_set_new(o, "reopened_calls", count(line->reopened_calls));
    json_object_set_new(o, "paused_calls", count(line->paused_calls));
}

static json_t *legs(const struct kpi_line *line)
{
    json_t *o = json_object();
    json_object_set_new(o, "all", count(line->legs));
    json_object_set_new(o, "not_departed", count(line->legs_not_departed));
    json_object_set_new(o, "not_arrived", count(line->legs_not_arrived));
    json_object_set_new(o, "not_completed", count(line->legs_not_completed));
    json_object_set_new(o, "recalled", count(line->legs_recalled));
    json_object_set_new(o, "late", count(line->legs_late));
    return o;
}

static json_t *line_to_json(const struct kpi_report *r, const struct kpi_line *line)
{
    json_t *o = json_object();
    put_calls(o, line);
    json_object_set_new(o, "legs", legs(line));
    json_object_set_new(o, "kpi", kpis(r, line));
    json_object_set_new(o, "deadlines", deadlines(line));
    json_object_set_new(o, "reminders", reminders(line));
    json_object_set_new(o, "spans", spans(line, r->query.span_unit_ms));
    json_object_set_new(o, "open_at", at(&r->query, line->open_at));
    json_object_set_new(o, "overdue_at", at(&r->query, line->overdue_at));
    return o;
}

static json_t *lines_to_json(const struct kpi_report *r, const struct kpi_lines *lines)
{
    json_t *o = json_object();
    for (uint32_t i = 0; i < lines->n; i++)
        put(o, lines->v[i]->name, line_to_json(r, lines->v[i]));
    return o;
}

static json_t *days(const struct kpi_report *r)
{
    json_t *o = json_object();
    for (uint32_t i = 0; i < r->day_count; i++) {
        char day[11];
        day_format(r->days[i].day, day);
        json_object_set_new(o, day, count(r->days[i].calls));
    }
    return o;
}

/* HQ-055: a report names its policy, its period and the time it is as of. */
static void put_head(json_t *o, const struct kpi_report *r)
{
    const struct kpi_query *q = &r->query;
    json_object_set_new(o, "as_of", instant(q->as_of_ms));
    if (q->from_day || q->to_day) {
        char from[11], to[11];
        day_format(q->from_day, from);
        day_format(q->to_day, to);
        json_object_set_new(o, "from", text(from));
        json_object_set_new(o, "to", text(to));
    }
    if (q->policy) {
        json_object_set_new(o, "policy", json_stringn(q->policy->name.p, q->policy->name.n));
        json_object_set_new(o, "policy_version", count(q->policy->version));
    }
    json_object_set_new(o, "span_unit_ms", json_integer(q->span_unit_ms));
}

json_t *kpi_to_json(const struct kpi_report *r)
{
    json_t *o = json_object();
    put_head(o, r);
    json_object_set_new(o, "total", line_to_json(r, &r->total));
    json_object_set_new(o, "units", lines_to_json(r, &r->units));
    json_object_set_new(o, "policies", lines_to_json(r, &r->policies));
    json_object_set_new(o, "service_classes", lines_to_json(r, &r->classes));
    json_object_set_new(o, "calls_by_day", days(r));
    return o;
}
