#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# doctor: what is wrong is found, named with how to mend it, and nothing is changed.

bats_require_minimum_version 1.5.0
load newsroom
load serve
load nameserver

setup() {
    newsroom_make
}

teardown() {
    smtp_peer_stop
    nameserver_stop
}

# verdict_of PLACE: the verdicts of that place in the last --json answer
verdict_of() {
    json "' '.join(c['verdict'] for c in d['checks'] if c['place'] == '$1')" <"$BATS_TEST_TMPDIR/doctor.json"
}

doctor_json() {
    run pr doctor --json 2>/dev/null
    pr doctor --json >"$BATS_TEST_TMPDIR/doctor.json" 2>/dev/null || true
}

# What files there are, and what stands in them; a reader of the database may touch its journal.
tree_of() {
    find "$ROOM" -type f ! -name '*-shm' ! -name '*-wal' -printf '%P %m ' -exec md5sum {} + | sort
}

@test "a newsroom that was just made, and one that runs, have no problem; nothing is changed" {
    run -0 pr doctor
    release_write nyt.md "title: Nyt sundhedshus"
    subscriber_add anna@avis.example
    pr run >/dev/null
    before=$(tree_of)
    run -0 pr doctor
    [[ $output == *"good     state/pressroom.db: whole"* ]]
    [[ $output == *"good     public/feeds/pressemeddelelser.atom: there"* ]]
    [[ $output == *"site.url: "*"name for examples"* ]]
    [[ $output == *"doctor: 0 problems"* ]]
    [ "$before" = "$(tree_of)" ]
    doctor_json
    [ "$(json 'd["problems"]' <"$BATS_TEST_TMPDIR/doctor.json")" = 0 ]
    [ "$(verdict_of state/secret.key)" = good ]
    [ "$(verdict_of serve.listen)" = warning ]
}

@test "secrets that others can read, a feed that is gone or made elsewhere, each with what to do" {
    release_write nyt.md "title: Nyt sundhedshus"
    subscriber_add anna@avis.example
    pr run >/dev/null
    chmod 644 "$ROOM/state/secret.key" "$ROOM/state/pressroom.db"
    rm "$ROOM/public/feeds/alt.atom"
    sed -i 's,https://presse.nordhav.example/,https://gammel.nordhav.example/,g' "$ROOM/public/feeds/alt.rss"
    run -1 pr doctor
    [[ $output == *"state/secret.key: others can read it (mode 644); run chmod 600"* ]]
    [[ $output == *"state/pressroom.db: others can read it"* ]]
    [[ $output == *"public/feeds/alt.atom: is not there; run \`pressroom publish\`"* ]]
    [[ $output == *"public/feeds/alt.rss: was made for another site.url"* ]]
    [[ $output == *"doctor: 4 problems"* ]]
    run -1 pr doctor --json
}

@test "a damaged database is found" {
    for i in $(seq 200); do echo "p$i@avis.example,confirmed,2026-01-01,liste"; done |
        sed '1i address,state,confirmed_at,evidence' >"$ROOM/liste.csv"
    pr subscriber import "$ROOM/liste.csv" >/dev/null
    sqlite3 "$ROOM/state/pressroom.db" 'PRAGMA wal_checkpoint(TRUNCATE)' >/dev/null
    page=$(sqlite3 "$ROOM/state/pressroom.db" "SELECT rootpage FROM sqlite_master WHERE name = 'subscriber_state'")
    dd if=/dev/urandom of="$ROOM/state/pressroom.db" bs=4096 seek="$((page - 1))" count=1 conv=notrunc 2>/dev/null
    run -1 pr doctor
    [[ $output == *"state/pressroom.db"*"put back a copy"* ]]
}

