/* headoffice_clocks.c - every deadline instance of every log, its outcome, and the list of those
 * open past their due.
 *
 * Invariant: an instance is in `overdue` exactly while it is open and its holder saw the due pass.
 * An ended instance changes only by deadline.withdrawn. The holder is the log it stands in. Rules
 * HQ-002 (period of the due), HQ-029 (primary milestone, what counts), HQ-048, CV-5, CV-12. */
#include "common/contract.h"
#include "services/headoffice/headoffice_private.h"

struct clock_id {
    struct str case_no;
    uint64_t item;
    struct str name;
    uint64_t round;
};

struct clock_edit {
    const struct clock_id *id;
    struct key key;
    struct rec_row_hq_deadline old, row;
};

/* case, holder, item, name, round: the tail of both tables' keys. */
static void id_key(const struct step *st, const struct clock_id *id, struct key *k)
{
    key_str(k, id->case_no);
    key_u8(k, (uint8_t)st->from);
    key_u8(k, (uint8_t)id->item);
    key_str(k, id->name);
    key_u64(k, id->round);
}

/* ---- counters ---- */

/* HQ-029: cancelled before the due is no item; after it, it was not on time. Withdrawn is on time,
 * and also counted for itself. */
static const char *outcome_of(const struct rec_row_hq_deadline *r)
{
    switch (r->end) {
    case deadline_end_stopped:
        return "on_time";
    case deadline_end_late:
        return "late";
    case deadline_end_superseded:
        return "superseded";
    case deadline_end_cancelled:
        return r->ended > r->due ? "cancelled_late" : "cancelled";
    case deadline_end_none:
    case deadline_end_open:
        break;
    }
    return "open";
}

static void share(struct counts *c, const struct clock_id *id, const struct rec_row_hq_deadline *r,
                  int sign)
{
    if (r->end == deadline_end_none) return;
    struct count_of of = {r->unit, r->policy, r->due_day};
    counts_add_named(c, &of, "deadline", id->name, "armed", sign);
    counts_add_named(c, &of, "deadline", id->name, outcome_of(r), sign);
    if (r->withdrawn) counts_add_named(c, &of, "deadline", id->name, "withdrawn", sign);
    if (!r->primary) return;
    counts_add_named(c, &of, "kpi", STR("K-01"), outcome_of(r), sign);
}

/* ---- the overdue list ---- */

static struct key overdue_key(const struct step *st, const struct clock_id *id,
                              const struct rec_row_hq_deadline *r)
{
    struct key k = key_of(r->unit);
    key_u64(&k, (uint64_t)r->due);
    id_key(st, id, &k);
    return k;
}

static bool is_overdue(const struct rec_row_hq_deadline *r)
{
    return r->end == deadline_end_open && r->passed;
}

static void overdue_update(struct step *st, const struct clock_edit *edit)
{
    struct key k = overdue_key(st, edit->id, &edit->row);
    struct rec_row_hq_overdue row = {edit->row.level, edit->row.person, edit->row.policy};
    if (is_overdue(&edit->row)) {
        step_put(st, headoffice_overdue, &k, &row);
    } else if (is_overdue(&edit->old)) {
        step_del(st, headoffice_overdue, &k);
    }
}

/* ---- the row ---- */

static enum err clock_open(struct step *st, const struct clock_id *id, struct clock_edit *edit)
{
    *edit = (struct clock_edit){.id = id};
    id_key(st, id, &edit->key);
    enum err e = step_get(st, headoffice_deadline, &edit->key, &edit->old);
    edit->row = edit->old;
    return e; /* the holder arms before it does anything else: absent is corrupt, except when arming
               */
}

static enum err clock_save(struct step *st, const struct clock_edit *edit)
{
    struct counts *c = counts_new(st);
    share(c, edit->id, &edit->old, -1);
    share(c, edit->id, &edit->row, 1);
    step_put(st, headoffice_deadline, &edit->key, &edit->row);
    overdue_update(st, edit);
    return counts_save(c);
}

static bool is_primary(const struct step *st, const struct ev_deadline_armed *x)
{
    return policy_milestone(st->policy, x->name, x->policy);
}

/* A clock of the set "none" marks an instant (the close of the day, the carry-over) and urges
 * nobody. A milestone stays one when its company wants no 催辦單. */
