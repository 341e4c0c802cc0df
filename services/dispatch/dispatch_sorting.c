/* dispatch_sorting.c - sorting after a quality issue at a customer's plant, and its break point
 * 斷點.
 *
 * One paper for both, because a break point that fails is a sorting again: sorting → areas done →
 * given → on line → tracked → valid, or failed. What is sorted: the areas every sorting needs
 * (policy), and those that were added. The shift after which a break point may be valid is the
 * first complete one that begins at or after the parts are on line. Rules DSP-070,
 * DSP-075…DSP-078. */
#include "services/dispatch/dispatch_private.h"
#include <string.h>

#define AREAS_MAX 32u

/* ---- lists of areas ---- */

struct areas {
    struct rec_name_line *v;
    uint32_t n;
};

static bool areas_have(struct areas a, struct str name)
{
    for (uint32_t i = 0; i < a.n; i++) {
        if (str_eq(a.v[i].name, name)) return true;
    }
    return false;
}

/* The lines are borrowed from an event or a row: a list that grows is a new one. */
static enum err areas_add(struct step *st, struct areas *a, struct str name)
{
    if (areas_have(*a, name)) return ERR_OK;
    if (a->n == AREAS_MAX) {
        return step_refuse(st, "too_many_areas", "area", "at most %u areas can be sorted",
                           AREAS_MAX);
    }
    struct rec_name_line *v = arena_take(st->arena, (a->n + 1) * sizeof *v);
    if (a->n) memcpy(v, a->v, a->n * sizeof *v);
    v[a->n] = (struct rec_name_line){.name = name};
    *a = (struct areas){v, a->n + 1};
    return ERR_OK;
}

static enum err need(struct step *st, struct rec_row_sorting *r, struct str name)
{
    struct areas a = {r->areas_needed.v, r->areas_needed.n};
    enum err e = areas_add(st, &a, name);
    r->areas_needed.v = a.v;
    r->areas_needed.n = a.n;
    return e;
}

static enum err done(struct step *st, struct rec_row_sorting *r, struct str name)
{
    struct areas a = {r->areas_done.v, r->areas_done.n};
    enum err e = areas_add(st, &a, name);
    r->areas_done.v = a.v;
    r->areas_done.n = a.n;
    return e;
}

static void undone(struct step *st, struct rec_row_sorting *r, struct str name)
{
    struct rec_name_line *v = arena_take(st->arena, (r->areas_done.n + 1) * sizeof *v);
    uint32_t n = 0;
    for (uint32_t i = 0; i < r->areas_done.n; i++) {
        if (!str_eq(r->areas_done.v[i].name, name)) v[n++] = r->areas_done.v[i];
    }
    r->areas_done.v = v;
    r->areas_done.n = n;
}

/* "logistics, paint": what is not sorted yet; empty when all is. */
static struct str missing(struct step *st, const struct rec_row_sorting *r)
{
    struct areas sorted = {r->areas_done.v, r->areas_done.n};
    struct str text = {0};
    for (uint32_t i = 0; i < r->areas_needed.n; i++) {
        struct str name = r->areas_needed.v[i].name;
        if (areas_have(sorted, name)) continue;
        text = text.n ? arena_printf(st->arena, "%.*s, %.*s", STR_ARG(text), STR_ARG(name)) : name;
    }
    return text;
}

/* ---- sorting (DSP-070, DSP-075, DSP-076) ---- */

static enum err need_policy(struct step *st, struct rec_row_sorting *r)
{
    const struct words *areas = &st->policy->keys.sorting_areas;
    enum err e = ERR_OK;
    for (uint32_t i = 0; e == ERR_OK && i < areas->n; i++)
        e = need(st, r, areas->v[i]);
    return e;
}

static enum err begin(struct step *st, const struct paper_at *a, struct str quality_no)
{
    struct rec_row_sorting *r = a->row;
    enum err e = a->before ? ERR_OK : dispatch_quality_join(st, quality_no, &r->linked);
    return e == ERR_OK ? need_policy(st, r) : e;
}

static enum err on_plan(struct step *st, const void *payload, void *row)
{
    return begin(st, row, ((const struct ev_sorting_plan_agreed *)payload)->quality_no);
}

static enum err on_opened(struct step *st, const void *payload, void *row)
{
    const struct ev_sorting_opened *ev = payload;
    struct rec_row_sorting *r = ((struct paper_at *)row)->row;
    enum err e = begin(st, row, ev->quality_no);
    for (uint32_t i = 0; e == ERR_OK && i < ev->areas.n; i++)
        e = need(st, r, ev->areas.v[i].name);
    return e;
}

