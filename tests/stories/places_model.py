#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Drives files through places, headers, times, replies and kills, one step after the other, and looks after each run whether anything is seen
or mailed that must not be. The same seed makes the same walk.

    places_model.py PROGRAM FOLDER SEED STEPS [-v]

Every text that a file ever had carries a word of its own. A word is *allowed* from the first run that found it in a file that may be public:
out of the drafts, ready, past its times, approved where that is asked for. A word that was never allowed stands nowhere but in mails to press officers.
"""
import email
import email.policy
import gzip
import os
import random
import re
import shutil
import subprocess
import sys
import unicodedata
from datetime import datetime, timedelta, timezone

OFFICER = "vagt@nordhav.example"
APPROVER = "chef@nordhav.example"
READERS = ["anna@avis.example", "bo@avis.example"]
DRAFTS = ["Kladder", "KLADDER", "kladder", "Drafts", "Utkast", unicodedata.normalize("NFD", "Entwürfe"), "Sundhed/Kladder", "Kladder/sundhed"]
SCHEDULED = ["Planlagt", "PLANLAGT", "Scheduled", "Planerat"]
WITHDRAWN = ["Trukket tilbage", "TRUKKET TILBAGE", "Withdrawn", unicodedata.normalize("NFD", "Zurückgezogen")]
OPEN = ["", "", "", "Sundhed", "sundhed"]
FAULTS = ["ingest-read", "ingest-release", "ingest-commit", "ingest-committed", "ingest-asset", "ingest-orphans", "notes-commit", "publish-batch",
          "publish-cards", "publish-lists", "publish-written", "publish-synced", "publish-noted", "publish-placed", "publish-removed",
          "publish-committed", "announce-step", "receipts-written", "receipts-queued", "approval-asked", "approval-queued",
          "deliver-claimed", "deliver-marked", "deliver-dot", "deliver-outcome", "deliver-recorded", "preview-file", "approval-given",
          "release-stopped", "withdraw-cancelled", "digest-step", "inbound_recorded", "mailbox_moved"]
WORDS = "bro havn skole vej hospital budget klima bibliotek museum strand skov park fabrik torv kirke".split()
DELAY = timedelta(minutes=5)


def stamp(at):
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


class Wrong(Exception):
    pass


class File:
    """A release's file as the press officer has it."""

    def __init__(self, number, name, original=None):
        self.number = number
        self.name = name  # without folders
        self.place = ""
        self.original = original  # File
        self.word = None
        self.status = None
        self.published = None
        self.embargo = None
        self.has_document = False
        self.document_word = None
        self.serial = 0
        self.is_there = True
        self.was_open = False  # at the last run

    def path(self):
        return os.path.join(self.place, self.name) if self.place else self.name

    def id(self):
        return "m%d" % self.number


