/* parts_advance.c - advances 借據: made out in figures and in words, approved, paid, and set
 * against the approved expense forms after the trip (PRT-058).
 *
 * It has to be settled so many working days after the return: the planned one, or the last day of
 * an expense form that names the advance, once there is one. */
#include "common/capital.h"
#include "common/contract.h"
#include "services/parts/parts_private.h"
#include <inttypes.h>

#define FEN 100
#define YUAN "%" PRId64 ".%02" PRId64
#define YUAN_ARG(fen) (fen) / FEN, (fen) % FEN

/* ---- the borrower ---- */

static enum err borrower_load(struct step *st, struct str person, struct rec_row_borrower *out)
{
    struct key k = key_of(person);
    enum err e = step_get(st, PARTS_TABLE(BORROWER), &k, out);
    if (e != ERR_NOT_FOUND) return e;
    *out = (struct rec_row_borrower){0};
    return ERR_OK;
}

static void add(uint64_t *n, int by)
{
    if (by > 0 || *n > 0) *n += (uint64_t)(int64_t)by;
}

static enum err borrower_count(struct step *st, struct str person, int unsettled, int overdue)
{
    struct rec_row_borrower r;
    struct key k = key_of(person);
    enum err e = borrower_load(st, person, &r);
    if (e != ERR_OK) return e;
    if (unsettled) add(&r.unsettled, unsettled);
    if (overdue) add(&r.overdue, overdue);
    step_put(st, PARTS_TABLE(BORROWER), &k, &r);
    return ERR_OK;
}

static enum err check_borrower(struct step *st, struct str person)
{
    struct rec_row_borrower r;
    enum err e = borrower_load(st, person, &r);
    if (e != ERR_OK || !r.overdue || !st->policy->parts.advance_block_overdue) return e;
    return step_refuse(st, "overdue", "person",
                       "%.*s has an advance that is overdue; it is settled first "
                       "(advance.settled), then there is a new one",
                       STR_ARG(person));
}

/* ---- opened, approved ---- */

static enum err check_words(struct step *st, const struct ev_advance_opened *ev)
{
    int64_t fen = 0;
    if (!capital_parse(ev->amount_words, &fen)) {
        return step_refuse(st, "amount_words", "amount_words",
                           "\"%.*s\" is no amount in capital figures 大寫; write it like "
                           "叁仟元整 or 壹萬零伍拾元零叁分",
                           STR_ARG(ev->amount_words));
    }
    if (fen == ev->amount) return ERR_OK;
    return step_refuse(st, "amount_words", "amount_words",
                       "the figures say " YUAN " yuan and the words " YUAN "; they must be equal",
                       YUAN_ARG(ev->amount), YUAN_ARG(fen));
}

static enum err on_opened(struct step *st, const void *payload, void *row)
{
    const struct ev_advance_opened *ev = payload;
    (void)row;
    if (ev->from_day > ev->return_day) {
        return step_refuse(st, "day", "return_day",
                           "the return lies before the first day of the trip");
    }
    enum err e = check_words(st, ev);
    return e == ERR_OK ? check_borrower(st, ev->person) : e;
}

static enum err on_approved(struct step *st, const void *payload, void *row)
{
    const struct ev_advance_approved *ev = payload;
    const struct rec_row_advance *r = ((struct paper_at *)row)->row;
    const struct parts_keys *keys = &st->policy->parts;
    struct parts_signature review = {ev->reviewed_by, "reviewed_by", keys->advance_reviewer,
                                     r->person};
    struct parts_signature approval = {ev->by, "by", keys->advance_approver, r->person};
    enum err e = parts_signs(st, &review);
    if (e == ERR_OK) e = parts_signs(st, &approval);
    return e == ERR_OK ? check_borrower(st, r->person) : e;
}

/* ---- paid; the clock from the return on ---- */

static int64_t return_ms(struct step *st, const struct rec_row_advance *r)
{
    return zone_day_start(step_zone(st, r->unit), r->return_day);
}

