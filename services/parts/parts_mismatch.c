/* parts_mismatch.c - an old part that does not agree with its 產品異常信息報告: who bears how much
 * of the loss, and the list of the month that the head of department 部長 approves.
 *
 * A loss is entered at the rate of the policy; the head of department, known by his role in the
 * master data (liability_decider), may set another one until he approves the list. It belongs to
 * the month in which the inspector found it, or, when that list is approved already, to the next
 * one that is not. Rules PRT-029, PRT-030, CMP-112. */
#include "common/contract.h"
#include "services/parts/parts_private.h"

#define LINES_MAX 200 /* that many fit into an event */
#define TOTAL_MAX INT64_C(1000000000000000)
#define MONTHS_MAX 24

/* ---- months ---- */

static struct key list_key(struct str unit, int32_t month)
{
    struct key k = key_of(unit);
    key_day(&k, month);
    return k;
}

static int32_t month_of(struct step *st, struct str unit, int64_t at_ms)
{
    int y, m, d;
    day_split(zone_day(step_zone(st, unit), at_ms), &y, &m, &d);
    return day_of(y, m, 1);
}

static const struct deadline_row clocks[] = {{.name = "mismatch.list",
                                              .rule = "PRT-030",
                                              .from = FROM_START,
                                              .due = DUE_GIVEN,
                                              .stop = {EV_mismatch_list_approved}}};

static enum err arm(struct step *st, struct str unit, int32_t month)
{
    const struct zone *z = step_zone(st, unit);
    int32_t next = day_add_months(month, 1);
    int32_t last = next + (int32_t)st->policy->parts.mismatch_day - 1;
    struct ev_mismatch_list_submitted list = {.unit = unit, .month = month};
    struct deadline_ctx c = {
        .case_no = paper_case(st, &parts_mismatch_paper, shape_ev_mismatch_list_submitted(), &list),
        .unit = unit,
        .occurred_ms = step_occurred(st),
        .start_ms = zone_day_start(z, next),
        .given_ms = zone_day_start(z, last + 1)};
    return deadline_arm(st, &clocks[0], &c, (struct str){0});
}

static enum err list_get(struct step *st, struct str unit, int32_t month,
                         struct rec_row_mismatch *out)
{
    struct key k = list_key(unit, month);
    *out = (struct rec_row_mismatch){.state = mismatch_state_open, .unit = unit};
    enum err e = step_get(st, PARTS_TABLE(MISMATCH), &k, out);
    return e == ERR_NOT_FOUND ? ERR_OK : e;
}

static void list_put(struct step *st, struct str unit, int32_t month,
                     const struct rec_row_mismatch *list)
{
    struct key k = list_key(unit, month);
    step_put(st, PARTS_TABLE(MISMATCH), &k, list);
}

/* The first month from there on whose list is not approved. */
static enum err open_month(struct step *st, struct str unit, int32_t *month,
                           struct rec_row_mismatch *list)
{
    for (int i = 0; i < MONTHS_MAX; i++) {
        enum err e = list_get(st, unit, *month, list);
        if (e != ERR_OK || list->state != mismatch_state_approved) return e;
        *month = day_add_months(*month, 1);
    }
    return step_refuse(st, "approved", "old_no", "the lists of the next %d months are approved",
                       MONTHS_MAX);
}

/* ---- a loss ---- */

static struct key line_key(struct str unit, int32_t month, struct str old_no)
{
    struct key k = list_key(unit, month);
    key_str(&k, old_no);
    return k;
}

/* round(loss × rate), half up (CV-9); 10^15 × 10^4 fits without a sign. */
static int64_t share_of(int64_t loss, uint64_t rate_bp)
{
    return (int64_t)(((uint64_t)loss * rate_bp + 5000) / 10000);
}

enum err parts_mismatch_found(struct step *st, struct oldpart *o)
{
    const struct parts_policy *p;
    struct rec_row_mismatch list;
    enum err e = parts_policy_for(st, o->r.call_no, o->r.unit, &p);
    if (e != ERR_OK || !p->liability_max_bp) return e;
    if (!o->r.responsible.n) {
        return step_refuse(st, "missing", "responsible",
                           "say who answers for the report that old part %.*s does not agree with",
                           STR_ARG(o->no));
    }
    int32_t month = month_of(st, o->r.unit, step_occurred(st));
    e = open_month(st, o->r.unit, &month, &list);
    if (e != ERR_OK) return e;
    o->r.mismatch_month = month;
    list.state = mismatch_state_open;
    list.count++;
    list_put(st, o->r.unit, month, &list);
    uint64_t rate = p->liability_default_bp;
    struct rec_row_mismatch_line line = {.part_no = o->r.part_no,
                                         .responsible = o->r.responsible,
                                         .loss = o->r.loss,
                                         .rate_bp = rate,
                                         .amount = share_of(o->r.loss, rate)};
    struct key k = line_key(o->r.unit, month, o->no);
    step_put(st, PARTS_TABLE(MISMATCH_LINE), &k, &line);
    struct ev_oldpart_mismatch ev = {.old_no = o->no,
                                     .responsible = line.responsible,
                                     .rate_bp = rate,
                                     .loss = line.loss,
                                     .amount = line.amount,
                                     .month = month};
    step_emit_as(st, "PRT-029", EV_oldpart_mismatch, &ev);
    return arm(st, o->r.unit, month);
}

