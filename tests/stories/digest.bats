#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Digests: what is new, in one mail a day or a week, in the newsroom's time (08:00 in Copenhagen is 06:00 UTC in June).
# 10 June 2026 is a Wednesday.

bats_require_minimum_version 1.5.0
load newsroom

setup() {
    newsroom_make
    printf 'title: {da: Invitationer}\nselect: {type: [invitation]}\n' >"$ROOM/feeds/invitationer.yaml"
}

# release_at INSTANT NAME TITLE [FRONT MATTER LINE…]: drops a release and runs, at that time
release_at() {
    local instant=$1 name=$2 title=$3
    shift 3
    BODY="$title. Det er en hel tekst for sig om $title og om intet andet." release_write "$name.md" "id: $name" "title: $title" "$@"
    at "$instant" -q run
}

# digests_of ADDRESS: how many this person has got
digests_of() {
    mails "^To: $1" | xargs -r grep -l '^Feedback-ID: .*:digest:' | wc -l
}

more_mails_than() {
    [ "$(mail_count)" -gt "$1" ]
}

# The text of the last mail to ADDRESS
last_text() {
    "$PYTHON" - "$(mails "^To: $1" | xargs -r ls -t | head -1)" <<'PY'
import email, email.policy, sys
message = email.message_from_binary_file(open(sys.argv[1], "rb"), policy=email.policy.default)
print("Subject:", message["Subject"])
print(message.get_body(("plain",)).get_content())
PY
}

@test "a day's releases come in one mail at eight, with all feeds; nothing new, no mail" {
    subscriber_add anna@avis.example --feed pressemeddelelser --feed invitationer --cadence daily
    subscriber_add bo@avis.example --feed pressemeddelelser
    release_at 2026-06-10T09:00:00Z a "Nyt sundhedshus i Lillesund"
    release_at 2026-06-10T12:00:00Z b "Rundvisning i Ådal" "type: invitation" "event: {start: 2026-06-20T10:00, place: Ådal Sygehus}"
    [ "$(mail_count '^To: bo@')" -eq 1 ]
    at 2026-06-11T05:59:00Z run
    [ "$(digests_of anna@avis.example)" -eq 0 ]
    pr status --json | json 'd["digests"]["daily_releases"]' | grep -qx 2
    at 2026-06-11T06:00:01Z run
    [ "$(digests_of anna@avis.example)" -eq 1 ]
    [ "$(mail_count '^To: anna@')" -eq 1 ]
    [ "$(mail_count '^To: bo@')" -eq 1 ]
    last_text anna@avis.example >"$BATS_TEST_TMPDIR/text"
    grep -q 'Nyt sundhedshus i Lillesund' "$BATS_TEST_TMPDIR/text"
    grep -q 'Rundvisning i Ådal' "$BATS_TEST_TMPDIR/text"
    grep -q 'torsdag den 11. juni 2026' "$BATS_TEST_TMPDIR/text"
    grep -q 'https://presse.nordhav.example/preferences/' "$BATS_TEST_TMPDIR/text"
    mails '^To: anna@' | xargs grep -q '^List-Unsubscribe-Post: List-Unsubscribe=One-Click'
    at 2026-06-11T06:10:00Z run
    at 2026-06-12T06:10:00Z run
    at 2026-06-13T06:10:00Z run
    [ "$(mail_count '^To: anna@')" -eq 1 ]
    pr mailing list --json | json '[(m["kind"], m["digest"], m["audience"]) for m in d["mailings"] if m["kind"] == "digest"]' |
        grep -qxF '[["digest", "2026-06-11", 1]]'
    pr mailing list | grep -q 'digest .*2026-06-11'
    pr mailing show 2 --json | json 'd["releases"]' | grep -qxF '["a", "b"]'
    pr mailing show 2 | grep -q '^Releases: a b'
    pr status | grep -q '^Digests:      daily at '
    books_balance
}

