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

MANY="Om mange filer"

notes_count() {
    find "$ROOM/releases" -name '*.problems.txt' | wc -l
}

archive_write() {
    for i in $(seq 30); do
        BODY="Arkivets tekst nummer $i handler om sag $i$i$i og intet andet." release_write "arkiv$i.md" "id: arkiv$i" "title: Sag $i$i$i" "published: 2025-06-10"
    done
}

@test "an archive of old releases gets one note, which names the first and goes as they are mended" {
    archive_write
    settle
    [ "$(notes_count)" -eq 1 ]
    [[ $(note "$MANY") == *"30 meddelelser er udgivet, men ikke sendt til nogen"*"– arkiv1.md (“Sag 111”)"*"… og 10 til"* ]]
    [ "$(grep -c '– arkiv' "$ROOM/releases/$MANY.problems.txt")" -eq 20 ]
    grep -q "30 meddelelser er udgivet" "$ROOM/releases/status.html"
    # Nothing new: nothing is written.
    local before
    before=$(stat -c %i "$ROOM/releases/$MANY.problems.txt")
    settle
    [ "$(stat -c %i "$ROOM/releases/$MANY.problems.txt")" = "$before" ]
    # Nor for a new release, which mends nothing; one that is named is named as it is called now.
    BODY="En ny tekst om et helt andet emne end alle de gamle." release_write ny.md "id: ny" "title: En helt ny" "mail: false"
    settle
    [ "$(stat -c %i "$ROOM/releases/$MANY.problems.txt")" = "$before" ]
    BODY="Arkivets tekst nummer 10 handler om sag 101010 og intet andet." release_write arkiv10.md "id: arkiv10" "title: Sag 101010 igen" "published: 2025-06-10"
    settle
    [[ $(note "$MANY") == *"– arkiv10.md (“Sag 101010 igen”)"* ]]
    pr -q announce arkiv1
    notes_agree
    [[ $(note "$MANY") == *"29 meddelelser"* ]]
    ! note "$MANY" | grep -q 'Sag 111”'
    pr -q release withdraw arkiv2 --reason "En fejl."
    settle
    [[ $(note "$MANY") == *"28 meddelelser"* ]]
    # Read and deleted: it does not come back.
    rm "$ROOM/releases/$MANY.problems.txt"
    settle
    pr -q announce arkiv3
    settle
    [ "$(notes_count)" -eq 0 ]
}

@test "killed on the way to the note about many, the next run has it the same" {
    archive_write
    for i in $(seq 25); do echo x >"$ROOM/releases/bilag$i.pdf"; done
    cp -a "$ROOM" "$BATS_TEST_TMPDIR/start"
    for point in ingest-orphans announce-step ingest-note notes-gathered; do
        rm -rf "$ROOM"
        cp -a "$BATS_TEST_TMPDIR/start" "$ROOM"
        code=0
        PRESSROOM_FAULT=$point:1 "$PRESSROOM_PROGRAM" -C "$ROOM" run >/dev/null 2>&1 || code=$?
        [ "$code" -eq 137 ]
        settle
        [ "$(notes_count)" -eq 1 ]
        [[ $(note "$MANY") == *"25 filer ligger her"*"30 meddelelser er udgivet"* ]]
    done
}

