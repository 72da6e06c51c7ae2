#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Relays that refuse connections, recipients or ends, and a sender that is told to end or killed: rows wait, nobody is mailed
# twice, and the operator is told in one line. What a relay may answer at each command is in smtp_answers.bats.

bats_require_minimum_version 1.5.0
load newsroom

setup() {
    MAIL=$BATS_TEST_TMPDIR/mail
}

teardown() {
    smtp_peer_stop
}

arrived() {
    [ "$(mail_count '^Subject: Overskrift')" -ge "$1" ]
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
    port_keep "$SMTP_PORT"
    run pr run
    echo "$output"
    [ "$status" -eq 1 ]
    [[ $output == *"127.0.0.1:$SMTP_PORT: cannot be reached (Connection refused); is the relay running, and mail.smtp right?"* ]]
    pr status --json | json 'd["mailings"][0]["sent"]' | grep -qx 0
    smtp_peer_start --port "$SMTP_PORT"
    at 2026-06-10T09:00:00Z run
    [ "$(mail_count '^Subject: Overskrift')" -eq 2 ]
    books_balance
}

@test "a relay that is gone behind the final dot: indeterminate, sent again at most twice, never failed" {
    room_with_peer --fault DOT:close
    pr run
    pr status --json | json '[d["mailings"][0][k] for k in ("unknown","deferred","queued","failed")]' | grep -qx '\[2, 0, 0, 0\]'
    at 2026-06-10T08:01:00Z deliver # the pause is not over
    at 2026-06-10T09:00:00Z deliver
    run -1 at 2026-06-10T11:00:00Z deliver # for the last time, which is told
    at 2026-06-10T15:00:00Z deliver
    at 2026-06-20T08:00:00Z deliver
    pr status --json | json '[d["mailings"][0][k] for k in ("unknown","deferred","queued","failed")]' | grep -qx '\[2, 0, 0, 0\]'
    books_balance
}

@test "what may have arrived is withdrawn by mail too, and is not missed" {
    room_with_peer --fault DOT:close:count=2
    pr run
    pr status --json | json 'd["mailings"][0]["unknown"]' | grep -qx 2
    subscriber_add ny@avisen.example
    at 2026-06-10T08:01:00Z release resend a --missed
    pr status --json | json 'd["mailings"][0]["audience"]' | grep -qx 1
    at 2026-06-10T08:02:00Z release withdraw a --reason fejl
    at 2026-06-10T08:03:00Z run
    pr status --json | json '(d["mailings"][0]["kind"], d["mailings"][0]["sent"])' | grep -qx "('withdrawal', 2)"
    at 2026-06-10T12:00:00Z deliver
    [ "$(mail_count '^Subject: Overskrift')" -eq 0 ]
    books_balance
}

@test "what may have arrived is not sent again once its correction was" {
    room_with_peer --fault DOT:close:match=en@avisen:count=1
    pr run
    pr status --json | json '[d["mailings"][0][k] for k in ("sent","unknown")]' | grep -qx '\[1, 1\]'
    release_write a.md "id: a" "title: Overskrift" "correction: Datoen var forkert."
    at 2026-06-10T08:01:00Z run
    at 2026-06-10T09:00:00Z deliver
    at 2026-06-10T20:00:00Z deliver
    [ "$(mail_count '^Subject: Overskrift')" -eq 1 ]
    [ "$(mail_count '^Subject: Rettelse: Overskrift')" -eq 2 ]
    pr status --json | json '[[m[k] for k in ("kind","state","sent","unknown")] for m in d["mailings"]]' |
        grep -qxF '[["correction", "finished", 2, 0], ["release", "finished", 1, 1]]'
    books_balance
}

