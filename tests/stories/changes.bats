#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# A Word text with changes, comments or struck words that nobody has dealt with waits, and what lets it go.

bats_require_minimum_version 1.5.0
load newsroom
load mailbox

setup() {
    INBOX=$BATS_TEST_TMPDIR/inbox
    mkdir -p "$INBOX"/{new,cur,tmp}
    newsroom_make
    inbox_is "maildir:$INBOX"
    cat >>"$ROOM/newsroom.yaml" <<'YAML'
receipts:
  to: [presse@nordhav.example]
  approvers: [chef@nordhav.example]
YAML
}

approval_is() { # none | required
    sed -i "s/^intake:.*/intake: {settle: 0s, approval: $1}/" "$ROOM/newsroom.yaml"
}

# word FILE TITLE BODY [FIELD=VALUE …] [+ADDED] [-DELETED] [?COMMENT]: a Word text with a table of fields, and what is open in it
word() {
    mkdir -p "$(dirname "$ROOM/releases/$1")"
    "$PYTHON" - "$ROOM/releases/$1" "${@:2}" <<'PY'
import os, sys, zipfile
from xml.sax.saxutils import escape

path, title, body, *others = sys.argv[1:]
main = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
package = "http://schemas.openxmlformats.org/package/2006"
by = 'w:id="1" w:author="Ida Lund" w:date="2026-06-09T10:00:00Z"'


def run(text, name="t"):
    return f'<w:r><w:{name} xml:space="preserve">{escape(text)}</w:{name}></w:r>'


def cell(text):
    return f"<w:tc><w:p>{run(text)}</w:p></w:tc>"


rows, extra, comment = "", "", ""
for one in others:
    if one[0] == "+":
        extra += f"<w:ins {by}>{run(one[1:])}</w:ins>"
    elif one[0] == "-":
        extra += f"<w:del {by}>{run(one[1:], 'delText')}</w:del>"
    elif one[0] == "?":
        comment = one[1:]
        extra += '<w:r><w:commentReference w:id="1"/></w:r>'
    else:
        name, _, value = one.partition("=")
        rows += f"<w:tr>{cell(name)}{cell(value)}</w:tr>"
table = f"<w:tbl>{rows}</w:tbl>" if rows else ""
heading = f'<w:p><w:pPr><w:pStyle w:val="Title"/></w:pPr>{run(title)}</w:p>'
text = f"{table}{heading}<w:p>{run(body)}{extra}</w:p>"
kinds = {"document": "document.main", "styles": "styles"}
parts = {
    "word/document.xml": f'<w:document xmlns:w="{main}"><w:body>{text}</w:body></w:document>',
    "word/styles.xml": f'<w:styles xmlns:w="{main}"><w:style w:type="paragraph" w:styleId="Title">'
    '<w:name w:val="Title"/></w:style></w:styles>',
    "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1"'
    f' Type="{office}/officeDocument" Target="word/document.xml"/></Relationships>',
}
if comment:
    kinds["comments"] = "comments"
    parts["word/comments.xml"] = (f'<w:comments xmlns:w="{main}"><w:comment {by}><w:p>{run(comment)}</w:p>'
                                  '</w:comment></w:comments>')
parts["word/_rels/document.xml.rels"] = (
    f'<Relationships xmlns="{package}/relationships">'
    + "".join(f'<Relationship Id="r{i}" Type="{office}/{name}" Target="{name}.xml"/>'
              for i, name in enumerate(kinds) if name != "document")
    + "</Relationships>")
parts["[Content_Types].xml"] = (
    f'<Types xmlns="{package}/content-types"><Default Extension="rels"'
    ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    + "".join(f'<Override PartName="/word/{name}.xml" ContentType="application/'
              f'vnd.openxmlformats-officedocument.wordprocessingml.{kind}+xml"/>' for name, kind in kinds.items())
    + "</Types>")
with zipfile.ZipFile(path + ".new", "w", zipfile.ZIP_DEFLATED) as word:
    for name in ["[Content_Types].xml", *[name for name in parts if name[0] != "["]]:
        word.writestr(zipfile.ZipInfo(name, (2026, 6, 9, 10, 0, 0)),
                      '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>' + parts[name])
os.replace(path + ".new", path)
PY
}

# everything AT: what is dropped is taken, and what is queued is sent
everything() {
    at "$1" run
    at "${1%Z}.900Z" deliver
}

is_public() { # SLUG
    [ -e "$ROOM/public/releases/2026/$1/text.txt" ]
}

public_text() { # SLUG
    cat "$ROOM/public/releases/2026/$1/text.txt"
}

# told ADDRESS WORDS: the newest mail to ADDRESS whose subject begins so
told() {
    mails "^To: $1" | xargs -r grep -l "^Subject: $2" | xargs -r ls -tr | tail -1
}

