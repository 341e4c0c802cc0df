/* tables_test.c - the tables of each service: ids and names of their own, keys that can be read. */
#include "common/contract.h"
#include "services/complaint/complaint.h"
#include "services/dispatch/dispatch.h"
#include "services/escalation/escalation.h"
#include "services/headoffice/headoffice.h"
#include "services/intake/intake.h"
#include "services/parts/parts.h"
#include "services/scoring/scoring.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
// clang-format off
#include <cmocka.h>
// clang-format on

static const struct service *const services[] = {
    &intake_service,  &dispatch_service,   &parts_service,     &complaint_service,
    &scoring_service, &escalation_service, &headoffice_service};

static void no_two_tables_of_a_service_share_an_id_or_a_name(void **state)
{
    (void)state;
    for (size_t s = 0; s < COUNT_OF(services); s++) {
        const struct table *v = services[s]->tables;
        for (size_t i = 0; i < services[s]->table_count; i++) {
            assert_true(v[i].id >= TABLE_OWN && v[i].name && v[i].key && v[i].shape);
            for (size_t k = 0; k < i; k++) {
                if (v[i].id == v[k].id || strcmp(v[i].name, v[k].name) == 0)
                    fail_msg("%s: %s and %s", services[s]->name, v[k].name, v[i].name);
            }
        }
    }
}

static void instants_in_a_key_stand_in_order(void **state)
{
    (void)state;
    static const int64_t at[] = {TIME_MIN_MS, -1, 0, 1, INT64_C(1772467200000), TIME_MAX_MS};
    struct key before = {.n = 0};
    for (size_t i = 0; i < COUNT_OF(at); i++) {
        struct key k = key_of(STR("U1"));
        key_time(&k, at[i]);
        if (i) assert_true(before.n == k.n && memcmp(before.b, k.b, k.n) < 0);
        before = k;
        struct key_reader r = {{k.b, k.n}};
        struct str unit;
        uint64_t since;
        assert_int_equal(key_take_str(&r, &unit), ERR_OK);
        assert_int_equal(key_take_u64(&r, &since), ERR_OK);
        assert_true((int64_t)since + TIME_MIN_MS == at[i] && r.rest.n == 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_two_tables_of_a_service_share_an_id_or_a_name),
        cmocka_unit_test(instants_in_a_key_stand_in_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
