/* settings.c - see settings.h. */
#include "common/settings.h"
#include "common/bytes.h"
#include "common/contract.h"
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

extern char **environ;

static const char *const known[] = {
#define TEXT_S(name, env, def, help) env,
#define NUM_S(name, env, def, min, max, help) env,
    SETTINGS(TEXT_S, NUM_S)
#undef TEXT_S
#undef NUM_S
        "CUIBAN_SHARED",
    "CUIBAN_GOLDEN_WRITE", /* read by tests only */
};

static enum err check_names(struct fault *why)
{
    for (char **v = environ; *v; v++) {
        if (strncmp(*v, "CUIBAN_", 7) != 0) continue;
        size_t n = strcspn(*v, "=");
        bool found = false;
        for (size_t i = 0; i < COUNT_OF(known); i++) {
            found |= strlen(known[i]) == n && memcmp(known[i], *v, n) == 0;
        }
        if (!found) {
            return fault_set(why, "settings", "unknown_setting", *v,
                             "%.*s is not a setting; `cuiban help settings` lists them", (int)n,
                             *v);
        }
    }
    return ERR_OK;
}

static enum err take_text(char *out, const char *env, const char *def, struct fault *why)
{
    const char *v = getenv(env);
    if (!v || !*v) v = def;
    if (snprintf(out, SETTING_TEXT_SIZE, "%s", v) < SETTING_TEXT_SIZE) return ERR_OK;
    return fault_set(why, "settings", "too_long", env, "%s is longer than %d bytes", env,
                     SETTING_TEXT_SIZE - 1);
}

static enum err take_num(int64_t *out, const char *env, const int64_t range[3], struct fault *why)
{
    const char *v = getenv(env);
    *out = range[0];
    if (!v || !*v) return ERR_OK;
    char *end;
    errno = 0;
    *out = strtoll(v, &end, 10);
    if (!errno && !*end && *out >= range[1] && *out <= range[2]) return ERR_OK;
    return fault_set(why, "settings", "out_of_range", env,
                     "%s is %s; a whole number from %" PRId64 " to %" PRId64 " is wanted", env, v,
                     range[1], range[2]);
}

enum err settings_load(struct settings *out, struct fault *why)
{
    enum err e = check_names(why);
#define TEXT_S(name, env, def, help)                                                               \
    if (e == ERR_OK) e = take_text(out->name, env, def, why);
#define NUM_S(name, env, def, min, max, help)                                                      \
    if (e == ERR_OK) e = take_num(&out->name, env, (const int64_t[3]){def, min, max}, why);
    SETTINGS(TEXT_S, NUM_S)
#undef TEXT_S
#undef NUM_S
    if (e == ERR_OK && strcmp(out->clock, "wall") != 0 && strcmp(out->clock, "event") != 0) {
        e = fault_set(why, "settings", "unknown_word", "CUIBAN_CLOCK",
                      "CUIBAN_CLOCK is wall or event");
    }
    return e;
}

void settings_help(FILE *out)
{
#define TEXT_S(name, env, def, help) fprintf(out, "  %-26s %s (default %s)\n", env, help, def);
#define NUM_S(name, env, def, min, max, help)                                                      \
    fprintf(out, "  %-26s %s (%" PRId64 " to %" PRId64 ", default %" PRId64 ")\n", env, help,      \
            (int64_t)(min), (int64_t)(max), (int64_t)(def));
    SETTINGS(TEXT_S, NUM_S)
#undef TEXT_S
#undef NUM_S
}
