/* line_reader.c - see line_reader.h.
 *
 * raw holds bytes of the file not yet converted (at most one cut character between two reads), text
 * holds converted bytes, of which those before `at` have been handed out. */
#include "services/cli/line_reader.h"
#include "common/contract.h"
#include <errno.h>
#include <iconv.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>
#include <zlib.h>

#define READ_BYTES ((size_t)256 << 10)
#define BAD_BYTE 0xff
#define NO_ICONV ((iconv_t)-1)

struct line_reader {
    const char *path; /* own copy, for faults */
    gzFile file;
    iconv_t conv; /* NO_ICONV: the file is UTF-8 */
    struct buf raw, text;
    size_t at;
    uint64_t line;
    bool ended, started;
};

static enum err io_fault(const struct line_reader *r, const char *text, struct fault *why)
{
    (void)fault_set(why, "feed", "file", "", "%s: %s", r->path, text);
    return ERR_IO;
}

/* Everything that is called UTF-8 in some spelling goes without iconv, and without its cost. */
static bool is_utf8_name(struct str s)
{
    return s.n == 0 || (s.n == 5 && strncasecmp(s.p, "UTF-8", 5) == 0) ||
           (s.n == 4 && strncasecmp(s.p, "UTF8", 4) == 0);
}

static enum err open_conv(struct line_reader *r, struct str encoding, struct fault *why)
{
    char name[64];
    r->conv = NO_ICONV;
    if (is_utf8_name(encoding)) return ERR_OK;
    if (str_copy(encoding, name, sizeof name)) r->conv = iconv_open("UTF-8", name);
    if (r->conv != NO_ICONV) return ERR_OK;
    return fault_set(why, "feed", "encoding", "input.encoding",
                     "encoding \"%.40s\" is not known here; `iconv -l` lists the names", name);
}

static gzFile open_file(const char *path)
{
    if (strcmp(path, "-") != 0) return gzopen(path, "rbe");
    int fd = dup(STDIN_FILENO); /* gzclose will close it */
    return fd < 0 ? NULL : gzdopen(fd, "rb");
}

enum err line_reader_open(const char *path, struct str encoding, struct line_reader **out,
                          struct fault *why)
{
    struct line_reader *r = calloc(1, sizeof *r);
    REQUIRE(r != NULL);
    r->path = strdup(path);
    enum err e = open_conv(r, encoding, why);
    if (e == ERR_OK) {
        r->file = open_file(path);
        if (!r->file) e = io_fault(r, strerror(errno), why);
    }
    if (e != ERR_OK) {
        line_reader_close(&r);
        return e;
    }
    gzbuffer(r->file, (unsigned)READ_BYTES);
    *out = r;
    return ERR_OK;
}

void line_reader_close(struct line_reader **reader)
{
    struct line_reader *r = *reader;
    if (!r) return;
    if (r->file) gzclose_r(r->file);
    if (r->conv != NO_ICONV) iconv_close(r->conv);
    buf_fini(&r->raw);
    buf_fini(&r->text);
    free((void *)(uintptr_t)r->path);
    free(r);
    *reader = NULL;
}

/* Move what iconv can convert from raw to text; a cut character stays until more bytes come. */
static void convert(struct line_reader *r)
{
    char *in = (char *)r->raw.p;
    size_t left = r->raw.n;
    while (left > 0) {
        buf_reserve(&r->text, left * 4 + 16);
        char *out = (char *)r->text.p + r->text.n;
        size_t room = r->text.cap - r->text.n;
        size_t done = iconv(r->conv, &in, &left, &out, &room);
        r->text.n = (size_t)(out - (char *)r->text.p);
        if (done != (size_t)-1 || errno == E2BIG) continue;
        if (errno == EINVAL && !r->ended) break;
        buf_put(&r->text, &(uint8_t){BAD_BYTE}, 1);
        in++;
        left--;
    }
    if (left > 0) memmove(r->raw.p, in, left);
    r->raw.n = left;
}

