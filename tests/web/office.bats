#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# What the press office alone sees, in Danish and English: status.html with files in every state, and with 300 and years; the
# pages behind /status/TOKEN and /preview/TOKEN; a preview as it is mailed, by itself; the guide. Valid HTML, no violation
# that axe knows of, in light and dark, on a phone and a desktop.

bats_require_minimum_version 1.5.0
load ../stories/newsroom
load ../stories/serve

LONG="Region Nordhav og de fem kommuner ved Lille Å åbner sammen et sundheds-, genoptrænings- og rehabiliteringscenter-med-akutmodtagelse i det gamle rådhus"

setup() {
    newsroom_make
    serve_configure
}

teardown() {
    serve_stop
}

# office_make LANGUAGE: files in every state there is
office_make() {
    sed -i "s/^  language: da/  language: $1/; s|^  from: .*|&\n  inbox: maildir:$BATS_TEST_TMPDIR/inbox|; s/^intake: .*/intake: {settle: 0s, approval: required}/" "$ROOM/newsroom.yaml"
    mkdir -p "$BATS_TEST_TMPDIR"/inbox/{new,cur,tmp} "$ROOM/releases/Kladder" "$ROOM/releases/Planlagt"
    printf '%s\n' "status: web" "receipts: {to: [vagt@nordhav.example], approvers: [Karen Holm <karen@nordhav.example>, bo.lund@nordhav.example]}" >>"$ROOM/newsroom.yaml"
    subscriber_add anna@outlook.com
    subscriber_add bo@firma.example
    sed -i 's/, approval: required//' "$ROOM/newsroom.yaml"
    release_write ude.md "title: $LONG" "published: 2026-06-10T07:00:00Z"
    release_write gammel.md "title: Årsberetning" "published: 2024-06-10T07:00:00Z"
    release_write trukket.md "title: Gratis parkering" "published: 2026-06-10T06:00:00Z"
    pr -q run || true
    pr release withdraw "$(pr release list --json | json '[r["id"] for r in d["releases"] if r["title"] == "Gratis parkering"][0]')" --reason "Regionsrådet har ikke truffet beslutningen."
    sed -i 's/^intake: {settle: 0s/&, approval: required/' "$ROOM/newsroom.yaml"
    release_write ude.md "title: $LONG" "published: 2026-06-10T07:00:00Z" "correction: Det er fem kommuner, ikke fire."
    release_write budget.md "title: Budgettet for 2027"
    release_write senere.md "title: Kommer senere" "embargo: 2026-06-15T06:00:00+02:00"
    release_write forkert-filnavn-der-er-meget-meget-langt-og-ikke-kan-deles-nogen-steder-i-hele-sin-laengde.md "title: Forkert" "ukendt: ja"
    mkdir "$ROOM/releases/Kladder/hus"
    picture_write Kladder/hus/hus.png 1400 900
    BODY="Huset ligger ved åen. Der bliver plads til lægevagt, jordemoderkonsultation og fysioterapi, og der kommer en bus hver time." \
        release_write Kladder/hus/tekst.md "title: $LONG" "images: [{file: hus.png, alt: Huset}]"
    echo "%PDF-1.4" >"$ROOM/releases/løs.pdf"
    pr -q run || true
    pr -q run || true
}

# page NAME PATH [CURL ARGUMENT…]: what serve answers, beside the stylesheet that it asks for
page() {
    get "$2" "${@:3}" >"$BATS_TEST_TMPDIR/pages/$1.html"
    status_is 200
}

# The page and the mail that a draft's receipt brings as files: preview-file-0.html …
attached() {
    "$PYTHON" - "$MAIL" "$BATS_TEST_TMPDIR/pages" <<'PY'
import email, email.policy, glob, sys
pages = {}
for path in sorted(glob.glob(sys.argv[1] + "/new/*")):
    with open(path, "rb") as file:
        message = email.message_from_binary_file(file, policy=email.policy.default)
    for part in message.iter_attachments():
        if part.get_content_type() == "text/html" and "rådhus" in message["Subject"]:
            pages.setdefault(part.get_filename(), part.get_content())
assert len(pages) > 0
for number, name in enumerate(sorted(pages)):
    open(f"{sys.argv[2]}/preview-file-{number}.html", "w", encoding="utf-8").write(pages[name])
PY
}

office_pages() {
    local preview status
    mkdir "$BATS_TEST_TMPDIR/pages"
    cp -R "$ROOM/public/." "$BATS_TEST_TMPDIR/pages"
    find "$BATS_TEST_TMPDIR/pages" -name '*.html' -delete
    cp "$ROOM/releases/status.html" "$BATS_TEST_TMPDIR/pages/status.html"
    preview=$(pr preview --link "$ROOM/releases/Kladder/hus")
    attached
    status=$(path_in_mail vagt@nordhav.example status)
    serve_start
    page status-button "$status"
    page status-web "$status" -X POST
    page preview-button "${preview#https://presse.nordhav.example}"
    page preview-web "${preview#https://presse.nordhav.example}" -X POST
    cp "$ROOM"/guide/*.html "$BATS_TEST_TMPDIR/pages" 2>/dev/null || true
}

pages_are_well() {
    office_make "$1"
    office_pages
    ls "$BATS_TEST_TMPDIR/pages"
    [ -z "${PICTURES:-}" ] || cp -R "$BATS_TEST_TMPDIR/pages" "$PICTURES/$1"
    # Of "img-src data:" the checker thinks that it forbids data: (browsers do not), and of <img /> in the guide it has a
    # mere information, which counts as an error.
    mkdir "$BATS_TEST_TMPDIR/checked"
    for file in "$BATS_TEST_TMPDIR"/pages/*.html; do
        sed '/^<meta http-equiv="Content-Security-Policy" /d; s|" */>|">|g' "$file" >"$BATS_TEST_TMPDIR/checked/${file##*/}"
    done
    "$PRESSROOM_ROOT/tests/web/vnu.sh" "$BATS_TEST_TMPDIR/checked"
    node "$PRESSROOM_ROOT/tests/web/axe.js" "$BATS_TEST_TMPDIR"/pages/*.html
}

@test "in Danish" {
    pages_are_well da
}

@test "in English" {
    pages_are_well en
}
