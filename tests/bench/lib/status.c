/* status.c - see status.h. */
#include "tests/bench/lib/status.h"
#include "common/contract.h"

bool status_ask(struct bus *bus, struct bus_socket *s, struct arena *a, struct rec_status *out)
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

uint64_t status_cursor(const struct rec_status *s, const char *log)
{
    for (uint32_t i = 0; i < s->cursors.n; i++) {
        if (str_is(s->cursors.v[i].log, log)) return s->cursors.v[i].seq;
    }
    return 0;
}
