#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# TLS and passwords towards the relay: nothing leaves over a connection that cannot be trusted.

bats_require_minimum_version 1.5.0
load newsroom

# A certificate authority of our own, and what it says of whom.
setup_file() {
    export KEYS=$BATS_FILE_TMPDIR
    cd "$KEYS"
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ca.key -out ca.pem -days 2 \
        -subj "/CN=Nordhav test" 2>/dev/null
    openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout relay.key -out relay.csr \
        -subj "/CN=relay" 2>/dev/null
    openssl x509 -req -in relay.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -out good.pem \
        -extfile <(echo "subjectAltName=DNS:localhost") 2>/dev/null
    openssl x509 -req -in relay.csr -CA ca.pem -CAkey ca.key -days 2 -out other.pem \
        -extfile <(echo "subjectAltName=DNS:relay.nordhav.example") 2>/dev/null
    openssl x509 -req -in relay.csr -CA ca.pem -CAkey ca.key -days -1 -out expired.pem \
        -extfile <(echo "subjectAltName=DNS:localhost") 2>/dev/null
}

setup() {
    MAIL=$BATS_TEST_TMPDIR/mail
    export PRESSROOM_CA_FILE=$KEYS/ca.pem
    export PRESSROOM_PATIENCE_MS=60000
}

teardown() {
    smtp_peer_stop
}

# room SCHEME CERTIFICATE PEER-ARGUMENT…: a newsroom that wants TLS from a relay with that certificate
room() {
    local scheme=$1 certificate=$2
    shift 2
    smtp_peer_start --certificate "$KEYS/$certificate" --key "$KEYS/relay.key" "$@"
    SMTP="$scheme://localhost:$SMTP_PORT" newsroom_make
    sed -i "s|^  smtp: .*|&\n  tls: required${USER_LINES:-}|" "$ROOM/newsroom.yaml"
    printf 'hemmeligt\n' >"$ROOM/state/smtp.password"
    chmod 600 "$ROOM/state/smtp.password"
    subscriber_add en@avisen.example
    release_write a.md "id: a" "title: Overskrift"
}

arrives() {
    pr run
    [ "$(mail_count '^Subject: Overskrift')" -eq 1 ]
}

# is_refused WORDS: exit 1, one line with these words, nothing sent, nothing lost
is_refused() {
    run pr run
    echo "$output"
    [ "$status" -eq 1 ]
    [[ $output == *"$1"* ]]
    [[ $output != *hemmeligt* ]]
    [ "$(mail_count '^Subject')" -eq 0 ]
    pr status --json | json 'd["mailings"][0]["queued"]' | grep -qx 1
}

@test "STARTTLS with a certificate that is right" {
    room smtp good.pem
    arrives
}

@test "TLS from the first byte" {
    room smtps good.pem --tls-at-once
    arrives
}

@test "a certificate for another name" {
    room smtp other.pem
    is_refused "cannot be trusted"
}

@test "an expired certificate" {
    room smtp expired.pem
    is_refused "cannot be trusted"
}

@test "a certificate of an unknown authority" {
    room smtp good.pem
    unset PRESSROOM_CA_FILE
    is_refused "cannot be trusted"
}

@test "a certificate for another name, TLS from the first byte" {
    room smtps other.pem --tls-at-once
    is_refused "cannot be trusted"
}

@test "STARTTLS stripped from the relay's offers" {
    room smtp good.pem --strip-starttls
    is_refused "offers no TLS"
}

@test "STARTTLS offered and refused" {
    room smtp good.pem --fault 'STARTTLS:reply=502 5.5.1 not here'
    is_refused "TLS"
}

@test "STARTTLS offered and put off is the relay's own trouble" {
    room smtp good.pem --fault 'STARTTLS:reply=454 4.7.0 not now'
    is_refused "454 4.7.0 not now"
}

@test "answers injected before TLS are not believed" {
    room smtp good.pem --fault 'STARTTLS:reply=220 go ahead\n250-relay.example\n250 PIPELINING'
    is_refused localhost
}

@test "user and password are sent, over TLS alone" {
    USER_LINES='\n  user: presse\n  password_file: state/smtp.password'
    room smtp good.pem --auth presse:hemmeligt
    arrives
}

