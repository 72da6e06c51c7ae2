#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# What is ready waits for a yes by mail, and a reply of STOP holds back what has not left.

bats_require_minimum_version 1.5.0
load newsroom
load mailbox
load serve

setup() {
    INBOX=$BATS_TEST_TMPDIR/inbox
    mkdir -p "$INBOX"/{new,cur,tmp}
    newsroom_make
    inbox_is "maildir:$INBOX"
    cat >>"$ROOM/newsroom.yaml" <<'YAML'
receipts:
  to: [presse@nordhav.example]
  approvers: [chef@nordhav.example, vagt@nordhav.example]
YAML
    COUNT=0
}

teardown() {
    serve_stop
}

approval_is() { # none | required
    sed -i "s/^intake:.*/intake: {settle: 0s, approval: $1}/" "$ROOM/newsroom.yaml"
}

# run AT: everything once, and what it queued is sent
everything() {
    at "$1" run
    at "${1%Z}.900Z" deliver
}

# asked ADDRESS: the newest mail to ADDRESS that asks for a yes
asked() {
    mails "^To: $1" | xargs -r grep -l '^Reply-To: svar+receipt-' | xargs -r ls -tr | tail -1
}

reply_address() {
    grep -hm1 '^Reply-To:' "$(asked "$1")" | sed 's/^Reply-To: *//'
}

is_public() {
    [ -e "$ROOM/public/releases/2026/overskrift/index.html" ]
}

is_public_text() {
    [ -e "$ROOM/public/releases/2026/overskrift/text.txt" ]
}

# answer ADDRESS WORDS: to the newest mail that ADDRESS got
answer() {
    mail "$(reply_address "$1")" "$1" "$2

Den 10. juni 2026 skrev Region Nordhav Presse <presse@nordhav.example>:
> Svar JA på denne mail" "Subject: Re: Skal godkendes" "${@:3}"
}

approvals() {
    pr release show a --json | json 'len(d["approvals"])'
}

# Holds I1.
@test "what is ready becomes public with a yes by reply, once, and by whom is kept" {
    approval_is required
    release_write a.md "id: a" "title: Overskrift"
    everything 2026-06-10T08:01:00Z
    run ! is_public
    nothing_public_of Overskrift
    [ "$(mails '^To: chef@nordhav.example' | wc -l)" -eq 1 ]
    [ "$(mails '^To: vagt@nordhav.example' | wc -l)" -eq 1 ]
    at 2026-06-10T08:02:00Z run
    [ "$(mails '^To: chef@nordhav.example' | wc -l)" -eq 1 ]
    answer chef@nordhav.example "JA"
    at 2026-06-10T08:30:00Z collect
    [ "$(inbox_count)" -eq 0 ]
    everything 2026-06-10T08:31:00Z
    is_public
    [ "$(approvals)" -eq 1 ]
    [ "$(pr release show a --json | json 'd["approvals"][0]["address"]')" = chef@nordhav.example ]
    # public from the yes on, and not from when the file came
    pr release show a --json | json 'd["public"]' | grep -q '2026-06-10T10:3'
    # Said again it changes nothing, and its writer is told.
    answer vagt@nordhav.example "ja tak"
    at 2026-06-10T08:40:00Z collect
    at 2026-06-10T08:41:00Z deliver
    [ "$(approvals)" -eq 1 ]
    mails '^To: vagt@nordhav.example' | xargs grep -l '^Subject:.*Allerede godkendt' | grep -q .
}

