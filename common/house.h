/* house.h - all services in one process on the event clock, chained by their logs: replays,
 * backtests of a policy, tests. The same nodes and the same merging as on the wire; only the
 * sockets are missing. */
#ifndef CUIBAN_COMMON_HOUSE_H
#define CUIBAN_COMMON_HOUSE_H

#include "common/node.h"

#define HOUSE_SERVICES_MAX 8

struct house;
/* Services in house order, the door first; stores under dir/<service>, never synced. */
MUST_CHECK enum err house_open(const char *dir, const struct policy *policy,
                               const struct service *const *services, size_t count,
                               struct house **out, struct fault *why);
void house_close(struct house **h);
/* One fact into the door. Its consequences run when the batch is full or with house_settle. The
 * outcome's texts live until the next call. */
MUST_CHECK enum err house_fact(struct house *h, struct slice fact, struct rec_outcome *out);
/* Run all services until nothing is left to do before the door's clock. */
MUST_CHECK enum err house_settle(struct house *h);
/* Let time pass at the door: everything due before t fires everywhere. */
MUST_CHECK enum err house_until(struct house *h, int64_t t_ms);
struct node *house_node(struct house *h,
                        enum owner service); /* NULL when it is not in this house */

#endif
