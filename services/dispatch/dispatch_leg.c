/* dispatch_leg.c - legs: a technician on a job, from being sent until he is finished or taken off.
 *
 * What he reports may come late and out of order; every time is kept as it was said, and the
 * earliest of each counts. The job's row carries the counts, so that most facts touch one leg only.
 * Invariants: job.legs_open = legs neither completed nor ended; technician.legs_open = his open
 * legs over all jobs. Rules DSP-002, DSP-004, DSP-019. */
#include "services/dispatch/dispatch_private.h"

static struct key leg_key(const struct job *j, struct str technician)
{
    struct key k = dispatch_job_key(j->call_no, j->no);
    key_str(&k, technician);
    return k;
}

bool dispatch_leg_is_open(const struct rec_row_leg *r)
{
    return !r->completed_at && !r->ended_at;
}

static bool is_done(const struct rec_row_leg *r)
{
    return r->completed_at && !r->ended_at;
}

static void leg_loaded(struct leg *l, struct str technician)
{
    l->technician = technician;
    l->was_open = dispatch_leg_is_open(&l->r);
    l->was_done = is_done(&l->r);
}

enum err dispatch_leg_all(struct step *st, const struct job *j, struct leg **v, uint32_t *count)
{
    struct key prefix = dispatch_job_key(j->call_no, j->no), at = {.n = 0};
    struct leg *all = arena_take(st->arena, (j->r.legs + 1) * sizeof *all); /* one for the end */
    uint32_t n = 0;
    enum err e;
    while ((e = step_next(st, &dispatch_tables[DISPATCH_LEG], &prefix, &at, &all[n].r)) == ERR_OK) {
        struct key_reader rest = {{at.b + prefix.n, at.n - prefix.n}};
        struct str technician;
        if (n >= j->r.legs || key_take_str(&rest, &technician) != ERR_OK) return ERR_CORRUPT;
        leg_loaded(&all[n++], arena_str(st->arena, technician));
    }
    if (e != ERR_END) return e;
    *v = all;
    *count = n;
    return ERR_OK;
}

enum err dispatch_leg_get(struct step *st, const struct job *j, struct str technician,
                          struct leg *out)
{
    struct key k = leg_key(j, technician);
    struct leg l = {.technician = technician};
    enum err e = step_get(st, &dispatch_tables[DISPATCH_LEG], &k, &l.r);
    if (e != ERR_OK) return e;
    leg_loaded(&l, technician);
    *out = l;
    return ERR_OK;
}

enum err dispatch_leg_busy(struct step *st, struct str technician, uint64_t *count)
{
    struct key k = key_of(technician);
    struct rec_row_technician row;
    enum err e = step_get(st, &dispatch_tables[DISPATCH_TECHNICIAN], &k, &row);
    if (e != ERR_OK && e != ERR_NOT_FOUND) return e;
    *count = e == ERR_OK ? row.legs_open : 0;
    return ERR_OK;
}

static enum err busy_add(struct step *st, struct str technician, int by)
{
    if (by == 0) return ERR_OK;
    struct rec_row_technician row = {0};
    enum err e = dispatch_leg_busy(st, technician, &row.legs_open);
    if (e != ERR_OK) return e;
    ENSURE(by > 0 || row.legs_open > 0);
    row.legs_open = by > 0 ? row.legs_open + 1 : row.legs_open - 1;
    struct key k = key_of(technician);
    step_put(st, &dispatch_tables[DISPATCH_TECHNICIAN], &k, &row);
    return ERR_OK;
}

enum err dispatch_leg_put(struct step *st, struct job *j, struct leg *l)
{
    bool open = dispatch_leg_is_open(&l->r), done = is_done(&l->r);
    if (l->was_open) j->r.legs_open--;
    if (l->was_done) j->r.legs_done--;
    if (open) j->r.legs_open++;
    if (done) j->r.legs_done++;
    enum err e = busy_add(st, l->technician, (int)open - (int)l->was_open);
    if (e != ERR_OK) return e;
    l->was_open = open;
    l->was_done = done;
    struct key k = leg_key(j, l->technician);
    step_put(st, &dispatch_tables[DISPATCH_LEG], &k, &l->r);
    return ERR_OK;
}

enum err dispatch_leg_add(struct step *st, struct job *j, struct str technician)
{
    struct leg l;
    enum err e = dispatch_leg_get(st, j, technician, &l);
    if (e != ERR_OK && e != ERR_NOT_FOUND) return e;
    if (e == ERR_OK && l.was_open) return ERR_OK;
    if (e == ERR_NOT_FOUND) {
        if (j->r.legs >= LEGS_MAX) {
            return step_refuse(st, "too_many", "technician",
                               "%u people have been on this job; no more can be added", LEGS_MAX);
        }
        l = (struct leg){.technician = technician};
        j->r.legs++;
    }
    l.r = (struct rec_row_leg){.assigned_at = st->in->occurred};
    return dispatch_leg_put(st, j, &l);
}

enum err dispatch_leg_finish(struct step *st, struct job *j, struct leg *l, struct str why)
{
    l->r.ended_at = st->in->occurred;
    l->r.end = why;
    return dispatch_leg_put(st, j, l);
}

/* The sentence of a refusal has room for so many names. */
#define NAMES_MAX 8u

static enum err refuse_choice(struct step *st, const struct leg *v, uint32_t n, uint32_t open)
{
    struct str names = {0};
    uint32_t named = 0;
    for (uint32_t i = 0; i < n && named < NAMES_MAX; i++) {
        if (open && !v[i].was_open) continue;
        names = arena_printf(st->arena, "%.*s%s%.*s", STR_ARG(names), named++ ? ", " : "",
                             STR_ARG(v[i].technician));
    }
    return step_refuse(st, "technician_missing", "technician",
                       "several people are on this job (%.*s%s); say which one is meant",
                       STR_ARG(names), named < (open ? open : n) ? ", …" : "");
}

/* Nobody is named: the only open leg, or else the only leg there ever was. */
static enum err pick_only(struct step *st, struct job *j, struct leg *out)
{
    struct leg *v;
    uint32_t n, open = 0;
    enum err e = dispatch_leg_all(st, j, &v, &n);
    if (e != ERR_OK) return e;
    for (uint32_t i = 0; i < n; i++)
        open += v[i].was_open;
    if (n == 0 || (open == 0 && n > 1)) {
        if (n > 1) return refuse_choice(st, v, n, 0);
        if (j->kind->assignment) {
            return step_refuse(st, "not_assigned", "technician",
                               "nobody has been assigned to this job; report job.assigned first");
        }
        *out = (struct leg){0};
        return ERR_OK;
    }
    if (open > 1) return refuse_choice(st, v, n, open);
    for (uint32_t i = 0; i < n; i++) {
        if (open == 0 || v[i].was_open) *out = v[i];
    }
    return ERR_OK;
}

enum err dispatch_leg_pick(struct step *st, struct job *j, struct str named, struct leg *out)
{
    if (named.n == 0) return pick_only(st, j, out);
    enum err e = dispatch_leg_get(st, j, named, out);
    if (e != ERR_NOT_FOUND) return e;
    if (j->kind->assignment) {
        return step_refuse(st, "not_assigned", "technician",
                           "%.*s is not assigned to this job; report job.assigned first",
                           STR_ARG(named));
    }
    if (j->r.state >= job_state_completed) { /* finished work takes nobody up any more */
        *out = (struct leg){0};
        return ERR_OK;
    }
    e = dispatch_leg_add(st, j, named); /* this kind of order needs no assignment */
    return e == ERR_OK ? dispatch_leg_get(st, j, named, out) : e;
}
