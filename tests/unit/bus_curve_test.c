/* bus_curve_test.c - tcp with CURVE between machines: who gets in, who does not, and what he is
 * told (RELIABILITY S1). On loopback, with the real ZeroMQ. */
#include "common/bus.h"
#include "common/clock.h"
#include <arpa/inet.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <zmq.h>
// clang-format off
#include <cmocka.h>
// clang-format on

#define LONG_MS 5000
#define SHORT_MS 300
#define HELLO ((struct slice){(const uint8_t *)"hello", 5})

struct stage {
    struct bus *door_bus, *caller_bus;
    struct bus_socket *door, *caller;
    struct bus_keys door_keys, keys;
    const char *allowed; /* the one key that may enter */
    char at[100];
};

static bool may_enter(void *arg, const char *key)
{
    const struct stage *s = arg;
    return s->allowed && strcmp(s->allowed, key) == 0;
}

static int open_stage(void **state)
{
    struct stage *s = calloc(1, sizeof *s);
    *state = s;
    assert_true(bus_keys_make(&s->door_keys) && bus_keys_make(&s->keys));
    assert_int_equal(bus_open(&s->door_bus), ERR_OK);
    assert_int_equal(bus_open(&s->caller_bus), ERR_OK);
    assert_int_equal(bus_listen_curve(s->door_bus, "127.0.0.1:0", s->door_keys.secret, &s->door),
                     ERR_OK);
    bus_listens_at(s->door, s->at, sizeof s->at);
    return 0;
}

static int close_stage(void **state)
{
    struct stage *s = *state;
    bus_close(&s->caller_bus);
    bus_close(&s->door_bus);
    free(s);
    return 0;
}

static void call(struct stage *s, const char *door_key)
{
    assert_int_equal(bus_connect_curve(s->caller_bus, s->at, &s->keys, door_key, &s->caller),
                     ERR_OK);
}

/* Both go on until a message arrives or the caller hears that nothing comes of it. */
static bool arrives(struct stage *s, struct bus_message *m, enum bus_handshake *h, uint32_t *away)
{
    bool sent = false;
    *h = BUS_HANDSHAKE_none;
    *away = 0;
    for (int64_t until = clock_mono_ms() + LONG_MS; clock_mono_ms() < until;) {
        bus_wait(s->door_bus, 2);
        *away += bus_knocks(s->door_bus, may_enter, s);
        if (!sent) sent = bus_send(s->caller, NULL, HELLO) == ERR_OK;
        enum bus_handshake now = bus_handshake(s->caller);
        if (now != BUS_HANDSHAKE_none) *h = now;
        if (bus_receive(s->door, m) == ERR_OK) return true;
        if (*h == BUS_HANDSHAKE_turned_away || *h == BUS_HANDSHAKE_broken) return false;
    }
    return false;
}

static void a_key_that_is_allowed_gets_in_and_its_messages_bear_it(void **state)
{
    struct stage *s = *state;
    struct bus_message m = {0};
    enum bus_handshake h;
    uint32_t away;
    s->allowed = s->keys.public_key;
    call(s, s->door_keys.public_key);
    assert_true(arrives(s, &m, &h, &away));
    assert_int_equal(h, BUS_HANDSHAKE_done);
    assert_int_equal(away, 0);
    assert_string_equal(m.key, s->keys.public_key);
    assert_memory_equal(m.bytes.p, "hello", 5);
    assert_int_equal(bus_send(s->door, &m.peer, HELLO), ERR_OK);
    bus_message_fini(&m);
    bus_wait(s->caller_bus, LONG_MS);
    assert_int_equal(bus_receive(s->caller, &m), ERR_OK);
    assert_null(m.key);
    bus_message_fini(&m);
}

static void a_key_nobody_allowed_is_turned_away_counted_and_told(void **state)
{
    struct stage *s = *state;
    struct bus_message m = {0};
    enum bus_handshake h;
    uint32_t away;
    s->allowed = s->door_keys.public_key;
    call(s, s->door_keys.public_key);
    assert_false(arrives(s, &m, &h, &away));
    assert_int_equal(h, BUS_HANDSHAKE_turned_away);
    assert_int_equal(away, 1);
}

