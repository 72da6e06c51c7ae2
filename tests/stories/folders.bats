#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Where a file lies says what becomes of it: drafts, scheduled, withdrawn, and folders with topics of their own.

bats_require_minimum_version 1.5.0
load newsroom

setup() {
    newsroom_make
    sed -i 's/^announce: .*/announce: {delay: 5m}/' "$ROOM/newsroom.yaml"
    subscriber_add anna@avis.example
}

# Nothing that anybody can see has the word
nothing_public_of() {
    [ -z "$(find "$ROOM/public" -type f ! -name '*.gz' -exec grep -il -e "$1" {} +)" ]
    [ -z "$(find "$ROOM/public" -type f -name '*.gz' -exec sh -c 'zcat "$2" | grep -qi -e "$1" && echo "$2"' _ "$1" {} \;)" ]
    [ -z "$(find "$ROOM/public" -iname "*$1*")" ]
    [ "$(mail_count "$1")" -eq 0 ]
}

# State of the release with that id, as `release list` has it
state_of() {
    pr release list --json | json '[r["state"] for r in d["releases"] if r["id"]=="'"$1"'"][0]'
}

move() {
    mv "$ROOM/releases/$1" "$ROOM/releases/$2"
}

# Holds I1.
@test "a draft is seen by nobody until it is moved out, whatever it says of itself" {
    release_write Kladder/bro.md "id: bro" "title: Hemmelig bro" "status: klar"
    mkdir "$ROOM/releases/Kladder/havn"
    release_write Kladder/havn/havn.md "id: havn" "title: Hemmelig havn"
    release_write Kladder/havn/havn.en.md "title: Secret harbour"
    pr run
    nothing_public_of hemmelig
    nothing_public_of secret
    grep -q "ligger mellem kladderne" "$ROOM/releases/Kladder/bro.md.problems.txt"
    [ ! -e "$ROOM/releases/Kladder/Læs mig.txt.problems.txt" ]

    move Kladder/bro.md .
    move Kladder/havn .
    at 2026-06-10T08:10:00Z run
    [ ! -e "$ROOM/releases/Kladder/bro.md.problems.txt" ]
    [ "$(state_of bro)" = public ]
    [ "$(state_of havn)" = public ]
    at 2026-06-10T08:20:00Z run
    [ "$(mail_count 'Subject: Hemmelig bro')" -eq 1 ]
    [ "$(mail_count 'Subject: Hemmelig havn')" -eq 1 ]
    books_balance
}

@test "what is planned waits for its date, and without one until it has one" {
    release_write Planlagt/dag.md "id: dag" "title: Hemmelig dag" "offentliggøres: 12. juni 2026 kl. 6.00"
    release_write Planlagt/uden.md "id: uden" "title: Hemmelig uden"
    pr run
    nothing_public_of hemmelig
    grep -q "udgivet:" "$ROOM/releases/Planlagt/uden.md.problems.txt"
    at 2026-06-12T03:59:00Z run
    nothing_public_of hemmelig
    at 2026-06-12T04:00:00Z run
    [ "$(state_of dag)" = public ]
    [ "$(state_of uden)" = draft ]

    release_write Planlagt/uden.md "id: uden" "title: Hemmelig uden" "offentliggøres: 12. juni 2026 kl. 6.00"
    at 2026-06-12T05:00:00Z run
    [ "$(state_of uden)" = public ]
    [ ! -e "$ROOM/releases/Planlagt/uden.md.problems.txt" ]
}

# Holds I5.
@test "back among the drafts before its mails have left it is mailed to nobody, and out again to everybody once" {
    release_write bro.md "id: bro" "title: Ny bro"
    pr run
    move bro.md Kladder/bro.md
    at 2026-06-10T08:02:00Z run
    [ "$(state_of bro)" = public ]
    grep -q "0 havde fået den med mail, 1 får den ikke nu" "$ROOM/releases/Kladder/bro.md.problems.txt"
    at 2026-06-10T09:00:00Z run
    [ "$(mail_count)" -eq 0 ]
    move Kladder/bro.md bro.md
    at 2026-06-10T09:10:00Z run
    at 2026-06-10T09:16:00Z run
    [ "$(mail_count 'Subject: Ny bro')" -eq 1 ]
    grep -q "Mailet til 1" "$ROOM/releases/status.html"
    run ! grep -q "Udsendelsen blev stoppet" "$ROOM/releases/status.html"
    move bro.md Kladder/bro.md
    at 2026-06-10T09:20:00Z run
    move Kladder/bro.md bro.md
    at 2026-06-10T09:30:00Z run
    at 2026-06-10T09:40:00Z run
    [ "$(mail_count)" -eq 1 ]
    books_balance
}

