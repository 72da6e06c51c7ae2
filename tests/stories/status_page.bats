#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The page in the drop directory that says what became of each file.

bats_require_minimum_version 1.5.0
load newsroom

setup() {
    newsroom_make
    PAGE=$ROOM/releases/status.html
}

# says WORDS…: each stands on the page
says() {
    local words
    for words in "$@"; do
        grep -qF -- "$words" "$PAGE" || { echo "not there: $words"; cat "$PAGE"; return 1; }
    done
}

files_write() {
    release_write ude.md "title: Nyt sundhedshus" "published: 2026-06-10T07:00:00Z"
    release_write senere.md "title: Kommer senere" "embargo: 2026-06-15T06:00:00+02:00"
    release_write kladde.md "title: Kladde om bro" "status: draft"
    release_write forkert.md "title: Forkert" "ukendt: ja"
}

@test "each file is there in words, and nobody's address" {
    subscriber_add anna@outlook.com
    subscriber_add bo@firma.example
    files_write
    run pr run
    [ "$status" -eq 1 ]
    says '<!-- pressroom: status -->' "Nyt sundhedshus" "Offentlig siden onsdag den 10. juni 2026" "Mailet til 2." \
        https://presse.nordhav.example/releases/2026/nyt-sundhedshus/ \
        "Kommer senere" "Holdes tilbage til mandag den 15. juni 2026" "Kladde. Den kommer ikke ud" \
        "Filen er ikke taget med." "linje 3" "Fil: forkert.md" "Lavet onsdag den 10. juni 2026"
    ! grep -q @ <(sed 's/@media//' "$PAGE")
    ! grep -q 'firma\|outlook' "$PAGE"
    nothing_public_of status.html "Kommer senere"
    rm "$ROOM/releases/forkert.md"
    pr release withdraw "$(pr release list --json | json '[r["id"] for r in d["releases"] if r["title"] == "Nyt sundhedshus"][0]')" \
        --reason "Tallene var forkerte"
    pr run
    says "Der er ikke noget, du skal se på." "Trukket tilbage onsdag den 10. juni 2026" "Grund: Tallene var forkerte" "Tilbagetrækningen: Mailet til 2."
}

@test "the page is no release and no stray file, and is written only when it says something new" {
    files_write
    pr run || true
    pr check 2>&1 | tee "$BATS_TEST_TMPDIR/check" || true
    ! grep -q status.html "$BATS_TEST_TMPDIR/check"
    local before
    before=$(stat -c '%i %Y %s' "$PAGE")
    at 2026-06-10T09:00:00Z run -q || true
    at 2026-06-10T10:00:00Z run -q || true
    [ "$before" = "$(stat -c '%i %Y %s' "$PAGE")" ]
    [ ! -e "$ROOM/releases/status.html.problems.txt" ]
    rm "$PAGE"
    pr run -q || true
    says "Kommer senere"
    release_write senere.md "title: Kommer meget senere" "embargo: 2026-06-15T06:00:00+02:00"
    pr run -q || true
    says "Kommer meget senere"
}

@test "a page of somebody else's is left alone and told once, and a link is not followed" {
    echo '<p>vores egen side</p>' >"$PAGE"
    release_write ude.md "title: Nyt sundhedshus"
    run pr run
    [[ "$output" == *"releases/status.html: is not pressroom's and is left alone"* ]]
    [ "$(cat "$PAGE")" = '<p>vores egen side</p>' ]
    rm "$PAGE"
    echo '<p>hemmeligt</p>' >"$BATS_TEST_TMPDIR/fremmed"
    ln -s "$BATS_TEST_TMPDIR/fremmed" "$PAGE"
    run pr run
    [[ "$output" == *"is not pressroom's"* ]]
    [ -L "$PAGE" ]
    [ "$(cat "$BATS_TEST_TMPDIR/fremmed")" = '<p>hemmeligt</p>' ]
    rm "$PAGE"
    pr run
    says "Nyt sundhedshus"
}

@test "after a kill the page is the old one, whole, and the next run writes the new one" {
    release_write ude.md "title: Nyt sundhedshus"
    pr run
    cp "$PAGE" "$BATS_TEST_TMPDIR/old"
    release_write to.md "title: Den anden"
    PRESSROOM_FAULT=status-page run pr run
    [ "$status" -eq 137 ]
    cmp "$PAGE" "$BATS_TEST_TMPDIR/old"
    pr run
    says "Nyt sundhedshus" "Den anden" "</html>"
    [ ! -e "$ROOM/state/.pressroom-status.tmp" ]
}

@test "status: none writes no page" {
    echo "status: none" >>"$ROOM/newsroom.yaml"
    release_write ude.md "title: Nyt sundhedshus"
    pr run
    [ ! -e "$PAGE" ]
}
