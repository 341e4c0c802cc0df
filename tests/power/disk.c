/* disk.c - see disk.h. Read: files, the recording, entries, laying out, cutting, going on.
 *
 * The files under `place` hold what is durable; an image is made by writing over parts of them and
 * unmade by writing the durable bytes back. Only while a directory has unsynced entries, or after
 * somebody else wrote, is everything laid out anew. */
#include "tests/power/disk.h"
#include "common/contract.h"
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SECTOR 512u
#define FILES_MAX 64
#define ENTRIES_MAX 64
#define PENDING_MAX 4096
#define TOUCHED_MAX 65536
#define PATH_SIZE 400

struct file {
    uint64_t ino;
    bool dir;
    struct buf durable; /* n is the size */
    /* as it lies under place: */
    bool laid;
    int fd; /* -1 for directories */
    uint64_t size;
    char path[PATH_SIZE];
};

struct dir_entry {
    uint64_t parent, ino;
    char name[POWER_NAME_MAX];
};

struct entries {
    struct dir_entry v[ENTRIES_MAX];
    size_t n;
};

struct touched {
    struct file *file;
    uint64_t at, n;
};

struct disk {
    char place[PATH_SIZE];
    struct disk_op *ops;
    size_t count, at; /* at: the operation at which the power is cut next */
    struct file files[FILES_MAX];
    size_t file_count;
    struct entries durable;
    size_t pending[PENDING_MAX], pending_count;
    struct touched touched[TOUCHED_MAX];
    size_t touched_count;
    bool laid; /* durable entries and bytes lie under place */
    uint64_t chance;
};

static void broken(const char *what)
{
    fprintf(stderr, "power: %s: %s\n", what, strerror(errno));
    exit(2);
}

/* ---- files ---- */

static struct file *file_of(struct disk *d, uint64_t ino)
{
    for (size_t i = 0; i < d->file_count; i++) {
        if (d->files[i].ino == ino) return &d->files[i];
    }
    return NULL;
}

static void file_add(struct disk *d, uint64_t ino, bool dir)
{
    REQUIRE(d->file_count < FILES_MAX && !file_of(d, ino));
    d->files[d->file_count++] = (struct file){.ino = ino, .dir = dir, .fd = -1};
}

static void durable_size(struct file *f, uint64_t n)
{
    if (n > f->durable.n) {
        size_t more = n - f->durable.n;
        buf_reserve(&f->durable, more);
        memset(f->durable.p + f->durable.n, 0, more);
    }
    f->durable.n = n;
}

static void laid_size(struct file *f, uint64_t n)
{
    if (ftruncate(f->fd, (off_t)n)) broken(f->path);
    f->size = n;
}

static void laid_write(struct file *f, uint64_t at, const uint8_t *p, size_t n)
{
    if (n && pwrite(f->fd, p, n, (off_t)at) != (ssize_t)n) broken(f->path);
    if (at + n > f->size) f->size = at + n;
}

/* ---- the recording ---- */

static bool read_op(FILE *f, struct disk_op *o)
{
    if (fread(&o->op, sizeof o->op, 1, f) != 1) return false;
    if (o->op.name_bytes >= POWER_NAME_MAX) broken("a name in the recording");
    if (fread(o->name, 1, o->op.name_bytes, f) != o->op.name_bytes) broken("the recording ends");
    o->bytes = calloc(1, o->op.bytes + 1u);
    REQUIRE(o->bytes != NULL);
    if (fread(o->bytes, 1, o->op.bytes, f) != o->op.bytes) broken("the recording ends");
    return true;
}

struct disk *disk_new(const char *recording, const char *place)
{
    struct disk *d = calloc(1, sizeof *d);
    FILE *f = fopen(recording, "rb");
    if (!f) broken(recording);
    REQUIRE(d != NULL);
    snprintf(d->place, sizeof d->place, "%s", place);
    struct disk_op o = {0};
    for (size_t cap = 0; read_op(f, &o); o = (struct disk_op){0}) {
        if (d->count == cap) d->ops = realloc(d->ops, (cap = cap * 2 + 1024) * sizeof *d->ops);
        REQUIRE(d->ops != NULL);
        d->ops[d->count++] = o;
        if (o.op.kind == POWER_DIR || o.op.kind == POWER_FILE)
            file_add(d, o.op.ino, o.op.kind == POWER_DIR);
        if (o.op.kind == POWER_ROOT) file_add(d, o.op.ino, true);
    }
    fclose(f);
    if (d->count == 0 || d->ops[0].op.kind != POWER_ROOT) broken("no recording");
    snprintf(d->files[0].path, PATH_SIZE, "%s", place);
    return d;
}

