#!/usr/bin/env bash
# network_door: the door over tcp with CURVE, on loopback (S1, S2, S11). Who is in the door's file gets in and speaks for
# his own sources; another key, another door's key, and a key whose line was taken out while the feed runs do not, and are
# told so; logs and rows are not to be had there; a faulty file is refused with its line. No secret in any log.
. "$(dirname "$0")/lib.bash"
keys() { "$cuiban" keys "$@" || fail "cuiban keys $*"; }
door=$(keys new "$work/door.keys")
for name in station office stranger; do printf -v "$name" %s "$(keys new "$work/$name.keys" --door "$door")"; done
keys new "$work/astray.keys" --door "$stranger" >/dev/null
# shellcheck disable=SC2154 # set above, by name
list() { # list NAME...: the door lets these in
  grep -v ^allow "$work/door.keys" >"$work/list"
  for name in "$@"; do
    [[ $name != station ]] || echo "allow $station E2E NEIGHBOUR" >>"$work/list"
    [[ $name != office ]] || echo "allow $office *" >>"$work/list"
  done
  chmod 600 "$work/list"
  mv "$work/list" "$work/door.keys"
}
open_door() { # open_door DIR OPTION...
  stack_start "$1" --policy tests/e2e/policy-minute --no-redis --listen 127.0.0.1:0 --keys "$work/door.keys" "${@:2}"
  stack_ready "$1"
  at=$(sed -n 's/.*"event":"door_listens","at":"\([^"]*\)".*/\1/p' "$1.log")
}
# call NAME FILE OPTION...: feeds over the network with this key; its words are in $work/NAME.said.
call() { "$cuiban" feed --door "$at" --keys "$work/$1.keys" --rejects "$work" "${@:3}" "$2" >"$work/$1.said" 2>&1; }
says() { grep -qF -- "$2" "$work/$1.said" || { cat "$work/$1.said"; fail "$1 is not told: $2"; }; }
taken() { records "$dir" intake unit.upserted | wc -l; }
unit() { fact unit.upserted "$(now_ms)" "{\"unit\":\"$1\",\"name\":\"站\",\"kind\":\"station\"}" "$2"; }

dir=$work/x
list station office
open_door "$dir"
unit E2E 1 >"$work/one"
{ unit E2E 2; unit E2E 3 | sed 's/"source":"E2E"/"source":"OTHER"/'; } >"$work/two"

call station "$work/one" || fail 'the station is not let in'
says station '1 accepted, 0 duplicate, 0 refused'
call station "$work/one" || fail 'the station again'
says station '0 accepted, 1 duplicate, 0 refused'
call station "$work/two" && fail 'a fact of another source was taken'
says station '1 accepted, 0 duplicate, 1 refused'
says station 'this key speaks for E2E NEIGHBOUR, not for OTHER (S2)'
expect 'facts of the station' "$(taken)" 2
call office "$work/two" || fail 'who speaks for all'
says office '1 accepted, 1 duplicate, 0 refused'
expect 'and the fact of the other source' "$(taken)" 3

unit E2E 4 >"$work/four"
for ((i = 0; i < 20; i++)); do
  call stranger "$work/four" --patience 30 && fail 'a stranger was let in'
done
says stranger 'it does not let this key in'
call astray "$work/four" --patience 3 && fail 'a door with another key was believed'
says astray 'is the key after `door` that of this door?'
expect 'facts after the strangers' "$(taken)" 3
expect 'lines about strangers, of 20 times' "$(grep -c '"event":"turned_away"' "$dir.log")" 1

