#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""From a file that has settled to its receipt, accepted by a relay: `pressroom run --watch` and a relay of this script's own.

usage: receipts.py PROGRAM [COUNT]

A file is written beside the drop directory and renamed into it; the clock stops with the answer to the final dot of the mail
that is meant; a Word file has two photographs in it. With the default `intake.settle` its two seconds are subtracted. Medians
(minimum–maximum) of COUNT, 9."""
import glob, os, signal, socket, statistics, subprocess, sys, tempfile, threading, time

sys.dont_write_bytecode = True
TESTS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")
sys.path.insert(0, os.path.join(TESTS, "rich_text"))
from parts import docx, p, picture, relation, table  # noqa: E402

SETTLE_DEFAULT = 2.0


class Relay:
    """Takes every mail, and knows when it took one whose subject holds a word, or waits for that."""

    def __init__(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.condition = threading.Condition()
        self.taken = []
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            connection, _ = self.listener.accept()
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=self.talk, args=(connection,), daemon=True).start()

    def talk(self, connection):
        try:
            self.serve(connection)
        except ConnectionError:  # who says QUIT need not wait for the answer
            pass

    def serve(self, connection):
        with connection, connection.makefile("rwb") as stream:
            self.say(stream, "220 relay")
            while line := stream.readline():
                word = line.split()[0].upper() if line.split() else b""
                if word == b"DATA":
                    self.say(stream, "354 go on")
                    self.take(stream)
                else:
                    self.say(stream, "250 relay" if word != b"QUIT" else "221 bye")

    @staticmethod
    def say(stream, text):
        stream.write(text.encode() + b"\r\n")
        stream.flush()

    def take(self, stream):
        lines = []
        while (line := stream.readline()) not in (b".\r\n", b""):
            lines.append(line)
        self.say(stream, "250 taken")
        at = time.monotonic()
        header = b"".join(lines).split(b"\r\n\r\n", 1)[0].decode("ascii")
        with self.condition:
            self.taken.append((at, header))
            self.condition.notify_all()

    def wait(self, words):
        with self.condition:
            while True:
                for at, header in self.taken:
                    if all(word in header for word in words):
                        return at
                if not self.condition.wait(60):
                    raise SystemExit(f"no mail with {words}")


def configure(room, port, settle, events):
    with open(room + "/newsroom.yaml", "w") as file:
        file.write("publisher: {name: Region Nordhav}\nsite: {url: https://presse.nordhav.example/}\n"
                   f"mail: {{from: presse@nordhav.example, smtp: \"smtp://127.0.0.1:{port}\"}}\n"
                   + (f"intake: {{settle: {settle}}}\n" if settle else "")
                   + f"receipts: {{to: [vagt@nordhav.example], at: [{events}]}}\n")


def word_file(number, body):
    photographs = [open(path, "rb").read() for path in sorted(glob.glob(f"{TESTS}/example/newsroom/releases/*/*.jpg"))[:2]]
    types = '<Default Extension="jpg" ContentType="image/jpeg"/>'
    text = (table(("Status", "kladde")) + p(f"Bro {number}x", "Title") + p(body)
            + "".join(p(picture(f"rId{n}", f"Broen, billede {n}")) for n in (20, 21)))
    return docx(text, relations="".join(relation(f"rId{n}", "image", f"media/{n}.jpg") for n in (20, 21)), types=types,
                media=[(f"word/media/{n}.jpg", content) for n, content in zip((20, 21), photographs)])


def drop(room, folder, name, content):
    beside = f"{folder}/{name}.new"
    with open(beside, "wb") as file:
        file.write(content)
    now = time.monotonic()
    os.rename(beside, f"{room}/releases/{name}")
    return now


def times(program, kind, settle, count):
    with tempfile.TemporaryDirectory() as folder:
        room, relay, found = folder + "/room", Relay(), []
        subprocess.run([program, "init", room, "--name", "Region Nordhav", "--url", "https://presse.nordhav.example/",
                        "--from", "presse@nordhav.example", "--language", "da"], check=True, stdout=subprocess.DEVNULL)
        configure(room, relay.port, settle, {"draft": "dropped", "word": "dropped", "refused": "refused", "public": "public"}[kind])
        line = {"draft": "status: draft\n", "refused": "topcis: [havn]\n", "public": "", "word": ""}[kind]
        extension = "docx" if kind == "word" else "md"
        watch = subprocess.Popen([program, "-q", "-C", room, "run", "--watch"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            for number in range(count + 1):  # the first waits for the start
                body = f"Bro nummer {number} over sund {number} åbner for cyklister fra by {number}.\n"
                text = f"---\ntitle: Bro {number}x\n{line}---\n\n{body}".encode()
                began = drop(room, folder, f"bro{number}.{extension}", word_file(number, body) if kind == "word" else text)
                words = [f"bro{number}.md"] if kind == "refused" else [f"Bro {number}x"]
                at = relay.wait(words + ["vagt@nordhav.example"])
                found.append(at - began - (0 if settle else SETTLE_DEFAULT))
                time.sleep(0.5)  # the rounds behind it
        finally:
            watch.send_signal(signal.SIGTERM)
            watch.wait()
        return found[1:]


def main():
    program, count = os.path.abspath(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 9
    print("| receipt | `settle: 0s`, s | default, its 2 s subtracted, s |\n| --- | --- | --- |")
    names = {"draft": "of a draft, mail and page enclosed", "word": "of a draft in Word with two photographs", "public": "that it is public", "refused": "that it cannot be used"}
    for kind, name in names.items():
        cells = []
        for settle in ("0s", None):
            found = times(program, kind, settle, count)
            cells.append(f"{statistics.median(found):.2f} ({min(found):.2f}–{max(found):.2f})")
        print(f"| {name} | {' | '.join(cells)} |", flush=True)


main()
