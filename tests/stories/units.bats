#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The units of packaging/ as they are, run by systemd: what they refuse is nothing that pressroom needs.

load newsroom
load serve

setup() {
    [ -z "$PRESSROOM_SANITIZED" ] || skip "sanitizers need more memory than the units give"
    [ "$(id -u)" = 0 ] || skip "only root can start a systemd"
    BOOT=$BATS_TEST_TMPDIR/boot
    GOLDEN=$PRESSROOM_ROOT/tests/golden
    mkdir -p "$BOOT"/{srv/presse,usr,units,staged}
    cmake --install "$(dirname "$(dirname "$PRESSROOM_PROGRAM")")" --prefix "$BOOT/usr" >/dev/null
    cp "$BOOT"/usr/lib/systemd/system/*.service "$BOOT/units"
    chmod 755 "$BATS_RUN_TMPDIR" "$BATS_RUN_TMPDIR"/test "$BATS_TEST_TMPDIR" "$BOOT"
    newsroom_make
    mkdir -p "$ROOM"/inbox/{new,cur,tmp}
    sed -i -e "s|^  smtp:.*|  smtp: maildir:/srv/presse/mails\n  inbox: maildir:/srv/presse/inbox\n  replies: svar@nordhav.example\n  bounces: bounce@nordhav.example|" "$ROOM/newsroom.yaml"
    PORT=$(free_port)
    echo "serve: {listen: \"127.0.0.1:$PORT\", metrics: none}" >>"$ROOM/newsroom.yaml"
    cp -r "$ROOM/." "$BOOT/srv/presse"
    ROOM=$BOOT/srv/presse
    boot
}

teardown() {
    [ -z "${SYSTEMD:-}" ] || kill -KILL "$SYSTEMD" 2>/dev/null || true
    [ -z "${UNSHARE:-}" ] || wait "$UNSHARE" 2>/dev/null || true
    if [ -e "$BOOT/cgroup" ]; then
        # A group goes when the last of its processes has gone.
        eventually groups_go
    fi
}

groups_go() {
    local group
    while read -r group; do
        [ ! -d "$group" ] || find "$group" -depth -type d -exec rmdir {} + 2>/dev/null || return 1
    done <"$BOOT/cgroup"
}

boot() {
    "$PRESSROOM_ROOT/tests/peers/systemd_boot.sh" "$BOOT" >"$BATS_TEST_TMPDIR/systemd.log" 2>&1 3>&- &
    UNSHARE=$!
    eventually is_up_or_gone
    if gone "$UNSHARE"; then
        UNSHARE=
        tail -3 "$BATS_TEST_TMPDIR/systemd.log"
        skip "no systemd can be started here"
    fi
}

is_up_or_gone() {
    SYSTEMD=$(pgrep -P "$UNSHARE" || true)
    gone "$UNSHARE" || { [ -n "$SYSTEMD" ] && inside systemctl is-active -q default.target 2>/dev/null; }
}

inside() {
    nsenter -t "$SYSTEMD" -m -p -C -i -u -- "$@"
}

# As the user of the units, with the files that this unit's main process sees.
seen_by() {
    local main
    main=$(inside systemctl show --value -p MainPID "$1")
    inside nsenter -t "$main" -m -- setpriv --reuid 4321 --regid 4321 --clear-groups "${@:2}"
}

# dropped NAME: what was made in $BOOT/staged/NAME comes into releases/ at once
dropped() {
    chown -R 4321:4321 "$BOOT/staged"
    mv "$BOOT/staged/$1" "$ROOM/releases/$1"
}

# staged NAME [MARK]: a release with a picture
staged() {
    mkdir -p "$BOOT/staged/$1"
    "$PYTHON" - "$GOLDEN/picture/rights.jpg" "$BOOT/staged/$1/foto.jpg" "$1 ${2:-}" <<'PY'
import sys
picture, mark = open(sys.argv[1], "rb").read(), sys.argv[3].encode()
open(sys.argv[2], "wb").write(picture[:2] + b"\xff\xfe" + (2 + len(mark)).to_bytes(2, "big") + mark + picture[2:])
PY
    printf -- '---\nid: %s\ntitle: Om %s\nimages: [{file: foto.jpg, alt: x}]\n---\nDet er om %s, og ikke om andet end %s.\n' "$1" "$1" "$1" "$1" >"$BOOT/staged/$1/tekst.md"
}

start() {
    local unit
    chown -R 4321:4321 "$BOOT/srv"
    for unit in pressroom pressroom-serve; do
        mkdir -p "$BOOT/units/$unit.service.d"
        printf '[Service]\nStandardOutput=append:%s\nStandardError=append:%s\n%s\n' "$BATS_TEST_TMPDIR/$unit.log" "$BATS_TEST_TMPDIR/$unit.log" "${1:-}" \
            >"$BOOT/units/$unit.service.d/log.conf"
    done
    inside systemctl daemon-reload
    inside systemctl start pressroom pressroom-serve
}

# In whatever year it is: nobody sets a service's clock.
is_public() {
    [ -e "$(echo "$ROOM"/public/releases/*/"$1"/index.html)" ]
}

