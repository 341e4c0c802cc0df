/* intake_install_test.c - delivery, installation, acceptance, mileage: what papers prove of a
 * product. Rules INT-049, INT-061 … INT-064. */
#include "tests/unit/intake_fixture.h"

#define P1 "'product':'P1'"

static struct stage *with_product(const char *policy, const char *more)
{
    struct stage *s = door_open(policy);
    char data[300];
    snprintf(data, sizeof data, "{" P1 ",'model':'AC-1','customer':'K1'%s%s}", *more ? "," : "",
             more);
    tell(s, "product.upserted", "2026-01-05T08:00:00+08:00", data);
    return s;
}

static const char *due_of(struct stage *s, const char *deadline)
{
    return last_with(s, "deadline.armed", "name", deadline, "due");
}

static struct ev_product_upserted file_of(struct stage *s)
{
    struct ev_product_upserted file;
    assert_true(stage_row(s, LOG, INTAKE_TABLE(PRODUCT), key_of(STR("P1")), &file));
    return file;
}

static int32_t day(const char *text)
{
    int32_t d = 0;
    assert_int_equal(day_parse(str_of(text), &d), ERR_OK);
    return d;
}

/* ---- INT-061 ---- */

static void INT_061_the_form_within_five_days_of_the_delivery(void **state)
{
    (void)state;
    struct stage *s = with_product("general", "");
    tell(s, "install.delivered", "2026-03-09T10:00:00+08:00",
         "{" P1 ",'person':'V1','delivered':'2026-03-06'}"); /* a Friday, told on Monday */
    assert_string_equal(due_of(s, "install.form"), "2026-03-13T16:00:00Z");
    assert_int_equal(file_of(s).delivered, day("2026-03-06"));
    tell(s, "install.form_entered", "2026-03-13T17:00:00+08:00", "{" P1 "}");
    assert_string_equal(last_with(s, "deadline.stopped", "name", "install.form", "case_no"),
                        "install/P1");
    stage_until(s, "2026-03-17T00:00:00+08:00");
    assert_int_equal(count_with(s, "deadline.passed", "name", "install.form"), 0);
    stage_close(s);
}

static void INT_061_no_form_the_whole_ladder(void **state)
{
    (void)state;
    struct stage *s = with_product("general", "");
    tell(s, "install.delivered", "2026-03-06T10:00:00+08:00", "{" P1 "}");
    assert_string_equal(stage_last(s, LOG, "install.delivered", "delivered"), "2026-03-06");
    assert_string_equal(due_of(s, "install.form"), "2026-03-13T16:00:00Z");
    stage_until(s, "2026-04-01T00:00:00+08:00");
    assert_int_equal(count_with(s, "deadline.passed", "name", "install.form"), 3);
    stage_close(s);
}

/* The form proves the commissioning: the open call of the product is judged again. */
static void INT_061_the_form_is_the_source_of_the_commissioning(void **state)
{
    (void)state;
    struct stage *s =
        with_product("general", "'warranty_policy':'W-IND-STD','shipped':'2024-12-01'");
    tell(s, "call.registered", "2026-02-02T09:00:00+08:00",
         "{'call_no':'C1'," FULL "," P1 ",'customer':'K1','disposition':'answered'}");
    assert_string_equal(stage_last(s, LOG, "warranty.determined", "last_day"), "2026-06-01");
    tell(s, "install.form_entered", "2026-02-03T09:00:00+08:00",
         "{" P1 ",'commissioned':'2025-01-15','installed':'2025-01-10','evidence':'yes'}");
    assert_string_equal(stage_last(s, LOG, "warranty.determined", "last_day"), "2026-01-15");
    assert_string_equal(stage_last(s, LOG, "warranty.determined", "inside"), "no");
    assert_string_equal(stage_last(s, LOG, "call.reclassified", "category"), "a");
    /* A later file that does not speak of it leaves it as it was proven. */
    tell(s, "product.upserted", "2026-02-04T09:00:00+08:00", "{" P1 ",'model':'AC-2'}");
    assert_int_equal(file_of(s).commissioned, day("2025-01-15"));
    assert_int_equal(file_of(s).evidence, yes_no_yes);
    /* One that says another day stands, without the proof of the former. */
    tell(s, "product.upserted", "2026-02-05T09:00:00+08:00",
         "{" P1 ",'model':'AC-2','commissioned':'2025-02-20'}");
    assert_int_equal(file_of(s).commissioned, day("2025-02-20"));
    assert_int_equal(file_of(s).evidence, yes_no_none);
    stage_close(s);
}

