#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# What happens to a release after publication: correction, edit, withdrawal, and a file that disappears.

bats_require_minimum_version 1.5.0
load newsroom

setup() {
    newsroom_make
    subscriber_add journalist@avisen.example
}

@test "a correction changes page and feeds and is mailed once, as a reply, to those who were mailed" {
    release_write a.md "id: a" "title: Overskrift"
    pr run
    subscriber_add senere@avisen.example
    first=$(grep -i '^Message-ID:' "$(mails 'Subject: Overskrift')" | tr -d '\r' | cut -d' ' -f2)
    BODY="Rettet tekst om sundhedshuset i Lillesund." release_write a.md "id: a" "title: Overskrift" "correction: Antallet af sengepladser er rettet."
    at 2026-06-10T09:00:00Z run
    at 2026-06-10T09:01:00Z run
    [ "$(mail_count 'Subject: Rettelse: Overskrift')" -eq 1 ]
    correction=$(mails 'Subject: Rettelse: Overskrift')
    grep -q "^To: .*journalist@avisen.example" "$correction"
    grep -qF "In-Reply-To: $first" <(tr -d '\r' <"$correction")
    grep -rq 'Rettet tekst' "$ROOM/public/releases"
    grep -q 'Rettet tekst' "$ROOM/public/feeds/pressemeddelelser.atom"
    # the same correction text again, with another change: page only
    BODY="Rettet tekst om sundhedshuset i Lillesund og Vesterhavn." release_write a.md "id: a" "title: Overskrift" "correction: Antallet af sengepladser er rettet."
    at 2026-06-10T10:00:00Z run
    [ "$(mail_count 'Subject: Rettelse: Overskrift')" -eq 1 ]
    books_balance
}

@test "whoever is still queued gets the corrected text only" {
    sed -i 's/delay: 0s/delay: 30m/' "$ROOM/newsroom.yaml"
    release_write a.md "id: a" "title: Overskrift"
    pr run
    BODY="Den rettede tekst." release_write a.md "id: a" "title: Overskrift" "correction: Rettet."
    at 2026-06-10T08:10:00Z run
    at 2026-06-10T08:31:00Z run
    at 2026-06-10T09:31:00Z run
    [ "$(mail_count '^Subject:')" -eq 1 ]
    grep -q 'Den rettede tekst' "$(mails '^Subject:')"
}

@test "edited and edited back: the page follows, nobody is mailed again" {
    release_write a.md "id: a" "title: Overskrift"
    pr run
    BODY="Noget andet om sundhedshuset." release_write a.md "id: a" "title: Overskrift"
    at 2026-06-10T09:00:00Z run
    grep -rq 'Noget andet' "$ROOM/public/releases"
    release_write a.md "id: a" "title: Overskrift"
    at 2026-06-10T10:00:00Z run
    run ! grep -rq 'Noget andet' "$ROOM/public/releases"
    [ "$(mail_count '^Subject:')" -eq 1 ]
}

@test "a withdrawal takes text, picture, document and .gz away, leaves notices, and mails those who got it" {
    mkdir "$ROOM/releases/fejl"
    picture_write fejl/kortet.png 40 30
    printf '%%PDF-1.4\n%%%%EOF\n' >"$ROOM/releases/fejl/notatet.pdf"
    BODY="Denne tekst skal forsvinde helt." release_write fejl/tekst.md "id: fejl" "title: Overskrift" "images: [{file: kortet.png, alt: Et kort}]" "documents: [{file: notatet.pdf, title: Notat}]"
    release_write anden.md "id: anden" "title: En anden"
    pr run
    find "$ROOM/public" -name '*.pdf' | grep -q .
    at 2026-06-10T09:00:00Z release withdraw fejl --reason "Tallene var forkerte."
    at 2026-06-10T09:00:01Z run
    nothing_public_of "skal forsvinde"
    [ -z "$(find "$ROOM/public" -name '*.pdf' -o -name 'kortet*')" ]
    page=$(find "$ROOM/public/releases" -path '*overskrift*' -name index.html)
    grep -q 'Tallene var forkerte' "$page"
    grep -q 'deleted-entry' "$ROOM/public/feeds/pressemeddelelser.atom"
    grep -q ':release/fejl' "$ROOM/public/feeds/pressemeddelelser.rss"
    [ "$(mail_count 'Subject: Trukket tilbage: Overskrift')" -eq 1 ]
    at 2026-06-10T10:00:00Z run
    [ "$(mail_count 'Subject: Trukket tilbage: Overskrift')" -eq 1 ]
}

@test "a new store takes away what the lost one left of a picture that is dropped, or of what is withdrawn" {
    picture_write rod.png 8 8 c02030
    picture_write blaa.png 8 8 2030c0
    release_write a.md "id: a" "title: Huse" "images: [{file: rod.png, alt: Rødt}, {file: blaa.png, alt: Blåt}]"
    release_write b.md "id: b" "title: Broer" "images: [{file: rod.png, alt: Rødt}]"
    pr run
    rm "$ROOM/state/pressroom.db"* "$ROOM/releases/b.md"
    release_write a.md "id: a" "title: Huse" "images: [{file: rod.png, alt: Rødt}]"
    at 2026-06-10T09:00:00Z run
    at 2026-06-10T09:00:00Z release withdraw b --reason "En fejl"
    at 2026-06-10T09:10:00Z run
    [ -e "$ROOM/public/releases/2026/huse/rod.png" ]
    [ ! -e "$ROOM/public/releases/2026/huse/blaa.png" ]
    [ -e "$ROOM/public/releases/2026/broer/index.html" ]
    [ ! -e "$ROOM/public/releases/2026/broer/rod.png" ]
}

@test "a withdrawal first cancels all that is not sent" {
    sed -i 's/delay: 0s/delay: 30m/' "$ROOM/newsroom.yaml"
    release_write a.md "id: a" "title: Overskrift"
    pr run
    release_write a.md "id: a" "title: Overskrift" "status: withdrawn"
    at 2026-06-10T08:10:00Z run
    at 2026-06-10T10:10:00Z run
    [ "$(mail_count)" -eq 0 ]
    pr status --json | json 'd["mailings"][0]["cancelled"]' | grep -qx 1
}

@test "a file that disappears changes nothing public and is warned about" {
    release_write a.md "id: a" "title: Overskrift"
    pr run
    rm "$ROOM/releases/a.md"
    run at 2026-06-10T09:00:00Z run
    [[ $output == *a.md* ]]
    grep -rq Overskrift "$ROOM/public/releases"
}
