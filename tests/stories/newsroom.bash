# SPDX-License-Identifier: MIT
# What every story needs: a scratch newsroom, peers on ports of its own, and their end. Loaded by each .bats file.

PRESSROOM_ROOT=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
: "${PRESSROOM_PROGRAM:=$PRESSROOM_ROOT/build/dev/bin/pressroom}"
PYTHON=/usr/bin/python3 # the one that Debian's python3-… packages belong to

# Until COMMAND is true. Nobody waits longer than that takes; the end is there for what never comes, on any machine.
eventually() {
    local end=$((SECONDS + 300)) log
    [ -p "$BATS_TEST_TMPDIR/never" ] || mkfifo "$BATS_TEST_TMPDIR/never"
    until "$@"; do
        if [ "$SECONDS" -ge "$end" ]; then
            echo "never true: $*"
            for log in "$BATS_TEST_TMPDIR"/*.log; do tail -n 30 "$log"; done
            return 1
        fi
        read -r -t 0.05 <>"$BATS_TEST_TMPDIR/never" || true
    done
}

gone() {
    ! kill -0 "$1" 2>/dev/null
}

# A port that nothing else takes while this test runs, be it long until a peer listens there.
free_port() {
    "$PYTHON" "$PRESSROOM_ROOT/tests/peers/free_port.py" $$
}

# A newsroom in $ROOM that writes mails into the Maildir $ROOM/../mail. Time stands at $PRESSROOM_NOW and runs on.
newsroom_make() {
    ROOM=$BATS_TEST_TMPDIR/room
    MAIL=$BATS_TEST_TMPDIR/mail
    export PRESSROOM_NOW=${PRESSROOM_NOW:-2026-06-10T08:00:00Z}
    "$PRESSROOM_PROGRAM" init "$ROOM" --name "Region Nordhav" --url https://presse.nordhav.example/ \
        --from "Region Nordhav Presse <presse@nordhav.example>" --language da >/dev/null
    rm -f "$ROOM"/topics/*
    cat >"$ROOM/newsroom.yaml" <<YAML
publisher:
  name: Region Nordhav
  about: {da: "Region Nordhav driver tre sygehuse.", en: "Region Nordhav runs three hospitals."}
  address: Havnegade 1, 9999 Vesterhavn
  privacy: https://presse.nordhav.example/privatliv
site:
  url: https://presse.nordhav.example/
  language: da
  timezone: Europe/Copenhagen
mail:
  from: "Region Nordhav Presse <presse@nordhav.example>"
  smtp: ${SMTP:-maildir:$MAIL}
announce: {delay: 0s}
intake: {settle: 0s}
YAML
}

# pressroom on the scratch newsroom, at $PRESSROOM_NOW.
pr() {
    "$PRESSROOM_PROGRAM" -C "$ROOM" "$@"
}

# at INSTANT COMMAND…: the same at another time
at() {
    local now=$1
    shift
    PRESSROOM_NOW=$now "$PRESSROOM_PROGRAM" -C "$ROOM" "$@"
}

# For stories whose commands follow each other closely: a command takes as long as the machine is busy, and what it writes down must not
# lie behind the instant of the next one. Not where a command waits for a time.
clock_is_slow() {
    export PRESSROOM_NOW_SLOWER=1000
}

# release_write NAME [FRONT MATTER LINE…]: a short Danish release; the body from $BODY where set
release_write() {
    local name=$1
    shift
    {
        echo ---
        printf '%s\n' "$@"
        echo ---
        printf '%s\n' "${BODY:-Region Nordhav åbner et nyt sundhedshus i Lillesund til sommer. Det bliver det tredje i regionen.}"
    } >"$ROOM/releases/$name"
}

# picture_write PATH WIDTH HEIGHT [RRGGBB]: a PNG of one colour, below releases/
picture_write() {
    "$PYTHON" - "$ROOM/releases/$1" "$2" "$3" "${4:-c02030}" <<'PY'
import struct, sys, zlib
path, width, height, colour = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), bytes.fromhex(sys.argv[4])
def chunk(kind, content):
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
with open(path, "wb") as file:
    file.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">2I5B", width, height, 8, 2, 0, 0, 0))
               + chunk(b"IDAT", zlib.compress((b"\0" + colour * width) * height)) + chunk(b"IEND", b""))
PY
}

subscriber_add() {
    local address=$1
    shift
    pr subscriber add "$address" --confirmed --evidence "blanket 12, 1. maj 2026" "$@" >/dev/null
}

# mails [PATTERN]: the files of the Maildir that contain PATTERN
mails() {
    find "$MAIL/new" "$MAIL/cur" -type f 2>/dev/null | sort | while read -r file; do
        if grep -q -e "${1:-}" "$file"; then echo "$file"; fi
    done
}

mail_count() {
    mails "$@" | wc -l
}

# jq without jq: json FILE-or-"-" PYTHON-EXPRESSION with the document as d
json() {
    "$PYTHON" -c 'import json,sys
d=json.load(sys.stdin)
r=eval(sys.argv[1])
print(r if not isinstance(r,(dict,list)) else json.dumps(r,ensure_ascii=False))' "$1"
}

# Nothing of the words given may stand in any file under public/, in any name, nor in any .gz
nothing_public_of() {
    local word
    for word in "$@"; do
        if find "$ROOM/public" | grep -qi -e "$word"; then
            echo "a name under public/ holds $word"
            return 1
        fi
        if grep -rqi -e "$word" "$ROOM/public"; then
            echo "a file under public/ holds $word: $(grep -rli -e "$word" "$ROOM/public" | head -3)"
            return 1
        fi
        if find "$ROOM/public" -name '*.gz' -exec zcat {} + | grep -qi -e "$word"; then
            echo "a .gz under public/ holds $word"
            return 1
        fi
    done
}

# The books of every mailing must balance
books_balance() {
    pr status --json | json 'all(m["audience"]==sum(m[k] for k in ("queued","sending","sent","deferred","failed","suppressed","unknown","cancelled")) for m in d["mailings"]) or exit(1)' >/dev/null
}

# smtp_peer_start ARGUMENT…: the tests' own SMTP server; sets SMTP_PORT; its mails go to $MAIL, if there is one
smtp_peer_start() {
    [ -z "$MAIL" ] || mkdir -p "$MAIL"
    local fifo=$BATS_TEST_TMPDIR/peer.port
    rm -f "$fifo"
    mkfifo "$fifo"
    "$PYTHON" "$PRESSROOM_ROOT/tests/peers/smtp_peer.py" ${MAIL:+--maildir "$MAIL"} "$@" >"$fifo" 2>"$BATS_TEST_TMPDIR/peer.log" 3>&- &
    SMTP_PEER=$!
    read -r SMTP_PORT <"$fifo"
    SMTP_PORT=${SMTP_PORT##* }
}

# port_keep PORT: nobody listens there, and nobody else gets it, until smtp_peer_stop; smtp_peer_start --port may take it
port_keep() {
    local fifo=$BATS_TEST_TMPDIR/kept.port
    rm -f "$fifo"
    mkfifo "$fifo"
    "$PYTHON" -c 'import signal, socket, sys
kept = socket.socket()
kept.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
kept.bind(("127.0.0.1", int(sys.argv[1])))
print("kept", flush=True)
signal.pause()' "$1" >"$fifo" 3>&- &
    PORT_KEEPER=$!
    grep -q kept "$fifo"
}

smtp_peer_stop() {
    if [ -n "${PORT_KEEPER:-}" ]; then
        kill "$PORT_KEEPER" 2>/dev/null || true
        wait "$PORT_KEEPER" 2>/dev/null || true
        PORT_KEEPER=
    fi
    if [ -n "${SMTP_PEER:-}" ]; then
        kill "$SMTP_PEER" 2>/dev/null || true
        wait "$SMTP_PEER" 2>/dev/null || true
        SMTP_PEER=
    fi
}

# While process $1 lives, what the relay holds back (--hold) goes on, a few messages at a time
smtp_peer_let_go_until_gone() {
    while ! gone "$1"; do
        kill -USR1 "$SMTP_PEER"
        sleep 0.2
    done
}

# A newsroom with two subscribers and one release, whose relay is the tests' own server, started with these arguments
room_with_peer() {
    smtp_peer_start "$@"
    SMTP=smtp://127.0.0.1:$SMTP_PORT newsroom_make
    subscriber_add en@avisen.example
    subscriber_add to@avisen.example
    release_write a.md "id: a" "title: Overskrift"
}

# The notes beside the files are those that the store knows of. Words: files whose note something else stands in the way of.
notes_agree() {
    python3 "$PRESSROOM_ROOT/tests/stories/notes_agree.py" "$ROOM" "$@"
}
