#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Feed readers read every feed without complaint and agree on id, title, link and time.

bats_require_minimum_version 1.5.0
load newsroom

setup() {
    newsroom_make
    release_write a.md "id: a" 'title: "Æbler & <pærer>: 50 % \"mere\""' "topics: [sundhed]" "published: 2026-06-09T10:00:00+02:00"
    release_write b.md "id: b" "title: Anden" "type: invitation" "event: {start: 2026-06-20 10:00, place: Rådhuset}"
    release_write c.md "id: c" "title: Second" "language: en" "translation_of: b"
    pr run
}

@test "feedparser reads every feed without complaint; the three formats agree" {
    "$PYTHON" "$PRESSROOM_ROOT/tests/peers/feeds_agree.py" "$ROOM/public/feeds"
}

@test "newsboat takes the same entries from every feed: id, title, link and time" {
    for feed in "$ROOM"/public/feeds/*.atom "$ROOM"/public/feeds/*.rss; do
        echo "file://$feed"
    done >"$BATS_TEST_TMPDIR/urls"
    HOME=$BATS_TEST_TMPDIR newsboat -u "$BATS_TEST_TMPDIR/urls" -c "$BATS_TEST_TMPDIR/cache" -C /dev/null -x reload
    "$PYTHON" "$PRESSROOM_ROOT/tests/peers/newsboat_agrees.py" "$BATS_TEST_TMPDIR/cache"
}

@test "all XML is well-formed" {
    find "$ROOM/public" \( -name '*.atom' -o -name '*.rss' -o -name '*.xml' -o -name '*.opml' \) -print0 | xargs -0 xmllint --noout
}
