#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs pressroom over and over and kills it by SIGKILL at random moments, then lets it end, and judges what the relay got.

  killer.py --program PROGRAM --newsroom DIR --list FILE --people N --kills N [--seed N]

FILE is what smtp_peer.py --list writes. The newsroom has one release to send to N people, of whom those at afviser.example are
always refused. The first fifth of the kills comes within --early seconds of the start of `run`, while it reads, publishes and
makes rows; the others when the list has reached a random length, and a moment later. The seed is printed: with the same one
the moments are the same, as far as the machine's noise lets them. Between two starts the clock goes forward by six minutes, so
that what was put off is mixed with what is new. After each kill the books must balance.
"""
import argparse
import collections
import datetime
import json
import os
import random
import subprocess
import sys
import time

LATE_SECONDS = 0.03
STARTS_MAXIMUM = 100  # between two kills, and to the end
STATES = ("queued", "sending", "sent", "deferred", "failed", "suppressed", "unknown", "cancelled")
REFUSED = "afviser.example"


class List:
    """What the relay accepted, so far."""

    def __init__(self, path):
        self.file = open(path, "rb")
        self.length = 0

    def look(self):
        while chunk := self.file.read(1 << 20):
            self.length += chunk.count(b"\n")
        return self.length


class Newsroom:
    def __init__(self, options):
        self.options = options
        self.now = datetime.datetime(2026, 6, 10, 8, tzinfo=datetime.timezone.utc)
        self.list = List(options.list)

    def command(self, *words):
        return [self.options.program, "-C", self.options.newsroom, *words]

    def environment(self):
        return dict(os.environ, PRESSROOM_NOW=self.now.strftime("%Y-%m-%dT%H:%M:%SZ"))

    def start(self):
        self.now += datetime.timedelta(minutes=6)
        return subprocess.Popen(self.command("run"), env=self.environment(),
                                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def books(self):
        """The mailing's counts; None where it does not exist yet."""
        out = subprocess.run(self.command("status", "--json"), env=self.environment(), check=True,
                             stdout=subprocess.PIPE).stdout
        mailings = json.loads(out)["mailings"]
        if not mailings:
            return None
        books = mailings[0]
        if len(mailings) != 1 or books["audience"] != self.options.people:
            sys.exit(f"killer: not one mailing to all: {mailings}")
        if books["audience"] != sum(books[state] for state in STATES):
            sys.exit(f"killer: the books do not balance: {books}")
        if books["sending"] > self.options.connections:
            sys.exit(f"killer: more indeterminate than connections: {books}")
        return {state: books[state] for state in STATES if books[state]}

    def run_until(self, is_time):
        """A run, killed when is_time(); False where it ended by itself."""
        process = self.start()
        while process.poll() is None:
            if is_time():
                process.kill()
                process.wait()
                return True
            time.sleep(0.002)
        return False

    def kill(self, length, delay):
        """One kill, a delay after the list has so many lines."""
        reached = None

        def is_time():
            nonlocal reached
            if reached is None and self.list.look() >= length:
                reached = time.monotonic()
            return reached is not None and time.monotonic() >= reached + delay

        for _ in range(STARTS_MAXIMUM):
            reached = None
            if self.run_until(is_time):
                return
        sys.exit(f"killer: {length} were never accepted, only {self.list.look()}")

    def finish(self):
        for _ in range(STARTS_MAXIMUM):
            self.run_until(lambda: False)
            books = self.books()
            if not any(books.get(state) for state in ("queued", "sending", "deferred")):
                return books
        sys.exit(f"killer: it comes to no end: {books}")


def judge(options, books):
    """Who got what, how often."""
    copies = collections.defaultdict(list)
    with open(options.list, encoding="utf-8") as file:
        for line in file:
            recipient, message_id, digest = line.split()
            copies[recipient].append((message_id, digest))
    refused, sent = books.get("failed", 0), books.get("sent", 0)
    # whom three kills in a row met is set aside and shown: got it, or not
    set_aside = books.get("unknown", 0)
    lost = max(0, options.people - refused - set_aside - len(copies))
    repeats = sum(len(of_one) - 1 for of_one in copies.values())
    differing = sum(len(set(of_one)) > 1 for of_one in copies.values())
    message_ids = {of_one[0][0] for of_one in copies.values()}
    allowed = options.kills * options.connections
    print(json.dumps({"books": books, "people_mailed": len(copies), "lost": lost,
                      "repeats": repeats, "repeats_allowed": allowed,
                      "repeats_that_differ": differing, "message_ids": len(message_ids)}))
    good = (lost == 0 and repeats <= allowed and not differing
            and len(message_ids) == len(copies) and sent <= len(copies) <= sent + set_aside
            and not any(REFUSED in recipient for recipient in copies)
            and refused == options.refused)
    return 0 if good else 1


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("program", "newsroom", "list"):
        parser.add_argument(f"--{name}", required=True)
    for name in ("people", "refused", "connections", "kills"):
        parser.add_argument(f"--{name}", type=int, required=True)
    parser.add_argument("--early", type=float, default=0.15, help="seconds")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 32))
    options = parser.parse_args()
    print(f"seed {options.seed}", flush=True)
    moments = random.Random(options.seed)
    newsroom = Newsroom(options)
    early = options.kills // 5
    goal = options.people - options.refused
    lengths = sorted(moments.randrange(1, goal) for _ in range(options.kills - early))
    began = time.monotonic()
    for number, length in enumerate([0] * early + lengths, 1):
        newsroom.kill(length, moments.uniform(0, LATE_SECONDS if length else options.early))
        print(f"kill {number}: {newsroom.list.look()} accepted; {newsroom.books()}", flush=True)
    books = newsroom.finish()
    print(f"{time.monotonic() - began:.1f} s", flush=True)
    sys.exit(judge(options, books))


if __name__ == "__main__":
    main()
