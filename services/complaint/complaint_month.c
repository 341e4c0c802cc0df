/* complaint_month.c - the closed cases of a month, reviewed by the 10th of the next one: the
 * 客戶投訴案件統計表, the list of sanctions, the apportionment of the losses.
 *
 * A case belongs to the local month, at the GMO, in which it was closed or superseded. Its month
 * has three clocks, which run from the end of the month. That of the sanctions ends when none of
 * them waits to be sent to HR, that of the losses when none waits to be apportioned; the review
 * ends both when there was nothing to wait for. Rules CMP-047, CMP-057 … CMP-060. */
#include "services/complaint/complaint_private.h"
#include <stdio.h>
#include <string.h>

static const struct deadline_row clocks[MONTH_CLOCKS] = {
    [MONTH_REVIEW] = {.name = "complaint.month_review",
                      .rule = "CMP-057",
                      .from = FROM_START,
                      .due = DUE_GIVEN},
    [MONTH_SANCTION] = {.name = "complaint.month_sanction",
                        .rule = "CMP-058",
                        .from = FROM_START,
                        .due = DUE_GIVEN},
    [MONTH_LOSS] = {.name = "complaint.month_loss",
                    .rule = "CMP-059",
                    .from = FROM_START,
                    .due = DUE_GIVEN},
};

/* ---- months ---- */

static const struct zone *zone_of(struct step *st)
{
    return step_zone(st, complaint_department(st, "gmo"));
}

int32_t complaint_month_of(struct step *st, int64_t at_ms)
{
    int y, m, d;
    day_split(zone_day(zone_of(st), at_ms), &y, &m, &d);
    int32_t first = (int32_t)(TIME_MIN_MS / DAY_MS), day = day_of(y, m, 1);
    return day < first ? first : day;
}

static struct deadline_ctx ctx_of(struct step *st, int32_t month)
{
    char day[11];
    day_format(month, day);
    int32_t next = day_add_months(month, 1);
    int32_t last = next + (int32_t)st->policy->complaint.review_day - 1;
    return (struct deadline_ctx){.case_no = arena_printf(st->arena, "month/%s", day),
                                 .unit = complaint_department(st, "gmo"),
                                 .occurred_ms = step_occurred(st),
                                 .start_ms = zone_day_start(zone_of(st), next),
                                 .given_ms = zone_day_start(zone_of(st), last + 1)};
}

static enum err arm(struct step *st, int32_t month, enum month_clock what)
{
    struct deadline_ctx ctx = ctx_of(st, month);
    return deadline_arm(st, &clocks[what], &ctx, (struct str){0});
}

static enum err stop(struct step *st, int32_t month, enum month_clock what)
{
    struct deadline_ctx ctx = ctx_of(st, month);
    return deadline_stop(st, &clocks[what], &ctx);
}

static struct key month_key(int32_t month)
{
    struct key k = {.n = 0};
    key_day(&k, month);
    return k;
}

static enum err load(struct step *st, int32_t month, struct rec_row_complaint_month *out)
{
    struct key k = month_key(month);
    enum err e = step_get(st, COMPLAINT_TABLE(MONTH), &k, out);
    if (e != ERR_NOT_FOUND) return e;
    *out = (struct rec_row_complaint_month){0};
    return ERR_OK;
}

static void save(struct step *st, int32_t month, const struct rec_row_complaint_month *row)
{
    struct key k = month_key(month);
    step_put(st, COMPLAINT_TABLE(MONTH), &k, row);
}

static void change(uint64_t *n, int by)
{
    if (by > 0) *n += (uint64_t)by;
    if (by < 0) *n -= *n < (uint64_t)-by ? *n : (uint64_t)-by;
}

enum err complaint_month_count(struct step *st, int32_t month, enum month_clock what, int by)
{
    struct rec_row_complaint_month m;
    if (month == 0 || by == 0) return ERR_OK;
    enum err e = load(st, month, &m);
    if (e != ERR_OK) return e;
    uint64_t *n = what == MONTH_LOSS ? &m.losses_open : &m.sanctions_unsent;
    change(n, by);
    save(st, month, &m);
    if (by > 0) return arm(st, month, what);
    return *n == 0 ? stop(st, month, what) : ERR_OK;
}

/* ---- a case ends ---- */

/* Its loss waits for the review when somebody is to bear it and it is not apportioned yet. */
static enum err note_loss(struct step *st, const struct complaint *c, int32_t *month)
{
    struct rec_row_liability l;
    enum err e = complaint_liability_get(st, c->no, &l);
    if (e != ERR_OK && e != ERR_NOT_FOUND) return e;
    bool waits = e == ERR_OK && c->r.state == complaint_state_closed && l.parties.n > 0 &&
                 l.state == liability_state_approved;
    if (!waits) *month = 0;
    return ERR_OK;
}

