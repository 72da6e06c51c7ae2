#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# `run --watch`: stays, and does each thing when its time has come.

bats_require_minimum_version 1.5.0
load newsroom

setup() {
    newsroom_make
    subscriber_add anna@nordhav.example
}

teardown() {
    if [ -n "${WATCHER:-}" ]; then
        kill "$WATCHER" 2>/dev/null || true
        wait "$WATCHER" 2>/dev/null || true
    fi
}

watch_start() {
    STARTED=$(date +%s%N)
    NOTIFY_SOCKET=${NOTIFY_SOCKET:-} "$PRESSROOM_PROGRAM" -C "$ROOM" run --watch >>"$BATS_TEST_TMPDIR/watch.log" 2>&1 3>&- &
    WATCHER=$!
}

# Ends it as a service manager would; its exit code is the test's
watch_stop() {
    local watcher=$WATCHER
    WATCHER=
    kill -TERM "$watcher"
    wait "$watcher"
}

mailed() {
    [ "$(mail_count "$1")" -ge "${2:-1}" ]
}

said() {
    grep -q -e "$1" "$BATS_TEST_TMPDIR/watch.log"
}

companion() {
    pgrep -P "$WATCHER" -f -- "deliver --watch"
}

companion_is_other_than() {
    local now
    now=$(companion) && [ -n "$now" ] && [ "$now" != "$1" ]
}

# Whether so many seconds have passed since before the watcher began, whose clock can be no further.
passed() {
    [ $((($(date +%s%N) - STARTED) / 1000000000)) -ge "$1" ]
}

public_page() {
    [ -f "$ROOM/public/releases/2026/$1/index.html" ]
}

@test "a file and a folder dropped while it watches are published and mailed" {
    watch_start
    eventually companion
    release_write a.md "title: Nyt sundhedshus i Lillesund"
    eventually mailed "Nyt sundhedshus"
    mkdir "$ROOM/releases/folder"
    release_write folder/b.md "title: Vesterhavn sygehus udvides" "type: statement"
    eventually mailed "Vesterhavn sygehus"
    watch_stop
    [ "$(mail_count)" -eq 2 ]
    books_balance
}

@test "a release that is moved into place is seen, and a refused one is told once" {
    watch_start
    eventually companion
    printf -- '---\ntitle: Forkert\nembago: 2026-06-12\n---\nTekst.\n' >"$ROOM/releases/bad.md"
    eventually test -f "$ROOM/releases/bad.md.problems.txt"
    release_write .new "title: Ådal får akutlæge"
    mv "$ROOM/releases/.new" "$ROOM/releases/good.md"
    eventually mailed "dal_f=C3=A5r\|Ådal"
    watch_stop
    [ "$(grep -c 'bad.md.*embago' "$BATS_TEST_TMPDIR/watch.log")" -eq 1 ]
}

@test "a release that is withdrawn by command is taken away and told of" {
    release_write a.md "id: a" "title: Overskrift"
    watch_start
    eventually mailed '^Subject: Overskrift'
    pr release withdraw a --reason "Tallene var forkerte"
    eventually grep -rq 'Tallene var forkerte' "$ROOM/public/releases"
    eventually mailed '^Subject: Trukket tilbage'
    watch_stop
    nothing_public_of 'nyt sundhedshus'
}

# Holds I1.
@test "a scheduled release appears at its time, and not before" {
    release_write a.md "title: Først nu" "published: 2026-06-10T08:00:06Z"
    watch_start
    eventually companion
    nothing_public_of "først nu" || passed 6
    eventually public_page foerst-nu
    passed 6
    eventually mailed "Subject"
    watch_stop
}

@test "a digest leaves at its instant, and not before" {
    printf 'digest: {at: "10:00"}\n' >>"$ROOM/newsroom.yaml"
    subscriber_add bo@nordhav.example --cadence daily
    release_write a.md "title: Samlet til i morgen"
    export PRESSROOM_NOW=2026-06-11T07:50:00Z
    pr -q run
    [ "$(mail_count "^To: bo@")" -eq 0 ]
    export PRESSROOM_NOW=2026-06-11T07:59:52Z # ten o'clock in Copenhagen is 08:00 UTC
    watch_start
    eventually companion
    [ "$(mail_count "^To: bo@")" -eq 0 ] || passed 8
    eventually mailed "^To: bo@"
    passed 8
    watch_stop
    [ "$(mail_count "^To: bo@")" -eq 1 ]
    mails "^To: bo@" | xargs grep -q "^Date: Thu, 11 Jun 2026 10:0"
    books_balance
}

@test "rows that somebody else queues leave within two seconds or so" {
    watch_start
    eventually companion
    pr subscriber add bo@nordhav.example
    eventually mailed "bo@nordhav.example"
    watch_stop
}

