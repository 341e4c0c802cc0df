/* contract.h - assertions that stay on in production. They guard against bugs only; what comes from
 * outside is validated and answered, never asserted. */
#ifndef CUIBAN_COMMON_CONTRACT_H
#define CUIBAN_COMMON_CONTRACT_H

_Noreturn void contract_broken(const char *cond, const char *file, int line);

#define REQUIRE(cond) ((cond) ? (void)0 : contract_broken(#cond, __FILE__, __LINE__))
#define ENSURE REQUIRE

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

#endif
