#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Files of word processors and pages that were made to do harm: each is answered by a line, for little, and costs no other release anything.

bats_require_minimum_version 1.5.0
load newsroom

setup() {
    newsroom_make
    HOSTILE=$PRESSROOM_ROOT/tests/rich_text/hostile.py
}

# Holds I13.
@test "each hostile file gets a line for two seconds and 200 MB at most, and nothing is fetched" {
    run "$PYTHON" "$PRESSROOM_ROOT/tests/rich_text/hostile_check.py" "$PRESSROOM_PROGRAM" "$ROOM"
    echo "$output"
    [ "$status" -eq 0 ]
}

@test "all of them at once cost no release beside them anything, and nothing of what was refused is public" {
    local name outcome extension
    while read -r name outcome extension; do
        mkdir -p "$ROOM/releases/$name" # what is alone in a folder is no copy of its neighbour
        "$PYTHON" "$HOSTILE" make "$name" "$ROOM/releases/$name" 1 >/dev/null
        [ "$outcome" = refused ] || rm -r "${ROOM:?}/releases/$name"
    done < <("$PYTHON" "$HOSTILE" list)
    release_write god.md "title: Den gode meddelelse"
    run -1 pr run
    grep -rq 'Den gode meddelelse' "$ROOM/public/releases"
    nothing_public_of HEMMELIGT Hemmeligt 'root:' 'ufarligt afsnit'
    [ "$(find "$ROOM/public/releases/2026" -name release.json | wc -l)" -eq 1 ]
    # Each has a note that says why.
    while read -r name outcome extension; do
        [ "$outcome" = read ] || [ -s "$ROOM/releases/$name/$name.$extension.problems.txt" ]
    done < <("$PYTHON" "$HOSTILE" list)
    run -1 pr run
    [[ $output == *"still refused"* ]]
}

@test "a file of a gigabyte with nothing in it is refused by its size" {
    local extension
    for extension in docx odt html; do
        truncate -s 1G "$ROOM/releases/stor.$extension"
    done
    run -1 pr run
    for extension in docx odt html; do
        cat "$ROOM/releases/stor.$extension.problems.txt"
    done
    "$PYTHON" "$PRESSROOM_ROOT/tests/peers/within.py" 1024 "$BATS_TEST_TMPDIR/report.json" "$PRESSROOM_PROGRAM" -C "$ROOM" check || true
    cat "$BATS_TEST_TMPDIR/report.json"
    [ -n "$PRESSROOM_SANITIZED" ] || [ "$(json "d['largest'] < 200" <"$BATS_TEST_TMPDIR/report.json")" = True ]
}

@test "ten thousand broken Word files at once, and the good one among them is out" {
    "$PYTHON" - "$ROOM/releases" <<'PY'
import sys
for n in range(10000):
    with open(f"{sys.argv[1]}/fil{n}.docx", "wb") as file:
        file.write(b"PK\3\4" + str(n).encode() * 10)
PY
    release_write god.md "title: Den gode meddelelse"
    run -1 bash -c 'ulimit -t "$1"; shift; exec "$@"' limited "$((${#PRESSROOM_SANITIZED} ? 600 : 120))" "$PRESSROOM_PROGRAM" -C "$ROOM" -q run
    grep -rq 'Den gode meddelelse' "$ROOM/public/releases"
    [ "$(pr status --json | json 'sum(d["releases"].values())')" -eq 1 ]
}
