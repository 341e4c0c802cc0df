/* wire.h - frames between processes: one letter, then fixed numbers and length-prefixed bytes, all
 * little-endian. What the bytes are is msgpack by the contracts of proto/. Answers carry the small
 * letter of the question.
 *
 *   question                             answer
 *   P tag:u64 count:u32 {fact}           p tag:u64 count:u32 {outcome}: the door, after the commit
 *   G reset:u8 from:u64 credit:u32       g watermark:i64 first:u64 count:u32 {record}: a log
 *   W                                    none: look at your deadlines
 *   C until:i64                          c: event clock, time has passed to there
 *   I                                    i and a rec_status: how are you
 *   Q kind:u8 table:u8 limit:u32 from    q more:u8 count:u32 {key, value}: kinds in query.h
 *
 * What cannot be read is answered like a fact: p, tag 0, with an outcome refused, code
 * frame_broken. Over the network (keys.h) the door takes P, I and C alone, and C on the event clock
 * only from a key that speaks for all sources; the rest is answered likewise: not_here, barred. */
#ifndef CUIBAN_COMMON_WIRE_H
#define CUIBAN_COMMON_WIRE_H

#include "common/bytes.h"

void wire_u8(struct buf *b, uint8_t v);
void wire_u32(struct buf *b, uint32_t v);
void wire_u64(struct buf *b, uint64_t v);
void wire_bytes(struct buf *b, struct slice s); /* u32 length, then the bytes */

/* Bounded reading: after the first short read everything is zero and `bad` is set; check once. */
struct wire {
    struct slice rest;
    bool bad;
};
uint8_t wire_take_u8(struct wire *w);
uint32_t wire_take_u32(struct wire *w);
uint64_t wire_take_u64(struct wire *w);
struct slice wire_take_bytes(struct wire *w);

#endif
