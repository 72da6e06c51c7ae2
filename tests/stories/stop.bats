#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# STOP by reply to a receipt: nothing more leaves, whoever wrote it is told how far it got, and it can go on.

bats_require_minimum_version 1.5.0
load newsroom
load mailbox

setup() {
    clock_is_slow
    INBOX=$BATS_TEST_TMPDIR/inbox
    MAIL=$BATS_TEST_TMPDIR/mail
    mkdir -p "$INBOX"/{new,cur,tmp}
    COUNT=0
}

teardown() {
    smtp_peer_stop
}

# room RELAY [LINE…]: receipts go to the officer on duty, replies come to $INBOX
room() {
    SMTP=$1 newsroom_make
    shift
    inbox_is "maildir:$INBOX"
    sed -i -e 's/^announce: .*/announce: {delay: 10m}/' -e "s|^  smtp: .*|&\n  connections: 4|" "$ROOM/newsroom.yaml"
    echo 'receipts: {to: [vagt@nordhav.example]}' >>"$ROOM/newsroom.yaml"
    {
        echo "address;state;confirmed_at;evidence"
        for number in $(seq 40); do
            echo "laeser$number@avisen.example;confirmed;2026-05-01T10:00:00Z;blanket"
        done
    } >"$BATS_TEST_TMPDIR/people.csv"
    pr subscriber import "$BATS_TEST_TMPDIR/people.csv" >/dev/null
}

# receipt SUBJECT: the newest mail to the officer whose subject begins so
receipt() {
    mails "^Subject: $1" | xargs -r grep -l 'vagt@nordhav.example' | xargs -r ls -tr | tail -1
}

reply_to() {
    grep -hm1 '^Reply-To:' "$(receipt "$1")" | tr -d '\r' | sed 's/^Reply-To: *//'
}

# text SUBJECT: its plain text on one line
text() {
    "$PYTHON" - "$(receipt "$1")" <<'PY'
import email, email.policy, sys
mail = email.message_from_binary_file(open(sys.argv[1], "rb"), policy=email.policy.default)
print(" ".join(mail.get_body(("plain",)).get_content().split()))
PY
}

book() {
    pr status --json | json "sum(m[k] for m in d['mailings'] for k in '$*'.split())"
}

arrived() {
    mails '^Subject: Overskrift' | wc -l
}

is_held() {
    [ "$(arrived)" -ge 5 ] && [ "$(book sending)" -gt 0 ]
}

everybody_once() {
    [ "$(arrived)" -eq 40 ]
    [ "$(mails '^Subject: Overskrift' | xargs grep -hm1 '^X-Envelope-To' | sort -u | wc -l)" -eq 40 ]
    books_balance
}

# Holds I4.
@test "STOP half-way through a mailing: what was not marked stays, the answer counts right, and it goes on to everybody once" {
    smtp_peer_start --hold 13
    room "smtp://127.0.0.1:$SMTP_PORT"
    release_write a.md "id: a" "title: Overskrift"
    pr run
    [ "$(arrived)" -eq 0 ]
    mail "$(reply_to "Offentlig: Overskrift")" vagt@nordhav.example "STOP

Venlig hilsen
Ida Lund

Den 10. juni 2026 skrev Region Nordhav Presse <presse@nordhav.example>:
> Svar STOP" "Subject: Re: Offentlig"
    at 2026-06-10T08:10:01Z deliver &
    deliver=$!
    eventually is_held
    at 2026-06-10T08:10:05Z collect
    marked=$(book sent sending unknown)
    [ "$marked" -ge 13 ]
    [ "$marked" -lt 40 ]
    kill -USR2 "$SMTP_PEER"
    wait "$deliver"
    [ "$(arrived)" -eq "$marked" ]
    at 2026-06-10T08:20:00Z run
    [ "$(arrived)" -eq "$marked" ]
    text "Stoppet: Overskrift" | grep -q "$marked har fået"
    text "Stoppet: Overskrift" | grep -q "$((40 - marked)) har ikke fået"
    text "Stoppet: Overskrift" | grep -q "pressroom release resume a"
    books_balance
    at 2026-06-10T08:30:00Z release resume a
    at 2026-06-10T08:30:01Z run
    everybody_once
    at 2026-06-10T09:30:01Z run
    everybody_once
}

