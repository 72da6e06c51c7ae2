#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# What collect leaves, looked at; messages handed over on standard input, by Postfix and by hand; many messages, large
# ones, and those that kill who reads them; an inbox that is waited at.

bats_require_minimum_version 1.5.0
load newsroom
load dovecot
load mailbox

setup() {
    INBOX=$BATS_TEST_TMPDIR/inbox
    mkdir -p "$INBOX"/{new,cur,tmp}
    newsroom_make
    sed -i 's|^publisher:|publisher:\n  contacts: [{name: Mette Holm, email: mette@nordhav-kontakt.example}]|' "$ROOM/newsroom.yaml"
    inbox_is "maildir:$INBOX"
    COUNT=0
}

teardown() {
    [ -z "${WATCHER:-}" ] || kill -KILL "$WATCHER" 2>/dev/null || true
    dovecot_stop
}

inbox_holds() {
    [ "$(inbox_count)" -eq "$1" ]
}

# done_count: how many messages lie in the folder for what is done
done_count() {
    find "$INBOX/.pressroom-done" -type f ! -name 'maildirfolder' ! -name 'dovecot*' 2>/dev/null | wc -l
}

state_of() {
    pr subscriber show "$1" --json | json 'd["state"]'
}

is_in() {
    [ "$(state_of "$1" 2>/dev/null)" = "$2" ]
}

collected() {
    pr collect --json | json "d['collect'].get('$1', 0)"
}

# leave_address ADDRESS: the mailto of List-Unsubscribe in a release mailed to ADDRESS
leave_address() {
    mails "^To: $1" | xargs grep -h -A3 '^List-Unsubscribe:' | grep -o 'mailto:[^?>]*' | head -1 | sed 's/^mailto://'
}

@test "inbox list and show: what stays is told with its reason, in characters that move no terminal" {
    mail presse@nordhav.example kaj@avisen.example "Kan vi få et interview? $(printf '\033[2J\007')" "Subject: =?utf-8?q?Sp=C3=B8rgsm=C3=A5l?="
    mail presse@nordhav.example desk@avisen.example "Jeg er på ferie" "Auto-Submitted: auto-replied" "Subject: $(printf 'Ferie \342\200\256 bagvendt')"
    mail svar+subscribe@nordhav.example maja@avisen.example "" "Subject: Tilmeld"
    run -0 pr inbox list
    [[ $output == "Nothing waits"* ]]
    pr -q collect
    run -0 pr inbox list --json
    echo "$output"
    [ "$(json '[(m["from"], m["why"]) for m in d["messages"]]' <<<"$output")" = \
        '[["kaj@avisen.example", "a person wrote it"], ["desk@avisen.example", "a program answered"]]' ]
    local id
    id=$(json 'd["messages"][0]["id"]' <<<"$output")
    [ "$(json 'd["messages"][0]["subject"]' <<<"$output")" = Spørgsmål ]
    [ "$(json 'd["messages"][0]["at"][:10]' <<<"$output")" = 2026-06-10 ]
    run -0 pr inbox list
    echo "$output"
    [[ $output == *"$id"*kaj@avisen.example*"a person wrote it"* && $output != *[$'\001'-$'\011'$'\033']* && $output != *$'\342\200\256'* ]]
    run -0 pr inbox show "$id"
    echo "$output"
    [[ $output == *"It stays because: a person wrote it"*"Subject: Spørgsmål"*"Kan vi få et interview?"* && $output != *[$'\033'$'\007']* ]]
    [ "$(pr inbox show "$id" --json | json 'd["text"][:6]')" = "Kan vi" ]
    run -1 pr inbox show 000000000000
    [[ $output == *"inbox list"* ]]
    # whoever moves one away has seen to it
    rm "$(grep -l interview "$INBOX"/new/*)"
    [ "$(pr inbox list --json | json 'len(d["messages"])')" -eq 1 ]
}

