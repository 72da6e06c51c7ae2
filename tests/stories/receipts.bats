#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Press officers are told by mail what becomes of their releases: each thing once, whoever is killed.

bats_require_minimum_version 1.5.0
load newsroom

setup() {
    clock_is_slow
    newsroom_make
}

# receipts_to [AT]: receipts for the officer on duty
receipts_to() {
    echo "receipts: {to: [vagt@nordhav.example]${1:+, at: [$1]}}" >>"$ROOM/newsroom.yaml"
}

receipts() {
    mail_count '^Delivered-To: vagt@nordhav.example'
}

# text SUBJECT: the plain text of the receipt whose subject begins so, each paragraph on one line
text() {
    "$PYTHON" - "$MAIL" "$1" <<'PY'
import email, email.policy, pathlib, sys
for path in sorted(pathlib.Path(sys.argv[1]).glob("new/*")):
    mail = email.message_from_binary_file(path.open("rb"), policy=email.policy.default)
    if mail["Subject"].startswith(sys.argv[2]):
        print(" ".join(mail.get_body(("plain",)).get_content().split()))
PY
}

@test "who is to be told hears that a release is public, and nobody who stands in it does" {
    receipts_to public
    subscriber_add journalist@avisen.example --feed pressemeddelelser
    release_write bro.md "title: Ny bro" 'contacts: [{name: Ida Lund, email: ida@nordhav.example}]'
    pr run
    pr run
    [ "$(receipts)" -eq 1 ]
    [ "$(mail_count '^Delivered-To: ida@')" -eq 0 ]
    text "Offentlig: Ny bro" | grep -q "sendt til 1 abonnent"
    text "Offentlig: Ny bro" | grep -q "https://presse.nordhav.example/releases/2026/ny-bro/"
    [ "$(mail_count 'journalist@')" -eq 1 ] # the release's own mail names its reader, no receipt does
    books_balance
}

@test "without receivers nothing is noted and nothing is told" {
    release_write bro.md "title: Ny bro"
    pr run
    [ "$(receipts)" -eq 0 ]
    [ "$("$PYTHON" -c 'import sqlite3,sys; print(sqlite3.connect(sys.argv[1]).execute("select count(*) from release_notification").fetchone()[0])' "$ROOM/state/pressroom.db")" -eq 0 ]
}

@test "only what receipts.at names is told" {
    receipts_to withdrawn
    release_write bro.md "title: Ny bro"
    pr run
    [ "$(receipts)" -eq 0 ]
}

@test "a word of receipts.at that is none, and an address that is none, are refused with the nearest" {
    echo 'receipts: {to: [vagt], at: [publik]}' >>"$ROOM/newsroom.yaml"
    run pr run
    [ "$status" -ne 0 ]
    [[ $output == *"did you mean public?"* ]]
    [[ $output == *"“to”"* ]]
}

@test "without an inbox a receipt asks for no answer, with one it names where STOP goes" {
    receipts_to public
    release_write bro.md "title: Ny bro"
    pr run
    [ "$(mail_count '^Reply-To: ')" -eq 0 ]
    ! text "Offentlig: Ny bro" | grep -q STOP
    mkdir -p "$ROOM/inbox"/{new,cur,tmp}
    sed -i "s|^announce:|  inbox: maildir:$ROOM/inbox\n&|" "$ROOM/newsroom.yaml"
    release_write kaj.md "title: Ny kaj"
    pr run
    [ "$(mail_count '^Reply-To: presse+receipt-')" -eq 1 ]
    text "Offentlig: Ny kaj" | grep -q STOP
}

@test "after an hour and after a day it is told once how far it got" {
    receipts_to "1h, 24h"
    subscriber_add journalist@avisen.example --feed pressemeddelelser
    release_write bro.md "title: Ny bro"
    pr run
    [ "$(receipts)" -eq 0 ]
    at 2026-06-10T08:59:00Z run
    [ "$(receipts)" -eq 0 ]
    at 2026-06-10T09:00:00Z run
    at 2026-06-10T09:01:00Z run
    [ "$(receipts)" -eq 1 ]
    text "Efter en time: Ny bro" | grep -q "Afleveret: 1"
    at 2026-06-11T08:00:00Z run
    at 2026-06-11T08:01:00Z run
    [ "$(receipts)" -eq 2 ]
    ! text "Efter" | grep -q journalist@
}

