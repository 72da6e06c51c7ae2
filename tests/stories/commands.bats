#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The command line: help, exit codes, JSON, and what each command promises.

bats_require_minimum_version 1.5.0
load newsroom

setup() {
    newsroom_make
}

teardown() {
    smtp_peer_stop
}

@test "help for every command, and for all of them" {
    "$PRESSROOM_PROGRAM" --help | grep -q 'Usage: pressroom'
    "$PRESSROOM_PROGRAM" --version | grep -q '^pressroom [0-9]'
    for command in init check preview ingest publish announce deliver run "release list" "release show" "release withdraw" "release resume" audience \
        "mailing list" "mailing show" "mailing pause" "mailing resume" "mailing cancel" "subscriber add" "subscriber list" \
        "subscriber show" "subscriber unsubscribe" "subscriber forget" "subscriber import" "subscriber export" status doctor; do
        "$PRESSROOM_PROGRAM" --help | grep -q "  $command"
        # shellcheck disable=SC2086
        "$PRESSROOM_PROGRAM" $command --help | grep -q "Usage: pressroom $command"
    done
}

@test "a command or option that is not known is named with the nearest one, exit 2" {
    run -2 "$PRESSROOM_PROGRAM" -C "$ROOM" publsh
    [[ $output == *publish* ]]
    run -2 "$PRESSROOM_PROGRAM" -C "$ROOM" subscriber add a@b.example --evidnce x
    [[ $output == *--evidence* ]]
    run -2 "$PRESSROOM_PROGRAM" -C "$ROOM" release show
    run -2 "$PRESSROOM_PROGRAM" -C "$ROOM" release
    [[ $output == *"release …"* ]]
    run -1 "$PRESSROOM_PROGRAM" -C "$ROOM" announce no-such-release
    [[ $output == *"release list"* && $output != *"nothing new"* ]]
    run -2 "$PRESSROOM_PROGRAM"
    run -2 "$PRESSROOM_PROGRAM" -C "$BATS_TEST_TMPDIR/nowhere" run
    [[ $output == *newsroom.yaml* ]]
}

@test "switches may share a hyphen; to be told more and less at once is refused" {
    run -0 pr -qh
    [[ $output == *"Usage: pressroom"* ]]
    for both in "-vq" "-qv" "-v -q" "--verbose --quiet"; do
        # shellcheck disable=SC2086
        run -2 pr $both status
        [ "$output" = "pressroom: -v and -q ask for opposites; say one of them" ]
    done
    run -2 pr -vx status
    [[ $output == *"-vx: no such option"* ]]
}

@test "init refuses a folder that is a newsroom already, and changes nothing" {
    before=$(cd "$ROOM" && find . -type f -exec md5sum {} + | sort)
    run -1 "$PRESSROOM_PROGRAM" init "$ROOM" --name X --url https://x.example/ --from x@x.example
    [ "$before" = "$(cd "$ROOM" && find . -type f -exec md5sum {} + | sort)" ]
}

@test "init makes nothing up: it refuses without name and address, and asks for them in a terminal" {
    new=$BATS_TEST_TMPDIR/new
    run -2 "$PRESSROOM_PROGRAM" init "$new" </dev/null
    [ "$output" = 'pressroom: init: --name and --url are missing; write them like this: --name "Region Nordhav" --url "https://presse.nordhav.example/"' ]
    run -2 "$PRESSROOM_PROGRAM" init "$new" --name "Region Nordhav" </dev/null
    [ "$output" = 'pressroom: init: --url is missing; write it like this: --url "https://presse.nordhav.example/"' ]
    run -2 "$PRESSROOM_PROGRAM" init "$new" --name "Region Nordhav" --url http://127.0.0.1/
    [[ $output == *"--from is missing"* ]]
    run -2 "$PRESSROOM_PROGRAM" init "$new" --name "Region Nordhav" --url https:presse.nordhav.example
    [[ $output == *"lacks the “://” behind “https”"* ]]
    [ ! -e "$new" ]
    "$PYTHON" - "$PRESSROOM_PROGRAM" "$new" >"$BATS_TEST_TMPDIR/asked" <<'PY'
import os, pty, sys
child, terminal = pty.fork()
if child == 0:
    os.execv(sys.argv[1], [sys.argv[1], "init", sys.argv[2]])
os.write(terminal, "  Region Nordhav \nhttps://presse.nordhav.example/\n".encode())
said = b""
while True:
    try:
        more = os.read(terminal, 4096)
    except OSError:
        break
    if not more:
        break
    said += more
sys.stdout.write(said.decode())
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
PY
    grep -q 'Who publishes?' "$BATS_TEST_TMPDIR/asked"
    grep -q 'mails will come from "Region Nordhav" <presse@nordhav.example>' "$BATS_TEST_TMPDIR/asked"
    run -0 "$PRESSROOM_PROGRAM" -C "$new" check
    [ "${lines[0]}" = "newsroom.yaml: good: Region Nordhav, https://presse.nordhav.example/, 3 feeds" ]
    run -0 "$PRESSROOM_PROGRAM" -q -C "$new" check
    [ -z "$output" ]
    echo 'sitte: {}' >>"$new/newsroom.yaml"
    run -2 "$PRESSROOM_PROGRAM" -C "$new" check
    [[ $output != *good* ]]
}

