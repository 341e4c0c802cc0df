/* text_fuzz.c - any bytes for the small parsers: time formats, instants, days, zones by name and as
 * tz files, amounts, cells into fields, settings, "did you mean", keys of rows, files of keys.
 *
 * Whatever comes, what is taken is in range and goes round: an instant printed and read again is
 * the same, so is a day; a zone never moves an instant by more than its bounds allow; a cell that
 * went into a field, and is in the field's range, can be encoded; a key read back part by part is
 * made of the same bytes.
 *
 * Bytes: which parser, then its input. */
#include "common/calendar.h"
#include "common/contract.h"
#include "common/exact.h"
#include "common/keys.h"
#include "common/nearest.h"
#include "common/settings.h"
#include "common/step.h"
#include "services/cli/fieldform.h"
#include "services/cli/timeform.h"
#include "services/cli/view.h"
#include "tests/fuzz/lib/fuzz.h"
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define OFFSET_MAX_MS (27 * HOUR_MS)

static struct str str_rest(const struct fuzz_in *in)
{
    return (struct str){(const char *)in->p, (uint32_t)in->n};
}

static struct str str_line(struct fuzz_in *in)
{
    struct slice s = fuzz_until(in, '\n');
    return (struct str){(const char *)s.p, (uint32_t)s.n};
}

static const struct zone *taipei(void)
{
    static struct zone *z;
    struct fault why;
    enum err e = z ? ERR_OK : zone_open(STR("Asia/Taipei"), &z, &why);
    REQUIRE(e == ERR_OK);
    return z;
}

/* Years 0 to 9999, and a day. */
static bool in_civil_range(int64_t ms)
{
    return ms > INT64_C(-70000000000000) && ms < INT64_C(260000000000000);
}

/* A format on the first line, a stamp on the second. */
static void try_timeform(struct fuzz_in *in)
{
    struct timeform_set set = {.count = 1, .zone = taipei()};
    struct timeform_stamp s;
    struct fault why = {0};
    set.formats[0] = str_line(in);
    enum err e = timeform_check(set.formats[0], &why);
    REQUIRE(e == ERR_OK || why.text[0]);
    if (e != ERR_OK) return;
    e = timeform_any(&set, str_rest(in), &s, &why);
    REQUIRE(e == ERR_OK || why.text[0]);
    if (e != ERR_OK) return;
    int64_t utc = timeform_utc(&s, set.zone);
    REQUIRE(s.of_day_ms >= 0 && s.of_day_ms <= DAY_MS + 1000);
    REQUIRE(in_civil_range(utc));
}

static void try_instant(struct fuzz_in *in)
{
    int64_t ms, again;
    int32_t day, day_again;
    char text[40];
    struct fault why = {0};
    enum err e = time_parse(str_rest(in), &ms, &why);
    REQUIRE(e == ERR_OK || why.text[0]);
    if (e == ERR_OK) {
        time_format(ms, taipei(), text);
        e = time_parse(str_of(text), &again, &why);
        REQUIRE(e == ERR_OK && again == ms);
    }
    if (day_parse(str_rest(in), &day) != ERR_OK) return;
    day_format(day, text);
    e = day_parse(str_of(text), &day_again);
    REQUIRE(e == ERR_OK && day == day_again);
}

/* view_instant wants a terminated text. */
static void try_view_instant(struct fuzz_in *in)
{
    int64_t ms;
    char text[64];
    if (!str_copy(str_rest(in), text, sizeof text)) return;
    bool got = view_instant(text, taipei(), &ms);
    REQUIRE(!got || in_civil_range(ms));
}

static void check_zone(struct zone *z, int64_t utc)
{
    int64_t offset = zone_offset_ms(z, utc);
    REQUIRE(offset <= OFFSET_MAX_MS && offset >= -OFFSET_MAX_MS);
    int64_t back = zone_to_utc(z, utc + offset);
    REQUIRE(back >= utc - 2 * OFFSET_MAX_MS && back <= utc + 2 * OFFSET_MAX_MS);
    int32_t day = zone_day(z, utc);
    REQUIRE(zone_day_start(z, day) <= utc + 2 * OFFSET_MAX_MS);
}

static void try_zone(struct fuzz_in *in, bool named)
{
    struct zone *z = NULL;
    struct fault why = {0};
    int64_t utc = INT64_C(1772413200000) + (int64_t)fuzz_u16(in) * DAY_MS / 16;
    enum err e = named ? zone_open(str_rest(in), &z, &why)
                       : zone_decode((struct slice){in->p, in->n}, &z, &why);
    REQUIRE(e == ERR_OK || why.text[0]);
    if (e != ERR_OK) return;
    check_zone(z, utc);
    check_zone(z, TIME_MIN_MS);
    check_zone(z, TIME_MAX_MS);
    zone_close(&z);
}

static void try_amount(struct fuzz_in *in)
{
    int64_t fen, number;
    struct fault why;
    if (exact_money_parse(str_rest(in), &fen)) {
        char text[EXACT_TEXT_MAX];
        int64_t again;
        exact_decimal(fen, 100, 2, text);
        bool same = exact_money_parse(str_of(text), &again) && again == fen;
        REQUIRE(same);
    }
    (void)fault_set(&why, "", "", "", "%d", fieldform_number(str_rest(in), 100, &number));
}

