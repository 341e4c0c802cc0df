/* parts_oldpart_report.c - an old part and its abnormality report 產品異常信息報告: the one its
 * note was made out for, attached when it comes back. What the sender names is known, and that of
 * the note. Rule PRT-026. */
#include "services/parts/parts_private.h"

static enum err note_of(struct step *st, const struct rec_row_oldpart *r, struct rec_row_issue *out)
{
    *out = (struct rec_row_issue){0};
    enum err e = r->doc == parts_doc_issue ? parts_note_get(st, r->doc_no, out) : ERR_OK;
    return e == ERR_NOT_FOUND ? ERR_OK : e;
}

static enum err check(struct step *st, const struct rec_row_oldpart *r, struct str said)
{
    struct rec_row_parts_report report;
    struct rec_row_issue note;
    if (!said.n) return ERR_OK;
    enum err e = parts_report_get(st, said, &report);
    st->rule = "PRT-026";
    if (e == ERR_NOT_FOUND) {
        return step_refuse(st, "unknown_report", "abnormal_no",
                           "there is no abnormality report %.*s; it begins with abnormal.logged",
                           STR_ARG(said));
    }
    if (e == ERR_OK) e = note_of(st, r, &note);
    if (e != ERR_OK || !note.abnormal_no.n || str_eq(said, note.abnormal_no)) return e;
    return step_refuse(st, "other_report", "abnormal_no",
                       "note 三包單 %.*s, with which the new part came, rests on report %.*s, not "
                       "on %.*s",
                       STR_ARG(r->doc_no), STR_ARG(note.abnormal_no), STR_ARG(said));
}

/* With its report, if there is one; without, where the policy asks for one, it is unmatched. */
enum err parts_oldpart_link(struct step *st, struct rec_row_oldpart *r, struct str no)
{
    const struct parts_policy *p;
    struct rec_row_issue note;
    enum err e = check(st, r, r->abnormal_no);
    if (e == ERR_OK) e = note_of(st, r, &note);
    if (e == ERR_OK) e = parts_policy_for(st, r->call_no, r->unit, &p);
    if (e != ERR_OK) return e;
    if (!r->abnormal_no.n) r->abnormal_no = note.abnormal_no;
    struct ev_oldpart_linked linked = {no, r->abnormal_no};
    struct ev_oldpart_unmatched lacks = {no, r->part_no, oldpart_unmatched_not_expected};
    if (r->doc) lacks.lacks = oldpart_unmatched_no_report;
    if (r->abnormal_no.n) step_emit_as(st, "PRT-026", EV_oldpart_linked, &linked);
    bool wants = p->request == PARTS_REQUEST_abnormal && !r->abnormal_no.n;
    if (!r->doc || wants) step_emit_as(st, "PRT-026", EV_oldpart_unmatched, &lacks);
    return ERR_OK;
}

enum err parts_oldpart_on_linked(struct step *st, const void *payload, void *row)
{
    const struct ev_oldpart_linked *ev = payload;
    return check(st, ((struct paper_at *)row)->row, ev->abnormal_no);
}
