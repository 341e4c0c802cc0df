/* scoring_private.h - what the files of scoring share. Nobody else includes it. */
#ifndef CUIBAN_SERVICES_SCORING_PRIVATE_H
#define CUIBAN_SERVICES_SCORING_PRIVATE_H

#include "common/paper.h"
#include "services/scoring/reckon.h"
#include "services/scoring/scoring.h"

#define SCORING_TABLE(name) (&scoring_tables[SCORING_##name])

/* First day of the month, quarter or year of a day; and of the one that follows by n (n < 0:
 * before). */
int32_t scoring_period(enum score_period p, int32_t day);
int32_t scoring_period_next(enum score_period p, int32_t first, int32_t n);
/* A unit's person; an unknown one is refused (field `field`). */
MUST_CHECK enum err scoring_person(struct step *st, struct str person, const char *field,
                                   struct rec_row_person *out);

/* ---- the rooms ----
 * <room>_fact applies a fact that came through the door; ERR_STALE when it is none of the room's.
 * <room>_heard is told of every fact of scoring that was accepted, also those of other rooms.
 * <room>_upstream hears the logs before it (and facts at the door that belong to others),
 * <room>_passed the clocks, <room>_published every result that is published or published again. */
typedef enum err scoring_hears(struct step *st, const void *payload);
typedef enum err scoring_passes(struct step *st, const struct passed *what);
typedef enum err scoring_publishes(struct step *st, const struct rec_row_score_result *r,
                                   const struct rec_row_score_result *before);
#define SCORING_HEARS(name) MUST_CHECK enum err name(struct step *st, const void *payload)
#define SCORING_PASSES(name) MUST_CHECK enum err name(struct step *st, const struct passed *what)

/* sheet: scoring_sheet.c …: who is assessed by what, sheets, targets, dates and fines, appeals */
SCORING_HEARS(scoring_sheet_fact);
SCORING_PASSES(scoring_sheet_passed);
/* A counted fact of this person in the period that holds the day changed: a sheet that is not
 * published is reckoned anew when it is read, a published one is marked stale (SCO-008). */
MUST_CHECK enum err scoring_sheet_touched(struct step *st, struct str person, int32_t day,
                                          struct str fact);
/* The same for the persons who answer for a unit: a fact of the unit alone changed. */
MUST_CHECK enum err scoring_unit_touched(struct step *st, struct str unit, int32_t day,
                                         struct str fact);
/* Scheme of a person on a day, the primary one (SCO-001); ERR_NOT_FOUND. post: on that day. */
MUST_CHECK enum err scoring_scheme_of(struct step *st, struct str person, int32_t day,
                                      const struct scheme **out, struct str *post);
/* Tells it as scoring.result_published, by this rule. */
void scoring_result_tell(struct step *st, const char *rule, const struct rec_row_score_result *r);
/* Rounded half up to the decimals of the policy, as it is shown; in the arena of the step. */
struct str scoring_score_text(struct step *st, struct frac score);
/* What the files of the sheets share: scoring_assign.c, scoring_entry.c, scoring_publish.c,
 * scoring_appeal.c, scoring_round.c, scoring_dates.c. */
extern const struct paper scoring_sheet_paper;
struct key scoring_sheet_key(struct str person, struct str scheme, int32_t first);
MUST_CHECK enum err scoring_sheet_get(struct step *st, struct str person, struct str scheme,
                                      int32_t first, struct rec_row_score_sheet *out);
void scoring_sheet_put(struct step *st, const struct rec_row_score_sheet *row);
/* The scheme of an event, as it is for the period that begins so; an unknown one is refused. */
MUST_CHECK enum err scoring_scheme(struct step *st, struct str id, int32_t first,
                                   const struct scheme **out);
/* SCO-003: is the content of the scheme still the one this period began with? */
MUST_CHECK enum err scoring_standard_held(struct step *st, const struct scheme *s, int32_t first,
                                          bool *out);