@test "a yes by somebody else, to an older revision, after seven days or by a machine does not count" {
    approval_is required
    release_write a.md "id: a" "title: Overskrift"
    everything 2026-06-10T08:01:00Z
    to=$(reply_address chef@nordhav.example)
    mail "$to" fremmed@example.org "JA" "Subject: Re: Skal godkendes"
    at 2026-06-10T08:10:00Z collect
    [ "$(inbox_count)" -eq 1 ] # a person reads it
    rm -f "$INBOX"/{new,cur}/*
    [ "$(mails '^To: fremmed@example.org' | wc -l)" -eq 0 ]
    mail "$to" vagt@nordhav.example "JA" "Subject: Re: Skal godkendes"
    mail "$to" chef@nordhav.example "JA" "Subject: Autosvar" "Auto-Submitted: auto-replied"
    at 2026-06-10T08:11:00Z collect
    [ "$(approvals)" -eq 0 ]
    before=$(mails '^To: chef@nordhav.example' | wc -l)
    release_write a.md "id: a" "title: Overskrift" "lead: Ny indledning"
    everything 2026-06-10T08:20:00Z
    [ "$(mails '^To: chef@nordhav.example' | wc -l)" -gt "$before" ] # asked anew
    mail "$to" chef@nordhav.example "JA" "Subject: Re: Skal godkendes"
    at 2026-06-10T08:21:00Z collect
    [ "$(approvals)" -eq 0 ]
    everything 2026-06-10T08:22:00Z
    run ! is_public
    grep -q "ældre udgave\|=C3=A6ldre" "$(asked chef@nordhav.example)"
    answer chef@nordhav.example "JA"
    at 2026-06-18T09:00:00Z collect
    [ "$(approvals)" -eq 0 ]
    everything 2026-06-18T09:01:00Z
    run ! is_public
    answer chef@nordhav.example "NEJ, ret overskriften"
    at 2026-06-18T09:02:00Z collect
    [ "$(approvals)" -eq 0 ]
    answer chef@nordhav.example "JA?"
    answer chef@nordhav.example "JA
Men vent til i morgen"
    at 2026-06-18T09:03:00Z collect
    [ "$(approvals)" -eq 0 ]
    answer chef@nordhav.example "JA

Sendt fra min iPhone"
    at 2026-06-18T09:05:00Z collect
    [ "$(approvals)" -eq 1 ]
    everything 2026-06-18T09:03:00Z
    mails '^To: chef@nordhav.example' | xargs grep -l '^Subject: Ikke godkendt' | grep -q .
}

@test "what waits an hour before its time is asked for again, once, and an answer without its address is known" {
    approval_is required
    release_write a.md "id: a" "title: Overskrift" "published: 2026-06-10T16:00:00+02:00"
    everything 2026-06-10T08:01:00Z
    count=$(mails '^To: chef@nordhav.example' | wc -l)
    everything 2026-06-10T12:59:00Z
    [ "$(mails '^To: chef@nordhav.example' | wc -l)" -eq "$count" ]
    everything 2026-06-10T13:00:00Z
    [ "$(mails '^To: chef@nordhav.example' | wc -l)" -eq $((count + 1)) ]
    everything 2026-06-10T13:30:00Z
    [ "$(mails '^To: chef@nordhav.example' | wc -l)" -eq $((count + 1)) ]
    id=$(grep -him1 '^Message-ID:' "$(asked chef@nordhav.example)" | sed 's/^[^<]*//')
    mail svar@nordhav.example chef@nordhav.example "Ja tak

Sendt fra min iPhone" "Subject: Re: Skal godkendes" "In-Reply-To: $id"
    at 2026-06-10T13:40:00Z collect
    [ "$(approvals)" -eq 1 ]
    everything 2026-06-10T13:41:00Z
    run ! is_public
    everything 2026-06-10T14:00:01Z
    is_public
    pr release show a --json | json 'd["public"]' | grep -q '2026-06-10T16:00'
}

# Holds I1.
@test "neither a detour by the withdrawn ones nor one by the drafts spares the yes, and no notice says what has none" {
    approval_is required
    sed -i 's/^announce: .*/announce: {delay: 5m}/' "$ROOM/newsroom.yaml"
    release_write "Trukket tilbage/a.md" "id: a" "title: Overskrift"
    everything 2026-06-10T08:01:00Z
    mv "$ROOM/releases/Trukket tilbage/a.md" "$ROOM/releases/a.md"
    everything 2026-06-10T08:02:00Z
    run ! is_public
    nothing_public_of Overskrift
    answer chef@nordhav.example "JA"
    at 2026-06-10T08:03:00Z collect
    everything 2026-06-10T08:04:00Z
    is_public
    # edited and taken down at once, and back
    release_write a.md "id: a" "title: Hemmelig"
    mv "$ROOM/releases/a.md" "$ROOM/releases/Trukket tilbage/a.md"
    everything 2026-06-10T08:05:00Z
    run ! is_public_text
    nothing_public_of Hemmelig
    mv "$ROOM/releases/Trukket tilbage/a.md" "$ROOM/releases/a.md"
    everything 2026-06-10T08:06:00Z
    nothing_public_of Hemmelig
    is_public_text
    # by the drafts: nobody is asked while it lies there
    before=$(mails '^To: chef@nordhav.example' | wc -l)
    mv "$ROOM/releases/a.md" "$ROOM/releases/Kladder/a.md"
    release_write Kladder/a.md "id: a" "title: Hemmelig igen"
    everything 2026-06-10T08:07:00Z
    [ "$(mails '^To: chef@nordhav.example' | wc -l)" -eq "$before" ]
    mv "$ROOM/releases/Kladder/a.md" "$ROOM/releases/a.md"
    everything 2026-06-10T08:08:00Z
    nothing_public_of Hemmelig
    [ "$(mails '^To: chef@nordhav.example' | wc -l)" -gt "$before" ]
    answer chef@nordhav.example "JA"
    at 2026-06-10T08:09:00Z collect
    everything 2026-06-10T08:10:00Z
    grep -q "Hemmelig igen" "$ROOM/public/releases/2026/overskrift/index.html"
}

# preview_of FILE: the path of the link in a mail
preview_of() {
    "$PYTHON" - "$1" <<'PY'
import email, email.policy, re, sys
mail = email.message_from_binary_file(open(sys.argv[1], "rb"), policy=email.policy.default)
print(re.search(r"https://presse.nordhav.example(/preview/\S+)", mail.get_body(("plain",)).get_content())[1])
PY
}

