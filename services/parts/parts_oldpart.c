/* parts_oldpart.c - the old part 三包舊件: expected when the new one is used, brought back, marked,
 * inspected, analysed, dealt with; or documented as not coming.
 *
 * A number stands for pieces that go one way together: when some come back, those that do not are
 * expected under another number, as of the same use. In the ledger they stand as owed until they
 * are back, may be written off, and leave. What is found in it is parts_oldpart_judge.c. Rules
 * PRT-020, PRT-021, PRT-024 … PRT-027, PRT-029, PRT-031, PRT-067, PRT-071. */
#include "common/contract.h"
#include "services/parts/parts_private.h"

enum err parts_oldpart_find(struct step *st, struct str no, const char *field, struct oldpart *out)
{
    struct key k = key_of(no);
    out->no = no;
    enum err e = step_get(st, PARTS_TABLE(OLDPART), &k, &out->r);
    if (e != ERR_NOT_FOUND) return e;
    return step_refuse(st, "unknown_number", field,
                       "there is no old part %.*s; it begins with part.used or oldpart.returned",
                       STR_ARG(no));
}

void parts_oldpart_put(struct step *st, const struct oldpart *o)
{
    struct key k = key_of(o->no);
    step_put(st, PARTS_TABLE(OLDPART), &k, &o->r);
}

struct str parts_oldpart_holder(const struct rec_row_oldpart *r)
{
    return r->person.n ? r->person : r->unit;
}

static enum err policy_of(struct step *st, const struct rec_row_oldpart *r,
                          const struct parts_policy **out)
{
    return parts_policy_for(st, r->call_no, r->unit, out);
}

/* ---- the ledger ---- */

enum err parts_oldpart_move(struct step *st, struct rec_row_oldpart *r, struct str from_holder,
                            enum ledger_place to, struct str to_holder)
{
    if (!r->doc || r->place == to) return ERR_OK;
    struct parts_move m = {.doc = r->doc,
                           .doc_no = r->doc_no,
                           .line = (uint32_t)r->line,
                           .part_no = r->part_no,
                           .from = r->place,
                           .to = to,
                           .from_holder = from_holder,
                           .to_holder = to_holder,
                           .qty = (int64_t)r->qty};
    r->place = to;
    return parts_move(st, &m);
}

bool parts_oldpart_clears(const struct parts_policy *p, bool cleared)
{
    return p->writeoff != PARTS_WRITEOFF_report || cleared;
}

/* It is back: written off, if it may be. `owner` had it until now. */
static enum err write_off(struct step *st, struct rec_row_oldpart *r, struct str owner)
{
    const struct parts_policy *p;
    enum err e = policy_of(st, r, &p);
    if (e != ERR_OK || !parts_oldpart_clears(p, r->cleared)) return e;
    return parts_oldpart_move(st, r, owner, ledger_place_old, r->unit);
}

enum err parts_oldpart_leave(struct step *st, struct oldpart *o)
{
    if (o->r.doc && o->r.place != ledger_place_old) {
        return step_refuse(st, "not_written_off", "old_no",
                           "old part %.*s is not written off 銷帳: the report of the use lacks the "
                           "user's signature or the leader's consent (user_signed and leader_ok of "
                           "oldpart.labelled)",
                           STR_ARG(o->no));
    }
    enum err e = parts_oldpart_move(st, &o->r, o->r.unit, ledger_place_gone, (struct str){0});
    if (e != ERR_OK || !o->r.month) return e;
    e = parts_old_count(st, o->r.unit, o->r.month, -1);
    o->r.month = 0;
    return e;
}

/* ---- expected (PRT-024) ---- */

static enum err next_number(struct step *st, struct str *out)
{
    struct key k = key_of(STR("")), of;
    struct rec_row_oldpart_running n = {0};
    struct rec_row_oldpart taken;
    enum err e = step_get(st, PARTS_TABLE(OLDPART_RUNNING), &k, &n);
    if (e != ERR_OK && e != ERR_NOT_FOUND) return e;
    do { /* whoever brings what nobody expected may have used such a number */
        *out = arena_printf(st->arena, "OP-%llu", (unsigned long long)++n.last);
        of = key_of(*out);
        e = step_get(st, PARTS_TABLE(OLDPART), &of, &taken);
    } while (e == ERR_OK);
    if (e != ERR_NOT_FOUND) return e;
    step_put(st, PARTS_TABLE(OLDPART_RUNNING), &k, &n);
    return ERR_OK;
}

