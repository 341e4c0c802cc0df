/* dispatch_daily.c - daily reports: the technician's 技術員工作日報表, the supervisor's
 * 服務主任日報表 made from them, and the SMS of the day.
 *
 * Read: the technician's report and what its lines must satisfy; the running sums of a unit's day,
 * which it moves; the supervisor's report and its way; the SMS. The sums stand in the supervisor's
 * row from the first report on, so that nobody adds up what a day left behind. Invariant: the sums
 * of a row are those of the reports counted in it. Rules DSP-049 … DSP-053, DSP-081. */
#include "services/dispatch/dispatch_private.h"

#define MISSING_MAX 1000u /* supervisor.daily_computed names so many */

static struct key person_day_key(struct str person, int32_t day)
{
    struct key k = key_of(person);
    key_day(&k, day);
    return k;
}

static enum err check_day(struct step *st, struct str unit, int32_t day)
{
    if (day <= step_day(st, unit)) return ERR_OK;
    return step_refuse(st, "future_day", "day",
                       "the day has not come yet; give the day on which the work was done");
}

/* ---- the lines of a technician's report ---- */

static enum err check_job(struct step *st, struct str technician, const struct rec_daily_line *l)
{
    struct job j;
    struct leg leg;
    unsigned no = l->job ? (unsigned)l->job : JOB_FIRST;
    enum err e = dispatch_job_load(st, l->call_no, (uint8_t)no, &j);
    if (e == ERR_OK) e = dispatch_leg_get(st, &j, technician, &leg);
    if (e == ERR_NOT_FOUND) {
        return step_refuse(st, "not_his_job", "lines",
                           "%.*s was never on job %u of call %.*s; name a call he was sent to, or "
                           "category d for internal work",
                           STR_ARG(technician), no, STR_ARG(l->call_no));
    }
    if (e != ERR_OK) return e;
    bool apart = l->time_kind == daily_time_travel || l->time_kind == daily_time_out_of_hours;
    if (!apart || !j.r.category || j.r.category == l->category) return ERR_OK;
    st->rule = "DSP-081";
    return step_refuse(st, "other_category", "lines",
                       "travel and overtime of call %.*s stand under its own category %s",
                       STR_ARG(l->call_no), code_word(&codes_category, j.r.category));
}

static enum err check_line(struct step *st, struct str technician, const struct rec_daily_line *l)
{
    if (l->category != category_d && l->call_no.n) return check_job(st, technician, l);
    if (l->category == category_d && !l->call_no.n) return ERR_OK;
    if (l->category == category_d) {
        st->rule = "DSP-051";
        return step_refuse(st, "internal_work", "lines",
                           "category d is internal work and belongs to no call; leave call %.*s "
                           "out, or give its category",
                           STR_ARG(l->call_no));
    }
    return step_refuse(st, "call_missing", "lines",
                       "a line of category %s names the call it was done for",
                       code_word(&codes_category, l->category));
}

/* ---- running sums of a unit's day ---- */

static uint64_t *sum_of(struct rec_row_supervisor_daily *day, enum category category)
{
    switch (category) {
    case category_a:
        return &day->a_sum;
    case category_b:
        return &day->b_sum;
    case category_c:
        return &day->c_sum;
    case category_d:
        return &day->d_sum;
    case category_none:
        break;
    }
    ENSURE(category != category_none); /* the contract demands one */
    return NULL;
}

static void sums_move(struct rec_row_supervisor_daily *day, const struct rec_daily_line *lines,
                      uint32_t n, bool add)
{
    for (uint32_t i = 0; i < n; i++) {
        uint64_t *sum = sum_of(day, lines[i].category);
        ENSURE(add || *sum >= lines[i].minutes);
        *sum = add ? *sum + lines[i].minutes : *sum - lines[i].minutes;
    }
}

