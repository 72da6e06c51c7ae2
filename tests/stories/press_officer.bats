#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# A press officer who knows folders: sees a draft before it goes, moves it out, and is told how it went.

bats_require_minimum_version 1.5.0
load newsroom
load serve
load mailbox

setup() {
    clock_is_slow
    newsroom_make
    serve_configure
    sed -i 's/^announce: .*/announce: {delay: 15m}/' "$ROOM/newsroom.yaml"
    echo "receipts: {to: [vagt@nordhav.example], at: [dropped, public, 1h, 24h, withdrawn]}" >>"$ROOM/newsroom.yaml"
    subscriber_add journalist@avisen.example --feed pressemeddelelser
    mkdir -p "$ROOM/releases/Kladder" "$ROOM/releases/Trukket tilbage"
}

teardown() {
    serve_stop
    smtp_peer_stop
}

receipts() {
    mail_count "^Subject: $1: Ny bro"
}

readers_mails() {
    mails '^Delivered-To: journalist@avisen.example' | wc -l
}

# The path of the link to the preview in the draft's receipt
preview_path() {
    "$PYTHON" - "$(mails '^Subject: Modtaget: Ny bro' | head -1)" <<'PY'
import email, email.policy, re, sys
mail = email.message_from_binary_file(open(sys.argv[1], "rb"), policy=email.policy.default)
print(re.search(r"https://presse\.nordhav\.example(/preview/\S+)", mail.get_body(("plain",)).get_content())[1])
PY
}

# killed_at MINUTE POINT…: a run killed at each of the points that it comes to, then one to its end, half a minute later: the clock of
# each run begins at the time given, and what an earlier one queued a moment behind that would not be due
killed_at() {
    local now=$1 point
    shift
    for point in "$@"; do
        PRESSROOM_FAULT=$point run at "$now:00Z" run
        [ "$status" -eq 137 ] || [ "$status" -eq 0 ]
    done
    at "$now:30Z" run
}

# course [POINT…]: from the draft to its withdrawal, each step also killed at these points
course() {
    release_write Kladder/bro.md "title: Ny bro"
    killed_at 2026-06-10T08:00 "$@"
    [ "$(receipts Modtaget)" -ge 1 ]
    nothing_public_of "Ny bro"
    local path
    path=$(preview_path)
    serve_start
    get "$path" >"$BATS_TEST_TMPDIR/button"
    status_is 200
    none -i "ny bro" "$BATS_TEST_TMPDIR/button"
    get "$path" -X POST >"$BATS_TEST_TMPDIR/page"
    status_is 200
    grep -q '<h1>Ny bro</h1>' "$BATS_TEST_TMPDIR/page"
    mv "$ROOM/releases/Kladder/bro.md" "$ROOM/releases/"
    killed_at 2026-06-10T08:10 "$@"
    [ -f "$ROOM/public/releases/2026/ny-bro/index.html" ]
    [ "$(receipts Offentlig)" -ge 1 ]
    [ "$(readers_mails)" -eq 0 ]
    get "$path" -X POST >"$BATS_TEST_TMPDIR/page"
    status_is 410
    serve_stop
    killed_at 2026-06-10T08:26 "$@"
    [ "$(readers_mails)" -eq 1 ]
    killed_at 2026-06-10T09:26 "$@"
    [ "$(receipts "Efter en time")" -ge 1 ]
    killed_at 2026-06-11T08:26 "$@"
    [ "$(mail_count "^Delivered-To: vagt@")" -ge 4 ]
    mv "$ROOM/releases/bro.md" "$ROOM/releases/Trukket tilbage/"
    killed_at 2026-06-11T08:30 "$@"
    [ "$(receipts "Trukket tilbage")" -ge 1 ]
    [ "$(readers_mails)" -eq 1 ]
    killed_at 2026-06-11T08:46 "$@"
    [ "$(readers_mails)" -eq 2 ]
}

