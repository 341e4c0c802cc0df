/* escalation.h - the desk as others name it: the service, its tables and the keys of its rows. */
#ifndef CUIBAN_SERVICES_ESCALATION_H
#define CUIBAN_SERVICES_ESCALATION_H

#include "common/step.h"

enum {
    TABLE_REMINDER = TABLE_OWN, /* number -> row_reminder */
    TABLE_REMINDER_OF,          /* case, holder, item, name, round, level -> row_reminder_of */
    TABLE_INQUIRY,              /* number -> row_inquiry */
    TABLE_INQUIRY_OF,           /* case, holder, item, name, round -> row_inquiry_of */
    TABLE_RUNNING,              /* kind, unit, day -> row_running */
    TABLE_CASE_UNIT,            /* case -> row_case_unit */
    TABLE_LATE_END,             /* case, holder, item, name, round -> row_late_end */
    TABLE_COMPLAINT_OF          /* number -> row_inquiry_case */
};

extern const struct service escalation_service;

#endif