/* The scheme of a sheet, by which it is scored; one that was changed in its period is refused. */
MUST_CHECK enum err scoring_standard(struct step *st, const struct rec_row_score_sheet *sheet,
                                     const struct scheme **out);
/* SCO-009, SCO-024: may he who acts? */
MUST_CHECK enum err scoring_may(struct step *st, struct words roles, struct str by,
                                const char *what);
/* Who acts: as said, else as the envelope has it. */
struct str scoring_actor(const struct step *st, struct str by);
/* Nobody judges his own sheet; who is named for it does, unless he has left. Nobody named: any
 * other. */
MUST_CHECK enum err scoring_judge(struct step *st, const struct rec_row_score_sheet *sheet,
                                  struct str named, struct str by, const char *what);
/* First instant behind a period of a unit. */
int64_t scoring_period_end(struct step *st, struct str unit, enum score_period p, int32_t first);
MUST_CHECK enum err scoring_assign(struct step *st, const struct ev_scoring_scheme_assigned *ev);
MUST_CHECK enum err scoring_assign_turned(struct step *st, const struct passed *what);
/* Post and level as assigned on its first day, the managers as of now. */
MUST_CHECK enum err scoring_assign_fill(struct step *st, struct rec_row_score_sheet *row);
/* To whom the clocks of a sheet go: who assesses him now. */
MUST_CHECK enum err scoring_sheet_address(struct step *st, struct passed *what);
/* Entries. Those written in this step are not seen by a scan and are handed on. */
struct scoring_entries {
    const struct rec_row_score_sheet *sheet;
    struct rec_row_score_entry *v;
    struct key *keys;
    uint32_t n;
};
MUST_CHECK enum err scoring_entries_load(struct step *st, const struct rec_row_score_sheet *sheet,
                                         struct scoring_entries *out);
/* The number somebody gave it, or the case; empty: none. */
struct str scoring_entry_number(const struct scoring_entries *all, uint32_t i);
/* SCO-048, scoring_judged.c: an entry that judges a fact names one that stands … */
MUST_CHECK enum err scoring_judged_check(struct step *st, const struct scoring_entries *all,
                                         const struct scheme *s,
                                         const struct ev_scoring_item_scored *ev);
/* … and counts while it does: the facts of the entries into in->cases. */
MUST_CHECK enum err scoring_judged_cases(struct step *st, const struct scoring_entries *all,
                                         const struct scheme *s, struct reckon_input *in);
MUST_CHECK enum err scoring_entry_add(struct step *st, struct rec_row_score_sheet *sheet,
                                      struct scoring_entries *all,
                                      const struct ev_scoring_item_scored *ev);
/* The sheet as it is now; NULL on an error, which is in *e. */
struct reckoned *scoring_entries_reckon(struct step *st, const struct scoring_entries *all,
                                        enum err *e);
/* SCO-008: tells what the service has counted itself. */
MUST_CHECK enum err scoring_entries_tell(struct step *st, const struct rec_row_score_sheet *sheet,
                                         const struct reckoned *r);
/* Keeps score and grade on the sheet; an item without a value is refused. */
MUST_CHECK enum err scoring_score_take(struct step *st, struct rec_row_score_sheet *sheet,
                                       const struct reckoned *r);
uint64_t scoring_print(const struct reckoned *r);
MUST_CHECK enum err scoring_publish(struct step *st, struct rec_row_score_sheet *sheet,
                                    const struct reckoned *r);
MUST_CHECK enum err scoring_appeal_open(struct step *st, struct rec_row_score_sheet *sheet,
                                        int64_t at_ms);
SCORING_PASSES(scoring_appeal_passed);
MUST_CHECK enum err scoring_appeal_filed(struct step *st, const void *payload, void *row);
MUST_CHECK enum err scoring_appeal_ruled(struct step *st, const void *payload, void *row);
/* Days of a scheme. NULL: it has no such. */
const struct score_date *scoring_date(const struct scheme *s, enum score_date_for what,
                                      enum score_role role);
