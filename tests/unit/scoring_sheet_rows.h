/* scoring_sheet_rows.h - a score sheet written as two lines of text, for tests of its reckoning:
 * facts "orders=100 wage=5000", entries "quality=良 parts@leader=8.5"; what a fact does not say is
 * 0. A value is a word, points or a figure, as the item of the scheme wants it. Facts that are
 * judged are written by their cases, "complaint_verified=K1,K2", an entry for one "complaint#K1=5".
 */
#ifndef CUIBAN_TESTS_UNIT_SCORING_SHEET_ROWS_H
#define CUIBAN_TESTS_UNIT_SCORING_SHEET_ROWS_H

#include "common/contract.h"
#include "services/scoring/reckon.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define LINES_MAX 64
#define CASES_MAX 16

static inline struct policy *policy_of(const char *dir)
{
    struct policy *p = NULL;
    struct policy_fault faults[POLICY_FAULTS_MAX];
    uint32_t n = 0;
    enum err e = policy_load(dir, &p, faults, POLICY_FAULTS_MAX, &n);
    policy_print_faults(stderr, faults, n);
    assert_int_equal(e, ERR_OK);
    return p;
}

static inline const struct scheme *scheme_of(const struct policy *p, const char *id)
{
    const struct scheme *s = policy_scheme(p, str_of(id));
    if (!s) fail_msg("no scheme %s", id);
    return s;
}

struct sheet {
    char text[1024], facts_text[512];
    struct reckon_case cases[CASES_MAX];
    struct rec_score_line lines[LINES_MAX];
    uint32_t line_count;
    struct frac *facts;
    struct reckon_input in;
    struct reckoned out;
};

/* "a=b" of a text that is cut at its spaces; NULL at the end. */
static inline char *next_pair(char **rest, char **value)
{
    char *pair = strsep(rest, " ");
    while (pair && !*pair)
        pair = strsep(rest, " ");
    if (!pair) return NULL;
    *value = strchr(pair, '=');
    if (!*value) fail_msg("%s has no =", pair);
    *(*value)++ = 0;
    return pair;
}

static inline struct frac set_cases(struct sheet *x, uint32_t fact, char *numbers)
{
    uint32_t before = x->in.case_count;
    for (char *no = strsep(&numbers, ","); no; no = strsep(&numbers, ",")) {
        assert_true(x->in.case_count < CASES_MAX);
        x->cases[x->in.case_count++] = (struct reckon_case){fact, str_of(no)};
    }
    return FRAC_INT(x->in.case_count - before);
}

static inline void set_facts(const struct policy *p, struct sheet *x, const char *facts)
{
    char *rest = x->facts_text, *value;
    snprintf(x->facts_text, sizeof x->facts_text, "%s", facts);
    x->facts = calloc(p->score_fact_count + 1, sizeof *x->facts);
    assert_non_null(x->facts);
    for (uint32_t i = 0; i < p->score_fact_count; i++)
        x->facts[i] = FRAC_INT(0);
    for (char *name = next_pair(&rest, &value); name; name = next_pair(&rest, &value)) {
        uint32_t place;
        if (!policy_score_fact(p, str_of(name), &place)) fail_msg("no fact %s", name);
        if (!frac_parse(str_of(value), &x->facts[place]))
            x->facts[place] = set_cases(x, place, value);
    }
}

static inline void set_value(const struct scheme *s, struct rec_score_line *line, const char *value)
{
    const struct score_item *item = scheme_item(s, line->item);
    bool number = value[0] >= '0' && value[0] <= '9';
    if (item && item->entry == SCORE_ENTRY_actual)
        line->actual = str_of(value);
    else if (number || value[0] == '-')
        line->points = str_of(value);
    else
        line->word = str_of(value);
}

static inline void set_lines(const struct scheme *s, struct sheet *x, const char *lines)
{
    char *rest = x->text, *value;
    snprintf(x->text, sizeof x->text, "%s", lines);
    for (char *name = next_pair(&rest, &value); name; name = next_pair(&rest, &value)) {
        assert_true(x->line_count < LINES_MAX);
        struct rec_score_line *line = &x->lines[x->line_count++];
        char *rater = strchr(name, '@'), *no = strchr(name, '#');
        if (rater) *rater++ = 0;
        if (no) *no++ = 0;
        line->item = str_of(name);
        if (rater) line->rater = str_of(rater);
        if (no) line->event = str_of(no);
        line->at = x->line_count;
        set_value(s, line, value);
    }
}

/* Reckons it; sheet_end() afterwards. */
static inline void sheet_of(const struct policy *p, const char *scheme, const char *post,
                            const char *facts, const char *lines, struct sheet *x)
{
    *x = (struct sheet){.line_count = 0};
    const struct scheme *s = scheme_of(p, scheme);
    set_facts(p, x, facts);
    set_lines(s, x, lines);
    x->in = (struct reckon_input){.scheme = s,
                                  .post = str_of(post),
                                  .lines = x->lines,
                                  .line_count = x->line_count,
                                  .facts = x->facts,
                                  .cases = x->cases,
                                  .case_count = x->in.case_count};
    reckon(&x->in, &x->out);
    assert_false(x->out.range);
}

static inline void sheet_end(struct sheet *x)
{
    free(x->facts);
    x->facts = NULL;
}

/* A fraction as it is shown with 2 decimals. */
static inline const char *shown(struct frac v, char out[FRAC_TEXT_MAX])
{
    frac_text(v, 2, out);
    return out;
}

static inline void assert_shown(struct frac v, const char *expected)
{
    char text[FRAC_TEXT_MAX];
    assert_string_equal(shown(v, text), expected);
}

static inline struct frac award_of_item(const struct sheet *x, const char *id)
{
    for (uint32_t i = 0; i < x->out.item_count; i++) {
        if (str_is(x->out.items[i].item->id, id)) return x->out.items[i].award;
    }
    fail_msg("no item %s", id);
    return FRAC_NONE;
}

static inline struct frac pay_of(const struct sheet *x, const char *id)
{
    for (uint32_t i = 0; i < x->out.pay_count; i++) {
        if (str_is(x->out.pay[i].pay->id, id)) return x->out.pay[i].yuan;
    }
    fail_msg("no pay %s", id);
    return FRAC_NONE;
}

#endif
