/* loop_private.h - what the loop's four rooms share: loop.c (the turn), loop_door.c (questions
 * that come in: facts, credit, wake-ups), loop_gate.c (the door over the network), loop_stream.c
 * (records that go out and come in). Nobody else includes it. */
#ifndef CUIBAN_COMMON_LOOP_PRIVATE_H
#define CUIBAN_COMMON_LOOP_PRIVATE_H

#include "common/bus.h"
#include "common/keys.h"
#include "common/loop.h"
#include "common/merge.h"
#include "common/metrics.h"
#include "common/node.h"
#include "common/query.h"
#include "common/timekeeper.h"
#include "common/timers.h"
#include "common/wire.h"

#define CONSUMERS_MAX 16
#define FRAMES_MAX 256                   /* frames of one upstream waiting to be applied */
#define CREDIT_BYTES (UINT32_C(4) << 20) /* what a consumer lets a producer have on the way */
#define STREAM_FRAME_BYTES ((size_t)256 << 10)
#define KEEPALIVE_MS 100
#define FIRE_MAX 4096 /* levels passed in one batch */
#define SPACE_CHECK_MS 200
#define FILL_MAX_PERCENT 90 /* of a map; then the door takes no more facts */
#define SILENCE_MS 1000     /* an upstream that says nothing so long is asked anew */

/* Who sent a message. */
struct caller {
    struct bus_socket *via;
    struct bus_peer peer;
    const struct keys_allowed
        *allowed; /* over the network: what his key may; NULL on this machine */
};

/* A frame whose answer waits for the commit. */
struct answer {
    struct caller to;
    size_t from, n; /* bytes in loop.answers */
};

struct consumer {
    struct bus_peer peer;
    uint64_t next;  /* seq to send next */
    int64_t credit; /* bytes it still lets us send */
    int64_t said_ms, watermark_ms;
};

struct upstream {
    enum owner owner;
    struct bus_socket *socket;
    struct bus_message frames[FRAMES_MAX]; /* a ring */
    size_t first, count;
    struct wire at;    /* rest of the first frame */
    uint32_t left;     /* records left in it */
    uint64_t expect;   /* seq of the next record to arrive on the wire */
    bool asked;        /* for `expect`, and no answer yet */
    bool unsent;       /* the question found no connection yet: ask again soon */
    bool waits;        /* for time, see merge_waits */
    struct slice head; /* next record to apply, n == 0 = none */
    int64_t head_now_ms, watermark_ms, last_watermark_ms;
    int64_t heard_ms;
    uint32_t taken_bytes; /* applied since credit was last given */
};

/* Figures for Prometheus: name, type, help. */
#define LOOP_METRICS(M)                                                                            \
    M(accepted, counter, "cuiban_facts_total{verdict=\"accepted\"}", "facts answered by the door") \
    M(duplicate, counter, "cuiban_facts_total{verdict=\"duplicate\"}", "")                         \
    M(refused, counter, "cuiban_facts_total{verdict=\"refused\"}", "")                             \
    M(turned_away, counter, "cuiban_door_turned_away_total",                                       \
      "handshakes, messages and facts over the network whose key may not")                         \
    M(entries, counter, "cuiban_entries_total", "records taken from upstream logs")                \
    M(commits, counter, "cuiban_commits_total", "batches made durable")                            \
    M(fired, counter, "cuiban_deadlines_fired_total", "levels passed")                             \
    M(records, gauge, "cuiban_log_records", "records in the log")                                  \
    M(behind, gauge, "cuiban_state_behind_batches", "batches not yet checkpointed")                \
    M(clock, gauge, "cuiban_clock_ms", "the service's time")                                       \
    M(clock_held, gauge, "cuiban_clock_held", "1 = the wall clock stepped and is not believed")    \
    M(next_due, gauge, "cuiban_next_due_ms", "earliest open deadline, 0 = none")                   \
    M(redis, gauge, "cuiban_timers_published", "1 = Redis has every timer")                        \
    M(fill, gauge, "cuiban_store_fill_percent", "fuller of the two maps")

enum loop_metric {
#define LOOP_METRIC_ENUM(id, type, name, help) LOOP_METRIC_##id,
    LOOP_METRICS(LOOP_METRIC_ENUM)
#undef LOOP_METRIC_ENUM
        LOOP_METRIC_COUNT
};

/* The door over the network. */
struct gate {
    struct bus_socket *socket; /* NULL: not open */
    struct keys keys;
    bool faulty;                      /* the file as it is now cannot be read */
    bool turn;                        /* whose message is next */
    char last_stranger[BUS_KEY_SIZE]; /* key turned away last */
    char trial[BUS_KEY_SIZE]; /* nobody's key, with which it knocks at itself at the start */
    bool tried;               /* and about which it was asked */
    int64_t looked_ms, told_ms, untold;
    struct arena arena; /* of one fact */
};

struct loop {
    struct settings settings;
    struct metric figures[LOOP_METRIC_COUNT];
    struct metrics *metrics;
    const struct loop_options *options;
    const struct policy *policy;
    struct node *node;
    struct bus *bus;
    struct bus_socket *server;
    struct gate gate;
    struct timers *timers;
    struct query *query;
    bool event_clock, woken, busy;
    struct timekeeper time;
    int64_t mono_ms, wall_ms; /* of this turn */
    uint32_t taken;           /* events in the open batch */
    int64_t advance_to_ms;    /* event clock: asked for by `advance_for`, in batches; 0 = no */
    struct caller advance_for;
    struct answer *waiting;
    size_t waiting_count, waiting_cap;
    struct buf answers, frame;
    struct consumer consumers[CONSUMERS_MAX];
    size_t consumer_count;
    struct upstream upstreams[OWNER_COUNT];
    size_t upstream_count;
    uint64_t committed_cursor[OWNER_COUNT];
    int64_t checkpoint_took_ms;
    int64_t checkpoint_ms, input_ms, claim_at_ms, space_ms;
    const char *shut; /* why the door takes nothing, or NULL; looked at every SPACE_CHECK_MS */
};

/* loop_door.c: take what waits at the server socket. */
MUST_CHECK enum err loop_serve(struct loop *l);
void loop_answer_all(struct loop *l);           /* after the commit */
MUST_CHECK enum err loop_clock(struct loop *l); /* goes on with what C asked for */
/* loop.c */
void loop_count(struct loop *l, enum loop_metric id, int64_t n);
/* loop_gate.c */
MUST_CHECK enum err gate_open(struct loop *l, struct fault *why);
void gate_close(struct loop *l);
void gate_turn(struct loop *l); /* after each wait: who knocks, and what the file says now */
void gate_count(struct loop *l, uint32_t turned_away);
/* May the caller say this? If not, *out says why; it lives until the next question. */
MUST_CHECK bool gate_lets(struct loop *l, const struct caller *c, struct slice fact,
                          struct rec_outcome *out);
/* loop_stream.c */
MUST_CHECK enum err loop_upstreams_open(struct loop *l);
void loop_upstreams_receive(struct loop *l);
MUST_CHECK enum err loop_upstreams_apply(struct loop *l);
void loop_upstreams_credit(struct loop *l); /* after the commit */
void loop_credit(struct loop *l, const struct bus_peer *peer, struct wire *w);
void loop_stream_out(struct loop *l);
void loop_upstreams_close(struct loop *l);
void loop_wake(struct loop *l, uint32_t owners);

#endif
