/* audit_index.c - the index of the proof: one entry per deadline instance (holder, case, item,
 * name, round) with how it ended, one per level with its record and whether it has its 催辦單.
 * Checked while the logs are read; the rows are compared with it afterwards. */
#include "common/contract.h"
#include "common/deadline.h"
#include "services/cli/audit.h"
#include <inttypes.h>
#include <string.h>

static struct key instance_key(enum owner holder, const struct view_record *r)
{
    struct key k = {.n = 0};
    key_u8(&k, (uint8_t)holder);
    key_str(&k, view_text_of(r, "case_no"));
    key_u8(&k, (uint8_t)view_number_of(r, "item"));
    key_str(&k, view_text_of(r, "name"));
    key_u64(&k, view_number_of(r, "round"));
    return k;
}

/* The end noted for the instance; none = never armed. */
static enum err state_get(struct audit *a, const struct key *k, enum deadline_end *out)
{
    struct slice v;
    *out = deadline_end_none;
    enum err e = store_get(a->index, AUDIT_TABLE_DEADLINE, (struct slice){k->b, k->n}, &v);
    if (e == ERR_OK) *out = (enum deadline_end)v.p[0];
    return e == ERR_NOT_FOUND ? ERR_OK : e;
}

static void state_put(struct audit *a, const struct key *k, enum deadline_end end)
{
    uint8_t v = (uint8_t)end;
    store_put(a->index, AUDIT_TABLE_DEADLINE, (struct slice){k->b, k->n}, (struct slice){&v, 1});
    a->puts++;
}

static void wrong_at(struct audit *a, enum audit_check check, const struct view_record *r,
                     const char *what)
{
    struct str case_no = view_text_of(r, "case_no"), name = view_text_of(r, "name");
    audit_wrong(a, check, "%s #%" PRIu64 " %s: %.*s of %.*s, round %" PRIu64 ": %s",
                owner_name(r->log), r->entry.seq, r->type->type, STR_ARG(name), STR_ARG(case_no),
                view_number_of(r, "round"), what);
}

/* ---- a clock starts, stops, is taken back, is dropped ---- */

static enum err on_armed(struct audit *a, const struct view_record *r, struct key *k,
                         enum deadline_end now)
{
    uint64_t round = view_number_of(r, "round");
    enum deadline_end before = deadline_end_stopped;
    a->results[AUDIT_deadlines].looked_at++;
    a->balance[r->log].armed++;
    if (now != deadline_end_none) wrong_at(a, AUDIT_deadlines, r, "armed twice");
    if (round > 0) {
        struct key last = *k;
        be_put64(last.b + last.n - 8, round - 1);
        enum err e = state_get(a, &last, &before);
        if (e != ERR_OK) return e;
    }
    if (before == deadline_end_none)
        wrong_at(a, AUDIT_deadlines, r, "the round before was never armed");
    if (before == deadline_end_open) wrong_at(a, AUDIT_deadlines, r, "the round before still runs");
    state_put(a, k, deadline_end_open);
    return ERR_OK;
}

static void on_stopped(struct audit *a, const struct view_record *r, const struct key *k,
                       enum deadline_end now)
{
    const struct ev_deadline_stopped *x = r->payload;
    struct audit_balance *b = &a->balance[r->log];
    if (now != deadline_end_open) {
        wrong_at(a, AUDIT_deadlines, r,
                 now == deadline_end_none ? "stopped, but never armed" : "stopped after its end");
        return;
    }
    if (x->late != (x->at > x->due))
        wrong_at(a, AUDIT_deadlines, r, "`late` does not fit the instants");
    if (x->late) {
        b->late++;
    } else {
        b->in_time++;
    }
    state_put(a, k, x->late ? deadline_end_late : deadline_end_stopped);
}

/* Only what was done in time is taken back; a late end is then mended. */
static void on_withdrawn(struct audit *a, const struct view_record *r, const struct key *k,
                         enum deadline_end now)
{
    const struct ev_deadline_withdrawn *x = r->payload;
    struct audit_balance *b = &a->balance[r->log];
    b->withdrawn++;
    if (x->at > x->due)
        wrong_at(a, AUDIT_deadlines, r, "withdrawn, but done after the due instant");
    if (now == deadline_end_late) {
        b->late--;
        b->in_time++;
        state_put(a, k, deadline_end_stopped);
    } else if (now != deadline_end_stopped) {
        wrong_at(a, AUDIT_deadlines, r, "withdrawn, but never stopped");
    }
}

