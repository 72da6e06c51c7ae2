#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# A newsroom that speaks Swedish, from the dropped file to the mailbox, and the same way in short for the other languages that
# no other story is told in. What people read is compared with the words themselves.
# 8 June 2026 is a Monday; 10:00 in Stockholm is 08:00 UTC.

bats_require_minimum_version 1.5.0
load newsroom
load mailbox
load serve

teardown() {
    serve_stop
    smtp_peer_stop
}

# room_make LANGUAGE: a newsroom as `init` makes it, with a relay, a mailbox and an address filled in
room_make() {
    ROOM=$BATS_TEST_TMPDIR/room
    MAIL=$BATS_TEST_TMPDIR/mail
    INBOX=$BATS_TEST_TMPDIR/inbox
    COUNT=0
    export PRESSROOM_NOW=2026-06-08T08:00:00Z
    mkdir -p "$INBOX"/{new,cur,tmp}
    smtp_peer_start --offer 8BITMIME
    "$PRESSROOM_PROGRAM" init "$ROOM" --name "Region Nordvik" --url https://press.nordvik.example/ \
        --from "Region Nordvik <press@nordvik.example>" --language "$1" >/dev/null
    sed -i -e "s|^publisher:|&\n  address: Hamngatan 1, 999 99 Nordvik|" \
        -e "s|^mail:|&\n  smtp: smtp://127.0.0.1:$SMTP_PORT\n  inbox: maildir:$INBOX|" \
        -e "s|^  delay: 5m|  delay: 0s|" -e "s|^# intake:|intake: {settle: 0s}\n&|" "$ROOM/newsroom.yaml"
}

# drop NAME < TEXT: a file in the drop directory
drop() {
    mkdir -p "$(dirname "$ROOM/releases/$1")"
    cat >"$ROOM/releases/$1"
}

# page NAME: where the release of that name is shown
page() {
    echo "$ROOM/public/releases/2026/$1"
}

# says FILE-or-"-" WORDS…: each of them stands there
says() {
    local text word
    text=$(cat "$1")
    for word in "${@:2}"; do
        if [[ $text != *"$word"* ]]; then
            printf 'not there: %s\nin: %s\n' "$word" "$text"
            return 1
        fi
    done
}

# letters ADDRESS [SUBJECT]: the mails to the address whose subject begins so, by their date: its head as people see it, then
# its words, each paragraph on one line
letters() {
    "$PYTHON" - "$MAIL" "$@" <<'PY'
import email, email.policy, email.utils, pathlib, re, sys
mails = [email.message_from_bytes(file.read_bytes(), policy=email.policy.default) for file in pathlib.Path(sys.argv[1], "new").iterdir()]
mails = [mail for mail in mails if mail["To"] == sys.argv[2] and mail["Subject"].startswith("".join(sys.argv[3:]))]
for mail in sorted(mails, key=lambda mail: email.utils.parsedate_to_datetime(mail["Date"])):
    for name in ("Subject", "Reply-To"):
        print(f"{name}: {mail[name]}")
    text = mail.get_body(("plain",)).get_content().replace("\r", "").replace("\n\n", "\0")
    print(re.sub(r"\s+", " ", text).replace("\0", "\n"))
PY
}

letter_count() {
    letters "$@" | grep -c '^Subject: ' || true
}

# reply_to ADDRESS SUBJECT: where an answer to the last of these mails goes
reply_to() {
    letters "$@" | sed -n 's/^Reply-To: //p' | tail -1
}

state_is() {
    [ "$(state_of "$1")" = "$2" ] || {
        echo "$1 is $(state_of "$1"), not $2"
        return 1
    }
}

