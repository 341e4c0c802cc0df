/* status.h - how a service is: what is durable in its log, and how far it has durably read others.
 */
#ifndef CUIBAN_TESTS_BENCH_STATUS_H
#define CUIBAN_TESTS_BENCH_STATUS_H

#include "common/bus.h"
#include "proto/proto.h"

/* One answer, decoded into the arena; false when none came in a second. s is the only socket of
 * bus that anything comes from meanwhile. */
MUST_CHECK bool status_ask(struct bus *bus, struct bus_socket *s, struct arena *a,
                           struct rec_status *out);
/* Last record of that log it has read; 0 when it does not read it. */
uint64_t status_cursor(const struct rec_status *s, const char *log);

#endif
