#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Nothing of an embargoed or scheduled release is public or mailed before its instant.

bats_require_minimum_version 1.5.0
load newsroom

setup() {
    newsroom_make
    subscriber_add journalist@avisen.example
}

# Holds I1.
@test "nothing of an embargoed release exists under public/ before its instant, in any file or name" {
    mkdir "$ROOM/releases/hemmelig"
    picture_write hemmelig/hemmeligtbillede.png 40 30
    printf '%%PDF-1.4\n%%hemmeligtdokument\n%%%%EOF\n' >"$ROOM/releases/hemmelig/hemmeligtdokument.pdf"
    release_write hemmelig/tekst.md "id: hemmeligid" "title: Hemmelig overskrift" "topics: [hemmeligtemne]" \
        "embargo: 2026-06-10 12:00" "images: [{file: hemmeligtbillede.png, alt: Hemmelig}]" "documents: [{file: hemmeligtdokument.pdf, title: Hemmelig}]"
    pr run
    nothing_public_of hemmelig
    [ "$(mail_count)" -eq 0 ]
    at 2026-06-10T09:59:59Z run
    nothing_public_of hemmelig
    [ "$(mail_count)" -eq 0 ]
    at 2026-06-10T10:00:00Z run
    grep -rq 'Hemmelig overskrift' "$ROOM/public/releases"
    [ "$(mail_count 'Subject: Hemmelig overskrift')" -eq 1 ]
    find "$ROOM/public/releases" -name '*.pdf' | grep -q hemmeligtdokument
}

# Holds I1.
@test "a scheduled release waits for its time, a draft for its status" {
    release_write plan.md "title: Planlagt" "published: 2026-06-11T06:00:00+02:00"
    release_write kladde.md "title: Kladden" "status: draft"
    pr run
    nothing_public_of planlagt kladden
    at 2026-06-11T04:00:00Z run
    grep -rq Planlagt "$ROOM/public/releases"
    nothing_public_of kladden
    sed -i 's/status: draft/status: ready/' "$ROOM/releases/kladde.md"
    at 2026-06-11T05:00:00Z run
    grep -rq Kladden "$ROOM/public/releases"
    [ "$(mail_count 'Subject: Kladden')" -eq 1 ]
}

@test "a withdrawn embargoed release never appears" {
    release_write hemmelig.md "id: h" "title: Hemmelig overskrift" "embargo: 2026-06-10 12:00"
    pr run
    pr release withdraw h --reason "Fejl"
    at 2026-06-10T11:00:00Z run
    nothing_public_of "hemmelig overskrift"
    [ "$(mail_count)" -eq 0 ]
}

# An embargoed release in Danish with an English version, neither public before 12.
pair_write() {
    release_write da.md "id: orig" "title: Lukningen" "embargo: ${1:-2026-06-10 12:00}" "${2:-x-note: ingen}"
    BODY="The hospital closes." release_write en.md "id: ver" "title: Hemmelig closing" "language: en" "translation_of: orig" "${3:-x-note: none}"
}

@test "a version follows its original's new embargo though its own file is refused" {
    pair_write
    pr run
    pair_write "2026-06-12 12:00" "" "contxat: x"
    at 2026-06-10T09:00:00Z run || true
    run at 2026-06-10T10:30:00Z run
    [ "$status" -eq 1 ]
    nothing_public_of hemmelig lukningen
    [ "$(mail_count)" -eq 0 ]
    pair_write "2026-06-12 12:00"
    at 2026-06-10T11:00:00Z run
    nothing_public_of hemmelig
    at 2026-06-12T10:00:00Z run
    grep -rq 'Hemmelig closing' "$ROOM/public/en/releases"
}

@test "a version follows its original's withdrawal though its own file is refused" {
    release_write da.md "id: orig" "title: Lukningen"
    BODY="The hospital closes." release_write en.md "id: ver" "title: Closing" "language: en" "translation_of: orig"
    pr run
    grep -rq 'The hospital closes' "$ROOM/public"
    release_write da.md "id: orig" "title: Lukningen" "status: withdrawn"
    BODY="The hospital closes." release_write en.md "id: ver" "title: Closing" "language: en" "translation_of: orig" "contxat: x"
    run at 2026-06-10T09:00:00Z run
    [ "$status" -eq 1 ]
    nothing_public_of "the hospital closes"
}

