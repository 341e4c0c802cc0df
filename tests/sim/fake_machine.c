/* fake_machine.c - the rest of the machine: clocks, log lines, free space, and the reader thread
 * that nobody asks here. */
#include "common/clock.h"
#include "common/note.h"
#include "common/query.h"
#include "tests/sim/world.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/statvfs.h>

int64_t clock_wall_ms(void)
{
    return world.wall_ms;
}

int64_t clock_mono_ms(void)
{
    return world.mono_ms;
}

void clock_sleep_ms(int64_t ms)
{
    world_pass(ms);
}

int statvfs(const char *restrict path, struct statvfs *restrict out)
{
    (void)path;
    *out = (struct statvfs){.f_frsize = 4096, .f_bavail = world.free_bytes / 4096};
    return 0;
}

void note_name(const char *name)
{
    (void)name;
}

void note(enum note_level level, const char *event, ...)
{
    if (!world.trace || level == NOTE_info) return;
    char line[600];
    size_t n = 0;
    va_list ap;
    va_start(ap, event);
    for (const char *k; (k = va_arg(ap, const char *)) && n < sizeof line;)
        n += (size_t)snprintf(line + n, sizeof line - n, " %s=%s", k, va_arg(ap, const char *));
    va_end(ap);
    world_trace("note %s%s", event, n ? line : "");
}

const char *note_num(int64_t v)
{
    static char text[4][24];
    static unsigned at;
    char *out = text[at++ % 4];
    (void)snprintf(out, sizeof text[0], "%lld", (long long)v);
    return out;
}

struct query {
    char none;
};

enum err query_open(struct bus *b, const char *endpoint, struct store *s, struct query **out)
{
    (void)b, (void)endpoint, (void)s;
    *out = calloc(1, sizeof **out);
    return *out ? ERR_OK : ERR_IO;
}

void query_close(struct query **q)
{
    free(*q);
    *q = NULL;
}