@test "weekly mails come on Monday; daily and weekly of one person in one mail" {
    subscriber_add anna@avis.example --feed pressemeddelelser --cadence weekly
    subscriber_add bo@avis.example --feed pressemeddelelser --cadence daily
    subscriber_add bo@avis.example --feed invitationer --cadence weekly
    release_at 2026-06-10T09:00:00Z a "Nyt sundhedshus i Lillesund"
    release_at 2026-06-10T10:00:00Z i "Rundvisning i Ådal" "type: invitation" "event: {start: 2026-06-20T10:00, place: Ådal}"
    at 2026-06-11T06:00:01Z run
    [ "$(digests_of bo@avis.example)" -eq 1 ]
    none_of() { ! last_text "$1" | grep -q "$2"; }
    none_of bo@avis.example Rundvisning
    release_at 2026-06-14T09:00:00Z b "Færre venter på operation"
    [ "$(digests_of anna@avis.example)" -eq 0 ]
    at 2026-06-15T06:00:01Z run
    [ "$(digests_of anna@avis.example)" -eq 1 ]
    [ "$(digests_of bo@avis.example)" -eq 2 ]
    last_text anna@avis.example | grep -q sundhedshus
    last_text anna@avis.example | grep -q 'Færre venter'
    last_text bo@avis.example | grep -q 'Færre venter'
    last_text bo@avis.example | grep -q Rundvisning
    none_of bo@avis.example sundhedshus
    at 2026-06-22T06:00:01Z run
    [ "$(digests_of anna@avis.example)" -eq 1 ]
    books_balance
}

@test "who turns from mails at once to daily gets what waited in the digest, and what was sent not again" {
    subscriber_add anna@avis.example --feed pressemeddelelser
    release_at 2026-06-10T09:00:00Z a "Nyt sundhedshus i Lillesund"
    [ "$(mail_count '^To: anna@')" -eq 1 ]
    sed -i 's/delay: 0s/delay: 30m/' "$ROOM/newsroom.yaml"
    release_at 2026-06-10T10:00:00Z b "Færre venter på operation"
    at 2026-06-10T10:05:00Z subscriber add anna@avis.example --confirmed --evidence "telefon" --feed pressemeddelelser --cadence daily
    pr status --json | json 'd["mailings"][0]["suppressed"]' | grep -qx 1
    release_at 2026-06-10T12:00:00Z c "Ny direktør i Ådal"
    at 2026-06-10T13:00:00Z run
    [ "$(mail_count '^To: anna@')" -eq 1 ]
    at 2026-06-11T06:00:01Z run
    [ "$(mail_count '^To: anna@')" -eq 2 ]
    last_text anna@avis.example >"$BATS_TEST_TMPDIR/text"
    grep -q 'Færre venter' "$BATS_TEST_TMPDIR/text"
    grep -q 'Ny direktør' "$BATS_TEST_TMPDIR/text"
    [ "$(grep -c sundhedshus "$BATS_TEST_TMPDIR/text")" -eq 0 ]
    at 2026-06-12T06:00:01Z run
    [ "$(mail_count '^To: anna@')" -eq 2 ]
    books_balance
}

@test "changing between daily, weekly and at once neither repeats nor loses a release" {
    subscriber_add anna@avis.example --feed pressemeddelelser --cadence weekly
    turn() {
        at "$1" subscriber add anna@avis.example --confirmed --evidence "telefon" --feed pressemeddelelser --cadence "$2" >/dev/null
    }
    release_at 2026-06-10T09:00:00Z a "Alfa er åbnet"
    at 2026-06-11T06:00:01Z run
    turn 2026-06-11T09:00:00Z daily # weekly → daily: alfa comes tomorrow
    release_at 2026-06-11T10:00:00Z b "Beta er åbnet"
    at 2026-06-12T06:00:01Z run
    release_at 2026-06-12T10:00:00Z c "Gamma er åbnet"
    turn 2026-06-12T11:00:00Z weekly # daily → weekly: gamma comes on Monday, alfa and beta do not
    release_at 2026-06-12T12:00:00Z d "Delta er åbnet"
    at 2026-06-13T06:00:01Z run
    [ "$(digests_of anna@avis.example)" -eq 1 ]
    at 2026-06-15T06:00:01Z run
    release_at 2026-06-15T10:00:00Z e "Epsilon er åbnet"
    turn 2026-06-15T11:00:00Z immediate # what waited comes with the next digest
    release_at 2026-06-15T12:00:00Z f "Zeta er åbnet"
    at 2026-06-16T06:00:01Z run
    at 2026-06-17T06:00:01Z run
    at 2026-06-22T06:00:01Z run
    [ "$(digests_of anna@avis.example)" -eq 3 ]
    for title in Alfa Beta Gamma Delta Epsilon Zeta; do
        [ "$(mails '^To: anna@' | xargs grep -l "^$title er=\\? \\?=C3=A5bnet\|^$title er" | wc -l)" -eq 1 ] || {
            echo "$title: not once"
            return 1
        }
    done
    books_balance
}