static void drop_mark(struct line_reader *r)
{
    if (r->started || r->text.n < 3) return;
    r->started = true;
    if (memcmp(r->text.p, "\xef\xbb\xbf", 3) == 0) r->at = 3;
}

static enum err fill(struct line_reader *r, struct fault *why)
{
    if (r->at > 0) memmove(r->text.p, r->text.p + r->at, r->text.n - r->at);
    r->text.n -= r->at;
    r->at = 0;
    struct buf *to = r->conv == NO_ICONV ? &r->text : &r->raw;
    buf_reserve(to, READ_BYTES);
    int got = gzread(r->file, to->p + to->n, (unsigned)READ_BYTES);
    int code = Z_OK;
    const char *text = gzerror(r->file, &code);
    if (got < 0 || (got == 0 && code == Z_BUF_ERROR)) {
        if (code == Z_ERRNO) text = strerror(errno);
        if (code == Z_BUF_ERROR) text = "the compressed file is cut off; get it again";
        return io_fault(r, text, why);
    }
    to->n += (size_t)got;
    r->ended = got == 0;
    if (r->conv != NO_ICONV) convert(r);
    drop_mark(r);
    return ERR_OK;
}

/* A line is too long: forget its bytes up to its end, so that memory stays bounded. */
static enum err skip_line(struct line_reader *r, struct fault *why)
{
    for (;;) {
        uint8_t *from = r->text.p + r->at;
        uint8_t *end = memchr(from, '\n', r->text.n - r->at);
        r->at = end ? (size_t)(end + 1 - r->text.p) : r->text.n;
        if (end || r->ended) break;
        enum err e = fill(r, why);
        if (e != ERR_OK) return e;
    }
    return fault_set(why, "feed", "line_too_long", "", "the line is longer than %zu bytes",
                     LINE_READER_BYTES_MAX);
}

enum err line_reader_next(struct line_reader *r, struct str *line, struct fault *why)
{
    uint8_t *end = NULL;
    size_t seen = 0;
    for (;;) {
        size_t have = r->text.n - r->at;
        if (have > seen) end = memchr(r->text.p + r->at + seen, '\n', have - seen);
        seen = have;
        if (end || r->ended || seen > LINE_READER_BYTES_MAX) break;
        enum err e = fill(r, why);
        if (e != ERR_OK) return e;
        seen = r->text.n - r->at < seen ? 0 : seen; /* a byte order mark went */
    }
    if (!end && seen == 0) return ERR_END;
    r->line++;
    size_t n = end ? (size_t)(end - (r->text.p + r->at)) : seen;
    if (n > LINE_READER_BYTES_MAX) return skip_line(r, why);
    *line = (struct str){(const char *)r->text.p + r->at, (uint32_t)n};
    r->at += n + (end != NULL);
    if (line->n > 0 && line->p[line->n - 1] == '\r') line->n--;
    return ERR_OK;
}

uint64_t line_reader_at(const struct line_reader *r)
{
    return r->line;
}

/* Bytes of the character at p, 0 when it is overlong, a surrogate, above U+10FFFF or cut. */
static uint32_t char_bytes(const uint8_t *p, uint32_t n)
{
    uint32_t want = p[0] < 0x80 ? 1 : p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : 4;
    if (want == 1) return 1;
    if (p[0] < 0xc2 || p[0] > 0xf4 || n < want) return 0;
    for (uint32_t i = 1; i < want; i++) {
        if ((p[i] & 0xc0) != 0x80) return 0;
    }
    bool overlong = (p[0] == 0xe0 && p[1] < 0xa0) || (p[0] == 0xf0 && p[1] < 0x90);
    bool beyond = (p[0] == 0xed && p[1] > 0x9f) || (p[0] == 0xf4 && p[1] > 0x8f);
    return overlong || beyond ? 0 : want;
}

bool line_reader_utf8(struct str s)
{
    const uint8_t *p = (const uint8_t *)s.p;
    for (uint32_t i = 0; i < s.n;) {
        uint32_t n = char_bytes(p + i, s.n - i);
        if (n == 0) return false;
        i += n;
    }
    return true;
}
