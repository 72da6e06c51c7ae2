#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# What `check` says of a release before it goes: advice, with the line, and never a refusal or a note.

bats_require_minimum_version 1.5.0
load newsroom

# room_make LANGUAGE: a newsroom as `init` makes it
room_make() {
    ROOM=$BATS_TEST_TMPDIR/room
    export PRESSROOM_NOW=2026-06-01T08:00:00Z
    "$PRESSROOM_PROGRAM" init "$ROOM" --name "Region Nordhav" --url https://presse.nordhav.example/ \
        --from presse@nordhav.example --language "$1" >/dev/null
    sed -i "s|^# intake:|intake: {settle: 0s}\n&|" "$ROOM/newsroom.yaml"
}

drop_both() {
    cat >"$ROOM/releases/busser.md" <<'TEXT'
---
title: Nye busser i Ådal
language: da
id: busser
---
Region Nordhav køber 1.204 busser for 1,5 mia. kr. Den første kører mandag den 9. juni 2026 kl. 10.00.

#### For lille

Spørg Mette Sørensen på 55 10 20 30. Se [siden](https://presse.nordhav.example/releases/2020/nix/).
TEXT
    cat >"$ROOM/releases/busser.en.md" <<'TEXT'
---
title: New buses in Ådal
language: en
translation_of: busser
---
Region Nordhav buys 1,240 buses for DKK 1.5 billion. The first runs on 10 June 2026 at 10 am.

Ask Mette Sorensen, +45 55 10 20 30.
TEXT
}

@test "check says each finding with its line, and refuses nothing" {
    room_make da
    drop_both
    run -0 --separate-stderr "$PRESSROOM_PROGRAM" -C "$ROOM" check
    [[ $output == *"2 good, 0 refused"* ]]
    while IFS= read -r line; do
        [[ $stderr == *"$line"* ]] || { echo "not said: $line"; echo "$stderr"; return 1; }
    done <<'LINES'
releases/busser.md:6: “mandag den 9. juni 2026 kl. 10.00” does not fit: that day is a Tuesday
releases/busser.md:8: the heading “For lille” is more than one step smaller
releases/busser.md:10: the link https://presse.nordhav.example/releases/2020/nix/ leads to a page of ours that is not there
releases/busser.md: the text names nobody to ask
releases/busser.en.md:6: “1,240” stands here, but in Danish it is “1.204”
releases/busser.en.md:6: “on 10 June 2026 at 10 am” stands here, but in Danish it is “den 9. juni 2026 kl. 10.00”
releases/busser.en.md:8: “Mette Sorensen” stands here, but in Danish it is “Mette Sørensen”
LINES
    [ "$(grep -c . <<<"$stderr")" -eq 8 ]
    [ -z "$(find "$ROOM/releases" -name '*.problems.txt')" ]
}

@test "programs get the findings as advice with their lines" {
    room_make da
    drop_both
    "$PRESSROOM_PROGRAM" -C "$ROOM" check --json 2>/dev/null >"$BATS_TEST_TMPDIR/check.json"
    run -0 /usr/bin/python3 -c '
import json, sys
files = {f["file"]: f for f in json.load(open(sys.argv[1]))["files"]}
english = files["busser.en.md"]
assert english["good"]
found = [(p["id"], p["severity"], p["line"]) for p in english["problems"]]
assert ("proof_disagrees", "advice", 6) in found, found
assert ("proof_no_contact", "advice", 0) in found, found
' "$BATS_TEST_TMPDIR/check.json"
}

@test "a run that tells nobody by mail says nothing of it, and a release that is right has no finding" {
    room_make da
    drop_both
    run -0 --separate-stderr "$PRESSROOM_PROGRAM" -C "$ROOM" ingest
    [ -z "$stderr" ]
    [ -z "$(find "$ROOM/releases" -name '*.problems.txt')" ]
    rm "$ROOM"/releases/*.*
    cat >"$ROOM/releases/ret.md" <<'TEXT'
---
title: Ny bro åbner
language: da
contacts: Mette Holm, 55 10 20 30
---
Broen åbner tirsdag den 9. juni 2026 kl. 10.

## Trafik

Se [vores forside](https://presse.nordhav.example/nyt?om=bro).
TEXT
    run -0 --separate-stderr "$PRESSROOM_PROGRAM" -C "$ROOM" check ret.md
    [ -z "$stderr" ]
}

# golden_is NAME FILE: what differs from tests/golden/check/NAME is shown
golden_is() {
    [ -z "${GOLDEN_NEW-}" ] || cp "$2" "$BATS_TEST_DIRNAME/../golden/check/$1.new"
    diff -u "$BATS_TEST_DIRNAME/../golden/check/$1" "$2"
}

# checked LANGUAGE: every finding of the releases in tests/golden/check, in a newsroom of that language
checked() {
    room_make "$1"
    cp "$BATS_TEST_DIRNAME"/../golden/check/releases/* "$ROOM/releases/"
    local status=0
    "$PRESSROOM_PROGRAM" -C "$ROOM" check >"$BATS_TEST_TMPDIR/said" 2>&1 || status=$?
    {
        LC_ALL=C sort "$BATS_TEST_TMPDIR/said"
        echo "exit $status"
    } >"$BATS_TEST_TMPDIR/check.$1"
    golden_is "check.$1.expected" "$BATS_TEST_TMPDIR/check.$1"
}

@test "all that check finds, in a Danish newsroom and in an English one" {
    checked da
    rm -r "$ROOM"
    checked en
}

# received LANGUAGE: the receipt of each of those releases, from its first warning on
received() {
    room_make "$1"
    local mail=$BATS_TEST_TMPDIR/mail.$1
    cat >>"$ROOM/newsroom.yaml" <<YAML
receipts: {to: [vagt@nordhav.example], at: [dropped]}
YAML
    sed -i "s|# smtp: .*|smtp: maildir:$mail|" "$ROOM/newsroom.yaml"
    cp "$BATS_TEST_DIRNAME"/../golden/check/releases/* "$ROOM/releases/"
    "$PRESSROOM_PROGRAM" -C "$ROOM" run >/dev/null 2>&1
    "$PYTHON" - "$mail" >"$BATS_TEST_TMPDIR/receipts.$1" <<'PY'
import email, email.policy, pathlib, sys
texts = []
for path in pathlib.Path(sys.argv[1]).glob("new/*"):
    mail = email.message_from_binary_file(path.open("rb"), policy=email.policy.default)
    paragraphs = mail.get_body(("plain",)).get_content().split("\n\n")
    texts.append((str(mail["Subject"]), "\n\n".join(paragraphs)))
for subject, text in sorted(texts):
    print("##", subject, "\n")
    print(text)
PY
    golden_is "receipts.$1.expected" "$BATS_TEST_TMPDIR/receipts.$1"
}

@test "a receipt warns in the newsroom's language of all that was found" {
    received da
    rm -r "$ROOM"
    received en
}

@test "misspelt words are named, and names, compounds and other languages are not" {
    room_make da
    cat >"$ROOM/releases/stavning.md" <<'TEXT'
---
title: Nye busser i Ådal
language: da
contacts: Mette Holm, 55 10 20 30
---
Region Nordhav køber nye busser til alle borgere, og behandlignen af sagen er slut. Se mere på www.nordhav.example/qwerty.

Mette Xqzander fra Vesterhavn siger, at regionsrådsmedlemmer og busholdepladser fik god plads i sagsbehandlingstiden.

“This has been a wonderful journey for everybody involved,” siger direktøren.

The whole department would certainly appreciate further questions.

Alle får nu kortere ventetidr.
TEXT
    cat >"$ROOM/releases/stavning.en.md" <<'TEXT'
---
title: New buses in Ådal
language: en
translation_of: stavning
contacts: Mette Holm, 55 10 20 30
---
The region buys new buses for all people who live here, and the color of each of them will be choosen by you.
TEXT
    run -0 --separate-stderr "$PRESSROOM_PROGRAM" -C "$ROOM" check
    [[ $stderr$'\n' == *"releases/stavning.md:6: read these words once more; the dictionary does not have them: behandlignen, ventetidr"$'\n'* ]]
    [[ $stderr$'\n' == *"releases/stavning.en.md:7: read these words once more; the dictionary does not have them: choosen"$'\n'* ]]
    # of a language whose dictionary is not here nothing is said, nor by a run that tells nobody
    sed -i 's/^language: da/language: fi/' "$ROOM/releases/stavning.md"
    run -0 --separate-stderr "$PRESSROOM_PROGRAM" -C "$ROOM" check stavning.md
    [[ $stderr != *dictionary* ]]
    run -0 --separate-stderr "$PRESSROOM_PROGRAM" -C "$ROOM" ingest
    [[ $stderr != *dictionary* ]]
}

@test "a PDF that cannot be read aloud is named, and one that can, or cannot be looked into, is not" {
    local kind
    room_make da
    mkdir "$ROOM/releases/plan"
    cat >"$ROOM/releases/plan/plan.md" <<'TEXT'
---
title: Ny plan for busserne
language: da
contacts: Mette Holm, 55 10 20 30
documents: [{file: plain.pdf, title: Plan}]
---
Planen for de nye busser er klar.
TEXT
    for kind in plain packed tagged tagged_packed encrypted damaged; do
        cp "$PRESSROOM_ROOT/tests/golden/pdf/$kind.pdf" "$ROOM/releases/plan/"
    done
    run -0 --separate-stderr "$PRESSROOM_PROGRAM" -C "$ROOM" check
    [[ $stderr == *"releases/plan/plan.md:5: plain.pdf cannot be read aloud"* ]]
    [[ $stderr == *"plan.md: packed.pdf cannot be read aloud"* ]]
    [ "$(grep -c 'read aloud' <<<"$stderr")" -eq 2 ]
    run -0 --separate-stderr "$PRESSROOM_PROGRAM" -C "$ROOM" ingest
    [[ $stderr != *"read aloud"* ]]
}

# starts_of READER: how often a run starts that process
starts_of() {
    strace -f -e trace=execve -o "$BATS_TEST_TMPDIR/trace" "$PRESSROOM_PROGRAM" -q -C "$ROOM" ingest 2>/dev/null || [ $? -eq 1 ]
    grep -c "execve(.*\"$1\"" "$BATS_TEST_TMPDIR/trace" || true
}

@test "a dictionary is opened once a run and language, and only where a text is to be proof-read" {
    [ -z "$PRESSROOM_SANITIZED" ] || skip "the leak checker cannot run under strace"
    room_make da
    drop_both
    [ "$(starts_of spelling)" -eq 0 ] # nobody would be told
    sed -i '/^receipts:/d' "$ROOM/newsroom.yaml"
    echo 'receipts: {to: [vagt@nordhav.example]}' >>"$ROOM/newsroom.yaml"
    [ "$(starts_of spelling)" -eq 0 ]
    printf -- '---\ntitle: Akutmodtagelsen udvides\n---\n\nHospitalet får flere senge, og ventetiden bliver kortere.\n' >"$ROOM/releases/akut.md"
    printf -- '---\ntitle: Ny skole i Vig\n---\n\nEleverne flytter ind efter sommerferien, når malerne er færdige.\n' >"$ROOM/releases/skole.md"
    printf -- '---\ntitle: A lighthouse for sale\nlanguage: en\n---\n\nThe old tower on the northern coast is looking for a buyer.\n' >"$ROOM/releases/fyr.md"
    [ "$(starts_of spelling)" -eq 2 ]
    [ "$(starts_of spelling)" -eq 0 ]
    printf -- '---\ntopcis: [x]\n---\n\nDet kan ikke bruges.\n' >"$ROOM/releases/ond.md"
    [ "$(starts_of spelling)" -eq 0 ]
    [ "$(starts_of text)" -eq 0 ]
}
