/* timeform.h - stamps as other people's files write them, by format.
 *
 * A format is text in which %x stands for a part:
 *   %Y year, four digits   %y two digits (69-99 = 19xx, 00-68 = 20xx)   %EY 民國 year (113 = 2024)
 *   %m month   %d day   %H hour 0-23   %I hour 1-12 with %p   %M minute   %S second
 *   %p AM/PM, also 上午/下午   %b month by English name, long or short   %a weekday name, not
 * checked %f fraction of a second with its point or comma, may be missing ("%S%f") %z offset: Z,
 * +08:00, +0800 or +08   %s seconds since 1970 UTC   %L the same in milliseconds   %% a % Numbers
 * may lack leading zeros; a blank stands for any number of blanks; all else must be there as it is.
 * The word `iso` stands for ISO 8601: date, or date and time joined by T or blank, seconds,
 * fraction and offset optional. Digits behind the milliseconds are cut, never rounded. */
#ifndef CUIBAN_CLI_TIMEFORM_H
#define CUIBAN_CLI_TIMEFORM_H

#include "common/bytes.h"

#define TIMEFORM_MAX 8 /* formats tried one after the other */

struct zone;

/* A stamp as it was written. */
struct timeform_stamp {
    int32_t day;
    int64_t of_day_ms;
    bool has_offset;
    int64_t offset_ms; /* local - UTC */
};

struct timeform_set {
    struct str formats[TIMEFORM_MAX];
    uint32_t count;
    const struct zone *zone; /* of stamps without an offset of their own */
};

/* Is this a format that can give a date? ERR_REFUSED with a sentence. */
MUST_CHECK enum err timeform_check(struct str format, struct fault *why);
/* The whole text must fit. ERR_REFUSED when it does not; *out is then untouched. */
MUST_CHECK enum err timeform_read(struct str format, struct str text, struct timeform_stamp *out);
/* The first format that fits. ERR_REFUSED with a sentence naming the formats. */
MUST_CHECK enum err timeform_any(const struct timeform_set *set, struct str text,
                                 struct timeform_stamp *out, struct fault *why);
/* UTC ms of a stamp; zone as in the set. */
int64_t timeform_utc(const struct timeform_stamp *s, const struct zone *zone);

#endif
