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

/* Certificates may be told in any order; the one issued last counts, told again as corrected. */
static enum err on_certified(struct step *st, const void *payload, void *row)
{
    const struct ev_tech_certified *ev = payload;
    struct rec_row_tech old, *r = ((struct paper_at *)row)->row;
    enum err e = dispatch_rating_get(st, ev->technician, &old);
    if (e != ERR_OK || old.certified_at <= st->in->occurred) return e;
    r->valid_to = old.valid_to;
    r->certified_at = old.certified_at;
    return ERR_OK;
}

/* A year that has not come would count for years and could not be corrected. */
static enum err check_year(struct step *st, uint64_t said)
{
    int year, month, mday;
    day_split(step_day(st, st->in->source), &year, &month, &mday);
    if ((int)said <= year) return ERR_OK;
    return step_refuse(st, "future_year", "year",
                       "the year %d has not come yet; give the year that was rated", (int)said);
}

/* Ratings may be told in any order; the last year counts, told again as corrected. */
static enum err on_rated(struct step *st, const void *payload, void *row)
{
    const struct ev_tech_rated *ev = payload;
    struct rec_row_tech old, *r = ((struct paper_at *)row)->row;
    enum err e = check_year(st, ev->year);
    if (e == ERR_OK) e = dispatch_rating_get(st, ev->technician, &old);
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
