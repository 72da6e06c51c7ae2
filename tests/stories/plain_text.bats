#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Texts that somebody wrote without a format, from the drop directory to the page and the mail.

bats_require_minimum_version 1.5.0
load newsroom

setup() {
    newsroom_make
}

@test "a plain text, with all its words, is a page and a mail" {
    subscriber_add journalist@avisen.example
    cat >"$ROOM/releases/klinik.txt" <<'END'
TIL OMGÅENDE BRUG

Region Nordhav åbner ny klinik for unge med ondt i ryggen

Fra nytår kan unge mellem 15 og 25 år få hjælp i en ny klinik på
Vesterhavn Hospital. De skal ikke henvises, og de skal heller ikke
betale for at komme der.

Åbent om aftenen

Klinikken har åbent mandag til torsdag, og den har plads til tyve unge
om dagen. Se mere på www.nordhav.example/klinik.

Den tilbyder:
- samtaler
- genoptræning

Kontakt: Mads Overby, pressechef, tlf. 51 00 00 10

// SLUT
END
    pr run
    [ ! -e "$ROOM/releases/klinik.txt.problems.txt" ]
    page=$(echo "$ROOM"/public/releases/*/region-nordhav-aabner-ny-klinik-for-unge-med-ondt-i-ryggen/index.html)
    grep -q 'på Vesterhavn Hospital. De skal ikke henvises, og de skal heller ikke betale' "$page"
    grep -q '<h2[^>]*>Åbent om aftenen</h2>' "$page"
    grep -q '<a href="https://www.nordhav.example/klinik">' "$page"
    grep -q '<li>genoptræning</li>' "$page"
    grep -q 'href="tel:+4551000010"' "$page"
    ! grep -q 'OMGÅENDE\|SLUT' "$page"
    [ "$(mail_count 'Subject:')" -eq 1 ]
}

@test "text below a list of contacts or pictures is text, and another publisher's page is told of" {
    printf '%s\n' 'Bro lukkes i weekenden' '7.6.2026 08:00 CEST | Kystvagten | Pressemeddelelse' '' 'Kontakt:' \
        'Ole Dam' '51 00 00 02' '' 'Broen over sundet er lukket fra lørdag klokken seks til mandag klokken seks.' '' \
        'Billeder' '' 'Billeder af broen må gerne bruges af alle, der vil.' >"$ROOM/releases/bro.txt"
    pr run
    grep -q 'linje 2: nævner “Kystvagten” som afsender' "$ROOM/releases/bro.txt.problems.txt"
    page=$(echo "$ROOM"/public/releases/*/bro-lukkes-i-weekenden/index.html)
    grep -q 'Broen over sundet er lukket' "$page"
    grep -q 'Billeder af broen må gerne' "$page"
    grep -q 'Ole Dam' "$page"
}