static enum err duty_of(struct step *st, const struct parts_policy *p, struct str part_no,
                        enum oldpart_duty *out)
{
    struct rec_row_item item;
    enum err e = parts_item_get(st, part_no, &item);
    bool must = p->old_parts == PARTS_OLD_all ||
                (p->old_parts == PARTS_OLD_classes && words_have(p->return_classes, item.class));
    *out = must ? oldpart_duty_must : oldpart_duty_wanted;
    return e;
}

static int64_t value_of(uint64_t qty, int64_t unit_cost)
{
    int64_t v;
    bool over = __builtin_mul_overflow((int64_t)qty, unit_cost, &v);
    return over || v > INT64_C(1000000000000000) ? INT64_C(1000000000000000) : v;
}

enum err parts_oldpart_expect(struct step *st, struct ev_oldpart_expected *ev)
{
    enum err e = next_number(st, &ev->old_no);
    ev->value = value_of(ev->qty, ev->unit_cost);
    if (e == ERR_OK) e = paper_act(st, &parts_oldpart_paper, EV_oldpart_expected, ev);
    return e == ERR_OK ? parts_oldpart_carried_before(st, ev->old_no) : e;
}

/* Were these pieces moved to what is owed: the policy of a note may be another by now. */
static enum err find_place(struct step *st, struct ev_oldpart_expected *ev)
{
    struct parts_move of = {.doc = ev->doc, .doc_no = ev->doc_no, .line = (uint32_t)ev->line};
    struct rec_row_ledger_line line;
    uint64_t out, back;
    enum err e = parts_line_get(st, ev->doc, ev->doc_no, of.line, &line);
    if (e == ERR_OK) e = parts_oldpart_owed(st, &of, &out, &back);
    if (e != ERR_OK) return e == ERR_NOT_FOUND ? ERR_CORRUPT : e;
    uint64_t owed = (uint64_t)parts_line_at(&line, ledger_place_owed);
    ev->place = owed >= out + back + ev->qty ? ledger_place_owed : ledger_place_used;
    return ERR_OK;
}

static enum err used(struct step *st, const struct parts_policy *p, struct ev_oldpart_expected ev)
{
    bool asked = ev.duty == oldpart_duty_must || ev.carried || p->old_parts != PARTS_OLD_none;
    if (ev.posted) ev.duty = oldpart_duty_wanted;
    enum err e = ev.qty ? find_place(st, &ev) : ERR_OK;
    if (e != ERR_OK || ev.qty == 0 || (!asked && ev.place != ledger_place_owed)) return e;
    return parts_oldpart_expect(st, &ev);
}

enum err parts_oldpart_used(struct step *st, const struct ev_oldpart_expected *use,
                            uint64_t carried)
{
    const struct parts_policy *p;
    struct ev_oldpart_expected along = *use, left = *use;
    enum err e = parts_policy_for(st, use->call_no, use->unit, &p);
    if (e == ERR_OK) e = duty_of(st, p, use->part_no, &along.duty);
    if (e == ERR_OK) e = parts_oldpart_is_posted(st, p, use->doc, use->doc_no, &along.posted);
    if (e != ERR_OK) return e;
    left.duty = along.duty, left.posted = along.posted;
    along.carried = true, along.qty = carried < use->qty ? carried : use->qty;
    left.qty = use->qty - along.qty;
    e = used(st, p, along);
    return e == ERR_OK ? used(st, p, left) : e;
}

static void keep(struct step *st, const struct table *t, struct key k, struct str no,
                 int64_t used_ms)
{
    struct rec_row_oldpart_of row = {used_ms};
    key_str(&k, no);
    step_put(st, t, &k, &row);
}

static bool is_due_back(struct step *st, const struct deadline_ctx *c, const void *payload)
{
    const struct ev_oldpart_expected *ev = payload;
    const struct parts_policy *p;
    if (parts_policy_for(st, ev->call_no, c->unit, &p) != ERR_OK) return false;
    return p->return_clock && ev->duty == oldpart_duty_must;
}

