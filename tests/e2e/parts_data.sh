#!/usr/bin/env bash
# parts_data: 42,481 lines of a real ledger through the mapping into the live stack on the event clock; every figure of the
# ledger (`cuiban parts`) and of its log must be the one computed for them elsewhere, and `verify` proves its laws. Skips
# without the reference data ($CUIBAN_SHARED).
. "$(dirname "$0")/lib.bash"
data=${CUIBAN_SHARED:-../shared}/data
[[ -r $data/answers.json && -r $data/parts-ledger/lines.csv.gz ]] || { echo "no ledger in $data"; exit 77; }
dir=$work/x
stack_start "$dir" --policy deploy/policy/parts-ledger --clock event --no-redis
stack_ready "$dir"
feed "$dir" --map deploy/mappings/parts-ledger.yaml --rejects "$work" "$data/parts-ledger/lines.csv.gz" \
  >"$work/fed" 2>&1 || { cat "$work/fed"; fail 'a row or a fact was refused'; }
stack_settled "$dir" 600
expect 'facts refused behind the door' "$("$cuiban" refused --dir "$dir" --json)" '[]'
"$cuiban" parts --dir "$dir" --json >"$work/balances" || fail 'the balances'
"$cuiban" parts --dir "$dir" --at 2010-12-01 --json >"$work/first_day" || fail 'the balances of a past day'
"$cuiban" parts --dir "$dir" --lines --json >"$work/lines" || fail 'the lines'
"$cuiban" parts --dir "$dir" --export --json >"$work/moves" || fail 'the moves'
"$cuiban" verify --dir "$dir" >"$work/verified" 2>&1 || { tail -n 20 "$work/verified"; fail 'verify'; }
grep -q '^ledger  *42481 moves of parts.*: ok$' "$work/verified" || { cat "$work/verified"; fail 'the laws of the ledger'; }
"$BIN"/e2e-logdump "$dir" parts stock.returned_unused >"$work/returns" || fail 'the returns'
stack_end "$dir" TERM || fail 'the stack did not stop cleanly'
python3 -B tests/e2e/parts_data.py "$data" "$work" || fail 'figures differ'