# note_is_in LANGUAGE FILE: the note about the file is a note of that language whole. Each line is one of its texts, and each word
# stands in its texts, its words, or the file itself.
note_is_in() {
    "$PYTHON" - "$PRESSROOM_ROOT/templates/languages/$1" "$ROOM/releases/$2" <<'PY'
import pathlib, re, sys
folder, file = map(pathlib.Path, sys.argv[1:])
letters = re.compile(r"[^\W\d_]+")
texts = {}
for line in (folder / "notes.yaml").read_text().splitlines():
    match = re.fullmatch(r'(\w+): "?(.*?)"?', line)
    if match:
        texts[match[1]] = match[2].replace('\\"', '"').replace("\\\\", "\\")
def pattern(text):
    """The text with anything for its placeholders; {{ is a brace."""
    parts = re.split(r"(\{\{|\{\w+\})", text)
    return "".join("(.+?)" if re.fullmatch(r"\{\w+\}", part) else re.escape(part.replace("{{", "{")) for part in parts)
places = [pattern(texts[key]) for key in ("at_line", "at_file", "at_file_line")]
lines = [pattern(line) for key, text in texts.items() if not key.startswith("at_") for line in text.split("\\n")
         if letters.search(re.sub(r"\{\w+\}", "", line))]
note = pathlib.Path(f"{file}.problems.txt").read_text()
known = set(letters.findall((folder / "notes.yaml").read_text().lower() + (folder / "words.yaml").read_text().lower()
                            + file.read_text().lower() + file.name + " pressroom"))
for line in note.splitlines()[1:]:
    said = line.strip()
    for place in places:
        found = re.fullmatch(place, said)
        if found and any(re.fullmatch(text, found[found.lastindex]) for text in lines):
            said = found[found.lastindex]
            break
    assert not said or any(re.fullmatch(text, said) for text in lines), f"no text of {folder.name}: {line}"
strangers = [word for word in letters.findall(note.lower()) if word not in known]
assert not strangers, f"words that are not of {folder.name}: {strangers}"
PY
}

# The release that the Swedish story begins with, with a picture and a document
vardcentral_drop() {
    mkdir -p "$ROOM/releases/vardcentral"
    picture_write vardcentral/entren.png 600 400
    printf '%%PDF-1.4\n%%plan\n%%%%EOF\n' >"$ROOM/releases/vardcentral/plan.pdf"
    drop vardcentral/text.md <<'END'
---
rubrik: Ny vårdcentral öppnar i Lillsund
publicerad: måndag 8 juni 2026 kl. 9.30
ämnen: [hälsa, Lillsund]
ingress: Vårdcentralen blir den tredje i regionen.
kontakter:
  - namn: Eva Lind
    titel: presschef
    telefon: 08-123 456 78
    e-post: eva.lind@nordvik.example
bilder: [{fil: entren.png, alt: Entrén, bildtext: Entrén från gatan., fotograf: Ida Ek}]
dokument: [{fil: plan.pdf, titel: Planen}]
---
Region Nordvik öppnar en ny vårdcentral i Lillsund den 1 september. Den får plats för tolv läkare.
END
}

@test "a dropped release is a Swedish page, a Swedish text, and stands in Swedish feeds and lists" {
    room_make sv
    vardcentral_drop
    pr run
    [ ! -e "$ROOM/releases/vardcentral/text.md.problems.txt" ]
    local folder
    folder=$(page ny-vardcentral-oppnar-i-lillsund)
    says "$folder/index.html" '<html lang="sv"' '<title>Ny vårdcentral öppnar i Lillsund – Region Nordvik</title>' 'content="sv_SE"' \
        '<time datetime="2026-06-08T09:30:00+02:00">8 juni 2026 kl. 09:30</time>' '<a href="tel:+46812345678">08-123 456 78</a>' \
        '>Pressmeddelande</a>' 'Hoppa till innehållet' 'aria-label="Huvudmeny"' '>Presskontakt</a>' '<h2>Om publiceringen</h2>' \
        '<dt>Publicerat</dt>' 'Foto: Ida Ek' 'Ladda ner bilden i full storlek <span class="size">(PNG, ' ' kB, 600 × 400 pixlar)' \
        'Planen <span class="size">(PDF, 21 byte)' '>hälsa</a>' '>Endast text</a>' 'Få nyheterna så snart de publiceras.' 'samlat en gång om dagen'
    says "$folder/text.txt" '8 juni 2026 kl. 09:30 · Region Nordvik · Pressmeddelande' 'Bilder' 'Foto: Ida Ek' 'Dokument' 'Kontakt' \
        'Eva Lind, presschef, 08-123 456 78' 'Läs på webben'
    [ -s "$folder/entren.png" ]
    [ -s "$folder/plan.pdf" ]
    says "$ROOM/public/404.html" '<html lang="sv"' 'Sidan finns inte' 'Prova startsidan – där finns det senaste.'
    says "$ROOM/public/index.html" '<html lang="sv"' '<h1 class="front-title">Nyheter från Region Nordvik</h1>' 'Ny vårdcentral öppnar i Lillsund' '8 juni 2026<'
    says "$ROOM/public/releases/2026/06/index.html" 'Nyheter från juni 2026' '1 nyhet<'
    says "$ROOM/public/media/index.html" 'Bilder och dokument' 'Ange fotografens namn.'
    says "$ROOM/public/contacts/index.html" 'Presskontakt' 'Så når du presskontakterna'
    says "$ROOM/public/feeds/index.html" 'I en nyhetsläsare' 'Välj Atom om du är osäker.'
    # the feeds are those that feeds/sv has
    [ "$(cd "$ROOM/public/feeds" && ls -- *.atom)" = "$(cd "$PRESSROOM_ROOT/feeds/sv" && ls -- *.yaml | sed 's/yaml$/atom/')" ]
    for format in atom rss json; do
        for feed in alla-nyheter pressmeddelanden; do
            says "$ROOM/public/feeds/$feed.$format" 'Ny vårdcentral öppnar i Lillsund' 'sv'
        done
    done
    says "$ROOM/public/feeds/pressmeddelanden.atom" 'xml:lang="sv"' '<title type="text">Pressmeddelanden – Region Nordvik</title>'
    find "$ROOM/public" -type f ! -name '*.gz' -print0 | xargs -0 "$PYTHON" "$BATS_TEST_DIRNAME/other_words.py" "$PRESSROOM_ROOT" sv
}