mailing_of() {
    pr mailing list --json | json "next(m['id'] for m in d['mailings'] if m['release'] == '$1')"
}

# Holds I4.
@test "STOP to what is held as too many came at once: resuming its mailing leaves it alone, and its release alone lets it go" {
    room "maildir:$MAIL"
    sed -i 's/^announce: .*/announce: {delay: 0s, max_new: 1}/' "$ROOM/newsroom.yaml"
    for number in 1 2 3; do
        BODY="Bro nummer $number over sund $number åbner." release_write "a$number.md" "id: a$number" "title: Overskrift $number"
    done
    pr run
    for number in 1 2; do
        mail "$(reply_to "Venter: Overskrift $number")" vagt@nordhav.example "STOP" "Subject: Re: Offentlig"
    done
    at 2026-06-10T08:01:00Z collect
    for number in 1 2; do
        run -1 --separate-stderr at 2026-06-10T08:02:00Z mailing resume "$(mailing_of a$number)"
        [[ $stderr == *"is left alone, as a reply to a receipt stopped its release"*"pressroom release resume a$number"* ]]
    done
    at 2026-06-10T08:02:00Z mailing resume "$(mailing_of a3)"
    at 2026-06-10T08:20:00Z run
    text "Stoppet: Overskrift 1" | grep -q "40 har ikke fået"
    grep -q "Udsendelsen er stoppet af et svar på en kvittering. Den går først videre, når den, der passer programmet, siger ja." "$ROOM/releases/status.html"
    run ! grep -q "Den nye udgave" "$ROOM/releases/status.html"
    [ "$(mail_count '^Delivered-To: laeser')" -eq 40 ]
    at 2026-06-10T08:30:00Z release resume a1
    at 2026-06-10T08:40:00Z run
    [ "$(mails '^Delivered-To: laeser' | xargs grep -l 'Overskrift 1' | wc -l)" -eq 40 ]
    [ "$(mail_count '^Delivered-To: laeser')" -eq 80 ]
    # A changed file lets it go as far as it was: to the operator's yes.
    BODY="Bro nummer 2 over sund 2 åbner klokken ni." release_write a2.md "id: a2" "title: Overskrift 2"
    at 2026-06-10T09:00:00Z run
    at 2026-06-10T09:20:00Z run
    [ "$(mail_count '^Delivered-To: laeser')" -eq 80 ]
    pr mailing show "$(mailing_of a2)" | grep -q 'held: more new mailings in one run'
    at 2026-06-10T09:30:00Z mailing resume "$(mailing_of a2)"
    at 2026-06-10T09:40:00Z run
    [ "$(mail_count '^Delivered-To: laeser')" -eq 120 ]
    books_balance
}

@test "STOP to a mailing that was paused by hand: resuming it leaves it alone until its release goes on" {
    room "maildir:$MAIL"
    release_write a.md "id: a" "title: Overskrift"
    pr run
    pr mailing pause 1
    mail "$(reply_to "Offentlig: Overskrift")" vagt@nordhav.example "STOP" "Subject: Re: Offentlig"
    at 2026-06-10T08:01:00Z collect
    run -1 at 2026-06-10T08:02:00Z mailing resume 1
    at 2026-06-10T08:20:00Z run
    [ "$(arrived)" -eq 0 ]
    at 2026-06-10T08:30:00Z release resume a
    at 2026-06-10T08:31:00Z mailing resume 1
    at 2026-06-10T08:32:00Z run
    [ "$(mail_count '^Delivered-To: laeser')" -eq 40 ]
    books_balance
}

