#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# A file is shown in a browser while it is written.

bats_require_minimum_version 1.5.0
load newsroom
load serve

setup() {
    newsroom_make
}

teardown() {
    preview_stop
}

# preview_start FILE [ARGUMENT…]: sets URL, without the slash at its end
preview_start() {
    local fifo=$BATS_TEST_TMPDIR/preview.out
    rm -f "$fifo"
    mkfifo "$fifo"
    "$PRESSROOM_PROGRAM" -C "$ROOM" preview --serve "$@" >"$fifo" 2>>"$BATS_TEST_TMPDIR/preview.log" 3>&- &
    PREVIEW=$!
    read -r URL <"$fifo"
    URL=${URL%/}
    [ -n "$URL" ]
}

preview_stop() {
    [ -z "${PREVIEW:-}" ] || kill "$PREVIEW" 2>/dev/null || true
    [ -z "${PREVIEW:-}" ] || wait "$PREVIEW" 2>/dev/null || true
    PREVIEW=
}

state_is() {
    [ "$(get /state | json 'd["state"]')" = "$1" ]
}

page_has() {
    get /page | grep -q "$1"
}

# Holds I1.
@test "three saves are followed, and nothing is published" {
    release_write hus.md "title: Nyt sundhedshus" "status: draft"
    preview_start "$ROOM/releases/hus.md"
    [[ "$URL" == http://127.0.0.1:* ]]
    get / >"$BATS_TEST_TMPDIR/shell"
    status_is 200
    head_has 'Cache-Control: no-store'
    head_has 'Referrer-Policy: no-referrer'
    grep -q 'Forhåndsvisning af hus.md' "$BATS_TEST_TMPDIR/shell"
    [ "$(grep -c '<iframe [^>]*sandbox="allow-same-origin"' "$BATS_TEST_TMPDIR/shell")" = 3 ]
    page_has '<h1>Nyt sundhedshus</h1>'
    tr -d '\r' <"$BATS_TEST_TMPDIR/head" | grep -qi "^Content-Security-Policy: sandbox allow-same-origin; default-src 'none'"
    get /mail | grep -q 'Nyt sundhedshus'
    get /text | grep -q 'Nyt sundhedshus'
    for title in "Nyt sundhedshus i Lillesund" "Nyt sundhedshus i Vesterhavn" "Nyt sundhedshus i Storby"; do
        release_write hus.md "title: $title" "status: draft"
        eventually page_has "<h1>$title</h1>"
        get /mail | grep -q "$title"
        get /text | grep -q "$title"
    done
    [ "$(get /state | json 'd["version"]')" -ge 4 ]
    [ -z "$(grep -rl sundhedshus "$ROOM/public" 2>/dev/null)" ]
    [ ! -d "$ROOM/state/preview" ]
}

@test "what is half-written tells what is wrong, and the last good page stays" {
    release_write hus.md "title: Nyt sundhedshus"
    preview_start "$ROOM/releases/hus.md"
    state_is good
    printf -- '---\ntitle: Nyt\n' >"$ROOM/releases/hus.md"
    eventually state_is refused
    get /state | json 'd["findings"][0]["text"]' | grep -q '”---”\|“---”'
    [ "$(get /state | json 'd["findings"][0]["label"]')" = "Skal rettes" ]
    [ "$(get /state | json 'd["findings"][0]["line"]')" = "Linje 1" ]
    page_has '<h1>Nyt sundhedshus</h1>'
    rm "$ROOM/releases/hus.md"
    eventually state_is missing
    page_has '<h1>Nyt sundhedshus</h1>'
    release_write hus.md "title: Nyt hus"
    eventually page_has '<h1>Nyt hus</h1>'
    state_is good
}

@test "a file that is refused at first has its findings, and a page once it is good" {
    printf -- '---\ntitle: Nyt\n' >"$ROOM/releases/hus.md"
    preview_start hus.md
    state_is refused
    get /page >/dev/null
    status_is 404
    release_write hus.md "title: Nyt hus"
    eventually page_has '<h1>Nyt hus</h1>'
}

@test "a folder among the drafts is followed with its pictures, and a file's sidecar" {
    mkdir -p "$ROOM/releases/Kladder/hus"
    release_write Kladder/hus/tekst.md "title: Nyt hus" "images: [{file: hus.png, alt: Huset}]"
    preview_start Kladder/hus
    state_is refused
    picture_write Kladder/hus/hus.png 1400 900
    eventually state_is good
    page_has '<img src="data:image/png;base64,'
    preview_stop
    echo "Nyt hus åbner. Region Nordhav åbner et nyt sundhedshus i Lillesund til sommer." >"$ROOM/releases/Kladder/bus.txt"
    echo "title: Nye busser" >"$ROOM/releases/Kladder/bus.yaml"
    preview_start "$ROOM/releases/Kladder/bus.txt"
    page_has '<h1>Nye busser</h1>'
    echo "title: Flere nye busser" >"$ROOM/releases/Kladder/bus.yaml"
    eventually page_has '<h1>Flere nye busser</h1>'
}

# previewed FILE: the page that `preview` writes of it
previewed() {
    cat "$(pr preview --json "$1" 2>/dev/null | json 'd["folder"]')/page/index.html"
}

# Holds I1.
@test "a file in a container is checked and shown as a run would take it" {
    sed -i 's/^intake: .*/intake: {settle: 0s, folders: {Sundhed: {topics: [Sundhed og pleje]}}}/' "$ROOM/newsroom.yaml"
    mkdir -p "$ROOM/releases/Kladder" "$ROOM/releases/Sundhed/Kladder/hus"
    release_write Kladder/bro.md "title: Ny bro"
    release_write Sundhed/Kladder/hus/tekst.md "title: Nyt hus" "images: [{file: hus.png, alt: Huset}]"
    picture_write Sundhed/Kladder/hus/hus.png 1400 900
    pr check Kladder/bro.md | grep -q '^Kladder/bro.md: good: Ny bro'
    pr check "$ROOM/releases/Sundhed/Kladder/hus" | grep -q '^Sundhed/Kladder/hus/: good: Nyt hus'
    previewed Kladder/bro.md | grep -q '<h1>Ny bro</h1>'
    previewed "$ROOM/releases/Sundhed/Kladder/hus" >"$BATS_TEST_TMPDIR/page"
    grep -q '<h1>Nyt hus</h1>' "$BATS_TEST_TMPDIR/page"
    grep -q '<img [^>]*alt="Huset"' "$BATS_TEST_TMPDIR/page"
    preview_start Sundhed/Kladder/hus
    page_has 'Det er en kladde.'
    page_has '<img src="data:image/png;base64,'
    preview_stop
    # The same behind a run that has taken it.
    pr run
    preview_start Kladder/bro.md
    page_has 'Det er en kladde.'
    [ -z "$(grep -rl -e 'Ny bro' -e 'Nyt hus' "$ROOM/public")" ]
}

@test "other names, other paths and other methods see nothing" {
    release_write hus.md "title: Nyt sundhedshus"
    preview_start hus.md
    origin=${URL%/*}
    port=${origin##*:}
    for host in "evil.example" "evil.example:$port" "127.0.0.1" "127.0.0.1:1" "127.0.0.1.evil.example:$port" "10.0.0.1:$port"; do
        get /page -H "Host: $host" >"$BATS_TEST_TMPDIR/page"
        status_is 421
        none -i sundhedshus "$BATS_TEST_TMPDIR/page"
    done
    get /page -H "Host: localhost:$port" >/dev/null
    status_is 200
    get /page -X POST >/dev/null
    status_is 405
    get /elsewhere >/dev/null
    status_is 404
    URL=$origin
    for path in / /page /state "/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/page"; do
        get "$path" >"$BATS_TEST_TMPDIR/page"
        status_is 404
        none -i sundhedshus "$BATS_TEST_TMPDIR/page"
    done
}

@test "it ends with Ctrl-C, and says what it cannot do" {
    release_write hus.md "title: Nyt sundhedshus"
    preview_start hus.md
    kill -INT "$PREVIEW"
    wait "$PREVIEW"
    PREVIEW=
    run -1 pr preview --serve nothing.md
    run -2 pr preview --listen 127.0.0.1:0 hus.md
    run -2 pr preview --serve --link hus.md
    run -2 pr preview --serve --listen nowhere hus.md
}