static enum err unit_day_get(struct step *st, struct str unit, int32_t day,
                             struct rec_row_supervisor_daily *out)
{
    struct key k = person_day_key(unit, day);
    struct rec_row_supervisor_daily row;
    enum err e = step_get(st, &dispatch_tables[DISPATCH_SUPERVISOR_DAILY], &k, &row);
    if (e != ERR_OK && e != ERR_NOT_FOUND) return e;
    *out = e == ERR_OK ? row
                       : (struct rec_row_supervisor_daily){.state = supervisor_daily_state_open,
                                                           .unit = unit};
    return ERR_OK;
}

/* The one at hand is not stored yet. */
static enum err find_missing(struct step *st, struct str at_hand,
                             struct ev_supervisor_daily_computed *out)
{
    out->missing.v = arena_take(st->arena, MISSING_MAX * sizeof *out->missing.v);
    struct key at = {.n = 0};
    while (out->missing.n < MISSING_MAX) {
        struct str person;
        struct rec_row_tech_daily row;
        enum err e = dispatch_crew_next(st, out->unit, &at, &person);
        if (e != ERR_OK) return e == ERR_END ? ERR_OK : e;
        if (str_eq(person, at_hand)) continue;
        struct key k = person_day_key(person, out->day);
        e = step_get(st, &dispatch_tables[DISPATCH_DAILY], &k, &row);
        if (e == ERR_NOT_FOUND) {
            out->missing.v[out->missing.n++] = (struct rec_person_line){.person = person};
        } else if (e != ERR_OK) {
            return e;
        }
    }
    return ERR_OK;
}

/* supervisor.daily_computed of a unit's day; at_hand: whose report this step is about. */
static enum err compute(struct step *st, const struct rec_row_supervisor_daily *r, int32_t day,
                        struct str at_hand, struct ev_supervisor_daily_computed *out)
{
    struct ev_supervisor_daily_computed sums = {.unit = r->unit,
                                                .day = day,
                                                .a_min = r->a_sum,
                                                .b_min = r->b_sum,
                                                .c_min = r->c_sum,
                                                .d_min = r->d_sum,
                                                .reports = r->reports};
    sums.total_min = r->a_sum + r->b_sum + r->c_sum + r->d_sum;
    *out = sums;
    return find_missing(st, at_hand, out);
}

/* ---- the technician's report (DSP-049) ---- */

/* Whose unit's day it counts for: as it did before, else as said, else his own. fill() of the
 * engine has put the source where nobody said anything. */
static enum err settle_unit(struct step *st, const struct ev_tech_daily_reported *ev,
                            const struct rec_row_tech_daily *old, struct rec_row_tech_daily *r)
{
    struct key k = key_of(ev->technician);
    struct rec_row_person person;
    if (old) r->unit = old->unit;
    if (old || ev->unit.n) return ERR_OK;
    enum err e = step_get(st, &table_person, &k, &person);
    if (e == ERR_OK && person.unit.n) r->unit = person.unit;
    return e == ERR_NOT_FOUND ? ERR_OK : e;
}

/* The supervisor's report is made already: its sums are told anew. */
static enum err compute_again(struct step *st, const struct rec_row_supervisor_daily *day,
                              const struct ev_tech_daily_reported *ev)
{
    if (day->state == supervisor_daily_state_open) return ERR_OK;
    struct ev_supervisor_daily_computed sums;
    enum err e = compute(st, day, ev->day, ev->technician, &sums);
    if (e == ERR_OK) step_emit_as(st, "DSP-050", EV_supervisor_daily_computed, &sums);
    return e;
}

