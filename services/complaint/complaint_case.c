/* complaint_case.c - the machine of a complaint case (complaint appendix 1) and its rows.
 *
 * Read down: states, table, finding a case, who may do what, the fact. The steps of the relay are
 * not states but policy (`steps`): a case is `relay` while the form goes from unit to unit, and its
 * row says at which step. Rules CMP-001, CMP-028, CMP-036 … CMP-050; by id in RULES.md. */
#include "services/complaint/complaint_private.h"
#include <assert.h>
#include <string.h>

#define RECEIVED IN(complaint_state_received)
#define INSPECTING IN(complaint_state_inspecting)
#define FILED IN(complaint_state_filed)
#define ACCEPTED IN(complaint_state_accepted)
#define RELAY IN(complaint_state_relay)
#define DECISION IN(complaint_state_decision)
#define NEGOTIATING IN(complaint_state_negotiating)
#define NOT_ESTABLISHED IN(complaint_state_not_established)
#define FINAL IN(complaint_state_final_opinion)
#define CLOSED IN(complaint_state_closed)
#define SETTLED IN(complaint_state_settled)
#define REVIEWED IN(complaint_state_reviewed)
#define ARCHIVED IN(complaint_state_archived)

#define BEFORE_FORM (RECEIVED | INSPECTING)
#define UNDER_WAY (ACCEPTED | RELAY | DECISION | NEGOTIATING | FINAL)
#define OPEN (BEFORE_FORM | FILED | UNDER_WAY | NOT_ESTABLISHED)
#define AFTER (CLOSED | SETTLED | REVIEWED)

static const struct transition table[] = {
    {EV_complaint_joint_inspection_needed, RECEIVED, 0, complaint_form_on_inspection_needed,
     "CMP-025"},
    {EV_complaint_joint_inspection_requested, RECEIVED, complaint_state_inspecting,
     complaint_form_on_inspection_requested, "CMP-025"},
    {EV_complaint_joint_substitute_appointed, BEFORE_FORM, 0, complaint_form_on_substitute,
     "CMP-026"},
    {EV_complaint_investigated, INSPECTING, complaint_state_received,
     complaint_form_on_investigated, "CMP-027"},
    {EV_complaint_report_submitted, OPEN | AFTER, 0, NULL, "CMP-027"},
    {EV_complaint_form_filed, RECEIVED, complaint_state_filed, complaint_form_on_filed, "CMP-022"},
    {EV_complaint_demand_set, FILED | ACCEPTED | RELAY | DECISION, 0, complaint_form_on_demand_set,
     "CMP-024"},
    {EV_complaint_accepted, FILED, complaint_state_accepted, complaint_form_on_accepted, "CMP-039"},
    {EV_complaint_registered, ACCEPTED, complaint_state_relay, complaint_form_on_registered,
     "CMP-032"},

    {EV_complaint_step_done, RELAY, 0, complaint_relay_on_step_done, "CMP-036"},
    {EV_complaint_step_skipped, RELAY, 0, complaint_relay_on_step_skipped, "CMP-038"},
    {EV_complaint_market_corrected, OPEN, 0, complaint_relay_on_market_corrected, "CMP-052"},
    {EV_complaint_paused, UNDER_WAY, 0, complaint_relay_on_paused, "CMP-055"},
    {EV_complaint_resumed, UNDER_WAY, 0, complaint_relay_on_resumed, "CMP-055"},

    {EV_complaint_decided, DECISION, complaint_state_negotiating, complaint_decide_on_decided,
     "CMP-042"},
    {EV_complaint_decided, FINAL, 0, complaint_decide_on_final, "CMP-042"},
    {EV_complaint_decision_returned, NEGOTIATING, 0, complaint_decide_on_returned, "CMP-040"},
    {EV_complaint_customer_contacted, NEGOTIATING | RELAY | FINAL | CLOSED, 0,
     complaint_decide_on_contacted, "CMP-040"},
    {EV_complaint_customer_replied, OPEN, 0, complaint_decide_on_replied, "CMP-043"},
    {EV_complaint_negotiated, NEGOTIATING, 0, complaint_decide_on_negotiated, "CMP-040"},
    {EV_complaint_result_reviewed, NEGOTIATING, 0, complaint_decide_on_reviewed, "CMP-040"},
    {EV_complaint_final_opinion_done, FINAL, 0, complaint_decide_on_opinion, "CMP-041"},
    {EV_complaint_not_established, DECISION, complaint_state_not_established,
     complaint_decide_on_not_established, "CMP-049"},
    {EV_complaint_validated, OPEN, 0, complaint_form_on_validated, "CMP-008"},
    {EV_complaint_invalidated, OPEN & ~NOT_ESTABLISHED & ~(NEGOTIATING | FINAL),
     complaint_state_not_established, complaint_decide_on_invalidated, "CMP-008"},
    {EV_complaint_resubmitted, NEGOTIATING, complaint_state_superseded,
     complaint_decide_on_resubmitted, "CMP-047"},
    {EV_complaint_closed, FINAL | NOT_ESTABLISHED, complaint_state_closed,
     complaint_decide_on_closed, "CMP-050"},
    {EV_complaint_copy_delivered, AFTER, 0, complaint_decide_on_copy, "CMP-046"},
    {EV_complaint_called_back, AFTER | ARCHIVED, 0, complaint_decide_on_called_back, "CMP-019"},
    {EV_complaint_satisfaction_recorded, AFTER | ARCHIVED, 0, complaint_decide_on_satisfaction,
     "CMP-133"},

    {EV_complaint_severity_set, OPEN | AFTER, 0, complaint_form_on_severity_set, "CMP-012"},
    {EV_complaint_major_reported, OPEN | AFTER, 0, complaint_form_on_major_reported, "CMP-014"},
    {EV_complaint_supplier_involved, OPEN, 0, complaint_form_on_supplier, "CMP-015"},
    {EV_complaint_supplier_share_set, OPEN | AFTER, 0, complaint_form_on_supplier_share, "CMP-015"},
    {EV_complaint_visited, OPEN | AFTER, 0, complaint_form_on_visited, "CMP-031"},
};
static_assert(complaint_state_superseded < 32, "every state must fit in transition.from");

