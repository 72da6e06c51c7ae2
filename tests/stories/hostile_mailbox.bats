#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Mail servers that nobody should trust, of tests/peers/hostile_mailbox.py: none ends the program or holds it, each is
# told in one line, and of a mailbox goes only what was recorded.

bats_require_minimum_version 1.5.0
load newsroom
load dovecot

HOSTILE=$PRESSROOM_ROOT/tests/peers/hostile_mailbox.py

setup() {
    newsroom_make
    certificates_make "$BATS_TEST_TMPDIR/tls" DNS:localhost
    export SSL_CERT_FILE=$BATS_TEST_TMPDIR/tls/ca.pem
    "$PYTHON" "$HOSTILE" "$BATS_TEST_TMPDIR/tls/server.pem" "$BATS_TEST_TMPDIR/tls/server.key" "$BATS_TEST_TMPDIR/ports" \
        "$BATS_TEST_TMPDIR/journal" >"$BATS_TEST_TMPDIR/hostile.log" 2>&1 3>&- &
    HOSTILE_SERVER=$!
    eventually test -e "$BATS_TEST_TMPDIR/ports"
}

teardown() {
    kill "$HOSTILE_SERVER" 2>/dev/null || true
    wait "$HOSTILE_SERVER" 2>/dev/null || true
}

# inbox_is NAME: the mailbox is the server that behaves so
inbox_is() {
    local port
    port=$(sed -n "s/^$1 //p" "$BATS_TEST_TMPDIR/ports")
    sed -i -e '/^  inbox/d' -e '/^  replies/d' -e '/^  bounces/d' "$ROOM/newsroom.yaml"
    sed -i "s|^mail:|mail:\n  inbox: ${1%%-*}s://presse@localhost:$port\n  inbox_password_file: state/inbox.password\n  replies: svar@nordhav.example\n  bounces: bounce@nordhav.example|" \
        "$ROOM/newsroom.yaml"
    echo hemmelig >"$ROOM/state/inbox.password"
}

# removed NAME: the numbers that this server removed
removed() {
    sed -n "s/^$1 //p" "$BATS_TEST_TMPDIR/journal" | sort -u
}

# recorded NAME: how many of this server's messages asked to join, as far as we know
recorded() {
    pr subscriber list --json | json "sum(s['address'].startswith('$1-') for s in d['subscribers'])"
}

# behaves NAME EXPECTED: one collection from that server, as tests/peers/hostile_mailbox.py says it must end
behaves() {
    local name=$1 kind=${2%-asks} patience=
    inbox_is "$name"
    # What never comes needs little waiting for; elsewhere no clock runs out, however slow the machine is.
    [ "$kind" != quiet ] || patience=150
    run --separate-stderr env ${patience:+PRESSROOM_MAILBOX_PATIENCE_MS=$patience} timeout 600 "$PRESSROOM_PROGRAM" -C "$ROOM" collect --json
    echo "$name: $status $output $stderr"
    case $kind in
    told | quiet) [ "$status" -eq 1 ] ;;
    refused) [ "$status" -eq 2 ] ;;
    *) [ "$status" -eq 0 ] && [ "$(json "d['collect'].get('left', 0) + d['collect'].get('asked', 0)" <<<"$output")" -eq "$kind" ] ;;
    esac
    case $kind in
    told | quiet | refused)
        [ "${#stderr_lines[@]}" -eq 1 ]
        [[ $stderr == *"mail.inbox: localhost"* ]]
        ;;
    *) [ "${#stderr_lines[@]}" -le 1 ] ;;
    esac
    case $kind in
    told | quiet) [[ $stderr == *"; no mail is lost, and the next run tries again; if this goes on, ask whoever runs the server" ]] ;;
    refused) [[ $stderr == *"; see mail.inbox and mail.inbox_password_file" ]] ;;
    esac
    # no word of the server moves a terminal, and no server has us tell the password
    [[ $stderr != *[[:cntrl:]]* && $stderr != *hemmelig* ]]
}

# all_behave SCHEME PATTERN: each behaviour of that protocol whose line of --list matches
all_behave() {
    local name scheme expected count=0
    while read -r name scheme expected; do
        [ "$scheme" = "$1" ] || continue
        behaves "$name" "$expected"
        count=$((count + 1))
    done < <("$PYTHON" "$HOSTILE" --list | grep -v -e '-asks$')
    [ "$count" -ge 40 ]
    # none of them was asked to remove anything
    [ ! -s "$BATS_TEST_TMPDIR/journal" ]
    # and the next server, a good one, is collected from
    behaves "${1%s}-good" 3
}

@test "POP3: whatever a server says, it is told, and the next one is collected from" {
    all_behave pop3s
}

@test "IMAP: whatever a server says, it is told, and the next one is collected from" {
    all_behave imaps
}