@test "what is indeterminate and would go again, when all else is sent, can be paused and cancelled" {
    room_with_peer --fault DOT:close:match=en@avisen:tries=2
    pr run
    pr mailing list --json | json 'd["mailings"][0]["state"]' | grep -qx finished
    pr mailing pause 1 | grep -qF 'Mailing 1 is paused now.'
    books_balance
    at 2026-06-10T09:00:00Z deliver
    [ "$(mail_count '^Subject: Overskrift')" -eq 1 ]
    books_balance
    at 2026-06-10T09:01:00Z mailing resume 1
    at 2026-06-10T09:02:00Z deliver # indeterminate again
    at 2026-06-10T09:03:00Z mailing cancel 1 | grep -qF ' 1 message will not be sent.'
    at 2026-06-10T12:00:00Z deliver
    [ "$(mail_count '^Subject: Overskrift')" -eq 1 ]
    pr status --json | json '[d["mailings"][0][k] for k in ("state","sent","unknown")]' | grep -qx '\["cancelled", 1, 1\]'
    books_balance
    run -1 pr mailing pause 1
    [[ $output == *"nothing is left to pause"* ]]
}

@test "what may have arrived is not counted among what a cancelled mailing does not send" {
    room_with_peer --fault DOT:close:match=en@avisen --fault 'RCPT:reply=450 4.2.0 later:match=to@avisen'
    pr run
    pr mailing cancel 1 | grep -qF ' 1 message will not be sent.'
    at 2026-06-10T09:00:00Z deliver
    pr status --json | json '[d["mailings"][0][k] for k in ("cancelled","unknown")]' | grep -qx '\[1, 1\]'
}

@test "a line of 10 MB, a reply without end, 354 to RCPT, 250 before the end of data" {
    local fault
    for fault in RCPT:longline=10000000:count=1 MAIL:endless:count=1 'RCPT:reply=354 go:count=1' \
        'BODY:reply=250 2.0.0 accepted already:at=200:count=1'; do
        rm -rf "$BATS_TEST_TMPDIR/room" "$MAIL"
        room_with_peer --fault "$fault"
        PRESSROOM_PATIENCE_MS=60000 pr run || true
        at 2026-06-10T09:00:00Z deliver || true
        at 2026-06-10T10:30:00Z deliver
        echo "$fault: $(mail_count '^Subject: Overskrift')"
        [ "$(mail_count '^Subject: Overskrift')" -eq 2 ]
        books_balance
        smtp_peer_stop
    done
}

@test "replies in one-byte pieces, without pipelining, and 354 where every recipient was refused" {
    local how
    for how in "--piece 1" --no-pipelining "--piece 1 --no-pipelining" --data-without-rcpt; do
        rm -rf "$BATS_TEST_TMPDIR/room" "$MAIL"
        # shellcheck disable=SC2086
        room_with_peer $how --fault 'RCPT:reply=550 5.1.1 no such user:match=en@avisen'
        pr run
        echo "$how"
        [ "$(mail_count '^Subject: Overskrift')" -eq 1 ]
        pr status --json | json 'd["mailings"][0]["failed"]' | grep -qx 1
        books_balance
        smtp_peer_stop
    done
}

@test "an unknown user fails and costs nobody else; a second run leaves him alone" {
    room_with_peer --fault 'RCPT:reply=550 5.1.1 no such user:match=en@avisen'
    pr run
    at 2026-06-11T09:00:00Z run
    [ "$(mail_count '^Subject: Overskrift')" -eq 1 ]
    pr status --json | json '[d["mailings"][0][k] for k in ("sent","failed")]' | grep -qx '\[1, 1\]'
}

@test "greylisting puts off that recipient alone, by five minutes" {
    room_with_peer --fault 'RCPT:reply=450 4.7.1 greylisted:match=en@avisen:count=1'
    pr run
    [ "$(mail_count '^Subject: Overskrift')" -eq 1 ]
    at 2026-06-10T08:03:00Z run
    [ "$(mail_count '^Subject: Overskrift')" -eq 1 ]
    at 2026-06-10T08:06:00Z run
    [ "$(mail_count '^Subject: Overskrift')" -eq 2 ]
}

@test "a relay that does not say goodbye holds nobody up" {
    room_with_peer --fault QUIT:silence
    pr run
    [ "$(mail_count '^Subject: Overskrift')" -eq 2 ]
}

