#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Pictures and documents as they come in: whole ones of every kind, and what is cut, damaged, disguised, too large or deadly.

bats_require_minimum_version 1.5.0
load newsroom

setup() {
    newsroom_make
    golden=$PRESSROOM_ROOT/tests/golden/picture
    for kind in cut cut-heic noise html giant cut-pdf cut-docx empty; do
        bad_write "$BATS_TEST_TMPDIR/$kind" "$kind"
    done
}

# bad_write PATH KIND
bad_write() {
    "$PYTHON" - "$1" "$2" "$golden" <<'PY'
import io, struct, sys, zipfile, zlib
path, kind, golden = sys.argv[1:]
def picture(name):
    return open(f"{golden}/{name}", "rb").read()
def chunk(name, content):
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
def png(width, height, bits, colour, interlaced, rows):
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">2I5B", width, height, bits, colour, 0, 0, interlaced))
            + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))
def docx():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>" * 100)
        archive.writestr("word/document.xml", "<document/>" * 100)
    return file.getvalue()
content = {
    "cut": lambda: picture("rights.jpg")[:2500],
    "cut-heic": lambda: picture("rights.heic")[:4000],
    "noise": lambda: png(40, 30, 8, 2, 0, bytes(range(251)) * 3), # less than the pixels that its head promises
    "html": lambda: b"<!doctype html><title>Log ind</title>",
    "giant": lambda: png(30000, 30000, 16, 6, 1, bytes(100)),
    "cut-pdf": lambda: b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\n",
    "cut-docx": lambda: docx()[:-30],
    "empty": lambda: b"",
}[kind]()
open(path, "wb").write(content)
PY
}

# The files that are bad, by the name that they come under, and what is said of each.
bad_files() {
    cat <<'TABLE'
cut	foto.jpg	images	billedet er ikke helt, det mangler sin ende; kopiér det hertil igen
cut-heic	foto.heic	images	billedet er ikke helt, det mangler sin ende; kopiér det hertil igen
noise	foto.png	images	billedet er
html	foto.webp	images	er ikke et billede, selv om navnet siger det
giant	foto.png	images	billedet er for stort: det skal bruge 
empty	foto.jpg	images	filen er tom; kopiér den hertil igen
cut-pdf	notat.pdf	documents	filen er ikke hel, den mangler sin ende; kopiér den hertil igen
cut-docx	notat.docx	documents	filen er ikke hel, den mangler sin ende; kopiér den hertil igen
html	notat.pdf	documents	er af en slags, der ikke udgives
TABLE
}

@test "pictures of every kind come in, and bring the words that the release leaves out" {
    mkdir "$ROOM/releases/bro"
    cp "$golden"/rights.{jpg,png,gif,webp,tif,heic,avif} "$ROOM/releases/bro"
    BODY=$'Broen er åben.\n\n![](rights.heic)' release_write bro/tekst.md "id: bro" "title: Broen" \
        "images: [{file: rights.jpg, credit: Ida Lund}]"
    run --separate-stderr pr run
    [ "$status" -eq 0 ]
    [[ $stderr != *mp4* ]]
    local folder=$ROOM/public/releases/2026/broen note=$ROOM/releases/bro/tekst.md.problems.txt
    [ "$(find "$folder" -name 'rights*.jpg' -o -name 'rights*.png' | wc -l)" -ge 7 ]
    [ -z "$(find "$folder" -name '*.heic' -o -name '*.avif' -o -name '*.tif' -o -name '*.webp' -o -name '*.gif')" ]
    grep -qF "er taget ind. Bemærk:" "$note"
    grep -qF "rights.heic: taget fra billedet selv: fotograf “" "$note"
    run grep -F "rights.jpg: taget fra billedet selv:" "$note"
    [[ $output != *fotograf* ]]
    grep -qF "Ida Lund" "$folder/index.html"
    # what the picture shows stands in the text where the release says nothing
    run ! grep -qF 'alt=""' "$folder/index.html"
    # the same again is no news
    touch "$ROOM/releases/bro/tekst.md"
    run at 2026-06-10T09:00:00Z run
    [[ $output != *"1 changed"* ]]
    [[ $output == *"publish: nothing new"* ]]
}

