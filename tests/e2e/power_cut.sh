#!/usr/bin/env bash
# power_cut: the power is cut at every operation on the disk that a store asks for; what is left opens with all that was
# acknowledged, and with nothing that was not begun. Seven spoilt stores are found. Bytes that rot are not believed.
cd "$(dirname "${BASH_SOURCE[0]}")/../.." && exec tests/power/run
