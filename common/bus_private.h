/* bus_private.h - what bus.c (sockets on one machine) and bus_curve.c (between machines) share. */
#ifndef CUIBAN_COMMON_BUS_PRIVATE_H
#define CUIBAN_COMMON_BUS_PRIVATE_H

#include "common/bus.h"

struct bus_socket {
    struct bus *bus;
    void *zmq;
    void *monitor; /* bus_connect_curve: what becomes of the handshake; NULL otherwise */
    bool router, curve;
};

struct bus {
    void *context;
    bool shared;
    struct bus_socket *sockets[BUS_SOCKETS_MAX];
    size_t count;
    struct bus_socket
        *knocks; /* where ZeroMQ asks who may enter; NULL: no listener to the network */
};

MUST_CHECK enum err bus_socket_new(struct bus *b, int type, struct bus_socket **out);

#endif
