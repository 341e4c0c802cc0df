/* backup_file.c - see backup_file.h. */
#include "services/cli/backup_file.h"
#include "common/contract.h"
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <unistd.h>

#define HASH_BYTES 32
#define PIECE_BYTES ((size_t)256 << 10)

static enum err err_of_errno(void)
{
    return errno == ENOENT ? ERR_NOT_FOUND : errno == ENOSPC ? ERR_FULL : ERR_IO;
}

static enum err write_all(int fd, const uint8_t *p, size_t n)
{
    while (n > 0) {
        ssize_t k = write(fd, p, n);
        if (k < 0 && errno == EINTR) continue;
        if (k <= 0) return err_of_errno();
        p += k;
        n -= (size_t)k;
    }
    return ERR_OK;
}

static enum err pass(int in, int out, struct backup_file *f)
{
    struct buf piece = {0};
    crypto_generichash_state h;
    uint8_t hash[HASH_BYTES];
    ssize_t n;
    enum err e = ERR_OK;
    buf_reserve(&piece, PIECE_BYTES);
    crypto_generichash_init(&h, NULL, 0, sizeof hash);
    while (e == ERR_OK && (n = read(in, piece.p, PIECE_BYTES)) != 0) {
        if (n < 0) {
            e = errno == EINTR ? ERR_OK : ERR_IO;
            continue;
        }
        crypto_generichash_update(&h, piece.p, (size_t)n);
        f->bytes += (uint64_t)n;
        if (out >= 0) e = write_all(out, piece.p, (size_t)n);
    }
    crypto_generichash_final(&h, hash, sizeof hash);
    sodium_bin2hex(f->hash, sizeof f->hash, hash, sizeof hash);
    buf_fini(&piece);
    return e;
}

enum err backup_file_pass(const char *from, const char *to, struct backup_file *out)
{
    struct backup_file f = {0};
    REQUIRE(sodium_init() >= 0);
    int in = open(from, O_RDONLY | O_CLOEXEC);
    if (in < 0) return err_of_errno();
    int fd = to ? open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600) : -1;
    enum err e = to && fd < 0 ? ERR_IO : pass(in, fd, &f);
    if (e == ERR_OK && fd >= 0 && fsync(fd)) e = err_of_errno();
    close(in);
    if (fd >= 0) close(fd);
    if (e == ERR_OK) *out = f;
    return e;
}

enum err backup_file_write(const char *path, struct slice text)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0) return err_of_errno();
    enum err e = write_all(fd, text.p, text.n);
    if (e == ERR_OK && fsync(fd)) e = err_of_errno();
    close(fd);
    return e;
}

enum err backup_file_read(const char *path, struct buf *out)
{
    char piece[4096];
    size_t n;
    FILE *f = fopen(path, "re");
    if (!f) return err_of_errno();
    while ((n = fread(piece, 1, sizeof piece, f)) > 0)
        buf_put(out, piece, n);
    enum err e = ferror(f) ? ERR_IO : ERR_OK;
    fclose(f);
    return e;
}

enum err backup_dir_sync(const char *dir)
{
    int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) return err_of_errno();
    enum err e = fsync(fd) ? ERR_IO : ERR_OK;
    close(fd);
    return e;
}

void backup_path(char out[BACKUP_PATH_SIZE], const char *dir, const char *name)
{
    REQUIRE(snprintf(out, BACKUP_PATH_SIZE, "%s/%s", dir, name) < BACKUP_PATH_SIZE);
}
