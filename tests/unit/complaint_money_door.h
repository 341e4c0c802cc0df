/* complaint_money_door.h - a case walked to its close with what the money rules ask: the form with
 * price, receivable and ratio, the decision, who is liable. A-grade price 50.00, 1,000 pieces. */
#ifndef CUIBAN_TESTS_UNIT_COMPLAINT_MONEY_DOOR_H
#define CUIBAN_TESTS_UNIT_COMPLAINT_MONEY_DOOR_H

#include "services/complaint/complaint.h"
#include "tests/unit/complaint_door.h"

#define MONEY_FORM                                                                                 \
    "'order_no':'O1','material':'M1','shipped_on':'2024-01-10','qty':1000,'defective_qty':1000,"   \
    "'demand':'return them','demand_method':'return','demand_qty':1000,'market':'domestic',"       \
    "'price_a':'50.00'"
#define RETURN "'level':'總經理','method':'return','amount':'0.00','qty':1000"
#define ALLOWANCE(amount) "'level':'總經理','method':'allowance','amount':'" amount "'"
#define ONE(who) "'own_quality':'no','parties':[{'type':'person','party':'" who "'}]"
#define TWO(a, b)                                                                                  \
    "'own_quality':'no','parties':[{'type':'person','party':'T1','ratio_bp':" a                    \
    "},{'type':'person','party':'T2','ratio_bp':" b "}]"

/* The policy of the tests with a line more at the end of one of its files. */
static inline struct stage *desk_with(const char *file, const char *line)
{
    char dir[] = "/tmp/complaint_money.XXXXXX", cmd[700];
    assert_non_null(mkdtemp(dir));
    snprintf(cmd, sizeof cmd,
             "mkdir -p %s/tests/unit/data %s/deploy && cp -r deploy/policy %s/deploy && "
             "cp -r %s %s/tests/unit/data/own && echo '%s' >> %s/tests/unit/data/own/%s",
             dir, dir, dir, POLICY_STD, dir, line, dir, file);
    assert_int_equal(system(cmd), 0);
    snprintf(cmd, sizeof cmd, "%s/tests/unit/data/own", dir);
    struct stage *s = desk_open(cmd);
    snprintf(cmd, sizeof cmd, "rm -rf '%s'", dir);
    assert_int_equal(system(cmd), 0);
    return s;
}

/* A case before the close, but for its liability. `more` follows the fields of the form. */
static inline void to_final(struct stage *s, const char *no, const char *local, const char *more,
                            const char *decision)
{
    char data[900];
    drive(s, no, W_RECEIVED, local);
    snprintf(data, sizeof data, MONEY_FORM "%s%s", *more ? "," : "", more);
    act(s, "BIZ", no, "complaint.form_filed", local, data);
    walk(s, no, W_FILED, W_SYNTHESIS, local);
    act(s, "GMO", no, "complaint.decided", local, decision);
    walk(s, no, W_DECIDED, W_OPINION, local);
    snprintf(data, sizeof data, "%s,'final':'yes'", decision);
    act(s, "GMO", no, "complaint.decided", local, data);
}

static inline void liable(struct stage *s, const char *no, const char *local, const char *said)
{
    act(s, "GMO", no, "complaint.liability_proposed", local, said);
    act(s, "GMO", no, "complaint.liability_approved", local, "'by':'head'");
}

static inline void close_it(struct stage *s, const char *no, const char *local)
{
    act(s, "GMO", no, "complaint.closed", local, "");
}

/* Closed at this instant, all of it. */
static inline void closed(struct stage *s, const char *no, const char *local, const char *decision,
                          const char *parties)
{
    to_final(s, no, local, "", decision);
    liable(s, no, local, parties);
    close_it(s, no, local);
}

static inline struct key key_no(const char *no, uint8_t n)
{
    struct key k = key_of(str_of(no));
    key_u8(&k, n);
    return k;
}

static inline struct rec_row_liability liability_of(struct stage *s, const char *no)
{
    struct rec_row_liability row;
    assert_true(row_at(s, COMPLAINT_LIABILITY, key_of(str_of(no)), &row));
    return row;
}

/* `list`[i].`field` of the last event of this type, as text. */
static inline const char *list_field(struct stage *s, const char *type, const char *list, size_t i,
                                     const char *field)
{
    static char text[80];
    size_t n = count(s, type);
    assert_true(n > 0);
    const json_t *e = json_object_get(stage_nth(s, OWNER_complaint, type, n - 1), "data");
    const json_t *v = json_object_get(json_array_get(json_object_get(e, list), i), field);
    if (json_is_integer(v))
        snprintf(text, sizeof text, "%lld", (long long)json_integer_value(v));
    else
        snprintf(text, sizeof text, "%s", v ? json_string_value(v) : "");
    return text;
}

#endif
