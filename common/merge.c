/* merge.c - see merge.h. */
#include "common/merge.h"

/* Could input `other` still bring a record that goes before (t, taken)? */
static bool may_precede(const struct merge_input *in, size_t other, size_t taken, int64_t t)
{
    if (in[other].ready) return false; /* its head was compared already */
    return other < taken ? in[other].watermark_ms <= t : in[other].watermark_ms < t;
}

int merge_pick(const struct merge_input *in, size_t count, bool event_clock)
{
    int best = -1;
    for (size_t i = 0; i < count; i++) {
        if (!in[i].ready) continue;
        if (best < 0 || (event_clock && in[i].now_ms < in[best].now_ms)) best = (int)i;
    }
    if (best < 0 || !event_clock) return best;
    for (size_t i = 0; i < count; i++) {
        if (may_precede(in, i, (size_t)best, in[best].now_ms)) return -1;
    }
    return best;
}

int64_t merge_watermark(const struct merge_input *in, size_t count)
{
    int64_t least = INT64_MAX;
    for (size_t i = 0; i < count; i++) {
        int64_t w = in[i].ready ? in[i].now_ms : in[i].watermark_ms;
        if (w < least) least = w;
    }
    return least;
}

bool merge_waits(const struct merge_input *in, size_t count, size_t at)
{
    return in[at].ready && in[at].now_ms == merge_watermark(in, count);
}
