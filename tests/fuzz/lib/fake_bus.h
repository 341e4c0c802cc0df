/* fake_bus.h - common/bus.h without sockets: frames are put in by the target, and what is sent is
 * handed to it. One thread. */
#ifndef CUIBAN_TESTS_FUZZ_FAKE_BUS_H
#define CUIBAN_TESTS_FUZZ_FAKE_BUS_H

#include "common/bus.h"

/* A frame that waits at the socket of this endpoint; peer 0 is the other side of a DEALER. False
 * when nobody has opened it. */
bool fake_bus_put(const char *endpoint, uint8_t peer, struct slice bytes);
/* Called for each frame sent; peer as above. It answers with the outcome of the sending. */
typedef enum err fake_bus_sent(const char *endpoint, uint8_t peer, struct slice bytes);
void fake_bus_on_sent(fake_bus_sent *f);
/* Called for each frame that is received, before whoever receives it sees it. */
typedef void fake_bus_received(const char *endpoint, uint8_t peer, struct slice bytes);
void fake_bus_on_received(fake_bus_received *f);
/* Called by bus_wait, when nothing else would happen. */
void fake_bus_on_wait(void (*f)(void));

#endif