@test "a password that the relay refuses" {
    USER_LINES='\n  user: presse\n  password_file: state/smtp.password'
    room smtp good.pem --auth presse:andet
    is_refused "mail.password_file"
}

# Holds I14.
@test "a relay that repeats the password in its answer is not repeated" {
    USER_LINES='\n  user: presse\n  password_file: state/smtp.password'
    room smtp good.pem --auth presse:andet --fault 'AUTH:reply=535 5.7.8 hemmeligt is not what I know'
    is_refused "mail.password_file"
    smtp_peer_stop
    rm -rf "$ROOM"
    room smtp good.pem --auth presse:hemmeligt --fault 'AUTH:reply=454 4.7.0 hemmeligt has to wait'
    is_refused "454"
}

@test "a relay that wants no password where we have one" {
    USER_LINES='\n  user: presse\n  password_file: state/smtp.password'
    room smtp good.pem
    is_refused "AUTH"
}

WITH_USER='\n  user: presse\n  password_file: state/smtp.password'

@test "a login that is offered in the old form alone is used, and nothing is sent without one" {
    USER_LINES=$WITH_USER
    room smtp good.pem --auth presse:hemmeligt --offer-auth AUTH=LOGIN
    arrives
    smtp_peer_stop
    smtp_peer_start --port "$SMTP_PORT" --certificate "$KEYS/good.pem" --key "$KEYS/relay.key" --offer AUTH=LOGIN \
        --fault 'AUTH:reply=502 5.5.1 no'
    release_write b.md "id: b" "title: Nummer to"
    run -1 pr run
    [[ $output == *"refuses mail.user and its password"* ]]
    [ "$(mail_count '^Subject: Nummer to')" -eq 0 ]
}

@test "under TLS a password is tried first, then what else is offered" {
    USER_LINES=$WITH_USER
    room smtp good.pem --auth presse:hemmeligt --offer-auth 'AUTH CRAM-MD5 LOGIN PLAIN' --refuse-auth CRAM-MD5 --refuse-auth PLAIN
    arrives
    smtp_peer_stop
    smtp_peer_start --port "$SMTP_PORT" --certificate "$KEYS/good.pem" --key "$KEYS/relay.key" \
        --auth presse:hemmeligt --offer-auth 'AUTH CRAM-MD5'
    release_write b.md "id: b" "title: Nummer to"
    pr run
    [ "$(mail_count '^Subject: Nummer to')" -eq 1 ]
}

@test "tokens alone are named, and a pause is no refusal" {
    USER_LINES=$WITH_USER
    room smtp good.pem --auth presse:hemmeligt --offer-auth 'AUTH XOAUTH2 OAUTHBEARER'
    is_refused "XOAUTH2"
    smtp_peer_stop
    smtp_peer_start --port "$SMTP_PORT" --certificate "$KEYS/good.pem" --key "$KEYS/relay.key" \
        --auth presse:hemmeligt --fault 'AUTH:reply=454 4.7.0 later:count=1'
    at 2026-06-10T09:00:00Z run
    [ "$(mail_count '^Subject: Overskrift')" -eq 1 ]
}

@test "AUTH only after STARTTLS is said so" {
    USER_LINES=$WITH_USER
    room smtp good.pem --auth presse:hemmeligt
    sed -i 's/tls: required/tls: none/' "$ROOM/newsroom.yaml"
    is_refused "only after STARTTLS; write mail.tls: required"
}

@test "TLS from the first byte where mail.smtp says smtp://, and the reverse" {
    room smtp good.pem --tls-at-once
    is_refused "the relay speaks TLS at once on this port; write mail.smtp: smtps://localhost:$SMTP_PORT"
    smtp_peer_stop
    rm -rf "$ROOM"
    room smtps good.pem
    is_refused "the relay does not begin with TLS on this port; write mail.smtp: smtp://localhost:$SMTP_PORT"
}

@test "the relay is greeted by a full name or by an address, as mail.helo says or by itself" {
    room smtp good.pem --fault 'EHLO:reply=550 5.7.1 who:match=^EHLO (?!presse\.nordhav\.example$|\[|[^.]+\..)'
    arrives
    sed -i 's/^mail:/mail:\n  helo: presse.nordhav.example/' "$ROOM/newsroom.yaml"
    release_write b.md "id: b" "title: Nummer to"
    pr run
    [ "$(mail_count '^Subject: Nummer to')" -eq 1 ]
}