@test "a version follows its original though the run was killed between the two" {
    pair_write
    pr run
    release_write da.md "id: orig" "title: Lukningen" "embargo: 2026-06-12 12:00"
    PRESSROOM_FAULT=ingest-committed at 2026-06-10T09:00:00Z run || true
    at 2026-06-10T10:30:00Z publish
    nothing_public_of hemmelig lukningen
    at 2026-06-10T10:31:00Z run
    nothing_public_of hemmelig lukningen
    # moved forward again, killed again: the next run catches up
    release_write da.md "id: orig" "title: Lukningen" "embargo: 2026-06-11 12:00"
    PRESSROOM_FAULT=ingest-committed at 2026-06-10T11:00:00Z run || true
    at 2026-06-10T11:10:00Z run
    at 2026-06-11T10:00:00Z run
    grep -rq 'Hemmelig closing' "$ROOM/public/en/releases"
}

@test "a version that is being written while its original is postponed waits with it" {
    pair_write
    pr run
    sed -i 's/settle: 0s/settle: 8s/' "$ROOM/newsroom.yaml"
    pair_write "2026-06-12 12:00"
    (while [ ! -e "$BATS_TEST_TMPDIR/enough" ]; do echo " more" >>"$ROOM/releases/en.md"; sleep 0.2; done) 3>&- &
    writer=$!
    at 2026-06-10T09:00:00Z ingest
    touch "$BATS_TEST_TMPDIR/enough"
    wait "$writer"
    at 2026-06-10T10:30:00Z publish
    nothing_public_of hemmelig lukningen
}

@test "an event that changes in the original changes on its versions' pages" {
    release_write da.md "id: orig" "title: Invitation" "type: invitation" "event: {start: 2026-07-01 10:00, place: Gammelsted}"
    BODY="English words." release_write en.md "id: ver" "title: Invited" "language: en" "translation_of: orig"
    pr run
    grep -q Gammelsted "$ROOM"/public/releases/2026/invited/index.html
    release_write da.md "id: orig" "title: Invitation" "type: invitation" "event: {start: 2026-07-02 10:00, place: Nysted}"
    at 2026-06-10T09:00:00Z run
    grep -q Nysted "$ROOM"/public/releases/2026/invited/index.html
    nothing_public_of gammelsted
}

# Holds I1.
@test "what is not public yet is held while its file is refused, and says so" {
    release_write a.md "id: a" "title: Hemmelig" "embargo: 2026-06-10 12:00"
    pr run
    release_write a.md "id: a" "title: Hemmelig" "embago: 2026-07-10 12:00"
    run at 2026-06-10T09:00:00Z run
    [ "$status" -eq 1 ]
    [[ $output == *"on Wednesday 10 June 2026 at 12:00"*held* ]]
    grep -q 'offentlig onsdag den 10. juni 2026 kl. 12.00; den holdes tilbage' "$ROOM/releases/a.md.problems.txt"
    run at 2026-06-10T10:30:00Z run
    [ "$status" -eq 1 ]
    [[ $output == *a.md*held* ]]
    nothing_public_of hemmelig
    [ "$(mail_count)" -eq 0 ]
    # good again, with the old time: it goes out
    release_write a.md "id: a" "title: Hemmelig" "embargo: 2026-06-10 12:00"
    at 2026-06-10T10:40:00Z run
    [ ! -e "$ROOM/releases/a.md.problems.txt" ]
    grep -rq Hemmelig "$ROOM/public/releases"
    [ "$(mail_count 'Subject: Hemmelig')" -eq 1 ]
}

@test "what is not public yet is held while its file is being written" {
    release_write a.md "id: a" "title: Hemmelig" "embargo: 2026-06-10 12:00"
    pr run
    sed -i 's/settle: 0s/settle: 8s/' "$ROOM/newsroom.yaml"
    (while [ ! -e "$BATS_TEST_TMPDIR/enough" ]; do echo " mere" >>"$ROOM/releases/a.md"; sleep 0.2; done) 3>&- &
    writer=$!
    run at 2026-06-10T10:30:00Z run
    touch "$BATS_TEST_TMPDIR/enough"
    wait "$writer"
    [[ $output == *a.md*held* ]]
    nothing_public_of hemmelig
    sed -i 's/settle: 8s/settle: 0s/' "$ROOM/newsroom.yaml"
    at 2026-06-10T10:40:00Z run
    grep -rq Hemmelig "$ROOM/public/releases"
}

