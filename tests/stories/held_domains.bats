#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# A provider that refuses what is ours is held, and the operator told; the others go on, nobody is lost or blamed.

bats_require_minimum_version 1.5.0
load newsroom

setup() {
    MAIL=$BATS_TEST_TMPDIR/mail
}

teardown() {
    smtp_peer_stop
}

NOT_AUTHENTICATED='550 5.7.515 Access denied, sending domain nordhav.example does not meet the required authentication level.'

# 24 readers at one provider, 6 elsewhere.
room_with_readers() {
    local i
    SMTP=smtp://127.0.0.1:$SMTP_PORT newsroom_make
    for i in {1..24}; do
        subscriber_add "laeser$i@hotmail.dk"
    done
    for i in {1..6}; do
        subscriber_add "laeser$i@avis$i.example"
    done
}

readers_got() { # WHERE HOW-MANY
    [ "$(mails '^Subject: Nyt ' | xargs grep -l "^To: .*@$1" | wc -l)" -eq "$2" ]
}

@test "three releases that a provider refuses: held, told, and after resume everybody has all three" {
    smtp_peer_start --fault "RCPT:reply=$NOT_AUTHENTICATED:match=@hotmail"
    room_with_readers
    local i
    for i in 1 2 3; do
        release_write "a$i.md" "id: a$i" "title: Nyt $i"
        at "2026-06-10T08:0$i:00Z" run 2>>"$BATS_TEST_TMPDIR/told" || [ "$i" -eq 1 ] # somebody has to look
        books_balance
    done
    cat "$BATS_TEST_TMPDIR/told"
    [ "$(grep -c 'outlook.com: held: 20 messages in a row refused: 550 5.7.515 Access denied' "$BATS_TEST_TMPDIR/told")" -eq 1 ]
    readers_got avis 18
    readers_got hotmail 0
    at 2026-06-10T08:04:00Z status --json >"$BATS_TEST_TMPDIR/status"
    json 'd["held_domains"][0]["domain"]' <"$BATS_TEST_TMPDIR/status" | grep -qx outlook.com
    json 'd["held_domains"][0]["reply"]' <"$BATS_TEST_TMPDIR/status" | grep -q '^550 5.7.515 Access denied, .* level$'
    json 'd["held_domains"][0]["since"]' <"$BATS_TEST_TMPDIR/status" | grep -q '^2026-06-10T'
    json 'd["held_domains"][0]["refused"] >= 20' <"$BATS_TEST_TMPDIR/status" | grep -qx True
    json '[(m["failed"], m["state"]) for m in d["mailings"]]' <"$BATS_TEST_TMPDIR/status" |
        grep -qxF '[[0, "active"], [0, "active"], [0, "active"]]'
    json 'd["subscribers"]["confirmed"]' <"$BATS_TEST_TMPDIR/status" | grep -qx 30
    at 2026-06-10T08:04:00Z status | grep -q '^Held: *outlook.com since .*: it refused 2[0-9] messages, '
    json '[(n["kind"], n["subject"]) for n in d["notices"]]' <"$BATS_TEST_TMPDIR/status" | grep -qxF '[["domain", "outlook.com"]]'
    [ "$(at 2026-06-10T08:04:00Z status | grep -c '^Told:')" -eq 0 ] # the line above says it

    run -1 pr mailing resume 1 --domain avis1.example
    [[ $output == *"avis1.example: is not held; "* ]]
    run -1 pr mailing resume 77 --domain hotmail.dk
    [[ $output == *"mailing 77: there is none"* ]]

    smtp_peer_stop
    smtp_peer_start --port "$SMTP_PORT"
    at 2026-06-10T08:05:00Z mailing resume 2 --domain hotmail.dk | grep -q '^outlook.com is not held any more: the [0-9]* messages that wait for it go with the next run.'
    at 2026-06-10T08:50:00Z run
    readers_got avis 18
    readers_got hotmail 72
    pr status --json | json '[(m["sent"], m["state"]) for m in d["mailings"]]' |
        grep -qxF '[[30, "finished"], [30, "finished"], [30, "finished"]]'
    pr status --json | json 'd["held_domains"]' | grep -qxF '[]'
    books_balance
}

@test "a held provider is asked every half hour, and freed after two hours without a refusal" {
    smtp_peer_start --fault "RCPT:reply=$NOT_AUTHENTICATED:match=@hotmail"
    room_with_readers
    release_write a.md "id: a" "title: Nyt 1"
    run -1 at 2026-06-10T08:00:00Z run
    smtp_peer_stop
    smtp_peer_start --port "$SMTP_PORT"
    local got=0 time
    for time in 08:31 09:02 09:33; do
        at "2026-06-10T$time:00Z" deliver
        got=$((got + 1))
        readers_got hotmail "$got"
        books_balance
    done
    at 2026-06-10T10:04:00Z deliver
    readers_got hotmail 24
    pr status --json | json '(d["held_domains"], d["mailings"][0]["state"])' | grep -qxF "([], 'finished')"
}

