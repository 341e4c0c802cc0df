/* loop_gate.c - the door over the network: facts from centres elsewhere, over tcp with CURVE. Who
 * gets in stands in a file (keys.h), and so does for which sources he speaks; each message is
 * judged by the file as it is now, so a line taken out ends what its key may do. Logs, wake-ups and
 * rows are for this machine alone. */
#include "common/clock.h"
#include "common/contract.h"
#include "common/loop_private.h"
#include "common/note.h"
#include <stdlib.h>
#include <string.h>

#define KEYS_CHECK_MS 500
#define TOLD_EVERY_MS 10000
#define TRIAL_MS 3000

static bool is_wanted(const struct settings *s)
{
    return s->listen[0] && strcmp(s->listen, "off") != 0;
}

static bool may_enter(void *arg, const char *key)
{
    struct gate *g = arg;
    if (keys_find(&g->keys, key)) return true;
    g->tried |= strcmp(key, g->trial) == 0;
    memcpy(g->last_stranger, key, BUS_KEY_SIZE);
    return false;
}

/* A key nobody knows knocks: we have to be asked about it, and it must not get in. */
static enum err try_stranger(struct loop *l, const char *at)
{
    struct gate *g = &l->gate;
    struct bus *own = NULL;
    struct bus_socket *s;
    struct bus_keys stranger;
    if (!bus_keys_make(&stranger)) return ERR_IO;
    memcpy(g->trial, stranger.public_key, BUS_KEY_SIZE);
    enum err e = bus_open(&own);
    if (e == ERR_OK) e = bus_connect_curve(own, at, &stranger, g->keys.own.public_key, &s);
    enum bus_handshake h = BUS_HANDSHAKE_none;
    int64_t until = clock_mono_ms() + TRIAL_MS;
    while (e == ERR_OK && h != BUS_HANDSHAKE_turned_away) {
        bus_wait(l->bus, 5);
        (void)bus_knocks(l->bus, may_enter, g);
        bool in = bus_send(s, NULL, (struct slice){(const uint8_t *)"I", 1}) == ERR_OK;
        h = bus_handshake(s);
        if (in || h == BUS_HANDSHAKE_done) e = ERR_REFUSED;
        if (e == ERR_OK && clock_mono_ms() > until) e = ERR_AGAIN;
    }
    bus_close(&own);
    return e == ERR_OK && !g->tried ? ERR_REFUSED : e;
}

enum err gate_open(struct loop *l, struct fault *why)
{
    struct gate *g = &l->gate;
    char at[SETTING_TEXT_SIZE + 32];
    if (l->options->service->upstream || !is_wanted(&l->settings)) return ERR_OK;
    if (!l->settings.keys[0])
        return fault_set(why, "settings", "missing", "CUIBAN_KEYS",
                         "CUIBAN_LISTEN is set: CUIBAN_KEYS has to name the file with the door's "
                         "key and those it lets in");
    enum err e = keys_load(l->settings.keys, &g->keys, why);
    if (e != ERR_OK) return e;
    e = bus_listen_curve(l->bus, l->settings.listen, g->keys.own.secret, &g->socket);
    if (e != ERR_OK)
        return fault_set(why, "bus", "listen", "CUIBAN_LISTEN", "cannot listen on %.100s: %s",
                         l->settings.listen, "host:port of this machine is wanted, not in use");
    bus_listens_at(g->socket, at, sizeof at);
    e = try_stranger(l, at);
    if (e != ERR_OK) {
        (void)fault_set(why, "S1", "door_open", "CUIBAN_LISTEN",
                        e == ERR_REFUSED ? "a key nobody knows was let in at %.100s"
                                         : "no answer from our own door at %.100s",
                        at);
        return e;
    }
    note(NOTE_info, "door_listens", "at", at, "key", g->keys.own.public_key, "allowed",
         note_num((int64_t)g->keys.count), NULL);
    return ERR_OK;
}

void gate_close(struct loop *l)
{
    keys_fini(&l->gate.keys);
    arena_fini(&l->gate.arena);
}

/* A file with a fault changes nothing, and is told once. */
static void read_again(struct loop *l)
{
    struct gate *g = &l->gate;
    struct keys k;
    struct fault why = {.text = ""};
    if (l->mono_ms - g->looked_ms < KEYS_CHECK_MS) return;
    g->looked_ms = l->mono_ms;
    if (!keys_changed(&g->keys, l->settings.keys)) {
        g->faulty = false;
        return;
    }
    enum err e = keys_load(l->settings.keys, &k, &why);
    if (e != ERR_OK) {
        if (!g->faulty) note(NOTE_error, "keys_refused", "text", why.text, NULL);
        g->faulty = true;
        return;
    }
    g->faulty = false;
    k.own = g->keys.own; /* it listens with this one until it is started anew */
    keys_fini(&g->keys);
    g->keys = k;
    note(NOTE_info, "keys_read", "allowed", note_num((int64_t)k.count), NULL);
}

void gate_turn(struct loop *l)
{
    struct gate *g = &l->gate;
    if (!g->socket) return;
    read_again(l);
    gate_count(l, bus_knocks(l->bus, may_enter, g));
    if (!g->untold || (g->told_ms && l->mono_ms - g->told_ms < TOLD_EVERY_MS)) return;
    note(NOTE_warn, "turned_away", "times", note_num(g->untold), "last_key", g->last_stranger,
         NULL);
    g->untold = 0;
    g->told_ms = l->mono_ms;
}

void gate_count(struct loop *l, uint32_t turned_away)
{
    l->gate.untold += turned_away;
    loop_count(l, LOOP_METRIC_turned_away, turned_away);
}

/* What cannot be read is refused here: nothing of unknown source goes on to another decoder. */
bool gate_lets(struct loop *l, const struct caller *c, struct slice fact, struct rec_outcome *out)
{
    struct gate *g = &l->gate;
    struct rec_fact f = {.number = 0};
    struct fault why = {.text = ""};
    if (!c->allowed) return true; /* of this machine */
    arena_reset(&g->arena);
    enum err e = proto_decode(shape_fact(), fact, &g->arena, &f, &why);
    if (e == ERR_OK && keys_speaks_for(c->allowed, f.source)) return true;
    if (e == ERR_OK) {
        gate_count(l, 1);
        (void)fault_set(&why, "S2", "source", "source", "this key speaks for %.100s, not for %.*s",
                        c->allowed->sources, STR_ARG(f.source));
    }
    *out = (struct rec_outcome){.verdict = STR("refused"),
                                .rule = arena_str(&g->arena, str_of(why.rule)),
                                .code = arena_str(&g->arena, str_of(why.code)),
                                .field = arena_str(&g->arena, str_of(why.field)),
                                .text = arena_str(&g->arena, str_of(why.text))};
    return false;
}