size_t disk_ops(const struct disk *d, const struct disk_op **ops)
{
    *ops = d->ops;
    return d->count;
}

/* ---- entries ---- */

static void entry_take(struct entries *e, const struct disk_op *o)
{
    uint64_t parent = o->op.kind == POWER_RENAME ? o->op.to_parent : o->op.parent;
    for (size_t i = 0; o->op.kind == POWER_RENAME || o->op.kind == POWER_GONE ? i < e->n : false;
         i++) {
        if (e->v[i].parent != o->op.parent || e->v[i].ino != o->op.ino) continue;
        e->v[i] = e->v[--e->n];
        break;
    }
    if (o->op.kind == POWER_GONE) return;
    REQUIRE(e->n < ENTRIES_MAX);
    struct dir_entry *new = &e->v[e->n++];
    *new = (struct dir_entry){.parent = parent, .ino = o->op.ino};
    memcpy(new->name, o->name, sizeof new->name);
}

static bool is_entry_op(const struct disk_op *o)
{
    return o->op.kind == POWER_DIR || o->op.kind == POWER_FILE || o->op.kind == POWER_RENAME ||
           o->op.kind == POWER_GONE;
}

static bool is_file_op(const struct disk_op *o)
{
    return o->op.kind == POWER_WRITE || o->op.kind == POWER_SIZE;
}

/* ---- laying out ---- */

static int remove_one(const char *path, const struct stat *st, int flag, struct FTW *at)
{
    (void)st, (void)flag;
    return at->level == 0 ? 0 : remove(path);
}

static void clear_place(struct disk *d)
{
    for (size_t i = 0; i < d->file_count; i++) {
        if (d->files[i].fd >= 0) close(d->files[i].fd);
        d->files[i].fd = -1;
        d->files[i].laid = i == 0;
    }
    if (nftw(d->place, remove_one, 8, FTW_DEPTH | FTW_PHYS)) broken(d->place);
}

static void lay_file(struct file *f)
{
    f->laid = true;
    if (f->dir) {
        if (mkdir(f->path, 0700)) broken(f->path);
        return;
    }
    f->fd = open(f->path, O_CREAT | O_RDWR | O_CLOEXEC, 0600);
    if (f->fd < 0) broken(f->path);
    f->size = 0;
    laid_write(f, 0, f->durable.p, f->durable.n);
}

static void lay_out(struct disk *d, const struct entries *e)
{
    clear_place(d);
    for (bool more = true; more;) {
        more = false;
        for (size_t i = 0; i < e->n; i++) {
            struct file *in = file_of(d, e->v[i].parent), *f = file_of(d, e->v[i].ino);
            REQUIRE(in != NULL && f != NULL);
            if (f->laid || !in->laid) continue;
            snprintf(f->path, sizeof f->path, "%.300s/%s", in->path, e->v[i].name);
            lay_file(f);
            more = true;
        }
    }
}

/* ---- cutting ---- */

static uint64_t draw(struct disk *d, uint64_t n)
{
    uint64_t z = d->chance += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return (z ^ z >> 31) % n;
}

static void image_write(struct disk *d, const struct disk_op *o, size_t from, size_t n)
{
    struct file *f = file_of(d, o->op.ino);
    if (!f->laid || n == 0) return;
    REQUIRE(d->touched_count < TOUCHED_MAX);
    d->touched[d->touched_count++] = (struct touched){f, o->op.at + from, n};
    laid_write(f, o->op.at + from, o->bytes + from, n);
}

