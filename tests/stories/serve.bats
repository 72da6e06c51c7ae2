#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# People come, confirm, choose, leave and are forgotten, over HTTP; and public/ as it is served.

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

@test "where the port for metrics is taken, serve says so and serves on; none asks for none" {
    other=$BATS_TEST_TMPDIR/other
    "$PRESSROOM_PROGRAM" init "$other" --name "Region Nordhav" --url https://presse.nordhav.example/ >/dev/null
    printf 'serve: {metrics: "%s"}\n' "$METRICS" >>"$other/newsroom.yaml"
    mkfifo "$BATS_TEST_TMPDIR/out"
    "$PRESSROOM_PROGRAM" -C "$other" --json serve --listen 127.0.0.1:0 >"$BATS_TEST_TMPDIR/out" 2>"$BATS_TEST_TMPDIR/err" 3>&- &
    pid=$!
    read -r line <"$BATS_TEST_TMPDIR/out"
    [ "$(json 'd["metrics_port"]' <<<"$line")" = 0 ]
    curl -sf "http://$(json 'd["listen"]' <<<"$line")/healthz"
    kill "$pid"
    wait "$pid"
    grep -q 'serve.metrics: cannot listen at .*serving without /metrics' "$BATS_TEST_TMPDIR/err"
    sed -i '/^serve:/d' "$other/newsroom.yaml"
    echo 'serve: {metrics: none, trusted_proxies: [127.0.0.1, 10.0.0.0/8, "fd00::/8"]}' >>"$other/newsroom.yaml"
    "$PRESSROOM_PROGRAM" -C "$other" check
}

@test "sign-up, confirmation, preferences and leaving" {
    get /subscribe | grep -q 'name="email"'
    sign_up anna@avis.example -d feed=pressemeddelelser -d cadence=daily
    [ "$(state_of anna@avis.example)" = pending ]
    confirm=$(path_in_mail anna@avis.example confirm)
    get "$confirm" | grep -q '<li>Pressemeddelelser – samlet én gang om dagen</li>'
    [ "$(state_of anna@avis.example)" = pending ] # looking confirms nothing
    get "$confirm" -X POST | grep -q 'nu er du med'
    get "$confirm" -X POST | grep -q 'nu er du med' # twice is harmless
    [ "$(state_of anna@avis.example)" = confirmed ]
    deliver
    [ "$(mail_count 'Velkommen til nyheder')" = 1 ]
    preferences=$(path_in_mail anna@avis.example preferences)
    get "$preferences" | grep -q 'value="pressemeddelelser" id="feed-pressemeddelelser" checked'
    get "$preferences" | none anna@avis.example # the address is not told to who holds an old mail
    get "$preferences" -d action=save -d feed=press-releases -d cadence-press-releases=weekly -d language=en |
        grep -q 'role="status"'
    pr subscriber show anna@avis.example --json |
        json '([(s["feed"], s["cadence"]) for s in d["subscriptions"]], d["language"])' |
        grep -qF "([('press-releases', 'weekly')], 'en')"
    get "$preferences" -d action=save >/dev/null # no feed at all
    status_is 400
    leave=$(path_in_mail anna@avis.example unsubscribe)
    get "$leave" | grep -q 'Unsubscribe me' # in her language
    get "$leave?language=da" | grep -q 'Afmeld mig'
    [ "$(state_of anna@avis.example)" = confirmed ]
    get "$leave" -X POST | grep -q 'You are unsubscribed'
    [ "$(state_of anna@avis.example)" = unsubscribed ]
    get "$leave" -X POST >/dev/null
    status_is 200
    mails=$(mail_count)
    deliver
    [ "$(mail_count)" = "$mails" ] # no mail after leaving
    get "$confirm" -X POST >/dev/null # an old confirmation brings nobody back
    status_is 410
    get "$leave" -d action=back | grep -q 'You ticked nothing, so you still get no news from us' # nothing ticked, nothing back
    get "$leave" -d action=back -d feed=hemmeligt >/dev/null
    status_is 400
    [ "$(state_of anna@avis.example)" = unsubscribed ]
    [ "$(mail_count)" = "$mails" ]
    get "$leave" -d action=back -d feed=press-releases | grep -q 'Look in your inbox'
    [ "$(state_of anna@avis.example)" = pending ]
    pr subscriber show anna@avis.example --json | json 'd["events"][-1]["wording"]' | grep -qxF \
        "Would you like some of it back? Tick what you would like back. We will send you an e-mail that asks you to say yes. [Send me an e-mail]"
    get "$leave" -d action=back -d feed=press-releases >/dev/null # pressed twice
    status_is 200
    [ "$(state_of anna@avis.example)" = pending ]
}

