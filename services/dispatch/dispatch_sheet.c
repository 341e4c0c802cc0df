/* dispatch_sheet.c - what is noted on a job besides its state: the checklist before the departure,
 * what went to the leader, guidance, photographs, training, the way of the service report after the
 * return; and key projects.
 *
 * Rules DSP-005, DSP-013, DSP-025, DSP-029, DSP-032, DSP-082, DSP-084. */
#include "services/dispatch/dispatch_private.h"
#include <string.h>

enum err dispatch_sheet_get(struct step *st, const struct job *j, struct rec_row_sheet *out)
{
    struct key k = dispatch_job_key(j->call_no, j->no);
    struct rec_row_sheet row = {0};
    enum err e = step_get(st, &dispatch_tables[DISPATCH_SHEET], &k, &row);
    if (e == ERR_OK || e == ERR_NOT_FOUND) *out = row;
    return e == ERR_NOT_FOUND ? ERR_OK : e;
}

void dispatch_sheet_put(struct step *st, const struct job *j, const struct rec_row_sheet *row)
{
    struct key k = dispatch_job_key(j->call_no, j->no);
    step_put(st, &dispatch_tables[DISPATCH_SHEET], &k, row);
}

/* ---- before the departure (DSP-005) ---- */

static enum yes_no answer_of(const struct shape *s, const void *obj, struct str item)
{
    const struct field *f = shape_field(s, item);
    if (!f || f->type != FT_CODE) return yes_no_none;
    enum yes_no said;
    memcpy(&said, (const char *)obj + f->offset, sizeof said);
    return said;
}

enum err dispatch_sheet_on_prepared(struct step *st, const void *payload, void *row)
{
    const struct shape *from = shape_ev_job_prepared(), *to = shape_row_sheet();
    const struct job *j = row;
    struct rec_row_sheet sheet;
    enum err e = dispatch_sheet_get(st, j, &sheet);
    if (e != ERR_OK) return e;
    for (uint32_t i = 0; i < from->count; i++) {
        const struct str item = str_of(from->fields[i].name);
        enum yes_no said = answer_of(from, payload, item);
        const struct field *f = shape_field(to, item);
        if (said != yes_no_none) memcpy((char *)&sheet + f->offset, &said, sizeof said);
    }
    sheet.prepared_at = st->in->occurred;
    dispatch_sheet_put(st, j, &sheet);
    return ERR_OK;
}

/* The first of the policy's items from *i on that is not done; false: there is none. */
static bool lacks(const struct job *j, const struct rec_row_sheet *sheet, uint32_t *i)
{
    const struct words *must = &j->sp->prepare_check;
    while (*i < must->n && answer_of(shape_row_sheet(), sheet, must->v[*i]) == yes_no_yes)
        ++*i;
    return *i < must->n;
}

enum err dispatch_sheet_check_departure(struct step *st, const struct job *j)
{
    if (j->sp->prepare_check.n == 0) return ERR_OK;
    struct rec_row_sheet sheet;
    enum err e = dispatch_sheet_get(st, j, &sheet);
    uint32_t i = 0;
    if (e != ERR_OK || !lacks(j, &sheet, &i)) return e;
    const struct str item = j->sp->prepare_check.v[i];
    st->rule = "DSP-005";
    return step_refuse(st, "not_prepared", "",
                       "before the departure policy %.*s asks for %.*s; report job.prepared with "
                       "%.*s=yes first",
                       STR_ARG(j->r.policy), STR_ARG(item), STR_ARG(item));
}

enum err dispatch_sheet_warn_arrival(struct step *st, const struct job *j)
{
    if (j->sp->prepare_check.n == 0) return ERR_OK;
    struct rec_row_sheet sheet;
    enum err e = dispatch_sheet_get(st, j, &sheet);
    for (uint32_t i = 0; e == ERR_OK && lacks(j, &sheet, &i); i++)
        dispatch_work_warn(st, j, "DSP-005", j->sp->prepare_check.v[i]);
    return e;
}

/* ---- on site ---- */

enum err dispatch_sheet_on_escalated(struct step *st, const void *payload, void *row)
{
    const struct ev_job_escalated_to_leader *ev = payload;
    struct rec_row_sheet sheet;
    enum err e = dispatch_sheet_get(st, row, &sheet);
    if (e != ERR_OK) return e;
    sheet.proposal = ev->proposal;
    sheet.demand = ev->demand;
    sheet.escalated_at = st->in->occurred;
    dispatch_sheet_put(st, row, &sheet);
    return ERR_OK;
}

enum err dispatch_sheet_on_guidance(struct step *st, const void *payload, void *row)
{
    (void)payload;
    struct rec_row_sheet sheet;
    enum err e = dispatch_sheet_get(st, row, &sheet);
    if (e != ERR_OK) return e;
    sheet.guidance_at = st->in->occurred;
    dispatch_sheet_put(st, row, &sheet);
    return ERR_OK;
}

