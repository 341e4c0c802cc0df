/* intake_contract.h - a fact that the contracts themselves turn away, before any service sees it.
 */
#ifndef CUIBAN_TESTS_INTAKE_CONTRACT_H
#define CUIBAN_TESTS_INTAKE_CONTRACT_H

#include "tests/unit/intake_fixture.h"

/* The fact is no fact: the fault is at this field (NULL = wherever). */
static inline void no_fact(const char *type, const char *data, const char *field)
{
    struct buf line = {0};
    buf_printf(&line,
               "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"U1\",\"type\":\"%s\",\"time\":"
               "\"2026-03-02T10:00:00+08:00\",\"data\":%s}",
               type, data);
    for (size_t i = 0; i < line.n; i++) {
        if (line.p[i] == '\'') line.p[i] = '"';
    }
    struct arena arena = {0};
    struct rec_fact fact;
    struct fault faults[8] = {0};
    uint32_t n = 0;
    enum err e = fact_from_json((struct str){(char *)line.p, (uint32_t)line.n}, &arena, &fact,
                                faults, 8, &n);
    assert_int_equal(e, ERR_REFUSED);
    if (field) assert_string_equal(faults[0].field, field);
    buf_fini(&line);
    arena_fini(&arena);
}

#endif
