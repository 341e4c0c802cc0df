/* scoring_known.c - what later events speak of by a number alone: who works on a job, whose
 * complaint, visit or call-back it is. Events that name the person need none of this. */
#include "services/scoring/scoring_facts.h"
#include <inttypes.h>

static struct key key_for(enum known kind, struct str number)
{
    struct key k = {.n = 0};
    key_u8(&k, (uint8_t)kind);
    key_str(&k, number);
    return k;
}

enum err scoring_known(struct step *st, enum known kind, struct str number,
                       struct rec_row_score_known *out)
{
    struct key k = key_for(kind, number);
    enum err e = step_get(st, SCORING_TABLE(KNOWN), &k, out);
    if (e != ERR_NOT_FOUND) return e;
    *out = (struct rec_row_score_known){0};
    return ERR_OK;
}

static void put(struct step *st, enum known kind, struct str number,
                const struct rec_row_score_known *row)
{
    struct key k = key_for(kind, number);
    step_put(st, SCORING_TABLE(KNOWN), &k, row);
}

/* `job` absent means job 1. */
static struct str job_no(struct step *st, struct str call_no, uint64_t job)
{
    return arena_printf(st->arena, "%.*s#%" PRIu64, STR_ARG(call_no), job ? job : 1);
}

enum err scoring_known_job(struct step *st, struct str call_no, uint64_t job,
                           struct rec_row_score_known *out)
{
    return scoring_known(st, KNOWN_job, job_no(st, call_no, job), out);
}

static struct str source_of(const struct step *st, struct str said)
{
    if (said.n || !st->in) return said;
    return st->in->source.n <= TOLD_UNIT_MAX ? st->in->source : (struct str){0};
}

/* ---- jobs ---- */

static enum err on_created(struct step *st, const void *payload)
{
    const struct ev_job_created *ev = payload;
    struct rec_row_score_known k;
    struct str no = job_no(st, ev->call_no, ev->job);
    enum err e = scoring_known(st, KNOWN_job, no, &k);
    if (e != ERR_OK) return e;
    k.unit = ev->unit;
    put(st, KNOWN_job, no, &k);
    return ERR_OK;
}

/* Who is in charge, else the first who was sent. */
static enum err on_assigned(struct step *st, const void *payload)
{
    const struct ev_job_assigned *ev = payload;
    struct rec_row_score_known k;
    struct str no = job_no(st, ev->call_no, ev->job), first = ev->technician;
    enum err e = scoring_known(st, KNOWN_job, no, &k);
    if (e != ERR_OK) return e;
    if (!first.n && ev->party.n) first = ev->party.v[0].person;
    if (!k.person.n) k.person = first;
    if (ev->lead.n) k.person = ev->lead;
    put(st, KNOWN_job, no, &k);
    return ERR_OK;
}

static enum err on_reassigned(struct step *st, const void *payload)
{
    const struct ev_job_reassigned *ev = payload;
    struct rec_row_score_known k;
    struct str no = job_no(st, ev->call_no, ev->job);
    enum err e = scoring_known(st, KNOWN_job, no, &k);
    if (e != ERR_OK) return e;
    if (ev->from.n && !str_eq(ev->from, k.person)) return ERR_OK;
    k.person = ev->to;
    put(st, KNOWN_job, no, &k);
    return ERR_OK;
}

/* ---- complaints ---- */

static enum err on_received(struct step *st, const void *payload)
{
    const struct ev_complaint_received *ev = payload;
    struct rec_row_score_known k = {.person = ev->clerk,
                                    .unit = source_of(st, ev->centre.n ? ev->centre : ev->by_unit),
                                    .kind = str_of(code_word(&codes_complaint_kind, ev->kind))};
    put(st, KNOWN_complaint, ev->case_no, &k);
    return ERR_OK;
}

/* What comes of a refused conclusion is as the case before it. */
static enum err on_opened(struct step *st, const void *payload)
{
    const struct ev_complaint_opened *ev = payload;
    struct rec_row_score_known k, parent;
    enum err e = scoring_known(st, KNOWN_complaint, ev->case_no, &k);
    if (e == ERR_OK) e = scoring_known(st, KNOWN_complaint, ev->parent_no, &parent);
    if (e != ERR_OK) return e;
    if (ev->parent_no.n && !k.kind.n) k = parent;
    if (ev->centre.n) k.unit = ev->centre;
    put(st, KNOWN_complaint, ev->case_no, &k);
    return ERR_OK;
}

static enum err on_registered(struct step *st, const void *payload)
{
    const struct ev_complaint_registered *ev = payload;
    struct rec_row_score_known k;
    enum err e = scoring_known(st, KNOWN_complaint, ev->case_no, &k);
    if (e != ERR_OK || !ev->complaint_no.n) return e;
    put(st, KNOWN_complaint, ev->complaint_no, &k);
    return ERR_OK;
}

static enum err on_service_received(struct step *st, const void *payload)
{
    const struct ev_service_complaint_received *ev = payload;
    struct rec_row_score_known k = {.person = ev->accused,
                                    .unit = source_of(st, ev->centre.n ? ev->centre : ev->by_unit)};
    put(st, KNOWN_service_complaint, ev->case_no, &k);
    return ERR_OK;
}

/* ---- visits and call-backs ---- */

static enum err on_visit(struct step *st, const void *payload)
{
    const struct ev_visit_planned *ev = payload;
    struct rec_row_score_known k;
    enum err e = scoring_known(st, KNOWN_visit, ev->visit_no, &k);
    if (e != ERR_OK) return e;
    if (ev->person.n) k.person = ev->person;
    if (ev->unit.n || !k.unit.n) k.unit = source_of(st, ev->unit);
    k.day = ev->due;
    put(st, KNOWN_visit, ev->visit_no, &k);
    return ERR_OK;
}

static enum err on_followup(struct step *st, const void *payload)
{
    const struct ev_followup_created *ev = payload;
    struct rec_row_score_known k = {.person = ev->technician,
                                    .unit = ev->unit,
                                    .kind = str_of(code_word(&codes_followup_kind, ev->kind)),
                                    .class = str_of(code_word(&codes_vip_class, ev->vip_class))};
    put(st, KNOWN_followup, ev->followup_no, &k);
    return ERR_OK;
}

/* ---- what tells it ---- */

static const struct {
    enum event_kind on;
    enum owner log;
    enum err (*told)(struct step *st, const void *payload);
} rows[] = {
    {EV_job_created, OWNER_dispatch, on_created},
    {EV_job_assigned, OWNER_dispatch, on_assigned},
    {EV_job_reassigned, OWNER_dispatch, on_reassigned},
    {EV_complaint_received, OWNER_complaint, on_received},
    {EV_complaint_opened, OWNER_complaint, on_opened},
    {EV_complaint_registered, OWNER_complaint, on_registered},
    {EV_service_complaint_received, OWNER_complaint, on_service_received},
    {EV_visit_planned, OWNER_intake, on_visit},
    {EV_followup_created, OWNER_intake, on_followup},
};

bool scoring_known_hears(enum owner from, enum event_kind kind)
{
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        if (rows[i].on == kind && rows[i].log == from) return true;
    }
    return false;
}

enum err scoring_known_told(struct step *st, const void *payload)
{
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        if (rows[i].on == st->type->kind && rows[i].log == st->from)
            return rows[i].told(st, payload);
    }
    return ERR_OK;
}
