/* scoring_training.c - trainings: their exams, the planned ones, and the yearly rating of the
 * technicians (SCO-017, SCO-127 … SCO-130).
 *
 * A result may belong to a planned training, and one of the training of one month moves the
 * qualification. A planned training is awaited on its day until everybody on its list has a result;
 * planned anew it keeps the results it has. Who was certified or rated is to be rated for the year
 * of that and, once rated, for the next: the clock of a year runs from its end. */
#include "services/scoring/scoring_private.h"
#include <string.h>

#define YEAR_MAX 2099
#define MARKS_OF 100

/* ---- exams (SCO-129) ---- */

/* training.passed and training.failed have the same fields. */
struct exam {
    struct str person;
    enum training_kind kind;
    struct str plan_no, points;
    const struct rec_exam_line *lines;
    uint32_t line_count;
    bool passed;
};

static void exam_of(const struct step *st, const void *payload, struct exam *out)
{
    const struct ev_training_passed *p = payload;
    const struct ev_training_failed *f = payload;
    if (st->type->kind == EV_training_passed) {
        *out = (struct exam){p->person,     p->kind,       p->plan_no, p->points,
                             p->subjects.v, p->subjects.n, true};
        return;
    }
    *out = (struct exam){f->person,     f->kind,       f->plan_no, f->points,
                         f->subjects.v, f->subjects.n, false};
}

static enum err points_of(struct step *st, struct str text, const char *field, struct frac *out)
{
    bool read = frac_parse(text, out);
    if (read && frac_cmp(*out, FRAC_INT(0)) >= 0 && frac_cmp(*out, FRAC_INT(MARKS_OF)) <= 0)
        return ERR_OK;
    return step_refuse(st, "points", field, "\"%.*s\" is no number of points from 0 to %d",
                       STR_ARG(text), MARKS_OF);
}

static enum err check_mark(struct step *st, const struct exam *x)
{
    struct frac points;
    uint32_t mark = st->policy->scoring.training_pass_mark;
    if (!x->points.n) return ERR_OK;
    enum err e = points_of(st, x->points, "points", &points);
    if (e != ERR_OK) return e;
    bool enough = frac_cmp(points, FRAC_INT(mark)) >= 0;
    if (enough || !x->passed) return ERR_OK;
    return step_refuse(st, "points", "points",
                       "%.*s points do not pass; the mark is %u of %d (training_pass_mark)",
                       STR_ARG(x->points), mark, MARKS_OF);
}

static enum err check_subjects(struct step *st, const struct exam *x)
{
    const struct scoring_keys *k = &st->policy->scoring;
    struct frac points;
    enum err e = ERR_OK;
    for (uint32_t i = 0; e == ERR_OK && i < x->line_count; i++) {
        const struct rec_exam_line *l = &x->lines[i];
        if (!words_have(k->training_subjects, l->subject)) {
            return step_refuse(st, "unknown_word", "subjects",
                               "%.*s is no subject of the exam (training_subjects)",
                               STR_ARG(l->subject));
        }
        e = points_of(st, l->points, "subjects", &points);
        if (e != ERR_OK || !x->passed) continue;
        if (frac_cmp(points, FRAC_INT(k->training_pass_mark)) >= 0) continue;
        return step_refuse(
            st, "points", "subjects", "%.*s points in %.*s do not pass; the mark is %u of %d",
            STR_ARG(l->points), STR_ARG(l->subject), k->training_pass_mark, MARKS_OF);
    }
    return e;
}

static enum err check(struct step *st, const struct exam *x)
{
    struct rec_row_person p;
    enum err e = scoring_person(st, x->person, "person", &p);
    if (e != ERR_OK) return e;
    if (x->kind == training_kind_plan && !x->plan_no.n) {
        st->rule = "SCO-130";
        return step_refuse(st, "missing", "plan_no",
                           "the result of a planned training names its plan");
    }
    st->rule = "SCO-129";
    e = check_mark(st, x);
    return e == ERR_OK ? check_subjects(st, x) : e;
}