class Model:
    def __init__(self, program, folder, seed, verbose):
        self.program = program
        self.random = random.Random(seed)
        self.folder = folder
        self.room = os.path.join(folder, "room")
        self.mail = os.path.join(folder, "mail")
        self.inbox = os.path.join(folder, "inbox")
        self.verbose = verbose
        self.now = datetime(2026, 6, 10, 8, 0, 0, tzinfo=timezone.utc)
        self.files = []
        self.allowed = set()
        self.approved = {}  # word → when its yes came
        self.words = {}  # word → File
        self.seen = set()  # file names of mails looked at
        self.mailed = {}  # (release, reader, kind) → Message-IDs
        self.was_public = {}  # file number → first run that may have shown it
        self.asked = []  # mails that ask or tell: (Reply-To, To, words, Subject, at)
        self.stopped = {}  # file number → words that may be seen nevertheless
        self.serial = 0
        self.answers = 0
        self.log = []
        self.approval = self.random.random() < 0.4
        self.killed = False

    # ---- the newsroom ----

    def pressroom(self, *words, fault=None, check=True):
        environment = dict(os.environ, PRESSROOM_NOW=stamp(self.now), PRESSROOM_RANDOM=str(len(self.log) + 1))
        if fault:
            environment["PRESSROOM_FAULT"] = fault
        done = subprocess.run([self.program, "-C", self.room, *words], env=environment, capture_output=True, text=True, timeout=120)
        if check and done.returncode not in (0, 1) and not (fault and done.returncode in (137, -9)):
            raise Wrong("%s ended with %d: %s" % (" ".join(words), done.returncode, done.stderr[-2000:]))
        return done

    def make(self):
        shutil.rmtree(self.folder, ignore_errors=True)
        os.makedirs(self.folder)
        subprocess.run([self.program, "init", self.room, "--name", "Region Nordhav", "--url", "https://presse.nordhav.example/", "--from",
                        "presse@nordhav.example", "--language", "da"], check=True, capture_output=True,
                       env=dict(os.environ, PRESSROOM_NOW=stamp(self.now), PRESSROOM_RANDOM="1"))
        for part in ("new", "cur", "tmp"):
            os.makedirs(os.path.join(self.inbox, part))
        shutil.rmtree(os.path.join(self.room, "topics"), ignore_errors=True)
        with open(os.path.join(self.room, "newsroom.yaml"), "w") as file:
            file.write("""publisher: {name: Region Nordhav, address: "Havnegade 1, 9999 Vesterhavn", privacy: "https://presse.nordhav.example/p"}
site: {url: "https://presse.nordhav.example/", language: da, timezone: Europe/Copenhagen}
mail:
  from: presse@nordhav.example
  smtp: maildir:%s
  inbox: maildir:%s
  replies: svar@nordhav.example
  bounces: bounce@nordhav.example
announce: {delay: 5m, max_new: 100}
intake: {settle: 0s, approval: %s, folders: {Sundhed: {topics: [sundhed], receipts: [sundhed@nordhav.example]}}}
receipts: {to: [%s], approvers: [%s]}
""" % (self.mail, self.inbox, "required" if self.approval else "none", OFFICER, APPROVER))
        for reader in READERS:
            self.pressroom("subscriber", "add", reader, "--confirmed", "--evidence", "blanket")

    # ---- what the press officer does ----

    def word(self, file):
        self.serial += 1
        word = "q%sx%d" % ("".join(self.random.choice("bcdfghjklmnp") for _ in range(5)), self.serial)
        self.words[word] = file
        return word

    def absolute(self, file):
        return os.path.join(self.room, "releases", file.path())

    def write(self, file):
        file.word = self.word(file)
        lines = ["---", "id: %s" % file.id(), "title: %s %s" % (WORDS[file.number % len(WORDS)].capitalize(), file.word)]
        if file.original:
            lines += ["translation_of: %s" % file.original.id(), "language: en"]
        if file.status:
            lines.append("status: %s" % file.status)
        if file.published:
            lines.append("published: %s" % stamp(file.published))
        if file.embargo:
            lines.append("embargo: %s" % stamp(file.embargo))
        if file.has_document:
            file.document_word = self.word(file)
            lines.append("documents: [{file: d%d.csv, title: Tal}]" % file.number)
        lines.append("---")
        topic = WORDS[(file.number * 7 + 3) % len(WORDS)]
        lines.append("%s nummer %d handler om %s og kun om det. %s" % (topic.capitalize(), file.number, file.word, " ".join(
            WORDS[(file.number * k + k) % len(WORDS)] + str(file.number * 13 + k) for k in range(1, 12))))
        path = self.absolute(file)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        if file.has_document:
            with open(os.path.join(os.path.dirname(path), "d%d.csv" % file.number), "w") as out:
                out.write("navn;tal\n%s;1\n" % file.document_word)
        with open(path + ".part", "w") as out:
            out.write("\n".join(lines) + "\n")
        os.rename(path + ".part", path)

    def spot(self):
        kind = self.random.random()
        choices = OPEN if kind < 0.45 else DRAFTS if kind < 0.7 else SCHEDULED if kind < 0.82 else WITHDRAWN
        return self.random.choice(choices)

    def headers(self, file):
        file.status = self.random.choice([None, None, None, None, "draft", "ready", "klar"])
        file.published = self.now + timedelta(minutes=self.random.choice([1, 10, 60, 1000])) if self.random.random() < 0.3 else None
        file.embargo = self.now + timedelta(minutes=self.random.choice([2, 30, 300])) if self.random.random() < 0.25 else None

    def new(self):
        number = len(self.files)
        original = None
        if self.random.random() < 0.25:
            originals = [f for f in self.files if not f.original]
            original = self.random.choice(originals) if originals else None
        file = File(number, "f%d.md" % number, original)
        file.place = self.spot()
        file.has_document = self.random.random() < 0.2
        self.headers(file)
        if file.place in WITHDRAWN and self.random.random() < 0.5:
            file.place = ""
        self.files.append(file)
        self.write(file)
        return "new %s of %s status=%s published=%s embargo=%s" % (file.path(), original and original.name, file.status, file.published, file.embargo)

    def present(self):
        return [f for f in self.files if f.is_there]

    def move(self, file=None, edit=False):
        if not self.present():
            return self.new()
        file = file or self.random.choice(self.present())
        before = self.absolute(file)
        was = file.path()
        place = self.spot()
        name = file.name
        if self.random.random() < 0.15:
            name = "g%d-%d.md" % (file.number, self.serial)
        directory = os.path.join(self.room, "releases", place)
        os.makedirs(directory, exist_ok=True)
        after = os.path.join(directory, name)
        if os.path.exists(after):
            return "stays %s" % was
        if file.has_document:
            document = os.path.join(os.path.dirname(before), "d%d.csv" % file.number)
            if os.path.exists(document):
                os.rename(document, os.path.join(directory, "d%d.csv" % file.number))
        if os.path.exists(before):
            os.rename(before, after)
        file.place, file.name = place, name
        if edit:
            self.headers(file)
            self.write(file)
        return "move %s to %s%s status=%s published=%s embargo=%s" % (was, file.path(), " edited" if edit else "", file.status, file.published, file.embargo)

    def edit(self):
        if not self.present():
            return self.new()
        file = self.random.choice(self.present())
        if self.random.random() < 0.6:
            self.headers(file)
        self.write(file)
        return "edit %s status=%s published=%s embargo=%s" % (file.path(), file.status, file.published, file.embargo)

    def vanish(self):
        if self.random.random() < 0.5:
            gone = [f for f in self.files if not f.is_there]
            if gone:
                file = self.random.choice(gone)
                file.is_there = True
                self.write(file)
                return "back %s" % file.path()
        if not self.present():
            return self.new()
        file = self.random.choice(self.present())
        os.remove(self.absolute(file))
        file.is_there = False
        return "gone %s" % file.path()

    def reply(self):
        if not self.asked:
            return "nobody to answer"
        kind = self.random.choice(["JA", "JA", "JA", "STOP", "NEJ", "JA men ikke i dag", "ord"])
        if kind.startswith("JA") and self.approval:
            asks = [a for a in self.asked if a[1] == APPROVER and a[3].startswith("Skal godkendes")] or self.asked
            mail = asks[-1] if self.random.random() < 0.7 else self.random.choice(asks)
        else:
            mail = self.random.choice(self.asked[-8:])
        reply_to, to, words, subject, at = mail
        self.answers += 1
        name = os.path.join(self.inbox, "new", "%d.test" % self.answers)
        with open(name, "w") as out:
            out.write("Return-Path: <%s>\nDelivered-To: %s\nFrom: %s\nTo: %s\nSubject: Re: %s\nMessage-ID: <%d@nordhav.example>\n\n%s\n\n> JA\n> STOP\n" % (
                to, reply_to, to, reply_to, subject, self.answers, kind))
        if kind == "JA" and subject.startswith("Skal godkendes") and to == APPROVER and self.now - at <= timedelta(days=7):
            for word in words:
                self.approved[word] = True
        done = self.pressroom("collect", fault=self.random.choice(["approval-given", "release-stopped", "inbound_recorded"]) if self.random.random() < 0.2 else None)
        if kind == "STOP" and done.returncode in (0, 1):
            for word in words:
                if word in self.words:
                    self.stopped_by(self.words[word])
        return "reply %s to «%s» %s" % (kind, subject, words)

    def stopped_by(self, file):
        family = (file.original or file).number
        for f in self.files:
            if (f.original or f).number == family:
                self.stopped.setdefault(f.number, (f.word, f.place))

    def resume(self):
        if not self.stopped:
            return "nothing stopped"
        number = self.random.choice(list(self.stopped))
        family = (self.files[number].original or self.files[number]).number
        self.pressroom("release", "resume", "m%d" % family)
        for f in self.files:
            if (f.original or f).number == family:
                self.stopped.pop(f.number, None)
        return "resume m%d" % family

    # ---- what may be seen ----

    def may_be_public(self, file):
        if not file.is_there or file.place in DRAFTS or file.place in WITHDRAWN or file.status == "draft":
            return False
        if file.place in SCHEDULED and not file.published and not file.embargo and not file.original:
            if file.number not in self.was_public:
                return False
        if file.number not in self.was_public:
            if file.published and file.published > self.now or file.embargo and file.embargo > self.now:
                return False
            if file.original and file.original.number not in self.was_public:
                return False
        if self.approval and file.word not in self.approved:
            return False
        if file.number in self.stopped:
            return False
        return True

    def lift_stops(self):
        for number, (word, place) in list(self.stopped.items()):
            file = self.files[number]
            if file.is_there and (file.word != word or file.place != place):
                del self.stopped[number]

    def allow(self):
        self.lift_stops()
        for file in sorted(self.files, key=lambda f: f.original is not None):
            if self.may_be_public(file):
                self.was_public.setdefault(file.number, self.now)
                self.allowed.add(file.word)
                if file.document_word:
                    self.allowed.add(file.document_word)
                file.was_open = True
            elif file.is_there and file.place not in WITHDRAWN:
                file.was_open = False
            elif file.is_there and file.was_open and not self.approval:
                self.allowed.add(file.word)  # the title of the notice

    def check_public(self):
        pattern = re.compile(rb"q[bcdfghjklmnp]{5}x\d+")
        root = os.path.join(self.room, "public")
        for directory, _, names in os.walk(root):
            for name in names:
                path = os.path.join(directory, name)
                with open(path, "rb") as file:
                    content = file.read()
                if name.endswith(".gz"):
                    content = gzip.decompress(content)
                for word in set(pattern.findall(content)) | set(pattern.findall(path.encode())):
                    if word.decode() not in self.allowed:
                        raise Wrong("%s has %s of %s, which is not public" % (path, word.decode(), self.words[word.decode()].path()))

    def check_mail(self, before):
        new = os.path.join(self.mail, "new")
        for name in sorted(os.listdir(new)) if os.path.isdir(new) else []:
            if name in self.seen:
                continue
            self.seen.add(name)
            with open(os.path.join(new, name), "rb") as file:
                message = email.message_from_binary_file(file, policy=email.policy.default)
            to = str(message["To"]).strip("<> ")
            text = str(message["Subject"]) + "\n" + "\n".join(part.get_content() for part in message.walk() if part.get_content_type() in ("text/plain", "text/html"))
            words = sorted(set(re.findall(r"q[bcdfghjklmnp]{5}x\d+", text)))
            if to in READERS:
                self.check_reader_mail(to, message, words)
            elif "nordhav.example" in to:
                title = re.findall(r"q[bcdfghjklmnp]{5}x\d+", str(message["Subject"]))
                if message["Reply-To"] and "receipt-" in message["Reply-To"]:
                    self.asked.append((str(message["Reply-To"]).strip("<> "), to, title, str(message["Subject"]), self.now))
            else:
                raise Wrong("mail to %s" % to)

    def check_reader_mail(self, to, message, words):
        subject = str(message["Subject"])
        for word in words:
            if word not in self.allowed:
                raise Wrong("%s was mailed %s, which is not public: %s" % (to, word, subject))
        if subject.startswith("Trukket tilbage") or subject.startswith("Withdrawn"):
            kind = "withdrawal"
        elif subject.startswith("Rettelse") or subject.startswith("Correction"):
            kind = "correction"
        else:
            kind = "release"
        numbers = sorted({(self.words[w].original or self.words[w]).number for w in words})
        if len(numbers) != 1:
            return
        ids = self.mailed.setdefault((numbers[0], to, kind), set())
        ids.add(str(message["Message-ID"]))
        if kind != "correction" and len(ids) > 1:
            raise Wrong("%s was mailed m%d (%s) twice: %s" % (to, numbers[0], kind, sorted(ids)))
        original = self.files[numbers[0]]
        if kind == "release" and original.is_there and (original.place in DRAFTS or original.place in WITHDRAWN):
            family = [f for f in self.files if (f.original or f) is original and f.is_there]
            if all(f.place in DRAFTS or f.place in WITHDRAWN for f in family):
                raise Wrong("%s was mailed %s, which lies in %s" % (to, subject, original.place))

    def check_told(self):
        """Each file has a line in status.html, and a receipt or a note."""
        with open(os.path.join(self.room, "releases", "status.html")) as file:
            page = unicodedata.normalize("NFC", file.read())
        texts = []
        new = os.path.join(self.mail, "new")
        for name in os.listdir(new) if os.path.isdir(new) else []:
            with open(os.path.join(new, name), "rb") as file:
                message = email.message_from_binary_file(file, policy=email.policy.default)
            if "nordhav.example" in str(message["To"]):
                texts.append(str(message["Subject"]) + message.get_body(("plain",)).get_content())
        for f in self.present():
            if unicodedata.normalize("NFC", f.name) not in page:
                raise Wrong("status.html has no line of %s" % f.path())
            if f.original or f.number not in self.was_public and f.place in WITHDRAWN:
                continue  # a version is told of with its original; what nobody saw was not missed either
            own = [w for w, of in self.words.items() if of is f]
            if not os.path.exists(self.absolute(f) + ".problems.txt") and not any(w in t for w in own for t in texts) and not any(f.name in t for t in texts):
                raise Wrong("nobody was told of %s" % f.path())

    def check_books(self):
        import json
        books = json.loads(self.pressroom("status", "--json").stdout)
        for m in books["mailings"]:
            if m["audience"] != sum(m[k] for k in ("queued", "sending", "sent", "deferred", "failed", "suppressed", "unknown", "cancelled")):
                raise Wrong("books: %s" % m)

    # ---- the walk ----

    def run(self, fault=None):
        # What the run will find is known before it: nobody else writes meanwhile.
        self.allow()
        done = self.pressroom("run", fault=fault)
        if self.verbose:
            print(done.stderr + done.stdout)
        self.killed = done.returncode in (137, -9)
        self.check_public()
        self.check_mail(None)
        return done

    def step(self):
        count = self.random.choice([0, 1, 1, 1, 2, 3])
        told = []
        if self.random.random() < 0.12:
            count = 0  # nothing else meanwhile, so that it is known what it is an answer to
            told.append(self.reply())
        for _ in range(count):
            what = self.random.random()
            if what < 0.25 and len(self.files) < 12 or not self.files:
                told.append(self.new())
            elif what < 0.55:
                told.append(self.move())
            elif what < 0.68:
                told.append(self.move(edit=True))
            elif what < 0.8:
                told.append(self.edit())
            elif what < 0.95:
                told.append(self.vanish())
            else:
                told.append(self.resume())
        self.now += self.random.choice([timedelta(seconds=1), timedelta(minutes=1), timedelta(minutes=4), timedelta(minutes=5, seconds=1), timedelta(hours=1), timedelta(hours=7)])
        fault = None
        if self.random.random() < 0.25:
            fault = self.random.choice(FAULTS) + self.random.choice(["", "", ":2", ":3"])
        self.log.append("%s %s%s" % (stamp(self.now), "; ".join(told) or "-", " FAULT " + fault if fault else ""))
        if self.verbose:
            print(self.log[-1], flush=True)
        self.run(fault)

    def walk(self, steps):
        self.make()
        for _ in range(steps):
            self.step()
        for minutes in (1, 10, 10):
            self.now += timedelta(minutes=minutes)
            self.log.append("%s -" % stamp(self.now))
            self.run()
        self.check_books()
        self.check_told()


def main():
    program, folder, seed, steps = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    model = Model(os.path.abspath(program), folder, seed, "-v" in sys.argv)
    try:
        model.walk(steps)
    except Wrong as wrong:
        print("seed %d, approval %s:\n%s\n%s" % (seed, model.approval, "\n".join(model.log), wrong))
        sys.exit(1)


main()