@test "many stray files, and many that are gone, are told in one note until they are in order" {
    for i in $(seq 25); do
        echo x >"$ROOM/releases/bilag$i.pdf"
        BODY="Dagens tekst nummer $i handler om bro $i$i$i og intet andet." release_write "bro$i.md" "id: bro$i" "title: Bro $i$i$i" "mail: false"
    done
    settle
    [ "$(notes_count)" -eq 1 ]
    [[ $(note "$MANY") == *"25 filer ligger her"*"– bilag1.pdf"*"… og 5 til"* ]]
    # One more by itself has a note of its own.
    echo x >"$ROOM/releases/sidst.pdf"
    settle
    [ "$(notes_count)" -eq 2 ]
    rm "$ROOM/releases/sidst.pdf" "$ROOM"/releases/bilag1?.pdf
    settle
    [ "$(notes_count)" -eq 1 ]
    [[ $(note "$MANY") == *"15 filer ligger her"* ]]
    ! note "$MANY" | grep -q 'og 5 til'
    mkdir "$BATS_TEST_TMPDIR/away"
    mv "$ROOM"/releases/bro*.md "$BATS_TEST_TMPDIR/away"
    settle
    [ "$(notes_count)" -eq 1 ]
    [[ $(note "$MANY") == *"25 filer er her ikke længere"*"– bro1.md (“Bro 111”)"*"15 filer ligger her"* ]]
    mv "$BATS_TEST_TMPDIR"/away/*.md "$ROOM/releases"
    rm "$ROOM"/releases/bilag*.pdf
    settle
    [ "$(notes_count)" -eq 0 ]
}

@test "what waits because more came at once than are sent unasked is told beside each file, until it is let go or taken back" {
    settle
    for i in $(seq 6); do
        BODY="Dagens tekst nummer $i handler om bro $i$i$i og intet andet." release_write "bro$i.md" "id: bro$i" "title: Bro $i$i$i"
    done
    settle
    [ "$(notes_count)" -eq 6 ]
    [[ $(note bro2.md) == *"“Bro 222” er udgivet, men mailen er ikke sendt endnu"* ]]
    grep -q "men mailen er ikke sendt endnu" "$ROOM/releases/status.html"
    held() { pr mailing list --json | json "next(m['id'] for m in d['mailings'] if m['release'] == '$1')"; }
    pr -q mailing resume "$(held bro1)"
    pr -q mailing cancel "$(held bro2)"
    settle
    [ ! -e "$ROOM/releases/bro1.md.problems.txt" ]
    [ ! -e "$ROOM/releases/bro2.md.problems.txt" ]
    [ "$(notes_count)" -eq 4 ]
    pr -q release withdraw bro3 --reason "En fejl."
    settle
    [ "$(notes_count)" -eq 3 ]
}

@test "of more than twenty that wait one note tells" {
    settle
    for i in $(seq 22); do
        BODY="Dagens tekst nummer $i handler om bro $i$i$i og intet andet." release_write "bro$i.md" "id: bro$i" "title: Bro $i$i$i"
    done
    settle
    [ "$(notes_count)" -eq 1 ]
    [[ $(note "$MANY") == *"22 meddelelser er udgivet, men deres mails er ikke sendt endnu"*"… og 2 til"* ]]
    for id in $(pr mailing list --json | json "' '.join(str(m['id']) for m in d['mailings'] if m['state'] == 'held')"); do pr -q mailing resume "$id"; done
    settle
    [ "$(notes_count)" -eq 0 ]
}

@test "a release that could not be published is told beside its file, until it is" {
    printf '%%PDF-1.7\n%%%%EOF\n' >"$ROOM/releases/kort.pdf"
    BODY="Der er meget at se her, og teksten handler om noget helt andet." release_write kort.md "id: kort" "title: Med kort" "attachments: [{file: kort.pdf, title: Et kort}]"
    pr -q ingest
    mv "$ROOM/state/assets" "$BATS_TEST_TMPDIR/assets"
    mkdir "$ROOM/state/assets"
    settle 2026-06-10T08:01:00Z
    [[ $(note kort.md) == *"“Med kort” kunne ikke udgives, som den er nu"* ]]
    [ ! -e "$ROOM/public/releases/2026/med-kort" ]
    rm -r "$ROOM/state/assets"
    mv "$BATS_TEST_TMPDIR/assets" "$ROOM/state/assets"
    settle 2026-06-10T08:02:00Z
    [ -e "$ROOM/public/releases/2026/med-kort/index.html" ]
    [ ! -e "$ROOM/releases/kort.md.problems.txt" ]
}

@test "a status.html that is not ours is told beside it, until it is away" {
    settle
    grep -q 'pressroom: status' "$ROOM/releases/status.html"
    [ "$(notes_count)" -eq 0 ]
    echo '<p>Min egen' >"$ROOM/releases/status.html"
    settle
    [[ $(note status.html) == *"er ikke pressrooms egen side"* ]]
    grep -q 'Min egen' "$ROOM/releases/status.html"
    rm "$ROOM/releases/status.html"
    settle
    [ "$(notes_count)" -eq 0 ]
    grep -q 'pressroom: status' "$ROOM/releases/status.html"
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