@test "what is not public yet and whose file disappears is held, and told of in every run" {
    release_write a.md "id: a" "title: Hemmelig" "embargo: 2026-06-10 12:00"
    pr run
    mv "$ROOM/releases/a.md" "$BATS_TEST_TMPDIR/a.md"
    for now in 2026-06-10T09:00:00Z 2026-06-10T10:30:00Z 2026-06-10T10:31:00Z; do
        run at $now run
        [ "$status" -eq 1 ]
        [[ $output == *a.md*"2026-06-10T12:00:00+02:00"*"withdraw a"* ]]
        nothing_public_of hemmelig
    done
    # put back, under any name: it goes out
    mv "$BATS_TEST_TMPDIR/a.md" "$ROOM/releases/b.md"
    at 2026-06-10T10:40:00Z run
    grep -rq Hemmelig "$ROOM/public/releases"
}

@test "what is not public yet and is gone can be withdrawn: then nothing is held any more" {
    release_write a.md "id: a" "title: Hemmelig" "embargo: 2026-06-10 12:00"
    pr run
    rm "$ROOM/releases/a.md"
    run at 2026-06-10T09:00:00Z run
    [ "$status" -eq 1 ]
    at 2026-06-10T09:10:00Z release withdraw a --reason "Opgivet"
    at 2026-06-10T10:30:00Z run
    nothing_public_of hemmelig
}

@test "what is not public yet and whose file is overwritten by another release is held" {
    BODY="Alfa beta gamma delta." release_write a.md "id: gammel" "title: Hemmelig" "embargo: 2026-06-10 12:00"
    pr run
    BODY="Noget ganske andet om busserne i Ådal." release_write a.md "id: nyid" "title: Busserne"
    for now in 2026-06-10T09:00:00Z 2026-06-10T10:30:00Z; do
        run at $now run
        [ "$status" -eq 1 ]
        [[ $output == *gammel*"2026-06-10T12:00:00+02:00"*held* ]]
        nothing_public_of hemmelig
    done
    grep -rq Busserne "$ROOM/public/releases"
}

@test "once public, draft or a later embargo changes nothing and is warned about" {
    release_write a.md "id: a" "title: Overskrift"
    pr run
    release_write a.md "id: a" "title: Overskrift" "embargo: 2027-01-01 00:00"
    at 2026-06-10T09:00:00Z run || true
    grep -rq Overskrift "$ROOM/public/releases"
    [ -f "$ROOM/releases/a.md.problems.txt" ]
    release_write a.md "id: a" "title: Overskrift" "status: draft"
    at 2026-06-10T09:10:00Z run || true
    grep -rq Overskrift "$ROOM/public/releases"
    [ -f "$ROOM/releases/a.md.problems.txt" ]
    release_write a.md "id: a" "title: Overskrift"
    at 2026-06-10T09:20:00Z run
    [ ! -e "$ROOM/releases/a.md.problems.txt" ]
}

@test "an edit of what is public that asks to wait is refused whole: text, document and correction" {
    release_write a.md "id: a" "title: Overskrift"
    pr run
    printf '%%PDF-1.4\n%%hemmeligtbilag\n%%%%EOF\n' >"$ROOM/releases/hemmeligtbilag.pdf"
    BODY="Region Nordhav åbner et nyt sundhedshus i Lillesund til sommer. Hemmeligt." release_write a.md "id: a" "title: Overskrift" \
        "embargo: 2026-06-12 12:00" "correction: Hemmelig rettelse" "documents: [{file: hemmeligtbilag.pdf, title: Hemmeligt}]"
    run at 2026-06-10T09:00:00Z run
    [ "$status" -eq 1 ]
    nothing_public_of hemmelig
    grep -q 'embargo' "$ROOM/releases/a.md.problems.txt"
    [ "$(mail_count '^Subject:')" -eq 1 ]
    sed -i 's/^embargo: .*/status: draft/' "$ROOM/releases/a.md"
    run at 2026-06-10T09:10:00Z run
    [ "$status" -eq 1 ]
    nothing_public_of hemmelig
    sed -i '/^status: draft/d' "$ROOM/releases/a.md"
    at 2026-06-10T09:20:00Z run
    grep -rq 'Hemmeligt' "$ROOM/public/releases"
    [ "$(mail_count '^Subject: Rettelse')" -eq 1 ]
}

