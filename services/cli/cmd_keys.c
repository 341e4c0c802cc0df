/* cmd_keys.c - `cuiban keys`: makes the keys with which centres call the door over the network, and
 * shows what a file of keys says. A secret is never shown. */
#include "common/keys.h"
#include "services/cli/cli.h"
#include <argp.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct work {
    const char *verb, *path, *door;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
    struct work *w = state->input;
    switch (key) {
    case 'd':
        w->door = arg;
        return 0;
    case ARGP_KEY_ARG:
        if (!w->verb && strcmp(arg, "new") != 0 && strcmp(arg, "show") != 0)
            argp_error(state, "no such thing to do as %s; write `cuiban keys new FILE`", arg);
        if (w->path) argp_error(state, "one file at a time");
        if (w->verb) w->path = arg;
        if (!w->verb) w->verb = arg;
        return 0;
    case ARGP_KEY_END:
        if (!w->path) argp_error(state, "which file? e.g. `cuiban keys new door.keys`");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static int failed(const char *path)
{
    fprintf(stderr, "cuiban keys: %s: %s\n", path, strerror(errno));
    return CLI_FAILED;
}

/* Never over a file that is there: its secret would be gone. */
static int make(const struct work *w)
{
    struct bus_keys k;
    if (!bus_keys_make(&k)) return failed(w->path);
    int fd = open(w->path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
    if (fd < 0) return failed(w->path);
    bool whole = dprintf(fd, "# public key: %s\nsecret %s\n", k.public_key, k.secret) > 0;
    if (whole && w->door) whole = dprintf(fd, "door %s\n", w->door) > 0;
    whole = fsync(fd) == 0 && whole;
    if (close(fd) || !whole) return failed(w->path);
    struct keys again;
    struct fault why = {.text = ""};
    if (keys_load(w->path, &again, &why) != ERR_OK) { /* --door is no key */
        fprintf(stderr, "cuiban keys: %s\n", why.text);
        unlink(w->path);
        return CLI_REFUSED;
    }
    keys_fini(&again);
    printf("%s\n", k.public_key);
    return CLI_OK;
}

static int show(const struct work *w)
{
    struct keys k;
    struct fault why = {.text = ""};
    if (keys_load(w->path, &k, &why) != ERR_OK) {
        fprintf(stderr, "cuiban keys: %s\n", why.text);
        return CLI_REFUSED;
    }
    printf("public %s\n", k.own.public_key);
    if (k.door[0]) printf("door %s\n", k.door);
    for (size_t i = 0; i < k.count; i++)
        printf("allow %s %s\n", k.allowed[i].key, k.allowed[i].sources);
    keys_fini(&k);
    return CLI_OK;
}

int cmd_keys(int argc, char **argv)
{
    static const struct argp_option options[] = {
        {"door", 'd', "KEY", 0, "new: the public key of the door that will be called", 0}, {0}};
    static const struct argp argp = {
        options,
        parse,
        "new FILE\nshow FILE",
        "Keys for the door over the network."
        "\vnew makes a secret of its own in FILE, which only its owner can read, and prints the "
        "public key. The door's file has besides a line for each centre it lets in:\n"
        "  allow KEY SOURCE...     the centre with this public key speaks for these sources; * is "
        "any\n"
        "and the centre's a line `door KEY` with the door's public key (--door writes it). show "
        "prints all but the secret, and says what is wrong, with file and line.",
        NULL,
        NULL,
        NULL};
    struct work w = {.verb = NULL};
    if (argp_parse(&argp, argc, argv, 0, NULL, &w)) return CLI_USAGE;
    return strcmp(w.verb, "new") == 0 ? make(&w) : show(&w);
}
