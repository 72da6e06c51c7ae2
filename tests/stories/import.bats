#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Lists of people in and out: what a press office's spreadsheet says is what happens, and it is said what that is.

bats_require_minimum_version 1.5.0
load newsroom

setup() {
    newsroom_make
    cat >"$ROOM/feeds/sport.yaml" <<'YAML'
title: {da: Sport, en: Sport}
select: {topics: [sport]}
YAML
    LIST=$BATS_TEST_TMPDIR/liste.csv
}

# list_write LINE…: the list, as it stands
list_write() {
    printf '%s\n' "$@" >"$LIST"
}

# state_of ADDRESS
state_of() {
    pr subscriber show "$1" --json | json 'd["state"]'
}

feeds_of() {
    pr subscriber list --json | json '" ".join(f["feed"] for s in d["subscribers"] if s["address"] == "'"$1"'" for f in s["subscriptions"])'
}

people() {
    pr subscriber list --json | json 'len(d["subscribers"])'
}

# ---- what spreadsheets write ----

@test "a column of another name: the mail address by the names it has elsewhere" {
    local name count=0
    for name in email E-mail "Email Address" Mail ADDRESS; do
        list_write "$name" "p$((++count))@avisen.example"
        pr subscriber import "$LIST"
    done
    [ "$(people)" -eq 5 ]
}

@test "Excel's Unicode text: UTF-16, a mark, tabs and CRLF" {
    printf 'address\tfeeds\r\nsøren@avisen.example\tsport\r\n' | iconv -t UTF-16 >"$LIST"
    pr subscriber import "$LIST"
    [ "$(feeds_of søren@avisen.example)" = sport ]
}

@test "sep=; before the header line, and rows of semicolons behind the last" {
    printf 'sep=;\r\naddress;feeds\r\nanna@avisen.example;sport\r\n;\r\n;\r\n' >"$LIST"
    run -0 pr subscriber import "$LIST"
    [ "${lines[0]}" = "1 line: 1 added (0 confirmed, 1 asked to confirm), 0 refused" ]
    [ "$(feeds_of anna@avisen.example)" = sport ]
}

@test "Name <address>, and blanks at the ends that nobody sees" {
    list_write address '"""Berg, Anna"" <anna@avisen.example>"' $'bo@avisen.example\u00a0' $'\u200bcilla@avisen.example\u2007'
    run -0 pr subscriber import "$LIST"
    pr subscriber list --json | json '" ".join(s["address"] for s in d["subscribers"])' |
        grep -qx 'anna@avisen.example bo@avisen.example cilla@avisen.example'
}

@test "a time without an offset is the newsroom's" {
    list_write address,state,confirmed_at,evidence "anna@avisen.example,confirmed,2023-06-21 12:00:00,blanket 12"
    pr subscriber import "$LIST"
    pr subscriber export | grep -qx 'anna@avisen.example,.*,confirmed,2023-06-21T10:00:00Z,blanket 12'
}

@test "a column that may be meant for one of ours refuses the file, until it is said what it is" {
    list_write address,status "anna@avisen.example,unsubscribed"
    run -1 pr subscriber import "$LIST"
    [[ $output == *"liste.csv: line 1: "*status*--map*status=state* ]]
    [ "$(people)" -eq 0 ]
    pr subscriber import --map status=state "$LIST"
    [ "$(state_of anna@avisen.example)" = unsubscribed ]
    list_write address,feed "bo@avisen.example,sport"
    run -1 pr subscriber import "$LIST"
    [[ $output == *feed*--map*feed=feeds* ]]
    pr subscriber import --map feed=feeds "$LIST"
    [ "$(feeds_of bo@avisen.example)" = sport ]
    pr run >/dev/null
    [ "$(mail_count .)" -eq 1 ]
}

@test "a feed that --map-list names and that is none is told before anything is read" {
    list_write address anna@avisen.example
    run -2 pr subscriber import --map-list Idræt=spotr "$LIST"
    [[ $output == *"--map-list Idræt=spotr: "*"perhaps sport"* ]]
    run -2 pr subscriber import --map-list Idræt "$LIST"
    [[ $output == *"--map-list Idræt: "* ]]
    [ "$(people)" -eq 0 ]
}

@test "other columns are named, and left out" {
    list_write "address,Firma,Telefon" "anna@avisen.example,Avisen,+45 1"
    run -0 --separate-stderr pr subscriber import "$LIST"
    [[ $stderr == *liste.csv:1:*Firma* ]]
    [[ $stderr == *Telefon* ]]
    pr subscriber import --json --dry-run "$LIST" 2>/dev/null | json 'd["notes"][0]["line"]' | grep -qx 1
}

