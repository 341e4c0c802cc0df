/* formula.c - a formula read, typed and made into code; what it means is in formula.h.
 *
 *   whole   = if whole then whole else whole | any
 *   any     = all {or all}          all  = no {and no}        no = not no | compare
 *   compare = sum [(< <= > >= = <>) sum]
 *   sum     = product {(+ -) product}      product = sign {(* /) sign}      sign = - sign | atom
 *   atom    = number [points yuan %] | name | function ( whole {, whole} ) | ( whole )
 *
 * Each function of the parser leaves the code of its part behind and returns its type;
 * FORMULA_none after a fault, of which only the first is said. */
#include "common/formula_private.h"
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define NESTING_MAX 24

enum token { TOKEN_end, TOKEN_number, TOKEN_word, TOKEN_sign };

struct parser {
    struct str text;
    const struct formula_names *names;
    struct fault *why;
    size_t at, from; /* behind the token at hand; where it begins */
    enum token token;
    struct str word; /* the token's text */
    bool failed;
    uint32_t nesting, depth, n;
    struct formula_code code[FORMULA_OPS_MAX];
};

const char *formula_type_name(enum formula_type t)
{
    static const char *const names[] = {
        [FORMULA_none] = "nothing", [FORMULA_points] = "points", [FORMULA_money] = "money",
        [FORMULA_ratio] = "ratio",  [FORMULA_count] = "count",   [FORMULA_truth] = "truth"};
    return names[t];
}

/* ---- faults ---- */

/* A byte within a character of UTF-8. */
static bool is_continued(char c)
{
    return ((unsigned char)c & 0xC0) == 0x80;
}

__attribute__((format(printf, 2, 3))) static enum formula_type fail(struct parser *p,
                                                                    const char *text, ...)
{
    char sentence[sizeof p->why->text];
    va_list args;
    if (p->failed) return FORMULA_none;
    p->failed = true;
    va_start(args, text);
    vsnprintf(sentence, sizeof sentence, text, args);
    va_end(args);
    size_t column = 1;
    for (size_t i = 0; i < p->from; i++)
        column += !is_continued(p->text.p[i]);
    (void)fault_set(p->why, "", "formula", "", "column %zu: %s", column, sentence);
    return FORMULA_none;
}

/* ---- tokens ---- */

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static void advance(struct parser *p)
{
    const char *t = p->text.p;
    size_t n = p->text.n;
    while (p->at < n && (t[p->at] == ' ' || t[p->at] == '\n'))
        p->at++;
    p->from = p->at;
    p->token = TOKEN_end;
    if (p->at == n) {
        p->word = (struct str){0};
        return;
    }
    char c = t[p->at++];
    if (is_digit(c)) {
        p->token = TOKEN_number;
        while (p->at < n && (is_digit(t[p->at]) || t[p->at] == '.'))
            p->at++;
    } else if (is_letter(c)) {
        p->token = TOKEN_word;
        while (p->at < n && (is_letter(t[p->at]) || is_digit(t[p->at])))
            p->at++;
    } else {
        p->token = TOKEN_sign;
        bool pair = p->at < n && ((c == '<' && (t[p->at] == '=' || t[p->at] == '>')) ||
                                  (c == '>' && t[p->at] == '='));
        p->at += pair;
        while (p->at < n && is_continued(t[p->at]))
            p->at++;
    }
    p->word = (struct str){t + p->from, (uint32_t)(p->at - p->from)};
}

static bool take(struct parser *p, const char *word)
{
    if (p->token == TOKEN_end || p->token == TOKEN_number || !str_is(p->word, word)) return false;
    advance(p);
    return true;
}

static bool need(struct parser *p, const char *word)
{
    if (take(p, word)) return true;
    (void)fail(p, "here must stand `%s`", word);
    return false;
}

/* ---- code ---- */

/* Appends; `grows`: how many more values lie on the stack afterwards. */
static uint32_t emit(struct parser *p, struct formula_code code, int grows)
{
    p->depth = (uint32_t)((int)p->depth + grows);
    if (p->n == FORMULA_OPS_MAX || p->depth > FORMULA_STACK_MAX) {
        (void)fail(p, "the formula is too long; make it of several items or facts");
        p->depth = 1;
        return 0;
    }
    p->code[p->n] = code;
    return p->n++;
}