@test "nobody gets what he did not tick" {
    get /subscribe -d email=anna@avis.example -d cadence=weekly -d language=da >"$BATS_TEST_TMPDIR/again"
    status_is 400
    grep -q 'Sæt kryds ved det, du vil have' "$BATS_TEST_TMPDIR/again"
    grep -q 'value="anna@avis.example"' "$BATS_TEST_TMPDIR/again" # what was written stands there still
    grep -q 'id="cadence-weekly" checked' "$BATS_TEST_TMPDIR/again"
    none ' checked> <label for="feed-' "$BATS_TEST_TMPDIR/again"
    run pr subscriber show anna@avis.example
    [ "$status" = 1 ]
    # What was asked for and is closed meanwhile is not made up for by the others.
    sign_up bo@avis.example -d feed=press-releases
    confirm=$(path_in_mail bo@avis.example confirm)
    echo 'signup: closed' >>"$ROOM/feeds/press-releases.yaml"
    serve_stop
    export PRESSROOM_NOW=2026-06-18T09:30:00Z
    serve_start
    mails=$(mail_count)
    get "$confirm" -d action=again | grep -q 'href="../subscribe"'
    status_is 410
    deliver
    [ "$(mail_count)" = "$mails" ]
    # One feed alone is nothing to choose among.
    rm "$ROOM"/feeds/press*.yaml
    serve_stop
    serve_start
    get /subscribe | none 'name="feed"'
    get /subscribe -d email=carl@avis.example | grep -q 'Se i din indbakke'
    pr subscriber show carl@avis.example --json | json '[s["feed"] for s in d["subscriptions"]]' | grep -qFx '["alt"]'
}

# Holds I2.
@test "who has a language that is not offered keeps it, whatever else is saved" {
    subscriber_add anna@avis.example --feed pressemeddelelser --language sv
    release_write a.md "title: Den ene"
    pr run >/dev/null
    local preferences
    preferences=$(path_in_mail anna@avis.example preferences)
    get "$preferences" | grep -q '<option value="sv" lang="sv" selected>svenska</option>'
    get "$preferences" -d action=save -d feed=pressemeddelelser -d cadence-pressemeddelelser=weekly -d language=sv |
        grep -q '<option value="sv" lang="sv" selected>'
    [ "$(pr subscriber show anna@avis.example --json | json 'd["language"]')" = sv ]
    get "$preferences" -d action=save -d feed=pressemeddelelser -d cadence-pressemeddelelser=weekly -d language=en >/dev/null
    [ "$(pr subscriber show anna@avis.example --json | json 'd["language"]')" = en ]
}

@test "who turns to weekly mails gets nothing at once any more, also not what waits already" {
    subscriber_add anna@avis.example --feed pressemeddelelser --feed press-releases
    release_write a.md "title: Den ene"
    pr run >/dev/null
    [ "$(mail_count '^Subject: Den ene')" -eq 1 ]
    local preferences before
    preferences=$(path_in_mail anna@avis.example preferences)
    before=$(mail_count)
    sed -i 's/delay: 0s/delay: 5m/' "$ROOM/newsroom.yaml"
    BODY="En helt anden tekst om noget nyt." release_write b.md "title: Den anden"
    pr run >/dev/null
    [ "$(pr status --json | json 'd["mailings"][0]["queued"]')" -eq 1 ]
    get "$preferences" -d action=save -d feed=pressemeddelelser -d cadence-pressemeddelelser=weekly -d feed=press-releases \
        -d cadence-press-releases=immediate -d language=da >/dev/null
    status_is 200
    [ "$(pr status --json | json 'd["mailings"][0]["suppressed"]')" -eq 1 ]
    at 2026-06-10T08:30:00Z deliver
    [ "$(mail_count)" -eq "$before" ]
    at 2026-06-15T06:05:00Z run # it comes with Monday's digest, and what was mailed at once does not
    [ "$(mail_count)" -eq $((before + 1)) ]
    [ "$(mail_count 'En helt anden tekst')" -eq 1 ]
    [ "$(mail_count 'Feedback-ID: 2026-06-15:digest:')" -eq 1 ]
    pr status | grep -q ' digest  *2026-06-15  *finished'
}