static void INT_061_dates_that_cannot_be(void **state)
{
    (void)state;
    struct stage *s = with_product("general", "'shipped':'2026-02-01'");
    refuse(s, "install.form_entered", "2026-03-02T09:00:00+08:00",
           "{" P1 ",'commissioned':'2026-01-31'}", "INT-038", "commissioned_before_shipped");
    refuse(s, "install.form_entered", "2026-03-02T09:00:00+08:00", "{'product':'P9'}", "INT-061",
           "product_unknown");
    refuse(s, "install.delivered", "2026-03-02T09:00:00+08:00", "{'product':'P9'}", "INT-061",
           "product_unknown");
    refuse(s, "install.delivered", "2026-03-02T09:00:00+08:00", "{" P1 ",'delivered':'2026-03-03'}",
           "INT-061", "delivered_in_future");
    stage_close(s);
}

static void INT_061_a_delivery_told_after_the_form(void **state)
{
    (void)state;
    struct stage *s = with_product("general", "");
    tell(s, "install.form_entered", "2026-03-04T10:00:00+08:00", "{" P1 "}");
    tell(s, "install.delivered", "2026-03-05T10:00:00+08:00", "{" P1 ",'delivered':'2026-03-02'}");
    assert_string_equal(due_of(s, "install.form"), "");
    assert_int_equal(file_of(s).delivered, day("2026-03-02"));
    stage_close(s);
}

/* The first day there is; the form is long overdue. */
static void INT_061_a_delivery_before_the_calendar(void **state)
{
    (void)state;
    struct stage *s = with_product("general", "");
    tell(s, "install.delivered", "2026-03-05T10:00:00+08:00", "{" P1 ",'delivered':'1900-01-01'}");
    stage_until(s, "2026-03-06T00:00:00+08:00");
    tell(s, "install.form_entered", "2026-03-06T10:00:00+08:00", "{" P1 "}");
    stage_close(s);
}

/* ---- INT-062, INT-063 ---- */

static void INT_062_called_back_within_three_days_of_the_report(void **state)
{
    (void)state;
    struct stage *s = with_product("general", "");
    refuse(s, "install.called_back", "2026-03-10T10:00:00+08:00", "{" P1 "}", "INT-062",
           "unknown_number");
    tell(s, "install.form_entered", "2026-03-06T10:00:00+08:00", "{" P1 "}"); /* a Friday */
    assert_string_equal(due_of(s, "install.callback"), "2026-03-11T16:00:00Z");
    refuse(s, "install.accepted", "2026-03-10T10:00:00+08:00", "{" P1 "}", "INT-062", "state");
    tell(s, "install.called_back", "2026-03-11T10:00:00+08:00", "{" P1 ",'by':'L1'}");
    assert_string_equal(last_with(s, "deadline.stopped", "name", "install.callback", "case_no"),
                        "install/P1");
    tell(s, "install.accepted", "2026-03-11T11:00:00+08:00", "{" P1 ",'sheet_no':'A-1'}");
    stage_until(s, "2026-04-01T00:00:00+08:00");
    assert_int_equal(stage_count(s, LOG, "deadline.passed"), 0);
    refuse(s, "install.form_entered", "2026-04-01T11:00:00+08:00", "{" P1 "}", "INT-061", "state");
    stage_close(s);
}

static void INT_062_never_called_the_whole_ladder(void **state)
{
    (void)state;
    struct stage *s = with_product("general", "");
    tell(s, "install.form_entered", "2026-03-06T10:00:00+08:00", "{" P1 "}");
    stage_until(s, "2026-04-01T00:00:00+08:00");
    assert_int_equal(count_with(s, "deadline.passed", "name", "install.callback"), 3);
    stage_close(s);
}

