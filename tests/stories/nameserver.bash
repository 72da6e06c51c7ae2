# SPDX-License-Identifier: MIT
# dnsmasq on a loopback port of the test's own, that knows all below .example and asks nobody. Loaded beside serve.bash.

# nameserver_start ARGUMENT…: dnsmasq's options that name its records. It listens when the command that starts it ends.
nameserver_start() {
    local port
    port=$(free_port)
    NAMESERVER=$BATS_TEST_TMPDIR/nameserver.pid
    dnsmasq --conf-file=/dev/null --no-resolv --no-hosts --no-poll --listen-address=127.0.0.1 --bind-interfaces \
        --port="$port" --user="$(id -un)" --pid-file="$NAMESERVER" --local=/example/ "$@" 3>&-
    export PRESSROOM_RESOLVER=127.0.0.1:$port
}

nameserver_stop() {
    if [ -s "${NAMESERVER:-}" ]; then
        local pid
        pid=$(cat "$NAMESERVER")
        kill "$pid" 2>/dev/null || true
        timeout 60 tail --pid="$pid" -f /dev/null || kill -KILL "$pid" 2>/dev/null || true
        NAMESERVER=
    fi
}