static enum err on_daily_reported(struct step *st, const void *payload, void *row)
{
    const struct ev_tech_daily_reported *ev = payload;
    struct paper_at *a = row;
    struct rec_row_tech_daily old, *r = a->row;
    enum err e = step_get(st, &dispatch_tables[DISPATCH_DAILY], &a->key, &old);
    if (e != ERR_OK && e != ERR_NOT_FOUND) return e;
    bool again = e == ERR_OK;
    r->lines.v = ev->lines.v;
    r->lines.n = ev->lines.n; /* also when the correction says: nothing at all */
    e = settle_unit(st, ev, again ? &old : NULL, r);
    if (e == ERR_OK) e = check_day(st, r->unit, ev->day);
    for (uint32_t i = 0; e == ERR_OK && i < ev->lines.n; i++)
        e = check_line(st, ev->technician, &ev->lines.v[i]);
    if (e != ERR_OK) return e;
    struct rec_row_supervisor_daily day;
    e = unit_day_get(st, r->unit, ev->day, &day);
    if (e != ERR_OK) return e;
    if (again) sums_move(&day, old.lines.v, old.lines.n, false);
    sums_move(&day, ev->lines.v, ev->lines.n, true);
    if (!again) day.reports++;
    struct key k = person_day_key(r->unit, ev->day);
    step_put(st, &dispatch_tables[DISPATCH_SUPERVISOR_DAILY], &k, &day);
    return compute_again(st, &day, ev);
}

static const struct transition daily_rows[] = {
    {EV_tech_daily_reported, PAPER_NEW | IN(tech_daily_state_reported), tech_daily_state_reported,
     on_daily_reported, "DSP-049"},
    {EV_tech_daily_reviewed, IN(tech_daily_state_reported), tech_daily_state_reviewed, NULL,
     "DSP-049"},
};

/* Armed by dispatch_daily_owe. */
static const struct deadline_row daily_clocks[] = {
    {.name = "tech.daily",
     .rule = "DSP-049",
     .from = FROM_START,
     .due = DUE_SETTING,
     .stop = {EV_tech_daily_reported}},
};

const struct paper dispatch_daily = {.name = "daily",
                                     .label = "daily work report 技術員工作日報表",
                                     .table = &dispatch_tables[DISPATCH_DAILY],
                                     .states = &codes_tech_daily_state,
                                     .keys = {"technician", "day"},
                                     PAPER_ROWS(daily_rows),
                                     PAPER_CLOCKS(daily_clocks)};

static int64_t day_start(struct step *st, struct str unit, int32_t day)
{
    return zone_day_start(step_zone(st, unit), day);
}

enum err dispatch_daily_owe(struct step *st, struct str unit, struct str technician, int32_t day)
{
    const struct ev_tech_daily_reported said = {.technician = technician, .day = day};
    const struct shape *shape = shape_ev_tech_daily_reported();
    struct rec_row_tech_daily row;
    enum err e = paper_get(st, &dispatch_daily, shape, &said, &row);
    if (e != ERR_NOT_FOUND) return e; /* handed in before the day began to count */
    struct deadline_ctx c = {.case_no = paper_case(st, &dispatch_daily, shape, &said),
                             .unit = unit,
                             .person = technician,
                             .start_ms = day_start(st, unit, day)};
    return deadline_arm(st, &daily_clocks[0], &c, (struct str){0});
}

/* ---- the supervisor's report (DSP-050, DSP-052) ---- */

static bool is_branch(struct step *st, struct str unit)
{
    struct rec_row_unit row;
    return step_unit(st, unit, &row) == ERR_OK && row.kind == unit_kind_branch;
}

static enum err check_sums(struct step *st, const struct ev_supervisor_daily_reported *ev,
                           const struct ev_supervisor_daily_computed *sums)
{
    const struct {
        const char *field;
        uint64_t said, is;
    } v[] = {{"a_min", ev->a_min, sums->a_min},
             {"b_min", ev->b_min, sums->b_min},
             {"c_min", ev->c_min, sums->c_min},
             {"d_min", ev->d_min, sums->d_min},
             {"total_min", ev->total_min, sums->total_min}};
    for (size_t i = 0; i < COUNT_OF(v); i++) {
        if (!v[i].said || v[i].said == v[i].is) continue;
        return step_refuse(st, "wrong_sum", v[i].field,
                           "the technicians' reports add up to %llu minutes, not %llu; leave the "
                           "sum out, or have the reports corrected",
                           (unsigned long long)v[i].is, (unsigned long long)v[i].said);
    }
    return ERR_OK;
}

