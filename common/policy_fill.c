/* policy_fill.c - libcyaml fills the structs of a file whose form is known to be right.
 *
 * Its memory is the policy's arena, so nothing is freed one by one and a refused set leaves nothing
 * behind. libcyaml knows texts as char * only: a pass afterwards, along the same schema, turns them
 * into struct str and lists of them into struct words. */
#include "common/contract.h"
#include "common/policy_private.h"
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

/* What libcyaml says when it refuses: its first line, and the line number it gives further down. */
struct complaint {
    char said[200];
    unsigned line;
};

__attribute__((format(printf, 3, 0))) static void on_log(cyaml_log_t level, void *ctx,
                                                         const char *fmt, va_list args)
{
    struct complaint *x = ctx;
    char line[256];
    vsnprintf(line, sizeof line, fmt, args);
    line[strcspn(line, "\n")] = 0;
    const char *at = strstr(line, "(line: ");
    if (level != CYAML_LOG_ERROR) return;
    if (at && !x->line) x->line = (unsigned)strtoul(at + 7, NULL, 10);
    if (!at && !x->said[0] && !strstr(line, "Backtrace")) {
        snprintf(x->said, sizeof x->said, "%.199s", line);
    }
}

/* libcyaml's allocator on the arena: the size stands before the block, freeing is left to the
 * arena. */
static void *on_memory(void *ctx, void *ptr, size_t size)
{
    if (size == 0) return NULL;
    size_t *block = arena_take(ctx, size + 16);
    block[0] = size;
    uint8_t *fresh = (uint8_t *)block + 16;
    if (!ptr) return fresh;
    size_t before = ((size_t *)((uint8_t *)ptr - 16))[0];
    memcpy(fresh, ptr, before < size ? before : size);
    return fresh;
}

/* ---- after libcyaml: texts get their length, lists of texts become struct words ---- */

struct filled {
    const cyaml_schema_value_t *schema;
    uint8_t *data; /* the struct itself */
};

static void finish_text(uint8_t *at)
{
    struct str *s = (struct str *)(void *)at;
    *s = str_of(s->p);
    if (s->n == 0) s->p = NULL;
}

static void finish_words(uint8_t *at, struct arena *a)
{
    struct words *w = (struct words *)(void *)at;
    const char *const *texts = (const char *const *)(const void *)w->v;
    struct str *v = w->n ? arena_take(a, w->n * sizeof *v) : NULL;
    for (uint32_t i = 0; i < w->n; i++)
        v[i] = str_of(texts[i]);
    w->v = v;
}

static void finish_field(const cyaml_schema_field_t *f, uint8_t *data, struct arena *a,
                         struct buf *open)
{
    uint8_t *at = data + f->data_offset;
    if (f->value.type == CYAML_STRING) finish_text(at);
    if (f->value.type == CYAML_MAPPING) {
        buf_put(open, &(struct filled){&f->value, at}, sizeof(struct filled));
    }
    if (f->value.type != CYAML_SEQUENCE) return;
    const cyaml_schema_value_t *entry = f->value.sequence.entry;
    if (entry->type == CYAML_STRING) {
        finish_words(at, a);
        return;
    }
    uint32_t n;
    memcpy(&n, data + f->count_offset, sizeof n);
    if (f->value.flags & CYAML_FLAG_POINTER) {
        uint8_t *entries;
        memcpy(&entries, at, sizeof entries);
        at = entries;
    }
    for (uint32_t i = 0; i < n; i++) {
        buf_put(open, &(struct filled){entry, at + (size_t)i * entry->data_size},
                sizeof(struct filled));
    }
}

static void finish(const cyaml_schema_value_t *schema, void *v, struct arena *a)
{
    struct buf open = {0};
    buf_put(&open, &(struct filled){schema, v}, sizeof(struct filled));
    while (open.n > 0) {
        struct filled x;
        open.n -= sizeof x;
        memcpy(&x, open.p + open.n, sizeof x);
        for (const cyaml_schema_field_t *f = x.schema->mapping.fields; f->key; f++) {
            finish_field(f, x.data, a, &open);
        }
    }
    buf_fini(&open);
}

void policy_fill(struct policy_yaml *f, const cyaml_schema_value_t *schema, struct arena *a,
                 struct policy_faults *faults)
{
    struct complaint said = {0};
    const cyaml_config_t conf = {.log_fn = on_log,
                                 .log_ctx = &said,
                                 .mem_fn = on_memory,
                                 .mem_ctx = a,
                                 .log_level = CYAML_LOG_ERROR,
                                 .flags = CYAML_CFG_NO_ALIAS};
    void *v = NULL;
    cyaml_err_t e = cyaml_load_data(f->text.p, f->text.n, &conf, schema, &v, NULL);
    /* libyaml has read this very text before: what it lacks now is memory. */
    REQUIRE(e != CYAML_ERR_LIBYAML_PARSER && e != CYAML_ERR_LIBYAML_PARSER_INIT);
    if (e != CYAML_OK || !v) {
        policy_fault_add(faults, f, said.line, "file", "yaml", "%s%s%s", cyaml_strerror(e),
                         e == CYAML_ERR_ALIAS ? "; write the value out" : ": ", said.said);
        return;
    }
    finish(schema, v, a);
    f->v = v;
}
