#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# A store of each version that was released (kept/, made by kept_store.bash) opens, keeps what it knows and goes on:
# whoever had a release does not get it again, and who may not be mailed still may not.

bats_require_minimum_version 1.5.0
load newsroom

setup() {
    newsroom_make
}

# The newsroom that the store of version $1 is of
room_restore() {
    mkdir -m 700 -p "$ROOM/state"
    sqlite3 "$ROOM/state/pressroom.db" <"$BATS_TEST_DIRNAME/kept/store-$1.sql"
    release_write a.md "id: a" "title: Nyt sundhedshus i Lillesund"
    BODY="En anden nyhed med sin egen tekst om noget helt andet." release_write b.md "id: b" "title: Rundvisning i Ådal"
}

# What every subscriber is: "address state" lines
states() {
    pr subscriber list --json | json '"\n".join(sorted(s["address"]+" "+s["state"] for s in d["subscribers"]))'
}

went_on() {
    room_restore "$1"
    export PRESSROOM_NOW=2026-06-11T10:00:00Z
    pr run
    [ "$(mail_count)" -eq 0 ]
    [ "$(states)" = "anna@avis.example confirmed
bo@avis.example bounced
dora@avis.example confirmed
klaus@avis.example complained
pia@avis.example pending
ulla@avis.example unsubscribed" ]
    books_balance
    pr status --json | json 'sorted((m["sent"], m["audience"]) for m in d["mailings"])' | grep -qx '\[\[1, 1\], \[1, 1\], \[1, 1\]\]'
    [ "$(sqlite3 "$ROOM/state/pressroom.db" 'PRAGMA integrity_check')" = ok ]
    [ -z "$(sqlite3 "$ROOM/state/pressroom.db" 'PRAGMA foreign_key_check')" ]

    # The next digest brings what waited for it, and that alone.
    at 2026-06-12T06:00:01Z -q run
    [ "$(mail_count)" -eq 1 ]
    mails '^To: dora@' | xargs grep -q 'Feedback-ID: .*:digest:'
    [ -n "$(mails 'Rundvisning')" ]
    [ -z "$(mails 'sundhedshus i Lillesund')" ]

    # News reaches who follows at once, and nobody else.
    BODY="En tredje nyhed, som ingen har set endnu, om busser til hospitalet." release_write c.md "id: c" "title: Busser"
    at 2026-06-12T09:00:00Z -q run
    [ "$(mail_count)" -eq 2 ]
    [ "$(mail_count '^To: anna@')" -eq 1 ]
    books_balance

    # A new store has the same tables.
    local fresh=$BATS_TEST_TMPDIR/fresh
    "$PRESSROOM_PROGRAM" init "$fresh" --name N --url https://n.example/ --from n@n.example --language da >/dev/null
    "$PRESSROOM_PROGRAM" -q -C "$fresh" run
    diff <(tables "$ROOM") <(tables "$fresh")
}

# Tables with their columns, indexes, triggers and views of a newsroom's store, and the versions
tables() {
    sqlite3 "$1/state/pressroom.db" "SELECT m.name, c.name, c.type, c.\"notnull\", c.pk FROM sqlite_schema m
        JOIN pragma_table_info(m.name) c WHERE m.type IN ('table', 'view') ORDER BY 1, 2;
        SELECT type, name, sql FROM sqlite_schema WHERE type IN ('index', 'trigger', 'view') ORDER BY 1, 2;
        SELECT name, version FROM schema_version ORDER BY 1"
}

@test "a store of 0.1.0 is brought up, and nobody is mailed twice" {
    went_on 0.1.0
}

@test "a store from before 0.1.0 is refused and left as it is; what its advice says is done, and nobody is mailed twice" {
    release_write a.md "id: a" "title: Nyt sundhedshus i Lillesund"
    subscriber_add anna@avis.example
    pr -q run
    [ "$(mail_count)" -eq 1 ]
    pr subscriber export >"$BATS_TEST_TMPDIR/people.csv"
    local store=$ROOM/state/pressroom.db
    sqlite3 "$store" "UPDATE schema_version SET version = 1 WHERE name = 'database'"
    sha256sum "$store" >"$BATS_TEST_TMPDIR/before"
    for command in run status "subscriber list"; do
        # shellcheck disable=SC2086 # words of a command
        run -2 pr $command
        [[ $output == *"before 0.1.0"*"export the subscribers"* ]]
        [[ $output != *newer* ]]
    done
    sha256sum -c "$BATS_TEST_TMPDIR/before"

    mv "$store" "$BATS_TEST_TMPDIR/old.db"
    pr -q subscriber import "$BATS_TEST_TMPDIR/people.csv"
    at 2026-06-11T08:00:00Z -q run
    [ "$(mail_count)" -eq 1 ]
    [ "$(states)" = "anna@avis.example confirmed" ]
}
