/* dispatch_private.h - what the files of dispatch share: the job at work, its people, its clocks,
 * and the handlers by which dispatch.c fills its table. Nobody else includes it. */
#ifndef CUIBAN_SERVICES_DISPATCH_PRIVATE_H
#define CUIBAN_SERVICES_DISPATCH_PRIVATE_H

#include "common/paper.h"
#include "services/dispatch/dispatch.h"

#define JOB_FIRST 1   /* a queued call makes one job; `job` absent means this one */
#define LEGS_MAX 255u /* technicians ever on one job */
#define PARTY_MAX 17u /* of one assignment: the list and the single field */

/* ---- dispatch_job.c: the row of a job ---- */
struct job {
    struct str call_no;
    uint8_t no;
    struct rec_row_job r;
    const struct service_policy *sp; /* never NULL; the empty one when the set no longer has it */
    const struct order_kind *kind;   /* never NULL */
    bool was_queued;                 /* as loaded: its place in the queue */
    struct key queue_key;
    bool arrival_counts; /* this arrival is the one that stops the clock (DSP-019) */
    int64_t arrival_ms;  /* instant by which it is judged */
    bool remote_counts;  /* this job.restored is a fix from afar (DSP-019) */
};
struct key dispatch_job_key(struct str call_no, uint8_t no);
/* ERR_NOT_FOUND when there is none. call_no must live until the step ends. */
MUST_CHECK enum err dispatch_job_load(struct step *st, struct str call_no, uint8_t no,
                                      struct job *out);
void dispatch_job_new(struct step *st, struct job *j); /* policy and kind of a filled row */
void dispatch_job_save(struct step *st, struct job *j);
/* Of several reports of one step the earliest time counts, whatever order they come in. */
void dispatch_job_earliest(int64_t *at, int64_t said_ms);
/* A verdict under another rule than that of the row at work. */
void dispatch_job_emit(struct step *st, const char *rule, enum event_kind kind,
                       const void *payload);
/* job.closed, its people free; `why` ends their legs. */
MUST_CHECK enum err dispatch_job_end(struct step *st, struct job *j, enum job_state state,
                                     struct str why);

/* ---- dispatch_leg.c: a technician on a job ---- */
struct leg {
    struct str technician;
    struct rec_row_leg r;
    bool was_open, was_done; /* as loaded */
};
bool dispatch_leg_is_open(const struct rec_row_leg *r);
/* All legs of a job as stored before this step; *v from the arena. */
MUST_CHECK enum err dispatch_leg_all(struct step *st, const struct job *j, struct leg **v,
                                     uint32_t *count);
MUST_CHECK enum err dispatch_leg_get(struct step *st, const struct job *j, struct str technician,
                                     struct leg *out);
/* The leg a fact means: the named one, or the only one. Refuses with a sentence that names the
 * choice; technician.n == 0 afterwards: this kind of order needs no assignment and nobody was
 * named, or the work is finished and he was not on it. */
MUST_CHECK enum err dispatch_leg_pick(struct step *st, struct job *j, struct str named,
                                      struct leg *out);
/* Sends a technician; nothing when he is on it already. */
MUST_CHECK enum err dispatch_leg_add(struct step *st, struct job *j, struct str technician);
MUST_CHECK enum err dispatch_leg_put(struct step *st, struct job *j, struct leg *l);
/* Takes a technician off the job. */
MUST_CHECK enum err dispatch_leg_finish(struct step *st, struct job *j, struct leg *l,
                                        struct str why);
/* Number of jobs somebody is on. */
MUST_CHECK enum err dispatch_leg_busy(struct step *st, struct str technician, uint64_t *count);

/* ---- dispatch_clock.c: deadlines ---- */
enum {
    CLOCK_ARRIVAL,
    CLOCK_AGREE_TIME,
    CLOCK_REPAIR,
    CLOCK_REPAIR_FROM_ARRIVAL,
    CLOCK_RESTORE,
    CLOCK_RESTORE_AS_ARRIVAL,
    CLOCK_CONTINGENCY,
    CLOCK_ACTIVATE,
    CLOCK_CARRYOVER,
    CLOCK_INSTALL,
    CLOCK_EVIDENCE, /* shop */
    CLOCK_COUNT
};
extern const struct deadline_row dispatch_clock_rows[CLOCK_COUNT];
/* The event's work on all clocks of the job. */
MUST_CHECK enum err dispatch_clock_run(struct step *st, const struct job *j, enum event_kind kind,
                                       const void *payload);
/* Arms what a job owes from the moment it is queued, given times included. */
MUST_CHECK enum err dispatch_clock_begin(struct step *st, struct job *j, const void *payload);
/* Ends every clock and begins again under the job's new policy, from the same instants. */
MUST_CHECK enum err dispatch_clock_change(struct step *st, struct job *j, const void *payload,
                                          struct str reason);
/* The customer sets the arrival time (INT-098, DSP-018). */
MUST_CHECK enum err dispatch_clock_agree(struct step *st, struct job *j, int64_t agreed_ms,
                                         int64_t said_ms);
/* The job waited from then until then; its open clocks move by as much. */
MUST_CHECK enum err dispatch_clock_hold(struct step *st, const struct job *j, int64_t from_ms);
MUST_CHECK enum err dispatch_clock_shift(struct step *st, const struct job *j, int64_t from_ms,
                                         int64_t to_ms);
