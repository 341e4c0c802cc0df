/* cmd_policy.c - `cuiban policy check DIR…`: is a policy set whole? All faults at once, each with
 * its file and line. */
#include "services/cli/cli.h"
#include "services/cli/commands.h"
#include <inttypes.h>
#include <string.h>

static json_t *set_json(const char *dir, const struct policy *p)
{
    return json_pack("{s:s, s:b, s:s%, s:i, s:s, s:i, s:i, s:i, s:i, s:i}", "dir", dir, "ok", 1,
                     "name", p->name.p, (size_t)p->name.n, "version", (int)p->version, "hash",
                     p->hash, "services", (int)p->service_count, "warranties",
                     (int)p->warranty_count, "escalation_sets", (int)p->set_count, "deadlines",
                     (int)p->deadline_count, "calendars", (int)p->calendar_count);
}

static json_t *faults_json(const char *dir, const struct policy_fault *faults, uint32_t n)
{
    json_t *list = json_array();
    for (uint32_t i = 0; i < n && i < POLICY_FAULTS_MAX; i++) {
        const struct policy_fault *f = &faults[i];
        json_array_append_new(list, json_pack("{s:s, s:i, s:s, s:s, s:s, s:s}", "file", f->file,
                                              "line", (int)f->line, "field", f->fault.field, "rule",
                                              f->fault.rule, "code", f->fault.code, "text",
                                              f->fault.text));
    }
    return json_pack("{s:s, s:b, s:i, s:o}", "dir", dir, "ok", 0, "count", (int)n, "faults", list);
}

static void say(FILE *out, const char *dir, const struct policy *p)
{
    fprintf(out,
            "%s: %.*s version %" PRIu32 ", hash %.16s…, %" PRIu32 " service policies, %" PRIu32
            " warranty policies, %" PRIu32 " escalation sets, %" PRIu32 " deadlines, %" PRIu32
            " calendars: ok\n",
            dir, STR_ARG(p->name), p->version, p->hash, p->service_count, p->warranty_count,
            p->set_count, p->deadline_count, p->calendar_count);
}

int policy_check_sets(FILE *out, bool json, char *const *dirs, size_t count)
{
    int rc = CLI_OK;
    json_t *all = json ? json_array() : NULL;
    for (size_t i = 0; i < count; i++) {
        struct policy *p = NULL;
        struct policy_fault faults[POLICY_FAULTS_MAX];
        uint32_t n = 0;
        enum err e = policy_load(dirs[i], &p, faults, POLICY_FAULTS_MAX, &n);
        if (e != ERR_OK && rc != CLI_FAILED) rc = e == ERR_REFUSED ? CLI_REFUSED : CLI_FAILED;
        if (json) {
            json_array_append_new(all, p ? set_json(dirs[i], p) : faults_json(dirs[i], faults, n));
        } else if (p) {
            say(out, dirs[i], p);
        } else {
            policy_print_faults(out, faults, n < POLICY_FAULTS_MAX ? n : POLICY_FAULTS_MAX);
            fprintf(out, "%s: %" PRIu32 " fault%s%s\n", dirs[i], n, n == 1 ? "" : "s",
                    n > POLICY_FAULTS_MAX ? "; mend the first ones and check again" : "");
        }
        policy_close(&p);
    }
    if (json) {
        json_dumpf(all, out, JSON_INDENT(1));
        fputc('\n', out);
        json_decref(all);
    }
    return rc;
}

/* ---- the command ---- */

#define DIRS_MAX 64

struct arguments {
    bool json, verb;
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
    static const struct argp_option options[] = {{"json", 'j', NULL, 0, "as JSON", 0}, {0}};
    static const struct argp argp = {
        options,
        parse,
        "check DIR...",
        "Check policy sets as a whole: every fault with file, line, and what would be right."
        "\vExits 0 when all are whole, 1 when one has faults, 2 when a file cannot be read.",
        NULL,
        NULL,
        NULL};
    struct arguments a = {0};
    if (argp_parse(&argp, argc, argv, 0, NULL, &a)) return CLI_USAGE;
    return policy_check_sets(stdout, a.json, a.dirs, a.count);
}
