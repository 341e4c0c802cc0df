/* policy_scoring_test.c - a small scheme is broken in one place after another: every fault of the
 * lists score_facts and schemes and of the keys scoring: is found, with its file, line, key, the
 * scheme and what would be right (SCO-003, SCO-006, SCO-007, SCO-008, SCO-011, SCO-026, SCO-028,
 * SCO-055, INT-099). */
#include "tests/unit/scoring_set.h"

static const char small[] =
    "score_facts:\n"                                                        /* 1 */
    "  - {id: rides, on: praise.given, person: person, ref: [praise_no]}\n" /* 2 */
    "  - {id: fee, on: kpi.actual_reported, where: [metric=fee], amount: value, type: money}\n"
    "schemes:\n"         /* 4 */
    "  - id: probe\n"    /* 5 */
    "    name: probe\n"  /* 6 */
    "    source: here\n" /* 7 */
    "    period: month\n"
    "    effective_from: 2026-03-01\n"
    "    total: 100\n" /* 10 */
    "    cut: 120\n"
    "    boundary_owner: upper\n"
    "    items:\n" /* 13 */
    "      - {id: manner, name: m, entry: option, max: 40}\n"
    "      - {id: speed, name: s, entry: facts, max: 30, award: 3 points * rides}\n"
    "      - {id: fuel, name: f, entry: actual, actual: ratio, max: 30, award: 30 points * "
    "actual}\n"
    "    deductions:\n" /* 17 */
    "      - {id: slip, name: s, least: 1, most: 5, times: 2}\n"
    "      - {id: fault, name: f, least: 1, most: 9, judged: rides, each: 2}\n"
    "    bonuses:\n" /* 20 */
    "      - {id: idea, name: i, points: 1 point * rides}\n"
    "    grades:\n" /* 22 */
    "      - {grade: A, from: 90}\n"
    "      - {grade: B, from: 60}\n"
    "      - {grade: C}\n"
    "    passes: score >= 60% * total\n" /* 26 */
    "    posts:\n"
    "      - {post: driver, class: lorry}\n"
    "      - {post: \"van*\", class: van}\n"
    "    values:\n" /* 30 */
    "      - {class: lorry, name: base, value: 100 yuan}\n"
    "      - {class: van, name: base, value: 80 yuan}\n"
    "    figures:\n" /* 33 */
    "      - {id: part, name: p, type: ratio, value: score / total}\n"
    "    pay:\n" /* 35 */
    "      - {id: fixed, name: f, amount: base}\n"
    "      - {id: extra, name: e, bonus: yes, amount: fixed * part + fee}\n";

/* ---- one place broken ---- */

