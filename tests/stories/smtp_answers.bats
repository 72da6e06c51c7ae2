#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# A relay that refuses, is silent, closes or talks nonsense at each command: rows wait, nobody is lost, nobody is mailed twice.

bats_require_minimum_version 1.5.0
load newsroom

setup() {
    MAIL=$BATS_TEST_TMPDIR/mail
}

teardown() {
    smtp_peer_stop
}

# A fault that happens twice; then the relay is well.
answers_at_each_step() { # FAULT-ACTION
    local step hour
    # Who is silent is left soon; all others have the time that a busy machine needs.
    export PRESSROOM_PATIENCE_MS=60000
    [ "$1" != silence ] || PRESSROOM_PATIENCE_MS=3000
    for step in CONNECT EHLO MAIL RCPT DATA DOT; do
        rm -rf "$BATS_TEST_TMPDIR/room" "$MAIL"
        room_with_peer --fault "$step:$1:count=2"
        pr run >"$BATS_TEST_TMPDIR/out" 2>&1 || true
        books_balance
        for hour in 09 10 11; do
            [ "$(mail_count '^Subject: Overskrift')" -eq 2 ] && break
            at 2026-06-10T$hour:00:00Z deliver >>"$BATS_TEST_TMPDIR/out" 2>&1 || true
        done
        at 2026-06-10T12:00:00Z deliver >>"$BATS_TEST_TMPDIR/out" 2>&1
        echo "$step:$1: $(mail_count '^Subject: Overskrift') mails"
        cat "$BATS_TEST_TMPDIR/out"
        [ "$(mail_count '^Subject: Overskrift')" -eq 2 ]
        [ "$(mails '^Subject: Overskrift' | xargs grep -h '^Message-ID' | sort -u | wc -l)" -eq 2 ]
        pr status --json | json 'd["mailings"][0]["sent"]' | grep -qx 2
        books_balance
        smtp_peer_stop
    done
}

@test "421 at each command: nobody lost, nobody twice" {
    answers_at_each_step 'close=421 4.3.2 closing'
}

@test "450 at each command: nobody lost, nobody twice" {
    answers_at_each_step 'reply=450 4.3.0 later'
}

@test "550 that blames nobody at each command: nobody lost, nobody twice" {
    answers_at_each_step 'reply=550 5.7.1 not now'
}

@test "the relay closes in the middle, at each command" {
    answers_at_each_step 'close=250-2.0.0 half a'
}

@test "the relay resets the connection at each command" {
    answers_at_each_step reset
}

@test "the relay falls silent at each command" {
    answers_at_each_step silence
}

@test "nonsense instead of an answer, at each command" {
    answers_at_each_step 'close=what do you mean?'
}

@test "answers that are right and one too many, at each command" {
    answers_at_each_step 'extra=250 2.0.0 and again'
}
