/* complaint_figures.c - complaints counted by centre, month and week.
 *
 * Counters move when something happens, in the period in which it happens. Two rates need more: at
 * the cut-off of a month every complaint that was on hand is looked at (table complaint_open), and
 * for the handling rate each complaint counts in one month only, the first at whose end it is
 * answered or past its limit; until then it is left out. Invariant: while a centre has an entry
 * there, the clock to the end of the month is open. Rules CMP-019, CMP-126 … CMP-131, CMP-133. */
#include "services/complaint/complaint_private.h"

#define CATEGORIES_MAX 256
#define PERCENT 100

/* ---- periods ---- */

static int32_t month_of(int32_t day)
{
    int y, m, d;
    day_split(day, &y, &m, &d);
    return day_of(y, m, 1);
}

static int32_t week_of(int32_t day)
{
    return day - (day_weekday(day) - 1);
}

static struct key period_key(struct str unit, uint8_t kind, int32_t first)
{
    struct key k = key_of(unit);
    key_u8(&k, kind);
    key_day(&k, first);
    return k;
}

/* ---- counters ---- */

static enum err count_get(struct step *st, const struct key *k, struct rec_row_complaint_count *out)
{
    *out = (struct rec_row_complaint_count){0};
    enum err e = step_get(st, COMPLAINT_TABLE(COUNT), k, out);
    return e == ERR_NOT_FOUND ? ERR_OK : e;
}

static void count_add(struct rec_row_complaint_count *row, const struct rec_row_complaint_count *by)
{
    const struct shape *s = shape_row_complaint_count();
    for (uint32_t i = 0; i < s->count; i++) {
        REQUIRE(s->fields[i].type == FT_UINT);
        uint64_t *to = (uint64_t *)((char *)row + s->fields[i].offset);
        *to += *(const uint64_t *)((const char *)by + s->fields[i].offset);
    }
}

static enum err count_move(struct step *st, struct str unit, int64_t at_ms,
                           const struct rec_row_complaint_count *by)
{
    int32_t day = zone_day(step_zone(st, unit), at_ms);
    const int32_t first[] = {month_of(day), week_of(day)};
    const uint8_t kind[] = {COMPLAINT_BY_MONTH, COMPLAINT_BY_WEEK};
    enum err e = ERR_OK;
    for (size_t i = 0; e == ERR_OK && i < COUNT_OF(kind); i++) {
        struct key k = period_key(unit, kind[i], first[i]);
        struct rec_row_complaint_count row;
        e = count_get(st, &k, &row);
        count_add(&row, by);
        if (e == ERR_OK) step_put(st, COMPLAINT_TABLE(COUNT), &k, &row);
    }
    return e;
}

static enum err category_move(struct step *st, const struct complaint_counted *what)
{
    int32_t day = zone_day(step_zone(st, what->unit), what->received_ms);
    const int32_t first[] = {month_of(day), week_of(day)};
    const uint8_t kind[] = {COMPLAINT_BY_MONTH, COMPLAINT_BY_WEEK};
    for (size_t i = 0; i < COUNT_OF(kind); i++) {
        struct key k = period_key(what->unit, kind[i], first[i]);
        key_str(&k, what->category.n ? what->category : STR("other"));
        struct rec_row_complaint_category row = {0};
        enum err e = step_get(st, COMPLAINT_TABLE(CATEGORY), &k, &row);
        if (e != ERR_OK && e != ERR_NOT_FOUND) return e;
        row.received++;
        step_put(st, COMPLAINT_TABLE(CATEGORY), &k, &row);
    }
    return ERR_OK;
}

static enum err categories_of(struct step *st, const struct key *period,
                              struct rec_complaint_category_line **v, uint32_t *n)
{
    struct key at = {.n = 0};
    struct rec_row_complaint_category row;
    enum err e = ERR_OK;
    *v = arena_take(st->arena, CATEGORIES_MAX * sizeof **v);
    for (*n = 0; *n < CATEGORIES_MAX; (*n)++) {
        e = step_next(st, COMPLAINT_TABLE(CATEGORY), period, &at, &row);
        if (e != ERR_OK) return e == ERR_END ? ERR_OK : e;
        struct key_reader r = {{at.b + period->n, at.n - period->n}};
        struct str category;
        if (key_take_str(&r, &category) != ERR_OK) return ERR_CORRUPT;
        (*v)[*n] =
            (struct rec_complaint_category_line){arena_str(st->arena, category), row.received};
    }
    return ERR_OK;
}

/* ---- clocks: the week's review and the month's cut-off ---- */

static const struct deadline_row month_clock = {
    .name = "complaint.month_figures", .rule = "CMP-126", .from = FROM_START, .due = DUE_GIVEN};
