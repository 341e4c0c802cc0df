/* proto_test.c - the tables are sound, bytes are as documented, golden bytes live for ever, and
 * every kind of bad bytes is refused with its field and code. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <msgpack/unpack.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/contract.h"
#include "proto/proto.h"

#define RAW_MAX 131072

static struct arena arena;

static int teardown(void **state)
{
    (void)state;
    arena_fini(&arena);
    return 0;
}

/* ---- tables ---- */

static void each_number_and_type_names_one_event(void **state)
{
    (void)state;
    for (int k = EV_NONE + 1; k < EVENT_KIND_COUNT; k++) {
        const struct event_type *t = event_of((enum event_kind)k);
        assert_int_equal(t->kind, k);
        assert_in_range(t->number, 1, 65535);
        assert_ptr_equal(event_by_number(t->number), t);
        assert_ptr_equal(event_by_type(str_of(t->type)), t);
        assert_string_equal(t->shape()->name, t->type);
        assert_true(strlen(t->rule) > 0 && strlen(t->help) > 0);
    }
    assert_null(event_by_number(0));
    assert_null(event_by_number(UINT64_MAX));
    assert_null(event_by_type(STR("job.assigne")));
    assert_null(event_by_type((struct str){0}));
}

static void check_limits(const struct shape *s, const struct field *f)
{
    if (f->min > f->max) fail_msg("%s.%s: min above max", s->name, f->name);
    if (f->type == FT_UINT && f->min < 0) fail_msg("%s.%s: below zero", s->name, f->name);
    if (f->type == FT_MONEY && (f->max > INT64_MAX / 1000 || f->min < INT64_MIN / 1000)) {
        fail_msg("%s.%s: too much money to count with", s->name, f->name);
    }
    if (f->type == FT_CODE) assert_non_null(f->codes);
    if (f->type == FT_TEXT) assert_in_range(f->max, 1, RAW_MAX);
    if (f->type == FT_RAW) assert_in_range(f->max, 8, RAW_MAX);
}

/* What the codec counts on: unique names, members inside the struct, lines without lists. */
static void fields_of_a_contract_are_sound(void **state)
{
    (void)state;
    for (uint32_t i = 0; shape_at(i); i++) {
        const struct shape *s = shape_at(i);
        assert_true(s->count > 0);
        for (uint32_t k = 0; k < s->count; k++) {
            const struct field *f = &s->fields[k];
            if (shape_field(s, str_of(f->name)) != f) {
                fail_msg("%s.%s stands twice", s->name, f->name);
            }
            assert_true(f->offset < s->size);
            check_limits(s, f);
            if (f->type != FT_LIST) continue;
            const struct shape *line = f->record();
            for (uint32_t n = 0; n < line->count; n++) {
                if (line->fields[n].type == FT_LIST) {
                    fail_msg("%s.%s: a line holds no list", s->name, f->name);
                }
            }
        }
    }
}

static void words_of_a_codeset_are_sound(void **state)
{
    (void)state;
    static const struct codeset *const sets[] = {
#define VALUE(set, word, number, label)
#define CODESET(name, help, values) &codes_##name,
#include "proto/codes.def"
#undef CODESET
#undef VALUE
    };
    for (size_t i = 0; i < COUNT_OF(sets); i++) {
        const struct codeset *set = sets[i];
        assert_ptr_equal(codeset_by_name(set->name), set);
        for (uint32_t k = 0; k < set->count; k++) {
            const struct code_value *v = &set->values[k];
            assert_int_not_equal(v->number, 0);
            assert_int_equal(code_number(set, str_of(v->word)), v->number);
            assert_ptr_equal(code_word(set, v->number), v->word);
            assert_ptr_equal(code_label(set, v->number), v->label);
        }
        assert_string_equal(code_word(set, 0), "");
        assert_string_equal(code_word(set, UINT32_MAX), "?");
        assert_int_equal(code_number(set, STR("no such word")), 0);
    }
    assert_string_equal(code_word(NULL, 1), "?");
    assert_int_equal(code_number(NULL, STR("yes")), 0);
    assert_null(codeset_by_name(NULL));
}

