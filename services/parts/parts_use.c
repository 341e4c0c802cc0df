/* parts_use.c - a part is used: it leaves the hand, and its old part is owed; what may be written
 * off; and the parts of a repair card 修護卡 against what was issued for it.
 *
 * Where no old part has to come back, what is used is used for good at once; of what was posted
 * (PRT-020) only when it may be written off. Rules PRT-021, PRT-022, PRT-023, and PRT-024 for which
 * old part is owed. */
#include "common/contract.h"
#include "services/parts/parts_private.h"

uint64_t parts_write_off_allowed(uint64_t used, uint64_t old_parts, enum yes_no user_signed,
                                 enum yes_no leader_ok)
{
    if (user_signed != yes_no_yes || leader_ok != yes_no_yes) return 0;
    return used < old_parts ? used : old_parts;
}

/* What part.used has told of a line of any document, and who had its pieces in hand; zero when
 * nothing was used. */
static enum err use_get(struct step *st, enum parts_doc doc, struct str doc_no, uint32_t line,
                        struct rec_row_part_use *out)
{
    struct key k = parts_line_key(doc, doc_no, line);
    *out = (struct rec_row_part_use){0};
    enum err e = step_get(st, PARTS_TABLE(USE), &k, out);
    return e == ERR_NOT_FOUND ? ERR_OK : e;
}

/* ---- repair cards (PRT-023) ---- */

static struct key card_part_key(struct str card_no, struct str part_no)
{
    struct key k = key_of(card_no);
    key_str(&k, part_no);
    return k;
}

static enum err card_get(struct step *st, struct str card_no, struct rec_row_parts_card *out)
{
    struct key k = key_of(card_no);
    *out = (struct rec_row_parts_card){0};
    enum err e = step_get(st, PARTS_TABLE(CARD), &k, out);
    return e == ERR_NOT_FOUND ? ERR_OK : e;
}

/* Once the repair is finished, each difference is told once. */
static void compare(struct step *st, struct str card_no, struct str part_no,
                    struct rec_row_card_part *p)
{
    int64_t diff = (int64_t)p->on_card - (int64_t)p->issued;
    if (diff == p->told) return;
    p->told = diff;
    struct ev_repaircard_parts_mismatch ev = {.card_no = card_no,
                                              .part_no = part_no,
                                              .on_card = p->on_card,
                                              .issued = p->issued,
                                              .diff = diff};
    if (diff) step_emit_as(st, "PRT-023", EV_repaircard_parts_mismatch, &ev);
}

static enum err card_add(struct step *st, struct str card_no, struct str part_no, uint64_t on_card,
                         int64_t issued)
{
    struct key k = card_part_key(card_no, part_no);
    struct rec_row_card_part p = {0};
    struct rec_row_parts_card card;
    enum err e = step_get(st, PARTS_TABLE(CARD_PART), &k, &p);
    if (e == ERR_OK || e == ERR_NOT_FOUND) e = card_get(st, card_no, &card);
    if (e != ERR_OK) return e;
    p.on_card += on_card;
    p.issued += (uint64_t)issued;
    if (card.done) compare(st, card_no, part_no, &p);
    step_put(st, PARTS_TABLE(CARD_PART), &k, &p);
    return ERR_OK;
}

enum err parts_card_issued(struct step *st, struct str card_no, struct str part_no, int64_t qty)
{
    return card_no.n ? card_add(st, card_no, part_no, 0, qty) : ERR_OK;
}

static enum err on_work(struct step *st, const struct ev_repaircard_work_added *ev)
{
    enum err e = ERR_OK;
    for (uint32_t i = 0; e == ERR_OK && i < ev->parts.n; i++)
        e = card_add(st, ev->card_no, ev->parts.v[i].part_no, ev->parts.v[i].qty, 0);
    return e;
}

