/* metrics.h - figures of a process for Prometheus, and whether it is alive and ready, over HTTP.
 *
 * GET /metrics, /healthz, /readyz and nothing else. The figures belong to the caller: its loop
 * writes them with the functions below, the HTTP thread reads them; each is one atomic number, so
 * neither waits for the other. */
#ifndef CUIBAN_COMMON_METRICS_H
#define CUIBAN_COMMON_METRICS_H

#include "common/err.h"
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define METRICS_TABLES_MAX 8

enum metric_type { METRIC_counter, METRIC_gauge };

struct metric {
    const char *name; /* "cuiban_events_total", or with labels: "cuiban_cursor{log=\"intake\"}" */
    const char
        *help; /* one line; metrics of one name stand together and the first one's help counts */
    enum metric_type type;
    _Atomic int64_t value;
};

static inline void metric_add(struct metric *m, int64_t n)
{
    atomic_fetch_add_explicit(&m->value, n, memory_order_relaxed);
}

static inline void metric_set(struct metric *m, int64_t v)
{
    atomic_store_explicit(&m->value, v, memory_order_relaxed);
}

struct metrics;

/* listen: "host:port", ":port" or "port" (both on loopback); "", "0" or "off" opens nothing, *out
 * is NULL and every function below does nothing. ERR_REFUSED when listen cannot be read, ERR_IO
 * when the port is taken. A host that is not loopback is opened to the network: for containers. */
MUST_CHECK enum err metrics_open(const char *listen, struct metrics **out, struct fault *why);
void metrics_close(struct metrics **m);
/* Shows a table from now on; it has to live until metrics_close. ERR_FULL after METRICS_TABLES_MAX.
 */
MUST_CHECK enum err metrics_show(struct metrics *m, const struct metric *table, size_t count);
/* What /readyz answers: 503 until the first true. Any thread. */
void metrics_ready(struct metrics *m, bool ready);
/* The port really listened on (for port 0 of a host: "127.0.0.1:0"); 0 when off. */
uint16_t metrics_port(const struct metrics *m);

#endif