static const struct fault_row {
    const char *find, *put; /* the first `find` is written as `put` */
    uint32_t line;
    const char *path, *says;
} fault_rows[] = {
    /* facts */
    {"on: praise.given", "on: praise.givn", 2, "score_facts[0].on",
     "did you mean \"praise.given\""},
    {"on: praise.given", "on: unit.upserted", 2, "score_facts[0].on", "no event that is counted"},
    {"on: praise.given, person: person, ref: [praise_no]", "type: count", 2, "score_facts[0]",
     "say with `on` which event"},
    {"id: rides, on: praise.given", "id: award_points", 2, "score_facts[0]", "no event `on`"},
    {"person: person", "person: persn", 2, "score_facts[0].person", "did you mean \"person\""},
    {"person: person", "person: day", 2, "score_facts[0].person", "a text, who"},
    {"ref: [praise_no]", "ref: [praise_nr]", 2, "score_facts[0].ref", "did you mean \"praise_no\""},
    {"ref: [praise_no]", "day: person", 2, "score_facts[0].day", "a day or time"},
    {"ref: [praise_no]", "amount: day", 2, "score_facts[0].amount", "a number"},
    {"ref: [praise_no]", "type: money", 2, "score_facts[0].type", "facts without an amount"},
    {"metric=fee", "metric", 3, "score_facts[1].where", "like kind=late"},
    {"metric=fee", "metrik=fee", 3, "score_facts[1].where", "did you mean \"metric\""},
    {"praise.given, person: person, ref: [praise_no]", "attendance.recorded, where: [kind=asleep]",
     2, "score_facts[0].where", "late"},
    {"praise.given, person: person, ref: [praise_no]", "order.counted, amount: orders, type: money",
     2, "score_facts[0].type", "is no money"},
    {"id: rides", "id: Rides", 2, "score_facts[0].id", "small letters"},
    {"id: rides", "id: score", 2, "score_facts[0].id", "no word of the language"},
    {"id: fee", "id: rides", 3, "score_facts[1]", "is defined already"},
    /* the scheme */
    {"2026-03-01", "2026-03-02", 9, "schemes[0].effective_from", "first day of a period"},
    {"2026-03-01", "soon", 9, "schemes[0].effective_from", "must be a day"},
    {"period: month", "period: week", 8, "schemes[0].period", "month, quarter, year"},
    {"total: 100", "total: 0", 10, "schemes[0].total", "more than 0 points"},
    {"total: 100", "total: many", 10, "schemes[0].total", "must be a number"},
    {"cut: 120", "cut: 90", 11, "schemes[0].cut", "not be below the total"},
    {"total: 100", "total: 90", 14, "schemes[0].items", "come to 100.00 of 90.00"},
    {"total: 100", "total: 110", 14, "schemes[0].items", "say missing_items"},
    /* items */
    {"max: 40", "max: 0", 14, "schemes[0].items[0].max", "more than 0 points"},
    {"max: 40", "max: 40, cap: 39", 14, "schemes[0].items[0].cap", "not be below the maximum"},
    {"max: 40", "max: 40, weight: 0", 14, "schemes[0].items[0].weight", "more than 0"},
    {"max: 40", "max: 40, award: 1 point", 14, "schemes[0].items[0].award",
     "points and deduct may"},
    {"max: 40", "max: 40, actual: ratio", 14, "schemes[0].items[0].actual", "what is entered"},
    {"max: 40", "max: 40, placeholder: yes", 14, "schemes[0].items[0].placeholder", "a lost row"},
    {"max: 40", "max: 40, classes: [bus]", 14, "schemes[0].items[0].classes", "no class"},
    {"max: 40", "max: 40, options: [{word: a, points: 41}]", 14, "schemes[0].items[0].options",
     "more points than"},
    {"max: 40", "max: 40, options: [{word: a, points: 1}, {word: a, points: 2}]", 14,
     "schemes[0].items[0].options", "stands twice"},
    {"entry: facts", "entry: option", 15, "schemes[0].items[1].award", "points and deduct may"},
    {", award: 3 points * rides", "", 15, "schemes[0].items[1].award", "have a formula award"},
    {"entry: actual, actual: ratio", "entry: actual", 16, "schemes[0].items[2].actual",
     "ratio, money, count or points"},
    {"id: speed", "id: rides", 15, "schemes[0].items[1].id", "already"},
    {"id: speed", "id: manner", 15, "schemes[0].items[1].id", "already"},
    /* formulas: scheme, field, column, what would be right */
    {"3 points * rides", "3 points * ride", 15, "schemes[0].items[1].award",
     "probe: column 12: ride"},
    {"3 points * rides", "rides", 15, "schemes[0].items[1].award", "gives count; wanted is points"},
    {"3 points * rides", "3 points * score", 15, "schemes[0].items[1].award", "column"},
    {"3 points * rides", "score * rides", 15, "schemes[0].items[1].award", "reckoned later"},
    {"3 points * rides", "fuel * rides", 15, "schemes[0].items[1].award", "reckoned later"},
    {"30 points * actual", "actual", 16, "schemes[0].items[2].award", "gives ratio"},
    {"1 point * rides", "1 point * actual", 21, "schemes[0].bonuses[0].points", "column"},
    {"score >= 60% * total", "score", 26, "schemes[0].passes", "wanted is truth"},
    {"score >= 60% * total", "passed", 26, "schemes[0].passes", "passed is not known here"},
    {"value: score / total", "value: score", 34, "schemes[0].figures[0].value",
     "gives points; wanted is ratio"},
    {"amount: base", "amount: extra", 36, "schemes[0].pay[0].amount", "extra is not known here"},
    {"fixed * part + fee", "fixed * part + rides", 37, "schemes[0].pay[1].amount", "one type"},
    {"id: part", "id: base", 34, "schemes[0].figures[0].id", "already"},
    /* deductions, bonuses, grades */
    {"least: 1, most: 5", "least: 1", 18, "schemes[0].deductions[0].points", "least and most"},
    {"least: 1, most: 5", "least: 6, most: 5", 18, "schemes[0].deductions[0].most",
     "not below least"},
    {"times: 2", "times: 256", 18, "schemes[0].deductions[0].times", "at most 255"},
    {", each: 2", "", 19, "schemes[0].deductions[1].judged", "no entry (each)"},
    {"ref: [praise_no]", "ref: [praise_no, person]", 19, "schemes[0].deductions[1].judged",
     "cannot be named by an entry"},
    {"judged: rides", "judged: fee", 19, "schemes[0].deductions[1].judged", "wanted is count"},
    {"id: idea", "id: slip", 21, "schemes[0].bonuses[0].id", "stands twice"},
    {"id: idea", "id: manner", 21, "schemes[0].bonuses[0].id", "stands twice"},
    {"grade: B, from: 60", "grade: B, from: 90", 24, "schemes[0].grades[1].from",
     "below the one before"},
    {"grade: B, from: 60", "grade: B", 24, "schemes[0].grades[1].from", "but the worst"},
    {"grade: C", "grade: C, from: 1", 25, "schemes[0].grades[2].from", "but the worst"},
    /* posts and values */
    {"post: driver", "post: \"van*\"", 29, "schemes[0].posts[1].post", "has its class already"},
    {"\"van*\"", "\"v*n\"", 29, "schemes[0].posts[1].post", "at the beginning or the end"},
    {"class: van, name", "class: bus, name", 32, "schemes[0].values[1].class", "no class"},
    {"80 yuan", "80%", 32, "schemes[0].values[1].value", "is ratio here and money before"},
    {"80 yuan", "cheap", 32, "schemes[0].values[1].value", "like 2000.00 yuan"},
    {"class: van, name: base", "class: lorry, name: base", 32, "schemes[0].values[1].name",
     "has a value already"},
    {"name: base", "name: Base", 31, "schemes[0].values[0].name", "small letters"},
    {"period: month", "period: month\n    raters: [{id: a, weight: 50%}, {id: b, weight: 40%}]", 9,
     "schemes[0].raters", "come to 100%"},
    {"period: month", "period: month\n    raters: [{id: a, weight: 50%}, {id: a, weight: 50%}]", 9,
     "schemes[0].raters[1].id", "stands twice"},
    {"period: month", "period: month\n    quality_levels: [100%, 50%]", 9,
     "schemes[0].quality_levels", "優 良 中 差"},
    {"period: month", "period: month\n    wage_min: -1", 9, "schemes[0].wage_min",
     "must be a number"},
};

