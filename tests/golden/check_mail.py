#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Reads mails of ours (files or a folder) with Python's e-mail parser and says what a reader's program would stumble over."""
import email
import email.errors
import email.policy
import html.parser
import pathlib
import re
import sys

BULK = ("List-Id", "List-Unsubscribe", "List-Archive", "Feedback-ID")
URL = re.compile(r"https?://\S+|mailto:\S+")


class Links(html.parser.HTMLParser):
    """Where links and pictures point, and the words that are shown, also to lists of mails."""

    def __init__(self):
        super().__init__()
        self.targets = []
        self.pictures = []
        self.words = []
        self.unseen = 0

    def handle_starttag(self, tag, attributes):
        self.targets += [value for name, value in attributes if name in ("href", "src")]
        self.pictures += [value for name, value in attributes if (tag, name) == ("img", "src")]
        self.unseen += tag in ("head", "style", "title")

    def handle_endtag(self, tag):
        self.unseen -= tag in ("head", "style", "title")

    def handle_data(self, data):
        if not self.unseen:
            self.words += data.split()


def check_lines(raw, complain, is_enclosing=False):
    """is_enclosing: a message is enclosed as it is, so that a dot at the beginning of its lines is doubled."""
    if re.search(rb"(?<!\r)\n|\r(?!\n)", raw):
        complain("a line end that is not CRLF")
    in_body = False
    for number, line in enumerate(raw.split(b"\r\n"), 1):
        in_body = in_body or not line
        if len(line) > 998:
            complain(f"line {number}: {len(line)} octets")
        if in_body and len(line) > 76:
            complain(f"line {number}: an encoded line of {len(line)}")
        if line.startswith(b".") and not (is_enclosing and line.startswith(b"..")):
            complain(f"line {number}: begins with a dot")
        for word in re.findall(rb"=\?[^?]+\?[QBqb]\?[^?]*\?=", line):
            if len(word) > 75 or len(line) > 76:
                complain(f"line {number}: encoded word of {len(word)} in a line of {len(line)}")


def is_defect(defect):
    """Python 3.11 knows no address beyond ASCII (RFC 6532); such a mail travels with SMTPUTF8 alone."""
    return not isinstance(defect, email.errors.NonASCIILocalPartDefect)