@test "taken down at once, mailed later, and back before that as if nothing had been" {
    release_write bro.md "id: bro" "title: Ny bro"
    pr run
    at 2026-06-10T08:06:00Z run
    [ "$(mail_count)" -eq 1 ]
    page=$(dirname "$(find "$ROOM/public/releases/2026" -name 'text.txt')")
    cp -r "$ROOM/public" "$BATS_TEST_TMPDIR/before"
    move bro.md "Trukket tilbage/bro.md"
    at 2026-06-10T09:00:00Z run
    [ ! -e "$page/text.txt" ]
    grep -q "Meddelelsen er trukket tilbage af afsenderen." "$page/index.html"
    grep -q deleted-entry "$ROOM/public/feeds/alt.atom"
    [ "$(mail_count)" -eq 1 ]
    subscriber_add late@avis.example
    move "Trukket tilbage/bro.md" bro.md
    at 2026-06-10T09:04:00Z run
    # All as before but for when it was updated: what brings a deleted entry back is newer than that (RFC 6721).
    diff "$BATS_TEST_TMPDIR/before/${page#"$ROOM/public/"}/text.txt" <(grep -v -e '^Opdateret:' "$page/text.txt" | cat -s)
    diff <(cd "$BATS_TEST_TMPDIR/before" && find . -type f | sort) <(cd "$ROOM/public" && find . -type f | sort)
    ! grep -q deleted-entry "$ROOM/public/feeds/"*.atom
    at 2026-06-10T10:00:00Z run
    [ "$(mail_count)" -eq 1 ]

    move bro.md "Trukket tilbage/bro.md"
    at 2026-06-10T11:00:00Z run
    at 2026-06-10T11:04:30Z run
    [ "$(mail_count)" -eq 1 ]
    at 2026-06-10T11:05:30Z run
    [ "$(mail_count 'Subject: Trukket tilbage: Ny bro')" -eq 1 ]
    move "Trukket tilbage/bro.md" bro.md
    at 2026-06-10T11:10:00Z run
    [ "$(state_of bro)" = withdrawn ]
    at 2026-06-10T12:00:00Z run
    [ "$(mail_count)" -eq 2 ]
    books_balance
}

@test "withdrawn before its mails have left, and back: who was to get it gets it" {
    release_write bro.md "id: bro" "title: Ny bro"
    pr run
    move bro.md "Trukket tilbage/bro.md"
    at 2026-06-10T08:01:00Z run
    at 2026-06-10T08:05:30Z run
    [ "$(mail_count)" -eq 0 ]
    move "Trukket tilbage/bro.md" bro.md
    at 2026-06-10T08:05:40Z run
    at 2026-06-10T08:20:00Z run
    [ "$(mail_count 'Subject: Ny bro')" -eq 1 ]
    [ "$(mail_count)" -eq 1 ]
    books_balance
}

@test "a translation is withdrawn with its original, and says so in its own language" {
    release_write bro.md "id: bro" "title: Ny bro"
    release_write bro.en.md "title: New bridge"
    pr run
    move bro.md "Trukket tilbage/bro.md"
    at 2026-06-10T09:00:00Z run
    grep -q "The release was withdrawn by the sender." "$ROOM"/public/releases/2026/new-bridge/index.html
    grep -q "Meddelelsen er trukket tilbage af afsenderen." "$ROOM"/public/releases/2026/ny-bro/index.html
}

@test "a translation that is withdrawn alone takes nobody's mail of the original with it" {
    release_write bro.md "id: bro" "title: Ny bro"
    release_write bro.en.md "title: New bridge"
    pr run
    move bro.en.md "Trukket tilbage/bro.en.md"
    at 2026-06-10T08:02:00Z run
    at 2026-06-10T08:10:00Z run
    at 2026-06-10T08:30:00Z run
    [ "$(mail_count 'Subject: Ny bro')" -eq 1 ]
    [ "$(mail_count)" -eq 1 ]
    books_balance
}

# Holds I1.
@test "what was never public and is moved to the withdrawn ones is never shown" {
    release_write Kladder/bro.md "id: bro" "title: Hemmelig bro"
    pr run
    move Kladder/bro.md "Trukket tilbage/bro.md"
    at 2026-06-10T09:00:00Z run
    at 2026-06-10T10:00:00Z run
    nothing_public_of hemmelig
    move "Trukket tilbage/bro.md" bro.md
    at 2026-06-10T11:00:00Z run
    [ "$(state_of bro)" = public ]
}

