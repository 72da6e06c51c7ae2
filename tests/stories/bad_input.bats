#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Bad input gets one clear line, changes nothing, and never stops the rest.

bats_require_minimum_version 1.5.0
load newsroom

setup() {
    newsroom_make
    subscriber_add journalist@avisen.example
    release_write god.md "id: god" "title: Den gode"
}

# Runs; the good release must come out all the same, the bad one be named with a note that holds PATTERN.
refused() {
    local file=$1 pattern=$2
    run pr run
    echo "$output"
    [ "$status" -eq 1 ]
    [[ $output == *"$file"* ]]
    [ -f "$ROOM/releases/$file.problems.txt" ]
    cat "$ROOM/releases/$file.problems.txt"
    grep -qi -e "$pattern" "$ROOM/releases/$file.problems.txt"
    grep -rq 'Den gode' "$ROOM/public/releases"
    [ "$(mail_count '^Subject: Den gode')" -eq 1 ]
    [ "$(mail_count '^Subject:')" -eq 1 ]
}

@test "broken YAML is refused with its line" {
    printf -- '---\ntitle: "Uden slutning\ntopics: [\n---\nTekst.\n' >"$ROOM/releases/x.md"
    refused x.md 'linje\|line'
}

@test "a missing title is refused" {
    release_write x.md "topics: [sundhed]"
    refused x.md titel
}

# Holds I7.
@test "an unknown key is refused with the nearest right one: embago must never publish" {
    release_write x.md "title: Hemmelig" "embago: 2027-01-01"
    refused x.md embargo
    nothing_public_of hemmelig
}

@test "a wrong value is refused" {
    release_write x.md "title: Skævvredet" "status: redy"
    refused x.md klar
    nothing_public_of skævvredet
}

@test "a text headed EMBARGO or KLAUSULERET without the field is refused" {
    BODY="**EMBARGO til fredag kl. 12**

Hemmeligt." release_write x.md "title: Klausulen"
    refused x.md embargo
    nothing_public_of klausulen hemmeligt
    BODY="KLAUSULERET: fredag" release_write y.md "title: Klausulen to"
    run at 2026-06-10T09:00:00Z run
    [ -f "$ROOM/releases/y.md.problems.txt" ]
    nothing_public_of klausulen
}

@test "an impossible date is refused" {
    release_write x.md "title: Umulig" "embargo: 2026-02-30 10:00"
    refused x.md embargo
    nothing_public_of umulig
}

@test "a time that does not exist on the night of the clock change is refused" {
    release_write x.md "title: Umulig" "embargo: 2027-03-28 02:30"
    refused x.md embargo
    nothing_public_of umulig
}

@test "two files with one id: the second is refused" {
    BODY="En helt anden tekst om busser i Ådal." release_write x.md "id: god" "title: Tyv"
    refused x.md god
    nothing_public_of tyv
}

@test "a copy of a present release is refused until an id decides" {
    pr run
    cp "$ROOM/releases/god.md" "$ROOM/releases/kopi.md"
    sed -i '/^id:/d' "$ROOM/releases/kopi.md"
    run at 2026-06-10T09:00:00Z run
    [ "$status" -eq 1 ]
    grep -q god "$ROOM/releases/kopi.md.problems.txt"
    [ "$(find "$ROOM/public/releases" -mindepth 2 -maxdepth 2 -type d | grep -c 'den-gode')" -eq 1 ]
    [ "$(mail_count '^Subject:')" -eq 1 ]
}

@test "a near copy of a release, or one renamed and edited, is refused until an id decides" {
    pr run
    release_write kopi.md "title: Den gode"
    echo "En linje mere." >>"$ROOM/releases/kopi.md"
    run at 2026-06-10T09:00:00Z run
    [ "$status" -eq 1 ]
    grep -q 'id: god' "$ROOM/releases/kopi.md.problems.txt"
    [ "$(mail_count '^Subject:')" -eq 1 ]
    # the old file goes: it may be that one, renamed
    rm "$ROOM/releases/god.md"
    run at 2026-06-10T09:10:00Z run
    [ "$status" -eq 1 ]
    [ "$(mail_count '^Subject:')" -eq 1 ]
    sed -i 's/^title:/id: god\ntitle:/' "$ROOM/releases/kopi.md"
    at 2026-06-10T09:20:00Z run
    [ "$(pr release list --json | json 'len(d["releases"])')" -eq 1 ]
    grep -rq 'En linje mere' "$ROOM/public/releases"
    [ "$(mail_count '^Subject:')" -eq 1 ]
    # an id of its own: a new release
    release_write anden.md "id: anden" "title: Den gode"
    at 2026-06-10T09:30:00Z run
    [ "$(pr release list --json | json 'len(d["releases"])')" -eq 2 ]
}

