#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# What strangers' bytes are read by can do nothing but read: strace of every process, told to try and not told to.

load newsroom
load dovecot
load serve

setup() {
    INBOX=$BATS_TEST_TMPDIR/inbox
    TRACES=$BATS_TEST_TMPDIR/traces
    GOLDEN=$PRESSROOM_ROOT/tests/golden
    mkdir -p "$INBOX"/{new,cur,tmp} "$TRACES"
    newsroom_make
    sed -i "s|^mail:|mail:\n  inbox: maildir:$INBOX\n  inbox_password_file: state/inbox.password\n  replies: svar@nordhav.example\n  bounces: bounce@nordhav.example|" "$ROOM/newsroom.yaml"
    echo hemmelig >"$ROOM/state/inbox.password"
    MAIL_SERVER=
}

teardown() {
    serve_stop
    [ -z "$MAIL_SERVER" ] || kill "$MAIL_SERVER"
    [ -z "$MAIL_SERVER" ] || wait "$MAIL_SERVER" || true
}

# mailbox_is SCHEME: the mailbox is a good server's of that protocol, for MARKER
mailbox_is() {
    if [ -z "$MAIL_SERVER" ]; then
        certificates_make "$BATS_TEST_TMPDIR/tls" DNS:localhost
        export SSL_CERT_FILE=$BATS_TEST_TMPDIR/tls/ca.pem
        "$PYTHON" "$PRESSROOM_ROOT/tests/peers/hostile_mailbox.py" "$BATS_TEST_TMPDIR/tls/server.pem" "$BATS_TEST_TMPDIR/tls/server.key" \
            "$BATS_TEST_TMPDIR/ports" "$BATS_TEST_TMPDIR/journal" >"$BATS_TEST_TMPDIR/hostile.log" 2>&1 3>&- &
        MAIL_SERVER=$!
        eventually test -e "$BATS_TEST_TMPDIR/ports"
    fi
    sed -i "s|^  inbox:.*|  inbox: $1s://MARKER@localhost:$(sed -n "s/^$1-good //p" "$BATS_TEST_TMPDIR/ports")|" "$ROOM/newsroom.yaml"
}

# The functions that run confined, each with what brings the marker to it (told what is to be tried), what has it read, and the marker.
functions() {
    cat <<'TABLE'
text	bring_text	check	MARKER
picture	bring_picture	check	MARKER
message	bring_message	collect	MARKER
mailbox	bring_mailbox	collect	MARKER
spelling	bring_spelling	check	marker
document	bring_document	check	MARKER
rich_text	bring_rich_text	check	MARKER
TABLE
}

bring_document() {
    mkdir -p "$ROOM/releases/bilag"
    release_write bilag/a.md "id: bilag" "title: Bilaget"
    "$PYTHON" "$PRESSROOM_ROOT/tests/golden/pdf/make_pdf.py" plain MARKER >"$ROOM/releases/bilag/plan.pdf"
}

bring_rich_text() {
    echo '<!DOCTYPE html><title>Siden</title><h1>Siden</h1><p>MARKER</p><p>Broen åbner på onsdag.</p>' >"$ROOM/releases/side.html"
}

bring_spelling() {
    release_write stavning.md "id: stavning" "title: Stavning" "lead: Den marker er grøn."
}

bring_text() {
    release_write meddelelse.md "id: meddelelse" "title: Meddelelsen" "lead: MARKER"
}

bring_picture() {
    mkdir -p "$ROOM/releases/billede"
    release_write billede/a.md "id: billede" "title: Billedet" "images: [{file: foto.jpg, alt: x}]"
    "$PYTHON" - "$GOLDEN/picture/rights.jpg" "$ROOM/releases/billede/foto.jpg" <<'PY'
import sys
picture = open(sys.argv[1], "rb").read()
open(sys.argv[2], "wb").write(picture[:2] + b"\xff\xfe\x00\x08MARKER" + picture[2:])
PY
}

bring_message() {
    printf 'From: Ida <ida@avis.example>\nTo: svar@nordhav.example\nSubject: MARKER\nMessage-ID: <%s@avis.example>\n\nja\n' "$1" >"$INBOX/new/$1.test"
}

bring_mailbox() {
    mailbox_is imap
}

# traced NAME COMMAND…: pressroom with all that it starts; its trace is $TRACES/NAME.*
traced() {
    local name=$1
    shift
    # Under strace leaks cannot be looked for.
    ASAN_OPTIONS=detect_leaks=0 strace -ff -ttt -qq -s 64 -e signal=none -o "$TRACES/$name" "$PRESSROOM_PROGRAM" -C "$ROOM" "$@"
}

look_at() {
    local name=$1
    shift
    "$PYTHON" "$PRESSROOM_ROOT/tests/peers/syscall_trace.py" "$TRACES/$name" "$@"
}

# Holds I13.
@test "what each reader is made to try, to open, connect, fork and become another program, is refused" {
    local function bring command marker what
    while IFS=$'\t' read -r function bring command marker; do
        for what in open connect fork exec; do
            $bring "$what"
            # It goes on, and answers: the story of what kills it is another one.
            PRESSROOM_CONFINED_FAULT=$function:$what:$marker traced "$function-$what" $command
            look_at "$function-$what" --tried "$function:$what" --seen "$function"
        done
    done < <(functions)
    [ "$(functions | cut -f1 | sort)" = "$(functions_registered | sort)" ]
}

