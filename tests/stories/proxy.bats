#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The web servers of packaging/ in front of `serve`: files by them, sign-up to leaving through them, caps by the network
# that people really come from, and no log with what would let its reader act for them.

load newsroom
load dovecot
load serve
load proxy

setup() {
    newsroom_make
    serve_configure
    release_write nyt.md "title: Nyt sundhedshus i Lillesund" "published: 2026-06-10T09:00:00+02:00"
    release_write new.md "title: New health centre in Lillesund" "language: en" "published: 2026-06-10T09:10:00+02:00"
    pr run >/dev/null
    serve_start
}

teardown() {
    proxy_stop
    serve_stop
}

# through PATH [CURL ARGUMENT…]: get, by the proxy
through() {
    get "$1" "${REACH[@]}" "${@:2}"
}

files_are_served() {
    local feed=/feeds/pressemeddelelser etag pair
    for pair in "$feed.atom application/atom+xml;.charset=utf-8 300" "$feed.rss application/rss+xml;.charset=utf-8 300" "$feed.json application/feed+json 300" \
        "/sitemap.xml application/xml;.charset=utf-8 300" "/sitemap-pages.xml application/xml;.charset=utf-8 300" \
        "/feeds.opml text/x-opml;.charset=utf-8 300" "/ text/html;.charset=utf-8 60" "/feeds/ text/html;.charset=utf-8 60" \
        "/releases/ text/html;.charset=utf-8 60" "/en/releases/2026/ text/html;.charset=utf-8 60"; do
        set -- $pair
        through "$1" >/dev/null
        status_is 200
        head_has "Content-Type: $2"
        head_has "Cache-Control: public, max-age=$3"
        head_has "X-Content-Type-Options: nosniff"
    done
    head_has "Content-Security-Policy: .*script-src 'none'.*"
    through "$(cd "$ROOM/public" && ls -d /assets/style-*.css assets/style-*.css 2>/dev/null | sed 's|^/*|/|')" >/dev/null
    head_has "Cache-Control: .*immutable"
    through "$feed.atom" -H 'Accept-Encoding: gzip' | zcat | cmp - "$ROOM/public$feed.atom"
    head_has "Vary: Accept-Encoding"
    through "$feed.atom" | cmp - "$ROOM/public$feed.atom"
    etag=$(tr -d '\r' <"$BATS_TEST_TMPDIR/head" | sed -n 's/^e\?E\?[tT][aA][gG]: //p')
    through "$feed.atom" -H "If-None-Match: $etag" >/dev/null
    status_is 304
    [ "$(through "$feed.atom" -r 0-4)" = '<?xml' ]
    status_is 206
    through /feeds -L | cmp - "$ROOM/public/feeds/index.html"
    through /nowhere | grep -q 'Siden findes ikke'
    status_is 404
    through /en/nowhere/ | grep -q 'Page not found'
    status_is 404
    head_has "Cache-Control: public, max-age=60"
    head_has "Content-Type: text/html; charset=utf-8"
    through /en/nowhere/ -H 'Accept-Encoding: gzip' | zcat | grep -q 'Page not found'
    through /sv/nowhere | grep -q 'Siden findes ikke' # a language without pages
    status_is 404
    through /en/nowhere/ -o /dev/null -I
    status_is 404
    through /feeds/nowhere.atom | grep -q 'Siden findes ikke'
    status_is 404
    head_has "Cache-Control: public, max-age=60"
    head_has "X-Content-Type-Options: nosniff"
}

# What nginx itself says of a request that it does not take is for nobody to keep.
refusals_are_not_kept() {
    through /feeds/pressemeddelelser.atom -d x=1 >/dev/null
    status_is 405
    none -i '^cache-control: *public' "$BATS_TEST_TMPDIR/head"
}

people_come_and_go() {
    through /subscribe | grep -q 'name="email"'
    # What a stranger says about where he comes from is not believed: the proxy knows.
    through /subscribe -d email=anna@avis.example -d feed=alt --interface 127.0.7.9 -H 'X-Forwarded-For: 203.0.113.9' | grep -q 'Se i din indbakke'
    status_is 200
    [ "$(sqlite3 "$ROOM/state/pressroom.db" 'SELECT DISTINCT network FROM event')" = 127.0.7.0/24 ]
    deliver
    confirm=$(path_in_mail anna@avis.example confirm)
    through "$confirm" -I >/dev/null
    through "$confirm" >/dev/null
    head_has "Referrer-Policy: no-referrer"
    head_has "Cache-Control: no-store"
    head_has "Strict-Transport-Security: max-age=31536000"
    [ "$(grep -ci '^content-security-policy' "$BATS_TEST_TMPDIR/head")" = 1 ]
    [ "$(state_of anna@avis.example)" = pending ]
    through "$confirm" -X POST | grep -q 'nu er du med'
    deliver
    leave=$(path_in_mail anna@avis.example unsubscribe)
    for path in "$leave/" "$leave)." "$leave%20" "$leave&gt;" "/unsubscrib%65/${leave##*/}"; do
        through "$path" | grep -q 'Vil du afmelde dig?'
        status_is 200
    done
    through "$leave>" -F 'List-Unsubscribe=One-Click' >/dev/null
    status_is 200
    none -i '^set-cookie\|^location' "$BATS_TEST_TMPDIR/head"
    [ "$(state_of anna@avis.example)" = unsubscribed ]
}

eagerness_has_an_end() {
    local i
    for i in $(seq 30); do through /subscribe -d "email=p$i@avis.example" -d feed=alt --interface "127.0.9.$i" -o /dev/null; done
    status_is 200
    through /subscribe -d email=p31@avis.example -d feed=alt --interface 127.0.9.99 >/dev/null
    status_is 429
    head_has "Retry-After: 60"
    through /subscribe -d email=p31@avis.example -d feed=alt --interface 127.0.10.1 >/dev/null
    status_is 200
}

# What can be read in two ways is read alike on both sides, or by one alone; and a long list of proxies is no obstacle.
nothing_is_smuggled() {
    "$PYTHON" "$PRESSROOM_ROOT/tests/peers/http_raw.py" "127.0.0.1:$PROXY_PORT" proxied "$PROXY/tls/ca.pem"
    through /subscribe -H "X-Forwarded-For: $(printf '192.0.2.1, %.0s' $(seq 500))192.0.2.1" >/dev/null
    status_is 200
}

# Where `serve` does not run, readers miss nothing; who wants to leave is told that it is not there, not that the link is
# wrong.
logs_are_silent() {
    serve_stop
    through /nowhere | grep -q 'Siden findes ikke'
    status_is 404
    head_has "Content-Security-Policy: .*script-src 'none'.*"
    through /feeds/ | cmp - "$ROOM/public/feeds/index.html"
    through "$leave" >/dev/null
    status_is 502
    none -r "${leave##*/}\|${confirm##*/}\|anna@avis" "$PROXY"/*log*
}

@test "nginx in front: files, sign-up to leaving, caps, silent logs" {
    nginx_start presse.nordhav.example
    files_are_served
    head_has "Server: nginx.*"
    refusals_are_not_kept
    people_come_and_go
    nothing_is_smuggled
    eagerness_has_an_end
    logs_are_silent
}

@test "Caddy in front: the same" {
    caddy_start presse.nordhav.example
    files_are_served
    people_come_and_go
    nothing_is_smuggled
    eagerness_has_an_end
    logs_are_silent
}
