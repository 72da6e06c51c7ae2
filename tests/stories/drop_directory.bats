#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# What lies in the drop directory, of whatever kind: nothing of it steers a terminal, stops the others, or is told twice.

bats_require_minimum_version 1.5.0
load newsroom

setup() {
    newsroom_make
    subscriber_add journalist@avisen.example
    release_write god.md "id: god" "title: Den gode"
}

# No control character but the line feed, no mark of direction, no broken UTF-8 on standard input.
is_harmless() {
    "$PYTHON" -c 'import sys
text = sys.stdin.buffer.read().decode("utf-8")
bad = [hex(ord(c)) for c in text if (ord(c) < 32 and c != "\n") or 0x7f <= ord(c) < 0xa0 or c in "\u061c\u200e\u200f" or 0x202a <= ord(c) <= 0x202e or 0x2066 <= ord(c) <= 0x2069]
sys.exit(f"{bad} in {text!r}" if bad else 0)'
}

@test "nothing that a file is called, or says, steers the terminal or the log" {
    printf -- "---\ntitle: \"L\\u202eøn \\u2069og2J\xc2\x9b vækst\"\n---\nTekst.\n" >"$ROOM/releases/x.md"
    printf -- '---\ntitle: A\nst\xc2\x9batus\xe2\x80\xae: x\n---\nB.\n' >"$ROOM/releases/y.md"
    touch "$ROOM/releases/gr"$'\xf8'"n"$'\x9b'".md" "$ROOM/releases/c1"$'\xc2\x9b'"2J.md" "$ROOM/releases/bidi"$'\xe2\x80\xae'"dm.md" \
        "$ROOM/releases/esc"$'\e'"[31m.md"
    for command in "check" "run" "release list" "release list --json" "check --json"; do
        # shellcheck disable=SC2086
        "$PRESSROOM_PROGRAM" -C "$ROOM" $command >"$BATS_TEST_TMPDIR/out" 2>&1 || true
        is_harmless <"$BATS_TEST_TMPDIR/out"
    done
    pr check "$ROOM/releases/gr"$'\xf8'"n"$'\x9b'".md" >"$BATS_TEST_TMPDIR/out" 2>&1 || true
    is_harmless <"$BATS_TEST_TMPDIR/out"
    id=$(pr release list --json | json '[r["id"] for r in d["releases"] if "Den gode" not in r["title"]][0]')
    pr release show "$id" >"$BATS_TEST_TMPDIR/out" 2>&1
    is_harmless <"$BATS_TEST_TMPDIR/out"
    cat "$ROOM"/releases/*.problems.txt | is_harmless
    # told of once, then counted
    run pr run
    [[ $output != *'gr\xF8n'* ]]
    [[ $output == *"5 still refused"* ]]
    touch "$ROOM/releases/gul"$'\xf8'".md"
    run pr run
    [[ $output == *'gul\xF8.md: its name is not UTF-8'* ]]
    [[ $output == *"1 refused, 5 still refused"* ]]
}

@test "a release named like a device of Windows gets an address that Windows can hold" {
    BODY="Der er kommet en ny udstilling om computere." release_write c.md "title: Con" "mail: false"
    BODY="Nu er der også en om lyd, som varer hele året." release_write a.md "title: Aux" "mail: false"
    pr run
    [ -d "$ROOM/public/releases/2026/con-press-release" ]
    [ -d "$ROOM/public/releases/2026/aux-press-release" ]
}

@test "releases too large for a feed or a mail keep the others out of neither" {
    for i in 1 2 3 4 5; do
        { printf -- '---\ntitle: Stor %s\n---\n' "$i"; yes "$(printf "\"$i\" %.0s" $(seq 50))" | head -n 9000 | sed '4~4s/$/\n/'; } >"$ROOM/releases/stor$i.md"
    done
    sed -i 's/^announce:.*/announce: {delay: 0s, max_new: 9}/' "$ROOM/newsroom.yaml"
    { printf -- '---\ntitle: Ét stykke\n---\nBegyndelsen '; yes 'på ét langt stykke' | head -n 15000 | tr '\n' ' '; } >"$ROOM/releases/lang.md"
    printf -- '---\ntitle: Nul\n---\n%s' "$(yes '> ' | head -n 90 | tr -d '\n')" >"$ROOM/releases/dyb.md"
    run pr run
    echo "$output" | cut -c1-300
    [ "$status" -eq 1 ]
    [ -f "$ROOM/releases/dyb.md.problems.txt" ]
    grep -q '<title>Den gode</title>' "$ROOM/public/feeds/pressemeddelelser.rss"
    grep -q 'Stor 5' "$ROOM/public/feeds/pressemeddelelser.atom"
    [ "$(stat -c %s "$ROOM/public/feeds/pressemeddelelser.rss")" -lt 8000000 ]
    [ "$(mail_count '^Subject: Den gode')" -eq 1 ]
    [ "$(mail_count '^Subject: Stor 3')" -eq 1 ]
    [ "$(mail_count 'Begyndelsen')" -eq 1 ]
    [ "$(mail_count '/releases/2026/et-stykke/')" -eq 1 ]
    run at 2026-06-10T08:20:00Z run
    [[ $output == *"still refused"* ]]
}

