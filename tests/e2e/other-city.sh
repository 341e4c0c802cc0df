#!/usr/bin/env bash
# other-city: nothing in the programs is made for the data sets of answers.sh. Two small files of other shapes (Big5
# and GB18030, other columns, words, delimiters and clocks) go through the same commands with nothing but a mapping and
# a policy of their own, and every figure is the one worked out by hand in other-city/README.md.
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 1
exec python3 -B tests/e2e/other-city.py