static enum err on_paid(struct step *st, const void *payload, void *row)
{
    (void)payload;
    struct paper_at *a = row;
    const struct rec_row_advance *r = a->row;
    a->start_ms = return_ms(st, r);
    return borrower_count(st, r->person, 1, 0);
}

static const struct deadline_row clocks[] = {{.name = "advance.settle",
                                              .rule = "PRT-058",
                                              .from = FROM_START,
                                              .due = DUE_SETTING,
                                              .start = {EV_advance_paid},
                                              .stop = {EV_advance_settled}}};

static struct str case_of(struct step *st, struct str advance_no)
{
    return arena_printf(st->arena, "%s/%.*s", parts_advance_paper.name, STR_ARG(advance_no));
}

static enum err not_overdue(struct step *st, struct rec_row_advance *r)
{
    if (!r->overdue) return ERR_OK;
    r->overdue = false;
    return borrower_count(st, r->person, 0, -1);
}

static enum err came_back(struct step *st, struct str advance_no, struct rec_row_advance *r,
                          int32_t day)
{
    bool moves = day != r->return_day && (!r->returned || day > r->return_day);
    r->returned = true;
    if (!moves) return ERR_OK;
    r->return_day = day;
    enum err e = not_overdue(st, r);
    if (e != ERR_OK) return e;
    struct deadline_ctx c = {.case_no = case_of(st, advance_no),
                             .unit = r->unit,
                             .person = r->person,
                             .occurred_ms = step_occurred(st),
                             .start_ms = return_ms(st, r)};
    return deadline_arm(st, &clocks[0], &c, (struct str){0});
}

enum err parts_advance_passed(struct step *st, const struct passed *what)
{
    struct rec_row_advance r;
    struct str begins = case_of(st, (struct str){0});
    bool mine = str_is(what->name, clocks[0].name) && what->is_due && what->case_no.n > begins.n;
    if (!mine) return ERR_OK;
    struct key k = key_of((struct str){what->case_no.p + begins.n, what->case_no.n - begins.n});
    enum err e = step_get(st, PARTS_TABLE(ADVANCE), &k, &r);
    if (e != ERR_OK || r.overdue) return e == ERR_NOT_FOUND ? ERR_CORRUPT : e;
    r.overdue = true;
    step_put(st, PARTS_TABLE(ADVANCE), &k, &r);
    return borrower_count(st, r.person, 0, 1);
}

/* ---- expense forms that name it ---- */

static enum err refuse_advance(struct step *st, struct str no, const char *why)
{
    st->rule = "PRT-058";
    return step_refuse(st, "advance", "advance_no", "advance %.*s %s", STR_ARG(no), why);
}

enum err parts_advance_claimed(struct step *st, struct str advance_no, struct str person,
                               int32_t until_day, bool again)
{
    struct rec_row_advance r;
    struct key k = key_of(advance_no);
    enum err e = step_get(st, PARTS_TABLE(ADVANCE), &k, &r);
    if (e == ERR_NOT_FOUND)
        return refuse_advance(st, advance_no, "is not known here; it begins with advance.opened");
    if (e != ERR_OK) return e;
    if (r.state != advance_state_paid)
        return refuse_advance(st, advance_no, "is not paid out and open; name one that is");
    if (!str_eq(r.person, person))
        return refuse_advance(st, advance_no, "is somebody else's; a form uses up one's own");
    r.claims_open += !again;
    e = came_back(st, advance_no, &r, until_day);
    if (e == ERR_OK) step_put(st, PARTS_TABLE(ADVANCE), &k, &r);
    return e;
}

enum err parts_advance_left(struct step *st, struct str advance_no)
{
    struct rec_row_advance r;
    struct key k = key_of(advance_no);
    enum err e = step_get(st, PARTS_TABLE(ADVANCE), &k, &r);
    if (e != ERR_OK) return e == ERR_NOT_FOUND ? ERR_CORRUPT : e;
    add(&r.claims_open, -1);
    step_put(st, PARTS_TABLE(ADVANCE), &k, &r);
    return ERR_OK;
}

