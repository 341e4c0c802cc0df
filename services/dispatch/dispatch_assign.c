/* dispatch_assign.c - who does a job: assignment, acceptance, refusal, hand-over, recall.
 *
 * Read: what an assignment must satisfy, then what it does, then how people leave a job. A job
 * whose last technician has left waits again if nobody finished anything, and is finished
 * otherwise. Rules DSP-001, DSP-002, DSP-004, DSP-006, DSP-007, DSP-008, DSP-009, DSP-011, DSP-019.
 */
#include "services/dispatch/dispatch_private.h"

/* Who is sent by one fact. */
struct party {
    struct str v[PARTY_MAX];
    uint32_t n;
};

static bool party_has(const struct party *p, struct str person)
{
    for (uint32_t i = 0; i < p->n; i++) {
        if (str_eq(p->v[i], person)) return true;
    }
    return false;
}

static void party_add(struct party *p, struct str person)
{
    if (!person.n || party_has(p, person)) return;
    REQUIRE(p->n < PARTY_MAX);
    p->v[p->n++] = person;
}

/* ---- what must be there ---- */

/* DSP-001, DSP-006: no job goes out without its papers. */
static enum err check_papers(struct step *st, const struct job *j, struct str task_order_no)
{
    if (j->kind->voucher && !j->r.voucher.n) {
        st->rule = "DSP-001";
        return step_refuse(
            st, "voucher_missing", "",
            "this kind of order needs a service voucher 服務憑證; the call has none");
    }
    bool task = j->sp->arrival_from == ARRIVAL_FROM_task_order;
    if (task && !task_order_no.n && !j->r.task_order_no.n) {
        st->rule = "DSP-006";
        return step_refuse(st, "task_order_missing", "task_order_no",
                           "policy %.*s works by task order 任務書; give its number",
                           STR_ARG(j->r.policy));
    }
    return ERR_OK;
}

/* DSP-004: two or more people who go out together have one in charge, who is one of them. */
static enum err check_lead(struct step *st, const struct job *j, const struct party *p,
                           struct str lead)
{
    st->rule = "DSP-004";
    if (p->n >= 2 && !lead.n) {
        return step_refuse(st, "lead_missing", "lead",
                           "%u people go out and none is in charge; name one of them in lead",
                           p->n);
    }
    if (!lead.n || party_has(p, lead)) return ERR_OK;
    struct leg l;
    enum err e = dispatch_leg_get(st, j, lead, &l);
    if (e == ERR_OK && l.was_open) return ERR_OK;
    if (e != ERR_OK && e != ERR_NOT_FOUND) return e;
    return step_refuse(st, "lead_not_sent", "lead",
                       "%.*s is in charge but does not go along; name one of the party",
                       STR_ARG(lead));
}

/* ERR_NOT_FOUND for somebody whom master data does not know. */
static enum err person_get(struct step *st, struct str person, struct rec_row_person *out)
{
    struct key k = key_of(person);
    return step_get(st, &table_person, &k, out);
}

/* DSP-008: a complaining customer gets a supervisor, or somebody whom a supervisor sends. */
static enum err check_complaint(struct step *st, const struct job *j, const struct party *p,
                                struct str sent_by)
{
    if (!j->r.from_complaint) return ERR_OK;
    for (uint32_t i = 0; i < p->n; i++) {
        struct rec_row_person row;
        enum err e = person_get(st, p->v[i], &row);
        if (e == ERR_OK && str_is(row.role, "supervisor")) return ERR_OK;
        if (e != ERR_OK && e != ERR_NOT_FOUND) return e;
    }
    st->rule = "DSP-008";
    bool handed_on = st->type->kind == EV_job_reassigned;
    if (sent_by.n) {
        return dispatch_goods_supervisor(st, sent_by, handed_on ? "by" : "delegated_by");
    }
    return step_refuse(
        st, "supervisor_needed", "delegated_by",
        "the customer complains: send a supervisor 服務主任, or name in delegated_by "
        "the one who sends %.*s",
        STR_ARG(p->v[0]));
}

/* DSP-007: what is missing for somebody to be qualified; "" = nothing. On an import that does not
 * register its units (open_units) nothing can be said about people who are not registered either.
 */
enum err dispatch_assign_qualification(struct step *st, const struct job *j, struct str person,
                                       struct str *missing)
{
    struct rec_row_person row;
    struct rec_row_tech papers;
    *missing = (struct str){0};
    enum err e = person_get(st, person, &row);
    if (e == ERR_NOT_FOUND) {
        if (!st->policy->keys.open_units) *missing = STR("not registered");
        return ERR_OK;
    }
    if (e == ERR_OK) e = dispatch_rating_get(st, person, &papers);
    if (e != ERR_OK) return e;
    const struct calendar *cal = step_calendar(st, j->r.unit, j->sp);
    int32_t day = zone_day(calendar_zone(cal), st->in->occurred);
    int32_t to = papers.valid_to > row.certified_to ? papers.valid_to : row.certified_to;
    int year, month, mday;
    day_split(day, &year, &month, &mday);
    if (row.left) {
        *missing = STR("has left the company");
    } else if (!to) {
        *missing = STR("no certificate");
    } else if (to < day) {
        *missing = STR("certificate expired");
    } else if (papers.year && (int)papers.year < year - 1) {
        *missing = STR("rating too old");
    }
    return ERR_OK;
}

