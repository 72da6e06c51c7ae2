#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# A relay that refuses, is silent, closes in the middle or answers with any code on any command: rows wait, nobody is
# mailed twice, and the operator is told in one line.

bats_require_minimum_version 1.5.0
load newsroom

setup() {
    MAIL=$BATS_TEST_TMPDIR/mail
}

teardown() {
    smtp_peer_stop
}

room_with_peer() {
    smtp_peer_start "$@"
    SMTP=smtp://127.0.0.1:$SMTP_PORT newsroom_make
    subscriber_add en@avisen.example
    subscriber_add to@avisen.example
    release_write a.md "id: a" "title: Overskrift"
}

@test "one message each, with a VERP return path of its own" {
    room_with_peer
    pr run
    [ "$(mail_count '^Subject: Overskrift')" -eq 2 ]
    [ "$(mails '^Subject: Overskrift' | xargs grep -h '^X-Envelope-From\|^Return-Path' | sort -u | wc -l)" -eq 2 ]
}

@test "a relay that refuses connections: rows wait, exit 1 with one clear line, sent when it is back" {
    room_with_peer
    smtp_peer_stop
    run pr run
    echo "$output"
    [ "$status" -eq 1 ]
    [[ $output == *127.0.0.1* ]]
    pr status --json | json 'd["mailings"][0]["sent"]' | grep -qx 0
    smtp_peer_start --port "$SMTP_PORT"
    at 2026-06-10T09:00:00Z run
    [ "$(mail_count '^Subject: Overskrift')" -eq 2 ]
    books_balance
}
