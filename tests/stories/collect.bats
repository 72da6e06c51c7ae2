#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The way back: people confirm, leave and join by mail alone; bounces end what is dead; a mailbox loses what was
# understood and nothing else. Maildir, mbox, and IMAP and POP3 over verified TLS from Dovecot.

bats_require_minimum_version 1.5.0
load newsroom
load dovecot
load mailbox

setup() {
    INBOX=$BATS_TEST_TMPDIR/inbox
    mkdir -p "$INBOX"/{new,cur,tmp}
    newsroom_make
    inbox_is "maildir:$INBOX"
    COUNT=0
}

teardown() {
    dovecot_stop
}

# reply_address ADDRESS: where the newest confirmation mail to ADDRESS wants its answer
reply_address() {
    mails "^To: $1" | xargs grep -h '^Reply-To:' | tail -1 | sed 's/^Reply-To: *//'
}

# leave_address ADDRESS: the mailto of List-Unsubscribe in a release mailed to ADDRESS
leave_address() {
    mails "^To: $1" | xargs grep -h -A3 '^List-Unsubscribe:' | grep -o 'mailto:[^?>]*' | head -1 | sed 's/^mailto://'
}

state_of() {
    pr subscriber show "$1" --json | json 'd["state"]'
}

# Each command's clock starts at the same instant: what one queued is due for the next a little later.
deliver() {
    at 2026-06-10T08:01:00Z deliver
}

collected() {
    pr collect --json | json "d['collect']['$1']"
}

@test "join, confirm, get a release and leave, by mail alone" {
    mail svar+subscribe@nordhav.example maja@avisen.example "" "Subject: Tilmeld"
    [ "$(collected asked)" -eq 1 ]
    [ "$(inbox_count)" -eq 0 ]
    [ "$(state_of maja@avisen.example)" = pending ]
    deliver
    mail "$(reply_address maja@avisen.example)" maja@avisen.example "JA

Den 10. juni 2026 skrev Region Nordhav Presse <presse@nordhav.example>:
> Svar JA på denne mail" "Subject: Re: Bekræft"
    [ "$(collected confirmed)" -eq 1 ]
    [ "$(state_of maja@avisen.example)" = confirmed ]
    pr subscriber show maja@avisen.example --json |
        json '[e for e in d["events"] if e["way"]=="mail" and "wrote \"JA\"" in (e["evidence"] or "") and "Region Nordhav" in (e["wording"] or "")] and 1' | grep -qx 1
    release_write a.md "id: a" "title: Overskrift"
    at 2026-06-10T08:02:00Z run
    # the page says where to write, and that nobody reads it
    grep -q 'maskine.*href="mailto:svar+subscribe@nordhav.example"' "$ROOM/public/feeds/index.html"
    mail "$(leave_address maja@avisen.example)" maja@avisen.example "Jeg bliver gerne, JA"
    [ "$(collected unsubscribed)" -eq 1 ]
    [ "$(state_of maja@avisen.example)" = unsubscribed ]
    local before
    before=$(mail_count)
    release_write b.md "id: b" "title: Den næste"
    at 2026-06-10T09:00:00Z run
    [ "$(mail_count)" -eq "$before" ]
}

# mail_text ADDRESS: the plain text of the newest confirmation mail to ADDRESS
mail_text() {
    python3 -c 'import email, email.policy, sys
print(email.message_from_binary_file(open(sys.argv[1], "rb"), policy=email.policy.default).get_body(("plain",)).get_content())' \
        "$(mails "^To: $1" | tail -1)"
}