/* The largest object of each contract, in bytes and elements. */
static size_t largest(const struct shape *s, size_t *elements)
{
    size_t n = 5;
    for (uint32_t i = 0; i < s->count; i++) {
        const struct field *f = &s->fields[i];
        size_t line = 5, line_elements = 1;
        const struct shape *record = f->type == FT_LIST ? f->record() : NULL;
        for (uint32_t k = 0; record && k < record->count; k++) {
            bool text = record->fields[k].type == FT_TEXT;
            line += text ? 3 + (size_t)record->fields[k].max : 9;
            line_elements++;
        }
        bool sized = f->type == FT_TEXT || f->type == FT_RAW;
        n += sized ? 3 + (size_t)f->max : 9;
        *elements += 1;
        if (record) n += line * (size_t)f->max;
        if (record) *elements += line_elements * (size_t)f->max;
    }
    return n;
}

/* Else an event could be made that its own log cannot hold, a refused fact above all. */
static void the_largest_event_fits_into_an_entry(void **state)
{
    (void)state;
    size_t max = (size_t)shape_field(shape_entry(), STR("data"))->max;
    for (int k = EV_NONE + 1; k < EVENT_KIND_COUNT; k++) {
        const struct event_type *t = event_of((enum event_kind)k);
        size_t elements = 1, n = largest(t->shape(), &elements);
        if (n > max) fail_msg("%s can have %zu bytes; an entry holds %zu", t->type, n, max);
        if (elements > PROTO_ELEMENTS_MAX) fail_msg("%s can have %zu elements", t->type, elements);
    }
}

static void what_services_decide_is_never_taken_from_outside(void **state)
{
    (void)state;
    assert_true(event_is_verdict(event_of(EV_job_created)));
    assert_true(event_is_verdict(event_of(EV_deadline_passed)));
    assert_false(event_is_verdict(event_of(EV_job_assigned)));
    assert_false(event_is_verdict(event_of(EV_policy_adopted)));
    assert_string_equal(event_subject(event_of(EV_job_assigned))->name, "call_no");
    assert_string_equal(event_subject(event_of(EV_refused_fact))->name, "subject");
    assert_null(event_subject(event_of(EV_conduct_recorded)));
}

/* ---- bytes ---- */

static struct buf encoded(const struct shape *s, const void *obj)
{
    struct buf out = {0};
    proto_encode(s, obj, &out);
    return out;
}

/* The wire form of README.md, byte by byte. */
/* Sums grow in a row: what is told of them has room for as much. Of its line, not of its paper,
 * speaks expense.line_audited. */
static void a_verdict_has_room_for_what_its_row_holds(void **state)
{
    (void)state;
    char name[80];
    for (int k = EV_NONE + 1; k < EVENT_KIND_COUNT; k++) {
        const struct event_type *t = event_of((enum event_kind)k);
        if (!event_is_verdict(t) || k == EV_expense_line_audited) continue;
        snprintf(name, sizeof name, "row_%s", t->entity);
        const struct shape *s, *row = NULL;
        for (uint32_t i = 0; (s = shape_at(i)) != NULL; i++) {
            if (strcmp(s->name, name) == 0) row = s;
        }
        s = t->shape();
        for (uint32_t i = 0; row && i < s->count; i++) {
            const struct field *f = &s->fields[i], *kept = shape_field(row, str_of(f->name));
            bool number = f->type == FT_MONEY || f->type == FT_UINT || f->type == FT_INT;
            if (!number || !kept || kept->type != f->type) continue;
            if (f->max < kept->max) fail_msg("%s.%s holds less than its row", t->type, f->name);
        }
    }
}