@test "told to end by SIGTERM, it ends what has left and gives the rest back" {
    smtp_peer_start --hold 5
    SMTP=smtp://127.0.0.1:$SMTP_PORT newsroom_make
    sed -i "s|^  smtp: .*|&\n  connections: 2|" "$ROOM/newsroom.yaml"
    {
        echo address
        for i in $(seq 200); do echo "laeser$i@avisen.example"; done
    } >"$BATS_TEST_TMPDIR/people.csv"
    sed -i 's/$/;confirmed;2026-05-01T10:00:00Z;blanket/; 1s/.*/address;state;confirmed_at;evidence/' "$BATS_TEST_TMPDIR/people.csv"
    pr subscriber import "$BATS_TEST_TMPDIR/people.csv" >/dev/null
    release_write a.md "id: a" "title: Overskrift"
    "$PRESSROOM_PROGRAM" -C "$ROOM" run >/dev/null 2>&1 &
    local running=$!
    eventually arrived 5
    kill -TERM "$running"
    smtp_peer_let_go_until_gone "$running"
    wait "$running" || true
    local first
    first=$(mail_count '^Subject: Overskrift')
    echo "sent before the end: $first"
    [ "$first" -lt 200 ]
    pr status --json | json '[d["mailings"][0][k] for k in ("sent","sending","unknown")]' | grep -qx "\[$first, 0, 0\]"
    books_balance
    kill -USR2 "$SMTP_PEER"
    at 2026-06-10T09:00:00Z deliver
    [ "$(mail_count '^Subject: Overskrift')" -eq 200 ]
    [ "$(mails '^Subject: Overskrift' | xargs grep -h '^To:' | sort -u | wc -l)" -eq 200 ]
}

# Holds I3.
@test "killed at any point of sending: nobody lost, no more repeats than kills times connections, same Message-ID" {
    smtp_peer_start --fault 'RCPT:reply=450 4.2.0 later:every=5' --fault 'RCPT:reply=550 5.1.1 no such user:match=tabt'
    SMTP=smtp://127.0.0.1:$SMTP_PORT newsroom_make
    sed -i "s|^  smtp: .*|&\n  connections: 4|" "$ROOM/newsroom.yaml"
    {
        echo "address;state;confirmed_at;evidence"
        for i in $(seq 200); do echo "laeser$i@avisen.example;confirmed;2026-05-01T10:00:00Z;blanket"; done
        for i in $(seq 8); do echo "tabt$i@avisen.example;confirmed;2026-05-01T10:00:00Z;blanket"; done
    } >"$BATS_TEST_TMPDIR/people.csv"
    pr subscriber import "$BATS_TEST_TMPDIR/people.csv" >/dev/null
    release_write a.md "id: a" "title: Overskrift"
    PRESSROOM_FAULT=deliver-claimed pr run >/dev/null 2>&1 || true
    local kills=0 point
    for point in deliver-claimed:1 deliver-marked:2 deliver-dot:2 deliver-outcome:3 deliver-recorded:3 deliver-marked:5 deliver-dot:4 deliver-dot:7; do
        PRESSROOM_NOW=2026-06-10T09:00:00Z PRESSROOM_FAULT=$point "$PRESSROOM_PROGRAM" -C "$ROOM" deliver >/dev/null 2>&1 || kills=$((kills + 1))
        books_balance
    done
    [ "$kills" -gt 4 ]
    for hour in 10 12 14 18; do at "2026-06-10T$hour:00:00Z" deliver >/dev/null; done
    at 2026-06-11T08:00:00Z deliver >/dev/null
    echo "$kills kills, $(mail_count '^Subject: Overskrift') mails"
    [ "$(mails '^Subject: Overskrift' | xargs grep -h '^To: .*laeser' | sort -u | wc -l)" -eq 200 ]
    [ "$(mails '^Subject: Overskrift' | xargs grep -h '^Message-ID' | sort -u | wc -l)" -eq 200 ]
    [ "$(mail_count '^Subject: Overskrift')" -le $((200 + kills * 4)) ]
    [ "$(mail_count '^To: .*tabt')" -eq 0 ]
    pr status --json | json '[d["mailings"][0][k] for k in ("sent","failed","audience")]' | grep -qx '\[200, 8, 208\]'
    books_balance
}