@test "too many at once, and one too old to be mailed, are told" {
    receipts_to held
    sed -i 's/^announce: .*/announce: {delay: 0s, max_new: 1}/' "$ROOM/newsroom.yaml"
    subscriber_add journalist@avisen.example --feed pressemeddelelser
    release_write bro.md "title: Ny bro"
    release_write kaj.md "title: Ny kaj"
    release_write gammel.md "title: Gammel havn" "published: 2026-01-10 08:00"
    pr run
    text "Venter: Ny bro" | grep -q "på én gang"
    text "Venter: Ny kaj" | grep -q "på én gang"
    text "Ikke sendt: Gammel havn" | grep -q "langt tilbage"
    [ "$(receipts)" -eq 3 ]
    pr run
    [ "$(receipts)" -eq 3 ]
}

@test "another time is told each time, and what is wrong again is told again" {
    local minute=0
    receipts_to "held, refused"
    for day in 12 13 14 12; do
        release_write bro.md "id: bro" "title: Ny bro" "published: 2026-06-$day 06:00"
        at "2026-06-10T08:0$((++minute)):00Z" run
    done
    [ "$(receipts)" -eq 3 ]
    for key in tilte title tilte; do
        release_write kaj.md "$key: Ny kaj" "published: 2026-06-20 06:00"
        at "2026-06-10T08:1$((++minute)):00Z" run || true
        at "2026-06-10T08:1$minute:10Z" run || true
    done
    [ "$(receipts)" -eq 5 ]
}

@test "who follows a folder hears of a release that was moved out of it, and nobody who was taken out since" {
    sed -i 's/^intake: .*/intake: {settle: 0s, folders: {Sundhed: {receipts: [sundhed@nordhav.example]}, Trafik: {receipts: [trafik@nordhav.example]}}}/' "$ROOM/newsroom.yaml"
    sed -i 's/^announce: .*/announce: {delay: 5m}/' "$ROOM/newsroom.yaml"
    mkdir "$ROOM/releases/Sundhed" "$ROOM/releases/Trafik"
    release_write Sundhed/bro.md "id: bro" "title: Ny bro"
    pr run
    [ "$(mail_count '^Delivered-To: sundhed@')" -eq 2 ] # taken in, public
    mv "$ROOM/releases/Sundhed/bro.md" "$ROOM/releases/Trukket tilbage"
    at 2026-06-10T08:01:00Z run
    [ "$(mail_count '^Delivered-To: sundhed@')" -eq 3 ]
    text "Trukket tilbage: Ny bro" | grep -q .
    sed -i 's/sundhed@nordhav/andre@nordhav/' "$ROOM/newsroom.yaml"
    mv "$ROOM/releases/Trukket tilbage/bro.md" "$ROOM/releases/Trafik"
    at 2026-06-10T08:02:00Z run
    [ "$(mail_count '^Delivered-To: sundhed@')" -eq 3 ]
    [ "$(mail_count '^Delivered-To: trafik@')" -eq 1 ]
}

@test "a correction is told by itself" {
    receipts_to public
    release_write bro.md "title: Ny bro"
    pr run
    release_write bro.md "title: Ny bro" "correction: Broen åbner på tirsdag."
    at 2026-06-10T08:10:00Z run
    at 2026-06-10T08:11:00Z run
    [ "$(receipts)" -eq 2 ]
    text "Rettelse offentlig: Ny bro" | grep -q "viser den nye tekst"
}