static struct key trained_key(struct str person, enum training_kind kind)
{
    struct key k = key_of(person);
    key_u8(&k, (uint8_t)kind);
    return k;
}

static enum err note(struct step *st, const struct exam *x)
{
    struct rec_row_trained r = {0};
    struct key key = trained_key(x->person, x->kind);
    enum err e = step_get(st, SCORING_TABLE(TRAINED), &key, &r);
    if (e != ERR_OK && e != ERR_NOT_FOUND) return e;
    int64_t at = step_occurred(st);
    if (x->passed && at > r.passed_at) r.passed_at = at;
    if (!x->passed && at > r.failed_at) r.failed_at = at;
    r.points = x->points;
    step_put(st, SCORING_TABLE(TRAINED), &key, &r);
    return ERR_OK;
}

enum err scoring_training_passed(struct step *st, struct str person, enum training_kind kind,
                                 bool *out)
{
    struct rec_row_trained r = {0};
    struct key key = trained_key(person, kind);
    enum err e = step_get(st, SCORING_TABLE(TRAINED), &key, &r);
    if (e != ERR_OK && e != ERR_NOT_FOUND) return e;
    *out = r.passed_at != 0;
    return ERR_OK;
}

static enum err on_exam(struct step *st, const void *payload)
{
    struct exam x;
    exam_of(st, payload, &x);
    enum err e = check(st, &x);
    if (e == ERR_OK) e = note(st, &x);
    if (e == ERR_OK && x.plan_no.n) e = paper_fact(st, &scoring_training_plan, payload);
    if (e == ERR_OK && x.kind == training_kind_month)
        e = paper_fact(st, &scoring_qualification, payload);
    if (e == ERR_OK) st->rule = st->type->rule;
    return e;
}

/* ---- the plan (SCO-130) ---- */

static void count_results(struct rec_row_training_plan *r)
{
    r->open = r->passed = 0;
    for (uint32_t i = 0; i < r->results.n; i++) {
        r->open += r->results.v[i].passed == 0;
        r->passed += r->results.v[i].passed == yes_no_yes;
    }
    r->state = r->open ? training_plan_state_planned : training_plan_state_held;
}

static uint32_t place_of(const struct rec_training_result *v, uint32_t n, struct str person)
{
    uint32_t i = 0;
    while (i < n && !str_eq(v[i].person, person))
        i++;
    return i;
}

/* SCO-097: somebody had his exam of a planned training, however often, in the month of the plan. */
static enum err count_done(struct step *st, const struct paper_at *a, struct str person)
{
    const struct rec_row_training_plan *r = a->row;
    return scoring_count(
        st, &(struct scoring_count){.fact = STR("trainings_done"),
                                    .unit = r->unit,
                                    .ref = arena_printf(st->arena, "%.*s\x1f%.*s",
                                                        STR_ARG(a->case_no), STR_ARG(person)),
                                    .day = r->due,
                                    .amount = 1});
}

static enum err on_planned(struct step *st, const void *payload, void *row)
{
    const struct ev_training_planned *ev = payload;
    struct paper_at *a = row;
    struct rec_row_training_plan *r = a->row;
    struct rec_training_result *v = arena_take(st->arena, (ev->persons.n + 1) * sizeof *v);
    uint32_t n = 0;
    for (uint32_t i = 0; i < ev->persons.n; i++) {
        struct rec_row_person p;
        struct str person = ev->persons.v[i].person;
        enum err e = scoring_person(st, person, "persons", &p);
        if (e != ERR_OK) return e;
        if (place_of(v, n, person) < n) continue;
        uint32_t before = place_of(r->results.v, r->results.n, person);
        v[n] = before < r->results.n ? r->results.v[before]
                                     : (struct rec_training_result){.person = person};
        if (v[n++].passed == yes_no_yes) e = count_done(st, a, person);
        if (e != ERR_OK) return e;
    }
    if (ev->manager.n) r->person = ev->manager;
    r->results.v = v;
    r->results.n = n;
    count_results(r);
    return ERR_OK;
}

