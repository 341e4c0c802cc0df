/* check.c - the contract of a struct in memory: every fault, field by field. */
#include "proto/proto.h"
#include "proto/value.h"

struct check {
    struct fault *faults;
    uint32_t cap, count;
};

static void check_value(struct check *c, struct value_path at, const struct field *f,
                        const void *member)
{
    int64_t found = 0;
    enum wrong w = value_wrong(f, member, &found);
    if (w == WRONG_NOT) return;
    if (c->count < c->cap) (void)value_fault(&c->faults[c->count], at, f, w, found);
    c->count++;
}

static void check_list(struct check *c, const struct field *f, struct value_list list)
{
    const struct shape *line = f->record();
    for (uint32_t i = 0; i < list.n && i < f->max; i++) {
        for (uint32_t k = 0; k < line->count; k++) {
            const struct field *in_line = &line->fields[k];
            check_value(c, (struct value_path){f, i}, in_line,
                        value_in(in_line, value_line(line, list, i)));
        }
    }
}

uint32_t proto_check(const struct shape *s, const void *obj, struct fault *faults, uint32_t cap)
{
    struct check c = {faults, cap, 0};
    for (uint32_t i = 0; i < s->count; i++) {
        const struct field *f = &s->fields[i];
        const void *member = value_in(f, obj);
        check_value(&c, (struct value_path){0}, f, member);
        if (f->type == FT_LIST) check_list(&c, f, value_list(member));
    }
    return c.count;
}