# Holds I1.
@test "a draft is looked at, moved out, public, mailed and withdrawn, and each is told once" {
    course
    [ "$(mail_count '^Delivered-To: vagt@nordhav.example')" -eq 5 ]
    books_balance
}

# Holds I4.
@test "killed before a receipt is queued and behind it, none is lost or told twice" {
    course receipts-written receipts-queued
    [ "$(mail_count '^Delivered-To: vagt@nordhav.example')" -eq 5 ]
    books_balance
}

# ---- the whole of it, killed at each point ----

# room_whole: receipts, replies and a relay that puts one of three readers off
room_whole() {
    INBOX=$BATS_TEST_TMPDIR/inbox
    mkdir -p "$INBOX"/{new,cur,tmp}
    COUNT=0
    smtp_peer_start --fault 'RCPT:reply=450 4.2.0 try again later:match=sen@'
    sed -i "s|^  smtp: .*|  smtp: smtp://127.0.0.1:$SMTP_PORT|" "$ROOM/newsroom.yaml"
    sed -i '/^receipts:/d' "$ROOM/newsroom.yaml"
    echo "receipts: {to: [vagt@nordhav.example]}" >>"$ROOM/newsroom.yaml"
    inbox_is "maildir:$INBOX"
    subscriber_add radio@radioen.example --feed pressemeddelelser
    subscriber_add sen@bladet.example --feed pressemeddelelser
}

# step TIME [POINT…]: a run killed at each of these points, as far as the story is about them, then one to its end. A run that does
# not come to its point would leave nothing to the next: so each must be one that this step comes to, in their order.
step() {
    local now=$1 point second=0
    shift
    for point in "$@"; do
        if [[ " $POINTS " != *" $point "* ]]; then continue; fi
        PRESSROOM_FAULT=$point run at "$now:$(printf %02d $second)Z" run
        [ "$status" -eq 137 ]
        second=$((second + 1))
    done
    at "$now:30Z" run
    at "$now:50Z" deliver
}

# one SUBJECT…: of each there is one mail to the officer, by its Message-ID, and at most $COPIES of any mail to anybody
one() {
    "$PYTHON" - "$MAIL" "$COPIES" "$@" <<'PY'
import collections, email, email.policy, pathlib, sys
mails = [email.message_from_binary_file(path.open("rb"), policy=email.policy.default) for path in pathlib.Path(sys.argv[1]).glob("new/*")]
copies = collections.Counter((mail["X-Envelope-To"], mail["Message-ID"]) for mail in mails)
assert max(copies.values()) <= int(sys.argv[2]), copies
told = collections.defaultdict(set)
for mail in mails:
    told[mail["X-Envelope-To"].strip("<>"), mail["Subject"]].add(mail["Message-ID"])
for expected in sys.argv[3:]:
    address, subject = expected.split("|")
    ids = told.pop((address, subject), set())
    assert len(ids) == 1, (expected, ids, list(told))
assert not told, list(told)
PY
}

