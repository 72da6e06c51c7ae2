#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# A press office comes from another program with what that exports: who confirmed there, and can show it, goes on; who
# left stays out; everybody else is asked.

bats_require_minimum_version 1.5.0
load newsroom

setup() {
    newsroom_make
    EXPORTS=$PRESSROOM_ROOT/tests/golden/list_tool
}

states() {
    pr subscriber list --json | json '" ".join(sorted(s["address"].split("@")[0] + ":" + s["state"] for s in d["subscribers"]))'
}

feeds_of() {
    pr subscriber show "$1" --json | json '" ".join(s["feed"] for s in d["subscriptions"])'
}

evidence_of() {
    pr subscriber show "$1" --json | json 'd["events"][-1]["evidence"]'
}

@test "Mailchimp: CONFIRM_TIME is consent, UNSUB_TIME and CLEAN_TIME are none, and nothing else is either" {
    run -0 --separate-stderr pr subscriber import "$EXPORTS/mailchimp-cleaned.csv" --from mailchimp
    run -0 --separate-stderr pr subscriber import "$EXPORTS/mailchimp-unsubscribed.csv" --from mailchimp
    run -1 --separate-stderr pr subscriber import "$EXPORTS/mailchimp-subscribed.csv" --from mailchimp --map-list Press=alt
    # Whoever has none of the tags is told, and so is a time that is none.
    [[ $stderr == *mailchimp-subscribed.csv:4:*"--map-list"* ]]
    [[ $stderr == *mailchimp-subscribed.csv:5:*"2022-13-04"* ]]
    [ "$(states)" = "anna.berg:confirmed bo:pending erik:unsubscribed frida:complained gorm:unsubscribed hans:bounced" ]
    [ "$(feeds_of anna.berg@avisen.example)" = alt ]
    [[ $(evidence_of anna.berg@avisen.example) == *"CONFIRM_TIME 2023-06-21 12:00:00"*192.0.2.7* ]]
    # The time has no offset: it is the newsroom's.
    pr subscriber show anna.berg@avisen.example --json | grep -q '2023-06-21T12:00:00+02:00\|2023-06-21T10:00:00Z'
    [[ $(evidence_of frida@blad.example) == *"Abuse complaint"* ]]
    # Who leaves there before the move is done leaves here.
    sed 's/erik@blad/anna.berg@avisen/' "$EXPORTS/mailchimp-unsubscribed.csv" >"$BATS_TEST_TMPDIR/later.csv"
    run -0 --separate-stderr pr subscriber import "$BATS_TEST_TMPDIR/later.csv" --from mailchimp
    [[ $(states) == "anna.berg:unsubscribed "* ]]
    # And does not come back with the older file.
    run pr subscriber import "$EXPORTS/mailchimp-subscribed.csv" --from mailchimp --map-list Press=alt --update
    [[ $(states) == "anna.berg:unsubscribed "* ]]
}

@test "Mailchimp: groups are a column of the office's own, which --map names" {
    run -1 --separate-stderr pr subscriber import "$EXPORTS/mailchimp-subscribed.csv" --from mailchimp \
        --map Interests=feeds --map-list Health=alt --map-list "Roads and rails=pressemeddelelser"
    [ "$(feeds_of anna.berg@avisen.example)" = "alt pressemeddelelser" ]
    [ "$(feeds_of cilla@tv.example)" = alt ]
    [[ $stderr == *mailchimp-subscribed.csv:3:* ]]
    [ "$(states)" = "anna.berg:confirmed cilla:confirmed" ]
}

@test "listmonk: blocklisted and disabled people stay out, the others are asked" {
    run -1 --separate-stderr pr subscriber import "$EXPORTS/listmonk.csv" --from listmonk --map-list press=alt
    [[ $stderr == *"listmonk does not write who left a list"* ]]
    [[ $stderr == *listmonk.csv:6:*yesterday* && $stderr == *listmonk.csv:7:*paused* ]]
    [ "$(states)" = "anna.berg:pending bo:unsubscribed cilla:unsubscribed dorte:pending" ]
    [[ $(evidence_of anna.berg@avisen.example) == "listmonk: status enabled, created 2023-06-21 10:00:00"* ]]
    pr subscriber show anna.berg@avisen.example --json | json '[s["feed"] for s in d["subscriptions"]]' | grep -q alt
}