static void INT_062_not_confirmed_is_not_entered(void **state)
{
    (void)state;
    struct stage *s = with_product("general", "");
    tell(s, "install.form_entered", "2026-03-06T10:00:00+08:00", "{" P1 "}");
    tell(s, "install.called_back", "2026-03-06T11:00:00+08:00", "{" P1 ",'confirmed':'no'}");
    refuse(s, "install.accepted", "2026-03-06T12:00:00+08:00", "{" P1 "}", "INT-062",
           "not_confirmed");
    tell(s, "install.form_entered", "2026-03-09T10:00:00+08:00", "{" P1 "}");
    assert_string_equal(due_of(s, "install.callback"), "2026-03-12T16:00:00Z");
    tell(s, "install.called_back", "2026-03-09T11:00:00+08:00", "{" P1 "}");
    tell(s, "install.accepted", "2026-03-09T12:00:00+08:00", "{" P1 "}");
    stage_close(s);
}

static void INT_063_the_users_staff_is_trained(void **state)
{
    (void)state;
    struct stage *s = with_product("general", "");
    refuse(s, "install.user_trained", "2026-03-06T10:00:00+08:00", "{" P1 "}", "INT-063",
           "unknown_number");
    tell(s, "install.form_entered", "2026-03-06T10:00:00+08:00", "{" P1 "}");
    refuse(s, "install.user_trained", "2026-03-06T10:00:00+08:00", "{" P1 ",'call_no':'C9'}",
           "INT-063", "call_unknown");
    tell(s, "install.user_trained", "2026-03-06T11:00:00+08:00",
         "{" P1 ",'trainer':'T1','trained':4}");
    struct rec_row_install row;
    assert_true(stage_row(s, LOG, INTAKE_TABLE(INSTALL), key_of(STR("P1")), &row));
    assert_true(row.state == install_state_form_entered && row.trained == 4);
    assert_true(row.user_trained_at - row.form_entered_at == HOUR_MS);
    stage_close(s);
}

/* INT-063: the contract date goes with the call to dispatch, which holds job.install (DSP-012). */
static void INT_063_the_contract_date_goes_to_dispatch(void **state)
{
    (void)state;
    struct stage *s = door_open("general");
    tell(s, "call.registered", "2026-03-06T10:00:00+08:00",
         "{'call_no':'C1'," FULL "," P1 ",'reporter':'R','fault':'install','order_kind':'install',"
         "'due_day':'2026-03-20'}");
    assert_string_equal(stage_last(s, LOG, "call.queued", "due_day"), "2026-03-20");
    assert_string_equal(stage_last(s, LOG, "call.queued", "order_kind"), "install");
    stage_close(s);
}

/* ---- INT-064 ---- */

static const char *phase_of_call(struct stage *s, const char *no, const char *time)
{
    char data[200];
    snprintf(data, sizeof data, "{'call_no':'%s'," FULL "," P1 ",'disposition':'answered'}", no);
    tell(s, "call.registered", time, data);
    return stage_last(s, LOG, "call.classified", "phase");
}

static void INT_064_the_acceptance_of_a_project_begins_its_guarantee(void **state)
{
    (void)state;
    struct stage *s = with_product("it-project", "");
    assert_string_equal(phase_of_call(s, "C1", "2026-02-28T09:00:00+08:00"), "trial");
    tell(s, "project.accepted", "2026-03-02T09:00:00+08:00",
         "{'project':'J1','date':'2026-03-01','products':[{'name':'P1'}]}");
    assert_int_equal(file_of(s).accepted, day("2026-03-01"));
    assert_string_equal(phase_of_call(s, "C2", "2026-03-02T09:00:00+08:00"), "warranty");
    assert_string_equal(stage_last(s, LOG, "warranty.determined", "last_day"), "2029-03-01");
    tell(s, "product.upserted", "2026-03-03T09:00:00+08:00", "{" P1 ",'model':'AC-2'}");
    assert_int_equal(file_of(s).accepted, day("2026-03-01"));
    refuse(s, "project.accepted", "2026-03-03T09:00:00+08:00",
           "{'project':'J1','date':'2026-03-01','products':[{'name':'P9'}]}", "INT-064",
           "product_unknown");
    stage_close(s);
}

/* ---- INT-049 ---- */

#define KM "s/^  - id: W-VEH.*/&\\n    km: 60000/"

