/* cmd_backup.c - `cuiban backup` and `cuiban restore`: their options; the work is in backup*.c. */
#include "services/cli/backup.h"

/* ---- backup ---- */

struct backup_arguments {
    struct view_options view;
    const char *to;
    bool unproven;
};

enum { OPTION_NO_VERIFY = 3001 };

static error_t parse_backup(int key, char *arg, struct argp_state *state)
{
    struct backup_arguments *a = state->input;
    switch (key) {
    case 't':
        a->to = arg;
        return 0;
    case OPTION_NO_VERIFY:
        a->unproven = true;
        return 0;
    case ARGP_KEY_END:
        if (!a->to) argp_error(state, "where to? --to DIR");
        return 0;
    default:
        return view_parse(key, arg, state, "--to");
    }
}

int cmd_backup(int argc, char **argv)
{
    static const struct argp_option options[] = {
        {"to", 't', "DIR", 0, "the backup; must not be there yet", 0},
        {"no-verify", OPTION_NO_VERIFY, NULL, 0, "only copy and hash, do not prove", 0},
        {0}};
    static const struct argp_child children[] = {{&view_argp_place, 0, NULL, 0}, {0}};
    static const struct argp argp = {
        options,
        parse_backup,
        NULL,
        "Copy the stores, while the services run or not, prove the copy as `cuiban verify` does, "
        "and write a manifest with the hash of every log, state and file."
        "\vThe running services are not stopped and not asked. The backup gets its name only when "
        "it "
        "is whole; one that does not pass the proof is not kept. Every reading command works on it "
        "with --dir. What the door accepts after the copy is not in it: run it as often as you can "
        "bear to lose, and let the centres send again after a restore.",
        children,
        NULL,
        NULL};
    struct backup_arguments a = {.view = VIEW_OPTIONS_DEFAULT};
    if (argp_parse(&argp, argc, argv, 0, NULL, &a)) return CLI_USAGE;
    return backup_make(&a.view, a.to, !a.unproven);
}

/* ---- restore ---- */

struct restore_arguments {
    const char *from, *dir;
};

static error_t parse_restore(int key, char *arg, struct argp_state *state)
{
    struct restore_arguments *a = state->input;
    switch (key) {
    case 'f':
        a->from = arg;
        return 0;
    case 'd':
        a->dir = arg;
        return 0;
    case ARGP_KEY_ARG:
        argp_error(state, "%s: what is wanted is said with --from and --dir", arg);
        return 0;
    case ARGP_KEY_END:
        if (!a->from || !a->dir) argp_error(state, "both --from and --dir are wanted");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

int cmd_restore(int argc, char **argv)
{
    static const struct argp_option options[] = {
        {"from", 'f', "DIR", 0, "a backup of `cuiban backup`", 0},
        {"dir", 'd', "DIR", 0, "directory for `cuiban up`; must hold no stores", 0},
        {0}};
    static const struct argp argp = {
        options,
        parse_restore,
        NULL,
        "Put the stores of a backup where `cuiban up` finds them."
        "\vEvery file must hash as the manifest says. Stores that are there are never replaced: "
        "move "
        "them away first. Redis needs nothing: the services publish their timers anew.",
        NULL,
        NULL,
        NULL};
    struct restore_arguments a = {0};
    if (argp_parse(&argp, argc, argv, 0, NULL, &a)) return CLI_USAGE;
    return backup_restore(a.from, a.dir);
}