static const struct deadline_row week_clocks[] = {
    {.name = "complaint.weekly",
     .rule = "CMP-131",
     .from = FROM_START,
     .due = DUE_SETTING,
     .stop = {EV_complaint_week_reviewed}},
};

/* The cut-off of the month of `day`. */
static enum err arm_month(struct step *st, struct str unit, int32_t day)
{
    const struct zone *z = step_zone(st, unit);
    int32_t first = month_of(day);
    struct deadline_ctx c = {.case_no =
                                 arena_printf(st->arena, "complaint_month/%.*s", STR_ARG(unit)),
                             .unit = unit,
                             .start_ms = zone_day_start(z, first),
                             .given_ms = zone_day_start(z, day_add_months(first, 1))};
    return deadline_arm(st, &month_clock, &c, (struct str){0});
}

static enum err need_month(struct step *st, struct str unit)
{
    struct str case_no = arena_printf(st->arena, "complaint_month/%.*s", STR_ARG(unit));
    struct rec_row_deadline row;
    enum err e = deadline_get(st, case_no, 0, month_clock.name, &row);
    if (e == ERR_OK && row.end == deadline_end_open && row.due > st->now_ms) return ERR_OK;
    if (e != ERR_OK && e != ERR_NOT_FOUND) return e;
    return arm_month(st, unit, zone_day(step_zone(st, unit), st->now_ms));
}

/* A week in which somebody complained is reviewed. */
static enum err need_week(struct step *st, struct str unit, int64_t at_ms)
{
    const struct shape *s = shape_ev_complaint_week_reviewed();
    struct ev_complaint_week_reviewed ev = {.unit = unit};
    struct rec_row_week_review row;
    ev.week = week_of(zone_day(step_zone(st, unit), at_ms));
    enum err e = paper_get(st, &complaint_week, s, &ev, &row);
    if (e != ERR_NOT_FOUND) return e;
    struct deadline_ctx c = {.case_no = paper_case(st, &complaint_week, s, &ev),
                             .unit = unit,
                             .start_ms = zone_day_start(step_zone(st, unit), ev.week + 7)};
    return deadline_arm(st, &week_clocks[0], &c, (struct str){0});
}

/* ---- what happens to a complaint ---- */

static struct key open_key(const struct complaint_counted *what)
{
    struct key k = key_of(what->unit);
    key_u8(&k, what->kind);
    key_str(&k, what->no);
    return k;
}

static enum err begin(struct step *st, const struct complaint_counted *what)
{
    struct key k = open_key(what);
    struct rec_row_complaint_open row = {.received_at = what->received_ms};
    struct rec_row_complaint_count by = {.received = 1};
    step_put(st, COMPLAINT_TABLE(OPEN), &k, &row);
    enum err e = count_move(st, what->unit, what->received_ms, &by);
    if (e == ERR_OK) e = category_move(st, what);
    if (e == ERR_OK) e = need_month(st, what->unit);
    return e == ERR_OK ? need_week(st, what->unit, what->received_ms) : e;
}

static uint64_t seconds(int64_t from_ms, int64_t to_ms)
{
    return to_ms > from_ms ? (uint64_t)(to_ms - from_ms) / 1000 : 0;
}

static void respond(struct rec_row_complaint_open *row, struct rec_row_complaint_count *by,
                    int64_t at_ms)
{
    if (row->response_at) return;
    row->response_at = at_ms;
    by->responses = 1;
    by->response_s = seconds(row->received_at, at_ms);
}

static void reply(struct rec_row_complaint_open *row, struct rec_row_complaint_count *by,
                  int64_t at_ms)
{
    respond(row, by, at_ms);
    if (row->replied_at) return;
    row->replied_at = at_ms;
    by->handled = 1;
}

static void end(struct rec_row_complaint_open *row, struct rec_row_complaint_count *by,
                int64_t at_ms, bool superseded)
{
    if (superseded) reply(row, by, at_ms); /* CMP-047: handled, not resolved */
    row->closed_at = at_ms;
    row->superseded = superseded;
    by->superseded = superseded;
    by->resolved = !superseded;
    by->handlings = 1;
    by->handling_s = seconds(row->received_at, at_ms);
}

enum err complaint_figures_note(struct step *st, const struct complaint_counted *what,
                                enum complaint_moment moment, int64_t at_ms)
{
    struct key k = open_key(what);
    struct rec_row_complaint_open row;
    struct rec_row_complaint_count by = {0};
    if (moment == COMPLAINT_RECEIVED) return begin(st, what);
    enum err e = step_get(st, COMPLAINT_TABLE(OPEN), &k, &row);
    if (e != ERR_OK) return e == ERR_NOT_FOUND ? ERR_OK : e;
    switch (moment) {
    case COMPLAINT_RECEIVED:
        break;
    case COMPLAINT_RESPONDED:
        respond(&row, &by, at_ms);
        break;
    case COMPLAINT_REPLIED:
        reply(&row, &by, at_ms);
        break;
    case COMPLAINT_BLAMED:
        by.service_caused = !row.blamed;
        row.blamed = true;
        break;
    case COMPLAINT_ENDED:
    case COMPLAINT_SUPERSEDED:
        end(&row, &by, at_ms, moment == COMPLAINT_SUPERSEDED);
        break;
    case COMPLAINT_WITHDRAWN:
        step_del(st, COMPLAINT_TABLE(OPEN), &k);
        return ERR_OK;
    }
    step_put(st, COMPLAINT_TABLE(OPEN), &k, &row);
    return count_move(st, what->unit, at_ms, &by);
}

