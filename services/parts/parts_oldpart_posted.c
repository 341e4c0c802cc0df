/* parts_oldpart_posted.c - old parts of what was posted 郵寄發運: where the parts policy says so
 * they are recovered as far as possible 盡可能收回. Nobody owes them and no clock runs; what comes
 * back is taken in like any other, and what does not come needs no document. The signatures of the
 * use are not spared: without them its pieces stay owed in the ledger, until the old part comes
 * back with them, or a document says that it does not come.
 *
 * A document is posted by its shipment, be that told before the use or after it; then those that
 * are expected already are eased portion by portion (parts_portion.c). Rules PRT-020, PRT-021. */
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

/* Takes one off *left when it is eased. */
static enum err ease(struct step *st, struct str no, uint32_t *left)
{
    struct oldpart o;
    const struct parts_policy *p;
    enum err e = parts_oldpart_find(st, no, "doc_no", &o);
    if (e == ERR_OK) e = parts_policy_for(st, o.r.call_no, o.r.unit, &p);
    if (e != ERR_OK || !p->posted_if_possible) return e;
    bool out = o.r.state == oldpart_state_expected || o.r.state == oldpart_state_overdue;
    if (!out) return ERR_OK;
    --*left;
    struct ev_oldpart_posted ev = {
        .old_no = arena_str(st->arena, no), .doc = o.r.doc, .doc_no = o.r.doc_no};
    return paper_act(st, &parts_oldpart_paper, EV_oldpart_posted, &ev);
}

#define POSTED "posted/"

static enum err ease_all(struct step *st, enum parts_doc doc, struct str doc_no)
{
    struct key prefix = parts_doc_key(doc, doc_no), at = {.n = 0};
    struct rec_row_oldpart_of of;
    uint32_t left = PARTS_PORTION_MAX;
    enum err e = ERR_OK;
    while (left && (e = step_next(st, PARTS_TABLE(OLDPART_OF), &prefix, &at, &of)) == ERR_OK) {
        struct key_reader r = {{at.b + prefix.n, at.n - prefix.n}};
        uint64_t line;
        struct str no;
        e = key_take_u64(&r, &line);
        if (e == ERR_OK) e = key_take_str(&r, &no);
        if (e == ERR_OK) e = ease(st, no, &left);
        if (e != ERR_OK) return e;
    }
    if (e != ERR_OK && e != ERR_END) return e;
    struct parts_portion next = {.case_no = arena_printf(st->arena, POSTED "%s/%.*s",
                                                         code_word(&codes_parts_doc, doc),
                                                         STR_ARG(doc_no)),
                                 .more = left == 0};
    return parts_portion_go_on(st, &next);
}

enum err parts_oldpart_posted(struct step *st, enum parts_doc doc, struct str doc_no)
{
    struct key k = parts_doc_key(doc, doc_no);
    step_put(st, PARTS_TABLE(OLDPART_POSTED), &k, &(struct rec_row_mark){0});
    return ease_all(st, doc, doc_no);
}

enum err parts_oldpart_posted_passed(struct step *st, const struct passed *what)
{
    struct str word = {what->case_no.p + sizeof POSTED - 1, 0}, doc_no;
    uint32_t rest = what->case_no.n - (uint32_t)(sizeof POSTED - 1);
    while (word.n < rest && word.p[word.n] != '/')
        word.n++;
    enum parts_doc doc = (enum parts_doc)code_number(&codes_parts_doc, word);
    if (!doc || word.n + 1 >= rest) return ERR_CORRUPT;
    doc_no = (struct str){word.p + word.n + 1, rest - word.n - 1};
    return ease_all(st, doc, arena_str(st->arena, doc_no));
}