@test "an embargo in a sidecar is not lost with the sidecar, nor when the text alone is renamed" {
    printf -- '---\ntitle: Hemmelig\n---\nHemmelig tekst her.\n' >"$ROOM/releases/a.md"
    printf 'embargo: 2026-06-12 12:00\n' >"$ROOM/releases/a.yaml"
    pr run
    mv "$ROOM/releases/a.yaml" "$BATS_TEST_TMPDIR/a.yaml"
    run at 2026-06-10T09:00:00Z run
    [ "$status" -eq 1 ]
    grep -q yaml "$ROOM/releases/a.md.problems.txt"
    nothing_public_of hemmelig
    mv "$BATS_TEST_TMPDIR/a.yaml" "$ROOM/releases/a.yaml"
    at 2026-06-10T09:10:00Z run
    mv "$ROOM/releases/a.md" "$ROOM/releases/b.md"
    run at 2026-06-10T09:20:00Z run
    [ "$status" -eq 1 ]
    run at 2026-06-12T10:00:00Z run
    [ "$status" -eq 1 ]
    nothing_public_of hemmelig
    mv "$ROOM/releases/a.yaml" "$ROOM/releases/b.yaml"
    at 2026-06-12T10:10:00Z run
    grep -rq Hemmelig "$ROOM/public/releases"
}

@test "a sidecar whose name is nearly right refuses its text" {
    for name in a.yml a.md.yaml A.yaml a.YAML a.yaml.txt a.yaml.filepart .a.yaml.Qz81aB; do
        printf -- '---\ntitle: Hemmelig\n---\nHemmelig tekst her.\n' >"$ROOM/releases/a.md"
        printf 'embargo: 2026-06-12 12:00\n' >"$ROOM/releases/$name"
        run at 2026-06-10T08:00:00Z run
        [ "$status" -eq 1 ]
        grep -qF "$name" "$ROOM/releases/a.md.problems.txt"
        nothing_public_of hemmelig
        rm "$ROOM/releases/$name" "$ROOM/releases/a.md"
    done
    printf -- '---\ntitle: Hemmelig\n---\nHemmelig tekst her.\n' >"$ROOM/releases/a.md"
    printf 'embargo: 2026-06-12 12:00\n' >"$ROOM/releases/a.yml"
    run at 2026-06-10T08:00:00Z run
    # put right: taken, without the text being touched
    mv "$ROOM/releases/a.yml" "$ROOM/releases/a.yaml"
    at 2026-06-10T08:10:00Z run
    nothing_public_of hemmelig
    at 2026-06-12T10:00:00Z run
    grep -rq Hemmelig "$ROOM/public/releases"
}

@test "a sidecar counts whether its name is composed, or decomposed as a Mac writes it" {
    composed=$(printf 'r\xc3\xa5d') decomposed=$(printf 'ra\xcc\x8ad')
    for names in "$composed $decomposed" "$decomposed $composed"; do
        read -r text sidecar <<<"$names"
        for folder in "" f/; do
            mkdir -p "$ROOM/releases/$folder"
            BODY="Hemmelig tekst her." release_write "$folder$text.md" "title: Hemmelig"
            printf 'embargo: 2026-06-12 12:00\n' >"$ROOM/releases/$folder$sidecar.yaml"
            pr check "$ROOM/releases/$folder$text.md"
            at 2026-06-10T08:00:00Z run
            nothing_public_of hemmelig
            # which of two is meant, a person has to say
            printf 'embargo: 2026-06-09 12:00\n' >"$ROOM/releases/$folder$text.yaml"
            run at 2026-06-10T08:10:00Z run
            [ "$status" -eq 1 ]
            nothing_public_of hemmelig
            rm -r "$ROOM/releases" "$ROOM/state"
            mkdir "$ROOM/releases" "$ROOM/state"
        done
    done
}

@test "a folder waits for a sidecar beside it, or on its way into it" {
    for name in f.yaml f/t.yaml.part; do
        mkdir "$ROOM/releases/f"
        BODY="Hemmelig tekst her." release_write f/t.md "title: Hemmelig"
        printf 'embargo: 2026-06-12 12:00\n' >"$ROOM/releases/$name"
        run at 2026-06-10T08:00:00Z run
        [ "$status" -eq 1 ]
        nothing_public_of hemmelig
        grep -qF "$name" "$ROOM/releases/f/t.md.problems.txt"
        rm -r "$ROOM/releases/f" "$ROOM/releases/f.yaml"* || true
    done
}

