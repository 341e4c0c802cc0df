/* story_private.h - what the story knows of its own calls, shared by story*.c. */
#ifndef CUIBAN_TESTS_SIM_STORY_PRIVATE_H
#define CUIBAN_TESTS_SIM_STORY_PRIVATE_H

#include "tests/sim/lot.h"
#include "tests/sim/story.h"

#define STORY_CALLS_MAX 200
#define STORY_PAYLOAD_MAX 1024
#define STORY_NOTE 8 /* facts of each way a part takes, story_parts.c */
#define STORY_REQUISITION 8
#define STORY_STATION 5
#define STORY_SHEET 12 /* … and of each way of a score sheet, story_scoring.c */
#define STORY_COUNTED 15

/* How far a call has come, as far as the sender knows. */
enum stage {
    STAGE_ASKED, /* told, not yet answered */
    STAGE_OPEN,
    STAGE_SENT,
    STAGE_ROAD,
    STAGE_SITE,
    STAGE_WORK,
    STAGE_AWAY, /* goods are taken away */
    STAGE_DONE,
    STAGE_SIGNED,
    STAGE_OVER
};

struct story_call {
    char no[41];
    uint8_t unit; /* 1 or 2 */
    uint8_t technician;
    bool paper, paused, graded;
    uint64_t promises;
    enum stage stage;
    int64_t received_ms;
};

struct story_act {
    enum event_kind kind;
    uint32_t from;   /* IN(stage) in which it is plausible */
    enum stage to;   /* STAGE_ASKED: stays */
    uint32_t weight; /* of the lot */
    void (*fill)(struct story *s, struct story_call *c, void *payload, int64_t at_ms);
};
extern const struct story_act story_acts[];
extern const uint32_t story_act_count;

/* A paper under way (story_papers.c). */
#define STORY_THREADS_MAX 60
struct story_thread {
    uint8_t chain, at, unit;
    uint32_t call; /* its index + 1; 0 = of none */
};

struct story {
    struct lot lot;
    struct story_thread threads[STORY_THREADS_MAX];
    uint32_t thread_count;
    uint64_t paper_share; /* of 100 facts, those about papers under way */
    bool assesses;        /* the papers are score sheets and what is counted for them */
    struct story_call calls[STORY_CALLS_MAX];
    uint32_t call_count;
    uint32_t told;             /* facts with an id of their own */
    uint32_t master;           /* of the first facts, the files of the company */
    struct story_about *about; /* by number of the fact */
    uint32_t about_cap;
    struct buf old[8]; /* some that were told before */
    uint32_t old_count;
    struct rec_person_line party[2]; /* for the time of one fact */
    struct arena arena;              /* likewise */
};

struct story_about {
    uint32_t call; /* its index + 1; 0 = of no call */
    const struct story_act *act;
    bool answered;
};

struct story_told_paper {
    const struct event_type *type;
    uint8_t unit; /* that reports it */
};

struct str story_technician(uint8_t n); /* T1 … T4 */
struct str story_unit(uint8_t n);       /* U1, U2 */
/* A fact about a paper of no call; payload has room for STORY_PAYLOAD_MAX bytes. */
const struct event_type *story_form(struct story *s, int64_t now_ms, void *payload);
/* A fact about a paper under way; false when there is none and none can begin. */
bool story_paper(struct story *s, int64_t now_ms, void *payload, struct story_told_paper *out);

/* story_scoring.c: score sheets and what is counted for them. */
extern const enum event_kind story_sheet[STORY_SHEET], story_counted[STORY_COUNTED];
void story_fit_scoring(struct story *s, const struct story_thread *t, enum event_kind kind,
                       void *payload, int64_t now_ms);

/* story_parts.c: the ways a part takes, and what only one kind of these facts says. */
extern const enum event_kind story_note[STORY_NOTE], story_requisition[STORY_REQUISITION],
    story_station[STORY_STATION];
void story_fit_parts(struct story *s, bool by_note, enum event_kind kind, void *payload);

#endif