enum err complaint_figures_satisfaction(struct step *st, struct str unit, bool callback,
                                        bool satisfied)
{
    struct rec_row_complaint_count by = {.callbacks = callback,
                                         .callbacks_satisfied = callback && satisfied,
                                         .rated = !callback,
                                         .rated_satisfied = !callback && satisfied};
    return count_move(st, unit, step_occurred(st), &by);
}

enum err complaint_figures_service(struct step *st, struct str unit)
{
    struct rec_row_complaint_count by = {.services = 1};
    return count_move(st, unit, step_occurred(st), &by);
}

/* ---- the month (CMP-126 … CMP-130) ---- */

static uint64_t mean(uint64_t sum, uint64_t n)
{
    return n ? (sum + n / 2) / n : 0;
}

static struct str rate(struct arena *arena, uint64_t a, uint64_t b)
{
    char text[EXACT_TEXT_MAX];
    exact_percent(a, b, text);
    return arena_str(arena, str_of(text));
}

/* Against the target of the policy, else that of the rules. */
static enum yes_no met(const struct policy *p, const char *kpi, uint64_t a, uint64_t b,
                       struct kpi_target otherwise)
{
    const struct kpi_target *t = policy_target(p, str_of(kpi));
    if (!t) t = &otherwise;
    switch (exact_compare(a, b, t->compare, t->target)) {
    case EXACT_na:
        return yes_no_none;
    case EXACT_no:
        return yes_no_no;
    case EXACT_yes:
        return yes_no_yes;
    }
    return yes_no_none;
}

void complaint_figures_month(const struct policy *p, const struct rec_row_complaint_count *n,
                             struct arena *arena, struct ev_complaint_month_counted *out)
{
    static const struct kpi_target caused = {.compare = COMPARE_lt, .target = 3 * PERCENT};
    static const struct kpi_target handled = {.compare = COMPARE_eq, .target = 100 * PERCENT};
    out->received = n->received;
    out->handled = n->handled;
    out->resolved = n->resolved;
    out->superseded = n->superseded;
    out->service_caused = n->service_caused;
    out->services = n->services;
    out->response_s = mean(n->response_s, n->responses);
    out->handling_s = mean(n->handling_s, n->handlings);
    out->callbacks = n->callbacks;
    out->callbacks_satisfied = n->callbacks_satisfied;
    out->rated = n->rated;
    out->rated_satisfied = n->rated_satisfied;
    out->handling_rate = rate(arena, out->due_handled, out->due);
    out->handling_met = met(p, "K-04", out->due_handled, out->due, handled);
    out->resolution_rate = rate(arena, out->solved, out->on_hand);
    out->complaint_rate = rate(arena, n->service_caused, n->services);
    out->complaint_met = met(p, "K-03", n->service_caused, n->services, caused);
}

/* Until when a complaint may be open: its total limit, before it has one that from its receipt. */
static enum err limit_of(struct step *st, uint8_t kind, struct str no,
                         const struct rec_row_complaint_open *row, int64_t *out)
{
    bool service = kind == COMPLAINT_IS_SERVICE;
    const char *name = service ? "complaint.verify" : "complaint.total";
    struct str case_no = service ? arena_printf(st->arena, "service_complaint/%.*s", STR_ARG(no))
                                 : complaint_case_of(st, no);
    const struct deadline_setting *set = policy_deadline(st->policy, str_of(name));
    struct rec_row_deadline d;
    *out = row->received_at + (set ? set->minutes * MINUTE_MS : 0);
    enum err e = deadline_get(st, case_no, 0, name, &d);
    if (e == ERR_OK) *out = d.due;
    return e == ERR_NOT_FOUND ? ERR_OK : e;
}