@test "a folder of intake.folders gives its topics, and its drafts are drafts" {
    sed -i 's/^intake: .*/intake: {settle: 0s, folders: {Sundhed: {topics: [Sundhed og pleje]}}}/' "$ROOM/newsroom.yaml"
    mkdir -p "$ROOM/releases/Sundhed/Kladder" "$ROOM/releases/Kladder/sundhed"
    release_write Sundhed/bro.md "id: bro" "title: Ny bro"
    release_write Sundhed/Kladder/havn.md "id: havn" "title: Hemmelig havn"
    release_write Kladder/sundhed/mole.md "id: mole" "title: Hemmelig mole"
    pr run
    nothing_public_of hemmelig
    grep -q "Ny bro" "$ROOM/public/topics/sundhed-og-pleje/index.html"
    move Sundhed/Kladder/havn.md Sundhed/havn.md
    at 2026-06-10T08:10:00Z run
    grep -q "Hemmelig havn" "$ROOM/public/topics/sundhed-og-pleje/index.html"
}

# Holds I1.
@test "the drafts of another language are drafts too, and a folder that is a link or cannot be read frees nothing" {
    mkdir "$ROOM/releases/Entwürfe" "$ROOM/releases/drafts"
    release_write "Entwürfe/a.md" "title: Hemmelig a" "id: a"
    release_write drafts/b.md "title: Hemmelig b" "id: b"
    release_write Planlagt/c.md "title: Hemmelig c" "id: c" "udgivet: 2026-06-12 06:00"
    pr run
    nothing_public_of hemmelig
    mv "$ROOM/releases/Planlagt" "$BATS_TEST_TMPDIR/elsewhere"
    ln -s "$BATS_TEST_TMPDIR/elsewhere" "$ROOM/releases/Planlagt"
    run at 2026-06-13T06:00:00Z run
    nothing_public_of hemmelig
    rm "$ROOM/releases/Planlagt"
    mv "$BATS_TEST_TMPDIR/elsewhere" "$ROOM/releases/Planlagt"
    at 2026-06-13T07:00:00Z run
    [ "$(state_of c)" = public ]
}

# Holds I1.
@test "a folder that is called nearly as a place is none, and nothing goes out of it" {
    local name number=0
    for name in Kladde "Kladder " "Kladder 2" "Kladder - kopi" "Kladder (Mette)" Kladder.md "_kladder" "Kladder gamle" "Kopi af Kladder" Draft $'Kla\u00addder' \
        "KLАDDER" "Planlagt 2" "Planlagt - kopi" "Trukket-tilbage"; do
        number=$((number + 1))
        mkdir -p "$ROOM/releases/$name"
        BODY="Sag nummer $number om sten$number vand$number ild$number jord$number luft$number" release_write "$name/x$number.md" "title: Hemmelig sag $number"
    done
    mkdir "$ROOM/releases/Planlagt sygehus"
    release_write "Planlagt sygehus/sygehus.md" "title: Planlagt sygehus i Lillesund"
    run pr run
    nothing_public_of hemmelig
    [ "$(find "$ROOM/releases" -name '*.problems.txt' | wc -l)" -eq "$number" ]
    [ -e "$ROOM/public/releases/2026/planlagt-sygehus-i-lillesund/index.html" ]
    grep -rq "hedder næsten det samme som en mappe" "$ROOM/releases/Kladder - kopi"*
    # nor is who moves there what is public left without a word
    release_write bro.md "id: bro" "title: Ny bro"
    run at 2026-06-10T08:10:00Z run
    mkdir "$ROOM/releases/Trukket tilbage (2)"
    move bro.md "Trukket tilbage (2)/bro.md"
    run at 2026-06-10T08:20:00Z run
    [ "$(state_of bro)" = public ]
    grep -rq "hedder næsten" "$ROOM/releases/Trukket tilbage (2)"*
}

# Holds I1.
@test "what is changed in a public file among the drafts is shown when it is moved out, and not before" {
    release_write bro.md "id: bro" "title: Ny bro"
    pr run
    at 2026-06-10T08:06:00Z run
    move bro.md Kladder/bro.md
    BODY="Region Nordhav åbner et hemmeligt sundhedshus i Lillesund til sommer. Det bliver det tredje i regionen." \
        release_write Kladder/bro.md "id: bro" "title: Hemmelig bro" "rettelse: Hemmelig rettelse"
    at 2026-06-10T08:10:00Z run
    at 2026-06-10T08:20:00Z run
    nothing_public_of hemmelig
    grep -q "bliver først vist, når du flytter den ud" "$ROOM/releases/Kladder/bro.md.problems.txt"
    grep -q "Den nye udgave er en kladde" "$ROOM/releases/status.html"
    # nor in the notice where it is taken down
    move Kladder/bro.md "Trukket tilbage/bro.md"
    at 2026-06-10T08:30:00Z run
    [ "$(state_of bro)" = withdrawn ]
    nothing_public_of hemmelig
    move "Trukket tilbage/bro.md" bro.md
    at 2026-06-10T08:31:00Z run
    at 2026-06-10T08:40:00Z run
    grep -q "hemmeligt sundhedshus" "$ROOM"/public/releases/2026/ny-bro/index.html
    [ "$(mail_count 'Subject: Rettelse: ')" -eq 1 ]
    books_balance
}

