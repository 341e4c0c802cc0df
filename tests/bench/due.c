/* due.c - how late deadlines are: arms PENDING promises of which BURST are due at one instant, then
 * watches a log as a consumer does and times the arrival of what follows.
 *
 * due RUN PENDING BURST LOG     LOG intake: deadline.passed; escalation: reminder.issued
 *
 * Lateness of one = its record arrived here (so it is durable) - the instant. Needs a stack on the
 * wall clock. */
#include "common/bus.h"
#include "common/calendar.h"
#include "common/clock.h"
#include "common/contract.h"
#include "common/loop.h"
#include "common/wire.h"
#include "services/cli/door_client.h"
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define UNIT STR("DUE")
#define CREDIT (UINT32_C(4) << 20)

struct due {
    struct door_client *door;
    uint64_t refused, serial;
    char prefix[24];
    struct buf data, fact;
    uint64_t next; /* seq wanted of the log watched */
    int64_t *late; /* by arrival */
    uint64_t seen, want;
    int64_t at_ms;
    uint64_t number; /* of the event waited for */
    struct arena arena;
};

static void on_answer(void *arg, struct slice fact, const struct rec_outcome *o)
{
    struct due *d = arg;
    (void)fact;
    if (!str_is(o->verdict, "refused")) return;
    if (!d->refused++) fprintf(stderr, "due: refused: %.*s\n", STR_ARG(o->text));
}

static void put(struct due *d, enum event_kind kind, const void *payload)
{
    char id[48];
    int n = snprintf(id, sizeof id, "%s-%" PRIu64, d->prefix, ++d->serial);
    buf_clear(&d->data);
    buf_clear(&d->fact);
    proto_encode(event_of(kind)->shape(), payload, &d->data);
    struct rec_fact f = {.number = event_of(kind)->number,
                         .id = {id, (uint32_t)n},
                         .source = UNIT,
                         .occurred = clock_wall_ms(),
                         .data = buf_slice(&d->data)};
    proto_encode(shape_fact(), &f, &d->fact);
    REQUIRE(door_client_put(d->door, buf_slice(&d->fact)) == ERR_OK);
}

static void open_call(struct due *d, uint64_t i, int64_t due_ms)
{
    char call[40];
    int n = snprintf(call, sizeof call, "%s%08" PRIu64, d->prefix, i);
    struct ev_call_registered c = {.call_no = {call, (uint32_t)n}, .order_kind = STR("desk")};
    struct ev_promise_made p = {.call_no = c.call_no, .due = due_ms};
    put(d, EV_call_registered, &c);
    put(d, EV_promise_made, &p);
}

/* First those due in a month, then the burst; between it and its instant the other services have
 * time to read all of this. False when arming took so long that the figures would be void. */
static bool arm(struct due *d, uint64_t pending, uint64_t burst)
{
    struct ev_unit_upserted unit = {.unit = UNIT, .kind = unit_kind_center};
    put(d, EV_unit_upserted, &unit);
    int64_t month = clock_wall_ms() + 30 * DAY_MS;
    for (uint64_t i = burst; i < pending; i++)
        open_call(d, i, month + (int64_t)i);
    REQUIRE(door_client_drain(d->door) == ERR_OK);
    d->at_ms = clock_wall_ms() + 3000 + (int64_t)((pending + burst) / 50);
    for (uint64_t i = 0; i < burst; i++)
        open_call(d, i, d->at_ms);
    REQUIRE(door_client_drain(d->door) == ERR_OK);
    return clock_wall_ms() < d->at_ms - 500;
}

static void ask(struct bus_socket *s, struct due *d, bool reset, uint32_t credit)
{
    struct buf b = {0};
    wire_u8(&b, 'G');
    wire_u8(&b, reset);
    wire_u64(&b, d->next);
    wire_u32(&b, credit);
    while (bus_send(s, NULL, buf_slice(&b)) != ERR_OK)
        clock_sleep_ms(1);
    buf_fini(&b);
}

static void on_record(struct due *d, struct slice record, int64_t now)
{
    struct rec_entry e;
    struct fault why;
    arena_reset(&d->arena);
    REQUIRE(proto_decode(shape_entry(), record, &d->arena, &e, &why) == ERR_OK);
    if (e.number == d->number && e.now >= d->at_ms && d->seen < d->want)
        d->late[d->seen++] = now - d->at_ms;
}

static void watch(struct due *d, struct bus *bus, struct bus_socket *s)
{
    while (d->seen < d->want && clock_wall_ms() < d->at_ms + 60000) {
        struct bus_message m = {0};
        bus_wait(bus, 50);
        while (bus_receive(s, &m) == ERR_OK) {
            int64_t now = clock_wall_ms();
            struct wire w = {m.bytes, false};
            (void)wire_take_u8(&w);
            (void)wire_take_u64(&w);
            (void)wire_take_u64(&w);
            uint32_t n = wire_take_u32(&w);
            for (uint32_t i = 0; i < n; i++)
                on_record(d, wire_take_bytes(&w), now);
            d->next += n;
            ask(s, d, false, (uint32_t)m.bytes.n);
            bus_message_fini(&m);
        }
    }
}

static int compare(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return x < y ? -1 : x > y;
}

int main(int argc, char **argv)
{
    if (argc != 5) {
        fprintf(stderr, "usage: due RUN PENDING BURST intake|escalation\n");
        return 2;
    }
    uint64_t pending = strtoull(argv[2], NULL, 10), burst = strtoull(argv[3], NULL, 10);
    struct due d = {.next = 1, .want = burst, .late = calloc(burst, sizeof *d.late)};
    d.number =
        event_of(strcmp(argv[4], "intake") ? EV_reminder_issued : EV_deadline_passed)->number;
    snprintf(d.prefix, sizeof d.prefix, "D%" PRIx64 "-", (uint64_t)clock_wall_ms());
    struct bus *bus;
    struct bus_socket *s;
    char endpoint[LOOP_ENDPOINT_SIZE];
    loop_endpoint(endpoint, argv[1], argv[4]);
    REQUIRE(d.late != NULL && bus_open(&bus) == ERR_OK &&
            bus_connect(bus, endpoint, "watcher", &s) == ERR_OK);
    REQUIRE(door_client_open(argv[1], DOOR_WINDOW_FRAMES, on_answer, &d, &d.door) == ERR_OK);
    if (!arm(&d, pending, burst)) {
        fprintf(stderr, "due: arming took too long; figures would be void\n");
        return 3;
    }
    ask(s, &d, true, CREDIT);
    watch(&d, bus, s);
    qsort(d.late, d.seen, sizeof *d.late, compare);
    printf("# %" PRIu64 " due of %" PRIu64 ", seen %" PRIu64 " in the log of %s\n", burst, pending,
           d.seen, argv[4]);
    if (d.seen) {
        printf("R\tproduct\tlateness p50\tms\t%" PRId64 "\n", d.late[d.seen / 2]);
        printf("R\tproduct\tlateness p99\tms\t%" PRId64 "\n", d.late[d.seen * 99 / 100]);
        printf("R\tproduct\tlateness max\tms\t%" PRId64 "\n", d.late[d.seen - 1]);
    }
    door_client_close(&d.door);
    bus_close(&bus);
    buf_fini(&d.data);
    buf_fini(&d.fact);
    arena_fini(&d.arena);
    free(d.late);
    return d.seen == burst && d.refused == 0 ? 0 : 1;
}
