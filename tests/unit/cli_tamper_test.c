/* cli_tamper_test.c - N10: whatever is changed in the stores of a stopped stack is found and its
 * place named. Single bytes of keys and values; then an insider's work, who writes rows with right
 * check values and links the log anew behind what he changed. */
#include "tests/unit/cli_tamper.h"
#include <sodium.h>

#define FLIPS 300

/* ---- single bytes ---- */

static void the_untouched_stores_verify(void **state)
{
    (void)state;
    struct buf places = {0};
    for (size_t i = 0; i < COUNT_OF(story_services); i++)
        assert_int_equal(scrubbed(story_services[i]->owner, &places), 0);
    if (verify() != CLI_OK) fail_msg("%s", story.out_text);
    buf_fini(&places);
    put_all_back();
}

static void place_of(enum owner o, const struct row *row, bool in_key, char out[64])
{
    const struct table *t =
        row->part == STORE_PART_state ? view_table(view_service(o), row->key.p[0]) : NULL;
    bool numbered = row->part == STORE_PART_log || row->part == STORE_PART_journal ||
                    row->part == STORE_PART_redo;
    const char *what = row->part == STORE_PART_log       ? "#"
                       : row->part == STORE_PART_journal ? "journal row "
                       : row->part == STORE_PART_redo    ? "redo row "
                       : row->part == STORE_PART_meta    ? "meta"
                                                         : "";
    if (numbered && !in_key) {
        (void)snprintf(out, 64, "%s%llu: ", what, (unsigned long long)number_of(row));
    } else {
        (void)snprintf(out, 64, "%s", in_key || !t ? what : t->name);
    }
}

static void flip_one(const struct image *m, const struct row *row)
{
    bool in_key = draw((uint32_t)(row->key.n + row->row_n)) < row->key.n;
    size_t at = in_key ? row->key_at + draw((uint32_t)row->key.n)
                       : row->row_at + draw((uint32_t)row->row_n);
    struct image changed = *m;
    struct buf places = {0};
    char place[64];
    changed.bytes = (struct buf){0};
    buf_put(&changed.bytes, m->bytes.p, m->bytes.n);
    changed.bytes.p[at] ^= (uint8_t)(1 + draw(255));
    put_back(&changed);
    place_of(m->owner, row, in_key, place);
    bool found = scrubbed(m->owner, &places) > 0;
    if (!found) {
        buf_clear(&places);
        found = !replays(m->owner, &places);
        put_all_back();
    }
    if (!found || !strstr((char *)places.p, place))
        fail_msg("%s %s, byte %zu%s: %s: %s", owner_name(m->owner), store_part_name(row->part), at,
                 in_key ? " (key)" : "", place, (char *)places.p);
    buf_fini(&places);
    buf_fini(&changed.bytes);
    put_back(m);
}

static void n10_any_flipped_byte_of_a_row_is_named(void **state)
{
    (void)state;
    struct rows *rows[FILES];
    for (size_t i = 0; i < FILES; i++) {
        rows[i] = calloc(1, sizeof *rows[i]);
        assert_non_null(rows[i]);
        for (int p = 0; p < STORE_PART_COUNT; p++) {
            bool log = p == STORE_PART_log || p == STORE_PART_journal || p == STORE_PART_redo;
            if (log == images[i].log) rows_take(&images[i], (enum store_part)p, rows[i]);
        }
    }
    for (int i = 0; i < FLIPS; i++) {
        uint32_t file = draw(FILES);
        flip_one(&images[file], &rows[file]->v[draw(rows[file]->n)]);
    }
    for (size_t i = 0; i < FILES; i++)
        rows_free(rows[i]);
}