def check_fields(message, complain):
    as_written = dict(email.message_from_string(message.as_string()).items())
    for name in ("From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "X-Auto-Response-Suppress"):
        if len(message.get_all(name, [])) != 1:
            complain(f"{name}: {len(message.get_all(name, []))} times")
    for name, value in message.items():
        defects = [defect for defect in value.defects if is_defect(defect)]
        if defects:
            complain(f"{name}: {defects}")
        if "\ufffd" in str(value) or ("=?" in str(value) and str(value) == as_written[name]):
            complain(f"{name}: not decoded: {value}")
    if re.search(r"[a-z2-7]{32}", str(message["Subject"])):
        complain("a token in the subject")
    if len(message["To"].addresses) != 1:
        complain("To: not one person")
    is_bulk = message["List-Id"] is not None
    for name in BULK:
        if (message[name] is not None) != is_bulk:
            complain(f"{name}: in the wrong class of mail")
    if is_bulk == (message["Auto-Submitted"] is not None):
        complain("Auto-Submitted: in the wrong class of mail")
    has_https = is_bulk and "<https://" in message["List-Unsubscribe"]
    if has_https != (message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"):
        complain("List-Unsubscribe-Post: belongs to an https address, and only to it")


def check_first_words(subject, words, where, complain):
    """A list of mails shows the subject and these: they say something else."""
    first = " ".join(words[:4]).casefold()
    if first and first in " ".join(subject.split()).casefold():
        complain(f"the {where} begins with words of the subject: {first}")


def check_outlook(markup, complain):
    """What Word's engine alone reads: as many tables closed as opened, each inside its comment."""
    comments = re.findall(r"<!--\[if mso\]>(.*?)<!\[endif\]-->", markup, re.DOTALL)
    if not comments or len(comments) != markup.count("<!--") or markup.count("<!--") != markup.count("-->"):
        complain("comments that are not Outlook's, or not closed")
    for name in ("table", "tr", "td"):
        opened = sum(len(re.findall(f"<{name}[ >]", comment)) for comment in comments)
        if opened != sum(comment.count(f"</{name}>") for comment in comments):
            complain(f"Outlook's {name} is not closed as often as opened")
    if markup.count('class="button"') and "bgcolor" not in markup:
        complain("a button that is none in Outlook")


def check_parts(message, complain):
    if message.get_content_type() == "multipart/mixed": # the words stand first, files behind them
        message.get_payload()[0]["Subject"] = message["Subject"]
        return check_parts(message.get_payload()[0], complain)
    if message.get_content_type() != "multipart/alternative":
        return complain("is no multipart/alternative")
    parts = list(message.iter_parts())
    if [part.get_content_type() for part in parts] != ["text/plain", "text/html"]:
        return complain("not text first, HTML second")
    for part in parts:
        if part.get_content_charset() != "utf-8" or part["Content-Transfer-Encoding"] != "quoted-printable":
            complain("a part that is not UTF-8 in quoted-printable")
    text, markup = (part.get_content() for part in parts)
    if len(markup.encode()) > 90000:
        complain(f"HTML of {len(markup.encode())} octets")
    if re.search(r"slot[0-9a-f]{24}", message.as_string()):
        complain("an unfilled slot")
    links = Links()
    links.feed(markup)
    check_outlook(markup, complain)
    check_first_words(str(message["Subject"]), links.words, "HTML", complain)
    check_first_words(str(message["Subject"]), text.split(), "text", complain)
    if len(set(links.pictures)) != len(links.pictures):
        complain(f"a picture more than once: {links.pictures}")
    shown = " ".join(links.words) + text
    if "/unsubscribe/" in text and "unsubscribe-" in shown:
        complain("an address to leave by is shown where there is a link")
    in_text = set(URL.findall(text)) | set(re.findall(r"\S+@\S+", text))
    bare = {link.strip("<>") for link in in_text}
    for target in links.targets:
        if target.startswith("https") and not target.endswith((".jpg", ".png")) and target not in bare:
            complain(f"a link of the HTML that is not whole in the text: {target}")
    for line in text.split("\n"):
        for link in URL.findall(line):
            if line.strip().strip("<>") != link.strip("<>"):
                complain(f"a link that is not alone on its line: {line}")


def check_forward(message, complain):
    """What somebody wrote, whole, behind words of ours; or those alone, where it is too large."""
    kinds = [part.get_content_type() for part in message.walk() if not part.is_multipart()]
    if message.is_multipart() and [part.get_content_type() for part in message.iter_parts()] != ["text/plain", "message/rfc822"]:
        complain(f"not our words and the message: {kinds}")
    if not message.is_multipart() and kinds != ["text/plain"]:
        complain(f"not our words alone: {kinds}")
    text = message.get_body(("plain",))
    if text["Content-Transfer-Encoding"] != "quoted-printable" or text.get_content_charset() != "utf-8":
        complain("words that are not UTF-8 in quoted-printable")
    check_first_words(str(message["Subject"]), text.get_content().split(), "text", complain)
    if str(message["Reply-To"]) not in text.get_content():
        complain("does not say who gets an answer")


def check(path):
    problems = []
    raw = path.read_bytes()
    message = email.message_from_string(raw.decode(), policy=email.policy.default)
    for part in message.walk():
        problems += [str(defect) for defect in part.defects]
    is_forward = message["X-Pressroom-Forward"] is not None
    check_fields(message, problems.append)
    if is_forward: # whose inner lines are not ours
        check_forward(message, problems.append)
    else:
        check_lines(raw, problems.append, any(part.get_content_type() == "message/rfc822" for part in message.walk()))
        check_parts(message, problems.append)
    for problem in problems:
        print(f"{path.name}: {problem}")
    return not problems


def main(arguments):
    paths = [path for name in arguments for path in (sorted(pathlib.Path(name).glob("*.eml")) if pathlib.Path(name).is_dir() else [pathlib.Path(name)])]
    results = [check(path) for path in paths]
    print(f"{len(results)} mails, {results.count(False)} with problems")
    return 0 if results and all(results) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
