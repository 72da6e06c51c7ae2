#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# A relay that has trouble of its own: it is waited for, nobody is charged a try, and people are told what is going on.

bats_require_minimum_version 1.5.0
load newsroom
load crowd

setup() {
    MAIL=$BATS_TEST_TMPDIR/mail
}

teardown() {
    smtp_peer_stop
}

# relay_is INSTANT NAME: that member of status's "relay"
relay_is() {
    at "$1" status --json | json "d['relay']['$2']"
}

# Holds I11.
@test "a day's quota: the run ends with one line, and the next one waits for the hour" {
    room 20 --fault 'RCPT:reply=452 4.5.3 Daily sending quota exceeded:from=11'
    run --separate-stderr at 2026-06-10T08:10:00Z deliver
    echo "$output" "$stderr"
    [ "$status" -eq 1 ]
    [ "$(grep -c 'pressroom: smtp.*Daily sending quota exceeded' <<<"$stderr")" -ge 1 ]
    [[ $stderr == *"run again then, or let \`pressroom run --watch\` do it"* ]]
    [ "$(book sent queued deferred failed)" = "[10, 10, 0, 0]" ]
    [ "$(relay_is 2026-06-10T08:20:00Z state)" = paused ]
    [[ $(relay_is 2026-06-10T08:20:00Z reply) == *"452 4.5.3"* ]]
    [[ $(relay_is 2026-06-10T08:20:00Z next) == *T*10* ]]
    run at 2026-06-10T08:20:00Z status
    echo "$output"
    [[ $output == *"takes no mail since"*"asked again at"* ]]

    # another process knows it: nobody is asked
    smtp_peer_stop
    port_keep "$SMTP_PORT"
    run --separate-stderr at 2026-06-10T08:40:00Z deliver
    echo "$stderr"
    [ "$status" -eq 1 ]
    [[ $stderr == *"takes no mail at present"* ]]
    [[ $stderr != *"cannot be reached"* ]]
    books_balance
}

@test "a relay that takes again gets everybody's, confirmations first" {
    room 5 --fault 'CONNECT:close=450 4.3.0 out of order:count=1'
    pr subscriber add ny@avisen.example >/dev/null
    at 2026-06-10T08:10:00Z deliver
    [ "$(book sent queued deferred failed)" = "[5, 0, 0, 0]" ]
    [ "$(mail_count '^Subject: Overskrift')" -eq 5 ]
    # the confirmation went first
    ls "$MAIL/new" | sort | head -n 1 | sed "s|^|$MAIL/new/|" | xargs grep -q '^X-Envelope-To: <ny@avisen'
    [ "$(relay_is 2026-06-10T08:10:10Z state)" = easing ]
    [ "$(relay_is 2026-06-10T08:40:00Z state)" = free ]
    [ "$(sqlite3 "$ROOM/state/pressroom.db" "SELECT max(attempts) FROM delivery")" -eq 1 ]
}

@test "after so many messages the relay ends the session: the same message goes at once, and the number is learnt" {
    room 30 --fault 'MAIL:close=421 4.7.0 too many messages in this session:from=11:count=1'
    sed -i 's|^  smtp: .*|&\n  connections: 1|' "$ROOM/newsroom.yaml"
    at 2026-06-10T08:10:00Z deliver
    [ "$(book sent queued deferred failed)" = "[30, 0, 0, 0]" ]
    [ "$(mail_count '^Subject: Overskrift')" -eq 30 ]
    [ "$(sqlite3 "$ROOM/state/pressroom.db" "SELECT session_messages FROM relay")" -eq 10 ]
    [ "$(sqlite3 "$ROOM/state/pressroom.db" "SELECT max(attempts) FROM delivery")" -eq 1 ]
    [ "$(relay_is 2026-06-10T08:10:10Z state)" = free ]
}

# Holds I14.
@test "an address that the relay repeats in its words is not logged" {
    room 20 --fault 'RCPT:reply=452 4.5.3 Daily sending quota exceeded by <laeser7@avisen.example>'
    run --separate-stderr at 2026-06-10T08:10:00Z deliver
    echo "$output" "$stderr"
    [ "$status" -eq 1 ]
    [[ $stderr == *"Daily sending quota exceeded by <…@avisen.example>"* ]]
    [[ $output$stderr != *laeser7* ]]
    smtp_peer_stop
    rm -rf "$ROOM"
    room 30 --fault 'RCPT:reply=550 5.7.1 <laeser7@avisen.example> is in a list of ours'
    run --separate-stderr at 2026-06-10T08:10:00Z deliver
    echo "$output" "$stderr"
    [[ $stderr == *"<…@avisen.example> is in a list"* ]]
    [[ $output$stderr != *laeser7* ]]
}