# Holds I9.
@test "what breaks in a removal: recorded is what was read, and gone is only what was recorded" {
    local name scheme expected count=0
    while read -r name scheme expected; do
        behaves "$name" "$expected"
        [ "$(recorded "$name")" -ge 1 ]
        [ "$(removed "$name" | wc -l)" -le "$(recorded "$name")" ]
        count=$((count + 1))
    done < <("$PYTHON" "$HOSTILE" --list | grep -e '-asks$')
    [ "$count" -ge 15 ]
    [ "$(removed pop3-removed | wc -l)" -eq 3 ]
    [ "$(removed imap-removed | wc -l)" -eq 3 ]
    [ "$(removed imap-capability-unasked | wc -l)" -eq 3 ]
    [ "$(removed imap-move | wc -l)" -eq 3 ]
    # what was not put away is not removed
    [ "$(removed imap-copy-refused | wc -l)" -eq 0 ]
    [ "$(removed imap-copy-close | wc -l)" -eq 0 ]
    # where only everything that is marked could be removed, nothing is
    [ "$(removed imap-capability-none | wc -l)" -eq 0 ]
    [ "$(removed pop3-retr-second-cut | wc -l)" -eq 0 ]
    # a removal that is refused keeps nobody from reading the rest
    [ "$(recorded imap-store-refused)" -eq 3 ]
    [ "$(recorded pop3-dele-error)" -eq 3 ]
    # what is recorded stays so: the same message is not taken twice
    [ "$(recorded pop3-quit-close)" -eq 3 ]
    inbox_is pop3-quit-close
    run --separate-stderr pr collect --json
    [ "$(json "d['collect'].get('asked', 0)" <<<"$output")" -eq 0 ]
    [ "$(recorded pop3-quit-close)" -eq 3 ]
}

@test "run: a mailbox that cannot be read holds up nothing else" {
    local name
    subscriber_add maja@avisen.example
    for name in imap-parentheses pop3-list-endless imap-good; do
        inbox_is "$name"
        [ "$name" != imap-good ] || export PRESSROOM_CONFINED_FAULT=mailbox:crash:presse
        BODY="Nyt om $name, noget helt andet end i går." release_write "$name.md" "title: Om $name" "id: $name"
        run --separate-stderr pr run
        echo "$status $stderr"
        [ "$status" -eq 1 ]
        [[ $stderr == *"mail.inbox: localhost: its answers cannot be read"* ]]
        find "$ROOM/public" -path "*$name*" -name index.html | grep -q .
    done
    [ "$(mail_count '^To: maja@avisen.example')" -eq 3 ]
}

@test "where the kernel cannot confine, no server is asked: exit 2, told once" {
    inbox_is pop3-removed
    # A kernel without seccomp says ENOSYS, and EINVAL to the older way, which comes behind two other calls of prctl.
    ASAN_OPTIONS=detect_leaks=0 run strace -f -qq -o /dev/null -e trace=seccomp,prctl -e inject=seccomp:error=ENOSYS \
        -e inject=prctl:error=EINVAL:when=3+ "$PRESSROOM_PROGRAM" -C "$ROOM" collect
    echo "$output"
    [ "$status" -eq 2 ]
    [ "$(grep -c seccomp <<<"$output")" -eq 1 ]
    [ "$(recorded pop3-removed)" -eq 0 ]
    behaves pop3-removed 3-asks
}

@test "collect --watch ends when it is told to, whatever its server does not say" {
    local name process said
    for name in pop3-tls-silence imap-login-silence pop3-quit-silence imap-fetch-silence; do
        inbox_is "$name"
        said="${name/pop3-tls-silence/TLS} says nothing"
        # a patience that no test would outlive
        PRESSROOM_MAILBOX_PATIENCE_MS=100000000 "$PRESSROOM_PROGRAM" -C "$ROOM" collect --watch 2>"$BATS_TEST_TMPDIR/watch.log" 3>&- &
        process=$!
        eventually grep -qx "$said" "$BATS_TEST_TMPDIR/hostile.log"
        kill -TERM "$process"
        eventually gone "$process"
        cat "$BATS_TEST_TMPDIR/watch.log"
        wait "$process"
        grep -q 'mail.inbox: localhost: told to stop; the rest is left for the next time$' "$BATS_TEST_TMPDIR/watch.log"
    done
}

@test "its reader dies, hangs, floods and grows: told, and the next time all is as it was" {
    local what words seconds
    inbox_is imap-good
    for what in "crash died" "hang no.end" "spin no.end" "flood may.not" "grow memory"; do
        words=${what#* }
        # a sanitizer needs all addresses there are
        [ "$what" != "grow memory" ] || [ -z "${PRESSROOM_SANITIZED:-}" ] || continue
        # only what never ends is waited for
        [ "$words" = no.end ] && seconds=1 || seconds=60
        PRESSROOM_CONFINED_FAULT=mailbox:${what% *}:presse PRESSROOM_CONFINED_WALL_SECONDS=$seconds PRESSROOM_CONFINED_CPU_SECONDS=$seconds \
            run --separate-stderr pr collect --json
        echo "$what: $status $stderr"
        [ "$status" -eq 1 ]
        [[ $stderr =~ mail.inbox:\ localhost:\ its\ answers\ cannot\ be\ read:\ .*$words ]]
        [ "${#stderr_lines[@]}" -eq 1 ]
    done
    behaves imap-good 3
}