static void on_dropped(struct audit *a, const struct view_record *r, const struct key *k,
                       enum deadline_end now)
{
    const struct ev_deadline_dropped *x = r->payload;
    struct audit_balance *b = &a->balance[r->log];
    if (now != deadline_end_open) {
        wrong_at(a, AUDIT_deadlines, r,
                 now == deadline_end_none ? "dropped, but never armed" : "dropped after its end");
        return;
    }
    if (x->end == deadline_end_superseded) {
        b->superseded++;
    } else {
        b->cancelled++;
    }
    state_put(a, k, x->end);
}

/* ---- levels ---- */

struct level {
    uint64_t seq;
    bool served; /* has its 催辦單 */
};

static void level_put(struct audit *a, const struct key *k, struct level l)
{
    uint8_t v[9];
    be_put64(v, l.seq);
    v[8] = l.served;
    store_put(a->index, AUDIT_TABLE_LEVEL, (struct slice){k->b, k->n}, (struct slice){v, sizeof v});
    a->puts++;
}

static enum err level_get(struct audit *a, const struct key *k, struct level *out)
{
    struct slice v;
    enum err e = store_get(a->index, AUDIT_TABLE_LEVEL, (struct slice){k->b, k->n}, &v);
    if (e == ERR_OK && v.n != 9) return ERR_CORRUPT;
    if (e == ERR_OK) *out = (struct level){be_get64(v.p), v.p[8]};
    return e;
}

static int64_t level_at_ms(const struct view_record *r)
{
    if (r->type->kind == EV_deadline_passed)
        return ((const struct ev_deadline_passed *)r->payload)->at;
    return ((const struct ev_deadline_approaching *)r->payload)->at;
}

static enum err on_level(struct audit *a, const struct view_record *r, struct key *k,
                         enum deadline_end now)
{
    struct level l;
    uint64_t level = view_number_of(r, "level");
    a->results[AUDIT_ladder].looked_at++;
    if (now != deadline_end_open)
        wrong_at(a, AUDIT_ladder, r, "a level after its end, or before it was armed");
    if (r->entry.now <= level_at_ms(r)) wrong_at(a, AUDIT_ladder, r, "passed before its instant");
    key_u64(k, level);
    enum err e = level_get(a, k, &l);
    if (e == ERR_OK) wrong_at(a, AUDIT_ladder, r, "this level was passed before");
    if (e == ERR_NOT_FOUND) level_put(a, k, (struct level){r->entry.seq, false});
    return e == ERR_NOT_FOUND ? ERR_OK : e;
}

enum err audit_deadline(struct audit *a, const struct view_record *r)
{
    struct key k = instance_key(r->log, r);
    enum deadline_end now;
    enum err e = state_get(a, &k, &now);
    if (e != ERR_OK) return e;
    if (r->type->kind == EV_deadline_armed) return on_armed(a, r, &k, now);
    if (r->type->kind == EV_deadline_approaching) return on_level(a, r, &k, now);
    if (r->type->kind == EV_deadline_passed) return on_level(a, r, &k, now);
    if (r->type->kind == EV_deadline_stopped) on_stopped(a, r, &k, now);
    if (r->type->kind == EV_deadline_withdrawn) on_withdrawn(a, r, &k, now);
    if (r->type->kind == EV_deadline_dropped) on_dropped(a, r, &k, now);
    return ERR_OK;
}

enum err audit_slip(struct audit *a, const struct view_record *r)
{
    const struct ev_reminder_issued *x = r->payload;
    a->results[AUDIT_reminders].looked_at++;
    if (x->kind == reminder_kind_manual) return ERR_OK;
    struct key k = instance_key((enum owner)x->holder, r);
    struct level l;
    key_u64(&k, x->level);
    enum err e = level_get(a, &k, &l);
    if (e == ERR_NOT_FOUND) {
        wrong_at(a, AUDIT_reminders, r, "催辦單 of a level that no owner passed");
        return ERR_OK;
    }
    if (e != ERR_OK) return e;
    if (l.served) wrong_at(a, AUDIT_reminders, r, "a second 催辦單 for the same level");
    l.served = true;
    level_put(a, &k, l);
    return ERR_OK;
}

/* ---- afterwards ---- */