int64_t scoring_date_due(struct step *st, struct str unit, const struct scheme *s,
                         const struct score_date *d, int32_t first);
int64_t scoring_date_start(struct step *st, struct str unit, const struct scheme *s,
                           const struct score_date *d, int32_t first);
const struct deadline_row *scoring_date_clock(struct step *st, const struct score_date *d);
/* Who is responsible: the first in the unit with the role, the only one who has it elsewhere, else
 * the unit's manager. */
MUST_CHECK enum err scoring_date_holder(struct step *st, struct str unit,
                                        const struct score_date *d, struct str *out);
/* "round/C1/4s_ae/2024-08-01", "sheet/P1/4s_ae/2024-08-01"; a unit and a person may have a / in
 * their names. */
bool scoring_case_read(struct str no, struct str head, struct str *whose, struct str *scheme,
                       int32_t *first);
uint32_t scoring_late_days(struct step *st, struct str unit, const struct scheme *s, int64_t due_ms,
                           int64_t at_ms);
/* Rounds: the sheets of a centre by a scheme for a period. */
MUST_CHECK enum err scoring_round_opened(struct step *st, const struct rec_row_score_sheet *sheet);
/* A sheet is cancelled, or is of another unit: as it was, and as it is. */
MUST_CHECK enum err scoring_round_left(struct step *st, const struct rec_row_score_sheet *was,
                                       struct rec_row_score_sheet *sheet);
/* Another unit, another manager. */
MUST_CHECK enum err scoring_round_renewed(struct step *st, const struct rec_row_score_sheet *was,
                                          struct rec_row_score_sheet *sheet);
MUST_CHECK enum err scoring_round_moved(struct step *st, const struct rec_row_score_sheet *sheet,
                                        uint32_t before);
MUST_CHECK enum err scoring_round_provided(struct step *st,
                                           const struct ev_scoring_sheet_submitted *ev);
MUST_CHECK enum err scoring_round_passed(struct step *st, const struct passed *what);
/* SCO-032: a sheet that is handed in late. */
MUST_CHECK enum err scoring_round_sheet_came(struct step *st, struct rec_row_score_sheet *sheet,
                                             struct str by);

/* facts: scoring_facts.c …: what is counted, figures of persons and units, surveys, files */
SCORING_HEARS(scoring_facts_fact);
SCORING_HEARS(scoring_facts_heard);
SCORING_HEARS(scoring_facts_upstream);
/* Every event that may be counted, and what says whom it is about or takes it back. */
bool scoring_facts_hears(enum owner from, enum event_kind kind);
SCORING_PASSES(scoring_facts_passed);
/* All score_facts of the policy for a person (or, person empty, a unit) in a period: count or sum,
 * in policy->score_fact_count places of the arena. Of a person's sheet the facts that are of units
 * only are those of his unit. */
MUST_CHECK enum err scoring_tallies(struct step *st, struct str person, struct str unit,
                                    enum score_period p, int32_t first, struct frac **out);
/* Is the period final: no complaint closed in it waits for its review (SCO-133)? */
MUST_CHECK enum err scoring_final(struct step *st, enum score_period p, int32_t first, bool *out);
/* By what the event at hand can be taken back; empty: it cannot. */
struct str scoring_named(struct step *st, const void *payload);
/* What it takes back itself, one after the other from *at = 0: the kind and the name it was told
 * by. */
bool scoring_taken(struct step *st, const void *payload, size_t *at, enum event_kind *kind,
                   struct str *name);
/* Counts a fact by hand of its id, e.g. one of scoring's own consequences; ref as score_fact.ref,
 * empty = the event at hand. Idempotent for the same ref. */
struct scoring_count {
    struct str fact, person, unit, ref;
    int32_t day;
    int64_t amount; /* 1, or the sum's part */
};
MUST_CHECK enum err scoring_count(struct step *st, const struct scoring_count *c);

