/* proto_scan_fuzz.c - any bytes: scan neither crashes nor takes what it must not; and what it
 * takes, msgpack-c reads as one object to the last byte. */
#include "common/contract.h"
#include "proto/proto.h"
#include "tests/fuzz/lib/fuzz.h"
#include <msgpack/unpack.h>

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    struct fault why;
    if (proto_scan((struct slice){p, n}, &why) != ERR_OK) return 0;
    msgpack_unpacked theirs;
    size_t end = 0;
    msgpack_unpacked_init(&theirs);
    msgpack_unpack_return got = msgpack_unpack_next(&theirs, (const char *)p, n, &end);
    REQUIRE(got == MSGPACK_UNPACK_SUCCESS && end == n);
    msgpack_unpacked_destroy(&theirs);
    return 0;
}
