/* audit.c - reads the logs for the proof: ends first, then each log to its end. The desk's journal
 * is read before anything else, so that whatever the desk had read is inside what is read here even
 * while the services go on. */
#include "services/cli/audit.h"
#include "common/clock.h"
#include "common/contract.h"
#include <inttypes.h>
#include <sodium.h>
#include <stdarg.h>
#include <string.h>

#define COMMIT_EVERY 4096 /* puts into the index */
#define ATTEMPTS_MAX 10
#define PAUSE_MS 100

void audit_wrong(struct audit *a, enum audit_check check, const char *fmt, ...)
{
    struct audit_result *r = &a->results[check];
    char text[400];
    va_list ap;
    if (r->wrong++ >= AUDIT_FAULTS_MAX) return;
    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    buf_printf(&r->places, "    %s\n", text);
}

enum err audit_begin(struct audit *a, struct view *v, const char *dir, struct fault *why)
{
    char path[600];
    *a = (struct audit){.view = v};
    (void)snprintf(path, sizeof path, "%s/index", dir);
    struct store_options o = {.dir = path, .scratch = true};
    return sodium_init() < 0 ? ERR_IO : store_open(&o, &a->index, why);
}

void audit_end(struct audit *a)
{
    store_close(&a->index);
    arena_fini(&a->arena);
    for (int i = 0; i < AUDIT_COUNT; i++)
        buf_fini(&a->results[i].places);
}

/* ---- one record ---- */

static void check_chain(struct audit *a, const struct view_record *r, uint64_t seq)
{
    struct audit_result *chain = &a->results[AUDIT_chain], *order = &a->results[AUDIT_order];
    const char *log = owner_name(r->log);
    const struct rec_entry *e = &r->entry;
    chain->looked_at++;
    order->looked_at++;
    if (e->seq != seq) {
        audit_wrong(a, AUDIT_chain, "%s #%" PRIu64 ": the record says it is #%" PRIu64, log, seq,
                    e->seq);
    }
    if (memcmp(e->prev, a->hash[r->log], sizeof e->prev) != 0) {
        audit_wrong(a, AUDIT_chain,
                    "%s #%" PRIu64 ": does not hold the hash of #%" PRIu64
                    "; one of the two was changed",
                    log, seq, seq - 1);
    }
    if (e->now < a->now_ms[r->log]) {
        audit_wrong(a, AUDIT_order, "%s #%" PRIu64 ": its time lies before that of #%" PRIu64, log,
                    seq, seq - 1);
    }
    bool own = e->cause_log == (uint64_t)r->log;
    if (e->cause_seq && own && e->cause_seq >= seq) {
        audit_wrong(a, AUDIT_order, "%s #%" PRIu64 ": caused by #%" PRIu64 ", which comes later",
                    log, seq, e->cause_seq);
    }
    crypto_generichash(a->hash[r->log], sizeof a->hash[0], r->bytes.p, r->bytes.n, NULL, 0);
    a->now_ms[r->log] = e->now;
}

static enum err check_record(struct audit *a, const struct view_record *r)
{
    if (!r->type) return ERR_OK; /* newer than this program: covered by the chain */
    if (!r->payload) {
        audit_wrong(a, AUDIT_chain, "%s #%" PRIu64 ": the fields of %s do not decode",
                    owner_name(r->log), r->entry.seq, r->type->type);
        return ERR_OK;
    }
    if (strcmp(r->type->entity, "deadline") == 0) return audit_deadline(a, r);
    if (r->type->kind == EV_ledger_moved) return ledger_check_move(a, r);
    return r->type->kind == EV_reminder_issued ? audit_slip(a, r) : ERR_OK;
}

/* A scratch store remembers a batch until it is committed. */
static enum err keep_index(struct audit *a, bool now)
{
    if (a->puts == 0 || (!now && a->puts < COMMIT_EVERY)) return ERR_OK;
    struct journal j = {0};
    a->puts = 0;
    enum err e = store_commit(a->index, &j);
    return e == ERR_OK ? store_checkpoint(a->index) : e;
}

/* ---- one log ---- */

/* A damaged record is named and stepped over; the next one then does not fit the chain either. */
static enum err read_log(struct audit *a, enum owner o)
{
    for (uint64_t seq = a->done[o] + 1; seq <= a->end[o]; seq++) {
        struct slice bytes;
        struct view_record r;
        arena_reset(&a->arena);
        enum err e = reader_record(a->view->reader, o, seq, &bytes);
        if (e == ERR_OK) e = view_record(&a->arena, o, bytes, &r);
        a->done[o] = seq;
        if (e == ERR_NOT_FOUND || e == ERR_CORRUPT) {
            a->results[AUDIT_chain].looked_at++;
            audit_wrong(a, AUDIT_chain, "%s #%" PRIu64 ": %s", owner_name(o), seq,
                        e == ERR_CORRUPT ? "the bytes are damaged" : "the record is missing");
            continue;
        }
        if (e != ERR_OK) return e;
        check_chain(a, &r, seq);
        e = check_record(a, &r);
        if (e == ERR_OK) e = keep_index(a, false);
        if (e != ERR_OK) return e;
    }
    return keep_index(a, true);
}

