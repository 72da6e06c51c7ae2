#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# People answer: what they write reaches who is responsible, once and whole, never in a loop; who may want to leave gets
# the link, and who says yes in words that we cannot read is told how.

bats_require_minimum_version 1.5.0
load newsroom
load mailbox

setup() {
    INBOX=$BATS_TEST_TMPDIR/inbox
    mkdir -p "$INBOX"/{new,cur,tmp}
    newsroom_make
    newsroom_reads_answers
}

teardown() {
    smtp_peer_stop
}

newsroom_reads_answers() {
    sed -i "s|^mail:|mail:\n  inbox: maildir:$INBOX\n  replies: svar@nordhav.example\n  bounces: bounce@nordhav.example|" \
        "$ROOM/newsroom.yaml"
    sed -i 's|^publisher:|publisher:\n  contacts: [{name: Pressevagten, email: vagt@nordhav.example}]|' "$ROOM/newsroom.yaml"
    COUNT=0
    echo 0 >"$BATS_TEST_TMPDIR/clock"
}

# mailed: a release with a contact goes to ida@avisen.example
mailed() {
    subscriber_add ida@avisen.example
    release_write a.md "id: a" "title: Nyt sundhedshus i Lillesund" \
        'contacts: [{name: Mette Holm, title: regionsrådsformand, email: mette@nordhav.example}]'
    pr run >/dev/null
    OURS=$(mails '^To: ida@avisen.example' | tail -1)
}

# field NAME FILE
field() {
    "$PYTHON" -c 'import email, email.policy, sys
print(email.message_from_binary_file(open(sys.argv[2], "rb"), policy=email.policy.default)[sys.argv[1]] or "")' "$1" "$2"
}

text_of() {
    "$PYTHON" -c 'import email, email.policy, sys
print(email.message_from_binary_file(open(sys.argv[1], "rb"), policy=email.policy.default).get_body(("plain",)).get_content())' "$1"
}

# Each command's clock starts at the same instant: what one queued is due for the next a little later.
later() {
    local minute
    minute=$(($(cat "$BATS_TEST_TMPDIR/clock") + 1))
    echo "$minute" >"$BATS_TEST_TMPDIR/clock"
    PRESSROOM_NOW=2026-06-10T08:$(printf %02d "$minute"):00Z "$PRESSROOM_PROGRAM" -C "$ROOM" "$@"
}

collected() {
    later collect --json | json "d['collect'].get('$1', 0)"
}

# inside FILE: the message that is sent on in it
inside() {
    "$PYTHON" -c 'import email, email.policy, sys
whole = email.message_from_binary_file(open(sys.argv[1], "rb"), policy=email.policy.default)
raw = open(sys.argv[1], "rb").read()
parts = raw.split(b"\n--" + whole.get_boundary().encode())
sys.stdout.buffer.write([part for part in parts if b"message/rfc822" in part][0].split(b"\n\n", 1)[1])' "$1"
}

@test "an answer goes to the contact, whole and once; the contact's answer goes to who wrote it" {
    mailed
    [[ $(field Reply-To "$OURS") == svar+answer-*@nordhav.example ]]
    mail "$(field Reply-To "$OURS")" ida@avisen.example $'Hvor mange læger?\n.\n..og hvornår?' "Subject: SV: Nyt sundhedshus"
    cp "$INBOX/new/1.test" "$BATS_TEST_TMPDIR/wanted"
    [ "$(collected forwarded)" -eq 1 ]
    [ "$(inbox_count)" -eq 0 ]
    later deliver
    later deliver
    [ "$(mail_count '^To: mette@nordhav.example')" -eq 1 ]
    local sent
    sent=$(mails '^To: mette@nordhav.example')
    [ "$(field Subject "$sent")" = "Svar på: Nyt sundhedshus i Lillesund" ]
    [ "$(field Reply-To "$sent")" = ida@avisen.example ]
    [ "$(field From "$sent")" = "Region Nordhav Presse <presse@nordhav.example>" ]
    [ "$(field Auto-Submitted "$sent")" = auto-generated ]
    [ "$(field References "$sent")" = "<1@avisen.example>" ]
    text_of "$sent" | grep -q 'ida@avisen.example har svaret på denne nyhed:'
    text_of "$sent" | grep -qx 'Nyt sundhedshus i Lillesund'
    text_of "$sent" | grep -qx 'https://presse.nordhav.example/releases/2026/nyt-sundhedshus-i-lillesund/'
    inside "$sent" | cmp - "$BATS_TEST_TMPDIR/wanted"
    # what is sent is kept no longer
    run ! grep -qc 'Hvor mange' "$ROOM"/state/pressroom.db*
}