static void image_size(struct disk *d, struct file *f, uint64_t n)
{
    if (!f->laid || n == f->size) return;
    REQUIRE(d->touched_count < TOUCHED_MAX);
    uint64_t low = n < f->size ? n : f->size;
    d->touched[d->touched_count++] = (struct touched){f, low, f->size > low ? f->size - low : 0};
    laid_size(f, n);
}

/* Each sector by itself: sectors are those of the file, not of the write. */
static void image_torn(struct disk *d, const struct disk_op *o)
{
    for (size_t from = 0; from < o->op.bytes;) {
        size_t n = SECTOR - (o->op.at + from) % SECTOR;
        if (n > o->op.bytes - from) n = o->op.bytes - from;
        if (draw(d, 2)) image_write(d, o, from, n);
        from += n;
    }
}

static void image_whole(struct disk *d, const struct disk_op *o)
{
    if (o->op.kind == POWER_WRITE) image_write(d, o, 0, o->op.bytes);
    if (o->op.kind == POWER_SIZE) image_size(d, file_of(d, o->op.ino), o->op.at);
}

size_t disk_unsynced(const struct disk *d, size_t *sectors)
{
    size_t n = 0;
    *sectors = 0;
    for (size_t i = 0; i <= d->pending_count; i++) {
        const struct disk_op *o = &d->ops[i < d->pending_count ? d->pending[i] : d->at];
        if (!is_file_op(o) && !is_entry_op(o)) continue;
        n++;
        *sectors += 1 + (o->op.kind == POWER_WRITE ? o->op.bytes / SECTOR : 0);
    }
    return n;
}

/* Of one directory's entries those before a point: after the first that is not there, none is. */
static bool entry_kept(struct disk *d, const struct disk_op *o, struct cut c, size_t nth,
                       bool stop[FILES_MAX])
{
    size_t parent = (size_t)(file_of(d, o->op.parent) - d->files);
    bool kept = c.kind == CUT_TORN      ? draw(d, 4) > 0
                : c.kind == CUT_WHOLE   ? c.which >> nth & 1
                : c.kind == CUT_NOTHING ? false
                                        : nth < d->pending_count;
    if (!kept) stop[parent] = true;
    return !stop[parent];
}

static struct entries entries_at(struct disk *d, struct cut c)
{
    struct entries e = d->durable;
    bool stop[FILES_MAX] = {false};
    for (size_t i = 0; i <= d->pending_count; i++) {
        const struct disk_op *o = &d->ops[i < d->pending_count ? d->pending[i] : d->at];
        if (is_entry_op(o) && entry_kept(d, o, c, i, stop)) entry_take(&e, o);
    }
    return e;
}

/* How likely an unsynced write is there differs from image to image. */
static void image_draw(struct disk *d, const struct disk_op *o, uint64_t there)
{
    if (draw(d, 8) >= there) return;
    if (o->op.kind == POWER_WRITE && draw(d, 3) == 0) {
        image_torn(d, o);
        return;
    }
    image_whole(d, o);
}

static void image_longer(struct disk *d)
{
    for (size_t i = 0; i <= d->pending_count; i++) {
        const struct disk_op *o = &d->ops[i < d->pending_count ? d->pending[i] : d->at];
        if (o->op.kind != POWER_WRITE) continue;
        struct file *f = file_of(d, o->op.ino);
        if (o->op.at + o->op.bytes > f->size) image_size(d, f, o->op.at + o->op.bytes);
    }
}

static void image_files(struct disk *d, struct cut c)
{
    uint64_t there = 1 + draw(d, 7);
    for (size_t i = 0; c.kind != CUT_NOTHING && i <= d->pending_count; i++) {
        bool last = i == d->pending_count;
        const struct disk_op *o = &d->ops[last ? d->at : d->pending[i]];
        if (!is_file_op(o)) continue;
        if (c.kind == CUT_TORN) image_draw(d, o, there);
        if (c.kind == CUT_WHOLE && (c.which >> i & 1)) image_whole(d, o);
        if (c.kind == CUT_ALL && !last) image_whole(d, o);
        if (c.kind == CUT_PREFIX && !last) image_whole(d, o);
        if (c.kind == CUT_PREFIX && last) image_write(d, o, 0, c.which);
    }
    if (c.kind == CUT_TORN && draw(d, 8) == 0) image_longer(d);
}