@test "a file changed after STOP lets its mailing go on, with the new text" {
    room "maildir:$MAIL"
    release_write a.md "id: a" "title: Overskrift"
    pr run
    mail "$(reply_to "Offentlig: Overskrift")" vagt@nordhav.example "STOP" "Subject: Re: Offentlig"
    at 2026-06-10T08:01:00Z collect
    at 2026-06-10T08:20:00Z run
    [ "$(arrived)" -eq 0 ]
    grep -q "Udsendelsen er stoppet af et svar på en kvittering: 0 af 40 er sendt. Den går videre, når filen bliver rettet" "$ROOM/releases/status.html"
    run ! grep -q "sat på pause\|Den nye udgave" "$ROOM/releases/status.html"
    BODY="Nu med det rigtige tal, som er niogtyve." release_write a.md "id: a" "title: Overskrift"
    at 2026-06-10T08:40:00Z run
    at 2026-06-10T09:00:00Z run
    [ "$(arrived)" -eq 40 ]
    [ "$(mails '^Subject: Overskrift' | xargs grep -l niogtyve | wc -l)" -eq 40 ]
    books_balance
}

# Holds I1.
@test "STOP to what was taken in or is held keeps it from becoming public, however it is written" {
    room "maildir:$MAIL"
    number=0
    while IFS= read -r words; do
        number=$((number + 1))
        release_write "a$number.md" "id: a$number" "title: Overskrift $number" "published: 2026-06-10T12:00:00+02:00"
        at 2026-06-10T08:01:00Z run
        mail "$(reply_to "Modtaget: Overskrift $number")" vagt@nordhav.example "$(printf '%b' "$words")" "Subject: Re: Modtaget"
    done <<'WORDS'
STOP
Stopp!\n\nMed vänlig hälsning\nIda
Bitte stoppen\n\nMit freundlichen Grüßen\nIda Lund
stop nu tak\n\nSendt fra min iPhone
WORDS
    # From an address without the token, by what is answered alone.
    release_write b.md "id: b" "title: Havneplan" "published: 2026-06-10T12:00:00+02:00"
    at 2026-06-10T08:01:00Z run
    id=$(grep -him1 '^Message-ID:' "$(receipt "Modtaget: Havneplan")" | tr -d '\r' | sed 's/^[^<]*//')
    mail svar@nordhav.example vagt@nordhav.example "Stop" "Subject: Re: Modtaget" "In-Reply-To: $id"
    # What only quotes the word, and what nobody wrote, stops nothing.
    release_write c.md "id: c" "title: Sygehusplan" "published: 2026-06-10T12:00:00+02:00"
    at 2026-06-10T08:01:00Z run
    to=$(reply_to "Modtaget: Sygehusplan")
    mail "$to" vagt@nordhav.example "STOP" "Subject: Autosvar" "Auto-Submitted: auto-replied"
    mail "$to" vagt@nordhav.example "Tak for beskeden

Den 10. juni 2026 skrev Region Nordhav Presse <presse@nordhav.example>:
> STOP" "Subject: Re: Modtaget"
    at 2026-06-10T08:05:00Z collect
    at 2026-06-10T10:00:01Z run
    at 2026-06-10T10:20:01Z run
    nothing_public_of Overskrift Havneplan
    [ "$(mail_count '^Delivered-To: laeser')" -eq 40 ] # the one that nobody stopped
    grep -rq Sygehusplan "$ROOM/public"
    text "Stoppet: Havneplan" | grep -q "er ikke offentlig"
    at 2026-06-10T11:00:00Z release resume b
    at 2026-06-10T11:00:01Z run
    grep -rq Havneplan "$ROOM/public"
    nothing_public_of Overskrift
}

