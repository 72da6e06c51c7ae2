#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# What comes back, explained: `collect --explain` on messages as servers write them.

bats_require_minimum_version 1.5.0
load newsroom

setup() {
    newsroom_make
    STORIES=$BATS_TEST_DIRNAME
}

teardown() {
    smtp_peer_stop
}

explain() {
    "$PRESSROOM_PROGRAM" --json collect --explain "$@"
}

@test "of the real bounces of another program's tests nearly all are understood, and none wrongly" {
    cd "$BATS_TEST_TMPDIR"
    "$PYTHON" "$STORIES/flufl_bounces.py" list | xargs "$PRESSROOM_PROGRAM" --json collect --explain >answers.json
    run -0 "$PYTHON" "$STORIES/flufl_bounces.py" judge -v <answers.json
    result=${lines[-1]}
    read -r right _ count _ wrong <<<"$result"
    [ "$count" -eq 113 ]
    [ "$right" -ge 108 ]
    [ "$wrong" -eq 0 ]
}

@test "explaining needs no newsroom, changes nothing, and takes folders and Maildirs" {
    mkdir -p "$BATS_TEST_TMPDIR/away/mail/new" "$BATS_TEST_TMPDIR/away/mail/cur" "$BATS_TEST_TMPDIR/away/mail/tmp"
    cd "$BATS_TEST_TMPDIR/away"
    cp "$STORIES/../golden/inbound/postfix-unknown-user.eml" mail/new/1
    cp "$STORIES/../golden/inbound/human-question.eml" mail/cur/2:2,S
    before=$(find . | sort)
    run -0 --separate-stderr explain mail
    [ "$(json "' '.join(m['file'] + ' ' + m['kind'] for m in d)" <<<"$output")" = "mail/cur/2:2,S human mail/new/1 bounce" ]
    [ "$before" = "$(find . | sort)" ]
    run -1 "$PRESSROOM_PROGRAM" collect --explain nowhere
    [[ $output == *nowhere* ]]
    run -2 "$PRESSROOM_PROGRAM" collect --explain
}

@test "in a newsroom that has no key yet none is made" {
    "$PRESSROOM_PROGRAM" init "$BATS_TEST_TMPDIR/new" --name "Region Nordhav" --url https://presse.nordhav.example/ --from presse@nordhav.example
    [ ! -e "$BATS_TEST_TMPDIR/new/state/secret.key" ]
    "$PRESSROOM_PROGRAM" -C "$BATS_TEST_TMPDIR/new" collect --explain "$STORIES/../golden/inbound/postfix-unknown-user.eml"
    [ ! -e "$BATS_TEST_TMPDIR/new/state/secret.key" ]
}

@test "what holds a return path or a header of ours is certain; one cut short is not, and nothing is recorded" {
    pr subscriber add ukendt@avisen.example --confirmed --evidence blanket
    release_write nyt.md "id: nyt" "title: Nyt"
    pr run
    mail=$(grep -l '^To: .*ukendt@avisen.example' "$MAIL"/new/* | head -1)
    path=$(sed -n 's/^Return-Path: <\(.*\)>/\1/p' "$mail")
    leave=$(sed -n 's/.*\(svar\|presse\)\(+unsubscribe-[a-z2-7]*\).*/\1\2/p' "$mail" | head -1)
    dsn() { # $1 where it came to, $2 header returned
        printf 'Return-Path: <>\nDelivered-To: %s\nFrom: MAILER-DAEMON@mx.avisen.example\nTo: %s\nSubject: Undelivered Mail Returned to Sender\n' "$1" "$1"
        printf 'Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\n'
        printf 'Reporting-MTA: dns; mx.avisen.example\n\nFinal-Recipient: rfc822; ukendt@avisen.example\nAction: failed\nStatus: 5.1.1\n\n'
        printf -- '--b\nContent-Type: text/rfc822-headers\n\nFrom: presse@nordhav.example\n%s\n--b--\n' "$2"
    }
    cd "$BATS_TEST_TMPDIR"
    dsn "$path" "" >by_path
    dsn presse@nordhav.example "List-Unsubscribe: <mailto:$leave@nordhav.example>" >by_header
    dsn "${path/@/x@}" "" >cut
    before=$(pr status --json | json 'd["mailings"][0]["bounced"]')
    run -0 --separate-stderr pr --json collect --explain by_path by_header cut
    [ "$(json '[(m["file"], m["kind"], m["status"], [(r["address"], r["class"], r["certain"]) for r in m["recipients"]]) for m in d]' <<<"$output")" = \
        '[["by_path", "bounce", "5.1.1", [["ukendt@avisen.example", "address", true]]], ["by_header", "bounce", "5.1.1", [["ukendt@avisen.example", "address", true]]], ["cut", "bounce", "5.1.1", [["ukendt@avisen.example", "address", false]]]]' ]
    [ "$before" = "$(pr status --json | json 'd["mailings"][0]["bounced"]')" ]
}