@test "inbox list and show: from IMAP, from POP3 and from an mbox" {
    dovecot_start "DNS:localhost"
    local url id
    mail presse@nordhav.example kaj@avisen.example "Kan vi få et interview?" "Subject: Hej"
    { echo "From kaj@avisen.example Wed Jun 10 10:00:00 2026"; cat "$INBOX/new/"*; } >"$BATS_TEST_TMPDIR/box"
    for url in "imaps://presse@localhost:$IMAP_PORT/INBOX" "pop3s://presse@localhost:$POP3_PORT" "mbox:$BATS_TEST_TMPDIR/box"; do
        inbox_is "$url"
        [ "$(collected left)" -eq 1 ]
        id=$(pr inbox list --json | json 'd["messages"][0]["id"]')
        run -0 pr inbox show "$id"
        [[ $output == *"Kan vi få et interview?"* ]]
        [ "$(inbox_count)" -eq 1 ]
        # nothing is marked as seen (POP3 servers may do that)
        [[ $url == pop3s* ]] || [ "$(find "$INBOX/cur" -name '*:2,*S*' | wc -l)" -eq 0 ]
        rm -f "$INBOX"/{new,cur}/*
        mail presse@nordhav.example kaj@avisen.example "Kan vi få et interview?" "Subject: Hej"
    done
}

@test "an mbox that a mail program rewrites is not read anew" {
    local box=$BATS_TEST_TMPDIR/box
    {
        echo "From maja@avisen.example Wed Jun 10 10:00:00 2026"
        message svar+subscribe@nordhav.example maja@avisen.example "" "Subject: Tilmeld"
        echo
        echo "From kaj@avisen.example Wed Jun 10 10:00:00 2026"
        message presse@nordhav.example kaj@avisen.example "Hej"
    } >"$box"
    inbox_is "mbox:$box"
    run -0 --separate-stderr pr collect --json
    [ "$(json 'd["collect"]["asked"], d["collect"]["left"]' <<<"$output")" = "(1, 1)" ]
    sed -i 's/^Message-ID/Status: RO\nX-Status: A\nX-Keywords:                 \nMessage-ID/' "$box"
    run -0 --separate-stderr env PRESSROOM_CONFINED_FAULT=message:crash:avisen "$PRESSROOM_PROGRAM" -C "$ROOM" collect --json
    [ "$(json 'd["collect"].get("asked",0), d["collect"].get("repeated",0), d["collect"]["left"], d["collect"].get("unreadable",0)' <<<"$output")" = "(0, 0, 1, 0)" ]
}

@test "--stdin: exit 0 once it is recorded, and what a mailbox would keep goes to the contact" {
    sed -i '/^  inbox/d' "$ROOM/newsroom.yaml"
    message svar+subscribe@nordhav.example maja@avisen.example "" "Subject: Tilmeld" >"$BATS_TEST_TMPDIR/ask"
    run -0 --separate-stderr pr collect --stdin --json <"$BATS_TEST_TMPDIR/ask"
    [ "$(json 'd["collect"]["asked"]' <<<"$output")" -eq 1 ]
    [ "$(state_of maja@avisen.example)" = pending ]
    # handed over again, as after a crash between recording and hearing of it
    run -0 --separate-stderr pr collect --stdin --json <"$BATS_TEST_TMPDIR/ask"
    [ "$(json 'd["collect"].get("asked",0), d["collect"]["repeated"]' <<<"$output")" = "(0, 1)" ]
    message presse@nordhav.example kaj@avisen.example "Kan vi få et interview?" "Subject: Hej" >"$BATS_TEST_TMPDIR/letter"
    pr -q collect --stdin <"$BATS_TEST_TMPDIR/letter"
    pr -q collect --stdin <"$BATS_TEST_TMPDIR/letter"
    at 2026-06-10T08:01:00Z deliver
    [ "$(mail_count '^To: mette@nordhav-kontakt.example')" -eq 1 ]
    mails '^To: mette@nordhav-kontakt.example' | xargs grep -q 'Kan vi f'
    # what was sent on and comes back by an alias is nowhere else: the mail server keeps it, and tells in the end
    mails '^To: mette@nordhav-kontakt.example' | xargs cat >"$BATS_TEST_TMPDIR/back"
    run -75 pr collect --stdin <"$BATS_TEST_TMPDIR/back"
    [[ ${#lines[@]} -eq 1 && $output == *"leads back here"* ]]
    # a program's answer is understood, and sent on to nobody
    message presse@nordhav.example desk@avisen.example "Jeg er på ferie" "Auto-Submitted: auto-replied" | pr -q collect --stdin
    at 2026-06-10T08:02:00Z deliver
    [ "$(mail_count '^To: mette@nordhav-kontakt.example')" -eq 1 ]
}

@test "--stdin: 75 with a line for what is not recorded, whatever the reason" {
    local line
    printf '' >"$BATS_TEST_TMPDIR/nothing"
    message presse@nordhav.example kaj@avisen.example "MARKER-9" >"$BATS_TEST_TMPDIR/killer"
    message presse@nordhav.example kaj@avisen.example "Hej" >"$BATS_TEST_TMPDIR/letter"
    run -75 pr collect --stdin <"$BATS_TEST_TMPDIR/nothing"
    [ "${#lines[@]}" -eq 1 ]
    PRESSROOM_CONFINED_FAULT=message:crash:MARKER-9 run -75 pr collect --stdin <"$BATS_TEST_TMPDIR/killer"
    [ "$(grep -c '^pressroom: ' <<<"$output")" -eq 1 ]
    # nobody to send it to
    sed -i '/contacts:/d' "$ROOM/newsroom.yaml"
    run -75 pr collect --stdin <"$BATS_TEST_TMPDIR/letter"
    echo "$output"
    [[ ${#lines[@]} -eq 1 && $output == *publisher.contacts* ]]
    # killed before it was recorded, and behind
    sed -i 's|^publisher:|publisher:\n  contacts: [{name: Mette Holm, email: mette@nordhav-kontakt.example}]|' "$ROOM/newsroom.yaml"
    PRESSROOM_FAULT=inbound_recorded run pr collect --stdin <"$BATS_TEST_TMPDIR/letter"
    [ "$status" -gt 128 ]
    run -0 pr collect --stdin <"$BATS_TEST_TMPDIR/letter"
    at 2026-06-10T08:01:00Z deliver
    [ "$(mail_count '^To: mette@nordhav-kontakt.example')" -eq 1 ]
    # larger than can be sent on
    { cat "$BATS_TEST_TMPDIR/letter"; head -c 25000000 /dev/zero | tr '\0' x; } >"$BATS_TEST_TMPDIR/large"
    run -75 pr collect --stdin <"$BATS_TEST_TMPDIR/large"
    echo "nonsense: 1" >>"$ROOM/newsroom.yaml"
    run -75 pr collect --stdin <"$BATS_TEST_TMPDIR/letter"
}

# watch_start [VARIABLE=VALUE]: collect --watch in the background
watch_start() {
    pr -q deliver # so that two do not make the database at once
    env "$@" "$PRESSROOM_PROGRAM" -C "$ROOM" collect --watch 2>"$BATS_TEST_TMPDIR/watch.log" >&2 3>&- &
    WATCHER=$!
}

watch_stop() {
    local process=$WATCHER
    WATCHER=
    kill -TERM "$process"
    eventually gone "$process"
    wait "$process"
}

@test "IMAP: what is done goes to pressroom-done, which is made in the user's namespace" {
    local namespace folder number=0
    for namespace in "" "namespace inbox {
  inbox = yes
  prefix = INBOX.
  separator = .
}"; do
        dovecot_start "DNS:localhost" "$namespace"
        inbox_is "imaps://presse@localhost:$IMAP_PORT/INBOX"
        for i in 1 2 3; do
            number=$((number + 1))
            mail svar+subscribe@nordhav.example "a$number@avisen.example" "" "Subject: Tilmeld"
        done
        mail presse@nordhav.example kaj@avisen.example "Hej"
        [ "$(collected asked)" -eq 3 ]
        [ "$(inbox_count)" -eq 1 ]
        [ "$(done_count)" -eq 3 ]
        mail svar+subscribe@nordhav.example "b$number@avisen.example" "" "Subject: Tilmeld"
        [ "$(collected asked)" -eq 1 ]
        [ "$(done_count)" -eq 4 ]
        dovecot_stop
    done
}

@test "IMAP without MOVE: a copy, and the message removed by its number" {
    dovecot_start "DNS:localhost" "imap_capability = IMAP4rev1 UIDPLUS"
    inbox_is "imaps://presse@localhost:$IMAP_PORT/INBOX"
    mail svar+subscribe@nordhav.example maja@avisen.example "" "Subject: Tilmeld"
    mail presse@nordhav.example kaj@avisen.example "Hej"
    [ "$(collected asked)" -eq 1 ]
    [ "$(inbox_count)" -eq 1 ]
    [ "$(done_count)" -eq 1 ]
}

@test "IMAP with IDLE: a new mail is heard of in the session that waits, again and again, also when IDLE is given anew" {
    local number
    dovecot_start "DNS:localhost"
    inbox_is "imaps://presse@localhost:$IMAP_PORT/INBOX"
    mail presse@nordhav.example kaj@avisen.example "Hej"
    # a look now and then would come too late for any test: after a minute at the earliest
    watch_start
    for number in 1 2 3; do
        mail svar+subscribe@nordhav.example "a$number@avisen.example" "" "Subject: Tilmeld"
        eventually is_in "a$number@avisen.example" pending
    done
    eventually inbox_holds 1
    watch_stop
    # one session did it all
    [ "$(grep -c 'Login: user=<presse>' "$DOVECOT/log")" -eq 1 ]
    watch_start PRESSROOM_MAILBOX_IDLE_MS=1
    mail svar+subscribe@nordhav.example b1@avisen.example "" "Subject: Tilmeld"
    eventually is_in b1@avisen.example pending
    mail svar+subscribe@nordhav.example b2@avisen.example "" "Subject: Tilmeld"
    eventually is_in b2@avisen.example pending
    watch_stop
    [ "$(grep -c 'Login: user=<presse>' "$DOVECOT/log")" -eq 2 ]
    [ ! -s "$BATS_TEST_TMPDIR/watch.log" ] || ! grep -v asked "$BATS_TEST_TMPDIR/watch.log"
}

@test "a session that is lost while it waits is opened again" {
    dovecot_start "DNS:localhost"
    inbox_is "imaps://presse@localhost:$IMAP_PORT/INBOX"
    watch_start
    mail svar+subscribe@nordhav.example a@avisen.example "" "Subject: Tilmeld"
    eventually is_in a@avisen.example pending
    doveadm -c "$DOVECOT/dovecot.conf" kick presse >/dev/null 2>&1
    mail svar+subscribe@nordhav.example b@avisen.example "" "Subject: Tilmeld"
    eventually is_in b@avisen.example pending
    watch_stop
}

@test "a Maildir and an mbox that are waited at are looked into as they change; run --watch does so too" {
    local box=$BATS_TEST_TMPDIR/box
    watch_start
    mail svar+subscribe@nordhav.example a@avisen.example "" "Subject: Tilmeld"
    eventually is_in a@avisen.example pending
    mail svar+subscribe@nordhav.example b@avisen.example "" "Subject: Tilmeld"
    eventually is_in b@avisen.example pending
    watch_stop
    : >"$box"
    inbox_is "mbox:$box"
    "$PRESSROOM_PROGRAM" -C "$ROOM" run --watch 2>"$BATS_TEST_TMPDIR/watch.log" >&2 3>&- &
    WATCHER=$!
    {
        echo "From c@avisen.example Wed Jun 10 10:00:00 2026"
        message svar+subscribe@nordhav.example c@avisen.example "" "Subject: Tilmeld"
    } >>"$box"
    eventually is_in c@avisen.example pending
    watch_stop
}

@test "the same bounce a hundred times counts once; a thousand others are read once" {
    local path number
    subscriber_add ukendt@avisen.example
    subscriber_add kendt@avisen.example
    release_write a.md "id: a" "title: Overskrift"
    pr run
    path=$(mails '^To: ukendt@avisen.example' | xargs sed -n 's/^Return-Path: <\(.*\)>/\1/p' | head -1)
    message "$path" MAILER-DAEMON@avisen.example "<ukendt@avisen.example>: 550 5.1.1 User unknown" \
        "Subject: Undelivered Mail Returned to Sender" >"$BATS_TEST_TMPDIR/bounce"
    for number in $(seq 100); do cp "$BATS_TEST_TMPDIR/bounce" "$INBOX/new/$number.same"; done
    "$PYTHON" - "$INBOX/new" <<'PY'
import sys
for number in range(1000):
    with open(f"{sys.argv[1]}/{2000 + number}.other", "w") as file:
        file.write(f"From: kaj{number}@avisen.example\nTo: presse@nordhav.example\nSubject: Hej {number}\n\nHej\n")
PY
    run -0 --separate-stderr pr collect --json
    echo "$output"
    [ "$(json 'd["collect"]["bounced"], d["collect"]["repeated"], d["collect"]["left"]' <<<"$output")" = "(1, 99, 1000)" ]
    [ "$(pr status --json | json 'd["mailings"][0]["bounced"]')" -eq 1 ]
    [ "$(done_count)" -eq 100 ]
    # nothing is opened again: what a message would do to its reader never happens
    PRESSROOM_CONFINED_FAULT=message:crash:avisen run -0 --separate-stderr pr collect --json
    [ "$(json 'd["collect"]["left"], d["collect"].get("unreadable", 0)' <<<"$output")" = "(1000, 0)" ]
}

@test "killers among a batch cost themselves alone, and one that is larger than anything is read from its beginning" {
    local number
    for number in $(seq 1 40); do mail svar+subscribe@nordhav.example "a$number@avisen.example" "" "Subject: Tilmeld"; done
    for number in 7 23; do mail svar+subscribe@nordhav.example "k$number@avisen.example" "MARKER-9" "Subject: Tilmeld"; done
    {
        printf 'From: stor@avisen.example\nTo: svar+subscribe@nordhav.example\nSubject: Tilmeld\n\n'
        head -c 64 /dev/zero | tr '\0' x
    } >"$INBOX/new/large.test"
    truncate -s 1G "$INBOX/new/large.test"
    for fault in crash hang flood; do
        PRESSROOM_CONFINED_WALL_SECONDS=1 PRESSROOM_CONFINED_FAULT=message:$fault:MARKER-9 run --separate-stderr pr collect --json
        echo "$fault: $output $stderr"
        [ "$status" -eq 0 ]
        [ "$(json "d['collect']['left']" <<<"$output")" -eq 2 ]
        [ "$fault" != crash ] || [ "$(json "d['collect']['unreadable'], d['collect']['asked']" <<<"$output")" = "(2, 41)" ]
    done
    [ "$(pr subscriber list --json | json 'sum(s["address"].startswith("a") for s in d["subscribers"])')" -eq 40 ]
    is_in stor@avisen.example pending
}

# Holds I9.
@test "killed anywhere between, every effect is there once, and every message ends where it belongs" {
    local point number
    for number in $(seq 1 20); do subscriber_add "m$number@avisen.example"; done
    release_write a.md "id: a" "title: Overskrift"
    pr run
    for number in $(seq 1 20); do mail "$(leave_address "m$number@avisen.example")" "m$number@avisen.example" ""; done
    for point in inbound_recorded mailbox_moved:1 mailbox_moved:7 mailbox_moved:11; do
        PRESSROOM_FAULT=$point run pr collect
        [ "$status" -gt 128 ]
    done
    pr -q collect
    [ "$(inbox_count)" -eq 0 ]
    [ "$(done_count)" -eq 20 ]
    for number in $(seq 1 20); do
        [ "$(pr subscriber show "m$number@avisen.example" --json | json 'sum(e["event"]=="unsubscribed" for e in d["events"])')" -eq 1 ]
    done
}