@test "a relay that knows nobody: the mailing pauses, nobody counts as gone, and all get it once that is mended" {
    smtp_peer_start --fault 'RCPT:reply=550 5.1.1 User unknown in virtual mailbox table'
    room_with_readers
    release_write a.md "id: a" "title: Nyt 1"
    run pr run
    echo "$output"
    [[ $output == *"mailing 1: paused: 20 addresses in a row, over several domains, are said to be unknown: 550 5.1.1 "* ]]
    pr status --json | json '[d["mailings"][0][k] for k in ("state","queued","failed")]' | grep -qxF '["paused", 30, 0]'
    pr status | grep -q '^Told:         mailing 1 since 2026-06-10 [0-9:]*: 20 addresses in a row, over several domains, are said to be unknown: 550 5.1.1 '
    pr status --json | json '[(n["kind"], n["subject"]) for n in d["notices"]]' | grep -qxF '[["recipients", "1"]]'
    smtp_peer_stop
    smtp_peer_start --port "$SMTP_PORT"
    pr mailing resume 1
    [ "$(pr status | grep -c '^Told:')" -eq 0 ]
    at 2026-06-10T08:05:00Z run
    readers_got avis 6
    readers_got hotmail 24
    pr status --json | json '[d["mailings"][0][k] for k in ("state","sent")]' | grep -qxF '["finished", 30]'
    pr status --json | json 'd["subscribers"]["confirmed"]' | grep -qx 30
    books_balance
}

# reports_come_back: what a provider's answer looks like that a relay hands on, for each mail to it that is in $MAIL
reports_come_back() {
    local file from to number=0
    for file in $(mails '^To: .*@hotmail'); do
        number=$((number + 1))
        from=$(sed -n 's/^X-Envelope-From: <\(.*\)>/\1/p' "$file" | head -1)
        to=$(sed -n 's/^To: .*[ <]*\(laeser[0-9]*@hotmail.dk\).*/\1/p' "$file" | head -1)
        {
            printf 'Return-Path: <>\nDelivered-To: %s\nFrom: MAILER-DAEMON@relay.example\nTo: %s\n' "$from" "$from"
            printf 'Subject: Undelivered Mail Returned to Sender\nMessage-ID: <%s@relay.example>\nMIME-Version: 1.0\n' "$number"
            printf 'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\n\n--b\n\nIt could not be delivered.\n\n'
            printf -- '--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; relay.example\n\n'
            printf 'Final-Recipient: rfc822; %s\nAction: failed\nStatus: 5.7.515\n' "$to"
            printf 'Remote-MTA: dns; hotmail-dk.olc.protection.outlook.com\nDiagnostic-Code: smtp; %s\n\n--b--\n' "$NOT_AUTHENTICATED"
        } >"$INBOX/new/$number.test"
    done
}

@test "a relay that takes all in, and bounces that say who did not: held, and after resume everybody has it" {
    INBOX=$BATS_TEST_TMPDIR/inbox
    mkdir -p "$INBOX"/{new,cur,tmp}
    smtp_peer_start
    room_with_readers
    sed -i "s|^mail:|mail:\n  inbox: maildir:$INBOX\n  bounces: bounce@nordhav.example|" "$ROOM/newsroom.yaml"
    release_write a.md "id: a" "title: Nyt 1"
    pr run
    readers_got hotmail 24
    reports_come_back
    at 2026-06-10T08:10:00Z collect 2>"$BATS_TEST_TMPDIR/told"
    cat "$BATS_TEST_TMPDIR/told"
    grep -q 'outlook.com: held: 20 messages in a row refused: 550 5.7.515 Access denied' "$BATS_TEST_TMPDIR/told"
    at 2026-06-10T08:15:00Z status --json | json '[d["mailings"][0][k] for k in ("state","sent","deferred","bounced")]' | grep -qxF '["active", 6, 24, 0]'
    pr status --json | json 'd["subscribers"]["confirmed"]' | grep -qx 30
    books_balance
    find "$MAIL" -type f -delete # whom they did not reach
    at 2026-06-10T08:20:00Z mailing resume 1 --domain outlook.com
    at 2026-06-10T08:21:00Z deliver
    readers_got hotmail 24
    readers_got avis 0
    pr status --json | json '[d["mailings"][0][k] for k in ("state","sent")]' | grep -qxF '["finished", 30]'
    books_balance
}
