#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Who is forgotten leaves no byte in state/, and comes back by a sign-up of their own alone.

bats_require_minimum_version 1.5.0
load newsroom

setup() {
    newsroom_make
    subscriber_add bo@avis.example
}

# Nothing under state/, in database, journals or any other file, holds the words, whatever their capitals.
nothing_in_state_of() {
    local word
    for word in "$@"; do
        if grep -rqai -e "$word" "$ROOM/state"; then
            grep -rlai -e "$word" "$ROOM/state"
            return 1
        fi
    done
}

# Everything that can be kept of a person: mails sent and queued, requests, events with evidence, a refusal's text.
anna_is_known_all_over() {
    subscriber_add Anna.Berg@Avis.example --evidence "formular af anna.berg@avis.example, 1. maj 2026"
    release_write nyt.md "title: Nyt sundhedshus"
    pr run >/dev/null
    [ "$(mail_count '^To: Anna.Berg@Avis.example')" -eq 1 ]
    pr subscriber add anna.berg@avis.example --feed press-releases --cadence weekly >/dev/null
    sed -i 's/delay: 0s/delay: 5m/' "$ROOM/newsroom.yaml"
    BODY="En helt anden tekst om noget nyt i Ådal." release_write b.md "title: Den anden"
    pr ingest >/dev/null
    at 2026-06-10T08:01:00Z publish >/dev/null # every command's clock begins anew: not before it was seen
    at 2026-06-10T08:01:00Z announce >/dev/null
    [ "$(pr status --json | json 'd["mailings"][0]["queued"]')" -eq 2 ]
    grep -rqai anna.berg "$ROOM/state"
}

# Holds I17.
@test "forget: no byte stays in state/, also with mails still queued; the books balance" {
    anna_is_known_all_over
    run -0 pr subscriber forget ANNA.BERG@avis.example
    [[ $output == *erased* ]]
    nothing_in_state_of anna.berg
    run -1 pr subscriber show anna.berg@avis.example
    books_balance
    before=$(mail_count)
    at 2026-06-10T09:00:00Z run >/dev/null
    [ "$(mail_count '^To: Anna.Berg')" -eq 1 ] # the one from before
    [ "$(mail_count)" -eq $((before + 1)) ]    # the other one's
    nothing_in_state_of anna.berg
    books_balance
    run -0 pr subscriber forget anna.berg@avis.example # harmless when repeated
    [[ $output == *"not known"* ]]
}

@test "forget: an import does not bring the person back, a sign-up of their own does" {
    anna_is_known_all_over
    pr subscriber forget anna.berg@avis.example >/dev/null
    printf 'address,state,confirmed_at,evidence\nANNA.berg@avis.example,confirmed,2026-01-01,liste\nanna.berg@avis.example,pending,,\n' >"$ROOM/liste.csv"
    run -1 pr subscriber import "$ROOM/liste.csv"
    [[ $output == *":2: "*suppressed* ]]
    [[ $output == *":3: "*suppressed* ]]
    run -1 pr subscriber add anna.berg@avis.example --confirmed --evidence "liste"
    nothing_in_state_of anna.berg
    run -0 pr subscriber add anna.berg@avis.example
    [ "$(pr subscriber show anna.berg@avis.example --json | json 'd["state"]')" = pending ]
}

@test "forget: while another program reads, exit 1 and bytes pending; the next run makes up for it" {
    anna_is_known_all_over
    mkfifo "$BATS_TEST_TMPDIR/hold"
    sqlite3 "$ROOM/state/pressroom.db" <"$BATS_TEST_TMPDIR/hold" >"$BATS_TEST_TMPDIR/read" 3>&- &
    local reader=$!
    exec 8>"$BATS_TEST_TMPDIR/hold"
    echo "BEGIN; SELECT count(*) FROM subscriber;" >&8
    until [ -s "$BATS_TEST_TMPDIR/read" ]; do sleep 0.05; done
    run -1 pr subscriber forget anna.berg@avis.example
    [[ $output == *"bytes pending"* ]]
    run -1 pr subscriber show anna.berg@avis.example
    exec 8>&-
    wait "$reader"
    pr run >/dev/null
    nothing_in_state_of anna.berg
}

