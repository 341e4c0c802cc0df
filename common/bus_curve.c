/* bus_curve.c - the part of bus.h that is between machines: tcp with CURVE. ZeroMQ asks a socket
 * of its own, in this process, about every key that knocks (ZAP, RFC 27), and without an answer
 * nobody gets in. Were that socket not there, everybody would (4.3.4 cannot be told otherwise): so
 * it is bound before anything listens and closed after it, and loop_gate.c tries a stranger's key.
 */
#include "common/bus_private.h"
#include "common/contract.h"
#include <stdio.h>
#include <zmq.h>

#define ZAP_ENDPOINT "inproc://zeromq.zap.01"
#define ZAP_DOMAIN "cuiban"
#define ZAP_PARTS 7 /* version, request, domain, address, identity, mechanism, credential */
#define ZAP_PART_SIZE 256
#define KEY_BYTES 32
#define ENDPOINT_SIZE 300
#define MONITOR_SIZE 64

bool bus_keys_make(struct bus_keys *out)
{
    return zmq_curve_keypair(out->public_key, out->secret) == 0;
}

bool bus_key_public(const char *secret, char out[BUS_KEY_SIZE])
{
    return zmq_curve_public(out, secret) == 0;
}

/* ---- the listener ---- */

static enum err open_knocks(struct bus *b)
{
    if (b->knocks) return ERR_OK;
    struct bus_socket *s;
    enum err e = bus_socket_new(b, ZMQ_REP, &s);
    if (e != ERR_OK) return e;
    b->knocks = s;
    return zmq_bind(s->zmq, ZAP_ENDPOINT) ? ERR_IO : ERR_OK;
}

/* "host:port" as ZeroMQ wants it, which calls any port *. */
static void tcp_endpoint(char out[ENDPOINT_SIZE], const char *host_port)
{
    size_t n = strlen(host_port);
    bool any = n > 2 && strcmp(host_port + n - 2, ":0") == 0;
    (void)snprintf(out, ENDPOINT_SIZE, "tcp://%.*s%s", (int)(any ? n - 1 : n), host_port,
                   any ? "*" : "");
}

enum err bus_listen_curve(struct bus *b, const char *host_port, const char *secret,
                          struct bus_socket **out)
{
    char endpoint[ENDPOINT_SIZE];
    int one = 1, zero = 0, ipv6 = host_port[0] == '[';
    enum err e = open_knocks(b);
    if (e == ERR_OK) e = bus_socket_new(b, ZMQ_ROUTER, out);
    if (e != ERR_OK) return e;
    void *z = (*out)->zmq;
    (*out)->curve = true;
    tcp_endpoint(endpoint, host_port);
    bool set = zmq_setsockopt(z, ZMQ_CURVE_SERVER, &one, sizeof one) == 0 &&
               zmq_setsockopt(z, ZMQ_CURVE_SECRETKEY, secret, BUS_KEY_SIZE) == 0 &&
               zmq_setsockopt(z, ZMQ_ZAP_DOMAIN, ZAP_DOMAIN, strlen(ZAP_DOMAIN)) == 0 &&
               zmq_setsockopt(z, ZMQ_IPV6, &ipv6, sizeof ipv6) == 0 &&
               /* nobody takes the name of another to get his answers */
               zmq_setsockopt(z, ZMQ_ROUTER_HANDOVER, &zero, sizeof zero) == 0;
    return set && zmq_bind(z, endpoint) == 0 ? ERR_OK : ERR_IO;
}

void bus_listens_at(struct bus_socket *s, char *out, size_t cap)
{
    char endpoint[ENDPOINT_SIZE] = "";
    size_t n = sizeof endpoint;
    (void)zmq_getsockopt(s->zmq, ZMQ_LAST_ENDPOINT, endpoint, &n);
    (void)snprintf(out, cap, "%s", endpoint + strlen("tcp://"));
}

/* ---- who knocks ---- */

struct knock {
    uint8_t parts[ZAP_PARTS][ZAP_PART_SIZE];
    int sizes[ZAP_PARTS], count;
};

static bool take_knock(void *z, struct knock *k)
{
    int more = 1;
    k->count = 0;
    while (more) {
        uint8_t beyond[ZAP_PART_SIZE];
        bool room = k->count < ZAP_PARTS;
        int n = zmq_recv(z, room ? k->parts[k->count] : beyond, ZAP_PART_SIZE, ZMQ_DONTWAIT);
        if (n < 0) return false;
        if (room) k->sizes[k->count] = n;
        k->count++;
        size_t size = sizeof more;
        (void)zmq_getsockopt(z, ZMQ_RCVMORE, &more, &size);
    }
    return true;
}