# whole_course [POINT…]: draft, changed, moved out, public, mailed to one of three when STOP comes, told after an hour and a day, withdrawn
whole_course() {
    local POINTS=$* COPIES=${COPIES:-1} ingest publish deliver told
    ingest="ingest-compared ingest-read ingest-release ingest-commit ingest-committed"
    publish="publish-batch publish-cards publish-lists publish-written publish-noted publish-placed publish-removed publish-synced publish-committed"
    told="receipts-written receipts-queued"
    deliver="deliver-claimed deliver-marked deliver-dot deliver-outcome deliver-recorded"
    room_whole
    release_write Kladder/bro.md "title: Ny bro"
    echo "%PDF-1.4" >"$ROOM/releases/Kladder/bilag.pdf"
    step 2026-06-10T08:00 $ingest ingest-orphans preview-file $told $deliver
    local path
    path=$(preview_path)
    serve_start
    get "$path" -X POST >"$BATS_TEST_TMPDIR/page"
    serve_stop
    status_is 200
    BODY="Broen åbner tirsdag." release_write Kladder/bro.md "title: Ny bro"
    step 2026-06-10T08:02 $ingest $told
    step 2026-06-10T08:13 preview-file $told $deliver
    nothing_public_of "Ny bro"
    mv "$ROOM/releases/Kladder/bro.md" "$ROOM/releases/"
    step 2026-06-10T08:20 $ingest publish-batch publish-written publish-noted publish-placed publish-synced publish-committed announce-step $told $deliver
    step 2026-06-10T08:36 $deliver
    mail "$(grep -hm1 '^Reply-To:' $(mails '^Subject: Offentlig: Ny bro' | head -1) | tr -d '\r' | sed 's/^Reply-To: *//')" \
        vagt@nordhav.example STOP "Subject: Re: Offentlig"
    step 2026-06-10T08:37 release-stopped inbound_recorded mailbox_moved
    smtp_peer_stop # nobody is put off from here on
    smtp_peer_start --port "$SMTP_PORT"
    step 2026-06-10T09:21 $told $deliver
    step 2026-06-11T08:21 $told $deliver
    mv "$ROOM/releases/bro.md" "$ROOM/releases/Trukket tilbage/"
    step 2026-06-11T09:00 $ingest $publish $told $deliver
    step 2026-06-11T09:16 announce-step $deliver
    one "vagt@nordhav.example|Modtaget: Ny bro" "vagt@nordhav.example|Ændret: Ny bro" "vagt@nordhav.example|Offentlig: Ny bro" \
        "vagt@nordhav.example|Stoppet: Ny bro" "vagt@nordhav.example|Efter en time: Ny bro" "vagt@nordhav.example|Efter et døgn: Ny bro" \
        "vagt@nordhav.example|Trukket tilbage: Ny bro" "journalist@avisen.example|Ny bro" "radio@radioen.example|Ny bro" \
        "journalist@avisen.example|Trukket tilbage: Ny bro" "radio@radioen.example|Trukket tilbage: Ny bro"
    books_balance
}

@test "from the draft to its withdrawal, with a STOP half-way: each is told once, and nobody is mailed behind the STOP" {
    whole_course
}

# Holds I1, I4.
@test "killed at each point of ingest, publish, announce, receipts and STOP, none is lost or told twice" {
    whole_course ingest-compared ingest-read ingest-release ingest-commit ingest-committed ingest-orphans \
        publish-batch publish-cards publish-lists publish-written publish-noted publish-placed publish-removed publish-synced publish-committed \
        announce-step preview-file receipts-written receipts-queued release-stopped inbound_recorded mailbox_moved
}

@test "killed where a mail is claimed, nothing is lost or sent again" {
    whole_course deliver-claimed
}

@test "killed where a mail is marked, at most two copies of one are sent" {
    COPIES=2 whole_course deliver-marked
}

@test "killed at a final dot, at most two copies of one are sent" {
    COPIES=2 whole_course deliver-dot
}

@test "killed where an answer was heard, at most two copies of one are sent" {
    COPIES=2 whole_course deliver-outcome
}

@test "killed where an outcome was stored, nothing is lost or sent again" {
    whole_course deliver-recorded
}

# Holds I4.
@test "killed while a command withdraws it, that is told once" {
    release_write bro.md "title: Ny bro" "id: bro"
    at 2026-06-10T08:00:00Z run
    at 2026-06-10T08:16:00Z run
    PRESSROOM_FAULT=withdraw-cancelled run at 2026-06-10T09:00:00Z release withdraw bro --reason "Tallet var forkert."
    [ "$status" -eq 137 ]
    at 2026-06-10T09:01:00Z release withdraw bro --reason "Tallet var forkert."
    killed_at 2026-06-10T09:02 publish-committed
    killed_at 2026-06-10T09:20 announce-step
    [ "$(receipts "Trukket tilbage")" -eq 2 ] # the officer's and the reader's
    [ "$(mail_count '^Delivered-To: vagt@nordhav.example')" -eq 3 ] # nothing after an hour: it is withdrawn by then
    books_balance
}
