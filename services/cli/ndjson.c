/* ndjson.c - see ndjson.h. */
#include "services/cli/ndjson.h"
#include "common/contract.h"
#include "services/cli/line_reader.h"
#include <stdlib.h>

struct ndjson {
    struct line_reader *lines;
    struct arena memory; /* of one line */
};

enum err ndjson_open(const char *path, struct ndjson **out, struct fault *why)
{
    struct line_reader *lines;
    enum err e = line_reader_open(path, (struct str){0}, &lines, why);
    if (e != ERR_OK) return e;
    struct ndjson *n = calloc(1, sizeof *n);
    REQUIRE(n != NULL);
    n->lines = lines;
    *out = n;
    return ERR_OK;
}

void ndjson_close(struct ndjson **n)
{
    if (!*n) return;
    line_reader_close(&(*n)->lines);
    arena_fini(&(*n)->memory);
    free(*n);
    *n = NULL;
}

static bool is_empty(struct str line)
{
    while (line.n > 0 && (line.p[line.n - 1] == ' ' || line.p[line.n - 1] == '\t'))
        line.n--;
    return line.n == 0;
}

enum err ndjson_next(struct ndjson *n, struct ndjson_line *out, struct fault *why)
{
    struct str line;
    uint32_t faults;
    enum err e;
    do {
        e = line_reader_next(n->lines, &line, why);
    } while (e == ERR_OK && is_empty(line));
    *out = (struct ndjson_line){.line = line_reader_at(n->lines)};
    if (e != ERR_OK) return e;
    out->raw = line;
    arena_reset(&n->memory);
    return fact_from_json(line, &n->memory, &out->fact, why, 1, &faults);
}