# answer FILE ADDRESS WORDS: to that mail
answer() {
    mail "$(grep -hm1 '^Reply-To:' "$1" | sed 's/^Reply-To: *//')" "$2" "$3

Den 10. juni 2026 skrev Region Nordhav Presse <presse@nordhav.example>:
> Svar JA" "Subject: Re: Venter"
}

# words FILE: a mail's text
words() {
    "$PYTHON" - "$1" <<'PY'
import email, email.policy, sys
mail = email.message_from_binary_file(open(sys.argv[1], "rb"), policy=email.policy.default)
print(" ".join(mail.get_body(("plain",)).get_content().split()))
PY
}

field() { # EXPRESSION over release a
    pr release show a --json | json "$1"
}

note() { # FILE
    cat "$ROOM/releases/$1.problems.txt"
}

# Holds I1.
@test "a text with open changes waits; who got its preview lets it go with a yes, and the last good one stays meanwhile" {
    word a.docx "Overskrift" "Broen koster 40 mio. kroner." id=a "+Den åbner i august." "-Den koster 90 mio. kroner." "?Er tallet rigtigt?"
    everything 2026-06-10T08:01:00Z
    nothing_public_of Overskrift
    mail=$(told presse@nordhav.example Modtaget)
    words "$mail" | grep -q "Svar JA"
    words "$mail" | grep -q "Er tallet rigtigt?"
    note a.docx | grep -q "ændringer: godkendt"
    [ "$(mails '^Subject: Venter' | wc -l)" -eq 0 ] # that mail asks already
    grep -q "ingen har taget stilling" "$ROOM/releases/status.html"
    # Neither a stranger, nor an approver whom it did not go to, nor an empty run.
    answer "$mail" fremmed@example.org "JA"
    answer "$mail" chef@nordhav.example "JA"
    at 2026-06-10T08:02:00Z collect
    everything 2026-06-10T08:03:00Z
    nothing_public_of Overskrift
    answer "$mail" presse@nordhav.example "JA"
    at 2026-06-10T08:30:00Z collect
    everything 2026-06-10T08:31:00Z
    public_text overskrift | grep -q "åbner i august"
    run ! grep -q "90 mio" "$ROOM/public/releases/2026/overskrift/text.txt"
    field 'd["public"]' | grep -q '2026-06-10T10:3' # from the yes on
    [ "$(field 'd["approvals"][0]["address"]')" = presse@nordhav.example ]
    run ! grep -q "JA" "$ROOM/releases/a.docx.problems.txt"
    # Changed, it waits anew, and the old yes is none.
    word a.docx "Overskrift" "Broen koster 41 mio. kroner." id=a "?Er det nu rigtigt?"
    everything 2026-06-10T09:00:00Z
    public_text overskrift | grep -q "40 mio"
    nothing_public_of "41 mio"
    waiting=$(told presse@nordhav.example Venter)
    words "$waiting" | grep -q "Er det nu rigtigt?"
    grep -q "Den nye udgave venter" "$ROOM/releases/status.html"
    answer "$mail" presse@nordhav.example "JA"
    at 2026-06-10T09:01:00Z collect
    everything 2026-06-10T09:02:00Z
    nothing_public_of "41 mio"
    answer "$waiting" presse@nordhav.example "Det skal vi lige tale om"
    at 2026-06-10T09:03:00Z collect
    everything 2026-06-10T09:04:00Z
    nothing_public_of "41 mio"
    [ -n "$(told presse@nordhav.example 'Ikke godkendt')" ]
    # The comment is deleted: nothing of the text is another, and it goes.
    word a.docx "Overskrift" "Broen koster 41 mio. kroner." id=a
    everything 2026-06-10T09:10:00Z
    public_text overskrift | grep -q "41 mio"
    [ ! -e "$ROOM/releases/a.docx.problems.txt" ]
}

# Holds I1.
@test "moved out of the drafts it goes as its preview shows it, once that mail went and not before" {
    word Kladder/a.docx "Overskrift" "Broen koster 40 mio. kroner." id=a "?Hvad med gangstien?"
    PRESSROOM_FAULT=receipts-queued run -137 pr run # the mail is written and has not left
    mv "$ROOM/releases/Kladder/a.docx" "$ROOM/releases/a.docx"
    everything 2026-06-10T08:02:00Z
    nothing_public_of Overskrift
    [ -n "$(told presse@nordhav.example Venter)" ]
    # That mail shows it, too: by the drafts it goes now.
    mv "$ROOM/releases/a.docx" "$ROOM/releases/Kladder/a.docx"
    everything 2026-06-10T08:03:00Z
    nothing_public_of Overskrift
    word Kladder/a.docx "Overskrift" "Broen koster 40 mio. kroner." id=a "?Noget andet."
    mv "$ROOM/releases/Kladder/a.docx" "$ROOM/releases/a.docx"
    everything 2026-06-10T08:04:00Z # another file than was shown
    nothing_public_of Overskrift
    mv "$ROOM/releases/a.docx" "$ROOM/releases/Kladder/a.docx"
    everything 2026-06-10T08:05:00Z
    answer "$(told presse@nordhav.example Venter)" presse@nordhav.example "JA"
    at 2026-06-10T08:05:30Z collect
    everything 2026-06-10T08:06:00Z
    nothing_public_of Overskrift # a draft is none that a yes lets go
    [ -n "$(told presse@nordhav.example 'Ikke godkendt')" ]
    mv "$ROOM/releases/Kladder/a.docx" "$ROOM/releases/a.docx"
    everything 2026-06-10T08:07:00Z
    is_public overskrift
}

