#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Word files, and pages, as press officers have them: dropped, previewed, published and mailed. The files are made of XML of our own.

bats_require_minimum_version 1.5.0
load newsroom

setup() {
    newsroom_make
}

# word KIND NAME: such a file in the drop directory
word() {
    mkdir -p "$(dirname "$ROOM/releases/$2")"
    "$PYTHON" "$PRESSROOM_ROOT/tests/stories/word_file.py" "$1" "$ROOM/releases/$2"
}

page_of() {
    echo "$ROOM"/public/releases/*/"$1"/index.html
}

@test "a Word file with a table of fields, a picture and a list is checked, previewed, published and mailed" {
    subscriber_add journalist@avisen.example
    word release bro.docx
    pr check bro.docx | grep -q 'good: Ny bro åbner på onsdag'
    pr preview "$ROOM/releases/bro.docx" >/dev/null
    pr run
    [ ! -e "$ROOM/releases/bro.docx.problems.txt" ]
    page=$(page_of ny-bro-aabner-paa-onsdag)
    grep -q '<h2[^>]*>Trafikken lægges om</h2>' "$page"
    grep -q '<li>Nattelukning</li>' "$page"
    grep -q 'alt="Broen set fra nord"' "$page"
    grep -q 'Ida Lund' "$page"
    grep -q 'Mette Holm' "$page"
    grep -q '<a href="https://www.nordhav.example">' "$page"
    ! grep -q 'Emner</t[dh]>\|Foto: Ida' "$page" || return 1
    ls "${page%index.html}" | grep -q 'picture-1'
    [ "$(mail_count 'Subject: =?\|Subject: Ny bro')" -eq 1 ]
    pr run | grep -q 'ingest: nothing new'
}

@test "without styles it is read by its looks: bold words are title, lead and headings" {
    word plain bro.docx
    pr run
    page=$(page_of ny-bro-aabner-paa-onsdag)
    grep -q '<h2[^>]*>Trafikken lægges om</h2>' "$page"
    grep -q '<blockquote' "$page"
    grep -q 'tel:+4555102030' "$page"
    grep -q 'Efter fire år er broen færdig' "$page"
}

# Holds I1.
@test "an embargo in its words keeps a Word file back, and one in NAME.yaml beside it too" {
    word embargo bro.docx
    word release hus.docx
    printf 'embargo: 2026-06-12 06:00\ntitel: Huset\n' >"$ROOM/releases/hus.yaml"
    pr run
    ! grep -rq 'Efter fire år\|Huset' "$ROOM/public" || return 1
    pr release list | grep -q 'waits.*2026-06-11 06:00\|2026-06-11 06:00'
    at 2026-06-11T04:00:01Z run
    grep -q 'Efter fire år' "$(page_of ny-bro-aabner-paa-onsdag)"
    ! grep -q '11. juni 2026 kl. 6<' "$(page_of ny-bro-aabner-paa-onsdag)" || return 1
    ! grep -rq 'Huset' "$ROOM/public" || return 1
    at 2026-06-12T04:00:01Z run
    grep -q 'Huset' "$(page_of huset)"
}

# Holds I1.
@test "a figure that was struck out is never published, and a file with open changes waits" {
    word changed bro.docx
    pr run
    ! grep -rq '900\|950' "$ROOM/public" || return 1
    grep -q 'slettet som en rettelse' "$ROOM/releases/bro.docx.problems.txt"
    printf 'ændringer: godkendt\n' >"$ROOM/releases/bro.yaml"
    at 2026-06-10T08:05:00Z run
    grep -q '950 mio' "$(page_of ny-bro-aabner-paa-onsdag)"
    ! grep -rq '900' "$ROOM/public/releases" || return 1
}

@test "a Word file that is broken is refused with what to do, and the others are taken" {
    word broken halv.docx
    word plain bro.docx
    run pr run
    grep -q 'er i stykker eller ikke kopieret færdig' "$ROOM/releases/halv.docx.problems.txt"
    [ -e "$(page_of ny-bro-aabner-paa-onsdag)" ]
}

@test "beside a text a Word file is a document, also where a text names it; alone in a folder it is the text" {
    release_write hus.md 'title: Huset' 'documents: plan.docx'
    word plain plan.docx
    mkdir "$ROOM/releases/klinik" "$ROOM/releases/bro"
    release_write klinik/tekst.md 'title: Klinikken'
    BODY='Et hus i Vesterhavn bliver til en skole med plads til hundrede.' release_write klinik/tekst.md 'title: Klinikken'
    word release klinik/bilag.docx
    word embargo bro/bro.docx
    pr run
    [ -e "$(dirname "$(page_of huset)")/plan.docx" ]
    [ -e "$(dirname "$(page_of klinikken)")/bilag.docx" ]
    [ ! -e "$(page_of ny-bro-aabner-paa-onsdag)" ]
    [ "$(pr release list | grep -c 'public')" -eq 2 ]
    at 2026-06-11T04:00:01Z run
    [ -e "$(page_of ny-bro-aabner-paa-onsdag)" ]
}

@test "a page in HTML, in whatever character set, is a release without what stands around its text" {
    {
        printf '<html lang="en"><head><meta charset="windows-1252"><title>Havnen f\xe5r lamper | Region Nordhav</title></head><body>'
        printf '<nav><a href="/a">Forside</a></nav><main><h1>Havnen f\xe5r nye lamper</h1><p><b>De gamle lamper er slidte, og nu kommer der nye.</b></p>'
        printf '<p>Lamperne lyser mindre op i himlen, og de bruger halvt s\xe5 meget str\xf8m som f\xf8r. <a href="/mere">L\xe6s mere</a></p>'
        printf '<h2>Kontakt</h2><p>Mette Holm<br>55 10 20 30</p></main><footer>Havnegade 1</footer></body></html>'
    } >"$ROOM/releases/havn.html"
    pr run
    page=$(page_of havnen-faar-nye-lamper)
    grep -q 'lang="da"' "$page"
    grep -q 'halvt så meget strøm som før. Læs mere' "$page"
    grep -q 'tel:+4555102030' "$page"
    ! grep -q 'Forside' "$page" || return 1
    [ ! -e "$ROOM/releases/havn.html.problems.txt" ]
}