@test "the story told of a person names way, wording and network, never the address" {
    become_confirmed anna@avis.example -H 'X-Forwarded-For: 203.0.113.9, 198.51.100.77'
    pr subscriber show anna@avis.example --json | json '[(e["event"], e["way"]) for e in d["events"]]' |
        grep -qF '[["requested", "web"], ["confirmed", "web"]]'
    pr subscriber show anna@avis.example --json | json 'd["events"][0]["wording"]' | grep -q 'Når du trykker'
    sqlite3 "$ROOM/state/pressroom.db" 'SELECT DISTINCT network FROM event' | sort | tr '\n' ' ' | grep -q '198.51.100.0/24'
    none 198.51.100.77 "$BATS_TEST_TMPDIR/serve.log"
}

one_is_leaving() {
    [ "$(sqlite3 "$ROOM/state/pressroom.db" "SELECT count(*) FROM delivery WHERE state = 1")" -ge 1 ]
}

# Holds I2.
@test "who leaves while mails are leaving gets none, although his is claimed already" {
    local i
    for i in 1 2 3 4 5 6 7 8; do subscriber_add "p$i@avis.example"; done
    release_write a.md "title: Den ene"
    pr run >/dev/null
    for i in 1 2 3 4 5 6 7 8; do path_in_mail "p$i@avis.example" unsubscribe >"$BATS_TEST_TMPDIR/leave$i"; done
    # A relay that thinks about the first text until all have left; one connection, so that the others wait, claimed.
    smtp_peer_start --hold 0
    sed -i "s|^  smtp: .*|  smtp: smtp://127.0.0.1:$SMTP_PORT\n  connections: 1|" "$ROOM/newsroom.yaml"
    BODY="Nu åbner den nye bro i Ådal for cykler og gående." release_write b.md "title: Den anden"
    at 2026-06-10T08:10:00Z run >"$BATS_TEST_TMPDIR/run" 2>&1 3>&- &
    local running=$!
    eventually one_is_leaving
    for i in 1 2 3 4 5 6 7 8; do
        get "$(cat "$BATS_TEST_TMPDIR/leave$i")" -d List-Unsubscribe=One-Click >/dev/null
        status_is 200
    done
    smtp_peer_let_go_until_gone "$running"
    wait "$running"
    smtp_peer_stop
    pr status --json | json '{k: d["mailings"][0][k] for k in ("audience", "sent", "suppressed")}'
    [ "$(pr status --json | json 'd["mailings"][0]["sent"] <= 2 and d["mailings"][0]["suppressed"] >= 6')" = True ]
    [ "$(mail_count '^Subject: Den anden')" -le 2 ]
    books_balance
}

@test "a proxy that adds a line of its own is believed, and not what came before it" {
    get /subscribe -d email=anna@avis.example -d feed=alt -H 'X-Forwarded-For: 203.0.113.9' -H 'X-Forwarded-For: 198.51.100.77' >/dev/null
    status_is 200
    [ "$(sqlite3 "$ROOM/state/pressroom.db" 'SELECT DISTINCT network FROM event')" = 198.51.100.0/24 ]
}

@test "one click leaves, urlencoded and multipart, without redirect or cookie" {
    become_confirmed anna@avis.example
    become_confirmed bo@avis.example
    get "$(path_in_mail anna@avis.example unsubscribe)" -d 'List-Unsubscribe=One-Click' >/dev/null
    status_is 200
    none -i '^set-cookie\|^location' "$BATS_TEST_TMPDIR/head"
    [ "$(state_of anna@avis.example)" = unsubscribed ]
    get "$(path_in_mail bo@avis.example unsubscribe)" -F 'List-Unsubscribe=One-Click' >/dev/null
    status_is 200
    [ "$(state_of bo@avis.example)" = unsubscribed ]
}

