/* world.h - facts about a small company, so that facts drawn from bytes meet: few calls, people and
 * products, instants close together. */
#ifndef CUIBAN_TESTS_FUZZ_WORLD_H
#define CUIBAN_TESTS_FUZZ_WORLD_H

#include "common/policy.h"
#include "services/cli/view.h"
#include "tests/fuzz/lib/fuzz.h"

#define WORLD_START_MS INT64_C(1772413200000) /* Monday 2026-03-02 09:00 at +08:00 */

/* The set of deploy/policy with this number (any), loaded once per process. */
struct policy *world_policy(unsigned number);
/* The services in house order. */
extern const struct service *const world_services[];
#define WORLD_SERVICES 7u
/* Empties fuzz_dir and lays their stores into it, just born. */
void world_stores_born(void);

/* An object of the contract, drawn from a few bytes: values of its contract, but keys, people and
 * instants of this world. */
void world_object(struct fuzz_in *in, const struct shape *s, int64_t now_ms, struct arena *a,
                  void *obj);
/* A fact of any kind that may come from outside, as bytes in the arena. */
struct slice world_fact(struct fuzz_in *in, int64_t now_ms, struct arena *a);
/* A record of a log, of any kind, the verdicts too; *now_ms goes on by some minutes. */
struct slice world_record(struct fuzz_in *in, uint64_t seq, int64_t *now_ms, struct arena *a);
/* A JSON line as such bytes; n == 0 when it is none. */
struct slice world_line(struct slice line, struct arena *a);
/* Units, technicians, products and who is assessed by what, one line each; NULL at the end. */
const char *world_prelude(unsigned i);

#endif