static bool entries_pending(const struct disk *d)
{
    bool any = is_entry_op(&d->ops[d->at]);
    for (size_t i = 0; !any && i < d->pending_count; i++)
        any = is_entry_op(&d->ops[d->pending[i]]);
    return any;
}

void disk_cut(struct disk *d, struct cut c)
{
    REQUIRE(d->touched_count == 0 && d->at < d->count);
    d->chance = c.which * UINT64_C(0xd1342543de82ef95) + d->at;
    if (entries_pending(d)) {
        struct entries e = entries_at(d, c);
        lay_out(d, &e);
        d->laid = false;
    } else if (!d->laid) {
        lay_out(d, &d->durable);
        d->laid = true;
    }
    image_files(d, c);
}

void disk_mend(struct disk *d, bool changed)
{
    if (changed) d->laid = false;
    for (size_t i = 0; d->laid && i < d->touched_count; i++) {
        struct touched *t = &d->touched[i];
        if (t->file->size != t->file->durable.n) laid_size(t->file, t->file->durable.n);
        if (t->at >= t->file->durable.n) continue;
        uint64_t n = t->file->durable.n - t->at;
        laid_write(t->file, t->at, t->file->durable.p + t->at, n < t->n ? n : t->n);
    }
    d->touched_count = 0;
}

/* ---- going on ---- */

static void make_durable(struct disk *d, const struct disk_op *o)
{
    struct file *f = file_of(d, o->op.ino);
    if (is_entry_op(o)) {
        entry_take(&d->durable, o);
        d->laid = false;
        return;
    }
    if (o->op.kind == POWER_SIZE) {
        durable_size(f, o->op.at);
        if (d->laid) laid_size(f, f->durable.n);
        return;
    }
    if (o->op.at + o->op.bytes > f->durable.n) durable_size(f, o->op.at + o->op.bytes);
    memcpy(f->durable.p + o->op.at, o->bytes, o->op.bytes);
    if (d->laid && f->laid) laid_write(f, o->op.at, o->bytes, o->op.bytes);
}

static bool settled_by(const struct disk_op *o, const struct disk_op *sync)
{
    if (sync->op.kind == POWER_SYNC) return is_file_op(o) && o->op.ino == sync->op.ino;
    return is_entry_op(o) && (o->op.parent == sync->op.ino ||
                              (o->op.kind == POWER_RENAME && o->op.to_parent == sync->op.ino));
}

/* A write through must not lie on an older one that is still on its way: which wins is not ours to
 * say. */
static void demand_alone(const struct disk *d, const struct disk_op *o)
{
    for (size_t i = 0; i < d->pending_count; i++) {
        const struct power_op *p = &d->ops[d->pending[i]].op;
        bool apart =
            p->ino != o->op.ino || p->at >= o->op.at + o->op.bytes || o->op.at >= p->at + p->bytes;
        REQUIRE(p->kind != POWER_WRITE || apart);
    }
}

void disk_pass(struct disk *d)
{
    const struct disk_op *o = &d->ops[d->at];
    if (is_file_op(o) && o->op.through) {
        demand_alone(d, o);
        make_durable(d, o);
    } else if (is_file_op(o) || is_entry_op(o)) {
        REQUIRE(d->pending_count < PENDING_MAX);
        d->pending[d->pending_count++] = d->at;
    } else if (o->op.kind == POWER_SYNC || o->op.kind == POWER_SYNC_DIR) {
        size_t left = 0;
        for (size_t i = 0; i < d->pending_count; i++) {
            const struct disk_op *p = &d->ops[d->pending[i]];
            if (settled_by(p, o)) {
                make_durable(d, p);
            } else {
                d->pending[left++] = d->pending[i];
            }
        }
        d->pending_count = left;
    }
    d->at++;
}

void disk_destroy(struct disk **dp)
{
    struct disk *d = *dp;
    clear_place(d);
    for (size_t i = 0; i < d->count; i++)
        free(d->ops[i].bytes);
    for (size_t i = 0; i < d->file_count; i++)
        buf_fini(&d->files[i].durable);
    free(d->ops);
    free(d);
    *dp = NULL;
}
