/* cmd_deadlines.c - `cuiban deadlines`: the clocks that the owners hold, from their own tables. */
#include "common/contract.h"
#include "services/cli/cli_args.h"
#include "services/cli/commands.h"
#include <inttypes.h>
#include <stdlib.h>

static const struct listing_column columns[] = {
    {"service", "service", false},     {"case", "case", false}, {"item", "item", true},
    {"deadline", "deadline", false},   {"round", NULL, true},   {"unit", "unit", false},
    {"person", "person", false},       {"policy", NULL, false}, {"set", NULL, false},
    {"state", "state", false},         {"clock", NULL, false},  {"calendar", NULL, false},
    {"start", "start", false},         {"due", "due", false},   {"left_min", "left min", true},
    {"levels_passed", "levels", true}, {"done", "done", false}, {"rule", "rule", false}};

#define WITHIN_MAX_MIN 100000000

struct scan {
    struct view *v;
    const struct deadlines_query *q;
    struct listing *l;
    enum owner owner;
    int64_t now_ms;
};

static bool wanted(const struct scan *s, struct str case_no, const struct rec_row_deadline *row)
{
    const struct deadlines_query *q = s->q;
    bool open = row->end == deadline_end_open;
    bool past = open && (row->due_passed || row->due < s->now_ms);
    if (q->open && !open) return false;
    if (q->overdue && !past) return false;
    if (q->within_min >= 0 && (!open || row->due > s->now_ms + q->within_min * MINUTE_MS))
        return false;
    if (q->unit.n && !str_eq(q->unit, row->unit)) return false;
    return q->case_no.n == 0 || str_eq(q->case_no, case_no);
}

static void print(const struct scan *s, struct str case_no, uint8_t item, struct str name,
                  const struct rec_row_deadline *row)
{
    struct listing *l = s->l;
    const struct zone *z = view_zone_of(s->v, row->unit);
    listing_text(l, str_of(owner_name(s->owner)));
    listing_text(l, case_no);
    listing_count(l, item);
    listing_text(l, name);
    listing_count(l, row->round);
    listing_text(l, row->unit);
    listing_text(l, row->person);
    listing_text(l, row->policy);
    listing_text(l, row->set);
    listing_code(l, &codes_deadline_end, row->end);
    listing_code(l, &codes_clock_kind, row->clock);
    listing_text(l, row->calendar);
    listing_time(l, row->start, z);
    listing_time(l, row->due, z);
    if (row->end == deadline_end_open) {
        listing_number(l, (row->due - s->now_ms) / MINUTE_MS);
    } else {
        listing_text(l, (struct str){0});
    }
    listing_count(l, row->passed);
    listing_time(l, row->done, z);
    listing_text(l, row->rule);
}

static enum err scan_owner(struct scan *s)
{
    struct key prefix = {.n = 0}, at = {.n = 0};
    struct slice value;
    enum err e = reader_now(s->v->reader, s->owner, &s->now_ms);
    if (e != ERR_OK) return e;
    if (s->q->case_no.n && !view_key_of(s->q->case_no, &prefix)) return ERR_OK;
    while ((e = reader_row(s->v->reader, s->owner, TABLE_DEADLINE, &prefix, &at, &value)) ==
           ERR_OK) {
        struct key_reader r = {{at.b, at.n}};
        struct rec_row_deadline row;
        struct str case_no, name;
        uint8_t item;
        e = view_decode(s->v, shape_row_deadline(), value, &row);
        if (e != ERR_OK) return e;
        if (key_take_str(&r, &case_no) || key_take_u8(&r, &item) || key_take_str(&r, &name))
            return ERR_CORRUPT;
        if (wanted(s, case_no, &row)) print(s, case_no, item, name, &row);
    }
    return e == ERR_END ? ERR_OK : e;
}

int deadlines_list(struct view *v, const struct deadlines_query *q)
{
    struct scan s = {.v = v, .q = q};
    s.l = listing_begin(v->out, v->form, columns, COUNT_OF(columns));
    enum err e = ERR_OK;
    for (int o = OWNER_intake; e == ERR_OK && o < OWNER_COUNT; o++) {
        s.owner = (enum owner)o;
        if (reader_has(v->reader, s.owner)) e = scan_owner(&s);
    }
    listing_end(&s.l, "no deadlines");
    return view_result(v, e, "the deadlines");
}

/* ---- the command ---- */

struct arguments {
    struct view_options view;
    struct deadlines_query query;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
    struct arguments *a = state->input;
    switch (key) {
    case 'o':
        a->query.open = true;
        return 0;
    case 'O':
        a->query.overdue = true;
        return 0;
    case 'u':
        a->query.unit = str_of(arg);
        return 0;
    case 'c':
        a->query.case_no = str_of(arg);
        return 0;
    case 'w':
        a->query.within_min = cli_number(state, "--within", arg, 0, WITHIN_MAX_MIN);
        return 0;
    default:
        return view_parse(key, arg, state, "--case");
    }
}

static const struct argp_option options[] = {
    {"open", 'o', NULL, 0, "only those that still run", 0},
    {"overdue", 'O', NULL, 0, "only open ones past their due instant", 0},
    {"within", 'w', "MINUTES", 0, "only open ones due inside so many minutes, or past", 0},
    {"unit", 'u', "UNIT", 0, "only those of this unit", 0},
    {"case", 'c', "CASE", 0, "only those of this case", 0},
    {0}};

static int run(struct view *v, void *arguments)
{
    const struct arguments *a = arguments;
    int rc = view_unit(v, "deadlines", a->query.unit);
    return rc == CLI_OK ? deadlines_list(v, &a->query) : rc;
}

int cmd_deadlines(int argc, char **argv)
{
    static const struct argp_child children[] = {{&view_argp, 0, NULL, 0}, {0}};
    static const struct argp argp = {
        options,
        parse,
        NULL,
        "The deadlines that the services hold: open ones, overdue ones, and how the others ended."
        "\vExamples:\n  cuiban deadlines --overdue\n  cuiban deadlines --within 60 --unit U1\n"
        "  cuiban deadlines --case U1-20260302-001\n"
        "`left min` is negative when the due instant has passed; `levels` counts the steps of the "
        "ladder "
        "that were taken.",
        children,
        NULL,
        NULL};
    struct arguments a = {.view = VIEW_OPTIONS_DEFAULT, .query = {.within_min = -1}};
    return view_run(&(struct view_command){&argp, run}, argc, argv, &a);
}