static enum err on_area_added(struct step *st, const void *payload, void *row)
{
    const struct ev_sorting_area_added *ev = payload;
    struct rec_row_sorting *r = ((struct paper_at *)row)->row;
    enum err e = need(st, r, ev->area);
    bool again = r->state == sorting_state_areas_done && missing(st, r).n;
    if (e == ERR_OK && again) r->state = sorting_state_sorting;
    return e;
}

/* An area nobody asked for is one more where the part was looked for (DSP-076). */
static enum err on_area_done(struct step *st, const void *payload, void *row)
{
    const struct ev_sorting_area_done *ev = payload;
    struct rec_row_sorting *r = ((struct paper_at *)row)->row;
    enum err e = need(st, r, ev->area);
    if (e == ERR_OK) e = done(st, r, ev->area);
    if (e != ERR_OK) return e;
    r->checked_sum += ev->checked;
    r->bad_sum += ev->bad;
    r->state = missing(st, r).n ? sorting_state_sorting : sorting_state_areas_done;
    return ERR_OK;
}

/* ---- the break point (DSP-075, DSP-077) ---- */

static enum err refuse_given(struct step *st, const void *payload, void *row)
{
    (void)payload;
    return step_refuse(st, "areas_missing", "quality_no",
                       "a break point 斷點 is given when every area is sorted; missing: %.*s",
                       STR_ARG(missing(st, ((struct paper_at *)row)->row)));
}

/* "HH:MM" as minutes of the day, up to 24:00; -1 when it is not. */
static int32_t minute_of(struct str s)
{
    static const char pattern[] = "dd:dd";
    if (s.n != sizeof pattern - 1) return -1;
    for (size_t i = 0; i < s.n; i++) {
        bool digit = s.p[i] >= '0' && s.p[i] <= '9';
        if (pattern[i] == 'd' ? !digit : s.p[i] != ':') return -1;
    }
    int32_t h = (s.p[0] - '0') * 10 + (s.p[1] - '0'), m = (s.p[3] - '0') * 10 + (s.p[4] - '0');
    return m > 59 || h * 60 + m > 1440 ? -1 : h * 60 + m;
}

static int64_t instant_at(const struct zone *z, int32_t day, int32_t minute)
{
    return zone_to_utc(z, day * DAY_MS + minute * MINUTE_MS);
}

/* The first shift that begins at or after it is on line. A shift begins every day, so it is one of
 * that day or the next. */
static enum err find_shift(struct step *st, struct rec_row_sorting *r, int64_t online_ms)
{
    const struct zone *z = step_zone(st, r->unit);
    int32_t today = zone_day(z, online_ms);
    r->track_from = r->track_due = 0;
    for (uint32_t i = 0; i < 2 * r->shifts.n; i++) {
        const struct rec_track_shift *s = &r->shifts.v[i / 2];
        int32_t day = today + (int32_t)(i % 2), from = minute_of(s->from), to = minute_of(s->to);
        if (from < 0 || to < 0) {
            return step_refuse(st, "bad_shift", "shifts",
                               "%.*s-%.*s is no shift; write both as HH:MM, like 20:00 and 08:00",
                               STR_ARG(s->from), STR_ARG(s->to));
        }
        int64_t begins = instant_at(z, day, from);
        if (begins < online_ms || (r->track_from && begins >= r->track_from)) continue;
        r->track_from = begins;
        r->track_due = instant_at(z, to > from ? day : day + 1, to);
    }
    if (r->track_from) return ERR_OK;
    return step_refuse(st, "shifts_missing", "shifts",
                       "the break point is tracked for one shift; say the shifts of the plant here "
                       "or with sorting.opened");
}

static enum err on_online(struct step *st, const void *payload, void *row)
{
    (void)payload;
    struct paper_at *a = row;
    struct rec_row_sorting *r = a->row;
    enum err e = find_shift(st, r, st->in->occurred);
    r->defects = 0;
    a->given_ms = r->track_due;
    return e;
}

static enum err on_valid(struct step *st, const void *payload, void *row)
{
    (void)payload;
    const struct rec_row_sorting *r = ((struct paper_at *)row)->row;
    if (st->in->occurred < r->track_due) {
        char due[40];
        time_format(r->track_due, step_zone(st, r->unit), due);
        return step_refuse(st, "shift_not_over", "time",
                           "the tracked shift ends at %s; a break point is valid only after it",
                           due);
    }
    if (!r->defects) return ERR_OK;
    return step_refuse(st, "defect_found", "quality_no",
                       "%llu defect(s) were found since the parts are on line; the break point has "
                       "failed (breakpoint.failed)",
                       (unsigned long long)r->defects);
}