# Holds I4.
@test "killed at any point, what happened is told once" {
    receipts_to public
    number=0
    for point in publish-synced publish-committed receipts-written receipts-queued; do
        number=$((number + 1))
        release_write "bro$number.md" "title: Bro nummer $number"
        PRESSROOM_FAULT=$point run at "2026-06-10T08:0$number:00Z" run
        [ "$status" -eq 137 ]
        at "2026-06-10T08:0$number:20Z" run
        at "2026-06-10T08:0$number:40Z" run
        [ "$(mail_count "^Subject: Offentlig: Bro nummer $number")" -eq 1 ]
    done
}

@test "a draft is told with its mail and its page enclosed, and a link" {
    receipts_to dropped
    release_write bro.md "title: Ny bro" "status: draft"
    pr run
    pr run
    [ "$(receipts)" -eq 1 ]
    text "Modtaget: Ny bro" | grep -q "Det er en kladde"
    text "Modtaget: Ny bro" | grep -q "https://presse.nordhav.example/preview/"
    "$PYTHON" - "$(mails '^Subject: Modtaget: Ny bro')" <<'PY'
import email, email.policy, sys
mail = email.message_from_binary_file(open(sys.argv[1], "rb"), policy=email.policy.default)
enclosed, page = mail.iter_attachments()
assert enclosed.get_content_type() == "message/rfc822", enclosed.get_content_type()
assert enclosed.get_content()["Subject"] == "Ny bro"
assert "Ny bro" in page.get_content() and page.get_filename().endswith(".html")
PY
    nothing_public_of "Ny bro"
}

@test "a file that cannot be used is told with what is wrong, and again when that is something else" {
    receipts_to refused
    release_write bro.md "title: Ny bro" "topcis: [sundhed]"
    pr run || true
    pr run || true
    [ "$(receipts)" -eq 1 ]
    text "Kan ikke bruges endnu" | grep -q topcis
    release_write bro.md "title: Ny bro" "langauge: da"
    pr run || true
    [ "$(receipts)" -eq 2 ]
}

@test "who is named for a folder hears of what lies in it, and of nothing else, once" {
    receipts_to "dropped, refused"
    sed -i 's/^intake: .*/intake: {settle: 0s, folders: {Sundhed: {receipts: [sundhed@nordhav.example, Vagt@nordhav.example]}}}/' "$ROOM/newsroom.yaml"
    mkdir -p "$ROOM/releases/Sundhed"
    release_write Sundhed/klinik.md "title: Ny klinik"
    release_write Sundhed/sygehus.md "title: Nyt sygehus" "topcis: [sundhed]"
    release_write bro.md "title: Ny bro"
    pr run || true
    pr run || true
    [ "$(receipts)" -eq 3 ]
    [ "$(mail_count '^Delivered-To: Vagt@')" -eq 0 ]
    [ "$(mail_count '^Delivered-To: sundhed@nordhav.example')" -eq 2 ]
    grep -q '^Subject: Modtaget: Ny klinik' $(mails '^Delivered-To: sundhed@')
    grep -q '^Subject: Kan ikke bruges endnu' $(mails '^Delivered-To: sundhed@')
    ! grep -q '^Subject: Modtaget: Ny bro' $(mails '^Delivered-To: sundhed@')
}

@test "a folder with receivers is enough, without any for all" {
    sed -i 's/^intake: .*/intake: {settle: 0s, folders: {Sundhed: {receipts: [sundhed@nordhav.example]}}}/' "$ROOM/newsroom.yaml"
    echo 'receipts: {at: [public]}' >>"$ROOM/newsroom.yaml"
    mkdir -p "$ROOM/releases/Sundhed"
    release_write Sundhed/klinik.md "title: Ny klinik"
    release_write bro.md "title: Ny bro"
    pr run
    [ "$(mail_count '^Delivered-To: sundhed@nordhav.example')" -eq 1 ]
    grep -q '^Subject: Offentlig: Ny klinik' $(mails '^Delivered-To: sundhed@')
}

