/* commands.h - the work of the reading commands over a struct view, without their options; each
 * returns the exit status and prints to v->out and v->err. */
#ifndef CUIBAN_SERVICES_CLI_COMMANDS_H
#define CUIBAN_SERVICES_CLI_COMMANDS_H

#include "services/cli/view.h"

int show_case(struct view *v, struct str name);
/* A complaint by either number: who held its form how long. */
int show_complaint(struct view *v, struct str name);

struct reminders_query {
    bool open, inquiries;
    struct str unit, case_no; /* "" = all */
};
int reminders_list(struct view *v, const struct reminders_query *q);

struct deadlines_query {
    bool open, overdue;
    struct str unit, case_no;
    int64_t within_min; /* due inside so many minutes, or past; -1 = any */
};
int deadlines_list(struct view *v, const struct deadlines_query *q);

struct complaints_query {
    bool open, overdue;
    struct str unit; /* "" = all */
};
int complaints_list(struct view *v, const struct complaints_query *q);

/* The ledger of parts. */
enum parts_list { PARTS_LIST_balances, PARTS_LIST_lines, PARTS_LIST_moves };
struct parts_query {
    enum parts_list what;
    uint32_t place;                     /* of the codeset; 0 = all */
    struct str holder, part_no, doc_no; /* "" = all */
    int32_t at;                         /* balances at the end of this day; 0 = now */
    int32_t from, to;                   /* moves of these days; 0 = all */
    bool all;                           /* also where nothing is left */
};
int parts_list(struct view *v, const struct parts_query *q);

/* Score sheets. */
struct scores_query {
    struct str person, scheme, unit; /* "" = all */
    int32_t first;                   /* first day of the period; 0 = all */
    bool stale;
};
int scores_list(struct view *v, const struct scores_query *q);

struct refused_query {
    struct str unit, source, code;
};
int refused_list(struct view *v, const struct refused_query *q);

/* name: a 催辦單, a 洽辦單 or a case; deadline "" = all of the case. */
int explain_case(struct view *v, struct str name, struct str deadline);
/* The score of a person; scheme "" = any, first 0 = the latest period. Needs a policy. */
int explain_score(struct view *v, struct str person, struct str scheme, int32_t first);

#define KPI_AT_MAX 64
struct kpi_ask {
    const char *unit, *policy;
    int32_t from_day, to_day;
    int64_t at[KPI_AT_MAX];
    uint32_t at_count;
    bool spans;
};
int kpi_report(struct view *v, const struct kpi_ask *ask);
/* Needs a policy. tmp: where the scratch store may lie. */
int kpi_recompute(struct view *v, const char *tmp);

struct policy_check {
    bool json;
    bool strict; /* findings count as faults */
    char *const *dirs;
    size_t count;
};
int policy_check_sets(FILE *out, const struct policy_check *how);

/* The whole proof; needs a policy. rows: what the scrub found before, or NULL where the stores are
 * held open by this process. tmp: where scratch stores may lie. */
struct scrub;
int verify_all(struct view *v, const struct scrub *rows, const char *tmp);

#endif