# Holds I15.
@test "the answer to a sign-up is the same byte for byte, whoever asks for whom" {
    become_confirmed anna@avis.example
    get /subscribe -d email=anna@avis.example -d feed=alt >"$BATS_TEST_TMPDIR/known"
    get /subscribe -d email=nobody@avis.example -d feed=alt >"$BATS_TEST_TMPDIR/unknown"
    get /subscribe -d email=nobody@avis.example -d feed=alt >"$BATS_TEST_TMPDIR/pending"
    get /subscribe -d email=trap@avis.example -d feed=alt -d website=http://spam.example >"$BATS_TEST_TMPDIR/trapped"
    for i in 1 2 3 4 5 6; do get /subscribe -d email=nobody@avis.example -d feed=alt >"$BATS_TEST_TMPDIR/rationed"; done
    for name in unknown pending trapped rationed; do
        cmp "$BATS_TEST_TMPDIR/known" "$BATS_TEST_TMPDIR/$name"
    done
    deliver
    [ "$(mail_count 'To: nobody@avis.example')" = 4 ] # an hour's ration
    [ "$(mail_count 'To: trap@avis.example')" = 0 ]
    [ "$(mail_count 'Du f=C3=A5r allerede\|Du_f=C3=A5r_allerede')" = 1 ]
    get /preferences -d email=anna@avis.example >"$BATS_TEST_TMPDIR/known"
    get /preferences -d email=nobody@avis.example >"$BATS_TEST_TMPDIR/unknown"
    cmp "$BATS_TEST_TMPDIR/known" "$BATS_TEST_TMPDIR/unknown"
    # No answer comes before its time, however little there was to do for it.
    for form in email=anna@avis.example email=nobody@avis.example 'email=trap@avis.example&website=x'; do
        curl -s -o /dev/null -w '%{time_total}\n' -d "$form&feed=alt" "$URL/subscribe"
    done >"$BATS_TEST_TMPDIR/times"
    cat "$BATS_TEST_TMPDIR/times"
    awk '$1 < 0.09 { early++ } END { exit NR != 3 || early > 0 }' "$BATS_TEST_TMPDIR/times"
    get /subscribe -d email=anna@ -d feed=alt >/dev/null
    status_is 400
    get /subscribe -d email=anna@avis.example -d feed=hemmeligt >/dev/null
    status_is 400
}

@test "a fresh link, my data, erase me" {
    become_confirmed anna@avis.example
    get /preferences -d email=ANNA@avis.example >/dev/null
    deliver
    preferences=$(path_in_mail anna@avis.example preferences)
    get "$preferences" -d action=data | grep -q 'en time'
    deliver
    data=$(path_in_mail anna@avis.example preferences)
    [ "$data" != "$preferences" ]
    get "$data" | grep -q 'Hent filen'
    get "$data" -X POST | json '(d["address"], d["state"], len(d["events"]))' | grep -qF "('anna@avis.example', 'confirmed', 2)"
    head_has 'Content-Disposition: attachment; filename="my-data.json"'
    get "$preferences" -d action=erase >/dev/null
    deliver
    erase=$(path_in_mail anna@avis.example preferences)
    [ "$erase" != "$data" ]
    get "$erase" | grep -q 'Slet alt om mig'
    [ "$(state_of anna@avis.example)" = confirmed ]
    get "$erase" -X POST | grep -q 'Dine oplysninger er slettet'
    run pr subscriber show anna@avis.example
    [ "$status" = 1 ]
    none -r anna@avis.example "$ROOM/state"
    get "$erase" -X POST | grep -q 'Hvis du har trykket på “Slet alt om mig”, er dine oplysninger slettet' # who presses twice is not told that nothing happened
    status_is 410
    get "$preferences" >/dev/null
    status_is 404
}