# Holds I1.
@test "the field lets its own revision go, in the text or beside it, and without receipts it is what there is" {
    sed -i '/^receipts:/,$d' "$ROOM/newsroom.yaml"
    word a.docx "Overskrift" "Broen koster 40 mio. kroner." id=a "?Hvad med gangstien?"
    everything 2026-06-10T08:01:00Z
    nothing_public_of Overskrift
    note a.docx | grep -q "ændringer: godkendt"
    run ! grep -q "JA" "$ROOM/releases/a.docx.problems.txt"
    mv "$ROOM/releases/a.docx" "$ROOM/releases/Kladder/a.docx"
    everything 2026-06-10T08:02:00Z
    mv "$ROOM/releases/Kladder/a.docx" "$ROOM/releases/a.docx"
    everything 2026-06-10T08:03:00Z # nobody can have seen it
    nothing_public_of Overskrift
    word a.docx "Overskrift" "Broen koster 40 mio. kroner." id=a ændringer=godkendt "?Hvad med gangstien?"
    everything 2026-06-10T08:04:00Z
    is_public overskrift
    note a.docx | grep -q "går ud, som den er"
    word a.docx "Overskrift" "Broen koster 42 mio. kroner." id=a "?Hvad med gangstien?"
    everything 2026-06-10T08:05:00Z
    public_text overskrift | grep -q "40 mio"
    printf 'ændringer: godkendt\n' >"$ROOM/releases/a.yaml"
    everything 2026-06-10T08:06:00Z
    public_text overskrift | grep -q "42 mio"
}

# Holds I1.
@test "where approval is required an approver is told what is open, and his yes alone counts" {
    approval_is required
    word a.docx "Overskrift" "Broen koster 40 mio. kroner." id=a "?Er tallet rigtigt?"
    everything 2026-06-10T08:01:00Z
    nothing_public_of Overskrift
    asked=$(told chef@nordhav.example "Skal godkendes")
    words "$asked" | grep -q "Er tallet rigtigt?"
    received=$(told presse@nordhav.example Modtaget)
    run ! grep -q "Svar JA" <<<"$(words "$received")"
    answer "$received" presse@nordhav.example "JA"
    at 2026-06-10T08:02:00Z collect
    everything 2026-06-10T08:03:00Z
    nothing_public_of Overskrift
    # Without the setting it waits still, and others are asked.
    approval_is none
    everything 2026-06-10T08:04:00Z
    everything 2026-06-10T08:05:00Z
    nothing_public_of Overskrift
    [ -n "$(told presse@nordhav.example Venter)" ]
    approval_is required
    everything 2026-06-10T08:06:00Z
    answer "$(told presse@nordhav.example Venter)" presse@nordhav.example "JA"
    at 2026-06-10T08:07:00Z collect
    everything 2026-06-10T08:08:00Z
    nothing_public_of Overskrift
    answer "$(told chef@nordhav.example "Skal godkendes")" chef@nordhav.example "JA"
    at 2026-06-10T08:09:00Z collect
    everything 2026-06-10T08:10:00Z
    is_public overskrift
}

# Holds I1, I4.
@test "killed at any point of taking, showing and answering, it goes with the yes and once; STOP holds it all the same" {
    word a.docx "Overskrift" "Broen koster 40 mio. kroner." id=a "?Er tallet rigtigt?"
    for point in ingest-compared receipts-written receipts-queued; do
        PRESSROOM_FAULT=$point run -137 pr run
        nothing_public_of Overskrift
    done
    everything 2026-06-10T08:05:00Z
    nothing_public_of Overskrift
    mail=$(told presse@nordhav.example Modtaget)
    [ "$(mails '^To: presse@nordhav.example' | wc -l)" -eq 1 ]
    answer "$mail" presse@nordhav.example "STOP"
    at 2026-06-10T08:06:00Z collect
    answer "$mail" presse@nordhav.example "JA"
    PRESSROOM_FAULT=approval-given run -137 pr collect
    [ "$(field 'len(d["approvals"])')" -eq 0 ]
    at 2026-06-10T08:07:00Z collect
    everything 2026-06-10T08:08:00Z
    [ "$(field 'len(d["approvals"])')" -eq 1 ]
    nothing_public_of Overskrift
    pr release resume a
    everything 2026-06-10T08:09:00Z
    is_public overskrift
    [ "$(mails '^To: presse@nordhav.example' | xargs grep -l '^Subject: Godkendt' | wc -l)" -eq 1 ]
}