static enum err on_supervisor_reported(struct step *st, const void *payload, void *row)
{
    const struct ev_supervisor_daily_reported *ev = payload;
    struct rec_row_supervisor_daily *r = ((struct paper_at *)row)->row;
    struct rec_row_unit unit;
    enum err e = step_unit(st, ev->unit, &unit);
    if (e == ERR_OK && !r->person.n) r->person = unit.supervisor;
    if (e != ERR_OK && e != ERR_NOT_FOUND) return e;
    e = check_day(st, ev->unit, ev->day);
    struct ev_supervisor_daily_computed sums;
    if (e == ERR_OK) e = compute(st, r, ev->day, (struct str){0}, &sums);
    if (e == ERR_OK) e = check_sums(st, ev, &sums);
    if (e == ERR_OK) step_emit(st, EV_supervisor_daily_computed, &sums);
    return e;
}

static enum err on_supervisor_signed(struct step *st, const void *payload, void *row)
{
    (void)row;
    const struct ev_supervisor_daily_signed *ev = payload;
    if (is_branch(st, ev->unit)) return ERR_OK;
    return step_refuse(st, "not_a_branch", "unit",
                       "only the report of a branch is signed by a manager 經理; %.*s sends it "
                       "directly, report supervisor.daily_forwarded",
                       STR_ARG(ev->unit));
}

static enum err on_supervisor_forwarded(struct step *st, const void *payload, void *row)
{
    const struct ev_supervisor_daily_forwarded *ev = payload;
    const struct paper_at *a = row;
    if (a->before == supervisor_daily_state_signed || !is_branch(st, ev->unit)) return ERR_OK;
    return step_refuse(st, "not_signed", "unit",
                       "the report of a branch goes to the manager 經理 first; report "
                       "supervisor.daily_signed before it is sent on");
}

#define SUPERVISOR_OPEN IN(supervisor_daily_state_open)
#define SUPERVISOR_REPORTED IN(supervisor_daily_state_reported)

/* A report that was not yet signed or sent may be handed in again, corrected. */
static const struct transition supervisor_rows[] = {
    {EV_supervisor_daily_reported, PAPER_NEW | SUPERVISOR_OPEN | SUPERVISOR_REPORTED,
     supervisor_daily_state_reported, on_supervisor_reported, "DSP-050"},
    {EV_supervisor_daily_signed, SUPERVISOR_REPORTED, supervisor_daily_state_signed,
     on_supervisor_signed, "DSP-052"},
    {EV_supervisor_daily_forwarded, SUPERVISOR_REPORTED | IN(supervisor_daily_state_signed),
     supervisor_daily_state_forwarded, on_supervisor_forwarded, "DSP-052"},
};

/* With the first handing in, where the report is owed (DSP-087); a correction gives the manager no
 * more time. */
static bool sign_starts(struct step *st, const struct deadline_ctx *c, const void *payload)
{
    (void)payload;
    struct rec_row_deadline d;
    return is_branch(st, c->unit) && dispatch_crew_owes(st, c->unit, "daily") &&
           deadline_get(st, c->case_no, 0, "branch.sign", &d) == ERR_NOT_FOUND;
}

enum { SUPERVISOR_DAILY, BRANCH_SIGN };
static const struct deadline_row supervisor_clocks[] = {
    /* Armed by dispatch_daily_owe_unit. */
    [SUPERVISOR_DAILY] = {.name = "supervisor.daily",
                          .rule = "DSP-050",
                          .from = FROM_START,
                          .due = DUE_SETTING,
                          .stop = {EV_supervisor_daily_reported}},
    [BRANCH_SIGN] = {.name = "branch.sign",
                     .rule = "DSP-052",
                     .from = FROM_OCCURRED,
                     .due = DUE_SETTING,
                     .start = {EV_supervisor_daily_reported},
                     .stop = {EV_supervisor_daily_signed},
                     .starts = sign_starts},
};