static void the_wrong_door_is_noticed(void **state)
{
    struct stage *s = *state;
    struct bus_message m = {0};
    enum bus_handshake h;
    uint32_t away;
    s->allowed = s->keys.public_key;
    call(s, s->keys.public_key);
    assert_false(arrives(s, &m, &h, &away));
    assert_int_equal(h, BUS_HANDSHAKE_broken);
    assert_int_equal(away, 0); /* it did not even come to the question */
}

static void nobody_gets_in_before_the_question_is_answered(void **state)
{
    struct stage *s = *state;
    struct bus_message m = {0};
    s->allowed = s->keys.public_key;
    call(s, s->door_keys.public_key);
    for (int64_t until = clock_mono_ms() + SHORT_MS; clock_mono_ms() < until; clock_sleep_ms(5)) {
        assert_int_equal(bus_send(s->caller, NULL, HELLO), ERR_AGAIN);
        assert_int_equal(bus_receive(s->door, &m), ERR_AGAIN);
    }
}

/* The door turns its rounds; nothing may arrive. */
static void nothing_arrives(struct stage *s)
{
    struct bus_message m = {0};
    for (int64_t until = clock_mono_ms() + SHORT_MS; clock_mono_ms() < until;) {
        bus_wait(s->door_bus, 5);
        (void)bus_knocks(s->door_bus, may_enter, s);
        assert_int_equal(bus_receive(s->door, &m), ERR_AGAIN);
    }
}

/* Without a key, and with a password in its place. */
static void without_a_key_nothing_arrives(void **state)
{
    struct stage *s = *state;
    for (int with_password = 0; with_password < 2; with_password++) {
        char endpoint[120];
        int zero = 0;
        void *context = zmq_ctx_new(), *z = zmq_socket(context, ZMQ_DEALER);
        zmq_setsockopt(z, ZMQ_LINGER, &zero, sizeof zero);
        if (with_password) {
            zmq_setsockopt(z, ZMQ_PLAIN_USERNAME, "root", 4);
            zmq_setsockopt(z, ZMQ_PLAIN_PASSWORD, "root", 4);
        }
        snprintf(endpoint, sizeof endpoint, "tcp://%s", s->at);
        assert_int_equal(zmq_connect(z, endpoint), 0);
        assert_int_equal(zmq_send(z, "hello", 5, ZMQ_DONTWAIT), 5); /* queued, before it is in */
        nothing_arrives(s);
        zmq_close(z);
        zmq_ctx_term(context);
    }
}

static void noise_on_the_line_arrives_nowhere_and_harms_nobody(void **state)
{
    struct stage *s = *state;
    struct sockaddr_in to = {.sin_family = AF_INET};
    const char *port = strrchr(s->at, ':') + 1;
    uint8_t noise[4096];
    to.sin_port = htons((uint16_t)strtol(port, NULL, 10));
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    for (int round = 0; round < 3; round++) {
        for (size_t i = 0; i < sizeof noise; i++)
            noise[i] = (uint8_t)(round == 0 ? i * 131 + 7 : round == 1 ? 0xff : 0);
        if (round == 2) memcpy(noise, "\xff\0\0\0\0\0\0\0\1\x7f\3\1CURVE", 17); /* a greeting */
        int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        assert_int_equal(connect(fd, (struct sockaddr *)&to, sizeof to), 0);
        (void)!send(fd, noise, sizeof noise, MSG_NOSIGNAL);
        nothing_arrives(s);
        close(fd);
    }
    a_key_that_is_allowed_gets_in_and_its_messages_bear_it(state);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_stage, close_stage)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_key_that_is_allowed_gets_in_and_its_messages_bear_it),
        TEST(a_key_nobody_allowed_is_turned_away_counted_and_told),
        TEST(the_wrong_door_is_noticed),
        TEST(nobody_gets_in_before_the_question_is_answered),
        TEST(without_a_key_nothing_arrives),
        TEST(noise_on_the_line_arrives_nowhere_and_harms_nobody),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
