/* intake_appointment.c - the appointment register of a workshop 維修預約登記表 and its capacity
 * chart 預約能力分析表.
 *
 * Every appointment that stands has an entry (slot) for each day it touches, by technician and day:
 * the arrows of the chart, and the index by which an overlap is found without looking at anything
 * else. Intervals are half-open: one may begin when the other ends. What was called off, or whose
 * customer did not come, has no arrow; what came in keeps it. Rules INT-065, INT-066, INT-067. */
#include "common/contract.h"
#include "services/intake/intake_private.h"

#define DAYS_MAX 31      /* an appointment is no longer */
#define CONFLICTS_MAX 16 /* written down of one booking; one is enough to refuse it */
#define VIN_LABEL 5

#define BOOKED IN(appointment_state_booked)
#define CONFIRMED IN(appointment_state_confirmed)
#define NO_SHOW IN(appointment_state_no_show)

/* ---- the label (INT-066) ---- */

static bool begins_character(char c)
{
    return ((unsigned char)c & 0xC0) != 0x80;
}

/* The plate number, else the last 5 characters of the VIN. */
static struct str label_of(struct str plate, struct str vin)
{
    if (plate.n) return plate;
    uint32_t from = vin.n, seen = 0;
    while (from > 0 && seen < VIN_LABEL) {
        from--;
        seen += begins_character(vin.p[from]);
    }
    return (struct str){vin.p + from, vin.n - from};
}

/* ---- slots ---- */

struct days {
    int32_t first, last;
};

static const struct calendar *calendar_at(struct step *st, const struct rec_row_appointment *row)
{
    return step_calendar(st, row->unit, NULL);
}

/* `end` itself is no longer part of it. */
static struct days days_of(struct step *st, const struct rec_row_appointment *row)
{
    const struct zone *z = calendar_zone(calendar_at(st, row));
    return (struct days){zone_day(z, row->start), zone_day(z, row->end - 1)};
}

static struct key slot_day(struct str technician, int32_t day)
{
    struct key k = key_of(technician);
    key_day(&k, day);
    return k;
}

static void slots_set(struct step *st, const struct rec_row_appointment *row, struct str no,
                      bool stands)
{
    struct rec_row_slot slot = {.start = row->start,
                                .end = row->end,
                                .label = row->label,
                                .adviser = row->person,
                                .unit = row->unit};
    struct days d = days_of(st, row);
    for (int32_t day = d.first; day <= d.last; day++) {
        struct key k = slot_day(row->technician, day);
        key_str(&k, no);
        if (stands) {
            step_put(st, INTAKE_TABLE(SLOT), &k, &slot);
        } else {
            step_del(st, INTAKE_TABLE(SLOT), &k);
        }
    }
}

/* ---- overlaps (INT-066) ---- */

struct clash {
    struct str no;
    const struct rec_row_appointment *row;
    bool refuse;
    uint32_t count;
};

static void tell_clash(struct step *st, struct clash *c, struct str other,
                       const struct rec_row_slot *slot)
{
    struct ev_appointment_conflict ev = {.appointment = c->no,
                                         .other = other,
                                         .technician = c->row->technician,
                                         .label = c->row->label,
                                         .start = c->row->start,
                                         .end = c->row->end,
                                         .other_start = slot->start,
                                         .other_end = slot->end,
                                         .refused = c->refuse,
                                         .override_by = c->row->override_by};
    if (c->count++ < CONFLICTS_MAX) {
        (c->refuse ? step_also : step_emit)(st, EV_appointment_conflict, &ev);
    }
}

