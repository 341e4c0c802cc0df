/* cmd_status.c - `cuiban status`: how the services of a directory are; also waits until they are
 * up, or until everything that came in has had its consequences. */
#include "common/bus.h"
#include "common/calendar.h"
#include "common/clock.h"
#include "common/contract.h"
#include "common/loop.h"
#include "common/wire.h"
#include "services/cli/cli.h"
#include "services/cli/cli_args.h"
#include <argp.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

static const char *const services[] = {"intake",  "dispatch",   "parts",     "complaint",
                                       "scoring", "escalation", "headoffice"};
#define SERVICES COUNT_OF(services)
#define ASK_MS 1000

struct status {
    const char *dir, *only;
    bool json, settled;
    int64_t wait_s;
};

struct view {
    bool answered;
    struct rec_status s;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
    struct status *s = state->input;
    switch (key) {
    case 'd':
        s->dir = arg;
        return 0;
    case 'j':
        s->json = true;
        return 0;
    case 's':
        s->settled = true;
        return 0;
    case 'o':
        cli_one_of(state, "--only", arg, services, SERVICES);
        s->only = arg;
        return 0;
    case 'w':
        s->wait_s = cli_number(state, "--wait", arg, 0, INT32_MAX);
        return 0;
    case ARGP_KEY_ARG:
        cli_no_word(state, arg);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp_option options[] = {
    {"dir", 'd', "DIR", 0, "directory given to `cuiban up` (default run)", 0},
    {"json", 'j', NULL, 0, "as JSON", 0},
    {"only", 'o', "SERVICE", 0, "what the others do does not count (health of a container)", 0},
    {"wait", 'w', "SECONDS", 0, "wait so long for all services to answer", 0},
    {"settled", 's', NULL, 0, "also wait until nothing more happens without another fact", 0},
    {0}};

static void ask_all(struct bus *bus, const char *dir, struct view v[SERVICES], struct arena *a)
{
    struct bus_socket *sock[SERVICES];
    for (size_t i = 0; i < SERVICES; i++) {
        char endpoint[LOOP_ENDPOINT_SIZE];
        v[i].answered = false;
        loop_endpoint(endpoint, dir, services[i]);
        REQUIRE(bus_connect(bus, endpoint, NULL, &sock[i]) == ERR_OK);
    }
    bool asked[SERVICES] = {false};
    int64_t until = clock_mono_ms() + ASK_MS;
    size_t left = SERVICES;
    while (left && clock_mono_ms() < until) {
        for (size_t i = 0; i < SERVICES; i++) {
            if (!asked[i])
                asked[i] =
                    bus_send(sock[i], NULL, (struct slice){(const uint8_t *)"I", 1}) == ERR_OK;
            struct bus_message m = {0};
            if (v[i].answered || bus_receive(sock[i], &m) != ERR_OK) continue;
            struct slice body =
                arena_copy(a, (struct slice){m.bytes.p + 1, m.bytes.n ? m.bytes.n - 1 : 0});
            struct fault why;
            v[i].answered = m.bytes.n > 1 && m.bytes.p[0] == 'i' &&
                            proto_decode(shape_status(), body, a, &v[i].s, &why) == ERR_OK;
            left -= v[i].answered;
            bus_message_fini(&m);
        }
        bus_wait(bus, 10);
    }
    for (size_t i = 0; i < SERVICES; i++)
        bus_socket_close(&sock[i]);
}

static uint64_t committed_of(const struct view v[SERVICES], struct str log)
{
    for (size_t i = 0; i < SERVICES; i++) {
        if (str_is(log, services[i])) return v[i].s.committed;
    }
    return 0;
}

/* The reader has taken what is there, but for records of an instant that only a later fact ends. */
static bool has_read(const struct rec_cursor_line *c, const struct view v[SERVICES])
{
    return c->waits || c->seq == committed_of(v, c->log);
}

/* Every reader is at the end of what it reads, the state is on disk, nothing is overdue to fire:
 * without another fact nothing more happens. */
static bool settled(const struct view v[SERVICES])
{
    for (size_t i = 0; i < SERVICES; i++) {
        const struct rec_status *s = &v[i].s;
        if (!v[i].answered || s->behind) return false;
        for (uint32_t k = 0; k < s->cursors.n; k++) {
            if (!has_read(&s->cursors.v[k], v)) return false;
        }
        int64_t now = s->event_clock ? s->clock : clock_wall_ms();
        if (s->next_due && s->next_due + 1 < now) return false;
        if (s->event_clock && s->clock != v[0].s.clock) return false;
    }
    return true;
}

static void print_people(const struct view v[SERVICES])
{
    printf("%-11s %-8s %10s %7s %-26s %-26s %s\n", "service", "state", "records", "behind", "clock",
           "next due", "reads");
    for (size_t i = 0; i < SERVICES; i++) {
        const struct rec_status *s = &v[i].s;
        char clock[40] = "-", due[40] = "-";
        if (!v[i].answered) {
            printf("%-11s %-8s\n", services[i], "down");
            continue;
        }
        if (s->clock) time_format(s->clock, NULL, clock);
        if (s->next_due) time_format(s->next_due, NULL, due);
        printf("%-11s %-8s %10" PRIu64 " %7" PRIu64 " %-26s %-26s", services[i],
               s->redis || s->event_clock ? "up" : "no redis", s->committed, s->behind, clock, due);
        for (uint32_t k = 0; k < s->cursors.n; k++) {
            const struct rec_cursor_line *c = &s->cursors.v[k];
            printf(" %.*s:%" PRIu64 "%s", STR_ARG(c->log), c->seq, c->waits ? "+" : "");
        }
        printf("\n");
    }
}

static void print_json(const struct view v[SERVICES])
{
    json_t *all = json_object();
    for (size_t i = 0; i < SERVICES; i++) {
        json_object_set_new(all, services[i],
                            v[i].answered ? proto_to_json(shape_status(), &v[i].s) : json_null());
    }
    json_dumpf(all, stdout, JSON_INDENT(1));
    printf("\n");
    json_decref(all);
}

int cmd_status(int argc, char **argv)
{
    static const struct argp argp = {
        options, parse,
        NULL,    "How the services are. Exits 0 when all answer (and are settled, if asked).",
        NULL,    NULL,
        NULL};
    struct status s = {.dir = "run"};
    if (argp_parse(&argp, argc, argv, 0, NULL, &s)) return CLI_USAGE;
    struct bus *bus = NULL;
    if (bus_open(&bus) != ERR_OK) return CLI_FAILED;
    struct view v[SERVICES] = {0};
    struct arena a = {0};
    int64_t until = clock_mono_ms() + s.wait_s * 1000;
    bool good = false;
    uint32_t in_a_row = 0;
    do {
        arena_reset(&a);
        ask_all(bus, s.dir, v, &a);
        good = true;
        for (size_t i = 0; i < SERVICES; i++)
            good &= v[i].answered || (s.only && strcmp(s.only, services[i]) != 0);
        /* Twice in a row: the services are asked one after the other, not at one instant. */
        in_a_row = good && (!s.settled || settled(v)) ? in_a_row + 1 : 0;
        good = in_a_row > (s.settled ? 1 : 0);
        if (!good) clock_sleep_ms(20);
    } while (!good && clock_mono_ms() < until);
    if (s.json) {
        print_json(v);
    } else {
        print_people(v);
    }
    bus_close(&bus);
    arena_fini(&a);
    return good ? CLI_OK : CLI_FAILED;
}
