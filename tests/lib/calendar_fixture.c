/* calendar_fixture.c - see calendar_fixture.h. Reads the published format and nothing more: what it
 * does not understand is a broken file and ends the test. */
#include "tests/lib/calendar_fixture.h"
#include "common/contract.h"
#include <cyaml/cyaml.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EXCEPTIONS_MAX 4096

struct file_year {
    int year;
    char *off, *work;
};

struct file {
    char *name, *zone, *from, *to, *makeup;
    char *week[7];
    struct file_year *exceptions;
    unsigned exceptions_count;
};

static const cyaml_schema_field_t year_fields[] = {
    CYAML_FIELD_INT("year", CYAML_FLAG_DEFAULT, struct file_year, year),
    CYAML_FIELD_STRING_PTR("off", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct file_year, off,
                           0, CYAML_UNLIMITED),
    CYAML_FIELD_STRING_PTR("work", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct file_year, work,
                           0, CYAML_UNLIMITED),
    CYAML_FIELD_END};
static const cyaml_schema_value_t year_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct file_year, year_fields)};
static const cyaml_schema_value_t spans_schema = {
    CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char *, 0, CYAML_UNLIMITED)};
static const cyaml_schema_field_t file_fields[] = {
    CYAML_FIELD_STRING_PTR("name", CYAML_FLAG_POINTER, struct file, name, 1, CYAML_UNLIMITED),
    CYAML_FIELD_STRING_PTR("zone", CYAML_FLAG_POINTER, struct file, zone, 1, CYAML_UNLIMITED),
    CYAML_FIELD_STRING_PTR("from", CYAML_FLAG_POINTER, struct file, from, 10, 10),
    CYAML_FIELD_STRING_PTR("to", CYAML_FLAG_POINTER, struct file, to, 10, 10),
    CYAML_FIELD_SEQUENCE_FIXED("week", CYAML_FLAG_DEFAULT, struct file, week, &spans_schema, 7),
    CYAML_FIELD_STRING_PTR("makeup", CYAML_FLAG_POINTER, struct file, makeup, 0, CYAML_UNLIMITED),
    CYAML_FIELD_SEQUENCE("exceptions", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct file,
                         exceptions, &year_schema, 0, CYAML_UNLIMITED),
    CYAML_FIELD_END};
static const cyaml_schema_value_t file_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct file, file_fields)};

int32_t calendar_fixture_day(const char *date)
{
    int32_t day = 0;
    REQUIRE(day_parse(str_of(date), &day) == ERR_OK);
    return day;
}

int64_t calendar_fixture_at(const char *local)
{
    char text[40];
    int64_t utc_ms = 0;
    const char *seconds = strlen(local) == 16 ? ":00" : "";
    REQUIRE(snprintf(text, sizeof text, "%s%s+08:00", local, seconds) == 25);
    REQUIRE(time_parse(str_of(text), &utc_ms, NULL) == ERR_OK);
    return utc_ms;
}

static const char *next_item(const char *text)
{
    if (*text == 0) return text;
    REQUIRE(strncmp(text, ", ", 2) == 0);
    return text + 2;
}

/* "08:30-12:00, 13:00-17:30"; "" is a day without work. */
static struct calendar_day_plan plan_of(const char *text)
{
    struct calendar_day_plan p = {.count = 0};
    while (*text) {
        int h1, m1, h2, m2, n = 0;
        REQUIRE(sscanf(text, "%2d:%2d-%2d:%2d%n", &h1, &m1, &h2, &m2, &n) == 4 && n == 11);
        REQUIRE(p.count < CALENDAR_SPANS_MAX);
        p.spans[p.count++] = (struct calendar_span){h1 * 60 + m1, h2 * 60 + m2};
        text += n;
        text = next_item(text);
    }
    return p;
}

static int32_t day_in_year(int year, const char *text)
{
    char date[11];
    REQUIRE(snprintf(date, sizeof date, "%04d-%.5s", year % 10000, text) == 10);
    return calendar_fixture_day(date);
}

/* "05-01..05-05, 06-19" */
static uint32_t days_take(struct calendar_exception *out, uint32_t n, int year, const char *text,
                          bool work)
{
    while (text && *text) {
        int32_t first = day_in_year(year, text), last = first;
        text += 5;
        if (strncmp(text, "..", 2) == 0) {
            last = day_in_year(year, text + 2);
            text += 7;
        }
        REQUIRE(last >= first && n + (uint32_t)(last - first) < EXCEPTIONS_MAX);
        for (int32_t d = first; d <= last; d++)
            out[n++] = (struct calendar_exception){.day = d, .work = work};
        text = next_item(text);
    }
    return n;
}

static struct calendar *compile(const struct file *f, const char *hours)
{
    struct calendar *c = NULL;
    struct fault why = {.text = ""};
    struct calendar_exception *x = calloc(EXCEPTIONS_MAX, sizeof *x);
    REQUIRE(x != NULL);
    struct calendar_source s = {.name = str_of(f->name),
                                .zone = str_of(f->zone),
                                .first_day = calendar_fixture_day(f->from),
                                .last_day = calendar_fixture_day(f->to),
                                .makeup = plan_of(hours ? hours : f->makeup),
                                .exceptions = x};
    for (int i = 0; i < 7; i++)
        s.week[i] = plan_of(hours && *f->week[i] ? hours : f->week[i]);
    for (unsigned i = 0; i < f->exceptions_count; i++) {
        const struct file_year *y = &f->exceptions[i];
        s.exception_count = days_take(x, s.exception_count, y->year, y->off, false);
        s.exception_count = days_take(x, s.exception_count, y->year, y->work, true);
    }
    enum err e = calendar_compile(&s, &c, &why);
    if (e != ERR_OK) fprintf(stderr, "%s: %s\n", f->name, why.text);
    REQUIRE(e == ERR_OK);
    free(x);
    return c;
}

struct calendar *calendar_fixture_load(const char *name, const char *hours)
{
    static const cyaml_config_t config = {
        .log_fn = cyaml_log, .log_level = CYAML_LOG_WARNING, .mem_fn = cyaml_mem};
    char path[256];
    struct file *f = NULL;
    snprintf(path, sizeof path, "deploy/policy/calendars/%s.yaml", name);
    cyaml_err_t e = cyaml_load_file(path, &config, &file_schema, (cyaml_data_t **)&f, NULL);
    if (e != CYAML_OK) fprintf(stderr, "%s: %s\n", path, cyaml_strerror(e));
    REQUIRE(e == CYAML_OK);
    struct calendar *c = compile(f, hours);
    (void)cyaml_free(&config, &file_schema, f, 0);
    return c;
}