@test "what is wrong is said in Swedish, all of it, until it is right" {
    room_make sv
    drop skola.md <<'END'
---
rubrik: Skolan byggs om
embago: 9 juni 2026 kl. 16.00
publicerad: 9 jnui
språk: klingonska
status: kanske
kontakter: [{telefon: 08-1, e-post: eva}]
bilder: [{fil: saknas.png}]
---
Skolan i Lillsund byggs om.
END
    drop bad.md <<'END'
---
rubrik: Badet öppnar
---
Embargo till tisdag 9 juni 2026

Badet i Nordvik öppnar på lördag.
END
    run -1 pr run
    says "$ROOM/releases/skola.md.problems.txt" '”skola.md” har inte tagits in. Något måste rättas först:' \
        'rad 3: det finns inget fält ”embago”; menade du ”embargo”?' 'skriv utkast, klart eller tillbakadraget' \
        'Då försöker pressroom automatiskt igen, och den här lappen försvinner.'
    says "$ROOM/releases/bad.md.problems.txt" 'rad 4: ”Embargo till tisdag 9 juni 2026” är ett embargo utan klockslag;'
    note_is_in sv skola.md
    note_is_in sv bad.md
    nothing_public_of skolan badet
    drop skola.md <<'END'
---
rubrik: Skolan byggs om
---
Skolan i Lillsund byggs om.
END
    sed -i 's/juni 2026$/juni 2026 klockan 16/' "$ROOM/releases/bad.md"
    at 2026-06-08T08:10:00Z run
    [ ! -e "$ROOM/releases/skola.md.problems.txt" ]
    [ -s "$(page skolan-byggs-om)/index.html" ]
    says "$ROOM/releases/bad.md.problems.txt" '”bad.md” har tagits in. Observera:' 'väntar till tisdag 9 juni 2026 kl. 16.00'
    note_is_in sv bad.md
    nothing_public_of badet
}

# Holds I1.
@test "an embargo in Swedish words holds until its minute" {
    room_make sv
    subscriber_add anna@tidningen.example
    drop bad.md <<'END'
---
rubrik: Badet öppnar
---
Embargo till 9 juni 2026 kl. 16.00

Hemligheten är att vattnet är varmt.
END
    pr run
    at 2026-06-09T13:59:59Z run
    nothing_public_of badet hemligheten
    [ "$(mail_count)" -eq 0 ]
    at 2026-06-09T14:00:00Z run
    says "$(page badet-oppnar)/index.html" 'Hemligheten är' '9 juni 2026 kl. 16:00'
    run ! grep -q Embargo "$(page badet-oppnar)/index.html"
    [ "$(letter_count anna@tidningen.example 'Badet öppnar')" -eq 1 ]
}