# encloses FILE TITLE WORD: its mail as one message in HTML and text under that subject, and a page that asks nobody, with WORD in both
encloses() {
    "$PYTHON" - "$@" <<'PY'
import email, email.policy, re, sys
mail = email.message_from_binary_file(open(sys.argv[1], "rb"), policy=email.policy.default)
enclosed, page = mail.iter_attachments()
inner = enclosed.get_content()
assert inner["Subject"].endswith(sys.argv[2]), inner["Subject"]
for kind in ("plain", "html"):
    assert sys.argv[3] in inner.get_body((kind,)).get_content(), kind
html = page.get_content()
assert page.get_filename().endswith(".html")
assert "<h1>" + sys.argv[2] in html and sys.argv[3] in html
assert not re.search(r'src="?http|<link|<script', html)
assert sys.argv[2] in mail["Subject"], mail["Subject"]
PY
}

# Holds I1.
@test "an approver opens the link of the mail, says yes, and what was shown is public; the link is none then" {
    serve_configure
    approval_is required
    BODY="Første udgave af teksten." release_write a.md "id: a" "title: Overskrift"
    everything 2026-06-10T08:01:00Z
    first=$(asked chef@nordhav.example)
    encloses "$first" Overskrift "Første udgave"
    path=$(preview_of "$first")
    PRESSROOM_NOW=2026-06-10T08:02:00Z serve_start
    get "$path" | none "Første udgave"
    get "$path" -X POST | grep -q "Første udgave"
    nothing_public_of Overskrift
    # The text is another: the old link is none, and a yes to the old mail is answered with the newest.
    to=$(reply_address chef@nordhav.example)
    BODY="Anden udgave af teksten." release_write a.md "id: a" "title: Overskrift"
    at 2026-06-10T08:05:00Z run
    at 2026-06-10T08:05:30Z deliver
    mail "$to" chef@nordhav.example "JA" "Subject: Re: Skal godkendes"
    at 2026-06-10T08:06:00Z collect
    everything 2026-06-10T08:07:00Z
    get "$path" -X POST | none "Første udgave"
    status_is 410
    again=$(asked chef@nordhav.example)
    grep -q "ældre udgave\|=C3=A6ldre" "$again"
    encloses "$again" Overskrift "Anden udgave"
    path=$(preview_of "$again")
    get "$path" -X POST | grep -q "Anden udgave"
    nothing_public_of Overskrift
    answer chef@nordhav.example "JA"
    at 2026-06-10T08:08:00Z collect
    everything 2026-06-10T08:09:00Z
    is_public
    grep -q "Anden udgave" "$ROOM/public/releases/2026/overskrift/text.txt"
    get "$path" -X POST | none "Anden udgave"
    status_is 410
    # What is public is changed: the mail shows the new title, public/ the old one.
    release_write a.md "id: a" "title: Bedre overskrift" "correction: Overskriften var forkert."
    everything 2026-06-10T08:20:00Z
    encloses "$(asked chef@nordhav.example)" "Bedre overskrift" "Overskriften var forkert"
    nothing_public_of "Bedre overskrift"
    answer chef@nordhav.example "JA"
    at 2026-06-10T08:21:00Z collect
    everything 2026-06-10T08:22:00Z
    grep -q "Bedre overskrift" "$ROOM/public/releases/2026/overskrift/text.txt"
}

# Holds I4.
@test "killed at any point of asking and answering, there is one question and one effect" {
    approval_is required
    release_write a.md "id: a" "title: Overskrift"
    for point in approval-asked approval-queued; do
        PRESSROOM_FAULT=$point run -137 pr run
    done
    everything 2026-06-10T08:05:00Z
    [ "$(mails '^To: chef@nordhav.example' | xargs grep -l '^Subject: Skal godkendes' | wc -l)" -eq 1 ]
    answer chef@nordhav.example "JA"
    PRESSROOM_FAULT=approval-given run -137 pr collect
    [ "$(approvals)" -eq 0 ]
    at 2026-06-10T08:06:00Z collect
    [ "$(approvals)" -eq 1 ]
    everything 2026-06-10T08:07:00Z
    everything 2026-06-10T08:08:00Z
    is_public
    [ "$(mails '^To: chef@nordhav.example' | xargs grep -l '^Subject: Godkendt' | wc -l)" -eq 1 ]
}

# Holds I1.
@test "without approval again what was awaited is free, and required without an approver is refused" {
    approval_is required
    release_write a.md "id: a" "title: Overskrift"
    at 2026-06-10T08:01:00Z run
    run ! is_public
    approval_is none
    at 2026-06-10T08:02:00Z run
    is_public
    approval_is required
    sed -i '/approvers:/d' "$ROOM/newsroom.yaml"
    run -2 --separate-stderr pr run
    [[ $stderr == *"has nobody to ask"* ]]
}
