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
    /* staff */
    DISPATCH_CREW,
    DISPATCH_DAILY,
    DISPATCH_SUPERVISOR_DAILY,
    DISPATCH_SMS,
    DISPATCH_CARD,
    DISPATCH_CARDS,
    DISPATCH_TECH,
    DISPATCH_TOOL,
    DISPATCH_SHIFT,
    DISPATCH_RESIDENT,
    DISPATCH_DUTY,
    /* goods */
    DISPATCH_GOODS,
    DISPATCH_GOODS_ENTRY,
    DISPATCH_REPAIRCARD,
    DISPATCH_JOB_GOODS,
    DISPATCH_CUSTODY,
    DISPATCH_FEE,
    DISPATCH_FACTORY,
    /* shop */
    DISPATCH_VEHICLE,
    DISPATCH_WORKORDER,
    DISPATCH_REWORK,
    DISPATCH_CLOSED_JOB,
    DISPATCH_SHEET,
    DISPATCH_KEY_PROJECT,
    /* plant */
    DISPATCH_SORTING,
    DISPATCH_SUSPECT,
    DISPATCH_DEFECT,
    DISPATCH_CALL_QUOTE, /* desk */
    DISPATCH_QUALITY_LINK,
    DISPATCH_QUALITY_SLIP,
    DISPATCH_TABLES
};
extern const struct table dispatch_tables[DISPATCH_TABLES];

#endif