# Holds I11.
@test "a relay that ends idle sessions: the next message goes over a new one, no try, no throttling" {
    room 3 --idle 0.5 --verbose
    sed -i 's|^  smtp: .*|&\n  connections: 1\n  rate: 30/m|' "$ROOM/newsroom.yaml"
    run --separate-stderr at 2026-06-10T08:10:00Z deliver
    echo "$output" "$stderr"
    [ "$status" -eq 0 ]
    [ -z "$stderr" ]
    [ "$(book sent queued deferred failed)" = "[3, 0, 0, 0]" ]
    [ "$(mail_count '^Subject: Overskrift')" -eq 3 ]
    [ "$(sqlite3 "$ROOM/state/pressroom.db" "SELECT max(attempts) FROM delivery")" -eq 1 ]
    [ "$(relay_is 2026-06-10T08:10:10Z state)" = free ]
    [ "$(grep -c '^< EHLO' "$BATS_TEST_TMPDIR/peer.log")" -ge 2 ]
}

@test "nobody there: told once, and the next try is half a minute later" {
    room 2
    smtp_peer_stop
    port_keep "$SMTP_PORT"
    run --separate-stderr at 2026-06-10T08:10:00Z deliver
    echo "$stderr"
    [ "$status" -eq 1 ]
    [[ $stderr == *"cannot be reached"* ]]
    [ "$(relay_is 2026-06-10T08:10:10Z state)" = unreachable ]
    run at 2026-06-10T08:10:10Z status
    [[ $output == *"cannot be reached since"* ]]
    [ "$(book queued deferred)" = "[2, 0]" ]
}

everybody_has_it() {
    [ "$(mail_count '^Subject: Overskrift')" -eq 20 ]
}

@test "who stays waits for the end of the pause, says nothing meanwhile, and sends on by itself" {
    local began ended
    room 20 --fault 'RCPT:reply=452 4.5.3 Daily sending quota exceeded:from=11:count=1'
    sed -i 's|^  smtp: .*|&\n  connections: 1|' "$ROOM/newsroom.yaml"
    run -1 at 2026-06-10T08:10:00Z deliver
    began=$(date +%s%N)
    PRESSROOM_NOW=2026-06-10T09:09:57Z "$PRESSROOM_PROGRAM" -C "$ROOM" run --watch >"$BATS_TEST_TMPDIR/watch.log" 2>&1 3>&- &
    WATCHING=$!
    eventually everybody_has_it
    ended=$(date +%s%N)
    kill "$WATCHING"
    wait "$WATCHING" || true
    cat "$BATS_TEST_TMPDIR/watch.log"
    [ $(((ended - began) / 1000000)) -ge 3000 ]
    run ! grep -q 'takes no mail\|again then' "$BATS_TEST_TMPDIR/watch.log"
    [ "$(book sent queued deferred failed)" = "[20, 0, 0, 0]" ]
}

waits_for_greetings() {
    [ "$(awk -v port="$(printf '%04X' "$SMTP_PORT")" '$4 == "01" && $3 ~ ":" port "$"' /proc/net/tcp | wc -l)" -ge 40 ]
}

@test "SIGTERM ends it within two seconds, though forty connections wait for a greeting and one for an answer" {
    local began ended
    room 200 --fault 'CONNECT:silence:from=2' --fault 'DOT:silence'
    sed -i 's|^  smtp: .*|&\n  connections: 40|' "$ROOM/newsroom.yaml"
    PRESSROOM_NOW=2026-06-10T08:10:00Z "$PRESSROOM_PROGRAM" -C "$ROOM" deliver >"$BATS_TEST_TMPDIR/out.log" 2>&1 &
    local running=$!
    eventually waits_for_greetings
    began=$(date +%s%N)
    kill "$running"
    wait "$running" || true
    ended=$(date +%s%N)
    echo "$(((ended - began) / 1000000)) ms"
    cat "$BATS_TEST_TMPDIR/out.log"
    [ $(((ended - began) / 1000000)) -lt 10000 ] # 2 seconds, and what a machine in use needs
    books_balance
    [ "$(book sending)" = "[0]" ]
}
