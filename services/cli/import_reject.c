/* import_reject.c - see import_reject.h. */
#include "services/cli/import_reject.h"
#include "services/cli/line_reader.h"
#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <string.h>
#include <unistd.h>

#define RAW_BYTES_MAX 4000

static enum err io_fault(const struct import_reject_file *f, struct fault *why)
{
    (void)fault_set(why, "feed", "file", "", "%.150s: %s", f->path, strerror(errno));
    return ERR_IO;
}

enum err import_reject_begin(struct import_reject_file *f, const char *input, const char *dir,
                             struct fault *why)
{
    const char *slash = strrchr(input, '/'), *base = slash ? slash + 1 : input;
    bool from_pipe = strcmp(input, "-") == 0;
    int n;
    if (dir || from_pipe) {
        n = snprintf(f->path, sizeof f->path, "%s/%s.rejected.ndjson", dir ? dir : ".",
                     from_pipe ? "stdin" : base);
    } else {
        n = snprintf(f->path, sizeof f->path, "%s.rejected.ndjson", input);
    }
    f->file = NULL;
    if (n < 0 || (size_t)n >= sizeof f->path) return errno = ENAMETOOLONG, io_fault(f, why);
    if (unlink(f->path) != 0 && errno != ENOENT && errno != EROFS && errno != EACCES) {
        return io_fault(f, why);
    }
    return ERR_OK;
}

/* JSON holds UTF-8 only: what is not becomes '?', and a long row is cut at a character. */
static json_t *text_of(struct str s)
{
    char text[RAW_BYTES_MAX + 1];
    uint32_t n = s.n < RAW_BYTES_MAX ? s.n : RAW_BYTES_MAX;
    while (n > 0 && n < s.n && ((uint8_t)s.p[n] & 0xc0) == 0x80)
        n--;
    if (n > 0) memcpy(text, s.p, n);
    if (!line_reader_utf8((struct str){text, n})) {
        for (uint32_t i = 0; i < n; i++) {
            if ((uint8_t)text[i] >= 0x80) text[i] = '?';
        }
    }
    return json_stringn(text, n);
}

enum err import_reject_write(struct import_reject_file *f, const struct import_reject *r,
                             struct fault *why)
{
    if (!f->file) f->file = fopen(f->path, "wbe");
    if (!f->file) return io_fault(f, why);
    json_t *o = json_object();
    json_object_set_new(o, "file", text_of(str_of(r->path)));
    json_object_set_new(o, "line", json_integer((json_int_t)r->line));
    if (r->type[0]) json_object_set_new(o, "type", json_string(r->type));
    if (r->fault.field[0]) json_object_set_new(o, "field", text_of(str_of(r->fault.field)));
    json_object_set_new(o, "code", text_of(str_of(r->fault.code)));
    json_object_set_new(o, "text", text_of(str_of(r->fault.text)));
    json_object_set_new(o, "raw", text_of(r->raw));
    bool bad = json_dumpf(o, f->file, JSON_COMPACT) != 0 || fputc('\n', f->file) == EOF;
    json_decref(o);
    return bad ? io_fault(f, why) : ERR_OK;
}

enum err import_reject_end(struct import_reject_file *f, struct fault *why)
{
    FILE *file = f->file;
    f->file = NULL;
    if (!file || fclose(file) == 0) return ERR_OK;
    return io_fault(f, why);
}
