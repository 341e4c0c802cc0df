/* cmd_reminders.c - `cuiban reminders`: the 催辦單 of the desk, or with --inquiries its 洽辦單. */
#include "common/contract.h"
#include "services/cli/commands.h"
#include "services/escalation/escalation.h"

static bool matches(struct str wanted, struct str found)
{
    return wanted.n == 0 || str_eq(wanted, found);
}

static enum err number_of(const struct key *at, struct str *out)
{
    struct key_reader r = {{at->b, at->n}};
    return key_take_str(&r, out);
}

/* ---- 催辦單 ---- */

static const struct listing_column reminder_columns[] = {
    {"number", "number", false},     {"kind", "kind", false},
    {"level", "level", true},        {"state", "state", false},
    {"case", "case", false},         {"item", NULL, true},
    {"deadline", "deadline", false}, {"round", NULL, true},
    {"holder", NULL, false},         {"unit", "unit", false},
    {"person", "person", false},     {"to", "to", false},
    {"policy", NULL, false},         {"due", "due", false},
    {"issued", "issued", false},     {"overdue_min", "overdue min", true},
    {"acknowledged", NULL, false},   {"answered", "answered", false},
    {"ended", "ended", false}};

static bool reminder_open(const struct rec_row_reminder *row)
{
    return row->state != reminder_state_stopped && row->state != reminder_state_withdrawn;
}

static void reminder_row(struct view *v, struct listing *l, struct str number,
                         const struct rec_row_reminder *r)
{
    const struct zone *z = view_zone_of(v, r->unit);
    int64_t overdue_min = r->due && r->issued > r->due ? (r->issued - r->due) / MINUTE_MS : 0;
    listing_text(l, number);
    listing_code(l, &codes_reminder_kind, r->kind);
    listing_count(l, r->level);
    listing_code(l, &codes_reminder_state, r->state);
    listing_text(l, r->case_no);
    listing_count(l, r->item);
    listing_text(l, r->name);
    listing_count(l, r->round);
    listing_text(l, r->holder ? str_of(owner_name((enum owner)r->holder)) : (struct str){0});
    listing_text(l, r->unit);
    listing_text(l, r->person);
    listing_text(l, r->to);
    listing_text(l, r->policy);
    listing_time(l, r->due, z);
    listing_time(l, r->issued, z);
    if (r->kind == reminder_kind_overdue) {
        listing_number(l, overdue_min);
    } else {
        listing_text(l, (struct str){0});
    }
    listing_time(l, r->acknowledged, z);
    listing_time(l, r->answered, z);
    listing_time(l, r->ended, z);
}

static enum err reminder_rows(struct view *v, const struct reminders_query *q, struct listing *l)
{
    struct key at = {.n = 0};
    struct slice value;
    enum err e;
    while ((e = reader_row(v->reader, OWNER_escalation, TABLE_REMINDER, NULL, &at, &value)) ==
           ERR_OK) {
        struct rec_row_reminder row;
        struct str number;
        e = view_decode(v, shape_row_reminder(), value, &row);
        if (e == ERR_OK) e = number_of(&at, &number);
        if (e != ERR_OK) return e;
        if (q->open && !reminder_open(&row)) continue;
        if (!matches(q->unit, row.unit) || !matches(q->case_no, row.case_no)) continue;
        reminder_row(v, l, number, &row);
    }
    return e;
}

/* ---- 洽辦單 ---- */

static const struct listing_column inquiry_columns[] = {
    {"number", "number", false},     {"state", "state", false},
    {"case", "case", false},         {"item", NULL, true},
    {"deadline", "deadline", false}, {"round", NULL, true},
    {"unit", "unit", false},         {"policy", "policy", false},
    {"issued", "issued", false},     {"answered", "answered", false},
    {"closed", "closed", false}};