# flat_reply STYLE ADDRESS [FROM]: the newest confirmation mail to ADDRESS, answered with a yes as that program writes it,
# to an address that no longer says what it is about
flat_reply() {
    COUNT=$((COUNT + 1))
    "$PYTHON" - "$(mails "^To: $2" | tail -1)" "$1" "${3:-$2}" "$COUNT" >"$INBOX/new/$COUNT.test" <<'PY'
import email, email.policy, html, re, sys, urllib.parse
path, style, sender, number = sys.argv[1:]
ours = email.message_from_binary_file(open(path, "rb"), policy=email.policy.default)
text, markup = (ours.get_body((kind,)).get_content() for kind in ("plain", "html"))
body = re.sub(r"(?s).*<body[^>]*>|</body>.*", "", markup)
quoted = "".join(f"> {line}\n" for line in text.splitlines())
relay = "<0102018f0a1b@relay.example>"  # a name that a relay gave the mail on its way out
subject = f"SV: {ours['Subject']}"
head = f"Fra: Region Nordhav Presse <presse@nordhav.example>\nSendt: 10. juni 2026 10:01\nTil: dig\nEmne: {ours['Subject']}"
head_html = html.escape(head).replace("\n", "<br>")
answered, automatic, answer = "", "", email.message.EmailMessage(policy=email.policy.default.clone(cte_type="8bit"))
if style == "outlook":  # names the mail answered; quotes without marks
    answered = ours["Message-ID"]
    answer.set_content(f"JA\n\n{head}\n\n{text}")
    answer.add_alternative(f"<p>JA</p><div><p>{head_html}</p></div>{body}", subtype="html")
elif style == "gmail":  # behind a relay that renames
    answered = relay
    answer.set_content(f"JA\n\nDen ons. 10. jun. 2026 kl. 10.01 skrev Region Nordhav Presse <\npresse@nordhav.example>:\n\n{quoted}")
elif style == "apple":  # the same, and the line that says who wrote is quoted too
    answered = relay
    answer.set_content(f"JA\n\n> Den 10. jun. 2026 kl. 10.01 skrev Region Nordhav Presse <presse@nordhav.example>:\n> \n{quoted}")
elif style == "exchange":  # HTML alone, with links that are checked when they are followed
    answered = relay
    safe = re.sub(r'href="(https?:[^"]*)"', lambda m: 'href="https://eur01.safelinks.protection.outlook.com/?url=' + urllib.parse.quote(m[1], "") + '&amp;data=05"', body)
    answer.set_content(f"<p>JA</p><hr><div><p>{head_html}</p></div>{safe}", subtype="html")
elif style == "old":  # to a mail of an earlier version, whose subject had a token
    subject = f"SV: Bekræft [confirm-{re.search(r'confirm-([a-z2-7]+)', ours['Reply-To'])[1]}]"
    answer.set_content("JA\n")
elif style == "vacation":
    answered, automatic = ours["Message-ID"], "auto-replied"
    answer.set_content(f"JA\n\n{quoted}")
elif style == "silent":  # an autoresponder that says nothing of itself
    answered = ours["Message-ID"]
    answer.set_content(f"Jeg er ude af kontoret.\n\n{quoted}")
elif style == "forward":
    subject = f"Fwd: {ours['Subject']}"
    answer.set_content(f"Er det noget for jer?\n\n---------- Forwarded message ---------\n{text}")
for name, value in (("From", sender), ("To", "presse@nordhav.example"), ("Subject", subject), ("In-Reply-To", answered), ("References", answered),
                    ("Message-ID", f"<{number}@{sender.split('@')[1]}>"), ("Auto-Submitted", automatic)):
    if value:
        answer[name] = str(value)
sys.stdout.buffer.write(answer.as_bytes())
PY
}

@test "a yes is known where the address was flattened: by the message answered, or the link or address quoted" {
    local style
    for style in outlook gmail apple exchange old; do
        pr subscriber add "$style@avisen.example"
        deliver
        [ "$(mails "^To: $style@" | xargs sed -n '/^Subject:/,/^Date:/p' | grep -c 'confirm-')" -eq 0 ]
        flat_reply "$style" "$style@avisen.example"
        run -0 --separate-stderr pr collect --json
        echo "$style: $output" "$stderr"
        [ "$(json 'd["collect"]["confirmed"]' <<<"$output")" -eq 1 ]
        [ "$(state_of "$style@avisen.example")" = confirmed ]
        [ "$(inbox_count)" -eq 0 ]
    done
    # without an endpoint the mail shows its reply address
    sed -i 's|^site:|site:\n  endpoint: none|' "$ROOM/newsroom.yaml"
    for style in gmail apple; do
        pr subscriber add "uden-$style@avisen.example"
        deliver
        flat_reply "$style" "uden-$style@avisen.example"
        [ "$(collected confirmed)" -eq 1 ]
        [ "$(state_of "uden-$style@avisen.example")" = confirmed ]
    done
}