# answered WORDS HEADING…: an answer as Outlook writes it, above what it answers
answered() {
    printf '%s\n\n%s\n' "$1" ________________________________
    printf '%s\n' "${@:2}" ""
    letters anna@tidningen.example | sed 1,2d
}

swedish_answer() {
    answered "$1" "Från: Region Nordvik <press@nordvik.example>" "Skickat: den 8 juni 2026 10:05" "Till: Anna Berg <anna@tidningen.example>" \
        "Ämne: Bekräfta att du vill ha nyheter från Region Nordvik"
}

@test "people sign up, answer and leave in Swedish" {
    local count=0 question='Bekräfta att du vill ha nyheter från Region Nordvik'
    room_make sv
    serve_configure
    pr run >/dev/null
    serve_start
    get /subscribe -d feed=alla-nyheter -d language=sv -d email=bo | says - '<html lang="sv"' 'Vi kan inte läsa mejladressen.'
    for name in anna bo cia; do
        get /subscribe -d feed=alla-nyheter -d language=sv -d "email=$name@tidningen.example" | says - '<html lang="sv"' 'Titta i din inkorg'
    done
    for path in /subscribe /preferences /confirm/x /unsubscribe/x /nowhere; do get "$path" >"$BATS_TEST_TMPDIR/page$((++count))"; done
    serve_stop
    "$PYTHON" "$BATS_TEST_DIRNAME/other_words.py" "$PRESSROOM_ROOT" sv "$BATS_TEST_TMPDIR"/page?
    pr subscriber add dan@tidningen.example --feed pressmeddelanden >/dev/null
    at 2026-06-08T08:05:00Z deliver
    for name in anna bo cia dan; do
        letters "$name@tidningen.example" | says - "Subject: $question" 'Någon – förhoppningsvis du – har bett Region Nordvik' \
            'Ja, skicka nyheter till mig:' 'Du kan också svara på det här mejlet med ordet JA.' 'Du har 7 dagar på dig att svara.' \
            'Hamngatan 1, 999 99 Nordvik'
    done
    letters anna@tidningen.example | says - '- Alla nyheter – direkt'

    # who is away, and who says no, has not said yes
    mail "$(reply_to bo@tidningen.example)" bo@tidningen.example $'Ja\n\nJag är tillbaka den 15 juni.' "Subject: Autosvar: $question"
    mail "$(reply_to bo@tidningen.example)" bo@tidningen.example "Ja tack" "Subject: Frånvaro: $question"
    mail "$(reply_to cia@tidningen.example)" cia@tidningen.example "$(swedish_answer "Nej tack")" "Subject: SV: $question"
    at 2026-06-08T08:10:00Z collect
    for name in anna bo cia dan; do state_is "$name@tidningen.example" pending; done

    mail "$(reply_to anna@tidningen.example)" anna@tidningen.example "$(swedish_answer "Ja tack")" "Subject: SV: $question"
    mail "$(reply_to dan@tidningen.example)" dan@tidningen.example \
        $'Ja gärna!\n\nDen mån 8 juni 2026 kl 10:05 skrev Region Nordvik <\npress@nordvik.example>:\n\n> Var det du?\n> Nej' "Subject: Sv: $question"
    at 2026-06-08T08:15:00Z collect
    state_is anna@tidningen.example confirmed
    state_is dan@tidningen.example confirmed
    at 2026-06-08T08:20:00Z deliver
    letters anna@tidningen.example Välkommen | says - 'Subject: Välkommen till nyheterna från Region Nordvik' 'Nu prenumererar du'

    # a yes in too many words is told how
    mail "$(reply_to cia@tidningen.example)" cia@tidningen.example "Ja, det vill jag gärna ha" "Subject: SV: $question"
    at 2026-06-08T08:25:00Z collect
    state_is cia@tidningen.example pending
    at 2026-06-08T08:30:00Z deliver
    letters cia@tidningen.example 'Region Nordvik: vi hittade inget ja' | says - 'svara på det här mejlet med ordet JA och inget annat'

    # what a reader asks goes to the contact; who wants to leave gets the link, and it works
    vardcentral_drop
    at 2026-06-08T09:00:00Z run
    local release
    release=$(reply_to anna@tidningen.example 'Ny vårdcentral')
    mail "$release" dan@tidningen.example "Hur många läkare?" "Subject: SV: Ny vårdcentral öppnar i Lillsund"
    mail "$release" anna@tidningen.example $'Hej\n\nAvsluta prenumerationen\n\nMvh Anna' "Subject: SV: Ny vårdcentral öppnar i Lillsund"
    at 2026-06-08T09:05:00Z collect
    at 2026-06-08T09:10:00Z deliver
    letters eva.lind@nordvik.example | says - 'Subject: Svar på: Ny vårdcentral öppnar i Lillsund' \
        'dan@tidningen.example har svarat på den här nyheten:' 'Du får mejlet för att du är kontaktperson för Region Nordvik.'
    letters anna@tidningen.example 'Region Nordvik: så avslutar' | says - 'Vill du sluta prenumerera?' 'https://press.nordvik.example/unsubscribe/'
    state_is anna@tidningen.example confirmed
    serve_start
    get "$(path_in_mail anna@tidningen.example unsubscribe)" | says - '<html lang="sv"' 'Vill du avsluta prenumerationen?'
    get "$(path_in_mail anna@tidningen.example unsubscribe)" -X POST | says - 'Prenumerationen är avslutad'
    state_is anna@tidningen.example unsubscribed
    books_balance
}