@test "links good for an hour are good for no longer, and confirmations for seven days" {
    become_confirmed anna@avis.example
    get "$(path_in_mail anna@avis.example preferences)" -d action=data >/dev/null
    deliver
    data=$(path_in_mail anna@avis.example preferences)
    sign_up bo@avis.example
    confirm=$(path_in_mail bo@avis.example confirm)
    serve_stop
    export PRESSROOM_NOW=2026-06-10T09:30:00Z
    serve_start
    get "$data" -X POST >/dev/null
    status_is 410
    get "$confirm" >/dev/null
    status_is 200
    serve_stop
    export PRESSROOM_NOW=2026-06-18T09:30:00Z
    serve_start
    get "$confirm" | grep -q 'Send mig en ny mail'
    status_is 410
    get "$confirm" -X POST >/dev/null
    status_is 410
    [ "$(state_of bo@avis.example)" != confirmed ]
    get "$confirm" -d action=again >/dev/null
    status_is 200
    deliver
    get "$(path_in_mail bo@avis.example confirm)" -X POST >/dev/null
    [ "$(state_of bo@avis.example)" = confirmed ]
}

@test "files: media types, conditions, ranges, compressed copies, folders" {
    feed=/feeds/pressemeddelelser
    for pair in ".atom application/atom+xml; charset=utf-8" ".rss application/rss+xml; charset=utf-8" ".json application/feed+json"; do
        get "$feed${pair%% *}" >/dev/null
        head_has "Content-Type: ${pair#* }"
        head_has "Cache-Control: public, max-age=300"
    done
    get "$feed.atom" -H 'Accept-Encoding: gzip' >"$BATS_TEST_TMPDIR/body.gz"
    head_has "Content-Encoding: gzip"
    head_has "Vary: Accept-Encoding"
    zcat "$BATS_TEST_TMPDIR/body.gz" | cmp - "$ROOM/public$feed.atom"
    get "$feed.atom" -H 'Accept-Encoding: gzip;q=0.5, identity' | cmp - "$ROOM/public$feed.atom"
    none -i '^content-encoding' "$BATS_TEST_TMPDIR/head"
    get "$feed.atom" -H 'Accept-Encoding: gzip' -o /dev/null
    gzip_etag=$(tr -d '\r' <"$BATS_TEST_TMPDIR/head" | sed -n 's/^ETag: //p')
    get "$feed.atom" | cmp - "$ROOM/public$feed.atom"
    etag=$(tr -d '\r' <"$BATS_TEST_TMPDIR/head" | sed -n 's/^ETag: //p')
    [ "$etag" != "$gzip_etag" ]
    get "$feed.atom" -H "If-None-Match: $etag" -H 'If-Modified-Since: Thu, 01 Jan 1970 00:00:00 GMT' >/dev/null
    status_is 304
    head_has "ETag: $etag"
    head_has "Content-Length: $(stat -c %s "$ROOM/public$feed.atom")" # as 200 would say, or none: RFC 9110 section 8.6
    get "$feed.atom" -H "If-None-Match: W/$gzip_etag" -H 'Accept-Encoding: gzip' >/dev/null
    status_is 304
    head_has "Content-Length: $(stat -c %s "$ROOM/public$feed.atom.gz")"
    curl -s -H "If-None-Match: $etag" "$URL$feed.atom" -w '%{http_code} %{num_connects} ' "$URL$feed.atom" -o /dev/null |
        grep -qx '304 1 304 0 ' # the connection is good for the next request
    get "$feed.atom" -H "If-None-Match: $gzip_etag" >/dev/null
    status_is 200
    [ "$(get "$feed.atom" -r 0-4)" = '<?xml' ]
    status_is 206
    get "$feed.atom" -r 9999999- >/dev/null
    status_is 416
    get "$feed.atom" -I >/dev/null
    head_has "Content-Length: $(stat -c %s "$ROOM/public$feed.atom")"
    get /feeds >/dev/null
    status_is 301
    head_has 'Location: ./feeds/'
    get /feeds/ >/dev/null
    head_has 'Content-Type: text/html; charset=utf-8'
    get /nowhere | grep -q 'Siden findes ikke'
    status_is 404
    for path in /sv/nowhere /en /en/../nowhere /languages/nowhere; do
        get "$path" | grep -q 'Siden findes ikke'
        status_is 404
    done
    release_write new.md "title: New health centre in Lillesund" "language: en" "published: 2026-06-10T09:10:00+02:00"
    pr run >/dev/null
    for path in /en/nowhere /en/feeds/nowhere.atom; do
        get "$path" | grep -q 'Page not found'
        status_is 404
    done
    get /nowhere | grep -q 'Siden findes ikke'
    get / -H 'Host: anything.example' >/dev/null
    status_is 200
    get / -X DELETE >/dev/null
    status_is 405
    get /healthz | grep -qx ok
    get /metrics >/dev/null
    status_is 404
    curl -s "http://$METRICS/metrics" | grep -q '^pressroom_subscribers{state="confirmed"} 0$'
}

