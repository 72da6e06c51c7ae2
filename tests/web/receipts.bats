#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Every mail that a press office, an approver or an operator may get, with titles and names of files as long as people make
# them, in Danish and English: valid HTML, no violation that axe knows of, in light and dark, no wider than a phone.

bats_require_minimum_version 1.5.0

setup_file() {
    export ROOT
    ROOT=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
    for language in da en; do
        "$ROOT/tests/web/receipts.sh" "$PRESSROOM_PROGRAM" "$BATS_FILE_TMPDIR/$language" "$language" 2>"$BATS_FILE_TMPDIR/$language.log"
    done
}

@test "each kind of mail is among them" {
    for words in Modtaget Ændret Venter "Ikke-sendt" Offentlig Rettelse Efter-en-time Efter-et-døgn Kan-ikke-bruges Trukket-tilbage Offentlig-igen \
        Grunden-er-noteret Grunden-er-ikke Stoppet-Nye Modtaget-25 Venter-25 Offentlige-25 Stoppet-25 Skal-godkendes Ikke-godkendt Godkendt \
        Allerede-godkendt Intet-holder-uret En-disk; do
        ls "$BATS_FILE_TMPDIR"/da/html/*-"$words"*.html >/dev/null
    done
    [ "$(ls "$BATS_FILE_TMPDIR/da/html" | wc -l)" -eq "$(ls "$BATS_FILE_TMPDIR/en/html" | wc -l)" ]
}

@test "they are valid and without violation" {
    for language in da en; do
        "$ROOT/tests/web/vnu.sh" "$BATS_FILE_TMPDIR/$language/html"
        node "$ROOT/tests/web/axe.js" "$BATS_FILE_TMPDIR/$language"/html/*.html
    done
}

@test "no line of a text is wider than a mail's, but for addresses and names of files" {
    ! LC_ALL=C.UTF-8 grep -rhE '^.{73,}$' "$BATS_FILE_TMPDIR"/{da,en}/text | grep -vE '^(Subject: |https://|(- )?[^ ]+$|\[)'
}
