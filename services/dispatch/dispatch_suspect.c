/* dispatch_suspect.c - suspect goods on a slip 可疑品單, and defects already built into a vehicle.
 *
 * Nothing leaves the suspect area without the SQE's signature. Every fact carries its quality
 * number: what came without it is completed from the slip. Rules DSP-072, DSP-073, DSP-074,
 * DSP-078.
 */
#include "services/dispatch/dispatch_private.h"
#include <string.h>

/* ---- suspect goods (DSP-073) ---- */

/* Every fact about a slip begins like this. */
struct slip_ref {
    struct str form_no, quality_no;
};

static enum err on_opened(struct step *st, const void *payload, void *row)
{
    const struct ev_suspect_opened *ev = payload;
    struct rec_row_suspect *r = ((struct paper_at *)row)->row;
    return dispatch_quality_join_slip(st, ev->quality_no, ev->form_no, &r->linked);
}

static enum err link_slip(struct step *st, const void *payload, void *row)
{
    const struct rec_row_suspect *r = ((struct paper_at *)row)->row;
    const struct shape *s = st->type->shape();
    struct slip_ref ref;
    memcpy(&ref, payload, sizeof ref);
    if (ref.quality_no.n) return ERR_OK;
    void *whole = arena_take(st->arena, s->size);
    memcpy(whole, payload, s->size);
    ref.quality_no = r->quality_no;
    memcpy(whole, &ref, sizeof ref);
    step_complete(st, whole);
    return ERR_OK;
}

static enum err refuse_unsigned(struct step *st, const void *payload, void *row)
{
    (void)payload, (void)row;
    return step_refuse(st, "sqe_signature_missing", "form_no",
                       "suspect goods are released or exchanged only when the site SQE has signed "
                       "the slip 可疑品單 (suspect.sqe_signed)");
}

/* To the station only what was reworked and needs no fixture; the rest is exchanged. */
static enum err on_released(struct step *st, const void *payload, void *row)
{
    const struct rec_row_suspect *r = ((struct paper_at *)row)->row;
    if (!r->reworked_at) {
        return step_refuse(st, "not_reworked", "form_no",
                           "these goods were not reworked; they are exchanged "
                           "(suspect.exchange_requested)");
    }
    if (r->needs_fixture == yes_no_yes) {
        return step_refuse(st, "needs_fixture", "form_no",
                           "after this rework the goods need the checking fixture 檢具; they are "
                           "exchanged (suspect.exchange_requested)");
    }
    return link_slip(st, payload, row);
}

#define SUSPECT IN(suspect_state_suspect)
#define IN_REWORK IN(suspect_state_in_rework)
#define REWORKED IN(suspect_state_reworked)
#define SQE_SIGNED IN(suspect_state_sqe_signed)
#define UNSIGNED (SUSPECT | IN_REWORK | REWORKED)

static const struct transition suspect_rows[] = {
    {EV_suspect_opened, PAPER_NEW, suspect_state_suspect, on_opened, "DSP-073"},
    {EV_suspect_rework_started, SUSPECT, suspect_state_in_rework, link_slip, "DSP-073"},
    {EV_suspect_reworked, SUSPECT | IN_REWORK, suspect_state_reworked, link_slip, "DSP-073"},
    {EV_suspect_sqe_signed, SUSPECT | REWORKED, suspect_state_sqe_signed, link_slip, "DSP-073"},
    {EV_suspect_released, UNSIGNED, 0, refuse_unsigned, "DSP-073"},
    {EV_suspect_released, SQE_SIGNED, suspect_state_released, on_released, "DSP-073"},
    {EV_suspect_exchange_requested, UNSIGNED, 0, refuse_unsigned, "DSP-073"},
    {EV_suspect_exchange_requested, SQE_SIGNED, suspect_state_exchange_requested, link_slip,
     "DSP-073"},
    {EV_suspect_exchanged, IN(suspect_state_exchange_requested), suspect_state_exchanged, link_slip,
     "DSP-073"},
};

const struct paper dispatch_suspect = {.name = "suspect",
                                       .label = "slip of suspect goods 可疑品單",
                                       .table = &dispatch_tables[DISPATCH_SUSPECT],
                                       .states = &codes_suspect_state,
                                       .keys = {"form_no"},
                                       PAPER_ROWS(suspect_rows)};

/* ---- built into a vehicle (DSP-072, DSP-074) ---- */

/* DSP-077: what is found while a break point is on line speaks against it. */
static enum err on_tracked(struct step *st, const void *payload, void *row)
{
    const struct ev_defect_tracked *ev = payload;
    const struct paper_at *a = row;
    struct rec_row_defect *d = a->row;
    struct key k = key_of(ev->quality_no);
    struct rec_row_sorting r;
    enum err e = a->before ? ERR_OK : dispatch_quality_join(st, ev->quality_no, &d->linked);
    if (e == ERR_OK) e = step_get(st, dispatch_sorting.table, &k, &r);
    if (e != ERR_OK) return e == ERR_NOT_FOUND ? ERR_OK : e;
    bool runs = r.state == sorting_state_online || r.state == sorting_state_tracked;
    if (!runs || st->in->occurred < r.online_at) return ERR_OK;
    r.defects++;
    step_put(st, dispatch_sorting.table, &k, &r);
    return ERR_OK;
}

/* Followed until it is effective. */
static enum err on_verified(struct step *st, const void *payload, void *row)
{
    (void)st;
    struct rec_row_defect *r = ((struct paper_at *)row)->row;
    bool no = ((const struct ev_defect_verified *)payload)->effective == yes_no_no;
    r->state = no ? defect_state_tracked : defect_state_verified;
    return ERR_OK;
}

static const struct transition defect_rows[] = {
    {EV_defect_tracked, PAPER_NEW | IN(defect_state_tracked) | IN(defect_state_verified),
     defect_state_tracked, on_tracked, "DSP-072"},
    {EV_defect_verified, IN(defect_state_tracked), 0, on_verified, "DSP-072"},
};

const struct paper dispatch_defect = {.name = "defect",
                                      .label = "defect of this quality issue in this vehicle",
                                      .table = &dispatch_tables[DISPATCH_DEFECT],
                                      .states = &codes_defect_state,
                                      .keys = {"quality_no", "body_no"},
                                      PAPER_ROWS(defect_rows)};