@test "withdrawn, held back, drafts and mail: false are in none; corrections and withdrawals are shown as such" {
    subscriber_add anna@avis.example --feed pressemeddelelser --cadence daily
    release_at 2026-06-10T09:00:00Z a "Alfa er åbnet"
    release_at 2026-06-10T09:10:00Z b "Beta er åbnet"
    release_at 2026-06-10T09:20:00Z c "Gamma er trukket"
    release_at 2026-06-10T09:30:00Z d "Delta er kladde" "status: draft"
    release_at 2026-06-10T09:40:00Z e "Epsilon er klausuleret" "embargo: 2026-06-12T12:00"
    release_at 2026-06-10T09:50:00Z f "Zeta er uden mail" "mail: false"
    at 2026-06-10T10:00:00Z release withdraw c --reason "Forkerte tal"
    at 2026-06-11T06:00:01Z run
    last_text anna@avis.example >"$BATS_TEST_TMPDIR/text"
    grep -q Alfa "$BATS_TEST_TMPDIR/text"
    grep -q Beta "$BATS_TEST_TMPDIR/text"
    [ "$(grep -cE 'Gamma|Delta|Epsilon|Zeta' "$BATS_TEST_TMPDIR/text")" -eq 0 ]
    # told: one is corrected, one is withdrawn
    BODY="Alfa er åbnet. Nu med de rigtige tal om Alfa og om intet andet." release_write a.md "id: a" "title: Alfa er åbnet" "correction: Alfa har 12 pladser."
    at 2026-06-11T09:00:00Z -q run
    at 2026-06-11T09:10:00Z release withdraw b --reason "Aftalen er ikke indgået"
    at 2026-06-11T09:11:00Z run
    [ "$(mail_count '^To: anna@')" -eq 1 ]
    at 2026-06-12T06:00:01Z run
    [ "$(mail_count '^To: anna@')" -eq 2 ]
    last_text anna@avis.example >"$BATS_TEST_TMPDIR/text"
    grep -q '^Subject: Nyt fra Region Nordhav: Rettelse: Alfa er åbnet – og 1 til' "$BATS_TEST_TMPDIR/text"
    grep -q '^\*\*\* Rettelse' "$BATS_TEST_TMPDIR/text"
    grep -q 'Alfa har 12 pladser' "$BATS_TEST_TMPDIR/text"
    grep -q '^\*\*\* Trukket tilbage' "$BATS_TEST_TMPDIR/text"
    grep -q 'Aftalen er ikke indgået' "$BATS_TEST_TMPDIR/text"
    at 2026-06-12T09:59:59Z run # a second before the embargo is over
    [ "$(mails Epsilon | wc -l)" -eq 0 ]
    at 2026-06-12T10:00:01Z run # the digest of that date is made
    [ "$(mails Epsilon | wc -l)" -eq 0 ]
    at 2026-06-13T06:00:01Z run
    [ "$(mail_count '^To: anna@')" -eq 3 ]
    last_text anna@avis.example | grep -q Epsilon
    at 2026-06-14T06:00:01Z run
    [ "$(mail_count '^To: anna@')" -eq 3 ]
    books_balance
}

