/* intake_visit.c - visits to customers 走訪 by the service plan.
 *
 * A visit is planned by people and done by its plan date. A key customer 重點客戶 (so marked in a
 * visit, or a VIP in his file) is seen once in `key_customer_visit_months`: when nothing is planned
 * for him the next visit is planned here (visit.scheduled), that long after the last one or after
 * he became one. Where the deadline visit.planned is off nothing is planned. Invariant: the index
 * visit_of holds exactly the visits that are planned. Rule INT-091. */
#include "common/contract.h"
#include "services/intake/intake_private.h"

#define CASE_ROOM 58 /* of a visit's number, "visit/" included it is a case number */
#define DATE_ROOM 11

static struct key of_key(struct str customer, struct str visit_no)
{
    struct key k = key_of(customer);
    key_str(&k, visit_no);
    return k;
}

/* Has the customer a planned visit other than this one? */
static enum err has_other(struct step *st, struct str customer, struct str but, bool *out)
{
    struct key prefix = key_of(customer), at = {.n = 0};
    struct rec_row_mark mark;
    enum err e;
    *out = false;
    while ((e = step_next(st, INTAKE_TABLE(VISIT_OF), &prefix, &at, &mark)) == ERR_OK) {
        struct key_reader r = {{at.b + prefix.n, at.n - prefix.n}};
        struct str no;
        if (key_take_str(&r, &no)) return ERR_CORRUPT;
        if (str_eq(no, but)) continue;
        *out = true;
        return ERR_OK;
    }
    return e == ERR_END ? ERR_OK : e;
}

/* ---- planning ahead ---- */

static bool is_used(const struct step *st)
{
    const struct deadline_setting *s = policy_deadline(st->policy, STR("visit.planned"));
    return s && !s->off;
}

/* "customer/2027-03-02"; of a long key its checksum. */
static struct str number_of(struct step *st, struct str customer, int32_t day)
{
    char date[DATE_ROOM];
    day_format(day, date);
    if (customer.n + DATE_ROOM <= CASE_ROOM)
        return arena_printf(st->arena, "%.*s/%s", STR_ARG(customer), date);
    return arena_printf(st->arena, "%08x/%s", (unsigned)crc32c(0, customer.p, customer.n), date);
}

static enum err schedule(struct step *st, const struct rec_row_visit *like, int32_t from)
{
    int32_t due = day_add_months(from, (int)st->policy->keys.key_customer_visit_months);
    if (!is_used(st) || due >= (int32_t)(TIME_MAX_MS / DAY_MS)) return ERR_OK;
    struct ev_visit_scheduled ev = {.visit_no = number_of(st, like->customer, due),
                                    .customer = like->customer,
                                    .unit = like->unit,
                                    .person = like->person,
                                    .key = yes_no_yes,
                                    .due = due};
    struct rec_row_visit taken;
    enum err e = paper_get(st, &intake_visit, shape_ev_visit_scheduled(), &ev, &taken);
    if (e != ERR_NOT_FOUND) return e;
    return paper_act(st, &intake_visit, EV_visit_scheduled, &ev);
}

enum err intake_visit_customer(struct step *st, const struct ev_customer_upserted *file)
{
    if (file->vip != yes_no_yes) return ERR_OK;
    bool planned;
    enum err e = has_other(st, file->customer, (struct str){0}, &planned);
    if (e != ERR_OK || planned || st->in->source.n > 32) return e;
    struct rec_row_visit like = {.customer = file->customer, .unit = st->in->source};
    return schedule(st, &like, step_day(st, like.unit));
}

/* ---- planned and done ---- */

static enum err on_planned(struct step *st, const void *payload, void *row)
{
    const struct paper_at *a = row;
    const struct rec_row_visit *now = a->row;
    const struct str no = *(const struct str *)payload; /* both events begin with it */
    if (a->before) {
        struct rec_row_visit old;
        enum err e = paper_get(st, a->paper, st->type->shape(), payload, &old);
        if (e != ERR_OK) return e;
        struct key was = of_key(old.customer, no);
        step_del(st, INTAKE_TABLE(VISIT_OF), &was);
    }
    struct key k = of_key(now->customer, no);
    step_put(st, INTAKE_TABLE(VISIT_OF), &k, &(struct rec_row_mark){.set = true});
    return ERR_OK;
}

static enum err is_key(struct step *st, const struct rec_row_visit *v, bool *out)
{
    struct ev_customer_upserted file;
    struct key k = key_of(v->customer);
    *out = v->key == yes_no_yes;
    if (v->key) return ERR_OK;
    enum err e = step_get(st, INTAKE_TABLE(CUSTOMER), &k, &file);
    if (e == ERR_OK) *out = file.vip == yes_no_yes;
    return e == ERR_NOT_FOUND ? ERR_OK : e;
}

static enum err on_done(struct step *st, const void *payload, void *row)
{
    const struct ev_visit_done *ev = payload;
    const struct rec_row_visit *v = ((struct paper_at *)row)->row;
    struct key k = of_key(v->customer, ev->visit_no);
    step_del(st, INTAKE_TABLE(VISIT_OF), &k);
    bool key = false, planned = false;
    enum err e = is_key(st, v, &key);
    if (e == ERR_OK) e = has_other(st, v->customer, ev->visit_no, &planned);
    if (e != ERR_OK || !key || planned) return e;
    return schedule(st, v, step_day(st, v->unit));
}

/* A key customer keeps a visit that is planned. */
static enum err on_cancelled(struct step *st, const void *payload, void *row)
{
    const struct ev_visit_cancelled *ev = payload;
    const struct rec_row_visit *v = ((struct paper_at *)row)->row;
    bool key = false, planned = false;
    enum err e = is_key(st, v, &key);
    if (e == ERR_OK) e = has_other(st, v->customer, ev->visit_no, &planned);
    if (e != ERR_OK) return e;
    if (key && !planned)
        return step_refuse(st, "key_customer", "visit_no",
                           "nothing else is planned for %.*s, a key customer 重點客戶; move this "
                           "visit to another day with visit.planned, or plan another one first",
                           STR_ARG(v->customer));
    struct key k = of_key(v->customer, ev->visit_no);
    step_del(st, INTAKE_TABLE(VISIT_OF), &k);
    return ERR_OK;
}

#define PLANNED IN(visit_state_planned)
#define CANCELLED IN(visit_state_cancelled)

static const struct transition visit_rows[] = {
    {EV_visit_planned, PAPER_NEW | PLANNED | CANCELLED, visit_state_planned, on_planned, "INT-091"},
    {EV_visit_scheduled, PAPER_NEW, visit_state_planned, on_planned, "INT-091"},
    {EV_visit_done, PLANNED, visit_state_done, on_done, "INT-091"},
    {EV_visit_cancelled, PLANNED, visit_state_cancelled, on_cancelled, "INT-091"},
};

static const struct deadline_row visit_clocks[] = {
    {.name = "visit.planned",
     .rule = "INT-091",
     .from = FROM_OCCURRED,
     .due = DUE_SETTING,
     .start = {EV_visit_planned, EV_visit_scheduled},
     .stop = {EV_visit_done}},
};

const struct paper intake_visit = {.name = "visit",
                                   .label = "visit 走訪",
                                   .table = INTAKE_TABLE(VISIT),
                                   .states = &codes_visit_state,
                                   .keys = {"visit_no"},
                                   PAPER_ROWS(visit_rows),
                                   PAPER_CLOCKS(visit_clocks),
                                   .drops = CANCELLED};
