/* escalation_private.h - what the files of the desk share: 催辦單, 洽辦單, and what waits for the
 * close of a complaint. */
#ifndef CUIBAN_SERVICES_ESCALATION_PRIVATE_H
#define CUIBAN_SERVICES_ESCALATION_PRIVATE_H

#include "services/escalation/escalation.h"

/* A deadline instance: what a ladder of 催辦單 and at most one 洽辦單 belong to (N3). */
struct instance {
    uint8_t holder; /* enum owner */
    struct str case_no;
    uint8_t item;
    struct str name;
    uint64_t round;
};

extern const struct table escalation_tables[];
extern const struct table *const escalation_reminder, *const escalation_reminder_of;
extern const struct table *const escalation_inquiry, *const escalation_inquiry_of;
extern const struct table *const escalation_running, *const escalation_case_unit;
extern const struct table *const escalation_late_end, *const escalation_complaint_of;
/* The desk's only deadline: inquiry.answer (CMP-054). */
extern const struct deadline_row escalation_answer;

struct key escalation_key(const struct instance *i);
/* Next number <kind>-<unit>-<YYYYMMDD>-<NNN> of the unit's local day of issue. */
MUST_CHECK enum err escalation_number(struct step *st, const char *kind, struct str unit,
                                      struct str *out);

/* Whole minutes that at_ms lies past due_ms; 0 when it does not, whatever a log says of it. */
static inline uint64_t minutes_past(int64_t due_ms, int64_t at_ms)
{
    return at_ms > due_ms ? (uint64_t)((at_ms - due_ms) / MINUTE_MS) : 0;
}

/* Ends every 催辦單 of the instance that stands. withdrawn: what went out after the work was done
 * (at_ms) is taken back, also when it was stopped before; the rest is stopped. */
MUST_CHECK enum err reminders_end(struct step *st, const struct instance *i,
                                  enum reminder_state state, int64_t at_ms);

/* Asks why; once per instance. step: of a complaint, when the deadline is that of one; may be NULL.
 */
MUST_CHECK enum err inquiry_issue(struct step *st, const struct instance *i,
                                  const struct rec_row_late_end *late,
                                  const struct rec_complaint_step_line *step);
MUST_CHECK enum err inquiry_withdraw(struct step *st, const struct instance *i);
MUST_CHECK enum err inquiry_on_answered(struct step *st, const void *payload);
MUST_CHECK enum err inquiry_on_closed(struct step *st, const void *payload);
MUST_CHECK enum err inquiry_on_released(struct step *st, const void *payload);

/* ---- complaints: escalation_case.c ---- */
/* When an end that came late is asked about: at once, at the close of its case, or not at all. */
enum case_late { CASE_LATE_now, CASE_LATE_waits, CASE_LATE_never };
MUST_CHECK enum err case_late(struct step *st, const struct instance *i, enum case_late *out);
void case_note(struct step *st, const struct instance *i, const struct rec_row_late_end *late);
/* In time after all, before the close: nothing will be asked. */
MUST_CHECK enum err case_forget(struct step *st, const struct instance *i);
MUST_CHECK enum err case_on_registered(struct step *st, const void *payload);
MUST_CHECK enum err case_on_closed(struct step *st, const void *payload);
MUST_CHECK enum err case_on_resubmitted(struct step *st, const void *payload);

#endif
