/* intake.h - the door and the call register 報修受理. */
#ifndef CUIBAN_INTAKE_INTAKE_H
#define CUIBAN_INTAKE_INTAKE_H

#include "common/step.h"

extern const struct service intake_service;

#endif
