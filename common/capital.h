/* capital.h - amounts of money in capital figures 大寫金額, as they stand on bills: 叁仟元整,
 * 壹萬零伍拾元零叁分. Traditional and simplified characters, also mixed. */
#ifndef CUIBAN_COMMON_CAPITAL_H
#define CUIBAN_COMMON_CAPITAL_H

#include "common/bytes.h"

/* Strict where a careless form could be read, or changed, in two ways: 壹拾 and not 拾; 零 for
 * every gap and nowhere else. 整 or 正 may stand at the end; 人民幣 in front. At most 9999億. */
bool capital_parse(struct str s, int64_t *fen);

#endif
