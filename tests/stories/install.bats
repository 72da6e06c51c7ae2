#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# What `cmake --install` puts in place works from there.

bats_require_minimum_version 1.5.0
load newsroom

@test "an installed pressroom finds its share folder and makes a newsroom" {
    build=$(dirname "$(dirname "$PRESSROOM_PROGRAM")")
    cmake --install "$build" --prefix "$BATS_TEST_TMPDIR/usr" >/dev/null
    PRESSROOM_PROGRAM=$BATS_TEST_TMPDIR/usr/bin/pressroom
    [ -n "$PRESSROOM_SANITIZED" ] || "$PRESSROOM_ROOT/tests/lint/check_program.sh" "$PRESSROOM_PROGRAM" "$BATS_TEST_TMPDIR/usr/lib/pressroom/picture.so"
    newsroom_make
    release_write a.md "title: Overskrift"
    pr run
    grep -rq Overskrift "$ROOM/public/releases"
}

@test "an installed pressroom publishes a picture, and says what is missing where it cannot" {
    build=$(dirname "$(dirname "$PRESSROOM_PROGRAM")")
    cmake --install "$build" --prefix "$BATS_TEST_TMPDIR/usr" >/dev/null
    PRESSROOM_PROGRAM=$BATS_TEST_TMPDIR/usr/bin/pressroom
    PRESSROOM_NOW=2026-11-01T08:00:00Z
    newsroom_make
    cp -r "$PRESSROOM_ROOT/tests/example/newsroom/releases/ventetider" "$ROOM/releases/"
    mv "$BATS_TEST_TMPDIR/usr/lib/pressroom" "$BATS_TEST_TMPDIR/elsewhere"
    pr ingest
    run -1 --separate-stderr pr publish
    [[ $stderr == *lib/pressroom/picture.so*install* ]]
    [ -z "$(find "$ROOM/public" -name 'ventetid*.png')" ]
    mv "$BATS_TEST_TMPDIR/elsewhere" "$BATS_TEST_TMPDIR/usr/lib/pressroom"
    pr run
    [ -n "$(find "$ROOM/public" -name 'ventetid*.png')" ]
}