@test "a fresh newsroom of init checks and runs as it is, in any language" {
    for language in "$BATS_TEST_DIRNAME"/../../templates/languages/*/language.yaml; do
        language=$(basename "$(dirname "$language")")
        "$PRESSROOM_PROGRAM" init "$BATS_TEST_TMPDIR/$language" --name 'Region "Nordhav": æøå' --url https://presse.nordhav.example \
            --from 'Region Nordhav <presse@nordhav.example>' --language $language
        [ "$(stat -c %a "$BATS_TEST_TMPDIR/$language/state")" = 700 ]
        run -0 "$PRESSROOM_PROGRAM" -C "$BATS_TEST_TMPDIR/$language" check
        [[ $output == *" $(ls "$BATS_TEST_TMPDIR/$language/feeds" | wc -l) feeds"* ]]
        "$PRESSROOM_PROGRAM" -C "$BATS_TEST_TMPDIR/$language" run
        [ -f "$BATS_TEST_TMPDIR/$language/public/index.html" ]
        grep -q "<html lang=\"$language\"" "$BATS_TEST_TMPDIR/$language/public/index.html"
        [ "$(stat -c %a "$BATS_TEST_TMPDIR/$language/state/secret.key" 2>/dev/null || echo 600)" = 600 ]
    done
}

@test "init names what it has no words for, and takes the feeds of the language that is nearest" {
    make() { "$PRESSROOM_PROGRAM" init "$BATS_TEST_TMPDIR/$1" --name N --url https://n.example/ --from n@n.example --language "$1"; }
    run -0 make la
    [[ $output == *"pages and mails are in English: words of la go into $BATS_TEST_TMPDIR/la/templates/languages/la/strings.yaml"* ]]
    grep -q 'language: \[la\]' "$BATS_TEST_TMPDIR/la/feeds/press-releases.yaml"
    run -0 make nn
    [[ $output != *English* ]]
    grep -q 'language: \[nn, nb\]' "$BATS_TEST_TMPDIR/nn/feeds/pressemeldinger.yaml"
    run -0 make de-AT
    grep -q 'language: \[de\]' "$BATS_TEST_TMPDIR/de-AT/feeds/pressemitteilungen.yaml"
    grep -q 'timezone: Europe/Berlin' "$BATS_TEST_TMPDIR/de-AT/newsroom.yaml"
    run -1 make xyz
    [[ $output == *"“language” is “xyz”, which is no language code"* ]]
}

@test "a newsroom in Norwegian by its old tag is told of mistakes with Norwegian words" {
    "$PRESSROOM_PROGRAM" init "$BATS_TEST_TMPDIR/no" --name N --url https://n.example/ --from n@n.example --language no
    printf -- '---\ntittl: Ny bro\n---\nTekst.\n' >"$BATS_TEST_TMPDIR/no/releases/bro.md"
    run -1 "$PRESSROOM_PROGRAM" -C "$BATS_TEST_TMPDIR/no" run
    grep -q 'mente du «tittel»' "$BATS_TEST_TMPDIR/no/releases/bro.md.problems.txt"
    grep -q '>Presserom<\|Nyheter' "$BATS_TEST_TMPDIR/no/public/index.html"
}

@test "every key that init shows as a comment holds when its # is taken away" {
    ROOM=$BATS_TEST_TMPDIR/fresh
    "$PRESSROOM_PROGRAM" init "$ROOM" --name "Region Nordhav" --url https://presse.nordhav.example/
    sed -i -E 's/^( *)# (( +|- )?[a-z_]+:.*|  .*)$/\1\2/' "$ROOM/newsroom.yaml"
    pr check
    for key in about address country privacy contacts endpoint language timezone smtp tls user password_file helo connections rate hours unknown list_id \
        bounces replies delimiter inbox inbox_password_file delay max_age max_new at weekly listen trusted_proxies metrics settle; do
        grep -q "^ \+$key: " "$ROOM/newsroom.yaml" || grep -q "^ \+$key:\$" "$ROOM/newsroom.yaml"
    done
}

@test "check changes nothing and says what a run would say" {
    release_write god.md "title: God"
    release_write ond.md "titl: Ond"
    before=$(cd "$ROOM" && find releases public state -printf '%p %s %T@\n' | sort)
    run -1 pr check
    [[ $output == *ond.md*title* ]]
    [[ $output == *god.md* ]]
    [ "$before" = "$(cd "$ROOM" && find releases public state -printf '%p %s %T@\n' | sort)" ]
    run -0 pr check "$ROOM/releases/god.md"
    pr check --json 2>/dev/null | json '[f["good"] for f in d["files"]]' | grep -q 'true, false\|false, true'
    pr check --json 2>/dev/null | json '{p["severity"] for f in d["files"] for p in f["problems"] if not f["good"]}' | grep -qx "{'error'}"
}

@test "preview writes page, mail and entry into a folder, and publishes nothing" {
    mkdir "$ROOM/releases/hus"
    picture_write hus/hus.png 60 40
    release_write hus/tekst.md "title: Nyt hus" "images: [{file: hus.png, alt: Huset}]"
    folder=$(pr preview "$ROOM/releases/hus" --json | json 'd["folder"]')
    for file in page/index.html mail.eml mail.html mail.txt entry.atom entry.rss entry.json; do
        grep -q 'Nyt hus' "$folder/$file"
    done
    # the mail is looked at where it lies: its picture is there, and nothing in it is still to be filled in
    picture=$(grep -o '<img src="file://[^"]*" width="60" height="40"' "$folder/mail.html" | cut -d'"' -f2)
    [ -s "${picture#file://}" ]
    ! grep -q 'slot[0-9a-f]\{20\}' "$folder"/mail.* "$folder"/digest.*
    [ -z "$(find "$ROOM/public" -type f)" ]
    pr release list --json | json 'd["releases"]' | grep -qx '\[\]'
}

@test "preview of what is withdrawn shows the notice, in the mail too" {
    local folder
    release_write a.md "id: a" "title: Hus" "status: withdrawn"
    folder=$(pr preview "$ROOM/releases/a.md" --json | json 'd["folder"]')
    grep -q 'Nyheden gælder ikke længere' "$folder/mail.txt"
    grep -q 'Trukket tilbage' "$folder/digest.txt"
    grep -q 'trukket tilbage' "$folder/page/index.html"
    ! grep -q 'sundhedshus' "$folder"/*.txt "$folder"/page/* || return 1
}

@test "preview names the page as it will be called, and takes away what is older than a week" {
    title="Region Nordhav åbner nyt sundhedshus med læger, jordemødre og genoptræning i Lillesund til foråret"
    release_write a.md "title: $title"
    folder=$(pr preview "$ROOM/releases/a.md" --json | json 'd["folder"]')
    touch -d 2026-06-01 "$folder"
    newer=$(at 2026-06-10T08:00:00Z preview "$ROOM/releases/a.md" --json | json 'd["folder"]')
    [ ! -e "$folder" ]
    [ -f "$newer/page/index.html" ]
    pr run
    page=$(cd "$ROOM/public" && ls -d releases/2026/region-nordhav-*)
    grep -q "$page/" "$newer/mail.txt"
    grep -q "$page/" "$newer/entry.atom"
}

@test "audience counts per feed and language, and lists addresses" {
    subscriber_add a@avisen.example --feed pressemeddelelser
    subscriber_add b@avisen.example --feed pressemeddelelser --feed alt
    subscriber_add c@paper.example --language en --feed press-releases
    pr subscriber add venter@avisen.example --feed alt >/dev/null
    release_write a.md "id: a" "title: Overskrift"
    pr audience "$ROOM/releases/a.md" --json | json 'd["people"]' | grep -qx 2
    pr run
    pr audience a --json | json 'd["people"], d["already_mailed"]' | grep -q '0, 2'
    release_write b.md "id: b" "title: Næste" "mail: false"
    at 2026-06-10T08:10:00Z run
    [ "$(pr audience b --list | sort | tr '\n' ' ')" = "a@avisen.example b@avisen.example " ]
}

@test "subscribers: import, list, show, export; refused lines are named and the others go in" {
    cat >"$BATS_TEST_TMPDIR/liste.csv" <<'CSV'
address;feeds;cadence;language;state;confirmed_at;evidence
anna@avisen.example;pressemeddelelser alt;immediate;da;confirmed;2026-05-01T10:00:00Z;blanket 1
"bo@avisen.example";alt;;en;confirmed;2026-05-02;mail fra Bo
ikke en adresse;;;;;;
cilla@avisen.example;findes-ikke;;;;;
dorte@avisen.example;alt;;;confirmed;;
erik@avisen.example;alt;;;;;
anna@avisen.example;alt;;;confirmed;2026-05-01T10:00:00Z;igen
CSV
    run -1 --separate-stderr pr subscriber import "$BATS_TEST_TMPDIR/liste.csv"
    [[ $stderr == *liste.csv:4:* ]]
    [[ $stderr == *liste.csv:5:*findes-ikke* ]]
    [[ $stderr == *liste.csv:6:* ]]
    pr subscriber list --state confirmed --json | json '[s["address"] for s in d["subscribers"]]' | grep -q 'anna.*bo'
    [ "$(pr subscriber list --state pending --json | json 'len(d["subscribers"])')" -eq 1 ]
    pr subscriber show anna@avisen.example --json | json 'd["events"][0]["evidence"]' | grep -qx 'blanket 1'
    pr subscriber show ANNA@Avisen.EXAMPLE | grep -q 'blanket 1'
    pr subscriber export | grep -q '^anna@avisen.example'
    pr subscriber export >"$BATS_TEST_TMPDIR/ud.csv"
    "$PRESSROOM_PROGRAM" init "$BATS_TEST_TMPDIR/igen" --name X --url https://x.example/ --from x@x.example >/dev/null
    cp "$ROOM"/feeds/*.yaml "$BATS_TEST_TMPDIR/igen/feeds/"
    "$PRESSROOM_PROGRAM" -C "$BATS_TEST_TMPDIR/igen" subscriber import "$BATS_TEST_TMPDIR/ud.csv"
}

@test "an import that fails on the way says how far it came" {
    subscriber_add a@avisen.example
    sqlite3 "$ROOM/state/pressroom.db" "CREATE TRIGGER full BEFORE INSERT ON subscriber
        BEGIN SELECT RAISE(ABORT, 'the disk is full'); END"
    printf '%s\n' address 'no address' b@avisen.example c@avisen.example >"$BATS_TEST_TMPDIR/liste.csv"
    run -1 --separate-stderr pr subscriber import "$BATS_TEST_TMPDIR/liste.csv"
    [ "$output" = "1 line: 0 added (0 confirmed, 0 asked to confirm), 1 refused" ]
    [[ $stderr == *liste.csv:2:*liste.csv:*"the disk is full"* ]]
}

@test "a list that is not there: what to do is said" {
    run -1 pr subscriber import "$BATS_TEST_TMPDIR/nofile.csv"
    [[ $output == *"nofile.csv: No such file or directory; name the CSV file to read"* ]]
    run -1 pr subscriber import "$BATS_TEST_TMPDIR"
    [[ $output == *"name the CSV file to read"* ]]
    : >"$BATS_TEST_TMPDIR/empty.csv"
    run -1 pr subscriber import "$BATS_TEST_TMPDIR/empty.csv"
    [[ $output == "pressroom: "*"empty.csv: the file is empty; its first line names the columns, address first" ]]
}

@test "one of a thing is not called many" {
    subscriber_add a@avisen.example
    sed -i 's/delay: 0s/delay: 10m/' "$ROOM/newsroom.yaml"
    release_write a.md "id: a" "title: Overskrift" "topics: [sundhed, ferie]"
    pr audience "$ROOM/releases/a.md" | grep -qx '1 person would be mailed now.'
    pr run
    pr release list --json | json 'd["releases"][0]["topics"]' | grep -qx '\["ferie", "sundhed"\]'
    pr mailing cancel 1 | grep -qF ' 1 message will not be sent.'
    pr release resend a --missed | grep -qF 'a: 1 message queued;'
    pr release withdraw a --reason "Forkerte tal" | grep -qF 'a is withdrawn; 1 message will not be sent.'
}

@test "who left or is unknown cannot be confirmed by hand behind their back" {
    subscriber_add anna@avisen.example
    pr subscriber unsubscribe anna@avisen.example
    run -1 pr subscriber add anna@avisen.example --confirmed --evidence "liste"
    [[ $output == "pressroom: anna@avisen.example: is unsubscribed; only a request of the person's own brings it back"* ]]
    pr subscriber show anna@avisen.example --json | json 'd["state"]' | grep -qx unsubscribed
    for command in "add" "show" "unsubscribe" "forget"; do
        run -1 pr subscriber $command anna
        [ "$output" = "pressroom: anna: the address lacks its @; write it as name@example.org" ]
    done
    run -1 pr subscriber show ukendt@avisen.example
    run -2 pr subscriber add ny@avisen.example --confirmed
}

# withdraw_behind_run: asks for it while file descriptor 8 holds the lock of those who write pages; sets WITHDRAWING
withdraw_behind_run() {
    local line=
    mkfifo "$BATS_TEST_TMPDIR/said"
    exec 8>"$ROOM/state/run.lock"
    flock 8
    env --default-signal=INT "$PRESSROOM_PROGRAM" -C "$ROOM" release withdraw a --reason "Forkerte tal" \
        >"$BATS_TEST_TMPDIR/withdrawn" 2>"$BATS_TEST_TMPDIR/said" 3>&- 8>&- &
    WITHDRAWING=$!
    read -r -t 60 line <"$BATS_TEST_TMPDIR/said" || true
    echo "$line"
    [[ $line == *"a: its mails are stopped; its page goes when the other run ends" ]] || kill "$WITHDRAWING"
}

withdraw_interrupt() {
    local code=0
    kill -INT "$WITHDRAWING"
    wait "$WITHDRAWING" || code=$?
    [ "$code" -eq 130 ]
    exec 8>&-
}

@test "a release is withdrawn while another run writes pages: nobody else is mailed meanwhile" {
    subscriber_add a@avisen.example
    release_write a.md "id: a" "title: Overskrift"
    pr ingest
    at 2026-06-10T08:01:00Z publish
    at 2026-06-10T08:02:00Z announce
    export PRESSROOM_NOW=2026-06-10T08:03:00Z
    withdraw_behind_run
    at 2026-06-10T08:04:00Z deliver
    pr mailing list --json | json 'd["mailings"][0]["cancelled"]' | grep -qx 1
    exec 8>&-
    wait "$WITHDRAWING"
    pr release list --json | json 'd["releases"][0]["state"]' | grep -qx withdrawn
    at 2026-06-10T08:05:00Z run
    [ "$(mail_count '^Subject:')" -eq 0 ]
    books_balance
}

@test "a withdrawal that waits for the run is honoured before there are mails, and done though it is interrupted" {
    subscriber_add a@avisen.example
    subscriber_add b@avisen.example --cadence daily
    release_write a.md "id: a" "title: Overskrift"
    release_write en.md "title: Headline" "translation_of: a" "language: en"
    pr ingest
    at 2026-06-10T08:01:00Z publish
    export PRESSROOM_NOW=2026-06-10T08:03:00Z
    withdraw_behind_run
    pr announce
    run -1 pr announce a
    [[ $output == *"release a: is withdrawn and is not mailed"* ]]
    run -1 pr release resend a --missed
    pr deliver
    withdraw_interrupt
    pr announce
    pr mailing list --json | json 'len(d["mailings"])' | grep -qx 0
    at 2026-06-10T08:04:00Z run
    grep -rq 'Forkerte tal' "$ROOM/public/releases"
    nothing_public_of 'nyt sundhedshus'
    pr release list --json | json 'all(r["state"] == "withdrawn" for r in d["releases"])' | grep -qx True
    at 2026-06-12T08:04:00Z run
    [ "$(mail_count '^Subject:')" -eq 0 ]
    books_balance
}

@test "a withdrawal that was interrupted while it waited is told to those who have the release, and no correction is" {
    subscriber_add a@avisen.example
    release_write a.md "id: a" "title: Overskrift"
    at 2026-06-10T08:01:00Z run
    release_write a.md "id: a" "title: Overskrift" "correction: Rettet tal"
    at 2026-06-10T08:02:00Z ingest
    at 2026-06-10T08:03:00Z publish
    export PRESSROOM_NOW=2026-06-10T08:04:00Z
    withdraw_behind_run
    subscriber_add b@avisen.example
    run -1 pr release resend a --missed
    pr announce
    pr deliver
    withdraw_interrupt
    [ "$(mail_count '^Subject:')" -eq 1 ]
    at 2026-06-10T08:05:00Z run
    [ "$(mail_count '^Subject: Trukket tilbage')" -eq 1 ]
    [ "$(mail_count '^Subject:')" -eq 2 ]
    nothing_public_of 'nyt sundhedshus'
    books_balance
}

@test "release withdraw: by command; the file that still says ready does not bring it back" {
    subscriber_add a@avisen.example
    release_write a.md "id: a" "title: Overskrift"
    pr run
    at 2026-06-10T09:00:00Z release withdraw a --reason "Forkerte tal" |
        grep -qxF 'a is withdrawn. `pressroom run` takes the page away.' # nothing waited
    at 2026-06-10T09:00:01Z run
    touch "$ROOM/releases/a.md"
    at 2026-06-10T09:10:00Z run
    pr release show a --json | json 'd["status"]' | grep -qx withdrawn
    grep -rq 'Forkerte tal' "$ROOM/public/releases"
}

@test "mailing pause, resume, cancel and show --recipients" {
    sed -i 's/delay: 0s/delay: 10m/' "$ROOM/newsroom.yaml"
    subscriber_add a@avisen.example
    subscriber_add b@avisen.example
    release_write a.md "id: a" "title: Overskrift"
    pr run
    mailing=$(pr mailing list --json | json 'd["mailings"][0]["id"]')
    pr mailing pause "$mailing"
    at 2026-06-10T09:00:00Z run
    [ "$(mail_count '^Subject:')" -eq 0 ]
    at 2026-06-10T09:01:00Z mailing resume "$mailing"
    at 2026-06-10T09:20:00Z run
    [ "$(mail_count '^Subject:')" -eq 2 ]
    pr mailing show "$mailing" --recipients | grep -q 'a@avisen.example.*sent'
    # the first pass over the people measures for the second: the columns stand under their headings
    pr mailing show "$mailing" --recipients | grep -A9 '^recipient' >"$BATS_TEST_TMPDIR/table"
    [ "$(wc -l <"$BATS_TEST_TMPDIR/table")" -eq 3 ]
    [ "$(cut -c1-17 "$BATS_TEST_TMPDIR/table" | tail -n 2 | sort | tr -d '\n')" = "a@avisen.example b@avisen.example " ]
    [ "$(cut -c19-22 "$BATS_TEST_TMPDIR/table" | tail -n 2 | sort -u)" = sent ]
    pr mailing show "$mailing" --recipients --json | json 'sorted(r["state"] for r in d["recipients"])' | grep -q 'sent'
    run -1 pr mailing cancel "$mailing"
    run -1 pr mailing show 9999
    books_balance
}

@test "mailing show --recipients --json that fails on the way does not look whole" {
    subscriber_add a@avisen.example
    release_write a.md "id: a" "title: Overskrift"
    pr run
    sqlite3 "$ROOM/state/pressroom.db" 'PRAGMA wal_checkpoint(TRUNCATE)' >/dev/null
    page=$(sqlite3 "$ROOM/state/pressroom.db" "SELECT rootpage FROM sqlite_master WHERE name = 'subscriber'")
    dd if=/dev/zero of="$ROOM/state/pressroom.db" bs=4096 seek="$((page - 1))" count=1 conv=notrunc 2>/dev/null
    run -1 --separate-stderr pr mailing show 1 --recipients --json
    [[ $output == *'"recipients": ['* ]]
    [[ $stderr == *"put back a copy"* ]]
    ! json d <<<"$output" 2>/dev/null
}

@test "status tells why messages wait or failed, and since when the oldest waits; recipients as CSV" {
    MAIL=$BATS_TEST_TMPDIR/mail smtp_peer_start --fault 'RCPT:reply=550 5.1.1 no such user:match=tabt' \
        --fault 'RCPT:reply=450 4.2.0 =HYPERLINK("later"), please:match=senere'
    sed -i "s|^  smtp: .*|  smtp: smtp://127.0.0.1:$SMTP_PORT|" "$ROOM/newsroom.yaml"
    for i in tabt1 tabt2 senere =naaet; do subscriber_add "$i@avisen.example"; done
    release_write a.md "id: a" "title: Overskrift"
    pr run
    at 2026-06-10T09:00:00Z status | tee "$BATS_TEST_TMPDIR/status"
    smtp_peer_stop
    grep -q '^  2 failed: 550 5.1.1 no such user$' "$BATS_TEST_TMPDIR/status"
    grep -q '^  1 deferred: 450 4.2.0 =HYPERLINK("later"), please$' "$BATS_TEST_TMPDIR/status"
    grep -q '^Waiting: *the oldest since 2026-06-10 10:05' "$BATS_TEST_TMPDIR/status"
    at 2026-06-10T09:00:00Z status --json | json '[(r["state"], r["code"], r["enhanced"], r["count"]) for r in d["mailings"][0]["reasons"]], d["waiting_since"][:16]' |
        grep -qxF "([('failed', 550, '5.1.1', 2), ('deferred', 450, '4.2.0', 1)], '2026-06-10T10:05')"
    pr mailing show 1 --json | json 'd["reasons"][0]["text"]' | grep -qx 'no such user'
    pr mailing show 1 --csv >"$BATS_TEST_TMPDIR/recipients.csv"
    "$PYTHON" - "$BATS_TEST_TMPDIR/recipients.csv" <<'PY'
import csv, sys
rows = {r["address"].split("@")[0]: r for r in csv.DictReader(open(sys.argv[1], encoding="utf-8", newline=""))}
assert len(rows) == 4, rows
assert rows["'=naaet"]["state"] == "sent" and rows["'=naaet"]["tries"] == "1"
assert rows["tabt1"]["code"] == "550" and rows["tabt1"]["enhanced"] == "5.1.1"
assert rows["senere"]["text"] == "'=HYPERLINK(\"later\"), please", rows["senere"]
assert rows["senere"]["next"].startswith("2026-06-10T08:05")
PY
}

@test "every command has --json, and it is one document" {
    subscriber_add a@avisen.example
    release_write a.md "id: a" "title: Overskrift"
    at 2026-06-10T07:59:00Z -q run
    for command in check ingest publish announce deliver run "release list" "release show a" "audience a" "mailing list" "mailing show 1" \
        "subscriber list" "subscriber show a@avisen.example" "subscriber export" status; do
        # shellcheck disable=SC2086
        pr $command --json | "$PYTHON" -m json.tool >/dev/null
    done
}

@test "two runs at once: one waits for the other, and nobody is mailed twice" {
    for i in 1 2 3 4 5; do subscriber_add "nr$i@avisen.example"; done
    release_write a.md "id: a" "title: Overskrift"
    release_write b.md "id: b" "title: Anden"
    pr run 3>&- & first=$!
    pr run 3>&- & second=$!
    wait $first
    wait $second
    pr run
    [ "$(mail_count '^Subject:')" -eq 10 ]
    books_balance
}
