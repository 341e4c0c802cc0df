/* story.h - a made-up company at work: two units, four technicians, customers who call. What is
 * told to the door is plausible by the story's own knowledge for about four facts in five, and
 * wrong on purpose else: out of order, unknown, malformed, from the future, an id used twice.
 *
 * The same seed, instants and answers give the same facts. Written for the policy set in
 * tests/sim/policy. Times are UTC ms. */
#ifndef CUIBAN_TESTS_SIM_STORY_H
#define CUIBAN_TESTS_SIM_STORY_H

#include "common/policy.h"

struct story;

/* A morning between 2026-09-14 and 2026-09-24: a holiday, a make-up Saturday and two weekends
 * lie within three days of some of them. */
int64_t story_start(uint64_t seed);
struct story *story_open(uint64_t seed, const struct policy *policy);
void story_close(struct story **s);
/* The next fact at the door's time now_ms, as encoded rec_fact; `fact` is cleared first. False when
 * the story has nothing to say (its calls are used up and none is open). now_ms may be far from
 * that of the call before, and may go back. */
bool story_next(struct story *s, int64_t now_ms, struct buf *fact);
/* An answer reached the sender. Answers may come in any order, twice, or never. */
void story_told(struct story *s, const struct rec_fact *sent, const struct rec_outcome *answer);

#endif
