#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# What a press officer reads: guide/ of a newsroom, its list of fields, and the templates that are copied and filled in.

bats_require_minimum_version 1.5.0

load newsroom

# room_in LANGUAGE: a newsroom in that language, in $ROOM
room_in() {
    ROOM=$BATS_TEST_TMPDIR/$1
    "$PRESSROOM_PROGRAM" -q init "$ROOM" --name "Region Nordhav" --url https://presse.nordhav.example/ \
        --from "Region Nordhav Presse <presse@nordhav.example>" --language "$1"
}

@test "init makes a guide whose pages need nothing else, and lead to each other" {
    for language in da en sv nb de; do
        room_in "$language"
        "$PYTHON" - "$ROOM/guide" "$language" <<'PY'
import html.parser, os, sys
folder, language = sys.argv[1:]
pages = [name for name in os.listdir(folder) if name.endswith(".html")]
linked = set()
class Page(html.parser.HTMLParser):
    def handle_starttag(self, tag, attributes):
        a = dict(attributes)
        assert tag not in ("script", "link", "iframe", "object"), tag
        if tag == "img":
            assert a["src"].startswith("data:image/png;base64,") and a["alt"], self.name
        if tag == "html":
            assert a["lang"] == (language if self.name == "fields.html" or language == "da" else "en"), self.name
        if tag == "a":
            target = a["href"].partition("#")[0]
            assert not target or target in pages, f"{self.name} leads to {target}"
            linked.add(target)
for name in pages:
    page = Page()
    page.name = name
    text = open(os.path.join(folder, name), encoding="utf-8").read()
    assert "url(" not in text and "@import" not in text
    page.feed(text)
assert len(pages) == 10, pages
assert linked >= set(pages), set(pages) - linked
PY
    done
}

@test "the list of fields has every field in the newsroom's own words, with the English beside it" {
    for language in da en sv nb de; do
        room_in "$language"
        [ "$(grep -c 'class="field"' "$ROOM/guide/fields.html")" -eq 32 ]
    done
    grep -q '<h3>kontakter <span lang="en">contacts</span></h3>' "$BATS_TEST_TMPDIR/da/guide/fields.html"
    grep -q 'kladde, klar, trukket tilbage' "$BATS_TEST_TMPDIR/da/guide/fields.html"
    grep -q '<h3>sperrefrist <span lang="en">embargo</span></h3>' "$BATS_TEST_TMPDIR/nb/guide/fields.html"
    # A language without pages gets the English ones, and is told so.
    grep -q 'Die Liste der Felder und die Vorlagen sind auf Deutsch' "$BATS_TEST_TMPDIR/de/guide/index.html"
    run -1 grep -q 'class="notice"' "$BATS_TEST_TMPDIR/da/guide/index.html"
}