static void n10_a_cut_or_overwritten_file_is_named(void **state)
{
    (void)state;
    for (size_t i = 0; i < FILES; i++) {
        struct buf places = {0};
        assert_int_equal(truncate(images[i].path, (off_t)(images[i].bytes.n / 2)), 0);
        assert_true(scrubbed(images[i].owner, &places) > 0);
        says((char *)places.p, owner_name(images[i].owner));
        put_back(&images[i]);
        struct image zeros = images[i];
        zeros.bytes = (struct buf){0};
        buf_put(&zeros.bytes, images[i].bytes.p, images[i].bytes.n);
        memset(zeros.bytes.p + 8192, 0, zeros.bytes.n - 8192);
        put_back(&zeros);
        buf_clear(&places);
        assert_true(scrubbed(images[i].owner, &places) > 0);
        put_back(&images[i]);
        buf_fini(&zeros.bytes);
        buf_fini(&places);
    }
}

/* ---- S9: an insider's rows ---- */

static void insider_row(enum owner o, const struct row *row, bool remove)
{
    struct raw r = raw_open(image_of(o, false));
    struct buf value = {0}, places = {0};
    MDB_dbi dbi = raw_dbi(&r, STORE_PART_state);
    MDB_val k = {row->key.n, (void *)(uintptr_t)row->key.p};
    if (row->value.n) buf_put(&value, row->value.p, row->value.n);
    if (value.n) value.p[draw((uint32_t)value.n)] ^= (uint8_t)(1 + draw(255));
    if (remove || !value.n) {
        assert_int_equal(mdb_del(r.txn, dbi, &k, NULL), 0);
    } else {
        raw_put(&r, dbi, row->key, buf_slice(&value));
    }
    raw_close(&r);
    const struct table *t = view_table(view_service(o), row->key.p[0]);
    if (replays(o, &places)) fail_msg("%s: a row of %s", owner_name(o), t ? t->name : "a table");
    says((char *)places.p, t ? t->name : "table");
    put_all_back();
    buf_fini(&value);
    buf_fini(&places);
}

/* Only rows that no redo row behind the checkpoint writes again. */
static bool is_rewritten(const struct rows *redo, const struct row *row)
{
    for (uint32_t i = 0; i < redo->n; i++) {
        struct slice all = redo->v[i].value;
        if (all.n && memmem(all.p, all.n, row->key.p, row->key.n)) return true;
    }
    return false;
}

static void s9_a_row_changed_or_removed_with_its_check_value_is_named(void **state)
{
    (void)state;
    uint32_t cases = 0;
    for (size_t i = 0; i < COUNT_OF(story_services); i++) {
        enum owner o = story_services[i]->owner;
        struct rows *rows = rows_of(o, STORE_PART_state), *redo = rows_of(o, STORE_PART_redo);
        for (uint32_t k = 0; k < rows->n; k++) {
            if (is_rewritten(redo, &rows->v[k])) continue;
            insider_row(o, &rows->v[k], k % 2);
            cases++;
        }
        rows_free(rows);
        rows_free(redo);
    }
    assert_true(cases > 60);
}

static void s9_another_due_time_in_a_row_is_named(void **state)
{
    (void)state;
    struct key k = {.b = {TABLE_DEADLINE}, .n = 1};
    key_str(&k, STR("C1"));
    key_u8(&k, 1);
    key_str(&k, STR("job.arrival"));
    struct rows *rows = rows_of(OWNER_dispatch, STORE_PART_state);
    struct buf bytes = {0}, places = {0};
    for (uint32_t i = 0; i < rows->n; i++) {
        struct rec_row_deadline row;
        struct fault why;
        if (rows->v[i].key.n != k.n || memcmp(rows->v[i].key.p, k.b, k.n) != 0) continue;
        assert_int_equal(
            proto_decode(shape_row_deadline(), rows->v[i].value, &rows->arena, &row, &why), ERR_OK);
        row.due += 2 * HOUR_MS;
        proto_encode(shape_row_deadline(), &row, &bytes);
    }
    assert_true(bytes.n > 0);
    struct raw r = raw_open(image_of(OWNER_dispatch, false));
    raw_put(&r, raw_dbi(&r, STORE_PART_state), (struct slice){k.b, k.n}, buf_slice(&bytes));
    raw_close(&r);
    assert_false(replays(OWNER_dispatch, &places));
    says((char *)places.p, "deadline C1 / 1 / job.arrival");
    put_all_back();
    rows_free(rows);
    buf_fini(&bytes);
    buf_fini(&places);
}

