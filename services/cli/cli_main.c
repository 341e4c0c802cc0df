/* cli_main.c - `cuiban COMMAND …`: one table. */
#include "common/contract.h"
#include "common/settings.h"
#include "services/cli/cli.h"
#include <locale.h>
#include <stdio.h>
#include <string.h>

static const struct command {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *help;
} commands[] = {
    {"up", cmd_up, "start the whole stack and watch over it"},
    {"status", cmd_status, "how the services are; wait until ready or settled"},
    {"feed", cmd_feed, "send facts: NDJSON, or CSV through a mapping"},
    {"replay", cmd_replay,
     "run history through the same services in one process; compare policies"},
    {"sample", cmd_sample, "write sample operations of a company as NDJSON"},
    {"kpi", cmd_kpi, "head-office figures; --recompute proves them from the logs"},
    {"reminders", cmd_reminders, "催辦單 and 洽辦單"},
    {"deadlines", cmd_deadlines, "open and overdue deadlines"},
    {"complaints", cmd_complaints, "register of complaints: where each is, who holds it"},
    {"parts", cmd_parts, "the ledger of parts: what is where, now or at a past day"},
    {"scores", cmd_scores, "score sheets: state, score, grade"},
    {"show", cmd_show, "everything about a case"},
    {"explain", cmd_explain,
     "why a 催辦單 was issued, down to the clause; what a score is made of"},
    {"refused", cmd_refused, "facts the services did not accept, with reasons"},
    {"verify", cmd_verify, "prove the stores: logs, balance of deadlines, state = replay"},
    {"backup", cmd_backup, "copy the stores of a running or stopped stack, proven"},
    {"restore", cmd_restore, "put a backup where `cuiban up` finds it"},
    {"policy", cmd_policy, "check a policy set"},
    {"keys", cmd_keys, "keys for the door over the network: make, look at"},
    {"schema", cmd_schema, "the contracts of all events, as Markdown"},
};

static int help(const char *topic)
{
    if (topic && strcmp(topic, "settings") == 0) {
        printf("Settings of the services, from the environment:\n");
        settings_help(stdout);
        return CLI_OK;
    }
    printf("cuiban 催辦 - after-sales backbone\n\nusage: cuiban COMMAND [OPTIONS]; every command "
           "has --help\n\n");
    for (size_t i = 0; i < COUNT_OF(commands); i++)
        printf("  %-10s %s\n", commands[i].name, commands[i].help);
    printf("  %-10s %s\n", "help", "this; `cuiban help settings` lists the services' settings");
    return CLI_OK;
}

int main(int argc, char **argv)
{
    setlocale(LC_CTYPE, "C.UTF-8");
    if (argc < 2 || strcmp(argv[1], "help") == 0 || strcmp(argv[1], "--help") == 0) {
        return help(argc > 2 ? argv[2] : NULL);
    }
    for (size_t i = 0; i < COUNT_OF(commands); i++) {
        char name[32]; /* as --help and messages show it */
        if (strcmp(argv[1], commands[i].name) != 0) continue;
        (void)snprintf(name, sizeof name, "cuiban %s", commands[i].name);
        argv[1] = name;
        return commands[i].run(argc - 1, argv + 1);
    }
    fprintf(stderr, "cuiban: no command %s; `cuiban help` lists them\n", argv[1]);
    return CLI_USAGE;
}
