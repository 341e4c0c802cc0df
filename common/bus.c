/* bus.c - see bus.h; between machines: bus_curve.c. */
#include "common/bus_private.h"
#include "common/contract.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <zmq.h>

enum err bus_open(struct bus **out)
{
    struct bus *b = calloc(1, sizeof *b);
    if (!b) return ERR_IO;
    b->context = zmq_ctx_new();
    *out = b;
    return b->context ? ERR_OK : ERR_IO;
}

enum err bus_share(struct bus *b, struct bus **out)
{
    struct bus *n = calloc(1, sizeof *n);
    if (!n) return ERR_IO;
    n->context = b->context;
    n->shared = true;
    *out = n;
    return ERR_OK;
}

void bus_close(struct bus **bp)
{
    struct bus *b = *bp;
    if (!b) return;
    while (b->count) {
        struct bus_socket *s = b->sockets[b->count - 1];
        bus_socket_close(&s);
    }
    if (!b->shared && b->context) zmq_ctx_term(b->context);
    free(b);
    *bp = NULL;
}

enum err bus_socket_new(struct bus *b, int type, struct bus_socket **out)
{
    REQUIRE(b->count < BUS_SOCKETS_MAX);
    void *z = zmq_socket(b->context, type);
    if (!z) return ERR_IO;
    int zero = 0, one = 1, hwm = 10000, handshake = 5000, ivl = 10000, timeout = 30000,
        reconnect = 20, reconnect_max = 500;
    int64_t max = (int64_t)BUS_MESSAGE_MAX;
    zmq_setsockopt(z, ZMQ_LINGER, &zero, sizeof zero);
    zmq_setsockopt(z, ZMQ_IMMEDIATE, &one, sizeof one);
    zmq_setsockopt(z, ZMQ_SNDHWM, &hwm, sizeof hwm);
    zmq_setsockopt(z, ZMQ_RCVHWM, &hwm, sizeof hwm);
    zmq_setsockopt(z, ZMQ_MAXMSGSIZE, &max, sizeof max);
    zmq_setsockopt(z, ZMQ_HANDSHAKE_IVL, &handshake, sizeof handshake);
    zmq_setsockopt(z, ZMQ_HEARTBEAT_IVL, &ivl, sizeof ivl);
    zmq_setsockopt(z, ZMQ_HEARTBEAT_TIMEOUT, &timeout, sizeof timeout);
    zmq_setsockopt(z, ZMQ_RECONNECT_IVL, &reconnect, sizeof reconnect);
    zmq_setsockopt(z, ZMQ_RECONNECT_IVL_MAX, &reconnect_max, sizeof reconnect_max);
    if (type == ZMQ_ROUTER) {
        zmq_setsockopt(z, ZMQ_ROUTER_MANDATORY, &one, sizeof one);
        zmq_setsockopt(z, ZMQ_ROUTER_HANDOVER, &one, sizeof one);
    }
    struct bus_socket *s = calloc(1, sizeof *s);
    REQUIRE(s != NULL);
    *s = (struct bus_socket){.bus = b, .zmq = z, .router = type == ZMQ_ROUTER};
    b->sockets[b->count++] = s;
    *out = s;
    return ERR_OK;
}

static bool is_tcp(const char *endpoint)
{
    return strncmp(endpoint, "tcp:", 4) == 0;
}

enum err bus_listen(struct bus *b, const char *endpoint, struct bus_socket **out)
{
    REQUIRE(!is_tcp(endpoint)); /* bus_listen_curve */
    enum err e = bus_socket_new(b, ZMQ_ROUTER, out);
    if (e != ERR_OK) return e;
    if (zmq_bind((*out)->zmq, endpoint) == 0) return ERR_OK;
    return errno == ENOMEM || errno == EMFILE || errno == ENFILE ? ERR_IO : ERR_REFUSED;
}