static bool is_curve(const struct knock *k)
{
    return k->count == ZAP_PARTS && k->sizes[1] < ZAP_PART_SIZE && k->sizes[5] == 5 &&
           memcmp(k->parts[5], "CURVE", 5) == 0 && k->sizes[6] == KEY_BYTES;
}

static void answer_knock(void *z, const struct knock *k, const char *key)
{
    size_t request = k->count > 1 && k->sizes[1] < ZAP_PART_SIZE ? (size_t)k->sizes[1] : 0;
    (void)zmq_send(z, "1.0", 3, ZMQ_SNDMORE);
    (void)zmq_send(z, k->parts[1], request, ZMQ_SNDMORE);
    (void)zmq_send(z, key ? "200" : "400", 3, ZMQ_SNDMORE);
    (void)zmq_send(z, "", 0, ZMQ_SNDMORE);
    (void)zmq_send(z, key ? key : "", key ? strlen(key) : 0, ZMQ_SNDMORE); /* see bus_message.key */
    (void)zmq_send(z, "", 0, 0);
}

uint32_t bus_knocks(struct bus *b, bus_may_enter *may_enter, void *arg)
{
    uint32_t turned_away = 0;
    struct knock k;
    while (b->knocks && take_knock(b->knocks->zmq, &k)) {
        char key[BUS_KEY_SIZE];
        bool enters =
            is_curve(&k) && zmq_z85_encode(key, k.parts[6], KEY_BYTES) && may_enter(arg, key);
        answer_knock(b->knocks->zmq, &k, enters ? key : NULL);
        turned_away += !enters;
    }
    return turned_away;
}

/* ---- the caller ---- */

static bool open_monitor(struct bus_socket *s)
{
    char name[MONITOR_SIZE];
    (void)snprintf(name, sizeof name, "inproc://handshake-%p", (void *)s);
    int events = ZMQ_EVENT_HANDSHAKE_SUCCEEDED | ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL |
                 ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL | ZMQ_EVENT_HANDSHAKE_FAILED_AUTH;
    if (zmq_socket_monitor(s->zmq, name, events)) return false;
    s->monitor = zmq_socket(s->bus->context, ZMQ_PAIR);
    return s->monitor && zmq_connect(s->monitor, name) == 0;
}

enum err bus_connect_curve(struct bus *b, const char *host_port, const struct bus_keys *own,
                           const char *door, struct bus_socket **out)
{
    char endpoint[ENDPOINT_SIZE];
    int never = -1, ipv6 = host_port[0] == '[';
    enum err e = bus_socket_new(b, ZMQ_DEALER, out);
    if (e != ERR_OK) return e;
    void *z = (*out)->zmq;
    (void)snprintf(endpoint, sizeof endpoint, "tcp://%s", host_port);
    bool set = zmq_setsockopt(z, ZMQ_RECONNECT_IVL, &never, sizeof never) == 0 &&
               zmq_setsockopt(z, ZMQ_IPV6, &ipv6, sizeof ipv6) == 0 &&
               zmq_setsockopt(z, ZMQ_CURVE_SERVERKEY, door, BUS_KEY_SIZE) == 0 &&
               zmq_setsockopt(z, ZMQ_CURVE_PUBLICKEY, own->public_key, BUS_KEY_SIZE) == 0 &&
               zmq_setsockopt(z, ZMQ_CURVE_SECRETKEY, own->secret, BUS_KEY_SIZE) == 0;
    return set && open_monitor(*out) && zmq_connect(z, endpoint) == 0 ? ERR_OK : ERR_IO;
}

enum bus_handshake bus_handshake(struct bus_socket *s)
{
    enum bus_handshake found = BUS_HANDSHAKE_none;
    uint8_t head[6], address[ENDPOINT_SIZE];
    REQUIRE(s->monitor != NULL);
    while (zmq_recv(s->monitor, head, sizeof head, ZMQ_DONTWAIT) == (int)sizeof head) {
        uint16_t event;
        memcpy(&event, head, sizeof event);
        (void)zmq_recv(s->monitor, address, sizeof address, ZMQ_DONTWAIT);
        found = event == ZMQ_EVENT_HANDSHAKE_SUCCEEDED     ? BUS_HANDSHAKE_done
                : event == ZMQ_EVENT_HANDSHAKE_FAILED_AUTH ? BUS_HANDSHAKE_turned_away
                                                           : BUS_HANDSHAKE_broken;
    }
    return found;
}
