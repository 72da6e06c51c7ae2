#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Relays as they stand in the world, at their strictest: STARTTLS, a password, and no patience for commands out of turn.

bats_require_minimum_version 1.5.0
load newsroom
load dovecot
load relays

setup() {
    dovecot_start DNS:localhost
    relay_make
}

teardown() {
    relay_stop
    dovecot_stop
}

# A newsroom with a mailing queued to 200 people and some whom relays and parsers trip over; and what each should get, written
# into $MAIL by a copy of that newsroom.
room_with_mailing() {
    newsroom_make
    {
        echo "address;state;confirmed_at;evidence"
        for i in $(seq 200); do echo "laeser$i@avisen.example;confirmed;2026-05-01T10:00:00Z;blanket"; done
        echo "o'brien+presse@avisen.example;confirmed;2026-05-01T10:00:00Z;blanket"
        echo "anna@blåbærgrød.example;confirmed;2026-05-01T10:00:00Z;blanket"
        echo "jørgen.åse@avisen.example;confirmed;2026-05-01T10:00:00Z;blanket"
        echo "$(printf 'l%.0s' $(seq 64))@avisen.example;confirmed;2026-05-01T10:00:00Z;blanket"
    } >"$BATS_TEST_TMPDIR/people.csv"
    pr subscriber import "$BATS_TEST_TMPDIR/people.csv" >/dev/null
    BODY=$(printf '%s\n' "Åbningen blev til. " "" ".prik først på linjen" "" ".." "" "From begyndelsen" "" "😀 — “citat”, $(printf 'langtord%.0s' $(seq 150))" \
        "" "- et" "- to") release_write a.md "id: a" "published: 2026-06-10T07:00:00Z" "title: \"Ærø, Østerbro & Ådal: 20 nye læger til sygehuset i Vesterhavn — $(printf 'og flere %.0s' $(seq 12))\""
    # each at a time of its own: the story's clock begins anew with each program
    pr ingest && at 2026-06-10T08:01:00Z publish && at 2026-06-10T08:02:00Z announce
    cp -a "$ROOM" "$BATS_TEST_TMPDIR/copy"
    at 2026-06-10T08:03:00Z deliver
    rm -rf "$ROOM"
    mv "$BATS_TEST_TMPDIR/copy" "$ROOM"
    sed -i "s|^  smtp: .*|  smtp: smtp://localhost:$RELAY_PORT\n  tls: required\n  user: presse\n  password_file: state/smtp.password|" "$ROOM/newsroom.yaml"
    (umask 077 && echo "${PASSWORD:-hemmelig}" >"$ROOM/state/smtp.password")
}

sent_failed_deferred() {
    pr status --json | json '[d["mailings"][0][k] for k in ("sent","failed","deferred")]'
}

mailbox_has() {
    [ "$(find "$RELAY/mail/new" -type f | wc -l)" -ge "$1" ]
}

# Until the relay has delivered so many
delivered() {
    relay_flush
    eventually mailbox_has "$1" || {
        tail -n 30 "$RELAY/mainlog"
        return 1
    }
}

takes_all() {
    room_with_mailing
    at 2026-06-10T08:04:00Z deliver
    sent_failed_deferred | grep -qx '\[204, 0, 0\]'
    delivered 204
    "$PYTHON" "$PRESSROOM_ROOT/tests/peers/same_mails.py" "$MAIL" "$RELAY/mail"
    books_balance
}

refuses_and_puts_off() {
    room_with_mailing
    for who in ukendt1 ukendt2 senere1 senere2; do subscriber_add "$who@avisen.example"; done
    release_write b.md "id: b" "title: Den anden" "published: 2026-06-10T07:00:00Z"
    pr ingest
    at 2026-06-10T08:05:00Z run
    pr status --json | json '[m[k] for m in d["mailings"] for k in ("sent","failed","deferred")]' | grep -qx '\[204, 2, 2, 204, 0, 0\]'
    delivered 408
    books_balance
}

is_refused_at_the_door() {
    PASSWORD=andet room_with_mailing
    run at 2026-06-10T08:04:00Z deliver
    echo "$output"
    [ "$status" -eq 1 ]
    [[ $output == *mail.password_file* ]]
    sent_failed_deferred | grep -qx '\[0, 0, 0\]'
    books_balance
}

@test "Postfix with STARTTLS, Dovecot's passwords and reject_unauth_pipelining takes all, and all arrives as it was made" {
    postfix_start
    takes_all
    # One that is not needed any more may be given up while it still logs in.
    sed -i '/lost connection after \(CONNECT\|EHLO\|STARTTLS\|AUTH\) from/d' "$RELAY/mainlog"
    run ! grep -i 'improper command pipelining\|bare newline\|lost connection\|too many errors\|fatal:' "$RELAY/mainlog"
    [ "$(grep -c 'sasl_username=presse' "$RELAY/mainlog")" -eq 204 ]
    [ "$(grep -c 'TLS connection established' "$RELAY/mainlog")" -le 10 ]
}

@test "Postfix refuses some and puts off some: the others have it, over the same connections" {
    postfix_start
    refuses_and_puts_off
    [ "$(grep -c ': connect from' "$RELAY/mainlog")" -le 20 ]
}

@test "Postfix is told the wrong password" {
    postfix_start
    is_refused_at_the_door
}

@test "Exim with STARTTLS and a password, which enforces the order of things, takes all, and all arrives as it was made" {
    exim_start
    takes_all
    run ! grep -i 'synchronization error\|protocol error\|syntax or protocol\|unexpected disconnection\|dropped' "$RELAY/mainlog"
    [ "$(grep -c ' <= .*X=TLS.* A=plain:presse ' "$RELAY/mainlog")" -eq 204 ]
}

@test "Exim refuses some and puts off some: the others have it, over the same connections" {
    exim_start
    refuses_and_puts_off
    [ "$(grep -c 'SMTP connection from' "$RELAY/mainlog")" -le 40 ]
}

@test "Exim is told the wrong password" {
    exim_start
    is_refused_at_the_door
}

# The test mail of `doctor --send`, by a relay that puts all it takes into the inbox.
comes_back() {
    newsroom_make
    sed -i "s|^  smtp: .*|  smtp: smtp://localhost:$RELAY_PORT\n  tls: required\n  user: presse\n  password_file: state/smtp.password\n  inbox: maildir:$RELAY/mail|" "$ROOM/newsroom.yaml"
    (umask 077 && echo hemmelig >"$ROOM/state/smtp.password")
    run pr doctor --send
    echo "$output"
    [ "$status" -eq 0 ]
    [[ $output == *"good     mail.smtp: smtp://localhost:$RELAY_PORT greets and takes mails, certificate verified, user and password accepted"* ]]
    [[ $output == *"good     doctor --send: its copy came back to mail.inbox"* ]]
    [[ $output == *"doctor --send: DKIM: the copy is not signed"* ]]
    [[ $output == *"good     doctor --send: TLS: from server to server it travelled encrypted"* ]]
    [[ $output != *"on its way"* ]]
    [[ $output != *"instead of"* ]]
    [ -z "$(find "$RELAY/mail/new" -type f)" ]
}

@test "Postfix gives the test mail of doctor back, return path and fields as they left" {
    postfix_start
    comes_back
    grep -q 'sasl_username=presse' "$RELAY/mainlog"
}
