/* cmd_policy.c - `cuiban policy check DIR…`: is a policy set whole? All faults at once, each with
 * its file and line; then, of a set that is whole, what is worth knowing: where the route of a
 * complaint can exceed its total (CMP-036). */
#include "common/policy_route.h"
#include "services/cli/cli.h"
#include "services/cli/commands.h"
#include <inttypes.h>
#include <string.h>

static json_t *fault_list(const struct policy_fault *faults, uint32_t n)
{
    json_t *list = json_array();
    for (uint32_t i = 0; i < n && i < POLICY_FAULTS_MAX; i++) {
        const struct policy_fault *f = &faults[i];
        json_array_append_new(list, json_pack("{s:s, s:i, s:s, s:s, s:s, s:s}", "file", f->file,
                                              "line", (int)f->line, "field", f->fault.field, "rule",
                                              f->fault.rule, "code", f->fault.code, "text",
                                              f->fault.text));
    }
    return list;
}

static json_t *set_json(const char *dir, const struct policy *p, const struct policy_fault *found,
                        uint32_t n)
{
    return json_pack("{s:s, s:b, s:s%, s:i, s:s, s:i, s:i, s:i, s:i, s:i, s:o}", "dir", dir, "ok",
                     1, "name", p->name.p, (size_t)p->name.n, "version", (int)p->version, "hash",
                     p->hash, "services", (int)p->service_count, "warranties",
                     (int)p->warranty_count, "escalation_sets", (int)p->set_count, "deadlines",
                     (int)p->deadline_count, "calendars", (int)p->calendar_count, "findings",
                     fault_list(found, n));
}

static json_t *faults_json(const char *dir, const struct policy_fault *faults, uint32_t n)
{
    return json_pack("{s:s, s:b, s:i, s:o}", "dir", dir, "ok", 0, "count", (int)n, "faults",
                     fault_list(faults, n));
}

/* The printed limits beside the printed total (C-44). */
static void say_route(FILE *out, const char *dir, const struct policy *p)
{
    for (int foreign = 0; foreign < POLICY_ROUTE_FINDINGS_MAX; foreign++) {
        struct route r;
        char steps[EXACT_TEXT_MAX], total[EXACT_TEXT_MAX];
        if (!policy_route_make(p, foreign, &r)) continue;
        policy_route_days(p, r.legs, r.leg_count, steps);
        policy_route_days(p, &r.total, 1, total);
        fprintf(out, "%s: %s complaints: the limits of the steps are %s days, the total %s\n", dir,
                foreign ? "foreign" : "domestic", steps, total);
    }
}

static void say(FILE *out, const char *dir, const struct policy *p,
                const struct policy_fault *found, uint32_t n)
{
    fprintf(out,
            "%s: %.*s version %" PRIu32 ", hash %.16s…, %" PRIu32 " service policies, %" PRIu32
            " warranty policies, %" PRIu32 " escalation sets, %" PRIu32 " deadlines, %" PRIu32
            " calendars: ok\n",
            dir, STR_ARG(p->name), p->version, p->hash, p->service_count, p->warranty_count,
            p->set_count, p->deadline_count, p->calendar_count);
    say_route(out, dir, p);
    policy_print_faults(out, found, n);
}

static void say_faults(FILE *out, const char *dir, const struct policy_fault *faults, uint32_t n)
{
    policy_print_faults(out, faults, n < POLICY_FAULTS_MAX ? n : POLICY_FAULTS_MAX);
    fprintf(out, "%s: %" PRIu32 " fault%s%s\n", dir, n, n == 1 ? "" : "s",
            n > POLICY_FAULTS_MAX ? "; mend the first ones and check again" : "");
}

static int check_set(FILE *out, const struct policy_check *how, const char *dir, json_t *all)
{
    struct policy *p = NULL;
    struct policy_fault faults[POLICY_FAULTS_MAX];
    uint32_t n = 0;
    enum err e = policy_load(dir, &p, faults, POLICY_FAULTS_MAX, &n);
    int rc = e == ERR_OK ? CLI_OK : e == ERR_REFUSED ? CLI_REFUSED : CLI_FAILED;
    if (p) n = policy_route_findings(p, faults);
    if (p && n && how->strict) rc = CLI_REFUSED;
    if (all) {
        json_array_append_new(all, p ? set_json(dir, p, faults, n) : faults_json(dir, faults, n));
    } else if (p) {
        say(out, dir, p, faults, n);
    } else {
        say_faults(out, dir, faults, n);
    }
    policy_close(&p);
    return rc;
}

int policy_check_sets(FILE *out, const struct policy_check *how)
{
    int rc = CLI_OK;
    json_t *all = how->json ? json_array() : NULL;
    for (size_t i = 0; i < how->count; i++) {
        int one = check_set(out, how, how->dirs[i], all);
        if (rc != CLI_FAILED && one != CLI_OK) rc = one;
    }
    if (all) {
        json_dumpf(all, out, JSON_INDENT(1));
        fputc('\n', out);
        json_decref(all);
    }
    return rc;
}

/* ---- the command ---- */

#define DIRS_MAX 64

struct arguments {
    bool json, strict, verb;
    char *dirs[DIRS_MAX];
    size_t count;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
    struct arguments *a = state->input;
    switch (key) {
    case 'j':
        a->json = true;
        return 0;
    case 's':
        a->strict = true;
        return 0;
    case ARGP_KEY_ARG:
        if (!a->verb && strcmp(arg, "check") != 0) {
            argp_error(state, "no such thing to do as %s; write `cuiban policy check DIR`", arg);
        } else if (a->verb && a->count == DIRS_MAX) {
            argp_error(state, "at most %d sets at a time", DIRS_MAX);
        } else if (a->verb) {
            a->dirs[a->count++] = arg;
        }
        a->verb = true;
        return 0;
    case ARGP_KEY_END:
        if (!a->count)
            argp_error(state, "which set? e.g. `cuiban policy check deploy/policy/appliance`");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

int cmd_policy(int argc, char **argv)
{
    static const struct argp_option options[] = {
        {"json", 'j', NULL, 0, "as JSON", 0},
        {"strict", 's', NULL, 0, "a finding is a fault: exit 1", 0},
        {0}};
    static const struct argp argp = {
        options,
        parse,
        "check DIR...",
        "Check policy sets as a whole: every fault with file, line, and what would be right."
        "\vOf a whole set it also says what a case of complaint needs when every step of its "
        "relay uses its limit, and from which start that exceeds the total; such a finding is a "
        "fault only with --strict, or where the set says so (complaint: route_fit: refuse).\n"
        "Exits 0 when all are whole, 1 when one has faults, 2 when a file cannot be read.",
        NULL,
        NULL,
        NULL};
    struct arguments a = {0};
    if (argp_parse(&argp, argc, argv, 0, NULL, &a)) return CLI_USAGE;
    return policy_check_sets(stdout, &(struct policy_check){a.json, a.strict, a.dirs, a.count});
}
