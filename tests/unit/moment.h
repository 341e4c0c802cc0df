/* moment.h - times of the tests as they are read: local at +08:00, "2026-03-02T16:00" with or
 * without seconds. Included behind cmocka.h. */
#ifndef CUIBAN_TESTS_UNIT_MOMENT_H
#define CUIBAN_TESTS_UNIT_MOMENT_H

struct moment {
    char text[40];
};

static inline struct moment moment(const char *local)
{
    struct moment m;
    snprintf(m.text, sizeof m.text, "%s%s+08:00", local, strlen(local) == 16 ? ":00" : "");
    return m;
}

static inline int64_t instant(const char *local)
{
    int64_t ms = 0;
    struct fault why;
    assert_int_equal(time_parse(str_of(moment(local).text), &ms, &why), ERR_OK);
    return ms;
}

#endif
