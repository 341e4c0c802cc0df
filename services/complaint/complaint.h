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
    COMPLAINT_ACCOUNT,
    COMPLAINT_LIABILITY,
    COMPLAINT_RESALE,
    COMPLAINT_SANCTION,
    COMPLAINT_PENALTY,
    COMPLAINT_RETURN,
    COMPLAINT_ALLOWANCE,
    COMPLAINT_RECEIVABLE,
    COMPLAINT_MONTH,
    COMPLAINT_MONTH_CASE,
    /* quality */
    COMPLAINT_QUALITY,
    COMPLAINT_QUALITY_TYPE,
    COMPLAINT_QUALITY_PLANT,
    COMPLAINT_QUALITY_ITEM,
    COMPLAINT_QUALITY_CLOSED,
    COMPLAINT_QUALITY_WATCH,
    COMPLAINT_QUALITY_PROJECT,
    COMPLAINT_LINE_STOP,
    COMPLAINT_LINE_STOP_MONTH,
    /* voice */
    COMPLAINT_SERVICE,
    COMPLAINT_ANOMALY,
    COMPLAINT_PETITION,
    COMPLAINT_IMPROVEMENT,
    COMPLAINT_OPINION,
    COMPLAINT_OPINION_QUEUE,
    COMPLAINT_WEEK,
    COMPLAINT_COUNT,
    COMPLAINT_CATEGORY,
    COMPLAINT_OPEN,
    COMPLAINT_CALL,
    COMPLAINT_REQUEST,
    COMPLAINT_CUSTOMER_NOTE,
    COMPLAINT_REPEAT,
    COMPLAINT_FILE,
    COMPLAINT_TABLES
};
extern const struct table complaint_tables[COMPLAINT_TABLES];

#endif
