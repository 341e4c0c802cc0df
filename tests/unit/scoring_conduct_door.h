/* scoring_conduct_door.h - what the tests of the ledgers share: reports, the manager's word, and
 * two stand-ins for the logs of parts and complaint, which take every fact of theirs as it comes,
 * so that what those services work out can be told outright. */
#ifndef CUIBAN_TESTS_UNIT_SCORING_CONDUCT_DOOR_H
#define CUIBAN_TESTS_UNIT_SCORING_CONDUCT_DOOR_H

#include "common/exact.h"
#include "tests/unit/scoring_door.h"

/* ---- stand-ins ---- */

static inline enum err complaint_takes(struct step *st, const void *payload)
{
    (void)payload;
    return st->type->owner == OWNER_complaint ? ERR_OK : ERR_STALE;
}
static const struct service any_complaint = {.name = "complaint",
                                             .owner = OWNER_complaint,
                                             .upstream = IN(OWNER_intake),
                                             .step = complaint_takes};

/* A purchase order number stands for an assessment of T1, twice the value of 230.00. */
static inline enum err parts_take(struct step *st, const void *payload)
{
    (void)payload;
    if (st->type->owner != OWNER_parts) return ERR_STALE;
    if (st->type->kind != EV_item_upserted) return ERR_OK;
    struct ev_assessment_raised ev = {.report_no =
                                          ((const struct ev_item_upserted *)payload)->part_no,
                                      .person = STR("T1"),
                                      .unit = STR("C1"),
                                      .day = day_of(2025, 3, 10),
                                      .value = 23000,
                                      .factor = 2,
                                      .amount = 46000};
    step_emit(st, EV_assessment_raised, &ev);
    return ERR_OK;
}
static const struct service any_parts = {
    .name = "parts", .owner = OWNER_parts, .upstream = IN(OWNER_intake), .step = parts_take};

static inline struct stage *ledger_house(const char *policy_dir)
{
    const struct service *house[] = {&intake_service, &dispatch_service, &any_parts,
                                     &any_complaint,  &scoring_service,  &escalation_service};
    struct stage *s = stage_open(policy_dir, house, COUNT_OF(house));
    units_tell(s);
    return s;
}

static inline struct stage *ledger_open(void)
{
    return ledger_house(POLICY_SCORING);
}

/* ---- telling ---- */

/* A fact of another service; what its log tells is heard a moment later. */
static inline void told(struct stage *s, const char *unit, const char *type, const char *local,
                        const char *data)
{
    char later[40];
    tell(s, unit, type, local, data);
    time_format(instant(local) + 60000, NULL, later);
    stage_until(s, later);
}

/* A manager reports it at the door. */
static inline void reported(struct stage *s, const char *person, const char *kind, const char *site,
                            const char *local)
{
    char data[300];
    snprintf(data, sizeof data, "'kind':'%s','person':'%s','site':'%s','by':'M1'", kind, person,
             site);
    tell(s, "C1", "conduct.recorded", local, data);
}

static inline const char *named(const char *person, const char *kind, const char *case_no,
                                const char *day, const char *more)
{
    static char data[500];
    snprintf(data, sizeof data, "'person':'%s','kind':'%s','case_no':'%s','day':'%s','by':'M1'%s",
             person, kind, case_no, day, more);
    return data;
}

static inline void confirm(struct stage *s, const char *person, const char *kind,
                           const char *case_no, const char *day, const char *local)
{
    say(s, "C1", "conduct.confirmed", local, named(person, kind, case_no, day, ""));
}

/* Reported on that day at 10:00 and confirmed at noon. */
static inline void proved(struct stage *s, const char *person, const char *kind, const char *day)
{
    char local[24];
    snprintf(local, sizeof local, "%sT10:00", day);
    reported(s, person, kind, "SITE", local);
    snprintf(local, sizeof local, "%sT12:00", day);
    confirm(s, person, kind, "SITE", day, local);
}

/* ---- looking ---- */

static inline void is_last(struct stage *s, const char *type, const char *field, const char *value)
{
    if (strcmp(last(s, type, field), value) != 0)
        fail_msg("%s %s: %s, not %s", type, field, last(s, type, field), value);
}

static inline bool entry_of(struct stage *s, const char *person, const char *kind,
                            const char *case_no, const char *day, struct rec_row_conduct *row)
{
    int32_t d;
    struct key k = key_of(str_of(person));
    assert_int_equal(day_parse(str_of(day), &d), ERR_OK);
    key_str(&k, str_of(kind));
    key_str(&k, str_of(case_no));
    key_day(&k, d);
    return row_at(s, SCORING_CONDUCT, k, row);
}

static inline int64_t fines_of(struct stage *s, const char *person)
{
    int64_t fen = 0;
    for (size_t i = 0; i < count(s, "conduct.booked"); i++) {
        const char *fine = stage_field(s, OWNER_scoring, "conduct.booked", i, "fine");
        char text[24];
        snprintf(text, sizeof text, "%s", fine);
        int64_t one = 0;
        if (*text) assert_true(exact_money_parse(str_of(text), &one));
        if (!strcmp(stage_field(s, OWNER_scoring, "conduct.booked", i, "person"), person))
            fen += one;
    }
    return fen;
}

static inline struct rec_row_conduct_marks marks_of(struct stage *s, const char *person,
                                                    uint64_t year)
{
    struct rec_row_conduct_marks row = {0};
    struct key k = key_of(str_of(person));
    key_u64(&k, year);
    (void)row_at(s, SCORING_CONDUCT_MARKS, k, &row);
    return row;
}

static inline struct rec_row_qualification standing(struct stage *s, const char *person)
{
    struct rec_row_qualification row = {0};
    (void)row_at(s, SCORING_QUALIFICATION, key_of(str_of(person)), &row);
    return row;
}

static inline uint64_t conduct_counted(struct stage *s, const char *person, uint64_t year,
                                       const char *counter)
{
    struct rec_row_conduct_count r = {0};
    struct key k = key_of(str_of(person));
    key_u64(&k, year);
    key_str(&k, str_of(counter));
    (void)row_at(s, SCORING_CONDUCT_COUNT, k, &r);
    return r.n;
}

#endif
