/* door_client.h - sends facts to the door: framed, in order, so many in flight, each one until it
 * is answered. A lost connection is dialled anew and everything unanswered sent again, oldest
 * first; the door knows what it has by (source, id). */
#ifndef CUIBAN_SERVICES_CLI_DOOR_CLIENT_H
#define CUIBAN_SERVICES_CLI_DOOR_CLIENT_H

#include "common/keys.h"
#include "proto/proto.h"

#define DOOR_FRAME_FACTS 64
#define DOOR_FRAME_BYTES ((size_t)128 << 10)
#define DOOR_WINDOW_FRAMES 64
#define DOOR_TROUBLE_SIZE 320

struct door_client;
/* Called once per fact, in the order they were put; fact and outcome live for the call. */
typedef void door_answer(void *arg, struct slice fact, const struct rec_outcome *outcome);

MUST_CHECK enum err door_client_open(const char *run, uint32_t window_frames,
                                     door_answer *on_answer, void *arg, struct door_client **out);
/* A door on another machine; both live as long as the client. */
struct door_far {
    const char *host_port;
    const struct keys *keys;
};
MUST_CHECK enum err door_client_open_far(const struct door_far *far, door_answer *on_answer,
                                         void *arg, struct door_client **out);
/* Behind ERR_REFUSED, and ERR_AGAIN over the network: what the door has against us, or "". */
const char *door_client_trouble(const struct door_client *d);
void door_client_close(struct door_client **d);
/* Copies the fact. Blocks while the window is full. ERR_AGAIN when the door did not answer for
 * patience_ms, ERR_REFUSED when it does not let us in. */
MUST_CHECK enum err door_client_put(struct door_client *d, struct slice fact);
/* Sends what is left and waits for all answers. */
MUST_CHECK enum err door_client_drain(struct door_client *d);
/* Event clock: lets time pass at the door, after a drain. */
MUST_CHECK enum err door_client_until(struct door_client *d, int64_t t_ms);
void door_client_patience(struct door_client *d, int64_t ms); /* default 60 s */

#endif
