#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# A mail that was saved as a file is a release: its subject, its text and its files, and nothing of its header.

bats_require_minimum_version 1.5.0
load newsroom

setup() {
    newsroom_make
    subscriber_add journalist@avisen.example
    mails_of_programs=$PRESSROOM_ROOT/tests/fuzz/corpus/eml
}

page_of() {
    find "$ROOM/public/releases" -name index.html -path "*$1*"
}

@test "a mail of Outlook becomes a page and a mail, without who wrote to whom, and its PDF is published" {
    cp "$mails_of_programs/outlook.eml" "$ROOM/releases/"
    run pr run
    echo "$output"
    [ "$status" -eq 0 ]
    page=$(page_of tre-nye-sundhedshuse)
    grep -q 'Tre nye sundhedshuse på vej' "$page"
    grep -q 'mette.holm@nordhav.example' "$page"
    [ "$(find "$ROOM/public/releases" -name '*.pdf' | wc -l)" -eq 1 ]
    [ "$(mail_count '^Subject: .*Tre_nye_sundhedshuse\|^Subject: .*VHJlIG55')" -eq 1 ]
    nothing_public_of Overby direktion prod.exchangelabs fyret 'Hej alle' image001
    grep -q 'det, mailen svarer på eller sender videre, er ikke med' "$ROOM/releases/outlook.eml.problems.txt"
    run pr run
    [ "$status" -eq 0 ]
    [[ $output == *"nothing new"* ]]
}

# Holds I1.
@test "an embargo in the subject, or in the words around an attached text, holds" {
    cp "$mails_of_programs/telephone.eml" "$mails_of_programs/covered.eml" "$ROOM/releases/"
    run at 2026-06-08T12:00:00+02:00 run
    echo "$output"
    nothing_public_of sundhedshuse 'Ny bro' Lillesund
    [ "$(mail_count '^Subject:')" -eq 0 ]
}

@test "what can be no release is told, and costs the others nothing" {
    release_write god.md "id: god" "title: Den gode"
    for name in encrypted forwarded several unclear empty none report; do
        cp "$mails_of_programs/$name.eml" "$ROOM/releases/"
    done
    printf '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1' >"$ROOM/releases/gammel.eml"
    run pr run
    echo "$output"
    [ "$status" -eq 1 ]
    grep -rq 'Den gode' "$ROOM/public/releases"
    for name in encrypted forwarded several unclear empty none report gammel; do
        [ -s "$ROOM/releases/$name.eml.problems.txt" ]
    done
    nothing_public_of sundhedshuse 'Ny bro' Undelivered
}

@test "a mail with 20 MB of pictures is read, one that is too large is told so" {
    python3 - "$ROOM/releases" <<'PYTHON'
import base64, os, sys
head = ("From: a@nordhav.example\nDate: Mon, 8 Jun 2026 10:00:00 +0200\nSubject: Mange filer\n"
        "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain; charset=utf-8\n\n"
        "Husene åbner til august, og her er planerne for dem alle sammen.\n")
def part(name, megabytes):
    data = b"%PDF-1.4\n" + os.urandom(megabytes * 1000000) + b"\n%%EOF\n"
    return (f"--b\nContent-Type: application/pdf; name={name}\nContent-Transfer-Encoding: base64\n\n"
            + base64.encodebytes(data).decode())
for file, counts in (("stor.eml", (10, 10)), ("for-stor.eml", (14, 14))):
    with open(f"{sys.argv[1]}/{file}", "w") as out:
        out.write(head + "".join(part(f"plan-{i}.pdf", n) for i, n in enumerate(counts)) + "--b--\n")
PYTHON
    run pr run
    echo "$output"
    [ "$status" -eq 1 ]
    [ "$(find "$ROOM/public/releases" -name '*.pdf' | wc -l)" -eq 2 ]
    [ ! -e "$ROOM/releases/stor.eml.problems.txt" ]
    [ -s "$ROOM/releases/for-stor.eml.problems.txt" ]
    cat "$ROOM/releases/for-stor.eml.problems.txt"
}