static enum err check_qualified(struct step *st, const struct job *j, const struct party *p)
{
    for (uint32_t i = 0; i < p->n; i++) {
        struct str missing;
        enum err e = dispatch_assign_qualification(st, j, p->v[i], &missing);
        if (e != ERR_OK) return e;
        if (!missing.n) continue;
        if (st->policy->keys.unqualified_refuse) {
            st->rule = "DSP-007";
            return step_refuse(st, "unqualified", "technician",
                               "%.*s: %.*s; send somebody with a valid certificate",
                               STR_ARG(p->v[i]), STR_ARG(missing));
        }
        struct ev_assignment_unqualified ev = {
            .call_no = j->call_no, .job = j->no, .technician = p->v[i], .reason = missing};
        step_emit_as(st, "DSP-007", EV_assignment_unqualified, &ev);
    }
    return ERR_OK;
}

/* DSP-009. The first of the unit's queue is a carried-over job and another one is served, by
 * somebody who was free and qualified and could have gone there: that is what "a free qualified
 * technician" can mean without asking who else is about. */
static enum err check_priority(struct step *st, const struct job *j, const struct party *p)
{
    struct key first = key_of(j->r.unit), at = {.n = 0};
    key_u8(&first, 0);
    struct rec_row_queue waits;
    enum err e = step_next(st, &dispatch_tables[DISPATCH_QUEUE], &first, &at, &waits);
    if (e == ERR_END || (e == ERR_OK && str_eq(waits.call_no, j->call_no))) return ERR_OK;
    for (uint32_t i = 0; e == ERR_OK && i < p->n; i++) {
        uint64_t busy;
        struct str missing;
        e = dispatch_leg_busy(st, p->v[i], &busy);
        if (e == ERR_OK) e = dispatch_assign_qualification(st, j, p->v[i], &missing);
        if (e != ERR_OK || busy || missing.n) continue;
        struct ev_dispatch_priority_skipped ev = {.call_no = j->call_no, .waiting = waits.call_no};
        step_emit_as(st, "DSP-009", EV_dispatch_priority_skipped, &ev);
        break;
    }
    return e;
}

/* ---- sending ---- */

/* All checks passed; `p` goes. What was finished before is taken up again: reinforcement. */
static enum err send(struct step *st, struct job *j, const struct party *p, struct str lead)
{
    enum err e = ERR_OK;
    for (uint32_t i = 0; e == ERR_OK && i < p->n; i++)
        e = dispatch_leg_add(st, j, p->v[i]);
    if (e != ERR_OK) return e;
    if (lead.n) {
        j->r.lead = lead;
    } else if (!j->r.lead.n) {
        j->r.lead = p->v[0];
    }
    dispatch_job_earliest(&j->r.assigned_at, st->in->occurred);
    if (j->r.state == job_state_pending) j->r.state = job_state_assigned;
    if (j->r.state == job_state_completed && j->r.legs_open) {
        j->r.state = j->r.arrived_at ? job_state_working : job_state_assigned;
        j->r.finished_at = 0;
    }
    return ERR_OK;
}

static enum err check_and_send(struct step *st, struct job *j, const struct party *p,
                               struct str lead, struct str sent_by)
{
    bool was_pending = j->r.state == job_state_pending;
    enum err e = check_complaint(st, j, p, sent_by);
    if (e == ERR_OK) e = check_qualified(st, j, p);
    if (e == ERR_OK && was_pending) dispatch_work_warn_charge(st, j);
    if (e == ERR_OK && was_pending) e = check_priority(st, j, p);
    return e == ERR_OK ? send(st, j, p, lead) : e;
}

enum err dispatch_assign_on_assigned(struct step *st, const void *payload, void *row)
{
    const struct ev_job_assigned *ev = payload;
    struct job *j = row;
    const char *rule = st->rule;
    struct party p = {.n = 0};
    party_add(&p, ev->technician);
    for (uint32_t i = 0; i < ev->party.n; i++)
        party_add(&p, ev->party.v[i].person);
    if (p.n == 0) {
        return step_refuse(st, "technician_missing", "technician",
                           "nobody is named; give technician, or party with two or more people");
    }
    enum err e = check_papers(st, j, ev->task_order_no);
    if (e == ERR_OK) e = check_lead(st, j, &p, ev->lead);
    if (e == ERR_OK) e = check_and_send(st, j, &p, ev->lead, ev->delegated_by);
    if (e != ERR_OK) return e;
    st->rule = rule;
    if (ev->task_order_no.n) j->r.task_order_no = ev->task_order_no;
    if (!ev->agreed_at) return ERR_OK;
    return dispatch_clock_agree(st, j, ev->agreed_at, st->in->occurred);
}