@test "a release, its correction and a day's news are mailed in Swedish" {
    room_make sv
    subscriber_add anna@tidningen.example --feed alla-nyheter
    subscriber_add dagny@tidningen.example --feed alla-nyheter --cadence daily
    vardcentral_drop
    pr run
    letters anna@tidningen.example | says - 'Subject: Ny vårdcentral öppnar i Lillsund' 'Pressmeddelande · Region Nordvik · 8 juni 2026 kl. 09:30' \
        'Foto: Ida Ek' 'Läs på webben:' 'Du får det här mejlet för att du har sagt ja till nyheter från Region Nordvik.' \
        'Avsluta prenumerationen här: https://' 'Välj vad du får: https://' 'Vi mäter inte om du öppnar mejlet' 'Hamngatan 1, 999 99 Nordvik'
    # the other half of the mail says the same
    "$PYTHON" - "$(mails '^To: anna')" <<'PY'
import email, email.policy, sys
mail = email.message_from_binary_file(open(sys.argv[1], "rb"), policy=email.policy.default)
html = mail.get_body(("html",)).get_content()
for words in ('<html lang="sv"', "Pressmeddelande", "8 juni 2026 kl. 09:30", "Läs på webben", "Avsluta prenumerationen", "Välj vad du får"):
    assert words in html, words
PY
    sed -i 's/^ingress:/rättelse: Den öppnar den 2 september.\n&/; s/den 1 sep/den 2 sep/' "$ROOM/releases/vardcentral/text.md"
    at 2026-06-08T09:00:00Z run
    letters anna@tidningen.example 'Rättelse' | says - 'Subject: Rättelse: Ny vårdcentral öppnar i Lillsund' 'Vi har rättat ett fel' \
        'Den öppnar den 2 september.' 'Här är hela nyheten som den lyder nu.'
    says "$(page ny-vardcentral-oppnar-i-lillsund)/index.html" 'Rättelse' '<dt>Uppdaterat</dt>'
    for number in 1 2 3; do
        printf -- '---\nrubrik: Nyhet nummer %s\n---\nDet här är nyhet nummer %s om Nordvik, och den handlar om något för sig.\n' "$number" "$number" |
            drop "n$number.md"
        at "2026-06-08T1$number:00:00Z" run
    done
    at 2026-06-09T05:59:00Z run
    [ "$(letter_count dagny@tidningen.example)" -eq 0 ]
    at 2026-06-09T06:00:01Z run
    letters dagny@tidningen.example | says - 'Subject: Nytt från Region Nordvik: ' ' – och 3 till' 'Sedan sist' 'tisdag 9 juni 2026' \
        'Ny vårdcentral öppnar i Lillsund' 'Nyhet nummer 1' 'Nyhet nummer 3' 'samlade i ett mejl.' 'Avsluta prenumerationen här: https://'
    says "$ROOM/public/releases/2026/06/index.html" '4 nyheter<'
    at 2026-06-09T07:00:00Z release withdraw "$(pr release list --json | json '[r["id"] for r in d["releases"] if r["title"] == "Nyhet nummer 1"][0]')" \
        --reason "Fel siffror"
    at 2026-06-09T07:05:00Z run
    find "$MAIL/new" -type f -print0 | xargs -0 "$PYTHON" "$BATS_TEST_DIRNAME/other_words.py" "$PRESSROOM_ROOT" sv
    letters anna@tidningen.example 'Tillbakadraget' | says - 'Subject: Tillbakadraget: Nyhet nummer 1' 'Nyheten gäller inte längre' 'Fel siffror' 'Vi beklagar besväret.'
    books_balance
}