static bool is_found(const struct policy_fault *faults, uint32_t n, const struct fault_row *row)
{
    for (uint32_t i = 0; i < n; i++) {
        const struct policy_fault *f = &faults[i];
        if (f->line == row->line && strcmp(f->fault.field, row->path) == 0 &&
            strstr(f->fault.text, row->says))
            return true;
    }
    return false;
}

static uint32_t load_broken(const struct scratch_set *x, struct policy_fault *faults)
{
    struct policy *p = NULL;
    uint32_t n = 0;
    assert_int_equal(policy_load(x->path, &p, faults, POLICY_FAULTS_MAX, &n), ERR_REFUSED);
    assert_null(p);
    return n;
}

static void INT_099_every_fault_of_a_scheme_is_said_at_its_place(void **state)
{
    (void)state;
    struct scratch_set x;
    static struct policy_fault faults[POLICY_FAULTS_MAX];
    scratch_open(&x, "");
    for (size_t i = 0; i < COUNT_OF(fault_rows); i++) {
        char *text = replaced(small, fault_rows[i].find, fault_rows[i].put);
        scratch_write(&x, "scoring.yaml", text);
        free(text);
        uint32_t n = load_broken(&x, faults);
        if (!is_found(faults, n, &fault_rows[i])) {
            policy_print_faults(stderr, faults, n);
            fail_msg("row %zu: %s -> %s: not at %u %s: %s", i, fault_rows[i].find,
                     fault_rows[i].put, fault_rows[i].line, fault_rows[i].path, fault_rows[i].says);
        }
        assert_string_equal(faults[0].file + strlen(faults[0].file) - 12, "scoring.yaml");
    }
    scratch_close(&x);
}