# ---- what happens, and what would ----

@test "a dry run says what would happen, by reason, with the first lines of each; and changes nothing" {
    subscriber_add gammel@avisen.example
    list_write address,state,confirmed_at,evidence \
        "anna@avisen.example,confirmed,2026-05-01,blanket 1" "bo@avisen.example,,," "no address,,," \
        "left@avisen.example,unsubscribed,," "gammel@avisen.example,,,"
    pr subscriber list --json >"$BATS_TEST_TMPDIR/before"
    run -1 --separate-stderr pr subscriber import --dry-run "$LIST"
    [[ $output == *"1 would be confirmed"*"line 2: anna@avisen.example"* ]]
    [[ $output == *"1 would be asked to confirm"*"line 3: bo@avisen.example"* ]]
    [[ $output == *"1 would be kept"*"line 5: left@avisen.example"* ]]
    [[ $output == *"1 known already"*"line 6: gammel@avisen.example"* ]]
    [[ $output == *"1 would be refused: "*@*"line 4: no address"* ]]
    [[ $output == *"5 lines: 3 would be added (1 confirmed, 1 asked to confirm, 1 never to be mailed), 1 known already, 1 refused"* ]]
    [[ $output == *"1 mail would ask to confirm"* ]]
    [ -z "$stderr" ]
    pr subscriber list --json | diff "$BATS_TEST_TMPDIR/before" -
    pr run >/dev/null
    [ "$(mail_count .)" -eq 0 ]
    # The same happens, then.
    run -1 pr subscriber import "$LIST"
    [[ $output == *"5 lines: 3 added (1 confirmed, 1 asked to confirm, 1 never to be mailed), 1 known already, 1 refused"* ]]
}

@test "reasons without end are told apart up to a hundred, and all lines are counted" {
    {
        echo address,feeds
        for i in {1..120}; do echo "p$i@avisen.example,findes-ikke-$i"; done
        for i in {1..6}; do echo "q$i@avisen.example,findes-ikke-1"; done
    } >"$LIST"
    run -1 pr subscriber import --dry-run "$LIST"
    [ "$(grep -c 'would be refused' <<<"$output")" -eq 101 ]
    [[ $output == *"20 would be refused: for other reasons"* ]]
    [[ $output == *"7 would be refused: "*findes-ikke-1*"    and 2 more"* ]]
    [[ $output == *"126 lines: 0 would be added (0 confirmed, 0 asked to confirm), 126 refused" ]]
    [ "$(grep -c avisen.example <<<"$output")" -eq 109 ]
}

@test "a dry run may be a newsroom's first command" {
    list_write address anna@avisen.example
    run -0 pr subscriber import --dry-run "$LIST"
    [[ $output == *"1 would be asked to confirm"* ]]
    [ "$(people)" -eq 0 ]
}

@test "more than twenty to ask want --ask, which says how many mails leave and at what pace" {
    {
        echo address
        for i in {1..21}; do echo "p$i@avisen.example"; done
    } >"$LIST"
    run -1 pr subscriber import "$LIST"
    [[ $output == *21*--ask* ]]
    [ "$(people)" -eq 0 ]
    run -1 --separate-stderr pr subscriber import --dry-run "$LIST"
    [[ $output == *--ask*"21 would be asked to confirm"*"21 mails would ask to confirm"*"one a second"* ]]
    [[ $stderr == *--ask* ]]
    [ "$(people)" -eq 0 ]
    run -0 pr subscriber import --ask "$LIST"
    [[ $output == *"21 mails ask to confirm"*"one a second"*"21 seconds in all"* ]]
    [ "$(people)" -eq 21 ]
}

@test "twenty are asked without --ask" {
    {
        echo address
        for i in {1..20}; do echo "p$i@avisen.example"; done
    } >"$LIST"
    run -0 pr subscriber import "$LIST"
    [[ $output == "20 lines: 20 added (0 confirmed, 20 asked to confirm), 0 refused"* ]]
}

@test "the operator's word for all: --evidence confirms, and nobody is asked" {
    {
        echo address
        for i in {1..30}; do echo "p$i@avisen.example"; done
    } >"$LIST"
    run -0 pr subscriber import --evidence "blanketter fra messen, maj 2026" "$LIST"
    [[ $output == "30 lines: 30 added (30 confirmed, 0 asked to confirm), 0 refused" ]]
    pr subscriber show p7@avisen.example | grep -q "blanketter fra messen"
    run -2 pr subscriber import --evidence " " "$LIST"
    [[ $output == *"--evidence: "* ]]
}