/* conduct: scoring_conduct.c …: the five ledgers, counters of the year, training, posts lost */
SCORING_HEARS(scoring_conduct_fact);
SCORING_HEARS(scoring_conduct_heard);
SCORING_HEARS(scoring_conduct_upstream);
SCORING_PASSES(scoring_conduct_passed);
/* SCO-124: 記過 記大過 記功 and single awards of a person in an assessment year. */
struct scoring_marks {
    uint32_t demerit_minor, demerit_major, merit, award;
};
MUST_CHECK enum err scoring_marks(struct step *st, struct str person, int32_t year,
                                  struct scoring_marks *out);
/* SCO-125: is the award of this month cancelled? */
MUST_CHECK enum err scoring_award_cancelled(struct step *st, struct str person, int32_t month,
                                            bool *out);
/* SCO-017, SCO-128: did the person ever pass a training of this kind? */
MUST_CHECK enum err scoring_training_passed(struct step *st, struct str person,
                                            enum training_kind kind, bool *out);
/* Who decides about the conduct of a person: another member of staff, of one of these roles. */
MUST_CHECK enum err scoring_decides(struct step *st, struct words roles, struct str person,
                                    struct str by);
/* ledger: scoring_ledger*.c. What somebody tells of a fact, on a day not before there are ledgers.
 */
#define LEDGER_DAY_MIN 7305 /* 1990-01-01 */
struct conduct_told {
    const struct ledger_fact *fact;
    struct str person, case_no, text;
    struct str site; /* where it was; the case itself when nothing else names it */
    struct str name; /* by which it can be taken back */
    int32_t day;
    bool undated; /* day is not that of the fact */
};
MUST_CHECK enum err scoring_ledger_told(struct step *st, const struct conduct_told *told);
/* SCO-115: a sanction of a verified complaint is published: the entry is booked without a manager.
 * counted: a manager had booked it before, with its mark. */
MUST_CHECK enum err scoring_ledger_sanctioned(struct step *st, const struct conduct_told *told,
                                              const struct ev_sanction_published *ev,
                                              bool *counted);
SCORING_HEARS(scoring_ledger_fact);
/* What an event of this kind told under this name is taken back. */
MUST_CHECK enum err scoring_ledger_untold(struct step *st, enum event_kind kind, struct str name);
/* The site of a shift; empty when the case is none. */
MUST_CHECK enum err scoring_shift_site(struct step *st, struct str case_no, struct str *out);
/* Any event the policy names as a source; scoring_ledger_source.c. */
SCORING_HEARS(scoring_ledger_heard);
SCORING_HEARS(scoring_ledger_sanction);
SCORING_HEARS(scoring_ledger_taken); /* an event that takes back what another told */
SCORING_HEARS(scoring_shift_heard);
MUST_CHECK enum err scoring_marks_add(struct step *st, struct str person, int32_t day,
                                      enum conduct_mark mark, uint64_t n);
MUST_CHECK enum err scoring_marks_take(struct step *st, struct str person, int32_t day,
                                       enum conduct_mark mark);
SCORING_HEARS(scoring_charge_heard); /* SCO-079, SCO-080 */
/* Proposals, under the rule of the fact; out: the number of the proposal, as it was when there is
 * none. */
MUST_CHECK enum err scoring_propose_training(struct step *st, const struct conduct_told *of,
                                             uint64_t *out);
MUST_CHECK enum err scoring_propose_loss(struct step *st, const char *rule,
                                         const struct ev_conduct_qualification_loss_proposed *ev,
                                         uint64_t *out);
MUST_CHECK enum err scoring_propose_dismissal(struct step *st, const struct conduct_told *of,
                                              uint64_t *out);
/* The fact that brought this proposal fell: so does the proposal, unless it is decided. Told when
 * nothing of the sort is open any more. */
struct conduct_dropped {
    struct str person, by, reason;
    enum conduct_proposal what;
};
MUST_CHECK enum err scoring_unpropose(struct step *st, const struct conduct_dropped *of,
                                      uint64_t no);
