#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Pictures that take more memory than a service has, or nearly, beside good releases, with no more memory than the service as shipped.

bats_require_minimum_version 1.5.0
load newsroom

LIMIT=1024 # megabytes: MemoryMax= of packaging/pressroom-watch.service

setup() {
    newsroom_make
    REPORT=$BATS_TEST_TMPDIR/report.json
    sed -i 's/^announce: .*/announce: {delay: 0s, max_new: 9}/' "$ROOM/newsroom.yaml"
    subscriber_add journalist@avisen.example
}

# heavy_write KIND PATH
heavy_write() {
    "$PYTHON" "$PRESSROOM_ROOT/tests/stories/heavy_pictures.py" "$1" "$ROOM/releases/$2"
}

# within COMMAND…: what it takes is told in $REPORT
within() {
    "$PYTHON" "$PRESSROOM_ROOT/tests/peers/within.py" "$LIMIT" "$REPORT" "$@"
}

# No process, and not all of them, ever had more than the limit.
took_no_more() {
    cat "$REPORT"
    [ "$(json "d['largest'] < $LIMIT and (d['together'] or 0) < $LIMIT" <"$REPORT")" = True ]
}

# heavy_release NAME KIND FILE FRONT-MATTER: a release in a folder of its own, with a heavy picture beside it
heavy_release() {
    local front=()
    [ -z "${4:-}" ] || front=("$4")
    mkdir "$ROOM/releases/$1"
    heavy_write "$2" "$1/$3"
    BODY="Broen ved $1 åbner til sommer, og vejen forbi $1 bliver bredere.${BODY:+$'\n\n'$BODY}" \
        release_write "$1/tekst.md" "id: $1" "title: Broen $1" "${front[@]}"
}

good_releases() {
    local name
    for name in aa oo zz; do
        mkdir "$ROOM/releases/$name"
        picture_write "$name/plads.png" 1400 900
        BODY="Pladsen ved $name bliver grøn, og $name får nye træer." \
            release_write "$name/tekst.md" "id: $name" "title: Pladsen $name" "images: [{file: plads.png, alt: Plan over pladsen}]"
    done
}

good_ones_are_out() {
    local name folder
    for name in aa oo zz; do
        folder=$ROOM/public/releases/2026/pladsen-$name
        [ -s "$folder/plads.png" ]
        [ -s "$folder/plads-640.png" ]
        grep -qF 'alt="Plan over pladsen"' "$folder/index.html"
        [ "$(mail_count "^Subject: .*Pladsen $name")" -eq 1 ]
    done
}

@test "what a process takes is seen, even if its parent left it behind" {
    within "$PYTHON" -c 'import os
if os.fork() == 0:
    bytes(b"x" * (300 << 20))'
    took_no_more
    [ "$(json "300 < d['largest'] < 400" <"$REPORT")" = True ]
}

@test "pictures that are too heavy for the service cost no other release anything, and are told with their size" {
    local name
    good_releases
    heavy_release hoved interlaced kort.png "images: [{file: kort.png, alt: Kort}]"
    BODY='![Kort](kort.jpg)' heavy_release tekst vast kort.jpg
    heavy_release ved interlaced kort.png
    picture_write ved/god.png 300 200
    run --separate-stderr within "$PRESSROOM_PROGRAM" -C "$ROOM" run
    [ "$status" -eq 1 ]
    took_no_more
    [[ $output == *"ingest: 4 new, 2 refused"* ]]
    good_ones_are_out
    # named in the header or in the text: the release waits
    nothing_public_of broen-hoved broen-tekst
    grep -qF "kort.png: billedet er for stort: det skal bruge 1,8 GB hukommelse, og der er 671 MB; gør det mindre, højst ca. " \
        "$ROOM/releases/hoved/tekst.md.problems.txt"
    grep -qF "kort.jpg: billedet er for stort: det skal bruge 1,6 GB hukommelse, og der er 671 MB; gør det mindre, højst ca. " \
        "$ROOM/releases/tekst/tekst.md.problems.txt"
    # merely beside it: left out
    [ -s "$ROOM/public/releases/2026/broen-ved/god.png" ]
    [ ! -e "$ROOM/public/releases/2026/broen-ved/kort.png" ]
    [ "$(mail_count "^Subject: .*Broen ved")" -eq 1 ]
    grep -qF "kort.png: billedet er for stort: det skal bruge 1,8 GB hukommelse" "$ROOM/releases/ved/tekst.md.problems.txt"
    grep -qF "(indtil da udgives meddelelsen uden)" "$ROOM/releases/ved/tekst.md.problems.txt"

    # They are not tried again: who read one now would die of it.
    cp -R "$ROOM/releases" "$BATS_TEST_TMPDIR/before"
    PRESSROOM_CONFINED_FAULT=picture:crash: run --separate-stderr at 2026-06-10T08:10:00Z run
    [ "$status" -eq 1 ]
    [[ $output == *"2 still refused"* ]]
    [[ $output == *"publish: nothing new"* ]]
    [[ $stderr != *"broke down"* ]]
    diff -r "$BATS_TEST_TMPDIR/before" "$ROOM/releases"

    # Made smaller, they go out, and the notes go.
    for name in hoved ved; do
        picture_write "$name/kort.png" 1400 900
    done
    cp "$PRESSROOM_ROOT/tests/golden/picture/rights.jpg" "$ROOM/releases/tekst/kort.jpg"
    run at 2026-06-10T08:20:00Z run
    [ "$status" -eq 0 ]
    [ -s "$ROOM/public/releases/2026/broen-hoved/kort-640.png" ]
    [ -s "$ROOM/public/releases/2026/broen-tekst/kort.jpg" ]
    [ -s "$ROOM/public/releases/2026/broen-ved/kort.png" ]
    [ -z "$(find "$ROOM/releases" -name '*.problems.txt' -exec grep -l "for stort" {} +)" ]
    [ "$(mail_count "^Subject: .*Broen")" -eq 3 ]
}

@test "pictures that are nearly too heavy are made within the limit" {
    local folder=$ROOM/public/releases/2026
    good_releases
    heavy_release foto photo stor.jpg "images: [{file: stor.jpg, alt: Broen}]"
    BODY='![Broen](stor.jpg)' heavy_release lag progressive stor.jpg
    heavy_release dyb deep stor.png
    run --separate-stderr within "$PRESSROOM_PROGRAM" -C "$ROOM" run
    [ "$status" -eq 0 ]
    took_no_more
    good_ones_are_out
    [ "$(mail_count "^Subject: .*Broen")" -eq 3 ]
    [ "$(find "$folder" -name 'stor-1200.*' -size -400k | wc -l)" -eq 3 ]
    [ "$(find "$folder" -name 'stor-640.*' -size -200k | wc -l)" -eq 3 ]
    # offered whole, and no longer than they came
    for name in foto/stor.jpg lag/stor.jpg dyb/stor.png; do
        [ "$(stat -c %s "$folder/broen-$name")" -le "$(stat -c %s "$ROOM/releases/$name")" ]
    done
    # upright, all of it
    grep -qF 'width="1200" height="1599" alt="Broen"' "$folder/broen-foto/index.html"
}
