/* compare.c - see compare.h. Both tables are in the order of their keys: one pass over the two. */
#include "services/cli/compare.h"
#include "common/contract.h"
#include "common/step.h"
#include "services/headoffice/headoffice.h"
#include <inttypes.h>
#include <string.h>

/* One side's walk over its deadlines. */
struct walk {
    struct store *store;
    struct arena arena;
    struct key key;
    struct rec_row_hq_deadline row;
    bool done;
};

struct tally {
    uint64_t same, moved, turned_late, turned_in_time, only_first, only_second;
};

static enum err walk_next(struct walk *w)
{
    struct slice key, value;
    struct fault why;
    enum err e = store_next(w->store, TABLE_HQ_DEADLINE, (struct slice){w->key.b, w->key.n},
                            w->key.n > 0, &key, &value);
    if (e == ERR_END) {
        w->done = true;
        return ERR_OK;
    }
    if (e != ERR_OK) return e;
    memcpy(w->key.b, key.p, key.n);
    w->key.n = key.n;
    arena_reset(&w->arena);
    e = proto_decode(shape_row_hq_deadline(), value, &w->arena, &w->row, &why);
    return e == ERR_OK ? ERR_OK : ERR_CORRUPT;
}

static int order(const struct walk *a, const struct walk *b)
{
    if (a->done || b->done) return a->done - b->done;
    size_t n = a->key.n < b->key.n ? a->key.n : b->key.n;
    int d = memcmp(a->key.b, b->key.b, n);
    return d ? d : (a->key.n > b->key.n) - (a->key.n < b->key.n);
}

static const char *result_of(const struct rec_row_hq_deadline *row)
{
    if (!row) return "none";
    if (row->end == deadline_end_stopped) return "in_time";
    if (row->end == deadline_end_late) return "late";
    if (row->end == deadline_end_open) return row->passed ? "overdue" : "open";
    return code_word(&codes_deadline_end, row->end);
}

static bool is_late(const struct rec_row_hq_deadline *row)
{
    return row && (row->end == deadline_end_late || (row->end == deadline_end_open && row->passed));
}

static enum err print_pair(struct listing *l, const struct key *key,
                           const struct rec_row_hq_deadline *a, const struct rec_row_hq_deadline *b)
{
    struct key_reader r = {{key->b, key->n}};
    struct str case_no, name;
    uint8_t holder, item;
    if (key_take_str(&r, &case_no) || key_take_u8(&r, &holder) || key_take_u8(&r, &item) ||
        key_take_str(&r, &name)) {
        return ERR_CORRUPT;
    }
    listing_text(l, case_no);
    listing_text(l, name);
    listing_text(l, a ? a->unit : b ? b->unit : (struct str){0});
    listing_text(l, a ? a->policy : (struct str){0});
    listing_text(l, b ? b->policy : (struct str){0});
    listing_time(l, a ? a->due : 0, NULL);
    listing_time(l, b ? b->due : 0, NULL);
    listing_text(l, str_of(result_of(a)));
    listing_text(l, str_of(result_of(b)));
    return ERR_OK;
}

static void count(struct tally *t, const struct rec_row_hq_deadline *a,
                  const struct rec_row_hq_deadline *b, bool differs)
{
    t->only_first += a && !b;
    t->only_second += b && !a;
    if (!a || !b) return;
    t->same += !differs;
    t->moved += a->due != b->due;
    t->turned_late += !is_late(a) && is_late(b);
    t->turned_in_time += is_late(a) && !is_late(b);
}

static enum err pair(struct listing *l, const struct walk *a, const struct walk *b, int at,
                     struct tally *t)
{
    const struct rec_row_hq_deadline *x = at <= 0 ? &a->row : NULL, *y = at >= 0 ? &b->row : NULL;
    bool differs = !x || !y || x->due != y->due || !str_eq(x->policy, y->policy) ||
                   strcmp(result_of(x), result_of(y)) != 0;
    count(t, x, y, differs);
    return differs ? print_pair(l, at <= 0 ? &a->key : &b->key, x, y) : ERR_OK;
}

enum err compare_print(FILE *out, const struct compare_side *sa, const struct compare_side *sb,
                       enum listing_form form)
{
    static const struct listing_column columns[] = {
        {"case", "case", false},           {"deadline", "deadline", false},
        {"unit", "unit", false},           {"policy", "policy", false},
        {"other_policy", "other", false},  {"due", "due (UTC)", false},
        {"other_due", "other due", false}, {"result", "result", false},
        {"other_result", "other", false}};
    struct walk a = {.store = sa->store}, b = {.store = sb->store};
    struct tally t = {0};
    struct listing *l = listing_begin(out, form, columns, COUNT_OF(columns));
    enum err e = walk_next(&a);
    if (e == ERR_OK) e = walk_next(&b);
    while (e == ERR_OK && !(a.done && b.done)) {
        int at = order(&a, &b);
        e = pair(l, &a, &b, at, &t);
        if (e == ERR_OK && at <= 0) e = walk_next(&a);
        if (e == ERR_OK && at >= 0) e = walk_next(&b);
    }
    listing_end(&l, "nothing would have changed");
    if (e == ERR_OK && form == LISTING_table) {
        fprintf(out,
                "\n%s against %s: %" PRIu64 " deadlines alike, %" PRIu64
                " with another due time, %" PRIu64
                " would have been late instead of in time, %" PRIu64
                " in time instead of late, %" PRIu64 " only under the first, %" PRIu64
                " only under the second\n",
                sa->policy, sb->policy, t.same, t.moved, t.turned_late, t.turned_in_time,
                t.only_first, t.only_second);
    }
    arena_fini(&a.arena);
    arena_fini(&b.arena);
    return e;
}
