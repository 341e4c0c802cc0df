/* parts_money.h - what the tests of travel money share: documents of the field, expense forms with
 * their vouchers, and a form driven through audit, signature and approval. */
#ifndef CUIBAN_TESTS_UNIT_PARTS_MONEY_H
#define CUIBAN_TESTS_UNIT_PARTS_MONEY_H

#include "tests/unit/parts_door.h"

/* Forms of IND undergo all five checks; those of the other units, which owe no messages and cards,
 * the rest of the house's list. */
#define ALL_FIVE "expense_checks: [{unit: IND, checks: [sms, card, abnormal, place, consent]}]"

static inline struct stage *money_open_with(const char *keys, const char *lists)
{
    char sed[800];
    snprintf(sed, sizeof sed, "s/^keys:/parts: {%s}\\nkeys:/;s/^services:/%s\\nservices:/", keys,
             lists);
    return parts_open_changed("*.yaml", sed);
}

static inline struct stage *money_open(void)
{
    return money_open_with("", ALL_FIVE);
}

/* ---- documents of the field, of T9 at IND ---- */

#define OF(day) "'technician':'T9','day':'" day "'"

static inline void sms(struct stage *s, const char *local, const char *no, const char *data)
{
    char text[400];
    snprintf(text, sizeof text, "'sms_no':'%s',%s", no, data);
    tell(s, "IND", "sms.reported", local, text);
}

static inline void card(struct stage *s, const char *local, const char *no, const char *data)
{
    char text[400];
    snprintf(text, sizeof text, "'card_no':'%s',%s", no, data);
    tell(s, "IND", "card.returned", local, text);
}

/* ---- expense forms ---- */

#define LINE(day, kind, amount, more)                                                              \
    "{'day':'" day "','kind':'" kind "','amount':'" amount "'," more "}"
#define THERE "'from':'Taipei','to':'Ningbo'"
#define AT(place) "'place':'" place "'"
#define FOR(customer) ",'customer':'" customer "'"
#define CONSENT ",'consent_no':'Y1'"
#define VOUCHER(no, amount) "{'voucher_no':'" no "','amount':'" amount "'}"

/* A trip from Taipei to Ningbo. */
#define TRIP(person, from, until)                                                                  \
    "'person':'" person "','rank':'engineer','reason':'repair','home':'Taipei',"                   \
    "'places':[{'name':'Ningbo'}],'from_day':'" from "','until_day':'" until "'"
#define PAPERS(lines, vouchers) ",'lines':[" lines "],'vouchers':[" vouchers "]"

struct form {
    char text[3600];
};

static inline struct form form(const char *no, const char *data)
{
    struct form f;
    snprintf(f.text, sizeof f.text, "'expense_no':'%s'%s%s", no, *data ? "," : "", data);
    return f;
}

static inline void submit(struct stage *s, const char *unit, const char *local, const char *no,
                          const char *data)
{
    say(s, unit, "expense.submitted", local, form(no, data).text);
}

static inline void step(struct stage *s, const char *local, const char *type, const char *no,
                        const char *more)
{
    say(s, "IND", type, local, form(no, more).text);
}

static inline void approve(struct stage *s, const char *local, const char *no)
{
    step(s, local, "expense.audited", no, "'by':'A1'");
    step(s, local, "expense.reviewed", no, "'by':'L1'");
    step(s, local, "expense.approved", no, "'by':'GM'");
}

/* ---- looking ---- */

static inline struct rec_row_expense form_row(struct stage *s, const char *no)
{
    struct rec_row_expense row;
    assert_true(row_at(s, PARTS_EXPENSE, key_of(str_of(no)), &row));
    return row;
}

/* What the audit said of the n-th line it looked at. */
static inline const char *of_line(struct stage *s, size_t n, const char *field)
{
    return stage_field(s, OWNER_parts, "expense.line_audited", n, field);
}

/* Numbers of the lines that did not pass: "3,4,5". */
static inline const char *rejected(struct stage *s)
{
    static char text[200];
    size_t n = count(s, "expense.audited");
    const json_t *ev = stage_nth(s, OWNER_parts, "expense.audited", n - 1), *line;
    size_t i;
    text[0] = 0;
    json_array_foreach(json_object_get(json_object_get(ev, "data"), "rejected_lines"), i, line)
    {
        size_t at = strlen(text);
        snprintf(text + at, sizeof text - at, "%s%lld", i ? "," : "",
                 (long long)json_integer_value(json_object_get(line, "line")));
    }
    return text;
}

#endif
