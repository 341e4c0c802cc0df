/* clocks.h - what the doors of the services ask of clocks and logs. Included behind moment.h and
 * tests/lib/stage.h, with CLOCKS_OWNER the service whose clocks are meant. */
#ifndef CUIBAN_TESTS_UNIT_CLOCKS_H
#define CUIBAN_TESTS_UNIT_CLOCKS_H

static inline bool clock_row(struct stage *s, const char *case_no, const char *name,
                             struct rec_row_deadline *row)
{
    struct key k = deadline_key(str_of(case_no), 0, str_of(name));
    return stage_row(s, CLOCKS_OWNER, &table_deadline, k, row);
}

/* "open", "stopped", "late", "superseded", "cancelled"; "none" when it was never armed. */
static inline const char *end_of(struct stage *s, const char *case_no, const char *name)
{
    struct rec_row_deadline row;
    return clock_row(s, case_no, name, &row) ? code_word(&codes_deadline_end, row.end) : "none";
}

static inline void due_is(struct stage *s, const char *case_no, const char *name, const char *local)
{
    struct rec_row_deadline row;
    if (!clock_row(s, case_no, name, &row)) fail_msg("%s %s: not armed", case_no, name);
    if (row.due == instant(local)) return;
    char due[40];
    time_format(row.due + 8 * HOUR_MS, NULL, due);
    fail_msg("%s %s: due %s, not %s", case_no, name, due, local);
}

/* Records of a log of this type whose field has this text. */
static inline size_t count_of(struct stage *s, enum owner log, const char *type, const char *field,
                              const char *text)
{
    size_t n = stage_count(s, log, type), found = 0;
    for (size_t i = 0; i < n; i++)
        found += strcmp(stage_field(s, log, type, i, field), text) == 0;
    return found;
}

/* 催辦單 for a deadline. */
static inline size_t reminders(struct stage *s, const char *name)
{
    return count_of(s, OWNER_escalation, "reminder.issued", "name", name);
}

#endif