@test "without an inbox the contact's address stands in Reply-To, without a contact the publisher's" {
    sed -i '/^  inbox:/d' "$ROOM/newsroom.yaml"
    mailed
    [ "$(field Reply-To "$OURS")" = mette@nordhav.example ]
    release_write b.md "id: b" "title: Uden kontakt"
    later run >/dev/null
    [ "$(field Reply-To "$(mails 'Uden kontakt' | tail -1)")" = vagt@nordhav.example ]
}

@test "a correction and a collected mail say where answers go too" {
    subscriber_add dag@avisen.example --cadence daily
    mailed
    release_write a.md "id: a" "title: Nyt sundhedshus i Lillesund" "correction: Det åbner til jul." \
        'contacts: [{name: Mette Holm, email: mette@nordhav.example}]'
    later run >/dev/null
    local correction
    correction=$(mails '^In-Reply-To:' | tail -1)
    mail "$(field Reply-To "$correction")" ida@avisen.example "Tak for rettelsen"
    at 2026-06-11T16:00:00Z run >/dev/null
    local digest
    digest=$(mails '^To: dag@avisen.example' | tail -1)
    mail "$(field Reply-To "$digest")" dag@avisen.example "Hvem er I?"
    at 2026-06-11T16:01:00Z collect >/dev/null
    at 2026-06-11T16:02:00Z deliver
    [ "$(mail_count '^To: mette@nordhav.example')" -eq 2 ]
}

@test "an answer whose address was flattened is known by what it answers" {
    mailed
    mail presse@nordhav.example ida@avisen.example "Hvor mange?" "In-Reply-To: $(field Message-ID "$OURS")"
    mail presse@nordhav.example en@anden.example "Hvor mange?" "In-Reply-To: $(field Message-ID "$OURS")"
    [ "$(collected forwarded)" -eq 1 ]
    [ "$(inbox_count)" -eq 1 ]
}

@test "killed between record and removal: the answer is sent on once" {
    mailed
    mail "$(field Reply-To "$OURS")" ida@avisen.example "Hvor mange?"
    PRESSROOM_FAULT=inbound_recorded run -137 later collect
    [ "$(inbox_count)" -eq 1 ]
    [ "$(collected forwarded)" -eq 0 ]
    later deliver
    later deliver
    [ "$(mail_count '^To: mette@nordhav.example')" -eq 1 ]
    [ "$(inbox_count)" -eq 0 ]
}

@test "killed while it is sent on: it arrives, and its bytes go only then" {
    mailed
    mail "$(field Reply-To "$OURS")" ida@avisen.example "Hvor mange?"
    [ "$(collected forwarded)" -eq 1 ]
    PRESSROOM_FAULT=deliver-marked run -137 later deliver
    later deliver
    [ "$(mail_count '^To: mette@nordhav.example')" -eq 1 ]
    run ! grep -qc 'Hvor mange' "$ROOM"/state/pressroom.db*
}

@test "by SMTP an answer with 8-bit letters and lines of dots arrives whole, as a file where the relay takes no such letters; what cannot go is told" {
    mailed
    smtp_peer_start --offer 8BITMIME --verbose
    sed -i "s|^  smtp: .*|  smtp: smtp://127.0.0.1:$SMTP_PORT|" "$ROOM/newsroom.yaml"
    mail "$(field Reply-To "$OURS")" ida@avisen.example $'Hvornår?\n.\n..\n.. å\n' "MIME-Version: 1.0" \
        "Content-Type: text/plain; charset=utf-8" "Content-Transfer-Encoding: 8bit"
    cp "$INBOX/new/1.test" "$BATS_TEST_TMPDIR/wanted"
    later collect >/dev/null
    later deliver
    local sent
    sent=$(mails '^To: mette@nordhav.example')
    tr -d '\r' <"$sent" >"$BATS_TEST_TMPDIR/sent"
    inside "$BATS_TEST_TMPDIR/sent" | cmp - "$BATS_TEST_TMPDIR/wanted"
    grep -q 'MAIL FROM:.*BODY=8BITMIME' "$BATS_TEST_TMPDIR/peer.log"
    smtp_peer_stop
    smtp_peer_start
    sed -i "s|^  smtp: .*|  smtp: smtp://127.0.0.1:$SMTP_PORT|" "$ROOM/newsroom.yaml"
    mail "$(field Reply-To "$OURS")" ida@avisen.example "Hvornår så?"
    later collect >/dev/null
    later deliver
    [ "$(mail_count '^To: mette@nordhav.example')" -eq 1 ]
    at 2026-06-10T11:00:00Z deliver
    sent=$(mails 'message.eml')
    "$PYTHON" -c 'import email, email.policy, sys
whole = email.message_from_binary_file(open(sys.argv[1], "rb"), policy=email.policy.default)
sys.stdout.buffer.write([p for p in whole.walk() if p.get_filename() == "message.eml"][0].get_content())' "$sent" |
        grep -q 'Hvornår så?'
    # and what never goes is told
    smtp_peer_stop
    smtp_peer_start --fault 'RCPT:reply=550 5.1.1 no such user'
    sed -i "s|^  smtp: .*|  smtp: smtp://127.0.0.1:$SMTP_PORT|" "$ROOM/newsroom.yaml"
    mail "$(field Reply-To "$OURS")" ida@avisen.example "Er der nogen?"
    later collect >/dev/null
    run later deliver
    [[ $output == *"could not be sent on to the contact"*"inbox list"* ]]
    # it can be read for as long as it is kept, also where no mailbox keeps it
    sed -i '/^  inbox:/d' "$ROOM/newsroom.yaml"
    run later inbox list
    [[ $output == *"ida@avisen.example"*"the contact's server did not take it"* ]]
    run later inbox show "$(later inbox list --json | json 'd["messages"][0]["id"]')"
    [[ $output == *"Er der nogen?"* ]]
}