static enum err count_open(struct step *st, const struct key *k, int64_t cut_ms,
                           struct rec_row_complaint_open *row,
                           struct ev_complaint_month_counted *out)
{
    struct key_reader r = {{k->b, k->n}};
    struct str unit, no;
    uint8_t kind;
    int64_t limit_ms;
    bool closed = row->closed_at && row->closed_at < cut_ms;
    if (key_take_str(&r, &unit) || key_take_u8(&r, &kind) || key_take_str(&r, &no))
        return ERR_CORRUPT;
    enum err e = limit_of(st, kind, arena_str(st->arena, no), row, &limit_ms);
    if (e != ERR_OK) return e;
    out->on_hand++;
    out->solved += closed && !row->superseded;
    bool handled = row->replied_at && row->replied_at < cut_ms;
    if (!row->counted && !handled && limit_ms >= cut_ms) {
        out->left_out++;
    } else if (!row->counted) {
        out->due++;
        out->due_handled += handled;
        row->counted = true;
    }
    if (closed) {
        step_del(st, COMPLAINT_TABLE(OPEN), k);
    } else {
        step_put(st, COMPLAINT_TABLE(OPEN), k, row);
    }
    return ERR_OK;
}

/* All that were on hand; *left is true when some of them stay. */
static enum err count_all(struct step *st, int64_t cut_ms, struct ev_complaint_month_counted *out,
                          bool *left)
{
    struct key prefix = key_of(out->unit), at = {.n = 0};
    struct rec_row_complaint_open row;
    enum err e;
    *left = false;
    while ((e = step_next(st, COMPLAINT_TABLE(OPEN), &prefix, &at, &row)) == ERR_OK) {
        *left |= !row.closed_at || row.closed_at >= cut_ms;
        if (row.received_at < cut_ms) e = count_open(st, &at, cut_ms, &row, out);
        if (e != ERR_OK) return e;
    }
    return e == ERR_END ? ERR_OK : e;
}

enum err complaint_figures_passed(struct step *st, const struct passed *what)
{
    if (!what->is_due || !str_is(what->name, month_clock.name)) return ERR_OK;
    const struct zone *z = step_zone(st, what->unit);
    int64_t cut_ms = what->due_ms;
    struct ev_complaint_month_counted ev = {.unit = what->unit,
                                            .month = month_of(zone_day(z, cut_ms - 1))};
    struct key k = period_key(ev.unit, COMPLAINT_BY_MONTH, ev.month);
    struct rec_row_complaint_count n;
    bool left;
    enum err e = count_get(st, &k, &n);
    if (e == ERR_OK) e = count_all(st, cut_ms, &ev, &left);
    struct rec_complaint_category_line *v;
    if (e == ERR_OK) e = categories_of(st, &k, &v, &ev.categories.n);
    if (e != ERR_OK) return e;
    ev.categories.v = v;
    complaint_figures_month(st->policy, &n, st->arena, &ev);
    step_emit_as(st, "CMP-126", EV_complaint_month_counted, &ev);
    return left ? arm_month(st, ev.unit, zone_day(z, cut_ms)) : ERR_OK;
}

/* ---- the week (CMP-131) ---- */

static enum err check_week(struct step *st, const struct ev_complaint_week_reviewed *ev)
{
    if (day_weekday(ev->week) != 1) {
        return step_refuse(st, "range", "week", "a week is named by its Monday");
    }
    if (step_day(st, ev->unit) >= ev->week + 7) return ERR_OK;
    return step_refuse(st, "future_day", "week",
                       "this week is not over; it is reviewed from the Monday after it");
}

static enum err on_week(struct step *st, const void *payload, void *row)
{
    (void)row;
    struct ev_complaint_week_reviewed ev = *(const struct ev_complaint_week_reviewed *)payload;
    struct rec_row_complaint_count n;
    enum err e = complaint_may(st, ev.by_unit);
    if (e == ERR_OK) e = check_week(st, &ev);
    struct key k = period_key(ev.unit, COMPLAINT_BY_WEEK, ev.week);
    if (e == ERR_OK) e = count_get(st, &k, &n);
    struct rec_complaint_category_line *v;
    if (e == ERR_OK) e = categories_of(st, &k, &v, &ev.categories.n);
    if (e != ERR_OK) return e;
    ev.categories.v = v;
    ev.received = n.received;
    ev.handled = n.handled;
    ev.resolved = n.resolved;
    ev.superseded = n.superseded;
    ev.service_caused = n.service_caused;
    ev.services = n.services;
    ev.response_s = mean(n.response_s, n.responses);
    ev.handling_s = mean(n.handling_s, n.handlings);
    ev.callbacks = n.callbacks;
    ev.callbacks_satisfied = n.callbacks_satisfied;
    step_complete(st, &ev);
    return ERR_OK;
}

static const struct transition week_rows[] = {
    {EV_complaint_week_reviewed, PAPER_NEW, week_review_state_reviewed, on_week, "CMP-131"},
};

const struct paper complaint_week = {.name = "complaint_week",
                                     .label = "weekly summary of complaints",
                                     .table = COMPLAINT_TABLE(WEEK),
                                     .states = &codes_week_review_state,
                                     .keys = {"unit", "week"},
                                     PAPER_ROWS(week_rows),
                                     PAPER_CLOCKS(week_clocks)};
