# SPDX-License-Identifier: MIT
"""crowd.py --program P --room R --mail M --inbox I --count N --seed S

N people sign up by web and N by mail while `serve`, `collect` and `deliver` are killed (SIGKILL) at random moments; then all of
them say yes, a third leave again, and a release is mailed. At the end every state, event and mail must be right:

- whoever was answered is known, and nobody is known, confirmed or left who did not ask for it;
- one step has one event, however often the program died on the way;
- each has a confirmation mail (by mail exactly one; by web one a try, for who was not answered asks again), one welcome mail, and
  the release exactly when not among those who left. A mail is counted by its Message-ID: what was on its way in a crash
  may come twice, under the same one (mail.unknown: resend).

The random choices come from the seed, which is printed; the moments also depend on how busy the machine is."""
import argparse
import collections
import concurrent.futures
import email
import email.policy
import http.client
import json
import os
import random
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.parse

START = 1781078400  # 2026-06-10T08:00:00Z
PATIENCE = 600  # seconds, for what never comes


class Room:
    def __init__(self, options):
        self.options = options
        self.minutes = 0
        self.kills = collections.Counter()

    def start(self, *arguments, minutes=None, **settings):
        at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(START + 60 * (self.minutes if minutes is None else minutes)))
        return subprocess.Popen([self.options.program, "-C", self.options.room, *arguments], env={**os.environ, "PRESSROOM_NOW": at},
                                text=True, **settings)

    def killed(self, source, kills, *arguments):
        """The command again and again, killed so many times; the last run ends by itself. Each a minute later."""
        longest = 0.4
        while True:
            self.minutes += 1
            process = self.start("-q", *arguments)
            try:
                process.wait(source.uniform(0.005, longest) if kills > 0 else PATIENCE)
                if process.returncode != 0:
                    sys.exit(f"{arguments}: exit {process.returncode}")
                if kills <= 0:
                    return
                kills -= 1  # it was too quick for us
                longest = max(0.05, longest / 2)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
                self.kills[arguments[0]] += 1
                kills -= 1
                longest *= 1.2

    def json(self, *arguments):
        self.minutes += 1
        process = self.start("--json", *arguments, stdout=subprocess.PIPE)
        text, _ = process.communicate()
        if process.returncode != 0:
            sys.exit(f"{arguments}: exit {process.returncode}")
        return json.loads(text)


class Server:
    """`serve` on one port, killed and started again while the crowd is at it."""

    def __init__(self, room):
        self.room = room
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.listens = threading.Event()
        self.start()

    def start(self):
        self.process = self.room.start("serve", "--listen", f"127.0.0.1:{self.port}", stdout=subprocess.PIPE)
        if not self.process.stdout.readline():
            sys.exit("serve does not listen")
        self.listens.set()

    def stop(self, signal_number):
        self.listens.clear()
        self.process.send_signal(signal_number)
        self.process.wait()

    def trouble(self, source, is_over, kills):
        while kills > 0 and not is_over.wait(source.uniform(0.02, 0.5)):
            self.stop(signal.SIGKILL)
            self.room.kills["serve"] += 1
            kills -= 1
            self.start()

    def post(self, path, fields, number):
        """Until it is answered; the number of tries."""
        end, tries = time.monotonic() + PATIENCE, 0
        while time.monotonic() < end and self.listens.wait(PATIENCE):
            tries += 1
            try:
                connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
                connection.request("POST", path, urllib.parse.urlencode(fields) if fields else None,
                                   {"Content-Type": "application/x-www-form-urlencoded",
                                    "X-Forwarded-For": f"10.{number >> 8}.{number & 255}.7"})
                status = connection.getresponse().status
                connection.close()
                if status == 200:
                    return tries
                if status != 503:
                    sys.exit(f"{path[:12]}: {status}")
            except (OSError, http.client.HTTPException):
                time.sleep(0.02)
        sys.exit(f"{path[:12]}: never answered")

    def rush(self, source, kills, jobs):
        is_over = threading.Event()
        trouble = threading.Thread(target=self.trouble, args=(source, is_over, kills))
        trouble.start()
        with concurrent.futures.ThreadPoolExecutor(24) as crowd:
            tries = list(crowd.map(lambda job: self.post(*job), jobs))
        is_over.set()
        trouble.join()
        return tries


class Mails:
    """What lies in the Maildir, each Message-ID once."""

    def __init__(self, folder):
        self.folder = os.path.join(folder, "new")
        self.seen = set()
        self.kinds = collections.defaultdict(dict)  # (address, kind) → {Message-ID: message}

    def read(self):
        for name in sorted(set(os.listdir(self.folder)) - self.seen):
            self.seen.add(name)
            with open(os.path.join(self.folder, name), "rb") as file:
                message = email.message_from_binary_file(file, policy=email.policy.default)
            self.kinds[message["To"], self.kind(message)][message["Message-ID"]] = message

    @staticmethod
    def kind(message):
        if "+confirm-" in (message["Reply-To"] or ""):
            return "confirmation"
        return "release" if message["List-Unsubscribe"] else "welcome"

    def count(self, address, kind):
        return len(self.kinds.get((address, kind), ()))

    def newest(self, address, kind):
        return list(self.kinds[address, kind].values())[-1]


def link(message, word):
    return re.search(rf"https://presse\.nordhav\.example(/{word}/\w+)", message.get_body(("plain",)).get_content()).group(1)