@test "a Norwegian release in a Swedish newsroom has Norwegian words on its page and in mails to who reads Norwegian" {
    room_make sv
    subscriber_add anna@tidningen.example --feed alla-nyheter
    subscriber_add kari@avisen.example --feed alla-nyheter --language nb
    drop bro.md <<'END'
---
tittel: Ny bru åpner i Nordvik
språk: norska
publisert: 8. juni 2026 kl. 09.00
kontakter: [{namn: Kari Moe, telefon: 08-123 456 78}]
---
Brua åpner for trafikk på onsdag.
END
    pr run
    says "$(page ny-bru-aapner-i-nordvik)/index.html" '<html lang="nb"' 'Ny bru åpner' 'content="nb_NO"' '>Pressemelding</a>' \
        'Gå til innholdet' '<a href="tel:+46812345678">' '<dt>Publisert</dt>' '8. juni 2026 kl. 09:00'
    letters kari@avisen.example | says - 'Subject: Ny bru åpner i Nordvik' 'Pressemelding · Region Nordvik · 8. juni 2026 kl. 09:00' 'Meld deg av her:'
    # who reads Swedish has the newsroom's words around it
    letters anna@tidningen.example | says - 'Subject: Ny bru åpner i Nordvik' 'Pressmeddelande · Region Nordvik' 'Avsluta prenumerationen här:'
    says "$ROOM/public/feeds/alla-nyheter.atom" 'xml:lang="nb"'
    [ "$(grep -c 'Ny bru' "$ROOM/public/feeds/pressmeddelanden.atom")" -eq 0 ]
}

# The words of a language that the round below meets
norwegian() {
    FEEDS="alle-nyheter pressemeldinger"
    HEADER=("tittel: Brua åpner" "publisert: mandag 8. juni 2026 kl. 9.30" "emner: [trafikk]" "kontakter: [{navn: Kari Moe, telefon: 22 33 44 55}]")
    TEXT="Brua over sundet åpner for trafikk på onsdag."
    WRONG="sprrefrist: 9. juni 2026 kl. 16.00"
    NOTE=("det finnes ikke noe felt «sprrefrist»; mente du «sperrefrist»?" "er ikke tatt inn. Noe må rettes først:")
    PAGE=('content="nb_NO"' "8. juni 2026 kl. 09:30" "tel:+4722334455" ">Pressemelding</a>" "<dt>Publisert</dt>" "Gå til innholdet")
    MISSING="Siden finnes ikke"
    CONFIRM="Bekreft at du vil ha nyheter fra Region Nordvik"
    HEADING=("Fra: Region Nordvik <press@nordvik.example>" "Sendt: mandag 8. juni 2026 10:05" "Til: Anna Berg <anna@tidningen.example>" "Emne: $CONFIRM")
    AWAY="Autosvar: "
    YES="Ja, takk"
    NO="Nei takk"
    WELCOME="Velkommen til nyhetene fra Region Nordvik"
    MAIL_SAYS=("Pressemelding · Region Nordvik · 8. juni 2026 kl. 09:30" "Meld deg av her: https://" "Vi måler ikke om du åpner")
    LEAVE="Meld meg av"
    LEAVE_SUBJECT="Region Nordvik: slik melder du deg av"
    CORRECTION="rettelse: Den åpner på torsdag."
    CORRECTED="Rettelse: Brua åpner"
    NAME=brua-aapner
}