/* What goes into the next claims list is judged by the maker, not here. */
static bool is_analysed_here(struct step *st, const struct deadline_ctx *c, const void *payload)
{
    const struct rec_row_oldpart *r = c->row;
    const struct parts_policy *p;
    (void)payload;
    bool open = !r->analysed_at && r->state < oldpart_state_analysed;
    return open && policy_of(st, r, &p) == ERR_OK && p->writeoff != PARTS_WRITEOFF_claimlist;
}

static const struct deadline_row clocks[] = {
    [PARTS_OLDPART_RETURN] = {.name = "oldpart.return",
                              .rule = "PRT-025",
                              .from = FROM_START,
                              .due = DUE_SETTING,
                              .start = {EV_oldpart_expected},
                              .stop = {EV_oldpart_returned},
                              .starts = is_due_back},
    [PARTS_OLDPART_ANALYSE] = {.name = "oldpart.analyse",
                               .rule = "PRT-027",
                               .from = FROM_START,
                               .due = DUE_SETTING,
                               .start = {EV_oldpart_returned, EV_oldpart_claimed},
                               .stop = {EV_oldpart_analysed},
                               .starts = is_analysed_here},
};

static enum err on_expected(struct step *st, const void *payload, void *row)
{
    const struct ev_oldpart_expected *ev = payload;
    struct paper_at *a = row;
    struct rec_row_oldpart *r = a->row;
    r->state = ev->posted ? oldpart_state_expected_if_possible : oldpart_state_expected;
    a->start_ms = ev->used_at;
    struct key line = parts_line_key(ev->doc, ev->doc_no, (uint32_t)ev->line),
               call = key_of(ev->call_no);
    if (ev->doc) keep(st, PARTS_TABLE(OLDPART_OF), line, ev->old_no, ev->used_at);
    if (ev->call_no.n) keep(st, PARTS_TABLE(OLDPART_CALL), call, ev->old_no, ev->used_at);
    if (r->duty != oldpart_duty_must) return ERR_OK;
    return parts_old_owes(st, parts_oldpart_holder(r), (int64_t)r->qty, r->value, 0);
}

/* ---- overdue ---- */

enum err parts_oldpart_overdue(struct step *st, struct str case_no)
{
    static const struct str prefix = {"oldpart/", 8};
    struct oldpart o;
    REQUIRE(case_no.n > prefix.n);
    struct str no = {case_no.p + prefix.n, case_no.n - prefix.n};
    enum err e = parts_oldpart_find(st, no, "old_no", &o);
    if (e != ERR_OK || o.r.state != oldpart_state_expected) return e;
    o.r.state = oldpart_state_overdue;
    parts_oldpart_put(st, &o);
    return parts_old_owes(st, parts_oldpart_holder(&o.r), 0, 0, 1);
}

/* ---- returned (PRT-026) ---- */

#define OWED                                                                                       \
    (IN(oldpart_state_expected) | IN(oldpart_state_overdue) |                                      \
     IN(oldpart_state_expected_if_possible))

enum err parts_oldpart_hand_in(struct step *st, struct str no)
{
    struct ev_oldpart_returned ev = {.old_no = no};
    return paper_act(st, &parts_oldpart_paper, EV_oldpart_returned, &ev);
}

/* The first one of the document line that is still owed. */
static enum err first_owed(struct step *st, const struct ev_oldpart_returned *ev, struct str *out)
{
    struct key prefix = parts_line_key(ev->doc, ev->doc_no, (uint32_t)ev->line), at = {.n = 0};
    struct rec_row_oldpart_of of;
    enum err e;
    while ((e = step_next(st, PARTS_TABLE(OLDPART_OF), &prefix, &at, &of)) == ERR_OK) {
        struct key_reader r = {{at.b + prefix.n, at.n - prefix.n}};
        struct oldpart o;
        struct str no;
        e = key_take_str(&r, &no);
        if (e == ERR_OK) e = parts_oldpart_find(st, no, "old_no", &o);
        if (e != ERR_OK) return e;
        *out = arena_printf(st->arena, "%.*s", STR_ARG(no));
        if (OWED & IN(o.r.state)) return ERR_OK;
    }
    if (e != ERR_END) return e;
    return step_refuse(st, "not_expected", "doc_no",
                       "no old part of %s %.*s line %llu is still to come back; part.used comes "
                       "first, or give it a number of its own (old_no, without doc_no)",
                       code_label(&codes_parts_doc, ev->doc), STR_ARG(ev->doc_no),
                       (unsigned long long)ev->line);
}