@test "each example of the list is understood, in each language" {
    for language in da en sv nb de; do
        room_in "$language"
        "$PYTHON" - "$PRESSROOM_ROOT/templates/languages/$language/guide.yaml" "$ROOM/releases" <<'PY'
import json, re, sys
examples = dict(re.findall(r'(?m)^example_(\S+): (".*")$', open(sys.argv[1], encoding="utf-8").read()))
examples = {key: json.loads(text) for key, text in examples.items()}
title = examples.pop("title")
parents = {key: text.split(":")[0] for key, text in examples.items() if key in ("contacts", "images", "documents", "event")}
first = {"contacts": "name", "images": "file", "documents": "file", "event": "start"}
files = set()
def write(name, lines):
    with open(f"{sys.argv[2]}/{name}.md", "w", encoding="utf-8") as file:
        # Texts that have nothing in common: no two are one release.
        words = " ".join(f"{name}{n}" for n in range(40))
        file.write("---\n" + "\n".join(lines) + f"\n---\nTekst {words}.\n")
for key, text in examples.items():
    parent, _, inner = key.partition("_")
    if parent in parents and inner:
        lines = [examples[f"{parent}_{first[parent]}"]] if inner != first[parent] else []
        write(key.replace("_", "-"), [title + " " + key, parents[parent] + ":"] + ["  " + line for line in lines + [text]])
    elif key != "translation_of":
        write(key, [title + " " + key, text])
for text in examples.values():
    files.update(re.findall(r"[a-z-]+\.(?:jpg|pdf)", text))
for name in files:
    with open(f"{sys.argv[2]}/{name}", "wb") as file:
        file.write(b"%PDF-1.4\n1 0 obj\n<< >>\nendobj\ntrailer << >>\n%%EOF\n" if name.endswith("pdf") else b"")
original = examples["translation_of"].split(": ")[1]
with open(f"{sys.argv[2]}/{original}", "w", encoding="utf-8") as file:
    file.write("---\n" + title + "\n---\nOriginalen " + " ".join(f"original{n}" for n in range(40)) + ".\n")
write("translation", [title + " translation", examples["translation_of"], "language: fi"])
PY
        for picture in "$ROOM"/releases/*.jpg; do
            cp "$(find "$PRESSROOM_ROOT/tests/example" "$PRESSROOM_ROOT/tests/golden" -name '*.jpg' -size +1k | sort | head -n 1)" "$picture"
        done
        run at 2026-06-01T08:00:00Z check
        if [ "$status" -ne 0 ]; then
            echo "$language: $output"
            return 1
        fi
        [[ $output == *", 0 refused"* ]]
    done
}

# fill TEMPLATE FILE LANGUAGE: what a person writes in each place of a template, by what the place asks for
fill() {
    "$PYTHON" - "$1" "$2" "$3" <<'PY'
import re, sys, zipfile
template, made, language = sys.argv[1:]
day = {"da": "9. juni 2026", "en": "9 June 2026", "sv": "9 juni 2026", "nb": "9. juni 2026", "de": "9. Juni 2026"}
def fill(match):
    place = match[1]
    fill.count += 1
    for pattern, value in (
            (r"^(dag|day|Tag)$", day[language]),
            (r"^(klok|time$|klock|Uhrzeit)", str(15 + fill.times)),
            (r"telefon|telephone|Telefon", "+45 55 10 20 30"),
            (r"e-?mail|mailad|e-post|E-Mail", "mette.holm@nordhav.example"),
            (r"^(navn|name|namn|Name)$", "Mette Holm")):
        if re.search(pattern, place):
            fill.times += value.isdigit()
            return value
    return f"Nyt hus {fill.count} ord for ord i Lillesund"
fill.count = fill.times = 0
if template.endswith(".docx"):
    # Who types in a place is rid of what said that it is one.
    with zipfile.ZipFile(template) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.namelist():
            text = old.read(entry).decode()
            if entry == "word/document.xml":
                text = re.sub(r"&lt;([^&]+)&gt;", fill, text).replace("<w:temporary/><w:showingPlcHdr/>", "")
                assert "&lt;" not in text
            new.writestr(entry, text)
else:
    with open(template, encoding="utf-8") as file:
        text = re.sub(r"(?m)^(?!#)(.*)$", lambda line: re.sub(r"<([^<>]+)>", fill, line[0]), file.read())
    assert "<" not in re.sub("(?m)^#.*", "", text)
    with open(made, "w", encoding="utf-8") as file:
        file.write(text)
PY
}

@test "each template, filled in as it says, is a release that nothing is said of, and one that is not filled in goes nowhere" {
    for language in da en sv nb de; do
        room_in "$language"
        for template in "$ROOM"/guide/*/*.txt "$ROOM"/guide/*/*.docx; do
            name=$(basename "$template")
            fill "$template" "$ROOM/releases/$name" "$language"
            run at 2026-06-01T08:00:00Z check "$ROOM/releases/$name"
            echo "$language: $name: $output"
            [ "$status" -eq 0 ]
            [ "$(grep -c . <<<"$output")" -eq 3 ]
            rm "$ROOM/releases/$name"
        done
        cp "$ROOM"/guide/*/*.txt "$ROOM"/guide/*/*.docx "$ROOM/releases/"
        run at 2026-06-01T08:00:00Z run
        [ "$(find "$ROOM/public/releases" -name index.html | grep -c '/20')" -eq 0 ]
    done
}

@test "after an update the pages are made anew, and what people wrote stays" {
    room_in da
    page=$ROOM/guide/embargo.html
    cp -R "$ROOM/guide" "$BATS_TEST_TMPDIR/before"
    sed -i 's/pressroom [0-9.]*">/pressroom 0.0.9">/; s/Embargo/Ombargo/g' "$ROOM"/guide/*.html
    run --separate-stderr pr doctor
    [[ $stderr == *"guide: was made by pressroom 0.0.9"*"init --guide"* ]]
    echo "vores egen" >>"$ROOM/guide/Skabeloner/Pressemeddelelse.txt"
    rm "$ROOM/guide/Skabeloner/Udtalelse.txt"
    echo "<p>vores egen side" >"$ROOM/guide/rettelse.html"
    echo "noter" >"$ROOM/guide/noter.txt"
    run --separate-stderr "$PRESSROOM_PROGRAM" init --guide "$ROOM"
    [ "$status" -eq 0 ]
    [[ $output == *"/guide/: 9 pages"*": 1" ]]
    [[ $stderr == *"guide/rettelse.html: is not a page of ours and was left as it is"* ]]
    cmp "$page" "$BATS_TEST_TMPDIR/before/embargo.html"
    [ -f "$ROOM/guide/Skabeloner/Udtalelse.txt" ]
    [ "$(tail -n 1 "$ROOM/guide/Skabeloner/Pressemeddelelse.txt")" = "vores egen" ]
    grep -q "vores egen side" "$ROOM/guide/rettelse.html"
    [ "$(cat "$ROOM/guide/noter.txt")" = noter ]
    run --separate-stderr pr doctor
    [[ $output == *"guide: is of this version"* ]]
    # Of a newsroom that is none, nothing is made.
    run -2 "$PRESSROOM_PROGRAM" init --guide "$BATS_TEST_TMPDIR/none"
    [ ! -e "$BATS_TEST_TMPDIR/none" ]
}

@test "nothing of guide/ is ever read as a release, nor stands in public/" {
    room_in da
    pr -q run
    [ "$(pr status --json | json 'sum(d["releases"].values())')" -eq 0 ]
    nothing_public_of Skabeloner Pressemeddelelse.txt
}

# What the pages tell people to do, done in that order in a newsroom as init makes it. The fields of newsroom.yaml that are
# added are those that whoever runs it writes: where mails go, and who gets receipts.
follow() { # LANGUAGE TEMPLATE DRAFTS SCHEDULED WITHDRAWN CORRECTION
    room_in "$1"
    MAIL=$BATS_TEST_TMPDIR/mail-$1
    INBOX=$BATS_TEST_TMPDIR/inbox-$1
    mkdir -p "$INBOX"/{new,cur,tmp}
    sed -i "s|^mail:|mail:\n  smtp: maildir:$MAIL\n  inbox: maildir:$INBOX|" "$ROOM/newsroom.yaml"
    printf 'receipts: {to: [vagt@nordhav.example]}\nintake: {settle: 0s}\n' >>"$ROOM/newsroom.yaml"
    at 2026-06-01T08:00:00Z subscriber add anna@avisen.example --confirmed --evidence "blanket 12" >/dev/null
    releases=$ROOM/releases

    # The first release: written among the drafts, looked at, moved out.
    cp "$ROOM"/guide/*/"$2" "$releases/$3/house.txt"
    at 2026-06-01T08:00:00Z run
    nothing_public_of "Nyt hus"
    fill "$ROOM"/guide/*/"$2" "$releases/$3/house.txt" "$1"
    at 2026-06-01T08:01:00Z run
    nothing_public_of "Nyt hus"
    receipt=$(mails '^Delivered-To: vagt@' | tail -n 1)
    grep -q 'message/rfc822' "$receipt"
    [ "$(mail_count '^Delivered-To: anna@')" -eq 0 ]
    [ ! -e "$releases/$3/house.txt.problems.txt" ]
    grep -q "$3/house.txt" "$releases/status.html"
    mv "$releases/$3/house.txt" "$releases/"
    at 2026-06-01T08:10:00Z run
    [ "$(find "$ROOM/public/releases/2026" -name index.html | wc -l)" -ge 1 ]
    [ "$(mail_count '^Delivered-To: anna@')" -eq 0 ]
    at 2026-06-01T08:20:00Z run
    [ "$(mail_count '^Delivered-To: anna@')" -eq 1 ]

    # A correction.
    sed -i "0,/^---/s//---\n$6: 12, not 21/" "$releases/house.txt"
    at 2026-06-01T09:00:00Z run
    at 2026-06-01T09:10:00Z run
    [ "$(mail_count '^Delivered-To: anna@')" -eq 2 ]
    at 2026-06-01T09:20:00Z run
    [ "$(mail_count '^Delivered-To: anna@')" -eq 2 ]

    # Withdrawn, and back before anybody is told; then for good.
    mv "$releases/house.txt" "$releases/$5/"
    at 2026-06-01T10:00:00Z run
    nothing_public_of "12, not 21"
    mv "$releases/$5/house.txt" "$releases/"
    at 2026-06-01T10:01:00Z run
    grep -rq "12, not 21" "$ROOM/public"
    at 2026-06-01T10:20:00Z run
    [ "$(mail_count '^Delivered-To: anna@')" -eq 2 ]
    mv "$releases/house.txt" "$releases/$5/"
    at 2026-06-01T11:00:00Z run
    at 2026-06-01T11:10:00Z run
    [ "$(mail_count '^Delivered-To: anna@')" -eq 3 ]
    nothing_public_of "12, not 21"

    # An embargo, as the page has it, in the folder of what is scheduled.
    line=$(sed -n '/<pre/,/<\/pre>/p' "$ROOM/guide/embargo.html" | grep -o 'Embargo: [^<]*2026[^<]*' | head -n 1)
    printf -- '---\nTitle: Hemmelig havn\n%s\n---\n\nThe harbour of Lillesund gets a new mole of stone.\n' "$line" >"$releases/$4/harbour.txt"
    at 2026-06-02T08:00:00Z run
    nothing_public_of "Hemmelig"
    at 2026-06-12T03:59:00Z run
    nothing_public_of "Hemmelig"
    at 2026-06-12T04:00:00Z run
    grep -rq Hemmelig "$ROOM/public"
    [ -f "$releases/$4/harbour.txt" ]
    [ -z "$(find "$releases" -name '*.problems.txt' ! -path "*/$5/*" -exec cat {} +)" ]
    books_balance
}

@test "who does what the pages say gets what they say, in Danish" {
    follow da Pressemeddelelse.txt Kladder Planlagt "Trukket tilbage" Rettelse
}

@test "who does what the pages say gets what they say, in English" {
    follow en "Press release.txt" Drafts Scheduled Withdrawn Correction
}

# mistake FILE NOTE WORDS…: what stands on standard input is put into the file, and the note says the words
mistake() {
    local file=$ROOM/releases/$1 note=$ROOM/releases/$2 words
    cat >"$file"
    at 2026-06-01T08:00:00Z run || true
    for words in "${@:3}"; do
        if ! grep -qF "$words" "$note"; then
            echo "$1: is not told “$words”"
            cat "$note"
            return 1
        fi
    done
    nothing_public_of "Havnens hus"
    rm "$file"
    at 2026-06-01T08:00:00Z run || true
}

@test "what somebody who knows a word processor alone gets wrong is told in such words, and nothing of it goes out" {
    room_in da
    printf 'intake: {settle: 0s}\n' >>"$ROOM/newsroom.yaml"
    text=$'\nHavnens hus bliver rødt.'
    # The spaces before lines are lost, or the colon.
    mistake havn.txt havn.txt.problems.txt 'linje 4: “start” hører til under “Arrangement”' 'linje 7: “fil” hører til under “Billeder”' \
        'to mellemrum' <<<"---
Titel: Havnens hus
Arrangement:
start: 9. juni 2026 kl. 16
sted: Havnegade 2
Billeder:
fil: havn.jpg
---$text"
    mistake havn.txt havn.txt.problems.txt 'linje 4: “Mette Holm, formand, 55 10 20 30” er ikke et felt; hører linjen til den over, så sæt to mellemrum foran den' <<<"---
Titel: Havnens hus
Kontakter:
Mette Holm, formand, 55 10 20 30
---$text"
    mistake havn.txt havn.txt.problems.txt 'skriv “Titel: Havnens hus”' 'skriv “Emner: Sundhed”' <<<"---
Titel Havnens hus
Emner; Sundhed
---$text"
    # Half written: it waits for the rest. Holds I1.
    mistake havn.txt havn.txt.problems.txt '“Embargo” er tomt; skriv dag, årstal og klokkeslæt' <<<"---
Titel: Havnens hus
Embargo:
---$text"
    mistake havn.txt havn.txt.problems.txt 'skriv “Embargo: 9. juni 2026 kl. 06.00”' <<<"---
Titel: Havnens hus
Embargo: 9. juni 2026
---$text"
    mistake havn.txt havn.txt.problems.txt 'mangler et årstal' <<<"---
Titel: Havnens hus
Embargo: 9. juni kl. 6
---$text"
    mistake havn.txt havn.txt.problems.txt '“<stilling>” står der endnu' '“<telefonnummer>” står der endnu' '“<indledning>” står der endnu' <<<"---
Titel: Havnens hus
Manchet: <indledning>
Kontakter:
  Mette Holm, <stilling>, <telefonnummer>, <mailadresse>
---$text"
    # The wrong kind of file, and a name in other letters.
    mistake havn.docx havn.docx.problems.txt 'kan ikke åbnes: filen er i stykker' <<<"PK"
    mistake havn havn.problems.txt 'sæt .txt bag navnet' <<<"---
Titel: Havnens hus
---$text"
    mistake havn.zip havn.zip.problems.txt 'pak den ud' <<<"PK"
    mkdir "$ROOM/releases/havnehus"
    cp "$(find "$PRESSROOM_ROOT/tests/example" -name '*.jpg' | sort | head -n 1)" "$ROOM/releases/havnehus/hus.jpg"
    mistake havnehus/havn.txt havnehus/havn.txt.problems.txt 'her ligger “hus.jpg”; skriv navnet nøjagtig sådan' <<<"---
Titel: Havnens hus
Billeder:
  - fil: Hus.JPG
    alt: Et hus
---$text"
}

@test "what a word processor makes of a file does no harm" {
    room_in da
    printf 'intake: {settle: 0s}\n' >>"$ROOM/newsroom.yaml"
    releases=$ROOM/releases
    n=0
    for mark in --- –- — ------ '***' ____ ===; do
        n=$((n + 1))
        printf '%s\n\tTITEL :\tHus nummer %s\n\tKONTAKTER:\n\t•\tMette Holm, formand, 55 10 20 30\n%s\n\nEt rødt hus %s ved havnen nummer%s.\n' \
            "$mark" "$n" "$mark" "$n" "$n" >"$releases/Hus (nr. $n) æøå.txt.txt"
    done
    printf '\tTitel: Bro på dansk\n\tStatus: klar\n\n\nBroen over åen er åben.\n' >"$releases/uden streger.txt"
    printf -- '---\r\nTitel: Hus på dansk\r\n---\r\n\r\nBlåbærgrød til alle på øen.\r\n' >"$releases/utf8.txt"
    printf -- '---\r\nTitel: Færge på dansk\r\n---\r\n\r\nDer går en ny færge til øen, og den er grøn.\r\n' | iconv -t UTF-16 >"$releases/utf16.txt"
    printf -- '---\r\nTitel: Kæmpe å på dansk\r\n---\r\n\r\nÅen er gået over sine bredder på Fyn.\r\n' | iconv -t CP1252 >"$releases/windows.txt"
    printf 'x' | tee "$releases/~\$utf8.txt" "$releases/.~lock.utf8.txt#" "$releases/~WRL0001.tmp" "$releases/Thumbs.db" >"$releases/desktop.ini"
    at 2026-06-01T08:00:00Z run
    for title in 'Hus på dansk' 'Færge på dansk' 'Kæmpe å på dansk' 'Bro på dansk' 'Hus nummer 1' 'Hus nummer 4' "Hus nummer $n"; do
        grep -rqF "$title" "$ROOM/public"
    done
    run -1 grep -rqE 'TITEL|Titel:|Status:' "$ROOM/public"
    [ "$(find "$ROOM/public/releases/2026" -name release.json | wc -l)" -eq $((n + 4)) ]
    [ -z "$(find "$releases" -name '*.problems.txt' -exec grep -L 'Bemærk' {} +)" ]
}

@test "a draft that is a template yet says in its receipt what is still to be written" {
    room_in da
    MAIL=$BATS_TEST_TMPDIR/mail
    sed -i "s|^mail:|mail:\n  smtp: maildir:$MAIL|" "$ROOM/newsroom.yaml"
    printf 'receipts: {to: [vagt@nordhav.example]}\nintake: {settle: 0s}\n' >>"$ROOM/newsroom.yaml"
    cp "$ROOM/guide/Skabeloner/Pressemeddelelse.txt" "$ROOM/releases/Kladder/hus.txt"
    at 2026-06-01T08:00:00Z run
    [ ! -e "$ROOM/releases/Kladder/hus.txt.problems.txt" ]
    "$PYTHON" - "$(mails '^Delivered-To: vagt@')" <<'PY'
import email, email.policy, sys
with open(sys.argv[1], "rb") as file:
    text = email.message_from_binary_file(file, policy=email.policy.default).get_body(("plain",)).get_content()
assert "står der endnu" in " ".join(text.split()), text
PY
}
