#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# doctor --send: a test mail goes through the relay, its copy comes back, and what happened to it on its way is told.

bats_require_minimum_version 1.5.0
load newsroom
load nameserver
load dovecot

setup_file() {
    export KEYS=$BATS_FILE_TMPDIR
    openssl genrsa -out "$KEYS/relay.pem" 2048 2>/dev/null
    openssl genrsa -out "$KEYS/other.pem" 2048 2>/dev/null
}

setup() {
    newsroom_make
    INBOX=$BATS_TEST_TMPDIR/inbox
    mkdir -p "$INBOX/new" "$INBOX/cur" "$INBOX/tmp"
    sed -i "s,^mail:,mail:\n  inbox: maildir:$INBOX," "$ROOM/newsroom.yaml"
    # What lay there before is not looked at
    printf 'From: anna@avis.example\nSubject: Hej\n\nHej\n' >"$INBOX/new/1.old"
}

teardown() {
    smtp_peer_stop
    nameserver_stop
    dovecot_stop
}

# key_of FILE: the record of a key
key_of() {
    echo "v=DKIM1; k=rsa; p=$(openssl rsa -in "$1" -pubout -outform DER 2>/dev/null | base64 -w0)"
}

# dns_start RECORD: what DNS says of the relay's selector
dns_start() {
    nameserver_start --txt-record=relay._domainkey.nordhav.example,"${1:0:200}","${1:200}" \
        --txt-record=nordhav.example,"v=spf1 ip4:127.0.0.1 -all" \
        --txt-record=_dmarc.nordhav.example,"v=DMARC1; p=none" --mx-host=nordhav.example,mx.nordhav.example,10
}

