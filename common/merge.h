/* merge.h - which record a service with several upstream logs takes next.
 *
 * On the event clock: the earliest `now`, equal times in the order of the house, and only when no
 * upstream can still bring an earlier one; so the result never depends on scheduling. On the wall
 * clock: whatever is there, in the order of the house. */
#ifndef CUIBAN_COMMON_MERGE_H
#define CUIBAN_COMMON_MERGE_H

#include "common/bytes.h"

struct merge_input {
    bool ready;           /* a record is at hand */
    int64_t now_ms;       /* its now */
    int64_t watermark_ms; /* no later record of this log has an earlier now */
};

/* Inputs in house order. Returns the index to take, or -1 when it must wait. */
int merge_pick(const struct merge_input *in, size_t count, bool event_clock);
/* The instant up to which (exclusive) nothing more can come. Meant for when merge_pick gave -1. */
int64_t merge_watermark(const struct merge_input *in, size_t count);
/* Event clock, merge_pick gave -1: all logs have come to the instant of input `at`, and only when
 * it is over in all of them can its record be taken. So nobody is behind; it waits for time. */
bool merge_waits(const struct merge_input *in, size_t count, size_t at);

#endif
