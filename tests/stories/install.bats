#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# What `cmake --install` puts in place works from there.

bats_require_minimum_version 1.5.0
load newsroom

@test "an installed pressroom finds its share folder and makes a newsroom" {
    build=$(dirname "$(dirname "$PRESSROOM_PROGRAM")")
    cmake --install "$build" --prefix "$BATS_TEST_TMPDIR/usr" >/dev/null
    PRESSROOM_PROGRAM=$BATS_TEST_TMPDIR/usr/bin/pressroom
    newsroom_make
    release_write a.md "title: Overskrift"
    pr run
    grep -rq Overskrift "$ROOM/public/releases"
}
