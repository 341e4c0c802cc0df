/* bus.h - ZeroMQ behind one module: DEALER and ROUTER sockets, whole messages, nothing lost on
 * purpose.
 *
 * ROUTER_MANDATORY, HANDOVER, IMMEDIATE, LINGER 0, MAXMSGSIZE and heartbeats are always set. A
 * socket belongs to the thread that opened it. Endpoints are ipc:// on one machine. */
#ifndef CUIBAN_COMMON_BUS_H
#define CUIBAN_COMMON_BUS_H

#include "common/bytes.h"

#define BUS_MESSAGE_MAX ((size_t)8 << 20)
#define BUS_PEER_MAX 64
#define BUS_SOCKETS_MAX 16

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
    void *held; /* private */
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

#endif
