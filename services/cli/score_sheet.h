/* score_sheet.h - a score sheet read from the store of scoring and reckoned again: what was
 * entered, what was counted and from which events, the score, what it lacks, what was paid. */
#ifndef CUIBAN_SERVICES_CLI_SCORE_SHEET_H
#define CUIBAN_SERVICES_CLI_SCORE_SHEET_H

#include "services/cli/view.h"
#include "services/scoring/reckon.h"

/* A fact that counts in the period of the sheet. */
struct score_seen {
    uint32_t fact; /* place in policy->score_facts */
    struct str no; /* what names it, where one field does */
    struct rec_row_score_fact row;
};
struct score_sheet {
    struct arena arena; /* all of it lives here */
    const struct policy *policy;
    const struct scheme *scheme;
    bool changed; /* the period began under another content of it (SCO-003) */
    struct rec_row_score_sheet row;
    struct rec_row_score_result result; /* as published; revision 0 = not yet */
    struct rec_row_score_entry *entries;
    struct str *numbers; /* of the entries; empty: none */
    uint32_t entry_count;
    struct frac *facts; /* by place in policy->score_facts */
    struct score_seen *seen;
    uint32_t seen_count;
    struct reckoned now;                     /* from the entries and facts as they stand */
    struct rec_row_pay paid;                 /* as booked; revision 0 = not yet */
    struct rec_row_pay_bonus bonus;          /* of the month, with what was deducted from it */
    struct rec_row_award_cancelled no_award; /* what cancelled the award of the month */
    struct rec_row_pay_account account;      /* is he excluded from the excess profit? */
};
/* The sheet of a person by a scheme for the period that begins on `first`; 0 = the latest, scheme
 * "" = of any. ERR_NOT_FOUND: no such sheet, or a scheme the policy set does not have. */
MUST_CHECK enum err score_sheet_read(struct view *v, struct str person, struct str scheme,
                                     int32_t first, struct score_sheet *out);
/* Such names may stand in a key; no sheet has longer ones. */
bool score_names_fit(struct str person, struct str scheme);
void score_sheet_fini(struct score_sheet *s);
/* "2024-03" of a month, "2024-Q1", "2024". */
#define SCORE_PERIOD_TEXT_MAX 32
void score_period_text(enum score_period p, int32_t first, char out[SCORE_PERIOD_TEXT_MAX]);
/* First day of such a text; 0 = it is none. */
int32_t score_period_parse(const char *text);

#endif
