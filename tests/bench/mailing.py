#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""mailing.py --build BUILD [--runs N] [--people N] …

The mailing beside its peers: whole processes, timed from outside, in turns within each run; prints Markdown tables of medians
and of the ratios of each pair. Every program sends the very message that pressroom composes, to the same relay; pressroom alone
also takes rows from its store, composes, and records each outcome with synchronous=FULL.

Relays: Postfix's smtp-sink, and a sink of our own where one is wanted that is slow, or speaks TLS."""
import argparse
import os
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
SENTENCE = ("Region Nordhav udvider nu tilbuddet til borgere i hele regionen med nye tider og flere læger, så ingen skal vente "
            "længere end lovet. ")
OURS = "pressroom"


class Result:
    def __init__(self, count, seconds, usage):
        self.rate = count / seconds
        self.seconds = seconds
        self.cpu_us = (usage.ru_utime + usage.ru_stime) * 1e6 / count
        self.megabytes = usage.ru_maxrss / 1024


def timed(count, command, environment=None):
    """Runs it; count is what it does, for the rate."""
    start = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL,
                               env=dict(os.environ, **environment) if environment else None)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.monotonic() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))}: exit {process.returncode}")
    return Result(count, seconds, usage)


class Relay:
    """A server that prints its port, until the block ends."""

    def __init__(self, *command):
        self.command = command

    def __enter__(self):
        self.process = subprocess.Popen([str(word) for word in self.command], stdout=subprocess.PIPE, text=True)
        return int(self.process.stdout.readline())

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()


class SmtpSink:
    """Postfix's; it does not say its port, so it gets one that was free."""

    def __enter__(self):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        as_nobody = ["-u", "nobody"] if os.getuid() == 0 else []
        self.process = subprocess.Popen([PROGRAMS["smtp-sink"], *as_nobody, "-m", "400", f"127.0.0.1:{port}", "400"],
                                        stdout=subprocess.DEVNULL)
        for _ in range(200):
            try:
                socket.create_connection(("127.0.0.1", port)).close()
                return port
            except OSError:
                time.sleep(0.02)
        sys.exit("smtp-sink does not start")

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()