# way ARGUMENT…: the relay takes mails to the inbox by this way
way() {
    local words=
    [ $# -eq 0 ] || printf -v words ' %q' "$@"
    MAIL=$INBOX smtp_peer_start --filter "$PYTHON $PRESSROOM_ROOT/tests/peers/mail_way.py$words"
    sed -i "s,smtp: .*,smtp: smtp://127.0.0.1:$SMTP_PORT," "$ROOM/newsroom.yaml"
}

COVER=(--cover list-unsubscribe --cover list-unsubscribe-post)

told() {
    [[ $output == *"$1"* ]] || {
        echo "not told: $1"
        echo "$output"
        return 1
    }
}

@test "a mail that arrives as it should: signed over both fields, aligned, encrypted; and nothing of it is left" {
    way --sign "relay:nordhav.example:$KEYS/relay.pem" "${COVER[@]}" \
        --field 'Return-Path: $SENDER' --field 'Received: from press (press [127.0.0.1]) by relay.example with ESMTP id 1' \
        --field 'Authentication-Results: mx.nordhav.example; dkim=pass header.d=nordhav.example; spf=pass (x) smtp.mailfrom=a; dmarc=pass' \
        --field 'Received: from relay.example (relay.example [192.0.2.1]) by mx.nordhav.example with ESMTPS id 2'
    dns_start "$(key_of "$KEYS/relay.pem")"
    run -0 pr doctor --send
    told "good     doctor --send: the relay took a test mail to presse+test-"
    told "good     doctor --send: its copy came back to mail.inbox"
    told "good     doctor --send: DKIM: the signature holds (d=nordhav.example, s=relay, rsa-sha256, 2048 bits)"
    told "good     doctor --send: DKIM: List-Unsubscribe and List-Unsubscribe-Post are signed (h=)"
    told "good     doctor --send: mx.nordhav.example says: spf=pass dkim=pass dmarc=pass"
    told "good     doctor --send: TLS: from server to server it travelled encrypted"
    [[ $output != *"doctor --send: on its way"* ]]
    [ "$(grep -c 'mail.helo' <<<"$output")" -eq 1 ]
    [ "$(ls "$INBOX/new")" = 1.old ]
    pr doctor --send --json 2>/dev/null | json '[c["verdict"] for c in d["checks"] if c["place"] == "doctor --send"]' |
        grep -qxF '["good", "good", "good", "good", "good", "good"]'
}

@test "what a relay leaves out, or changes, is told with what to do" {
    way --sign "relay:nordhav.example:$KEYS/relay.pem" --cover list-unsubscribe --field 'Return-Path: <bounce-17@relay.example>' \
        --field 'Received: from relay.example (relay.example [192.0.2.1]) by mx.nordhav.example with ESMTP id 2' \
        --field 'Authentication-Results: mx.nordhav.example; dkim=pass; spf=softfail smtp.mailfrom=a'
    dns_start "$(key_of "$KEYS/relay.pem")"
    run -0 pr doctor --send
    told "DKIM: no signature covers List-Unsubscribe-Post (h=), so leaving by one click does not count"
    told "mx.nordhav.example says: spf=softfail dkim=pass; what does not pass there"
    told "TLS: from relay.example to mx.nordhav.example it travelled unencrypted"
    told "the return path arrived as <bounce-17@relay.example> instead of <presse+test-"
}

@test "no signature, another's signature, a key that does not fit, a foot added below" {
    dns_start "$(key_of "$KEYS/relay.pem")"
    way
    run -0 pr doctor --send
    told "DKIM: the copy is not signed"
    told "skipped  doctor --send: TLS: it left no machine"
    smtp_peer_stop
    way --sign "relay:nordhav.example:$KEYS/other.pem" "${COVER[@]}"
    run -0 pr doctor --send
    told "DKIM: the signature (d=nordhav.example, s=relay) does not hold: a signed field was changed behind it, or DNS has another key"
    smtp_peer_stop
    way --sign "relay:nordhav.example:$KEYS/relay.pem" "${COVER[@]}" --late-foot 'Sent free of charge'
    run -0 pr doctor --send
    told "does not hold, as the text was changed behind it"
    told "skipped  doctor --send: DKIM: List-Unsubscribe and List-Unsubscribe-Post are named in h=, which counts once that signature holds"
    smtp_peer_stop
    way --sign "andet:nordhav.example:$KEYS/relay.pem"
    run -0 pr doctor --send
    told "DKIM: no signature covers List-Unsubscribe and List-Unsubscribe-Post (h=)"
    told "has no key in DNS that fits it; publish the relay's"
    smtp_peer_stop
    nameserver_stop
    nameserver_start --local=/relay.test/ --txt-record=relay._domainkey.relay.test,"$(key_of "$KEYS/relay.pem" | cut -c1-200)","$(key_of "$KEYS/relay.pem" | cut -c201-)" \
        --txt-record=_dmarc.nordhav.example,"v=DMARC1; p=none"
    way --sign "relay:relay.test:$KEYS/relay.pem" "${COVER[@]}" --remove List-Unsubscribe --remove Message-ID
    run -0 pr doctor --send
    told "good     doctor --send: DKIM: the signature holds (d=relay.test"
    told "DKIM: it is signed by relay.test, and mail.from is in nordhav.example, so it does not count for DMARC"
    told "on its way List-Unsubscribe was taken out"
    told "on its way Message-ID was taken out"
}

@test "without a name server the signature is looked at, and said to be not verified" {
    way --sign "relay:nordhav.example:$KEYS/relay.pem" "${COVER[@]}"
    export PRESSROOM_RESOLVER=127.0.0.1:1
    run -0 pr doctor --send
    told "skipped  doctor --send: DKIM: the signature (d=nordhav.example, s=relay) was not verified, as no name server answers"
    told "good     doctor --send: DKIM: List-Unsubscribe and List-Unsubscribe-Post are signed"
}

@test "a bounce instead of the copy, a mail that never comes, a relay that refuses, and nowhere to look" {
    export PRESSROOM_RESOLVER=127.0.0.1:1
    way --bounce
    run -1 pr doctor --send
    told "instead of the test mail came a message about it: smtp; 550 5.1.1 No such user here"
    smtp_peer_stop
    MAIL= smtp_peer_start
    sed -i "s,smtp: .*,smtp: smtp://127.0.0.1:$SMTP_PORT," "$ROOM/newsroom.yaml"
    run -1 pr doctor --send --wait 1s
    told "the test mail did not come within 1 s"
    smtp_peer_stop
    MAIL= smtp_peer_start --fault 'RCPT:reply=550 5.1.1 unknown:match=test-'
    sed -i "s,smtp: .*,smtp: smtp://127.0.0.1:$SMTP_PORT," "$ROOM/newsroom.yaml"
    run -1 pr doctor --send
    told "doctor --send: the relay does not take the test mail to presse+test-"
    sed -i '/inbox:/d' "$ROOM/newsroom.yaml"
    run -1 pr doctor --send
    told "mail.inbox is not set, so no copy can be read back and nothing was sent"
    run -2 pr doctor --to anna@avis.example
}

@test "to an address of somebody's own: sent, and not waited for" {
    way
    run -0 pr doctor --send --to anna@avis.example
    told "the relay took a test mail to anna@avis.example"
    [[ $output != *"waiting"* ]]
    grep -q '^X-Envelope-To: <anna@avis.example>' "$INBOX"/new/*.eml
    grep -q '^List-Unsubscribe-Post: List-Unsubscribe=One-Click' "$INBOX"/new/*.eml
    subject=$("$PYTHON" -c 'import email, email.policy, glob, sys
print(email.message_from_binary_file(open(glob.glob(sys.argv[1] + "/new/*.eml")[0], "rb"), policy=email.policy.default)["Subject"])' "$INBOX")
    [ "$subject" = "Prøvemail fra Region Nordhav" ]
}

@test "a collect that runs meanwhile leaves the copy alone, and forwards it to nobody" {
    way
    run -0 pr doctor --send --to presse+test-abcdefghijklmnopqrst@nordhav.example
    pr collect
    ls "$INBOX/new/"*.eml
    [ "$(pr status --json | json 'd["transactional"]["queued"]')" = 0 ]
}

@test "encryption is seen in the words of each server" {
    export PRESSROOM_RESOLVER=127.0.0.1:1
    way --field 'Received: by a.prod.outlook.example (2001:db8::1) with HTTPS; x' \
        --field 'Received: from b.prod.outlook.example (2001:db8::2) by a.prod.outlook.example (2001:db8::1) with Microsoft SMTP Server (version=TLS1_2, cipher=TLS_X) id 15.20.7' \
        --field 'Received: from relay.example (relay.example. [192.0.2.1]) by mx.google.example with ESMTPS id 1 (version=TLS1_3 cipher=TLS_AES_256_GCM_SHA384 bits=256/256)' \
        --field 'Received: from relay.example (relay.example [192.0.2.1]) (using TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits)) (No client certificate requested) by mx.example (Postfix) with ESMTPS id 2' \
        --field 'Received: from [192.0.2.1] (helo=relay.example) by mx.example with esmtps (TLS1.3) tls TLS_AES_256_GCM_SHA384 (Exim 4.96) id 3' \
        --field 'Received: from mx.example ([127.0.0.1]) by localhost (mx.example [127.0.0.1]) (amavisd-new, port 10024) with ESMTP id 4' \
        --field 'Received: from mx.example by box.example with LMTP id 5 (envelope-from <a@b.example>)' \
        --field 'Received: by box.example (Postfix, from userid 1000) id 6'
    run -0 pr doctor --send
    told "good     doctor --send: TLS: from server to server it travelled encrypted"
    smtp_peer_stop
    way --field 'Received: from relay.example (relay.example [192.0.2.1]) by mx.example (Postfix) with ESMTP id 2 for <a@with.example>'
    run -0 pr doctor --send
    told "TLS: from relay.example to mx.example it travelled unencrypted"
    smtp_peer_stop
    way --field 'Received: from c.example (192.0.2.9) by d.example with MAPI; x'
    run -0 pr doctor --send
    told "skipped  doctor --send: TLS: the servers on its way do not tell"
}

@test "the copy is heard of over IMAP, and goes to pressroom-done" {
    export PRESSROOM_RESOLVER=127.0.0.1:1
    dovecot_start "DNS:localhost"
    sed -i "s,inbox: .*,inbox: imaps://presse@localhost:$IMAP_PORT/INBOX\n  inbox_password_file: state/imap.password," "$ROOM/newsroom.yaml"
    echo hemmelig >"$ROOM/state/imap.password"
    chmod 600 "$ROOM/state/imap.password"
    way --sign "relay:nordhav.example:$KEYS/relay.pem" "${COVER[@]}"
    run -0 pr doctor --send
    told "good     doctor --send: its copy came back to mail.inbox"
    [ -z "$(ls "$INBOX/new" "$INBOX/cur" | grep eml)" ]
    grep -qr '^X-Pressroom-Test: ' "$INBOX/.pressroom-done"
    sed -i "s,inbox: .*,inbox: pop3s://presse@localhost:$POP3_PORT," "$ROOM/newsroom.yaml"
    run -0 pr doctor --send
    told "good     doctor --send: its copy came back to mail.inbox"
}