@test "a database that cannot be opened is a check that failed, with advice, and one problem" {
    pr run >/dev/null
    head -c 8192 /dev/urandom >"$ROOM/state/pressroom.db"
    rm -f "$ROOM"/state/pressroom.db-*
    run -1 pr doctor
    [[ $output == *"state/pressroom.db: "*"put back a copy"* ]]
    [[ $output == *"doctor: 1 problem, "* ]]
    doctor_json
    [ "$(verdict_of state/pressroom.db)" = "good problem" ] # its rights, then itself
    json 'd["problems"], [c["advice"] for c in d["checks"] if c["verdict"] == "problem"]' <"$BATS_TEST_TMPDIR/doctor.json" |
        grep -qxF "(1, ['put back a copy of it'])"
}

@test "texts that a language of the newsroom's own lacks are counted and named" {
    mkdir -p "$ROOM/templates/languages/la" "$ROOM/templates/strings"
    echo "nav_front: Nuntii" >"$ROOM/templates/strings/la.yaml"
    grep -hv "^nav_front\|\.one:\|^nav_media" "$BATS_TEST_DIRNAME/../../templates/languages/en/"{strings,office}.yaml >"$ROOM/templates/languages/la/strings.yaml"
    echo "nav_front: Forside" >"$ROOM/templates/strings/da.yaml"
    echo "not_text: textus non est" >"$ROOM/templates/languages/la/notes.yaml"
    run -0 pr doctor
    [[ $output == *"templates/languages/la/strings.yaml: lacks 1 of "*" texts (nav_media), for which English ones stand; add them, as in "* ]]
    [[ $output == *"templates/languages/la/notes.yaml: lacks "*", "*", "*" …), for which"* ]]
    [[ $output != *templates/strings* ]]
    echo "nav_media: Imagines" >>"$ROOM/templates/strings/la.yaml"
    run -0 pr doctor
    [[ $output == *"good     templates/languages/la/strings.yaml: has all "*" texts"* ]]
}

@test "texts with other values than ours are named, file by file, and all goes on" {
    mkdir -p "$ROOM/templates/languages/la" "$ROOM/templates/strings"
    printf '%s\n' "nav_front: Nyt {publisher}" "front_title: Forside" "release_count.one: én meddelelse" >"$ROOM/templates/strings/da.yaml"
    echo "nav_front: News {publisher}" >"$ROOM/templates/strings/en.yaml"
    echo "nav_front: Nuntii" >"$ROOM/templates/languages/la/strings.yaml"
    pr run
    run -0 pr doctor
    [[ $output == *"templates/strings/da.yaml: has other values than the program's texts: “nav_front” has “{publisher}”, “front_title” lacks “{publisher}”; write in each text those that templates/README.md names for it"* ]]
    [[ $output == *"templates/strings/en.yaml: has other values than the program's texts: “nav_front” has “{publisher}”; "* ]]
    [[ $output != *"la/strings.yaml: has other values"* ]] # ours counts, not the newsroom's English
    printf '%s\n' "nav_front: Nyt" "front_title: Nyt fra {publisher}" \
        "digest_title: Siden sidst hos {publisher}" "page_gone_title: Væk hos {publisher}" >"$ROOM/templates/strings/da.yaml"
    run -0 pr doctor
    [[ $output != *"strings/da.yaml"* ]]
}

@test "a configuration that cannot be used is exit 2" {
    echo 'mial: {}' >>"$ROOM/newsroom.yaml"
    run -2 pr doctor
    [[ $output == *mial* ]]
}

@test "the relay is greeted and left, its silence and its absence are problems" {
    smtp_peer_start
    sed -i "s,smtp: maildir:.*,smtp: smtp://127.0.0.1:$SMTP_PORT," "$ROOM/newsroom.yaml"
    run -0 pr doctor
    [[ $output == *"good     mail.smtp: smtp://127.0.0.1:$SMTP_PORT greets and takes mails"* ]]
    [ "$(mail_count)" -eq 0 ]
    smtp_peer_stop
    run -1 pr doctor
    [[ $output == *"mail.smtp: "* ]]
}

# relay_of PEER-ARGUMENT…: the newsroom's relay does what these say
relay_of() {
    smtp_peer_stop
    smtp_peer_start --verbose "$@"
    sed -i "s,smtp: .*,smtp: smtp://127.0.0.1:$SMTP_PORT," "$ROOM/newsroom.yaml"
}