enum err audit_levels(struct audit *a)
{
    struct key at = {.n = 0};
    enum err e;
    if (!reader_has(a->view->reader, OWNER_escalation)) return ERR_OK;
    for (;;) {
        struct slice key, value;
        e = store_next(a->index, AUDIT_TABLE_LEVEL, (struct slice){at.b, at.n}, at.n > 0, &key,
                       &value);
        if (e != ERR_OK) return e == ERR_END ? ERR_OK : e;
        memcpy(at.b, key.p, key.n);
        at.n = key.n;
        uint8_t holder = at.b[0];
        uint64_t seq = be_get64(value.p), level = be_get64(at.b + at.n - 8);
        if (level == 0 || value.p[8] || seq > a->desk_read[holder]) continue;
        audit_wrong(a, AUDIT_reminders,
                    "%s #%" PRIu64 ": level %" PRIu64 " was passed and has no 催辦單",
                    owner_name((enum owner)holder), seq, level);
    }
}

static enum err compare_row(struct audit *a, enum owner o, const struct key *row_key,
                            const struct rec_row_deadline *row)
{
    struct key k = {.n = 0};
    enum deadline_end end;
    key_u8(&k, (uint8_t)o);
    memcpy(k.b + 1, row_key->b, row_key->n);
    k.n += row_key->n;
    key_u64(&k, row->round);
    enum err e = state_get(a, &k, &end);
    if (e != ERR_OK || end == row->end) return e;
    struct key_reader r = {{row_key->b, row_key->n}};
    struct str case_no = {0}, name = {0};
    uint8_t item = 0;
    if (key_take_str(&r, &case_no) || key_take_u8(&r, &item) || key_take_str(&r, &name))
        return ERR_CORRUPT;
    audit_wrong(a, AUDIT_deadlines,
                "%s row %.*s / %u / %.*s, round %" PRIu64 ": the row says %s, the log %s",
                owner_name(o), STR_ARG(case_no), item, STR_ARG(name), row->round,
                code_word(&codes_deadline_end, row->end),
                end ? code_word(&codes_deadline_end, end) : "nothing");
    return ERR_OK;
}

static enum err count_due(struct audit *a, enum owner o, uint64_t *count)
{
    struct key at = {.n = 0};
    struct slice value;
    enum err e;
    *count = 0;
    while ((e = reader_row(a->view->reader, o, TABLE_DUE, NULL, &at, &value)) == ERR_OK)
        ++*count;
    return e == ERR_END ? ERR_OK : e;
}

/* What the rows must add up to: every round ever armed, every open clock, every instant to come. */
static void check_sums(struct audit *a, enum owner o, uint64_t rounds, uint64_t waiting,
                       uint64_t due)
{
    const struct audit_balance *b = &a->balance[o];
    const char *name = owner_name(o);
    if (rounds != b->armed) {
        audit_wrong(a, AUDIT_deadlines, "%s: %" PRIu64 " armed in the log, %" PRIu64 " in the rows",
                    name, b->armed, rounds);
    }
    if (b->armed != b->in_time + b->late + b->superseded + b->cancelled + b->rows_open) {
        audit_wrong(a, AUDIT_deadlines,
                    "%s: %" PRIu64 " armed, but the ends and the open rows are %" PRIu64, name,
                    b->armed, b->in_time + b->late + b->superseded + b->cancelled + b->rows_open);
    }
    if (waiting != due) {
        audit_wrong(a, AUDIT_deadlines,
                    "%s: %" PRIu64 " open rows wait for an instant, the due index holds %" PRIu64,
                    name, waiting, due);
    }
}

enum err audit_rows(struct audit *a, enum owner o)
{
    struct key at = {.n = 0};
    struct slice value;
    struct audit_balance *b = &a->balance[o];
    uint64_t rounds = 0, waiting = 0, due = 0;
    enum err e;
    b->rows = b->rows_open = 0;
    while ((e = reader_row(a->view->reader, o, TABLE_DEADLINE, NULL, &at, &value)) == ERR_OK) {
        struct rec_row_deadline row;
        e = view_decode(a->view, shape_row_deadline(), value, &row);
        if (e == ERR_OK) e = compare_row(a, o, &at, &row);
        if (e != ERR_OK) return e;
        bool open = row.end == deadline_end_open;
        b->rows++;
        b->rows_open += open;
        rounds += row.round + 1;
        waiting += open && deadline_next_at(&row) != 0;
    }
    if (e == ERR_END) e = count_due(a, o, &due);
    if (e != ERR_OK) return e;
    check_sums(a, o, rounds, waiting, due);
    b->open = b->rows_open;
    a->shown[o] = *b;
    return ERR_OK;
}