static void inquiry_row(struct view *v, struct listing *l, struct str number,
                        const struct rec_row_inquiry *r)
{
    const struct zone *z = view_zone_of(v, r->unit);
    listing_text(l, number);
    listing_code(l, &codes_inquiry_state, r->state);
    listing_text(l, r->case_no);
    listing_count(l, r->item);
    listing_text(l, r->name);
    listing_count(l, r->round);
    listing_text(l, r->unit);
    listing_text(l, r->policy);
    listing_time(l, r->issued, z);
    listing_time(l, r->answered, z);
    listing_time(l, r->closed, z);
}

static enum err inquiry_rows(struct view *v, const struct reminders_query *q, struct listing *l)
{
    struct key at = {.n = 0};
    struct slice value;
    enum err e;
    while ((e = reader_row(v->reader, OWNER_escalation, TABLE_INQUIRY, NULL, &at, &value)) ==
           ERR_OK) {
        struct rec_row_inquiry row;
        struct str number;
        e = view_decode(v, shape_row_inquiry(), value, &row);
        if (e == ERR_OK) e = number_of(&at, &number);
        if (e != ERR_OK) return e;
        bool open = row.state == inquiry_state_draft || row.state == inquiry_state_issued;
        if (q->open && !open) continue;
        if (!matches(q->unit, row.unit) || !matches(q->case_no, row.case_no)) continue;
        inquiry_row(v, l, number, &row);
    }
    return e;
}

int reminders_list(struct view *v, const struct reminders_query *q)
{
    bool slips = q->inquiries;
    const struct listing_column *columns = slips ? inquiry_columns : reminder_columns;
    size_t count = slips ? COUNT_OF(inquiry_columns) : COUNT_OF(reminder_columns);
    struct listing *l = listing_begin(v->out, v->form, columns, count);
    enum err e = slips ? inquiry_rows(v, q, l) : reminder_rows(v, q, l);
    listing_end(&l, slips ? "no 洽辦單" : "no 催辦單");
    return view_result(v, e, slips ? "the 洽辦單" : "the 催辦單");
}

/* ---- the command ---- */

struct arguments {
    struct view_options view;
    struct reminders_query query;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
    struct arguments *a = state->input;
    switch (key) {
    case 'o':
        a->query.open = true;
        return 0;
    case 'i':
        a->query.inquiries = true;
        return 0;
    case 'u':
        a->query.unit = str_of(arg);
        return 0;
    case 'c':
        a->query.case_no = str_of(arg);
        return 0;
    default:
        return view_parse(key, arg, state, "--case");
    }
}

static const struct argp_option options[] = {
    {"open", 'o', NULL, 0, "only those that stand (issued, acknowledged, answered)", 0},
    {"unit", 'u', "UNIT", 0, "only those to this unit", 0},
    {"case", 'c', "CASE", 0, "only those of this case", 0},
    {"inquiries", 'i', NULL, 0, "the 洽辦單, which ask why it was late; --open: not yet answered",
     0},
    {0}};

static int run(struct view *v, void *arguments)
{
    const struct arguments *a = arguments;
    int rc = view_unit(v, "reminders", a->query.unit);
    return rc == CLI_OK ? reminders_list(v, &a->query) : rc;
}

int cmd_reminders(int argc, char **argv)
{
    static const struct argp_child children[] = {{&view_argp, 0, NULL, 0}, {0}};
    static const struct argp argp = {
        options,
        parse,
        NULL,
        "The 催辦單 that the desk issued: what is overdue, whom it was sent to, what became of it."
        "\vExamples:\n  cuiban reminders --open --unit U1\n  cuiban reminders --csv > "
        "reminders.csv\n"
        "`overdue min` counts from the due instant to the moment the 催辦單 was issued. "
        "`cuiban explain NUMBER` opens one down to the clause.",
        children,
        NULL,
        NULL};
    struct arguments a = {.view = VIEW_OPTIONS_DEFAULT};
    return view_run(&(struct view_command){&argp, run}, argc, argv, &a);
}