@test "what is moved back out of the withdrawn ones is told" {
    receipts_to withdrawn
    sed -i 's/^announce: .*/announce: {delay: 15m}/' "$ROOM/newsroom.yaml"
    mkdir -p "$ROOM/releases/Trukket tilbage"
    release_write bro.md "title: Ny bro"
    pr run
    mv "$ROOM/releases/bro.md" "$ROOM/releases/Trukket tilbage/"
    at 2026-06-10T08:05:00Z run
    [ "$(mail_count '^Subject: Trukket tilbage: Ny bro')" -eq 1 ]
    text "Trukket tilbage: Ny bro" | grep -q "Flyt filen tilbage inden onsdag den 10. juni 2026 kl. 10.20"
    mv "$ROOM/releases/Trukket tilbage/bro.md" "$ROOM/releases/"
    at 2026-06-10T08:10:00Z run
    at 2026-06-10T08:11:00Z run
    [ "$(mail_count '^Subject: Offentlig igen: Ny bro')" -eq 1 ]
    text "Offentlig igen: Ny bro" | grep -q "Ingen har fået en mail om den"
    [ "$(receipts)" -eq 2 ]
}

@test "what its own file withdraws is not said to come back by being moved" {
    receipts_to withdrawn
    sed -i 's/^announce: .*/announce: {delay: 15m}/' "$ROOM/newsroom.yaml"
    mkdir -p "$ROOM/releases/Trukket tilbage"
    release_write bro.md "title: Ny bro"
    release_write kaj.md "title: Ny kaj"
    pr run
    release_write bro.md "title: Ny bro" "status: withdrawn"
    rm "$ROOM/releases/kaj.md"
    release_write "Trukket tilbage/kaj.md" "title: Ny kaj" "status: withdrawn"
    at 2026-06-10T08:05:00Z run
    [ "$(receipts)" -eq 2 ]
    ! text "Trukket tilbage: Ny" | grep -q "Flyt filen tilbage"
}

crowd_write() {
    for number in $(seq 1 "$1"); do
        BODY="Bro nummer $number over sund $number åbner for cyklister fra by $number." release_write "bro$number.md" "title: Bro nummer $number"
    done
}

# Holds I4.
@test "many at once are told in one mail each, also where it is killed, and not again later" {
    receipts_to "dropped, public, held, 1h"
    subscriber_add journalist@avisen.example --feed pressemeddelelser
    crowd_write 25
    for point in receipts-written receipts-queued; do
        PRESSROOM_FAULT=$point run pr run
        [ "$status" -eq 137 ]
    done
    at 2026-06-10T08:01:00Z run # the clock of each run begins anew: what the killed ones queued is due by then
    at 2026-06-10T08:02:00Z run
    [ "$(mail_count '^Subject: Modtaget: 25 pressemeddelelser')" -eq 1 ]
    [ "$(mail_count '^Subject: Offentlige: 25 pressemeddelelser')" -eq 1 ]
    [ "$(mail_count '^Subject: Venter: 25 pressemeddelelser')" -eq 1 ]
    text "Modtaget: 25" | grep -q status.html
    text "Modtaget: 25" | grep -q "Bro nummer"
    at 2026-06-10T09:02:00Z run
    [ "$(receipts)" -eq 3 ]
}

@test "as many as that are told one by one" {
    receipts_to dropped
    crowd_write 20
    pr run
    [ "$(receipts)" -eq 20 ]
}

@test "of what a new store finds again in public/ nobody is told" {
    receipts_to "dropped, public"
    release_write bro.md "title: Ny bro"
    pr run
    [ "$(receipts)" -eq 2 ]
    rm -f "$ROOM"/state/pressroom.db*
    pr run
    pr run
    [ "$(receipts)" -eq 2 ]
}


# subjects WORDS: how many mails have a subject that begins so
subjects() {
    "$PYTHON" - "$MAIL" "$1" <<'PY'
import email, email.policy, pathlib, sys
mails = (email.message_from_binary_file(path.open("rb"), policy=email.policy.default) for path in pathlib.Path(sys.argv[1]).glob("new/*"))
print(sum(mail["Subject"].startswith(sys.argv[2]) for mail in mails))
PY
}

