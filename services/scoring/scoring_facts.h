/* scoring_facts.h - what the files of the room facts share. Nobody else includes it.
 *
 * scoring_told.c    an event and what it says, by the names the policy uses
 * scoring_known.c   what later events speak of by a number alone
 * scoring_count.c   the engine: counts, replaces, moves, takes back; tallies of a period
 * scoring_kpi.c     figures made of tallies, published by month, quarter and year
 * scoring_survey.c, scoring_engineer.c, scoring_collect.c  surveys, service staff, collection
 * scoring_facts.c   what the room hears */
#ifndef CUIBAN_SERVICES_SCORING_FACTS_H
#define CUIBAN_SERVICES_SCORING_FACTS_H

#include "common/score_events.h"
#include "services/scoring/scoring_private.h"

/* ---- scoring_told.c ---- */
struct told_value {
    bool said; /* it is there, and is not 0 */
    enum field_type type;
    const struct codeset *codes;
    struct str text;
    int64_t n;
};
struct told {
    const struct score_event *event;
    const struct shape *shape;
    const void *payload;
    struct told_value more[SCORE_MORE_MAX]; /* by place in event->more */
};
#define TOLD_AMOUNT_MAX INT64_C(1000000000000000)
#define TOLD_PERSON_MAX 64
#define TOLD_UNIT_MAX 32
MUST_CHECK enum err told_of(struct step *st, const struct score_event *event, const void *payload,
                            struct told *out);
struct told_value told_value(const struct told *t, struct str name);
struct str told_text(const struct told *t, struct str name);
bool told_matches(const struct told *t, const struct score_fact *f);
int64_t told_amount(const struct told *t, const struct score_fact *f);
/* What names the fact, of this unit where none is named; an event that stands for itself. */
struct str told_ref(struct step *st, const struct told *t, const struct score_fact *f,
                    struct str unit);
struct str told_event(struct step *st);
struct str told_key(struct step *st, struct str name); /* short enough for a key */
/* By what an event is taken back, from the fields of it or of what takes it back. */
struct str told_name(struct step *st, const struct score_event *target, const void *payload,
                     const struct shape *shape, const char *const *fields);
int32_t told_day(struct step *st, const struct told *t, const struct score_fact *f,
                 struct str unit);
MUST_CHECK enum err told_unit(struct step *st, const struct told *t, const struct score_fact *f,
                              struct str person, struct str *out);

/* ---- scoring_known.c ---- */
enum known { KNOWN_job = 1, KNOWN_complaint, KNOWN_service_complaint, KNOWN_visit, KNOWN_followup };
/* Is this event one that tells it? */
bool scoring_known_hears(enum owner from, enum event_kind kind);
MUST_CHECK enum err scoring_known_told(struct step *st, const void *payload);
/* All empty when nothing is known. */
MUST_CHECK enum err scoring_known(struct step *st, enum known kind, struct str number,
                                  struct rec_row_score_known *out);
MUST_CHECK enum err scoring_known_job(struct step *st, struct str call_no, uint64_t job,
                                      struct rec_row_score_known *out);

/* ---- scoring_count.c ---- */
enum holder { HOLDER_person, HOLDER_unit };
/* A tally that changed. */
struct tally_move {
    enum holder holder;
    struct str who, fact;
    int32_t day;
};
struct tally_moves {
    struct tally_move *v; /* in the arena; begins empty */
    uint32_t n, room;
};
bool scoring_takes(enum owner from, enum event_kind kind);
bool scoring_dropped_late(const struct ev_deadline_dropped *ev);
/* Counts what the event at hand tells, or takes back what it names. */
MUST_CHECK enum err scoring_count_event(struct step *st, enum event_kind kind, const void *payload,
                                        struct tally_moves *moves);
MUST_CHECK enum err scoring_count_taken(struct step *st, const void *payload,
                                        struct tally_moves *moves);
/* Tells the sheets, figures and files of what changed. */
MUST_CHECK enum err scoring_moved(struct step *st, const struct tally_moves *moves);
struct tally {
    int64_t n;
    struct frac value; /* count or sum; a figure nobody told has none */
};
/* Sum of a fact over months. */
MUST_CHECK enum err scoring_tally(struct step *st, enum holder holder, struct str who,
                                  const struct score_fact *f, int32_t first, int months,
                                  struct tally *out);
const struct score_fact *scoring_fact_by(const struct policy *p, struct str id);

/* ---- scoring_kpi.c: one figure ---- */
/* A figure as it is published. */
struct kpi_figure {
    struct str kpi, campaign_no, dim, unit, person;
    enum kpi_period period;
    int32_t first;
    struct frac numerator, denominator, value, target;
    enum formula_type type;
    enum kpi_pass pass;
    bool provisional, known; /* known: something was told of it */
};
MUST_CHECK enum err scoring_kpi_reckon(struct step *st, enum holder holder, struct str who,
                                       const struct score_kpi *k, enum score_period p,
                                       int32_t first, struct kpi_figure *out);
/* Writes it when it is new, or not what was published before. */
MUST_CHECK enum err scoring_kpi_publish(struct step *st, const struct kpi_figure *f);
MUST_CHECK enum err scoring_kpi_published(struct step *st, const struct kpi_figure *f,
                                          struct rec_row_score_kpi *out);
enum kpi_pass scoring_kpi_pass(struct frac value, struct frac target, enum score_compare compare);
struct str scoring_kpi_text(struct step *st, struct frac value, enum formula_type type);
/* A rising figure that should fall, or the other way round (SCO-095). */
MUST_CHECK enum err scoring_kpi_trend(struct step *st, enum holder holder, struct str who,
                                      const struct score_kpi *k, int32_t month);

/* ---- scoring_kpi_month.c: when figures are published ---- */
MUST_CHECK enum err scoring_kpi_moved(struct step *st, const struct tally_move *m);
MUST_CHECK enum err scoring_kpi_passed(struct step *st, const struct passed *what);
/* Has he or it facts in this month that figures are made of? */
MUST_CHECK enum err scoring_kpi_active(struct step *st, enum holder holder, struct str who,
                                       int32_t month, bool *out);
/* SCO-133: complaint.closed, complaint.month_reviewed. */
MUST_CHECK enum err scoring_kpi_reviewed(struct step *st, const void *payload);
/* Months, quarters, years that an event can carry. */
bool scoring_first_fits(int32_t first);

/* ---- scoring_survey.c, scoring_engineer.c, scoring_collect.c ---- */
MUST_CHECK enum err scoring_survey_closed(struct step *st, const void *payload);
extern const struct paper scoring_engineer_quarter;
MUST_CHECK enum err scoring_engineer_moved(struct step *st, const struct tally_move *m);
MUST_CHECK enum err scoring_collect_moved(struct step *st, const struct tally_move *m);
MUST_CHECK enum err scoring_collect_disputed(struct step *st, const void *payload);

/* SCO-084, SCO-132: the day by whose 24:00 a report of this period is due; 0 = no date is judged.
 */
int32_t scoring_report_due(const struct policy *p, struct str form, int32_t period);

#endif
