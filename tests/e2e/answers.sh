#!/usr/bin/env bash
# answers: three real data sets through `cuiban replay`, and every figure head office has for them must be the one that
# was computed for them elsewhere, digit by digit. Skips without the reference data ($CUIBAN_SHARED).
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 1
data=${CUIBAN_SHARED:-../shared}/data
[[ -r $data/answers.json ]] || { echo "no $data/answers.json"; exit 77; }
exec python3 -B tests/e2e/answers.py "$data"
