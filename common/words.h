/* words.h - a list of texts of a policy. */
#ifndef CUIBAN_COMMON_WORDS_H
#define CUIBAN_COMMON_WORDS_H

#include "common/bytes.h"

struct words {
    const struct str *v;
    uint32_t n;
};
bool words_have(struct words w, struct str word);

#endif
