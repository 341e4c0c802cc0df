/* rawdoor.c - a peer without manners: sends standard input, whatever it is, as one message to a
 * socket and prints what comes back, one line of JSON an outcome. Nothing is checked before it is
 * sent.
 *
 *   e2e-rawdoor SOCKET WAIT_MS <bytes
 *   e2e-rawdoor HOST:PORT WAIT_MS KEYS <bytes */
#include "common/bus.h"
#include "common/clock.h"
#include "common/contract.h"
#include "common/keys.h"
#include "common/wire.h"
#include "proto/proto.h"
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

static void read_all(FILE *in, struct buf *out)
{
    char piece[65536];
    size_t n;
    while ((n = fread(piece, 1, sizeof piece, in)) > 0)
        buf_put(out, piece, n);
}

static void print_outcome(struct slice bytes, struct arena *a)
{
    struct rec_outcome o;
    struct fault why;
    if (proto_decode(shape_outcome(), bytes, a, &o, &why) != ERR_OK) {
        printf("{\"answer\":\"broken\"}\n");
        return;
    }
    json_t *j = proto_to_json(shape_outcome(), &o);
    json_dumpf(j, stdout, JSON_COMPACT);
    printf("\n");
    json_decref(j);
}

static void print_answer(struct slice bytes)
{
    struct wire w = {bytes, false};
    uint8_t kind = wire_take_u8(&w);
    if (kind != 'p') {
        printf("{\"answer\":\"%c\",\"bytes\":%zu}\n", kind, bytes.n);
        return;
    }
    (void)wire_take_u64(&w);
    uint32_t count = wire_take_u32(&w);
    struct arena a = {0};
    for (uint32_t i = 0; i < count && !w.bad; i++)
        print_outcome(wire_take_bytes(&w), &a);
    arena_fini(&a);
}

/* False when nobody answered. */
static bool talk(struct bus *bus, struct bus_socket *s, struct slice message, int64_t wait_ms)
{
    int64_t until = clock_mono_ms() + wait_ms;
    bool sent = false;
    while (clock_mono_ms() < until) {
        if (!sent) sent = bus_send(s, NULL, message) == ERR_OK;
        bus_wait(bus, 10);
        struct bus_message m = {0};
        if (!sent || bus_receive(s, &m) != ERR_OK) continue;
        print_answer(m.bytes);
        bus_message_fini(&m);
        return true;
    }
    printf("{\"answer\":\"%s\"}\n", sent ? "none" : "not connected");
    return false;
}

static struct bus_socket *dial(struct bus *bus, const char *where, const char *keys_path)
{
    struct bus_socket *s;
    struct keys keys;
    struct fault why;
    char endpoint[300];
    if (!keys_path) {
        snprintf(endpoint, sizeof endpoint, "ipc://%s", where);
        REQUIRE(bus_connect(bus, endpoint, NULL, &s) == ERR_OK);
        return s;
    }
    REQUIRE(keys_load(keys_path, &keys, &why) == ERR_OK);
    REQUIRE(bus_connect_curve(bus, where, &keys.own, keys.door, &s) == ERR_OK);
    keys_fini(&keys);
    return s;
}

int main(int argc, char **argv)
{
    if (argc < 3 || argc > 4) {
        fprintf(stderr, "usage: e2e-rawdoor SOCKET|HOST:PORT WAIT_MS [KEYS] <bytes\n");
        return 64;
    }
    struct buf message = {0};
    read_all(stdin, &message);
    struct bus *bus;
    REQUIRE(bus_open(&bus) == ERR_OK);
    (void)talk(bus, dial(bus, argv[1], argv[3]), buf_slice(&message), strtoll(argv[2], NULL, 10));
    bus_close(&bus);
    buf_fini(&message);
    return 0;
}
