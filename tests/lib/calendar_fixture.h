/* calendar_fixture.h - calendars of deploy/policy/calendars for tests, without the policy loader.
 */
#ifndef CUIBAN_TESTS_LIB_CALENDAR_FIXTURE_H
#define CUIBAN_TESTS_LIB_CALENDAR_FIXTURE_H

#include "common/calendar.h"

/* Reads deploy/policy/calendars/<name>.yaml and compiles it; the caller closes it. `hours` replaces
 * the spans of every working day ("09:00-18:00"), NULL keeps those of the file. Anything wrong
 * aborts. */
struct calendar *calendar_fixture_load(const char *name, const char *hours);

/* "YYYY-MM-DD HH:MM[:SS]" or with 'T' between, local time at UTC+08:00. Anything else aborts. */
int64_t calendar_fixture_at(const char *local);
int32_t calendar_fixture_day(const char *date);

#endif