# Holds I4.
@test "a draft that changed is shown anew once it is left alone, in one mail for all changes, also where it is killed" {
    receipts_to dropped
    mkdir -p "$ROOM/releases/Kladder"
    release_write Kladder/bro.md "title: Ny bro"
    pr run
    [ "$(receipts)" -eq 1 ]
    BODY="Broen åbner mandag." release_write Kladder/bro.md "title: Ny bro"
    at 2026-06-10T08:02:00Z run
    BODY="Broen åbner tirsdag." release_write Kladder/bro.md "title: Ny bro"
    for point in ingest-committed receipts-written receipts-queued; do
        PRESSROOM_FAULT=$point run at 2026-06-10T08:05:00Z run
    done
    at 2026-06-10T08:14:00Z run
    [ "$(receipts)" -eq 1 ]
    for point in preview-file receipts-written receipts-queued; do
        PRESSROOM_FAULT=$point run at 2026-06-10T08:15:01Z run
        [ "$status" -eq 137 ]
    done
    at 2026-06-10T08:16:00Z run
    at 2026-06-10T09:16:00Z run
    [ "$(receipts)" -eq 2 ]
    [ "$(subjects "Ændret: Ny bro")" -eq 1 ]
    text "Ændret: Ny bro" | grep -q "Kladden er ændret: sådan ser den ud nu"
    text "Ændret: Ny bro" | grep -q "https://presse.nordhav.example/preview/"
    grep -l "Subject: =?utf-8" "$MAIL"/new/* | head -1 >"$BATS_TEST_TMPDIR/changed"
    "$PYTHON" - "$(cat "$BATS_TEST_TMPDIR/changed")" <<'PY'
import email, email.policy, sys
mail = email.message_from_binary_file(open(sys.argv[1], "rb"), policy=email.policy.default)
enclosed, page = mail.iter_attachments()
assert "tirsdag" in page.get_content() and "mandag" not in page.get_content()
PY
    BODY="Broen åbner onsdag." release_write Kladder/bro.md "title: Ny bro"
    at 2026-06-10T10:00:00Z run
    at 2026-06-10T10:11:00Z run
    [ "$(subjects "Ændret: Ny bro")" -eq 2 ]
    nothing_public_of "Ny bro"
}

@test "what changes is not shown once it is public, nor while its file cannot be used" {
    receipts_to dropped
    mkdir -p "$ROOM/releases/Kladder"
    release_write Kladder/bro.md "title: Ny bro"
    release_write Kladder/kaj.md "title: Ny kaj"
    pr run
    BODY="Broen åbner mandag." release_write Kladder/bro.md "title: Ny bro"
    BODY="Kajen åbner mandag." release_write Kladder/kaj.md "title: Ny kaj"
    at 2026-06-10T08:02:00Z run
    mv "$ROOM/releases/Kladder/bro.md" "$ROOM/releases/"
    BODY="Kajen åbner mandag." release_write Kladder/kaj.md "title: Ny kaj" "topcis: [havn]"
    at 2026-06-10T08:04:00Z run || true
    at 2026-06-10T08:15:00Z run || true
    [ "$(subjects "Ændret")" -eq 0 ]
    BODY="Kajen åbner mandag." release_write Kladder/kaj.md "title: Ny kaj"
    at 2026-06-10T08:20:00Z run
    at 2026-06-10T09:20:00Z run
    [ "$(subjects "Ændret: Ny kaj")" -eq 1 ]
    [ "$(subjects "Ændret")" -eq 1 ]
}

@test "a draft's other languages are shown with it, and by themselves where they change" {
    receipts_to dropped
    mkdir -p "$ROOM/releases/Kladder"
    release_write Kladder/bro.md "title: Ny bro"
    BODY="The bridge opens on Monday." release_write Kladder/bro.en.md "title: New bridge"
    pr run
    text "Modtaget: Ny bro" | grep -q "engelsk): https://presse.nordhav.example/preview/"
    BODY="The bridge opens on Tuesday." release_write Kladder/bro.en.md "title: New bridge"
    at 2026-06-10T08:02:00Z run
    at 2026-06-10T08:13:00Z run
    [ "$(subjects "Ændret: New bridge")" -eq 1 ]
    [ "$(receipts)" -eq 2 ]
}

@test "who is asked for a yes is shown a change by that mail alone" {
    echo "receipts: {to: [vagt@nordhav.example], at: [dropped], approvers: [chef@nordhav.example]}" >>"$ROOM/newsroom.yaml"
    mkdir -p "$ROOM/inbox"/{new,cur,tmp}
    sed -i -e "s|^announce:|  inbox: maildir:$ROOM/inbox\n&|" -e 's/^intake: .*/intake: {settle: 0s, approval: required}/' "$ROOM/newsroom.yaml"
    release_write bro.md "title: Ny bro"
    pr run
    BODY="Broen åbner mandag." release_write bro.md "title: Ny bro"
    at 2026-06-10T08:02:00Z run
    at 2026-06-10T08:13:00Z run
    [ "$(subjects "Skal godkendes: Ny bro")" -eq 2 ]
    [ "$(subjects "Ændret")" -eq 0 ]
}