def drop(inbox, name, sender, to, text):
    path = os.path.join(inbox, "tmp", name)
    with open(path, "w", encoding="utf-8") as file:
        file.write(f"Return-Path: <{sender}>\nFrom: {sender}\nTo: {to}\nMessage-ID: <{name}@avis.example>\nSubject: Svar\n\n{text}\n")
    os.rename(path, os.path.join(inbox, "new", name))


def left_in(inbox):
    return sum(len(os.listdir(os.path.join(inbox, part))) for part in ("new", "cur"))


def events_of(room, address):
    return collections.Counter((event["event"], event["way"]) for event in room.json("subscriber", "show", address)["events"])


def come_and_go(options, room, source):
    """Returns (web, tries, mail, leavers, mails)."""
    web = [f"web{number}@avis.example" for number in range(options.count)]
    mail = [f"mail{number}@avis.example" for number in range(options.count)]
    mails = Mails(options.mail)
    server = Server(room)
    print(f"{options.count} ask by web", flush=True)
    tries = server.rush(source, options.kills, [("/subscribe", {"email": address, "feed": "alt", "language": "da"}, number)
                                                for number, address in enumerate(web)])
    print(f"{options.count} ask by mail", flush=True)
    for number, address in enumerate(mail):
        drop(options.inbox, f"ask{number}", address, "svar+subscribe@nordhav.example", "")
    room.killed(source, options.kills, "collect")
    room.minutes += 5
    room.killed(source, options.kills, "deliver")
    mails.read()
    print("all say yes", flush=True)
    server.rush(source, options.kills, [(link(mails.newest(address, "confirmation"), "confirm"), None, number)
                                        for number, address in enumerate(web)])
    for number, address in enumerate(mail):
        drop(options.inbox, f"yes{number}", address, mails.newest(address, "confirmation")["Reply-To"], "JA")
    room.killed(source, options.kills, "collect")
    room.minutes += 5
    room.killed(source, options.kills, "deliver")
    mails.read()
    print("a third leave", flush=True)
    room.killed(source, 0, "run")
    mails.read()
    leavers = set(source.sample(web + mail, 2 * options.count // 3))
    for number, address in enumerate(sorted(leavers)):
        message = mails.newest(address, "release")
        target = re.search(r"mailto:([^?>]*)", message["List-Unsubscribe"]).group(1)
        if address.startswith("mail"):
            drop(options.inbox, f"leave{number}", address, target, "")
    server.rush(source, options.kills, [(re.search(r"https://[^/]*(/unsubscribe/\w+)", mails.newest(address, "release")["List-Unsubscribe"]).group(1),
                                         {"List-Unsubscribe": "One-Click"}, number)
                                        for number, address in enumerate(sorted(leavers)) if address.startswith("web")])
    room.killed(source, options.kills, "collect")
    server.stop(signal.SIGTERM)
    return web, tries, mail, leavers, mails


def main():
    parser = argparse.ArgumentParser()
    for name in ("program", "room", "mail", "inbox"):
        parser.add_argument("--" + name, required=True)
    parser.add_argument("--count", type=int, required=True)
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    print(f"seed {options.seed}")
    source = random.Random(options.seed)
    room = Room(options)
    begun = time.monotonic()
    web, tries, mail, leavers, mails = come_and_go(options, room, source)
    with open(os.path.join(options.room, "releases", "den-anden.md"), "w", encoding="utf-8") as file:
        file.write("---\nid: den-anden\ntitle: Den anden\n---\nNu åbner den nye bro i Ådal for cykler og gående.\n")
    for command in ("ingest", "publish", "announce"):
        room.killed(source, 0, command)
    room.killed(source, options.kills, "deliver")
    mails.read()
    problems = []

    def expect(is_right, text):
        if not is_right:
            problems.append(text)

    people = {person["address"]: person["state"] for person in room.json("subscriber", "list")["subscribers"]}
    expect(set(people) == set(web + mail), f"{len(people)} people are known")
    for address, tried in list(zip(web, tries)) + [(address, 1) for address in mail]:
        expect(people.get(address) == ("unsubscribed" if address in leavers else "confirmed"), f"{address} is {people.get(address)}")
        expect(1 <= mails.count(address, "confirmation") <= tried, f"{address}: {mails.count(address, 'confirmation')} confirmations, {tried} tries")
        expect(mails.count(address, "welcome") == 1, f"{address}: {mails.count(address, 'welcome')} welcome mails")
        releases = 1 if address in leavers else 2
        expect(mails.count(address, "release") == releases, f"{address}: {mails.count(address, 'release')} releases, not {releases}")
    for address in source.sample(web + mail, min(40, 2 * options.count)):
        events = events_of(room, address)
        way = "web" if address in web else "mail"
        expect(events["confirmed", way] == 1 and events["unsubscribed", way] == (address in leavers), f"{address}: {dict(events)}")
        expect(way == "web" or events["requested", "mail"] == 1, f"{address}: {dict(events)}")
    expect(left_in(options.inbox) == 0, f"{left_in(options.inbox)} messages were left in the inbox")
    print(f"{2 * options.count} people, {sum(room.kills.values())} kills {dict(room.kills)}, {time.monotonic() - begun:.0f} s")
    print("\n".join(problems[:20]))
    sys.exit(1 if problems else 0)


main()
