/* scoring_round.h - what the tests of the days of sheets share: providers of data at C1 and what
 * they hand in, the clocks of a round. */
#ifndef CUIBAN_TESTS_UNIT_SCORING_ROUND_H
#define CUIBAN_TESTS_UNIT_SCORING_ROUND_H

#include "tests/unit/scoring_sheet.h"

#define FINANCE "scoring.4s_sheet_finance"

static inline void providers_tell(struct stage *s)
{
    static const struct {
        const char *person, *role;
    } rows[] = {{"PA", "行政部經理"},
                {"PH", "人力資源專員"},
                {"PD", "部門經理"},
                {"PC", "客服經理"},
                {"PF", "財務部經理"}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char data[200];
        snprintf(data, sizeof data, "'person':'%s','unit':'C1','role':'%s'", rows[i].person,
                 rows[i].role);
        tell(s, "HR", "person.upserted", "2024-07-01T08:00", data);
    }
}

/* Of the last event with this field so: another one; "" when there is none. */
static inline const char *last_of(struct stage *s, const char *type, const char *is, const char *so,
                                  const char *field)
{
    for (size_t i = count(s, type); i-- > 0;) {
        if (strcmp(stage_field(s, OWNER_scoring, type, i, is), so) == 0)
            return stage_field(s, OWNER_scoring, type, i, field);
    }
    return "";
}

/* The clock of the so-manieth manager who hands in sheets of a round. */
static inline bool manager_clock(struct stage *s, const char *no, uint8_t item, const char *name,
                                 struct rec_row_deadline *row)
{
    struct key k = deadline_key(str_of(no), item, str_of(name));
    return stage_row(s, OWNER_scoring, &table_deadline, k, row);
}

static inline const char *manager_end(struct stage *s, const char *no, uint8_t item,
                                      const char *name)
{
    struct rec_row_deadline row;
    return manager_clock(s, no, item, name, &row) ? code_word(&codes_deadline_end, row.end)
                                                  : "none";
}

/* How often this deadline has passed for this person. */
static inline size_t passed_of(struct stage *s, const char *name, const char *person)
{
    const char *type = "deadline.passed";
    size_t n = 0;
    for (size_t i = count(s, type); i-- > 0;) {
        if (strcmp(stage_field(s, OWNER_scoring, type, i, "name"), name)) continue;
        n += strcmp(stage_field(s, OWNER_scoring, type, i, "person"), person) == 0;
    }
    return n;
}

static inline struct stage *open_with_providers(void)
{
    struct stage *s = scoring_open();
    providers_tell(s);
    return s;
}

static inline void provide(struct stage *s, const char *role, const char *first, const char *local)
{
    char data[200];
    snprintf(data, sizeof data, "'scheme':'4s_ae','first':'%s','role':'%s','unit':'C1','by':'PF'",
             first, role);
    say(s, "C1", "scoring.sheet_submitted", local, data);
}

#endif