# Holds I4.
@test "killed while STOP is taken in, it has one effect and one answer" {
    room "maildir:$MAIL"
    release_write a.md "id: a" "title: Overskrift"
    pr run
    mail "$(reply_to "Offentlig: Overskrift")" vagt@nordhav.example "STOP" "Subject: Re: Offentlig"
    PRESSROOM_FAULT=release-stopped run -137 at 2026-06-10T08:01:00Z collect
    at 2026-06-10T08:01:10Z collect
    [ "$(inbox_count)" -eq 0 ]
    at 2026-06-10T08:20:00Z run
    [ "$(arrived)" -eq 0 ]
    [ "$(mail_count '^Subject: Stoppet: Overskrift')" -eq 1 ]
    text "Stoppet: Overskrift" | grep -q "40 har ikke fået"
    at 2026-06-10T08:30:00Z release resume a
    at 2026-06-10T08:30:01Z run
    [ "$(arrived)" -eq 40 ]
    books_balance
}

reason_is() {
    grep -qF "$1" "$ROOM/public/releases/2026/overskrift/index.html"
}

# Holds I4.
@test "why it was withdrawn, by a reply to the receipt: the notice and the mail say so, once, until that mail has been made" {
    room "maildir:$MAIL"
    release_write a.md "id: a" "title: Overskrift"
    pr run
    at 2026-06-10T08:11:00Z run
    [ "$(arrived)" -eq 40 ]
    mkdir -p "$ROOM/releases/Trukket tilbage"
    mv "$ROOM/releases/a.md" "$ROOM/releases/Trukket tilbage/a.md"
    at 2026-06-10T09:00:00Z run
    text "Trukket tilbage: Overskrift" | grep -q "Hvorfor er den trukket tilbage"
    to=$(reply_to "Trukket tilbage: Overskrift")
    # By somebody else, and by a program: nothing.
    mail "$to" fremmed@example.org "Fordi jeg siger det" "Subject: Re: Trukket tilbage"
    mail "$to" vagt@nordhav.example "Jeg er på ferie" "Subject: Autosvar" "Auto-Submitted: auto-replied"
    at 2026-06-10T09:00:30Z collect
    [ "$(inbox_count)" -eq 1 ]
    rm -f "$INBOX"/{new,cur}/*
    # Too long: told so.
    mail "$to" vagt@nordhav.example "$(printf 'x%.0s' $(seq 301))" "Subject: Re: Trukket tilbage"
    at 2026-06-10T09:00:40Z collect
    mail "$to" vagt@nordhav.example "Hej

Tallene var <fra> et andet
sygehus.

Venlig hilsen
Ida Lund

Den 10. juni 2026 skrev Region Nordhav Presse <presse@nordhav.example>:
> Hvorfor" "Subject: Re: Trukket tilbage"
    PRESSROOM_FAULT=approval-reason run -137 at 2026-06-10T09:01:00Z collect
    at 2026-06-10T09:01:10Z collect
    [ "$(inbox_count)" -eq 0 ]
    at 2026-06-10T09:02:00Z run
    [ "$(mail_count '^Subject: Grunden er ikke kommet med: Overskrift')" -eq 1 ]
    [ "$(mail_count '^Subject: Grunden er noteret: Overskrift')" -eq 1 ]
    text "Grunden er noteret: Overskrift" | grep -qF "Tallene var <fra> et andet sygehus."
    reason_is "Tallene var &lt;fra&gt; et andet sygehus."
    ! reason_is "Ida Lund"
    at 2026-06-10T09:11:00Z run
    at 2026-06-10T09:20:01Z run
    [ "$(mail_count '^Delivered-To: laeser')" -eq 80 ]
    text "Grunden er noteret: Overskrift" | grep -q "hvorfor"
    [ "$(mails '^Delivered-To: laeser' | xargs grep -l 'et andet sygehus' | wc -l)" -eq 40 ]
    # The mail has been made: later ones are told that.
    mail "$to" vagt@nordhav.example "En helt anden grund" "Subject: Re: Trukket tilbage"
    at 2026-06-10T09:30:00Z collect
    at 2026-06-10T09:31:00Z run
    ! reason_is "En helt anden grund"
    [ "$(mail_count '^Subject: Grunden er ikke kommet med: Overskrift')" -eq 2 ]
    books_balance
}

@test "what is replied to a receipt that asks for no reason is none: it stays for a person" {
    room "maildir:$MAIL"
    release_write a.md "id: a" "title: Overskrift"
    pr run
    mv "$ROOM/releases/a.md" "$ROOM/releases/Trukket tilbage/a.md"
    at 2026-06-10T08:01:00Z run
    ! text "Trukket tilbage: Overskrift" | grep -q "Hvorfor er den trukket tilbage"
    mail "$(reply_to "Trukket tilbage: Overskrift")" vagt@nordhav.example "Tak, det er fint" "Subject: Re: Trukket tilbage"
    at 2026-06-10T08:02:00Z collect
    [ "$(inbox_count)" -eq 1 ]
    at 2026-06-10T08:03:00Z run
    ! reason_is "det er fint"
}

# Holds I4.
@test "STOP to a receipt about many stops each of them, also where it is killed, and each goes on by itself" {
    room "maildir:$MAIL"
    sed -i 's/^announce: .*/announce: {delay: 10m, max_new: 100}/' "$ROOM/newsroom.yaml"
    for number in $(seq 25); do
        BODY="Bro nummer $number over sund $number åbner for cyklister fra by $number." release_write "a$number.md" "id: a$number" "title: Bro nummer $number"
    done
    pr run
    text "Offentlige: 25" | grep -q "Svar med ordet STOP, hvis de ikke må gå videre"
    mail "$(reply_to "Offentlige: 25")" fremmed@example.org "STOP" "Subject: Re: Offentlige"
    PRESSROOM_FAULT=release-stopped run -137 at 2026-06-10T08:01:00Z collect
    at 2026-06-10T08:02:00Z collect
    at 2026-06-10T08:20:00Z run
    [ "$(mail_count '^Delivered-To: laeser')" -eq 0 ]
    text "Stoppet: 25 pressemeddelelser" | grep -q "25 er offentlige, og deres sider bliver stående"
    text "Stoppet: 25 pressemeddelelser" | grep -q "pressroom release resume ID"
    text "Stoppet: 25 pressemeddelelser" | grep -q "fordi der er svaret på en mail"
    [ "$(mail_count '^Delivered-To: fremmed')" -eq 0 ]
    at 2026-06-10T08:30:00Z release resume a7
    at 2026-06-10T08:30:01Z run
    [ "$(mail_count '^Delivered-To: laeser')" -eq 40 ]
    books_balance
}

