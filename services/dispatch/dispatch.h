/* dispatch.h - the service dispatch (派工): jobs, their people and their clocks. Reads intake's log
 * only. */
#ifndef CUIBAN_SERVICES_DISPATCH_DISPATCH_H
#define CUIBAN_SERVICES_DISPATCH_DISPATCH_H

#include "common/step.h"

extern const struct service dispatch_service;

/* Its tables, for readers of the store (console, cli, tests). */
enum {
    DISPATCH_JOB,
    DISPATCH_LEG,
    DISPATCH_TECHNICIAN,
    DISPATCH_QUEUE,
    DISPATCH_NOTE,
    DISPATCH_CALL_QUOTE, /* desk */
    DISPATCH_TABLES
};
extern const struct table dispatch_tables[DISPATCH_TABLES];

#endif