# What is for this machine alone: a log, a row, a wake-up, time, and noise.
raw() { printf '%b' "$1" | "$BIN/e2e-rawdoor" "$at" 3000 "$work/$2.keys"; }
refused() { expect "$1" "$(python3 -c 'import json, sys
print(json.loads(sys.argv[1]).get("code"))' "$(raw "$2" office)")" "$3"; }
refused 'a log over the network' 'G\x01\x01\0\0\0\0\0\0\0\0\0\x10\0' not_here
refused 'a row over the network' 'Q\0\x01\x10\0\0\0\0\0\0\0' not_here
refused 'a wake-up over the network' 'W' not_here
refused 'noise over the network' '\xff\xff' not_here
refused 'a broken frame over the network' 'P\0\0' frame_broken
expect 'how it is' "$(raw I station | cut -c1-13)" '{"answer":"i"'
expect 'a stranger, without manners' "$(raw I stranger)" '{"answer":"not connected"}'

# A line is taken out while a feed runs; put back; and a file with a fault changes nothing.
mkfifo "$work/line"
"$cuiban" feed --door "$at" --keys "$work/station.keys" --rejects "$work" --patience 30 - <"$work/line" >"$work/long.said" 2>&1 &
feeder=$!
exec 9>"$work/line"
many() { unit E2E x | python3 -c 'import sys
line = sys.stdin.read()
for i in range(8000): print(line.replace("\"id\":\"x\"", f"\"id\":\"{sys.argv[1]}{i}\""), end="")' "$1"; }
many a >&9
more() { (($(taken) > 500)); }
until_true 20 more || fail "the long feed does not begin"
list office
until_true 10 grep -q '"keys_read","allowed":"1"' "$dir.log" || fail 'the file is not read again'
before=$(taken)
many b >&9 2>/dev/null # the feed ends before its input does
exec 9>&-
wait "$feeder" && fail 'a key that was taken out goes on'
says long 'this key is no longer let in'
call station "$work/four" && fail 'a key that was taken out comes back'
says station 'it does not let this key in'
expect 'facts after the line was taken out' "$(taken)" "$before"
cp "$work/door.keys" "$work/good.keys"
echo 'alow me' >>"$work/door.keys"
until_true 10 grep -qF "door.keys:4: a line begins with secret, door or allow" "$dir.log" || fail 'a fault is not told'
call office "$work/four" || fail 'a file with a fault shut the door'
cp "$work/good.keys" "$work/door.keys"
list station office
call_again() { call station "$work/four"; }
until_true 10 call_again || fail 'the line was put back'
says station '0 accepted, 1 duplicate'
stack_end "$dir" TERM || fail 'the stack did not stop cleanly'

# On the event clock, time is moved by who speaks for all, and by nobody else over the network.
dir=$work/e
open_door "$dir" --clock event
call station "$work/one" && fail 'a station moves the time'
says station 'over the network this key may send facts, nothing else'
# Neither when the line has stood for long before anything was asked.
{ sleep 0.5; cat "$work/one"; } | call station - && fail 'a station moves the time, later'
says station 'over the network this key may send facts, nothing else'
call office "$work/one" --until 2035-01-01T00:00:00Z || fail 'who speaks for all moves the time'
stack_end "$dir" TERM || fail 'the stack did not stop cleanly'

# ---- starts that are refused ----
refuses() { # refuses WHAT SENTENCE OPTION...
  local rc
  "$cuiban" up --dir "$work/r" --policy tests/e2e/policy-minute --no-redis "${@:3}" >"$work/r.log" 2>&1
  rc=$?
  expect "$1: status" $rc 1
  grep -qF -- "$2" "$work/r.log" || { cat "$work/r.log"; fail "$1: is not told: $2"; }
}
refuses 'no file' 'CUIBAN_KEYS has to name' --listen 127.0.0.1:0
echo 'allow 123 E2E' >>"$work/door.keys"
refuses 'a bad line' "door.keys:5: a key has 40 characters" --listen 127.0.0.1:0 --keys "$work/door.keys"
chmod 644 "$work/good.keys"
refuses 'others can read it' 'chmod 600' --listen 127.0.0.1:0 --keys "$work/good.keys"
chmod 600 "$work/good.keys"
refuses 'no address' 'cannot listen on nowhere' --listen nowhere --keys "$work/good.keys"

for name in door station office stranger astray; do
  secret=$(sed -n 's/^secret //p' "$work/$name.keys")
  ! grep -qF -- "$secret" "$work"/*.log "$work"/*.said || fail "the secret of $name is in a log"
done
say "let in: the station for its own sources, the office for all; turned away: strangers, another door, a line taken out"