@test "a release waits for a bad file that it names, in the header or the text, and the others go out" {
    local kind file list words i=0 entry
    release_write god.md "id: god" "title: Den gode" "mail: false"
    while IFS=$'\t' read -r kind file list words; do
        i=$((i + 1))
        mkdir "$ROOM/releases/m$i"
        cp "$BATS_TEST_TMPDIR/$kind" "$ROOM/releases/m$i/$file"
        [ "$list" = images ] && entry="{file: $file, alt: Et billede}" || entry="{file: $file}"
        BODY="Nummer $i venter på sin fil $i gange." release_write "m$i/tekst.md" "id: m$i" "title: Hemmelig$i" "mail: false" "$list: [$entry]"
    done < <(bad_files)
    mkdir "$ROOM/releases/tekst"
    cp "$BATS_TEST_TMPDIR/cut" "$ROOM/releases/tekst/foto.jpg"
    BODY=$'Billedet står i teksten.\n\n![Et billede](foto.jpg)' release_write tekst/a.md "id: t" "title: HemmeligTekst" "mail: false"
    run pr run
    [ "$status" -eq 1 ]
    [ -d "$ROOM/public/releases/2026/den-gode" ]
    nothing_public_of hemmelig
    i=0
    while IFS=$'\t' read -r kind file list words; do
        i=$((i + 1))
        grep -qF "er ikke taget ind" "$ROOM/releases/m$i/tekst.md.problems.txt"
        grep -qF "$file: $words" "$ROOM/releases/m$i/tekst.md.problems.txt"
    done < <(bad_files)
    grep -qF "foto.jpg: billedet er ikke helt" "$ROOM/releases/tekst/a.md.problems.txt"
    # nothing of it is kept, and nothing is said twice
    run pr run
    [[ $output == *"$((i + 1)) still refused"* ]]
    # copied whole, it goes out
    cp "$golden/rights.jpg" "$ROOM/releases/tekst/foto.jpg"
    pr run || true
    [ -d "$ROOM/public/releases/2026/hemmeligtekst" ]
}

@test "a release goes out without a bad file that merely lies beside it, and its note says so" {
    local kind file list words i=0
    while IFS=$'\t' read -r kind file list words; do
        i=$((i + 1))
        mkdir "$ROOM/releases/m$i"
        cp "$BATS_TEST_TMPDIR/$kind" "$ROOM/releases/m$i/$file"
        BODY="Nummer $i går ud, og det er nummer $i." release_write "m$i/tekst.md" "id: m$i" "title: Nummer$i" "mail: false"
    done < <(bad_files)
    run pr run
    [ "$status" -eq 0 ]
    i=0
    while IFS=$'\t' read -r kind file list words; do
        i=$((i + 1))
        [ -d "$ROOM/public/releases/2026/nummer$i" ]
        [ -z "$(find "$ROOM/public/releases/2026/nummer$i" -name 'foto*' -o -name 'notat*')" ]
        grep -qF "er taget ind, men noget i den er udeladt" "$ROOM/releases/m$i/tekst.md.problems.txt"
        grep -qF "$file: $words" "$ROOM/releases/m$i/tekst.md.problems.txt"
        grep -qF "(indtil da udgives meddelelsen uden)" "$ROOM/releases/m$i/tekst.md.problems.txt"
    done < <(bad_files)
    # copied again, it comes along, and the note goes
    printf '%%PDF-1.4\n%%%%EOF\n' >"$ROOM/releases/m7/notat.pdf"
    at 2026-06-10T09:00:00Z run
    [ -e "$ROOM/public/releases/2026/nummer7/notat.pdf" ]
    [ ! -e "$ROOM/releases/m7/tekst.md.problems.txt" ]
}

# marked_write PATH MARK: a picture with a comment
marked_write() {
    "$PYTHON" - "$golden/rights.jpg" "$1" "$2" <<'PY'
import sys
picture, mark = open(sys.argv[1], "rb").read(), sys.argv[3].encode()
open(sys.argv[2], "wb").write(picture[:2] + b"\xff\xfe" + (2 + len(mark)).to_bytes(2, "big") + mark + picture[2:])
PY
}

