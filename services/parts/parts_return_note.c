/* parts_return_note.c - the return note 三包銷退單: analysed old parts go back to the department
 * they came from, summed by manufacturer and specification; in its store they reduce the cost of
 * the guarantee. Rules PRT-027, PRT-028. */
#include "common/contract.h"
#include "services/parts/parts_private.h"
#include <string.h>

#define NOTE_LINES_MAX 200
#define NOTE_VALUE_MAX INT64_C(1000000000000000)

struct note {
    struct ev_return_note_opened ev;
    struct rec_return_group groups[NOTE_LINES_MAX];
    struct str dept; /* of its first line */
};

/* ---- groups: by manufacturer, then specification ---- */

static int compare(struct str a, struct str b)
{
    uint32_t n = a.n < b.n ? a.n : b.n;
    int c = n ? memcmp(a.p, b.p, n) : 0;
    return c ? c : a.n < b.n ? -1 : a.n > b.n;
}

static void add_group(struct note *n, struct str manufacturer, struct str spec, uint64_t qty)
{
    uint32_t i = 0;
    int c = 1;
    for (; i < n->ev.groups.n; i++) {
        c = compare(manufacturer, n->groups[i].manufacturer);
        if (c == 0) c = compare(spec, n->groups[i].spec);
        if (c <= 0) break;
    }
    if (i < n->ev.groups.n && c == 0) {
        n->groups[i].qty += qty;
        return;
    }
    memmove(&n->groups[i + 1], &n->groups[i], (n->ev.groups.n - i) * sizeof n->groups[0]);
    n->groups[i] = (struct rec_return_group){manufacturer, spec, qty};
    n->ev.groups.n++;
}

/* ---- opened ---- */

static enum err refuse_state(struct step *st, const struct oldpart *o)
{
    return step_refuse(st, "state", "lines",
                       "old part %.*s is %s %s; only what is analysed goes on a return note, once",
                       STR_ARG(o->no), code_word(&codes_oldpart_state, o->r.state),
                       code_label(&codes_oldpart_state, o->r.state));
}

static struct str dept_of(const struct step *st, const struct rec_row_item *item)
{
    bool own = item->origin == item_origin_self_made;
    return own ? st->policy->parts.return_dept_own : st->policy->parts.return_dept_other;
}

static enum err check_dept(struct step *st, const struct note *n, const struct oldpart *o,
                           struct str dept)
{
    if (str_eq(dept, n->ev.dept)) return ERR_OK;
    return step_refuse(st, "dept", "lines",
                       "old part %.*s goes back to %.*s, this note to %.*s; make out one note for "
                       "each department",
                       STR_ARG(o->no), STR_ARG(dept), STR_ARG(n->ev.dept));
}

static enum err add_line(struct step *st, struct note *n, struct str no)
{
    struct oldpart o;
    struct rec_row_item item;
    enum err e = parts_oldpart_find(st, no, "lines", &o);
    if (e == ERR_OK && o.r.state != oldpart_state_analysed) e = refuse_state(st, &o);
    if (e == ERR_OK) e = parts_item_get(st, o.r.part_no, &item);
    if (e != ERR_OK) return e;
    struct str dept = dept_of(st, &item);
    if (!n->ev.dept.n) n->ev.dept = dept;
    e = check_dept(st, n, &o, dept);
    if (e != ERR_OK) return e;
    struct str maker = item.manufacturer.n ? item.manufacturer : item.supplier;
    add_group(n, maker, item.spec, o.r.qty);
    n->ev.value += o.r.value;
    if (n->ev.value > NOTE_VALUE_MAX) n->ev.value = NOTE_VALUE_MAX;
    o.r.state = oldpart_state_on_return_note;
    o.r.note_no = n->ev.note_no;
    parts_oldpart_put(st, &o);
    return ERR_OK;
}

static enum err on_opened(struct step *st, const void *payload, void *row)
{
    struct rec_row_return_note *r = ((struct paper_at *)row)->row;
    struct note *n = arena_take(st->arena, sizeof *n);
    *n = (struct note){.ev = *(const struct ev_return_note_opened *)payload};
    enum err e = parts_old_filled(st, n->ev.groups.n || n->ev.value, "groups");
    n->ev.groups.v = n->groups;
    for (uint32_t i = 0; e == ERR_OK && i < n->ev.lines.n; i++)
        e = add_line(st, n, n->ev.lines.v[i].old_no);
    if (e != ERR_OK) return e;
    r->dept = n->ev.dept, r->value = n->ev.value;
    step_complete(st, &n->ev);
    return ERR_OK;
}

/* ---- in store: offset at once 及時沖賬 ---- */

/* What nobody had issued reduces no cost. */
static enum err store(struct step *st, struct str no, struct str note_no)
{
    struct oldpart o;
    enum err e = parts_oldpart_find(st, no, "note_no", &o);
    if (e == ERR_OK) e = parts_oldpart_leave(st, &o);
    if (e != ERR_OK) return e;
    o.r.state = oldpart_state_in_store;
    if (o.r.doc) {
        e = parts_old_offset_add(st, &o, note_no);
        o.r.state = oldpart_state_offset;
        o.r.offset_at = step_occurred(st);
    }
    parts_oldpart_put(st, &o);
    return e;
}

static enum err on_in_store(struct step *st, const void *payload, void *row)
{
    const struct ev_return_note_in_store *ev = payload;
    const struct rec_row_return_note *r = ((struct paper_at *)row)->row;
    enum err e = ERR_OK;
    for (uint32_t i = 0; e == ERR_OK && i < r->lines.n; i++)
        e = store(st, r->lines.v[i].old_no, ev->note_no);
    return e;
}

/* ---- machine ---- */

static const struct transition rows[] = {
    {EV_return_note_opened, PAPER_NEW, return_note_state_opened, on_opened, "PRT-027"},
    {EV_return_note_signed, IN(return_note_state_opened), return_note_state_signed, NULL,
     "PRT-027"},
    {EV_return_note_in_store, IN(return_note_state_signed), return_note_state_in_store, on_in_store,
     "PRT-028"},
};

const struct paper parts_return_note_paper = {.name = "return_note",
                                              .label = "return note 三包銷退單",
                                              .table = PARTS_TABLE(RETURN_NOTE),
                                              .states = &codes_return_note_state,
                                              .keys = {"note_no"},
                                              PAPER_ROWS(rows)};

enum err parts_return_note_fact(struct step *st, const void *payload)
{
    return paper_fact(st, &parts_return_note_paper, payload);
}