static enum err on_result(struct step *st, const void *payload, void *row)
{
    struct paper_at *a = row;
    struct rec_row_training_plan *r = a->row, before;
    struct exam x;
    exam_of(st, payload, &x);
    enum err e = step_get(st, SCORING_TABLE(TRAINING_PLAN), &a->key, &before);
    if (e != ERR_OK) return e;
    r->person = before.person; /* who sees to it, not who took the exam */
    uint32_t n = r->results.n, i = place_of(r->results.v, n, x.person);
    if (i == n) {
        return step_refuse(st, "unknown", "person",
                           "%.*s is not on the list of training %.*s; plan it anew with him",
                           STR_ARG(x.person), STR_ARG(x.plan_no));
    }
    struct rec_training_result *v = arena_take(st->arena, n * sizeof *v);
    memcpy(v, r->results.v, n * sizeof *v);
    v[i].passed = x.passed ? yes_no_yes : yes_no_no;
    r->results.v = v;
    count_results(r);
    return x.passed || x.points.n ? count_done(st, a, x.person) : ERR_OK;
}

static bool is_open(struct step *st, const struct deadline_ctx *c, const void *payload)
{
    (void)st, (void)payload;
    return ((const struct rec_row_training_plan *)c->row)->open > 0;
}

static bool is_done(struct step *st, const struct deadline_ctx *c, const void *payload)
{
    return !is_open(st, c, payload);
}

static const struct deadline_row clocks[] = {
    {.name = "training.held",
     .rule = "SCO-130",
     .from = FROM_START,
     .due = DUE_GIVEN,
     .start = {EV_training_planned},
     .stop = {EV_training_planned, EV_training_passed, EV_training_failed},
     .starts = is_open,
     .stops = is_done}};

#define PLANNED IN(training_plan_state_planned)
#define HELD IN(training_plan_state_held)

static const struct transition rows[] = {
    {EV_training_planned, PAPER_NEW | PLANNED | HELD, 0, on_planned, "SCO-130"},
    {EV_training_passed, PLANNED | HELD, 0, on_result, "SCO-130"},
    {EV_training_failed, PLANNED | HELD, 0, on_result, "SCO-130"},
};
const struct paper scoring_training_plan = {.name = "training",
                                            .label = "training plan 培訓計畫",
                                            .table = SCORING_TABLE(TRAINING_PLAN),
                                            .states = &codes_training_plan_state,
                                            .keys = {"plan_no"},
                                            PAPER_ROWS(rows),
                                            PAPER_CLOCKS(clocks)};

enum err scoring_training_fact(struct step *st, const void *payload)
{
    enum event_kind kind = st->type->kind;
    if (kind == EV_training_passed || kind == EV_training_failed) return on_exam(st, payload);
    if (kind == EV_training_planned) return paper_fact(st, &scoring_training_plan, payload);
    return ERR_STALE;
}

/* ---- ratings of a year (SCO-127) ---- */

static const struct deadline_row yearly = {
    .name = "rating.yearly", .rule = "SCO-127", .from = FROM_START, .due = DUE_GIVEN};

static struct deadline_ctx year_ctx(struct step *st, int32_t year)
{
    const struct scoring_keys *k = &st->policy->scoring;
    const struct department *d = policy_department(st->policy, k->rating_department);
    struct str unit = d ? d->unit : (struct str){0};
    int32_t next = day_of(year + 1, 1, 1);
    return (struct deadline_ctx){.case_no = arena_printf(st->arena, "rating/%d", (int)year),
                                 .unit = unit,
                                 .occurred_ms = step_occurred(st),
                                 .start_ms = zone_day_start(step_zone(st, unit), next),
                                 .given_ms =
                                     paper_day_end(st, unit, next + (int32_t)k->rating_day - 1)};
}

static struct key rating_key(int32_t year)
{
    struct key k = {.n = 0};
    key_u64(&k, (uint64_t)year);
    return k;
}

