/* dispatch_rating.c - certificates and yearly ratings of technicians, as told at the door. Who is
 * qualified is judged in dispatch_assign.c; that the rating is made every year is scoring's. Rule
 * DSP-007. */
#include "services/dispatch/dispatch_private.h"

enum err dispatch_rating_get(struct step *st, struct str technician, struct rec_row_tech *out)
{
    struct key k = key_of(technician);
    struct rec_row_tech row;
    enum err e = step_get(st, &dispatch_tables[DISPATCH_TECH], &k, &row);
    if (e != ERR_OK && e != ERR_NOT_FOUND) return e;
    *out = e == ERR_OK ? row : (struct rec_row_tech){0};
    return ERR_OK;
}

/* Certificates and ratings may be told in any order; the latest counts. */
static enum err on_certified(struct step *st, const void *payload, void *row)
{
    const struct ev_tech_certified *ev = payload;
    struct rec_row_tech old, *r = ((struct paper_at *)row)->row;
    enum err e = dispatch_rating_get(st, ev->technician, &old);
    if (e == ERR_OK && old.valid_to > ev->valid_to) r->valid_to = old.valid_to;
    return e;
}

static enum err on_rated(struct step *st, const void *payload, void *row)
{
    const struct ev_tech_rated *ev = payload;
    struct rec_row_tech old, *r = ((struct paper_at *)row)->row;
    enum err e = dispatch_rating_get(st, ev->technician, &old);
    if (e != ERR_OK || old.year <= ev->year) return e;
    r->year = old.year;
    r->grade = old.grade;
    return ERR_OK;
}

static const struct transition rows[] = {
    {EV_tech_certified, PAPER_NEW | IN(tech_state_on_file), tech_state_on_file, on_certified,
     "DSP-007"},
    {EV_tech_rated, PAPER_NEW | IN(tech_state_on_file), tech_state_on_file, on_rated, "DSP-007"},
};

const struct paper dispatch_rating_tech = {.name = "tech",
                                           .label = "technician",
                                           .table = &dispatch_tables[DISPATCH_TECH],
                                           .states = &codes_tech_state,
                                           .keys = {"technician"},
                                           PAPER_ROWS(rows)};