# As the program itself has them.
functions_registered() {
    grep -o '&[a-z_]*_confined' "$PRESSROOM_ROOT/src/cli/confined_functions.c" | sed 's/^&\(intake_\)\?\(.*\)_confined$/\2/'
}

# Holds I13.
@test "over texts, pictures and mails of every kind no reader does more than compute" {
    local kind
    mkdir "$ROOM/releases/galleri"
    cp "$GOLDEN"/picture/rights.* "$ROOM/releases/galleri"
    release_write galleri/tekst.md "id: galleri" "title: Galleriet" "images: [{file: rights.jpg, alt: x}]"
    for kind in "$GOLDEN"/intake/*.{md,txt,yaml}; do
        case $kind in *.expected) ;; *) cp "$kind" "$ROOM/releases/" ;; esac
    done
    cp "$GOLDEN"/rich_text/*.html "$ROOM/releases/"
    for kind in release plain changed; do
        "$PYTHON" "$PRESSROOM_ROOT/tests/stories/word_file.py" "$kind" "$ROOM/releases/$kind.docx"
    done
    printf 'Subject: Nyt fra havnen\nMIME-Version: 1.0\nContent-Type: text/html; charset=utf-8\n\n<p>Havnen er åben.</p>\n' >"$ROOM/releases/brev.eml"
    cp "$GOLDEN"/inbound/*.eml "$INBOX/new"
    traced run run || [ $? -eq 1 ]
    [ "$(find "$ROOM/public/releases" -name 'rights*.jpg' -o -name 'rights*.png' | wc -l)" -ge 7 ]
    look_at run --seen text --seen picture --seen message --seen rich_text
    traced check check || [ $? -eq 1 ]
    look_at check --seen text --seen spelling --seen rich_text
    for kind in imap pop3; do
        mailbox_is "$kind"
        traced "$kind" collect
        look_at "$kind" --seen mailbox --seen message
    done
}

@test "a reader has nothing open but its line and the file that it was handed" {
    local worker
    bring_picture
    PRESSROOM_CONFINED_FAULT=picture:hang:MARKER pr check billede 3>&- &
    eventually worker_waits picture
    worker=$WORKER
    [ "$(sed -n 's/^Seccomp:\t//p' "/proc/$worker/status")" = 2 ]
    [ "$(sed -n 's/^NoNewPrivs:\t//p' "/proc/$worker/status")" = 1 ]
    grep -q '^Max core file size  *0  *0 ' "/proc/$worker/limits"
    grep -q '^Max file size  *0  *0 ' "/proc/$worker/limits"
    for file in "/proc/$worker/fd"/*; do
        echo "$file $(readlink "$file")"
        case $(readlink "$file") in
        /dev/null | socket:* | "$ROOM/releases/billede/foto.jpg") ;;
        *) [ -n "$PRESSROOM_SANITIZED" ] ;;
        esac
    done
    kill -KILL "$worker"
    wait || true
}

# The process of that function that has given its rights up; its number goes to $WORKER.
worker_waits() {
    local status
    for status in /proc/[0-9]*/status; do
        if grep -qaz -- --confined-template "${status%status}cmdline" 2>/dev/null && grep -qaxz "$1" "${status%status}cmdline" && grep -q $'^Seccomp:\t2' "$status"; then
            WORKER=${status#/proc/}
            WORKER=${WORKER%/status}
            readlink "/proc/$WORKER/fd"/* | grep -qF "$ROOM/" && return 0 # another run's is none of ours
        fi
    done
    return 1
}

@test "what serves strangers may connect to nobody, start nothing and become nothing, and serves" {
    local what
    serve_configure
    release_write nyt.md "title: Nyt sundhedshus i Lillesund" "published: 2026-06-09T09:00:00+02:00"
    pr run >/dev/null
    cat >"$BATS_TEST_TMPDIR/traced" <<SH
#!/bin/bash
case " \$* " in *" serve "*)
    ASAN_OPTIONS=detect_leaks=0 exec strace -D -ff -ttt -qq -e signal=none -o "\$SERVE_TRACE" "$PRESSROOM_PROGRAM" "\$@" ;;
esac
exec "$PRESSROOM_PROGRAM" "\$@"
SH
    chmod +x "$BATS_TEST_TMPDIR/traced"
    for what in connect fork exec; do
        [ -z "$PRESSROOM_SANITIZED" ] || [ "$what" != fork ] || continue # LeakSanitizer's own way
        export SERVE_TRACE=$TRACES/serve-$what
        PRESSROOM_CONFINED_FAULT=settled:$what: PRESSROOM_PROGRAM=$BATS_TEST_TMPDIR/traced serve_start
        sign_up "$what@avis.example"
        [ "$(state_of "$what@avis.example")" = pending ]
        get /feeds/pressemeddelelser.atom >/dev/null
        status_is 200
        curl -s "http://$METRICS/metrics" | grep -q '^pressroom_'
        serve_stop
        look_at "serve-$what" --tried "settled:$what"
    done
}