@test "thirty releases of one title have thirty addresses, and none is taken for another" {
    for i in $(seq 30); do
        BODY="$(seq -f "punkt$i-%g" 60 | tr '\n' ' ')" release_write "d$i.md" "title: Dagsorden" "mail: false"
    done
    pr run
    [ -d "$ROOM/public/releases/2026/dagsorden" ]
    for i in $(seq 2 30); do [ -d "$ROOM/public/releases/2026/dagsorden-$i" ]; done
    # one edited under another name is seen for what it is, however many came after it
    cp "$ROOM/releases/d1.md" "$ROOM/releases/ny.md"
    echo "Et ord mere." >>"$ROOM/releases/ny.md"
    run pr run
    [ "$status" -eq 1 ]
    [[ $output == *'ny.md: resembles “d1.md”'* ]]
    rm "$ROOM/releases/d1.md"
    run pr run
    [[ $output == *"1 still refused"* ]]
    [ ! -d "$ROOM/public/releases/2026/dagsorden-31" ]
}

@test "a release from before 1970 is an archive: published under its date, and mailed to nobody" {
    BODY="Sygehuset fik i dag sit første røntgenapparat." release_write gammel.md "title: Nyt apparat" "published: 1952-05-02 10:00"
    BODY="Klokken er nul, og tiden begynder." release_write nul.md "title: Tiden begynder" "published: 1970-01-01T00:00:00Z"
    run pr run
    [ "$status" -eq 0 ]
    [ -f "$ROOM/public/releases/1952/nyt-apparat/index.html" ]
    [ -f "$ROOM/public/releases/1970/tiden-begynder/index.html" ]
    grep -q '<published>1952-05-02T09:00:00Z</published>' "$ROOM/public/feeds/pressemeddelelser.atom"
    grep -q '<pubDate>Fri, 02 May 1952 10:00:00 +0100</pubDate>' "$ROOM/public/feeds/pressemeddelelser.rss"
    [[ $output == *"2 too old to mail"* ]]
    [ "$(mail_count '^Subject:')" -eq 1 ]
    pr release list --json | json '[r["state"] for r in d["releases"]]' | grep -qx '\["public", "public", "public"\]'
}

@test "an edit of which nothing is shown says so, once; a file that is only saved again says nothing" {
    pr run
    sed -i 's/^title:/x-sagsnummer: 17\ntitle:/' "$ROOM/releases/god.md"
    run at 2026-06-10T09:00:00Z run
    [ "$status" -eq 0 ]
    [[ $output == *"god.md: has been edited, but nothing of it that is shown or mailed has changed"* ]]
    run at 2026-06-10T09:10:00Z run
    [[ $output != *"has been edited"* ]]
    touch "$ROOM/releases/god.md"
    run at 2026-06-10T09:20:00Z run
    [[ $output != *"has been edited"* ]]
    sed -i 's/^title:/published: 2026-06-09 10:00\ntitle:/' "$ROOM/releases/god.md"
    run at 2026-06-10T09:30:00Z run
    [[ $output == *"god.md: is public already, so another time in “published” changes nothing"* ]]
    grep -q published "$ROOM/releases/god.md.problems.txt"
}

# Makes the stored text of the release with that id unreadable.
spoil() {
    "$PYTHON" -c 'import sqlite3, sys
store = sqlite3.connect(sys.argv[1])
store.execute("UPDATE release_revision SET document = ? WHERE release_row_id = (SELECT row_id FROM release WHERE public_id = ?)",
              ("<release", sys.argv[2]))
store.commit()' "$ROOM/state/pressroom.db" "$1"
}

@test "a stored text that nobody can read keeps no other from being published, shown or mailed" {
    BODY="Det er en tekst, som går i stykker." release_write x.md "id: x" "title: I stykker"
    BODY="Det er en tekst, som går i stykker bagefter." release_write y.md "id: y" "title: Bagefter"
    pr ingest
    spoil x
    run at 2026-06-10T08:10:00Z run
    echo "$output"
    [ "$status" -eq 1 ]
    [[ $output == *"publish: 2 published, 1 failed"* ]]
    [ "$(mail_count '^Subject: Den gode')" -eq 1 ]
    spoil y
    BODY="En ny meddelelse om noget helt tredje." release_write z.md "id: z" "title: Den nye"
    BODY="En tekst, som ligner den, der gik i stykker." release_write w.md "id: w" "title: Bagefter"
    run at 2026-06-10T09:00:00Z run
    echo "$output"
    grep -q '<title>Den nye</title>' "$ROOM/public/feeds/pressemeddelelser.rss"
    grep -q '<title>Den gode</title>' "$ROOM/public/feeds/pressemeddelelser.rss"
    [ -f "$ROOM/public/releases/2026/bagefter/index.html" ]
    [ "$(mail_count '^Subject: Den nye')" -eq 1 ]
}
