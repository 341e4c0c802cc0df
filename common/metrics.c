/* metrics.c - see metrics.h. libmicrohttpd runs one thread of its own; it sees the tables, the flag
 * and nothing else. A table is published by raising the count after it is in place, so no lock is
 * needed. */
#include "common/metrics.h"
#include "common/bytes.h"
#include "common/contract.h"
#include <errno.h>
#include <inttypes.h>
#include <microhttpd.h>
#include <netdb.h>
#include <stdlib.h>
#include <string.h>

#define CONNECTIONS_MAX 16u
#define CONNECTION_TIMEOUT_S 10u
#define HOST_SIZE 128

struct table_shown {
    const struct metric *rows;
    size_t count;
};

struct metrics {
    struct MHD_Daemon *daemon;
    struct table_shown tables[METRICS_TABLES_MAX];
    _Atomic size_t table_count;
    _Atomic bool ready;
};

/* ---- what is answered ---- */

static size_t name_size(const char *name)
{
    return strcspn(name, "{"); /* labels are not part of the family */
}

static bool same_family(const struct metric *a, const struct metric *b)
{
    size_t n = name_size(a->name);
    return n == name_size(b->name) && memcmp(a->name, b->name, n) == 0;
}

static void table_print(struct buf *out, const struct table_shown *t)
{
    for (size_t i = 0; i < t->count; i++) {
        const struct metric *m = &t->rows[i];
        if (i == 0 || !same_family(m, m - 1)) {
            int n = (int)name_size(m->name);
            buf_printf(out, "# HELP %.*s %s\n# TYPE %.*s %s\n", n, m->name, m->help, n, m->name,
                       m->type == METRIC_counter ? "counter" : "gauge");
        }
        buf_printf(out, "%s %" PRId64 "\n", m->name,
                   atomic_load_explicit(&m->value, memory_order_relaxed));
    }
}

/* Fills the page and returns its status. */
static unsigned page(const struct metrics *m, const char *path, struct buf *out)
{
    if (strcmp(path, "/metrics") == 0) {
        size_t count = atomic_load_explicit(&m->table_count, memory_order_acquire);
        for (size_t i = 0; i < count; i++)
            table_print(out, &m->tables[i]);
        return MHD_HTTP_OK;
    }
    if (strcmp(path, "/healthz") == 0) {
        buf_printf(out, "alive\n");
        return MHD_HTTP_OK;
    }
    if (strcmp(path, "/readyz") == 0) {
        bool ready = atomic_load(&m->ready);
        buf_printf(out, ready ? "ready\n" : "not ready\n");
        return ready ? MHD_HTTP_OK : MHD_HTTP_SERVICE_UNAVAILABLE;
    }
    buf_printf(out, "There are /metrics, /healthz and /readyz.\n");
    return MHD_HTTP_NOT_FOUND;
}

static enum MHD_Result answer(void *arg, struct MHD_Connection *connection, const char *path,
                              const char *method, const char *version, const char *body,
                              size_t *body_size, void **per_request)
{
    (void)version, (void)body, (void)per_request;
    struct buf text = {0};
    unsigned status = MHD_HTTP_METHOD_NOT_ALLOWED;
    *body_size = 0;
    if (strcmp(method, MHD_HTTP_METHOD_GET) == 0 || strcmp(method, MHD_HTTP_METHOD_HEAD) == 0) {
        status = page(arg, path, &text);
    } else {
        buf_printf(&text, "Only GET is possible.\n");
    }
    struct MHD_Response *r = MHD_create_response_from_buffer(text.n, text.p, MHD_RESPMEM_MUST_COPY);
    buf_fini(&text);
    if (!r) return MHD_NO;
    MHD_add_response_header(r, MHD_HTTP_HEADER_CONTENT_TYPE,
                            "text/plain; version=0.0.4; charset=utf-8");
    enum MHD_Result queued = MHD_queue_response(connection, status, r);
    MHD_destroy_response(r);
    return queued;
}

/* ---- where it listens ---- */