@test "metrics count each answer to a question for a file as what it was" {
    answers() {
        curl -s "http://$METRICS/metrics" | sed -n 's/^pressroom_http_answers_total{route="file",status="\(.xx\)"} /\1 /p' | tr '\n' ' '
    }
    feed=/feeds/pressemeddelelser.atom
    get "$feed" >/dev/null
    etag=$(tr -d '\r' <"$BATS_TEST_TMPDIR/head" | sed -n 's/^ETag: //p')
    [ "$(answers)" = "2xx 1 " ]
    get "$feed" -H "If-None-Match: $etag" >/dev/null
    status_is 304
    get /feeds >/dev/null
    status_is 301
    [ "$(answers)" = "2xx 1 3xx 2 " ]
    get "$feed" -r 0-4 >/dev/null
    status_is 206
    get "$feed" -r 99999999- >/dev/null
    status_is 416
    get /nowhere >/dev/null
    status_is 404
    [ "$(answers)" = "2xx 2 3xx 2 4xx 2 " ]
}

@test "files: since when, and parts of them" {
    feed=/feeds/pressemeddelelser.atom
    size=$(stat -c %s "$ROOM/public$feed")
    touch -d 2026-06-10T07:30:00Z "$ROOM/public$feed" "$ROOM/public$feed.gz"
    get "$feed" | cmp - "$ROOM/public$feed"
    head_has 'Last-Modified: Wed, 10 Jun 2026 07:30:00 GMT'
    etag=$(tr -d '\r' <"$BATS_TEST_TMPDIR/head" | sed -n 's/^ETag: //p')
    for since in 'Wed, 10 Jun 2026 07:30:00 GMT' 'Wednesday, 10-Jun-26 07:30:00 GMT' 'Wed Jun 10 07:30:00 2026' \
        'Thu, 11 Jun 2026 00:00:00 GMT'; do
        get "$feed" -H "If-Modified-Since: $since" >/dev/null
        status_is 304
    done
    for since in 'Wed, 10 Jun 2026 07:29:59 GMT' 'yesterday'; do
        get "$feed" -H "If-Modified-Since: $since" | cmp - "$ROOM/public$feed"
        status_is 200
    done
    # An entity tag that does not match wins over a date that does.
    get "$feed" -H 'If-None-Match: "another"' -H 'If-Modified-Since: Thu, 11 Jun 2026 00:00:00 GMT' >/dev/null
    status_is 200

    get "$feed" -r 6-9 -H 'Accept-Encoding: gzip' | cmp - <(head -c 10 "$ROOM/public$feed" | tail -c 4)
    status_is 206
    head_has "Content-Range: bytes 6-9/$size"
    head_has 'Content-Length: 4'
    none -i '^content-encoding' "$BATS_TEST_TMPDIR/head"
    get "$feed" -r -5 | cmp - <(tail -c 5 "$ROOM/public$feed")
    head_has "Content-Range: bytes $((size - 5))-$((size - 1))/$size"
    get "$feed" -r 10- | cmp - <(tail -c +11 "$ROOM/public$feed")
    status_is 206
    get "$feed" -r 0-99999999 | cmp - "$ROOM/public$feed"
    head_has "Content-Range: bytes 0-$((size - 1))/$size"
    get "$feed" -r "$size-" >/dev/null
    status_is 416
    head_has "Content-Range: bytes \*/$size"
    for whole in 'bytes=0-1,4-5' 'bytes=5-2' 'lines=0-1' 'bytes=a-b'; do
        get "$feed" -H "Range: $whole" | cmp - "$ROOM/public$feed"
        status_is 200
    done
    for match in "$etag" 'Wed, 10 Jun 2026 07:30:00 GMT'; do
        get "$feed" -r 0-4 -H "If-Range: $match" >/dev/null
        status_is 206
    done
    for other in '"another"' "W/$etag" 'Wed, 10 Jun 2026 07:29:59 GMT'; do
        get "$feed" -r 0-4 -H "If-Range: $other" | cmp - "$ROOM/public$feed"
        status_is 200
    done
    [ "$(get "$feed" -I -r 0-4 | wc -c)" -gt 0 ] # the head alone
    head_has "Content-Length: $size"             # ranges are for GET: RFC 9110 section 14.2
}