@test "instants missed while the machine was off are made up once; who leaves before it leaves gets none" {
    subscriber_add anna@avis.example --feed pressemeddelelser --cadence daily
    subscriber_add bo@avis.example --feed pressemeddelelser --cadence daily
    sed -i 's/^  smtp:.*/&\n  hours: 09-17/' "$ROOM/newsroom.yaml"
    release_at 2026-06-10T09:00:00Z a "Alfa er åbnet"
    at 2026-06-13T04:00:00Z run # three instants later, before eight and before nine
    pr status --json | json '[(m["digest"], m["queued"]) for m in d["mailings"]]' | grep -qxF '[["2026-06-12", 2]]'
    at 2026-06-13T06:30:00Z run
    [ "$(mail_count)" -eq 0 ]
    at 2026-06-13T06:40:00Z subscriber unsubscribe bo@avis.example
    at 2026-06-13T07:00:01Z run
    [ "$(digests_of anna@avis.example)" -eq 1 ]
    [ "$(mail_count)" -eq 1 ]
    at 2026-06-14T07:00:01Z run
    [ "$(mail_count)" -eq 1 ]
    books_balance
}

@test "another hour and day in newsroom.yaml, and a wrong one is named with its line" {
    printf 'digest: {at: "17:30", weekly: friday}\n' >>"$ROOM/newsroom.yaml"
    subscriber_add anna@avis.example --feed pressemeddelelser --cadence weekly
    release_at 2026-06-10T09:00:00Z a "Alfa er åbnet"
    at 2026-06-12T15:29:00Z run
    [ "$(mail_count)" -eq 0 ]
    at 2026-06-12T15:30:01Z run
    [ "$(digests_of anna@avis.example)" -eq 1 ]
    sed -i 's/17:30/25:00/; s/friday/frieday/' "$ROOM/newsroom.yaml"
    run -2 pr check
    [[ $output == *"newsroom.yaml:"*"08:00"* ]]
    [[ $output == *"friday"* ]]
}

# Holds I4.
@test "killed at any step of a digest: nobody is left out, nobody gets two" {
    local point pass who
    for who in anna bo carl dora; do subscriber_add $who@avis.example --feed pressemeddelelser --cadence daily; done
    release_at 2026-06-10T09:00:00Z a "Alfa er åbnet"
    cp -a "$ROOM" "$BATS_TEST_TMPDIR/start"
    for point in digest-step digest-stepped deliver-claimed deliver-marked deliver-outcome deliver-recorded; do
        for pass in 1 2; do
            rm -rf "$ROOM" "$MAIL"
            cp -a "$BATS_TEST_TMPDIR/start" "$ROOM"
            PRESSROOM_FAULT=$point:$pass at 2026-06-11T06:00:01Z -q run 2>/dev/null || true
            at 2026-06-11T06:01:00Z -q run
            at 2026-06-11T06:02:00Z -q run
            for who in anna bo carl dora; do
                [ "$(mails "^To: $who@" | xargs -r grep -h '^Message-ID' | sort -u | wc -l)" -eq 1 ] || {
                    echo "$point:$pass: $who"
                    return 1
                }
            done
            [ "$(mail_count)" -le 5 ] # at most one indeterminate
            books_balance
        done
    done
}

@test "two runs beside each other, and one that is told to end: everybody gets one" {
    local file=$BATS_TEST_TMPDIR/many.csv first who
    { echo "address,feeds,cadence,state,confirmed_at,evidence"
      for who in $(seq 1 100); do echo "p$who@avis.example,pressemeddelelser,daily,confirmed,2026-05-01T12:00:00Z,blanket"; done; } >"$file"
    at 2026-06-09T09:00:00Z -q subscriber import "$file"
    release_at 2026-06-10T09:00:00Z a "Alfa er åbnet"
    at 2026-06-11T06:00:01Z -q run 3>&- &
    first=$!
    at 2026-06-11T06:00:01Z -q run
    wait "$first"
    [ "$(mail_count)" -eq 100 ]
    [ "$(mails | xargs grep -h '^To: ' | sort -u | wc -l)" -eq 100 ]
    release_at 2026-06-11T09:00:00Z b "Beta er åbnet"
    # No shell stands between: the signal reaches the program itself, in the middle of it, and its end is waited for.
    PRESSROOM_NOW=2026-06-12T06:00:01Z "$PRESSROOM_PROGRAM" -C "$ROOM" -q run 3>&- &
    first=$!
    eventually more_mails_than 100
    kill -TERM "$first" || true
    wait "$first" || true
    at 2026-06-12T06:00:02Z -q run
    [ "$(mail_count)" -eq 200 ]
    [ "$(mails Beta | xargs grep -h '^To: ' | sort -u | wc -l)" -eq 100 ]
    books_balance
}