@test "the relay is told a mail's sender and recipient, and no mail" {
    relay_of
    run -0 pr doctor
    eventually grep -q '^< QUIT' "$BATS_TEST_TMPDIR/peer.log" # nobody waits for its answer
    grep -E '^< (MAIL|RCPT|RSET|DATA|QUIT)' "$BATS_TEST_TMPDIR/peer.log" >"$BATS_TEST_TMPDIR/said"
    diff "$BATS_TEST_TMPDIR/said" - <<SAID
< MAIL FROM:<presse+doctor@nordhav.example>
< RCPT TO:<presse@nordhav.example>
< RSET
< QUIT
SAID
    [ "$(mail_count)" -eq 0 ]
}

@test "what the relay refuses is told with what to do" {
    relay_of --fault 'MAIL:reply=530 5.7.0 authenticate first'
    run -1 pr doctor
    [[ $output == *"mail.smtp: the relay does not take mails from presse+doctor@nordhav.example: 530 5.7.0 authenticate first; set mail.user"* ]]
    [[ $output != *"takes mails"* ]]
    relay_of --fault 'MAIL:reply=553 5.7.1 <presse+doctor@nordhav.example>\: Sender address rejected\: not owned by user'
    run -1 pr doctor
    [[ $output == *"Sender address rejected: not owned by user; ask the relay's operator to allow this sender"* ]]
    relay_of --fault 'RCPT:reply=554 5.7.1 Relay access denied'
    run -1 pr doctor
    [[ $output == *"a mail to presse@nordhav.example: 554 5.7.1 Relay access denied; set mail.user"* ]]
    relay_of --fault 'RCPT:reply=550 5.1.1 User unknown'
    run -1 pr doctor
    [[ $output == *"550 5.1.1 User unknown; the relay knows no such mailbox"* ]]
    relay_of --fault 'RCPT:reply=451 4.7.1 Greylisted, try again later'
    run -0 pr doctor
    [[ $output == *"451 4.7.1 Greylisted, try again later; that may pass"* ]]
    doctor_json
    [[ $(verdict_of mail.smtp) == *warning* ]]
    relay_of --fault MAIL:close
    run -1 pr doctor
    [[ $output == *"mail.smtp: mails from presse+doctor@nordhav.example: "*"the relay closed the connection"* ]]
}

@test "the name that the relay is greeted with is told, and warned of where it is not a full one" {
    relay_of
    sed -i 's/^mail:/mail:\n  helo: mail.nordhav.example/' "$ROOM/newsroom.yaml"
    run -0 pr doctor
    [[ $output == *"good     mail.helo: the relay is greeted as mail.nordhav.example"* ]]
    sed -i 's/helo: .*/helo: presse/' "$ROOM/newsroom.yaml"
    run -0 pr doctor
    [[ $output == *"mail.helo: “presse” is not a full name"*"write a name with its domain"* ]]
    doctor_json
    [ "$(verdict_of mail.helo)" = warning ]
    sed -i 's/helo: .*/helo: "[192.0.2.7]"/' "$ROOM/newsroom.yaml"
    run -0 pr doctor
    [[ $output == *"good     mail.helo: the relay is greeted as [192.0.2.7]"* ]]
    grep -qxF '< EHLO [192.0.2.7]' "$BATS_TEST_TMPDIR/peer.log"
    sed -i 's/helo: .*/helo: "[IPv6:2001:db8::7]"/' "$ROOM/newsroom.yaml"
    run -0 pr doctor
    grep -qxF '< EHLO [IPv6:2001:db8::7]' "$BATS_TEST_TMPDIR/peer.log"
}