enum err dispatch_assign_on_accepted(struct step *st, const void *payload, void *row)
{
    const struct ev_job_accepted *ev = payload;
    struct leg l;
    enum err e = dispatch_leg_pick(st, row, ev->technician, &l);
    if (e != ERR_OK || !l.technician.n) return e;
    if (!l.r.accepted_at) l.r.accepted_at = st->in->occurred;
    return dispatch_leg_put(st, row, &l);
}

/* ---- leaving ---- */

/* Nobody is left on it: finished if somebody finished, else it waits for an assignment again. */
static enum err settle(struct step *st, struct job *j)
{
    if (j->r.legs_open || j->r.state >= job_state_completed) return ERR_OK;
    if (!j->r.legs_done) {
        j->r.state = job_state_pending;
        j->r.lead = (struct str){0};
        return ERR_OK;
    }
    struct leg *v;
    uint32_t n;
    enum err e = dispatch_leg_all(st, j, &v, &n);
    if (e != ERR_OK) return e;
    j->r.state = job_state_completed;
    for (uint32_t i = 0; i < n; i++) {
        if (v[i].was_done && v[i].r.completed_at > j->r.finished_at) {
            j->r.finished_at = v[i].r.completed_at;
        }
    }
    return ERR_OK;
}

/* The named one, or the only one; he must still be on the job. */
static enum err pick_open(struct step *st, struct job *j, struct str named, struct leg *out)
{
    enum err e = dispatch_leg_pick(st, j, named, out);
    if (e != ERR_OK) return e;
    if (!out->technician.n || !out->was_open) {
        return step_refuse(st, "not_assigned", "technician", "%.*s is no longer on this job",
                           STR_ARG(out->technician));
    }
    return ERR_OK;
}

static void leave_lead(struct job *j, struct str technician, struct str successor)
{
    if (str_eq(j->r.lead, technician)) j->r.lead = successor;
}

enum err dispatch_assign_on_refused(struct step *st, const void *payload, void *row)
{
    const struct ev_job_refused *ev = payload;
    struct job *j = row;
    struct leg l;
    enum err e = pick_open(st, j, ev->technician, &l);
    if (e == ERR_OK) e = dispatch_leg_finish(st, j, &l, STR("refused"));
    if (e != ERR_OK) return e;
    leave_lead(j, l.technician, (struct str){0});
    struct ev_conduct_recorded out = {.kind = STR("refused_direction"),
                                      .person = l.technician,
                                      .call_no = j->call_no,
                                      .job = j->no,
                                      .text = ev->reason};
    step_emit_as(st, "DSP-011", EV_conduct_recorded, &out);
    return settle(st, j);
}

enum err dispatch_assign_on_recalled(struct step *st, const void *payload, void *row)
{
    const struct ev_job_recalled *ev = payload;
    struct job *j = row;
    struct leg l;
    enum err e = pick_open(st, j, ev->technician, &l);
    if (e == ERR_OK) e = dispatch_leg_finish(st, j, &l, STR("recalled"));
    if (e != ERR_OK) return e;
    leave_lead(j, l.technician, (struct str){0});
    return settle(st, j);
}

/* Those who give the job up: the named one, or everybody on it. */
static enum err hand_over(struct step *st, struct job *j, struct str from, struct str to)
{
    struct leg one, *v = &one;
    uint32_t n = 1;
    enum err e = from.n ? pick_open(st, j, from, &one) : dispatch_leg_all(st, j, &v, &n);
    for (uint32_t i = 0; e == ERR_OK && i < n; i++) {
        if (!v[i].was_open || str_eq(v[i].technician, to)) continue;
        leave_lead(j, v[i].technician, to);
        e = dispatch_leg_finish(st, j, &v[i], STR("reassigned"));
    }
    return e;
}

/* The clock goes on (DSP-019). Naming nobody only counts; reporters that know desks, not people,
 * use it. */
enum err dispatch_assign_on_reassigned(struct step *st, const void *payload, void *row)
{
    const struct ev_job_reassigned *ev = payload;
    struct job *j = row;
    uint64_t next = j->r.reassignments + 1;
    j->r.reassignments = ev->count > next ? ev->count : next;
    if (!ev->from.n && !ev->to.n) return ERR_OK;
    if (j->r.state == job_state_signed) {
        return step_refuse(st, "state", "to",
                           "the customer has signed, nobody takes this job over any more; report "
                           "job.reopened first, or name nobody to count only");
    }
    const char *rule = st->rule;
    bool was_pending = j->r.state == job_state_pending;
    enum err e = ERR_OK;
    if (ev->to.n && was_pending) e = check_papers(st, j, (struct str){0});
    if (e == ERR_OK && !was_pending) e = hand_over(st, j, ev->from, ev->to);
    if (e == ERR_OK && ev->to.n) {
        struct party p = {.v = {ev->to}, .n = 1};
        e = check_and_send(st, j, &p, (struct str){0}, ev->by);
    }
    if (e == ERR_OK) e = settle(st, j);
    if (e == ERR_OK) st->rule = rule;
    return e;
}