/* ---- types ---- */

static bool is_amount(enum formula_type t)
{
    return t == FORMULA_points || t == FORMULA_money;
}

static bool is_factor(enum formula_type t)
{
    return t == FORMULA_ratio || t == FORMULA_count;
}

static enum formula_type type_of_sum(enum formula_type a, enum formula_type b)
{
    return a == b && a != FORMULA_truth ? a : FORMULA_none;
}

static enum formula_type type_of_product(enum formula_type a, enum formula_type b)
{
    if (is_amount(a) && is_factor(b)) return a;
    if (is_factor(a) && is_amount(b)) return b;
    if (!is_factor(a) || !is_factor(b)) return FORMULA_none;
    return a == b ? a : FORMULA_ratio;
}

static enum formula_type type_of_quotient(enum formula_type a, enum formula_type b)
{
    if (a == b && a != FORMULA_truth) return FORMULA_ratio;
    if (is_amount(a) && is_factor(b)) return a;
    return a == FORMULA_ratio && b == FORMULA_count ? FORMULA_ratio : FORMULA_none;
}

static const struct operation {
    const char *sign;
    enum formula_op op;
    enum formula_type (*type)(enum formula_type a, enum formula_type b);
    const char *fits; /* what its sides must be */
} operations[] = {
    {"+", OP_add, type_of_sum, "both sides of + must be of one type"},
    {"-", OP_sub, type_of_sum, "both sides of - must be of one type"},
    {"*", OP_mul, type_of_product, "points and money are multiplied by a count or a ratio"},
    {"/", OP_div, type_of_quotient,
     "equal types are divided, or points and money by a count or a ratio"},
};

/* ---- the grammar ---- */

static enum formula_type whole(struct parser *p);
static enum formula_type sign(struct parser *p);

static enum formula_type number(struct parser *p)
{
    struct frac value;
    struct str text = p->word;
    if (!frac_parse(text, &value))
        return fail(p, "%.*s is no number of at most 9 decimals", STR_ARG(text));
    advance(p);
    bool lost = false, decimals = memchr(text.p, '.', text.n) != NULL;
    enum formula_type type = decimals ? FORMULA_ratio : FORMULA_count;
    if (take(p, "%")) {
        value = frac_div(value, FRAC_INT(100), &lost);
        type = FORMULA_ratio;
    } else if (take(p, "points") || take(p, "point")) {
        type = FORMULA_points;
    } else if (take(p, "yuan")) {
        type = FORMULA_money;
    }
    (void)emit(p, (struct formula_code){.op = OP_number, .number = value}, 1);
    return type;
}

static enum formula_type name(struct parser *p)
{
    for (uint32_t i = 0; i < p->names->n; i++) {
        if (!str_eq(p->names->v[i].name, p->word)) continue;
        advance(p);
        (void)emit(p, (struct formula_code){.op = OP_name, .a = i}, 1);
        return p->names->v[i].type;
    }
    return fail(p, "%.*s is no fact, item or value here", STR_ARG(p->word));
}

/* ---- functions ---- */

static enum formula_type convert(struct parser *p, const char *function, enum formula_type from,
                                 enum formula_type to)
{
    if (is_factor(from) && from != to) return to;
    return fail(p, "%s() is made of a count or a ratio, not of %s", function,
                formula_type_name(from));
}

static const struct function {
    const char *name;
    uint32_t least, most; /* arguments */
    enum formula_op op;   /* of several of one type */
    enum formula_type to; /* conversions */
} functions[] = {
    {"min", 2, 16, OP_min, FORMULA_none},        {"max", 2, 16, OP_max, FORMULA_none},
    {"clamp", 3, 3, OP_clamp, FORMULA_none},     {"or_else", 2, 2, OP_or_else, FORMULA_none},
    {"points", 1, 1, OP_number, FORMULA_points}, {"ratio", 1, 1, OP_number, FORMULA_ratio},
    {"count", 1, 1, OP_number, FORMULA_count}};