# sidecar_lost FIELDS [FRONT MATTER LINE…]: a release whose fields stand in a sidecar, the sidecar lost or emptied
sidecar_lost() {
    local fields=$1
    shift
    for loss in "rm" "truncate -s 0"; do
        BODY="Hemmelig tekst her." release_write a.md "title: Hemmelig" "$@"
        printf '%s\n' "$fields" >"$ROOM/releases/a.yaml"
        at 2026-06-10T08:00:00Z run
        $loss "$ROOM/releases/a.yaml"
        for now in 2026-06-10T09:00:00Z 2026-06-14T09:00:00Z; do
            run at $now run
            [ "$status" -eq 1 ]
            nothing_public_of hemmelig
        done
        rm -rf "$ROOM/releases/"* "$ROOM/state/pressroom.db"*
    done
}

@test "whatever a release waits for in its sidecar is not lost with it" {
    sidecar_lost "embargo: 2026-06-12 12:00" "status: ready"
    sidecar_lost "published: 2026-06-12 12:00"
    sidecar_lost "status: draft"
    sidecar_lost "mail: false" "embargo: 2026-06-12 12:00"
}

@test "fields that move from the sidecar into the text are no loss" {
    BODY="Hemmelig tekst her." release_write a.md "title: Hemmelig"
    printf 'embargo: 2026-06-12 12:00\n' >"$ROOM/releases/a.yaml"
    pr run
    rm "$ROOM/releases/a.yaml"
    BODY="Hemmelig tekst her." release_write a.md "title: Hemmelig" "embargo: 2026-06-12 12:00"
    at 2026-06-10T09:00:00Z run
    nothing_public_of hemmelig
    at 2026-06-12T10:00:00Z run
    grep -rq Hemmelig "$ROOM/public/releases"
}

@test "what waits and whose file is gone does not come back under another title, with other words or over a draft" {
    BODY="Hemmelig et to tre fire fem." release_write a.md "title: Hemmelig" "embargo: 2026-06-12 12:00"
    release_write k.md "title: Udkast" "status: draft"
    pr run
    BODY="Hemmelig et to tre fire fem. Ny." release_write k.md "title: Hemmelig"
    run at 2026-06-10T08:10:00Z run
    [ "$status" -eq 1 ]
    rm "$ROOM/releases/"*.md*
    BODY="Hemmelig et to tre fire fem." release_write b.md "title: En anden hemmelig titel"
    BODY="Andre hemmelige ord om det." release_write c.md "title: Hemmelig"
    BODY="Hemmelig et to tre fire fem." release_write d.md "title: Hemmelig" "language: en"
    run at 2026-06-10T09:00:00Z run
    [ "$status" -eq 1 ]
    nothing_public_of hemmelig
}

@test "an edit of what is public with an embargo that is past is taken, and warned about" {
    release_write a.md "id: a" "title: Overskrift"
    pr run
    BODY="Region Nordhav åbner et nyt sundhedshus. Nyt." release_write a.md "id: a" "title: Overskrift" "embargo: 2026-06-10 10:30"
    at 2026-06-10T09:00:00Z run
    grep -rq 'Nyt\.' "$ROOM/public/releases"
    grep -q embargo "$ROOM/releases/a.md.problems.txt"
}

@test "while releases/ itself cannot be seen, nothing that waits becomes public" {
    BODY="Hemmelig tekst her." release_write a.md "title: Hemmelig" "embargo: 2026-06-10 12:00"
    release_write b.md "title: Busser"
    pr run
    mv "$ROOM/releases" "$ROOM/weg"
    for now in 2026-06-10T09:00:00Z 2026-06-10T10:30:00Z; do
        run at $now run
        [ "$status" -eq 1 ]
        nothing_public_of hemmelig
    done
    mv "$ROOM/weg" "$ROOM/releases"
    at 2026-06-10T10:40:00Z run
    grep -rq Hemmelig "$ROOM/public/releases"
    [ "$(mail_count '^Subject:')" -eq 2 ]
}