class Bench:
    def __init__(self, options):
        self.options = options
        self.work = tempfile.mkdtemp(prefix="pressroom-bench-")
        os.chmod(self.work, 0o711)
        self.program = os.path.join(options.build, "bin", "pressroom")
        self.rooms = {}
        self.results = {}

    # ---- our side ----

    def configure(self, room, target, more=""):
        with open(f"{room}/newsroom.yaml", "w", encoding="utf-8") as file:
            file.write(f"""publisher: {{name: Region Nordhav}}
site: {{url: "https://presse.nordhav.example/", language: da, timezone: Europe/Copenhagen}}
mail:
  from: "Region Nordhav Presse <presse@nordhav.example>"
  smtp: {target}
  connections: {self.options.connections}
{more}announce: {{delay: 0s}}
intake: {{settle: 0s}}
""")

    def pressroom(self, room, *words):
        return timed(1, [self.program, "-q", "-C", room, *words])

    def new_room(self, people, sentences):
        """With one release that is published and not announced."""
        room = tempfile.mkdtemp(dir=self.work)
        subprocess.run([self.program, "init", room, "--name", "Region Nordhav", "--url", "https://presse.nordhav.example/", "--from",
                        "presse@nordhav.example", "--language", "da"], check=True, stdout=subprocess.DEVNULL)
        self.configure(room, f"maildir:{room}/mail")
        with open(f"{room}/people.csv", "w", encoding="utf-8") as file:
            file.write("address;state;confirmed_at;evidence\n")
            for i in range(people):
                file.write(f"laeser{i}@avis{i % 97}.example;confirmed;2026-05-01T10:00:00Z;blanket\n")
        self.pressroom(room, "subscriber", "import", f"{room}/people.csv")
        os.unlink(f"{room}/people.csv")
        with open(f"{room}/releases/a.md", "w", encoding="utf-8") as file:
            file.write("---\nid: a\ntitle: Nyt sundhedshus i Lillesund åbner til sommer\n---\n"
                       + "\n\n".join(SENTENCE * min(5, sentences - at) for at in range(0, sentences, 5)) + "\n")
        self.pressroom(room, "ingest")
        self.pressroom(room, "publish")
        return room

    def message_of(self, sentences):
        """What one person would get, as a peer would read it: LF, without the fields that a mailbox adds."""
        room = self.new_room(1, sentences)
        self.pressroom(room, "announce")
        self.pressroom(room, "deliver")
        folder = f"{room}/mail/new"
        with open(f"{folder}/{os.listdir(folder)[0]}", "rb") as file:
            raw = file.read()
        shutil.rmtree(room)
        return re.sub(rb"\A(?:(?:Return-Path|Delivered-To): [^\n]*\n)*", b"", raw.replace(b"\r\n", b"\n"))

    def message(self, size):
        """A file with a message of about so many bytes on the wire, and how many sentences make it."""
        def bytes_of(message):
            return len(message) + message.count(b"\n")
        first, second = self.message_of(1), self.message_of(21)
        slope = (bytes_of(second) - bytes_of(first)) / 20
        sentences = max(1, round(1 + (size - bytes_of(first)) / slope))
        message = self.message_of(sentences)
        path = f"{self.work}/message{size}"
        with open(path, "wb") as file:
            file.write(message)
        return path, sentences, bytes_of(message)

    def queued_room(self, people, size):
        """A newsroom with a mailing to so many people queued: made once, copied for each run."""
        if (people, size) not in self.rooms:
            room = self.new_room(people, self.sentences[size])
            self.pressroom(room, "announce")
            self.rooms[people, size] = room
        return self.rooms[people, size]

    def deliver(self, people, size, port, more="", environment=None):
        copy = f"{self.work}/copy"
        shutil.copytree(self.queued_room(people, size), copy, symlinks=True)
        host = "localhost" if environment else "127.0.0.1"
        self.configure(copy, f"smtp://{host}:{port}", more)
        with open(f"{copy}/state/smtp.password", "w", encoding="utf-8") as file:
            os.chmod(file.fileno(), 0o600)
            file.write("hemmeligt\n")
        os.sync()  # what the copy left to be written is not ours
        result = timed(people, [self.program, "-q", "-C", copy, "deliver"], environment)
        shutil.rmtree(copy)
        return result

    # ---- the others ----

    def smtp_source(self, count, size, port):
        return timed(count, [PROGRAMS["smtp-source"], "-d", "-s", str(self.options.connections), "-m", str(count), "-F",
                             self.files[size], "-f", "presse@nordhav.example", "-t", "laeser0@avis0.example", f"127.0.0.1:{port}"])

    def nodemailer(self, count, size, port):
        return timed(count, ["node", f"{HERE}/pool.js", self.files[size], str(count), str(self.options.connections), str(port)])

    def smtplib(self, count, size, port):
        return timed(count, [sys.executable, f"{HERE}/one_by_one.py", self.files[size], str(count), str(port)])

    def mlmmj(self, count, size, port, without_stall):
        place = f"{self.work}/mlmmj"
        for folder in ("incoming queue/discarded archive text subconf unsubconf bounce control moderation subscribers.d digesters.d "
                       "requeue nomailsubs.d").split():
            os.makedirs(f"{place}/{folder}")
        for name, value in (("listaddress", "liste@nordhav.example"), ("owner", "ejer@nordhav.example"),
                            ("relayhost", "127.0.0.1"), ("smtpport", port)):
            with open(f"{place}/control/{name}", "w", encoding="utf-8") as file:
                file.write(f"{value}\n")
        with open(f"{place}/index", "w", encoding="utf-8") as file:
            file.write("0\n")
        for letter in range(26):  # a file a first letter, and a connection a file
            with open(f"{place}/subscribers.d/{chr(97 + letter)}", "w", encoding="utf-8") as file:
                for i in range(letter, count, 26):
                    file.write(f"{chr(97 + letter)}laeser{i}@avis.example\n")
        shutil.copy(self.files[size], f"{place}/queue/post")
        command = [PROGRAMS["mlmmj-send"], "-L", place, "-m", f"{place}/queue/post"]
        if os.getuid() == 0:
            subprocess.run(["chown", "-R", "nobody", place], check=True)
            command = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", *command]
        preload = {"LD_PRELOAD": f"{self.work}/no_delay.so"} if without_stall else None
        result = timed(count, command, preload)
        shutil.rmtree(place)
        return result

    # ---- the runs ----

    def note(self, case, who, result):
        self.results.setdefault((case, who), []).append(result)
        print(f"{case}, {who}: {result.rate:.0f}/s, {result.cpu_us:.0f} us, {result.megabytes:.0f} MB", file=sys.stderr, flush=True)

    def wire(self, size, count):
        case = f"{size // 1000} kB"
        with SmtpSink() as port:
            self.note(case, OURS, self.deliver(count, size, port))
        with SmtpSink() as port:
            self.note(case, "smtp-source -d", self.smtp_source(count, size, port))

    def peers(self):
        def without_stall(*a):
            return self.mlmmj(*a, without_stall=True)
        for name, count, run in (
                ("nodemailer's pool", self.options.nodemailer, self.nodemailer),
                ("smtplib", self.options.smtplib, self.smtplib),
                ("mlmmj-send", self.options.mlmmj_stalled, lambda *a: self.mlmmj(*a, without_stall=False)),
                ("mlmmj-send without its stall", self.options.mlmmj, without_stall)):
            for size in (6000, 40000):
                if not count or (size == 40000 and name == "mlmmj-send"):
                    continue
                if size == 40000 and run == without_stall:  # it stalls all the same
                    count = max(1, count // 10)
                with SmtpSink() as port:
                    self.note(f"{size // 1000} kB", name, run(count, size, port))

    def far_away(self):
        count = self.options.far
        with SmtpSink() as near, Relay(f"{self.options.build}/bin/round_trip", 10, near) as port:
            self.note("10 ms away", OURS, self.deliver(count, 6000, port))
            self.note("10 ms away", "smtp-source -d", self.smtp_source(max(1, count // 4), 6000, port))

    def slow(self):
        with Relay(f"{self.options.build}/bin/sink", "-d", 10) as port:
            self.note("10 ms a message", OURS, self.deliver(self.options.slow, 6000, port))

    def secure(self):
        sink = f"{self.options.build}/bin/sink"
        account = "  user: presse\n  password_file: state/smtp.password\n"
        with Relay(sink) as port:
            self.note("own sink", OURS, self.deliver(self.options.secure, 6000, port))
        with Relay(sink, "-a", "-c", f"{self.work}/server.pem", "-k", f"{self.work}/server.key") as port:
            self.note("own sink, TLS and AUTH", OURS, self.deliver(self.options.secure, 6000, port, f"  tls: required\n{account}",
                                                                  {"SSL_CERT_FILE": f"{self.work}/server.pem"}))

    def prepare(self):
        self.files, self.sentences, self.bytes = {}, {}, {}
        for size in (6000, 40000):
            self.files[size], self.sentences[size], self.bytes[size] = self.message(size)
            os.chmod(self.files[size], 0o644)
        shutil.copy(f"{self.options.build}/tests/bench/libno_delay.so", f"{self.work}/no_delay.so")
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
                        "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout", f"{self.work}/server.key",
                        "-out", f"{self.work}/server.pem"], check=True, stderr=subprocess.DEVNULL)

    def composition(self):
        room = self.queued_room(self.options.far, 6000)
        out = subprocess.run([f"{self.options.build}/bin/composition_probe", room, "200000"], check=True, stdout=subprocess.PIPE)
        return int(out.stdout.split()[0]) / 1000

    def flush(self):
        """How long the disk takes to flush a page, in ms: a commit waits for that."""
        times = []
        descriptor = os.open(f"{self.work}/flushed", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        for at in range(100):
            os.pwrite(descriptor, b"p" * 4096, at % 10 * 4096)
            start = time.monotonic()
            os.fdatasync(descriptor)
            times.append((time.monotonic() - start) * 1000)
        os.close(descriptor)
        return statistics.median(times)

    def scale(self, people):
        """Announce and deliver once, for time and memory."""
        room = self.new_room(people, self.sentences[6000])
        os.sync()
        announced = self.pressroom(room, "announce")
        with Relay(f"{self.options.build}/bin/sink") as port:
            self.configure(room, f"smtp://127.0.0.1:{port}")
            delivered = timed(people, [self.program, "-q", "-C", room, "deliver"])
        shutil.rmtree(room)
        return announced, delivered

    def run(self):
        self.prepare()
        self.flushes = []
        for _ in range(self.options.runs):
            self.flushes.append(self.flush())
            self.wire(6000, self.options.people)
            self.wire(40000, self.options.large)
            self.peers()
            self.far_away()
            self.slow()
            self.secure()
        self.microseconds = [self.composition() for _ in range(self.options.runs)]
        self.scales = [(people, *self.scale(people)) for people in self.options.scale]
        self.report()

    # ---- the tables ----

    def median(self, case, who, what="rate"):
        return statistics.median(getattr(result, what) for result in self.results[case, who])

    def ratio(self, ours, theirs):
        """The median of the ratios of each run."""
        return statistics.median(a.rate / b.rate for a, b in zip(self.results[ours], self.results[theirs]))

    def report(self):
        options = self.options
        print(f"{options.connections} connections, {options.runs} runs in turns, medians (minimum–maximum); load at the end "
              f"{os.getloadavg()[0]:.1f} on {os.cpu_count()} cores. Messages of {self.bytes[6000]} and {self.bytes[40000]} bytes. "
              f"A flush of the disk takes {statistics.median(self.flushes):.1f} ms ({min(self.flushes):.1f}–{max(self.flushes):.1f}).\n")
        print("| what | sender | messages | a second | CPU a message, µs | peak MB | pressroom is |\n|---|---|---|---|---|---|---|")
        for (case, who), results in self.results.items():
            ratio = ""
            if who != OURS:
                ratio = f"{self.ratio((case, OURS), (case, who)):.2f} ×"
            rates = [result.rate for result in results]
            count = round(results[0].rate * results[0].seconds)
            print(f"| {case} | {who} | {count:,} | {statistics.median(rates):,.0f} ({min(rates):,.0f}–{max(rates):,.0f}) | "
                  f"{self.median(case, who, 'cpu_us'):.0f} | {self.median(case, who, 'megabytes'):.0f} | {ratio} |")
        slow = self.median("10 ms a message", OURS) / (options.connections / 0.010)
        secure = self.ratio(("own sink, TLS and AUTH", OURS), ("own sink", OURS))
        print(f"\nOf what a relay that takes 10 ms a message can take: {slow:.2f}. TLS and AUTH to plain: {secure:.2f}. Composing a "
              f"message for one more person: {statistics.median(self.microseconds):.2f} µs.")
        print("\n| people | announce, s | peak MB | deliver, s | a second | CPU a message, µs | peak MB |\n|---|---|---|---|---|---|---|")
        for people, announced, delivered in self.scales:
            print(f"| {people:,} | {announced.seconds:.2f} | {announced.megabytes:.0f} | {delivered.seconds:.1f} | "
                  f"{delivered.rate:,.0f} | {delivered.cpu_us:.0f} | {delivered.megabytes:.0f} |")


def find_programs():
    path = os.environ.get("PATH", "") + ":/usr/sbin:/sbin"
    return {name: shutil.which(name, path=path) or sys.exit(f"{name} is missing: script/setup bench")
            for name in ("smtp-sink", "smtp-source", "node", "mlmmj-send", "openssl", "setpriv")}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", default="build/release", help="where the programs are")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--connections", type=int, default=20)
    for name, count, text in (("people", 100000, "messages of 6 kB"), ("large", 10000, "messages of 40 kB"),
                              ("nodemailer", 2000, "its messages"), ("smtplib", 2000, "its messages"),
                              ("mlmmj", 2000, "its messages of 6 kB, without its stall"),
                              ("mlmmj-stalled", 52, "its messages, as it comes"), ("far", 5000, "messages, 10 ms away"),
                              ("slow", 5000, "messages to a relay that takes 10 ms each"), ("secure", 25000, "messages, plain and over TLS")):
        parser.add_argument(f"--{name}", type=int, default=count, help=f"{text}, default {count}")
    parser.add_argument("--scale", default="10000,1000000", type=lambda text: [int(word) for word in text.split(",") if word],
                        help="audiences to announce and deliver to once, default 10000,1000000")
    options = parser.parse_args()
    options.build = os.path.abspath(options.build)
    PROGRAMS.update(find_programs())
    bench = Bench(options)
    try:
        bench.run()
    finally:
        shutil.rmtree(bench.work, ignore_errors=True)


PROGRAMS = {}

if __name__ == "__main__":
    main()
