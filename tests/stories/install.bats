#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# What `cmake --install` puts in place works from there.

bats_require_minimum_version 1.5.0
load newsroom

@test "an installed pressroom finds its share folder and makes a newsroom" {
    build=$(dirname "$(dirname "$PRESSROOM_PROGRAM")")
    cmake --install "$build" --prefix "$BATS_TEST_TMPDIR/usr" >/dev/null
    PRESSROOM_PROGRAM=$BATS_TEST_TMPDIR/usr/bin/pressroom
    [ -n "$PRESSROOM_SANITIZED" ] || "$PRESSROOM_ROOT/tests/lint/check_program.sh" "$PRESSROOM_PROGRAM" "$BATS_TEST_TMPDIR"/usr/lib/pressroom/{rendition,mime_parser,html,spelling}.so
    newsroom_make
    release_write a.md "title: Overskrift"
    pr run
    grep -rq Overskrift "$ROOM/public/releases"
    "$PRESSROOM_PROGRAM" init "$BATS_TEST_TMPDIR/de" --name N --url https://n.example/ --from n@n.example --language de
    [ -e "$BATS_TEST_TMPDIR/de/feeds/pressemitteilungen.yaml" ]
}

@test "an installed pressroom publishes a picture, and says what is missing where it cannot" {
    build=$(dirname "$(dirname "$PRESSROOM_PROGRAM")")
    cmake --install "$build" --prefix "$BATS_TEST_TMPDIR/usr" >/dev/null
    PRESSROOM_PROGRAM=$BATS_TEST_TMPDIR/usr/bin/pressroom
    PRESSROOM_NOW=2026-11-01T08:00:00Z
    newsroom_make
    cp -r "$PRESSROOM_ROOT/tests/example/newsroom/releases/ventetider" "$ROOM/releases/"
    mv "$BATS_TEST_TMPDIR/usr/lib/pressroom/rendition.so" "$BATS_TEST_TMPDIR/elsewhere.so"
    run -1 --separate-stderr pr ingest
    [[ $stderr == *lib/pressroom/rendition.so*install* ]]
    pr publish
    [ -z "$(find "$ROOM/public" -name 'ventetid*')" ]
    mv "$BATS_TEST_TMPDIR/elsewhere.so" "$BATS_TEST_TMPDIR/usr/lib/pressroom/rendition.so"
    pr run
    [ -n "$(find "$ROOM/public" -name 'ventetid*.png')" ]
}

@test "an installed pressroom reads mail, and says what is missing where it cannot" {
    local inbox=$BATS_TEST_TMPDIR/inbox
    build=$(dirname "$(dirname "$PRESSROOM_PROGRAM")")
    cmake --install "$build" --prefix "$BATS_TEST_TMPDIR/usr" >/dev/null
    PRESSROOM_PROGRAM=$BATS_TEST_TMPDIR/usr/bin/pressroom
    newsroom_make
    mkdir -p "$inbox"/{new,cur,tmp}
    sed -i "s|^mail:|mail:\n  inbox: maildir:$inbox\n  replies: svar@nordhav.example\n  bounces: bounce@nordhav.example|" "$ROOM/newsroom.yaml"
    printf 'From: Ida <ida@avis.example>\nTo: svar+subscribe@nordhav.example\nSubject: ja\nMessage-ID: <1@avis.example>\n\nja\n' >"$inbox/new/1.test"
    mv "$BATS_TEST_TMPDIR/usr/lib/pressroom/mime_parser.so" "$BATS_TEST_TMPDIR/elsewhere.so"
    run ! --separate-stderr pr collect
    [[ $stderr == *lib/pressroom/mime_parser.so*install*GMime* ]]
    [ -e "$inbox/new/1.test" ]
    mv "$BATS_TEST_TMPDIR/elsewhere.so" "$BATS_TEST_TMPDIR/usr/lib/pressroom/mime_parser.so"
    run pr collect
    [[ $output == *"1 asked to join"* ]]
}

@test "where a language's file is broken, a command that needs it says so and ends in order" {
    local languages file
    build=$(dirname "$(dirname "$PRESSROOM_PROGRAM")")
    cmake --install "$build" --prefix "$BATS_TEST_TMPDIR/usr" >/dev/null
    PRESSROOM_PROGRAM=$BATS_TEST_TMPDIR/usr/bin/pressroom
    languages=$BATS_TEST_TMPDIR/usr/share/pressroom/templates/languages
    newsroom_make
    release_write a.md "title: Overskrift" "published: 2026-06-10T09:00:00+02:00"
    pr ingest
    for file in strings notes words mail; do
        cp "$languages/da/$file.yaml" "$BATS_TEST_TMPDIR/whole"
        echo "title: [a" >>"$languages/da/$file.yaml"
        run -1 --separate-stderr pr doctor
        [[ $stderr == *"languages/da/$file.yaml:"*"not closed"*installed* ]]
        if [ "$file" = strings ]; then
            run -2 --separate-stderr pr publish
            [[ $stderr == *"languages/da/strings.yaml:"* ]]
            run -2 --separate-stderr pr preview "$ROOM/releases/a.md"
            [[ $stderr == *"languages/da/strings.yaml:"* ]]
        fi
        cp "$BATS_TEST_TMPDIR/whole" "$languages/da/$file.yaml"
    done
    pr publish
    grep -rq Overskrift "$ROOM/public/releases"
}

@test "the installed units are sound, and closed in as far as systemd can tell" {
    local build unit
    build=$(dirname "$(dirname "$PRESSROOM_PROGRAM")")
    cmake --install "$build" --prefix "$BATS_TEST_TMPDIR/usr" >/dev/null
    for unit in "$BATS_TEST_TMPDIR"/usr/lib/systemd/system/*.service; do
        sed -i "s|/usr/local/|$BATS_TEST_TMPDIR/usr/|" "$unit"
        run systemd-analyze verify --man=no "$unit"
        echo "$output"
        [ "$status" -eq 0 ]
        [ -z "$output" ]
        # exposure in tenths: of 0 (closed) to 100
        systemd-analyze security --no-pager --offline=true --threshold=20 "$unit" | tail -1
    done
    [ -f "$unit" ]
}
