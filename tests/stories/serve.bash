# SPDX-License-Identifier: MIT
# `pressroom serve` on a loopback port of the test's own, and what people do with it. Loaded beside newsroom.bash.

# Into newsroom.yaml: the proxies that are believed, and a port of the test's own.
serve_configure() {
    METRICS=127.0.0.1:$(free_port)
    echo "serve: {metrics: \"$METRICS\", trusted_proxies: [127.0.0.1]}" >>"$ROOM/newsroom.yaml"
}

# Sets URL once it listens.
serve_start() {
    local fifo=$BATS_TEST_TMPDIR/serve.out
    rm -f "$fifo"
    mkfifo "$fifo"
    "$PRESSROOM_PROGRAM" -C "$ROOM" ${SERVE_OPTIONS:-} serve --listen 127.0.0.1:0 >"$fifo" 2>>"$BATS_TEST_TMPDIR/serve.log" 3>&- &
    SERVE=$!
    read -r URL <"$fifo"
    URL=${URL#serve: }
    URL=${URL%/}
    [ -n "$URL" ]
}

serve_stop() {
    [ -z "${SERVE:-}" ] || kill "$SERVE" 2>/dev/null || true
    [ -z "${SERVE:-}" ] || wait "$SERVE" 2>/dev/null || true
    SERVE=
}

# get PATH [CURL ARGUMENT…]: the body; the status goes to $BATS_TEST_TMPDIR/status, the head to …/head
get() {
    local path=$1
    shift
    curl -s --path-as-is -D "$BATS_TEST_TMPDIR/head" -w '%{stderr}%{http_code}' "$@" "$URL$path" 2>"$BATS_TEST_TMPDIR/status"
}

# none GREP-ARGUMENT…: nothing of standard input, or of the files, matches
none() {
    if grep -q "$@"; then return 1; fi
}

status_is() {
    [ "$(cat "$BATS_TEST_TMPDIR/status")" = "$1" ] || {
        echo "status $(cat "$BATS_TEST_TMPDIR/status") instead of $1"
        return 1
    }
}

head_has() {
    tr -d '\r' <"$BATS_TEST_TMPDIR/head" | grep -qix -e "$1" || {
        cat "$BATS_TEST_TMPDIR/head"
        return 1
    }
}

# path_in_mail ADDRESS WORD: the path of the newest link of that word in a mail to the address
path_in_mail() {
    "$PYTHON" - "$MAIL" "$1" "$2" <<'PY'
import email, email.policy, os, re, sys
folder, address, word = sys.argv[1:]
found = []
for name in os.listdir(folder + "/new"):
    with open(folder + "/new/" + name, "rb") as file:
        message = email.message_from_binary_file(file, policy=email.policy.default)
    if message["To"] == address:
        match = re.search(r"https://[\w.-]+(/%s/\w+)" % word, message.get_body(("plain",)).get_content())
        if match:
            found.append((os.stat(folder + "/new/" + name).st_mtime_ns, match.group(1)))
print(max(found)[1])
PY
}

# Five minutes on: every command's clock starts at $PRESSROOM_NOW, and serve's has run meanwhile.
deliver() {
    at "$(date -u -d "$PRESSROOM_NOW + 5 minutes" +%FT%TZ)" deliver >/dev/null
}

state_of() {
    pr subscriber show "$1" --json | json 'd["state"]'
}

# What a form without ticks does not do: all feeds there are.
EVERYTHING=(-d feed=alt -d feed=press-releases -d feed=pressemeddelelser)

# sign_up ADDRESS [CURL ARGUMENT…]: to every feed, unless the arguments name some
sign_up() {
    local feeds=("${EVERYTHING[@]}")
    case "$*" in *feed=*) feeds=() ;; esac
    get /subscribe -d "email=$1" -d language=da "${feeds[@]}" "${@:2}" >/dev/null
    status_is 200
    deliver
}

become_confirmed() {
    sign_up "$@"
    get "$(path_in_mail "$1" confirm)" -X POST >/dev/null
    status_is 200
    deliver
}