static const struct function *function_of(struct str word)
{
    for (size_t i = 0; i < COUNT_OF(functions); i++) {
        if (str_is(word, functions[i].name)) return &functions[i];
    }
    return NULL;
}

static enum formula_type arguments(struct parser *p, const struct function *f)
{
    enum formula_type type = whole(p);
    uint32_t n = 1;
    while (!p->failed && take(p, ",")) {
        enum formula_type next = whole(p);
        n++;
        if (p->failed || (next == type && type != FORMULA_truth)) continue;
        return fail(p, "%s() takes values of one type, here are %s and %s", f->name,
                    formula_type_name(type), formula_type_name(next));
    }
    if (p->failed) return FORMULA_none;
    if (n < f->least || n > f->most)
        return fail(p, "%s() takes %u to %u values, here are %u", f->name, f->least, f->most, n);
    if (f->to != FORMULA_none) return convert(p, f->name, type, f->to);
    (void)emit(p, (struct formula_code){.op = f->op, .a = n}, 1 - (int)n);
    return type;
}

/* A name that is a function's is one only before a bracket. */
static enum formula_type word(struct parser *p)
{
    const struct function *f = function_of(p->word);
    if (!f || p->at == p->text.n || p->text.p[p->at] != '(') return name(p);
    advance(p);
    advance(p);
    enum formula_type type = arguments(p, f);
    return p->failed || !need(p, ")") ? FORMULA_none : type;
}

static enum formula_type atom(struct parser *p)
{
    if (p->token == TOKEN_number) return number(p);
    if (p->token == TOKEN_word) return word(p);
    if (!take(p, "(")) return fail(p, "here must stand a number, a name or a bracket");
    enum formula_type type = whole(p);
    return p->failed || !need(p, ")") ? FORMULA_none : type;
}

/* ---- operators ---- */

static enum formula_type sign(struct parser *p)
{
    if (!take(p, "-")) return atom(p);
    if (p->nesting == NESTING_MAX) return fail(p, "too many signs");
    p->nesting++;
    enum formula_type type = sign(p);
    p->nesting--;
    if (p->failed) return FORMULA_none;
    if (type == FORMULA_truth) return fail(p, "- before a truth");
    (void)emit(p, (struct formula_code){.op = OP_negate}, 0);
    return type;
}

static const struct operation *taken(struct parser *p, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++) {
        if (take(p, operations[i].sign)) return &operations[i];
    }
    return NULL;
}

/* Operations [from, to) of the table between parts read by `part`, from left to right. */
static enum formula_type chain(struct parser *p, size_t from, size_t to,
                               enum formula_type (*part)(struct parser *p))
{
    enum formula_type type = part(p);
    const struct operation *o;
    while (!p->failed && (o = taken(p, from, to)) != NULL) {
        enum formula_type right = part(p);
        if (p->failed) return FORMULA_none;
        enum formula_type made = o->type(type, right);
        if (made == FORMULA_none)
            return fail(p, "%s %s %s cannot be; %s", formula_type_name(type), o->sign,
                        formula_type_name(right), o->fits);
        (void)emit(p, (struct formula_code){.op = o->op}, -1);
        type = made;
    }
    return p->failed ? FORMULA_none : type;
}

static enum formula_type product(struct parser *p)
{
    return chain(p, 2, 4, sign);
}

static enum formula_type sum(struct parser *p)
{
    return chain(p, 0, 2, product);
}

static enum formula_type compare(struct parser *p)
{
    static const struct {
        const char *sign;
        enum formula_op op;
    } comparisons[] = {{"<=", OP_le}, {"<>", OP_ne}, {"<", OP_lt},
                       {">=", OP_ge}, {">", OP_gt},  {"=", OP_eq}};
    enum formula_type left = sum(p);
    for (size_t i = 0; !p->failed && i < COUNT_OF(comparisons); i++) {
        if (!take(p, comparisons[i].sign)) continue;
        enum formula_type right = sum(p);
        if (p->failed) return FORMULA_none;
        if (type_of_sum(left, right) == FORMULA_none)
            return fail(p, "%s is compared with %s; both sides must be of one type",
                        formula_type_name(left), formula_type_name(right));
        (void)emit(p, (struct formula_code){.op = comparisons[i].op}, -1);
        return FORMULA_truth;
    }
    return p->failed ? FORMULA_none : left;
}