@test "files that no release is made of are told of" {
    for name in uden-endelse x.text; do printf -- '---\ntitle: Overset\n---\nTekst.\n' >"$ROOM/releases/$name"; done
    picture_write ensom.png 4 3
    picture_write brugt.png 4 3
    BODY="Noget med et billede." release_write b.md "title: Billedet" "images: [{file: brugt.png, alt: Rødt}]" "mail: false"
    refused x.text text
    [[ $output == *uden-endelse* ]]
    [ -f "$ROOM/releases/uden-endelse.problems.txt" ]
    [[ $output == *ensom.png*"belongs to no release"* ]]
    [[ $output != *brugt.png* ]]
    # told once, then counted until it changes; `check` says it whenever it is asked
    run at 2026-06-10T09:00:00Z run
    [[ $output != *ensom.png* ]]
    [[ $output == *"2 still refused"*"1 file of no release"* ]]
    run at 2026-06-10T09:00:00Z check
    [[ $output == *ensom.png*"belongs to no release"* ]]
    touch "$ROOM/releases/ensom.png"
    run at 2026-06-10T09:00:00Z run
    [[ $output == *ensom.png*"belongs to no release"* ]]
}

@test "a renamed file is the same release" {
    release_write x.md "title: Omdøbt"
    pr run
    id=$(pr release list --json | json '[r["id"] for r in d["releases"] if r["title"]=="Omdøbt"][0]')
    mv "$ROOM/releases/x.md" "$ROOM/releases/nyt navn.md"
    at 2026-06-10T09:00:00Z run
    [ "$(pr release list --json | json 'len(d["releases"])')" -eq 2 ]
    pr release show "$id" --json | json 'd["path"]' | grep -q 'nyt navn'
    [ "$(mail_count '^Subject:')" -eq 2 ]
}

@test "a reused file name with a new text is refused until an id decides" {
    BODY="Regionsrådet har i dag vedtaget budgettet for næste år med et bredt flertal bag sig." release_write presse.md "title: Budgettet er vedtaget"
    pr run
    BODY="Et nyt center for knogleskørhed åbner i Vesterhavn, og patienterne kan møde op uden henvisning." release_write presse.md "title: Center for knogleskørhed"
    run at 2026-06-10T09:00:00Z run
    [ "$status" -eq 1 ]
    grep -q 'id' "$ROOM/releases/presse.md.problems.txt"
    grep -rq 'Budgettet er vedtaget' "$ROOM/public/releases"
    nothing_public_of knogle
    # an id of its own decides: a new release
    BODY="Et nyt center for knogleskørhed åbner i Vesterhavn, og patienterne kan møde op uden henvisning." release_write presse.md "id: knogle-2026" "title: Center for knogleskørhed"
    at 2026-06-10T10:00:00Z run || true
    grep -rq 'Center for knogle' "$ROOM/public/releases"
    grep -rq 'Budgettet er vedtaget' "$ROOM/public/releases"
}

@test "a slug that is taken gets another" {
    BODY="Den anden tekst handler om noget helt andet, nemlig busser." release_write a.md "title: Den gode"
    pr run
    [ -d "$ROOM/public/releases/2026/den-gode" ]
    [ -d "$ROOM/public/releases/2026/den-gode-2" ]
}

@test "a picture or document that is missing is refused" {
    release_write x.md "title: Billedløs" "images: [{file: findes-ikke.jpg, alt: Intet}]"
    refused x.md findes-ikke.jpg
    nothing_public_of billedl
}

@test "a picture that is a symbolic link, or lies outside the folder, is refused and never followed" {
    mkdir "$ROOM/releases/mappe"
    echo hemmeligt >"$BATS_TEST_TMPDIR/passwd.png"
    ln -s "$BATS_TEST_TMPDIR/passwd.png" "$ROOM/releases/mappe/link.png"
    release_write mappe/x.md "title: Linket" "images: [{file: link.png, alt: Et billede}]"
    refused mappe/x.md link.png
    nothing_public_of linket hemmeligt
    release_write mappe/x.md "title: Linket" "images: [{file: ../../newsroom.yaml, alt: Et billede}]"
    run at 2026-06-10T09:00:00Z run
    grep -q 'newsroom.yaml' "$ROOM/releases/mappe/x.md.problems.txt"
    nothing_public_of linket
}

