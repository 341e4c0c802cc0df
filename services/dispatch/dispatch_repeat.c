/* dispatch_repeat.c - repeated repair 重複維修: the same product with the same cause again, within
 * the window after the close of the job before.
 *
 * Closed jobs are kept by product and cause. A job is held against them when its cause is
 * diagnosed; days are dates of its unit (CV-8), both ends included. Rules DSP-030, DSP-063. */
#include "services/dispatch/dispatch_private.h"

static struct key prefix_of(const struct job *j)
{
    struct key k = key_of(j->r.product);
    key_str(&k, j->r.cause_code);
    return k;
}

static struct key key_of_job(const struct job *j)
{
    struct key k = prefix_of(j);
    key_str(&k, j->call_no);
    key_u8(&k, j->no);
    return k;
}

void dispatch_repeat_remember(struct step *st, const struct job *j)
{
    if (!j->r.product.n || !j->r.cause_code.n) return;
    struct key k = key_of_job(j);
    struct rec_row_closed_job row = {
        .call_no = j->call_no, .job = j->no, .closed_at = j->r.closed_at};
    step_put(st, &dispatch_tables[DISPATCH_CLOSED_JOB], &k, &row);
}

void dispatch_repeat_forget(struct step *st, const struct job *j)
{
    struct key k = key_of_job(j);
    step_del(st, &dispatch_tables[DISPATCH_CLOSED_JOB], &k);
}

/* The job before, the one closed last; ERR_NOT_FOUND when none is within the window. */
static enum err find_first(struct step *st, const struct job *j, struct rec_row_closed_job *first,
                           int32_t *days)
{
    const struct zone *z = calendar_zone(step_calendar(st, j->r.unit, j->sp));
    int32_t today = zone_day(z, j->r.received_at);
    struct key prefix = prefix_of(j), at = {.n = 0};
    struct rec_row_closed_job row;
    bool found = false;
    enum err e;
    while ((e = step_next(st, &dispatch_tables[DISPATCH_CLOSED_JOB], &prefix, &at, &row)) ==
           ERR_OK) {
        int32_t between = today - zone_day(z, row.closed_at);
        if (between < 0 || (uint32_t)between > st->policy->keys.repeat_window_days) continue;
        if (found && row.closed_at <= first->closed_at) continue;
        found = true;
        *first = row;
        *days = between;
    }
    if (e != ERR_END) return e;
    return found ? ERR_OK : ERR_NOT_FOUND;
}

static enum err detect(struct step *st, struct job *j, struct rec_row_sheet *sheet)
{
    struct rec_row_closed_job first = {0};
    int32_t days = 0;
    enum err e = find_first(st, j, &first, &days);
    if (e != ERR_OK) return e;
    struct ev_repeat_detected out = {.call_no = j->call_no,
                                     .job = j->no,
                                     .first_call = first.call_no,
                                     .first_job = first.job,
                                     .days = (uint64_t)days,
                                     .product = j->r.product,
                                     .cause_code = j->r.cause_code};
    step_emit_as(st, "DSP-063", EV_repeat_detected, &out);
    if (!j->r.repeat_of.n) j->r.repeat_of = first.call_no;
    sheet->repeats_call = first.call_no;
    sheet->repeats_job = first.job;
    dispatch_sheet_put(st, j, sheet);
    return ERR_OK;
}

enum err dispatch_repeat_check(struct step *st, struct job *j)
{
    if (!j->r.product.n || !j->r.cause_code.n) return ERR_OK;
    struct rec_row_sheet sheet;
    enum err e = dispatch_sheet_get(st, j, &sheet);
    if (e == ERR_OK && !sheet.repeats_call.n) e = detect(st, j, &sheet);
    if (e != ERR_OK) return e == ERR_NOT_FOUND ? ERR_OK : e;
    if (j->r.cause_class != cause_class_ordinary) return ERR_OK;
    struct ev_job_class_raised out = {.call_no = j->call_no,
                                      .job = j->no,
                                      .before = j->r.cause_class,
                                      .class = cause_class_serious};
    step_emit_as(st, "DSP-063", EV_job_class_raised, &out);
    j->r.cause_class = cause_class_serious;
    return ERR_OK;
}
