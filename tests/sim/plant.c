/* plant.c - which bug of common/plant.h is planted; linked only into builds with CUIBAN_PLANT. */
#include "common/plant.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool plant_is(enum plant p)
{
    static const char *const names[] = {"none",
#define PLANT_NAME(name) #name,
                                        PLANTS(PLANT_NAME)
#undef PLANT_NAME
    };
    static enum plant chosen;
    static bool looked;
    const char *name = looked ? NULL : getenv("PLANTED_BUG");
    looked = true;
    if (name) {
        while (chosen < sizeof names / sizeof *names && strcmp(names[chosen], name) != 0)
            chosen++;
        if (chosen == sizeof names / sizeof *names) {
            fprintf(stderr, "PLANTED_BUG=%s: there is no such bug in common/plant.h\n", name);
            abort();
        }
    }
    return p == chosen;
}

bool plant_lost(const char *what, const char *name, size_t name_bytes)
{
    static const char *chosen;
    static bool looked;
    size_t n = strlen(what);
    if (!looked) chosen = getenv("PLANTED_DEADLINE");
    looked = true;
    if (!chosen || strncmp(chosen, what, n) != 0 || chosen[n] != ':') return false;
    return strlen(chosen + n + 1) == name_bytes && memcmp(chosen + n + 1, name, name_bytes) == 0;
}
