/* zone.c - zones: a fixed offset, or the transitions of a compiled tz file (TZif, RFC 8536); see
 * calendar.h.
 *
 * Invariants: at_ms and wall_ms ascend; offset_ms[0] holds before the first transition and
 * offset_ms[i] from at_ms[i-1] on. After the last transition its offset stays: the files of the
 * distribution run to 2037, and a file in the short form, which leaves the years ahead to a rule in
 * its footer, is refused rather than read wrongly. Nothing in a file is believed before it is
 * counted. Rule: CV-1. */
#include "common/calendar.h"
#include "common/contract.h"
#include "common/search.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define ZONE_NAME_MAX 64
#define ZONE_FILE_MAX ((size_t)64 << 10)
#define ZONE_TRANSITIONS_MAX 1024
#define ZONE_OFFSET_MAX_S (26 * 3600) /* RFC 8536 3.2 */
#define TZIF_HEADER 44
#define LONG_FORM_UNTIL_MS INT64_C(2114380800000) /* 2037-01-01 */

struct zone {
    uint32_t count;                        /* transitions */
    int64_t at_ms[ZONE_TRANSITIONS_MAX];   /* UTC */
    int64_t wall_ms[ZONE_TRANSITIONS_MAX]; /* local reading from which the new offset holds alone */
    int32_t offset_ms[ZONE_TRANSITIONS_MAX + 1];
};

/* One data block of the file, after its counts were checked against the bytes there are. */
struct tzif_block {
    const uint8_t *times, *types, *infos;
    uint32_t times_n, infos_n, leaps_n;
    size_t size; /* header and data */
};

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

static enum err zone_refused(struct fault *why, struct str name, const char *text)
{
    return fault_set(why, "CV-1", "zone_invalid", "zone", "zone \"%.*s\" %s", STR_ARG(name), text);
}

/* ---- fixed offsets ---- */

static bool two_digits(const char *p, int max, int *value)
{
    if (p[0] < '0' || p[0] > '9' || p[1] < '0' || p[1] > '9') return false;
    *value = (p[0] - '0') * 10 + (p[1] - '0');
    return *value <= max;
}

static bool is_offset(struct str s)
{
    return s.n > 0 && (s.p[0] == '+' || s.p[0] == '-');
}

static bool offset_parse(struct str s, int32_t *offset_ms)
{
    int hours, minutes;
    if (s.n != 6 || s.p[3] != ':') return false;
    if (!two_digits(s.p + 1, 23, &hours) || !two_digits(s.p + 4, 59, &minutes)) return false;
    int32_t size_ms = (hours * 60 + minutes) * (int32_t)MINUTE_MS;
    *offset_ms = s.p[0] == '-' ? -size_ms : size_ms;
    return true;
}

/* ---- TZif ---- */

