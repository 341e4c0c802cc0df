/* fake_bus.c - see fake_bus.h. Each frame is a copy of its exact size. */
#include "tests/fuzz/lib/fake_bus.h"
#include "common/contract.h"
#include "tests/fuzz/lib/fuzz.h"
#include <stdlib.h>

#define WAITING_MAX 256

struct bus_socket {
    struct bus_socket *next;
    struct bus *bus;
    char endpoint[300];
    struct bus_message waiting[WAITING_MAX]; /* a ring */
    size_t first, count;
};

struct bus {
    struct bus_socket *sockets;
};

static struct bus *the_bus;
static fake_bus_sent *on_sent;
static fake_bus_received *on_received;
static void (*on_wait)(void);

void fake_bus_on_sent(fake_bus_sent *f)
{
    on_sent = f;
}

void fake_bus_on_received(fake_bus_received *f)
{
    on_received = f;
}

void fake_bus_on_wait(void (*f)(void))
{
    on_wait = f;
}

bool fake_bus_put(const char *endpoint, uint8_t peer, struct slice bytes)
{
    struct bus_socket *s = the_bus ? the_bus->sockets : NULL;
    while (s && !str_is(str_of(s->endpoint), endpoint))
        s = s->next;
    if (!s || s->count == WAITING_MAX) return false;
    uint8_t *copy = fuzz_copy(bytes);
    struct bus_message m = {.peer = {1, {peer}}, .bytes = {copy, bytes.n}, .held = copy};
    s->waiting[(s->first + s->count++) % WAITING_MAX] = m;
    return true;
}

enum err bus_open(struct bus **out)
{
    *out = the_bus = calloc(1, sizeof **out);
    return ERR_OK;
}

enum err bus_share(struct bus *b, struct bus **out)
{
    *out = b;
    return ERR_OK;
}

void bus_close(struct bus **b)
{
    while (*b && (*b)->sockets) {
        struct bus_socket *s = (*b)->sockets;
        bus_socket_close(&s);
    }
    free(*b);
    *b = the_bus = NULL;
}

enum err bus_listen(struct bus *b, const char *endpoint, struct bus_socket **out)
{
    struct bus_socket *s = calloc(1, sizeof *s);
    REQUIRE(s != NULL);
    bool whole = str_copy(str_of(endpoint), s->endpoint, sizeof s->endpoint);
    REQUIRE(whole);
    s->bus = b;
    s->next = b->sockets;
    b->sockets = *out = s;
    return ERR_OK;
}

enum err bus_connect(struct bus *b, const char *endpoint, const char *identity,
                     struct bus_socket **out)
{
    (void)identity;
    return bus_listen(b, endpoint, out);
}

/* No network between machines is made up; this is what bus_curve.c wants of bus.c. */
enum err bus_socket_new(struct bus *b, int type, struct bus_socket **out);
enum err bus_socket_new(struct bus *b, int type, struct bus_socket **out)
{
    (void)b, (void)type, (void)out;
    return ERR_IO;
}

void bus_socket_close(struct bus_socket **sp)
{
    struct bus_socket *s = *sp, **at = &s->bus->sockets;
    struct bus_message m;
    while (bus_receive(s, &m) == ERR_OK)
        bus_message_fini(&m);
    while (*at != s)
        at = &(*at)->next;
    *at = s->next;
    free(s);
    *sp = NULL;
}

void bus_wait(struct bus *b, int64_t timeout_ms)
{
    (void)b, (void)timeout_ms;
    if (on_wait) on_wait();
}

enum err bus_receive(struct bus_socket *s, struct bus_message *out)
{
    if (s->count == 0) return ERR_AGAIN;
    *out = s->waiting[s->first];
    s->first = (s->first + 1) % WAITING_MAX;
    s->count--;
    if (on_received) on_received(s->endpoint, out->peer.id[0], out->bytes);
    return ERR_OK;
}

void bus_message_fini(struct bus_message *m)
{
    free(m->held);
    *m = (struct bus_message){.held = NULL};
}

enum err bus_send(struct bus_socket *s, const struct bus_peer *peer, struct slice bytes)
{
    return on_sent ? on_sent(s->endpoint, peer ? peer->id[0] : 0, bytes) : ERR_OK;
}
