#!/bin/bash
# SPDX-License-Identifier: MIT
# Makes a newsroom whose press office gets every kind of mail that it may get, and takes them apart:
#   receipts.sh PROGRAM DIR LANGUAGE     → DIR/html/NUMBER-SUBJECT.html, DIR/text/NUMBER-SUBJECT.txt
# Titles and names of files are as long as people make them.
set -euo pipefail
program=$1 folder=$2 language=$3
room=$folder/room mail=$folder/mail inbox=$folder/inbox
mkdir -p "$folder/html" "$folder/text" "$inbox"/{new,cur,tmp}
count=0

case $language in
da) drafts=Kladder planned=Planlagt withdrawn="Trukket tilbage" ;;
en) drafts=Drafts planned=Scheduled withdrawn=Withdrawn ;;
esac
long="Regionsrådet godkender budgettet for akutberedskabet i Lillesund, Storesund og Vesterhavn, og sundhedsplatformsimplementeringsprojektet fortsætter"
file=Pressemeddelelse_budget_akutberedskab_Lillesund_Storesund_Vesterhavn_ENDELIG_v7_rettet_af_Ida_sidste_version.md

# at TIME WORD…: pressroom with that time; what a run queues is due a moment behind it
at() {
    local now=2026-06-$1
    shift
    PRESSROOM_NOW="${now}Z" "$program" -q -C "$room" "$@" || true
}

round() {
    at "$1:00" run
    at "$1:30" deliver
}

# release PATH LINE…
release() {
    local path=$room/releases/$1
    shift
    mkdir -p "$(dirname "$path")"
    {
        echo ---
        printf '%s\n' "$@"
        printf '%s\n' --- "${BODY:-Region Nordhav åbner et nyt sundhedshus i Lillesund til sommer. Det bliver det tredje i regionen.}"
    } >"$path"
}

# reply SUBJECT FROM WORDS: to the newest mail to FROM whose subject begins with one of the words of the pattern
reply() {
    local to
    to=$(/usr/bin/python3 - "$mail" "$1" "$2" <<'PY'
import email, email.policy, pathlib, re, sys
for path in sorted(pathlib.Path(sys.argv[1]).glob("new/*"), key=lambda path: path.stat().st_mtime_ns, reverse=True):
    message = email.message_from_binary_file(path.open("rb"), policy=email.policy.default)
    if re.match(sys.argv[2], message["Subject"]) and message["To"] == sys.argv[3]:
        print(message["Reply-To"])
        break
PY
    )
    count=$((count + 1))
    printf 'Return-Path: <%s>\nFrom: %s\nTo: %s\nSubject: Re\nMessage-ID: <%s@nordhav.example>\n\n%s\n' "$2" "$2" "$to" "$count" "$3" >"$inbox/new/$count"
}

configure() { # APPROVAL
    cat >"$room/newsroom.yaml" <<YAML
publisher: {name: Region Nordhav, address: "Havnegade 1, 9999 Vesterhavn", privacy: "https://presse.nordhav.example/privatliv"}
site: {url: "https://presse.nordhav.example/", language: $language, timezone: Europe/Copenhagen}
mail:
  from: "Region Nordhav Presse <presse@nordhav.example>"
  smtp: maildir:$mail
  inbox: maildir:$inbox
  replies: svar@nordhav.example
announce: {delay: 15m, max_new: 3}
intake: {settle: 0s, approval: $1}
status: web
receipts:
  to: [vagt@nordhav.example]
  approvers: [chef@nordhav.example]
  operator: [drift@nordhav.example]
YAML
}

PRESSROOM_NOW=2026-06-10T06:00:00Z "$program" -q init "$room" --name "Region Nordhav" --url https://presse.nordhav.example/ \
    --from "Region Nordhav Presse <presse@nordhav.example>" --language "$language"
