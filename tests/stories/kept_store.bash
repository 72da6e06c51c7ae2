#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Makes the kept store of a version anew, as SQL text on standard output: run it with the program of that version, before
# the version is tagged, and never afterwards. A made-up newsroom: subscribers in each state, a release mailed at once, a
# digest of it, and who waits for the next one.
# Usage: PRESSROOM_PROGRAM=… tests/stories/kept_store.bash >tests/stories/kept/store-VERSION.sql
set -euo pipefail
BATS_TEST_DIRNAME=$(cd "$(dirname "$0")" && pwd)
BATS_TEST_TMPDIR=$(mktemp -d)
trap 'rm -rf "$BATS_TEST_TMPDIR"' EXIT
# shellcheck source=tests/stories/newsroom.bash
source "$BATS_TEST_DIRNAME/newsroom.bash"

kept_newsroom() {
    newsroom_make
    cat >"$BATS_TEST_TMPDIR/people.csv" <<CSV
address;state;confirmed_at;evidence
bo@avis.example;bounced;;
ulla@avis.example;unsubscribed;;
klaus@avis.example;complained;;
CSV
    subscriber_add anna@avis.example
    subscriber_add dora@avis.example --cadence daily
    pr subscriber add pia@avis.example >/dev/null
    pr -q subscriber import "$BATS_TEST_TMPDIR/people.csv" >/dev/null
    release_write a.md "id: a" "title: Nyt sundhedshus i Lillesund"
    at 2026-06-10T09:00:00Z -q run
    at 2026-06-11T06:00:01Z -q run
    BODY="En anden nyhed med sin egen tekst om noget helt andet." release_write b.md "id: b" "title: Rundvisning i Ådal"
    at 2026-06-11T09:00:00Z -q run
}

kept_newsroom >&2
sqlite3 "$ROOM/state/pressroom.db" .dump
