#!/usr/bin/env bash
# crash_points: services killed, or told EIO, ENOSPC, a short write or no memory, at chosen system calls of a small scene;
# see tests/crash. All points take the better part of an hour (tests/crash/run), so here they come in an order drawn by
# lot until the time is up. First the disk that is really full, where a file system may be mounted.
#
#   CRASH_SECONDS=n   how long (default 200)     CRASH_SEED=n   another lot (default drawn, and printed)
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 1
unset BIN # the suite's programs hold the sanitizers; these are built plain
tests/crash/run --build || exit 1
tests/crash/disk_full
rc=$?
((rc == 0 || rc == 77)) || exit 1
tests/crash/run --seconds "${CRASH_SECONDS:-200}" --seed "${CRASH_SEED:-$RANDOM}"
