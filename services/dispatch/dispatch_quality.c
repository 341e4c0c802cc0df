/* dispatch_quality.c - which papers of a plant belong to a quality issue the door was told of.
 *
 * A paper takes any number of an issue; it is `linked` from the moment the door has the issue's
 * quality.reported, whichever comes first. So the papers begun before it wait, and their number is
 * bounded: one report links them all. Rule DSP-078. */
#include "services/dispatch/dispatch_private.h"

#define WAITING_MAX 1000u

static enum err link_get(struct step *st, struct str quality_no, struct rec_row_quality_link *out)
{
    struct key k = key_of(quality_no);
    *out = (struct rec_row_quality_link){0};
    enum err e = step_get(st, &dispatch_tables[DISPATCH_QUALITY_LINK], &k, out);
    return e == ERR_NOT_FOUND ? ERR_OK : e;
}

static void link_put(struct step *st, struct str quality_no, const struct rec_row_quality_link *row)
{
    struct key k = key_of(quality_no);
    step_put(st, &dispatch_tables[DISPATCH_QUALITY_LINK], &k, row);
}

static struct key slip_key(struct str quality_no, struct str form_no)
{
    struct key k = key_of(quality_no);
    key_str(&k, form_no);
    return k;
}

/* ---- a paper begins ---- */

enum err dispatch_quality_join(struct step *st, struct str quality_no, bool *linked)
{
    struct rec_row_quality_link row;
    enum err e = link_get(st, quality_no, &row);
    if (e != ERR_OK) return e;
    *linked = row.reported_at != 0;
    if (*linked) return ERR_OK;
    if (row.waiting >= WAITING_MAX) {
        st->rule = "DSP-078";
        return step_refuse(st, "too_many_unlinked", "quality_no",
                           "%u papers wait for quality issue %.*s, which nobody has reported; "
                           "report it first (quality.reported)",
                           WAITING_MAX, STR_ARG(quality_no));
    }
    row.waiting++;
    link_put(st, quality_no, &row);
    return ERR_OK;
}

enum err dispatch_quality_join_slip(struct step *st, struct str quality_no, struct str form_no,
                                    bool *linked)
{
    enum err e = dispatch_quality_join(st, quality_no, linked);
    if (e != ERR_OK || *linked) return e;
    struct key k = slip_key(quality_no, form_no);
    struct rec_row_quality_slip row = {.form_no = form_no};
    step_put(st, &dispatch_tables[DISPATCH_QUALITY_SLIP], &k, &row);
    return ERR_OK;
}

/* ---- the issue is reported ---- */

static enum err link_sorting(struct step *st, struct str quality_no)
{
    struct key k = key_of(quality_no);
    struct rec_row_sorting row;
    enum err e = step_get(st, dispatch_sorting.table, &k, &row);
    if (e != ERR_OK) return e == ERR_NOT_FOUND ? ERR_OK : e;
    row.linked = true;
    step_put(st, dispatch_sorting.table, &k, &row);
    return ERR_OK;
}

static enum err link_defects(struct step *st, struct str quality_no)
{
    struct key prefix = key_of(quality_no), at = {.n = 0};
    struct rec_row_defect row;
    enum err e = ERR_OK;
    for (uint32_t n = 0; n < WAITING_MAX; n++) {
        e = step_next(st, dispatch_defect.table, &prefix, &at, &row);
        if (e != ERR_OK) break;
        row.linked = true;
        step_put(st, dispatch_defect.table, &at, &row);
    }
    return e == ERR_END ? ERR_OK : e;
}

static enum err link_slips(struct step *st, struct str quality_no)
{
    struct key prefix = key_of(quality_no), at = {.n = 0};
    struct rec_row_quality_slip waits;
    enum err e = ERR_OK;
    for (uint32_t n = 0; n < WAITING_MAX; n++) {
        e = step_next(st, &dispatch_tables[DISPATCH_QUALITY_SLIP], &prefix, &at, &waits);
        if (e != ERR_OK) break;
        struct key k = key_of(waits.form_no);
        struct rec_row_suspect row;
        e = step_get(st, dispatch_suspect.table, &k, &row);
        if (e != ERR_OK) return e == ERR_NOT_FOUND ? ERR_CORRUPT : e;
        row.linked = true;
        step_put(st, dispatch_suspect.table, &k, &row);
        step_del(st, &dispatch_tables[DISPATCH_QUALITY_SLIP], &at);
    }
    return e == ERR_END ? ERR_OK : e;
}

enum err dispatch_quality_reported(struct step *st, const struct ev_quality_reported *ev)
{
    struct rec_row_quality_link row;
    enum err e = link_get(st, ev->quality_no, &row);
    if (e != ERR_OK || row.reported_at) return e == ERR_OK ? ERR_STALE : e;
    row.reported_at = ev->fed_back_at ? ev->fed_back_at : st->in->occurred;
    row.waiting = 0;
    link_put(st, ev->quality_no, &row);
    e = link_sorting(st, ev->quality_no);
    if (e == ERR_OK) e = link_defects(st, ev->quality_no);
    return e == ERR_OK ? link_slips(st, ev->quality_no) : e;
}
