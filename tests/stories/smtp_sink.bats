#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Postfix's smtp-sink in its modes of failing: rows wait, and all is sent once it is well.

bats_require_minimum_version 1.5.0
load newsroom

setup() {
    DUMP=$BATS_TEST_TMPDIR/dump
    mkdir -p "$DUMP"
    chmod 777 "$BATS_TEST_TMPDIR" "$DUMP"
    PORT=$(free_port)
    export PRESSROOM_PATIENCE_MS=60000
}

teardown() {
    sink_stop
}

# sink ARGUMENT…: runs until sink_stop; keeps what it accepts in $DUMP
sink() {
    local as=()
    [ "$(id -u)" -ne 0 ] || as=(-u nobody)
    (cd "$DUMP" && exec timeout 900 "$(PATH=$PATH:/usr/sbin command -v smtp-sink)" "${as[@]}" -d "m." "$@" "127.0.0.1:$PORT" 100) \
        >"$BATS_TEST_TMPDIR/sink.log" 2>&1 3>&- &
    SINK=$!
    eventually listens
}

listens() {
    (exec 4<>"/dev/tcp/127.0.0.1/$PORT") 2>/dev/null
}

sink_stop() {
    if [ -n "${SINK:-}" ]; then
        kill "$SINK" 2>/dev/null || true
        wait "$SINK" 2>/dev/null || true
        SINK=
    fi
}

accepted() {
    grep -l '^Subject: Overskrift' -r "$DUMP" | wc -l
}

# How the sink fails, then a run with a well one: both people have it once.
fails_and_recovers() {
    sink "$@"
    SMTP=smtp://127.0.0.1:$PORT newsroom_make
    subscriber_add en@avisen.example
    subscriber_add to@avisen.example
    release_write a.md "id: a" "title: Overskrift"
    pr run || true
    books_balance
    pr status --json | json '[d["mailings"][0][k] for k in ("sending","unknown","failed")]' | grep -qx '\[0, 0, 0\]'
    local before
    before=$(pr status --json | json 'd["mailings"][0]["sent"]')
    sink_stop
    rm -rf "${DUMP:?}"/*
    sink
    at 2026-06-10T10:00:00Z deliver
    echo "$before sent by the failing one"
    pr status --json | json 'd["mailings"][0]["sent"]' | grep -qx 2
    [ "$(accepted)" -eq $((2 - before)) ]
    books_balance
}

@test "closes at a command (-q)" {
    for command in CONNECT EHLO MAIL RCPT DATA RSET QUIT; do
        rm -rf "$BATS_TEST_TMPDIR/room" "${DUMP:?}"/*
        fails_and_recovers -q "$command"
        sink_stop
    done
}

@test "says 421 at a command and closes (-Q)" {
    for command in CONNECT EHLO MAIL RCPT DATA .; do
        rm -rf "$BATS_TEST_TMPDIR/room" "${DUMP:?}"/*
        fails_and_recovers -Q "$command"
        sink_stop
    done
}

@test "refuses a command for now (-r), in its own words (-b)" {
    for command in CONNECT EHLO MAIL RCPT DATA .; do
        rm -rf "$BATS_TEST_TMPDIR/room" "${DUMP:?}"/*
        fails_and_recovers -r "$command" -b "452 4.3.1 mail system full"
        sink_stop
    done
}

@test "refuses a command for good (-f), in its own words (-B)" {
    for command in CONNECT EHLO MAIL RCPT DATA .; do
        rm -rf "$BATS_TEST_TMPDIR/room" "${DUMP:?}"/*
        fails_and_recovers -f "$command" -B "554 5.7.1 we do not like you"
        sink_stop
    done
}

@test "refuses in the middle of the text (-A)" {
    fails_and_recovers -A 0
}

@test "is slow at DATA (-w) and at random commands (-W)" {
    fails_and_recovers -w 1
    rm -rf "$BATS_TEST_TMPDIR/room" "${DUMP:?}"/*
    sink_stop
    fails_and_recovers -W RCPT:1:20
}

@test "no pipelining (-p), no ESMTP (-e), no 8BITMIME (-8), no enhanced codes (-E)" {
    for option in -p -e -8 -E; do
        rm -rf "$BATS_TEST_TMPDIR/room" "${DUMP:?}"/*
        fails_and_recovers "$option"
        sink_stop
    done
}