static void an_object_is_the_array_of_its_fields(void **state)
{
    (void)state;
    static const uint8_t want[] = {
        0x97, 0xa2, 'C', '1',  0x02, 0xc0, 0x92, 0x91, 0xa1, 'a',
        0x91, 0xa1, 'b', 0xa1, 'b',  0xc0, 0xa1, 'd'}; /* task_order_no and agreed_at are absent at
                                                          the end: not written */
    struct rec_person_line party[] = {{.person = STR("a")}, {.person = STR("b")}};
    struct ev_job_assigned job = {.call_no = STR("C1"),
                                  .job = 2,
                                  .party = {party, 2},
                                  .lead = STR("b"),
                                  .delegated_by = STR("d")};
    struct buf out = encoded(shape_ev_job_assigned(), &job);
    assert_int_equal(out.n, sizeof want);
    assert_memory_equal(out.p, want, sizeof want);
    buf_fini(&out);
}

static void old_bytes_lack_new_fields_and_new_bytes_have_more(void **state)
{
    (void)state;
    static const uint8_t old_bytes[] = {0x91, 0xa2, 'C', '1'};
    const struct shape *s = shape_ev_job_departed();
    struct ev_job_departed job;
    struct fault why;
    struct slice in = {old_bytes, sizeof old_bytes};
    assert_int_equal(proto_decode(s, in, &arena, &job, &why), ERR_OK);
    assert_true(str_is(job.call_no, "C1") && job.job == 0 && job.technician.n == 0);
    struct buf newer = {
        0}; /* the fields of today, then a list, a number, a text and a real number */
    uint8_t head[] = {0xdc, 0, (uint8_t)(s->count + 4), 0xa2, 'C', '1'};
    buf_put(&newer, head, sizeof head);
    for (uint32_t i = 1; i < s->count; i++)
        buf_put(&newer, "\xc0", 1);
    buf_put(&newer, "\x92\x01\xa1x\xcd\x01\x02\xa1y\xca\x00\x00\x00\x00", 14);
    assert_int_equal(proto_decode(s, buf_slice(&newer), &arena, &job, &why), ERR_OK);
    assert_true(str_is(job.call_no, "C1"));
    buf_fini(&newer);
}

/* An integer means the same in every width; zero of an optional field is absent. */
static void integers_are_read_in_every_width(void **state)
{
    (void)state;
    static const uint8_t bytes[][16] = {{0x92, 0xa1, 'C', 0x07},
                                        {0x92, 0xa1, 'C', 0xcc, 7},
                                        {0x92, 0xa1, 'C', 0xcd, 0, 7},
                                        {0x92, 0xa1, 'C', 0xce, 0, 0, 0, 7},
                                        {0x92, 0xa1, 'C', 0xcf, 0, 0, 0, 0, 0, 0, 0, 7},
                                        {0x92, 0xa1, 'C', 0xd0, 7},
                                        {0x92, 0xa1, 'C', 0xd1, 0, 7},
                                        {0x92, 0xa1, 'C', 0xd2, 0, 0, 0, 7},
                                        {0x92, 0xa1, 'C', 0xd3, 0, 0, 0, 0, 0, 0, 0, 7}};
    static const size_t sizes[] = {4, 5, 6, 8, 12, 5, 6, 8, 12};
    for (size_t i = 0; i < COUNT_OF(sizes); i++) {
        struct ev_job_departed job;
        struct fault why;
        struct slice in = {bytes[i], sizes[i]};
        assert_int_equal(proto_decode(shape_ev_job_departed(), in, &arena, &job, &why), ERR_OK);
        assert_int_equal(job.job, 7);
    }
}

struct refusal {
    const char *bytes;
    size_t n;
    const char *field, *code;
};
#define BYTES(literal) literal, sizeof(literal) - 1

