/* explain_print.h - explain_print.c writes for people, explain_json.c for programs. */
#ifndef CUIBAN_SERVICES_CLI_EXPLAIN_PRINT_H
#define CUIBAN_SERVICES_CLI_EXPLAIN_PRINT_H

#include "services/cli/explain.h"

void explain_print(FILE *out, const struct explain_instance *i);
void explain_print_slip(FILE *out, struct explain_case *c, const struct view_record *slip);

json_t *explain_to_json(const struct explain_instance *i); /* caller json_decref()s */
json_t *explain_slip_to_json(struct explain_case *c, const struct view_record *slip);

#endif