static enum err returned(struct step *st, const struct ev_oldpart_returned *said)
{
    struct ev_oldpart_returned ev = *said;
    if (ev.old_no.n) return paper_fact(st, &parts_oldpart_paper, &ev);
    if (!ev.doc || !ev.doc_no.n) {
        return step_refuse(st, "missing", "old_no",
                           "say which old part it is: its number, or doc and doc_no of the "
                           "document the new part came with");
    }
    enum err e = first_owed(st, said, &ev.old_no);
    if (e != ERR_OK) return e;
    step_complete(st, &ev);
    return paper_fact(st, &parts_oldpart_paper, &ev);
}

/* PRT-071: one old part comes back once. */
static enum err check_serial(struct step *st, const struct rec_row_oldpart *r, struct str no)
{
    struct key k = key_of(r->part_no);
    struct rec_row_oldpart_serial s = {no}, used;
    if (!r->serial.n) return ERR_OK;
    st->rule = "PRT-071";
    if (r->qty != 1) {
        return step_refuse(st, "quantity", "serial",
                           "a serial number is that of one piece, not %llu",
                           (unsigned long long)r->qty);
    }
    key_str(&k, r->serial);
    enum err e = step_get(st, PARTS_TABLE(OLDPART_SERIAL), &k, &used);
    if (e == ERR_OK) {
        return step_refuse(st, "used_twice", "serial",
                           "%.*s %.*s came back already, as old part %.*s; an old part counts once",
                           STR_ARG(r->part_no), STR_ARG(r->serial), STR_ARG(used.old_no));
    }
    if (e == ERR_NOT_FOUND) step_put(st, PARTS_TABLE(OLDPART_SERIAL), &k, &s);
    return e == ERR_NOT_FOUND ? ERR_OK : e;
}

static enum err take_in(struct step *st, struct rec_row_oldpart *r, struct str no)
{
    const struct parts_policy *p;
    enum err e = policy_of(st, r, &p);
    if (e == ERR_OK) e = check_serial(st, r, no);
    if (e == ERR_OK) e = parts_oldpart_link(st, r, no);
    if (e != ERR_OK || !p->monthly_disposal) return e;
    r->month = parts_old_month(st, r->unit, step_occurred(st));
    return parts_old_count(st, r->unit, r->month, 1);
}

static enum err on_stranger(struct step *st, const void *payload, void *row)
{
    const struct ev_oldpart_returned *ev = payload;
    struct rec_row_oldpart *r = ((struct paper_at *)row)->row;
    if (ev->doc || ev->doc_no.n) {
        return step_refuse(st, "unknown_number", "old_no",
                           "there is no old part %.*s; leave old_no out for the first one owed of "
                           "the document, or doc_no when nobody expected it",
                           STR_ARG(ev->old_no));
    }
    if (!ev->part_no.n) {
        return step_refuse(st, "missing", "part_no",
                           "nobody expected old part %.*s; say what part it is",
                           STR_ARG(ev->old_no));
    }
    if (!r->qty) r->qty = 1;
    r->duty = oldpart_duty_wanted;
    return take_in(st, r, ev->old_no);
}

static enum err refuse_other(struct step *st, const char *field, struct str no, struct str is,
                             struct str said)
{
    return step_refuse(st, "other_part", field, "old part %.*s belongs to %.*s, not to %.*s",
                       STR_ARG(no), STR_ARG(is), STR_ARG(said));
}

static enum err check_same(struct step *st, const struct ev_oldpart_returned *ev,
                           const struct rec_row_oldpart *was)
{
    if (ev->part_no.n && !str_eq(ev->part_no, was->part_no))
        return refuse_other(st, "part_no", ev->old_no, was->part_no, ev->part_no);
    bool same = ev->doc == was->doc && str_eq(ev->doc_no, was->doc_no) && ev->line == was->line;
    if (ev->doc_no.n && !same)
        return refuse_other(st, "doc_no", ev->old_no, was->doc_no, ev->doc_no);
    if (ev->qty <= was->qty) return ERR_OK;
    return step_refuse(st, "quantity", "qty", "%llu came back and %llu are owed as %.*s",
                       (unsigned long long)ev->qty, (unsigned long long)was->qty,
                       STR_ARG(ev->old_no));
}