enum err complaint_month_add(struct step *st, const struct complaint *c)
{
    struct rec_row_complaint_account a;
    struct rec_row_complaint_month m;
    int32_t month = complaint_month_of(st, c->r.closed_at), loss_month = month;
    enum err e = complaint_account_get(st, c->no, &a);
    if (e == ERR_OK) e = load(st, month, &m);
    if (e == ERR_OK) e = note_loss(st, c, &loss_month);
    if (e != ERR_OK) return e;
    a.month = month;
    a.loss_month = loss_month;
    complaint_account_put(st, c->no, &a);
    m.cases++;
    save(st, month, &m);
    struct key k = month_key(month);
    key_str(&k, c->no);
    struct rec_row_complaint_month_case line = {c->r.closed_at};
    step_put(st, COMPLAINT_TABLE(MONTH_CASE), &k, &line);
    for (int i = 0; e == ERR_OK && i < MONTH_CLOCKS; i++)
        e = arm(st, month, (enum month_clock)i);
    if (e == ERR_OK) e = complaint_month_count(st, month, MONTH_SANCTION, (int)a.sanctions_unsent);
    return e == ERR_OK ? complaint_month_count(st, loss_month, MONTH_LOSS, 1) : e;
}

/* ---- the review ---- */

#define LINES_MAX 200 /* that many fit into an event */
#define UNITS_MAX 64

struct review {
    struct ev_complaint_month_reviewed ev;
    struct rec_complaint_month_line lines[LINES_MAX];
    struct rec_complaint_unit_times units[UNITS_MAX];
};

/* "A 70.00%; B 30.00%", or weights as they are; parties that no longer fit are left out whole. */
static struct str ratios(struct step *st, const struct rec_row_liability *l)
{
    char text[160] = "", one[120], share[EXACT_TEXT_MAX];
    size_t n = 0;
    for (uint32_t i = 0; i < l->parties.n; i++) {
        const struct rec_liability_party *p = &l->parties.v[i];
        bool whole = l->parties.n == 1, weight = !whole && p->weight > 0;
        exact_percent(whole ? 1 : (uint64_t)p->ratio_bp, whole ? 1 : 10000, share);
        if (weight) snprintf(share, sizeof share, "%llu", (unsigned long long)p->weight);
        int size = snprintf(one, sizeof one, "%s%.*s %s%s", n ? "; " : "", STR_ARG(p->party), share,
                            weight ? "" : "%");
        if (size < 0 || (size_t)size >= sizeof one || n + (size_t)size >= sizeof text) break;
        memcpy(text + n, one, (size_t)size + 1);
        n += (size_t)size;
    }
    return arena_printf(st->arena, "%s", text);
}

static enum err is_overdue(struct step *st, const struct complaint *c, enum yes_no *out)
{
    struct rec_row_deadline total;
    enum err e = deadline_get(st, complaint_case_of(st, c->no), 0,
                              complaint_clock_rows[COMPLAINT_CLOCK_TOTAL].name, &total);
    *out = e == ERR_OK && c->r.closed_at > total.due ? yes_no_yes : yes_no_no;
    return e == ERR_NOT_FOUND ? ERR_OK : e;
}

static enum err line_of(struct step *st, const struct complaint *c,
                        struct rec_complaint_month_line *out)
{
    struct rec_row_complaint_account a;
    struct rec_row_liability l;
    const struct rec_row_complaint *r = &c->r;
    *out = (struct rec_complaint_month_line){.case_no = c->no,
                                             .complaint_no = r->complaint_no,
                                             .customer = r->customer,
                                             .market = r->market,
                                             .product = r->product,
                                             .cause_class = r->cause_class,
                                             .responsible_unit = r->responsible_unit,
                                             .method = r->method,
                                             .outcome = r->outcome,
                                             .closed_at = r->closed_at};
    if (r->accepted_at && r->closed_at > r->accepted_at)
        out->used_s = (uint64_t)(r->closed_at - r->accepted_at) / 1000;
    enum err e = is_overdue(st, c, &out->overdue);
    if (e == ERR_OK) e = complaint_account_get(st, c->no, &a);
    if (e != ERR_OK) return e;
    out->improvements_open = a.improvements_open;
    e = complaint_liability_get(st, c->no, &l);
    if (e != ERR_OK) return e == ERR_NOT_FOUND ? ERR_OK : e;
    out->ratios = ratios(st, &l);
    out->loss = l.loss;
    out->loss_kind = l.loss_kind;
    out->track_improvement = l.track_improvement;
    return ERR_OK;
}