/* The last proposal when a loss was decided on. */
MUST_CHECK enum err scoring_losses_until(struct step *st, struct str person, uint64_t *out);
extern const struct paper scoring_qualification, scoring_training_plan;
SCORING_HEARS(scoring_training_fact);
SCORING_PASSES(scoring_qualification_passed);
SCORING_HEARS(scoring_rating_heard); /* SCO-127 */
SCORING_PASSES(scoring_rating_passed);
/* Calendar year of a day (year.assessment), first day of its month. */
int32_t scoring_year_of(int32_t day);
int32_t scoring_month_of(int32_t day);
/* A person's unit, else the source. */
MUST_CHECK enum err scoring_unit_of(struct step *st, struct str person, struct str *out);

/* pay: scoring_pay.c …: pay of a month, its bonus, deductions and instalments, rewards */
SCORING_HEARS(scoring_pay_fact);
SCORING_HEARS(scoring_pay_heard);
SCORING_HEARS(scoring_pay_upstream);
SCORING_PASSES(scoring_pay_passed);
/* A result that is published or published again, and the sheet as it was reckoned for it, entries
 * of this very step included; NULL: only its grade is another one, and nothing is paid by grade. */
MUST_CHECK enum err scoring_pay_published(struct step *st, const struct rec_row_score_result *r,
                                          const struct reckoned *k);
/* SCO-064: a mark of this day was taken back. */
MUST_CHECK enum err scoring_pay_marks(struct step *st, struct str person, int32_t day);
/* SCO-125: the award of the month was cancelled after its pay was computed, or is due again. */
MUST_CHECK enum err scoring_pay_recompute(struct step *st, struct str person, int32_t month);

/* SCO-065: his shares of the excess profit in the year of this day, anew. */
MUST_CHECK enum err scoring_pay_profit(struct step *st, struct str person, int32_t day);
/* A member of staff as last told: one who leaves takes the balance of his penalties with him. */
MUST_CHECK enum err scoring_pay_person(struct step *st, const struct ev_person_upserted *ev);
/* Between the files of pay. First day of the month an instant falls into, where the person is. */
int32_t scoring_pay_month(struct step *st, struct str person, int64_t at_ms);
/* Runs the books of a person from the month on whose bonus is new or another one. */
MUST_CHECK enum err scoring_pay_deduct(struct step *st, struct str person, int32_t from);
SCORING_HEARS(scoring_pay_assessed);   /* penalty.assessed */
SCORING_HEARS(scoring_pay_approved);   /* penalty.gm_approved */
SCORING_HEARS(scoring_pay_sanctioned); /* sanction.published */
MUST_CHECK enum err scoring_pay_case(struct step *st, struct str case_no, int64_t closed_at,
                                     bool conduct);
/* SCO-126: the bonus of a month as the pay of schemes (change, for a scheme that pays one) or the
 * door (amount) says; publishes it and runs the books when it is new or another one. */
struct scoring_bonus {
    struct str person, unit, scheme;
    int32_t month;
    bool cancelled, door;
    int64_t amount; /* door: the bonus; else what this adds to that of the schemes */
};
MUST_CHECK enum err scoring_pay_bonus(struct step *st, const struct scoring_bonus *said);
/* Rewards: scoring_reward.c, scoring_collection.c. Adds to the reward of a period. */
SCORING_HEARS(scoring_reward_upstream);
SCORING_HEARS(scoring_collection_fact); /* sales_bonus.confirmed */
MUST_CHECK enum err scoring_profit_open(struct step *st, struct str unit, int32_t first, bool *out);
/* SCO-064: is he excluded from the excess profit of this day's assessment year? Tells it once. */
MUST_CHECK enum err scoring_profit_excluded(struct step *st, struct str person, int32_t day,
                                            bool *out);

/* year: scoring_year.c …: quarter and year, runs of grades, distribution, rights, retention */
SCORING_HEARS(scoring_year_fact);
SCORING_HEARS(scoring_year_heard);
SCORING_PASSES(scoring_year_passed);
scoring_publishes scoring_year_published;

#endif
