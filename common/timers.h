/* timers.h - open deadlines in Redis, so that the desk can wake their owners in time. Redis is a
 * help, never the truth: everything here may fail, and then owners fire from their own index.
 *
 * Keys: due:{region}:<service> and lease:{region}:<service>, sorted sets; score = instant of the
 * next level in ms, member = 8 bytes, owner then number. gen:{region}:<service> counts what was
 * published and shows a flush or an older copy: when it is not what it should be, or after a
 * reconnect, the service publishes everything anew. Calls block at most
 * TIMERS_TIMEOUT_MS. */
#ifndef CUIBAN_COMMON_TIMERS_H
#define CUIBAN_COMMON_TIMERS_H

#include "common/node.h"

#define TIMERS_TIMEOUT_MS 200
#define TIMERS_CLAIM_MAX 500
#define TIMERS_LEASE_MS 5000

struct timers;
/* address: path of a Unix socket, host:port, or "off". Connects lazily. */
MUST_CHECK enum err timers_open(const char *address, const char *region, struct node *node,
                                struct timers **out);
void timers_close(struct timers **t);
/* Publishes what the batch changed; after a flush or a reconnect everything, in slices. Call after
 * each commit and when idle. */
void timers_publish(struct timers *t, int64_t mono_ms);
/* Redis has every open timer of this service, as far as is known. */
bool timers_healthy(const struct timers *t);
/* It is being filled again, a part with each timers_publish. */
bool timers_refilling(const struct timers *t);
/* The desk: lease what is due before now of the services in `among` (IN(owner) of each); sets
 * IN(owner) for each to be woken. *next_ms is the next score or INT64_MAX. ERR_AGAIN when Redis is
 * not there. */
MUST_CHECK enum err timers_claim(struct timers *t, uint32_t among, int64_t now_ms, uint32_t *owners,
                                 int64_t *next_ms);

#endif
