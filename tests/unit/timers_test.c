/* timers_test.c - timers in a real Redis: published, claimed by lease, refilled after a flush, and
 * never needed (N2, N7). Redis runs on a private socket and is stopped by its process id. */
#include "common/clock.h"
#include "common/house.h"
#include "common/timers.h"
#include "tests/lib/stage.h"
#include <hiredis/hiredis.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
// clang-format off
#include <cmocka.h>
// clang-format on

#define DUE INT64_C(1772499600000) /* 2026-03-03T09:00+08:00 */

static const struct deadline_row promise_rows[] = {
    {.name = "promise.due",
     .rule = "INT-100",
     .from = FROM_OCCURRED,
     .due = DUE_GIVEN,
     .start = {EV_promise_made},
     .stop = {EV_promise_kept}},
};

static enum err tiny_step(struct step *st, const void *payload)
{
    struct deadline_ctx c = {.occurred_ms = st->in->occurred};
    if (st->type->kind == EV_promise_made) {
        c.case_no = ((const struct ev_promise_made *)payload)->call_no;
        c.given_ms = ((const struct ev_promise_made *)payload)->due;
    } else {
        c.case_no = ((const struct ev_promise_kept *)payload)->call_no;
    }
    return deadline_run(st, promise_rows, 1, st->type->kind, &c, payload);
}

static const struct service tiny = {.name = "intake", .owner = OWNER_intake, .step = tiny_step};

struct world {
    char dir[64], sock[96];
    pid_t redis;
    struct stage *stage;
    struct timers *timers;
    int64_t mono;
};

static void redis_start(struct world *w)
{
    w->redis = fork();
    if (w->redis == 0) {
        execlp("redis-server", "redis-server", "--port", "0", "--unixsocket", w->sock, "--save", "",
               "--dir", w->dir, "--loglevel", "warning", "--logfile", "/dev/null", (char *)NULL);
        _exit(127);
    }
    for (int i = 0; i < 500; i++) {
        redisContext *c = redisConnectUnix(w->sock);
        bool up = c && !c->err;
        if (c) redisFree(c);
        if (up) return;
        clock_sleep_ms(10);
    }
    fail_msg("redis-server does not start");
}

static void redis_stop(struct world *w)
{
    if (w->redis > 0) {
        kill(w->redis, SIGKILL);
        waitpid(w->redis, NULL, 0);
    }
    w->redis = 0;
}

static int setup(void **state)
{
    static const struct service *const services[] = {&tiny};
    struct world *w = calloc(1, sizeof *w);
    snprintf(w->dir, sizeof w->dir, "/tmp/timers_test.XXXXXX");
    assert_non_null(mkdtemp(w->dir));
    snprintf(w->sock, sizeof w->sock, "%s/redis.sock", w->dir);
    redis_start(w);
    w->stage = stage_open("deploy/policy/civic-requests", services, 1);
    assert_int_equal(timers_open(w->sock, "t", stage_node(w->stage, OWNER_intake), &w->timers),
                     ERR_OK);
    *state = w;
    return 0;
}

static int teardown(void **state)
{
    struct world *w = *state;
    timers_close(&w->timers);
    stage_close(w->stage);
    redis_stop(w);
    char cmd[96];
    snprintf(cmd, sizeof cmd, "rm -rf '%s'", w->dir);
    assert_int_equal(system(cmd), 0);
    free(w);
    return 0;
}

/* Publishing goes on a slice at a time; each call is a second later. */
static void publish(struct world *w)
{
    for (int i = 0; i < 5; i++)
        timers_publish(w->timers, w->mono += 1100);
}

static void promise(struct world *w, const char *call)
{
    char data[128];
    snprintf(data, sizeof data, "{'call_no':'%s','due':'2026-03-03T09:00:00+08:00'}", call);
    assert_string_equal(stage_tell(w->stage, "promise.made", "2026-03-03T08:00:00+08:00", data),
                        "accepted");
}

static long long number(struct world *w, const char *command)
{
    redisContext *c = redisConnectUnix(w->sock);
    assert_true(c && !c->err);
    redisReply *r = redisCommand(c, command);
    assert_non_null(r);
    long long n = r->integer;
    freeReplyObject(r);
    redisFree(c);
    return n;
}

static uint32_t claimed(struct world *w, int64_t now)
{
    uint32_t owners;
    int64_t next;
    assert_int_equal(
        timers_claim(w->timers, IN(OWNER_intake) | IN(OWNER_dispatch), now, &owners, &next),
        ERR_OK);
    return owners;
}

static void published_and_claimed_once_per_lease(void **state)
{
    struct world *w = *state;
    promise(w, "C1");
    publish(w);
    assert_true(timers_healthy(w->timers));
    assert_int_equal(number(w, "ZCARD due:{t}:intake"), 1);
    assert_int_equal(claimed(w, DUE), 0); /* strictly after */
    assert_int_equal(claimed(w, DUE + 1), IN(OWNER_intake));
    assert_int_equal(claimed(w, DUE + 2), 0); /* leased */
    assert_int_equal(claimed(w, DUE + TIMERS_LEASE_MS), 0);
    /* The lease ends, and it is due again. */
    assert_int_equal(claimed(w, DUE + 1 + TIMERS_LEASE_MS), IN(OWNER_intake));
}