rm -rf "$room"/topics "$room"/releases/*/*
configure none
for number in 1 2 3; do
    at 10T06:00:00 subscriber add "laeser$number@avis$number.example" --confirmed --evidence blanket >/dev/null
done

# a draft with its other language, changed, and moved to wait for its time
release "$drafts/$file" "title: \"$long\"" "type: pressemeddelelse"
other=en
[ "$language" = da ] || other=da
release "$drafts/${file%.md}.$other.md" "title: The budget is approved"
round 10T08:00
BODY="Tirsdag den 10. juni åbner huset. ### Kontakt" release "$drafts/$file" "title: \"$long\"" "type: pressemeddelelse"
round 10T08:01
round 10T08:12
release "$planned/havn.md" "title: Havnen åbner igen"
release "$planned/kaj.md" "title: Kajen åbner igen" "published: 2026-06-12 08:00"
release "embargo.md" "title: Nyt udbud af færgefart"
BODY="EMBARGO: Må ikke offentliggøres før fredag.

Regionen udbyder færgefarten." release "embargo.md" "title: Nyt udbud af færgefart"
release "gammel.md" "title: Gammel havn" "published: 2026-01-10 08:00"
release "forkert_$file" "title: \"$long\"" "topcis: [sundhed]" "kontakt: Ida"
round 10T08:20
BODY="Kajen ved Lillesund åbner igen." release "$planned/kaj.md" "title: Kajen åbner igen" "published: 2026-06-13 08:00"
round 10T08:25

# public, mailed, after an hour and a day, corrected, withdrawn, back again
BODY="Broen over Storesund åbner for cyklister." release "$file" "title: \"$long\"" "id: lang"
round 10T09:00
at 10T09:16:00 run
at 10T09:16:30 deliver
round 10T10:01
BODY="Broen over Storesund åbner for cyklister og gående." release "$file" "title: \"$long\"" "id: lang" "correction: Også gående må bruge broen."
round 10T10:10
round 11T09:01
mv "$room/releases/$file" "$room/releases/$withdrawn/"
round 11T09:30
reply '(Trukket tilbage|Withdrawn)' vagt@nordhav.example "Tallet for cyklister var forkert."
at 11T09:31:00 collect
mv "$room/releases/$withdrawn/$file" "$room/releases/"
round 11T09:35
reply '(Trukket tilbage|Withdrawn)' vagt@nordhav.example "Tallet for cyklister var forkert."
at 11T09:36:00 collect
BODY="Her er en helt ny tekst om skoler." release "skole.md" "title: Nye skoler" "id: skole"
round 11T10:00
reply '(Offentlig|Public): Nye skoler' vagt@nordhav.example STOP
at 11T10:01:00 collect
at 11T10:02:30 deliver
round 11T11:20
reply '(Offentlig|Public): Nye skoler' vagt@nordhav.example STOP
at 11T11:21:00 collect
rm "$room"/releases/*.md

# many at once, and STOP to that
for number in $(seq 25); do
    BODY="Bro nummer $number over sund $number åbner for cyklister fra by $number." release "bro$number.md" "title: Bro nummer $number over Storesund" "id: bro$number"
done
round 11T12:00
reply '(Offentlige|Public): 25' vagt@nordhav.example STOP
at 11T12:01:00 collect
at 11T12:02:30 deliver

# a yes is asked for: reminded, given, given again, by something else
configure required
BODY="Regionen køber nye busser." release "busser.md" "title: Nye busser" "id: busser" "published: 2026-06-13 12:00"
round 11T13:00
BODY="Regionen køber nye elbusser." release "busser.md" "title: Nye busser" "id: busser" "published: 2026-06-13 12:00"
round 11T13:10
round 12T13:20
reply '(Skal godkendes|To be approved)' chef@nordhav.example "Det ser fint ud, men ret overskriften"
at 12T13:21:00 collect
reply '(Skal godkendes|To be approved)' chef@nordhav.example "$([ "$language" = da ] && echo JA || echo YES)"
at 12T13:22:00 collect
reply '(Skal godkendes|To be approved)' chef@nordhav.example "$([ "$language" = da ] && echo JA || echo YES)"
at 12T13:23:00 collect
at 12T13:24:30 deliver

# what operators are told
for machine in full adrift; do
    PRESSROOM_MACHINE=$machine at 12T14:00:00 run
    PRESSROOM_MACHINE=$machine at 12T14:00:30 deliver
done

/usr/bin/python3 - "$folder" <<'PY'
import email, email.policy, pathlib, re, sys
folder = pathlib.Path(sys.argv[1])
number = 0
for path in sorted((folder / "mail/new").iterdir(), key=lambda path: path.stat().st_mtime_ns):
    message = email.message_from_binary_file(path.open("rb"), policy=email.policy.default)
    if not message["To"].endswith("@nordhav.example"):
        continue
    number += 1
    name = f"{number:02}-" + re.sub(r"\W+", "-", message["Subject"])[:60]
    html = message.get_body(("html",)).get_content()
    text = message.get_body(("plain",)).get_content()
    files = "".join(f"[{part.get_filename() or part.get_content_type()}]\n" for part in message.iter_attachments())
    (folder / "html" / f"{name}.html").write_text(html)
    (folder / "text" / f"{name}.txt").write_text(f"Subject: {message['Subject']}\nTo: {message['To']}\n{files}\n{text}")
PY
