#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Who is lost, and who is not: Postfix takes every message, and what it cannot deliver comes back for real, into the inbox.

bats_require_minimum_version 1.5.0
load newsroom
load relays

setup() {
    relay_make
    mkdir -p "$RELAY"/inbox/{new,cur,tmp}
    chown -R nobody:nogroup "$RELAY/inbox"
    returning_postfix_start
    SMTP=smtp://127.0.0.1:$RELAY_PORT newsroom_make
    MAIL=$RELAY/mail
    sed -i "s|^mail:|mail:\n  inbox: maildir:$RELAY/inbox\n  bounces: bounce@nordhav.example|" "$ROOM/newsroom.yaml"
}

teardown() {
    smtp_peer_stop
    relay_stop
}

# Whoever is named laeser… has a mailbox; ukendt… has none; fuld…'s is full; naegtet…'s provider wants us to authenticate.
returning_postfix_start() {
    mkdir "$RELAY/etc"
    printf '/^bounce\\+.*@nordhav\\.example$/ inbox/\n/^laeser/ mail/\n' >"$RELAY/etc/mailboxes"
    printf '%s\n' '/^fuld/ error:5.2.2 mailbox full' \
        '/^naegtet/ error:5.7.515 Access denied, sending domain does not meet the required authentication level' \
        >"$RELAY/etc/transport"
    postfix_make <<CONF
mynetworks = 127.0.0.0/8
transport_maps = regexp:$RELAY/etc/transport
recipient_delimiter = +
smtpd_reject_unlisted_recipient = no
smtpd_relay_restrictions = permit_mynetworks, reject
smtputf8_enable = no
alias_maps =
local_recipient_maps =
CONF
}

