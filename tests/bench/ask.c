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
#include "tests/bench/lib/status.h"
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
        good = status_ask(bus, s, &a, &st) &&
               (argc == 3 || status_cursor(&st, argv[3]) >= strtoull(argv[4], NULL, 10));
        if (!good) clock_sleep_ms(argc == 3 ? 1 : 10);
    }
    printf("R\tproduct\tanswered at\ts\t%.6f\n", seconds());
    printf("R\tproduct\tcommitted\trecords\t%" PRIu64 "\n", st.committed);
    bus_close(&bus);
    arena_fini(&a);
    return good ? 0 : 1;
}
