#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Feed readers read every feed without complaint and agree on id, title, link and time.

bats_require_minimum_version 1.5.0
load newsroom

setup() {
    newsroom_make
    local pictures=$PRESSROOM_ROOT/tests/example/newsroom/releases
    cp "$pictures/akutmodtagelse/indgang.jpg" "$pictures/ventetider/ventetid.png" "$ROOM/releases"
    release_write a.md "id: a" 'title: "Æbler & <pærer>: 50 % \"mere\""' "topics: [sundhed]" "published: 2026-06-09T10:00:00+02:00" \
        "images: [{file: indgang.jpg, alt: Indgangen, credit: Lars Juul}, {file: ventetid.png, alt: Ventetiden}]"
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

@test "readers are given a picture as pages show it, and a link to the original" {
    local folder=https://presse.nordhav.example/releases/2026/aebler-paerer-50-mere
    local feed
    feed=$(grep -l indgang "$ROOM"/public/feeds/*.rss | head -1)
    feed=${feed%.rss}
    grep -qF "<enclosure url=\"$folder/indgang-1200.jpg\" length=\"$(stat -c %s "$ROOM/public/${folder#*example/}/indgang-1200.jpg")\"" "$feed.rss"
    [ "$(grep -o 'media:content url="[^"]*"' "$feed.rss" | head -1)" = "media:content url=\"$folder/indgang-1200.jpg\"" ]
    grep -qF "<atom:link rel=\"related\" type=\"image/jpeg\" length=\"$(stat -c %s "$ROOM/public/${folder#*example/}/indgang.jpg")\"" "$feed.rss"
    "$PYTHON" - "$feed.json" "$folder" <<'PY'
import json, sys
item = next(each for each in json.load(open(sys.argv[1], encoding="utf-8"))["items"] if each["title"].startswith("Æbler"))
assert [each["url"] for each in item["attachments"][:2]] == [sys.argv[2] + "/indgang-1200.jpg", sys.argv[2] + "/indgang.jpg"], item
assert item["image"] == sys.argv[2] + "/indgang-1200.jpg", item
PY
}

@test "all XML is well-formed" {
    find "$ROOM/public" \( -name '*.atom' -o -name '*.rss' -o -name '*.xml' -o -name '*.opml' \) -print0 | xargs -0 xmllint --noout
}