/* N7: a timer claimed by a clock that was ahead comes back at once, not at that clock's time. */
static void n7_a_lease_by_a_clock_that_was_ahead_does_not_move_the_timer(void **state)
{
    struct world *w = *state;
    promise(w, "C1");
    publish(w);
    assert_int_equal(claimed(w, DUE + 9 * MINUTE_MS), IN(OWNER_intake));
    number(w, "ZADD lease:{t}:intake 1 x"); /* any member whose lease is over */
    assert_int_equal(claimed(w, DUE - MINUTE_MS), IN(OWNER_intake));
}

static void n7_a_flush_is_noticed_and_everything_published_again(void **state)
{
    struct world *w = *state;
    promise(w, "C1");
    promise(w, "C2");
    publish(w);
    number(w, "FLUSHALL");
    assert_int_equal(number(w, "ZCARD due:{t}:intake"), 0);
    publish(w);
    assert_int_equal(number(w, "ZCARD due:{t}:intake"), 2);
    assert_true(timers_healthy(w->timers));
}

/* Found by the simulator: the first batch after a flush set the generation anew. */
static void n7_a_flush_right_before_a_batch_is_noticed(void **state)
{
    struct world *w = *state;
    promise(w, "C1");
    publish(w);
    number(w, "FLUSHALL");
    const char *verdict = stage_tell_open(w->stage, "promise.made", "2026-03-03T08:00:00+08:00",
                                          "{'call_no':'C2','due':'2026-03-03T09:00:00+08:00'}");
    assert_string_equal(verdict, "accepted");
    timers_publish(w->timers, w->mono); /* no time for the look at the generation */
    assert_int_equal(house_settle(stage_house(w->stage)), ERR_OK);
    publish(w);
    assert_int_equal(number(w, "ZCARD due:{t}:intake"), 2);
}

static void n2_redis_gone_is_unhealthy_and_comes_back_by_itself(void **state)
{
    struct world *w = *state;
    promise(w, "C1");
    publish(w);
    redis_stop(w);
    publish(w);
    assert_false(timers_healthy(w->timers));
    uint32_t owners;
    int64_t next;
    assert_int_equal(timers_claim(w->timers, IN(OWNER_intake), DUE, &owners, &next), ERR_AGAIN);
    redis_start(w);
    w->mono += clock_mono_ms(); /* claim dials on the machine's clock */
    publish(w);
    publish(w);
    assert_true(timers_healthy(w->timers));
    assert_int_equal(number(w, "ZCARD due:{t}:intake"), 1);
}

static void a_wrong_type_under_our_key_is_survived(void **state)
{
    struct world *w = *state;
    promise(w, "C1");
    publish(w);
    number(w, "DEL due:{t}:intake");
    number(w, "RPUSH due:{t}:intake x");
    uint32_t owners;
    int64_t next;
    assert_int_equal(timers_claim(w->timers, IN(OWNER_intake), DUE + 1, &owners, &next), ERR_OK);
    assert_int_equal(owners, 0);
    assert_false(timers_healthy(w->timers));
    publish(w);
    assert_true(timers_healthy(w->timers)); /* and mended */
    assert_int_equal(number(w, "ZCARD due:{t}:intake"), 1);
}

/* A timer that ended while Redis did not answer is not claimed for ever afterwards. */
static void what_ended_while_redis_was_away_is_forgotten(void **state)
{
    struct world *w = *state;
    promise(w, "C1");
    promise(w, "C2");
    publish(w);
    kill(w->redis, SIGSTOP);
    stage_tell(w->stage, "promise.kept", "2026-03-03T08:30:00+08:00", "{'call_no':'C1'}");
    publish(w);
    assert_false(timers_healthy(w->timers));
    kill(w->redis, SIGCONT);
    w->mono += clock_mono_ms();
    publish(w);
    publish(w);
    assert_true(timers_healthy(w->timers));
    assert_int_equal(number(w, "ZCARD due:{t}:intake"), 1);
}

/* The desk meets a key it cannot read: the others are claimed all the same, and its owner publishes
 * anew. */
static void a_wrong_type_under_one_key_does_not_stop_the_claims(void **state)
{
    struct world *w = *state;
    promise(w, "C1");
    publish(w);
    number(w, "SET due:{t}:dispatch nonsense");
    number(w, "SET gen:{t}:dispatch 1");
    assert_int_equal(claimed(w, DUE + 1), IN(OWNER_intake));
    assert_int_equal(number(w, "EXISTS gen:{t}:dispatch"), 0);
    assert_true(timers_healthy(w->timers));
}

int main(void)
{
    signal(SIGPIPE, SIG_IGN); /* as every service does */
    if (system("command -v redis-server >/dev/null 2>&1") != 0) {
        print_message("skipped: no redis-server\n");
        return 77;
    }
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        T(published_and_claimed_once_per_lease),
        T(n7_a_lease_by_a_clock_that_was_ahead_does_not_move_the_timer),
        T(n7_a_flush_is_noticed_and_everything_published_again),
        T(n7_a_flush_right_before_a_batch_is_noticed),
        T(n2_redis_gone_is_unhealthy_and_comes_back_by_itself),
        T(a_wrong_type_under_our_key_is_survived),
        T(what_ended_while_redis_was_away_is_forgotten),
        T(a_wrong_type_under_one_key_does_not_stop_the_claims),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
