/* cmd_replay.c - `cuiban replay`: history through the same services in one process, on the event
 * clock; with --compare through two policies side by side. */
#include "common/house.h"
#include "services/cli/cli.h"
#include "services/cli/compare.h"
#include "services/cli/intake_source.h"
#include "services/cli/recompute.h"
#include "services/cli/timeline.h"
#include "services/cli/view.h"
#include "services/complaint/complaint.h"
#include "services/dispatch/dispatch.h"
#include "services/escalation/escalation.h"
#include "services/headoffice/headoffice.h"
#include "services/headoffice/kpi.h"
#include "services/intake/intake.h"
#include "services/parts/parts.h"
#include "services/scoring/scoring.h"
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define AT_MAX 64
#define REFUSED_SHOWN 5

static const struct service *const services[] = {
    &intake_service,  &dispatch_service,   &parts_service,     &complaint_service,
    &scoring_service, &escalation_service, &headoffice_service};

struct side {
    char dir[RECOMPUTE_DIR_SIZE];
    struct policy *policy;
    struct house *house;
    uint64_t accepted, duplicate, refused;
};

struct replay {
    struct intake_source source;
    const char *policy, *other;
    const char *at_text[AT_MAX];
    int64_t at[AT_MAX];
    uint32_t at_count;
    bool json;
    struct side a, b;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
    struct replay *r = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &r->source;
        return 0;
    case 'p':
        r->policy = arg;
        return 0;
    case 'c':
        r->other = arg;
        return 0;
    case 'j':
        r->json = true;
        return 0;
    case 'a':
        if (r->at_count == AT_MAX) argp_error(state, "--at is given more than %d times", AT_MAX);
        r->at_text[r->at_count++] = arg;
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp_option options[] = {
    {"policy", 'p', "DIR", 0, "policy set (default deploy/policy/appliance)", 0},
    {"compare", 'c', "DIR", 0, "another policy set: say case by case what it would have changed",
     0},
    {"at", 'a', "TIME", 0, "backlog at this instant (a day means its 00:00); may be repeated", 0},
    {"json", 'j', NULL, 0, "as JSON", 0},
    {0}};

/* ---- a side: one policy, one house ---- */

static int side_open(struct side *s, const char *policy_dir)
{
    struct policy_fault faults[POLICY_FAULTS_MAX];
    uint32_t n = 0;
    if (policy_load(policy_dir, &s->policy, faults, POLICY_FAULTS_MAX, &n) != ERR_OK) {
        policy_print_faults(stderr, faults, n);
        return CLI_REFUSED;
    }
    struct fault why = {0};
    const char *tmp = access("/dev/shm", W_OK) ? recompute_tmp() : "/dev/shm";
    if (recompute_dir_make(tmp, s->dir) != ERR_OK ||
        house_open(s->dir, s->policy, services, sizeof services / sizeof *services, &s->house,
                   &why) != ERR_OK) {
        fprintf(stderr, "cuiban replay: %s: %s\n", s->dir, why.text);
        return CLI_FAILED;
    }
    return CLI_OK;
}

static void side_close(struct side *s)
{
    house_close(&s->house);
    policy_close(&s->policy);
    if (s->dir[0]) recompute_dir_remove(s->dir);
}

static enum err side_fact(struct side *s, struct slice fact)
{
    struct rec_outcome o;
    enum err e = house_fact(s->house, fact, &o);
    if (e != ERR_OK) return e;
    s->accepted += str_is(o.verdict, "accepted");
    s->duplicate += str_is(o.verdict, "duplicate");
    if (!str_is(o.verdict, "refused")) return ERR_OK;
    if (s->refused++ < REFUSED_SHOWN)
        fprintf(stderr, "refused: %.*s: %.*s (%.*s)\n", STR_ARG(o.field), STR_ARG(o.text),
                STR_ARG(o.rule));
    return ERR_OK;
}

static uint64_t refused_behind(const struct side *s)
{
    uint64_t n = 0;
    for (size_t i = 0; i < COUNT_OF(services); i++)
        n += node_refused(house_node(s->house, services[i]->owner));
    return n;
}

/* What the door took and the service it is for refused: the first of them, from the logs. */
static enum err print_refused(const struct side *s)
{
    struct view_record r;
    struct timeline *t = calloc(1, sizeof *t);
    struct reader *reader = NULL;
    struct view *v = calloc(1, sizeof *v);
    REQUIRE(t && v);
    enum err e = reader_of_house(s->house, &reader);
    if (e == ERR_OK) {
        view_begin(v, reader, s->policy);
        timeline_begin(t, v, ~IN(OWNER_intake));
        for (uint32_t n = 0; n < REFUSED_SHOWN && (e = timeline_next(t, &r)) == ERR_OK;) {
            if (!r.type || r.type->kind != EV_refused_fact || !r.payload) continue;
            const struct ev_refused_fact *x = r.payload;
            n++;
            fprintf(stderr, "refused by %s: %s %.*s: %.*s (%.*s)\n", owner_name(r.log),
                    event_by_number(x->number)->type, STR_ARG(x->subject), STR_ARG(x->text),
                    STR_ARG(x->rule));
        }
        timeline_end(t);
    }
    reader_close(&reader);
    free(v);
    free(t);
    return e == ERR_END ? ERR_OK : e;
}

/* ---- the run ---- */

static enum err run_all(struct replay *r, struct fault *why)
{
    struct slice fact;
    int64_t t;
    enum err e;
    while ((e = import_next(r->source.import, &fact, &t, why)) == ERR_OK) {
        e = side_fact(&r->a, fact);
        if (e == ERR_OK && r->other) e = side_fact(&r->b, fact);
        if (e != ERR_OK) return e;
    }
    if (e != ERR_END) return e;
    int64_t until = intake_source_until(&r->source);
    e = house_until(r->a.house, until);
    return e == ERR_OK && r->other ? house_until(r->b.house, until) : e;
}

static enum err next_row(void *ctx, uint8_t table, struct slice from, bool after, struct slice *key,
                         struct slice *value)
{
    return store_next(ctx, table, from, after, key, value);
}

/* Without an offset: in the zone of the set's default calendar. */
static int parse_at(struct replay *r)
{
    const struct zone *z = calendar_zone(policy_calendar(r->a.policy, (struct str){0}));
    for (uint32_t i = 0; i < r->at_count; i++) {
        if (view_instant(r->at_text[i], z, &r->at[i])) continue;
        fprintf(stderr, "cuiban replay: --at %s: neither a day nor an RFC 3339 time\n",
                r->at_text[i]);
        return CLI_USAGE;
    }
    return CLI_OK;
}

static enum err figures(struct replay *r, struct side *s, struct kpi_report *out)
{
    struct node *n = house_node(s->house, OWNER_headoffice);
    struct kpi_query q = {
        .as_of_ms = node_clock(n), .at = r->at, .at_count = r->at_count, .policy = s->policy};
    struct kpi_rows rows = {node_store(n), next_row};
    return kpi_compute(&q, &rows, out);
}

static enum err print_one(struct replay *r)
{
    struct kpi_report k;
    enum err e = figures(r, &r->a, &k);
    if (e != ERR_OK) return e;
    if (r->json) {
        json_t *o = kpi_to_json(&k);
        json_dumpf(o, stdout, JSON_INDENT(1));
        printf("\n");
        json_decref(o);
    } else {
        kpi_print(stdout, &k, true);
    }
    kpi_fini(&k);
    return ERR_OK;
}

static enum err print_both(struct replay *r)
{
    struct compare_side a = {r->policy, node_store(house_node(r->a.house, OWNER_headoffice))};
    struct compare_side b = {r->other, node_store(house_node(r->b.house, OWNER_headoffice))};
    return compare_print(stdout, &a, &b, r->json ? LISTING_json : LISTING_table);
}

static int replay_run(struct replay *r)
{
    struct fault why = {0};
    enum err e = run_all(r, &why);
    uint64_t behind = refused_behind(&r->a);
    if (e == ERR_OK && behind) e = print_refused(&r->a);
    if (!r->json) {
        printf("%" PRIu64 " accepted, %" PRIu64 " duplicate, %" PRIu64 " refused\n", r->a.accepted,
               r->a.duplicate, r->a.refused);
        if (behind)
            printf("%" PRIu64 " of the accepted were refused by the service they are for\n",
                   behind);
    }
    bool rejected = intake_source_report(&r->source, r->json ? stderr : stdout);
    if (e == ERR_OK) e = r->other ? print_both(r) : print_one(r);
    if (e == ERR_OK) return r->a.refused || behind || rejected ? CLI_REFUSED : CLI_OK;
    fprintf(stderr, "cuiban replay: %s\n", why.text[0] ? why.text : err_name(e));
    return CLI_FAILED;
}

int cmd_replay(int argc, char **argv)
{
    static const struct argp_child children[] = {{&intake_source_argp, 0, NULL, 0}, {0}};
    static const struct argp argp = {
        options,
        parse,
        "FILE...",
        "Run history through the services in one process, on the events' own time, and "
        "print head office's figures.\vThe same policy and the same facts give the same "
        "figures as the live stack fed on the event clock.",
        children,
        NULL,
        NULL};
    struct replay *r = calloc(1, sizeof *r);
    if (!r) return CLI_FAILED;
    r->policy = "deploy/policy/appliance";
    r->source.command = "cuiban replay";
    int rc = argp_parse(&argp, argc, argv, 0, NULL, r) ? CLI_USAGE : CLI_OK;
    if (rc == CLI_OK) rc = intake_source_open(&r->source);
    if (rc == CLI_OK) rc = side_open(&r->a, r->policy);
    if (rc == CLI_OK && r->other) rc = side_open(&r->b, r->other);
    if (rc == CLI_OK) rc = parse_at(r);
    if (rc == CLI_OK) rc = replay_run(r);
    side_close(&r->a);
    side_close(&r->b);
    intake_source_close(&r->source);
    free(r);
    return rc;
}
