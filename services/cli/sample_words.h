/* sample_words.h - the words of the made-up company: places, people, goods, faults. Data only. */
#ifndef CUIBAN_SERVICES_CLI_SAMPLE_WORDS_H
#define CUIBAN_SERVICES_CLI_SAMPLE_WORDS_H

#include <stddef.h>

#define SAMPLE_DISTRICTS 3

struct sample_city {
    const char *name;
    const char *urban[SAMPLE_DISTRICTS], *suburban[SAMPLE_DISTRICTS];
};

static const struct sample_city sample_cities[] = {
    {"台北", {"中正區", "大安區", "信義區"}, {"北投區", "文山區", "南港區"}},
    {"新北", {"板橋區", "永和區", "新莊區"}, {"淡水區", "烏來區", "三峽區"}},
    {"桃園", {"桃園區", "中壢區", "八德區"}, {"大溪區", "復興區", "觀音區"}},
    {"新竹", {"東區", "北區", "竹北市"}, {"竹東鎮", "關西鎮", "尖石鄉"}},
    {"台中", {"西屯區", "北屯區", "南屯區"}, {"大甲區", "東勢區", "和平區"}},
    {"彰化", {"彰化市", "和美鎮", "員林市"}, {"鹿港鎮", "二林鎮", "大城鄉"}},
    {"嘉義", {"東區", "西區", "太保市"}, {"民雄鄉", "竹崎鄉", "阿里山鄉"}},
    {"台南", {"中西區", "永康區", "安平區"}, {"新化區", "白河區", "七股區"}},
    {"高雄", {"苓雅區", "三民區", "鼓山區"}, {"旗山區", "美濃區", "六龜區"}},
    {"屏東", {"屏東市", "潮州鎮", "萬丹鄉"}, {"恆春鎮", "三地門鄉", "東港鎮"}},
    {"宜蘭", {"宜蘭市", "羅東鎮", "五結鄉"}, {"頭城鎮", "大同鄉", "南澳鄉"}},
    {"花蓮", {"花蓮市", "吉安鄉", "新城鄉"}, {"玉里鎮", "瑞穗鄉", "秀林鄉"}},
};

/* As deploy/policy/common/complaint.yaml names them. */
struct sample_department {
    const char *key, *name;
};

static const struct sample_department sample_departments[] = {
    {"BIZ", "業務部門"}, {"GMO", "總經理室生產管理組"},
    {"GM", "總經理"},    {"QA", "質量管理部"},
    {"MFG", "製造部門"}, {"RD", "研發部"},
    {"ACC", "會計科"},   {"WH", "成品倉儲"},
    {"HR", "人事單位"},  {"SVC", "服務部"},
};

static const char *const sample_family[] = {"陳", "林", "黃", "張", "李", "王", "吳", "劉",
                                            "蔡", "楊", "許", "鄭", "謝", "洪", "郭", "邱"};
static const char *const sample_given[] = {"志明", "淑芬", "俊傑", "美玲", "建宏", "雅婷",
                                           "家豪", "怡君", "宗翰", "佩珊", "冠宇", "惠如"};
static const char *const sample_firms[] = {"大同餐飲", "永豐食品", "和泰旅館", "新光超市",
                                           "安心診所", "福隆社區", "東海物流", "明德國小"};
static const char *const sample_streets[] = {"中山路", "民生路", "中正路", "復興街",
                                             "文化路", "建國路", "光復路", "和平街"};

struct sample_goods {
    const char *model, *faults[3];
};

static const struct sample_goods sample_goods[] = {
    {"RF-480 電冰箱", {"不冷", "異音", "門封條破損"}},
    {"AC-35 分離式冷氣", {"不啟動", "室內機漏水", "不冷"}},
    {"WM-12 洗衣機", {"不脫水", "漏水", "顯示錯誤碼 E4"}},
    {"DW-60 洗碗機", {"不排水", "不加熱", "漏水"}},
    {"CH-900 商用冷凍櫃", {"溫度過高", "壓縮機不停", "結霜"}},
    {"WH-20 電熱水器", {"不熱", "跳電", "漏水"}},
};

struct sample_repair {
    const char *cause, *solution, *part_no, *part; /* part_no NULL: nothing replaced */
    const char *class;
};

static const struct sample_repair sample_repairs[] = {
    {"風扇馬達軸承磨損", "更換風扇馬達", "P-1107", "風扇馬達", "ordinary"},
    {"冷媒不足", "補漏並充填冷媒", NULL, NULL, "ordinary"},
    {"控制板受潮", "更換控制板", "P-2210", "控制板", "serious"},
    {"排水管堵塞", "清理排水管", NULL, NULL, "non_quality"},
    {"門封條老化", "更換門封條", "P-0315", "門封條", "ordinary"},
    {"電源線接觸不良", "重新接線", NULL, NULL, "non_quality"},
    {"壓縮機啟動電容失效", "更換啟動電容", "P-1402", "啟動電容", "ordinary"},
    {"使用方式不當", "示範正確使用方法", NULL, NULL, "non_quality"},
};

static const char *const sample_channels[] = {"phone",        "phone", "phone", "phone",
                                              "request_form", "visit", "fax",   "letter"};
static const char *const sample_opinions[] = {"滿意", "很滿意", "普通", "希望再快一些"};

#endif
