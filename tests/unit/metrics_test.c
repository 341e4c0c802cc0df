/* metrics_test.c - what a scraper reads, over a real socket on loopback. */
#include "common/contract.h"
#include "common/metrics.h"
#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

static struct metrics *open_any(void)
{
    struct metrics *m = NULL;
    struct fault why = {0};
    if (metrics_open("127.0.0.1:0", &m, &why) != ERR_OK) fail_msg("%s", why.text);
    assert_non_null(m);
    assert_true(metrics_port(m) > 0);
    return m;
}

/* The whole answer to one request, headers included. */
static const char *ask(const struct metrics *m, const char *request)
{
    static char text[8192];
    size_t n = 0;
    const struct sockaddr_in to = {.sin_family = AF_INET,
                                   .sin_port = htons(metrics_port(m)),
                                   .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int s = socket(AF_INET, SOCK_STREAM, 0);
    assert_true(s >= 0);
    assert_int_equal(connect(s, (const struct sockaddr *)&to, sizeof to), 0);
    dprintf(s, "%s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", request);
    for (ssize_t got; n < sizeof text - 1 && (got = read(s, text + n, sizeof text - 1 - n)) > 0;) {
        n += (size_t)got;
    }
    text[n] = '\0';
    close(s);
    return text;
}

static void has(const char *text, const char *part)
{
    if (!strstr(text, part)) fail_msg("\"%s\" is not in:\n%s", part, text);
}

static void figures_are_shown_as_prometheus_reads_them(void **state)
{
    (void)state;
    struct metric table[] = {
        {"cuiban_events_total", "events taken", METRIC_counter, 0},
        {"cuiban_cursor{log=\"intake\"}", "last record taken", METRIC_gauge, 7},
        {"cuiban_cursor{log=\"dispatch\"}", "last record taken", METRIC_gauge, -1},
    };
    struct metrics *m = open_any();
    assert_int_equal(metrics_show(m, table, COUNT_OF(table)), ERR_OK);
    metric_add(&table[0], 40);
    metric_add(&table[0], 2);
    const char *text = ask(m, "GET /metrics");
    has(text, "HTTP/1.1 200");
    has(text, "Content-Type: text/plain; version=0.0.4");
    has(text, "# HELP cuiban_events_total events taken\n# TYPE cuiban_events_total counter\n"
              "cuiban_events_total 42\n"
              "# HELP cuiban_cursor last record taken\n# TYPE cuiban_cursor gauge\n"
              "cuiban_cursor{log=\"intake\"} 7\n"
              "cuiban_cursor{log=\"dispatch\"} -1\n");
    metric_set(&table[1], 8);
    has(ask(m, "GET /metrics"), "cuiban_cursor{log=\"intake\"} 8\n");
    metrics_close(&m);
    assert_null(m);
}

static void ready_follows_the_flag_alive_does_not(void **state)
{
    (void)state;
    struct metrics *m = open_any();
    has(ask(m, "GET /healthz"), "HTTP/1.1 200");
    has(ask(m, "GET /readyz"), "HTTP/1.1 503");
    metrics_ready(m, true);
    has(ask(m, "GET /readyz"), "HTTP/1.1 200");
    metrics_ready(m, false);
    has(ask(m, "GET /readyz"), "HTTP/1.1 503");
    has(ask(m, "GET /healthz"), "HTTP/1.1 200");
    metrics_close(&m);
}

static void nothing_else_is_answered(void **state)
{
    (void)state;
    struct metrics *m = open_any();
    has(ask(m, "GET /"), "HTTP/1.1 404");
    has(ask(m, "POST /metrics"), "HTTP/1.1 405");
    metrics_close(&m);
}

static void off_means_off(void **state)
{
    (void)state;
    const char *const words[] = {"", "0", "off"};
    struct metric one = {"x", "x", METRIC_gauge, 0};
    for (size_t i = 0; i < COUNT_OF(words); i++) {
        struct metrics *m;
        struct fault why;
        assert_int_equal(metrics_open(words[i], &m, &why), ERR_OK);
        assert_null(m);
        assert_int_equal(metrics_show(m, &one, 1), ERR_OK);
        metrics_ready(m, true);
        assert_int_equal(metrics_port(m), 0);
        metrics_close(&m);
    }
}

static void a_bad_address_is_refused_with_a_sentence(void **state)
{
    (void)state;
    const char *const bad[] = {"127.0.0.1", "127.0.0.1:", "host:12x", ":123456", "127.0.0.1:70000"};
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        struct metrics *m;
        struct fault why = {0};
        assert_int_equal(metrics_open(bad[i], &m, &why), ERR_REFUSED);
        assert_null(m);
        has(why.text, bad[i]);
    }
}

static void a_taken_port_is_an_operating_error(void **state)
{
    (void)state;
    char listen[32];
    struct metrics *m = open_any(), *second;
    struct fault why = {0};
    snprintf(listen, sizeof listen, "127.0.0.1:%u", metrics_port(m));
    assert_int_equal(metrics_open(listen, &second, &why), ERR_IO);
    assert_null(second);
    has(why.text, listen);
    metrics_close(&m);
}

static void tables_have_a_maximum(void **state)
{
    (void)state;
    static const struct metric one = {"x", "x", METRIC_gauge, 0};
    struct metrics *m = open_any();
    for (int i = 0; i < METRICS_TABLES_MAX; i++) {
        assert_int_equal(metrics_show(m, &one, 1), ERR_OK);
    }
    assert_int_equal(metrics_show(m, &one, 1), ERR_FULL);
    metrics_close(&m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(figures_are_shown_as_prometheus_reads_them),
        cmocka_unit_test(ready_follows_the_flag_alive_does_not),
        cmocka_unit_test(nothing_else_is_answered),
        cmocka_unit_test(off_means_off),
        cmocka_unit_test(a_bad_address_is_refused_with_a_sentence),
        cmocka_unit_test(a_taken_port_is_an_operating_error),
        cmocka_unit_test(tables_have_a_maximum),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