/* service.on_passed: the contingency task (DSP-020). */
MUST_CHECK enum err dispatch_clock_passed(struct step *st, const struct passed *what);

/* ---- dispatch_call.c: what intake says about calls ---- */
MUST_CHECK enum err dispatch_call_step(struct step *st, const void *payload);

/* ---- handlers of the job machine; row is struct job ---- */
#define DISPATCH_HANDLER(name)                                                                     \
    MUST_CHECK enum err name(struct step *st, const void *payload, void *row)
DISPATCH_HANDLER(dispatch_assign_on_assigned);
DISPATCH_HANDLER(dispatch_assign_on_accepted);
DISPATCH_HANDLER(dispatch_assign_on_refused);
DISPATCH_HANDLER(dispatch_assign_on_reassigned);
DISPATCH_HANDLER(dispatch_assign_on_recalled);
DISPATCH_HANDLER(dispatch_site_on_departed);
DISPATCH_HANDLER(dispatch_site_on_arrived);
DISPATCH_HANDLER(dispatch_site_on_time_agreed);
DISPATCH_HANDLER(dispatch_site_on_paused);
DISPATCH_HANDLER(dispatch_site_on_resumed);
DISPATCH_HANDLER(dispatch_work_on_diagnosed);
DISPATCH_HANDLER(dispatch_work_on_plan_reviewed);
DISPATCH_HANDLER(dispatch_work_on_repair_started);
DISPATCH_HANDLER(dispatch_work_on_repaired);
DISPATCH_HANDLER(dispatch_work_on_restored);
DISPATCH_HANDLER(dispatch_work_on_contingency_activated);
DISPATCH_HANDLER(dispatch_work_on_unrepairable);
DISPATCH_HANDLER(dispatch_work_on_install_done);
DISPATCH_HANDLER(dispatch_work_on_completed);
DISPATCH_HANDLER(dispatch_close_on_reopened);
DISPATCH_HANDLER(dispatch_close_on_reopened_late);
DISPATCH_HANDLER(dispatch_close_on_signed);
DISPATCH_HANDLER(dispatch_close_on_leave_reported);
DISPATCH_HANDLER(dispatch_close_on_left_site);
DISPATCH_HANDLER(dispatch_close_on_evidence);
DISPATCH_HANDLER(dispatch_close_on_approved);
/* ---- papers (common/paper.h) ---- */
/* goods */
/* staff */
/* shop */
extern const struct paper dispatch_vehicle, dispatch_workorder, dispatch_rework,
    dispatch_key_project;
/* plant */
extern const struct paper dispatch_sorting, dispatch_suspect, dispatch_defect;
/* breakpoint.track passed: the tracked shift is over (DSP-077). */
MUST_CHECK enum err dispatch_sorting_passed(struct step *st, const struct passed *what);

/* ---- shop: dispatch_board.c, the status board of a repair order ---- */
DISPATCH_HANDLER(dispatch_board_on_changed);
DISPATCH_HANDLER(dispatch_board_on_answered);
DISPATCH_HANDLER(dispatch_board_on_item_changed);
/* It changes places; the time in the one it leaves is summed. */
void dispatch_board_move(struct rec_row_workorder *r, enum board_state to, int64_t at_ms);
/* ERR_REFUSED when this happened before the board moved last. */
MUST_CHECK enum err dispatch_board_check_time(struct step *st, const struct rec_row_workorder *r);

/* ---- shop: dispatch_sheet.c, what is noted on a job besides its state ---- */
DISPATCH_HANDLER(dispatch_sheet_on_prepared);
DISPATCH_HANDLER(dispatch_sheet_on_escalated);
DISPATCH_HANDLER(dispatch_sheet_on_guidance);
DISPATCH_HANDLER(dispatch_sheet_on_photographed);
DISPATCH_HANDLER(dispatch_sheet_on_trained);
DISPATCH_HANDLER(dispatch_sheet_on_returned);
DISPATCH_HANDLER(dispatch_sheet_on_submitted);
DISPATCH_HANDLER(dispatch_sheet_on_filed);
/* An empty one when nothing is noted yet. */
MUST_CHECK enum err dispatch_sheet_get(struct step *st, const struct job *j,
                                       struct rec_row_sheet *out);
void dispatch_sheet_put(struct step *st, const struct job *j, const struct rec_row_sheet *row);
/* ERR_REFUSED: the checklist (DSP-005); photographs, participants (DSP-013, DSP-084). */
MUST_CHECK enum err dispatch_sheet_check_departure(struct step *st, const struct job *j);
MUST_CHECK enum err dispatch_sheet_check_completion(struct step *st, const struct job *j);
/* A new job of a key project (DSP-082). */
MUST_CHECK enum err dispatch_sheet_notify(struct step *st, const struct job *j);

/* ---- shop: dispatch_repeat.c ---- */
void dispatch_repeat_remember(struct step *st, const struct job *j);
/* After a diagnosis: does this job repeat one, and is its class raised? (DSP-063) */
MUST_CHECK enum err dispatch_repeat_check(struct step *st, struct job *j);

/* The policy asks for more than a signature. */
bool dispatch_close_wants_report(const struct service_policy *sp);
/* After every fact: is everything there that the policy demands? */
MUST_CHECK enum err dispatch_close_check(struct step *st, struct job *j);

#endif