/* ---- keys and the whole ---- */

static void SCO_007_keys_of_the_house(void **state)
{
    (void)state;
    static const struct {
        const char *keys, *path, *says;
    } rows[] = {
        {"scoring: {quality_levels: [100%, 50%, 60%, 0%]}\n", "scoring.quality_levels",
         "none above the one before"},
        {"scoring: {quality_levels: [120%, 50%, 20%, 0%]}\n", "scoring.quality_levels",
         "none above the one before"},
        {"scoring: {decimals: 5}\n", "scoring.decimals", "0 to 4"},
        {"scoring: {decimal: 2}\n", "scoring.decimal", "did you mean \"decimals\""},
    };
    static struct policy_fault faults[POLICY_FAULTS_MAX];
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct scratch_set x;
        scratch_open(&x, rows[i].keys);
        scratch_write(&x, "scoring.yaml", small);
        uint32_t n = load_broken(&x, faults);
        scratch_close(&x);
        assert_int_equal(n, 1);
        assert_string_equal(faults[0].fault.field, rows[i].path);
        assert_non_null(strstr(faults[0].fault.text, rows[i].says));
    }
}

/* The small scheme once more, behind it. */
#define VERSION "  - {id: probe, name: p, source: here, total: 40, "
#define VERSION_ITEMS "items: [{id: manner, name: m, entry: option, max: 40}]}\n"

static char *with_version(const char *first, const char *keys)
{
    char again[300], *text = replaced(small, "    effective_from: 2026-03-01\n", first);
    snprintf(again, sizeof again, VERSION "%s, " VERSION_ITEMS, keys);
    char *out = malloc(strlen(text) + strlen(again) + 1);
    assert_non_null(out);
    memcpy(out, text, strlen(text));
    memcpy(out + strlen(text), again, strlen(again) + 1);
    free(text);
    return out;
}

static void SCO_003_versions_that_cannot_stand_beside_each_other(void **state)
{
    (void)state;
    static const struct {
        const char *first, *keys;
        struct fault_row fault;
    } rows[] = {
        {"    effective_from: 2026-03-01\n",
         "period: month, effective_from: 2026-03-01",
         {.line = 38, .path = "schemes[1]", .says = "scoring.yaml, line 5; keep one, or give a"}},
        {"",
         "period: month",
         {.line = 37, .path = "schemes[1]", .says = "scoring.yaml, line 5; keep one, or give a"}},
        {"",
         "period: quarter, effective_from: 2026-04-01",
         {.line = 37, .path = "schemes[1].period", .says = "have one period"}},
        {"",
         "period: month, effective_from: 2026-04-01, primary: yes",
         {.line = 37, .path = "schemes[1].primary", .says = "have one primary"}},
        {"",
         "period: month, effective_from: 2026-04-01, year: {plus: fee, plus_merits: 3}",
         {.line = 37, .path = "schemes[1].year", .says = "have one year"}},
    };
    static struct policy_fault faults[POLICY_FAULTS_MAX];
    struct scratch_set x;
    scratch_open(&x, "");
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char *text = with_version(rows[i].first, rows[i].keys);
        scratch_write(&x, "scoring.yaml", text);
        free(text);
        uint32_t n = load_broken(&x, faults);
        if (is_found(faults, n, &rows[i].fault)) continue;
        policy_print_faults(stderr, faults, n);
        fail_msg("row %zu: not at %u %s: %s", i, rows[i].fault.line, rows[i].fault.path,
                 rows[i].fault.says);
    }
    scratch_close(&x);
}