/* job.assigned: call_no, job, technician, party, lead … */
static const struct refusal bad_rows[] = {
    {BYTES(""), "", "truncated"},
    {BYTES("\xa1x"), "", "wrong_type"},
    {BYTES("\x80"), "", "wrong_type"},
    {BYTES("\x90"), "call_no", "missing"},
    {BYTES("\x91\xc0"), "call_no", "missing"},
    {BYTES("\x91\xa0"), "call_no", "missing"},
    {BYTES("\x91\x01"), "call_no", "wrong_type"},
    {BYTES("\x91\xd9\x29"
           "12345678901234567890123456789012345678901"),
     "call_no", "too_long"},
    {BYTES("\x91\xa2\xc0\x80"), "call_no", "utf8"},
    {BYTES("\x91\xa3\xed\xa0\x80"), "call_no", "utf8"},
    {BYTES("\x91\xa4\xf4\x90\x80\x80"), "call_no", "utf8"},
    {BYTES("\x91\xa2\xe5\x8f"), "call_no", "utf8"},
    {BYTES("\x91\xa1\x01"), "call_no", "control"},
    {BYTES("\x91\xa1\x00"), "call_no", "control"},
    {BYTES("\x91\xa9"
           "1234567\r9"),
     "call_no", "control"},
    {BYTES("\x91\xa2x"), "call_no", "truncated"},
    {BYTES("\x91"), "", "truncated"},
    {BYTES("\xdd\xff\xff\xff\xff\xa1x"), "", "truncated"},
    {BYTES("\x92\xa1x\xcd\x01\x00"), "job", "out_of_range"},
    {BYTES("\x92\xa1x\xff"), "job", "out_of_range"},
    {BYTES("\x92\xa1x\xcf\xff\xff\xff\xff\xff\xff\xff\xff"), "job", "out_of_range"},
    {BYTES("\x92\xa1x\xca\x3f\x80\x00\x00"), "job", "wrong_type"},
    {BYTES("\x92\xa1x\xcd\x01"), "job", "truncated"},
    {BYTES("\x94\xa1x\xc0\xc0\x91\x91\xa0"), "party[0].person", "missing"},
    {BYTES("\x94\xa1x\xc0\xc0\x92\x91\xa1p\x91\x07"), "party[1].person", "wrong_type"},
    {BYTES("\x94\xa1x\xc0\xc0\x92\x91\xa1p\x90"), "party[1].person", "missing"},
    {BYTES("\x94\xa1x\xc0\xc0\x91\xa1p"), "party[0]", "wrong_type"},
    {BYTES("\x94\xa1x\xc0\xc0\xdc\x00\x11\x90\x90\x90\x90\x90\x90\x90\x90\x90\x90\x90\x90\x90\x90"
           "\x90\x90\x90"),
     "party", "too_long"},
    {BYTES("\x94\xa1x\xc0\xc0\xdd\x7f\xff\xff\xff"), "party", "truncated"},
    {BYTES("\x99\xa1x\xc0\xc0\xc0\xc0\xc0\xc0\xc0\xd3\x80\0\0\0\0\0\0\0"), "agreed_at",
     "out_of_range"},
    {BYTES("\x9a\xa1x\xc0\xc0\xc0\xc0\xc0\xc0\xc0\xc0\x80"), "extra", "not_msgpack"},
    {BYTES("\x91\xa1x\xc0"), "", "trailing"},
};

static void bad_bytes_are_refused_with_field_and_code(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(bad_rows); i++) {
        /* exactly as many bytes as there are, so that the sanitizer sees a read behind them */
        uint8_t *copy = malloc(bad_rows[i].n + !bad_rows[i].n);
        struct ev_job_assigned job;
        struct fault why = {0};
        memcpy(copy, bad_rows[i].bytes, bad_rows[i].n);
        struct slice in = {copy, bad_rows[i].n};
        enum err e = proto_decode(shape_ev_job_assigned(), in, &arena, &job, &why);
        free(copy);
        if (e != ERR_REFUSED || strcmp(why.code, bad_rows[i].code) ||
            strcmp(why.field, bad_rows[i].field)) {
            fail_msg("row %zu: %s %s \"%s\", wanted %s %s", i, why.field, why.code, why.text,
                     bad_rows[i].field, bad_rows[i].code);
        }
        assert_string_equal(why.rule, "contract");
        assert_true(strlen(why.text) > 8);
    }
}