@test "a login that is refused, or put off, is told at mail.user" {
    relay_of --auth presse:hemmeligt
    sed -i 's,^mail:,mail:\n  user: presse\n  password_file: state/smtp.password,' "$ROOM/newsroom.yaml"
    (umask 077 && echo andet >"$ROOM/state/smtp.password")
    run -1 pr doctor
    [[ $output == *"mail.user: smtp://127.0.0.1:$SMTP_PORT: the relay refuses mail.user and its password (535 wrong); mend"* ]]
    relay_of --auth presse:andet --fault 'AUTH:reply=454 4.7.0 later'
    run -1 pr doctor
    [[ $output == *"mail.user: "*"the relay cannot take the login just now: 454 later"* ]]
    relay_of --auth presse:andet
    run -0 pr doctor
    [[ $output == *"greets and takes mails, without TLS, user and password accepted"* ]]
    [[ $output != *"andet"* ]]
}

@test "a port of the other kind of TLS is told in one line" {
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$BATS_TEST_TMPDIR/key" \
        -out "$BATS_TEST_TMPDIR/pem" -days 2 -subj /CN=localhost 2>/dev/null
    relay_of --certificate "$BATS_TEST_TMPDIR/pem" --key "$BATS_TEST_TMPDIR/key" --tls-at-once
    run -1 pr doctor
    [ "$(grep -c 'mail.smtp: ' <<<"$output")" -eq 1 ]
    [[ $output == *"the relay speaks TLS at once on this port; write mail.smtp: smtps://127.0.0.1:$SMTP_PORT"* ]]
}

@test "the mailbox is opened, and what waits for a person is told" {
    mkdir -p "$BATS_TEST_TMPDIR/inbox/new" "$BATS_TEST_TMPDIR/inbox/cur" "$BATS_TEST_TMPDIR/inbox/tmp"
    sed -i "s,^mail:,mail:\n  inbox: maildir:$BATS_TEST_TMPDIR/inbox," "$ROOM/newsroom.yaml"
    release_write ond.md "titl: Ond"
    pr run >/dev/null 2>&1 || true
    run -0 pr doctor
    [[ $output == *"good     mail.inbox: can be opened"* ]]
    [[ $output == *"releases/: 1 file waits for a person"* ]]
    sed -i "s,^mail:,mail:\n  replies: svar-til-pressen-@nordhav.example," "$ROOM/newsroom.yaml"
    run -0 pr doctor
    [[ $output == *"mail.replies: over 16 characters before the @ leave no room"* ]]
    sed -i -e "s,svar-til-pressen-@,svar-til-pressen@," -e "s,maildir:$BATS_TEST_TMPDIR/inbox,maildir:$BATS_TEST_TMPDIR/nowhere," "$ROOM/newsroom.yaml"
    run -1 pr doctor
    [[ $output == *"mail.inbox: "* ]]
    [[ $output != *"leave no room"* ]]
}

@test "DNS: right records are good, in the domain itself or, for the policy, above it" {
    sed -i 's/presse@nordhav.example/presse@presse.nordhav.example/' "$ROOM/newsroom.yaml"
    nameserver_start --txt-record=presse.nordhav.example,"v=spf1 ip4:127.0.0.9 ","mx -all" \
        --txt-record=presse.nordhav.example,"some-verification=1" --mx-host=presse.nordhav.example,mx.nordhav.example,10 \
        --txt-record=relay._domainkey.presse.nordhav.example,"v=DKIM1; k=rsa; p=MIIB" \
        --txt-record=_dmarc.nordhav.example,"v=DMARC1;p=quarantine; rua=mailto:dmarc@nordhav.example"
    run -0 pr doctor
    [[ $output == *"good     DNS presse.nordhav.example: SPF: v=spf1 ip4:127.0.0.9 mx -all"* ]]
    [[ $output == *"good     DNS presse.nordhav.example: DKIM: "* ]]
    [[ $output == *"good     DNS presse.nordhav.example: DMARC: v=DMARC1;p=quarantine; "*" – of _dmarc.nordhav.example"* ]]
    [[ $output == *"good     DNS presse.nordhav.example: mail to mail.bounces has somewhere to go"* ]]
    doctor_json
    [ "$(verdict_of 'DNS presse.nordhav.example')" = "good good good good" ]
}