@test "who was told that a release is public is told of it later, too, wherever its file lies then" {
    receipts_to "public, 1h, withdrawn"
    sed -i -e 's/^intake: .*/intake: {settle: 0s, folders: {Sundhed: {receipts: [sundhed@nordhav.example]}, Havn: {receipts: [havn@nordhav.example]}}}/' \
        -e 's/^announce: .*/announce: {delay: 15m}/' "$ROOM/newsroom.yaml"
    echo "status: web" >>"$ROOM/newsroom.yaml"
    subscriber_add journalist@avisen.example --feed pressemeddelelser
    mkdir -p "$ROOM/releases/Sundhed" "$ROOM/releases/Havn" "$ROOM/releases/Trukket tilbage"
    release_write Sundhed/klinik.md "title: Ny klinik"
    pr run
    mv "$ROOM/releases/Sundhed/klinik.md" "$ROOM/releases/Havn/"
    at 2026-06-10T08:20:00Z run
    at 2026-06-10T09:01:00Z run
    [ "$(mail_count '^Delivered-To: sundhed@nordhav.example')" -eq 2 ]
    [ "$(mail_count '^Delivered-To: havn@nordhav.example')" -eq 0 ]
    mv "$ROOM/releases/Havn/klinik.md" "$ROOM/releases/Trukket tilbage/"
    at 2026-06-10T10:00:00Z run
    [ "$(mail_count '^Delivered-To: sundhed@nordhav.example')" -eq 3 ]
    grep -q "https://presse.nordhav.example/status/" $(mails '^Delivered-To: sundhed@nordhav.example' | tail -1)
    # who stands in the configuration no longer is told nothing more
    sed -i 's/sundhed@nordhav/andre@nordhav/' "$ROOM/newsroom.yaml"
    mv "$ROOM/releases/Trukket tilbage/klinik.md" "$ROOM/releases/Havn/"
    at 2026-06-10T10:05:00Z run
    [ "$(mail_count '^Delivered-To: sundhed@nordhav.example')" -eq 3 ]
    [ "$(mail_count '^Delivered-To: havn@nordhav.example')" -eq 1 ]
}

@test "a mailing taken back before anything left and sent later counts nobody as left out" {
    receipts_to "1h"
    sed -i 's/^announce: .*/announce: {delay: 5m}/' "$ROOM/newsroom.yaml"
    subscriber_add journalist@avisen.example --feed pressemeddelelser
    mkdir -p "$ROOM/releases/Kladder"
    release_write bro.md "title: Ny bro"
    pr run
    mv "$ROOM/releases/bro.md" "$ROOM/releases/Kladder/bro.md"
    at 2026-06-10T08:02:00Z run
    mv "$ROOM/releases/Kladder/bro.md" "$ROOM/releases/bro.md"
    at 2026-06-10T08:10:00Z run
    at 2026-06-10T08:16:00Z run
    at 2026-06-10T09:30:00Z run
    at 2026-06-10T09:31:00Z run
    text "Efter en time: Ny bro" | grep -q "Afleveret: 1"
    run ! grep -q "Udeladt" <(text "Efter en time: Ny bro")
}