struct ev_oldpart_expected parts_oldpart_rest(const struct oldpart *o, uint64_t qty)
{
    const struct rec_row_oldpart *r = &o->r;
    return (struct ev_oldpart_expected){.doc = r->doc,
                                        .doc_no = r->doc_no,
                                        .line = r->line,
                                        .part_no = r->part_no,
                                        .qty = qty,
                                        .duty = r->duty,
                                        .unit = r->unit,
                                        .person = r->person,
                                        .call_no = r->call_no,
                                        .unit_cost = r->unit_cost,
                                        .report = r->report,
                                        .cleared = r->cleared,
                                        .place = r->place,
                                        .carried = r->carried,
                                        .used_at = r->used_at,
                                        .remains_of = o->no,
                                        .posted = r->posted};
}

/* Those that did not come are expected under another number, as of the same use. */
static enum err split(struct step *st, const struct ev_oldpart_returned *ev,
                      const struct rec_row_oldpart *was)
{
    struct oldpart o = {ev->old_no, *was};
    if (!ev->qty || ev->qty == was->qty) return ERR_OK;
    struct ev_oldpart_expected rest = parts_oldpart_rest(&o, was->qty - ev->qty);
    return parts_oldpart_expect(st, &rest);
}

static enum err on_returned(struct step *st, const void *payload, void *row)
{
    const struct ev_oldpart_returned *ev = payload;
    struct rec_row_oldpart *r = ((struct paper_at *)row)->row, was;
    enum err e = paper_get(st, &parts_oldpart_paper, shape_ev_oldpart_returned(), ev, &was);
    if (e == ERR_OK) e = check_same(st, ev, &was);
    if (e != ERR_OK) return e;
    r->doc = was.doc, r->line = was.line;
    r->value = value_of(r->qty, r->unit_cost);
    if (ev->user_signed == yes_no_yes && ev->leader_ok == yes_no_yes) r->cleared = true;
    if (was.duty == oldpart_duty_must) {
        bool overdue = was.state == oldpart_state_overdue;
        e = parts_old_owes(st, parts_oldpart_holder(&was), -(int64_t)was.qty, -was.value,
                           overdue ? -1 : 0);
    }
    if (e == ERR_OK) e = write_off(st, r, parts_oldpart_holder(&was));
    if (r->place == ledger_place_owed) r->unit = was.unit; /* whose account it still stands in */
    if (e == ERR_OK) e = split(st, ev, &was);
    return e == ERR_OK ? take_in(st, r, ev->old_no) : e;
}

/* ---- marked ---- */

static enum err on_labelled(struct step *st, const void *payload, void *row)
{
    const struct ev_oldpart_labelled *ev = payload;
    struct rec_row_oldpart *r = ((struct paper_at *)row)->row;
    if (ev->user_signed == yes_no_yes && ev->leader_ok == yes_no_yes) r->cleared = true;
    if (!r->doc || r->place == ledger_place_old) return ERR_OK;
    return write_off(st, r, parts_oldpart_holder(r));
}

/* It is marked again for the signatures that it lacked until now. */
static enum err on_signed(struct step *st, const void *payload, void *row)
{
    const struct ev_oldpart_labelled *ev = payload;
    const struct rec_row_oldpart *r = ((struct paper_at *)row)->row;
    if (r->doc && r->place != ledger_place_old) return on_labelled(st, payload, row);
    return step_refuse(st, "state", "old_no",
                       "old part %.*s is marked already and lacks no signature to be written off",
                       STR_ARG(ev->old_no));
}

/* ---- dealt with, or not to come ---- */

static enum err on_disposed(struct step *st, const void *payload, void *row)
{
    const struct ev_oldpart_disposed *ev = payload;
    struct rec_row_oldpart *r = ((struct paper_at *)row)->row;
    struct oldpart o = {ev->old_no, *r};
    enum err e = parts_oldpart_leave(st, &o);
    if (e == ERR_OK) *r = o.r;
    return e;
}