german() {
    FEEDS="alle-nachrichten pressemitteilungen"
    HEADER=("titel: Die Brücke öffnet" "veröffentlicht: Montag, 8. Juni 2026, 9.30 Uhr" "themen: [Verkehr]" "kontakte: [{name: Uwe Groß, telefon: 040 123456}]")
    TEXT="Die Brücke über den Sund öffnet am Mittwoch für den Verkehr."
    WRONG="sperfrist: 9. Juni 2026, 16.00 Uhr"
    NOTE=('ein Feld „sperfrist“ gibt es nicht; meinten Sie „sperrfrist“?' "wurde nicht übernommen.")
    PAGE=('content="de_DE"' "8. Juni 2026" "tel:+4940123456" ">Pressemitteilung</a>" "<dt>Veröffentlicht</dt>")
    MISSING="Seite nicht gefunden"
    CONFIRM="Bitte bestätigen: Nachrichten von Region Nordvik"
    HEADING=("Von: Region Nordvik <press@nordvik.example>" "Gesendet: Montag, 8. Juni 2026 10:05" "An: Anna Berg <anna@tidningen.example>" "Betreff: $CONFIRM")
    AWAY="Abwesenheitsnotiz: "
    YES="Ja, bitte"
    NO="Nein danke"
    WELCOME="Willkommen bei den Nachrichten von Region Nordvik"
    MAIL_SAYS=("Pressemitteilung · Region Nordvik · 8. Juni 2026" "Hier abbestellen: https://")
    LEAVE="Bitte abmelden"
    LEAVE_SUBJECT="Region Nordvik: so bestellen Sie ab"
    CORRECTION="korrektur: Sie öffnet am Donnerstag."
    CORRECTED="Korrektur: Die Brücke öffnet"
    NAME=die-bruecke-oeffnet
}

# round LANGUAGE: from the drop to the mailbox and away again
round() {
    local feed address=anna@tidningen.example
    room_make "$1"
    pr subscriber add $address >/dev/null
    at 2026-06-08T08:05:00Z deliver
    letters $address | says - "Subject: $CONFIRM"
    mail "$(reply_to $address)" $address "${YES%%,*}" "Subject: $AWAY$CONFIRM"
    mail "$(reply_to $address)" $address "$(answered "$NO" "${HEADING[@]}")" "Subject: Re: $CONFIRM"
    at 2026-06-08T08:10:00Z collect
    state_is $address pending
    mail "$(reply_to $address)" $address "$(answered "$YES" "${HEADING[@]}")" "Subject: Re: $CONFIRM"
    at 2026-06-08T08:15:00Z collect
    state_is $address confirmed
    at 2026-06-08T08:20:00Z deliver
    [ "$(letter_count $address "$WELCOME")" -eq 1 ]

    printf '%s\n' --- "${HEADER[@]}" "$WRONG" --- "$TEXT" | drop bro.md
    run -1 at 2026-06-08T08:30:00Z run
    says "$ROOM/releases/bro.md.problems.txt" "${NOTE[@]}"
    note_is_in "$1" bro.md
    printf '%s\n' --- "${HEADER[@]}" --- "$TEXT" | drop bro.md
    at 2026-06-08T08:35:00Z run
    [ ! -e "$ROOM/releases/bro.md.problems.txt" ]
    says "$(page $NAME)/index.html" "<html lang=\"$1\"" "$TEXT" "${PAGE[@]}"
    says "$ROOM/public/404.html" "<html lang=\"$1\"" "$MISSING"
    for feed in $FEEDS; do says "$ROOM/public/feeds/$feed.atom" "$TEXT"; done
    letters $address "${HEADER[0]#*: }" | says - "$TEXT" "${MAIL_SAYS[@]}"

    printf '%s\n' --- "${HEADER[@]}" "$CORRECTION" --- "$TEXT" | drop bro.md
    at 2026-06-08T08:40:00Z run
    [ "$(letter_count $address "$CORRECTED")" -eq 1 ]
    mail "$(reply_to $address "$CORRECTED")" $address "$LEAVE" "Subject: Re: $CORRECTED"
    at 2026-06-08T08:45:00Z collect
    at 2026-06-08T08:50:00Z deliver
    letters $address "$LEAVE_SUBJECT" | says - https://press.nordvik.example/unsubscribe/
    find "$ROOM/public" "$MAIL/new" -type f ! -name '*.gz' -print0 | xargs -0 "$PYTHON" "$BATS_TEST_DIRNAME/other_words.py" "$PRESSROOM_ROOT" "$1"
    books_balance
}

@test "the same way in Norwegian" {
    norwegian
    round nb
}

@test "the same way in German" {
    german
    round de
}
