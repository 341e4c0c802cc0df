/* reader.h - one way to read a service's rows, records and journal, wherever they are: asked of the
 * running service over its query socket, read from the stores of services that are stopped, or from
 * the house of a replay. */
#ifndef CUIBAN_SERVICES_CLI_READER_H
#define CUIBAN_SERVICES_CLI_READER_H

#include "common/house.h"

struct reader;
/* dir as given to `cuiban up --dir`: sockets in dir, stores in dir/data. Asks the running services;
 * a service that does not answer is read from its store (which fails while it runs but does not
 * answer). A service that was never there is no error: reader_has says so. */
MUST_CHECK enum err reader_open(const char *dir, struct reader **out, struct fault *why);
MUST_CHECK enum err reader_of_house(struct house *h, struct reader **out);
void reader_close(struct reader **r);
/* The next row of the table after `key` whose key begins with prefix; ERR_END when done. key is
 * updated; value lives until the next call for the same service. Answers are fetched ahead in large
 * pieces. Several scans of one service may go on at the same time. */
MUST_CHECK enum err reader_row(struct reader *r, enum owner service, uint8_t table,
                               const struct key *prefix, struct key *at, struct slice *value);
/* ERR_NOT_FOUND past the end; ERR_CORRUPT when it is there and its check value is wrong. */
MUST_CHECK enum err reader_record(struct reader *r, enum owner log, uint64_t seq,
                                  struct slice *record);
MUST_CHECK enum err reader_journal(struct reader *r, enum owner log, uint64_t batch,
                                   struct journal *out);

/* One row by its whole key; ERR_NOT_FOUND. Leaves the value of a scan alone. */
MUST_CHECK enum err reader_get(struct reader *r, enum owner service, uint8_t table,
                               const struct key *key, struct slice *value);
bool reader_has(const struct reader *r, enum owner service);
bool reader_live(const struct reader *r, enum owner service); /* it runs, and may write meanwhile */
/* Last committed record and last batch at this moment; 0 when there is none. */
MUST_CHECK enum err reader_last(struct reader *r, enum owner log, uint64_t *seq);
MUST_CHECK enum err reader_last_batch(struct reader *r, enum owner log, uint64_t *batch);
/* The service's time: wall clock or, on the event clock and when it is stopped, that of its last
 * batch. */
MUST_CHECK enum err reader_now(struct reader *r, enum owner service, int64_t *now_ms);

#endif
