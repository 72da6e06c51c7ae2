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
