/* clock.h - the only door to the machine's clocks. */
#ifndef CUIBAN_COMMON_CLOCK_H
#define CUIBAN_COMMON_CLOCK_H

#include <stdint.h>

int64_t clock_wall_ms(void); /* UTC */
int64_t clock_mono_ms(void); /* never goes back, of no date */
void clock_sleep_ms(int64_t ms);

#endif