@test "a file that is refused still says by its place that it is taken down, or mailed to nobody more" {
    release_write bro.md "id: bro" "title: Ny bro"
    BODY="Havnen i Lillesund bliver gravet ud til efteråret, så at de store skibe kan komme ind til kajen." release_write havn.md "title: Ny havn"
    pr run
    # within announce.delay, and with a line that no release has
    release_write bro.md "id: bro" "title: Ny bro" "embago: 2026-07-01 06:00"
    move bro.md Kladder/bro.md
    BODY="Havnen i Lillesund bliver gravet ud til efteråret, så at de store skibe kan komme ind til kajen." \
        release_write havn.md "title: Ny havn" "embago: 2026-07-01 06:00"
    move havn.md "Trukket tilbage/havn.md"
    run at 2026-06-10T08:02:00Z run
    [ -e "$ROOM/releases/Kladder/bro.md.problems.txt" ]
    [ -e "$ROOM/public/releases/2026/ny-bro/text.txt" ]
    [ ! -e "$ROOM/public/releases/2026/ny-havn/text.txt" ]
    run at 2026-06-10T09:00:00Z run
    [ "$(mail_count)" -eq 0 ]
    release_write Kladder/bro.md "id: bro" "title: Ny bro"
    move Kladder/bro.md bro.md
    run at 2026-06-10T09:10:00Z run
    run at 2026-06-10T09:20:00Z run
    [ "$(mail_count 'Subject: Ny bro')" -eq 1 ]
    [ "$(mail_count)" -eq 1 ]
    books_balance
}

@test "a file that was gone and is back in pieces is not said to be gone" {
    release_write bro.md "id: bro" "title: Ny bro"
    pr run
    rm "$ROOM/releases/bro.md"
    at 2026-06-10T08:10:00Z run
    grep -q "Filen ligger ikke i mappen længere" "$ROOM/releases/status.html"
    release_write bro.md "id: bro" "title: Ny bro" "embago: 2026-07-01 06:00"
    run at 2026-06-10T08:20:00Z run
    run ! grep -q "Filen ligger ikke i mappen længere" "$ROOM/releases/status.html"
}

# Holds I4.
@test "killed while a file is moved, it ends as if it had not been" {
    local point
    for point in ingest-read ingest-release ingest-commit ingest-committed; do
        rm -f "$ROOM/releases/"*.md* "$ROOM/releases/"*/*.md*
        release_write "bro-$point.md" "id: b-$point" "title: Ny bro $point"
        BODY="Bro $point er en bro med sin egen tekst om $point." release_write "bro-$point.md" "id: b-$point" "title: Ny bro $point"
        at 2026-06-10T08:00:00Z run >/dev/null || true
        move "bro-$point.md" "Trukket tilbage/bro-$point.md"
        run env PRESSROOM_FAULT=$point PRESSROOM_NOW=2026-06-10T08:01:00Z "$PRESSROOM_PROGRAM" -C "$ROOM" run
        [ "$status" -eq 137 ]
        at 2026-06-10T08:02:00Z run >/dev/null || true
        [ "$(state_of "b-$point")" = withdrawn ]
        move "Trukket tilbage/bro-$point.md" "Kladder/bro-$point.md"
        run env PRESSROOM_FAULT=$point PRESSROOM_NOW=2026-06-10T08:03:00Z "$PRESSROOM_PROGRAM" -C "$ROOM" run
        [ "$status" -eq 137 ]
        at 2026-06-10T08:04:00Z run >/dev/null || true
        [ "$(state_of "b-$point")" = public ]
        at 2026-06-10T08:30:00Z run >/dev/null || true
        [ "$(mail_count)" -eq 0 ]
    done
    books_balance
}

@test "a draft that is moved out and then refused stands once on the status page" {
    mkdir -p "$ROOM/releases/Kladder"
    release_write Kladder/bro.md "title: Ny bro"
    release_write Kladder/kaj.md "title: Ny kaj"
    pr run
    [ "$(grep -c 'før du flytter den' "$ROOM/releases/status.html")" -eq 2 ]
    release_write bro.md "title: Ny bro" "embago: 2026-07-01 06:00"
    rm "$ROOM/releases/Kladder/bro.md"
    run at 2026-06-10T08:02:00Z run
    [ "$(grep -c 'før du flytter den' "$ROOM/releases/status.html")" -eq 1 ]
    grep -q "Filen er ikke taget med" "$ROOM/releases/status.html"
}
