#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# People in a real browser, behind nginx with TLS: from the box on a page to the mail, yes, choices, leaving, coming back and
# being forgotten; Danish and English, phone and desktop, light and dark; every page valid and without violation.

bats_require_minimum_version 1.5.0
load ../stories/newsroom
load ../stories/dovecot
load ../stories/serve
load ../stories/proxy

setup() {
    newsroom_make
    export ROOM MAIL PRESSROOM_PROGRAM
    mkdir "$BATS_TEST_TMPDIR/pages"
    serve_configure
}

teardown() {
    proxy_stop
    serve_stop
}

newsroom_open() {
    release_write nyt.md "title: Nyt sundhedshus i Lillesund" "topics: [sundhed]" "published: 2026-06-10T09:00:00+02:00"
    BODY="Region Nordhav opens a new health centre in Lillesund this summer." release_write new.md "title: New health centre" \
        "language: en" "topics: [sundhed]" "published: 2026-06-10T09:10:00+02:00"
    pr run >/dev/null
    serve_start
}

# journey MAP [VARIABLE=VALUE…]: pictures go to $PICTURES, if it is set
journey() {
    run env STARTS="/topics/sundhed/ /$(cd "$ROOM/public" && ls -d releases/2026/nyt*)/ /en/ /en/feeds/" "${@:2}" \
        node "$PRESSROOM_ROOT/tests/web/journey.js" "$1" "$BATS_TEST_TMPDIR/pages" ${PICTURES:-}
    echo "$output"
    [ "$status" -eq 0 ]
}

@test "from sign-up to being forgotten, in a browser" {
    newsroom_open
    nginx_start presse.nordhav.example
    journey "presse.nordhav.example:443 127.0.0.1:$PROXY_PORT"
    "$PRESSROOM_ROOT/tests/web/vnu.sh" "$BATS_TEST_TMPDIR/pages"
    none -r '@avis.example' "$ROOM/state"
}

@test "public/ on one host, serve on another" {
    sed -i 's|^  language: da|  language: da\n  endpoint: https://tilmeld.nordhav.example/|' "$ROOM/newsroom.yaml"
    newsroom_open
    # One has files alone, the other passes everything on.
    PROXY_WHOLE=tilmeld.nordhav.example nginx_start presse.nordhav.example "proxy_pass http:" "return 404; # http:" \
        "form-action 'self'" "form-action 'self' https://tilmeld.nordhav.example"
    journey "presse.nordhav.example:443 127.0.0.1:$PROXY_PORT,tilmeld.nordhav.example:443 127.0.0.1:$PROXY_PORT" SHORT=1
    "$PRESSROOM_ROOT/tests/web/vnu.sh" "$BATS_TEST_TMPDIR/pages"
}