# Holds I1.
@test "STOP while its page is being written keeps it from becoming public, and what comes with it does" {
    local point runner
    room "maildir:$MAIL"
    sed -i 's/receipts: {.*/receipts: {to: [vagt@nordhav.example]}/' "$ROOM/newsroom.yaml"
    number=0
    for point in publish-batch publish-cards publish-written; do
        number=$((number + 1))
        release_write "a$number.md" "id: a$number" "title: Hemmelig nummer $number" "published: 2026-06-1$number 12:00"
        release_write "b$number.md" "id: b$number" "title: Aaben nummer $number" "published: 2026-06-1$number 12:00"
        at "2026-06-1${number}T08:00:00Z" run
        PRESSROOM_NOW=2026-06-1${number}T10:00:01Z PRESSROOM_FAULT=$point PRESSROOM_FAULT_STOPS=1 "$PRESSROOM_PROGRAM" -C "$ROOM" -q run 3>&- &
        runner=$!
        eventually grep -q '^State:[[:space:]]*T' "/proc/$runner/status"
        mail "$(reply_to "Modtaget: Hemmelig nummer $number")" vagt@nordhav.example "STOP" "Subject: Re: Modtaget"
        at "2026-06-1${number}T10:00:02Z" collect
        kill -CONT "$runner"
        wait "$runner"
        at "2026-06-1${number}T10:00:03Z" run
        text "Stoppet: Hemmelig nummer $number" | grep -q .
        nothing_public_of "hemmelig"
        [ -e "$ROOM/public/releases/2026/aaben-nummer-$number/index.html" ]
        grep -q "Aaben nummer $number" "$ROOM/public/index.html"
    done
}

