#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Many people, several processes, hours and rates, a store that fails: nobody lost, nobody twice, and the books say why.

bats_require_minimum_version 1.5.0
load newsroom
load crowd

setup() {
    MAIL=$BATS_TEST_TMPDIR/mail
}

teardown() {
    smtp_peer_stop
}

# setting LINE: one more line under mail:
setting() {
    sed -i "s|^  smtp: .*|&\n  $1|" "$ROOM/newsroom.yaml"
}

# Everybody has it, and nobody has it twice.
everybody_once() {
    [ "$(mail_count '^Subject: Overskrift')" -eq "$1" ]
    [ "$(mails '^Subject: Overskrift' | xargs grep -h '^To:' | sort -u | wc -l)" -eq "$1" ]
    [ "$(mails '^Subject: Overskrift' | xargs grep -h '^Message-ID' | sort -u | wc -l)" -eq "$1" ]
    [ "$(book sent)" = "[$1]" ]
    books_balance
}

both_are_at_work() {
    [ "$(sqlite3 "$ROOM/state/pressroom.db" "SELECT count(DISTINCT worker) FROM delivery WHERE worker <> 0")" -eq 2 ]
}

arrived() {
    [ "$(find "$MAIL/new" -type f | wc -l)" -ge "$1" ]
}

# Holds I5.
@test "two deliver at once share the work and the rate, and mail nobody twice" {
    local began ended first second
    room 500 --hold 0
    setting "rate: 200"
    began=$(date +%s%N)
    at 2026-06-10T08:10:00Z deliver --json >"$BATS_TEST_TMPDIR/first" &
    first=$!
    at 2026-06-10T08:10:00Z deliver --json >"$BATS_TEST_TMPDIR/second" &
    second=$!
    eventually both_are_at_work # so busy can no machine be that one does it all
    kill -USR2 "$SMTP_PEER"
    wait "$first"
    wait "$second"
    ended=$(date +%s%N)
    cat "$BATS_TEST_TMPDIR/first" "$BATS_TEST_TMPDIR/second"
    echo "$(((ended - began) / 1000000)) ms"
    everybody_once 500
    [ "$(json 'd["deliver"]["sent"]' <"$BATS_TEST_TMPDIR/first")" -gt 0 ]
    [ "$(json 'd["deliver"]["sent"]' <"$BATS_TEST_TMPDIR/second")" -gt 0 ]
    # 200 a second together, not each: 500 take 2.5 seconds
    [ $(((ended - began) / 1000000)) -ge 2400 ]
}

@test "outside mail.hours only confirmations and what is urgent leave; the rest at the hour" {
    room 2
    setting "hours: 07-22"
    release_write b.md "id: b" "title: Haster" "urgent: true"
    pr subscriber add ny@avisen.example >/dev/null
    # 23:30 in Copenhagen, and 06:59 the next morning
    at 2026-06-10T21:30:00Z run
    at 2026-06-11T04:59:00Z run
    [ "$(mail_count '^Subject: Overskrift')" -eq 0 ]
    [ "$(mail_count '^Subject: Haster')" -eq 2 ]
    [ "$(mail_count '^To: .*ny@avisen')" -eq 1 ]
    at 2026-06-11T05:00:00Z run
    [ "$(mail_count '^Subject: Overskrift')" -eq 2 ]
}

@test "a row that three runs died on is set aside, and the press officer is told" {
    local hour
    room 1
    for hour in 09 10 11; do
        run -137 env PRESSROOM_NOW=2026-06-10T$hour:00:00Z PRESSROOM_FAULT=deliver-marked "$PRESSROOM_PROGRAM" -C "$ROOM" deliver
        books_balance
    done
    run --separate-stderr at 2026-06-10T12:00:00Z deliver
    echo "$output" "$stderr"
    [[ $stderr == *"three runs"* ]]
    [[ $stderr == *"set aside"* ]]
    [ "$(book unknown queued sending)" = "[1, 0, 0]" ]
    run --separate-stderr at 2026-06-10T13:00:00Z deliver
    [ -z "$stderr" ]
    [ "$(mail_count '^Subject: Overskrift')" -eq 0 ]
    books_balance
}

@test "what a relay took three times without an answer is set aside, and the press officer is told" {
    room 1 --fault DOT:close
    at 2026-06-10T08:10:00Z deliver
    at 2026-06-10T09:00:00Z deliver
    run --separate-stderr at 2026-06-10T11:00:00Z deliver
    echo "$output" "$stderr"
    [[ $stderr == *"set aside"* ]]
    run --separate-stderr at 2026-06-11T11:00:00Z deliver
    [ -z "$stderr" ]
    [ "$(book unknown queued failed)" = "[1, 0, 0]" ]
}

@test "another program holds the database for seconds: sending waits, nobody is lost" {
    room 300 --hold 20
    setting "connections: 4"
    at 2026-06-10T08:10:00Z deliver >"$BATS_TEST_TMPDIR/out" 2>&1 &
    local running=$!
    eventually arrived 20
    "$PYTHON" - "$ROOM/state/pressroom.db" "$SMTP_PEER" <<'PY'
import os, signal, sqlite3, sys, time
store = sqlite3.connect(sys.argv[1], timeout=300, isolation_level=None)
store.execute("BEGIN IMMEDIATE")
os.kill(int(sys.argv[2]), signal.SIGUSR2)  # the relay answers, and the outcomes are to be written
time.sleep(3)
store.execute("ROLLBACK")
PY
    wait "$running"
    cat "$BATS_TEST_TMPDIR/out"
    everybody_once 300
}

@test "the disk is full while it sends: one clear line, nobody lost, the rest once there is room" {
    local sent spare failed=0
    room 600
    # Two lanes: a commit carries at most two outcomes, so the journal is full long before everybody is served.
    setting "connections: 2"
    # The journal may grow by so little more: its writes fail then, as on a full disk.
    for spare in 0 60 60; do
        (
            trap '' XFSZ
            ulimit -f $(($(stat -c %s "$ROOM/state/pressroom.db") / 1024 + spare))
            at 2026-06-10T09:00:00Z deliver
        ) >"$BATS_TEST_TMPDIR/out" 2>&1 || failed=$((failed + 1))
        cat "$BATS_TEST_TMPDIR/out"
        [ "$(grep -c 'database: .*check the disk' "$BATS_TEST_TMPDIR/out")" -eq 1 ]
        books_balance
    done
    sent=$(mail_count '^Subject: Overskrift')
    echo "$sent sent while the disk was full, $failed runs failed"
    [ "$failed" -eq 3 ]
    [ "$sent" -gt 0 ]
    [ "$sent" -lt 600 ]
    at 2026-06-10T10:00:00Z deliver
    [ "$(mails '^Subject: Overskrift' | xargs grep -h '^To:' | sort -u | wc -l)" -eq 600 ]
    [ "$(mails '^Subject: Overskrift' | xargs grep -h '^Message-ID' | sort -u | wc -l)" -eq 600 ]
    [ "$(mail_count '^Subject: Overskrift')" -le $((600 + failed * 2)) ]
    [ "$(book sent)" = "[600]" ]
    books_balance
}
