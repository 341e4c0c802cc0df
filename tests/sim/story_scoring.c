/* story_scoring.c - what facts of scoring say in a story: the sheets of the technicians for August,
 * what is counted of them, and what is told of their conduct. There are few days, orders, ratings
 * and praises, so that one is told again, changed, or moved to somebody else. */
#include "common/contract.h"
#include "tests/sim/story_private.h"

#define FIRST day_of(2026, 8, 1)
#define SCHEME STR("sim_100")
#define TECHNICIANS 4
#define MANAGER STR("S1")
#define NEXT_LEVEL STR("H1")

const enum event_kind story_sheet[STORY_SHEET] = {
    EV_scoring_scheme_assigned, EV_order_counted,        EV_scoring_item_scored,
    EV_scoring_item_scored,     EV_scoring_item_scored,  EV_scoring_sheet_submitted,
    EV_scoring_reviewed,        EV_scoring_acknowledged, EV_scoring_appeal_filed,
    EV_scoring_appeal_ruled,    EV_scoring_acknowledged, EV_scoring_archived};
const enum event_kind story_counted[STORY_COUNTED] = {
    EV_attendance_recorded, EV_order_counted,     EV_order_refunded,      EV_praise_given,
    EV_attendance_recorded, EV_rating_low_given,  EV_order_refunded,      EV_conduct_recorded,
    EV_conduct_confirmed,   EV_conduct_confirmed, EV_attendance_recorded, EV_praise_given,
    EV_conduct_rejected,    EV_rating_low_given,  EV_order_counted};

static struct str one_of(struct story *s, char mark, uint64_t n)
{
    return arena_printf(&s->arena, "%c%u", mark, 1 + (unsigned)lot_below(&s->lot, n));
}

static struct str anybody(struct story *s)
{
    return story_technician((uint8_t)(1 + lot_below(&s->lot, TECHNICIANS)));
}

/* Whose sheet it is: two threads have one. */
static struct str of_thread(const struct story *s, const struct story_thread *t)
{
    return story_technician((uint8_t)(1 + (t - s->threads) / 2 % TECHNICIANS));
}

static int32_t some_day(struct story *s)
{
    int32_t first = lot_chance(&s->lot, 120) ? day_of(2026, 9, 1) : FIRST;
    return first + (int32_t)lot_below(&s->lot, 4);
}

/* ---- what is counted ---- */

static void fit_attendance(struct story *s, struct ev_attendance_recorded *e)
{
    e->person = anybody(s);
    e->day = some_day(s);
    e->kind = (enum attendance_kind)(1 + lot_below(&s->lot, 4));
    if (lot_chance(&s->lot, 100)) e->no = STR("2");
}

static void fit_orders(struct story *s, enum event_kind kind, struct str person, void *p)
{
    if (kind == EV_order_counted) {
        struct ev_order_counted *e = p;
        e->order_no = one_of(s, 'O', 8);
        e->person = person;
        e->day = some_day(s);
        e->orders = 80 + lot_below(&s->lot, 80);
    } else if (kind == EV_order_refunded) {
        struct ev_order_refunded *e = p;
        e->order_no = one_of(s, 'O', 8);
        e->person = person;
        e->day = some_day(s);
        e->orders = 1 + lot_below(&s->lot, 12);
        e->after_sales = lot_chance(&s->lot, 800) ? yes_no_yes : yes_no_no;
    }
}

static void fit_voices(struct story *s, enum event_kind kind, void *p)
{
    if (kind == EV_rating_low_given) {
        struct ev_rating_low_given *e = p;
        e->rating_no = one_of(s, 'R', 4);
        e->person = anybody(s);
        if (lot_chance(&s->lot, 800)) e->day = some_day(s);
        e->after_sales_reason = lot_chance(&s->lot, 800) ? yes_no_yes : yes_no_no;
        if (lot_chance(&s->lot, 800)) e->confirmed_by = STR("S1");
    } else if (kind == EV_praise_given) {
        struct ev_praise_given *e = p;
        e->praise_no = one_of(s, 'P', 5);
        e->person = anybody(s);
        if (lot_chance(&s->lot, 800)) e->day = some_day(s);
    }
}

static void say(const struct event_type *type, void *p, const char *name, struct str v)
{
    *(struct str *)(void *)((char *)p + shape_field(type->shape(), str_of(name))->offset) = v;
}

/* One kind of fact, of one site and day. */
static void fit_conduct(struct story *s, const struct story_thread *t,
                        const struct event_type *type, void *p)
{
    bool told = type->kind == EV_conduct_recorded;
    if (!told && type->kind != EV_conduct_confirmed && type->kind != EV_conduct_rejected) return;
    const struct field *day = shape_field(type->shape(), STR("day"));
    *(int32_t *)(void *)((char *)p + day->offset) = FIRST + 2;
    say(type, p, "kind", STR("site_breach"));
    say(type, p, "person", of_thread(s, t));
    say(type, p, told ? "site" : "case_no", STR("H1"));
    if (told) say(type, p, "call_no", (struct str){0});
    if (!told) say(type, p, "by", STR("S1"));
}

