/* backup.c - making a backup: see backup.h. Read: copying, proving, the manifest, the whole. The
 * way back is in backup_restore.c. */
#include "services/cli/backup.h"
#include "common/clock.h"
#include "common/contract.h"
#include "common/store_copy.h"
#include "services/cli/backup_file.h"
#include "services/cli/commands.h"
#include "services/cli/recompute.h"
#include "services/cli/scrub.h"
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Stands in a <name>.new that is ours, and may be swept away when the making of it was cut off. */
#define UNFINISHED "unfinished"
#define UNFINISHED_TEXT "a backup that was cut off; it may be removed\n"

struct backup {
    const struct view_options *from;
    const char *to;
    char young[BACKUP_PATH_SIZE]; /* <to>.new */
    json_t *manifest, *services;
    uint64_t bytes, records;
    struct store_extent extents[OWNER_COUNT];
    char newest[40]; /* time of the door's last record */
};

static int failed(const char *what, const char *path, enum err e)
{
    fprintf(stderr, "cuiban backup: cannot %s %s: %s\n", what, path,
            e == ERR_IO ? strerror(errno) : err_name(e));
    return CLI_FAILED;
}

static bool is_there(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0;
}

/* ---- copying ---- */

static int make_place(struct backup *b)
{
    char path[BACKUP_PATH_SIZE];
    if (strlen(b->to) > BACKUP_PATH_SIZE - 64 || strlen(b->from->dir) > BACKUP_PATH_SIZE - 64) {
        fprintf(stderr, "cuiban backup: the path is too long\n");
        return CLI_REFUSED;
    }
    if (is_there(b->to)) {
        fprintf(stderr, "cuiban backup: %s is there already; give each backup a name of its own\n",
                b->to);
        return CLI_REFUSED;
    }
    (void)snprintf(b->young, sizeof b->young, "%s.new", b->to);
    backup_path(path, b->young, UNFINISHED);
    if (is_there(path)) recompute_dir_remove(b->young);
    if (mkdir(b->young, 0700)) {
        fprintf(stderr, "cuiban backup: cannot make %s: %s\n", b->young, strerror(errno));
        return errno == EEXIST ? CLI_REFUSED : CLI_FAILED;
    }
    enum err e = backup_file_write(
        path, (struct slice){(const uint8_t *)UNFINISHED_TEXT, strlen(UNFINISHED_TEXT)});
    backup_path(path, b->young, "data");
    if (e == ERR_OK && mkdir(path, 0700)) e = ERR_IO;
    return e == ERR_OK ? CLI_OK : failed("write to", b->young, e);
}

static int copy_store(struct backup *b, enum owner o)
{
    char name[64], from[BACKUP_PATH_SIZE], to[BACKUP_PATH_SIZE];
    struct fault why = {0};
    (void)snprintf(name, sizeof name, "data/%s", owner_name(o));
    backup_path(from, b->from->dir, name);
    backup_path(to, b->young, name);
    if (!is_there(from)) return CLI_OK;
    enum err e = store_copy(from, to, &b->extents[o], &why);
    if (e != ERR_OK) {
        fprintf(stderr, "cuiban backup: %s\n", why.text[0] ? why.text : err_name(e));
        return e == ERR_IO || e == ERR_AGAIN ? CLI_FAILED : CLI_REFUSED;
    }
    b->records += b->extents[o].seq;
    json_object_set_new(b->services, owner_name(o), json_object());
    return CLI_OK;
}

static int copy_stores(struct backup *b)
{
    int rc = CLI_OK;
    for (int o = OWNER_COUNT - 1; rc == CLI_OK && o >= OWNER_intake; o--) {
        if (view_service((enum owner)o)) rc = copy_store(b, (enum owner)o);
    }
    if (rc != CLI_OK || json_object_size(b->services)) return rc;
    fprintf(stderr,
            "cuiban backup: there are no stores in %s/data; name the directory given to "
            "`cuiban up` with --dir\n",
            b->from->dir);
    return CLI_REFUSED;
}

