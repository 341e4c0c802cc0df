/* cmd_scores.c - `cuiban scores`: score sheets with their state, score and grade. */
#include "common/contract.h"
#include "services/cli/commands.h"
#include "services/cli/score_sheet.h"
#include "services/scoring/scoring.h"

static const struct listing_column columns[] = {
    {"person", "person", false}, {"unit", "unit", false},   {"scheme", "scheme", false},
    {"period", "period", false}, {"state", "state", false}, {"revision", "rev", true},
    {"score", "score", true},    {"grade", "grade", false}, {"stale", "stale", false},
    {"appeal", "appeal", false}};

static bool fits(struct str wanted, struct str is)
{
    return wanted.n == 0 || str_eq(wanted, is);
}

static void print_row(struct view *v, struct listing *l, const struct rec_row_score_sheet *r)
{
    const struct scheme *s = v->policy ? policy_scheme(v->policy, r->scheme) : NULL;
    char period[SCORE_PERIOD_TEXT_MAX], score[FRAC_TEXT_MAX];
    score_period_text(s ? s->period : SCORE_PERIOD_month, r->first, period);
    frac_text((struct frac){r->score_num, r->score_den}, 2, score);
    listing_text(l, r->person);
    listing_text(l, r->unit);
    listing_text(l, r->scheme);
    listing_text(l, str_of(period));
    listing_code(l, &codes_score_sheet_state, r->state);
    listing_count(l, r->revision);
    listing_text(l, r->score_den ? str_of(score) : (struct str){0});
    listing_text(l, r->grade);
    listing_text(l, r->stale == yes_no_yes ? STR("yes") : (struct str){0});
    listing_code(l, &codes_score_appeal_state, r->appeal);
}

int scores_list(struct view *v, const struct scores_query *q)
{
    struct key prefix = {.n = 0}, at = {.n = 0};
    struct slice value;
    struct listing *l = listing_begin(v->out, v->form, columns, COUNT_OF(columns));
    const struct table *t = &scoring_tables[SCORING_SHEET];
    bool any = reader_has(v->reader, OWNER_scoring) && score_names_fit(q->person, q->scheme);
    enum err e = any ? ERR_OK : ERR_END;
    if (any && q->person.n) prefix = key_of(q->person);
    while (e == ERR_OK) {
        struct rec_row_score_sheet r;
        e = reader_row(v->reader, OWNER_scoring, t->id, &prefix, &at, &value);
        if (e == ERR_OK) e = view_decode(v, shape_row_score_sheet(), value, &r);
        bool wanted = e == ERR_OK && fits(q->scheme, r.scheme) && fits(q->unit, r.unit) &&
                      (!q->first || q->first == r.first) && (!q->stale || r.stale == yes_no_yes);
        if (wanted) print_row(v, l, &r);
    }
    listing_end(&l, "no score sheets");
    return view_result(v, e, "the score sheets");
}

/* ---- the command ---- */

struct arguments {
    struct view_options view;
    struct scores_query query;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
    struct arguments *a = state->input;
    switch (key) {
    case 'P':
        a->query.person = str_of(arg);
        return 0;
    case 'S':
        a->query.scheme = str_of(arg);
        return 0;
    case 'u':
        a->query.unit = str_of(arg);
        return 0;
    case 'm':
        a->query.first = score_period_parse(arg);
        if (!a->query.first)
            argp_error(state, "%s is no period; write it like 2026-03, 2026-Q1 or 2026", arg);
        return 0;
    case 's':
        a->query.stale = true;
        return 0;
    default:
        return view_parse(key, arg, state, "--person");
    }
}

static const struct argp_option options[] = {
    {"person", 'P', "WHO", 0, "only of this person", 0},
    {"scheme", 'S', "SCHEME", 0, "only by this scheme", 0},
    {"unit", 'u', "UNIT", 0, "only of this unit", 0},
    {"period", 'm', "PERIOD", 0, "only of the period that begins so: 2026-03, 2026-Q1, 2026", 0},
    {"stale", 's', NULL, 0, "only where a counted fact changed after publication", 0},
    {0}};

/* A scheme that no policy has cannot have sheets. */
static int scheme_known(struct view *v, struct str scheme)
{
    if (scheme.n == 0 || v->policy_count == 0) return CLI_OK;
    for (uint32_t i = 0; i < v->policy_count; i++) {
        if (policy_scheme(v->policies[i], scheme)) return CLI_OK;
    }
    fprintf(v->err, "cuiban scores: there is no scheme %.*s\n", STR_ARG(scheme));
    return CLI_REFUSED;
}

static int run(struct view *v, void *arguments)
{
    const struct arguments *a = arguments;
    int rc = view_unit(v, "scores", a->query.unit);
    if (rc == CLI_OK) rc = scheme_known(v, a->query.scheme);
    return rc == CLI_OK ? scores_list(v, &a->query) : rc;
}

int cmd_scores(int argc, char **argv)
{
    static const struct argp_child children[] = {{&view_argp, 0, NULL, 0}, {0}};
    static const struct argp argp = {
        options,
        parse,
        "",
        "Score sheets 績效考核: state, score as reckoned last, grade, appeals.\vExamples:\n  "
        "cuiban "
        "scores --unit SC01 --period 2026-03\n  cuiban scores --stale\nWhat a score is made of: "
        "cuiban explain score PERSON.",
        children,
        NULL,
        NULL};
    struct arguments a = {.view = VIEW_OPTIONS_DEFAULT};
    return view_run(&(struct view_command){&argp, run}, argc, argv, &a);
}