/* ---- the sheet ---- */

static struct str points(struct story *s)
{
    uint64_t halves = lot_below(&s->lot, lot_chance(&s->lot, 100) ? 100 : 61);
    return arena_printf(&s->arena, "%u%s", (unsigned)halves / 2, halves % 2 ? ".5" : "");
}

static struct str level_word(struct story *s)
{
    static const char *const words[] = {"優", "良", "中", "差"};
    return str_of(words[lot_below(&s->lot, COUNT_OF(words))]);
}

/* The first two entries of a sheet make it complete. */
static void fit_item(struct story *s, const struct story_thread *t,
                     struct ev_scoring_item_scored *e)
{
    static const char *const words[] = {"minor", "medium", "serious"};
    uint64_t draw = t->at == 2 ? 0 : t->at == 3 ? 1 : lot_below(&s->lot, 4);
    e->word = e->points = e->entry = (struct str){0};
    e->sources.n = 0; /* the service's own */
    if (draw == 0) {
        e->item = STR("quality"), e->word = level_word(s);
    } else if (draw == 1) {
        e->item = STR("skill"), e->points = points(s);
    } else {
        e->item = STR("complaint");
        if (lot_chance(&s->lot, 700)) e->entry = one_of(s, 'n', 2);
        if (lot_chance(&s->lot, 200)) e->points = STR("0");
        if (!e->points.n) e->word = str_of(words[lot_below(&s->lot, COUNT_OF(words))]);
    }
}

static void fit_ruling(struct story *s, struct ev_scoring_appeal_ruled *e)
{
    bool changed = lot_chance(&s->lot, 700);
    e->changed = changed ? yes_no_yes : yes_no_no;
    e->by = lot_chance(&s->lot, 200) ? NEXT_LEVEL : MANAGER;
    e->lines.n = 0;
    if (!changed) return;
    e->lines.v = arena_take(&s->arena, sizeof *e->lines.v);
    e->lines.n = 1;
    *e->lines.v = (struct rec_score_line){.item = STR("skill"), .points = points(s)};
}

static void fit_sheet(struct story *s, enum event_kind kind, int64_t now_ms, void *p)
{
    if (kind == EV_scoring_scheme_assigned) {
        struct ev_scoring_scheme_assigned *e = p;
        e->post = STR("技術員");
        e->manager = MANAGER, e->next_level = NEXT_LEVEL;
        e->from = day_of(2026, 7, 1) + (lot_chance(&s->lot, 100) ? 40 : 0);
        if (lot_chance(&s->lot, 150)) e->to = e->from - 1; /* it was an error */
    } else if (kind == EV_scoring_reviewed) {
        struct ev_scoring_reviewed *e = p;
        e->by = NEXT_LEVEL; /* not who handed it in */
        if (lot_chance(&s->lot, 150)) e->result = score_review_returned;
    } else if (kind == EV_scoring_acknowledged) {
        struct ev_scoring_acknowledged *e = p;
        e->signed_employee = e->person, e->signed_manager = MANAGER;
        e->interviewed_on = (int32_t)((now_ms + 8 * HOUR_MS) / DAY_MS);
    } else if (kind == EV_scoring_appeal_filed) {
        struct ev_scoring_appeal_filed *e = p;
        if (!lot_chance(&s->lot, 300)) return;
        e->level = 2, e->to = score_appeal_to_hr, e->written = yes_no_yes;
    }
}

static bool is_sheet(const struct event_type *type)
{
    return shape_field(type->shape(), STR("scheme")) != NULL;
}

/* All events of a sheet begin with its person, scheme and first day, but for the assignment. */
static void fit_key(struct story *s, const struct story_thread *t, const struct event_type *type,
                    void *p)
{
    const struct shape *shape = type->shape();
    const struct field *first = shape_field(shape, STR("first"));
    say(type, p, "person", of_thread(s, t));
    say(type, p, "scheme", SCHEME);
    if (first) *(int32_t *)(void *)((char *)p + first->offset) = FIRST;
}

void story_fit_scoring(struct story *s, const struct story_thread *t, enum event_kind kind,
                       void *payload, int64_t now_ms)
{
    const struct event_type *type = event_of(kind);
    bool own = lot_chance(&s->lot, 850);
    fit_conduct(s, t, type, payload);
    if (type->owner != OWNER_scoring) return;
    if (is_sheet(type)) fit_key(s, t, type, payload);
    if (kind == EV_attendance_recorded) fit_attendance(s, payload);
    fit_orders(s, kind, own ? of_thread(s, t) : anybody(s), payload);
    fit_voices(s, kind, payload);
    if (kind == EV_scoring_item_scored) fit_item(s, t, payload);
    if (kind == EV_scoring_appeal_ruled) fit_ruling(s, payload);
    fit_sheet(s, kind, now_ms, payload);
}