/* Which policy set: what `cuiban up` noted goes along, so that the backup can be read by itself. */
static int copy_note(struct backup *b)
{
    char from[BACKUP_PATH_SIZE], to[BACKUP_PATH_SIZE], full[PATH_MAX];
    struct buf text = {0};
    backup_path(from, b->from->dir, "policy");
    backup_path(to, b->young, "policy");
    enum err e = ERR_OK;
    if (b->from->policy && realpath(b->from->policy, full)) {
        buf_printf(&text, "%s\n", full);
    } else {
        e = backup_file_read(from, &text);
    }
    if (e == ERR_OK) e = backup_file_write(to, buf_slice(&text));
    buf_fini(&text);
    return e == ERR_OK || e == ERR_NOT_FOUND ? CLI_OK : failed("write", to, e);
}

/* ---- proving ---- */

static json_t *proof_of(struct view *v, const struct scrub *rows, int *rc)
{
    char *text = NULL;
    size_t n = 0;
    v->form = LISTING_json;
    v->out = open_memstream(&text, &n);
    REQUIRE(v->out != NULL);
    *rc = verify_all(v, rows, recompute_tmp());
    fclose(v->out);
    v->out = stdout;
    json_t *proof = json_loadb(text, n, 0, NULL);
    free(text);
    return proof;
}

static int prove(struct backup *b, struct view *v)
{
    struct scrub rows;
    int rc = CLI_FAILED;
    enum err e = scrub_run(b->young, &rows);
    json_t *proof = e == ERR_OK ? proof_of(v, &rows, &rc) : NULL;
    scrub_fini(&rows);
    if (rc != CLI_OK) {
        fprintf(stderr,
                "cuiban backup: the copy does not pass the proof, so it is not kept; "
                "`cuiban verify --dir %s` says more:\n",
                b->from->dir);
        if (proof) json_dumpf(proof, stderr, JSON_INDENT(1));
        fputc('\n', stderr);
    }
    if (proof) json_object_set_new(b->manifest, "proof", proof);
    return rc;
}

/* ---- the manifest ---- */

static void note_policy(struct backup *b, const struct view *v)
{
    if (!v->policy) return;
    const struct policy *p = v->policy;
    json_object_set_new(b->manifest, "policy",
                        json_pack("{s:s%, s:I, s:s}", "name", p->name.p, (size_t)p->name.n,
                                  "version", (json_int_t)p->version, "hash", p->hash));
}

/* Where the log ends, and the hash that its next record would carry. */
static enum err note_log(struct backup *b, struct view *v, enum owner o)
{
    struct slice record;
    struct view_record r;
    uint8_t hash[32] = {0};
    char hex[65], when[40] = "";
    uint64_t last;
    enum err e = reader_last(v->reader, o, &last);
    if (e == ERR_OK && last) e = reader_record(v->reader, o, last, &record);
    if (e == ERR_OK && last) {
        arena_reset(&v->arena);
        e = view_record(&v->arena, o, record, &r);
        crypto_generichash(hash, sizeof hash, record.p, record.n, NULL, 0);
    }
    if (e != ERR_OK) return e;
    if (last) time_format(r.entry.now, NULL, when);
    if (o == OWNER_intake) memcpy(b->newest, when, sizeof when);
    sodium_bin2hex(hex, sizeof hex, hash, sizeof hash);
    json_object_update_new(json_object_get(b->services, owner_name(o)),
                           json_pack("{s:I, s:s, s:s, s:I}", "records", (json_int_t)last, "hash",
                                     last ? hex : "", "newest", when, "batches",
                                     (json_int_t)b->extents[o].batch));
    return ERR_OK;
}

static enum err note_files(struct backup *b, const char *service, json_t *entry)
{
    static const char *const files[] = {"log/data.mdb", "state/data.mdb"};
    static const char *const leftovers[] = {"log/lock.mdb", "state/lock.mdb", "lock"};
    char name[96], path[BACKUP_PATH_SIZE];
    json_t *all = json_object();
    enum err e = ERR_OK;
    for (size_t i = 0; i < COUNT_OF(leftovers); i++) {
        (void)snprintf(name, sizeof name, "data/%s/%s", service, leftovers[i]);
        backup_path(path, b->young, name);
        (void)unlink(path);
    }
    for (size_t i = 0; e == ERR_OK && i < COUNT_OF(files); i++) {
        struct backup_file f;
        (void)snprintf(name, sizeof name, "data/%s/%s", service, files[i]);
        backup_path(path, b->young, name);
        e = backup_file_pass(path, NULL, &f);
        if (e != ERR_OK) break;
        b->bytes += f.bytes;
        json_object_set_new(
            all, files[i],
            json_pack("{s:I, s:s}", "bytes", (json_int_t)f.bytes, "blake2b", f.hash));
    }
    json_object_set_new(entry, "files", all);
    return e;
}