@test "two new files with one text that disagree on the embargo are both refused" {
    BODY="Hemmeligt alfa beta." release_write da.md "title: Hemmelig" "embargo: 2026-06-12 00:00"
    BODY="Hemmeligt alfa beta." release_write a-kopi.md "title: Hemmelig"
    for now in 2026-06-10T08:00:00Z 2026-06-10T09:00:00Z; do
        run at $now run
        [ "$status" -eq 1 ]
        [ -f "$ROOM/releases/da.md.problems.txt" ]
        [ -f "$ROOM/releases/a-kopi.md.problems.txt" ]
        nothing_public_of hemmelig
        release_write busser.md "title: Busser" # news: both are tried again
    done
    rm "$ROOM/releases/a-kopi.md"
    at 2026-06-10T10:00:00Z run
    nothing_public_of hemmelig
    at 2026-06-12T10:00:00Z run
    grep -rq Hemmelig "$ROOM/public/releases"
}

@test "two new files with one id, or two versions in one language, that disagree on the embargo are both refused" {
    BODY="Hemmelig et." release_write a.md "id: o" "title: Hemmelig"
    BODY="Hemmelig to tre." release_write b.md "id: o" "title: Ogsaa hemmelig" "embargo: 2026-06-12 00:00"
    release_write c.md "id: c" "title: Busser"
    BODY="Secret words: hemmelig." release_write en-1.md "title: Buses" "language: en" "translation_of: c"
    BODY="Other words: hemmelig." release_write en-2.md "title: New buses" "language: en" "translation_of: c" "embargo: 2026-06-12 00:00"
    for now in 2026-06-10T08:00:00Z 2026-06-10T09:00:00Z; do
        run at $now run
        [ "$status" -eq 1 ]
        nothing_public_of hemmelig
        for name in a b en-1 en-2; do [ -f "$ROOM/releases/$name.md.problems.txt" ]; done
    done
    rm "$ROOM/releases/a.md" "$ROOM/releases/en-2.md"
    at 2026-06-10T10:00:00Z run
    grep -rq 'Secret words' "$ROOM/public/releases"
    run grep -rq 'Hemmelig to tre' "$ROOM/public"
    [ "$status" -eq 1 ]
    at 2026-06-12T10:00:00Z run
    grep -rq 'Hemmelig to tre' "$ROOM/public/releases"
}

@test "of two new files that disagree on the embargo the other one may go" {
    BODY="Hemmeligt alfa beta." release_write da.md "title: Hemmelig" "embargo: 2026-06-12 00:00"
    BODY="Hemmeligt alfa beta." release_write a-kopi.md "title: Hemmelig"
    run pr run
    rm "$ROOM/releases/da.md"
    at 2026-06-10T10:00:00Z run
    grep -rq Hemmelig "$ROOM/public/releases"
    [ ! -e "$ROOM/releases/a-kopi.md.problems.txt" ]
}

@test "an embargoed release saved under another name with an edit is held until an id decides" {
    BODY="Hemmelig et to tre fire fem." release_write da.md "title: Hemmelig" "embargo: 2026-06-10 12:00"
    pr run
    id=$(pr release list --json | json 'd["releases"][0]["id"]')
    rm "$ROOM/releases/da.md"
    BODY="Hemmelig et to tre fire fem. Ny." release_write da-v2.md "title: Hemmelig" "embargo: 2026-06-12 12:00"
    for now in 2026-06-10T09:00:00Z 2026-06-10T10:30:00Z; do
        run at $now run
        [ "$status" -eq 1 ]
        nothing_public_of hemmelig
    done
    grep -q "id: $id" "$ROOM/releases/da-v2.md.problems.txt"
    BODY="Hemmelig et to tre fire fem. Ny." release_write da-v2.md "id: $id" "title: Hemmelig" "embargo: 2026-06-12 12:00"
    at 2026-06-10T11:00:00Z run
    nothing_public_of hemmelig
    at 2026-06-12T10:00:00Z run
    grep -rq 'fem. Ny' "$ROOM/public/releases"
}

# Holds I1.
@test "an embargo in words is held until its minute, told in words, and then published without them" {
    BODY="Embargo til fredag den 12. juni kl. 6

Regionen åbner et hemmeligt hus." release_write a.md "id: hus" "title: Det hemmelige hus"
    pr run
    nothing_public_of hemmelig
    [ "$(mail_count)" -eq 0 ]
    grep -q 'holdes tilbage til fredag den 12. juni 2026 kl. 06.00' "$ROOM/releases/a.md.problems.txt"
    grep -q 'er taget ind' "$ROOM/releases/a.md.problems.txt"
    at 2026-06-10T09:00:00Z release show hus | grep -q 'held until Friday 12 June 2026 at 06:00'
    at 2026-06-12T03:59:59Z run
    nothing_public_of hemmelig
    [ "$(mail_count)" -eq 0 ]
    at 2026-06-12T04:00:00Z run
    grep -rq 'Det hemmelige hus' "$ROOM/public/releases"
    [ "$(mail_count 'Subject: Det hemmelige hus')" -eq 1 ]
    ! grep -rqi embargo "$ROOM/public/releases"
}

