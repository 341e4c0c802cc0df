/* cmd_complaints.c - `cuiban complaints`: the register of complaints 客戶抱怨案件登記追蹤表, a line
 * a case (CMP-035): where it is, who holds it, how long it took, whether the customer is content.
 */
#include "common/contract.h"
#include "services/cli/commands.h"
#include "services/complaint/complaint.h"
#include <stdlib.h>

static const struct listing_column columns[] = {
    {"complaint", "no", false},      {"case", "case", false},       {"received", "received", false},
    {"customer", "customer", false}, {"product", "product", false}, {"category", NULL, false},
    {"level", NULL, false},          {"channel", NULL, false},      {"unit", "unit", false},
    {"state", "state", false},       {"step", "step", false},       {"holder", "holder", false},
    {"accepted", NULL, false},       {"to_accept_s", NULL, true},   {"due", "due", false},
    {"closed", "closed", false},     {"handling_s", NULL, true},    {"overdue", "overdue", false},
    {"outcome", "outcome", false},   {"amount", NULL, true},        {"timely", NULL, false},
    {"satisfied", "content", false}, {"clerk", NULL, false},        {"parent", NULL, false}};

struct scan {
    struct view *v;
    const struct complaints_query *q;
    struct listing *l;
    int64_t now_ms;
};

/* Due instant of the total limit; 0 when it does not run yet. */
static enum err total_due(struct scan *s, struct str no, int64_t *due_ms)
{
    struct slice value;
    struct rec_row_deadline d;
    struct arena a = {0};
    struct key k = key_of(arena_printf(&a, "complaint/%.*s", STR_ARG(no)));
    key_u8(&k, 0);
    key_str(&k, STR("complaint.total"));
    enum err e = reader_get(s->v->reader, OWNER_complaint, TABLE_DEADLINE, &k, &value);
    struct fault why;
    if (e == ERR_OK) e = proto_decode(shape_row_deadline(), value, &a, &d, &why);
    *due_ms = e == ERR_OK ? d.due : 0;
    arena_fini(&a);
    return e == ERR_NOT_FOUND ? ERR_OK : e;
}

static bool is_open(const struct rec_row_complaint *r)
{
    return r->closed_at == 0 && r->state != complaint_state_no_loss;
}

static bool is_overdue(const struct scan *s, const struct rec_row_complaint *r, int64_t due_ms)
{
    return due_ms && (r->closed_at ? r->closed_at : s->now_ms) > due_ms;
}

static void span(struct listing *l, int64_t from_ms, int64_t to_ms)
{
    if (from_ms && to_ms) {
        listing_number(l, (to_ms - from_ms) / 1000);
    } else {
        listing_text(l, (struct str){0});
    }
}

static void print(struct scan *s, struct str no, const struct rec_row_complaint *r, int64_t due_ms)
{
    struct listing *l = s->l;
    const struct zone *z = view_zone_of(s->v, r->unit);
    listing_text(l, r->complaint_no);
    listing_text(l, no);
    listing_time(l, r->received_at, z);
    listing_text(l, r->customer);
    listing_text(l, r->product);
    listing_text(l, r->category);
    listing_text(l, r->level);
    listing_code(l, &codes_channel, r->channel);
    listing_text(l, r->unit);
    listing_code(l, &codes_complaint_state, r->state);
    listing_text(l, r->step);
    listing_text(l, r->holder);
    listing_time(l, r->accepted_at, z);
    span(l, r->received_at, r->accepted_at);
    listing_time(l, due_ms, z);
    listing_time(l, r->closed_at, z);
    span(l, r->received_at, r->closed_at);
    listing_text(l, is_overdue(s, r, due_ms) ? STR("yes") : (struct str){0});
    listing_code(l, &codes_complaint_outcome, r->outcome);
    if (r->decided_at) {
        listing_printf(l, "%lld.%02lld", (long long)r->amount / 100, (long long)r->amount % 100);
    } else {
        listing_text(l, (struct str){0});
    }
    listing_code(l, &codes_yes_no, r->timely);
    listing_code(l, &codes_yes_no, r->satisfied);
    listing_text(l, r->clerk);
    listing_text(l, r->parent_no);
}

static enum err scan_cases(struct scan *s)
{
    struct key prefix = {.n = 0}, at = {.n = 0};
    struct slice value;
    enum err e;
    uint8_t table = complaint_tables[COMPLAINT_CASE].id;
    while ((e = reader_row(s->v->reader, OWNER_complaint, table, &prefix, &at, &value)) == ERR_OK) {
        struct key_reader r = {{at.b, at.n}};
        struct rec_row_complaint row;
        struct str no;
        int64_t due_ms;
        e = view_decode(s->v, shape_row_complaint(), value, &row);
        if (e == ERR_OK) e = key_take_str(&r, &no);
        if (e == ERR_OK) e = total_due(s, no, &due_ms);
        if (e != ERR_OK) return e;
        const struct complaints_query *q = s->q;
        bool wanted = (!q->open || is_open(&row)) && (!q->overdue || is_overdue(s, &row, due_ms)) &&
                      (q->unit.n == 0 || str_eq(q->unit, row.unit));
        if (wanted) print(s, no, &row, due_ms);
    }
    return e == ERR_END ? ERR_OK : e;
}

int complaints_list(struct view *v, const struct complaints_query *q)
{
    struct scan s = {.v = v, .q = q};
    s.l = listing_begin(v->out, v->form, columns, COUNT_OF(columns));
    enum err e = ERR_OK;
    if (reader_has(v->reader, OWNER_complaint)) {
        e = reader_now(v->reader, OWNER_complaint, &s.now_ms);
        if (e == ERR_OK) e = scan_cases(&s);
    }
    listing_end(&s.l, "no complaints");
    return view_result(v, e, "the complaints");
}

/* ---- the command ---- */

struct arguments {
    struct view_options view;
    struct complaints_query query;
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
    default:
        return view_parse(key, arg, state, "--unit");
    }
}

static const struct argp_option options[] = {
    {"open", 'o', NULL, 0, "only those not closed", 0},
    {"overdue", 'O', NULL, 0, "only those past their total limit, closed or not", 0},
    {"unit", 'u', "UNIT", 0, "only those of this centre", 0},
    {0}};

static int run(struct view *v, void *arguments)
{
    const struct arguments *a = arguments;
    int rc = view_unit(v, "complaints", a->query.unit);
    return rc == CLI_OK ? complaints_list(v, &a->query) : rc;
}

int cmd_complaints(int argc, char **argv)
{
    static const struct argp_child children[] = {{&view_argp, 0, NULL, 0}, {0}};
    static const struct argp argp = {
        options,
        parse,
        NULL,
        "The register of complaints 客戶抱怨案件登記追蹤表, a line a case."
        "\v`cuiban show complaint N` says of one case who held it for how long.",
        children,
        NULL,
        NULL};
    struct arguments a = {.view = VIEW_OPTIONS_DEFAULT};
    return view_run(&(struct view_command){&argp, run}, argc, argv, &a);
}
