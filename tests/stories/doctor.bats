#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# doctor: what is wrong is found, named with how to mend it, and nothing is changed.

bats_require_minimum_version 1.5.0
load newsroom

setup() {
    newsroom_make
}

teardown() {
    smtp_peer_stop
}

# verdict_of PLACE: the verdicts of that place in the last --json answer
verdict_of() {
    json "' '.join(c['verdict'] for c in d['checks'] if c['place'] == '$1')" <"$BATS_TEST_TMPDIR/doctor.json"
}

doctor_json() {
    run pr doctor --json 2>/dev/null
    pr doctor --json >"$BATS_TEST_TMPDIR/doctor.json" 2>/dev/null || true
}

# What files there are, and what stands in them; a reader of the database may touch its journal.
tree_of() {
    find "$ROOM" -type f ! -name '*-shm' ! -name '*-wal' -printf '%P %m ' -exec md5sum {} + | sort
}

@test "a newsroom that was just made, and one that runs, have no problem; nothing is changed" {
    run -0 pr doctor
    release_write nyt.md "title: Nyt sundhedshus"
    subscriber_add anna@avis.example
    pr run >/dev/null
    before=$(tree_of)
    run -0 pr doctor
    [[ $output == *"good     state/pressroom.db: whole"* ]]
    [[ $output == *"good     public/feeds/pressemeddelelser.atom: there"* ]]
    [[ $output == *"site.url: "*"name for examples"* ]]
    [[ $output == *"doctor: 0 problems"* ]]
    [ "$before" = "$(tree_of)" ]
    doctor_json
    [ "$(json 'd["problems"]' <"$BATS_TEST_TMPDIR/doctor.json")" = 0 ]
    [ "$(verdict_of state/secret.key)" = good ]
    [ "$(verdict_of serve.listen)" = warning ]
}

@test "secrets that others can read, a feed that is gone or made elsewhere, each with what to do" {
    release_write nyt.md "title: Nyt sundhedshus"
    subscriber_add anna@avis.example
    pr run >/dev/null
    chmod 644 "$ROOM/state/secret.key" "$ROOM/state/pressroom.db"
    rm "$ROOM/public/feeds/alt.atom"
    sed -i 's,https://presse.nordhav.example/,https://gammel.nordhav.example/,g' "$ROOM/public/feeds/alt.rss"
    run -1 pr doctor
    [[ $output == *"state/secret.key: others can read it (mode 644); say chmod 600"* ]]
    [[ $output == *"state/pressroom.db: others can read it"* ]]
    [[ $output == *"public/feeds/alt.atom: is not there; say \`pressroom publish\`"* ]]
    [[ $output == *"public/feeds/alt.rss: was made for another site.url"* ]]
    [[ $output == *"doctor: 4 problems"* ]]
    run -1 pr doctor --json
}

@test "a damaged database is found" {
    for i in $(seq 200); do echo "p$i@avis.example,confirmed,2026-01-01,liste"; done |
        sed '1i address,state,confirmed_at,evidence' >"$ROOM/liste.csv"
    pr subscriber import "$ROOM/liste.csv" >/dev/null
    sqlite3 "$ROOM/state/pressroom.db" 'PRAGMA wal_checkpoint(TRUNCATE)' >/dev/null
    page=$(sqlite3 "$ROOM/state/pressroom.db" "SELECT rootpage FROM sqlite_master WHERE name = 'subscriber_state'")
    dd if=/dev/urandom of="$ROOM/state/pressroom.db" bs=4096 seek="$((page - 1))" count=1 conv=notrunc 2>/dev/null
    run -1 pr doctor
    [[ $output == *"state/pressroom.db"*"put back a copy"* ]]
}

@test "a configuration that cannot be used is exit 2" {
    echo 'mial: {}' >>"$ROOM/newsroom.yaml"
    run -2 pr doctor
    [[ $output == *mial* ]]
}

@test "the relay is greeted and left, its silence and its absence are problems" {
    smtp_peer_start
    sed -i "s,smtp: maildir:.*,smtp: smtp://127.0.0.1:$SMTP_PORT," "$ROOM/newsroom.yaml"
    run -0 pr doctor
    [[ $output == *"good     mail.smtp: smtp://127.0.0.1:$SMTP_PORT greets and takes mails"* ]]
    [ "$(mail_count)" -eq 0 ]
    smtp_peer_stop
    run -1 pr doctor
    [[ $output == *"mail.smtp: "* ]]
}

@test "the mailbox is opened, and what waits for a person is told" {
    mkdir -p "$BATS_TEST_TMPDIR/inbox/new" "$BATS_TEST_TMPDIR/inbox/cur" "$BATS_TEST_TMPDIR/inbox/tmp"
    sed -i "s,^mail:,mail:\n  inbox: maildir:$BATS_TEST_TMPDIR/inbox," "$ROOM/newsroom.yaml"
    release_write ond.md "titel: Ond"
    pr run >/dev/null 2>&1 || true
    run -0 pr doctor
    [[ $output == *"good     mail.inbox: can be opened"* ]]
    [[ $output == *"releases/: 1 files wait for a person"* ]]
    sed -i "s,maildir:$BATS_TEST_TMPDIR/inbox,maildir:$BATS_TEST_TMPDIR/nowhere," "$ROOM/newsroom.yaml"
    run -1 pr doctor
    [[ $output == *"mail.inbox: "* ]]
}