/* Somebody is to be rated for a year, or was. */
static enum err rating_note(struct step *st, int32_t year, struct str person, bool rated)
{
    struct rec_row_rating_year y = {0};
    struct rec_row_rating_due r = {0};
    struct key of_year = rating_key(year), of_person = of_year;
    key_str(&of_person, person);
    enum err e = step_get(st, SCORING_TABLE(RATING_DUE), &of_person, &r);
    bool is_new = e == ERR_NOT_FOUND, was_open = !is_new && r.rated != yes_no_yes;
    if (e != ERR_OK && !is_new) return e;
    if (!is_new && (!rated || !was_open)) return ERR_OK;
    e = step_get(st, SCORING_TABLE(RATING_YEAR), &of_year, &y);
    if (e != ERR_OK && e != ERR_NOT_FOUND) return e;
    uint64_t before = y.open;
    y.staff += is_new;
    if (!rated) y.open++;
    if (rated && was_open && y.open) y.open--;
    r.rated = rated ? yes_no_yes : yes_no_no;
    step_put(st, SCORING_TABLE(RATING_DUE), &of_person, &r);
    step_put(st, SCORING_TABLE(RATING_YEAR), &of_year, &y);
    struct deadline_ctx c = year_ctx(st, year);
    if (!before && y.open) return deadline_arm(st, &yearly, &c, (struct str){0});
    return before && !y.open ? deadline_stop(st, &yearly, &c) : ERR_OK;
}

/* Who has left by the time the clock passes is not awaited any more. */
static enum err drop_leavers(struct step *st, const struct key *of_year,
                             struct rec_row_rating_year *y)
{
    struct key at = {.n = 0};
    struct rec_row_rating_due r;
    enum err e;
    while ((e = step_next(st, SCORING_TABLE(RATING_DUE), of_year, &at, &r)) == ERR_OK) {
        struct key_reader rest = {{at.b, at.n}};
        struct rec_row_person p = {0};
        struct str person;
        uint64_t year;
        if (key_take_u64(&rest, &year) || key_take_str(&rest, &person)) return ERR_CORRUPT;
        struct key of_person = key_of(person);
        e = step_get(st, &table_person, &of_person, &p);
        if (e != ERR_OK && e != ERR_NOT_FOUND) return e;
        if (r.rated == yes_no_yes || !p.left) continue;
        step_del(st, SCORING_TABLE(RATING_DUE), &at);
        y->staff--;
        y->open--;
    }
    return e == ERR_END ? ERR_OK : e;
}

enum err scoring_rating_passed(struct step *st, const struct passed *what)
{
    struct rec_row_rating_year y;
    if (!str_is(what->name, "rating.yearly")) return ERR_OK;
    int32_t year = 0;
    for (uint32_t i = (uint32_t)strlen("rating/"); i < what->case_no.n; i++)
        year = year * 10 + (what->case_no.p[i] - '0');
    struct key of_year = rating_key(year);
    enum err e = step_get(st, SCORING_TABLE(RATING_YEAR), &of_year, &y);
    if (e == ERR_OK) e = drop_leavers(st, &of_year, &y);
    if (e != ERR_OK) return e;
    step_put(st, SCORING_TABLE(RATING_YEAR), &of_year, &y);
    struct deadline_ctx c = year_ctx(st, year);
    return y.open ? ERR_OK : deadline_cancel(st, &yearly, &c, STR("left"));
}

enum err scoring_rating_heard(struct step *st, const void *payload)
{
    if (st->type->kind == EV_tech_rated) {
        const struct ev_tech_rated *ev = payload;
        int32_t year = (int32_t)ev->year;
        enum err e = rating_note(st, year, ev->technician, true);
        return e == ERR_OK && year < YEAR_MAX ? rating_note(st, year + 1, ev->technician, false)
                                              : e;
    }
    const struct ev_tech_certified *ev = payload;
    struct str unit;
    enum err e = scoring_unit_of(st, ev->technician, &unit);
    if (e != ERR_OK) return e;
    int32_t year = scoring_year_of(step_day(st, unit));
    return year < 1990 || year > YEAR_MAX ? ERR_OK : rating_note(st, year, ev->technician, false);
}