static uint32_t be32(const uint8_t *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

/* Reads one header and measures its block; time_size is 4 in the first block, 8 in the second. */
static bool tzif_block_read(struct slice file, size_t time_size, struct tzif_block *b)
{
    if (file.n < TZIF_HEADER || memcmp(file.p, "TZif", 4) != 0 || file.p[4] < '2') return false;
    uint32_t n[6]; /* isut, isstd, leap, time, type, char */
    for (int i = 0; i < 6; i++) {
        n[i] = be32(file.p + 20 + 4 * i);
        if (n[i] > ZONE_FILE_MAX) return false;
    }
    size_t data =
        n[3] * (time_size + 1) + n[4] * (size_t)6 + n[5] + n[2] * (time_size + 4) + n[1] + n[0];
    if (data > file.n - TZIF_HEADER) return false;
    const uint8_t *times = file.p + TZIF_HEADER;
    *b = (struct tzif_block){.times = times,
                             .types = times + n[3] * time_size,
                             .infos = times + n[3] * (time_size + 1),
                             .times_n = n[3],
                             .infos_n = n[4],
                             .leaps_n = n[2],
                             .size = TZIF_HEADER + data};
    return true;
}

static bool tzif_offset(const struct tzif_block *b, uint32_t type, int32_t *offset_ms)
{
    if (type >= b->infos_n) return false;
    int32_t s = (int32_t)be32(b->infos + (size_t)6 * type);
    if (s < -ZONE_OFFSET_MAX_S || s > ZONE_OFFSET_MAX_S) return false;
    *offset_ms = s * 1000;
    return true;
}

static bool zone_add_transition(struct zone *z, int64_t at_s, int32_t offset_ms)
{
    if (at_s < TIME_MIN_MS / 1000) { /* older than any instant we hold: only its offset matters */
        z->offset_ms[0] = offset_ms;
        return true;
    }
    if (at_s > TIME_MAX_MS / 1000) return true;
    uint32_t i = z->count;
    int64_t at_ms = at_s * 1000;
    int32_t before = z->offset_ms[i];
    int64_t wall_ms = at_ms + (before > offset_ms ? before : offset_ms);
    if (i > 0 && at_ms <= z->at_ms[i - 1]) return false;
    z->at_ms[i] = at_ms;
    z->wall_ms[i] = i > 0 && wall_ms < z->wall_ms[i - 1] ? z->wall_ms[i - 1] : wall_ms;
    z->offset_ms[i + 1] = offset_ms;
    z->count = i + 1;
    return true;
}

static bool zone_fill(struct zone *z, const struct tzif_block *b)
{
    if (b->times_n > ZONE_TRANSITIONS_MAX || b->leaps_n > 0)
        return false; /* "right/" counts leap seconds */
    if (!tzif_offset(b, 0, &z->offset_ms[0])) return false;
    for (uint32_t i = 0; i < b->times_n; i++) {
        int32_t offset_ms;
        if (!tzif_offset(b, b->types[i], &offset_ms)) return false;
        if (!zone_add_transition(z, (int64_t)be_get64(b->times + (size_t)8 * i), offset_ms))
            return false;
    }
    return true;
}

/* A comma in the footer announces yearly rules; the long form has spelled them out as transitions.
 */
static bool tzif_is_long_form(const struct zone *z, struct slice footer)
{
    if (footer.n == 0 || !memchr(footer.p, ',', footer.n)) return true;
    return z->count > 0 && z->at_ms[z->count - 1] >= LONG_FORM_UNTIL_MS;
}

static bool zone_read(struct zone *z, struct slice file)
{
    struct tzif_block first, second;
    if (!tzif_block_read(file, 4, &first)) return false;
    struct slice rest = {file.p + first.size, file.n - first.size};
    if (!tzif_block_read(rest, 8, &second) || !zone_fill(z, &second)) return false;
    return tzif_is_long_form(z, (struct slice){rest.p + second.size, rest.n - second.size});
}

enum err zone_decode(struct slice file, struct zone **out, struct fault *why)
{
    struct zone *z = calloc(1, sizeof *z);
    if (!z) return ERR_IO;
    if (!zone_read(z, file)) {
        free(z);
        return fault_set(why, "CV-1", "zone_invalid", "zone",
                         "the zone file is damaged or in the short form; a tz file of version 2 or "
                         "later without leap seconds, compiled with \"zic -b fat\", is needed");
    }
    *out = z;
    return ERR_OK;
}

/* ---- names of the tz database ---- */

/* Letters, digits, '_', '+', '-', and '/' between parts: no dot can appear, so no way out of the
 * folder. */
static bool name_is_safe(struct str s)
{
    if (s.n == 0 || s.n > ZONE_NAME_MAX || s.p[0] == '/' || s.p[s.n - 1] == '/') return false;
    for (uint32_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        bool word = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
        if (!word && !(c == '_' || c == '+' || c == '-' || c == '/')) return false;
    }
    return true;
}

static FILE *zone_file(struct str name)
{
    const char *dir = getenv("TZDIR");
    char path[512];
    struct stat st;
    int n = snprintf(path, sizeof path, "%s/%.*s", dir && *dir ? dir : "/usr/share/zoneinfo",
                     STR_ARG(name));
    if (n < 0 || (size_t)n >= sizeof path) return NULL;
    if (stat(path, &st) != 0 || !S_ISREG(st.st_mode)) return NULL; /* a pipe would block us */
    return fopen(path, "rbe");
}

static enum err zone_open_named(struct str name, struct zone **out, struct fault *why)
{
    if (!name_is_safe(name))
        return zone_refused(why, name,
                            "is not a zone: write \"+08:00\", "
                            "\"UTC\" or a name like \"Asia/Taipei\"");
    FILE *f = zone_file(name);
    REQUIRE(f || errno != ENOMEM);
    if (!f)
        return zone_refused(why, name,
                            "is not in the tz database of this machine: write a name "
                            "like \"Asia/Taipei\", or an offset like \"+08:00\"");
    enum err e = ERR_IO;
    uint8_t *p = malloc(ZONE_FILE_MAX);
    size_t n = p ? fread(p, 1, ZONE_FILE_MAX, f) : 0;
    if (p && !ferror(f)) e = zone_decode((struct slice){p, n}, out, why);
    free(p);
    (void)fclose(f); /* read only: nothing can be lost */
    return e;
}

enum err zone_open(struct str name, struct zone **out, struct fault *why)
{
    int32_t offset_ms = 0;
    bool utc = str_is(name, "UTC") || str_is(name, "Z");
    if (!utc && !is_offset(name)) return zone_open_named(name, out, why);
    if (!utc && !offset_parse(name, &offset_ms)) {
        return zone_refused(why, name,
                            "is not an offset: write sign, hours and minutes as in \"+08:00\"");
    }
    struct zone *z = calloc(1, sizeof *z);
    if (!z) return ERR_IO;
    z->offset_ms[0] = offset_ms;
    *out = z;
    return ERR_OK;
}

void zone_close(struct zone **z)
{
    free(*z);
    *z = NULL;
}

/* ---- questions ---- */

int32_t zone_offset_ms(const struct zone *z, int64_t utc_ms)
{
    if (z->count == 0) return z->offset_ms[0];
    return z->offset_ms[search_upto(z->at_ms, z->count, utc_ms)];
}

int32_t zone_day(const struct zone *z, int64_t utc_ms)
{
    return (int32_t)floor_div(utc_ms + zone_offset_ms(z, utc_ms), DAY_MS);
}

/* Both odd cases are the old offset: in a gap it lands behind it, shifted by the gap; of a doubled
 * hour it names the first. wall_ms is where the old offset stops being an answer. */
int64_t zone_to_utc(const struct zone *z, int64_t local_ms)
{
    if (z->count == 0) return local_ms - z->offset_ms[0];
    return local_ms - z->offset_ms[search_upto(z->wall_ms, z->count, local_ms)];
}

int64_t zone_day_start(const struct zone *z, int32_t day)
{
    return zone_to_utc(z, (int64_t)day * DAY_MS);
}