static enum err write_manifest(struct backup *b)
{
    char path[BACKUP_PATH_SIZE];
    const char *name;
    json_t *entry;
    enum err e = ERR_OK;
    json_object_foreach(b->services, name, entry)
    {
        if (e == ERR_OK) e = note_files(b, name, entry);
    }
    if (e != ERR_OK) return e;
    char *text = json_dumps(b->manifest, JSON_INDENT(1));
    REQUIRE(text != NULL);
    backup_path(path, b->young, BACKUP_MANIFEST);
    e = backup_file_write(path, (struct slice){(const uint8_t *)text, strlen(text)});
    free(text);
    return e;
}

/* ---- the whole ---- */

/* The copy is opened as a stopped directory: its state goes from its checkpoint to the end of its
 * log, as after a crash. */
static int look_into(struct backup *b, bool proven)
{
    struct view v;
    struct view_options o = *b->from;
    o.dir = b->young;
    o.need_policy = proven;
    o.first = NULL;
    int rc = view_open(&o, "cuiban backup", &v);
    if (rc != CLI_OK) return rc;
    note_policy(b, &v);
    for (int i = OWNER_intake; rc == CLI_OK && i < OWNER_COUNT; i++) {
        enum err e = reader_has(v.reader, (enum owner)i) ? note_log(b, &v, (enum owner)i) : ERR_OK;
        if (e != ERR_OK) rc = failed("read", b->young, e);
    }
    if (rc == CLI_OK && proven) rc = prove(b, &v);
    view_close(&v);
    return rc;
}

static int finish(struct backup *b)
{
    char path[BACKUP_PATH_SIZE];
    enum err e = write_manifest(b);
    backup_path(path, b->young, UNFINISHED);
    if (e == ERR_OK && unlink(path)) e = ERR_IO;
    backup_path(path, b->young, "data");
    if (e == ERR_OK) e = backup_dir_sync(path);
    if (e == ERR_OK) e = backup_dir_sync(b->young);
    if (e == ERR_OK && rename(b->young, b->to)) e = ERR_IO;
    backup_path(path, b->to, "..");
    if (e == ERR_OK) e = backup_dir_sync(path);
    return e == ERR_OK ? CLI_OK : failed("finish", b->young, e);
}

static void tell(const struct backup *b, bool proven)
{
    printf("%s: %zu services, %" PRIu64 " records, %.1f MB, %s\n", b->to,
           json_object_size(b->services), b->records, (double)b->bytes / 1e6,
           proven ? "proven" : "NOT proven (--no-verify)");
    printf("newest record of the door: %s; what it accepted after that is not in this backup\n",
           b->newest[0] ? b->newest : "none");
}

int backup_make(const struct view_options *o, const char *to, bool proven)
{
    struct backup b = {.from = o, .to = to, .services = json_object()};
    char now[40];
    time_format(clock_wall_ms(), NULL, now);
    b.manifest = json_pack("{s:i, s:s, s:b}", "cuiban_backup", 1, "taken", now, "proven", proven);
    json_object_set(b.manifest, "services", b.services);
    int rc = make_place(&b);
    bool ours = rc == CLI_OK;
    if (rc == CLI_OK) rc = copy_stores(&b);
    if (rc == CLI_OK) rc = copy_note(&b);
    if (rc == CLI_OK) rc = look_into(&b, proven);
    if (rc == CLI_OK) rc = finish(&b);
    if (rc == CLI_OK) tell(&b, proven);
    if (rc != CLI_OK && ours) recompute_dir_remove(b.young);
    json_decref(b.manifest);
    json_decref(b.services);
    return rc;
}
