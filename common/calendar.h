/* calendar.h - time as the rules count it: zones, civil dates, months, and working time in closed
 * form.
 *
 * Instants are UTC milliseconds (int64_t *_ms), dates are days since 1970-01-01 (int32_t *_day). A
 * calendar is compiled once into sorted work intervals with running sums; every question is then a
 * binary search in integers. Rules CV-1 … CV-8. */
#ifndef CUIBAN_COMMON_CALENDAR_H
#define CUIBAN_COMMON_CALENDAR_H

#include "common/bytes.h"

#define MINUTE_MS INT64_C(60000)
#define HOUR_MS (60 * MINUTE_MS)
#define DAY_MS (24 * HOUR_MS)
#define TIME_MIN_MS INT64_C(-2208988800000) /* 1900-01-01 */
#define TIME_MAX_MS INT64_C(4102444800000)  /* 2100-01-01 */
#define TIME_SPAN_MIN ((TIME_MAX_MS - TIME_MIN_MS) / MINUTE_MS)
#define LEAP_YEAR_MIN (366 * 24 * 60)

/* ---- civil dates (proleptic Gregorian, no zone) ---- */
int32_t day_of(int year, int month, int mday); /* month and mday must be valid */
bool day_valid(int year, int month, int mday);
void day_split(int32_t day, int *year, int *month, int *mday);
int day_weekday(int32_t day); /* ISO: 1 = Monday … 7 = Sunday */
/* CV-6: same day number n months later (n may be negative), else the last day of that month. */
int32_t day_add_months(int32_t day, int n);
/* HQ-005: ISO year and week. */
void day_iso_week(int32_t day, int *iso_year, int *week);
/* "YYYY-MM-DD"; parse is strict and returns ERR_REFUSED. out needs 11 bytes. */
void day_format(int32_t day, char out[11]);
MUST_CHECK enum err day_parse(struct str s, int32_t *day);

/* ---- zones ---- */
/* A fixed offset ("+08:00", "-05:00", "UTC") or a name of the tz database ("Asia/Taipei"). */
struct zone;
MUST_CHECK enum err zone_open(struct str name, struct zone **out, struct fault *why);
/* The bytes of a tz file (TZif version 2 or later); ERR_REFUSED when damaged. */
MUST_CHECK enum err zone_decode(struct slice file, struct zone **out, struct fault *why);
void zone_close(struct zone **z);
int32_t zone_offset_ms(const struct zone *z, int64_t utc_ms); /* local - UTC */
int32_t zone_day(const struct zone *z, int64_t utc_ms);       /* local calendar date */
/* Local wall clock (as if it were UTC) to UTC. A time that does not exist (gap) moves forward by
 * the gap; one that exists twice is the earlier. */
int64_t zone_to_utc(const struct zone *z, int64_t local_ms);
int64_t zone_day_start(const struct zone *z, int32_t day); /* 00:00 local as UTC */

/* RFC 3339. parse demands a zone (Z or offset); ERR_REFUSED with a sentence otherwise. Format
 * writes in the zone (NULL = "Z"), milliseconds only when not zero; out needs 40 bytes. */
MUST_CHECK enum err time_parse(struct str s, int64_t *utc_ms, struct fault *why);
void time_format(int64_t utc_ms, const struct zone *z, char out[40]);
/* Local wall clock in the zone without offset, "YYYY-MM-DD HH:MM[:SS]", for people; out needs 40
 * bytes. */
void time_format_local(int64_t utc_ms, const struct zone *z, char out[40]);

/* ---- working calendars ---- */
#define CALENDAR_SPANS_MAX 8 /* work spans in one day */

struct calendar_span {
    int32_t open_min, close_min; /* minutes of the local day, 0 <= open < close <= 1440 */
};

struct calendar_day_plan {
    struct calendar_span spans[CALENDAR_SPANS_MAX];
    uint32_t count; /* 0: no work */
};

struct calendar_exception {
    int32_t day;
    bool work;                     /* false: holiday; true: make-up workday 調休/補班 */
    struct calendar_day_plan plan; /* for work days; count 0 = as `makeup` */
};

/* What a calendar is made of; one version in force from `from_day` (0 = always). */
struct calendar_source {
    struct str name;
    struct str zone;
    int32_t first_day, last_day;      /* compiled range, both included */
    struct calendar_day_plan week[7]; /* Monday first */
    struct calendar_day_plan
        makeup; /* spans of a make-up day that names none; count 0 = Monday's */
    const struct calendar_exception *exceptions; /* any order; the later of two for a day wins */
    uint32_t exception_count;
};

struct calendar;
/* ERR_REFUSED with why (overlapping spans, exception out of range …). The calendar owns its memory.
 */
MUST_CHECK enum err calendar_compile(const struct calendar_source *s, struct calendar **out,
                                     struct fault *why);
void calendar_close(struct calendar **c);
const struct zone *calendar_zone(const struct calendar *c);
/* What was compiled: 00:00 of its first day and 24:00 of its last one. */
int64_t calendar_begins(const struct calendar *c);
int64_t calendar_ends(const struct calendar *c);
struct str calendar_name(const struct calendar *c);

/* CV-3. worked(a,b): work inside [a, b) in ms; 0 when b <= a. */
int64_t calendar_worked(const struct calendar *c, int64_t a_ms, int64_t b_ms);
/* CV-3 boundary=left: earliest t >= start with worked(start, t) = amount; amount 0 gives start.
 * TIME_MAX_MS when the compiled range ends before. amount may be negative: latest t <= start with
 * worked(t, start) = -amount. */
int64_t calendar_add(const struct calendar *c, int64_t start_ms, int64_t amount_ms);
/* CV-3 boundary=right: the latest instant still on time: the next opening when the amount is used
 * up at a closing, else as calendar_add. */
int64_t calendar_add_right(const struct calendar *c, int64_t start_ms, int64_t amount_ms);
/* The first opening or closing after the instant; TIME_MAX_MS when there is none. */
int64_t calendar_change(const struct calendar *c, int64_t utc_ms);
bool calendar_is_workday(const struct calendar *c, int32_t day);
/* First instant of work on a working day, last instant (closing). day must be a workday. */
int64_t calendar_open(const struct calendar *c, int32_t day);
int64_t calendar_close_of(const struct calendar *c, int32_t day);
/* The n-th working day after (n > 0) or before (n < 0) the date, itself not counted (CV-8); n = 0:
 * the day itself if it is one, else the next. INT32_MAX when out of range. */
int32_t calendar_workday(const struct calendar *c, int32_t day, int n);
int32_t calendar_last_workday(const struct calendar *c, int year, int month); /* of a month */
/* INT-029 business: the working day an instant belongs to: after the close of the working day
 * before, up to and including the close of this one. */
int32_t calendar_register_day(const struct calendar *c, int64_t utc_ms);

#endif
