/* audit.h - the proof behind `cuiban verify`: every log is read once, record by record, and what it
 * says of deadlines and 催辦單 is kept in an index on disk, so that any length of log is checked in
 * the same memory. Each check counts what it looked at and what was wrong, and names the first
 * places. */
#ifndef CUIBAN_SERVICES_CLI_AUDIT_H
#define CUIBAN_SERVICES_CLI_AUDIT_H

#include "services/cli/view.h"

enum audit_check {
    AUDIT_chain,     /* N10: each record holds the hash of the one before, numbers have no gap */
    AUDIT_order,     /* N6: time never goes back, causes lie before their effects */
    AUDIT_deadlines, /* every armed deadline ends once; the rows say what the log says */
    AUDIT_ladder,    /* a level is passed once, while the deadline runs */
    AUDIT_reminders, /* N3: one 催辦單 per level; each has its level, each level its 催辦單 */
    AUDIT_ledger,    /* PRT-017: rows of the ledger of parts are what its moves add up to */
    AUDIT_COUNT
};

#define AUDIT_FAULTS_MAX 20 /* places that are named, per check */
struct audit_result {
    uint64_t looked_at, wrong;
    struct buf places;
};

/* armed = in_time + late + superseded + cancelled + open */
struct audit_balance {
    uint64_t armed, in_time, late, superseded, cancelled, open, withdrawn;
    uint64_t rows, rows_open;
};

struct audit {
    struct view *view;
    struct store *index;
    struct arena arena;
    uint64_t end[OWNER_COUNT];       /* last record of each log that is read */
    uint64_t done[OWNER_COUNT];      /* of these, read */
    uint64_t desk_read[OWNER_COUNT]; /* what the desk had read of each log at that moment */
    uint8_t hash[OWNER_COUNT][32];   /* of the last record read */
    int64_t now_ms[OWNER_COUNT];
    uint32_t puts;           /* since the index was committed */
    uint64_t ledger_rows[3]; /* accounts, days, lines that the log of parts speaks of */
    uint64_t ledger_attempt; /* at comparing their rows */
    bool unsettled;          /* a service kept writing while its rows were compared */
    struct audit_result results[AUDIT_COUNT];
    struct audit_balance balance[OWNER_COUNT]; /* as read so far */
    struct audit_balance shown[OWNER_COUNT];   /* as it was when the rows were compared */
};

/* dir: an empty directory for the index. */
MUST_CHECK enum err audit_begin(struct audit *a, struct view *v, const char *dir,
                                struct fault *why);
void audit_end(struct audit *a);
/* Reads all logs, then compares the rows. */
MUST_CHECK enum err audit_run(struct audit *a);

__attribute__((format(printf, 3, 4))) void audit_wrong(struct audit *a, enum audit_check check,
                                                       const char *fmt, ...);

/* ---- the index (audit_index.c) ---- */
enum {
    AUDIT_TABLE_DEADLINE = 1,
    AUDIT_TABLE_LEVEL,
    AUDIT_TABLE_LEDGER_ACCOUNT,
    AUDIT_TABLE_LEDGER_DAY,
    AUDIT_TABLE_LEDGER_LINE,
    AUDIT_TABLE_LEDGER_PART,
    AUDIT_TABLE_LEDGER_OWED
};

MUST_CHECK enum err audit_deadline(struct audit *a, const struct view_record *r);
MUST_CHECK enum err audit_slip(struct audit *a, const struct view_record *r);
/* After the logs: the deadline rows of a service against its log. */
MUST_CHECK enum err audit_rows(struct audit *a, enum owner o);
/* ---- the ledger of parts (ledger_check.c) ---- */
MUST_CHECK enum err ledger_check_move(struct audit *a, const struct view_record *r);
/* After the log of parts: its rows against it and against each other. */
MUST_CHECK enum err ledger_check_rows(struct audit *a);
/* After the logs: levels that should have a 催辦單 and have none. */
MUST_CHECK enum err audit_levels(struct audit *a);

#endif
