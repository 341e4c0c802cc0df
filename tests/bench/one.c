/* one.c - how long one call takes, alone on the road: from the door until head office has durably
 * read what intake, dispatch and the desk wrote because of it. Prints R lines.
 *
 * one RUN COUNT
 *
 * A few calls are sent first, to learn how many records one makes in each log; afterwards head
 * office alone is asked, again and again, so that the others are not disturbed. At the end the logs
 * must hold exactly what was expected. Needs a stack on the wall clock with nothing else to do. */
#include "common/clock.h"
#include "common/contract.h"
#include "common/loop.h"
#include "services/cli/door_client.h"
#include "tests/bench/lib/status.h"
#include <inttypes.h>
#include <stdlib.h>
#include <time.h>

#define UNIT STR("ONE")
#define LOGS 3
#define QUIET_MS 300
#define LEARNT_FROM 3
#define COUNT_MAX 10000

static const char *const logs[LOGS] = {"intake", "dispatch", "escalation"};

struct one {
    struct door_client *door;
    struct bus *bus;
    const char *run;
    struct bus_socket *office;
    struct arena arena;
    struct buf data, fact;
    char prefix[24];
    uint64_t serial, refused;
    uint64_t wanted[LOGS], step[LOGS]; /* records in each log; of them because of one call */
};

static int64_t now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static void on_answer(void *arg, struct slice fact, const struct rec_outcome *o)
{
    struct one *x = arg;
    (void)fact;
    if (!str_is(o->verdict, "refused")) return;
    if (!x->refused++) fprintf(stderr, "one: refused: %.*s\n", STR_ARG(o->text));
}

static void put(struct one *x, enum event_kind kind, const void *payload)
{
    char id[48];
    int n = snprintf(id, sizeof id, "%s-%" PRIu64, x->prefix, ++x->serial);
    buf_clear(&x->data);
    buf_clear(&x->fact);
    proto_encode(event_of(kind)->shape(), payload, &x->data);
    struct rec_fact f = {.number = event_of(kind)->number,
                         .id = {id, (uint32_t)n},
                         .source = UNIT,
                         .occurred = clock_wall_ms(),
                         .data = buf_slice(&x->data)};
    proto_encode(shape_fact(), &f, &x->fact);
    REQUIRE(door_client_put(x->door, buf_slice(&x->fact)) == ERR_OK);
    REQUIRE(door_client_drain(x->door) == ERR_OK);
}

/* Another machine each time, or the call would be taken for a repeated one. */
static void put_call(struct one *x)
{
    char product[48];
    int n = snprintf(product, sizeof product, "%s-P%" PRIu64, x->prefix, x->serial);
    struct ev_call_registered c = {.unit = UNIT,
                                   .channel = channel_phone,
                                   .customer = {product, (uint32_t)n},
                                   .customer_name = STR("Bench"),
                                   .address = STR("1 Road"),
                                   .phone = STR("02-1"),
                                   .district = STR("D"),
                                   .product = {product, (uint32_t)n},
                                   .model = STR("M-1"),
                                   .fault = STR("no power")};
    put(x, EV_call_registered, &c);
}

static void ask(struct one *x, struct bus_socket *s, struct rec_status *out)
{
    bool good = false;
    for (int i = 0; i < 1000 && !good; i++) { /* just dialled, it is not connected yet */
        arena_reset(&x->arena);
        good = status_ask(x->bus, s, &x->arena, out);
        if (!good) clock_sleep_ms(1);
    }
    REQUIRE(good);
}

static struct bus_socket *dial(struct one *x, const char *service)
{
    struct bus_socket *s;
    char endpoint[LOOP_ENDPOINT_SIZE];
    loop_endpoint(endpoint, x->run, service);
    REQUIRE(bus_connect(x->bus, endpoint, NULL, &s) == ERR_OK);
    return s;
}

/* After a pause in which everything settles. */
static void count_records(struct one *x, uint64_t out[LOGS])
{
    clock_sleep_ms(QUIET_MS);
    for (int i = 0; i < LOGS; i++) {
        struct bus_socket *s = dial(x, logs[i]);
        struct rec_status st;
        ask(x, s, &st);
        out[i] = st.committed;
        bus_socket_close(&s);
    }
}

static void learn(struct one *x)
{
    for (int i = 0; i < LEARNT_FROM; i++) {
        uint64_t now[LOGS];
        put_call(x);
        count_records(x, now);
        for (int k = 0; k < LOGS; k++) {
            x->step[k] = now[k] - x->wanted[k];
            x->wanted[k] = now[k];
        }
    }
}

static bool has_read_all(struct one *x)
{
    struct rec_status st;
    ask(x, x->office, &st);
    for (int i = 0; i < LOGS; i++) {
        if (status_cursor(&st, logs[i]) < x->wanted[i]) return false;
    }
    return true;
}

static bool time_call(struct one *x, int64_t *took)
{
    for (int i = 0; i < LOGS; i++)
        x->wanted[i] += x->step[i];
    int64_t start = now_ns(), until = start + INT64_C(5000000000);
    put_call(x);
    while (!has_read_all(x)) {
        if (now_ns() > until) return false;
    }
    *took = now_ns() - start;
    return true;
}

static int compare(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return x < y ? -1 : x > y;
}

/* False when the logs hold other than was expected, so that some call was timed wrongly. */
static bool measure(struct one *x, int64_t *took, uint64_t count)
{
    uint64_t now[LOGS];
    bool good = true;
    for (uint64_t i = 0; good && i < count; i++)
        good = time_call(x, &took[i]);
    count_records(x, now);
    for (int i = 0; i < LOGS; i++)
        good = good && now[i] == x->wanted[i];
    return good && x->refused == 0;
}

int main(int argc, char **argv)
{
    static int64_t took[COUNT_MAX];
    uint64_t count = argc == 3 ? strtoull(argv[2], NULL, 10) : 0;
    if (count == 0 || count > COUNT_MAX) {
        fprintf(stderr, "usage: one RUN COUNT\n");
        return 2;
    }
    struct one x = {.run = argv[1]};
    snprintf(x.prefix, sizeof x.prefix, "%" PRIx64, (uint64_t)clock_wall_ms());
    REQUIRE(bus_open(&x.bus) == ERR_OK &&
            door_client_open(x.run, 1, on_answer, &x, &x.door) == ERR_OK);
    x.office = dial(&x, "headoffice");
    struct ev_unit_upserted unit = {.unit = UNIT, .name = STR("Bench"), .kind = unit_kind_center};
    put(&x, EV_unit_upserted, &unit);
    count_records(&x, x.wanted);
    learn(&x);
    bool good = x.step[1] > 0 && measure(&x, took, count); /* or the road is not gone to its end */
    qsort(took, count, sizeof *took, compare);
    for (int i = 0; i < LOGS; i++)
        printf("R\tproduct\t%s\trecords a call\t%" PRIu64 "\n", logs[i], x.step[i]);
    printf("R\tproduct\troad p50\tms\t%.3f\n", (double)took[count / 2] / 1e6);
    printf("R\tproduct\troad p99\tms\t%.3f\n", (double)took[count * 99 / 100] / 1e6);
    if (!good)
        fprintf(stderr, "one: the logs hold other than was expected; figures would be void\n");
    door_client_close(&x.door);
    bus_close(&x.bus);
    buf_fini(&x.data);
    buf_fini(&x.fact);
    arena_fini(&x.arena);
    return good ? 0 : 1;
}
