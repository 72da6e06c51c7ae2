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
    room smtp good.pem --fault 'STARTTLS:reply=454 4.7.0 not now'
    is_refused "TLS"
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

@test "a relay that wants no password where we have one" {
    USER_LINES='\n  user: presse\n  password_file: state/smtp.password'
    room smtp good.pem
    is_refused "AUTH"
}