# digest_room: twelve who follow daily, three of them invitations too; digests leave from nine o'clock on
digest_room() {
    SMTP="maildir:$MAIL" newsroom_make
    inbox_is "maildir:$INBOX"
    printf 'title: {da: Invitationer}\nselect: {type: [invitation]}\n' >"$ROOM/feeds/invitationer.yaml"
    sed -i -e 's/^announce: .*/announce: {delay: 10m}/' -e 's/^  smtp:.*/&\n  hours: 09-17/' "$ROOM/newsroom.yaml"
    echo 'receipts: {to: [vagt@nordhav.example]}' >>"$ROOM/newsroom.yaml"
    {
        echo "address;feeds;cadence;state;confirmed_at;evidence"
        for number in $(seq 12); do
            feeds=pressemeddelelser
            [ "$number" -gt 3 ] || feeds="pressemeddelelser,invitationer"
            echo "laeser$number@avisen.example;$feeds;daily;confirmed;2026-05-01T10:00:00Z;blanket"
        done
    } >"$BATS_TEST_TMPDIR/people.csv"
    at 2026-06-09T09:00:00Z subscriber import "$BATS_TEST_TMPDIR/people.csv" >/dev/null
    release_write a.md "id: a" "title: Overskrift"
    release_write i.md "id: i" "title: Rundvisning" "type: invitation" "event: {start: 2026-06-20T10:00, place: Ådal}"
    at 2026-06-10T09:00:00Z run
    at 2026-06-10T09:20:00Z run
}

# readers TEXT: how many readers' mails say it
readers() {
    mails '^Delivered-To: laeser' | xargs "$PYTHON" "$BATS_TEST_TMPDIR/says.py" "$1"
}

says_make() {
    cat >"$BATS_TEST_TMPDIR/says.py" <<'PY'
import email, email.policy, sys
count = 0
for name in sys.argv[2:]:
    mail = email.message_from_binary_file(open(name, "rb"), policy=email.policy.default)
    count += sys.argv[1] in mail.get_body(("plain",)).get_content()
print(count)
PY
}

stop_by_mail() {
    mail "$(reply_to "Offentlig: Overskrift")" vagt@nordhav.example "STOP" "Subject: Re: Offentlig"
}

@test "STOP to a release that only a digest is to bring: none does, the answer says so, and once it goes on the next one does" {
    digest_room
    says_make
    stop_by_mail
    at 2026-06-10T10:00:00Z collect
    at 2026-06-10T10:00:10Z run
    text "Stoppet: Overskrift" | grep -q "Ingen har fået den"
    text "Stoppet: Overskrift" | grep -q "samlede mails, der laves fra nu af, kommer også uden den"
    pr release show a --json | json "d['stopped']" | grep -q 2026-06-10
    grep -rq Overskrift "$ROOM/public"
    at 2026-06-11T06:00:01Z run
    at 2026-06-11T08:00:00Z run
    [ "$(readers Rundvisning)" -eq 3 ]
    [ "$(readers Overskrift)" -eq 0 ]
    at 2026-06-11T10:00:00Z release resume a
    at 2026-06-11T10:00:01Z run
    [ "$(readers Overskrift)" -eq 0 ]
    at 2026-06-12T06:00:01Z run
    at 2026-06-12T08:00:00Z run
    [ "$(readers Overskrift)" -eq 12 ]
    [ "$(readers Rundvisning)" -eq 3 ]
    at 2026-06-15T06:00:01Z run
    at 2026-06-15T08:00:00Z run
    [ "$(mail_count '^Delivered-To: laeser')" -eq 15 ]
    books_balance
}