/* Another one is told of on the first day the two have in common. */
static enum err clashes_on(struct step *st, struct clash *c, struct days d, int32_t day)
{
    const struct zone *z = calendar_zone(calendar_at(st, c->row));
    struct key prefix = slot_day(c->row->technician, day), at = {.n = 0};
    struct rec_row_slot slot;
    enum err e;
    while ((e = step_next(st, INTAKE_TABLE(SLOT), &prefix, &at, &slot)) == ERR_OK) {
        struct key_reader r = {{at.b + prefix.n, at.n - prefix.n}};
        struct str other;
        if (key_take_str(&r, &other)) return ERR_CORRUPT;
        bool told = day > d.first && zone_day(z, slot.start) < day;
        bool overlap = slot.start < c->row->end && c->row->start < slot.end;
        if (overlap && !told && !str_eq(other, c->no))
            tell_clash(st, c, arena_str(st->arena, other), &slot);
    }
    return e == ERR_END ? ERR_OK : e;
}

static enum err check_overlap(struct step *st, struct str no, const struct rec_row_appointment *row)
{
    bool warns = st->policy->keys.appointment_overlap == APPOINTMENT_OVERLAP_warn;
    struct clash c = {.no = no, .row = row, .refuse = !warns && row->override_by.n == 0};
    struct days d = days_of(st, row);
    st->rule = "INT-066";
    for (int32_t day = d.first; day <= d.last; day++) {
        enum err e = clashes_on(st, &c, d, day);
        if (e != ERR_OK) return e;
    }
    if (c.count == 0 || !c.refuse) return ERR_OK;
    return step_refuse(st, "conflict", "start",
                       "%.*s has another appointment at that time; choose another time or "
                       "technician, or have the supervisor allow it (override_by)",
                       STR_ARG(row->technician));
}

/* ---- booking (INT-065) ---- */

static enum err check_times(struct step *st, const struct rec_row_appointment *row)
{
    if (row->end <= row->start) {
        return step_refuse(st, "end_before_start", "end",
                           "the customer cannot fetch the vehicle before the appointment begins; "
                           "one of the two times is wrong");
    }
    if (row->end - row->start > DAYS_MAX * DAY_MS) {
        return step_refuse(st, "too_long", "end",
                           "an appointment lasts %d days at most; correct the end, or book it in "
                           "parts",
                           DAYS_MAX);
    }
    return ERR_OK;
}

/* Only the supervisor of the shop may allow an overlap, where it is known who that is. */
static enum err check_override(struct step *st, const struct rec_row_appointment *row)
{
    if (row->override_by.n == 0) return ERR_OK;
    struct rec_row_unit unit;
    enum err e = step_unit(st, row->unit, &unit);
    if (e == ERR_NOT_FOUND) return ERR_OK;
    if (e != ERR_OK || unit.supervisor.n == 0 || str_eq(unit.supervisor, row->override_by))
        return e;
    st->rule = "INT-066";
    return step_refuse(st, "not_supervisor", "override_by",
                       "an overlap is allowed by the supervisor of %.*s, who is %.*s",
                       STR_ARG(row->unit), STR_ARG(unit.supervisor));
}

/* 24:00 of the working day before; 0 where that is over already, or nobody calls. */
static int64_t confirm_by(struct step *st, const struct rec_row_appointment *row, int64_t at_ms)
{
    const struct deadline_setting *s = policy_deadline(st->policy, STR("appointment.confirm"));
    if (!s || s->off) return 0;
    const struct calendar *cal = calendar_at(st, row);
    int32_t day = zone_day(calendar_zone(cal), row->start);
    int32_t before = calendar_workday(cal, day, -1);
    int64_t due_ms = paper_day_end(st, row->unit, before == INT32_MAX ? day - 1 : before);
    return due_ms > at_ms ? due_ms : 0;
}

/* An appointment that moves leaves its place and its clock first. */
static enum err leave_place(struct step *st, const struct paper_at *a, struct str no)
{
    struct rec_row_appointment old;
    enum err e = step_get(st, INTAKE_TABLE(APPOINTMENT), &a->key, &old);
    if (e != ERR_OK) return e == ERR_NOT_FOUND ? ERR_OK : e;
    slots_set(st, &old, no, false);
    return deadline_drop(st, a->case_no, 0, STR("another time"));
}

