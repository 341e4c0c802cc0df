/* cmd_explain.c - `cuiban explain`: why a 催辦單 was issued, or where a deadline comes from, down
 * to the event and the clause. */
#include "common/contract.h"
#include "services/cli/commands.h"
#include "services/cli/explain_print.h"
#include "services/cli/score_sheet.h"
#include "services/escalation/escalation.h"

/* What a number or a case means; texts live in the arena. */
struct meaning {
    struct explain_what what;
    bool is_slip;   /* the number of a 催辦單 */
    bool is_manual; /* one that a person ordered: no deadline behind it */
    struct arena arena;
};

static bool row_of(struct view *v, uint8_t table, const struct shape *shape, struct str number,
                   struct arena *a, void *row)
{
    struct key k = key_of(number);
    struct slice value;
    struct fault why;
    if (number.n + 1 > STORE_KEY_MAX) return false;
    if (reader_get(v->reader, OWNER_escalation, table, &k, &value) != ERR_OK) return false;
    return proto_decode(shape, arena_copy(a, value), a, row, &why) == ERR_OK;
}

static void find_meaning(struct view *v, struct str name, struct str deadline, struct meaning *m)
{
    struct rec_row_reminder slip;
    struct rec_row_inquiry inquiry;
    *m = (struct meaning){.what = {.case_no = name,
                                   .name = deadline,
                                   .holder = EXPLAIN_ANY,
                                   .item = EXPLAIN_ANY,
                                   .round = UINT64_MAX}};
    if (row_of(v, TABLE_REMINDER, shape_row_reminder(), name, &m->arena, &slip)) {
        m->is_slip = true;
        m->is_manual = slip.kind == reminder_kind_manual;
        m->what = (struct explain_what){.case_no = slip.case_no,
                                        .name = slip.name,
                                        .holder = (uint8_t)slip.holder,
                                        .item = (uint8_t)slip.item,
                                        .round = slip.round};
    } else if (row_of(v, TABLE_INQUIRY, shape_row_inquiry(), name, &m->arena, &inquiry) &&
               !deadline.n) {
        m->what = (struct explain_what){.case_no = inquiry.case_no,
                                        .name = inquiry.name,
                                        .holder = EXPLAIN_ANY,
                                        .item = (uint8_t)inquiry.item,
                                        .round = inquiry.round};
    }
}

static const struct view_record *slip_record(const struct explain_case *c, struct str number)
{
    for (uint32_t i = 0; i < c->count; i++) {
        const struct view_record *r = &c->records[i];
        if (r->type->kind == EV_reminder_issued && str_eq(view_text_of(r, "number"), number))
            return r;
    }
    return NULL;
}

/* Prints as it goes; *found counts what was explained. */
static void explain_all(struct explain_case *c, const struct meaning *m, struct str name,
                        uint32_t *found)
{
    struct view *v = c->view;
    bool json = v->form == LISTING_json;
    struct explain_instance i;
    uint32_t at = 0;
    const struct view_record *slip = m->is_slip ? slip_record(c, name) : NULL;
    json_t *list = json_array(), *all = json_object();
    if (slip && json) json_object_set_new(all, "slip", explain_slip_to_json(c, slip));
    if (slip && !json) explain_print_slip(v->out, c, slip);
    *found = slip != NULL;
    while (!m->is_manual && explain_next(c, &m->what, &at, &i)) {
        if (json) {
            json_array_append_new(list, explain_to_json(&i));
        } else {
            if (*found) fputc('\n', v->out);
            explain_print(v->out, &i);
        }
        ++*found;
    }
    json_object_set_new(all, "deadlines", list);
    if (json && *found) {
        json_dumpf(all, v->out, JSON_INDENT(1));
        fputc('\n', v->out);
    }
    json_decref(all);
}

int explain_case(struct view *v, struct str name, struct str deadline)
{
    struct explain_case c = {0};
    struct meaning m;
    uint32_t found = 0;
    find_meaning(v, name, deadline, &m);
    enum err e = explain_gather(&c, v, m.what.case_no);
    if (e == ERR_OK) explain_all(&c, &m, name, &found);
    if (c.cut) fprintf(v->err, "cuiban explain: the case has more records than are shown\n");
    explain_fini(&c);
    arena_fini(&m.arena);
    int rc = view_result(v, e, "the logs");
    if (rc != CLI_OK || found) return rc;
    fprintf(v->err,
            "cuiban explain: no 催辦單 and no deadline %.*s%sof %.*s; `cuiban deadlines --case "
            "%.*s` and "
            "`cuiban reminders --case %.*s` list what there is\n",
            STR_ARG(deadline), deadline.n ? " " : "", STR_ARG(name), STR_ARG(name), STR_ARG(name));
    return CLI_REFUSED;
}

/* ---- the command ---- */

#define WORDS_MAX 4
struct arguments {
    struct view_options view;
    const char *words[WORDS_MAX];
    uint32_t count;
    int32_t first; /* of `score … PERIOD` */
};

static bool is_score(const struct arguments *a)
{
    return a->count > 1 && str_is(str_of(a->words[0]), "score");
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
    struct arguments *a = state->input;
    switch (key) {
    case ARGP_KEY_ARG:
        if (a->count == WORDS_MAX || (a->count == 2 && !is_score(a)))
            argp_error(state, "too much: give a number, or a case and a deadline");
        a->words[a->count++] = arg;
        return 0;
    case ARGP_KEY_END:
        if (a->count == 1 && strcmp(a->words[0], "score") == 0)
            argp_error(state, "whose score? explain score PERSON [SCHEME [PERIOD]]");
        if (!is_score(a) || a->count < WORDS_MAX) return 0;
        a->first = score_period_parse(a->words[3]);
        if (!a->first)
            argp_error(state, "%s is no period; write it like 2026-03, 2026-Q1 or 2026",
                       a->words[3]);
        return 0;
    case ARGP_KEY_NO_ARGS:
        argp_error(state, "explain what? give the number of a 催辦單, or a case (and a deadline)");
        return 0;
    default:
        return view_parse(key, arg, state, "");
    }
}

static int run(struct view *v, void *arguments)
{
    const struct arguments *a = arguments;
    struct str second = str_of(a->count > 1 ? a->words[1] : "");
    if (!is_score(a)) return explain_case(v, str_of(a->words[0]), second);
    return explain_score(v, second, str_of(a->count > 2 ? a->words[2] : ""), a->first);
}

int cmd_explain(int argc, char **argv)
{
    static const struct argp_child children[] = {{&view_argp_single, 0, NULL, 0}, {0}};
    static const struct argp argp = {
        NULL,
        parse,
        "NUMBER\nCASE [DEADLINE]\nscore PERSON [SCHEME [PERIOD]]",
        "Why a 催辦單 was issued: the fact that started the clock, the clause, the counting of the "
        "due "
        "instant on the calendar, the levels of the ladder, and how it ended."
        "\vExamples:\n  cuiban explain CB-U1-20260303-001\n  cuiban explain U1-20260302-001 "
        "job.arrival\n  cuiban explain score E07 tb_130 2026-03\n"
        "The counting is done again with the policy set named by --policy; when it gives another "
        "instant "
        "than the one on record, that is said.",
        children,
        NULL,
        NULL};
    struct arguments a = {.view = VIEW_OPTIONS_DEFAULT};
    a.view.need_policy = true; /* the counting is done again */
    return view_run(&(struct view_command){&argp, run}, argc, argv, &a);
}