@test "where the address was flattened, nobody else's yes counts, no automatic answer, and no other request" {
    local style
    pr subscriber add desk@avisen.example
    deliver
    for style in outlook gmail apple exchange old; do
        flat_reply "$style" desk@avisen.example kollega@avisen.example
    done
    flat_reply silent desk@avisen.example
    flat_reply forward desk@avisen.example
    flat_reply vacation desk@avisen.example
    run -0 --separate-stderr pr collect --json
    echo "$output" "$stderr"
    [ "$(json 'd["collect"]["confirmed"], d["collect"]["left"], d["collect"]["automatic"]' <<<"$output")" = "(0, 7, 1)" ]
    [[ $stderr != *desk@* ]]
    [ "$(state_of desk@avisen.example)" = pending ]
    [ "$(inbox_count)" -eq 8 ]
    # of two requests the one answered
    pr subscriber add maja@avisen.example --feed pressemeddelelser
    deliver
    flat_reply outlook maja@avisen.example
    pr subscriber add maja@avisen.example --feed press-releases
    [ "$(collected confirmed)" -eq 1 ]
    run -0 pr subscriber show maja@avisen.example --json
    [ "$(json 'sorted((s["feed"], s["state"]) for s in d["subscriptions"])' <<<"$output")" = \
        '[["press-releases", "pending"], ["pressemeddelelser", "active"]]' ]
    # too late: it asks for a new mail, and confirms nothing
    pr subscriber add sen@avisen.example
    deliver
    flat_reply outlook sen@avisen.example
    run -0 --separate-stderr at 2026-06-20T08:00:00Z collect --json
    [ "$(json 'd["collect"]["confirmed"], d["collect"]["asked"]' <<<"$output")" = "(0, 1)" ]
    [ "$(state_of sen@avisen.example)" != confirmed ]
}

@test "a no below what is quoted without marks confirms nothing; the mail itself, quoted so, is no text of one's own" {
    local quoted to rule=________________________________
    pr subscriber add desk@avisen.example
    deliver
    to=$(reply_address desk@avisen.example)
    quoted=$(mail_text desk@avisen.example)
    mail "$to" desk@avisen.example "Den 10. juni 2026 kl. 10.12 skrev Presse <presse@nordhav.example>:

$quoted

NEJ TAK, jeg har ikke bedt om noget."
    mail "$to" desk@avisen.example "Fra: Presse
Sendt: 10. juni 2026 10:12
Til: desk
Emne: Bekræft

$quoted
Lad mig være i fred"
    mail "$to" desk@avisen.example "$rule
Jeg vil ikke have mails fra jer!"
    mail "$to" desk@avisen.example "From: me
To: you
No, never!"
    mail "$to" desk@avisen.example "-- 
Jeg er på ferie til 1. juli."
    mail "$to" desk@avisen.example "Sent from my phone I say no thanks"
    mail "$to" desk@avisen.example "JA
nej, alligevel ikke"
    [ "$(collected left)" -eq 7 ]
    [ "$(state_of desk@avisen.example)" = pending ]
    mail "$to" desk@avisen.example "Sendt fra min iPhone

Den 10. juni 2026 kl. 10.12 skrev Presse <presse@nordhav.example>:

$quoted"
    [ "$(collected confirmed)" -eq 1 ]
    [ "$(state_of desk@avisen.example)" = confirmed ]
}

@test "autoresponders and \"I never asked for this\" confirm nothing; a person's mail stays" {
    pr subscriber add desk@avisen.example
    deliver
    local to
    to=$(reply_address desk@avisen.example)
    mail "$to" desk@avisen.example "JA" "Auto-Submitted: auto-replied"
    mail "$to" desk@avisen.example "JA" "Precedence: auto_reply"
    mail "$to" desk@avisen.example "Tak for din mail" "Subject: Automatisk svar: Bekræft"
    mail "$to" desk@avisen.example "I never asked for this"
    mail presse@nordhav.example desk@avisen.example "Kan vi få et interview?"
    run -0 --separate-stderr pr collect --json
    echo "$output"
    [ "$(json 'd["collect"]["automatic"], d["collect"]["left"]' <<<"$output")" = "(3, 2)" ]
    [ "$(state_of desk@avisen.example)" = pending ]
    [ "$(inbox_count)" -eq 2 ]
    [ "$(collected left)" -eq 2 ]
    [ "$(inbox_count)" -eq 2 ]
}

