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

# crowd COUNT: as many sign-ups, each from a network of its own; prints how many came through
crowd() {
    "$PYTHON" - "${URL#http://}" "$1" <<'PY'
import http.client, sys, threading
address, count = sys.argv[1], int(sys.argv[2])
statuses, lock, numbers = [], threading.Lock(), iter(range(count))
def work():
    connection = http.client.HTTPConnection(address)
    while True:
        with lock:
            number = next(numbers, None)
        if number is None:
            return
        connection.request("POST", "/subscribe", f"feed=alt&email=p{number}@avis.example", {
            "Content-Type": "application/x-www-form-urlencoded",
            "X-Forwarded-For": f"100.{64 + number // 256 % 64}.{number % 256}.7"})
        response = connection.getresponse()
        response.read()
        with lock:
            statuses.append(response.status)
workers = [threading.Thread(target=work) for _ in range(100)]
[worker.start() for worker in workers]
[worker.join() for worker in workers]
print(statuses.count(200))
PY
}

@test "a crowd of strangers shuts nobody else out" {
    [ "$(crowd 2500)" = 2500 ]
    eventually grep -q 'more mails are asked for than 2000 at once and 20000 an hour' "$BATS_TEST_TMPDIR/serve.log"
    type_in anna@avis.example -H 'X-Forwarded-For: 203.0.113.1' | grep -q 'Se i din indbakke'
    status_is 200
    [ "$(state_of anna@avis.example)" = pending ]
    # One network in the crowd has four an hour.
    for i in 1 2 3; do type_in "q$i@avis.example" -H 'X-Forwarded-For: 203.0.113.9' >/dev/null; done
    status_is 200
    type_in q4@avis.example -H 'X-Forwarded-For: 203.0.113.10' >/dev/null
    status_is 429
}

@test "what is mistyped is not counted; a network that signed people up still gets at its own data" {
    become_confirmed anna@avis.example
    preferences=$(path_in_mail anna@avis.example preferences)
    for i in $(seq 40); do get /subscribe -d feed=alt -d "email=p$i" -H 'X-Forwarded-For: 203.0.113.1' >/dev/null; done
    status_is 400
    for i in $(seq 30); do type_in "p$i@avis.example" -H 'X-Forwarded-For: 203.0.113.1' >/dev/null; done
    status_is 200
    type_in p31@avis.example -H 'X-Forwarded-For: 203.0.113.1' >/dev/null
    status_is 429
    for i in 1 2 3 4 5; do type_in anna@avis.example -H 'X-Forwarded-For: 198.51.100.1' >/dev/null; done
    # Strangers used up what sign-ups may mail to Anna in an hour; her own link is not among that.
    get "$preferences" -d action=data -H 'X-Forwarded-For: 203.0.113.1' >/dev/null
    status_is 200
    deliver
    data=$(path_in_mail anna@avis.example preferences)
    [ "$data" != "$preferences" ]
    get "$data" -X POST -H 'X-Forwarded-For: 203.0.113.1' | json 'd["address"]' | grep -q anna@avis.example
    # Who opens it again and again has an end too, and others none.
    for i in $(seq 30); do get "$data" -H 'X-Forwarded-For: 203.0.113.1' >/dev/null; done
    status_is 429
    get "$data" -H 'X-Forwarded-For: 192.0.2.1' >/dev/null
    status_is 200
    get "$(path_in_mail anna@avis.example unsubscribe)" -H 'X-Forwarded-For: 203.0.113.1' >/dev/null
    status_is 200
}