static void a_fault_says_what_was_found_and_what_is_right(void **state)
{
    (void)state;
    struct fault why;
    struct ev_job_assigned job;
    struct buf in = {0};
    buf_put(&in, "\x91\xd9\x46", 3);
    for (int i = 0; i < 70; i++)
        buf_put(&in, "x", 1);
    assert_int_equal(proto_decode(shape_ev_job_assigned(), buf_slice(&in), &arena, &job, &why),
                     ERR_REFUSED);
    assert_string_equal(why.text, "call_no: 70 bytes, at most 40");
    struct ev_call_disposed call;
    struct slice word = {(const uint8_t *)"\x92\xa1x\x09", 4};
    assert_int_equal(proto_decode(shape_ev_call_disposed(), word, &arena, &call, &why),
                     ERR_REFUSED);
    assert_string_equal(why.text, "disposition: number 9 is no disposition; one of answered, site, "
                                  "factory, supply, meeting");
    buf_fini(&in);
}

/* ---- scan ---- */

static void scan_refuses_what_is_not_on_our_wire(void **state)
{
    (void)state;
    static const struct refusal rows[] = {
        {BYTES(""), "", "truncated"},
        {BYTES("\x92\x01"), "", "truncated"},
        {BYTES("\xa5hell"), "", "truncated"},
        {BYTES("\xdd\xff\xff\xff\xff"), "", "truncated"},
        {BYTES("\xc6\xff\xff\xff\xff\x01"), "", "truncated"},
        {BYTES("\xcb\x01\x02"), "", "truncated"},
        {BYTES("\x91\x80"), "", "map"},
        {BYTES("\xdf\x00\x00\x00\x00"), "", "map"},
        {BYTES("\xd4\x01\x01"), "", "ext"},
        {BYTES("\xc7\x00\x01"), "", "ext"},
        {BYTES("\xc1"), "", "not_msgpack"},
        {BYTES("\x91\xa1\xff"), "", "utf8"},
        {BYTES("\x01\x02"), "", "trailing"},
        {BYTES("\x91\x91\x91\x91\x91\x91\x91\x91\x91\x91\x91\x91\x91\x91\x91\x91\x91\x01"), "",
         "too_deep"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct fault why = {0};
        struct slice in = {(const uint8_t *)rows[i].bytes, rows[i].n};
        if (proto_scan(in, &why) != ERR_REFUSED || strcmp(why.code, rows[i].code) != 0) {
            fail_msg("row %zu: %s, wanted %s", i, why.code, rows[i].code);
        }
    }
}

/* Every border of the encoding, at every place relative to the words of eight bytes. */
static void utf8_is_strict_wherever_it_stands(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        bool good;
    } rows[] = {{"\xc2\x80", true},
                {"\xdf\xbf", true},
                {"\xe0\xa0\x80", true},
                {"\xe5\x8f\xab", true},
                {"\xed\x9f\xbf", true},
                {"\xee\x80\x80", true},
                {"\xf0\x90\x80\x80", true},
                {"\xf4\x8f\xbf\xbf", true},
                {"\x7f", true},
                {"\x80", false},
                {"\xbf", false},
                {"\xc0\x80", false},
                {"\xc1\xbf", false},
                {"\xc2\x7f", false},
                {"\xc2\xc0", false},
                {"\xe0\x9f\xbf", false},
                {"\xed\xa0\x80", false},
                {"\xe5\x8f\x7f", false},
                {"\xe5\x7f\xab", false},
                {"\xf0\x8f\xbf\xbf", false},
                {"\xf4\x90\x80\x80", false},
                {"\xf5\x80\x80\x80", false},
                {"\xf1\x80\x80\x41", false},
                {"\xff", false},
                {"\xe5\x8f", false},
                {"\xf0\x90\x80", false}};
    for (size_t row = 0; row < COUNT_OF(rows); row++) {
        for (size_t place = 0; place < 18 * 11; place++) {
            uint8_t text[40] = {0xd9};
            size_t n = strlen(rows[row].bytes), before = place / 11, after = place % 11;
            memset(text + 2, 'a', sizeof text - 2);
            memcpy(text + 2 + before, rows[row].bytes, n);
            text[1] = (uint8_t)(before + n + after);
            struct fault why;
            enum err e = proto_scan((struct slice){text, 2 + before + n + after}, &why);
            if ((e == ERR_OK) != rows[row].good) fail_msg("row %zu at %zu+%zu", row, before, after);
        }
    }
}