/* ---- rows ---- */

struct str complaint_case_of(struct step *st, struct str no)
{
    return arena_printf(st->arena, "complaint/%.*s", STR_ARG(no));
}

enum err complaint_get(struct step *st, struct str no, struct complaint *out)
{
    struct key k = key_of(no);
    *out = (struct complaint){.no = no};
    enum err e = step_get(st, COMPLAINT_TABLE(CASE), &k, &out->r);
    if (e != ERR_NOT_FOUND) return e;
    struct rec_row_complaint_number number;
    e = step_get(st, COMPLAINT_TABLE(NUMBER), &k, &number);
    if (e != ERR_OK) return e;
    out->no = number.case_no;
    k = key_of(number.case_no);
    e = step_get(st, COMPLAINT_TABLE(CASE), &k, &out->r);
    return e == ERR_NOT_FOUND ? ERR_CORRUPT : e;
}

enum err complaint_find(struct step *st, struct str no, const char *field, struct complaint *out)
{
    enum err e = complaint_get(st, no, out);
    if (e != ERR_NOT_FOUND) return e;
    return step_refuse(st, "unknown_number", field,
                       "there is no complaint %.*s here; it begins with complaint.received",
                       STR_ARG(no));
}

void complaint_put(struct step *st, const struct complaint *c)
{
    struct key k = key_of(c->no);
    step_put(st, COMPLAINT_TABLE(CASE), &k, &c->r);
}

/* ---- who may (CMP-028) ---- */

struct str complaint_department(struct step *st, const char *name)
{
    const struct department *d = policy_department(st->policy, str_of(name));
    return d ? d->unit : (struct str){0};
}

