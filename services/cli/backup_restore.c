/* backup_restore.c - from a backup back to a directory of `cuiban up`: see backup.h. Nothing is
 * replaced, and nothing has its name before it is whole and hashes as the manifest says. */
#include "common/contract.h"
#include "services/cli/backup.h"
#include "services/cli/backup_file.h"
#include "services/cli/recompute.h"
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct restore {
    const char *from, *dir;
    char young[BACKUP_PATH_SIZE]; /* dir/data.new */
    json_t *manifest;
    uint64_t bytes;
};

static int refuse(const char *fmt, const char *path, const char *text)
{
    fprintf(stderr, "cuiban restore: ");
    fprintf(stderr, fmt, path, text);
    fputc('\n', stderr);
    return CLI_REFUSED;
}

static int failed(const char *path, enum err e)
{
    fprintf(stderr, "cuiban restore: cannot write %s: %s\n", path,
            e == ERR_IO ? strerror(errno) : err_name(e));
    return CLI_FAILED;
}

static int read_manifest(struct restore *r)
{
    char path[BACKUP_PATH_SIZE];
    json_error_t error = {0};
    backup_path(path, r->from, BACKUP_MANIFEST);
    r->manifest = json_load_file(path, JSON_REJECT_DUPLICATES, &error);
    if (!r->manifest) return refuse("%s is no whole backup: %s", r->from, error.text);
    if (json_integer_value(json_object_get(r->manifest, "cuiban_backup")) != 1 ||
        json_object_size(json_object_get(r->manifest, "services")) == 0)
        return refuse("%s: this manifest is of another kind%s", path, "");
    return CLI_OK;
}

static int make_place(struct restore *r)
{
    char path[BACKUP_PATH_SIZE];
    struct stat st;
    backup_path(path, r->dir, "data");
    if (stat(path, &st) == 0)
        return refuse("%s is there already; a backup never replaces stores%s", path, "");
    backup_path(r->young, r->dir, "data.new");
    if (mkdir(r->dir, 0700) && errno != EEXIST) return failed(r->dir, ERR_IO);
    recompute_dir_remove(r->young); /* of a restore that was cut off */
    return mkdir(r->young, 0700) ? failed(r->young, ERR_IO) : CLI_OK;
}

static int copy_file(struct restore *r, const char *service, const char *name, const json_t *files)
{
    char under[96], from[BACKUP_PATH_SIZE], to[BACKUP_PATH_SIZE];
    struct backup_file f;
    const char *want = json_string_value(json_object_get(json_object_get(files, name), "blake2b"));
    (void)snprintf(under, sizeof under, "%s/%s", service, name);
    backup_path(to, r->young, under);
    (void)snprintf(under, sizeof under, "data/%s/%s", service, name);
    backup_path(from, r->from, under);
    enum err e = backup_file_pass(from, to, &f);
    if (e == ERR_NOT_FOUND) return refuse("%s is missing%s", from, "");
    if (e != ERR_OK) return failed(to, e);
    r->bytes += f.bytes;
    if (want && strcmp(want, f.hash) == 0) return CLI_OK;
    return refuse("%s is not what the manifest says; it was damaged or changed. Use another "
                  "backup%s",
                  from, "");
}

static int copy_service(struct restore *r, const struct service *s)
{
    static const char *const parts[] = {"log", "state"};
    const json_t *entry = json_object_get(json_object_get(r->manifest, "services"), s->name);
    char name[64], path[BACKUP_PATH_SIZE];
    int rc = CLI_OK;
    if (!entry) return CLI_OK;
    backup_path(path, r->young, s->name);
    if (mkdir(path, 0700)) return failed(path, ERR_IO);
    for (size_t i = 0; rc == CLI_OK && i < COUNT_OF(parts); i++) {
        (void)snprintf(name, sizeof name, "%s/%s", s->name, parts[i]);
        backup_path(path, r->young, name);
        if (mkdir(path, 0700)) return failed(path, ERR_IO);
        (void)snprintf(name, sizeof name, "%s/data.mdb", parts[i]);
        rc = copy_file(r, s->name, name, json_object_get(entry, "files"));
        if (rc == CLI_OK && backup_dir_sync(path) != ERR_OK) rc = failed(path, ERR_IO);
    }
    backup_path(path, r->young, s->name);
    if (rc == CLI_OK && backup_dir_sync(path) != ERR_OK) rc = failed(path, ERR_IO);
    return rc;
}

