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
    bool restore_counts; /* it runs again, and where nobody is, the user says so */
};
struct key dispatch_job_key(struct str call_no, uint8_t no);
/* ERR_NOT_FOUND when there is none. call_no must live until the step ends. */
MUST_CHECK enum err dispatch_job_load(struct step *st, struct str call_no, uint8_t no,
                                      struct job *out);
void dispatch_job_new(struct step *st, struct job *j); /* policy and kind of a filled row */
void dispatch_job_save(struct step *st, struct job *j);
/* Of several reports of one step the earliest time counts, whatever order they come in. */
void dispatch_job_earliest(int64_t *at, int64_t said_ms);
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
/* DSP-085: paid work is about to be assigned and nobody explained its charges. */
void dispatch_work_warn_charge(struct step *st, const struct job *j);
/* job.requirement_missing: a warning. */
void dispatch_work_warn(struct step *st, const struct job *j, const char *rule, struct str missing);
DISPATCH_HANDLER(dispatch_work_on_diagnosed);
DISPATCH_HANDLER(dispatch_work_on_plan_reviewed);
DISPATCH_HANDLER(dispatch_work_on_repair_started);
DISPATCH_HANDLER(dispatch_work_on_repaired);
DISPATCH_HANDLER(dispatch_work_on_restored);
DISPATCH_HANDLER(dispatch_work_on_contingency_activated);
DISPATCH_HANDLER(dispatch_work_on_unrepairable);
DISPATCH_HANDLER(dispatch_work_on_install_done);
DISPATCH_HANDLER(dispatch_work_on_completed);
/* INT-024: another fault joined; what was over is taken up again (job.reopened). */
void dispatch_close_joined(struct step *st, struct job *j);
DISPATCH_HANDLER(dispatch_close_on_reopened);
DISPATCH_HANDLER(dispatch_close_on_reopened_late);
DISPATCH_HANDLER(dispatch_close_on_signed);
DISPATCH_HANDLER(dispatch_close_on_signed_late);
DISPATCH_HANDLER(dispatch_close_on_leave_reported);
DISPATCH_HANDLER(dispatch_close_on_left_site);
DISPATCH_HANDLER(dispatch_close_on_evidence);
DISPATCH_HANDLER(dispatch_close_on_approved);
DISPATCH_HANDLER(dispatch_close_on_survey);
/* ---- papers (common/paper.h) ---- */
/* goods */
extern const struct paper dispatch_goods, dispatch_repaircard, dispatch_fee, dispatch_factory;
/* What was signed for goods (voucher.signed, a fact of intake). */
MUST_CHECK enum err dispatch_goods_signed(struct step *st, const struct ev_voucher_signed *ev);
/* Of all goods of a job; a row of zeros when nothing was taken away. */
MUST_CHECK enum err dispatch_goods_of(struct step *st, struct str call_no, uint8_t job,
                                      struct rec_row_job_goods *out);
/* The item of an entry of the register; ERR_NOT_FOUND. */
MUST_CHECK enum err dispatch_goods_find(struct step *st, struct str register_no,
                                        struct str *receipt, struct rec_row_goods *out);
void dispatch_goods_put(struct step *st, struct str receipt, const struct rec_row_goods *row);
/* The inspection is passed: it goes back to the customer by goods.return. */
MUST_CHECK enum err dispatch_goods_give_back(struct step *st, struct str receipt,
                                             const struct rec_row_goods *row);
/* DSP-039. How the count of a unit moves, and its daily check. */
MUST_CHECK enum err dispatch_custody_get(struct step *st, struct str unit,
                                         struct rec_row_custody *out);
MUST_CHECK enum err dispatch_custody_put(struct step *st, struct str unit,
                                         const struct rec_row_custody *row);
/* The work of a job is signed for, or its fee or its goods changed: is an invoice owed today? */
MUST_CHECK enum err dispatch_fee_invoice(struct step *st, const struct job *j);
/* What only a supervisor 服務主任 may do; refuses anybody else. */
MUST_CHECK enum err dispatch_goods_supervisor(struct step *st, struct str person,
                                              const char *field);
/* service.on_passed: goods.log_in, custody.check, repair.promised. */
MUST_CHECK enum err dispatch_goods_passed(struct step *st, const struct passed *what);
MUST_CHECK enum err dispatch_custody_passed(struct step *st, const struct passed *what);
MUST_CHECK enum err dispatch_repaircard_passed(struct step *st, const struct passed *what);
/* staff */
extern const struct paper dispatch_daily, dispatch_daily_supervisor, dispatch_rating_tech,
    dispatch_tool, dispatch_shift, dispatch_resident, dispatch_resident_duty;

/* ---- dispatch_crew.c: the technicians of a unit ---- */
#define CREW_NAME_MAX 40 /* longer keys of people do not fit into the number of a case */
/* Master data came; a person before step_master, a unit after it. */
MUST_CHECK enum err dispatch_crew_person(struct step *st, const struct ev_person_upserted *ev);
MUST_CHECK enum err dispatch_crew_unit(struct step *st, struct str unit);
/* DSP-087: "daily", "sms", "cards", "shift". */
bool dispatch_crew_owes(struct step *st, struct str unit, const char *report);
/* In order of their keys; ERR_END after the last one. Begin with at->n == 0. */
MUST_CHECK enum err dispatch_crew_next(struct step *st, struct str unit, struct key *at,
                                       struct str *person);