@test "Mailman: names before addresses; the operator says for all where they said yes" {
    run -0 --separate-stderr pr subscriber import "$EXPORTS/mailman2-fullnames.txt" --from mailman --map-list press=alt \
        --evidence "Signed up at the list's page, 2019 to 2024"
    [ "$(states)" = "anna.berg:confirmed Bo:confirmed cilla:confirmed soren:confirmed" ] ||
        [ "$(states)" = "Bo:confirmed anna.berg:confirmed cilla:confirmed soren:confirmed" ]
    [[ $(evidence_of soren@blad.example) == *"Signed up at the list's page, 2019 to 2024"* ]]
    # The list once more: nobody is new, and that is one line.
    run -0 --separate-stderr pr subscriber import "$EXPORTS/mailman2-fullnames.txt" --from mailman --map-list press=alt \
        --evidence "Signed up at the list's page, 2019 to 2024"
    [ "${#lines[@]}" -eq 1 ]
    # The web page's file has one column and no header line; Mailman 3 puts no quotes around names with a comma.
    run -0 pr subscriber import "$EXPORTS/mailman3-web.csv" --from mailman --map-list press=alt --evidence "the same"
    run -1 --separate-stderr pr subscriber import "$EXPORTS/mailman3-members.txt" --from mailman --map-list press=alt --dry-run
    [[ $stderr$output == *"no address stands here"* ]]
}

@test "who is on two lists there follows two feeds here" {
    printf '%s\n' anna@avisen.example bo@avisen.example >"$BATS_TEST_TMPDIR/press.txt"
    printf '%s\n' anna@avisen.example cilla@avisen.example >"$BATS_TEST_TMPDIR/english.txt"
    run -0 pr subscriber import "$BATS_TEST_TMPDIR/press.txt" --from mlmmj --map-list press=alt --evidence "the form of 2019"
    run -0 --separate-stderr pr subscriber import "$BATS_TEST_TMPDIR/english.txt" --from mlmmj \
        --map-list english=press-releases --evidence "the form of 2019" --update
    [[ $stderr$output == *"feeds from alt to alt press-releases"* ]]
    [ "$(feeds_of anna@avisen.example)" = "alt press-releases" ]
    [ "$(feeds_of bo@avisen.example)" = alt ]
    [ "$(feeds_of cilla@avisen.example)" = press-releases ]
}

@test "mlmmj: an address a line; more than a few are asked only with --ask" {
    seq 1 30 | sed 's/.*/person&@avisen.example/' >"$BATS_TEST_TMPDIR/press.txt"
    run -1 --separate-stderr pr subscriber import "$BATS_TEST_TMPDIR/press.txt" --from mlmmj --map-list press=alt
    [[ $stderr$output == *--ask* ]]
    [ "$(states)" = "" ]
    run --separate-stderr pr subscriber import "$BATS_TEST_TMPDIR/press.txt" --from mlmmj --map-list press=alt --dry-run
    [ "$(states)" = "" ]
    run -0 --separate-stderr pr subscriber import "$BATS_TEST_TMPDIR/press.txt" --from mlmmj --map-list press=alt --ask
    [ "$(pr subscriber list --state pending --json | json 'len(d["subscribers"])')" -eq 30 ]
    [ "$(pr subscriber show person7@avisen.example --json | json '" ".join(s["feed"] for s in d["subscriptions"])')" = alt ]
}

@test "Sympa: a dump says who wants no mail, who bounces and since when the others take part" {
    run -1 --separate-stderr pr subscriber import "$EXPORTS/sympa-dump.txt" --from sympa --map-list press=alt \
        --evidence "The members' form of 2017"
    [[ $stderr == *sympa-dump.txt:31:*suspended* && $stderr == *sympa-dump.txt:39:*email* ]]
    [ "$(states)" = "anna.berg:confirmed bo:bounced cilla:unsubscribed dorte:confirmed frida:confirmed" ]
    [[ $(evidence_of anna.berg@avisen.example) == *"The members' form of 2017"* ]]
    pr subscriber show anna.berg@avisen.example --json | grep -q '2017-06-21T14:00:00+02:00\|2017-06-21T12:00:00Z'
    [ "$(pr subscriber show dorte@blad.example --json | json 'd["subscriptions"][0]["cadence"]')" = daily ]
}

@test "Sympa: a review names its list, and only the list that is mapped comes in" {
    run -1 --separate-stderr pr subscriber import "$EXPORTS/sympa-review.txt" --from sympa --map-list staff=alt
    [[ $stderr == *"press@lists.nordhav.example"*"--map-list"* ]]
    [ "$(states)" = "" ]
    run -0 --separate-stderr pr subscriber import "$EXPORTS/sympa-review.txt" --from sympa --map-list press=alt
    [[ $stderr == *"1 bounced member"* ]]
    [ "$(states)" = "anna.berg:pending bo:pending cilla:pending" ]
}

@test "a program that is not known is named with the nearest one" {
    run -2 pr subscriber import "$EXPORTS/mlmmj.txt" --from mailmn
    [[ $output == *mailman* ]]
    # Without --from the export of another program is no list of ours, and nobody comes in by mistake.
    run -1 pr subscriber import "$EXPORTS/mailchimp-unsubscribed.csv"
    [ "$(states)" = "" ]
}
