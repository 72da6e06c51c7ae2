#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""How many instructions each stage takes, which does not depend on who else computes: callgrind.

usage: instructions.py PROGRAM [RELEASES [PEOPLE]]

PROGRAM lies in a build tree, with `sink` beside it. RELEASES, 300, old ones are dropped, and a release is mailed to PEOPLE, 4000.
Forked processes are added up; the readers, which are started anew, are not in it, but what asks them is."""
import os, re, secrets, shutil, subprocess, sys, tempfile

import publish

ITSELF = b"/proc/self/exe"  # which is valgrind here


class Counter:
    def __init__(self, program, folder):
        self.program, self.folder, self.room = program, folder, folder + "/room"
        publish.make_room(program, self.room)

    def carry_out(self, *words):
        subprocess.run([self.program, "-q", "-C", self.room, *words], stdout=subprocess.DEVNULL, check=True)

    def drop(self, name, text):
        with open(f"{self.room}/releases/{name}.md", "w") as file:
            file.write(text)

    def count(self, name, stage):
        subprocess.run(["valgrind", "--tool=callgrind", f"--callgrind-out-file={self.folder}/counted.%p", self.program, "-q", "-C",
                        self.room, stage], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
        total = 0
        for counted in [entry.path for entry in os.scandir(self.folder) if entry.name.startswith("counted.")]:
            with open(counted) as file:
                total += int(re.search(r"^(?:summary|totals): (\d+)", file.read(), re.M).group(1))
            os.unlink(counted)
        print(f"| {name} | {total / 1e6:,.1f} |", flush=True)

    def configure(self, port):
        path = self.room + "/newsroom.yaml"
        with open(path) as file:
            text = re.sub(r"(?m)^  # smtp:.*$", f"  smtp: smtp://127.0.0.1:{port}", file.read(), count=1)
        with open(path, "w") as file:
            file.write(re.sub(r"(?m)^  delay: .*$", "  delay: 0s", text))


def count_pages(counter, releases):
    counter.count("`status`", "status")
    for i in range(releases):
        counter.drop(f"r{i}", publish.release_text(i, publish.date_of(i))[0])
    counter.count(f"`ingest`, {releases} new", "ingest")
    counter.count(f"`publish`, {releases} new", "publish")
    counter.count("`publish`, nothing new", "publish")
    counter.count(f"`announce`, {releases} too old to be mailed", "announce")
    counter.carry_out("run")  # makes the status page
    counter.count("`run`, nothing new", "run")
    counter.drop("new", "---\ntitle: Ny akutmodtagelse åbner\n---\n" + "Et afsnit om sagen.\n\n" * 5)
    counter.count("`ingest`, one new", "ingest")
    counter.count("`publish`, one new", "publish")


def count_mails(counter, people):
    listed = counter.folder + "/people.csv"
    with open(listed, "w") as file:
        file.write("address,feeds,state,confirmed_at,evidence\n")
        for i in range(people):
            file.write(f"p{i}@avis.example,pressemeddelelser,confirmed,2026-01-01T10:00:00Z,blanket\n")
    counter.carry_out("subscriber", "import", listed)
    counter.drop("mailed", "---\ntitle: Ny lægevagt åbner\n---\n" + "Et afsnit om sagen, som alle kan læse.\n\n" * 8)
    counter.carry_out("ingest")
    counter.carry_out("publish")
    counter.count(f"`announce`, one to {people:,}", "announce")
    counter.count("`deliver`", "deliver")


def start_again_by_name(program, link):
    """A copy of the program beside it that starts its readers through the link, which leads to the copy."""
    copy = f"{program}.counted"
    with open(program, "rb") as file:
        text = file.read()
    with open(copy, "wb") as file:
        file.write(text.replace(ITSELF, link.encode()))
    os.chmod(copy, 0o755)
    os.symlink(copy, link)
    return copy


def main():
    program = os.path.abspath(sys.argv[1])
    releases = int(sys.argv[2]) if len(sys.argv) > 2 else 300
    people = int(sys.argv[3]) if len(sys.argv) > 3 else 4000
    link = "/tmp/prs" + secrets.token_hex(3)
    assert len(link) == len(ITSELF)
    copy = start_again_by_name(program, link)
    print("| stage | M instructions |\n| --- | --- |")
    sink = subprocess.Popen([os.path.dirname(program) + "/sink"], stdout=subprocess.PIPE, text=True)
    try:
        with tempfile.TemporaryDirectory() as folder:
            counter = Counter(copy, folder)
            count_pages(counter, releases)
            counter.configure(sink.stdout.readline().strip())
            count_mails(counter, people)
    finally:
        sink.terminate()
        sink.wait()
        os.unlink(link)
        os.unlink(copy)


main()
