/* ask.c - waits until a service answers, or until it has read an upstream log so far.
 *
 * ask RUN SERVICE [LOG SEQ]
 *
 * Prints R lines: the monotonic instant of the answer in seconds (the clock of whoever started the
 * service), and the records in its log. Dials the plain socket first, so that nobody's pause
 * between two attempts to connect is measured. */
#include "common/bus.h"
#include "common/clock.h"
#include "common/contract.h"
#include "common/loop.h"
#include "proto/proto.h"
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#define PATIENCE_MS 120000

static double seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void wait_for_listener(const char *endpoint, int64_t until)
{
    struct sockaddr_un a = {.sun_family = AF_UNIX};
    const char *path = endpoint + strlen("ipc://");
    REQUIRE(strlen(path) < sizeof a.sun_path);
    memcpy(a.sun_path, path, strlen(path));
    for (bool there = false; !there && clock_mono_ms() < until;) {
        int fd = socket(AF_UNIX, SOCK_STREAM, 0);
        REQUIRE(fd >= 0);
        there = connect(fd, (struct sockaddr *)&a, sizeof a) == 0;
        close(fd);
        if (!there) clock_sleep_ms(1);
    }
}

/* One answer to "how are you". */
static bool ask(struct bus *bus, struct bus_socket *s, struct arena *a, struct rec_status *out)
{
    struct bus_message m = {0};
    struct fault why;
    if (bus_send(s, NULL, (struct slice){(const uint8_t *)"I", 1}) != ERR_OK) return false;
    for (int i = 0; i < 1000; i++) {
        bus_wait(bus, 1);
        if (bus_receive(s, &m) != ERR_OK) continue;
        REQUIRE(m.bytes.n > 1 && m.bytes.p[0] == 'i');
        struct slice body = arena_copy(a, (struct slice){m.bytes.p + 1, m.bytes.n - 1});
        bus_message_fini(&m);
        return proto_decode(shape_status(), body, a, out, &why) == ERR_OK;
    }
    return false;
}

static bool has_read(const struct rec_status *s, const char *log, uint64_t seq)
{
    for (uint32_t i = 0; i < s->cursors.n; i++) {
        if (str_is(s->cursors.v[i].log, log)) return s->cursors.v[i].seq >= seq;
    }
    return false;
}

int main(int argc, char **argv)
{
    if (argc != 3 && argc != 5) {
        fprintf(stderr, "usage: ask RUN SERVICE [LOG SEQ]\n");
        return 2;
    }
    struct bus *bus;
    struct bus_socket *s;
    struct arena a = {0};
    struct rec_status st = {0};
    char endpoint[LOOP_ENDPOINT_SIZE];
    int64_t until = clock_mono_ms() + PATIENCE_MS;
    loop_endpoint(endpoint, argv[1], argv[2]);
    wait_for_listener(endpoint, until);
    REQUIRE(bus_open(&bus) == ERR_OK && bus_connect(bus, endpoint, NULL, &s) == ERR_OK);
    bool good = false;
    while (!good && clock_mono_ms() < until) {
        arena_reset(&a);
        good = ask(bus, s, &a, &st) &&
               (argc == 3 || has_read(&st, argv[3], strtoull(argv[4], NULL, 10)));
        if (!good) clock_sleep_ms(argc == 3 ? 1 : 10);
    }
    printf("R\tproduct\tanswered at\ts\t%.6f\n", seconds());
    printf("R\tproduct\tcommitted\trecords\t%" PRIu64 "\n", st.committed);
    bus_close(&bus);
    arena_fini(&a);
    return good ? 0 : 1;
}