static int copy_all(struct restore *r)
{
    int rc = CLI_OK;
    for (int o = OWNER_intake; rc == CLI_OK && o < OWNER_COUNT; o++) {
        const struct service *s = view_service((enum owner)o);
        if (s) rc = copy_service(r, s);
    }
    return rc;
}

/* The note of the policy set goes along where there is none. */
static enum err copy_note(struct restore *r, char set[PATH_MAX])
{
    char from[BACKUP_PATH_SIZE], to[BACKUP_PATH_SIZE];
    struct buf text = {0};
    struct stat st;
    backup_path(from, r->from, "policy");
    backup_path(to, r->dir, "policy");
    set[0] = 0;
    enum err e = backup_file_read(from, &text);
    if (e == ERR_OK)
        (void)snprintf(set, PATH_MAX, "%.*s", (int)strcspn((char *)text.p, "\n"), (char *)text.p);
    if (e == ERR_OK && stat(to, &st) != 0) e = backup_file_write(to, buf_slice(&text));
    buf_fini(&text);
    return e == ERR_NOT_FOUND ? ERR_OK : e;
}

static int finish(struct restore *r, char set[PATH_MAX])
{
    char path[BACKUP_PATH_SIZE];
    backup_path(path, r->dir, "data");
    enum err e = backup_dir_sync(r->young);
    if (e == ERR_OK) e = copy_note(r, set);
    if (e == ERR_OK && rename(r->young, path)) e = ERR_IO;
    if (e == ERR_OK) e = backup_dir_sync(r->dir);
    return e == ERR_OK ? CLI_OK : failed(path, e);
}

static void tell(const struct restore *r, const char *set)
{
    const json_t *door = json_object_get(json_object_get(r->manifest, "services"), "intake");
    const char *newest = json_string_value(json_object_get(door, "newest"));
    const json_t *policy = json_object_get(r->manifest, "policy");
    printf("%s: restored from %s, %.1f MB, every file as the manifest says\n", r->dir, r->from,
           (double)r->bytes / 1e6);
    if (policy)
        printf("policy set: %s version %" JSON_INTEGER_FORMAT ", hash %.16s…\n",
               json_string_value(json_object_get(policy, "name")),
               json_integer_value(json_object_get(policy, "version")),
               json_string_value(json_object_get(policy, "hash")));
    printf("next: cuiban verify --dir %s; then cuiban up --dir %s%s%s\n", r->dir, r->dir,
           set[0] ? " --policy " : "", set);
    printf("then let the centres send again what happened since %s; the door knows what it has\n",
           newest && newest[0] ? newest : "the beginning");
}

int backup_restore(const char *from, const char *dir)
{
    struct restore r = {.from = from, .dir = dir};
    char set[PATH_MAX] = "";
    if (strlen(from) > BACKUP_PATH_SIZE - 128 || strlen(dir) > BACKUP_PATH_SIZE - 128)
        return refuse("%s or %s is too long", from, dir);
    int rc = read_manifest(&r);
    if (rc == CLI_OK) rc = make_place(&r);
    bool ours = rc == CLI_OK;
    if (rc == CLI_OK) rc = copy_all(&r);
    if (rc == CLI_OK) rc = finish(&r, set);
    if (rc == CLI_OK) tell(&r, set);
    if (rc != CLI_OK && ours) recompute_dir_remove(r.young);
    json_decref(r.manifest);
    return rc;
}