static enum err on_done(struct step *st, const struct ev_repair_done *ev)
{
    struct key k = key_of(ev->card_no), at = {.n = 0};
    struct rec_row_parts_card card = {.done = true};
    struct rec_row_card_part p;
    enum err e;
    step_put(st, PARTS_TABLE(CARD), &k, &card);
    while ((e = step_next(st, PARTS_TABLE(CARD_PART), &k, &at, &p)) == ERR_OK) {
        struct key_reader reader = {{at.b + k.n, at.n - k.n}};
        struct str part_no;
        e = key_take_str(&reader, &part_no);
        if (e != ERR_OK) return e;
        compare(st, ev->card_no, part_no, &p);
        step_put(st, PARTS_TABLE(CARD_PART), &at, &p);
    }
    return e == ERR_END ? ERR_OK : e;
}

enum err parts_card_upstream(struct step *st, const void *payload)
{
    if (st->from != OWNER_dispatch) return ERR_STALE;
    if (st->type->kind == EV_repaircard_work_added) return on_work(st, payload);
    return st->type->kind == EV_repair_done ? on_done(st, payload) : ERR_STALE;
}

/* ---- part.used ---- */

struct use {
    const struct ev_part_used *ev;
    struct rec_row_ledger_line line;
    struct rec_row_issue note; /* empty for other documents */
    struct str holder;
    const struct parts_policy *policy;
};

static enum err check_said(struct step *st, const struct ev_part_used *ev)
{
    const char *missing = !ev->reason.n ? "reason" : !ev->name.n ? "name" : !ev->qty ? "qty" : NULL;
    if (!missing) return ERR_OK;
    st->rule = "PRT-022";
    return step_refuse(st, "missing", missing,
                       "of a part that was replaced the report has the reason, the name and the "
                       "quantity; there is no %s",
                       missing);
}

static enum err load_line(struct step *st, struct use *u)
{
    const struct ev_part_used *ev = u->ev;
    enum err e = parts_line_get(st, ev->doc, ev->doc_no, (uint32_t)ev->line, &u->line);
    if (e == ERR_NOT_FOUND) {
        return step_refuse(st, "unknown_line", "line",
                           "nothing was drawn by %s %.*s, line %llu; report the drawing first",
                           code_label(&codes_parts_doc, ev->doc), STR_ARG(ev->doc_no),
                           (unsigned long long)ev->line);
    }
    if (e != ERR_OK || !ev->part_no.n || str_eq(ev->part_no, u->line.part_no)) return e;
    return step_refuse(st, "other_part", "part_no", "%.*s was drawn by this line, not %.*s",
                       STR_ARG(u->line.part_no), STR_ARG(ev->part_no));
}

static enum err load_note(struct step *st, struct use *u)
{
    u->note = (struct rec_row_issue){0};
    if (u->ev->doc != parts_doc_issue) return ERR_OK;
    enum err e = parts_note_get(st, u->ev->doc_no, &u->note);
    return e == ERR_NOT_FOUND ? ERR_OK : e;
}

/* Who drew the pieces of the document; a document that does not say leaves it open. */
static enum err drawn_by(struct step *st, const struct use *u, struct str *out)
{
    struct rec_row_requisition r = {0};
    struct key k = key_of(u->ev->doc_no);
    *out = parts_note_holder(&u->note);
    if (u->ev->doc != parts_doc_requisition) return ERR_OK;
    enum err e = step_get(st, PARTS_TABLE(REQUISITION), &k, &r);
    *out = r.person.n ? r.person : r.unit;
    return e == ERR_NOT_FOUND ? ERR_OK : e;
}

/* Whose hand it leaves. Nobody uses what another has: the pieces of a document are with who drew
 * them, however many of the part somebody else may have. */
