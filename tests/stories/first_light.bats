#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# A press officer drops a file, runs one command, and readers and confirmed subscribers have it.

bats_require_minimum_version 1.5.0
load newsroom

setup() {
    newsroom_make
}

@test "a release dropped in the folder becomes a page, feed entries and one mail" {
    subscriber_add journalist@avisen.example --feed pressemeddelelser
    release_write sundhedshus.md "title: Nyt sundhedshus i Lillesund" "topics: [sundhed]"
    pr run
    page=$(find "$ROOM/public/releases" -name index.html -path '*nyt-sundhedshus-i-lillesund*')
    [ -n "$page" ]
    [ -f "$page.gz" ]
    grep -q "Nyt sundhedshus i Lillesund" "$page"
    for format in atom rss json; do
        grep -q "Nyt sundhedshus i Lillesund" "$ROOM/public/feeds/pressemeddelelser.$format"
    done
    [ "$(mail_count 'Subject: Nyt sundhedshus i Lillesund')" -eq 1 ]
    pr status --json | json 'd["mailings"][0]["sent"]' | grep -qx 1
    books_balance
}

# Holds I18.
@test "a second run changes nothing: no byte, no time, no mail" {
    subscriber_add journalist@avisen.example
    release_write a.md "title: Første"
    release_write b.md "title: Anden" "language: da"
    pr run
    before=$(cd "$ROOM/public" && find . -type f -printf '%p %T@ %i\n' | sort)
    mails_before=$(mail_count)
    at 2026-06-10T09:00:00Z run
    [ "$before" = "$(cd "$ROOM/public" && find . -type f -printf '%p %T@ %i\n' | sort)" ]
    [ "$mails_before" -eq "$(mail_count)" ]
}

@test "each picture is shown once, with its caption and credit, on the page, in feeds and in the mail" {
    subscriber_add journalist@avisen.example
    mkdir "$ROOM/releases/kaj"
    picture_write kaj/kaj.png 600 400
    picture_write kaj/bro.png 300 200
    BODY=$(printf '%s\n\n' "Skibene lægger til på mandag." '![Kajen fra luften](kaj.png)' "Det siger formanden.") \
        release_write kaj/tekst.md "title: Ny kaj" \
        'images: [{file: kaj.png, alt: Kajen, caption: Den er 300 meter lang., credit: Ida Lund}, {file: bro.png, alt: Broen, caption: Set mod nord., credit: "Foto: Per Vad"}]'
    pr run
    "$PYTHON" - "$ROOM/public" "$(mails '^Subject: Ny kaj')" <<'PY'
import email, email.policy, json, pathlib, re, sys
public = pathlib.Path(sys.argv[1])
mail = email.message_from_binary_file(open(sys.argv[2], "rb"), policy=email.policy.default)
page = next(public.glob("releases/*/ny-kaj/index.html")).read_text()
shown = {
    "page": re.search(r"(?s)<article.*</article>", page)[0],
    "feed": json.loads((public / "feeds/alt.json").read_text())["items"][0]["content_html"],
    "mail": mail.get_body(("html",)).get_content(),
    "text": mail.get_body(("plain",)).get_content(),
}
for name, content in shown.items():
    for words in ("Den er 300 meter lang.", "Kredit: Ida Lund", "Set mod nord.", "Foto: Per Vad"):
        assert content.count(words) == 1, (name, words, content)
    if name != "text":
        sources = re.findall(r'<img[^>]*? src="([^"]*)"', content)
        assert len(sources) == len(set(sources)) == 2, (name, sources)
PY
}

# Holds I5.
@test "one person in many feeds is mailed once" {
    subscriber_add journalist@avisen.example --feed pressemeddelelser --feed alt
    release_write a.md "title: Første"
    pr run
    [ "$(mail_count 'Subject:')" -eq 1 ]
}

# Holds I2.
@test "only the confirmed are mailed a release; the pending get one confirmation mail" {
    pr subscriber add ny@avisen.example >/dev/null
    subscriber_add gammel@avisen.example
    subscriber_add gaaet@avisen.example
    pr subscriber unsubscribe gaaet@avisen.example
    release_write a.md "title: Første"
    at 2026-06-10T08:00:10Z run # each command's time begins anew: this one's is after what the first wrote
    [ "$(mail_count 'Subject: F=C3=B8rste\|Subject: =?utf-8?.*')" -ge 1 ]
    [ "$(mail_count '^To: .*gammel@avisen.example')" -eq 1 ]
    [ "$(mail_count '^To: .*gaaet@avisen.example')" -eq 0 ]
    [ "$(mail_count '^To: .*ny@avisen.example')" -eq 1 ]
    confirmation=$(mails '^To: .*ny@avisen.example')
    grep -q '^Auto-Submitted: auto-generated' "$confirmation"
    run ! grep -q '^List-Unsubscribe' "$confirmation"
}

