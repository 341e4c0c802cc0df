/* sample_complaint.c - a complaint about the goods of a call, from the customer to the close, along
 * the route of deploy/policy/common/complaint.yaml.
 *
 * A row is a fact: who reports it, after how many working minutes at least and at most, what it
 * says. One in seven takes three times as long, so that some steps come late. */
#include "common/contract.h"
#include "services/cli/sample_private.h"
#include "services/cli/sample_words.h"

struct fact {
    const char *type, *by;
    int64_t low_min, high_min; /* working minutes after the one before */
    const char *data;
};

static const struct fact story[] = {
    {"complaint.form_filed", "BIZ", 20, 150,
     ",\"order_no\":\"D-1\",\"material\":\"M-7\",\"shipped_on\":\"2026-01-05\",\"qty\":200,"
     "\"defective_qty\":3,\"demand\":\"折讓\",\"demand_method\":\"allowance\","
     "\"market\":\"domestic\",\"sample\":\"yes\""},
    {"complaint.visited", "", 20, 150, ",\"visitor_role\":\"supervisor\""},
    {"complaint.accepted", "GMO", 5, 60, ""},
    {"complaint.registered", "GMO", 20, 180, ""},
    {"complaint.step_done", "QA", 60, 400,
     ",\"step\":\"qa\",\"cause\":\"焊點虛焊\",\"responsible_unit\":\"MFG\","
     "\"cause_class\":\"quality\",\"fault_origin\":\"quality\",\"quality_severity\":\"ordinary\""},
    {"complaint.step_done", "MFG", 60, 400,
     ",\"step\":\"manufacturing\",\"production_unit\":\"一車間\",\"machine_shift\":\"3號機甲班\","
     "\"production_staff\":\"王強\",\"production_date\":\"2026-01-03\",\"cause\":\"爐溫偏低\","
     "\"countermeasure\":\"每班點檢爐溫\""},
    {"complaint.step_done", "GMO", 10, 90, ",\"step\":\"mgmt_comment\",\"rd_required\":\"no\""},
    {"complaint.step_done", "GMO", 10, 60, ",\"step\":\"gmo_check\""},
    {"complaint.step_done", "BIZ", 120, 700, ",\"step\":\"business\",\"opinion\":\"擬予折讓\""},
    {"complaint.step_done", "GMO", 30, 180, ",\"step\":\"gmo_synthesis\",\"opinion\":\"同意折讓\""},
    {"complaint.decided", "GM", 60, 300,
     ",\"level\":\"業務部經理\",\"method\":\"allowance\",\"amount\":\"1200.00\""},
    {"complaint.decision_returned", "GMO", 5, 60, ""},
    {"complaint.customer_contacted", "BIZ", 10, 180, ""},
    {"complaint.customer_replied", "BIZ", 1, 10,
     ",\"channel\":\"phone\",\"by\":\"業務員\",\"summary\":\"說明原因並同意折讓\","
     "\"promised_method\":\"allowance\",\"promised_amount\":\"1200.00\""},
    {"complaint.negotiated", "BIZ", 30, 400, ",\"result\":\"accepted\",\"terms\":\"折讓 1200 元\""},
    {"complaint.result_reviewed", "BIZ", 20, 200, ",\"by\":\"業務部經理\""},
    {"complaint.final_opinion_done", "GMO", 60, 400, ",\"opinion\":\"如擬\""},
    {"complaint.decided", "GM", 30, 200,
     ",\"level\":\"業務部經理\",\"method\":\"allowance\",\"amount\":\"1200.00\",\"final\":\"yes\""},
    {"complaint.liability_proposed", "GMO", 20, 120,
     ",\"responsible_unit\":\"MFG\",\"own_quality\":\"yes\",\"track_improvement\":\"no\","
     "\"human_oversight\":\"yes\",\"loss\":\"1200.00\","
     "\"parties\":[{\"type\":\"unit\",\"party\":\"一車間甲班\",\"ratio_bp\":10000}]"},
    {"complaint.liability_approved", "GM", 20, 120, ",\"by\":\"總經理\""},
    {"complaint.closed", "GMO", 10, 120, ""},
    {"complaint.called_back", "", 200, 1000, ",\"satisfied\":\"yes\",\"by\":\"客服\""},
};

#define SLOW_PER_MILLE 140      /* of the facts take three times as long */
#define UNREVIEWED_PER_MILLE 80 /* of the weeks with complaints */

/* The week of a complaint is looked at on the next Monday, with all that came in it (CMP-131). */
static void review_told(struct sample *s, uint32_t unit, int64_t received_ms)
{
    char monday[11];
    int32_t day = zone_day(s->zone, received_ms), week = day - (day_weekday(day) - 1);
    if (week <= s->complained_week[unit]) return;
    s->complained_week[unit] = week;
    if (sample_chance(s, UNREVIEWED_PER_MILLE)) return;
    day_format(week, monday);
    int64_t at = calendar_add(s->calendar, zone_day_start(s->zone, week + 7),
                              sample_between(s, 30, 400) * MINUTE_MS);
    sample_tell(s, unit, "complaint.week_reviewed", (struct sample_when){at, at},
                "\"unit\":\"U%02u\",\"week\":\"%s\",\"by\":\"U%02u-M\",\"summary\":\"焊點虛焊\","
                "\"measures\":[{\"name\":\"出貨前通電檢查\"}]",
                unit + 1, monday, unit + 1);
}

void sample_complaint(struct sample *s, uint32_t unit, const char *call_no, int64_t now_ms)
{
    uint64_t chance = s->chance; /* the calls stay as they were without complaints */
    char received[40];
    time_format(now_ms, s->zone, received);
    sample_tell(
        s, unit, "complaint.received", (struct sample_when){now_ms, now_ms},
        "\"case_no\":\"%s-K\",\"kind\":\"goods\",\"origin\":\"direct\",\"channel\":\"phone\","
        "\"customer\":\"%s\",\"product\":\"%s\",\"category\":\"product_quality\","
        "\"anomaly\":\"通電後無反應\",\"received_at\":\"%s\",\"call_no\":\"%s\","
        "\"clerk\":\"U%02u-C\"",
        call_no, sample_firms[sample_below(s, COUNT_OF(sample_firms))],
        sample_goods[sample_below(s, COUNT_OF(sample_goods))].model, received, call_no, unit + 1);
    review_told(s, unit, now_ms);
    for (size_t i = 0; i < COUNT_OF(story); i++) {
        const struct fact *f = &story[i];
        int64_t min = sample_between(s, f->low_min, f->high_min);
        if (sample_chance(s, SLOW_PER_MILLE)) min *= 3;
        now_ms = calendar_add(s->calendar, now_ms, min * MINUTE_MS);
        sample_tell(s, unit, f->type, (struct sample_when){now_ms, now_ms},
                    "\"case_no\":\"%s-K\"%s%s%s%s", call_no, f->by[0] ? ",\"by_unit\":\"" : "",
                    f->by, f->by[0] ? "\"" : "", f->data);
    }
    s->chance = chance;
}
