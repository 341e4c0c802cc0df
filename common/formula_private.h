/* formula_private.h - a compiled formula: postfix code for a small stack. For formula.c,
 * formula_parse.c and formula_value.c. */
#ifndef CUIBAN_COMMON_FORMULA_PRIVATE_H
#define CUIBAN_COMMON_FORMULA_PRIVATE_H

#include "common/formula.h"

#define FORMULA_OPS_MAX 512u
#define FORMULA_STACK_MAX 32u

enum formula_op { /* formula_value.c goes by their order */
                  OP_number,
                  OP_name,
                  OP_add,
                  OP_sub,
                  OP_mul,
                  OP_div,
                  OP_lt,
                  OP_le,
                  OP_gt,
                  OP_ge,
                  OP_eq,
                  OP_ne,
                  OP_negate,
                  OP_and,
                  OP_or,
                  OP_not,
                  OP_min, /* of the `a` topmost */
                  OP_max,
                  OP_clamp,
                  OP_or_else,
                  OP_branch, /* false: go on at `a`; no value: that is the result, go on at `b` */
                  OP_jump    /* to `a` */
};
struct formula_code {
    enum formula_op op;
    uint32_t a, b; /* OP_name: place of the name in a */
    struct frac number;
};
struct formula {
    const struct formula_code *v;
    uint32_t n;
    enum formula_type type;
    struct formula_uses uses;
};

#endif
