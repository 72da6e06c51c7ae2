#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# What `serve` does not take: requests that can be read in two ways, more than one client's share, and rights it has no use for.

load newsroom
load serve

setup() {
    newsroom_make
    serve_configure
    release_write nyt.md "title: Nyt sundhedshus i Lillesund" "published: 2026-06-10T09:00:00+02:00"
    pr run >/dev/null
}

teardown() {
    serve_stop
}

@test "what can be read in two ways is refused, the connection closed, and nothing behind it answered" {
    serve_start
    "$PYTHON" "$PRESSROOM_ROOT/tests/peers/http_raw.py" "${URL#http://}" malformed
    get /healthz | grep -qx ok
}

@test "1,100 connections from one address are its own affair" {
    sed -i 's/trusted_proxies: \[127.0.0.1\]/trusted_proxies: [127.0.0.2]/' "$ROOM/newsroom.yaml"
    serve_start
    "$PYTHON" "$PRESSROOM_ROOT/tests/peers/http_raw.py" "${URL#http://}" flood "$METRICS"
}

@test "requests that never end, through a proxy, make room for those that do" {
    export PRESSROOM_PATIENCE_MS=600000
    serve_start
    "$PYTHON" "$PRESSROOM_ROOT/tests/peers/http_raw.py" "${URL#http://}" held
}

@test "serve writes in state/ alone, and may become no other program" {
    local marker=$BATS_TEST_TMPDIR/marker before
    if unshare -m true 2>/dev/null; then
        # What ReadWritePaths= in its unit does.
        cat >"$BATS_TEST_TMPDIR/closed" <<SH
#!/bin/bash
case " \$* " in *" serve "*)
    exec unshare -m bash -c 'mount --bind "\$1" "\$1" && mount --bind "\$1/state" "\$1/state" && mount -o remount,bind,ro "\$1" && shift && exec "\$@"' _ "$ROOM" "$PRESSROOM_PROGRAM" "\$@" ;;
esac
exec "$PRESSROOM_PROGRAM" "\$@"
SH
        chmod +x "$BATS_TEST_TMPDIR/closed"
        PRESSROOM_PROGRAM=$BATS_TEST_TMPDIR/closed serve_start
    else
        serve_start
    fi
    touch "$marker"
    sign_up anna@avis.example
    get /feeds/pressemeddelelser.atom >/dev/null
    status_is 200
    [ "$(state_of anna@avis.example)" = pending ]
    [ -z "$(find "$ROOM" -path "$ROOM/state" -prune -o -type f -newer "$marker" ! -path "$ROOM/mail/*" ! -path "$MAIL/*" -print)" ]
    grep -qx $'Seccomp:\t2' "/proc/$SERVE/status"
    grep -qx $'NoNewPrivs:\t1' "/proc/$SERVE/status"
    before=$(grep -l $'^Seccomp:\t2' /proc/"$SERVE"/task/*/status | wc -l)
    [ "$before" = "$(ls "/proc/$SERVE/task" | wc -l)" ] # each of its threads
}

@test "a kernel that cannot confine serves nobody" {
    # ENOSYS, as a kernel without seccomp says it.
    # Under strace leaks cannot be looked for.
    ASAN_OPTIONS=detect_leaks=0 run strace -f -qq -o /dev/null -e trace=seccomp,prctl -e inject=seccomp:error=ENOSYS "$PRESSROOM_PROGRAM" -C "$ROOM" serve --listen 127.0.0.1:0
    echo "$output"
    [ "$status" -eq 2 ]
    [[ $output == *seccomp* ]]
}

@test "the memory that holds key and addresses is closed to others of the same user" {
    [ -z "$PRESSROOM_SANITIZED" ] || skip "sanitizers look into it themselves"
    local equals=()
    # Root may look everywhere, in three ways: both sides go without them.
    [ "$(id -u)" != 0 ] || equals=(setpriv --bounding-set=-sys_ptrace,-sys_admin,-perfmon)
    printf '#!/bin/bash\nexec %s "%s" "$@"\n' "${equals[*]}" "$PRESSROOM_PROGRAM" >"$BATS_TEST_TMPDIR/lesser"
    chmod +x "$BATS_TEST_TMPDIR/lesser"
    PRESSROOM_PROGRAM=$BATS_TEST_TMPDIR/lesser serve_start
    "${equals[@]}" sleep 1000 3>&- &
    local other=$!
    eventually "${equals[@]}" grep -qa sleep "/proc/$other/maps"
    "${equals[@]}" head -c 1 "/proc/$other/environ" >/dev/null
    run "${equals[@]}" head -c 1 "/proc/$SERVE/environ"
    kill "$other"
    [ "$status" != 0 ]
}
