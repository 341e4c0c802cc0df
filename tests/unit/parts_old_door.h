/* parts_old_door.h - parts drawn and used, for the tests of old parts: the house of parts_door.h,
 * notes with one line, and old parts driven along their way. */
#ifndef CUIBAN_TESTS_UNIT_PARTS_OLD_DOOR_H
#define CUIBAN_TESTS_UNIT_PARTS_OLD_DOOR_H

#include "tests/unit/parts_door.h"

#define DAY1 "2026-03-02T10:00" /* a Monday */

/* "a,b" */
struct text {
    char text[900];
};

__attribute__((format(printf, 1, 2))) static inline struct text text_of(const char *format, ...)
{
    struct text t;
    va_list ap;
    va_start(ap, format);
    vsnprintf(t.text, sizeof t.text, format, ap);
    va_end(ap);
    return t;
}

/* The catalogue of the tests: a contactor, a seat that no class asks back. */
static inline void catalogue(struct stage *s)
{
    say(s, "IND", "item.upserted", "2026-01-02T08:00",
        "'part_no':'CON','name':'contactor','spec':'R1','class':'electrical',"
        "'manufacturer':'MakerX','supplier':'SupX','origin':'bought_in','purchase_cost':'450.00'");
    say(s, "IND", "item.upserted", "2026-01-02T08:00",
        "'part_no':'SEAT','name':'seat','class':'trim','origin':'self_made'");
}

/* A house of these services, whose stores need no opening stock; `lines` stand beside the service
 * policies of its set. */
static inline struct stage *old_house(const struct service *const *services, size_t n,
                                      const char *lines)
{
    char dir[] = "/tmp/parts_policy.XXXXXX", cmd[1200];
    assert_non_null(mkdtemp(dir));
    snprintf(cmd, sizeof cmd,
             "cp -r deploy/policy/common %s/common && cp -r %s/. %s/own && "
             "sed -i 's#../../../../deploy/policy/#../#g' %s/own/policy.yaml && "
             "echo 'parts: {stock_nonnegative: no}' >> %s/own/policy.yaml && "
             "echo '%s' >> %s/own/services.yaml",
             dir, POLICY_PARTS, dir, dir, dir, lines, dir);
    assert_int_equal(system(cmd), 0);
    snprintf(cmd, sizeof cmd, "%s/own", dir);
    struct stage *s = stage_open(cmd, services, n);
    snprintf(cmd, sizeof cmd, "rm -rf '%s'", dir);
    assert_int_equal(system(cmd), 0);
    units_tell(s);
    return s;
}

static inline struct stage *old_open_with(const char *lines)
{
    static const struct service *const services[] = {&intake_service, &parts_service,
                                                     &escalation_service};
    return old_house(services, COUNT_OF(services), lines);
}

static inline struct stage *old_open(void)
{
    return old_open_with("");
}

static inline struct stage *old_open_with_dispatch(void)
{
    static const struct service *const services[] = {&intake_service, &dispatch_service,
                                                     &parts_service, &escalation_service};
    return old_house(services, COUNT_OF(services), "");
}

/* What the note rests on: at IND a signed abnormality report AB-<note>, elsewhere a signed request
 * Q-<note>. */
static inline struct text basis(struct stage *s, const char *unit, const char *note,
                                const char *part, int qty, const char *local)
{
    bool report = strcmp(unit, "IND") == 0;
    if (report) {
        tell(s, unit, "abnormal.logged", local,
             text_of("'report_no':'AB-%s','parts_requested':[{'part_no':'%s','qty':%d}]", note,
                     part, qty)
                 .text);
        tell(s, unit, "abnormal.approval_requested", local,
             text_of("'report_no':'AB-%s'", note).text);
        tell(s, unit, "abnormal.approved", local,
             text_of("'report_no':'AB-%s','by':'boss'", note).text);
        return text_of("'abnormal_no':'AB-%s'", note);
    }
    say(s, unit, "part.requested", local,
        text_of("'request_no':'Q-%s','entitlement':'yes','reason':'broken',"
                "'lines':[{'part_no':'%s','qty':%d}]",
                note, part, qty)
            .text);
    say(s, unit, "part.approved", local, text_of("'request_no':'Q-%s','by':'HD'", note).text);
    return text_of("'request_no':'Q-%s'", note);
}