#define EXPENSES_MAX INT64_C(1000000000000000) /* as the row has it */

enum err parts_advance_used(struct step *st, struct str advance_no, int64_t approved_fen)
{
    struct rec_row_advance r;
    struct key k = key_of(advance_no);
    enum err e = step_get(st, PARTS_TABLE(ADVANCE), &k, &r);
    if (e != ERR_OK) return e == ERR_NOT_FOUND ? ERR_CORRUPT : e;
    if (r.expenses > EXPENSES_MAX - approved_fen)
        return refuse_advance(st, advance_no, "has more expenses than an advance can have");
    add(&r.claims_open, -1);
    r.expenses += approved_fen;
    step_put(st, PARTS_TABLE(ADVANCE), &k, &r);
    return ERR_OK;
}

enum err parts_advance_is_settled(struct step *st, struct str advance_no)
{
    struct rec_row_advance r;
    struct key k = key_of(advance_no);
    enum err e = step_get(st, PARTS_TABLE(ADVANCE), &k, &r);
    if (e != ERR_OK) return e == ERR_NOT_FOUND ? ERR_CORRUPT : e;
    if (r.state == advance_state_settled) return ERR_OK;
    return refuse_advance(st, advance_no,
                          "covers this form; it is settled first (advance.settled)");
}

/* ---- settled ---- */

static enum err check_settled(struct step *st, const struct ev_advance_settled *ev,
                              const struct rec_row_advance *r, int64_t settlement)
{
    if (r->claims_open) {
        return step_refuse(st, "claims_open", "advance_no",
                           "%" PRIu64 " expense forms name this advance and are not approved yet "
                           "(expense.approved)",
                           r->claims_open);
    }
    if (ev->approved_expenses && ev->approved_expenses != r->expenses) {
        return step_refuse(st, "amount", "approved_expenses",
                           "the forms that name this advance come to " YUAN " yuan approved",
                           YUAN_ARG(r->expenses));
    }
    if (!ev->settlement || ev->settlement == settlement) return ERR_OK;
    int64_t much = settlement < 0 ? -settlement : settlement;
    return step_refuse(st, "amount", "settlement",
                       "it comes to %s" YUAN " yuan, expenses - advance", settlement < 0 ? "-" : "",
                       YUAN_ARG(much));
}

static enum err on_settled(struct step *st, const void *payload, void *row)
{
    struct ev_advance_settled ev = *(const struct ev_advance_settled *)payload;
    struct rec_row_advance *r = ((struct paper_at *)row)->row;
    int64_t settlement = r->expenses - r->amount;
    enum err e = check_settled(st, &ev, r, settlement);
    if (e != ERR_OK) return e;
    if (!ev.approved_expenses) ev.approved_expenses = r->expenses;
    if (!ev.settlement) ev.settlement = settlement;
    step_complete(st, &ev);
    r->settlement = settlement;
    e = not_overdue(st, r);
    return e == ERR_OK ? borrower_count(st, r->person, -1, 0) : e;
}

static const struct transition rows[] = {
    {EV_advance_opened, PAPER_NEW, advance_state_opened, on_opened, "PRT-058"},
    {EV_advance_approved, IN(advance_state_opened), advance_state_approved, on_approved, "PRT-058"},
    {EV_advance_paid, IN(advance_state_approved), advance_state_paid, on_paid, "PRT-058"},
    {EV_advance_settled, IN(advance_state_paid), advance_state_settled, on_settled, "PRT-058"},
};
const struct paper parts_advance_paper = {.name = "advance",
                                          .label = "advance 借據",
                                          .table = PARTS_TABLE(ADVANCE),
                                          .states = &codes_advance_state,
                                          .keys = {"advance_no"},
                                          PAPER_ROWS(rows),
                                          PAPER_CLOCKS(clocks)};