/* ---- the head of department decides ---- */

static enum err check_decider(struct step *st, struct str who, const char *field)
{
    struct str role = st->policy->parts.liability_decider;
    bool entitled;
    enum err e = parts_has_role(st, who, role, &entitled);
    if (e != ERR_OK || entitled) return e;
    return step_refuse(st, "not_entitled", field,
                       "who bears how much is for the head of department 部長: name in %s "
                       "somebody whose role is %.*s",
                       field, STR_ARG(role));
}

static enum err check_rate(struct step *st, const struct rec_row_oldpart *r, uint64_t rate_bp)
{
    const struct parts_policy *p;
    enum err e = parts_policy_for(st, r->call_no, r->unit, &p);
    if (e != ERR_OK || (rate_bp >= p->liability_min_bp && rate_bp <= p->liability_max_bp)) return e;
    return step_refuse(st, "rate_out_of_range", "rate_bp",
                       "%llu.%02llu %% is no share of the loss here; it goes from %u.%02u to "
                       "%u.%02u %%",
                       (unsigned long long)rate_bp / 100, (unsigned long long)rate_bp % 100,
                       p->liability_min_bp / 100, p->liability_min_bp % 100,
                       p->liability_max_bp / 100, p->liability_max_bp % 100);
}

static enum err check_open(struct step *st, const struct rec_row_oldpart *r,
                           struct rec_row_mismatch *list)
{
    if (!r->mismatch_month) {
        return step_refuse(st, "state", "old_no",
                           "this old part agrees with its report, or nobody bears such a loss "
                           "here; a decision follows oldpart.inspected with match=no");
    }
    enum err e = list_get(st, r->unit, r->mismatch_month, list);
    if (e != ERR_OK || list->state != mismatch_state_approved) return e;
    return step_refuse(st, "approved", "old_no", "the list of its month is approved already");
}

enum err parts_mismatch_decided(struct step *st, const void *payload, void *row)
{
    struct ev_oldpart_mismatch ev = *(const struct ev_oldpart_mismatch *)payload;
    const struct rec_row_oldpart *r = ((struct paper_at *)row)->row;
    struct rec_row_mismatch list;
    struct rec_row_mismatch_line line;
    enum err e = parts_old_filled(st, ev.loss || ev.amount || ev.month, "amount");
    if (e == ERR_OK) e = check_open(st, r, &list);
    if (e == ERR_OK) e = check_decider(st, ev.decided_by, "decided_by");
    if (e == ERR_OK) e = check_rate(st, r, ev.rate_bp);
    if (e != ERR_OK) return e;
    struct key k = line_key(r->unit, r->mismatch_month, ev.old_no);
    e = step_get(st, PARTS_TABLE(MISMATCH_LINE), &k, &line);
    if (e != ERR_OK) return e == ERR_NOT_FOUND ? ERR_CORRUPT : e;
    if (ev.responsible.n) line.responsible = ev.responsible;
    line.rate_bp = ev.rate_bp;
    line.amount = share_of(line.loss, ev.rate_bp);
    line.decided_by = ev.decided_by;
    step_put(st, PARTS_TABLE(MISMATCH_LINE), &k, &line);
    list.state = mismatch_state_open; /* it is listed anew */
    list_put(st, r->unit, r->mismatch_month, &list);
    ev.responsible = line.responsible, ev.loss = line.loss, ev.amount = line.amount;
    ev.month = r->mismatch_month;
    step_complete(st, &ev);
    return ERR_OK;
}

/* ---- the list ---- */

struct sheet {
    struct rec_mismatch_line v[LINES_MAX];
    uint32_t n;
    int64_t total;
};

static bool is_struck(const struct ev_mismatch_list_approved *ev, struct str old_no)
{
    for (uint32_t i = 0; ev && i < ev->struck.n; i++) {
        if (str_eq(ev->struck.v[i].old_no, old_no)) return true;
    }
    return false;
}

/* A list has any number of lines, so the row of one that is approved stays as it is. */
static void strike(struct step *st, const struct key *k, struct rec_row_mismatch_line *line)
{
    line->approved = yes_no_no;
    step_put(st, PARTS_TABLE(MISMATCH_LINE), k, line);
}

/* The lines of a month, or what is approved of them; the sum is over all, the first 200 are named.
 */
