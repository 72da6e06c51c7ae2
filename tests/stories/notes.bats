#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# What a press officer should know stands beside the file, in words, and goes when it is mended; the store knows the same.

bats_require_minimum_version 1.5.0
load newsroom

setup() {
    newsroom_make
    subscriber_add journalist@avisen.example
    release_write god.md "id: god" "title: Den gode"
}

# A run, whatever it ends with, behind which notes and rows are the same
settle() {
    PRESSROOM_NOW=${1:-$PRESSROOM_NOW} pr -q run 2>/dev/null || true
    notes_agree
}

note() {
    cat "$ROOM/releases/$1.problems.txt"
}

@test "a stray document is told with the release that it seems to belong to, until a text names it" {
    echo x >"$ROOM/releases/god-bilag.pdf"
    settle
    [[ $(note god-bilag.pdf) == *"“god-bilag.pdf” ligger her, men ingen ser den:"*"god.md (“Den gode”)"* ]]
    rm "$ROOM/releases/god-bilag.pdf"
    settle
    [ ! -e "$ROOM/releases/god-bilag.pdf.problems.txt" ]
}

@test "a film in a folder, and a picture without alternative text, are told" {
    mkdir "$ROOM/releases/mappe"
    picture_write mappe/kort.png 400 300
    echo x >"$ROOM/releases/mappe/klip.avi"
    BODY="Der er meget at se i mappen, og teksten handler om noget helt andet." release_write mappe/tekst.md "id: mappe" "title: Med film"
    settle
    [[ $(note mappe/tekst.md) == *"klip.avi: er af en slags, der ikke udgives, og er udeladt"* ]]
    [[ $(note mappe/tekst.md) == *"billedet kort.png mangler “alt”"* ]]
    rm "$ROOM/releases/mappe/klip.avi"
    BODY="Der er meget at se i mappen, og teksten handler om noget helt andet." release_write mappe/tekst.md "id: mappe" "title: Med film" \
        "images: [{file: kort.png, alt: Et kort}]"
    settle
    [ ! -e "$ROOM/releases/mappe/tekst.md.problems.txt" ]
}

@test "a link that is left out of Markdown is told until it is right" {
    BODY="Se [planen](ftp://nordhav.example/plan), som er lang og god." release_write link.md "title: Med link"
    settle
    [[ $(note link.md) == *"linket til “ftp://nordhav.example/plan” er udeladt"* ]]
    BODY="Se [planen](https://nordhav.example/plan), som er lang og god." release_write link.md "title: Med link"
    settle
    [ ! -e "$ROOM/releases/link.md.problems.txt" ]
}

@test "a file that is gone is missed, until it is back or its release is withdrawn" {
    settle
    cp "$ROOM/releases/god.md" "$BATS_TEST_TMPDIR"
    rm "$ROOM/releases/god.md"
    settle
    [[ $(note god.md) == *"“god.md” er her ikke længere:"*"“Den gode”"* ]]
    cp "$BATS_TEST_TMPDIR/god.md" "$ROOM/releases"
    settle
    [ ! -e "$ROOM/releases/god.md.problems.txt" ]
    rm "$ROOM/releases/god.md"
    settle
    [ -e "$ROOM/releases/god.md.problems.txt" ]
    pr -q release withdraw god --reason "En fejl."
    settle
    [ ! -e "$ROOM/releases/god.md.problems.txt" ]
}

@test "a release that is too old to be mailed is told in the same run, and no more once it is mailed by hand" {
    release_write gammel.md "id: gammel" "title: Fra i fjor" "published: 2025-06-10"
    settle
    [[ $(note gammel.md) == *"“Fra i fjor” er udgivet, men ikke sendt til nogen"*"tirsdag den 10. juni 2025"* ]]
    pr -q announce gammel
    notes_agree
    [ ! -e "$ROOM/releases/gammel.md.problems.txt" ]
}

@test "an archive of old releases gets no note beside each" {
    for i in $(seq 30); do
        BODY="Arkivets tekst nummer $i handler om sag $i$i$i og intet andet." release_write "arkiv$i.md" "id: arkiv$i" "title: Sag $i$i$i" "published: 2025-06-10"
    done
    settle
    [ -z "$(find "$ROOM/releases" -name '*.problems.txt')" ]
}

@test "killed between the rows and the note, or before both, the next run has them the same" {
    echo x >"$ROOM/releases/bilag.pdf"
    release_write gammel.md "id: gammel" "title: Fra i fjor" "published: 2025-06-10"
    release_write ond.md "title: Ubrugelig" "embago: 2027-01-01"
    cp -a "$ROOM" "$BATS_TEST_TMPDIR/start"
    for point in ingest-note ingest-commit ingest-committed ingest-orphans announce-step notes-commit; do
        rm -rf "$ROOM"
        cp -a "$BATS_TEST_TMPDIR/start" "$ROOM"
        code=0
        PRESSROOM_FAULT=$point:1 "$PRESSROOM_PROGRAM" -C "$ROOM" run >/dev/null 2>&1 || code=$?
        [ "$code" -eq 137 ]
        settle
        for file in bilag.pdf gammel.md ond.md; do [ -e "$ROOM/releases/$file.problems.txt" ] || return 1; done
    done
}

@test "a note never goes through a link, nor over a file that is not ours" {
    echo x >"$ROOM/releases/bilag.pdf"
    echo x >"$ROOM/releases/andet.pdf"
    echo mine >"$BATS_TEST_TMPDIR/victim"
    ln -s "$BATS_TEST_TMPDIR/victim" "$ROOM/releases/bilag.pdf.problems.txt"
    echo mine >"$ROOM/releases/andet.pdf.problems.txt"
    pr -q run 2>/dev/null || true
    [ "$(cat "$BATS_TEST_TMPDIR/victim")" = mine ]
    [ "$(cat "$ROOM/releases/andet.pdf.problems.txt")" = mine ]
    notes_agree bilag.pdf andet.pdf
}