@test "a request that comes a byte at a time is dropped by the limit; others are served meanwhile" {
    serve_stop
    PRESSROOM_PATIENCE_MS=3000 serve_start
    "$PYTHON" - "${URL#http://}" <<'PY'
import http.client, select, socket, sys

host, port = sys.argv[1].split(":")
BEGINNINGS = [b"GET /feeds/ HTTP/1.1\r\nHost: x\r\nX-Slow: ",
              b"POST /subscribe HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 9000\r\n\r\nemail="]

for beginning in BEGINNINGS:
    slow = socket.create_connection((host, int(port)))
    slow.sendall(beginning)
    others = 0
    # A byte, then until the end is there or 200 ms have passed: 400 bytes are more than the limit leaves time for.
    for _ in range(400):
        try:
            slow.sendall(b"a")
            if select.select([slow], [], [], 0.2)[0]:
                answer = slow.recv(100)
                assert answer == b"", answer
                break
        except ConnectionError:
            break
        for path in ("/healthz", "/feeds/", "/subscribe"):
            connection = http.client.HTTPConnection(host, int(port))
            connection.request("GET", path)
            assert connection.getresponse().status == 200
            connection.close()
            others += 1
    else:
        sys.exit("it was never dropped")
    assert others > 0
PY
    [ "$(pr subscriber list --json | json 'len(d["subscribers"])')" = 0 ]
    get /subscribe -d email=anna@avis.example -d feed=alt >/dev/null
    status_is 200
}

@test "nothing outside public/ is served, and what is taken away is gone at once" {
    ln -s "$ROOM/state/secret.key" "$ROOM/public/key.txt"
    ln -s "$ROOM/state" "$ROOM/public/state"
    echo geheim >"$ROOM/public/.hidden"
    for path in /key.txt /state/secret.key /.hidden /../newsroom.yaml /%2e%2e/newsroom.yaml /feeds/..%2f..%2fnewsroom.yaml //etc/passwd '/index.html%00.txt'; do
        get "$path" >"$BATS_TEST_TMPDIR/body"
        status_is 404
    done
    get /feeds/pressemeddelelser.atom | grep -q sundhedshus
    at 2026-06-10T08:05:00Z release withdraw "$(pr release list --json | json 'd["releases"][0]["id"]')" --reason "Forkerte tal" >/dev/null
    at 2026-06-10T08:06:00Z publish >/dev/null
    get /feeds/pressemeddelelser.atom | grep -q 'Forkerte tal'
    get /feeds/pressemeddelelser.atom | none 'Region Nordhav åbner et nyt sundhedshus'
}

