#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# What strangers type and click, over HTTP: links that mail programs spoil, addresses that nobody meant, and crowds.

load newsroom
load serve

setup() {
    newsroom_make
    serve_configure
    release_write nyt.md "title: Nyt sundhedshus i Lillesund" "published: 2026-06-10T09:00:00+02:00"
    pr run >/dev/null
    serve_start
}

teardown() {
    serve_stop
}

type_in() {
    get /subscribe -d feed=alt --data-urlencode "email=$1" "${@:2}"
}

@test "a link that a mail program spoilt still shows the button, and still leaves" {
    become_confirmed anna@avis.example
    leave=$(path_in_mail anna@avis.example unsubscribe)
    token=${leave##*/}
    coded=$("$PYTHON" -c 'import sys; print("".join("%%%02x" % ord(c) for c in sys.argv[1][:4]) + sys.argv[1][4:])' "$token")
    for path in "$leave/" "$leave//" "$leave." "$leave)" "$leave)." "$leave>" "$leave%3E" "$leave%20" "$leave%C2%A0" "$leave&gt;" \
        "/unsubscrib%65/$token" "/unsubscribe/$coded" "/unsubscribe%2F$token" "$leave/?utm_source=mail"; do
        get "$path" >"$BATS_TEST_TMPDIR/page"
        status_is 200
        grep -q 'Vil du afmelde dig?' "$BATS_TEST_TMPDIR/page"
        [ "$(state_of anna@avis.example)" = confirmed ]
        # Style and ways on are found from there as well.
        "$PYTHON" - "$path" "$BATS_TEST_TMPDIR/page" <<'PY'
import re, sys, urllib.parse
base = urllib.parse.urljoin("https://presse.nordhav.example/", sys.argv[1])
page = open(sys.argv[2], encoding="utf-8").read()
style = re.search(r'<link rel="stylesheet" href="([^"]*)"', page).group(1)
choose = re.search(r'<p class="further"><a href="([^"]*preferences/[^"]*)"', page).group(1)
assert urllib.parse.urlsplit(urllib.parse.urljoin(base, style)).path.startswith("/assets/"), style
assert urllib.parse.urlsplit(urllib.parse.urljoin(base, choose)).path.startswith("/preferences/"), choose
PY
    done
    for path in "${leave}x" "$leave/x" "$leave.x" "${leave%?}." "/unsubscribe/$token%00"; do
        get "$path" >/dev/null
        status_is 404
    done
    get "$leave)." -d 'List-Unsubscribe=One-Click' >/dev/null
    status_is 200
    [ "$(state_of anna@avis.example)" = unsubscribed ]
}

@test "the other links of a mail are forgiven the same" {
    type_in anna@avis.example >/dev/null
    deliver
    confirm=$(path_in_mail anna@avis.example confirm)
    get "$confirm>" | grep -q 'Vil du have nyheder'
    get "$confirm%20" -X POST | grep -q 'nu er du med'
    deliver
    get "$(path_in_mail anna@avis.example preferences)." | grep -q 'Vælg, hvad du får'
    status_is 200
}

# field NAME: its value in the page on standard input
field() {
    grep -o "name=\"$1\" value=\"[^\"]*\"" | sed 's/.*value="//; s/"$//'
}

@test "an address that looks mistyped is asked about once, and taken when it is sent again" {
    type_in anna@gmail.con >"$BATS_TEST_TMPDIR/page"
    status_is 400
    grep -q 'Mente du anna@gmail.com?' "$BATS_TEST_TMPDIR/page"
    [ "$(field checked <"$BATS_TEST_TMPDIR/page")" = anna@gmail.con ]
    [ "$(pr subscriber list --json | json 'len(d["subscribers"])')" = 0 ]
    type_in anna@gmail.con | grep -q 'Se i din indbakke'
    [ "$(state_of anna@gmail.con)" = pending ]
    # The form says by itself that it asked, wherever it is sent from; it answers for no other address.
    type_in bo@hotmial.dk -H 'X-Forwarded-For: 192.0.2.1' -d language=en | grep -q 'Did you mean bo@hotmail.dk?'
    type_in bo@hotmial.dk -H 'X-Forwarded-For: 198.51.100.1' -d checked=anna@gmail.con | grep -q 'Mente du bo@hotmail.dk?'
    type_in " BO@hotmial.dk" -H 'X-Forwarded-For: 203.0.113.1' -d checked=bo@hotmial.dk | grep -q 'Se i din indbakke'
    # The newsroom's own domains count as well, those of others do not.
    type_in mads@nordhv.example | grep -q 'Mente du mads@nordhav.example?'
    type_in mads@presse.nordhavn.example | grep -q 'Mente du mads@presse.nordhav.example?'
    for address in eva@hotmail.fi eva@dr.dk eva@mail.com eva@nordhav.example; do type_in "$address" | grep -q 'Se i din indbakke'; done
    get /preferences -d email=eva@gmial.com | grep -q 'Mente du eva@gmail.com?'
    get /preferences -d email=eva@gmial.com | grep -q 'Se i din indbakke'
    none 'gmail\|hotmial' "$BATS_TEST_TMPDIR/serve.log"
}

@test "what strangers send must be an address that mail can go to" {
    for address in root@mailhost anna@localhost "a$(printf '\xee\x80\x80')@avis.example" "$(printf '\xcc\x81')anna@avis.example" anna@xn--0.example; do
        type_in "$address" | grep -q 'Vi kan ikke læse mailadressen'
        status_is 400
    done
    type_in "$(printf '\xc2\xa0\xe2\x80\x8banna@avis.example\xc2\xa0\xef\xbb\xbf')" | grep -q 'Se i din indbakke'
    [ "$(pr subscriber list --json | json '" ".join(s["address"] for s in d["subscribers"])')" = anna@avis.example ]
}

@test "who came in under older rules on addresses still gets the link to their own data" {
    become_confirmed anna@avis.example
    sqlite3 "$ROOM/state/pressroom.db" "UPDATE subscriber SET address = 'anna@xn--0.example', folded = 'anna@xn--0.example', rate_limit_key = 'anna@xn--0.example'"
    get /preferences -d email=Anna@xn--0.example | grep -q 'Se i din indbakke'
    status_is 200
    deliver
    get "$(path_in_mail anna@xn--0.example preferences)" | grep -q 'Vælg, hvad du får'
}

@test "a crowd of strangers shuts nobody else out" {
    serve_stop
    export PRESSROOM_SIGNUP_BURST=40
    serve_start
    for i in $(seq 60); do
        type_in "p$i@avis.example" -H "X-Forwarded-For: 100.64.$i.7" >/dev/null
        status_is 200
    done
    [ "$(grep -c 'more mails are asked for than 40 at once and 1 an hour' "$BATS_TEST_TMPDIR/serve.log")" = 1 ]
    type_in anna@avis.example -H 'X-Forwarded-For: 203.0.113.1' | grep -q 'Se i din indbakke'
    status_is 200
    [ "$(state_of anna@avis.example)" = pending ]
    # One network has four, also of the crowd; in peace it has thirty.
    for i in 1 2 3; do type_in "q$i@avis.example" -H 'X-Forwarded-For: 203.0.113.9' >/dev/null; done
    status_is 200
    type_in q4@avis.example -H 'X-Forwarded-For: 203.0.113.10' >/dev/null
    status_is 429
    head_has 'Retry-After: 60'
    for i in 1 2 3; do type_in "r$i@avis.example" -H 'X-Forwarded-For: 100.64.60.8' >/dev/null; done
    status_is 200
    type_in r4@avis.example -H 'X-Forwarded-For: 100.64.60.8' >/dev/null
    status_is 429
}

# until_refused COMMAND…: one network comes again and again. On a slow machine it is given back some meanwhile.
until_refused() {
    local i
    for i in $(seq 100); do
        "$@" -H 'X-Forwarded-For: 203.0.113.1' >/dev/null
        [ "$(cat "$BATS_TEST_TMPDIR/status")" = 200 ] || break
    done
    status_is 429
}

@test "a web server in front that is not named is told of where all are refused as one" {
    serve_stop
    sed -i 's/trusted_proxies: \[127.0.0.1\]/trusted_proxies: [192.0.2.1]/' "$ROOM/newsroom.yaml"
    serve_start
    for i in $(seq 100); do
        type_in "p$i@avis.example" -H "X-Forwarded-For: 100.64.$i.7" >/dev/null
        [ "$(cat "$BATS_TEST_TMPDIR/status")" = 200 ] || break
    done
    status_is 429
    type_in anna@avis.example -H 'X-Forwarded-For: 203.0.113.1' >/dev/null
    [ "$(grep -c '127.0.0.0/24 passes on what others ask for.*name it in serve.trusted_proxies' "$BATS_TEST_TMPDIR/serve.log")" = 1 ]
}

@test "what is mistyped is not counted; a network that signed people up still gets at its own data" {
    become_confirmed anna@avis.example
    preferences=$(path_in_mail anna@avis.example preferences)
    for i in $(seq 40); do get /subscribe -d feed=alt -d "email=p$i" -H 'X-Forwarded-For: 203.0.113.1' >/dev/null; done
    status_is 400
    for i in $(seq 30); do type_in "p$i@avis.example" -H 'X-Forwarded-For: 203.0.113.1' >/dev/null; done
    status_is 200
    until_refused type_in p31@avis.example
    for i in 1 2 3 4 5; do type_in anna@avis.example -H 'X-Forwarded-For: 198.51.100.1' >/dev/null; done
    # Strangers used up what sign-ups may mail to Anna in an hour; her own link is not among that.
    get "$preferences" -d action=data -H 'X-Forwarded-For: 203.0.113.1' >/dev/null
    status_is 200
    deliver
    data=$(path_in_mail anna@avis.example preferences)
    [ "$data" != "$preferences" ]
    get "$data" -X POST -H 'X-Forwarded-For: 203.0.113.1' | json 'd["address"]' | grep -q anna@avis.example
    # Who opens it again and again has an end too, and others none.
    until_refused get "$data"
    get "$data" -H 'X-Forwarded-For: 192.0.2.1' >/dev/null
    status_is 200
    get "$(path_in_mail anna@avis.example unsubscribe)" -H 'X-Forwarded-For: 203.0.113.1' >/dev/null
    status_is 200
}
