/* dispatch_card.c - service cards 現場服務卡: one for each call somebody arrived at, all back by a
 * day of the next month.
 *
 * The clock of a technician and month is armed with his first arrival of the month and runs from
 * the month's end; it stops when no card is owed and begins again with a further arrival. A call
 * worked on in two months has one card, owed in the month whose arrival was told first.
 * Invariants: table staff_card has a row of a month for each card owed in it, and a row of no month
 * for each card there is; row_staff_cards.owed = rows of the month. Rule DSP-054. */
#include "services/dispatch/dispatch_private.h"

#define CARDS_MAX 512u /* tech.cards_missing names so many */
#define NO_MONTH (-1)  /* in the key: the card itself, wherever it is owed */

static const struct deadline_row clock_row = {
    .name = "card.monthly", .rule = "DSP-054", .from = FROM_START, .due = DUE_GIVEN};

static struct key month_key(struct str person, int32_t month)
{
    struct key k = key_of(person);
    key_day(&k, month);
    return k;
}

static struct key card_key(struct str person, int32_t month, struct str call_no)
{
    struct key k = month_key(person, month);
    key_str(&k, call_no);
    return k;
}

/* First day of the month of an instant. */
static int32_t month_of(struct step *st, struct str unit, int64_t at_ms)
{
    int year, month, mday;
    day_split(zone_day(step_zone(st, unit), at_ms), &year, &month, &mday);
    return day_of(year, month, 1);
}

static struct str month_case(struct step *st, struct str person, int32_t month)
{
    char date[11];
    day_format(month, date);
    return arena_printf(st->arena, "cards/%.*s/%.7s", STR_ARG(person), date);
}

static enum err card_get(struct step *st, struct str person, struct str call_no,
                         struct rec_row_staff_card *out)
{
    struct key k = card_key(person, NO_MONTH, call_no);
    struct rec_row_staff_card row;
    enum err e = step_get(st, &dispatch_tables[DISPATCH_CARD], &k, &row);
    if (e != ERR_OK && e != ERR_NOT_FOUND) return e;
    *out = e == ERR_OK ? row : (struct rec_row_staff_card){0};
    return ERR_OK;
}

static void card_put(struct step *st, struct str person, struct str call_no,
                     const struct rec_row_staff_card *row)
{
    struct key k = card_key(person, NO_MONTH, call_no);
    step_put(st, &dispatch_tables[DISPATCH_CARD], &k, row);
    if (!row->arrived) return;
    k = card_key(person, row->month, call_no);
    if (row->returned) {
        step_del(st, &dispatch_tables[DISPATCH_CARD], &k);
    } else {
        step_put(st, &dispatch_tables[DISPATCH_CARD], &k, row);
    }
}

static enum err cards_get(struct step *st, struct str person, int32_t month,
                          struct rec_row_staff_cards *out)
{
    struct key k = month_key(person, month);
    struct rec_row_staff_cards row;
    enum err e = step_get(st, &dispatch_tables[DISPATCH_CARDS], &k, &row);
    if (e != ERR_OK && e != ERR_NOT_FOUND) return e;
    *out = e == ERR_OK ? row : (struct rec_row_staff_cards){0};
    return ERR_OK;
}

static void cards_put(struct step *st, struct str person, int32_t month,
                      const struct rec_row_staff_cards *row)
{
    struct key k = month_key(person, month);
    step_put(st, &dispatch_tables[DISPATCH_CARDS], &k, row);
}

/* ---- arrivals ---- */

static enum err owe(struct step *st, struct str unit, struct str person, int32_t month)
{
    struct rec_row_staff_cards row;
    enum err e = cards_get(st, person, month, &row);
    if (e != ERR_OK) return e;
    row.owed++;
    if (!row.unit.n) row.unit = unit;
    cards_put(st, person, month, &row);
    const struct zone *z = step_zone(st, row.unit);
    int32_t next = day_add_months(month, 1);
    struct deadline_ctx c = {.case_no = month_case(st, person, month),
                             .unit = row.unit,
                             .person = person,
                             .occurred_ms = st->in->occurred,
                             .start_ms = zone_day_start(z, next)};
    c.given_ms = zone_day_start(z, next + (int32_t)st->policy->keys.cards_by_day);
    return deadline_arm(st, &clock_row, &c, (struct str){0});
}

