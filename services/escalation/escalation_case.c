/* escalation_case.c - the 洽辦單 of a complaint: asked when its case is closed, not when a step
 * ends late.
 *
 * Every clock of a case ("complaint/<no>" in the log of complaint) that ends late while the case is
 * open waits in late_end; proof in time takes it out again; the close, or the resubmission that
 * supersedes the case, asks about all that wait. The total asks about nothing: it is the sum of
 * what the departments took. What ends late after the close is asked about at once, as elsewhere.
 * Rules CMP-054, C-08, C-41. */
#include "common/contract.h"
#include "services/escalation/escalation_private.h"
#include <string.h>

#define PREFIX "complaint/"
#define TOTAL "complaint.total"

/* The own number of a case that is named by it or by its complaint number; whether it is closed. */
static enum err case_of(struct step *st, struct str no, struct rec_row_inquiry_case *out)
{
    struct key k = key_of(no);
    enum err e = step_get(st, escalation_complaint_of, &k, out);
    if (e == ERR_NOT_FOUND) *out = (struct rec_row_inquiry_case){.case_no = no};
    if (e != ERR_OK || str_eq(out->case_no, no)) return e == ERR_NOT_FOUND ? ERR_OK : e;
    no = out->case_no;
    k = key_of(no);
    e = step_get(st, escalation_complaint_of, &k, out);
    if (e == ERR_NOT_FOUND) *out = (struct rec_row_inquiry_case){.case_no = no};
    return e == ERR_NOT_FOUND ? ERR_OK : e;
}

enum err case_late(struct step *st, const struct instance *i, enum case_late *out)
{
    uint32_t n = (uint32_t)sizeof PREFIX - 1;
    struct rec_row_inquiry_case of;
    *out = CASE_LATE_now;
    if (i->holder != OWNER_complaint || i->case_no.n <= n || memcmp(i->case_no.p, PREFIX, n) != 0)
        return ERR_OK;
    *out = CASE_LATE_never;
    if (str_is(i->name, TOTAL)) return ERR_OK;
    enum err e = case_of(st, (struct str){i->case_no.p + n, i->case_no.n - n}, &of);
    *out = of.closed ? CASE_LATE_now : CASE_LATE_waits;
    return e;
}

void case_note(struct step *st, const struct instance *i, const struct rec_row_late_end *late)
{
    struct key k = escalation_key(i);
    step_put(st, escalation_late_end, &k, late);
}

enum err case_forget(struct step *st, const struct instance *i)
{
    struct key k = escalation_key(i);
    struct rec_row_late_end late;
    enum err e = step_get(st, escalation_late_end, &k, &late);
    if (e == ERR_OK) step_del(st, escalation_late_end, &k);
    return e == ERR_NOT_FOUND ? ERR_OK : e;
}

/* ---- the close ---- */

struct steps {
    const struct rec_complaint_step_line *v;
    uint32_t n;
};

static const struct rec_complaint_step_line *step_of(const struct steps *s, struct str deadline,
                                                     int64_t due_ms)
{
    for (uint32_t i = 0; i < s->n; i++) {
        if (str_eq(s->v[i].deadline, deadline) && s->v[i].due == due_ms) return &s->v[i];
    }
    return NULL;
}

static enum err instance_of(struct step *st, const struct key *k, struct instance *out)
{
    struct key_reader r = {{k->b, k->n}};
    *out = (struct instance){0};
    if (key_take_str(&r, &out->case_no) || key_take_u8(&r, &out->holder) ||
        key_take_u8(&r, &out->item) || key_take_str(&r, &out->name) ||
        key_take_u64(&r, &out->round))
        return ERR_CORRUPT;
    out->case_no = arena_str(st->arena, out->case_no);
    out->name = arena_str(st->arena, out->name);
    return ERR_OK;
}

static enum err ask(struct step *st, struct str no, const struct steps *steps)
{
    struct key prefix = key_of(arena_printf(st->arena, PREFIX "%.*s", STR_ARG(no))), at = {.n = 0};
    struct rec_row_late_end late;
    struct instance i;
    enum err e;
    while ((e = step_next(st, escalation_late_end, &prefix, &at, &late)) == ERR_OK) {
        e = instance_of(st, &at, &i);
        if (e == ERR_OK) e = inquiry_issue(st, &i, &late, step_of(steps, i.name, late.due));
        if (e != ERR_OK) return e;
        step_del(st, escalation_late_end, &at);
    }
    return e == ERR_END ? ERR_OK : e;
}

static enum err ended(struct step *st, struct str no, const struct steps *steps)
{
    struct rec_row_inquiry_case of;
    enum err e = case_of(st, no, &of);
    if (e != ERR_OK) return e;
    of.closed = st->in->occurred ? st->in->occurred : st->now_ms;
    struct key k = key_of(of.case_no);
    step_put(st, escalation_complaint_of, &k, &of);
    return ask(st, of.case_no, steps);
}

/* Only what complaint itself says: at the door the fact may still be refused. */
enum err case_on_closed(struct step *st, const void *payload)
{
    const struct ev_complaint_closed *x = payload;
    if (st->from != OWNER_complaint) return ERR_STALE;
    return ended(st, x->case_no, &(struct steps){x->steps.v, x->steps.n});
}

enum err case_on_resubmitted(struct step *st, const void *payload)
{
    const struct ev_complaint_resubmitted *x = payload;
    if (st->from != OWNER_complaint) return ERR_STALE;
    return ended(st, x->case_no, &(struct steps){0});
}

enum err case_on_registered(struct step *st, const void *payload)
{
    const struct ev_complaint_registered *x = payload;
    if (st->from != OWNER_complaint || x->complaint_no.n == 0) return ERR_STALE;
    struct key k = key_of(x->complaint_no);
    struct rec_row_inquiry_case of = {.case_no = x->case_no};
    step_put(st, escalation_complaint_of, &k, &of);
    return ERR_OK;
}