@test "mails of our own that come back, and loops, cause nothing" {
    subscriber_add desk@avisen.example
    pr subscriber add maja@avisen.example
    release_write a.md "id: a" "title: Overskrift"
    pr run
    deliver
    local file to before
    to=$(reply_address maja@avisen.example)
    before=$(mail_count)
    # a mailbox that sends on all it gets, to whom it came from
    for file in $(mails); do
        for address in "$to" svar+subscribe@nordhav.example presse@nordhav.example; do
            COUNT=$((COUNT + 1))
            { printf 'Delivered-To: %s\n' "$address"; sed 's/\r$//' "$file"; } >"$INBOX/new/$COUNT.own"
        done
    done
    mail svar+subscribe@nordhav.example svar+subscribe@nordhav.example ""
    mail "$to" "$to" "JA"
    mail svar+subscribe@nordhav.example mailer-daemon@avisen.example ""
    run -0 --separate-stderr pr collect --json
    echo "$output"
    [ "$(json 'd["collect"]["confirmed"], d["collect"]["asked"], d["collect"]["unsubscribed"]' <<<"$output")" = "(0, 0, 0)" ]
    at 2026-06-10T08:30:00Z deliver
    [ "$(mail_count)" -eq "$before" ]
    [ "$(state_of maja@avisen.example)" = pending ]
}

@test "who asks again and again by mail is answered four times an hour and ten times a day" {
    local at number=0
    for at in 08:00 09:10 10:20 11:30 12:40; do
        number=$((number + 1))
        for i in 1 2 3 4 5; do mail svar+subscribe@nordhav.example maja@avisen.example "" "Subject: Tilmeld"; done
        at "2026-06-10T$at:00Z" collect
        at "2026-06-10T$at:30Z" deliver
        case $number in
        1) [ "$(mail_count '^To: maja@avisen.example')" -eq 4 ] ;;
        2) [ "$(mail_count '^To: maja@avisen.example')" -eq 8 ] ;;
        *) [ "$(mail_count '^To: maja@avisen.example')" -eq 10 ] ;;
        esac
        [ "$(inbox_count)" -eq 0 ]
    done
    mail svar+subscribe@nordhav.example m.a.j.a+nyt@avisen.example "" "Subject: Tilmeld"
    at 2026-06-10T20:00:00Z collect
    at 2026-06-10T20:02:00Z deliver
    [ "$(mail_count '^To: m.a.j.a')" -eq 0 ] # dots and +tags make no other address of it
}

# come_back INSTANT PATTERN: the newest mail with PATTERN comes back as to an unknown address, and a run sees to it
come_back() {
    local path
    path=$(mails "$2" | tail -1 | xargs sed -n 's/^Return-Path: <\(.*\)>/\1/p')
    mail "$path" MAILER-DAEMON@avisen.example "<ukendt@avisen.example>: 550 5.1.1 User unknown" \
        "Subject: Undelivered Mail Returned to Sender"
    at "$1" run
}

