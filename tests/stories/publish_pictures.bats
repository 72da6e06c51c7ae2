#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Pictures of public releases: shown light, offered whole, and what kills their reader costs nothing but itself.

bats_require_minimum_version 1.5.0
load newsroom

setup() {
    newsroom_make
}

# photo_write PATH COMMENT: a photograph of 1600 × 1000 with a comment, below releases/
photo_write() {
    "$PYTHON" - "$PRESSROOM_ROOT/tests/example/newsroom/releases/akutmodtagelse/indgang.jpg" "$ROOM/releases/$1" "$2" <<'PY'
import sys
source, path, comment = sys.argv[1], sys.argv[2], sys.argv[3].encode()
photo = open(source, "rb").read()
with open(path, "wb") as file:
    file.write(photo[:2] + b"\xff\xfe" + (2 + len(comment)).to_bytes(2, "big") + comment + photo[2:])
PY
}

# noise_write PATH WIDTH HEIGHT: a PNG that no encoder makes much shorter
noise_write() {
    "$PYTHON" - "$ROOM/releases/$1" "$2" "$3" <<'PY'
import random, struct, sys, zlib
path, width, height = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
random.seed(1)
def chunk(kind, content):
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
rows = b"".join(b"\0" + bytes(100 + byte % 40 for byte in random.randbytes(3 * width)) for _ in range(height))
with open(path, "wb") as file:
    file.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">2I5B", width, height, 8, 2, 0, 0, 0))
               + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))
PY
}

@test "a heavy picture of few pixels is shown light on the page and in the mail, and offered whole" {
    subscriber_add journalist@avisen.example
    noise_write plads.png 900 600
    BODY=$'Pladsen bliver grøn.\n\n![Plan over pladsen](plads.png)' release_write a.md "id: a" "title: Pladsen"
    pr run
    local folder=$ROOM/public/releases/2026/pladsen
    [ "$(stat -c %s "$folder/plads.png")" -gt 800000 ]
    [ "$(stat -c %s "$folder/plads_1200.jpg")" -lt 300000 ]
    [ "$(stat -c %s "$folder/plads_640.jpg")" -lt "$(stat -c %s "$folder/plads_1200.jpg")" ]
    grep -qF 'plads_1200.jpg" alt="Plan over pladsen" width="900" height="600"' "$folder/index.html"
    grep -qF 'Hent billedet i fuld størrelse <span class="size">(PNG, ' "$folder/index.html"
    "$PYTHON" - "$MAIL" <<'PY'
import email.policy, glob, sys
(path,) = glob.glob(sys.argv[1] + "/new/*")
message = email.message_from_file(open(path, encoding="utf-8"), policy=email.policy.default)
html = message.get_body(("html",)).get_content()
assert 'src="https://presse.nordhav.example/releases/2026/pladsen/plads_1200.jpg"' in html, html
assert '<a href="https://presse.nordhav.example/releases/2026/pladsen/plads.png">Hent billedet i fuld størrelse (PNG, ' in html, html
assert "<https://presse.nordhav.example/releases/2026/pladsen/plads.png>" in message.get_body(("plain",)).get_content()
PY
}

@test "a picture that kills its reader costs itself alone, and is told once" {
    photo_write farlig.jpg KILLER
    photo_write god.jpg harmless
    release_write a.md "id: a" "title: Farlig" "published: 2026-06-09T10:00:00+02:00" \
        "images: [{file: farlig.jpg, alt: Farlig}, {file: god.jpg, alt: God}]"
    release_write b.md "id: b" "title: Uden billeder" "published: 2026-06-09T10:00:00+02:00"
    pr ingest
    PRESSROOM_CONFINED_FAULT=picture:crash:KILLER run --separate-stderr pr publish
    [ "$status" -eq 0 ]
        [[ $output == *"2 published"* ]]
    [ "$(grep -c farlig.jpg <<<"$stderr")" -eq 1 ]
    [[ $stderr == *"farlig.jpg: "*"; published without it"* ]]
    local folder=$ROOM/public/releases/2026/farlig
    [ ! -e "$folder/farlig.jpg" ]
    [ -e "$folder/god-1200.jpg" ]
    run ! grep -q farlig.jpg "$folder/index.html"
    # The press officer is told beside the file, and on the page that says what becomes of each.
    pr announce
    notes_agree
    grep -q "farlig.jpg: billedet kunne ikke gøres klar til siden, så “Farlig” står der uden det" "$ROOM/releases/a.md.problems.txt"
    [ ! -e "$ROOM/releases/b.md.problems.txt" ]
    pr run
    grep -q "farlig.jpg: billedet kunne ikke gøres klar til siden" "$ROOM/releases/status.html"
    # Everything is written again; what killed its reader is not read again.
    echo 'body { color: black }' >>"$ROOM/templates/style.css"
    run --separate-stderr pr publish
    [ "$status" -eq 0 ]
    [ -z "$stderr" ]
    [ ! -e "$folder/farlig.jpg" ]
    # Other bytes are read.
    photo_write farlig.jpg mended
    pr ingest
    pr publish
    [ -e "$folder/farlig-1200.jpg" ]
    pr run
    notes_agree
    [ ! -e "$ROOM/releases/a.md.problems.txt" ]
}