enum err dispatch_card_arrived(struct step *st, const struct job *j, struct str technician)
{
    if (!dispatch_crew_owes(st, j->r.unit, "cards")) return ERR_OK;
    struct rec_row_staff_card card;
    enum err e = card_get(st, technician, j->call_no, &card);
    if (e != ERR_OK || card.arrived) return e;
    card.arrived = true;
    card.month = month_of(st, j->r.unit, st->in->occurred);
    card_put(st, technician, j->call_no, &card);
    return card.returned ? ERR_OK : owe(st, j->r.unit, technician, card.month);
}

/* ---- cards that come back ---- */

static enum err settle(struct step *st, struct str person, int32_t month)
{
    struct rec_row_staff_cards row;
    enum err e = cards_get(st, person, month, &row);
    if (e != ERR_OK) return e;
    ENSURE(row.owed > 0);
    row.owed--;
    cards_put(st, person, month, &row);
    struct deadline_ctx c = {.case_no = month_case(st, person, month),
                             .unit = row.unit,
                             .person = person,
                             .occurred_ms = st->in->occurred};
    return row.owed ? ERR_OK : deadline_stop(st, &clock_row, &c);
}

static enum err returned(struct step *st, struct str person, struct str call_no)
{
    struct rec_row_staff_card card;
    enum err e = card_get(st, person, call_no, &card);
    if (e != ERR_OK || card.returned) return e;
    card.returned = true;
    card_put(st, person, call_no, &card);
    return card.arrived ? settle(st, person, card.month) : ERR_OK;
}

enum err dispatch_card_returned(struct step *st, struct str person, struct str call_no)
{
    struct job j;
    struct leg one, *v = &one;
    uint32_t n = 1;
    enum err e = dispatch_job_load(st, call_no, JOB_FIRST, &j);
    if (e == ERR_OK) {
        e = person.n ? dispatch_leg_get(st, &j, person, &one) : dispatch_leg_all(st, &j, &v, &n);
    }
    for (uint32_t i = 0; e == ERR_OK && i < n; i++)
        e = returned(st, v[i].technician, call_no);
    return e == ERR_NOT_FOUND ? ERR_STALE : e; /* intake has accepted it; no job here knows it */
}

/* ---- the clock passes ---- */

enum err dispatch_card_passed(struct step *st, const struct passed *what)
{
    const struct zone *z = step_zone(st, what->unit);
    struct ev_tech_cards_missing ev = {.technician = arena_str(st->arena, what->person)};
    ev.month = day_add_months(zone_day(z, what->start_ms), -1);
    ev.calls.v = arena_take(st->arena, CARDS_MAX * sizeof *ev.calls.v);
    struct key prefix = month_key(ev.technician, ev.month), at = {.n = 0};
    struct rec_row_staff_card card;
    enum err e = ERR_OK;
    while (ev.calls.n < CARDS_MAX) {
        e = step_next(st, &dispatch_tables[DISPATCH_CARD], &prefix, &at, &card);
        if (e != ERR_OK) break;
        struct key_reader rest = {{at.b + prefix.n, at.n - prefix.n}};
        struct str call_no;
        if (key_take_str(&rest, &call_no) != ERR_OK) return ERR_CORRUPT;
        ev.calls.v[ev.calls.n++] = (struct rec_name_line){arena_str(st->arena, call_no)};
    }
    if (e != ERR_OK && e != ERR_END) return e;
    step_emit_as(st, "DSP-054", EV_tech_cards_missing, &ev);
    return ERR_OK;
}
