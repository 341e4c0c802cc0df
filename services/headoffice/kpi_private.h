/* kpi_private.h - lines of a report while it is being made. */
#ifndef CUIBAN_SERVICES_HEADOFFICE_KPI_PRIVATE_H
#define CUIBAN_SERVICES_HEADOFFICE_KPI_PRIVATE_H

#include "services/headoffice/kpi.h"

/* Found or made; sorted by name. */
struct kpi_line *kpi_line_of(struct kpi_report *r, struct kpi_lines *lines, struct str name);
void kpi_line_init(struct kpi_report *r, struct kpi_line *line);
struct kpi_deadline *kpi_line_deadline(struct kpi_report *r, struct kpi_line *line,
                                       struct str name);
struct kpi_reminder *kpi_line_reminder(struct kpi_report *r, struct kpi_line *line, struct str name,
                                       uint64_t level);
/* Nothing when either instant is missing. */
void kpi_span_add(struct kpi_line *line, enum kpi_span_of of, int64_t from_ms, int64_t to_ms);
void kpi_day_add(struct kpi_report *r, int32_t day);
/* Sorts the spans and takes their percentiles. */
void kpi_line_finish(struct kpi_line *line);
void kpi_line_fini(struct kpi_line *line);
/* The K-01 target of the policy; NULL when there is none. */
const struct kpi_target *kpi_target_of(const struct kpi_report *r, const char *kpi);

#endif
