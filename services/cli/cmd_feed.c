/* cmd_feed.c - `cuiban feed`: facts from files to the door, in order, each until it is answered.
 * Feeding a file again is harmless: the door knows what it has. */
#include "common/calendar.h"
#include "common/clock.h"
#include "services/cli/cli.h"
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
    const char *dir;
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
    case 'p':
        f->patience_s = strtoll(arg, NULL, 10);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp_option options[] = {
    {"dir", 'd', "DIR", 0, "directory given to `cuiban up` (default run)", 0},
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
    return e == ERR_OK && until > 1 ? door_client_until(d, until) : e;
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

static int feed_run(struct feed *f)
{
    struct door_client *d = NULL;
    if (door_client_open(f->dir, DOOR_WINDOW_FRAMES, on_answer, f, &d) != ERR_OK) return CLI_FAILED;
    door_client_patience(d, f->patience_s * 1000);
    struct fault why = {0};
    enum err e = send_all(f, d, &why);
    door_client_close(&d);
    report(f);
    bool rejected = f->json ? import_counts(f->source.import)->rejected_rows > 0
                            : intake_source_report(&f->source, stdout);
    if (e == ERR_AGAIN) {
        fprintf(stderr,
                "cuiban feed: the door in %s does not answer; is the stack up? Feed the same again "
                "later: "
                "what was accepted is known.\n",
                f->dir);
    } else if (e != ERR_OK) {
        fprintf(stderr, "cuiban feed: %s\n", why.text[0] ? why.text : err_name(e));
    }
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
    if (rc == CLI_OK) rc = feed_run(f);
    intake_source_close(&f->source);
    if (f->refused_file) fclose(f->refused_file);
    arena_fini(&f->arena);
    free(f);
    return rc;
}
