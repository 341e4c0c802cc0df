/* bus.h - ZeroMQ behind one module: DEALER and ROUTER sockets, whole messages, nothing lost on
 * purpose.
 *
 * ROUTER_MANDATORY, HANDOVER, IMMEDIATE, LINGER 0, MAXMSGSIZE and heartbeats are always set. A
 * socket belongs to the thread that opened it. Endpoints are ipc:// on one machine; between
 * machines tcp:// with CURVE, and never without. */
#ifndef CUIBAN_COMMON_BUS_H
#define CUIBAN_COMMON_BUS_H

#include "common/bytes.h"

#define BUS_MESSAGE_MAX ((size_t)8 << 20)
#define BUS_PEER_MAX 64
#define BUS_SOCKETS_MAX 16
#define BUS_KEY_SIZE 41 /* 40 characters of Z85 and the end */

struct bus;
struct bus_socket;

struct bus_peer {
    uint8_t n;
    uint8_t id[BUS_PEER_MAX];
};

/* A received message. bytes stay valid until bus_message_fini. */
struct bus_message {
    struct bus_peer peer; /* ROUTER: who sent it */
    struct slice bytes;
    const char *key; /* bus_listen_curve: the sender's public key, proven; else NULL */
    void *held;      /* private */
};

MUST_CHECK enum err bus_open(struct bus **out);
void bus_close(struct bus **b);
/* A second thread gets its own view of the same context. */
MUST_CHECK enum err bus_share(struct bus *b, struct bus **out);
/* ERR_REFUSED: not at this endpoint; ERR_IO: not now, for lack of memory or descriptors. */
MUST_CHECK enum err bus_listen(struct bus *b, const char *endpoint, struct bus_socket **out);
/* identity NULL: a client that never reconnects by itself, because what was on its way is then lost
 * and what follows must not overtake it: close it and dial anew. With an identity it reconnects for
 * ever. */
MUST_CHECK enum err bus_connect(struct bus *b, const char *endpoint, const char *identity,
                                struct bus_socket **out);
void bus_socket_close(struct bus_socket **s);

/* Waits until a socket of this bus has a message, at most so long. */
void bus_wait(struct bus *b, int64_t timeout_ms);
/* ERR_AGAIN when there is none. */
MUST_CHECK enum err bus_receive(struct bus_socket *s, struct bus_message *out);
void bus_message_fini(struct bus_message *m);
/* peer NULL on a DEALER. ERR_AGAIN: full or not connected, try later; ERR_NOT_FOUND: the peer is
 * gone. */
MUST_CHECK enum err bus_send(struct bus_socket *s, const struct bus_peer *peer, struct slice bytes);

/* ---- between machines ---- */

struct bus_keys {
    char public_key[BUS_KEY_SIZE], secret[BUS_KEY_SIZE];
};

MUST_CHECK bool bus_keys_make(struct bus_keys *out);
/* The public key of a secret; false when the text is no key. */
MUST_CHECK bool bus_key_public(const char *secret, char out[BUS_KEY_SIZE]);
/* Like bus_listen, at "host:port" or "[IPv6]:port"; port 0: any. Until bus_knocks is called, nobody
 * gets in. */
MUST_CHECK enum err bus_listen_curve(struct bus *b, const char *host_port, const char *secret,
                                     struct bus_socket **out);
/* Where it listens: "host:port". */
void bus_listens_at(struct bus_socket *s, char *out, size_t cap);
/* Is asked for each handshake; the key is proven. */
typedef bool bus_may_enter(void *arg, const char *key);
/* Answers who knocked; call it after each bus_wait. Returns how many were turned away. */
uint32_t bus_knocks(struct bus *b, bus_may_enter *may_enter, void *arg);

/* Like bus_connect without identity. */
MUST_CHECK enum err bus_connect_curve(struct bus *b, const char *host_port,
                                      const struct bus_keys *own, const char *door,
                                      struct bus_socket **out);
enum bus_handshake {
    BUS_HANDSHAKE_none, /* not yet, or nobody there */
    BUS_HANDSHAKE_done,
    BUS_HANDSHAKE_broken,     /* the other side hung up: not the key it was called with, perhaps */
    BUS_HANDSHAKE_turned_away /* the other side does not let our key in */
};
/* What has become of it since the last question. */
enum bus_handshake bus_handshake(struct bus_socket *s);

#endif
