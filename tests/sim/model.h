/* model.h - what must hold, kept by somebody else: a plain second opinion about the records of all
 * logs, written from the rules and contracts and not from the services. It shares with them the
 * contracts (proto) and the limits of the policy, nothing else: arrays and linear search, its own
 * working time.
 *
 * The first broken promise is kept, as a sentence that begins with its id (N1 … N12); afterwards
 * the model takes nothing more. Written for the policy set in tests/sim/policy.
 *
 * What is predicted and what is only followed stands at the head of model_clock.c. */
#ifndef CUIBAN_TESTS_SIM_MODEL_H
#define CUIBAN_TESTS_SIM_MODEL_H

#include "common/policy.h"

struct model;

struct model *model_open(const struct policy *policy);
void model_close(struct model **m);

/* N2: a level at D of service O is durable by D + its slack, if O was up (running, clock true,
 * upstream logs at hand) during [D, D + slack]. The desk has desk_slack_ms after the holder's
 * record for the 催辦單. Without this callback nothing is said about lateness. */
struct model_slack {
    bool (*was_up)(void *ctx, enum owner owner, int64_t from_ms, int64_t to_ms);
    void *ctx;
    int64_t owner_slack_ms, desk_slack_ms;
};
void model_set_up(struct model *m, const struct model_slack *slack);

/* An answer of the door reached the sender. */
void model_acked(struct model *m, const struct rec_fact *sent, const struct rec_outcome *answer,
                 int64_t now_ms);
/* A record became durable: once for each (log, seq), in the order of each log, and a cause before
 * what it caused. Borrowed for the call. */
void model_record(struct model *m, enum owner log, const struct rec_entry *record);
/* The rows of head office, at quiet, before model_quiet. */
void model_rows_begin(struct model *m);
void model_row(struct model *m, uint8_t table, struct slice key, struct slice value);
void model_rows_end(struct model *m);
/* The rows of parts, at quiet. */
void model_ledger_row(struct model *m, uint8_t table, struct slice key, struct slice value);
void model_ledger_end(struct model *m);
/* The tallies of scoring, at quiet. */
void model_tally_row(struct model *m, uint8_t table, struct slice key, struct slice value);
void model_tally_end(struct model *m);
/* Everything is delivered, all services are up and idle, and their time is now_ms: every level
 * strictly before it has fired. */
void model_quiet(struct model *m, int64_t now_ms);

/* The first broken promise, or NULL. Borrowed until model_close. */
const char *model_broken(const struct model *m);

/* What was looked at, so that a run can show that it looked. */
struct model_seen {
    uint64_t records, facts, clocks, levels, reminders, inquiries, predicted, rows, moves, tallies,
        scores;
};
struct model_seen model_seen(const struct model *m);

#endif