@test "too much is refused: bodies, addresses, and one network's eagerness" {
    head -c 20000 /dev/zero | tr '\0' a >"$BATS_TEST_TMPDIR/big"
    get /subscribe --data-binary "@$BATS_TEST_TMPDIR/big" >/dev/null
    status_is 413
    get /subscribe -H 'Transfer-Encoding: chunked' --data-binary "@$BATS_TEST_TMPDIR/big" >/dev/null
    status_is 413
    get "/$(head -c 2000 "$BATS_TEST_TMPDIR/big")" >/dev/null
    status_is 404
    get /confirm/nonsense -X POST >/dev/null
    status_is 404
    for i in $(seq 30); do get /subscribe -d "email=p$i@avis.example" -d feed=alt -H 'X-Forwarded-For: 203.0.113.1' >/dev/null; done
    status_is 200
    get /subscribe -d email=p31@avis.example -d feed=alt -H 'X-Forwarded-For: 203.0.113.2' >/dev/null
    status_is 429
    get /subscribe -d email=p31@avis.example -d feed=alt -H 'X-Forwarded-For: 198.51.100.2' >/dev/null
    status_is 200
    curl -s "http://$METRICS/metrics" | grep -q '^pressroom_http_refused_total 1$'
}

options_of() {
    grep -o '<option [^>]*lang="[a-z]*"' | grep -o 'lang="[a-z]*"' | tr '\n' ' '
}

@test "mails are offered in the languages of the newsroom and of its releases, and in English" {
    other=$BATS_TEST_TMPDIR/other
    "$PRESSROOM_PROGRAM" init "$other" --name "Region Norrvik" --url https://press.norrvik.example/ --language sv >/dev/null
    mkfifo "$BATS_TEST_TMPDIR/out"
    "$PRESSROOM_PROGRAM" -C "$other" --json serve --listen 127.0.0.1:0 >"$BATS_TEST_TMPDIR/out" 2>"$BATS_TEST_TMPDIR/err" 3>&- &
    pid=$!
    read -r line <"$BATS_TEST_TMPDIR/out"
    address=http://$(json 'd["listen"]' <<<"$line")
    page=$(curl -sf "$address/subscribe")
    printf -- '---\nlanguage: da\npublished: 2026-06-10T09:00:00+02:00\n---\n# Ny bro\n\nBroen er klar.\n' >"$other/releases/bro.md"
    printf -- '---\nlanguage: fi\npublished: 2026-06-10T09:00:00+02:00\n---\n# Uusi silta\n\nSilta on valmis.\n' >"$other/releases/silta.md"
    sed -i 's/^# intake:/intake: {settle: 0s}/' "$other/newsroom.yaml"
    "$PRESSROOM_PROGRAM" -C "$other" ingest
    "$PRESSROOM_PROGRAM" -C "$other" publish
    with_danish=$(curl -sf "$address/subscribe")
    kill "$pid"
    wait "$pid" || true
    [ "$(options_of <<<"$page")" = 'lang="sv" lang="en" ' ]
    [ "$(options_of <"$other/public/index.html")" = 'lang="sv" lang="da" ' ] # there are no Finnish words for mails
    [ "$(options_of <<<"$with_danish")" = 'lang="sv" lang="en" lang="da" ' ] # as the form of the Danish front page does
}

# Holds I14.
@test "no log holds a token or an address" {
    become_confirmed anna@avis.example
    token=$(path_in_mail anna@avis.example unsubscribe)
    get "$token" >/dev/null
    get "${token}x" >/dev/null
    none "${token##*/}\|anna@avis.example" "$BATS_TEST_TMPDIR/serve.log"
}

@test "a sign-up that was answered survives a kill, and is mailed once" {
    for round in 1 2 3; do
        for i in $(seq 12); do
            get /subscribe -d "email=p$round-$i@avis.example" -d feed=alt -H "X-Forwarded-For: 198.51.$round.$i" >/dev/null
            echo "$(cat "$BATS_TEST_TMPDIR/status") p$round-$i@avis.example" >>"$BATS_TEST_TMPDIR/answers"
        done &
        asking=$!
        sleep "0.$((round * 3))"
        kill -KILL "$SERVE"
        wait "$SERVE" || true
        wait "$asking" || true
        serve_start
    done
    deliver
    grep -c '^200' "$BATS_TEST_TMPDIR/answers"
    while read -r answer address; do
        [ "$answer" != 200 ] || [ "$(mail_count "^To: $address")" = 1 ]
        [ "$(mail_count "^To: $address")" -le 1 ]
    done <"$BATS_TEST_TMPDIR/answers"
}