static enum err find_holder(struct step *st, struct use *u)
{
    struct rec_row_ledger_balance b;
    struct str who;
    enum err e = drawn_by(st, u, &who);
    if (e != ERR_OK) return e;
    u->holder = who.n ? who : u->ev->person.n ? u->ev->person : st->in->source;
    if (u->ev->person.n && !str_eq(u->ev->person, u->holder)) {
        return step_refuse(st, "balance", "person",
                           "the %.*s of %s %.*s are in the hands of %.*s, not of %.*s; name the "
                           "document by which the used ones were drawn",
                           STR_ARG(u->line.part_no), code_label(&codes_parts_doc, u->ev->doc),
                           STR_ARG(u->ev->doc_no), STR_ARG(u->holder), STR_ARG(u->ev->person));
    }
    e = parts_balance(st, ledger_place_hand, u->holder, u->line.part_no, &b);
    if (e != ERR_OK || b.qty >= (int64_t)u->ev->qty) return e;
    return step_refuse(st, "balance", "person",
                       "%.*s has %lld of %.*s in hand; say who had the %llu that were used",
                       STR_ARG(u->holder), (long long)b.qty, STR_ARG(u->line.part_no),
                       (unsigned long long)u->ev->qty);
}

static enum err load_policy(struct step *st, struct use *u)
{
    if (u->note.policy.n) {
        u->policy = policy_parts(st->policy, u->note.policy);
        return ERR_OK;
    }
    return parts_policy_for(st, u->ev->call_no, st->in->source, &u->policy);
}

static enum err move(struct step *st, const struct use *u, enum ledger_place from,
                     enum ledger_place to)
{
    struct parts_move m = {.doc = u->ev->doc,
                           .doc_no = u->ev->doc_no,
                           .line = (uint32_t)u->ev->line,
                           .part_no = u->line.part_no,
                           .from = from,
                           .from_holder = u->holder,
                           .to = to,
                           .to_holder = u->holder,
                           .qty = (int64_t)u->ev->qty};
    return parts_move(st, &m);
}

static enum err is_owed(struct step *st, const struct use *u, bool *out)
{
    struct rec_row_item item;
    enum err e = parts_item_get(st, u->line.part_no, &item);
    bool posted;
    if (e == ERR_OK) {
        e = parts_oldpart_is_posted(st, u->policy, u->ev->doc, u->ev->doc_no, &posted);
    }
    if (e != ERR_OK) return e;
    bool cleared = u->ev->user_signed == yes_no_yes && u->ev->leader_ok == yes_no_yes;
    bool eased = posted && parts_oldpart_clears(u->policy, cleared);
    *out = !eased && (u->policy->old_parts == PARTS_OLD_all ||
                      (u->policy->old_parts == PARTS_OLD_classes && item.class.n &&
                       words_have(u->policy->return_classes, item.class)));
    return ERR_OK;
}

static enum err keep(struct step *st, const struct use *u)
{
    const struct ev_part_used *ev = u->ev;
    struct key k = parts_line_key(ev->doc, ev->doc_no, (uint32_t)ev->line);
    struct rec_row_part_use r;
    enum err e = use_get(st, ev->doc, ev->doc_no, (uint32_t)ev->line, &r);
    if (e != ERR_OK) return e;
    r.holder = u->holder;
    r.used += ev->qty;
    r.old_parts += ev->old_part_qty;
    r.write_off +=
        parts_write_off_allowed(ev->qty, ev->old_part_qty, ev->user_signed, ev->leader_ok);
    step_put(st, PARTS_TABLE(USE), &k, &r);
    return ERR_OK;
}

enum err parts_use_used(struct step *st, const void *payload)
{
    struct use u = {.ev = payload};
    bool owed = false;
    enum err e = check_said(st, u.ev);
    if (e == ERR_OK) e = load_line(st, &u);
    if (e == ERR_OK) e = load_note(st, &u);
    if (e == ERR_OK) e = find_holder(st, &u);
    if (e == ERR_OK) e = load_policy(st, &u);
    if (e == ERR_OK) e = move(st, &u, ledger_place_hand, ledger_place_owed);
    if (e == ERR_OK) e = is_owed(st, &u, &owed);
    if (e == ERR_OK && !owed) e = move(st, &u, ledger_place_owed, ledger_place_used);
    if (e == ERR_OK) e = keep(st, &u);
    bool counted = str_eq(u.ev->card_no, u.note.card_no); /* when the note was drawn */
    if (e != ERR_OK || counted) return e;
    return parts_card_issued(st, u.ev->card_no, u.line.part_no, (int64_t)u.ev->qty);
}