@test "a writer whose address cannot stand in Reply-To is named, to be written to" {
    mailed
    mail "$(field Reply-To "$OURS")" bjørn@avisen.example "Hvornår?"
    later collect >/dev/null
    later deliver
    local sent
    sent=$(mails '^To: mette@nordhav.example')
    [ -z "$(field Reply-To "$sent")" ]
    text_of "$sent" | grep -q 'Svar ikke på denne mail'
    run ! grep -q 'dit svar' "$sent"
}

@test "a contact that the inbox reads finds the answer there, untouched" {
    sed -i 's|vagt@nordhav.example|presse@nordhav.example|' "$ROOM/newsroom.yaml"
    subscriber_add ida@avisen.example
    release_write a.md "id: a" "title: Nyt sundhedshus"
    pr run >/dev/null
    mail "$(field Reply-To "$(mails '^To: ida')")" ida@avisen.example "Hvor mange?"
    cp "$INBOX/new/1.test" "$BATS_TEST_TMPDIR/wanted"
    later collect >/dev/null
    cmp "$INBOX/new/1.test" "$BATS_TEST_TMPDIR/wanted"
    later deliver
    [ "$(mail_count 'X-Pressroom-Forward')" -eq 0 ]
}

@test "a wish to leave gets the link, and the link works" {
    mailed
    mail "$(field Reply-To "$OURS")" ida@avisen.example $'Hej\n\nAfmeld mig\n\nMvh Ida' "Subject: SV: Nyt"
    [ "$(collected leave_hints)" -eq 1 ]
    later deliver
    local link
    link=$(mails '^To: ida@avisen.example' | xargs grep -l '^Auto-Submitted')
    text_of "$link" | grep -q '^https://presse.nordhav.example/unsubscribe/'
    run ! grep -q '^List-Unsubscribe' "$link"
    [ "$(mail_count '^To: mette@nordhav.example')" -eq 0 ]
    mail "$(field Reply-To "$OURS")" ida@avisen.example "STOP" "Subject: SV: Nyt"
    [ "$(collected forwarded)" -eq 1 ]
    later deliver
    [ "$(mail_count '^To: mette@nordhav.example')" -eq 1 ]
    pr subscriber show ida@avisen.example --json | json 'd["state"]' | grep -qx confirmed
    mail "svar+unsubscribe-$(text_of "$link" | sed -n 's|.*/unsubscribe/||p' | head -1)@nordhav.example" ida@avisen.example ""
    [ "$(collected unsubscribed)" -eq 1 ]
}

@test "a yes in too many words is told how, once; then a plain one counts" {
    pr subscriber add maja@avisen.example >/dev/null
    later deliver
    local to
    to=$(field Reply-To "$(mails '^To: maja')")
    mail "$to" maja@avisen.example "Ja, det vil jeg gerne"
    [ "$(collected confirm_hints)" -eq 1 ]
    mail "$to" maja@avisen.example "Ja, meget gerne"
    [ "$(collected confirm_hints)" -eq 0 ]
    later deliver
    [ "$(mail_count '^To: maja')" -eq 2 ]
    local hint
    hint=$(mails '^To: maja' | xargs grep -l 'l=C3=A6se et ja\|=C3=A6se_et_ja' | tail -1)
    text_of "$hint" | grep -q 'ordet JA og ikke andet'
    [ "$(field Reply-To "$hint")" = "$to" ]
    mail "$to" maja@avisen.example "" "Auto-Submitted: auto-replied" "Subject: Re: Bekræft"
    mail "$to" maja@avisen.example "" "Subject: Tak for din henvendelse"
    later collect >/dev/null
    pr subscriber show maja@avisen.example --json | json 'd["state"]' | grep -qx pending
    mail "$(field Reply-To "$hint")" maja@avisen.example "JA" "Subject: SV: Region Nordhav"
    [ "$(collected confirmed)" -eq 1 ]
}