/* A working day of a unit begins (clock staff.day). */
MUST_CHECK enum err dispatch_crew_passed(struct step *st, const struct passed *what);
/* job.suggested (DSP-003). */
MUST_CHECK enum err dispatch_crew_suggest(struct step *st, const struct job *j);

/* ---- dispatch_daily.c ---- */
MUST_CHECK enum err dispatch_daily_owe(struct step *st, struct str unit, struct str technician,
                                       int32_t day);
MUST_CHECK enum err dispatch_daily_owe_unit(struct step *st, struct str unit, int32_t day);
/* Somebody is at a customer's of the unit: his SMS of the day, his card of the month. */
MUST_CHECK enum err dispatch_daily_arrived(struct step *st, const struct job *j,
                                           struct str technician);
/* The door's sms.reported: stops tech.sms, also when the arrival is reported afterwards. */
MUST_CHECK enum err dispatch_daily_sms(struct step *st, struct str person, int32_t day);

/* ---- dispatch_card.c: service cards of a month ---- */
MUST_CHECK enum err dispatch_card_arrived(struct step *st, const struct job *j,
                                          struct str technician);
/* The door's card.returned; person "" = everybody who was on the job. */
MUST_CHECK enum err dispatch_card_returned(struct step *st, struct str person, struct str call_no);
/* Clock card.monthly: which are missing. */
MUST_CHECK enum err dispatch_card_passed(struct step *st, const struct passed *what);

/* ---- dispatch_rating.c ---- */
/* All zero when nothing is on file. */
MUST_CHECK enum err dispatch_rating_get(struct step *st, struct str technician,
                                        struct rec_row_tech *out);

/* ---- dispatch_resident.c: clocks resident.day, duty.day ---- */
MUST_CHECK enum err dispatch_resident_passed(struct step *st, const struct passed *what);
MUST_CHECK enum err dispatch_resident_duty_passed(struct step *st, const struct passed *what);

/* ---- dispatch_assign.c ---- */
/* DSP-007: what is missing for somebody to be qualified; "" = nothing. */
MUST_CHECK enum err dispatch_assign_qualification(struct step *st, const struct job *j,
                                                  struct str person, struct str *missing);
/* shop */
extern const struct paper dispatch_vehicle, dispatch_workorder, dispatch_rework,
    dispatch_key_project;
/* DSP-062: an inspection failed; the slip gets the first free number base-Rn. */
MUST_CHECK enum err dispatch_rework_open(struct step *st, struct str base, uint64_t n,
                                         struct ev_rework_opened *slip);
/* plant */
extern const struct paper dispatch_sorting, dispatch_suspect, dispatch_defect;
/* breakpoint.track passed: the tracked shift is over (DSP-077). */
MUST_CHECK enum err dispatch_sorting_passed(struct step *st, const struct passed *what);

/* ---- plant: dispatch_quality.c (DSP-078) ---- */
/* A paper begins under this number: is the issue known? ERR_REFUSED: too many wait for it. */
MUST_CHECK enum err dispatch_quality_join(struct step *st, struct str quality_no, bool *linked);
MUST_CHECK enum err dispatch_quality_join_slip(struct step *st, struct str quality_no,
                                               struct str form_no, bool *linked);
/* The door's quality.reported: links what waited for it. */
MUST_CHECK enum err dispatch_quality_reported(struct step *st,
                                              const struct ev_quality_reported *ev);

/* ---- shop: dispatch_parts.c ---- */
MUST_CHECK enum err dispatch_parts_arrived(struct step *st, const struct ev_part_arrived *ev);

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
/* Somebody is there who reported no departure: what he did not prepare is a warning. */
MUST_CHECK enum err dispatch_sheet_warn_arrival(struct step *st, const struct job *j);
MUST_CHECK enum err dispatch_sheet_check_completion(struct step *st, const struct job *j);
/* A new job of a key project (DSP-082). */
MUST_CHECK enum err dispatch_sheet_notify(struct step *st, const struct job *j);

/* ---- shop: dispatch_repeat.c ---- */
void dispatch_repeat_remember(struct step *st, const struct job *j);
void dispatch_repeat_forget(struct step *st, const struct job *j); /* it is taken up again */
/* After a diagnosis: does this job repeat one, and is its class raised? (DSP-063) */
MUST_CHECK enum err dispatch_repeat_check(struct step *st, struct job *j);

/* The policy asks for more than a signature. */
bool dispatch_close_wants_report(const struct service_policy *sp);
/* Intake wrote the call off: register.mismatch where no signature counts here (INT-031). */
void dispatch_close_written_off(struct step *st, const struct job *j);
/* After every fact: is everything there that the policy demands? */
MUST_CHECK enum err dispatch_close_check(struct step *st, struct job *j);

#endif