static enum err find_ends(struct audit *a)
{
    struct reader *reader = a->view->reader;
    uint64_t batch = 0;
    struct journal j = {0};
    enum err e = ERR_OK;
    if (a->done[OWNER_escalation] == 0 && reader_has(reader, OWNER_escalation)) {
        e = reader_last_batch(reader, OWNER_escalation, &batch);
        if (e == ERR_OK && batch) e = reader_journal(reader, OWNER_escalation, batch, &j);
        if (e != ERR_OK) return e;
        memcpy(a->desk_read, j.cursor, sizeof a->desk_read);
        a->desk_read[OWNER_escalation] = j.first_seq + j.count - (batch ? 1 : 0);
        a->end[OWNER_escalation] = a->desk_read[OWNER_escalation];
    }
    for (int o = OWNER_intake; e == ERR_OK && o < OWNER_COUNT; o++) {
        if (o == OWNER_escalation || !reader_has(reader, (enum owner)o)) continue;
        e = reader_last(reader, (enum owner)o, &a->end[o]);
    }
    return e;
}

static void check_presence(struct audit *a)
{
    for (int o = OWNER_intake; o < OWNER_COUNT; o++) {
        if (a->desk_read[o] > a->end[o]) {
            audit_wrong(a, AUDIT_chain,
                        "%s: the desk has read up to #%" PRIu64 ", the log ends at #%" PRIu64,
                        owner_name((enum owner)o), a->desk_read[o], a->end[o]);
        }
    }
}

/* ---- rows against logs ---- */

static const enum audit_check of_rows[] = {AUDIT_deadlines, AUDIT_ledger};

struct mark {
    uint64_t wrong[COUNT_OF(of_rows)];
    size_t places[COUNT_OF(of_rows)];
};

static struct mark mark_of(const struct audit *a)
{
    struct mark m;
    for (size_t i = 0; i < COUNT_OF(of_rows); i++) {
        m.wrong[i] = a->results[of_rows[i]].wrong;
        m.places[i] = a->results[of_rows[i]].places.n;
    }
    return m;
}

static bool is_at(const struct audit *a, const struct mark *m)
{
    for (size_t i = 0; i < COUNT_OF(of_rows); i++) {
        if (a->results[of_rows[i]].wrong != m->wrong[i]) return false;
    }
    return true;
}

static void rewind_to(struct audit *a, const struct mark *m)
{
    for (size_t i = 0; i < COUNT_OF(of_rows); i++) {
        a->results[of_rows[i]].wrong = m->wrong[i];
        a->results[of_rows[i]].places.n = m->places[i];
    }
}

/* The log of o to where it ends by now, and before it those to its left, which it may speak of. */
static enum err catch_up(struct audit *a, enum owner o)
{
    uint64_t last;
    enum err e = reader_last(a->view->reader, o, &last);
    for (int p = OWNER_intake; e == ERR_OK && p < (int)o; p++) {
        if (!reader_has(a->view->reader, (enum owner)p)) continue;
        e = reader_last(a->view->reader, (enum owner)p, &a->end[p]);
        if (e == ERR_OK) e = read_log(a, (enum owner)p);
    }
    if (e != ERR_OK) return e;
    a->end[o] = last;
    return read_log(a, o);
}

/* A running service writes on; its rows are right when they agree at any moment of standing still.
 */
static enum err compare_rows(struct audit *a, enum owner o)
{
    for (int i = 0;; i++) {
        struct mark before = mark_of(a);
        uint64_t last;
        enum err e = audit_rows(a, o);
        if (e == ERR_OK && o == OWNER_parts) e = ledger_check_rows(a);
        if (e != ERR_OK || !reader_live(a->view->reader, o)) return e;
        if (is_at(a, &before)) return ERR_OK;
        e = reader_last(a->view->reader, o, &last);
        if (e != ERR_OK || i >= ATTEMPTS_MAX) {
            a->unsettled |= last != a->end[o];
            return e;
        }
        rewind_to(a, &before);
        clock_sleep_ms(PAUSE_MS);
        e = catch_up(a, o);
        if (e != ERR_OK) return e;
    }
}

enum err audit_run(struct audit *a)
{
    enum err e = find_ends(a);
    if (e == ERR_OK) check_presence(a);
    for (int o = OWNER_intake; e == ERR_OK && o < OWNER_COUNT; o++)
        e = read_log(a, (enum owner)o);
    if (e == ERR_OK) e = audit_levels(a);
    for (int o = OWNER_intake; e == ERR_OK && o < OWNER_COUNT; o++) {
        if (reader_has(a->view->reader, (enum owner)o)) e = compare_rows(a, (enum owner)o);
    }
    return e;
}