/* Lost pieces are lost; those that cannot be had back are used up without return (PRT-017). */
static enum err on_lost(struct step *st, const void *payload, void *row)
{
    const struct ev_oldpart_lost *ev = payload;
    struct paper_at *a = row;
    struct rec_row_oldpart *r = a->row;
    bool overdue = a->before == oldpart_state_overdue, must = r->duty == oldpart_duty_must;
    enum ledger_place to = ev->gap == oldpart_gap_lost ? ledger_place_lost : ledger_place_used;
    enum err e = ERR_OK;
    if (!ev->approved_by.n && r->place != ledger_place_lost) { /* where the store moved it */
        return step_refuse(st, "missing", "approved_by",
                           "name the leader who consented that old part %.*s does not come back",
                           STR_ARG(ev->old_no));
    }
    if (must)
        e = parts_old_owes(st, parts_oldpart_holder(r), -(int64_t)r->qty, -r->value,
                           overdue ? -1 : 0);
    if (e != ERR_OK || r->place != ledger_place_owed) return e;
    struct str holder = parts_oldpart_holder(r), none = {0};
    return parts_oldpart_move(st, r, holder, to, to == ledger_place_used ? holder : none);
}

/* ---- machine ---- */

#define BACK                                                                                       \
    (IN(oldpart_state_returned) | IN(oldpart_state_labelled) | IN(oldpart_state_inspected) |       \
     IN(oldpart_state_analysed))
#define MARKED                                                                                     \
    (IN(oldpart_state_labelled) | IN(oldpart_state_inspected) | IN(oldpart_state_analysed) |       \
     IN(oldpart_state_on_return_note))
#define SEEN                                                                                       \
    (IN(oldpart_state_inspected) | IN(oldpart_state_analysed) | IN(oldpart_state_on_return_note) | \
     IN(oldpart_state_on_claimlist) | IN(oldpart_state_in_store) | IN(oldpart_state_offset) |      \
     IN(oldpart_state_disposed))

static const struct transition rows[] = {
    {EV_oldpart_expected, PAPER_NEW, 0, on_expected, "PRT-024"},
    {EV_oldpart_posted, IN(oldpart_state_expected) | IN(oldpart_state_overdue),
     oldpart_state_expected_if_possible, parts_oldpart_on_posted, "PRT-020"},
    {EV_oldpart_returned, PAPER_NEW, oldpart_state_returned, on_stranger, "PRT-026"},
    {EV_oldpart_returned, OWED, oldpart_state_returned, on_returned, "PRT-026"},
    {EV_oldpart_labelled, IN(oldpart_state_returned), oldpart_state_labelled, on_labelled,
     "PRT-026"},
    {EV_oldpart_labelled, MARKED, 0, on_signed, "PRT-026"},
    {EV_oldpart_linked, BACK, 0, parts_oldpart_on_linked, "PRT-026"},
    {EV_oldpart_inspected, IN(oldpart_state_labelled), oldpart_state_inspected,
     parts_oldpart_on_inspected, "PRT-029"},
    {EV_oldpart_mismatch, SEEN, 0, parts_mismatch_decided, "PRT-029"},
    {EV_oldpart_analysed, IN(oldpart_state_inspected), oldpart_state_analysed,
     parts_oldpart_on_analysed, "PRT-027"},
    {EV_oldpart_disposed, BACK, oldpart_state_disposed, on_disposed, "PRT-031"},
    {EV_oldpart_lost, OWED, oldpart_state_lost, on_lost, "PRT-067"},
    {EV_oldpart_claimed, IN(oldpart_state_on_claimlist), 0, parts_oldpart_on_claimed, "PRT-035"},
};

const struct paper parts_oldpart_paper = {.name = "oldpart",
                                          .label = "old part 舊件",
                                          .table = PARTS_TABLE(OLDPART),
                                          .states = &codes_oldpart_state,
                                          .keys = {"old_no"},
                                          PAPER_ROWS(rows),
                                          PAPER_CLOCKS(clocks),
                                          .drops = IN(oldpart_state_lost) |
                                                   IN(oldpart_state_disposed) |
                                                   IN(oldpart_state_expected_if_possible)};

enum err parts_oldpart_fact(struct step *st, const void *payload)
{
    if (st->type->kind == EV_oldpart_returned) return returned(st, payload);
    enum err e = paper_fact(st, &parts_oldpart_paper, payload);
    if (e != ERR_OK || st->type->kind != EV_oldpart_analysed) return e;
    return parts_secondary_analysed(st, payload);
}