# respond FILE: what a program writes that answers everything, and says so nowhere
respond() {
    local to
    to=$(field Reply-To "$1")
    [ -n "$to" ] || to=$(field From "$1" | sed 's/.*<\(.*\)>/\1/')
    mail "$to" "$(field To "$1")" "Jeg er ikke på arbejde i dag. stop" "Subject: Re: $(field Subject "$1" | tr -d '\n')" \
        "In-Reply-To: $(field Message-ID "$1")"
}

# rounds N: so often everything that was mailed is answered by programs
rounds() {
    local round file
    : >"$BATS_TEST_TMPDIR/seen"
    for ((round = 0; round < $1; round++)); do
        mails >"$BATS_TEST_TMPDIR/now"
        for file in $(comm -13 "$BATS_TEST_TMPDIR/seen" "$BATS_TEST_TMPDIR/now"); do
            respond "$file"
        done
        cp "$BATS_TEST_TMPDIR/now" "$BATS_TEST_TMPDIR/seen"
        later collect >/dev/null 2>&1
        later deliver
    done
}

@test "a program that answers everything, at the reader and at the contact, comes to an end" {
    mailed
    rounds 12
    # one answer to the release is sent on; the contact's program answers the reader, and nobody else is mailed
    [ "$(mail_count '^To: mette@nordhav.example')" -le 2 ]
    [ "$(mail_count)" -le 4 ]
    local before
    before=$(mail_count)
    rounds 3
    [ "$(mail_count)" -le $((before + 3)) ]
}

@test "two newsrooms that are each other's contact, behind a relay that takes every mark away, come to an end" {
    # the other one's inbox is what the contact reads, and it answers to where our mail came from
    local round file sent=0
    mailed
    mail "$(field Reply-To "$OURS")" ida@avisen.example "Hvor mange?"
    : >"$BATS_TEST_TMPDIR/seen"
    for ((round = 0; round < 12; round++)); do
        later collect >/dev/null 2>&1
        later deliver
        mails '^To: mette@nordhav.example' >"$BATS_TEST_TMPDIR/now"
        for file in $(comm -13 "$BATS_TEST_TMPDIR/seen" "$BATS_TEST_TMPDIR/now"); do
            sent=$((sent + 1))
            # the other newsroom sends on what it got, to the answer address that stands inside
            mail "$(field Reply-To "$OURS")" svar@andre.example "$(inside "$file")" "Subject: Svar på: noget" \
                "Reply-To: mette@nordhav.example"
        done
        cp "$BATS_TEST_TMPDIR/now" "$BATS_TEST_TMPDIR/seen"
    done
    [ "$sent" -le 11 ] # what one writer may in an hour
    [ "$(inbox_count)" -ge 1 ] # and then a person finds it
    # with its mark, as it leaves, it goes nowhere
    cp "$(mails 'X-Pressroom-Forward' | tail -1)" "$INBOX/new/marked"
    before=$(mail_count)
    later collect >/dev/null 2>&1
    later deliver
    [ "$(mail_count)" -eq "$before" ]
}

@test "who is forgotten is forgotten in what waits too" {
    mailed
    mail "$(field Reply-To "$OURS")" ida@avisen.example "Hvor mange?"
    [ "$(collected forwarded)" -eq 1 ]
    grep -qc 'Hvor mange' "$ROOM"/state/pressroom.db*
    pr subscriber forget ida@avisen.example >/dev/null
    run ! grep -qci 'Hvor mange\|ida@avisen' "$ROOM"/state/pressroom.db*
    later deliver
    [ "$(mail_count '^To: mette@nordhav.example')" -eq 0 ]
}

@test "mails and the sign-up page say that nothing is tracked" {
    mailed
    text_of "$OURS" | grep -qx 'Vi måler ikke, om du åbner mailen, eller hvad du klikker på.'
    grep -q 'Vi måler ikke, om du åbner vores mails' "$ROOM/public/feeds/index.html"
    # and nothing in them could: every address is the same for all but those for leaving
    run ! grep -qiE '<img[^>]*(unsubscribe|preferences|token)' "$OURS"
}