@test "SIGHUP reads the configuration again, and keeps the old one where the new is broken" {
    watch_start
    # a mail proves that the sender, too, has read its configuration
    release_write 0.md "title: Den første"
    eventually mailed "Subject"
    cp "$ROOM/newsroom.yaml" "$BATS_TEST_TMPDIR/good.yaml"
    echo "nonsense: 1" >>"$ROOM/newsroom.yaml"
    kill -HUP "$WATCHER"
    eventually said "not used as it is now"
    release_write a.md "title: Under den gamle"
    eventually mailed "Under den gamle"
    sed 's/name: Region Nordhav/name: Nordhav Amt/' "$BATS_TEST_TMPDIR/good.yaml" >"$ROOM/newsroom.yaml"
    kill -HUP "$WATCHER"
    release_write b.md "title: Under den nye" "type: statement"
    eventually mailed "Under den nye"
    eventually grep -q "Nordhav Amt" "$ROOM/public/releases/2026/under-den-nye/index.html"
    watch_stop
}

@test "the service manager hears that it is ready, reloads and stops" {
    local socket=$BATS_TEST_TMPDIR/notify
    "$PYTHON" - "$socket" >"$BATS_TEST_TMPDIR/told" 3>&- <<'PY' &
import socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.bind(sys.argv[1])
while True:
    text = s.recv(1000).decode()
    print(text, flush=True)
    if "STOPPING" in text:
        break
PY
    local listener=$!
    eventually test -S "$socket"
    NOTIFY_SOCKET=$socket WATCHDOG_USEC=200000 watch_start
    eventually grep -q READY=1 "$BATS_TEST_TMPDIR/told"
    eventually grep -q WATCHDOG=1 "$BATS_TEST_TMPDIR/told"
    kill -HUP "$WATCHER"
    eventually grep -q MONOTONIC_USEC= "$BATS_TEST_TMPDIR/told"
    watch_stop
    wait "$listener"
    grep -q STOPPING=1 "$BATS_TEST_TMPDIR/told"
}

@test "killed, it takes its sender with it, and a new one goes on" {
    watch_start
    eventually companion
    local sender
    sender=$(companion)
    kill -KILL "$WATCHER"
    wait "$WATCHER" || true
    eventually gone "$sender"
    release_write a.md "title: Efter faldet"
    watch_start
    eventually mailed "Efter faldet"
    sender=$(companion)
    kill -KILL "$sender"
    eventually companion_is_other_than "$sender"
    release_write b.md "title: Efter det andet fald" "type: statement"
    eventually mailed "Efter det andet fald"
    watch_stop
    [ "$(mail_count)" -eq 2 ]
    books_balance
}

@test "told to end in the middle of a mailing, it ends what has left and gives the rest back" {
    smtp_peer_start --hold 5
    sed -i "s|smtp: .*|smtp: smtp://127.0.0.1:$SMTP_PORT\n  connections: 2|" "$ROOM/newsroom.yaml"
    {
        echo "address;state;confirmed_at;evidence"
        for i in $(seq 200); do echo "laeser$i@avisen.example;confirmed;2026-05-01T10:00:00Z;blanket"; done
    } >"$BATS_TEST_TMPDIR/people.csv"
    pr -q subscriber import "$BATS_TEST_TMPDIR/people.csv"
    release_write a.md "title: Afbrudt"
    watch_start
    eventually mailed "Afbrudt" 5
    local first watcher=$WATCHER
    WATCHER=
    kill -TERM "$watcher"
    smtp_peer_let_go_until_gone "$watcher"
    wait "$watcher"
    first=$(mail_count "Afbrudt")
    echo "sent before the end: $first"
    [ "$first" -lt 201 ]
    pr status --json | json '[d["mailings"][0][k] for k in ("sent","sending","unknown","queued")]' | grep -qx "\[$first, 0, 0, $((201 - first))\]"
    kill -USR2 "$SMTP_PEER"
    watch_start
    eventually mailed "Afbrudt" 201
    watch_stop
    smtp_peer_stop
    [ "$(mails "^Subject: Afbrudt" | xargs grep -h '^Message-ID' | sort -u | wc -l)" -eq 201 ]
    [ "$(mail_count)" -eq 201 ]
    books_balance
}

@test "a relay that is down is told once, and mailed to when it is back" {
    smtp_peer_start
    local port=$SMTP_PORT
    smtp_peer_stop
    sed -i "s|smtp: .*|smtp: smtp://127.0.0.1:$port|" "$ROOM/newsroom.yaml"
    release_write a.md "title: Når linjen er nede"
    watch_start
    eventually said "127.0.0.1:$port"
    release_write b.md "title: Den næste" "type: statement"
    eventually public_page den-naeste
    [ "$(grep -c "127.0.0.1:$port" "$BATS_TEST_TMPDIR/watch.log")" -eq 1 ]
    smtp_peer_start --port "$port"
    eventually mailed "" 2
    watch_stop
    smtp_peer_stop
    said "deliver: works again"
}

@test "--json and --watch do not go together" {
    run -2 pr --json run --watch
    [[ $output == *--watch* ]]
}
