/* complaint_receivable.c - the receivable a complaint disputes: taken out of the collector's bonus
 * while the complaint lasts (CMP-092), collected within the customer's term when the complaint does
 * not stand (CMP-049). */
#include "services/complaint/complaint_private.h"

static enum err get(struct step *st, const struct complaint *c, struct rec_row_receivable *r)
{
    struct key k = key_of(c->no);
    return step_get(st, COMPLAINT_TABLE(RECEIVABLE), &k, r);
}

static void put(struct step *st, const struct complaint *c, const struct rec_row_receivable *r)
{
    struct key k = key_of(c->no);
    step_put(st, COMPLAINT_TABLE(RECEIVABLE), &k, r);
}

static struct str collector(struct step *st, const struct complaint *c)
{
    struct str unit = complaint_department(st, "business");
    return unit.n ? unit : c->r.unit;
}

enum err complaint_receivable_exclude(struct step *st, const struct complaint *c)
{
    if (c->r.receivable == 0) return ERR_OK;
    struct rec_row_receivable r = {.state = receivable_state_excluded,
                                   .unit = collector(st, c),
                                   .clerk = c->r.clerk,
                                   .material = c->r.material,
                                   .amount = c->r.receivable,
                                   .excluded_at = step_occurred(st)};
    put(st, c, &r);
    struct ev_complaint_receivable_excluded ev = {.case_no = c->no,
                                                  .clerk = r.clerk,
                                                  .material = r.material,
                                                  .amount = r.amount,
                                                  .from = r.excluded_at};
    step_emit_as(st, "CMP-092", EV_complaint_receivable_excluded, &ev);
    return ERR_OK;
}

enum err complaint_receivable_restore(struct step *st, const struct complaint *c)
{
    struct rec_row_receivable r;
    enum err e = get(st, c, &r);
    if (e != ERR_OK) return e == ERR_NOT_FOUND ? ERR_OK : e;
    if (!r.excluded_at || r.restored_at) return ERR_OK;
    if (r.state == receivable_state_excluded) r.state = receivable_state_restored;
    r.restored_at = step_occurred(st);
    put(st, c, &r);
    struct ev_complaint_receivable_restored ev = {.case_no = c->no,
                                                  .clerk = r.clerk,
                                                  .material = r.material,
                                                  .amount = r.amount,
                                                  .from = r.restored_at};
    step_emit_as(st, "CMP-092", EV_complaint_receivable_restored, &ev);
    return ERR_OK;
}

static const struct deadline_row clocks[] = {{.name = "complaint.receivable",
                                              .rule = "CMP-049",
                                              .from = FROM_START,
                                              .due = DUE_GIVEN,
                                              .stop = {EV_receivable_collected}}};

enum err complaint_receivable_owe(struct step *st, const struct complaint *c, uint64_t term_days)
{
    struct rec_row_receivable r;
    enum err e = get(st, c, &r);
    if (e != ERR_OK && e != ERR_NOT_FOUND) return e;
    if (e == ERR_NOT_FOUND) {
        r = (struct rec_row_receivable){.state = receivable_state_restored,
                                        .unit = collector(st, c),
                                        .clerk = c->r.clerk,
                                        .material = c->r.material};
        put(st, c, &r);
    }
    if (term_days == 0 || r.state == receivable_state_collected) return ERR_OK;
    int64_t at_ms = step_occurred(st);
    struct deadline_ctx ctx = {.case_no =
                                   arena_printf(st->arena, "receivable/%.*s", STR_ARG(c->no)),
                               .unit = r.unit,
                               .occurred_ms = at_ms,
                               .start_ms = at_ms,
                               .given_ms = at_ms + (int64_t)term_days * DAY_MS,
                               .row = &r};
    return deadline_arm(st, &clocks[0], &ctx, (struct str){0});
}

static enum err on_collected(struct step *st, const void *payload, void *row)
{
    const struct ev_receivable_collected *ev = payload;
    struct complaint c;
    (void)row;
    return complaint_money_open(st, ev->by_unit, ev->case_no, &c);
}

static const struct transition rows[] = {
    {EV_receivable_collected,
     PAPER_NEW | IN(receivable_state_excluded) | IN(receivable_state_restored),
     receivable_state_collected, on_collected, "CMP-049"},
};
const struct paper complaint_receivable_paper = {.name = "receivable",
                                                 .label = "receivable 應收帳款",
                                                 .table = COMPLAINT_TABLE(RECEIVABLE),
                                                 .states = &codes_receivable_state,
                                                 .keys = {"case_no"},
                                                 PAPER_ROWS(rows),
                                                 PAPER_CLOCKS(clocks)};
