/* step_work.h - what step.c keeps for the step at work and node.c takes over when it succeeds;
 * nobody else includes it. */
#ifndef CUIBAN_COMMON_STEP_WORK_H
#define CUIBAN_COMMON_STEP_WORK_H

#include "common/step.h"
#include "common/unit_memo.h"

#define STEP_WRITES_MAX 4096 /* reads end a step that has more, and the node refuses it */
#define STEP_OUTPUTS_MAX 4096

struct step_write {
    uint8_t table;
    struct slice key, value; /* value.p NULL = delete */
};

struct step_output {
    enum event_kind kind;
    const char *rule;
    struct slice data;
    bool also; /* written even when the step refuses */
};

struct step_timer {
    uint64_t member;
    int64_t due_ms;
};

/* One step's writes, outputs and timers; growing arrays kept by the node over all steps. */
struct step_work {
    struct step_write *writes;
    struct step_output *outputs;
    struct step_timer *timers;
    uint32_t write_count, output_count, timer_count;
    uint32_t write_cap, output_cap, timer_cap;
    bool overfull;      /* a maximum is reached: nothing of the step will stay */
    struct buf scratch; /* encoding space */
    struct unit_memo units;
};

void step_work_clear(struct step_work *w);
void step_work_fini(struct step_work *w);
/* Write the collected puts and deletes to the store. */
void step_work_flush(struct step_work *w, struct store *s);
void step_put_raw(struct step *st, uint8_t table, const struct key *k, struct slice value);
void step_timer(struct step *st, uint64_t member, int64_t due_ms);

#endif