@test "who is known stays; --update changes feeds, cadence and language, and says what" {
    list_write address,feeds,cadence,language,state,confirmed_at,evidence \
        "anna@avisen.example,sport,daily,da,confirmed,2026-05-01,blanket"
    pr subscriber import "$LIST"
    list_write address,feeds,cadence,language "anna@avisen.example,sport alt,weekly,en"
    run -0 pr subscriber import "$LIST"
    [[ $output == *"1 known but different"*--update* ]]
    [ "$(feeds_of anna@avisen.example)" = sport ]
    run -0 pr subscriber import --update --dry-run "$LIST"
    [[ $output == *"1 would be changed: "*"line 2: anna@avisen.example"* ]]
    [ "$(feeds_of anna@avisen.example)" = sport ]
    run -0 pr subscriber import --update "$LIST"
    [[ $output == *"liste.csv:2: anna@avisen.example: "*alt*weekly*en* ]]
    [[ $output == *"1 changed"* ]]
    [ "$(feeds_of anna@avisen.example)" = "alt sport" ]
    run -0 pr subscriber import --update "$LIST"
    [ "$output" = "1 line: 0 added (0 confirmed, 0 asked to confirm), 1 known already, 0 refused" ]
}

@test "a list takes out who is confirmed, and brings back nobody who left" {
    subscriber_add anna@avisen.example
    list_write address,state "anna@avisen.example,unsubscribed"
    run -0 pr subscriber import "$LIST"
    [[ $output == *"1 taken out"* ]]
    [ "$(state_of anna@avisen.example)" = unsubscribed ]
    pr subscriber show anna@avisen.example | grep -q "by import"
    list_write address,state,confirmed_at,evidence "anna@avisen.example,confirmed,2026-05-01,blanket"
    run -1 pr subscriber import --update "$LIST"
    [[ $output != *erased* ]]
    [ "$(state_of anna@avisen.example)" = unsubscribed ]
}

# ---- out ----

@test "what is exported and imported again changes nothing, in both forms" {
    list_write address,feeds,cadence,language,state,confirmed_at,evidence \
        '=anna@avisen.example,sport alt,daily weekly,en,confirmed,2026-05-01,"=1+1; ""a"", b"' \
        "'+bo@avisen.example,sport,weekly,da,confirmed,2026-05-01,@x" \
        "cilla@avisen.example,alt,,,,," "dan@avisen.example,,,,unsubscribed,," "eva@avisen.example,,,,bounced,," \
        "finn@avisen.example,,,,complained,,"
    pr subscriber import "$LIST"
    at 2026-05-20T08:00:00Z subscriber add gert@avisen.example >/dev/null # long since expired
    pr run >/dev/null
    pr subscriber add '=anna@avisen.example' --feed pressemeddelelser >/dev/null # not confirmed
    pr subscriber list --json >"$BATS_TEST_TMPDIR/before"
    for form in "" --excel; do
        pr subscriber export $form >"$LIST"
        run -0 --separate-stderr pr subscriber import --update "$LIST"
        [ "$output" = "7 lines: 0 added (0 confirmed, 0 asked to confirm), 7 known already, 0 refused" ]
        [ -z "$stderr" ]
        pr subscriber list --json | diff "$BATS_TEST_TMPDIR/before" -
    done
}

@test "an export holds nothing that a spreadsheet would take for a formula" {
    list_write address,state,confirmed_at,evidence '=anna@avisen.example,confirmed,2026-05-01,"said yes; =1+1"' \
        "-b@avisen.example,confirmed,2026-05-01,$(printf '\t')@x"
    pr subscriber import "$LIST"
    pr subscriber export | grep -q "^'=anna@avisen.example,.*,\"said yes; '=1+1\"$"
    pr subscriber export | grep -q "^'-b@avisen.example,.*,'@x$"
    pr subscriber export --excel | head -c 3 | grep -qx $'\xef\xbb\xbf'
    pr subscriber export --excel | sed -n 2p | grep -q "^'-b@avisen.example;.*;'@x"$'\r$'
    run -2 pr --json subscriber export --excel
}

# ---- many ----

@test "300,000 people who are known are one line, and no error" {
    awk 'BEGIN { print "address,feeds,state,confirmed_at,evidence"
        for (i = 0; i < 300000; i++) print "p" i "@avisen.example,sport,confirmed,2026-05-01,blanket" }' >"$LIST"
    pr -q subscriber import "$LIST"
    run -0 pr subscriber import "$LIST"
    [ "$output" = "300000 lines: 0 added (0 confirmed, 0 asked to confirm), 300000 known already, 0 refused" ]
}
