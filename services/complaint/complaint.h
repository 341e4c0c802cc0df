/* complaint.h - the service complaint (客戶投訴): the relay of the 客戶抱怨處理表 and all that
 * follows from it; quality issues, opinions, service complaints. Reads the logs of intake and
 * dispatch. */
#ifndef CUIBAN_SERVICES_COMPLAINT_COMPLAINT_H
#define CUIBAN_SERVICES_COMPLAINT_COMPLAINT_H

#include "common/step.h"

extern const struct service complaint_service;

/* Its tables, for readers of the store (console, cli, tests). */
enum {
    COMPLAINT_CASE,
    COMPLAINT_NUMBER,
    COMPLAINT_RUNNING,
    COMPLAINT_LINK,
    COMPLAINT_BY,
    /* money */
    /* quality */
    /* voice */
    COMPLAINT_TABLES
};
extern const struct table complaint_tables[COMPLAINT_TABLES];

#endif