@test "forget --json says what happened" {
    pr subscriber forget bo@avis.example --json | json '(d["address"], d["known"], d["bytes_pending"])' |
        grep -qxF "('bo@avis.example', True, False)"
    run -1 pr subscriber forget 'ikke en adresse'
}

@test "who never confirmed is expired after 7 days and erased after 30, who left after 2 years" {
    pr subscriber add anna.berg@avis.example >/dev/null
    pr subscriber unsubscribe bo@avis.example >/dev/null
    at 2026-06-18T08:00:00Z run >/dev/null
    [ "$(pr subscriber show anna.berg@avis.example --json | json 'd["state"]')" = expired ]
    at 2026-07-11T08:00:00Z run >/dev/null
    nothing_in_state_of anna.berg
    [ "$(pr subscriber show bo@avis.example --json | json 'd["state"]')" = unsubscribed ]
    at 2028-06-11T08:00:00Z run >/dev/null
    nothing_in_state_of bo@avis
}

@test "who leaves before confirming has left" {
    pr subscriber add anna.berg@avis.example >/dev/null
    pr subscriber unsubscribe anna.berg@avis.example >/dev/null
    pr subscriber show anna.berg@avis.example --json | json '(d["state"], d["events"][-1]["event"])' |
        grep -qxF "('unsubscribed', 'unsubscribed')"
    pr deliver >/dev/null
    [ "$(mail_count anna.berg)" -eq 0 ]
}

@test "show tells the whole story, to the newsroom and with --json, the answer to who asks for their data" {
    subscriber_add anna@avis.example --feed pressemeddelelser --cadence daily --language en
    release_write nyt.md "title: Nyt sundhedshus"
    pr run >/dev/null
    run -0 pr subscriber show bo@avis.example
    [[ $output == *"State:    confirmed, since 2026-06-10 10:00"* ]]
    [[ $output == *"granted, by cli"*"language: da"*"consent:  2026-06-10 10:00"*"evidence: blanket 12, 1. maj 2026"* ]]
    pr subscriber add bo@avis.example --feed press-releases --cadence weekly >/dev/null
    pr subscriber show bo@avis.example --json >"$BATS_TEST_TMPDIR/bo"
    json '[(e["event"], e["way"], e["cadence"], e["language"]) for e in d["events"]]' <"$BATS_TEST_TMPDIR/bo" |
        grep -qxF '[["granted", "cli", "immediate", "da"], ["requested", "cli", "weekly", "da"]]'
    json 'sorted(d["events"][0])' <"$BATS_TEST_TMPDIR/bo" | grep -qxF \
        '["at", "cadence", "consent", "event", "evidence", "feeds", "language", "network", "way", "wording", "wording_version"]'
    json '[(r["feeds"], r["cadence"], r["used"]) for r in d["requests"]]' <"$BATS_TEST_TMPDIR/bo" |
        grep -qxF '[[["press-releases"], "weekly", null]]'
    json '[(m["kind"], m["state"]) for m in d["mails"]]' <"$BATS_TEST_TMPDIR/bo" |
        grep -qxF '[["release", "sent"], ["confirmation", "queued"]]'
    id=$(pr release list --json | json 'd["releases"][0]["id"]')
    [ "$(json 'd["mails"][0]["release"]' <"$BATS_TEST_TMPDIR/bo")" = "$id" ]
}

@test "show: what a stranger wrote cannot steer the terminal" {
    pr subscriber add cato@avis.example --confirmed --evidence "$(printf 'a\033[2Jb\302\233c\nd')" >/dev/null
    run -0 pr subscriber show cato@avis.example
    [[ $output == *'evidence: a [2Jb\x9Bc'* ]]
    [[ $output != *$'\033'* && $output != *$'\302\233'* ]]
}