static struct stage *vehicle_call(void)
{
    char root[] = "/tmp/intake_km.XXXXXX", cmd[400];
    assert_non_null(mkdtemp(root));
    snprintf(cmd, sizeof cmd, "cp -r deploy/policy/. %s && sed -i '%s' %s/common/warranty.yaml",
             root, KM, root);
    assert_int_equal(system(cmd), 0);
    struct stage *s = door_open_in(root, "general");
    snprintf(cmd, sizeof cmd, "rm -rf %s", root);
    assert_int_equal(system(cmd), 0);
    tell(s, "product.upserted", "2026-01-05T08:00:00+08:00",
         "{" P1 ",'model':'V','warranty_policy':'W-VEH','purchased':'2026-01-05'}");
    tell(s, "call.registered", "2026-03-02T09:00:00+08:00",
         "{'call_no':'C1'," FULL "," P1 ",'reporter':'R','fault':'f'}");
    assert_string_equal(stage_last(s, LOG, "call.classified", "category"), "c");
    return s;
}

static void INT_049_at_the_limit_the_vehicle_is_covered(void **state)
{
    (void)state;
    struct stage *s = vehicle_call();
    tell(s, "job.diagnosed", "2026-03-02T11:00:00+08:00",
         "{'call_no':'C1','class':'ordinary','mileage':60000}");
    assert_int_equal(stage_count(s, LOG, "call.reclassified"), 0);
    stage_close(s);
}

static void INT_049_beyond_the_mileage_nothing_is_covered(void **state)
{
    (void)state;
    struct stage *s = vehicle_call();
    tell(s, "job.diagnosed", "2026-03-02T11:00:00+08:00",
         "{'call_no':'C1','class':'ordinary','mileage':60001,'dismantled_before':'yes'}");
    assert_string_equal(stage_last(s, LOG, "warranty.determined", "inside"), "no");
    assert_string_equal(stage_last(s, LOG, "call.reclassified", "category"), "a");
    /* It is remembered: the next call of the vehicle is outside from the start. */
    tell(s, "call.registered", "2026-03-03T09:00:00+08:00",
         "{'call_no':'C2'," FULL "," P1 ",'fault':'g','disposition':'answered'}");
    assert_string_equal(stage_last(s, LOG, "warranty.determined", "inside"), "no");
    assert_string_equal(stage_last(s, LOG, "call.classified", "category"), "a");
    stage_close(s);
}

static void INT_049_no_limit_by_default(void **state)
{
    (void)state;
    struct stage *s = with_product("general", "'warranty_policy':'W-VEH','purchased':'2026-01-05'");
    tell(s, "call.registered", "2026-03-02T09:00:00+08:00",
         "{'call_no':'C1'," FULL "," P1 ",'reporter':'R','fault':'f'}");
    tell(s, "job.diagnosed", "2026-03-02T11:00:00+08:00",
         "{'call_no':'C1','class':'ordinary','mileage':900000}");
    assert_int_equal(stage_count(s, LOG, "call.reclassified"), 0);
    stage_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(INT_061_the_form_within_five_days_of_the_delivery),
        cmocka_unit_test(INT_061_no_form_the_whole_ladder),
        cmocka_unit_test(INT_061_the_form_is_the_source_of_the_commissioning),
        cmocka_unit_test(INT_061_dates_that_cannot_be),
        cmocka_unit_test(INT_061_a_delivery_told_after_the_form),
        cmocka_unit_test(INT_061_a_delivery_before_the_calendar),
        cmocka_unit_test(INT_062_called_back_within_three_days_of_the_report),
        cmocka_unit_test(INT_062_never_called_the_whole_ladder),
        cmocka_unit_test(INT_062_not_confirmed_is_not_entered),
        cmocka_unit_test(INT_063_the_users_staff_is_trained),
        cmocka_unit_test(INT_063_the_contract_date_goes_to_dispatch),
        cmocka_unit_test(INT_064_the_acceptance_of_a_project_begins_its_guarantee),
        cmocka_unit_test(INT_049_at_the_limit_the_vehicle_is_covered),
        cmocka_unit_test(INT_049_beyond_the_mileage_nothing_is_covered),
        cmocka_unit_test(INT_049_no_limit_by_default),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
