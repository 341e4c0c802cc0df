# shellcheck shell=bash
# lib.bash - what the end-to-end scripts share: a private directory, stacks that are started and stopped by process id,
# waiting for something with a time limit, facts as JSON lines. Sourced, not run.
#
# BIN is the directory of the programs (default build/bin). A failed script prints the ends of the stacks' logs.
set -uo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
cd "$root" || exit 1
BIN=$(cd "${BIN:-build/bin}" 2>/dev/null && pwd) || { echo "no programs in ${BIN:-build/bin}; build first"; exit 1; }
cuiban=$BIN/cuiban
export LC_ALL=C.UTF-8
for program in "$cuiban" "$BIN"/cuiban-{intake,dispatch,parts,complaint,scoring,escalation,headoffice} "$BIN"/e2e-{rawdoor,logdump}; do
  [[ -x $program ]] || { echo "$program is not built"; exit 1; }
done
# Sockets lie under it, and the path of a socket is short.
work=$(mktemp -d /tmp/cuiban-e2e.XXXXXX) || exit 1
declare -A stack_pid=()
begun=$SECONDS

say() { printf '%s\n' "$*"; }
failure=''
fail() {
  failure=$*
  printf 'FAILED: %s\n' "$failure"
  exit 1
}
# expect WHAT GOT WANTED
expect() { [[ $2 == "$3" ]] || fail "$1: got $2, wanted $3"; }

now_ms() { date +%s%3N; }
# utc MS: RFC 3339 with milliseconds
utc() { date -u -d "@$(($1 / 1000)).$(printf %03d $(($1 % 1000)))" +%Y-%m-%dT%H:%M:%S.%3NZ; }

# until_true SECONDS COMMAND...: polls; fails when it never came true.
until_true() {
  local until=$((SECONDS + $1))
  shift
  until "$@" >/dev/null 2>&1; do
    ((SECONDS < until)) || return 1
    sleep 0.05
  done
}

# ---- stacks ----

# stack_start DIR OPTION...: as a process of its own; its log is DIR.log, which is appended to.
stack_start() {
  local dir=$1
  shift
  "$cuiban" up --dir "$dir" "$@" </dev/null >>"$dir.log" 2>&1 9>&- &
  stack_pid[$dir]=$!
}

stack_ready() { "$cuiban" status --dir "$1" --wait 60 >/dev/null || fail "the stack in $1 did not come up"; }
# Everything that came in has had its consequences.
stack_settled() {
  "$cuiban" status --dir "$1" --settled --wait "${2:-60}" >"$work/settled" && return
  cat "$work/settled"
  fail "the stack in $1 did not settle"
}

# stack_end DIR SIGNAL: returns the exit status of `cuiban up`.
stack_end() {
  local pid=${stack_pid[$1]}
  unset "stack_pid[$1]"
  kill "-$2" "$pid" 2>/dev/null
  wait "$pid" 2>/dev/null
}

# child_pid DIR NAME: of the child as `cuiban up` started it last.
child_pid() {
  sed -n 's/.*"event":"child_started","child":"'"$2"'","pid":"\([0-9]*\)".*/\1/p' "$1.log" | tail -n 1
}
child_pids() { sed -n 's/.*"event":"child_started",.*"pid":"\([0-9]*\)".*/\1/p' "$1.log"; }
# True when no process that this stack ever started is alive.
no_children() {
  local pid
  for pid in $(child_pids "$1"); do
    # A number may have been given away again: only our own programs count.
    [[ $(cat "/proc/$pid/comm" 2>/dev/null) =~ ^(cuiban-|redis-server) ]] && return 1
  done
  return 0
}

# AddressSanitizer and its kin write into the log of the stack.
sanitizers_silent() {
  ! grep -lE 'ERROR: (Address|Leak|Thread)Sanitizer|runtime error:|(REQUIRE|ENSURE) failed' "$work"/*.log 2>/dev/null
}

cleanup() {
  local rc=$? dir
  for dir in "${!stack_pid[@]}"; do kill -TERM "${stack_pid[$dir]}" 2>/dev/null; done
  for dir in "${!stack_pid[@]}"; do wait "${stack_pid[$dir]}" 2>/dev/null; done
  if ! sanitizers_silent; then
    echo 'FAILED: a sanitizer or a broken contract spoke'
    grep -hE -A12 'Sanitizer|runtime error:|(REQUIRE|ENSURE) failed' "$work"/*.log | head -n 60
    ((rc)) || rc=1
  fi
  if ((rc != 0 && rc != 77)); then
    for dir in "$work"/*.log; do
      [[ -e $dir ]] && { echo "--- end of $dir" && grep '^{' "$dir" | tail -n 8; }
    done
    echo "FAILED after $((SECONDS - begun)) s${failure:+: $failure}"
  fi
  ((rc)) || echo "ok, $((SECONDS - begun)) s"
  rm -rf --one-file-system "$work"
  exit "$rc"
}
trap cleanup EXIT

# ---- facts ----

fact_number=0
# fact TYPE OCCURRED_MS DATA [ID]: a CloudEvents line on standard output; the source is unit E2E.
fact() {
  printf '{"specversion":"1.0","type":"%s","source":"E2E","id":"%s","time":"%s","data":%s}\n' \
    "$1" "${4:-$BASHPID-$((++fact_number))-$(now_ms)}" "$(utc "$2")" "$3"
}
unit_fact() { fact unit.upserted "$1" '{"unit":"E2E","name":"測試站","kind":"station"}' unit; }
feed() {
  local dir=$1
  shift
  "$cuiban" feed --dir "$dir" --rejects "$work" "$@"
}

records() { "$BIN/e2e-logdump" "$@"; }
# ask PROGRAM: python over JSON lines on standard input, which it gets as the list `rows`.
ask() {
  python3 -c 'import json, sys
from datetime import datetime
def ms(t): return round(datetime.fromisoformat(t.replace("Z", "+00:00")).timestamp() * 1000)
rows = [json.loads(line) for line in sys.stdin]
'"$1"
}