enum err bus_connect(struct bus *b, const char *endpoint, const char *identity,
                     struct bus_socket **out)
{
    REQUIRE(!is_tcp(endpoint)); /* bus_connect_curve */
    enum err e = bus_socket_new(b, ZMQ_DEALER, out);
    if (e != ERR_OK) return e;
    int never = -1;
    if (identity) {
        zmq_setsockopt((*out)->zmq, ZMQ_ROUTING_ID, identity, strlen(identity));
    } else {
        zmq_setsockopt((*out)->zmq, ZMQ_RECONNECT_IVL, &never, sizeof never);
    }
    return zmq_connect((*out)->zmq, endpoint) ? ERR_IO : ERR_OK;
}

void bus_socket_close(struct bus_socket **sp)
{
    struct bus_socket *s = *sp;
    if (!s) return;
    struct bus *b = s->bus;
    for (size_t i = 0; i < b->count; i++) {
        if (b->sockets[i] != s) continue;
        b->sockets[i] = b->sockets[--b->count];
        break;
    }
    if (b->knocks == s) b->knocks = NULL;
    if (s->monitor) zmq_close(s->monitor);
    zmq_close(s->zmq);
    free(s);
    *sp = NULL;
}

void bus_wait(struct bus *b, int64_t timeout_ms)
{
    zmq_pollitem_t items[BUS_SOCKETS_MAX];
    for (size_t i = 0; i < b->count; i++) {
        items[i] = (zmq_pollitem_t){.socket = b->sockets[i]->zmq, .events = ZMQ_POLLIN};
    }
    (void)zmq_poll(items, (int)b->count, timeout_ms);
}

/* The identity frame of a ROUTER comes first; a message of another form is dropped whole. */
static bool take_peer(struct bus_socket *s, struct bus_message *out)
{
    int n = zmq_recv(s->zmq, out->peer.id, sizeof out->peer.id, ZMQ_DONTWAIT);
    if (n < 0) return false;
    out->peer.n = (uint8_t)((size_t)n > sizeof out->peer.id ? sizeof out->peer.id : (size_t)n);
    return true;
}

static void drop_rest(struct bus_socket *s, zmq_msg_t *m)
{
    while (zmq_msg_more(m)) {
        if (zmq_msg_recv(m, s->zmq, 0) < 0) return;
    }
}

enum err bus_receive(struct bus_socket *s, struct bus_message *out)
{
    out->peer.n = 0;
    if (s->router && !take_peer(s, out)) return ERR_AGAIN;
    zmq_msg_t *m = malloc(sizeof *m);
    REQUIRE(m != NULL);
    zmq_msg_init(m);
    if (zmq_msg_recv(m, s->zmq, s->router ? 0 : ZMQ_DONTWAIT) < 0) {
        zmq_msg_close(m);
        free(m);
        return ERR_AGAIN;
    }
    out->bytes = (struct slice){zmq_msg_data(m), zmq_msg_size(m)};
    out->key = s->curve ? zmq_msg_gets(m, "User-Id") : NULL;
    out->held = m;
    if (!zmq_msg_more(m)) return ERR_OK;
    drop_rest(s, m);
    out->bytes = (struct slice){0};
    return ERR_OK;
}

void bus_message_fini(struct bus_message *m)
{
    if (!m->held) return;
    zmq_msg_close(m->held);
    free(m->held);
    *m = (struct bus_message){0};
}

enum err bus_send(struct bus_socket *s, const struct bus_peer *peer, struct slice bytes)
{
    REQUIRE(s->router == (peer != NULL));
    if (peer && zmq_send(s->zmq, peer->id, peer->n, ZMQ_SNDMORE | ZMQ_DONTWAIT) < 0) {
        return errno == EHOSTUNREACH ? ERR_NOT_FOUND : ERR_AGAIN;
    }
    if (zmq_send(s->zmq, bytes.p, bytes.n, ZMQ_DONTWAIT) >= 0) return ERR_OK;
    return errno == EHOSTUNREACH ? ERR_NOT_FOUND : ERR_AGAIN;
}