static int32_t day_at(const char *text)
{
    int32_t day = 0;
    assert_int_equal(day_parse(str_of(text), &day), ERR_OK);
    return day;
}

static void SCO_003_each_period_has_its_version(void **state)
{
    (void)state;
    struct policy *p = scratch_load(with_version("    effective_from: 2026-03-01\n",
                                                 "period: month, effective_from: 2026-01-01"));
    assert_null(policy_scheme_at(p, STR("probe"), day_at("2025-12-31")));
    assert_ptr_equal(policy_scheme_at(p, STR("probe"), day_at("2026-01-01")), &p->schemes[1]);
    assert_ptr_equal(policy_scheme_at(p, STR("probe"), day_at("2026-02-28")), &p->schemes[1]);
    assert_ptr_equal(policy_scheme_at(p, STR("probe"), day_at("2026-03-01")), &p->schemes[0]);
    assert_true(scheme_holds(&p->schemes[0], day_at("2030-01-01")));
    policy_close(&p);
}

/* score.decimals, quality_levels, and what a scheme does not say. */
static void SCO_007_defaults_of_what_is_not_written(void **state)
{
    (void)state;
    struct scratch_set x;
    struct policy *p = NULL;
    struct policy_fault faults[POLICY_FAULTS_MAX];
    uint32_t n = 0;
    scratch_open(&x, "");
    scratch_write(&x, "scoring.yaml", small);
    enum err e = policy_load(x.path, &p, faults, POLICY_FAULTS_MAX, &n);
    policy_print_faults(stderr, faults, n);
    scratch_close(&x);
    assert_int_equal(e, ERR_OK);
    assert_int_equal(p->scoring.decimals, 2);
    assert_int_equal(frac_cmp(p->scoring.quality_levels[1], (struct frac){3, 4}), 0);
    const struct scheme *s = policy_scheme(p, STR("probe"));
    assert_int_equal(s->missing, SCORE_MISSING_scale);
    assert_false(s->primary);
    assert_false(frac_has(s->wage_min));
    assert_int_equal(s->items[0].option_count, 4);
    assert_int_equal(frac_cmp(s->items[0].options[1].points, FRAC_INT(30)), 0);
    assert_int_equal(frac_cmp(s->items[0].cap, s->items[0].max), 0);
    assert_int_equal(s->grades[1].boundary, SCORE_BOUNDARY_upper);
    policy_close(&p);
}

/* Places of the names: what a formula speaks of is found where the header says. */
static void SCO_008_names_have_their_places(void **state)
{
    (void)state;
    struct policy *p = NULL;
    struct policy_fault faults[POLICY_FAULTS_MAX];
    uint32_t n = 0, place;
    assert_int_equal(policy_load("deploy/policy/general", &p, faults, POLICY_FAULTS_MAX, &n),
                     ERR_OK);
    const struct scheme *s = policy_scheme(p, STR("tb_130"));
    assert_true(policy_score_fact(p, STR("attendance_late"), &place));
    assert_true(str_is(s->names->v[s->at.facts + place].name, "attendance_late"));
    assert_true(str_is(s->names->v[s->at.items].name, "quality"));
    assert_true(str_is(s->names->v[s->at.values].name, "basic_wage"));
    assert_int_equal(s->at.figures, s->at.values + 1);
    assert_true(str_is(s->names->v[s->at.pay + 1].name, "kpi"));
    assert_int_equal(s->at.n, s->names->n);
    assert_false(policy_score_fact(p, STR("no_such"), &place));
    assert_null(policy_scheme(p, STR("no_such")));
    policy_close(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(INT_099_every_fault_of_a_scheme_is_said_at_its_place),
        cmocka_unit_test(SCO_003_versions_that_cannot_stand_beside_each_other),
        cmocka_unit_test(SCO_003_each_period_has_its_version),
        cmocka_unit_test(SCO_007_keys_of_the_house),
        cmocka_unit_test(SCO_007_defaults_of_what_is_not_written),
        cmocka_unit_test(SCO_008_names_have_their_places),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
