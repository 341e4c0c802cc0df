/* mapping_fuzz.c - any bytes as a mapping file, and any cells through the mapping it makes.
 *
 * Whatever comes: the file is taken or refused with faults, each with a sentence; a mapping that
 * was taken finds its own columns in a header of them; each of its events is made of a row or
 * refused with a sentence, and what is made satisfies its contract.
 *
 * Bytes: the file, up to a zero byte; then cells, each up to a zero byte. */
#include "common/contract.h"
#include "services/cli/import_row.h"
#include "tests/fuzz/lib/fuzz.h"

#define ROWS 3u

static void check_fact(const struct rec_fact *f, const struct mapping_event *e, struct arena *a)
{
    struct fault why;
    uint32_t wrong = proto_check(shape_fact(), f, NULL, 0);
    REQUIRE(wrong == 0 && f->number == e->type->number);
    const struct shape *s = e->type->shape();
    enum err err = proto_decode(s, f->data, a, arena_take(a, s->size), &why);
    REQUIRE(err == ERR_OK);
}

static void try_row(const struct import_row *r)
{
    struct arena a = {0};
    struct buf data = {0};
    for (uint32_t k = 0; k < r->m->event_count; k++) {
        const struct mapping_event *e = &r->m->events[k];
        struct fault why = {0};
        struct rec_fact fact;
        bool holds = false;
        enum err err = import_row_holds(r, e, &holds, &why);
        if (err == ERR_OK) err = import_row_fact(r, e, &a, &data, &fact, &why);
        REQUIRE(err == ERR_OK || (err == ERR_REFUSED && why.text[0]));
        if (err == ERR_OK) check_fact(&fact, e, &a);
    }
    buf_fini(&data);
    arena_fini(&a);
}

/* Cells are valid UTF-8 here: the table reader would have refused the row. */
static struct str cell_of(struct fuzz_in *in)
{
    struct slice s = fuzz_until(in, 0);
    struct str cell = {(const char *)s.p, (uint32_t)s.n};
    for (uint32_t i = 0; i < cell.n; i++) {
        if ((uint8_t)cell.p[i] >= 0x80) return (struct str){0};
    }
    return cell;
}

static void try_rows(const struct mapping *m, struct fuzz_in *in)
{
    struct str cells[2][MAPPING_COLUMNS_MAX] = {{{0}}};
    for (uint32_t i = 0; i < ROWS; i++) {
        for (uint32_t k = 0; k < m->column_count; k++)
            cells[i & 1][k] = cell_of(in);
        struct import_row r = {.m = m,
                               .cells = cells[i & 1],
                               .prev = i ? cells[~i & 1] : NULL,
                               .case_row = i + 1,
                               .line = i + 2,
                               .file = STR("a.csv")};
        try_row(&r);
    }
}

static void check_bind(const struct mapping *m)
{
    struct str header[MAPPING_COLUMNS_MAX];
    uint32_t cells[MAPPING_COLUMNS_MAX], n;
    struct mapping_fault faults[4];
    for (uint32_t k = 0; k < m->column_count; k++)
        header[k] = m->columns[k].name;
    enum err e = mapping_bind(m, header, m->column_count, cells, faults, 4, &n);
    REQUIRE(e == ERR_OK || n > 0);
    for (uint32_t k = 0; e == ERR_OK && k < m->column_count; k++)
        REQUIRE(cells[k] < m->column_count);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct fuzz_in in = {bytes, n};
    struct mapping *m = NULL;
    struct mapping_fault faults[MAPPING_FAULTS_MAX] = {0};
    uint32_t count = 0;
    const char *path = fuzz_file(0, fuzz_until(&in, 0));
    enum err e = mapping_load(path, &m, faults, MAPPING_FAULTS_MAX, &count);
    REQUIRE((e == ERR_OK) == (count == 0));
    for (uint32_t i = 0; i < count && i < MAPPING_FAULTS_MAX; i++)
        REQUIRE(faults[i].fault.text[0]);
    if (e != ERR_OK) return 0;
    check_bind(m);
    try_rows(m, &in);
    mapping_close(&m);
    return 0;
}
