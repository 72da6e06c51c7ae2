#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Every kind of page of the example newsroom, before and after its corrections and withdrawals: valid HTML, no violation
# that axe knows of, in light and dark, on a phone and a desktop, in Danish and English; and the same for the HTML mails.

bats_require_minimum_version 1.5.0

setup_file() {
    export ROOT
    ROOT=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
    export ROOM=$BATS_FILE_TMPDIR/room
    "$PRESSROOM_PROGRAM" -q init "$ROOM" --name "Region Nordhav" --url https://presse.nordhav.example/ \
        --from "Region Nordhav Presse <presse@nordhav.example>"
    cp -R "$ROOT/tests/example/newsroom/." "$ROOM/"
    sed -i "s|^  smtp: .*|  smtp: maildir:$BATS_FILE_TMPDIR/mail|" "$ROOM/newsroom.yaml"
    "$PRESSROOM_PROGRAM" -q -C "$ROOM" subscriber import "$ROOM/subscribers.csv"
    "$PRESSROOM_PROGRAM" -q -C "$ROOM" run
    cp -R "$ROOT/tests/example/later/." "$ROOM/"
    "$PRESSROOM_PROGRAM" -q -C "$ROOM" run
    mkdir "$BATS_FILE_TMPDIR/html"
    /usr/bin/python3 - "$BATS_FILE_TMPDIR" <<'PYTHON'
import email.policy, glob, os, sys
folder = sys.argv[1]
pages = {}
for path in sorted(glob.glob(os.path.join(folder, "mail/new/*"))):
    with open(path, "rb") as file:
        message = email.message_from_binary_file(file, policy=email.policy.default)
    html = message.get_body(("html",)).get_content()
    # One of each: the same subject to the next person is the same mail.
    pages.setdefault((message["Subject"].split(" [")[0], html[html.find("lang="):][:9]), html)
for number, html in enumerate(pages.values()):
    with open(os.path.join(folder, f"html/{number}.html"), "w", encoding="utf-8") as file:
        file.write(html)
PYTHON
}

@test "the Nu checker finds no error and no warning in any page" {
    "$ROOT/tests/web/vnu.sh" "$ROOM/public"
}

@test "axe finds no violation on any kind of page, in both schemes and widths" {
    node "$ROOT/tests/web/axe.js" "$ROOM/public"
}

@test "the HTML mails are valid and without violation" {
    "$ROOT/tests/web/vnu.sh" "$BATS_FILE_TMPDIR/html"
    node "$ROOT/tests/web/axe.js" "$BATS_FILE_TMPDIR"/html/*.html
}

@test "feed readers agree on the example's feeds, and its XML is well-formed" {
    /usr/bin/python3 "$ROOT/tests/peers/feeds_agree.py" "$ROOM/public/feeds"
    find "$ROOM/public" \( -name '*.atom' -o -name '*.rss' -o -name '*.xml' -o -name '*.opml' \) -print0 | xargs -0 xmllint --noout
}
