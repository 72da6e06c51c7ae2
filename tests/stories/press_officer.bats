#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# A press officer who knows folders: sees a draft before it goes, moves it out, and is told how it went.

bats_require_minimum_version 1.5.0
load newsroom
load serve

setup() {
    newsroom_make
    serve_configure
    sed -i 's/^announce: .*/announce: {delay: 15m}/' "$ROOM/newsroom.yaml"
    echo "receipts: {to: [vagt@nordhav.example], at: [dropped, public, 1h, 24h, withdrawn]}" >>"$ROOM/newsroom.yaml"
    subscriber_add journalist@avisen.example --feed pressemeddelelser
    mkdir -p "$ROOM/releases/Kladder" "$ROOM/releases/Trukket tilbage"
}

teardown() {
    serve_stop
}

receipts() {
    mail_count "^Subject: $1: Ny bro"
}

readers_mails() {
    mails '^Delivered-To: journalist@avisen.example' | wc -l
}

# The path of the link to the preview in the draft's receipt
preview_path() {
    "$PYTHON" - "$(mails '^Subject: Modtaget: Ny bro' | head -1)" <<'PY'
import email, email.policy, re, sys
mail = email.message_from_binary_file(open(sys.argv[1], "rb"), policy=email.policy.default)
print(re.search(r"https://presse\.nordhav\.example(/preview/\S+)", mail.get_body(("plain",)).get_content())[1])
PY
}

# killed_at MINUTE POINT…: a run killed at each of the points that it comes to, then one to its end, half a minute later: the clock of
# each run begins at the time given, and what an earlier one queued a moment behind that would not be due
killed_at() {
    local now=$1 point
    shift
    for point in "$@"; do
        PRESSROOM_FAULT=$point run at "$now:00Z" run
        [ "$status" -eq 137 ] || [ "$status" -eq 0 ]
    done
    at "$now:30Z" run
}

# course [POINT…]: from the draft to its withdrawal, each step also killed at these points
course() {
    release_write Kladder/bro.md "title: Ny bro"
    killed_at 2026-06-10T08:00 "$@"
    [ "$(receipts Modtaget)" -ge 1 ]
    nothing_public_of "Ny bro"
    local path
    path=$(preview_path)
    serve_start
    get "$path" >"$BATS_TEST_TMPDIR/button"
    status_is 200
    none -i "ny bro" "$BATS_TEST_TMPDIR/button"
    get "$path" -X POST >"$BATS_TEST_TMPDIR/page"
    status_is 200
    grep -q '<h1>Ny bro</h1>' "$BATS_TEST_TMPDIR/page"
    mv "$ROOM/releases/Kladder/bro.md" "$ROOM/releases/"
    killed_at 2026-06-10T08:10 "$@"
    [ -f "$ROOM/public/releases/2026/ny-bro/index.html" ]
    [ "$(receipts Offentlig)" -ge 1 ]
    [ "$(readers_mails)" -eq 0 ]
    get "$path" -X POST >"$BATS_TEST_TMPDIR/page"
    status_is 410
    serve_stop
    killed_at 2026-06-10T08:26 "$@"
    [ "$(readers_mails)" -eq 1 ]
    killed_at 2026-06-10T09:26 "$@"
    [ "$(receipts "Efter en time")" -ge 1 ]
    killed_at 2026-06-11T08:26 "$@"
    [ "$(mail_count "^Delivered-To: vagt@")" -ge 4 ]
    mv "$ROOM/releases/bro.md" "$ROOM/releases/Trukket tilbage/"
    killed_at 2026-06-11T08:30 "$@"
    [ "$(receipts "Trukket tilbage")" -ge 1 ]
    [ "$(readers_mails)" -eq 1 ]
    killed_at 2026-06-11T08:46 "$@"
    [ "$(readers_mails)" -eq 2 ]
}

# Holds I1.
@test "a draft is looked at, moved out, public, mailed and withdrawn, and each is told once" {
    course
    [ "$(mail_count '^Delivered-To: vagt@nordhav.example')" -eq 5 ]
    books_balance
}

# Holds I4.
@test "killed before a receipt is queued and behind it, none is lost or told twice" {
    course receipts-written receipts-queued
    [ "$(mail_count '^Delivered-To: vagt@nordhav.example')" -eq 5 ]
    books_balance
}
