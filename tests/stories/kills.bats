#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# A mailing to thousands, killed at random moments over and over: nobody lost, repeats only where an answer was not heard.
# A bigger one by hand: PRESSROOM_PEOPLE=200000 PRESSROOM_KILLS=100 bats tests/stories/kills.bats

bats_require_minimum_version 1.5.0
load newsroom

setup() {
    MAIL=$BATS_TEST_TMPDIR/mail
}

teardown() {
    smtp_peer_stop
}

# Holds I3, I12.
@test "killed twenty times across announce and deliver: nobody lost, few repeats, each the same message, the books balance" {
    local people=${PRESSROOM_PEOPLE:-5000} kills=${PRESSROOM_KILLS:-20} connections=10
    local list=$BATS_TEST_TMPDIR/list
    touch "$list"
    # of a hundred people one is refused for good (more would stop the mailing), and of four one the first time
    MAIL='' smtp_peer_start --list "$list" --fault 'RCPT:reply=550 5.1.1 no such user:match=@afviser' \
        --fault 'RCPT:reply=450 4.2.0 try again later:match=@udskyder:tries=1'
    SMTP=smtp://127.0.0.1:$SMTP_PORT newsroom_make
    sed -i "s|^  smtp: .*|&\n  connections: $connections|" "$ROOM/newsroom.yaml"
    {
        echo "address;state;confirmed_at;evidence"
        awk -v count="$people" 'BEGIN {
            split("avisen radioen bladet udskyder", domain, " ")
            for (i = 0; i < count; i++)
                print "laeser" i "@" (i % 100 ? domain[i % 4 + 1] : "afviser") ".example;confirmed;2026-05-01T10:00:00Z;blanket"
        }'
    } >"$BATS_TEST_TMPDIR/people.csv"
    pr subscriber import "$BATS_TEST_TMPDIR/people.csv" >/dev/null
    release_write a.md "id: a" "title: Overskrift"
    "$PYTHON" "$PRESSROOM_ROOT/tests/peers/killer.py" --program "$PRESSROOM_PROGRAM" --newsroom "$ROOM" --list "$list" \
        --people "$people" --refused $((people / 100)) --connections "$connections" --kills "$kills" \
        ${PRESSROOM_EARLY:+--early "$PRESSROOM_EARLY"} ${PRESSROOM_SEED:+--seed "$PRESSROOM_SEED"}
}