static void scan_takes_depth_16_and_4096_elements_but_not_one_more(void **state)
{
    (void)state;
    struct fault why = {0};
    struct slice deep = {
        (const uint8_t *)"\x91\x91\x91\x91\x91\x91\x91\x91\x91\x91\x91\x91\x91\x91\x91\x91\x01",
        17};
    assert_int_equal(proto_scan(deep, &why), ERR_OK);
    struct buf many = {0};
    buf_put(&many, "\xdc\x0f\xff", 3);
    for (int i = 0; i < 4095; i++)
        buf_put(&many, "\xc0", 1);
    assert_int_equal(proto_scan(buf_slice(&many), &why), ERR_OK);
    many.p[1] = 0x10;
    many.p[2] = 0x00;
    buf_put(&many, "\xc0", 1);
    assert_int_equal(proto_scan(buf_slice(&many), &why), ERR_REFUSED);
    assert_string_equal(why.code, "too_many");
    buf_fini(&many);
}

/* ---- check, print, document ---- */

static void check_reports_every_fault_of_a_struct(void **state)
{
    (void)state;
    struct fault faults[2] = {0};
    struct rec_part_line parts[] = {{.part_no = STR("P"), .qty = 1}, {.qty = 2000000}};
    struct ev_evidence_completed done = {.call_no = STR("a\rb"), .job = 256, .parts = {parts, 2}};
    assert_int_equal(proto_check(shape_ev_evidence_completed(), &done, faults, 2), 4);
    assert_string_equal(faults[0].field, "call_no");
    assert_string_equal(faults[0].code, "control");
    assert_string_equal(faults[1].field, "job");
    assert_string_equal(faults[1].text, "job: 256 is not between 0 and 255");
    struct ev_evidence_completed good = {.call_no = STR("C"), .parts = {parts, 1}};
    assert_int_equal(proto_check(shape_ev_evidence_completed(), &good, NULL, 0), 0);
}

static char *printed(const struct shape *s, const void *obj)
{
    char *text = NULL;
    size_t n = 0;
    FILE *out = open_memstream(&text, &n);
    assert_non_null(out);
    if (s) {
        proto_print(out, s, obj);
    } else {
        proto_document(out);
    }
    fclose(out);
    return text;
}

static void print_is_one_line_that_can_be_taken_apart(void **state)
{
    (void)state;
    struct rec_part_line parts[] = {{.part_no = STR("P-1"), .qty = 3}};
    struct ev_evidence_completed done = {
        .call_no = STR("C1"), .cause = STR("a \"b\"\n"), .parts = {parts, 1}};
    char *text = printed(shape_ev_evidence_completed(), &done);
    assert_string_equal(text, "evidence.completed: call_no=C1 cause=\"a \\\"b\\\"\\n\" "
                              "parts[0].part_no=P-1 parts[0].qty=3 \n");
    free(text);
}