/* DSP-076. The missed area is sorted again, and all of them when nobody can say which. */
static enum err on_failed(struct step *st, const void *payload, void *row)
{
    const struct ev_breakpoint_failed *ev = payload;
    struct rec_row_sorting *r = ((struct paper_at *)row)->row;
    r->failures++;
    r->defects = 0;
    if (!ev->missed_area.n) {
        r->areas_done.n = 0;
        return ERR_OK;
    }
    enum err e = need(st, r, ev->missed_area);
    if (e != ERR_OK) return e;
    undone(st, r, ev->missed_area);
    struct ev_conduct_recorded seen = {.kind = STR("missed_sorting"),
                                       .person = ev->missed_by,
                                       .text = ev->missed_area,
                                       .site = ev->quality_no};
    step_emit_as(st, "DSP-076", EV_conduct_recorded, &seen);
    return ERR_OK;
}

/* ---- the paper ---- */

#define PLANNED IN(sorting_state_planned)
#define OPENED IN(sorting_state_opened)
#define SORTING IN(sorting_state_sorting)
#define AREAS_DONE IN(sorting_state_areas_done)
#define GIVEN IN(sorting_state_given)
#define ONLINE IN(sorting_state_online)
#define TRACKED IN(sorting_state_tracked)
#define VALID IN(sorting_state_valid)

static const struct transition sorting_rows[] = {
    {EV_sorting_plan_agreed, PAPER_NEW, sorting_state_planned, on_plan, "DSP-070"},
    {EV_sorting_plan_agreed, PLANNED | OPENED | SORTING | AREAS_DONE, 0, on_plan, "DSP-070"},
    {EV_sorting_opened, PAPER_NEW | PLANNED, sorting_state_opened, on_opened, "DSP-075"},
    {EV_sorting_started, PLANNED | OPENED, sorting_state_sorting, NULL, "DSP-070"},
    {EV_sorting_area_added, PLANNED | OPENED | SORTING | AREAS_DONE, 0, on_area_added, "DSP-076"},
    {EV_sorting_area_done, OPENED | SORTING | AREAS_DONE, 0, on_area_done, "DSP-075"},
    {EV_breakpoint_given, PLANNED | OPENED | SORTING, 0, refuse_given, "DSP-075"},
    {EV_breakpoint_given, AREAS_DONE, sorting_state_given, NULL, "DSP-075"},
    {EV_breakpoint_online, GIVEN, sorting_state_online, on_online, "DSP-077"},
    {EV_breakpoint_tracked, ONLINE, sorting_state_tracked, NULL, "DSP-077"},
    {EV_breakpoint_valid, ONLINE | TRACKED, sorting_state_valid, on_valid, "DSP-077"},
    {EV_breakpoint_failed, GIVEN | ONLINE | TRACKED | VALID, sorting_state_sorting, on_failed,
     "DSP-076"},
};

static const struct deadline_row sorting_clocks[] = {
    {.name = "sorting.start",
     .rule = "DSP-075",
     .from = FROM_OCCURRED,
     .due = DUE_SETTING,
     .start = {EV_sorting_opened},
     .stop = {EV_sorting_started, EV_sorting_area_done}},
    {.name = "breakpoint.track",
     .rule = "DSP-077",
     .from = FROM_OCCURRED,
     .due = DUE_GIVEN,
     .start = {EV_breakpoint_online},
     .stop = {EV_breakpoint_valid, EV_breakpoint_failed}},
};

const struct paper dispatch_sorting = {.name = "sorting",
                                       .label = "sorting 篩選",
                                       .table = &dispatch_tables[DISPATCH_SORTING],
                                       .states = &codes_sorting_state,
                                       .keys = {"quality_no"},
                                       PAPER_ROWS(sorting_rows),
                                       PAPER_CLOCKS(sorting_clocks)};

enum err dispatch_sorting_passed(struct step *st, const struct passed *what)
{
    size_t begins = strlen(dispatch_sorting.name) + 1;
    REQUIRE(what->case_no.n > begins);
    struct ev_breakpoint_tracked ev = {
        .quality_no = {what->case_no.p + begins, (uint32_t)(what->case_no.n - begins)}};
    return paper_act(st, &dispatch_sorting, EV_breakpoint_tracked, &ev);
}
