/* cmd_feed.c - `cuiban feed`: facts from files to the door, in order, each until it is answered.
 * Feeding a file again is harmless: the door knows what it has. */
#include "common/calendar.h"
#include "common/clock.h"
#include "services/cli/cli.h"
#include "services/cli/cli_args.h"
#include "services/cli/door_client.h"
#include "services/cli/intake_source.h"
#include <argp.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SHOWN_REFUSED 5

struct feed {
    const char *dir, *keys_path;
    struct door_far far; /* host_port NULL: the door in dir */
    struct keys keys;
    struct intake_source source;
    bool json;
    int64_t patience_s;
    uint64_t accepted, duplicate, refused;
    FILE *refused_file;
    char refused_path[512];
    bool terminal;
    int64_t said_ms;
    struct arena arena;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
    struct feed *f = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &f->source;
        return 0;
    case 'd':
        f->dir = arg;
        return 0;
    case 'j':
        f->json = true;
        return 0;
    case 'D':
        f->far.host_port = arg;
        return 0;
    case 'k':
        f->keys_path = arg;
        return 0;
    case ARGP_KEY_END:
        if (!f->far.host_port != !f->keys_path)
            argp_error(state, "--door and --keys go together: where, and with which key");
        return 0;
    case 'p':
        f->patience_s = cli_number(state, "--patience", arg, 1, INT32_MAX);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp_option options[] = {
    {"dir", 'd', "DIR", 0, "directory given to `cuiban up` (default run)", 0},
    {"door", 'D', "HOST:PORT", 0, "a door on another machine, instead of --dir", 0},
    {"keys", 'k', "FILE", 0, "our key and that of the door (`cuiban keys`)", 0},
    {"patience", 'p', "SECONDS", 0, "give up when the door is silent for so long (default 60)", 0},
    {"json", 'j', NULL, 0, "print the counts as JSON", 0},
    {0}};

/* <input>.refused.ndjson, opened when the first fact is refused. */
static FILE *refused_file(struct feed *f)
{
    if (f->refused_file) return f->refused_file;
    const char *first = strcmp(f->source.paths[0], "-") ? f->source.paths[0] : "stdin";
    const char *slash = strrchr(first, '/');
    if (f->source.rejects_dir) {
        snprintf(f->refused_path, sizeof f->refused_path, "%s/%s.refused.ndjson",
                 f->source.rejects_dir, slash ? slash + 1 : first);
    } else {
        snprintf(f->refused_path, sizeof f->refused_path, "%s.refused.ndjson", first);
    }
    f->refused_file = fopen(f->refused_path, "w");
    if (!f->refused_file) perror(f->refused_path);
    return f->refused_file;
}

static void set_text(json_t *o, const char *name, struct str s)
{
    if (s.n) json_object_set_new(o, name, json_stringn(s.p, s.n));
}

static void keep_refused(struct feed *f, struct slice fact, const struct rec_outcome *o)
{
    arena_reset(&f->arena);
    struct rec_fact x;
    struct fault why;
    json_t *line = json_object();
    set_text(line, "rule", o->rule);
    set_text(line, "code", o->code);
    set_text(line, "field", o->field);
    set_text(line, "text", o->text);
    if (proto_decode(shape_fact(), fact, &f->arena, &x, &why) == ERR_OK) {
        struct rec_entry e = {.number = x.number,
                              .id = x.id,
                              .source = x.source,
                              .occurred = x.occurred,
                              .actor = x.actor,
                              .data = x.data};
        json_object_set_new(line, "fact", entry_to_json("feed", &e, &f->arena));
        if (f->refused <= SHOWN_REFUSED) {
            fprintf(stderr, "refused: %.*s: %.*s%s%.*s (%.*s)\n", STR_ARG(x.id), STR_ARG(o->field),
                    o->field.n ? ": " : "", STR_ARG(o->text), STR_ARG(o->rule));
        }
    }
    FILE *out = refused_file(f);
    if (out) {
        json_dumpf(line, out, JSON_COMPACT);
        fputc('\n', out);
    }
    json_decref(line);
}

static void on_answer(void *arg, struct slice fact, const struct rec_outcome *o)
{
    struct feed *f = arg;
    if (str_is(o->verdict, "accepted")) {
        f->accepted++;
    } else if (str_is(o->verdict, "duplicate")) {
        f->duplicate++;
    } else {
        f->refused++;
        keep_refused(f, fact, o);
    }
    if (!f->terminal || clock_mono_ms() - f->said_ms < 500) return;
    f->said_ms = clock_mono_ms();
    fprintf(stderr, "\r%" PRIu64 " accepted, %" PRIu64 " duplicate, %" PRIu64 " refused ",
            f->accepted, f->duplicate, f->refused);
}

static enum err send_all(struct feed *f, struct door_client *d, struct fault *why)
{
    struct slice fact;
    int64_t t;
    enum err e;
    while ((e = import_next(f->source.import, &fact, &t, why)) == ERR_OK) {
        e = door_client_put(d, fact);
        if (e != ERR_OK) return e;
    }
    if (e != ERR_END) return e;
    e = door_client_drain(d);
    int64_t until = intake_source_until(&f->source);
    return e == ERR_OK && until ? door_client_until(d, until) : e;
}

static void report(const struct feed *f)
{
    if (f->terminal) fputc('\r', stderr);
    if (f->json) {
        const struct import_counts *c = import_counts(f->source.import);
        json_t *o = json_pack("{sI sI sI sI sI}", "accepted", (json_int_t)f->accepted, "duplicate",
                              (json_int_t)f->duplicate, "refused", (json_int_t)f->refused,
                              "repeated", (json_int_t)c->repeated, "rejected",
                              (json_int_t)(c->rejected_rows + c->rejected_facts));
        json_dumpf(o, stdout, JSON_COMPACT);
        printf("\n");
        json_decref(o);
        return;
    }
    printf("%" PRIu64 " accepted, %" PRIu64 " duplicate, %" PRIu64 " refused\n", f->accepted,
           f->duplicate, f->refused);
    if (f->refused_file) printf("refused facts, with reasons: %s\n", f->refused_path);
}

static int open_keys(struct feed *f)
{
    struct fault why = {.text = ""};
    if (!f->keys_path) return CLI_OK;
    f->far.keys = &f->keys;
    enum err e = keys_load(f->keys_path, &f->keys, &why);
    if (e == ERR_OK && !f->keys.door[0])
        e = fault_set(&why, "keys", "missing", "", "%.120s: there is no line `door KEY`",
                      f->keys_path);
    if (e != ERR_OK) fprintf(stderr, "cuiban feed: %s\n", why.text);
    return e == ERR_OK ? CLI_OK : CLI_REFUSED;
}

static void say_trouble(const struct feed *f, enum err e, const char *trouble, const char *fault)
{
    const char *where = f->far.host_port ? f->far.host_port : f->dir;
    if (e == ERR_AGAIN) {
        fprintf(stderr,
                "cuiban feed: the door %s %s does not answer; %s Feed the same again later: what "
                "was accepted is known.\n",
                f->far.host_port ? "at" : "in", where, *trouble ? trouble : "is the stack up?");
    } else if (*trouble) {
        fprintf(stderr, "cuiban feed: the door at %s: %s\n", where, trouble);
    } else {
        fprintf(stderr, "cuiban feed: %s\n", *fault ? fault : err_name(e));
    }
}

static int feed_run(struct feed *f)
{
    struct door_client *d = NULL;
    enum err e = f->far.host_port ? door_client_open_far(&f->far, on_answer, f, &d)
                                  : door_client_open(f->dir, DOOR_WINDOW_FRAMES, on_answer, f, &d);
    if (e != ERR_OK && f->far.host_port)
        fprintf(stderr, "cuiban feed: %s is no HOST:PORT that can be called\n", f->far.host_port);
    if (e != ERR_OK) return CLI_FAILED;
    door_client_patience(d, f->patience_s * 1000);
    struct fault why = {0};
    e = send_all(f, d, &why);
    report(f);
    bool rejected = f->json ? import_counts(f->source.import)->rejected_rows > 0
                            : intake_source_report(&f->source, stdout);
    if (e != ERR_OK) say_trouble(f, e, door_client_trouble(d), why.text);
    door_client_close(&d);
    if (e != ERR_OK) return CLI_FAILED;
    return f->refused || rejected ? CLI_REFUSED : CLI_OK;
}

int cmd_feed(int argc, char **argv)
{
    static const struct argp_child children[] = {{&intake_source_argp, 0, NULL, 0}, {0}};
    static const struct argp argp = {
        options,
        parse,
        "FILE...",
        "Send facts to the door: NDJSON (CloudEvents, one a line), or CSV (plain or .gz) "
        "through a mapping; - is standard input.\vExit status 1: some rows were "
        "rejected or facts refused; they stand in files beside the input.",
        children,
        NULL,
        NULL};
    struct feed *f = calloc(1, sizeof *f);
    if (!f) return CLI_FAILED;
    f->dir = "run";
    f->patience_s = 60;
    f->source.command = "cuiban feed";
    f->terminal = isatty(STDERR_FILENO) != 0;
    int rc = CLI_USAGE;
    if (argp_parse(&argp, argc, argv, 0, NULL, f) == 0) rc = intake_source_open(&f->source);
    if (rc == CLI_OK) rc = open_keys(f);
    if (rc == CLI_OK) rc = feed_run(f);
    intake_source_close(&f->source);
    keys_fini(&f->keys);
    if (f->refused_file) fclose(f->refused_file);
    arena_fini(&f->arena);
    free(f);
    return rc;
}