enum err dispatch_sheet_on_photographed(struct step *st, const void *payload, void *row)
{
    struct rec_row_sheet sheet;
    enum err e = dispatch_sheet_get(st, row, &sheet);
    if (e != ERR_OK) return e;
    sheet.photos += ((const struct ev_job_photographed *)payload)->photos;
    dispatch_sheet_put(st, row, &sheet);
    return ERR_OK;
}

enum err dispatch_sheet_on_trained(struct step *st, const void *payload, void *row)
{
    const struct ev_job_trained *ev = payload;
    struct rec_row_sheet sheet;
    enum err e = dispatch_sheet_get(st, row, &sheet);
    if (e != ERR_OK) return e;
    sheet.participants = ev->participants;
    sheet.topics = ev->topics;
    dispatch_sheet_put(st, row, &sheet);
    return ERR_OK;
}

/* These kinds of order often have no signature: finishing the work is their close (DSP-012). */
enum err dispatch_sheet_check_completion(struct step *st, const struct job *j)
{
    struct rec_row_sheet sheet;
    enum err e = dispatch_sheet_get(st, j, &sheet);
    if (e != ERR_OK) return e;
    uint32_t photos = st->policy->keys.trial_fit_photos_min;
    if (j->kind->photos && sheet.photos < photos) {
        st->rule = "DSP-013";
        return step_refuse(st, "photos_missing", "",
                           "a job of kind %.*s needs at least %u photograph(s) taken on site; "
                           "report job.photographed first",
                           STR_ARG(j->r.order_kind), photos);
    }
    if (j->kind->participants && !sheet.participants) {
        st->rule = "DSP-084";
        return step_refuse(st, "participants_missing", "",
                           "a training needs its participants and topics; report job.trained "
                           "first");
    }
    return ERR_OK;
}

/* ---- back at the unit (DSP-032) ---- */

enum err dispatch_sheet_on_returned(struct step *st, const void *payload, void *row)
{
    (void)payload;
    struct rec_row_sheet sheet;
    enum err e = dispatch_sheet_get(st, row, &sheet);
    if (e != ERR_OK) return e;
    dispatch_job_earliest(&sheet.returned_at, st->in->occurred);
    dispatch_sheet_put(st, row, &sheet);
    return ERR_OK;
}

enum err dispatch_sheet_on_submitted(struct step *st, const void *payload, void *row)
{
    (void)payload;
    const struct job *j = row;
    if (!j->r.evidence_at) {
        return step_refuse(
            st, "evidence_missing", "",
            "there is no service report to give to the leader; report evidence.completed first");
    }
    struct rec_row_sheet sheet;
    enum err e = dispatch_sheet_get(st, j, &sheet);
    if (e != ERR_OK) return e;
    dispatch_job_earliest(&sheet.submitted_at, st->in->occurred);
    dispatch_sheet_put(st, j, &sheet);
    return ERR_OK;
}

enum err dispatch_sheet_on_filed(struct step *st, const void *payload, void *row)
{
    (void)payload;
    const struct job *j = row;
    if (!j->r.approved_at) {
        return step_refuse(st, "not_approved", "",
                           "a service report is filed when the leader has approved it; report "
                           "evidence.approved first");
    }
    struct rec_row_sheet sheet;
    enum err e = dispatch_sheet_get(st, j, &sheet);
    if (e != ERR_OK) return e;
    dispatch_job_earliest(&sheet.filed_at, st->in->occurred);
    dispatch_sheet_put(st, j, &sheet);
    return ERR_OK;
}

/* ---- key projects (DSP-082) ---- */

#define NAMED IN(key_project_state_named)
#define DROPPED IN(key_project_state_dropped)

static const struct transition key_project_rows[] = {
    {EV_key_project_named, PAPER_NEW | NAMED | DROPPED, key_project_state_named, NULL, "DSP-082"},
    {EV_key_project_dropped, NAMED, key_project_state_dropped, NULL, "DSP-082"},
};

const struct paper dispatch_key_project = {.name = "key_project",
                                           .label = "key project 重點項目",
                                           .table = &dispatch_tables[DISPATCH_KEY_PROJECT],
                                           .states = &codes_key_project_state,
                                           .keys = {"customer"},
                                           PAPER_ROWS(key_project_rows)};

enum err dispatch_sheet_notify(struct step *st, const struct job *j)
{
    if (!j->r.customer.n) return ERR_OK;
    struct key k = key_of(j->r.customer);
    struct rec_row_key_project project;
    enum err e = step_get(st, dispatch_key_project.table, &k, &project);
    if (e != ERR_OK) return e == ERR_NOT_FOUND ? ERR_OK : e;
    if (project.state != key_project_state_named) return ERR_OK;
    struct ev_job_key_project_notified out = {
        .call_no = j->call_no, .job = j->no, .project = project.project, .unit = j->r.unit};
    struct rec_row_unit unit;
    e = step_unit(st, j->r.unit, &unit);
    if (e == ERR_OK) out.person = unit.supervisor;
    if (e != ERR_OK && e != ERR_NOT_FOUND) return e;
    step_emit_as(st, "DSP-082", EV_job_key_project_notified, &out);
    return ERR_OK;
}
