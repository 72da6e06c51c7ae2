#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# A header as press officers write it, from the drop directory to pages, feeds, calendars and mails.

bats_require_minimum_version 1.5.0
load newsroom

setup() {
    newsroom_make
}

@test "an invitation with a Danish header for a whole day has no clock anywhere" {
    subscriber_add journalist@avisen.example
    BODY="Kom og se havnen." release_write havn.md \
        "Titel: Åben havn: Kaj #4 viser frem" \
        "Type: Invitation" \
        "Status: klar" \
        "Emner: Børn og unge, Havn & fiskeri" \
        "Kontakt: Mads Overby, havnefoged, 51 00 00 10; Karen Holm, karen@nordhav.example" \
        "Arrangement:" \
        "  dato: tirsdag den 16. juni 2026" \
        "  sted: Kaj #4, Vesterhavn"
    pr run
    grep -q 'linje 2: “#” i “Titel” er en del af teksten' "$ROOM/releases/havn.md.problems.txt"
    "$PYTHON" - "$ROOM/public" "$(mails '^Subject:')" <<'PY'
import email, email.policy, json, pathlib, re, sys
public = pathlib.Path(sys.argv[1])
mail = email.message_from_binary_file(open(sys.argv[2], "rb"), policy=email.policy.default)
assert mail["Subject"] == "Åben havn: Kaj #4 viser frem", mail["Subject"]
release = next(public.glob("releases/*/aaben-havn-kaj-4-viser-frem"))
page = (release / "index.html").read_text()
shown = {
    "page": re.search(r"(?s)<article.*</article>", page)[0],
    "front": (public / "index.html").read_text(),
    "feed": json.loads((public / "feeds/alt.json").read_text())["items"][0]["content_html"],
    "html": mail.get_body(("html",)).get_content(),
    "text": mail.get_body(("plain",)).get_content(),
}
for name, content in shown.items():
    assert "tirsdag den 16. juni 2026" in content, (name, content)
    assert not re.search(r"tirsdag den 16. juni 2026\s+kl", content), name
    assert "Kaj #4, Vesterhavn" in content, name
for words in ("Børn og unge", "Havn &amp; fiskeri", "Mads Overby", "51 00 00 10", "karen@nordhav.example"):
    assert words in page, words
assert 'datetime="2026-06-16"' in page
calendar = (release / "event.ics").read_bytes()
assert b"\r\nDTSTART;VALUE=DATE:20260616\r\nDTEND;VALUE=DATE:20260617\r\n" in calendar, calendar
data = json.loads(re.search(r'(?s)<script type="application/ld\+json">(.*?)</script>', page)[1])
assert '"startDate": "2026-06-16"' in json.dumps(data), data
topic = (public / "topics/boern-og-unge/index.html").read_text()
assert re.search(r"<h1[^>]*>Børn og unge</h1>", topic), topic
assert 'label="Havn &amp; fiskeri"' in (public / "feeds/alt.atom").read_text()
PY
    # It stands on the front page all day, and is gone when the day is over.
    at 2026-06-16T21:30:00Z run
    grep -q "16. juni 2026" "$ROOM/public/index.html"
    at 2026-06-16T22:30:00Z run
    ! grep -q "tirsdag den 16. juni 2026" "$ROOM/public/index.html"
}

@test "text and English version in one folder are one release, whatever order they are read in" {
    subscriber_add journalist@avisen.example --language da
    subscriber_add reporter@paper.example --language en
    mkdir "$ROOM/releases/bro"
    picture_write bro/bro.png 600 400
    BODY="The bridge opens." release_write bro/bro.en.md "title: The bridge opens"
    BODY="Broen åbner." release_write bro/bro.md "titel: Broen åbner" "klausuleret til: 11. juni 2026 kl. 6"
    pr run
    [ -z "$(find "$ROOM/public/releases" -name '*bro*' -o -name '*bridge*')" ]
    at 2026-06-11T04:00:00Z run
    [ "$(mail_count)" -eq 2 ]
    [ "$(mail_count 'Subject: The bridge opens')" -eq 1 ]
    grep -q 'hreflang="en"' "$ROOM"/public/releases/*/broen-aabner/index.html
    [ ! -e "$ROOM/releases/bro/bro.en.md.problems.txt" ]
}

@test "a header that cannot be read in one way is refused in one line each, and nothing gets out" {
    release_write veje.md "title: Nye veje" "language: en" "embargo: 06/09/2026 06:00 # or later?" "tags: roads" \
        "lead: Roads" "  published: 2026-06-09"
    run pr run
    [ "$status" -eq 1 ]
    note=$ROOM/releases/veje.md.problems.txt
    grep -q 'linje 4: der kan ikke stå en kommentar efter “embargo”' "$note"
    grep -q 'linje 4: “06/09/2026 06:00” kan betyde både 9. juni 2026 kl. 06.00 og 6. september 2026 kl. 06.00' "$note"
    grep -q 'linje 5: feltet “tags” hedder “topics” her; skriv det i stedet' "$note"
    grep -q 'linje 5: felterne er: title, lead' "$note"
    grep -q 'linje 7: “published:” er rykket ind og ville blive en del af “lead”' "$note"
    ! find "$ROOM/public/releases" -name '*veje*' | grep .
}

@test "what notes tell people to write is understood, in every language" {
    while IFS='|' read -r language statuses fields; do
        room=$BATS_TEST_TMPDIR/$language
        "$PRESSROOM_PROGRAM" init "$room" --name "Region Nordhav" --url https://presse.nordhav.example/ --language "$language" >/dev/null
        sed -i 's|^publisher:|&\n  contacts: [{name: Mette Holm}]|' "$room/newsroom.yaml"
        while read -r status; do
            printf -- '---\n%s\nstatus: %s\n---\nLillesund.\n' "${fields//;/$'\n'}" "$status" >"$room/releases/bridge.md"
            run -0 --separate-stderr "$PRESSROOM_PROGRAM" -C "$room" check
            [[ $output == *"1 good"* && -z $stderr ]]
        done <<<"${statuses//,/$'\n'}"
    done <<'END'
da|kladde,klar,trukket tilbage|titel: Bro;embargo: none;udgivet: 9. juni 2026 kl. 16;arrangement: 9. juni 2026 kl. 16, Rådhuset;mail: nej
de|entwurf,fertig,zurückgezogen|titel: Brücke;embargo: keine;veröffentlicht: 9. Juni 2026, 16 Uhr;veranstaltung: 9. Juni 2026, 16 Uhr, Rathaus;mail: nein
en|draft,ready,withdrawn|title: Bridge;embargo: none;published: 9 June 2026 at 16:00;event: 9 June 2026 at 16:00, City Hall;mail: false
nb|utkast,klar,trukket tilbake|tittel: Bro;sperrefrist: ingen;publisert: 9. juni 2026 kl. 16.00;arrangement: 9. juni 2026 kl. 16.00, Rådhuset;utsendelse: nei
sv|utkast,klart,tillbakadraget|titel: Bro;embargo: inget;publicerad: 9 juni 2026 kl. 16.00;evenemang: 9 juni 2026 kl. 16.00, Stadshuset;mejl: nej
END
}
