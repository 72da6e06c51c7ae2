#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# What leaves on the wire, read by Python's e-mail parser: names, titles, texts and addresses that mail programs stumble over.

bats_require_minimum_version 1.5.0
load newsroom

setup() {
    MAIL=$BATS_TEST_TMPDIR/mail
    RAW=$BATS_TEST_TMPDIR/raw
}

teardown() {
    smtp_peer_stop
}

# The relay's mails as they came, without what it notes in front
raw_mails() {
    local file
    mkdir -p "$RAW"
    for file in "$MAIL"/new/*.eml; do
        sed '/^X-Envelope-/d' "$file" >"$RAW/${file##*/}"
    done
    "$PYTHON" "$PRESSROOM_ROOT/tests/golden/check_mail.py" "$RAW"
}

# each EXPRESSION: of every mail, as m, and read by the older of Python's two parsers, as raw
each() {
    "$PYTHON" - "$RAW" "$1" <<'PY'
import email, email.header, email.policy, pathlib, sys
for path in sorted(pathlib.Path(sys.argv[1]).glob("*.eml")):
    text = path.read_bytes().decode()
    m = email.message_from_string(text, policy=email.policy.default)
    raw = email.message_from_string(text)
    if not eval(sys.argv[2]):
        sys.exit(f"{path.name}: {m['From']} {m['To']} {m['Subject']}: not so: {sys.argv[2]}")
PY
}

@test "a sender, titles and texts beyond ASCII, and lines that look like something else" {
    smtp_peer_start --offer SMTPUTF8 --offer 8BITMIME
    SMTP=smtp://127.0.0.1:$SMTP_PORT newsroom_make
    sed -i "s|^  from: .*|  from: '\"Nordhav, Ærø \& Øst: (presse) 😀\" <presse@nordhav.example>'|" "$ROOM/newsroom.yaml"
    for address in en@avisen.example "o'brien+x@avisen.example" jørgen.åse@avisen.example anna@blåbærgrød.example; do
        subscriber_add "$address"
    done
    release_write a.md "id: a" "title: \"$(printf 'Ærlig 😀 talt %.0s' $(seq 20))\""
    BODY=$(printf '%s\n\n' "--=_0123456789abcdef" "." ".. to prikker" "From: nogen" "$(printf 'x%.0s' $(seq 3000))" \
        "$(printf '\u00e6\u00f8\u00e5\u0301%.0s' $(seq 400))" "=?utf-8?Q?ikke_et_ord?=" "Se https://www.nordhav.example/$(printf 'langt/%.0s' $(seq 60))") \
        release_write b.md "id: b" "title: '=?utf-8?Q?ikke_et_ord?= \"citat\" \\ <b>'"
    pr -q run
    raw_mails
    [ "$(find "$RAW" -name '*.eml' | wc -l)" -eq 8 ]
    # the newer parser keeps the blank between two encoded words of a name
    each 'str(email.header.make_header(email.header.decode_header(raw["From"]))) == "Nordhav, Ærø & Øst: (presse) 😀 <presse@nordhav.example>"'
    each 'str(m["Subject"]) in (("Ærlig 😀 talt " * 20).strip(), "=?utf-8?Q?ikke_et_ord?= \"citat\" \\ <b>")'
    each 'str(m["To"]) in ("en@avisen.example", "o'"'"'brien+x@avisen.example", "jørgen.åse@avisen.example", "anna@xn--blbrgrd-fxak7p.example", "anna@xn--blbrgrd-9xaj2pd.example")'
    each 'str(m["Subject"]).startswith("Ærlig") or ("=_0123456789abcdef" in m.get_body(("plain",)).get_content() and "x" * 3000 in m.get_body(("html",)).get_content())'
    [ "$(grep -rh '^Message-ID' "$RAW" | sort -u | wc -l)" -eq 8 ]
}

@test "texts of any sort, made at random: every mail is well-formed and says what was written" {
    smtp_peer_start
    SMTP=smtp://127.0.0.1:$SMTP_PORT newsroom_make
    echo "announce: {delay: 0s, max_new: 100}" >"$BATS_TEST_TMPDIR/announce"
    sed -i -e "/^announce/r $BATS_TEST_TMPDIR/announce" -e '/^announce/d' "$ROOM/newsroom.yaml"
    subscriber_add en@avisen.example
    "$PYTHON" - "$ROOM/releases" 40 <<'PY'
import random, sys
seed = random.SystemRandom().randrange(1 << 32)
print("seed", seed)
source = random.Random(seed)
letters = "abcdefghijklmnopqrstuvwxyz     ...,,--==__??ÆØÅæøåéüßñ–—“”…😀👩‍⚕️中文العربية\u00a0\u00ad\u2028"
def text(length):
    return "".join(source.choice(letters) for _ in range(length)).strip() or "x"
for number in range(int(sys.argv[2])):
    title = "T " + " ".join(text(source.randrange(1, 200)).replace("\u2028", " ").split())
    body = "\n\n".join("P " + text(source.choice((5, 80, 900, 5000))).replace("\u2028", " ") for _ in range(source.randrange(1, 8)))
    with open(f"{sys.argv[1]}/r{number}.md", "w") as file:
        file.write(f"---\nid: r{number}\ntitle: '{title}'\n---\n{body}\n")
PY
    pr -q run || true # some titles are long, and said to be
    raw_mails
    [ "$(find "$RAW" -name '*.eml' | wc -l)" -eq 40 ]
}
