/* civil.c - dates of the proleptic Gregorian calendar as day numbers; see calendar.h.
 *
 * Day 0 is 1970-01-01. The arithmetic counts in eras of 400 years (146,097 days) whose years begin
 * in March, so that the leap day is the last of a year and needs no case of its own. Rules: CV-6
 * (months), HQ-005 (ISO weeks). */
#include "common/calendar.h"

#define ERA_DAYS 146097
#define ERA_TO_1970 719468 /* days from 0000-03-01 to 1970-01-01 */
#define YEAR_MIN 1
#define YEAR_MAX 9999

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

static int month_days(int year, int month)
{
    static const uint8_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return days[month - 1] + (month == 2 && leap);
}

bool day_valid(int year, int month, int mday)
{
    if (year < YEAR_MIN || year > YEAR_MAX || month < 1 || month > 12) return false;
    return mday >= 1 && mday <= month_days(year, month);
}

int32_t day_of(int year, int month, int mday)
{
    int64_t y = (int64_t)year - (month <= 2);
    int64_t era = floor_div(y, 400);
    int64_t year_of_era = y - era * 400;
    int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + mday - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return (int32_t)(era * ERA_DAYS + day_of_era - ERA_TO_1970);
}

void day_split(int32_t day, int *year, int *month, int *mday)
{
    int64_t z = (int64_t)day + ERA_TO_1970;
    int64_t era = floor_div(z, ERA_DAYS);
    int64_t doe = z - era * ERA_DAYS; /* day of the era */
    int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100); /* day of the year from 1 March */
    int64_t mp = (5 * doy + 2) / 153;
    *mday = (int)(doy - (153 * mp + 2) / 5 + 1);
    *month = (int)(mp < 10 ? mp + 3 : mp - 9);
    *year = (int)(yoe + era * 400 + (*month <= 2));
}

int day_weekday(int32_t day)
{
    int64_t since_monday = (int64_t)day + 3; /* 1970-01-01 was a Thursday */
    return (int)(since_monday - 7 * floor_div(since_monday, 7)) + 1;
}

int32_t day_add_months(int32_t day, int n)
{
    int year, month, mday;
    day_split(day, &year, &month, &mday);
    int64_t months = (int64_t)year * 12 + (month - 1) + n;
    int64_t to_year = floor_div(months, 12);
    if (to_year < YEAR_MIN) return day_of(YEAR_MIN, 1, 1);
    if (to_year > YEAR_MAX) return day_of(YEAR_MAX, 12, 31);
    int to_month = (int)(months - to_year * 12) + 1;
    int last = month_days((int)to_year, to_month);
    return day_of((int)to_year, to_month, mday < last ? mday : last);
}

void day_iso_week(int32_t day, int *iso_year, int *week)
{
    int month, mday;
    int32_t thursday = day - day_weekday(day) + 4; /* it decides the year of its week */
    day_split(thursday, iso_year, &month, &mday);
    *week = (thursday - day_of(*iso_year, 1, 1)) / 7 + 1;
}

static void put_digits(char *out, int width, int value)
{
    for (int i = width - 1; i >= 0; i--) {
        out[i] = (char)('0' + value % 10);
        value /= 10;
    }
}

void day_format(int32_t day, char out[11])
{
    int year, month, mday;
    day_split(day, &year, &month, &mday);
    if (year < 0) year = 0; /* no such date passes day_parse; keep to ten characters all the same */
    if (year > YEAR_MAX) year = YEAR_MAX;
    put_digits(out, 4, year);
    out[4] = '-';
    put_digits(out + 5, 2, month);
    out[7] = '-';
    put_digits(out + 8, 2, mday);
    out[10] = 0;
}

static bool take_digits(const char *p, int width, int *value)
{
    *value = 0;
    for (int i = 0; i < width; i++) {
        if (p[i] < '0' || p[i] > '9') return false;
        *value = *value * 10 + (p[i] - '0');
    }
    return true;
}

enum err day_parse(struct str s, int32_t *day)
{
    int year, month, mday;
    if (s.n != 10 || s.p[4] != '-' || s.p[7] != '-') return ERR_REFUSED;
    if (!take_digits(s.p, 4, &year) || !take_digits(s.p + 5, 2, &month)) return ERR_REFUSED;
    if (!take_digits(s.p + 8, 2, &mday) || !day_valid(year, month, mday)) return ERR_REFUSED;
    *day = day_of(year, month, mday);
    return ERR_OK;
}