/* The note for `qty` pieces at `cost`, in the hands of T1 when it is drawn. */
static inline struct text note_of(struct stage *s, const char *unit, const char *note,
                                  const char *part, int qty, const char *cost, const char *local)
{
    struct text rests = basis(s, unit, note, part, qty, local);
    return text_of("'note_no':'%s','person':'T1','lines':[{'part_no':'%s','qty':%d,'unit_cost':"
                   "'%s'}],%s",
                   note, part, qty, cost, rests.text);
}

static inline void drawn_at(struct stage *s, const char *unit, const char *note, const char *part,
                            int qty, const char *cost, const char *local, const char *more)
{
    struct text data = note_of(s, unit, note, part, qty, cost, local), no;
    say(s, unit, "issue.opened", local, text_of("%s%s", data.text, more).text);
    no = text_of("'note_no':'%s','by':'boss'", note);
    if (strcmp(unit, "IND") == 0) {
        say(s, unit, "issue.signed", local, no.text);
        say(s, unit, "issue.stamped", local, no.text);
    }
    say(s, unit, "issue.drawn", local, text_of("'note_no':'%s'", note).text);
}

/* All of them used, on the note's only line; `more` of part.used. */
static inline void used_at(struct stage *s, const char *unit, const char *note, int qty,
                           const char *local, const char *more)
{
    say(s, unit, "part.used", local,
        text_of("'doc':'issue','doc_no':'%s','line':1,'qty':%d,'reason':'burnt','name':'part',"
                "'report':'R-%s'%s",
                note, qty, note, more)
            .text);
}

#define SIGNED ",'user_signed':'yes','leader_ok':'yes'"

static inline void used(struct stage *s, const char *unit, const char *note, const char *part,
                        int qty, const char *cost, const char *local)
{
    drawn_at(s, unit, note, part, qty, cost, local, "");
    used_at(s, unit, note, qty, local, SIGNED);
}

static inline struct rec_row_oldpart old_row(struct stage *s, const char *no)
{
    struct rec_row_oldpart row;
    if (!row_at(s, PARTS_OLDPART, key_of(str_of(no)), &row)) fail_msg("no old part %s", no);
    return row;
}

static inline const char *old_state(struct stage *s, const char *no)
{
    return code_word(&codes_oldpart_state, old_row(s, no).state);
}

static inline void old_act(struct stage *s, const char *type, const char *no, const char *local,
                           const char *more)
{
    say(s, "IND", type, local, text_of("'old_no':'%s'%s%s", no, *more ? "," : "", more).text);
}

static inline void old_bar(struct stage *s, const char *type, const char *no, const char *local,
                           const char *more, const char *rule, const char *code)
{
    deny(s, "IND", type, local, text_of("'old_no':'%s'%s%s", no, *more ? "," : "", more).text, rule,
         code);
}

/* Back, marked and inspected; it agrees with its report. */
static inline void inspected(struct stage *s, const char *no, const char *local)
{
    old_act(s, "oldpart.returned", no, local, "");
    old_act(s, "oldpart.labelled", no, local, text_of("'tag':'L-%s'", no).text);
    old_act(s, "oldpart.inspected", no, local, "'match':'yes','by':'QC'");
}

static inline void analysed(struct stage *s, const char *no, const char *local, const char *liable)
{
    inspected(s, no, local);
    old_act(s, "oldpart.analysed", no, local,
            text_of("'cause':'coil burnt','liable':'%s','led_by':'head'", liable).text);
}

#endif
