/* cli_story.h - a small house with a story in it, for the tests of the reading commands: unit U1, a
 * call C1 of Monday 2026-03-02 15:00 under the six-hour system, the technician an hour late; a call
 * C2 in time; and a fact that dispatch refuses. Only cli_*_test.c include it. */
#ifndef CUIBAN_TESTS_CLI_STORY_H
#define CUIBAN_TESTS_CLI_STORY_H

#include "common/contract.h"
#include "common/house.h"
#include "services/cli/commands.h"
#include "services/cli/recompute.h"
#include "services/complaint/complaint.h"
#include "services/dispatch/dispatch.h"
#include "services/escalation/escalation.h"
#include "services/headoffice/headoffice.h"
#include "services/intake/intake.h"
#include "services/parts/parts.h"
#include "services/scoring/scoring.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
// clang-format off
#include <cmocka.h>
// clang-format on

struct story {
    char dir[RECOMPUTE_DIR_SIZE],
        data[RECOMPUTE_DIR_SIZE + 8]; /* data: as `cuiban up --dir` lays it out */
    struct policy *policy;
    struct house *house;
    struct arena arena;
    unsigned id;
    char *out_text, *err_text;
    size_t out_n, err_n;
};

static const struct service *const story_services[] = {
    &intake_service,  &dispatch_service,   &parts_service,     &complaint_service,
    &scoring_service, &escalation_service, &headoffice_service};

static inline void story_tell(struct story *s, const char *type, const char *time, const char *data)
{
    struct buf line = {0}, bytes = {0};
    struct rec_fact fact;
    struct rec_outcome outcome;
    struct fault faults[4] = {0};
    uint32_t n;
    arena_reset(&s->arena);
    buf_printf(&line,
               "{\"specversion\":\"1.0\",\"id\":\"f%u\",\"source\":\"U1\",\"type\":\"%s\",\"time\":"
               "\"2026-03-%s:00+08:00\","
               "\"data\":%s}",
               ++s->id, type, time, data);
    for (size_t i = 0; i < line.n; i++) {
        if (line.p[i] == '\'') line.p[i] = '"';
    }
    enum err e = fact_from_json((struct str){(char *)line.p, (uint32_t)line.n}, &s->arena, &fact,
                                faults, 4, &n);
    if (e != ERR_OK) fail_msg("%s: %s", type, faults[0].text);
    proto_encode(shape_fact(), &fact, &bytes);
    assert_int_equal(house_fact(s->house, buf_slice(&bytes), &outcome), ERR_OK);
    if (!str_is(outcome.verdict, "accepted")) fail_msg("%s: %.*s", type, STR_ARG(outcome.text));
    assert_int_equal(house_settle(s->house), ERR_OK);
    buf_fini(&line);
    buf_fini(&bytes);
}

#define STORY_CALL(no, fault)                                                                      \
    "{'call_no':'" no "','unit':'U1','customer':'K" no                                             \
    "','customer_name':'新光超市','address':'中正區 1 號',"                                \
    "'phone':'1','district':'中正區','product':'SN" no                                             \
    "','model':'AC-35','product_line':'appliance','fault':'" fault "'}"

static inline void story_open(struct story *s)
{
    struct policy_fault faults[POLICY_FAULTS_MAX];
    struct fault why = {0};
    uint32_t n;
    memset(s, 0, sizeof *s);
    assert_int_equal(recompute_dir_make(recompute_tmp(), s->dir), ERR_OK);
    (void)snprintf(s->data, sizeof s->data, "%s/data", s->dir);
    assert_int_equal(
        policy_load("deploy/policy/appliance", &s->policy, faults, POLICY_FAULTS_MAX, &n), ERR_OK);
    if (house_open(s->data, s->policy, story_services, COUNT_OF(story_services), &s->house, &why) !=
        ERR_OK)
        fail_msg("%s", why.text);
    story_tell(s, "unit.upserted", "01T09:00",
               "{'unit':'U1','name':'台北服務中心','calendar':'CN','urban':[{'name':'中正區'}]}");
    story_tell(s, "person.upserted", "01T09:01",
               "{'person':'T1','unit':'U1','role':'technician','certified_to':'2030-12-31'}");
    story_tell(s, "call.registered", "02T15:00", STORY_CALL("C1", "不冷"));
    story_tell(s, "job.assigned", "02T15:10", "{'call_no':'C1','technician':'T1'}");
    story_tell(s, "job.arrived", "02T15:20", "{'call_no':'NO-SUCH','technician':'T1'}");
    story_tell(s, "call.registered", "03T08:40", STORY_CALL("C2", "漏水"));
    story_tell(s, "job.assigned", "03T08:50", "{'call_no':'C2','technician':'T1'}");
    story_tell(s, "job.arrived", "03T09:30", "{'call_no':'C2','technician':'T1'}");
    story_tell(s, "job.arrived", "03T13:30", "{'call_no':'C1','technician':'T1'}");
    /* 14:00, so that everything of 13:30 has reached everybody. */
    assert_int_equal(house_until(s->house, INT64_C(1772517600000)), ERR_OK);
}

static inline void story_close(struct story *s)
{
    house_close(&s->house);
    policy_close(&s->policy);
    arena_fini(&s->arena);
    recompute_dir_remove(s->dir);
    free(s->out_text);
    free(s->err_text);
}

/* A view on the house that prints into the story's texts. */
static inline struct view story_view(struct story *s, enum listing_form form)
{
    struct view v;
    struct reader *r;
    assert_int_equal(reader_of_house(s->house, &r), ERR_OK);
    view_begin(&v, r, s->policy);
    free(s->out_text);
    free(s->err_text);
    v.form = form;
    v.out = open_memstream(&s->out_text, &s->out_n);
    v.err = open_memstream(&s->err_text, &s->err_n);
    assert_true(v.out && v.err);
    return v;
}

static inline void story_done(struct view *v)
{
    fclose(v->out);
    fclose(v->err);
    view_close(v);
}

static inline void says(const char *text, const char *what)
{
    if (!strstr(text, what)) fail_msg("\"%s\" is not in:\n%s", what, text);
}

static inline void says_not(const char *text, const char *what)
{
    if (strstr(text, what)) fail_msg("\"%s\" is in:\n%s", what, text);
}

#endif