static enum err collect(struct step *st, struct str unit, int32_t month,
                        const struct ev_mismatch_list_approved *approval, struct sheet *out)
{
    struct key prefix = list_key(unit, month), at = {.n = 0};
    struct rec_row_mismatch_line l;
    enum err e;
    while ((e = step_next(st, PARTS_TABLE(MISMATCH_LINE), &prefix, &at, &l)) == ERR_OK) {
        struct key_reader r = {{at.b + prefix.n, at.n - prefix.n}};
        struct str no;
        e = key_take_str(&r, &no);
        if (e != ERR_OK) return e;
        no = arena_printf(st->arena, "%.*s", STR_ARG(no));
        bool struck = is_struck(approval, no);
        if (struck) strike(st, &at, &l);
        if (struck) continue;
        out->total += l.amount;
        if (out->total > TOTAL_MAX) out->total = TOTAL_MAX;
        if (out->n < LINES_MAX) {
            out->v[out->n++] = (struct rec_mismatch_line){no,     l.part_no, l.responsible,
                                                          l.loss, l.rate_bp, l.amount};
        }
    }
    return e == ERR_END ? ERR_OK : e;
}

static enum err on_submitted(struct step *st, const void *payload, void *row)
{
    struct ev_mismatch_list_submitted ev = *(const struct ev_mismatch_list_submitted *)payload;
    struct sheet *s = arena_take(st->arena, sizeof *s);
    (void)row;
    *s = (struct sheet){.n = 0};
    enum err e = parts_old_filled(st, ev.lines.n || ev.total, "lines");
    if (e == ERR_OK) e = collect(st, ev.unit, ev.month, NULL, s);
    if (e != ERR_OK) return e;
    ev.lines.v = s->v, ev.lines.n = s->n, ev.total = s->total;
    step_complete(st, &ev);
    return ERR_OK;
}

static enum err check_struck(struct step *st, const struct ev_mismatch_list_approved *ev)
{
    for (uint32_t i = 0; i < ev->struck.n; i++) {
        struct key k = line_key(ev->unit, ev->month, ev->struck.v[i].old_no);
        struct rec_row_mismatch_line line;
        enum err e = step_get(st, PARTS_TABLE(MISMATCH_LINE), &k, &line);
        if (e == ERR_OK) continue;
        if (e != ERR_NOT_FOUND) return e;
        return step_refuse(st, "unknown_number", "struck", "old part %.*s is not on this list",
                           STR_ARG(ev->struck.v[i].old_no));
    }
    return ERR_OK;
}

static enum err on_approved(struct step *st, const void *payload, void *row)
{
    struct ev_mismatch_list_approved ev = *(const struct ev_mismatch_list_approved *)payload;
    struct rec_row_mismatch *r = ((struct paper_at *)row)->row;
    struct sheet *s = arena_take(st->arena, sizeof *s);
    *s = (struct sheet){.n = 0};
    enum err e = parts_old_filled(st, ev.lines.n || ev.total, "lines");
    if (e == ERR_OK) e = check_decider(st, ev.approved_by, "approved_by");
    if (e == ERR_OK) e = check_struck(st, &ev);
    if (e == ERR_OK) e = collect(st, ev.unit, ev.month, &ev, s);
    if (e != ERR_OK) return e;
    ev.lines.v = s->v, ev.lines.n = s->n, ev.total = s->total;
    r->total = s->total;
    step_complete(st, &ev);
    return ERR_OK;
}

static enum err on_nothing(struct step *st, const void *payload, void *row)
{
    (void)payload, (void)row;
    return step_refuse(st, "nothing", "month",
                       "no old part of that unit and month disagrees with its report (month is the "
                       "first day of the month)");
}

/* ---- machine ---- */

#define NOT_APPROVED (IN(mismatch_state_open) | IN(mismatch_state_submitted))

static const struct transition rows[] = {
    {EV_mismatch_list_submitted, PAPER_NEW, 0, on_nothing, "PRT-030"},
    {EV_mismatch_list_submitted, NOT_APPROVED, mismatch_state_submitted, on_submitted, "PRT-030"},
    {EV_mismatch_list_approved, IN(mismatch_state_submitted), mismatch_state_approved, on_approved,
     "PRT-030"},
};

const struct paper parts_mismatch_paper = {.name = "mismatch",
                                           .label = "list of mismatches",
                                           .table = PARTS_TABLE(MISMATCH),
                                           .states = &codes_mismatch_state,
                                           .keys = {"unit", "month"},
                                           PAPER_ROWS(rows),
                                           PAPER_CLOCKS(clocks)};

/* The list is that of the source, when the fact names no unit. */
enum err parts_mismatch_fact(struct step *st, const void *payload)
{
    struct ev_mismatch_list_submitted submitted;
    struct ev_mismatch_list_approved approved;
    if (st->type->kind == EV_mismatch_list_submitted) {
        submitted = *(const struct ev_mismatch_list_submitted *)payload;
        if (!submitted.unit.n) submitted.unit = st->in->source;
        step_complete(st, &submitted);
        return paper_fact(st, &parts_mismatch_paper, &submitted);
    }
    approved = *(const struct ev_mismatch_list_approved *)payload;
    if (!approved.unit.n) approved.unit = st->in->source;
    step_complete(st, &approved);
    return paper_fact(st, &parts_mismatch_paper, &approved);
}
