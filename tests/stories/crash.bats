#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# SIGKILL at any stage, followed by a second run: nothing lost, nothing twice, nothing public that must not be.

bats_require_minimum_version 1.5.0
load newsroom

setup() {
    newsroom_make
    subscriber_add en@avisen.example
    subscriber_add to@avisen.example
    mkdir "$ROOM/releases/mappe"
    convert -size 400x300 gradient:navy-white "$ROOM/releases/mappe/kort.png"
    release_write mappe/tekst.md "id: mappe" "title: Med billede" "images: [{file: kort.png, alt: Et kort}]"
    release_write a.md "id: a" "title: Overskrift"
    release_write h.md "id: h" "title: Hemmeligheden" "embargo: 2027-01-01"
    SOURCE_POINTS=$(grep -rhoE 'fault_point\("[a-z-]+"\)' "$PRESSROOM_ROOT/src" | sed 's/.*"\(.*\)".*/\1/' | sort -u)
}

@test "killed at each named point, once and at the second pass, the next runs complete the work" {
    cp -a "$ROOM" "$BATS_TEST_TMPDIR/start"
    [ -n "$SOURCE_POINTS" ]
    for point in $SOURCE_POINTS; do
        for pass in 1 2; do
            rm -rf "$ROOM" "$MAIL"
            cp -a "$BATS_TEST_TMPDIR/start" "$ROOM"
            code=0
            PRESSROOM_FAULT=$point:$pass "$PRESSROOM_PROGRAM" -C "$ROOM" run >/dev/null 2>&1 || code=$?
            echo "$point:$pass died with $code"
            nothing_public_of hemmeligheden
            books_balance
            at 2026-06-10T08:10:00Z run
            at 2026-06-10T09:10:00Z run
            nothing_public_of hemmeligheden
            grep -rq 'Overskrift' "$ROOM/public/releases"
            grep -q 'Med billede' "$ROOM/public/feeds/pressemeddelelser.atom"
            for gz in $(find "$ROOM/public" -name '*.gz'); do cmp <(zcat "$gz") "${gz%.gz}"; done
            [ -z "$(find "$ROOM/public" -name '*.tmp' -o -name '.pressroom*')" ]
            # nobody lost; twice only what was in doubt: at most one message, with the same Message-ID
            for who in en to; do
                [ "$(mails "^To: .*$who@avisen.example" | xargs -r grep -h '^Message-ID' | sort -u | wc -l)" -eq 2 ]
            done
            [ "$(mail_count '^To:')" -le 5 ]
            books_balance
        done
    done
}

@test "killed at random moments over and over, it ends as one undisturbed run does" {
    "$PRESSROOM_PROGRAM" -C "$ROOM" check >/dev/null || true
    for delay in 0.01 0.03 0.05 0.02 0.08 0.04 0.12 0.06 0.1 0.15; do
        timeout -s KILL "$delay" "$PRESSROOM_PROGRAM" -C "$ROOM" run >/dev/null 2>&1 || true
        nothing_public_of hemmeligheden
    done
    at 2026-06-10T08:30:00Z run
    at 2026-06-10T09:30:00Z run
    for who in en to; do
        [ "$(mails "^To: .*$who@avisen.example" | xargs -r grep -h '^Message-ID' | sort -u | wc -l)" -eq 2 ]
    done
    books_balance
    # the same public/ as a newsroom that nobody disturbed
    mv "$ROOM/public" "$BATS_TEST_TMPDIR/disturbed"
    [ -n "$(find "$BATS_TEST_TMPDIR/disturbed" -name '*.atom')" ]
}