static bool is_truth(struct parser *p, enum formula_type t, const char *where)
{
    if (p->failed) return false;
    if (t == FORMULA_truth) return true;
    (void)fail(p, "%s needs a comparison, here is %s", where, formula_type_name(t));
    return false;
}

static enum formula_type no(struct parser *p)
{
    if (!take(p, "not")) return compare(p);
    if (p->nesting == NESTING_MAX) return fail(p, "too many `not`");
    p->nesting++;
    enum formula_type type = no(p);
    p->nesting--;
    if (!is_truth(p, type, "`not`")) return FORMULA_none;
    (void)emit(p, (struct formula_code){.op = OP_not}, 0);
    return type;
}

static enum formula_type joined(struct parser *p, const char *by, enum formula_op op,
                                enum formula_type (*part)(struct parser *p))
{
    enum formula_type type = part(p);
    while (!p->failed && take(p, by)) {
        if (!is_truth(p, type, by) || !is_truth(p, part(p), by)) return FORMULA_none;
        (void)emit(p, (struct formula_code){.op = op}, -1);
    }
    return p->failed ? FORMULA_none : type;
}

static enum formula_type all(struct parser *p)
{
    return joined(p, "and", OP_and, no);
}

static enum formula_type any(struct parser *p)
{
    return joined(p, "or", OP_or, all);
}

/* The `if` was taken. Code: condition, branch, then, jump, else. */
static enum formula_type choice(struct parser *p)
{
    if (!is_truth(p, whole(p), "`if`") || !need(p, "then")) return FORMULA_none;
    uint32_t at_branch = emit(p, (struct formula_code){.op = OP_branch}, -1);
    enum formula_type then = whole(p);
    if (p->failed || !need(p, "else")) return FORMULA_none;
    uint32_t at_jump = emit(p, (struct formula_code){.op = OP_jump}, -1);
    p->code[at_branch].a = p->n;
    enum formula_type otherwise = whole(p);
    if (p->failed) return FORMULA_none;
    if (then != otherwise)
        return fail(p, "`then` gives %s, `else` gives %s; both must be of one type",
                    formula_type_name(then), formula_type_name(otherwise));
    p->code[at_branch].b = p->code[at_jump].a = p->n;
    return then;
}

static enum formula_type whole(struct parser *p)
{
    if (p->nesting == NESTING_MAX) return fail(p, "nested too deep");
    p->nesting++;
    enum formula_type type = take(p, "if") ? choice(p) : any(p);
    p->nesting--;
    return type;
}

/* ---- the whole ---- */

static struct formula_uses uses_of(const struct parser *p, struct arena *a)
{
    uint32_t *v = arena_take(a, p->names->n * sizeof *v + 1), n = 0;
    for (uint32_t name_at = 0; name_at < p->names->n; name_at++) {
        bool used = false;
        for (uint32_t i = 0; i < p->n; i++)
            used = used || (p->code[i].op == OP_name && p->code[i].a == name_at);
        if (used) v[n++] = name_at;
    }
    return (struct formula_uses){v, n};
}

enum err formula_compile(struct str text, const struct formula_names *names, enum formula_type want,
                         struct arena *a, const struct formula **out, struct fault *why)
{
    struct parser *p = arena_take(a, sizeof *p);
    *p = (struct parser){.text = text, .names = names, .why = why};
    advance(p);
    enum formula_type type = whole(p);
    if (!p->failed && p->token != TOKEN_end)
        (void)fail(p, "the formula ends before `%.*s`", STR_ARG(p->word));
    if (!p->failed && type != want)
        (void)fail(p, "the formula gives %s; wanted is %s", formula_type_name(type),
                   formula_type_name(want));
    if (p->failed) return ERR_REFUSED;
    struct formula_code *code = arena_take(a, p->n * sizeof *code);
    memcpy(code, p->code, p->n * sizeof *code);
    struct formula *f = arena_take(a, sizeof *f);
    *f = (struct formula){code, p->n, type, uses_of(p, a)};
    *out = f;
    return ERR_OK;
}
