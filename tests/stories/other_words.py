#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Fails where pages, feeds or mails of one language say what another language's strings.yaml has and its own has not.

Usage: other_words.py SOURCE_DIR LANGUAGE FILE…
"""
import email
import email.policy
import html
import pathlib
import re
import sys

LETTERS_MINIMUM = 6  # "Tid" or "Bild" may stand in any word
LETTERS_MINIMUM_ALONE = 9  # a single word may be one of ours in addresses, as "releases" is


def texts(path):
    """The pieces between the placeholders of all texts in a file of strings."""
    pieces = set()
    for line in path.read_text().splitlines():
        match = re.fullmatch(r'[a-z][\w.-]*: "?(.*?)"?', line)
        # how a language calls itself stands in every other
        if not match or line.startswith(("language_name:", "read_in_language:")):
            continue
        for piece in re.split(r"\{\w+\}", match[1]):
            pieces.add(piece.strip(" .,:–"))
    return {piece for piece in pieces if sum(map(str.isalpha, piece)) >= (LETTERS_MINIMUM if " " in piece else LETTERS_MINIMUM_ALONE)}


def shown(path):
    """What a file says to people: of HTML without its tags' names and addresses, of a mail its subject and parts."""
    if path.parent.name == "new":
        mail = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        parts = [part.get_content() for part in mail.walk() if part.get_content_maintype() == "text"]
        text = "\n".join([mail["Subject"], *parts])
    else:
        text = path.read_text(errors="replace")
    text = re.sub(r"(?s)<style.*?</style>|<script.*?</script>", " ", html.unescape(text))
    text = re.sub(r'(class|id|for|name|href|src|rel|action|type|property|value)="[^"]*"|</?\w+|https?://\S+|"[a-z_]+":', " ", text)
    return re.sub(r"\s+", " ", text)


def main():
    folder = pathlib.Path(sys.argv[1], "templates/languages")
    language = sys.argv[2]
    own = " ".join(texts(folder / language / "strings.yaml")).lower()
    foreign = {}
    for path in folder.glob("*/strings.yaml"):
        if path.parent.name != language:
            foreign |= {piece: path.parent.name for piece in texts(path) if piece.lower() not in own}
    wrong = 0
    for name in sys.argv[3:]:
        text = shown(pathlib.Path(name))
        for piece, of in foreign.items():
            if re.search(rf"(?<!\w){re.escape(piece)}(?!\w)", text):
                print(f"{name}: “{piece}” is of {of}", file=sys.stderr)
                wrong += 1
    return wrong > 0


sys.exit(main())
