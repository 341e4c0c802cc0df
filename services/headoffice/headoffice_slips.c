/* headoffice_slips.c - 催辦單 and 洽辦單 as escalation issued and people answered them (HQ-048,
 * K-36).
 *
 * The accepted facts of people are counted from escalation's own log. A slip belongs to the local
 * day of its issue. */
#include "common/contract.h"
#include "services/headoffice/headoffice_private.h"
#include <stdio.h>

/* ---- 催辦單 ---- */

static void reminder_share(struct counts *c, const struct rec_row_hq_reminder *r)
{
    struct count_of of = {r->unit, r->policy, r->issued_day};
    char level[8];
    snprintf(level, sizeof level, "%u", (unsigned)r->level);
    bool manual = r->kind == reminder_kind_manual;
    counts_add_named(c, &of, "reminder", manual ? STR("manual") : r->name, level, 1);
}

static enum err on_issued(struct step *st, const void *payload)
{
    const struct ev_reminder_issued *x = payload;
    struct rec_row_hq_reminder row = {.kind = x->kind,
                                      .case_no = x->case_no,
                                      .holder = x->holder,
                                      .item = x->item,
                                      .name = x->name,
                                      .round = x->round,
                                      .level = x->level,
                                      .unit = x->unit,
                                      .person = x->person,
                                      .policy = x->policy,
                                      .to = x->to,
                                      .issued = st->in->now,
                                      .issued_day = headoffice_day(st, st->in->now),
                                      .due = x->due,
                                      .overdue_min = x->overdue_min};
    struct key k = key_of(x->number);
    step_put(st, headoffice_reminder, &k, &row);
    struct counts *c = counts_new(st);
    reminder_share(c, &row);
    return counts_save(c);
}

static enum err reminder_load(struct step *st, struct str number, struct rec_row_hq_reminder *row)
{
    struct key k = key_of(number);
    enum err e = step_get(st, headoffice_reminder, &k, row);
    return e == ERR_NOT_FOUND ? ERR_CORRUPT : e;
}

static enum err reminder_save(struct step *st, struct str number,
                              const struct rec_row_hq_reminder *row)
{
    struct key k = key_of(number);
    step_put(st, headoffice_reminder, &k, row);
    return ERR_OK;
}

static enum err on_acknowledged(struct step *st, const void *payload)
{
    const struct ev_reminder_acknowledged *x = payload;
    struct rec_row_hq_reminder row;
    enum err e = reminder_load(st, x->number, &row);
    if (e != ERR_OK) return e;
    row.acknowledged = st->in->occurred;
    return reminder_save(st, x->number, &row);
}

static enum err on_answered(struct step *st, const void *payload)
{
    const struct ev_reminder_answered *x = payload;
    struct rec_row_hq_reminder row;
    enum err e = reminder_load(st, x->number, &row);
    if (e != ERR_OK) return e;
    row.answered = st->in->occurred;
    return reminder_save(st, x->number, &row);
}

static enum err on_stopped(struct step *st, const void *payload)
{
    const struct ev_reminder_stopped *x = payload;
    struct rec_row_hq_reminder row;
    enum err e = reminder_load(st, x->number, &row);
    if (e != ERR_OK) return e;
    row.stopped = x->at ? x->at : st->in->now;
    return reminder_save(st, x->number, &row);
}

static enum err on_withdrawn(struct step *st, const void *payload)
{
    const struct ev_reminder_withdrawn *x = payload;
    struct rec_row_hq_reminder row;
    enum err e = reminder_load(st, x->number, &row);
    if (e != ERR_OK) return e;
    struct counts *c = counts_new(st);
    struct count_of of = {row.unit, row.policy, row.issued_day};
    if (!row.withdrawn) counts_add_named(c, &of, "reminder", row.name, "withdrawn", 1);
    row.withdrawn = x->at ? x->at : st->in->now;
    e = counts_save(c);
    return e == ERR_OK ? reminder_save(st, x->number, &row) : e;
}

/* ---- 洽辦單 ---- */

static enum err on_inquiry_issued(struct step *st, const void *payload)
{
    const struct ev_inquiry_issued *x = payload;
    struct rec_row_hq_inquiry row = {.case_no = x->case_no,
                                     .item = x->item,
                                     .name = x->name,
                                     .round = x->round,
                                     .unit = x->unit,
                                     .policy = x->policy,
                                     .due = x->due,
                                     .done = x->done,
                                     .late_min = x->late_min,
                                     .issued = st->in->now,
                                     .issued_day = headoffice_day(st, st->in->now),
                                     .draft = x->draft};
    struct key k = key_of(x->number);
    step_put(st, headoffice_inquiry, &k, &row);
    struct counts *c = counts_new(st);
    struct count_of of = {row.unit, row.policy, row.issued_day};
    counts_add_named(c, &of, "inquiry", row.name, "issued", 1);
    return counts_save(c);
}

static enum err inquiry_load(struct step *st, struct str number, struct rec_row_hq_inquiry *row)
{
    struct key k = key_of(number);
    enum err e = step_get(st, headoffice_inquiry, &k, row);
    return e == ERR_NOT_FOUND ? ERR_CORRUPT : e;
}

static enum err inquiry_save(struct step *st, struct str number,
                             const struct rec_row_hq_inquiry *row)
{
    struct key k = key_of(number);
    step_put(st, headoffice_inquiry, &k, row);
    return ERR_OK;
}

static enum err on_inquiry_released(struct step *st, const void *payload)
{
    const struct ev_inquiry_released *x = payload;
    struct rec_row_hq_inquiry row;
    enum err e = inquiry_load(st, x->number, &row);
    if (e != ERR_OK) return e;
    row.draft = false;
    return inquiry_save(st, x->number, &row);
}

static enum err on_inquiry_answered(struct step *st, const void *payload)
{
    const struct ev_inquiry_answered *x = payload;
    struct rec_row_hq_inquiry row;
    enum err e = inquiry_load(st, x->number, &row);
    if (e != ERR_OK) return e;
    row.answered = st->in->occurred;
    row.cause = x->cause;
    return inquiry_save(st, x->number, &row);
}

static enum err on_inquiry_closed(struct step *st, const void *payload)
{
    const struct ev_inquiry_closed *x = payload;
    struct rec_row_hq_inquiry row;
    enum err e = inquiry_load(st, x->number, &row);
    if (e != ERR_OK) return e;
    row.closed = st->in->occurred;
    return inquiry_save(st, x->number, &row);
}

const struct on headoffice_slips[] = {
    {EV_reminder_issued, OWNER_escalation, on_issued},
    {EV_reminder_acknowledged, OWNER_escalation, on_acknowledged},
    {EV_reminder_answered, OWNER_escalation, on_answered},
    {EV_reminder_stopped, OWNER_escalation, on_stopped},
    {EV_reminder_withdrawn, OWNER_escalation, on_withdrawn},
    {EV_inquiry_issued, OWNER_escalation, on_inquiry_issued},
    {EV_inquiry_released, OWNER_escalation, on_inquiry_released},
    {EV_inquiry_answered, OWNER_escalation, on_inquiry_answered},
    {EV_inquiry_closed, OWNER_escalation, on_inquiry_closed},
};
const size_t headoffice_slip_count = COUNT_OF(headoffice_slips);
