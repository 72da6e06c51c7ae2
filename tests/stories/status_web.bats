#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The page that says what became of each file, on the web behind a link that receipts give.

load newsroom
load serve

setup() {
    newsroom_make
    serve_configure
    printf '%s\n' "status: web" "receipts: {to: [presse@nordhav.example]}" >>"$ROOM/newsroom.yaml"
    release_write ude.md "title: Nyt sundhedshus" "published: 2026-06-10T07:00:00Z"
    release_write kladde.md "title: Kladde om bro" "status: draft"
    release_write forkert.md "title: Forkert" "ukendt: ja"
    pr run -q || true
    pr run -q || true
    LINK=$(path_in_mail presse@nordhav.example status)
    [ -n "$LINK" ]
}

teardown() {
    serve_stop
}

# Holds I1.
@test "a button first, then the page, which hides after an hour what is not public" {
    serve_start
    get "$LINK" >"$BATS_TEST_TMPDIR/button"
    status_is 200
    grep -q 'Vis status' "$BATS_TEST_TMPDIR/button"
    none -i -e sundhedshus -e kladde "$BATS_TEST_TMPDIR/button"
    none "style-src 'unsafe-inline'" "$BATS_TEST_TMPDIR/head"
    get "$LINK" -X POST >"$BATS_TEST_TMPDIR/page"
    status_is 200
    head_has 'Cache-Control: no-store'
    head_has 'X-Robots-Tag: noindex, nofollow'
    head_has 'Referrer-Policy: no-referrer'
    tr -d '\r' <"$BATS_TEST_TMPDIR/head" | grep -qi "^Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'; form-action 'none'"
    grep -q 'Nyt sundhedshus' "$BATS_TEST_TMPDIR/page"
    grep -q 'Kladde om bro' "$BATS_TEST_TMPDIR/page"
    grep -q 'forkert.md' "$BATS_TEST_TMPDIR/page"
    none -E '<script|<link|<img|<form|@nordhav' "$BATS_TEST_TMPDIR/page"
    serve_stop
    PRESSROOM_NOW=$(date -u -d "$PRESSROOM_NOW + 61 minutes" +%FT%TZ) serve_start
    get "$LINK" -X POST >"$BATS_TEST_TMPDIR/page"
    status_is 200
    grep -q 'Nyt sundhedshus' "$BATS_TEST_TMPDIR/page"
    none -i -e 'om bro' -e kladde.md -e forkert "$BATS_TEST_TMPDIR/page"
    grep -q '2 er ikke offentlige endnu' "$BATS_TEST_TMPDIR/page"
}

# Holds I1.
@test "an old link shows of what is public the title that stands there, not that of a text that is kept back" {
    release_write ude.md "title: Hemmelig overskrift" "published: 2026-06-10T07:00:00Z" "correction: Hemmelig rettelse"
    pr -q ingest || true
    PRESSROOM_NOW=$(date -u -d "$PRESSROOM_NOW + 61 minutes" +%FT%TZ) serve_start
    get "$LINK" -X POST >"$BATS_TEST_TMPDIR/page"
    status_is 200
    grep -q 'Nyt sundhedshus' "$BATS_TEST_TMPDIR/page"
    none -i hemmelig "$BATS_TEST_TMPDIR/page"
}

@test "it ends after thirty days, a wrong one is unknown, and so is a right one where the page is not on the web" {
    PRESSROOM_NOW=$(date -u -d "$PRESSROOM_NOW + 30 days + 1 minute" +%FT%TZ) serve_start
    get "$LINK" -X POST >"$BATS_TEST_TMPDIR/page"
    status_is 410
    grep -q 'Linket er for gammelt' "$BATS_TEST_TMPDIR/page"
    none -i sundhedshus "$BATS_TEST_TMPDIR/page"
    get "${LINK%?????}aaaaa" -X POST >/dev/null
    status_is 404
    get /status/ >/dev/null
    status_is 404
    serve_stop
    sed -i 's/^status: web/status: file/' "$ROOM/newsroom.yaml"
    serve_start
    get "$LINK" -X POST >"$BATS_TEST_TMPDIR/page"
    status_is 404
    none -i sundhedshus "$BATS_TEST_TMPDIR/page"
}

# Holds I14.
@test "the token stands in no log" {
    SERVE_OPTIONS=-vvv
    serve_start
    get "$LINK" >/dev/null
    get "$LINK" -X POST >/dev/null
    status_is 200
    serve_stop
    none -F "${LINK##*/}" "$BATS_TEST_TMPDIR/serve.log"
    none -iF sundhedshus "$BATS_TEST_TMPDIR/serve.log"
}

@test "status: web without an endpoint is told, and changes nothing" {
    sed -i 's/^site:.*/&/; /^ *endpoint:/d; s/^site: {/site: {endpoint: none, /; s/^site:$/site:\n  endpoint: none/' "$ROOM/newsroom.yaml"
    run pr run
    [ "$status" -ne 0 ]
    [[ $output == *'“status: web” needs an address'* ]]
}