static enum err on_booked(struct step *st, const void *payload, void *at)
{
    const struct ev_appointment_booked *ev = payload;
    struct paper_at *a = at;
    struct rec_row_appointment *row = a->row;
    if (ev->plate.n == 0 && ev->vin.n == 0) {
        return step_refuse(st, "missing", "plate",
                           "an appointment names the vehicle: give its plate number 車牌 or VIN");
    }
    row->plate = ev->plate;
    row->vin = ev->vin;
    row->label = label_of(ev->plate, ev->vin);
    row->person = ev->adviser;
    row->override_by = ev->override_by;
    enum err e = check_times(st, row);
    if (e == ERR_OK) e = check_override(st, row);
    if (e == ERR_OK) e = check_overlap(st, ev->appointment, row);
    if (e == ERR_OK) e = leave_place(st, a, ev->appointment);
    if (e != ERR_OK) return e;
    slots_set(st, row, ev->appointment, true);
    a->given_ms = confirm_by(st, row, a->start_ms);
    return ERR_OK;
}

/* ---- later ---- */

static struct str number_of(const void *payload)
{
    return *(const struct str *)payload; /* first field of each of its events */
}

static enum err on_cancelled(struct step *st, const void *payload, void *at)
{
    slots_set(st, ((struct paper_at *)at)->row, number_of(payload), false);
    return ERR_OK;
}

static enum err on_no_show(struct step *st, const void *payload, void *at)
{
    const struct rec_row_appointment *row = ((struct paper_at *)at)->row;
    if (st->in->occurred < row->start) {
        return step_refuse(st, "too_early", "appointment",
                           "the appointment has not begun; until then it can be called off "
                           "(appointment.cancelled)");
    }
    slots_set(st, row, number_of(payload), false);
    return ERR_OK;
}

/* Who came after all has his arrow again. */
static enum err on_received(struct step *st, const void *payload, void *at)
{
    const struct paper_at *a = at;
    if (a->before == appointment_state_no_show) slots_set(st, a->row, number_of(payload), true);
    return ERR_OK;
}

static const struct transition appointment_rows[] = {
    {EV_appointment_booked, PAPER_NEW | BOOKED | CONFIRMED, appointment_state_booked, on_booked,
     "INT-065"},
    {EV_appointment_confirmed, BOOKED, appointment_state_confirmed, NULL, "INT-065"},
    {EV_appointment_cancelled, BOOKED | CONFIRMED, appointment_state_cancelled, on_cancelled,
     "INT-065"},
    {EV_appointment_no_show, BOOKED | CONFIRMED, appointment_state_no_show, on_no_show, "INT-065"},
    {EV_appointment_received, BOOKED | CONFIRMED | NO_SHOW, appointment_state_received, on_received,
     "INT-067"},
};

enum err intake_appointment_received(struct step *st, struct str appointment)
{
    struct rec_row_appointment row;
    struct key k = key_of(appointment);
    enum err e = step_get(st, INTAKE_TABLE(APPOINTMENT), &k, &row);
    if (e == ERR_NOT_FOUND) return ERR_STALE;
    if (e != ERR_OK) return e;
    if (!(IN(row.state) & (BOOKED | CONFIRMED | NO_SHOW))) return ERR_STALE;
    struct ev_appointment_received ev = {.appointment = appointment};
    return paper_act(st, &intake_appointment, EV_appointment_received, &ev);
}

static const struct deadline_row appointment_clocks[] = {
    {.name = "appointment.confirm",
     .rule = "INT-065",
     .from = FROM_OCCURRED,
     .due = DUE_GIVEN,
     .start = {EV_appointment_booked},
     .stop = {EV_appointment_confirmed}},
};

const struct paper intake_appointment = {.name = "appointment",
                                         .label = "appointment 維修預約",
                                         .table = INTAKE_TABLE(APPOINTMENT),
                                         .states = &codes_appointment_state,
                                         .keys = {"appointment"},
                                         PAPER_ROWS(appointment_rows),
                                         PAPER_CLOCKS(appointment_clocks),
                                         .drops = IN(appointment_state_received) |
                                                  IN(appointment_state_cancelled) | NO_SHOW};