static bool is_bookkeeping(const struct step *st, const struct ev_deadline_armed *x)
{
    return str_is(x->set, "none") && !is_primary(st, x);
}

static enum err on_armed(struct step *st, const void *payload)
{
    const struct ev_deadline_armed *x = payload;
    struct clock_id id = {x->case_no, x->item, x->name, x->round};
    struct clock_edit edit;
    enum err e = clock_open(st, &id, &edit);
    if (e != ERR_NOT_FOUND) return e == ERR_OK ? ERR_CORRUPT : e;
    edit.row = (struct rec_row_hq_deadline){.unit = x->unit,
                                            .person = x->person,
                                            .policy = x->policy,
                                            .start = x->start,
                                            .due = x->due,
                                            .due_day = headoffice_day(st, x->due),
                                            .end = deadline_end_open,
                                            .primary = is_primary(st, x),
                                            .bookkeeping = is_bookkeeping(st, x)};
    return clock_save(st, &edit);
}

static enum err on_approaching(struct step *st, const void *payload)
{
    const struct ev_deadline_approaching *x = payload;
    struct clock_id id = {x->case_no, x->item, x->name, x->round};
    struct clock_edit edit;
    enum err e = clock_open(st, &id, &edit);
    if (e != ERR_OK) return e == ERR_NOT_FOUND ? ERR_CORRUPT : e;
    if (x->level > edit.row.level) edit.row.level = x->level;
    return clock_save(st, &edit);
}

static enum err on_passed(struct step *st, const void *payload)
{
    const struct ev_deadline_passed *x = payload;
    struct clock_id id = {x->case_no, x->item, x->name, x->round};
    struct clock_edit edit;
    enum err e = clock_open(st, &id, &edit);
    if (e != ERR_OK) return e == ERR_NOT_FOUND ? ERR_CORRUPT : e;
    if (x->level > edit.row.level) edit.row.level = x->level;
    edit.row.passed = true;
    return clock_save(st, &edit);
}

static enum err end(struct step *st, const struct clock_id *id, enum deadline_end how,
                    int64_t at_ms)
{
    struct clock_edit edit;
    enum err e = clock_open(st, id, &edit);
    if (e != ERR_OK) return e == ERR_NOT_FOUND ? ERR_CORRUPT : e;
    edit.row.end = how;
    edit.row.ended = at_ms;
    return clock_save(st, &edit);
}

static enum err on_stopped(struct step *st, const void *payload)
{
    const struct ev_deadline_stopped *x = payload;
    struct clock_id id = {x->case_no, x->item, x->name, x->round};
    return end(st, &id, x->late ? deadline_end_late : deadline_end_stopped, x->at);
}

static enum err on_dropped(struct step *st, const void *payload)
{
    const struct ev_deadline_dropped *x = payload;
    struct clock_id id = {x->case_no, x->item, x->name, x->round};
    return end(st, &id, x->end, x->at);
}

/* Proven in time after it had passed, or had been done late. A warning before the due that is taken
 * back is no withdrawn deadline. */
static enum err on_withdrawn(struct step *st, const void *payload)
{
    const struct ev_deadline_withdrawn *x = payload;
    struct clock_id id = {x->case_no, x->item, x->name, x->round};
    struct clock_edit edit;
    enum err e = clock_open(st, &id, &edit);
    if (e != ERR_OK) return e == ERR_NOT_FOUND ? ERR_CORRUPT : e;
    edit.row.withdrawn = edit.row.passed || edit.row.end == deadline_end_late;
    edit.row.end = deadline_end_stopped;
    edit.row.ended = x->at;
    return clock_save(st, &edit);
}

const struct on headoffice_clocks[] = {
    {EV_deadline_armed, OWNER_any, on_armed},
    {EV_deadline_approaching, OWNER_any, on_approaching},
    {EV_deadline_passed, OWNER_any, on_passed},
    {EV_deadline_stopped, OWNER_any, on_stopped},
    {EV_deadline_withdrawn, OWNER_any, on_withdrawn},
    {EV_deadline_dropped, OWNER_any, on_dropped},
};
const size_t headoffice_clock_count = COUNT_OF(headoffice_clocks);