static bool is_off(const char *listen)
{
    return *listen == '\0' || strcmp(listen, "0") == 0 || strcmp(listen, "off") == 0;
}

/* "host:port" into its halves; "[::1]:9100" is an IPv6 host. */
static enum err listen_split(const char *listen, char host[HOST_SIZE], const char **port,
                             struct fault *why)
{
    const char *colon = strrchr(listen, ':');
    size_t n = colon ? (size_t)(colon - listen) : 0;
    const char *from = listen;
    if (n >= 2 && from[0] == '[' && from[n - 1] == ']') {
        from++;
        n -= 2;
    }
    *port = colon ? colon + 1 : listen;
    size_t digits = strspn(*port, "0123456789");
    bool number = digits >= 1 && digits <= 5 && (*port)[digits] == '\0';
    if (n < HOST_SIZE && number && strtoul(*port, NULL, 10) <= UINT16_MAX) {
        memcpy(host, n ? from : "127.0.0.1", n ? n : sizeof "127.0.0.1");
        if (n) host[n] = '\0';
        return ERR_OK;
    }
    return fault_set(why, "settings", "bad_address", "metrics",
                     "\"%s\" is no address; write host:port, such as 127.0.0.1:9101, or off",
                     listen);
}

static enum err address_find(const char *listen, struct addrinfo **out, struct fault *why)
{
    char host[HOST_SIZE];
    const char *port;
    enum err e = listen_split(listen, host, &port, why);
    if (e != ERR_OK) return e;
    const struct addrinfo hints = {.ai_socktype = SOCK_STREAM,
                                   .ai_flags = AI_PASSIVE | AI_NUMERICSERV};
    int failed = getaddrinfo(host, port, &hints, out);
    if (failed == 0) return ERR_OK;
    return fault_set(why, "settings", "unknown_host", "metrics", "%s: %s", listen,
                     gai_strerror(failed));
}

static struct MHD_Daemon *daemon_start(struct metrics *m, const struct addrinfo *at)
{
    unsigned flags = MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_AUTO;
    if (at->ai_family == AF_INET6) flags |= MHD_USE_IPv6;
    return MHD_start_daemon(flags, 0, NULL, NULL, answer, m, MHD_OPTION_SOCK_ADDR, at->ai_addr,
                            MHD_OPTION_CONNECTION_LIMIT, CONNECTIONS_MAX,
                            MHD_OPTION_CONNECTION_TIMEOUT, CONNECTION_TIMEOUT_S,
                            MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)16384, MHD_OPTION_END);
}

enum err metrics_open(const char *listen, struct metrics **out, struct fault *why)
{
    struct addrinfo *at = NULL;
    *out = NULL;
    if (is_off(listen)) return ERR_OK;
    enum err e = address_find(listen, &at, why);
    if (e != ERR_OK) return e;
    struct metrics *m = calloc(1, sizeof *m);
    if (m) m->daemon = daemon_start(m, at);
    freeaddrinfo(at);
    if (m && m->daemon) {
        *out = m;
        return ERR_OK;
    }
    free(m);
    (void)fault_set(why, "settings", "cannot_listen", "metrics", "cannot listen on %s: %s", listen,
                    strerror(errno));
    return ERR_IO;
}

void metrics_close(struct metrics **m)
{
    if (!*m) return;
    MHD_stop_daemon((*m)->daemon);
    free(*m);
    *m = NULL;
}

enum err metrics_show(struct metrics *m, const struct metric *table, size_t count)
{
    if (!m) return ERR_OK;
    size_t at = atomic_load(&m->table_count);
    if (at == METRICS_TABLES_MAX) return ERR_FULL;
    m->tables[at] = (struct table_shown){table, count};
    atomic_store_explicit(&m->table_count, at + 1, memory_order_release);
    return ERR_OK;
}

void metrics_ready(struct metrics *m, bool ready)
{
    if (m) atomic_store(&m->ready, ready);
}

uint16_t metrics_port(const struct metrics *m)
{
    if (!m) return 0;
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(m->daemon, MHD_DAEMON_INFO_BIND_PORT);
    ENSURE(info != NULL);
    return info->port;
}
