/* parts_audit.c - every document against every other: what the room of the audit hears, and
 * decisions that are taken back.
 *
 * A void card, a rejected bill or line stays as it is, with its reason; only the head of department
 * takes such a decision back, with a reason, and then both stay visible (PRT-069). Freight is in
 * parts_freight.c, charges in parts_charge.c, reports against cards in parts_audit_report.c, cards
 * outside the guarantee in parts_audit_fee.c, the audit of a month in parts_audit_month.c. */
#include "services/parts/parts_private.h"
#include <string.h>

/* ---- taken back (PRT-069) ---- */

static enum err check_head(struct step *st, const struct ev_audit_reversed *ev)
{
    struct str role = st->policy->parts.reversed_by;
    bool entitled;
    enum err e = parts_has_role(st, ev->by, role, &entitled);
    if (e != ERR_OK || entitled) return e;
    return step_refuse(st, "not_entitled", "by",
                       "only the head of department 部長 takes a decision back: name in by "
                       "somebody whose role is %.*s",
                       STR_ARG(role));
}

/* A rejected line passes, up to the standard, as long as the general manager has not approved the
 * form. */
static enum err reverse_line(struct step *st, struct ev_audit_reversed *ev)
{
    struct rec_row_expense r;
    struct parts_payable payable;
    struct key k = key_of(ev->ref);
    enum err e = step_get(st, PARTS_TABLE(EXPENSE), &k, &r);
    if (e != ERR_OK) return e;
    bool rejected = ev->line && ev->line <= r.results.n && ev->line <= r.lines.n &&
                    r.results.v[ev->line - 1].ok == yes_no_no;
    if (!rejected) return ERR_NOT_FOUND;
    if (r.state != expense_state_audited && r.state != expense_state_reviewed) {
        return step_refuse(st, "state", "ref",
                           "expense form 差旅費報銷單 %.*s is approved by the general manager; a "
                           "line is taken back before that",
                           STR_ARG(ev->ref));
    }
    struct rec_expense_result *result = &r.results.v[ev->line - 1];
    e = parts_expense_payable(st, ev->ref, &r, (uint32_t)ev->line - 1, &payable);
    if (e != ERR_OK) return e;
    result->ok = yes_no_yes;
    result->approved = payable.amount;
    r.approved += result->approved;
    ev->person = r.person;
    ev->amount = result->approved;
    step_put(st, PARTS_TABLE(EXPENSE), &k, &r);
    return ERR_OK;
}

static enum err take_back(struct step *st, struct ev_audit_reversed *ev)
{
    switch (ev->subject) {
    case audit_subject_abnormal:
        return parts_report_reverse(st, ev);
    case audit_subject_card:
        return parts_card_reverse(st, ev);
    case audit_subject_paid_card:
        return parts_paid_card_reverse(st, ev);
    case audit_subject_freight:
        return parts_freight_reverse(st, ev);
    case audit_subject_expense_line:
        return reverse_line(st, ev);
    case audit_subject_none:
        break;
    }
    return ERR_NOT_FOUND;
}

static enum err on_reversed(struct step *st, const struct ev_audit_reversed *said)
{
    struct ev_audit_reversed ev = *said;
    bool given = ev.person.n || ev.amount;
    if (ev.automatic) {
        return step_refuse(st, "automatic", "automatic",
                           "what is taken back of itself is written by parts alone; leave "
                           "automatic out and name the head of department in by");
    }
    enum err e = check_head(st, &ev);
    if (e == ERR_OK) e = take_back(st, &ev);
    if (e == ERR_OK && !given) step_complete(st, &ev);
    if (e != ERR_NOT_FOUND) return e;
    return step_refuse(st, "unknown_decision", "ref",
                       "no decision against %s %.*s stands; what was taken back once is not taken "
                       "back again",
                       code_label(&codes_audit_subject, ev.subject), STR_ARG(ev.ref));
}

/* ---- what other rooms do to documents ---- */

/* The document a fact of parts is about: `doc` and `doc_no` where it has them, the requisition it
 * names or the note in its place, else its own number when it is a paper that moves parts. */