@test "a mail carries the headers that readers, lists and robots need" {
    subscriber_add journalist@avisen.example
    release_write a.md "title: Overskrift"
    pr run
    mail=$(mails 'Subject: Overskrift')
    for header in From To Subject Date Message-ID List-Id List-Unsubscribe List-Unsubscribe-Post List-Archive \
        Feedback-ID X-Auto-Response-Suppress MIME-Version; do
        grep -qi "^$header:" "$mail"
    done
    grep -q '^List-Unsubscribe:.*https://presse.nordhav.example/unsubscribe/' <(sed ':a;N;$!ba;s/\r\?\n[ \t]/ /g' "$mail")
    grep -q 'multipart/alternative' "$mail"
}

@test "an English subscriber gets the English version, a Danish one the original" {
    subscriber_add dansk@avisen.example --language da --feed alt
    subscriber_add english@paper.example --language en --feed alt
    release_write hus.md "id: hus" "title: Nyt sundhedshus"
    release_write house.md "id: house" "title: New health centre" "language: en" "translation_of: hus"
    pr run
    [ "$(mail_count 'Subject: Nyt sundhedshus')" -eq 1 ]
    [ "$(mail_count 'Subject: New health centre')" -eq 1 ]
    grep -q 'english@paper.example' "$(mails 'Subject: New health centre')"
}

# Holds I5.
@test "a version that comes later is mailed to nobody who was mailed the release" {
    subscriber_add english@paper.example --language en --feed alt
    subscriber_add only@paper.example --language en --feed press-releases
    release_write hus.md "id: hus" "title: Nyt sundhedshus"
    pr run
    [ "$(mail_count 'Subject: Nyt sundhedshus')" -eq 1 ]
    release_write house.md "id: house" "title: New health centre" "language: en" "translation_of: hus"
    at 2026-06-10T10:00:00Z run
    [ "$(mail_count 'Subject: New health centre')" -eq 1 ]
    grep -q 'only@paper.example' "$(mails 'Subject: New health centre')"
}

@test "mail: false publishes without mailing; an old release is published and never mailed, with a note; announce ID overrides" {
    subscriber_add journalist@avisen.example
    release_write still.md "id: still" "title: Stille" "mail: false"
    release_write old.md "id: old" "title: Gammel" "published: 2022-06-07T18:57:25+02:00"
    pr run
    [ "$(mail_count 'Subject:')" -eq 0 ]
    [ -n "$(find "$ROOM/public/releases/2022" -name index.html)" ]
    pr release show old --json | json 'd["announcement"]["note"]' | grep -q max_age
    at 2026-06-10T09:00:00Z announce old
    at 2026-06-10T09:00:01Z deliver
    [ "$(mail_count 'Subject: Gammel')" -eq 1 ]
}

@test "announce.delay leaves time to change one's mind" {
    sed -i 's/delay: 0s/delay: 5m/' "$ROOM/newsroom.yaml"
    subscriber_add journalist@avisen.example
    release_write a.md "id: a" "title: Overskrift"
    release_write u.md "id: u" "title: Haster" "urgent: true"
    pr run
    [ "$(mail_count 'Subject: Overskrift')" -eq 0 ]
    [ "$(mail_count 'Subject: Haster')" -eq 1 ]
    at 2026-06-10T08:05:30Z run
    [ "$(mail_count 'Subject: Overskrift')" -eq 1 ]
}

@test "more than announce.max_new new mailings in one run are held until resumed" {
    subscriber_add journalist@avisen.example
    for i in 1 2 3 4 5 6; do release_write "r$i.md" "id: r$i" "title: Nummer $i"; done
    run -0 pr run
    [ "$(mail_count 'Subject: Nummer')" -eq 0 ]
    mailing=$(pr mailing list --json | json '[m["id"] for m in d["mailings"] if m["state"]=="held"][-1]')
    [ "$(pr mailing list --json | json 'sum(m["state"]=="held" for m in d["mailings"])')" -eq 6 ]
    pr mailing resume "$mailing"
    at 2026-06-10T08:10:00Z run
    [ "$(mail_count 'Subject: Nummer')" -eq 1 ]
    books_balance
}