@test "a release that is itself a symbolic link is never read" {
    printf -- '---\ntitle: Udefra\n---\nHemmeligt.\n' >"$BATS_TEST_TMPDIR/ude.md"
    ln -s "$BATS_TEST_TMPDIR/ude.md" "$ROOM/releases/ude.md"
    ln -s "$BATS_TEST_TMPDIR" "$ROOM/releases/udemappe"
    run pr run
    nothing_public_of udefra hemmeligt
    grep -rq 'Den gode' "$ROOM/public/releases"
}

@test "our notes are never written through a link" {
    release_write x.md "topics: [sundhed]"
    echo uskyldig >"$BATS_TEST_TMPDIR/offer"
    ln -s "$BATS_TEST_TMPDIR/offer" "$ROOM/releases/x.md.problems.txt"
    run pr run
    grep -qx uskyldig "$BATS_TEST_TMPDIR/offer"
}

@test "a file without read permission is refused; when it is good again the note goes" {
    # root may read everything: then the newsroom is nobody's, and so is the run
    as() { PRESSROOM_NOW=$1 "$PRESSROOM_PROGRAM" -C "$ROOM" run; }
    if [ "$(id -u)" -eq 0 ]; then
        cp -RL "$(dirname "$(dirname "$PRESSROOM_PROGRAM")")/share" "$BATS_TEST_TMPDIR/share"
        cp -R "$(dirname "$(dirname "$PRESSROOM_PROGRAM")")/lib" "$BATS_TEST_TMPDIR/lib"
        install -D "$PRESSROOM_PROGRAM" "$BATS_TEST_TMPDIR/bin/pressroom"
        chown -R nobody "$BATS_TEST_TMPDIR"
        chmod a+x "$BATS_RUN_TMPDIR" "$BATS_RUN_TMPDIR"/test "$BATS_TEST_TMPDIR"
        as() { runuser -u nobody -- env PRESSROOM_NOW="$1" "$BATS_TEST_TMPDIR/bin/pressroom" -C "$ROOM" run; }
    fi
    release_write x.md "title: Ulæselig"
    chmod 000 "$ROOM/releases/x.md"
    [ "$(id -u)" -ne 0 ] || chown nobody "$ROOM/releases/x.md"
    run as 2026-06-10T08:00:00Z
    echo "$output"
    [ "$status" -eq 1 ]
    [ -f "$ROOM/releases/x.md.problems.txt" ]
    chmod 644 "$ROOM/releases/x.md"
    run as 2026-06-10T09:00:00Z
    echo "$output"
    [ "$status" -eq 0 ]
    [ ! -e "$ROOM/releases/x.md.problems.txt" ]
    grep -rq 'Ulæselig' "$ROOM/public/releases"
}

@test "a 100 MB file is refused" {
    { printf -- '---\ntitle: Stor\n---\n'; head -c 100000000 /dev/zero | tr '\0' a; } >"$ROOM/releases/x.md"
    refused x.md 'stor\|MB\|larger\|større'
}