/* What no department is named for, everybody may report. */
enum err complaint_may(struct step *st, struct str by_unit)
{
    const struct policy *p = st->policy;
    struct str unit = by_unit.n ? by_unit : st->in->source, type = str_of(st->type->type);
    const struct department *d = policy_department_of(p, unit), *other = NULL;
    if (d && words_have(d->may, type)) return ERR_OK;
    for (uint32_t i = 0; i < p->department_count && !other; i++) {
        if (words_have(p->departments[i].may, type)) other = &p->departments[i];
    }
    if (!other) return ERR_OK;
    st->rule = "CMP-028";
    return step_refuse(st, "no_right", by_unit.n ? "by_unit" : "source",
                       "%.*s (%.*s) may not report %s; that is for %.*s (departments: may)",
                       STR_ARG(unit), STR_ARG(d ? d->label : STR("no department")), st->type->type,
                       STR_ARG(other->label));
}

/* ---- a fact ---- */

static bool is_known(enum event_kind kind)
{
    for (size_t i = 0; i < COUNT_OF(table); i++) {
        if (table[i].on == kind) return true;
    }
    return false;
}

typedef enum err room_on_case(struct step *st, struct complaint *c, const void *payload);

static enum err tell_rooms(struct step *st, struct complaint *c, const void *payload)
{
    room_on_case *const rooms[] = {complaint_money_on_case, complaint_quality_on_case,
                                   complaint_voice_on_case};
    enum err e = ERR_OK;
    for (size_t i = 0; e == ERR_OK && i < COUNT_OF(rooms); i++)
        e = rooms[i](st, c, payload);
    return e;
}

/* A fact about a case that is there: state, handler, clocks, the other rooms; the row last. */
static enum err apply(struct step *st, struct complaint *c, const void *payload)
{
    const struct transition *t;
    enum err e = machine_find(st, table, COUNT_OF(table), c->r.state, &codes_complaint_state, &t);
    if (e != ERR_OK) return e;
    if (t->to) c->r.state = t->to;
    if (t->handle) e = t->handle(st, payload, c);
    if (e == ERR_OK) e = complaint_clock_run(st, c, st->type->kind, payload);
    if (e == ERR_OK && c->r.state == complaint_state_superseded)
        e = deadline_drop(st, complaint_case_of(st, c->no), 0, STR("superseded"));
    if (e == ERR_OK) e = tell_rooms(st, c, payload);
    if (e != ERR_OK) return e;
    complaint_put(st, c);
    st->rule = t->rule;
    return ERR_OK;
}

enum err complaint_case_act(struct step *st, struct complaint *c, enum event_kind kind,
                            const void *payload)
{
    const struct event_type *type = st->type;
    const char *rule = st->rule;
    st->type = event_of(kind);
    step_emit_as(st, st->type->rule, kind, payload);
    enum err e = apply(st, c, payload);
    REQUIRE(e != ERR_REFUSED);
    st->type = type;
    st->rule = rule;
    return e;
}

static enum err begin(struct step *st, const struct ev_complaint_received *ev)
{
    struct complaint c;
    enum err e = complaint_form_received(st, ev);
    if (e == ERR_OK) e = complaint_get(st, ev->case_no, &c);
    if (e == ERR_OK) e = complaint_clock_run(st, &c, st->type->kind, ev);
    if (e == ERR_OK) e = tell_rooms(st, &c, ev);
    if (e == ERR_OK) complaint_put(st, &c);
    return e;
}

enum err complaint_case_fact(struct step *st, const void *payload)
{
    bool begins = st->type->kind == EV_complaint_received;
    if (!begins && !is_known(st->type->kind)) return ERR_STALE;
    const struct shape *s = st->type->shape();
    struct str no = paper_text(s, payload, "case_no");
    struct complaint c;
    enum err e = complaint_get(st, no, &c);
    /* A service complaint is visited, too: a paper takes it. */
    if (e == ERR_NOT_FOUND && st->type->kind == EV_complaint_visited) return ERR_STALE;
    if (e == ERR_OK || e == ERR_NOT_FOUND) e = complaint_may(st, paper_text(s, payload, "by_unit"));
    if (e == ERR_OK && begins) return begin(st, payload);
    if (e == ERR_OK) e = complaint_find(st, no, "case_no", &c);
    return e == ERR_OK ? apply(st, &c, payload) : e;
}

enum err complaint_case_passed(struct step *st, const struct passed *what)
{
    (void)st, (void)what;
    return ERR_OK;
}