# people NAME COUNT…: so many confirmed subscribers of that name at two providers
people() {
    {
        echo "address;state;confirmed_at;evidence"
        while [ $# -gt 0 ]; do
            for i in $(seq "$2"); do
                echo "$1$i@$([ $((i % 2)) -eq 0 ] && echo avisen || echo bladet).example;confirmed;2026-05-01T10:00:00Z;blanket"
            done
            shift 2
        done
    } >"$BATS_TEST_TMPDIR/people.csv"
    pr subscriber import "$BATS_TEST_TMPDIR/people.csv" >/dev/null
}

inbox_is_empty() {
    [ -z "$(find "$RELAY"/inbox/{new,cur} -type f)" ]
}

# come_back COUNT: so many more messages have come back since the last time, and Postfix has nothing left to do
come_back() {
    RETURNED=$((${RETURNED:-0} + $1))
    eventually has_returned
}

has_returned() {
    [ "$(grep -c 'to=<bounce+.*status=sent' "$RELAY/mainlog")" -ge "$RETURNED" ] &&
        [ -z "$(find "$RELAY"/queue/{maildrop,incoming,active,deferred} -type f 2>/dev/null)" ]
}

# day DATE COUNT: a release is mailed in the morning, COUNT messages come back, and are read by the afternoon
day() {
    release_write "$1.md" "id: r$1" "title: Nyt den $1"
    at "$1T08:00:00Z" run 2>>"$BATS_TEST_TMPDIR/stderr"
    come_back "$2"
    at "$1T14:00:00Z" collect 2>>"$BATS_TEST_TMPDIR/stderr"
    inbox_is_empty
}

in_state() {
    pr status --json | json "d['subscribers']['$1']"
}

# sql QUERY: a number from the store
sql() {
    sqlite3 "$ROOM/state/pressroom.db" "$1"
}

@test "40 of 200 unknown: nobody is lost until somebody has looked, then each by a probe that came back, and nobody else" {
    people laeser 150 ukendt 40 fuld 10
    day 2026-06-10 50
    # told once, with what had come back by then
    grep -q "mailing 1: [0-9]* of 200 addresses came back as unknown ([0-9.]* %).*mailing show 1 --accept-bounces" "$BATS_TEST_TMPDIR/stderr"
    [ "$(grep -c 'came back as unknown' "$BATS_TEST_TMPDIR/stderr")" -eq 1 ]
    at 2026-06-10T15:00:00Z status >"$BATS_TEST_TMPDIR/status"
    grep -q "^Came back: .*mailing 1: 40 of 200 addresses as unknown" "$BATS_TEST_TMPDIR/status"
    [ "$(at 2026-06-10T15:00:00Z status --json | json 'd["returned"][0]["counts_against_nobody"]')" = True ]
    [ "$(at 2026-06-10T15:00:00Z subscriber show ukendt1@bladet.example --json | json 'd["standing"]["points"]')" = 0.0 ]
    at 2026-06-10T16:00:00Z mailing show 1 --accept-bounces >"$BATS_TEST_TMPDIR/shown"
    grep -q '^Unknown: *40 addresses[.]' "$BATS_TEST_TMPDIR/shown"
    [ "$(at 2026-06-10T17:00:00Z status --json | json 'd["returned"]')" = "[]" ]
    [ "$(at 2026-06-10T17:00:00Z subscriber show ukendt1@bladet.example --json | json 'd["standing"]["points"]')" = 1.0 ]

    day 2026-06-11 50
    # who came back first may have been asked, before it was known how many would: none of that has left or will
    [ "$(sql 'SELECT count(*) FROM transactional_mail WHERE state IN (0, 1, 2, 3)')" -eq 0 ]
    at 2026-06-11T16:00:00Z mailing show 2 --accept-bounces >/dev/null
    [ "$(sql 'SELECT count(*) FROM transactional_mail WHERE kind = 8 AND state IN (0, 1, 2, 3)')" -eq 40 ]
    [ "$(in_state confirmed)" -eq 200 ]
    at 2026-06-11T17:00:00Z deliver
    come_back 40
    at 2026-06-11T18:00:00Z collect
    [ "$(in_state bounced)" -eq 40 ]
    [ "$(in_state confirmed)" -eq 160 ]
    [ "$(sql "SELECT count(*) FROM subscriber WHERE state = 4 AND address LIKE 'ukendt%'")" -eq 40 ]
    run at 2026-06-11T19:00:00Z subscriber show ukendt1@bladet.example
    [[ $output == *"the mail of 2026-06-11T"*" that asked whether the address still receives came back: "*"5.1.1"* ]]
    [ "$(at 2026-06-11T19:00:00Z subscriber show fuld1@bladet.example --json |
        json 'd["standing"]["points"], d["standing"]["returned"], d["mails"][0]["bounced"]')" = "(0.0, [], True)" ]

    day 2026-06-12 10 # only who is left is mailed
    [ "$(in_state confirmed)" -eq 160 ]
    books_balance
}

@test "few unknown ones are probed without being asked for; who answers nothing for a week is well" {
    people laeser 60 ukendt 3
    day 2026-06-10 3
    day 2026-06-11 3
    [ "$(sql 'SELECT count(*) FROM transactional_mail WHERE kind = 8')" -eq 3 ]
    # one of them has a mailbox again
    sed -i 's|^/^laeser/|/^(laeser\|ukendt2)/|' "$RELAY/etc/mailboxes"
    postfix -c "$RELAY/etc" reload >/dev/null 2>&1 3>&-
    at 2026-06-11T17:00:00Z deliver
    come_back 2
    at 2026-06-11T18:00:00Z collect
    [ "$(in_state bounced)" -eq 2 ]
    [ "$(mails '^To: ukendt2@' | xargs grep -l '^Subject: .*mails_fra_Region' | wc -l)" -eq 1 ]
    run at 2026-06-15T08:00:00Z subscriber show ukendt2@avisen.example
    [[ $output == *"a mail has asked since 2026-06-11"* ]]
    at 2026-06-19T08:00:00Z run
    run at 2026-06-19T08:01:00Z subscriber show ukendt2@avisen.example
    [[ $output == *"Standing: well"* ]]
    [[ $output == *"nothing came back: all is well"* ]]
}

# Holds I10.
@test "40 readers whose provider refuses us over three releases: nobody is struck off, and nothing counts against them" {
    people laeser 10 naegtet 40
    local date
    for date in 2026-06-10 2026-06-11 2026-06-12; do
        release_write "$date.md" "id: r$date" "title: Nyt den $date"
        at "${date}T08:00:00Z" run 2>>"$BATS_TEST_TMPDIR/stderr"
        come_back 0
        at "${date}T14:00:00Z" collect 2>>"$BATS_TEST_TMPDIR/stderr"
        inbox_is_empty
    done
    [ "$(in_state confirmed)" -eq 50 ]
    [ "$(sql 'SELECT count(*) FROM standing_return')" -eq 0 ]
    [ "$(sql 'SELECT count(*) FROM transactional_mail')" -eq 0 ]
    # they did come back: both domains are held, and what they refused waits
    [ "$(at 2026-06-12T15:00:00Z status --json | json 'sorted(h["domain"] for h in d["held_domains"])')" = '["avisen.example", "bladet.example"]' ]
    [ "$(sql 'SELECT count(*) FROM delivery WHERE state IN (0, 3)')" -ge 100 ]
    [ "$(sql 'SELECT count(*) FROM delivery WHERE state = 4')" -eq 0 ]
    books_balance
}

@test "what is refused to our face counts the same: two days, a probe, and it is over; a confirmation at once" {
    MAIL=$BATS_TEST_TMPDIR/mail smtp_peer_start --fault 'RCPT:reply=550 5.1.1 no such user:match=ukendt' \
        --fault 'RCPT:reply=550 5.7.1 you are on a list:match=naegtet' --fault 'RCPT:reply=452 4.2.2 mailbox full:match=fuld'
    sed -i "s|^  smtp: .*|  smtp: smtp://127.0.0.1:$SMTP_PORT|" "$ROOM/newsroom.yaml"
    # Sent in the order of addresses: behind the refused ones mails are taken, so that their row of refusals has ended well.
    PRESSROOM_RANDOM=1 people vaelger 30 ukendt 1 naegtet 1 fuld 1
    pr subscriber add ukendt-ny@avisen.example >/dev/null
    at 2026-06-10T08:00:10Z deliver
    [ "$(at 2026-06-10T08:01:00Z subscriber show ukendt-ny@avisen.example --json | json 'd["state"]')" = expired ]
    local date
    for date in 2026-06-10 2026-06-11; do
        release_write "$date.md" "id: r$date" "title: Nyt den $date"
        at "${date}T09:00:00Z" run
        at "${date}T09:05:00Z" deliver
    done
    [ "$(in_state confirmed)" -eq 32 ]
    [ "$(sql "SELECT address FROM subscriber WHERE state = 4")" = ukendt1@bladet.example ]
    run at 2026-06-11T10:00:00Z subscriber show ukendt1@bladet.example
    [[ $output == *"it came back, and the subscription ended"* ]]
    [ "$(sql 'SELECT count(DISTINCT subscriber) FROM standing_return')" -eq 1 ]
    smtp_peer_stop
    books_balance
}