static bool document_of(const struct event_type *type, const void *payload, enum parts_doc *doc,
                        struct str *doc_no)
{
    const struct shape *s = type->shape();
    const struct field *f = shape_field(s, STR("doc"));
    const char *dot = strchr(type->type, '.');
    REQUIRE(dot != NULL);
    struct str entity = {type->type, (uint32_t)(dot - type->type)};
    *doc_no = paper_text(s, payload, "doc_no");
    if (f && f->type == FT_CODE && f->codes == &codes_parts_doc && doc_no->n) {
        memcpy(doc, (const char *)payload + f->offset, sizeof *doc);
        return *doc != parts_doc_none;
    }
    *doc = parts_doc_requisition;
    *doc_no = paper_text(s, payload, "requisition_no");
    if (doc_no->n) return true;
    *doc = parts_doc_issue;
    *doc_no = paper_text(s, payload, "note_no");
    if (doc_no->n && shape_field(s, STR("requisition_no"))) return true;
    *doc = (enum parts_doc)code_number(&codes_parts_doc, entity);
    *doc_no = paper_text(s, payload, s->fields[0].name);
    return *doc != parts_doc_none && doc_no->n > 0;
}

/* Old parts of several documents are offset at once. */
static enum err offset(struct step *st, struct str old_no)
{
    struct rec_row_oldpart o;
    struct key k = key_of(old_no);
    enum err e = step_get(st, PARTS_TABLE(OLDPART), &k, &o);
    if (e != ERR_OK || !o.doc) return e;
    struct parts_booking of = {
        .doc = o.doc, .doc_no = o.doc_no, .unit = o.unit, .call_no = o.call_no};
    return parts_charge_drawn(st, &of);
}

static enum err returned(struct step *st, struct str note_no)
{
    struct rec_row_return_note note;
    struct key k = key_of(note_no);
    enum err e = step_get(st, PARTS_TABLE(RETURN_NOTE), &k, &note);
    for (uint32_t i = 0; e == ERR_OK && i < note.lines.n; i++)
        e = offset(st, note.lines.v[i].old_no);
    return e;
}

static enum err claimed(struct step *st, struct str list_no)
{
    struct rec_row_claimlist list;
    struct key k = key_of(list_no);
    enum err e = step_get(st, PARTS_TABLE(CLAIMLIST), &k, &list);
    for (uint32_t i = 0; e == ERR_OK && i < list.lines.n; i++) {
        if (list.lines.v[i].old_no.n) e = offset(st, list.lines.v[i].old_no);
    }
    return e;
}

enum err parts_audit_heard(struct step *st, const void *payload)
{
    const struct shape *s = st->type->shape();
    struct parts_booking of = {.unit = paper_text(s, payload, "unit"),
                               .call_no = paper_text(s, payload, "call_no")};
    if (st->type->kind == EV_return_note_in_store)
        return returned(st, paper_text(s, payload, "note_no"));
    if (st->type->kind == EV_claimlist_counted || st->type->kind == EV_claimlist_resolved)
        return claimed(st, paper_text(s, payload, "list_no"));
    if (!document_of(st->type, payload, &of.doc, &of.doc_no)) return ERR_OK;
    if (!of.unit.n) of.unit = st->in->source;
    enum err e = parts_charge_drawn(st, &of);
    bool waybill = paper_text(s, payload, "waybill").n > 0;
    return e == ERR_OK && waybill ? parts_freight_shipped(st, payload, &of) : e;
}

/* ---- what the room hears ---- */

static const struct paper *const papers[] = {&parts_freight, &parts_charge, &parts_paid_card, NULL};

enum err parts_audit_fact(struct step *st, const void *payload)
{
    if (st->type->kind == EV_audit_reversed) return on_reversed(st, payload);
    const struct paper *p = paper_of(papers, st->type->kind);
    return p ? paper_fact(st, p, payload) : ERR_STALE;
}

enum err parts_audit_upstream(struct step *st, const void *payload)
{
    if (st->from == OWNER_dispatch) return parts_charge_upstream(st, payload);
    return st->from == OWNER_intake ? parts_report_upstream(st, payload) : ERR_STALE;
}