@test "DNS: no records at all are warnings that say what to write, and no problem" {
    nameserver_start --txt-record=andet.nordhav.example,hej
    run -0 pr doctor
    [[ $output == *"DNS nordhav.example: has no SPF record"*"name the relay in one"* ]]
    [[ $output == *"DNS nordhav.example: seems to have no DKIM key"*"look at a delivered mail for a DKIM-Signature"*"publish its key"* ]]
    [[ $output == *"DNS nordhav.example: has no DMARC record"*"\"v=DMARC1; p=none\" at _dmarc.nordhav.example"* ]]
    [[ $output == *"DNS nordhav.example: has neither a mail exchanger (MX) nor an address"*"add an MX record"* ]]
    doctor_json
    [ "$(verdict_of 'DNS nordhav.example')" = "warning warning warning warning" ]
}

@test "DNS: records that do not count, or say the opposite, are told apart" {
    sed -i 's/^mail:/mail:\n  replies: svar@svar.nordhav.example/' "$ROOM/newsroom.yaml"
    nameserver_start --txt-record=nordhav.example,"v=spf1 mx -all" --txt-record=nordhav.example,"V=SPF1 a -all" \
        --txt-record=nordhav.example,"v=spf10 no such version" --host-record=nordhav.example,127.0.0.9 \
        --txt-record=_dmarc.nordhav.example,"v=DMARC1; rua=mailto:p=none@nordhav.example" --mx-host=svar.nordhav.example,.,0
    run -0 pr doctor
    [[ $output == *"DNS nordhav.example: has more than one SPF record"* ]]
    [[ $output == *"good     DNS nordhav.example: DMARC: v=DMARC1; rua=mailto:p=none@nordhav.example"* ]]
    [[ $output == *"DNS nordhav.example: _dmarc.nordhav.example says no policy (p=…), which counts as p=none"* ]]
    [[ $output == *"good     DNS nordhav.example: mail to mail.bounces has somewhere to go"* ]] # an address will do
    [[ $output == *"DNS svar.nordhav.example: says that it takes no mail (MX 0 .), so nothing comes back to mail.replies"* ]]
    nameserver_stop
    nameserver_start --txt-record=nordhav.example,"v=spf1 -all" --txt-record=_dmarc.nordhav.example,"v=DMARC1; p=none" \
        --txt-record=_dmarc.nordhav.example,"v=DMARC1; p=reject" --mx-host=nordhav.example,mx.nordhav.example,10
    run -0 pr doctor
    [[ $output == *"DNS nordhav.example: its SPF record lets nobody send"* ]]
    [[ $output == *"DNS nordhav.example: _dmarc.nordhav.example has more than one DMARC record"* ]]
    nameserver_stop
    run -0 pr doctor # nobody is there any more
    [[ $output == *"skipped  DNS nordhav.example: nobody answers from here"* ]]
}

@test "DNS: a name that is answered by a failure is a warning for that name, and the others are asked" {
    sed -i 's/^mail:/mail:\n  bounces: retur@retur.test/' "$ROOM/newsroom.yaml"
    nameserver_start --txt-record=_dmarc.nordhav.example,"v=DMARC1; p=none" --mx-host=nordhav.example,mx.nordhav.example,10 \
        --txt-record=relay._domainkey.nordhav.example,"v=DKIM1; p=MIIB" # of retur.test it knows nothing: REFUSED
    run -0 pr doctor
    [[ $output == *"DNS retur.test: SPF: DNS answers with a failure"*"DNSSEC"* ]]
    [[ $output == *"DNS retur.test: mail.bounces: DNS answers with a failure"* ]]
    [[ $output == *"DNS retur.test: is where mail.bounces is, but mail.from is in nordhav.example"* ]]
    [[ $output == *"good     DNS nordhav.example: DMARC: v=DMARC1; p=none"* ]]
    doctor_json
    [ "$(verdict_of 'DNS retur.test')" = "warning warning warning" ]
    [ "$(verdict_of 'DNS nordhav.example')" = "good good good" ]
}