@test "bounces count in the books; those of two days send a probe, and only its bounce ends the subscription; run collects too" {
    subscriber_add ukendt@avisen.example
    release_write a.md "id: a" "title: Overskrift"
    pr run
    come_back 2026-06-10T10:00:00Z '^Subject: Overskrift'
    [ "$(state_of ukendt@avisen.example)" = confirmed ]
    [ "$(pr status --json | json 'd["mailings"][0]["sent"], d["mailings"][0]["bounced"]')" = "(1, 1)" ]
    run at 2026-06-10T10:01:00Z subscriber show ukendt@avisen.example
    [[ $output == *"Standing: 1 point; at 2 within 30 days a mail asks"* ]]
    [[ $output == *"unknown address: "*"5.1.1, mailing 1"* ]]
    release_write b.md "id: b" "title: En anden"
    at 2026-06-11T08:00:00Z run
    come_back 2026-06-11T10:00:00Z '^Subject: En anden'
    at 2026-06-11T10:01:00Z run
    [ "$(mail_count '^Subject: .*mails_fra_Region_Nordhav')" -eq 1 ]
    run at 2026-06-11T10:02:00Z subscriber show ukendt@avisen.example
    [[ $output == *"Standing: 2 points; a mail has asked since 2026-06-11"* ]]
    [ "$(at 2026-06-11T10:02:00Z subscriber show ukendt@avisen.example --json |
        json 'd["standing"]["points"], d["standing"]["probe_since"][:10]')" = "(2.0, '2026-06-11')" ]
    come_back 2026-06-11T12:00:00Z '^Subject: .*mails_fra_Region_Nordhav'
    [ "$(state_of ukendt@avisen.example)" = bounced ]
    [ "$(inbox_count)" -eq 0 ]
    books_balance
}

@test "a message that kills its reader stays, is told once, and the others are read; so are those that nest without end" {
    local bad=unread.test
    mail svar+subscribe@nordhav.example a@avisen.example "" "Subject: Tilmeld"
    mail svar+subscribe@nordhav.example b@avisen.example "MARKER-9" "Subject: Tilmeld"
    mv "$INBOX/new/2.test" "$INBOX/new/$bad"
    mail svar+subscribe@nordhav.example c@avisen.example "" "Subject: Tilmeld"
    "$PYTHON" - "$INBOX/new" <<'PY'
import sys
head = "To: svar@nordhav.example\nFrom: d@avisen.example\n"
for name, rest in {"comments": "Cc: " + "(" * 200_000 + "\n\nhej\n",
                   "messages": "Content-Type: message/rfc822\n\n" * 100_000 + "hej\n",
                   "parts": "".join(f"Content-Type: multipart/mixed; boundary=b{i}\n\n--b{i}\n" for i in range(5_000))}.items():
    with open(f"{sys.argv[1]}/{name}.test", "w") as file:
        file.write(head + rest)
PY
    run --separate-stderr env PRESSROOM_CONFINED_FAULT=message:crash:MARKER-9 "$PRESSROOM_PROGRAM" -C "$ROOM" collect --json
    [ "$status" -eq 0 ]
    grep -q "message .*unread.* was left unread: its reader died of it (SIG" <<<"$stderr"
    [ "$(json "d['collect']['unreadable']" <<<"$output")" -eq 1 ]
    [ "$(json "d['collect']['asked']" <<<"$output")" -eq 2 ]
    [ "$(json "d['collect']['left']" <<<"$output")" -eq 4 ]
    [ -e "$INBOX/new/$bad" ]
    [ "$(state_of a@avisen.example)" = pending ]
    [ "$(state_of c@avisen.example)" = pending ]
    # passed over from now on, without a word
    run --separate-stderr env PRESSROOM_CONFINED_FAULT=message:crash:MARKER-9 "$PRESSROOM_PROGRAM" -C "$ROOM" collect --json
    [ "$status" -eq 0 ]
    ! grep -q "left unread" <<<"$stderr"
    [ "$(json "d['collect']['left']" <<<"$output")" -eq 4 ]
}

@test "a message that may not be read stays, one line tells it, and the others are read" {
    mail svar+subscribe@nordhav.example a@avisen.example "" "Subject: Tilmeld"
    mail svar+subscribe@nordhav.example b@avisen.example "" "Subject: Tilmeld"
    mail svar+subscribe@nordhav.example c@avisen.example "" "Subject: Tilmeld"
    chmod 0 "$INBOX"/new/[12].test
    # root may read anything, but for this
    run --separate-stderr setpriv --bounding-set=-dac_override,-dac_read_search "$PRESSROOM_PROGRAM" -C "$ROOM" collect --json
    echo "$output" "$stderr"
    [ "$status" -eq 1 ]
    [ "$(wc -l <<<"$stderr")" -eq 1 ]
    [[ $stderr == *"new/1.test: Permission denied (and 1 more); what pressroom may not read stays there"* ]]
    [ "$(json "d['collect']['asked']" <<<"$output")" -eq 1 ]
    [ "$(state_of c@avisen.example)" = pending ]
    [ "$(inbox_count)" -eq 2 ]
    chmod 600 "$INBOX"/new/[12].test
    [ "$(collected asked)" -eq 2 ]
}

