/* keys.c - see keys.h. */
#include "common/keys.h"
#include "common/contract.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#define OTHERS_MAY (S_IRWXO | S_IWGRP)
#define Z85_LETTERS                                                                                \
    "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#"

struct reading {
    const char *path;
    uint32_t line;
    struct keys *out;
    struct fault *why;
};

static enum err refuse(const struct reading *r, const char *code, const char *text)
{
    if (!r->line) return fault_set(r->why, "keys", code, "", "%.120s: %s", r->path, text);
    return fault_set(r->why, "keys", code, "", "%.120s:%u: %s", r->path, r->line, text);
}

/* The next word of the line; "" at its end. */
static char *word(char **rest)
{
    char *w = *rest + strspn(*rest, " \t");
    size_t n = strcspn(w, " \t");
    *rest = w + n + (w[n] != 0);
    w[n] = 0;
    return w;
}

static enum err take_key(const struct reading *r, const char *text, char out[BUS_KEY_SIZE])
{
    if (strlen(text) != BUS_KEY_SIZE - 1 || strspn(text, Z85_LETTERS) != BUS_KEY_SIZE - 1)
        return refuse(r, "key", "a key has 40 characters of Z85; `cuiban keys new` makes one");
    memcpy(out, text, BUS_KEY_SIZE);
    return ERR_OK;
}

static enum err take_secret(const struct reading *r, char *rest)
{
    struct bus_keys *own = &r->out->own;
    if (own->secret[0]) return refuse(r, "twice", "there is a secret already; one is wanted");
    enum err e = take_key(r, word(&rest), own->secret);
    if (e != ERR_OK) return e;
    if (*word(&rest)) return refuse(r, "too_much", "a secret is one key");
    if (bus_key_public(own->secret, own->public_key)) return ERR_OK;
    return refuse(r, "key", "this is no key; `cuiban keys new` makes one");
}

static enum err take_door(const struct reading *r, char *rest)
{
    if (r->out->door[0]) return refuse(r, "twice", "there is a door already; one is wanted");
    enum err e = take_key(r, word(&rest), r->out->door);
    if (e == ERR_OK && *word(&rest)) return refuse(r, "too_much", "a door has one key");
    return e;
}

static enum err take_allowed(const struct reading *r, char *rest)
{
    struct keys *k = r->out;
    struct keys_allowed a = {.sources = ""};
    enum err e = take_key(r, word(&rest), a.key);
    if (e != ERR_OK) return e;
    size_t n = 0;
    for (char *w = word(&rest); *w; w = word(&rest))
        n += (size_t)snprintf(a.sources + n, sizeof a.sources - n, n ? " %s" : "%s", w);
    if (n == 0)
        return refuse(r, "missing", "for which sources does this key speak? * stands for any");
    if (keys_find(k, a.key)) return refuse(r, "twice", "this key is allowed in a line above");
    if (k->count == KEYS_ALLOWED_MAX) return refuse(r, "too_many", "more than 4096 keys");
    struct keys_allowed *more = realloc(k->allowed, (k->count + 1) * sizeof *more);
    REQUIRE(more != NULL);
    k->allowed = more;
    k->allowed[k->count++] = a;
    return ERR_OK;
}

static enum err take_line(const struct reading *r, char *line)
{
    line[strcspn(line, "\r\n")] = 0;
    char *rest = line, *w = word(&rest);
    if (!*w || *w == '#') return ERR_OK;
    if (strcmp(w, "secret") == 0) return take_secret(r, rest);
    if (strcmp(w, "door") == 0) return take_door(r, rest);
    if (strcmp(w, "allow") == 0) return take_allowed(r, rest);
    return refuse(r, "unknown_word", "a line begins with secret, door or allow");
}

static enum err take_lines(struct reading *r, FILE *f)
{
    char line[KEYS_LINE_MAX];
    enum err e = ERR_OK;
    while (e == ERR_OK && fgets(line, sizeof line, f)) {
        r->line++;
        bool whole = strchr(line, '\n') || feof(f);
        e = whole ? take_line(r, line) : refuse(r, "too_long", "the line is too long");
    }
    memset(line, 0, sizeof line);
    if (e == ERR_OK && ferror(f)) e = refuse(r, "io", "cannot be read");
    r->line = 0;
    if (e == ERR_OK && !r->out->own.secret[0])
        e = refuse(r, "missing", "there is no line `secret KEY`; `cuiban keys new` makes one");
    return e;
}

static enum err look_at_file(struct reading *r, FILE *f)
{
    struct stat st;
    if (fstat(fileno(f), &st) || !S_ISREG(st.st_mode)) return refuse(r, "io", "is no file");
    if (st.st_mode & OTHERS_MAY)
        return refuse(r, "open_to_others", "others may read the secret in it; chmod 600");
    r->out->changed = st.st_mtim;
    r->out->size = st.st_size;
    r->out->inode = st.st_ino;
    return ERR_OK;
}

enum err keys_load(const char *path, struct keys *out, struct fault *why)
{
    struct keys k = {.count = 0};
    struct reading r = {.path = path, .out = &k, .why = why};
    FILE *f = fopen(path, "re");
    if (!f) return refuse(&r, "io", strerror(errno));
    enum err e = look_at_file(&r, f);
    if (e == ERR_OK) e = take_lines(&r, f);
    fclose(f);
    if (e != ERR_OK) {
        keys_fini(&k);
        return e;
    }
    *out = k;
    return ERR_OK;
}

void keys_fini(struct keys *k)
{
    free(k->allowed);
    *k = (struct keys){.count = 0};
}

bool keys_changed(const struct keys *k, const char *path)
{
    struct stat st;
    if (stat(path, &st)) return true;
    return st.st_mtim.tv_sec != k->changed.tv_sec || st.st_mtim.tv_nsec != k->changed.tv_nsec ||
           st.st_size != k->size || st.st_ino != k->inode;
}

const struct keys_allowed *keys_find(const struct keys *k, const char *key)
{
    for (size_t i = 0; i < k->count; i++)
        if (strcmp(k->allowed[i].key, key) == 0) return &k->allowed[i];
    return NULL;
}

static bool has_word(const char *words, struct str wanted)
{
    for (const char *w = words; *w;) {
        size_t n = strcspn(w, " ");
        if (str_eq((struct str){w, (uint32_t)n}, wanted)) return true;
        w += n + (w[n] != 0);
    }
    return false;
}

bool keys_speaks_for_all(const struct keys_allowed *a)
{
    return has_word(a->sources, STR("*"));
}

bool keys_speaks_for(const struct keys_allowed *a, struct str source)
{
    return keys_speaks_for_all(a) || has_word(a->sources, source);
}