@test "an embargo in words without an hour is held, and either line of its note decides" {
    local name line
    for name in a b; do
        BODY="Sagen om hemmelighed nummer $name.

Alt om den kommer senere i år.

Må ikke offentliggøres før fredag den 12. juni." release_write $name.md "title: Hemmelig $name"
    done
    run pr run
    [ "$status" -eq 1 ]
    nothing_public_of hemmelig
    for name in a b; do
        grep -q 'er ikke taget ind' "$ROOM/releases/$name.md.problems.txt"
        grep -q '“embargo: ingen”' "$ROOM/releases/$name.md.problems.txt"
    done
    line=$(grep -o 'embargo: [0-9][^”]*' "$ROOM/releases/a.md.problems.txt")
    [ "$line" = "embargo: 12. juni 2026 kl. 06.00" ]
    sed -i "2i $line" "$ROOM/releases/a.md"
    sed -i '2i embargo: ingen' "$ROOM/releases/b.md"
    at 2026-06-10T10:00:00Z run
    nothing_public_of 'hemmelig a' 'nummer a'
    grep -rq 'nummer b' "$ROOM/public/releases"
    grep -rq 'Må ikke offentliggøres' "$ROOM/public/releases"
    [ ! -e "$ROOM/releases/a.md.problems.txt" ]
    [ ! -e "$ROOM/releases/b.md.problems.txt" ]
    at 2026-06-12T03:59:59Z run
    nothing_public_of 'hemmelig a' 'nummer a'
    at 2026-06-12T04:00:00Z run
    grep -rq 'nummer a' "$ROOM/public/releases"
    [ "$(mail_count 'Subject: Hemmelig a')" -eq 1 ]
    [ "$(mail_count 'Subject: Hemmelig b')" -eq 1 ]
}

@test "words against the field, an embargo of last year and a day without an hour are held" {
    BODY="EMBARGO til fredag den 12. juni 2026 kl. 6" release_write a.md "title: Hemmelig" "embargo: 2026-06-11 06:00"
    BODY="Den anden hemmelige sag." release_write b.md "title: Hemmelig to" "embargo: 2025-06-12 06:00"
    BODY="Den tredje sag er hemmelig." release_write c.md "title: Hemmelig tre" "embargo: 2026-06-12"
    BODY="Sag fire er hemmelig." release_write d.md "title: Hemmelig fire" "published: 12. juni 2026"
    printf 'Hemmelig seks\n\nEMBARGO TIL FREDAG\n\nSag seks er helt sin egen.\n' >"$ROOM/releases/f.txt"
    run pr run
    [ "$status" -eq 1 ]
    for name in a.md b.md c.md d.md f.txt; do
        grep -q 'er ikke taget ind' "$ROOM/releases/$name.problems.txt"
    done
    at 2026-06-20T10:00:00Z run || true
    nothing_public_of hemmelig
    [ "$(mail_count)" -eq 0 ]
}

@test "embargoes that a release is about hold nothing, and an invitation is told the line for its event" {
    BODY="Den vil have embargo til debat på mødet." release_write a.md "title: Byrådet kræver STOP FOR EMBARGO MOD OST"
    BODY="Kom til åbning torsdag den 18. juni kl. 13 på Torvet." release_write b.md "title: Kom til åbning" "type: invitation"
    pr run
    grep -rq 'STOP FOR EMBARGO' "$ROOM/public/releases"
    [ ! -e "$ROOM/releases/a.md.problems.txt" ]
    grep -rq 'Kom til åbning' "$ROOM/public/releases"
    grep -q '“arrangement: 18. juni 2026 kl. 13.00, ”' "$ROOM/releases/b.md.problems.txt"
    ! find "$ROOM/public" -name event.ics | grep -q .
    sed -i '2i arrangement: 18. juni 2026 kl. 13.00, Torvet' "$ROOM/releases/b.md"
    at 2026-06-10T10:00:00Z run
    [ ! -e "$ROOM/releases/b.md.problems.txt" ]
    find "$ROOM/public" -name event.ics | grep -q .
}
