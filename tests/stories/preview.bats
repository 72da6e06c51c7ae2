#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# What is not public yet, seen by those who may see it: in the hand, and behind a link.

load newsroom
load serve

setup() {
    newsroom_make
    serve_configure
    mkdir "$ROOM/releases/hus"
    picture_write hus/hus.png 1400 900
    release_write hus/tekst.md "id: hus" "title: Nyt sundhedshus i Lillesund" "status: draft" \
        "images: [{file: hus.png, alt: Huset}]"
    pr run
}

teardown() {
    serve_stop
}

# link FILE: the path of a link to it
link() {
    local url
    url=$(pr preview --link "$ROOM/releases/$1") || return
    echo "${url#https://presse.nordhav.example}"
}

previews() {
    find "$ROOM/state/previews" -name '*.html' 2>/dev/null | wc -l
}

# Holds I1.
@test "a draft's link shows a button, then the page, until it is public" {
    path=$(link hus)
    [ "$(previews)" = 1 ]
    [ "$(stat -c %a "$ROOM"/state/previews/*.html)" = 600 ]
    serve_start
    get "$path" >"$BATS_TEST_TMPDIR/button"
    status_is 200
    none -i -e sundhedshus -e lillesund "$BATS_TEST_TMPDIR/button"
    grep -q 'Vis det' "$BATS_TEST_TMPDIR/button"
    head_has 'Cache-Control: no-store'
    head_has 'X-Robots-Tag: noindex, nofollow'
    head_has 'Referrer-Policy: no-referrer'
    get "$path" -I >"$BATS_TEST_TMPDIR/head_only"
    none -i sundhedshus "$BATS_TEST_TMPDIR/head_only"
    get "$path" -X POST >"$BATS_TEST_TMPDIR/page"
    status_is 200
    head_has 'Cache-Control: no-store'
    head_has 'X-Robots-Tag: noindex, nofollow'
    head_has 'Referrer-Policy: no-referrer'
    tr -d '\r' <"$BATS_TEST_TMPDIR/head" | grep -qi "^Content-Security-Policy: default-src 'none'; img-src data:"
    grep -q 'Forhåndsvisning – ikke offentliggjort' "$BATS_TEST_TMPDIR/page"
    grep -q '<h1>Nyt sundhedshus i Lillesund</h1>' "$BATS_TEST_TMPDIR/page"
    grep -q '<img src="data:image/png;base64,' "$BATS_TEST_TMPDIR/page"
    none -E 'src="?http|<link|<script|<form|srcset' "$BATS_TEST_TMPDIR/page"
    [ -z "$(grep -rl sundhedshus "$ROOM/public")" ]
    sed -i '/^status: draft/d' "$ROOM/releases/hus/tekst.md"
    pr run
    # The file is another, and public: the link leads there.
    get "$path" -X POST >"$BATS_TEST_TMPDIR/page"
    status_is 410
    none -i '<h1>Nyt sundhedshus' "$BATS_TEST_TMPDIR/page"
    grep -q 'https://presse.nordhav.example/releases/2026/nyt-sundhedshus-i-lillesund/' "$BATS_TEST_TMPDIR/page"
    [ "$(previews)" = 0 ]
}

@test "a newer revision ends it, and so do seven days; a wrong token is as unknown" {
    path=$(link hus)
    serve_start
    sed -i 's/Lillesund/Vesterhavn/' "$ROOM/releases/hus/tekst.md"
    pr run
    get "$path" -X POST >"$BATS_TEST_TMPDIR/page"
    status_is 410
    none -i -e "sundhedshus i" "$BATS_TEST_TMPDIR/page"
    grep -q 'Der er kommet en nyere udgave' "$BATS_TEST_TMPDIR/page"
    [ "$(previews)" = 0 ]
    next=$(link hus)
    get "$next" -X POST | grep -q 'Nyt sundhedshus i Vesterhavn'
    serve_stop
    week=$(date -u -d "$PRESSROOM_NOW + 7 days + 1 minute" +%FT%TZ)
    PRESSROOM_NOW=$week serve_start
    get "$next" -X POST >"$BATS_TEST_TMPDIR/page"
    status_is 404
    none -i sundhedshus "$BATS_TEST_TMPDIR/page"
    get "${next%?????}aaaaa" -X POST >"$BATS_TEST_TMPDIR/wrong"
    status_is 404
    cmp "$BATS_TEST_TMPDIR/page" "$BATS_TEST_TMPDIR/wrong"
    get /preview/ -X POST >/dev/null
    status_is 405
    at "$week" run
    [ "$(previews)" = 0 ]
}

# Holds I14.
@test "the token stands in no log" {
    path=$(link hus)
    token=${path##*/}
    SERVE_OPTIONS=-vvv
    serve_start
    get "$path" >/dev/null
    get "$path" -X POST >/dev/null
    rm "$ROOM"/state/previews/*.html
    get "$path" -X POST >/dev/null
    status_is 503
    serve_stop
    none -F "$token" "$BATS_TEST_TMPDIR/serve.log"
    none -iF sundhedshus "$BATS_TEST_TMPDIR/serve.log"
}

@test "killed between file and row, nothing is left for long" {
    ! PRESSROOM_FAULT=preview-file pr preview --link "$ROOM/releases/hus" || return 1
    [ "$(previews)" = 1 ]
    touch -d "$PRESSROOM_NOW - 2 hours" "$ROOM"/state/previews/*
    pr run
    [ "$(previews)" = 0 ]
}

@test "no link to what no run has taken, or what is public" {
    release_write b.md "title: Ny bro"
    run pr preview --link "$ROOM/releases/b.md"
    [ "$status" -ne 0 ]
    [[ $output == *'no run has taken it'* ]]
    pr run
    run pr preview --link "$ROOM/releases/b.md"
    [ "$status" -ne 0 ]
    [[ $output == *'it is public'* ]]
}
