/* cli_main.c - `cuiban COMMAND …`: one table. */
#include "common/contract.h"
#include "common/nearest.h"
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

static int run(const struct command *c, int argc, char **argv)
{
    char name[32]; /* as --help and messages show it */
    (void)snprintf(name, sizeof name, "cuiban %s", c->name);
    argv[0] = name;
    return c->run(argc, argv);
}

static const struct command *command_named(const char *name)
{
    for (size_t i = 0; i < COUNT_OF(commands); i++) {
        if (strcmp(name, commands[i].name) == 0) return &commands[i];
    }
    return NULL;
}

static int unknown(const char *name)
{
    struct nearest near = nearest_begin(str_of(name));
    char hint[NEAREST_HINT_MAX];
    for (size_t i = 0; i < COUNT_OF(commands); i++)
        nearest_offer(&near, str_of(commands[i].name));
    nearest_hint(&near, hint);
    fprintf(stderr, "cuiban: no command %s%s; `cuiban help` lists them\n", name, hint);
    return CLI_USAGE;
}

static int help(void)
{
    printf("cuiban 催辦 - after-sales backbone\n\nusage: cuiban COMMAND [OPTIONS]; every command "
           "has --help\n\n");
    for (size_t i = 0; i < COUNT_OF(commands); i++)
        printf("  %-10s %s\n", commands[i].name, commands[i].help);
    printf("  %-10s %s\n", "help", "this; `cuiban help settings` lists the services' settings");
    return CLI_OK;
}

static int help_on(char *topic)
{
    char option[] = "--help", *words[] = {topic, option, NULL};
    const struct command *c = command_named(topic);
    if (c) return run(c, 2, words);
    if (strcmp(topic, "settings") != 0) return unknown(topic);
    printf("Settings of the services, from the environment:\n");
    settings_help(stdout);
    return CLI_OK;
}

int main(int argc, char **argv)
{
    setlocale(LC_CTYPE, "C.UTF-8");
    const char *word = argc > 1 ? argv[1] : "help";
    bool asks = strcmp(word, "help") == 0 || strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0;
    if (asks) return argc > 2 ? help_on(argv[2]) : help();
    const struct command *c = command_named(word);
    return c ? run(c, argc - 1, argv + 1) : unknown(word);
}