/* ---- S9: an insider's log, linked anew ---- */

enum act { ACT_re_date, ACT_other_actor, ACT_remove, ACT_COUNT };

static void journal_shift(struct raw *r, const struct rows *journal, uint64_t gone)
{
    MDB_dbi dbi = raw_dbi(r, STORE_PART_journal);
    for (uint32_t i = 0; i < journal->n; i++) {
        struct journal j;
        struct buf line = {0};
        assert_int_equal(journal_read(journal->v[i].value, &j), ERR_OK);
        if (j.first_seq + j.count <= gone) continue;
        if (j.first_seq > gone) {
            j.first_seq--;
        } else {
            j.count--;
        }
        buf_put(&line, &j, JOURNAL_BYTES);
        buf_put(&line, j.runs.p, j.runs.n);
        raw_put(r, dbi, journal->v[i].key, buf_slice(&line));
        buf_fini(&line);
    }
}

static void change(struct rec_entry *e, enum act act)
{
    if (act == ACT_re_date) e->occurred += HOUR_MS;
    if (act == ACT_other_actor) e->actor = STR("somebody else");
}

/* Record `at` changed or taken out; those behind it carry the right hashes again. */
static void link_anew(enum owner o, const struct rows *log, uint64_t at, enum act act)
{
    struct rows *journal = rows_of(o, STORE_PART_journal);
    struct raw r = raw_open(image_of(o, true));
    MDB_dbi dbi = raw_dbi(&r, STORE_PART_log);
    uint8_t prev[32] = {0};
    struct arena a = {0};
    uint64_t seq = 0;
    for (uint32_t i = 0; i < log->n; i++) {
        struct rec_entry e;
        struct fault why;
        struct buf bytes = {0};
        if (act == ACT_remove && i + 1 == at) continue;
        assert_int_equal(proto_decode(shape_entry(), log->v[i].value, &a, &e, &why), ERR_OK);
        e.seq = ++seq;
        memcpy(e.prev, prev, sizeof prev);
        if (i + 1 == at) change(&e, act);
        proto_encode(shape_entry(), &e, &bytes);
        crypto_generichash(prev, sizeof prev, bytes.p, bytes.n, NULL, 0);
        raw_put(&r, dbi, (struct slice){(const uint8_t *)&seq, 8}, buf_slice(&bytes));
        buf_fini(&bytes);
    }
    if (act == ACT_remove) {
        uint64_t last = log->n;
        MDB_val k = {8, &last};
        assert_int_equal(mdb_del(r.txn, dbi, &k, NULL), 0);
        journal_shift(&r, journal, at);
    }
    raw_close(&r);
    arena_fini(&a);
    rows_free(journal);
}

static void n10_a_log_linked_anew_is_found_out(void **state)
{
    (void)state;
    static const enum owner owners[] = {OWNER_intake, OWNER_dispatch, OWNER_escalation};
    for (size_t i = 0; i < COUNT_OF(owners); i++) {
        struct rows *log = rows_of(owners[i], STORE_PART_log);
        struct buf places = {0};
        assert_true(log->n > 3);
        for (uint64_t at = 1; at <= log->n; at++) {
            link_anew(owners[i], log, at, (enum act)(at % ACT_COUNT));
            assert_int_equal(scrubbed(owners[i], &places), 0); /* every row for itself is right */
            if (verify() == CLI_OK)
                fail_msg("%s #%llu, act %llu", owner_name(owners[i]), (unsigned long long)at,
                         (unsigned long long)at % ACT_COUNT);
            put_all_back();
        }
        buf_fini(&places);
        rows_free(log);
    }
}