# Holds I4.
@test "STOP to what waits in a digest: mails leave without it, killed while it is taken in or not" {
    digest_room
    says_make
    at 2026-06-11T06:00:01Z run
    [ "$(readers Overskrift)" -eq 0 ]
    stop_by_mail
    PRESSROOM_FAULT=release-stopped run -137 at 2026-06-11T06:01:00Z collect
    at 2026-06-11T06:01:10Z collect
    [ "$(inbox_count)" -eq 0 ]
    at 2026-06-11T08:00:00Z run
    [ "$(mail_count '^Subject: Stoppet: Overskrift')" -eq 1 ]
    text "Stoppet: Overskrift" | grep -q "3 samlede mails, der venter på at blive sendt, kommer uden den"
    text "Stoppet: Overskrift" | grep -q "9 samlede mails bliver ikke sendt"
    [ "$(readers Rundvisning)" -eq 3 ]
    [ "$(readers Overskrift)" -eq 0 ]
    books_balance
    # A changed file lets it go, as it is then.
    release_write a.md "id: a" "title: Overskrift" "correction: Et tal er rettet."
    at 2026-06-11T09:00:00Z run
    at 2026-06-12T06:00:01Z run
    at 2026-06-12T08:00:00Z run
    [ "$(readers Overskrift)" -eq 12 ]
    [ "$(mail_count '^Delivered-To: laeser')" -eq 15 ]
    books_balance
}

@test "STOP while the digest is being made, half of it by a killed run: the rest comes without it" {
    digest_room
    says_make
    PRESSROOM_FAULT=digest-step run -137 at 2026-06-11T06:00:01Z run
    stop_by_mail
    at 2026-06-11T06:00:10Z collect
    at 2026-06-11T06:00:20Z run
    at 2026-06-11T08:00:00Z run
    [ "$(readers Overskrift)" -eq 0 ]
    [ "$(readers Rundvisning)" -eq 3 ]
    at 2026-06-11T09:00:00Z release resume a
    at 2026-06-12T06:00:01Z run
    at 2026-06-12T08:00:00Z run
    [ "$(readers Overskrift)" -eq 12 ]
    books_balance
}

@test "STOP when every digest has left says so, and stops nothing" {
    digest_room
    says_make
    at 2026-06-11T06:00:01Z run
    at 2026-06-11T08:00:00Z run
    at 2026-06-15T06:00:01Z run
    at 2026-06-15T08:00:00Z run
    [ "$(readers Overskrift)" -eq 12 ]
    stop_by_mail
    at 2026-06-15T09:00:00Z collect
    at 2026-06-15T09:01:00Z run
    text "Der var ikke mere at stoppe: Overskrift" | grep -q "12 har fået den i en samlet mail"
    pr release show a --json | json "d['stopped']" | grep -q None
}

@test "what is withdrawn after STOP is told to those who have it, at once and in a digest, and comes to nobody else" {
    room "maildir:$MAIL"
    {
        echo "address;feeds;cadence;state;confirmed_at;evidence"
        echo "daglig@avisen.example;pressemeddelelser;daily;confirmed;2026-05-01T10:00:00Z;blanket"
    } >"$BATS_TEST_TMPDIR/daily.csv"
    pr subscriber import "$BATS_TEST_TMPDIR/daily.csv" >/dev/null
    release_write a.md "id: a" "title: Overskrift"
    pr run
    at 2026-06-10T08:11:00Z run
    [ "$(arrived)" -eq 40 ]
    stop_by_mail
    at 2026-06-10T08:20:00Z collect
    at 2026-06-10T08:21:00Z run
    text "Stoppet: Overskrift" | grep -q "40 har fået mailen"
    mv "$ROOM/releases/a.md" "$ROOM/releases/Trukket tilbage/a.md"
    at 2026-06-10T09:00:00Z run
    at 2026-06-10T09:11:00Z run
    [ "$(mail_count '^Delivered-To: laeser')" -eq 80 ]
    at 2026-06-11T08:00:00Z run
    at 2026-06-11T08:30:00Z run
    [ "$(mail_count '^Delivered-To: daglig')" -eq 0 ]
    books_balance
}
