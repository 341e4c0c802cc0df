/* parts_note_back.c - what was drawn on a three-guarantee note 三包單 and not used: it comes back
 * to a store unused, or it is lost and a document says so. So of each of its lines issued = used +
 * unused + lost, and what is left is in hand. Rules PRT-017, PRT-067. */
#include "services/parts/parts_private.h"

/* The move out of the hand of who drew the line. */
static enum err out_of_hand(struct step *st, struct str note_no, struct rec_row_issue *note,
                            struct parts_move *m)
{
    struct rec_row_ledger_line l;
    st->rule = "PRT-067";
    enum err e = parts_note_get(st, note_no, note);
    if (e == ERR_NOT_FOUND) {
        return step_refuse(st, "unknown_number", "note_no",
                           "there is no three-guarantee note 三包單 %.*s; it begins with "
                           "issue.opened",
                           STR_ARG(note_no));
    }
    m->doc = parts_doc_issue, m->doc_no = note_no;
    m->from = ledger_place_hand;
    if (e == ERR_OK) e = parts_line_named(st, m, &l);
    if (e != ERR_OK) return e;
    m->part_no = l.part_no;
    m->from_holder = parts_note_holder(note);
    return ERR_OK;
}

enum err parts_note_returned(struct step *st, const struct ev_stock_returned_unused *ev)
{
    struct parts_move m = {.line = (uint32_t)ev->line,
                           .part_no = ev->part_no,
                           .to = ledger_place_store,
                           .qty = (int64_t)ev->qty};
    struct rec_row_issue note;
    enum err e = out_of_hand(st, ev->note_no, &note, &m);
    if (e == ERR_OK) e = parts_store_of(st, ev->store.n ? ev->store : note.store, &m.to_holder);
    if (e == ERR_OK) e = parts_move(st, &m);
    return e == ERR_OK ? parts_card_issued(st, note.card_no, m.part_no, -m.qty) : e;
}

enum err parts_note_lost(struct step *st, const struct ev_stock_written_off *ev)
{
    struct parts_move m = {
        .line = (uint32_t)ev->line, .to = ledger_place_lost, .qty = (int64_t)ev->lost};
    struct rec_row_issue note;
    struct ev_stock_written_off full = *ev;
    if (ev->used || ev->old_qty || !ev->lost) {
        return step_refuse(
            st, "lost", "lost",
            "of a three-guarantee note 三包單 say how many are lost; what was used "
            "is told by part.used, its old part by oldpart.returned or oldpart.lost");
    }
    if (!ev->document.n) {
        return step_refuse(st, "no_document", "document",
                           "lost parts are written off by a document; name it");
    }
    enum err e = out_of_hand(st, ev->note_no, &note, &m);
    m.to_holder = m.from_holder;
    if (e == ERR_OK) e = parts_move(st, &m);
    full.written_off = ev->lost;
    if (e == ERR_OK && !ev->written_off && !ev->outstanding) step_complete(st, &full);
    return e;
}