static struct rec_complaint_unit_times *unit_of(struct review *v, struct str unit)
{
    uint32_t i = 0;
    while (i < v->ev.departments.n && !str_eq(v->units[i].unit, unit))
        i++;
    if (i == UNITS_MAX) return NULL;
    if (i == v->ev.departments.n)
        v->units[v->ev.departments.n++] = (struct rec_complaint_unit_times){.unit = unit};
    return &v->units[i];
}

/* CMP-060: cases, steps and overdue steps of each department. */
static enum err add_times(struct step *st, struct review *v, const struct complaint *c)
{
    struct rec_complaint_step_line *steps;
    uint32_t n;
    enum err e = complaint_relay_steps(st, c, &steps, &n);
    for (uint32_t i = 0; e == ERR_OK && i < n; i++) {
        struct rec_complaint_unit_times *u = unit_of(v, steps[i].unit);
        bool again = false;
        for (uint32_t j = 0; j < i; j++)
            again |= str_eq(steps[j].unit, steps[i].unit);
        if (!u) continue;
        u->cases += !again;
        u->steps++;
        u->overdue += steps[i].overdue_s > 0;
    }
    return e;
}

/* One case of the month: into the table, and reviewed. */
static enum err take(struct step *st, struct review *v, struct str no)
{
    struct complaint c;
    enum err e = complaint_get(st, no, &c);
    if (e != ERR_OK) return e == ERR_NOT_FOUND ? ERR_CORRUPT : e;
    v->ev.cases++;
    if (v->ev.lines.n < LINES_MAX) e = line_of(st, &c, &v->lines[v->ev.lines.n++]);
    if (e == ERR_OK) e = add_times(st, v, &c);
    bool after = c.r.state == complaint_state_closed || c.r.state == complaint_state_settled;
    if (e != ERR_OK || !after) return e;
    c.r.state = complaint_state_reviewed;
    complaint_put(st, &c);
    return complaint_money_archive(st, c.no);
}

static enum err take_all(struct step *st, struct review *v, int32_t month)
{
    struct key prefix = month_key(month), at = {.n = 0};
    struct rec_row_complaint_month_case line;
    enum err e;
    while ((e = step_next(st, COMPLAINT_TABLE(MONTH_CASE), &prefix, &at, &line)) == ERR_OK) {
        struct key_reader r = {{at.b + prefix.n, at.n - prefix.n}};
        struct str no;
        e = key_take_str(&r, &no);
        if (e == ERR_OK) e = take(st, v, arena_str(st->arena, no));
        if (e != ERR_OK) return e;
    }
    return e == ERR_END ? ERR_OK : e;
}

static enum err check(struct step *st, int32_t month, const struct rec_row_complaint_month *m)
{
    int y, mon, d;
    day_split(month, &y, &mon, &d);
    if (d != 1) {
        return step_refuse(st, "month", "month", "a month is named by its first day: %04d-%02d-01",
                           y, mon);
    }
    if (step_occurred(st) < ctx_of(st, month).start_ms)
        return step_refuse(st, "early", "month", "the month %04d-%02d is not over yet", y, mon);
    if (m->cases) return ERR_OK;
    return step_refuse(st, "unknown_number", "month", "no case was closed in %04d-%02d", y, mon);
}

enum err complaint_month_review(struct step *st, const void *payload)
{
    struct review *v = arena_take(st->arena, sizeof *v);
    memset(v, 0, sizeof *v);
    v->ev = *(const struct ev_complaint_month_reviewed *)payload;
    bool given = v->ev.cases || v->ev.lines.n || v->ev.departments.n;
    v->ev.cases = 0;
    v->ev.lines.v = v->lines, v->ev.lines.n = 0;
    v->ev.departments.v = v->units, v->ev.departments.n = 0;
    struct rec_row_complaint_month m;
    int32_t month = v->ev.month;
    enum err e = complaint_may(st, v->ev.by_unit);
    if (e != ERR_OK) return e;
    st->rule = "CMP-057";
    e = load(st, month, &m);
    if (e == ERR_OK) e = check(st, month, &m);
    if (e == ERR_OK) e = take_all(st, v, month);
    if (e != ERR_OK) return e;
    if (!given) step_complete(st, &v->ev);
    m.reviewed_at = step_occurred(st);
    save(st, month, &m);
    e = stop(st, month, MONTH_REVIEW);
    if (e == ERR_OK && m.sanctions_unsent == 0) e = stop(st, month, MONTH_SANCTION);
    return e == ERR_OK && m.losses_open == 0 ? stop(st, month, MONTH_LOSS) : e;
}