@test "NUL bytes are refused; other control characters never reach a feed" {
    printf -- '---\ntitle: Nul\n---\nTekst \000 her.\n' >"$ROOM/releases/x.md"
    printf -- '---\ntitle: "Styretegn \035 her"\n---\nTekst \035 og \013 her.\n' >"$ROOM/releases/y.md"
    run pr run
    [ -f "$ROOM/releases/x.md.problems.txt" ]
    nothing_public_of '>nul<'
    run ! grep -rqP '[\x00-\x08\x0b\x0c\x0e-\x1f]' --include='*.atom' --include='*.rss' --include='*.html' --include='*.json' "$ROOM/public"
    xmllint --noout "$ROOM"/public/feeds/*.atom "$ROOM"/public/feeds/*.rss
}

@test "script, event handlers and javascript: links do not come through" {
    BODY='Hej <script>alert(1)</script> <b onclick="ondskab()">fed</b> [link](javascript:ondskab()) ![x](javascript:ondskab())

<iframe src="https://ond.example/"></iframe>

<img src=x onerror=ondskab()>' release_write x.md "title: '<script>ondskab()</script> & \"titlen\"'"
    pr run || true
    page=$(find "$ROOM/public/releases" -name index.html -path '*titlen*')
    [ -n "$page" ]
    run ! grep -qiE '<script[^>]*>[^{<]*(alert|ondskab)|on(click|error)=|href="javascript|<iframe' "$page"
    run ! grep -qiE 'on(click|error)=|href=.?"javascript|<iframe|<script>alert' "$ROOM/public/feeds/pressemeddelelser.atom"
    xmllint --noout "$ROOM"/public/feeds/*.atom "$ROOM"/public/feeds/*.rss
}

@test "a title with line breaks cannot add a mail header" {
    release_write x.md 'title: "Ond\r\nBcc: alle@ond.example\r\n\r\nTekst"'
    pr run || true
    run ! grep -rqi '^Bcc:' "$MAIL/new"
}

@test "Windows-1252 is read, with a warning" {
    printf -- '---\ntitle: Bl\345b\346r\n---\nR\370dgr\370d med fl\370de.\n' >"$ROOM/releases/x.md"
    run pr run
    [[ $output == *"older Windows programs"* ]]
    grep -rq 'Blåbær' "$ROOM/public/releases"
}

@test "half-written names and our own files are never read" {
    for name in '~$x.md' .x.md x.md.part x.md.tmp x.md.filepart; do release_write "$name" "title: Halvskrevet"; done
    pr run
    nothing_public_of halvskrevet
}

@test "a note is removed when the file is good again" {
    release_write x.md "topics: [sundhed]"
    pr run || true
    [ -f "$ROOM/releases/x.md.problems.txt" ]
    release_write x.md "topics: [sundhed]" "title: Nu god"
    at 2026-06-10T09:00:00Z run
    [ ! -e "$ROOM/releases/x.md.problems.txt" ]
    grep -rq 'Nu god' "$ROOM/public/releases"
}

# Holds I7.
@test "the last good revision stays public when an edit is bad" {
    pr run
    release_write god.md "id: god" "title: Den gode" "embago: 2027-01-01"
    run at 2026-06-10T09:00:00Z run
    [ "$status" -eq 1 ]
    grep -rq 'Den gode' "$ROOM/public/releases"
}

@test "unknown keys and wrong values in newsroom.yaml: exit 2, each named with file, line and the nearest right key" {
    sed -i 's/^announce:.*/announse: {delay: 0s}/; s/language: da/language: dansk-ish-x/' "$ROOM/newsroom.yaml"
    run pr run
    echo "$output"
    [ "$status" -eq 2 ]
    [[ $output == *newsroom.yaml:*announse*announce* ]]
    [[ $output == *newsroom.yaml:*language* ]]
}

@test "a read-only public/ is told, nothing is mailed for what is not there, and the next run completes" {
    if [ "$(id -u)" -eq 0 ]; then
        mount -t tmpfs -o ro none "$ROOM/public" 2>/dev/null || chattr +i "$ROOM/public"
    else
        chmod a-w "$ROOM/public"
    fi
    run pr run
    status_first=$status
    umount "$ROOM/public" 2>/dev/null || chattr -i "$ROOM/public" 2>/dev/null || chmod u+w "$ROOM/public"
    [ "$status_first" -eq 1 ]
    [ "$(mail_count '^Subject:')" -eq 0 ]
    at 2026-06-10T08:10:00Z run
    grep -rq 'Den gode' "$ROOM/public/releases"
    [ "$(mail_count '^Subject: Den gode')" -eq 1 ]
}

# Holds I8.
@test "a full disk is told, nothing is half-written, and the next run completes" {
    disk=$BATS_TEST_TMPDIR/disk
    mkdir "$disk"
    mount -t tmpfs -o size=1500k none "$disk"
    cp -a "$ROOM" "$disk/room"
    for i in $(seq 60); do
        BODY=$(head -c 9000 /dev/urandom | base64) 
        BODY="$BODY" ROOM=$disk/room release_write "fyld$i.md" "title: Fyld nummer $i" "mail: false"
    done 2>/dev/null || true
    run "$PRESSROOM_PROGRAM" -C "$disk/room" run
    echo "$output" | tail -3
    full=$status
    mount -o remount,size=200m "$disk"
    PRESSROOM_NOW=2026-06-10T09:00:00Z run "$PRESSROOM_PROGRAM" -C "$disk/room" run
    grep -rq 'Den gode' "$disk/room/public/releases"
    for gz in $(find "$disk/room/public" -name '*.gz'); do cmp <(zcat "$gz") "${gz%.gz}"; done
    umount "$disk"
    [ "$full" -eq 1 ]
    [ "$(mail_count '^Subject: Den gode')" -eq 1 ]
}