/* Any cell into any field of any contract. */
static void try_field(struct fuzz_in *in)
{
    uint32_t shapes = 0;
    while (shape_at(shapes))
        shapes++;
    const struct shape *s = shape_at(fuzz_u16(in) % shapes);
    const struct field *f = &s->fields[fuzz_u8(in) % s->count];
    struct fieldform how = {.field = f, .cut = fuzz_u8(in) & 1};
    struct arena a = {0};
    struct fault why = {0};
    how.times = (struct timeform_set){.count = 1, .zone = taipei()};
    how.times.formats[0] = STR("iso");
    if (f->type == FT_LIST || f->type == FT_RAW || f->type == FT_HASH || in->n == 0) return;
    uint8_t *obj = arena_take(&a, s->size);
    enum err e = fieldform_put(&how, str_rest(in), obj + f->offset, &why);
    REQUIRE(e == ERR_OK || why.text[0]);
    if (e == ERR_OK && proto_check(s, obj, NULL, 0) == 0) {
        struct buf b = {0};
        proto_encode(s, obj, &b);
        buf_fini(&b);
    }
    arena_fini(&a);
}

/* Name and value of a setting; the name may be a known one. */
static void try_setting(struct fuzz_in *in)
{
    static const char *const known[] = {"CUIBAN_BATCH_MAX", "CUIBAN_CLOCK", "CUIBAN_DIR",
                                        "CUIBAN_GRACE_MS"};
    char name[64], value[400];
    struct settings s;
    struct fault why = {0};
    uint8_t which = fuzz_u8(in);
    struct str said = which & 1 ? str_line(in) : str_of(known[which >> 1 & 3]);
    bool fits = str_copy(said, name, sizeof name) && str_copy(str_rest(in), value, sizeof value);
    if (!fits || !name[0] || strchr(name, '=')) return;
    setenv(name, value, 1);
    enum err e = settings_load(&s, &why);
    unsetenv(name);
    REQUIRE(e == ERR_OK || why.text[0]);
    if (e == ERR_OK) REQUIRE(s.batch_max >= 1 && s.batch_max <= 65536);
}

static void try_nearest(struct fuzz_in *in)
{
    char hint[NEAREST_HINT_MAX];
    struct nearest n = nearest_begin(str_line(in));
    nearest_offer(&n, str_line(in));
    nearest_offer(&n, STR("arrival_min"));
    nearest_hint(&n, hint);
    REQUIRE(strlen(hint) < sizeof hint);
}

/* A key of any layout, read, printed, and made again. */
static void try_key(struct fuzz_in *in)
{
    static const char *const layouts[] = {"case, item, name", "unit, received, case, job",
                                          "period kind, first day, unit", "due, case"};
    const char *layout = layouts[fuzz_u8(in) & 3];
    struct key k = {.n = in->n > STORE_KEY_MAX ? STORE_KEY_MAX : in->n}, again = {.n = 0};
    if (k.n) memcpy(k.b, in->p, k.n);
    struct buf b = {0};
    view_print_key(&b, layout, &k, taipei());
    buf_fini(&b);
    struct key_reader r = {{k.b, k.n}};
    struct str text;
    uint8_t small;
    uint64_t large;
    if (key_take_str(&r, &text) != ERR_OK || key_take_u8(&r, &small) != ERR_OK) return;
    if (key_take_u64(&r, &large) != ERR_OK) return;
    again = key_of(text);
    key_u8(&again, small);
    key_u64(&again, large);
    REQUIRE(again.n == k.n - r.rest.n && memcmp(again.b, k.b, again.n) == 0);
}

/* A file of keys: what it lets in, it names, with sources; a fault names the file. */
static void try_key_file(struct fuzz_in *in)
{
    struct keys k;
    struct fault why = {.text = ""};
    const char *path = fuzz_file(0, (struct slice){in->p, in->n});
    REQUIRE(chmod(path, 0600) == 0);
    if (keys_load(path, &k, &why) != ERR_OK) {
        REQUIRE(strncmp(why.text, path, strlen(path)) == 0);
        return;
    }
    REQUIRE(strlen(k.own.secret) == BUS_KEY_SIZE - 1);
    REQUIRE(strlen(k.own.public_key) == BUS_KEY_SIZE - 1);
    for (size_t i = 0; i < k.count; i++) {
        REQUIRE(keys_find(&k, k.allowed[i].key) == &k.allowed[i]);
        REQUIRE(k.allowed[i].sources[0] && !keys_speaks_for(&k.allowed[i], STR(" ")));
    }
    REQUIRE(!keys_changed(&k, path));
    keys_fini(&k);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    if (n < 2) return 0;
    uint8_t *copy = fuzz_copy((struct slice){bytes + 1, n - 1});
    struct fuzz_in in = {copy, n - 1};
    switch (bytes[0]) {
    case 'f':
        try_timeform(&in);
        break;
    case 'i':
        try_instant(&in);
        break;
    case 'v':
        try_view_instant(&in);
        break;
    case 'n':
    case 'z':
        try_zone(&in, bytes[0] == 'n');
        break;
    case 'm':
        try_amount(&in);
        break;
    case 'c':
        try_field(&in);
        break;
    case 'l':
        try_key_file(&in);
        break;
    case 's':
        try_setting(&in);
        break;
    case 'w':
        try_nearest(&in);
        break;
    case 'k':
        try_key(&in);
        break;
    }
    free(copy);
    return 0;
}
