/* formula_value.c - the value of a compiled formula. */
#include "common/contract.h"
#include "common/formula_private.h"

struct machine {
    struct frac stack[FORMULA_STACK_MAX];
    uint32_t n;
    bool *range;
};

static struct frac truth(bool yes)
{
    return FRAC_INT(yes);
}

/* Is it so when the left side is less, equal, more. */
static const struct {
    bool less, equal, more;
} comparisons[] = {
    [OP_lt] = {true, false, false}, [OP_le] = {true, true, false},  [OP_gt] = {false, false, true},
    [OP_ge] = {false, true, true},  [OP_eq] = {false, true, false}, [OP_ne] = {true, false, true}};

static struct frac compare(enum formula_op op, struct frac a, struct frac b)
{
    if (!frac_has(a) || !frac_has(b)) return FRAC_NONE;
    int c = frac_cmp(a, b);
    return truth(c < 0    ? comparisons[op].less
                 : c == 0 ? comparisons[op].equal
                          : comparisons[op].more);
}

static struct frac both(enum formula_op op, struct frac a, struct frac b)
{
    if (!frac_has(a) || !frac_has(b)) return FRAC_NONE;
    return truth(op == OP_and ? a.num && b.num : a.num || b.num);
}

static struct frac better(enum formula_op op, struct frac a, struct frac b)
{
    if (!frac_has(a) || !frac_has(b)) return FRAC_NONE;
    int c = frac_cmp(a, b);
    return (op == OP_min ? c <= 0 : c >= 0) ? a : b;
}

static struct frac two(enum formula_op op, struct frac a, struct frac b, bool *range)
{
    static struct frac (*const arithmetic[])(struct frac, struct frac, bool *) = {
        [OP_add] = frac_add, [OP_sub] = frac_sub, [OP_mul] = frac_mul, [OP_div] = frac_div};
    if (op <= OP_div) return arithmetic[op](a, b, range);
    if (op <= OP_ne) return compare(op, a, b);
    if (op == OP_or_else) return frac_has(a) ? a : b;
    return both(op, a, b);
}

/* The topmost `count` make one. */
static void fold(struct machine *m, enum formula_op op, uint32_t count)
{
    m->n -= count - 1;
    struct frac *v = &m->stack[m->n - 1];
    for (uint32_t i = 1; i < count; i++)
        *v = better(op, *v, v[i]);
}

static void one(struct machine *m, enum formula_op op)
{
    struct frac *v = &m->stack[m->n - 1];
    if (op == OP_negate) v->num = -v->num;
    if (op == OP_not && frac_has(*v)) *v = truth(!v->num);
}

static void clamp(struct machine *m)
{
    m->n -= 2;
    struct frac *v = &m->stack[m->n - 1];
    *v = better(OP_min, better(OP_max, v[0], v[1]), v[2]);
}

/* Where the code goes on. */
static uint32_t branch(struct machine *m, const struct formula_code *c, uint32_t next)
{
    struct frac *v = &m->stack[m->n - 1];
    if (!frac_has(*v)) return c->b; /* stays as the result */
    m->n--;
    return v->num ? next : c->a;
}

static void run(struct machine *m, const struct formula_code *c, const struct frac *values)
{
    if (c->op <= OP_name) {
        m->stack[m->n++] = c->op == OP_name ? values[c->a] : c->number;
    } else if (c->op == OP_negate || c->op == OP_not) {
        one(m, c->op);
    } else if (c->op == OP_min || c->op == OP_max) {
        fold(m, c->op, c->a);
    } else if (c->op == OP_clamp) {
        clamp(m);
    } else {
        m->n--;
        m->stack[m->n - 1] = two(c->op, m->stack[m->n - 1], m->stack[m->n], m->range);
    }
}

struct frac formula_value(const struct formula *f, const struct frac *values, bool *range)
{
    bool lost = false;
    struct machine m = {.range = &lost};
    for (uint32_t at = 0; at < f->n;) {
        const struct formula_code *c = &f->v[at++];
        if (c->op == OP_branch) {
            at = branch(&m, c, at);
        } else if (c->op == OP_jump) {
            at = c->a;
        } else {
            run(&m, c, values);
        }
    }
    REQUIRE(m.n == 1);
    if (lost) *range = true;
    return lost ? FRAC_NONE : m.stack[0];
}

struct formula_uses formula_uses(const struct formula *f)
{
    return f->uses;
}