@test "what its reader crashes, hangs or floods on costs itself alone" {
    local what
    export PRESSROOM_CONFINED_WALL_SECONDS=10
    release_write god.md "id: god" "title: Den gode" "mail: false"
    for what in crash hang flood; do
        rm -rf "$ROOM/releases/$what" "$ROOM/releases/ved-$what"
        mkdir "$ROOM/releases/$what" "$ROOM/releases/ved-$what"
        marked_write "$ROOM/releases/$what/ond.jpg" "KILLER$what"
        marked_write "$ROOM/releases/ved-$what/ond.jpg" "KILLER$what ved siden af"
        marked_write "$ROOM/releases/ved-$what/ven.jpg" "helt fredeligt ved $what"
        BODY="Denne venter: $what og $what." release_write "$what/a.md" "id: $what" "title: Hemmelig $what" "mail: false" "images: [{file: ond.jpg, alt: x}]"
        BODY="Denne går ud: $what uden." release_write "ved-$what/a.md" "id: ved-$what" "title: Ved $what" "mail: false"
        PRESSROOM_CONFINED_FAULT="picture:$what:KILLER" run pr run
        [ "$status" -eq 1 ]
        grep -qF "ond.jpg: billedet kan ikke læses: det program, der ser på billeder, brød sammen over det" "$ROOM/releases/$what/a.md.problems.txt"
        grep -qF "ond.jpg: billedet kan ikke læses" "$ROOM/releases/ved-$what/a.md.problems.txt"
        [ -n "$(find "$ROOM/public/releases/2026/ved-$what" -name 'ven*')" ]
        [ -z "$(find "$ROOM/public/releases/2026/ved-$what" -name 'ond*')" ]
        # not read again while it is as it was
        PRESSROOM_CONFINED_FAULT="picture:$what:KILLER" run --separate-stderr pr run
        [ "$status" -eq 1 ]
        [[ $stderr != *"broke down"* ]]
    done
    [ -d "$ROOM/public/releases/2026/den-gode" ]
    nothing_public_of hemmelig
}

# spoken_write PATH: a picture that says what it shows in three languages
spoken_write() {
    "$PYTHON" - "$PRESSROOM_ROOT/tests/example/newsroom/releases/akutmodtagelse/indgang.jpg" "$1" <<'PY'
import sys
picture = open(sys.argv[1], "rb").read()
items = "".join(f"<rdf:li xml:lang='{language}'>{words}</rdf:li>" for language, words in
                (("x-default", "Puente azul"), ("en-GB", "A blue bridge"), ("da", "En blå bro")))
packet = ("http://ns.adobe.com/xap/1.0/\0<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>"
          "<rdf:Description xmlns:c='http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/'><c:AltTextAccessibility><rdf:Alt>"
          f"{items}</rdf:Alt></c:AltTextAccessibility></rdf:Description></rdf:RDF></x:xmpmeta>").encode()
open(sys.argv[2], "wb").write(picture[:2] + b"\xff\xe1" + (2 + len(packet)).to_bytes(2, "big") + packet + picture[2:])
PY
}

@test "what a picture says in several languages is taken in the release's" {
    mkdir "$ROOM/releases/bro"
    spoken_write "$ROOM/releases/bro/foto.jpg"
    release_write bro/tekst.md "id: bro" "title: Broen" "images: [{file: foto.jpg}]"
    BODY="The bridge is open." release_write bro/tekst.en.md "id: bridge" "title: The bridge" "language: en" "translation_of: bro" "images: [{file: foto.jpg}]"
    BODY="Die Brücke ist offen." release_write bro/tekst.de.md "id: bruecke" "title: Die Brücke" "language: de" "translation_of: bro" "images: [{file: foto.jpg}]"
    pr run
    grep -qF 'alt="En blå bro"' "$ROOM/public/releases/2026/broen/index.html"
    grep -qF 'alt="A blue bridge"' "$ROOM/public/releases/2026/the-bridge/index.html"
    grep -qF 'alt="Puente azul"' "$ROOM"/public/releases/2026/die-br*/index.html
}

@test "a picture is looked at once, however often its release is edited" {
    mkdir "$ROOM/releases/a"
    marked_write "$ROOM/releases/a/foto.jpg" KILLER
    release_write a/a.md "id: a" "title: Først" "images: [{file: foto.jpg, alt: x}]"
    pr run
    # from now on nobody could look at it again
    release_write a/a.md "id: a" "title: Siden" "images: [{file: foto.jpg, alt: x}]"
    export PRESSROOM_CONFINED_FAULT=picture:crash:KILLER
    pr ingest
    pr check a
    [ "$(pr release list --json | json 'd["releases"][0]["title"]')" = Siden ]
}

@test "a check says of a picture what a run would" {
    mkdir "$ROOM/releases/a"
    cp "$BATS_TEST_TMPDIR/cut" "$ROOM/releases/a/foto.jpg"
    release_write a/a.md "id: a" "title: Broen" "images: [{file: foto.jpg, alt: x}]"
    run pr check a
    [ "$status" -eq 1 ]
    [[ $output == *"foto.jpg: the picture is not whole, its end is missing; copy it here again"* ]]
    cp "$golden/rights.jpg" "$ROOM/releases/a/foto.jpg"
    run pr check a
    [ "$status" -eq 0 ]
    [[ $output == *"foto.jpg: taken from the picture itself: credit “"* ]]
    [ ! -e "$ROOM/state/assets" ]
}