# Holds I9.
@test "killed between effect and removal: the effect is there once" {
    subscriber_add maja@avisen.example
    release_write a.md "id: a" "title: Overskrift"
    pr run
    mail "$(leave_address maja@avisen.example)" maja@avisen.example ""
    PRESSROOM_FAULT=inbound_recorded run pr collect
    [ "$status" -ne 0 ]
    [ "$(state_of maja@avisen.example)" = unsubscribed ]
    [ "$(inbox_count)" -eq 1 ]
    [ "$(collected unsubscribed)" -eq 0 ]
    [ "$(inbox_count)" -eq 0 ]
    [ "$(pr subscriber show maja@avisen.example --json | json 'sum(e["event"]=="unsubscribed" for e in d["events"])')" -eq 1 ]
}

@test "an mbox is read, remembered and never changed" {
    pr subscriber add maja@avisen.example
    deliver
    local box=$BATS_TEST_TMPDIR/box
    {
        echo "From maja@avisen.example Wed Jun 10 10:00:00 2026"
        printf 'From: maja@avisen.example\nTo: %s\n\nJA\n\n' "$(reply_address maja@avisen.example)"
        echo "From lone@avisen.example Wed Jun 10 11:00:00 2026"
        printf 'From: lone@avisen.example\nTo: presse@nordhav.example\n\nHej\n'
    } >"$box"
    cp "$box" "$box.before"
    inbox_is "mbox:$box"
    run -0 --separate-stderr pr collect --json
    [ "$(json 'd["collect"]["confirmed"], d["collect"]["left"]' <<<"$output")" = "(1, 1)" ]
    [ "$(state_of maja@avisen.example)" = confirmed ]
    [ "$(collected confirmed)" -eq 0 ]
    cmp "$box" "$box.before"
}

@test "no inbox configured: collect says so, run does without" {
    sed -i '/^  inbox/d' "$ROOM/newsroom.yaml"
    run -2 pr collect
    [[ $output == *mail.inbox* ]]
    pr run
    # what comes to it is read by a person
    grep -q 'Skriv til os.*href="mailto:svar@nordhav.example"' "$ROOM/public/feeds/index.html"
    ! grep -q maskine "$ROOM/public/feeds/index.html"
}

# The same three messages through a server: one to confirm, one to leave alone, one larger than what is read
story_through_server() {
    pr subscriber add maja@avisen.example
    deliver
    mail "$(reply_address maja@avisen.example)" maja@avisen.example "ja"
    mail presse@nordhav.example lone@avisen.example "Hej"
    mail presse@nordhav.example stor@avisen.example "$(head -c 700000 /dev/zero | tr '\0' x | fold -w 70)"
    run -0 --separate-stderr pr collect --json
    echo "$output" "$stderr"
    [ "$(json 'd["collect"]["confirmed"], d["collect"]["left"]' <<<"$output")" = "(1, 2)" ]
    [ "$(state_of maja@avisen.example)" = confirmed ]
    [ "$(inbox_count)" -eq 2 ]
    grep -rlq '^Hej' "$INBOX"/new "$INBOX"/cur
    run -0 --separate-stderr pr collect --json
    [ "$(json 'd["collect"]["confirmed"], d["collect"]["left"]' <<<"$output")" = "(0, 2)" ]
}

@test "IMAP over TLS: understood messages go, the others stay unread" {
    dovecot_start "IP:127.0.0.1,DNS:localhost"
    inbox_is "imaps://presse@localhost:$IMAP_PORT/INBOX"
    story_through_server
    # never marked as seen
    [ "$(find "$INBOX/cur" -name '*:2,*S*' | wc -l)" -eq 0 ]
}

@test "POP3 over TLS: the same" {
    dovecot_start "IP:127.0.0.1,DNS:localhost"
    inbox_is "pop3s://presse@localhost:$POP3_PORT"
    story_through_server
}

