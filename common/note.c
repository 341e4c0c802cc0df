/* note.c - see note.h. The name is the one piece of process-wide state in common/: it is set before
 * any thread starts and never changes. */
#include "common/note.h"
#include "common/bytes.h"
#include "common/clock.h"
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static char process_name[32] = "cuiban";

void note_name(const char *name)
{
    snprintf(process_name, sizeof process_name, "%s", name);
}

static void put_json(struct buf *b, const char *text)
{
    buf_put(b, "\"", 1);
    for (const char *p = text; *p; p++) {
        unsigned char c = (unsigned char)*p;
        if (c == '"' || c == '\\') {
            buf_printf(b, "\\%c", c);
        } else if (c < 0x20) {
            buf_printf(b, "\\u%04x", c);
        } else {
            buf_put(b, p, 1);
        }
    }
    buf_put(b, "\"", 1);
}

void note(enum note_level level, const char *event, ...)
{
    static const char *const levels[] = {"debug", "info", "warn", "error"};
    struct buf b = {0};
    buf_printf(&b, "{\"ts\":%" PRId64 ",\"level\":\"%s\",\"process\":\"%s\",\"event\":",
               clock_wall_ms(), levels[level], process_name);
    put_json(&b, event);
    va_list ap;
    va_start(ap, event);
    for (const char *key; (key = va_arg(ap, const char *)) != NULL;) {
        buf_put(&b, ",", 1);
        put_json(&b, key);
        buf_put(&b, ":", 1);
        put_json(&b, va_arg(ap, const char *));
    }
    va_end(ap);
    buf_put(&b, "}\n", 2);
    fwrite(b.p, 1, b.n, stderr);
    buf_fini(&b);
}

const char *note_num(int64_t v)
{
    static _Thread_local char text[8][24];
    static _Thread_local unsigned at;
    char *out = text[at++ % 8];
    snprintf(out, sizeof text[0], "%" PRId64, v);
    return out;
}
