/* parts_oldpart_posted.c - old parts of what was posted 郵寄發運: where the parts policy says so
 * they are recovered as far as possible 盡可能收回. Nobody owes them and no clock runs; what comes
 * back is taken in like any other, and what does not come needs no document. The signatures of the
 * use are not spared: without them its pieces stay owed in the ledger, until the old part comes
 * back with them, or a document says that it does not come.
 *
 * A document is posted by its shipment, be that told before the use or after it. Rules PRT-020,
 * PRT-021. */
#include "services/parts/parts_private.h"

enum err parts_oldpart_is_posted(struct step *st, const struct parts_policy *p, enum parts_doc doc,
                                 struct str doc_no, bool *out)
{
    struct key k = parts_doc_key(doc, doc_no);
    struct rec_row_mark mark;
    *out = false;
    if (!p->posted_if_possible) return ERR_OK;
    enum err e = step_get(st, PARTS_TABLE(OLDPART_POSTED), &k, &mark);
    *out = e == ERR_OK;
    return e == ERR_NOT_FOUND ? ERR_OK : e;
}

enum err parts_oldpart_on_posted(struct step *st, const void *payload, void *row)
{
    const struct paper_at *a = row;
    struct rec_row_oldpart *r = a->row;
    struct str holder = parts_oldpart_holder(r);
    bool overdue = a->before == oldpart_state_overdue;
    const struct parts_policy *p;
    enum err e = parts_policy_for(st, r->call_no, r->unit, &p);
    (void)payload;
    if (e == ERR_OK && r->duty == oldpart_duty_must)
        e = parts_old_owes(st, holder, -(int64_t)r->qty, -r->value, overdue ? -1 : 0);
    r->duty = oldpart_duty_wanted;
    r->posted = true;
    if (e != ERR_OK || r->place != ledger_place_owed) return e;
    if (!parts_oldpart_clears(p, r->cleared)) return ERR_OK;
    return parts_oldpart_move(st, r, holder, ledger_place_used, holder);
}

static enum err ease(struct step *st, struct str no)
{
    struct oldpart o;
    const struct parts_policy *p;
    enum err e = parts_oldpart_find(st, no, "doc_no", &o);
    if (e == ERR_OK) e = parts_policy_for(st, o.r.call_no, o.r.unit, &p);
    if (e != ERR_OK || !p->posted_if_possible) return e;
    bool out = o.r.state == oldpart_state_expected || o.r.state == oldpart_state_overdue;
    struct ev_oldpart_posted ev = {.old_no = no, .doc = o.r.doc, .doc_no = o.r.doc_no};
    return out ? paper_act(st, &parts_oldpart_paper, EV_oldpart_posted, &ev) : ERR_OK;
}

enum err parts_oldpart_posted(struct step *st, enum parts_doc doc, struct str doc_no)
{
    struct key prefix = parts_doc_key(doc, doc_no), at = {.n = 0};
    struct rec_row_oldpart_of of;
    enum err e;
    step_put(st, PARTS_TABLE(OLDPART_POSTED), &prefix, &(struct rec_row_mark){0});
    while ((e = step_next(st, PARTS_TABLE(OLDPART_OF), &prefix, &at, &of)) == ERR_OK) {
        struct key_reader r = {{at.b + prefix.n, at.n - prefix.n}};
        uint64_t line;
        struct str no;
        e = key_take_u64(&r, &line);
        if (e == ERR_OK) e = key_take_str(&r, &no);
        if (e == ERR_OK) e = ease(st, arena_str(st->arena, no));
        if (e != ERR_OK) return e;
    }
    return e == ERR_END ? ERR_OK : e;
}
