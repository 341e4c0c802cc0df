/* sim.h - one simulated run: the services of a centre as they are, turn by turn on the machine of
 * world.h, a sender that tells them a story, faults by lot, and what must hold at every moment.
 * Everything follows from the seed. */
#ifndef CUIBAN_TESTS_SIM_SIM_H
#define CUIBAN_TESTS_SIM_SIM_H

#include "common/loop.h"
#include "common/policy.h"
#include "common/settings.h"
#include "tests/sim/model.h"
#include "tests/sim/story.h"
#include "tests/sim/world.h"

#define CREW 7
#define OUTAGES_MAX 512
#define PENDING_MAX 6 /* frames without an answer */
#define FRAME_FACTS 8

enum mode {
    MODE_safety, /* wall clock, faults for ever: what is there is never wrong */
    MODE_settle, /* wall clock, faults stop: everything comes right */
    MODE_event,  /* event clock, faults stop: the logs equal those of an undisturbed house */
    MODE_COUNT
};

enum how { DOWN, UP, HELD }; /* HELD: suspended, as by SIGSTOP */

struct member_of_crew {
    struct process process;
    const struct loop_options *options;
    struct settings settings;
    struct loop *loop;
    char dir[300]; /* of its store */
    enum how how;
    int64_t next_ms;   /* mono: next turn, or when it comes back */
    int64_t turned_ms; /* mono: its last turn */
    uint64_t seen;     /* records shown to the model */
    int64_t armed_ms;  /* wall: it last armed a deadline */
    bool born;         /* has a durable state to come back to */
};

/* When something kept a service from its work, in wall time. */
struct outage {
    enum owner owner; /* OWNER_any: all of them */
    int64_t from_ms, to_ms;
};

struct frame {
    uint64_t tag;
    struct buf facts[FRAME_FACTS];
    size_t count;
    int64_t sent_ms; /* mono; 0 = not yet */
};

struct sender {
    struct bus *bus;
    struct bus_socket *socket;
    struct frame pending[PENDING_MAX];
    size_t pending_count;
    uint64_t tags;
    int64_t next_ms; /* mono: next word of the story */
    uint32_t left;   /* facts it will still send */
    struct buf fact, bytes;
    int64_t clock_to; /* event clock: let time pass until then; 0 = done */
    bool clock_asked;
};

struct sim {
    uint64_t seed;
    enum mode mode;
    const struct policy *policy;
    struct settings defaults;
    char dir[200];
    struct member_of_crew crew[CREW];
    struct sender sender;
    struct story *story;
    struct model *model;
    struct lot lot;   /* of the plot: when something happens, and what */
    int64_t fault_ms; /* mono: next fault; INT64_MAX = none any more */
    int64_t skew_end_ms, redis_back_ms, room_back_ms;
    int64_t active_ms; /* mono: something last became durable, or somebody went away */
    int64_t idle_ms;   /* without a record, then time may jump … */
    int64_t jump_ms;   /* mono: … but not before that */
    struct outage outages[OUTAGES_MAX];
    size_t outage_count;
    struct buf told; /* event clock: every fact once, in order, each behind its length */
    struct arena arena;
    uint64_t turns, deadlines;
    struct model_seen seen; /* by the model, when the run is over */
    char broken[700];
};

extern const struct loop_options *const crew_options[CREW];

/* The first broken promise stays; the run ends. */
__attribute__((format(printf, 2, 3))) void sim_broken(struct sim *s, const char *fmt, ...);

/* crew.c */
void crew_start(struct sim *s);
void crew_turn(struct sim *s, struct member_of_crew *m);
void crew_end(struct sim *s, struct member_of_crew *m); /* it goes away as it stands */
void crew_back(struct sim *s, struct member_of_crew *m);
struct member_of_crew *crew_of(struct sim *s, enum owner o);

/* sender.c */
void sender_open(struct sim *s);
void sender_close(struct sim *s);
void sender_work(struct sim *s);
int64_t sender_next(const struct sim *s); /* mono */
bool sender_done(const struct sim *s);

/* faults.c */
void faults_draw(struct sim *s); /* the rates and the first fault of this run */
void faults_work(struct sim *s);
int64_t faults_next(const struct sim *s);
void faults_stop(struct sim *s);

/* checks.c */
void checks_open(struct sim *s);
void checks_outage(struct sim *s, enum owner o, int64_t from_wall_ms, int64_t to_wall_ms);
void checks_clock_back(struct sim *s);
void checks_records(struct sim *s, struct member_of_crew *m); /* what became durable */
void checks_quiet(struct sim *s);
void checks_house(struct sim *s);    /* MODE_event */
bool checks_all_read(struct sim *s); /* whoever is up, of whoever is up */
bool checks_settled(struct sim *s);

/* plot.c: one run from its seed; false when a promise was broken, told in s->broken. */
bool sim_run(struct sim *s);

#endif
