/* fuzz.h - what the fuzz targets share: fields taken from the bytes, and the bytes as a file. */
#ifndef CUIBAN_TESTS_FUZZ_H
#define CUIBAN_TESTS_FUZZ_H

#include "common/bytes.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

/* The bytes of one input, taken from the front; behind the end everything is zero. */
struct fuzz_in {
    const uint8_t *p;
    size_t n;
};
uint8_t fuzz_u8(struct fuzz_in *in);
uint16_t fuzz_u16(struct fuzz_in *in); /* little-endian */
uint32_t fuzz_u32(struct fuzz_in *in);
uint64_t fuzz_u64(struct fuzz_in *in);
/* A length of two bytes and so many bytes, or what is left. */
struct slice fuzz_bytes(struct fuzz_in *in);
/* Up to the byte `end`, which is stepped over, or what is left. */
struct slice fuzz_until(struct fuzz_in *in, uint8_t end);

/* A copy of exactly this size, so that the sanitizer sees a read past the end; free() it. */
uint8_t *fuzz_copy(struct slice s);
/* The bytes as a file that can be opened by this path until the next call with the same slot. */
#define FUZZ_FILES 2
const char *fuzz_file(unsigned slot, struct slice bytes);
/* Where directories may be made: TMPDIR, else memory. */
const char *fuzz_tmp(void);
/* A directory there for the stores of this process, removed at its end; and the same, made
 * empty. */
const char *fuzz_dir(void);
const char *fuzz_dir_empty(void);
/* A store that was just born at this path, which must not be there: as store_open makes it, only
 * faster, because it is made once and then copied. */
void fuzz_store_born(const char *path);

#endif
