/* parts_write_off.c - the write-off of parts that were used: on the service report, with the user's
 * signature, the leader's consent and the old part 銷帳依據. As many are written off as old parts
 * are there; where the parts policy asks for none back, all of them. Rules PRT-021, PRT-024. */
#include "services/parts/parts_private.h"

static enum err check_basis(struct step *st, const struct parts_write_off *u)
{
    if (u->report.n == 0) {
        return step_refuse(st, "no_report", "report",
                           "parts are written off on the service report 服務報告; name it");
    }
    if (u->user_signed != yes_no_yes) {
        return step_refuse(st, "not_signed", "user_signed",
                           "without the user's signature nothing is written off; the parts stay "
                           "with who has them");
    }
    if (u->leader_ok == yes_no_yes) return ERR_OK;
    return step_refuse(st, "not_approved", "leader_ok",
                       "without the leader's consent nothing is written off");
}

static enum err must_return(struct step *st, const struct parts_write_off *u, struct str part_no,
                            bool *out)
{
    const struct parts_policy *p;
    struct rec_row_item item;
    bool posted;
    enum err e = parts_policy_for(st, u->call_no, u->unit, &p);
    if (e == ERR_OK) e = parts_item_get(st, part_no, &item);
    if (e == ERR_OK) e = parts_oldpart_is_posted(st, p, u->from.doc, u->from.doc_no, &posted);
    if (e != ERR_OK) return e;
    *out = !posted &&
           (p->old_parts == PARTS_OLD_all ||
            (p->old_parts == PARTS_OLD_classes && words_have(p->return_classes, item.class)));
    return ERR_OK;
}

/* The move of `qty` pieces of the line; 0 is none. */
static enum err move(struct step *st, struct parts_move m, enum ledger_place from,
                     enum ledger_place to, struct str to_holder, uint64_t qty)
{
    m.from = from, m.to = to;
    m.to_holder = to_holder;
    m.qty = (int64_t)qty;
    return qty ? parts_move(st, &m) : ERR_OK;
}

/* So many old parts are there: those of what is out come with this write-off, the others are back
 * already, where they came to. */
static enum err take_old(struct step *st, const struct parts_write_off *u, struct parts_move m,
                         uint64_t old)
{
    struct rec_row_ledger_line l;
    uint64_t out, back;
    enum err e = parts_line_named(st, &m, &l);
    if (e == ERR_OK) e = parts_oldpart_owed(st, &m, &out, &back);
    if (e != ERR_OK) return e;
    uint64_t owed = (uint64_t)parts_line_at(&l, ledger_place_owed);
    uint64_t come = owed - back < old ? owed - back : old;
    e = move(st, m, ledger_place_owed, ledger_place_old, u->keeper, come);
    m.qty = (int64_t)(old - come);
    return e == ERR_OK && m.qty ? parts_oldpart_clear(st, &m) : e;
}

enum err parts_write_off(struct step *st, const struct parts_write_off *u, uint64_t *written_off)
{
    const char *rule = st->rule;
    struct rec_row_ledger_line l;
    bool must;
    st->rule = "PRT-021";
    enum err e = check_basis(st, u);
    if (e == ERR_OK) e = parts_line_named(st, &u->from, &l);
    if (e == ERR_OK) e = must_return(st, u, l.part_no, &must);
    if (e != ERR_OK) return e;
    struct parts_move m = u->from;
    m.part_no = l.part_no;
    e = move(st, m, u->from.from, ledger_place_owed, u->person, u->used);
    if (e != ERR_OK) return e;
    uint64_t owed = (uint64_t)parts_line_at(&l, ledger_place_owed) + u->used;
    uint64_t old = parts_write_off_allowed(owed, u->old_qty, u->user_signed, u->leader_ok);
    uint64_t rest = must || old > u->used ? 0 : u->used - old;
    m.from_holder = u->person;
    e = take_old(st, u, m, old);
    if (e == ERR_OK) e = move(st, m, ledger_place_owed, ledger_place_used, u->person, rest);
    *written_off = old + rest;
    st->rule = rule;
    return e;
}
