/* parts_oldpart_carried.c - old parts that a technician carries: due some working days after he is
 * back at his unit, when that is before they are due anyway. He may have been back before he
 * reported what he used. Rule PRT-025. */
#include "services/parts/parts_private.h"

/* 24:00 of the n-th working day after he is back. */
static int32_t last_day(struct step *st, const struct oldpart *o, const struct parts_policy *p,
                        int64_t back_ms)
{
    const struct calendar *cal = step_calendar(st, o->r.unit, NULL);
    return calendar_workday(cal, zone_day(calendar_zone(cal), back_ms), (int)p->carried_days);
}

/* Takes one off *left when its clock changes. */
static enum err due_back(struct step *st, const struct oldpart *o,
                         const struct rec_row_oldpart_back *back, uint32_t *left)
{
    const struct deadline_row *clock = &parts_oldpart_paper.clocks[PARTS_OLDPART_RETURN];
    const struct parts_policy *p;
    struct rec_row_deadline open;
    struct str case_no = arena_printf(st->arena, "oldpart/%.*s", STR_ARG(o->no));
    bool owed = o->r.carried && o->r.state == oldpart_state_expected &&
                (!back->technician.n || str_eq(o->r.person, back->technician));
    enum err e = parts_policy_for(st, o->r.call_no, o->r.unit, &p);
    if (e != ERR_OK || !owed || !p->carried_days) return e;
    e = deadline_get(st, case_no, 0, clock->name, &open);
    if (e == ERR_NOT_FOUND) return ERR_OK;
    if (e != ERR_OK || open.end != deadline_end_open) return e;
    int32_t day = last_day(st, o, p, back->at);
    const struct zone *z = step_zone(st, o->r.unit);
    if (day == INT32_MAX || zone_day_start(z, day + 1) >= open.due) return ERR_OK;
    struct deadline_ctx c = {.case_no = case_no,
                             .unit = o->r.unit,
                             .person = o->r.person,
                             .occurred_ms = step_occurred(st),
                             .start_ms = back->at,
                             .given_ms = zone_day_start(z, day + 1)};
    --*left;
    return deadline_arm(st, clock, &c, STR("carried"));
}

enum err parts_oldpart_carried_before(struct step *st, struct str no)
{
    struct rec_row_oldpart_back back;
    struct oldpart o;
    uint32_t left = 1;
    enum err e = parts_oldpart_find(st, no, "old_no", &o);
    if (e != ERR_OK || !o.r.call_no.n) return e;
    struct key k = key_of(o.r.call_no);
    key_str(&k, o.r.person);
    e = step_get(st, PARTS_TABLE(OLDPART_BACK), &k, &back);
    if (e == ERR_NOT_FOUND) return ERR_OK;
    back.technician = o.r.person;
    return e == ERR_OK && back.at >= o.r.used_at ? due_back(st, &o, &back, &left) : e;
}

/* ---- all of a call ---- */

#define CARRIED "carried/"

static enum err all_due_back(struct step *st, struct str call_no,
                             const struct rec_row_oldpart_back *back)
{
    struct key prefix = key_of(call_no), at = {.n = 0};
    struct rec_row_oldpart_of of;
    uint32_t left = PARTS_PORTION_MAX;
    enum err e = ERR_OK;
    while (left && (e = step_next(st, PARTS_TABLE(OLDPART_CALL), &prefix, &at, &of)) == ERR_OK) {
        struct key_reader r = {{at.b + prefix.n, at.n - prefix.n}};
        struct oldpart o;
        struct str no;
        e = key_take_str(&r, &no);
        if (e == ERR_OK) e = parts_oldpart_find(st, no, "call_no", &o);
        if (e == ERR_OK) e = due_back(st, &o, back, &left);
        if (e != ERR_OK) return e;
    }
    if (e != ERR_OK && e != ERR_END) return e;
    struct parts_portion next = {.case_no =
                                     arena_printf(st->arena, CARRIED "%.*s/%.*s", STR_ARG(call_no),
                                                  STR_ARG(back->technician)),
                                 .person = back->technician,
                                 .more = left == 0};
    return parts_portion_go_on(st, &next);
}

enum err parts_oldpart_carried(struct step *st, const struct ev_job_returned_to_unit *ev)
{
    struct rec_row_oldpart_back back = {step_occurred(st), ev->technician};
    struct key k = key_of(ev->call_no);
    key_str(&k, ev->technician);
    step_put(st, PARTS_TABLE(OLDPART_BACK), &k, &back);
    return all_due_back(st, ev->call_no, &back);
}

enum err parts_oldpart_carried_passed(struct step *st, const struct passed *what)
{
    struct rec_row_oldpart_back back;
    size_t head = sizeof CARRIED - 1, tail = what->person.n + 1;
    if (what->case_no.n <= head + tail) return ERR_CORRUPT;
    struct str call_no = arena_str(
        st->arena, (struct str){what->case_no.p + head, (uint32_t)(what->case_no.n - head - tail)});
    struct key k = key_of(call_no);
    key_str(&k, what->person);
    enum err e = step_get(st, PARTS_TABLE(OLDPART_BACK), &k, &back);
    if (e != ERR_OK) return e == ERR_NOT_FOUND ? ERR_CORRUPT : e;
    back.technician = arena_str(st->arena, what->person);
    return all_due_back(st, call_no, &back);
}