static void the_document_names_every_contract(void **state)
{
    (void)state;
    char *text = printed(NULL, NULL), heading[80];
    for (uint32_t i = 0; shape_at(i); i++) {
        const struct shape *s = shape_at(i);
        bool event = strchr(s->name, '.') != NULL;
        snprintf(heading, sizeof heading, event ? "### %s\n" : "</a>%s\n", s->name);
        if (!strstr(text, heading)) fail_msg("no chapter for %s", s->name);
    }
    assert_non_null(strstr(text, "| `answered` | 1 | 函電解答 |"));
    free(text);
}

/* ---- against msgpack-c ---- */

static void msgpack_c_reads_what_we_write(void **state)
{
    (void)state;
    for (uint32_t i = 0; shape_at(i); i++) {
        const struct shape *s = shape_at(i);
        uint64_t seed = 77 + i;
        void *obj = arena_take(&arena, s->size);
        proto_random(s, &seed, &arena, obj);
        struct buf out = encoded(s, obj);
        msgpack_unpacked theirs;
        size_t end = 0;
        msgpack_unpacked_init(&theirs);
        assert_int_equal(msgpack_unpack_next(&theirs, (const char *)out.p, out.n, &end),
                         MSGPACK_UNPACK_SUCCESS);
        assert_int_equal(end, out.n);
        assert_int_equal(theirs.data.type, MSGPACK_OBJECT_ARRAY);
        uint32_t count = theirs.data.via.array.size;
        assert_true(count <= s->count);
        for (uint32_t k = 0; k < count; k++) {
            enum field_type type = s->fields[k].type;
            msgpack_object_type got = theirs.data.via.array.ptr[k].type;
            if (got == MSGPACK_OBJECT_NIL) continue;
            if (type == FT_TEXT) assert_int_equal(got, MSGPACK_OBJECT_STR);
            if (type == FT_LIST) assert_int_equal(got, MSGPACK_OBJECT_ARRAY);
            if (type == FT_HASH) assert_int_equal(got, MSGPACK_OBJECT_BIN);
            if (type == FT_FLAG) assert_int_equal(got, MSGPACK_OBJECT_BOOLEAN);
        }
        if (count)
            assert_int_not_equal(theirs.data.via.array.ptr[count - 1].type, MSGPACK_OBJECT_NIL);
        msgpack_unpacked_destroy(&theirs);
        buf_fini(&out);
        arena_reset(&arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_number_and_type_names_one_event),
        cmocka_unit_test(fields_of_a_contract_are_sound),
        cmocka_unit_test(words_of_a_codeset_are_sound),
        cmocka_unit_test(the_largest_event_fits_into_an_entry),
        cmocka_unit_test(what_services_decide_is_never_taken_from_outside),
        cmocka_unit_test(a_verdict_has_room_for_what_its_row_holds),
        cmocka_unit_test(an_object_is_the_array_of_its_fields),
        cmocka_unit_test(old_bytes_lack_new_fields_and_new_bytes_have_more),
        cmocka_unit_test(integers_are_read_in_every_width),
        cmocka_unit_test(bad_bytes_are_refused_with_field_and_code),
        cmocka_unit_test(a_fault_says_what_was_found_and_what_is_right),
        cmocka_unit_test(scan_refuses_what_is_not_on_our_wire),
        cmocka_unit_test(utf8_is_strict_wherever_it_stands),
        cmocka_unit_test(scan_takes_depth_16_and_4096_elements_but_not_one_more),
        cmocka_unit_test(check_reports_every_fault_of_a_struct),
        cmocka_unit_test(print_is_one_line_that_can_be_taken_apart),
        cmocka_unit_test(the_document_names_every_contract),
        cmocka_unit_test(msgpack_c_reads_what_we_write),
    };
    return cmocka_run_group_tests(tests, NULL, teardown);
}