const struct paper dispatch_daily_supervisor = {.name = "supervisor",
                                                .label = "supervisor's daily report 服務主任日報表",
                                                .table =
                                                    &dispatch_tables[DISPATCH_SUPERVISOR_DAILY],
                                                .states = &codes_supervisor_daily_state,
                                                .keys = {"unit", "day"},
                                                PAPER_ROWS(supervisor_rows),
                                                PAPER_CLOCKS(supervisor_clocks)};

enum err dispatch_daily_owe_unit(struct step *st, struct str unit, int32_t day)
{
    const struct ev_supervisor_daily_reported said = {.unit = unit, .day = day};
    const struct shape *shape = shape_ev_supervisor_daily_reported();
    struct rec_row_supervisor_daily row;
    struct rec_row_unit master = {0};
    enum err e = unit_day_get(st, unit, day, &row);
    if (e != ERR_OK || row.state != supervisor_daily_state_open) return e;
    if (step_unit(st, unit, &master) != ERR_OK) master = (struct rec_row_unit){0};
    struct deadline_ctx c = {.case_no = paper_case(st, &dispatch_daily_supervisor, shape, &said),
                             .unit = unit,
                             .person = master.supervisor,
                             .start_ms = day_start(st, unit, day)};
    return deadline_arm(st, &supervisor_clocks[SUPERVISOR_DAILY], &c, (struct str){0});
}

/* ---- the SMS of the day (DSP-053) ---- */

static const struct deadline_row sms_clock = {
    .name = "tech.sms", .rule = "DSP-053", .from = FROM_START, .due = DUE_SETTING};

static struct str sms_case(struct step *st, struct str person, int32_t day)
{
    char date[11];
    day_format(day, date);
    return arena_printf(st->arena, "sms/%.*s/%s", STR_ARG(person), date);
}

/* Once for a day of service, unless the SMS came before the arrival was reported. */
static enum err owe_sms(struct step *st, struct str unit, struct str person)
{
    if (!dispatch_crew_owes(st, unit, "sms")) return ERR_OK;
    int32_t day = step_day(st, unit);
    struct key k = person_day_key(person, day);
    struct rec_row_staff_sms sent;
    enum err e = step_get(st, &dispatch_tables[DISPATCH_SMS], &k, &sent);
    if (e != ERR_NOT_FOUND) return e;
    struct rec_row_deadline d;
    struct deadline_ctx c = {.case_no = sms_case(st, person, day),
                             .unit = unit,
                             .person = person,
                             .occurred_ms = st->in->occurred,
                             .start_ms = st->in->occurred};
    e = deadline_get(st, c.case_no, 0, sms_clock.name, &d);
    return e == ERR_NOT_FOUND ? deadline_arm(st, &sms_clock, &c, (struct str){0}) : e;
}

enum err dispatch_daily_sms(struct step *st, struct str person, int32_t day)
{
    if (person.n > CREW_NAME_MAX) return ERR_STALE; /* nobody owed it */
    struct key k = person_day_key(person, day);
    struct rec_row_staff_sms row = {.reported_at = st->in->occurred}, old;
    enum err e = step_get(st, &dispatch_tables[DISPATCH_SMS], &k, &old);
    if (e != ERR_OK && e != ERR_NOT_FOUND) return e;
    if (e == ERR_OK) dispatch_job_earliest(&row.reported_at, old.reported_at);
    step_put(st, &dispatch_tables[DISPATCH_SMS], &k, &row);
    struct deadline_ctx c = {
        .case_no = sms_case(st, person, day), .person = person, .occurred_ms = st->in->occurred};
    return deadline_stop(st, &sms_clock, &c);
}

enum err dispatch_daily_arrived(struct step *st, const struct job *j, struct str technician)
{
    if (!technician.n || technician.n > CREW_NAME_MAX) return ERR_OK;
    enum err e = owe_sms(st, j->r.unit, technician);
    return e == ERR_OK ? dispatch_card_arrived(st, j, technician) : e;
}
