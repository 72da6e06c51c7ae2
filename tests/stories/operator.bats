#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# What keeps a newsroom from working is mailed to those who look after it: once a day and cause.

bats_require_minimum_version 1.5.0
load newsroom
load crowd
load mailbox

setup() {
    newsroom_make
    echo "receipts: {operator: [drift@nordhav.example, vagt@nordhav.example]}" >>"$ROOM/newsroom.yaml"
    export PRESSROOM_MACHINE=well
}

teardown() {
    smtp_peer_stop
}

# told ADDRESS: the subjects of what that operator was mailed, in alphabetical order
told() {
    "$PYTHON" - "$MAIL" "$1" <<'PY'
import email, email.policy, os, sys
folder, address = sys.argv[1:]
subjects = []
for name in os.listdir(folder + "/new") if os.path.isdir(folder + "/new") else []:
    with open(folder + "/new/" + name, "rb") as file:
        message = email.message_from_binary_file(file, policy=email.policy.default)
    if message["To"] == address:
        subjects.append(message["Subject"])
print("; ".join(sorted(subjects)))
PY
}

@test "a full disk: each operator is told once a day, and nobody is told of a machine that is well" {
    release_write a.md "title: Ny bro"
    pr run
    [ "$(told drift@nordhav.example)" = "" ]
    export PRESSROOM_MACHINE=full
    pr run
    at 2026-06-10T10:00:00Z run
    [ "$(told drift@nordhav.example)" = "En disk er næsten fuld" ]
    [ "$(told vagt@nordhav.example)" = "En disk er næsten fuld" ]
    grep -q 'state/' "$MAIL"/new/*
    grep -q '12 MB' "$MAIL"/new/*
    grep -q 'der passer' "$MAIL"/new/* # of the foot: by what list
    at 2026-06-11T10:00:00Z run
    [ "$(told drift@nordhav.example)" = "En disk er næsten fuld; En disk er næsten fuld" ]
}

@test "a clock that nothing keeps, and one that went back" {
    subscriber_add anna@outlook.com
    release_write a.md "title: Ny bro"
    PRESSROOM_MACHINE=adrift pr run
    [ "$(told drift@nordhav.example)" = "Intet holder uret rigtigt" ]
    at "$(date -u -d "$PRESSROOM_NOW - 4 minutes" +%FT%TZ)" run
    [ "$(told drift@nordhav.example)" = "Intet holder uret rigtigt" ]
    at "$(date -u -d "$PRESSROOM_NOW - 2 hours" +%FT%TZ)" run
    [ "$(told drift@nordhav.example)" = "Intet holder uret rigtigt; Uret er gået tilbage" ]
}

@test "without operators nobody is told, and press officers get none of it" {
    sed -i 's/^receipts: .*/receipts: {to: [presse@nordhav.example]}/' "$ROOM/newsroom.yaml"
    export PRESSROOM_MACHINE=full
    pr run
    [ "$(told presse@nordhav.example)" = "" ]
    [ "$(told drift@nordhav.example)" = "" ]
}

@test "a relay that takes nothing for ten minutes" {
    rm -rf "$ROOM"
    room 20 --fault 'RCPT:reply=452 4.5.3 Daily sending quota exceeded:from=11'
    echo "receipts: {operator: [drift@nordhav.example]}" >>"$ROOM/newsroom.yaml"
    at 2026-06-10T08:10:00Z run || true
    [ "$(sqlite3 "$ROOM/state/pressroom.db" "SELECT count(*) FROM receipt")" = 0 ]
    at 2026-06-10T08:12:00Z run || true
    [ "$(sqlite3 "$ROOM/state/pressroom.db" "SELECT count(*) FROM receipt")" = 0 ]
    at 2026-06-10T08:25:00Z run || true
    at 2026-06-10T08:40:00Z run || true
    [ "$(sqlite3 "$ROOM/state/pressroom.db" "SELECT cause FROM receipt")" = "relay 2026-06-10" ]
}

# returned PATH ADDRESS: a server's report that what was sent with that return path did not arrive, in $INBOX
returned() {
    printf 'Return-Path: <>\nDelivered-To: %s\nFrom: MAILER-DAEMON@mx.avisen.example\nTo: %s\nSubject: Undelivered Mail Returned to Sender\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.avisen.example\n\nFinal-Recipient: rfc822; %s\nAction: failed\nStatus: 5.1.1\n\n--b--\n' "$1" "$1" "$2" >"$INBOX/new/$RANDOM.report"
}

@test "a receipt that came back: operators hear of whom they have to tell, once" {
    INBOX=$BATS_TEST_TMPDIR/inbox
    mkdir -p "$INBOX"/{new,cur,tmp}
    inbox_is "maildir:$INBOX"
    sed -i 's/^receipts: .*/receipts: {to: [ida@nordhav.example], operator: [drift@nordhav.example]}/' "$ROOM/newsroom.yaml"
    release_write a.md "title: Ny bro"
    pr run
    [ "$(told drift@nordhav.example)" = "" ]
    [ "$(told ida@nordhav.example)" != "" ]
    path=$(mails '^To: ida@nordhav.example' | head -1 | xargs sed -n 's/^Return-Path: <\(.*\)>/\1/p')
    returned "$path" ida@nordhav.example
    at 2026-06-10T09:00:00Z run 2>"$BATS_TEST_TMPDIR/log"
    at 2026-06-10T09:01:00Z run
    cat "$BATS_TEST_TMPDIR/log"
    grep -q 'a receipt to a press officer came back: nobody is there' "$BATS_TEST_TMPDIR/log"
    [ "$(told drift@nordhav.example)" = "Nogle kvitteringer kom ikke frem" ]
    mails '^To: drift@nordhav.example' | xargs grep -q 'ida@nordhav.example'
    mails '^To: drift@nordhav.example' | xargs grep -q 'nobody is there'
    at 2026-06-11T09:00:00Z run
    at 2026-06-12T09:00:00Z run
    [ "$(told drift@nordhav.example)" = "Nogle kvitteringer kom ikke frem" ]
}

@test "a receipt that the relay refuses at once is told as well" {
    rm -rf "$ROOM"
    room 1 --fault 'RCPT:reply=550 5.1.1 no such user here:match=ida@'
    echo "receipts: {to: [ida@nordhav.example], operator: [drift@nordhav.example]}" >>"$ROOM/newsroom.yaml"
    release_write b.md "title: Ny bro"
    at 2026-06-10T08:10:00Z run || true
    at 2026-06-10T08:12:00Z run || true
    [ "$(sqlite3 "$ROOM/state/pressroom.db" "SELECT cause FROM receipt WHERE event = 11")" = "returned 2026-06-10" ]
    mails '^To: drift@nordhav.example' | xargs grep -q 'no such user here'
}