/* The first record of the kind, from 1. */
static uint64_t first_of(const struct rows *log, enum owner o, enum event_kind kind)
{
    struct arena a = {0};
    uint64_t found = 0;
    for (uint32_t i = 0; !found && i < log->n; i++) {
        struct view_record r;
        assert_int_equal(view_record(&a, o, log->v[i].value, &r), ERR_OK);
        if (r.type && r.type->kind == kind) found = i + 1;
    }
    arena_fini(&a);
    assert_true(found > 0);
    return found;
}

static void acts_on(enum owner o, enum event_kind kind, enum act act, const char *said)
{
    struct rows *log = rows_of(o, STORE_PART_log);
    uint64_t at = first_of(log, o, kind);
    char place[64];
    link_anew(o, log, at, act);
    assert_int_equal(verify(), CLI_REFUSED);
    (void)snprintf(place, sizeof place, said, (unsigned long long)at);
    says(story.out_text, place);
    put_all_back();
    rows_free(log);
}

static void s9_a_slip_taken_out_of_the_log_is_named(void **state)
{
    (void)state;
    acts_on(OWNER_escalation, EV_reminder_issued, ACT_remove, "was passed and has no 催辦單");
    acts_on(OWNER_escalation, EV_reminder_issued, ACT_remove,
            "escalation #%llu is not what its replay gives");
}

static void s9_a_case_dated_anew_is_named(void **state)
{
    (void)state;
    /* The door is told the same again; what it made of it says otherwise. */
    acts_on(OWNER_intake, EV_call_registered, ACT_re_date, "intake #");
    acts_on(OWNER_dispatch, EV_job_arrived, ACT_re_date,
            "dispatch #%llu is not what its replay gives");
}

/* ---- journal rows ---- */

static void journal_case(enum owner o, const struct row *row, size_t at)
{
    struct raw r = raw_open(image_of(o, true));
    struct buf line = {0}, places = {0};
    buf_put(&line, row->value.p, row->value.n);
    line.p[at] ^= (uint8_t)(1 + draw(255));
    raw_put(&r, raw_dbi(&r, STORE_PART_journal), row->key, buf_slice(&line));
    raw_close(&r);
    bool found = scrubbed(o, &places) > 0 || !replays(o, &places);
    if (!found)
        fail_msg("%s journal row %llu, byte %zu", owner_name(o), (unsigned long long)number_of(row),
                 at);
    put_all_back();
    buf_fini(&line);
    buf_fini(&places);
}

/* But its time: the clock may have stood anywhere up to that of the row behind it. */
static void n10_a_journal_row_changed_with_its_check_value_is_found(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(story_services); i++) {
        enum owner o = story_services[i]->owner;
        struct rows *rows = rows_of(o, STORE_PART_journal);
        for (uint32_t k = 0; k < rows->n; k++) {
            size_t at = draw((uint32_t)rows->v[k].value.n);
            size_t now = offsetof(struct journal, now_ms);
            if (at < now || at >= now + 8) journal_case(o, &rows->v[k], at);
        }
        rows_free(rows);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_untouched_stores_verify),
        cmocka_unit_test(n10_any_flipped_byte_of_a_row_is_named),
        cmocka_unit_test(n10_a_cut_or_overwritten_file_is_named),
        cmocka_unit_test(s9_a_row_changed_or_removed_with_its_check_value_is_named),
        cmocka_unit_test(s9_another_due_time_in_a_row_is_named),
        cmocka_unit_test(n10_a_log_linked_anew_is_found_out),
        cmocka_unit_test(s9_a_slip_taken_out_of_the_log_is_named),
        cmocka_unit_test(s9_a_case_dated_anew_is_named),
        cmocka_unit_test(n10_a_journal_row_changed_with_its_check_value_is_found),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