@test "IMAP without UIDPLUS: what is done is marked, and what a person marked stays" {
    dovecot_start "DNS:localhost" "imap_capability = IMAP4rev1 SASL-IR ID IDLE LITERAL+"
    inbox_is "imaps://presse@localhost:$IMAP_PORT/INBOX"
    pr subscriber add maja@avisen.example
    deliver
    mail presse@nordhav.example lone@avisen.example "Til papirkurven"
    mv "$INBOX/new/1.test" "$INBOX/cur/1.test:2,T"
    mail "$(reply_address maja@avisen.example)" maja@avisen.example "ja"
    mail presse@nordhav.example lone@avisen.example "Hej"
    [ "$(collected confirmed)" -eq 1 ]
    [ "$(state_of maja@avisen.example)" = confirmed ]
    [ "$(inbox_count)" -eq 3 ]
    [ "$(find "$INBOX/cur" -name '2.test:2,*T*' | wc -l)" -eq 1 ]
    [ "$(find "$INBOX" -name '3.test*T*' -o -name '3.test*S*' | wc -l)" -eq 0 ]
    run -0 --separate-stderr pr collect --json
    [ "$(json 'd["collect"]["confirmed"], d["collect"]["repeated"]' <<<"$output")" = "(0, 0)" ]
    [ "$(pr subscriber show maja@avisen.example --json | json 'sum(e["event"]=="confirmed" for e in d["events"])')" -eq 1 ]
}

# Holds I9.
@test "IMAP and POP3: a message is removed only when what it caused is durable" {
    dovecot_start "DNS:localhost"
    local url
    for url in "imaps://presse@localhost:$IMAP_PORT/INBOX" "pop3s://presse@localhost:$POP3_PORT"; do
        inbox_is "$url"
        local address=maja$COUNT@avisen.example
        subscriber_add "$address"
        BODY="Nyt nummer $COUNT om noget helt andet end i går, $COUNT." release_write "r$COUNT.md" "title: Overskrift $COUNT" "id: r$COUNT"
        pr run
        mail "$(leave_address "$address")" "$address" ""
        PRESSROOM_FAULT=inbound_recorded run pr collect
        [ "$status" -ne 0 ]
        [ "$(state_of "$address")" = unsubscribed ]
        [ "$(inbox_count)" -eq 1 ]
        [ "$(collected unsubscribed)" -eq 0 ]
        [ "$(inbox_count)" -eq 0 ]
        [ "$(pr subscriber show "$address" --json | json 'sum(e["event"]=="unsubscribed" for e in d["events"])')" -eq 1 ]
    done
}

@test "a certificate of another name, an expired one, or of an authority unknown, is refused; so is a wrong password" {
    local names days
    for names in DNS:andet.example DNS:localhost; do
        days=2
        [ "$names" != DNS:localhost ] || days=-1
        dovecot_start "$names" "" "$days"
        mail presse@nordhav.example lone@avisen.example "Hej"
        for url in "imaps://presse@localhost:$IMAP_PORT/INBOX" "pop3s://presse@localhost:$POP3_PORT"; do
            inbox_is "$url"
            run -2 pr -q collect
            echo "$output"
            [ "${#lines[@]}" -eq 1 ]
            [[ $output == *mail.inbox:\ localhost:* ]]
            [ "$(inbox_count)" -eq 1 ]
        done
        dovecot_stop
    done
    dovecot_start "DNS:localhost"
    inbox_is "imaps://presse@localhost:$IMAP_PORT/INBOX"
    SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt run -2 pr collect
    echo "$output"
    [[ $output == *mail.inbox:\ localhost:* ]]
    echo forkert >"$ROOM/state/inbox.password"
    run -2 pr collect
    echo "$output"
    [[ $output == *password* ]]
    [[ $output != *forkert* ]]
    inbox_is "pop3s://presse@localhost:$POP3_PORT"
    echo forkert >"$ROOM/state/inbox.password"
    run -2 pr collect
    [[ $output == *password* ]]
    dovecot_stop
    run -1 pr collect
    [[ $output == *localhost* ]]
}