asked_to_join() {
    grep -rlqs '^To: maja@lillesundposten.example' "$ROOM/mails/new"
}

@test "as shipped: a release with its picture, a mail read, a sign-up, and serve writes in state/ alone" {
    local place
    cp "$GOLDEN/inbound/join-plain.eml" "$ROOM/inbox/new/1.test"
    staged bro
    mkdir -p "$BOOT/staged/alle"
    cp "$GOLDEN"/picture/rights.* "$BOOT/staged/alle"
    printf -- '---\nid: alle\ntitle: Alle slags\n---\nBilleder af alle slags ligger ved siden af teksten.\n' >"$BOOT/staged/alle/tekst.md"
    start
    dropped bro
    dropped alle
    eventually is_public alle-slags
    eventually is_public om-bro
    [ "$(find "$ROOM/public/releases" -name 'rights*.jpg' -o -name 'rights*.png' | wc -l)" -ge 7 ]
    eventually asked_to_join
    [ "$(curl -s "http://127.0.0.1:$PORT/healthz")" = ok ]
    curl -sf "http://127.0.0.1:$PORT/feeds/pressemeddelelser.atom" | grep -q 'Alle slags'
    curl -sf "http://127.0.0.1:$PORT/subscribe" -d email=bo@avis.example -d feed=alt -d language=da | grep -q indbakke
    for place in /srv/presse /srv/presse/releases /srv/presse/public /srv/presse/mails /etc /usr/local/bin; do
        run seen_by pressroom-serve touch "$place/x"
        [ "$status" -ne 0 ]
    done
    seen_by pressroom-serve touch /srv/presse/state/x
    seen_by pressroom touch /srv/presse/public/x
    run seen_by pressroom touch /usr/local/bin/x
    [ "$status" -ne 0 ]
    # nobody died of what the units refuse
    [ "$(inside systemctl show --value -p NRestarts pressroom pressroom-serve | tr -d '\n')" = 00 ]
    inside systemctl stop pressroom pressroom-serve
    [ "$(inside systemctl show --value -p Result pressroom pressroom-serve | tr -d '\n')" = successsuccess ]
}

# Holds I13.
@test "a reader that takes all memory there is costs its file alone, and the service stays the process it was" {
    local main
    staged ond KILLER
    staged god
    start "Environment=PRESSROOM_CONFINED_FAULT=picture:grow:KILLER"
    [ "$(inside systemctl show --value -p MemoryCurrent pressroom)" != "[not set]" ] || skip "memory is not counted here"
    main=$(inside systemctl show --value -p MainPID pressroom)
    dropped ond
    eventually test -e "$ROOM/releases/ond/tekst.md.problems.txt"
    grep -qF "foto.jpg: billedet kan ikke læses" "$ROOM/releases/ond/tekst.md.problems.txt"
    dropped god
    eventually is_public om-god
    [ "$(inside systemctl show --value -p MainPID pressroom)" = "$main" ]
    [ "$(inside systemctl show --value -p ActiveState pressroom)" = active ]
    ! is_public om-ond || false
}
