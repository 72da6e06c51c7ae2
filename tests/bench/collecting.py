# SPDX-License-Identifier: MIT
"""collecting.py [--runs N] [--sizes 2000] --maildir PATH --imap PORT --pop3 PORT [OTHER-PRESSROOM…] PRESSROOM

`pressroom collect` of small messages, half of which stay in the mailbox and half of which are removed, from an IMAP and a
POP3 server, each build in turns in the same run. Prints a Markdown table: medians of seconds by the clock and of CPU, and
messages a second. With --large, each message has that many kB."""
import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time


def fill(maildir, count, large):
    """A mailbox as it was before; what the server keeps of its own in there goes."""
    for name in os.listdir(maildir):
        path = os.path.join(maildir, name)
        if os.path.isdir(path):
            shutil.rmtree(path)
        else:
            os.unlink(path)
    for name in ("new", "cur", "tmp"):
        os.makedirs(os.path.join(maildir, name))
    text = "Kære presse, har I flere tal om det nye sundhedshus?\n" * (large * 20 if large else 8)
    for number in range(count):
        automatic = "Auto-Submitted: auto-replied\n" if number % 2 else ""
        to = "svar@nordhav.example" if number % 2 else "presse@nordhav.example"
        with open(os.path.join(maildir, "new", f"{1000000 + number}.bench"), "w", encoding="utf-8") as file:
            file.write(f"Return-Path: <kaj{number}@avisen.example>\nFrom: Kaj {number} <kaj{number}@avisen.example>\n{automatic}"
                       f"To: {to}\nSubject: Spørgsmål nummer {number}\nMessage-ID: <{number}@avisen.example>\nMIME-Version: 1.0\n"
                       f"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n{number}\n{text}")
    owner = os.stat(os.path.dirname(maildir))
    for folder, _, files in os.walk(maildir):
        for path in [folder] + [os.path.join(folder, name) for name in files]:
            os.chown(path, owner.st_uid, owner.st_gid)


def make_room(pressroom, room, url):
    subprocess.run([pressroom, "-q", "init", room, "--name", "Region Nordhav", "--url", "https://presse.nordhav.example/",
                    "--from", "presse@nordhav.example"], check=True, stdout=subprocess.DEVNULL)
    path = os.path.join(room, "newsroom.yaml")
    with open(path, encoding="utf-8") as file:
        lines = [line for line in file if not line.lstrip().startswith(("inbox", "replies", "bounces"))]
    with open(path, "w", encoding="utf-8") as file:
        for line in lines:
            file.write(line)
            if line.startswith("mail:"):
                file.write(f"  inbox: {url}\n  inbox_password_file: state/inbox.password\n"
                           "  replies: svar@nordhav.example\n  bounces: bounce@nordhav.example\n")
    with open(os.path.join(room, "state", "inbox.password"), "w", encoding="utf-8") as file:
        file.write("hemmelig\n")


def collect(pressroom, url, folder, count):
    room = os.path.join(folder, "room")
    try:
        make_room(pressroom, room, url)
        before = os.times()
        start = time.monotonic()
        done = subprocess.run([pressroom, "-C", room, "collect", "--json"], stdout=subprocess.PIPE, check=False)
        seconds = time.monotonic() - start
        after = os.times()
        if done.returncode != 0 or f'"left": {count // 2}' not in done.stdout.decode():
            sys.exit(f"{pressroom}: exit {done.returncode}: {done.stdout.decode()}")
        return seconds, after.children_user + after.children_system - before.children_user - before.children_system
    finally:
        shutil.rmtree(room, ignore_errors=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pressroom", nargs="+")
    parser.add_argument("--maildir", required=True)
    parser.add_argument("--imap", required=True)
    parser.add_argument("--pop3", required=True)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--sizes", default="2000")
    parser.add_argument("--large", type=int, default=0)
    arguments = parser.parse_args()
    programs = [os.path.abspath(path) for path in arguments.pressroom]
    urls = {"IMAP": f"imaps://presse@localhost:{arguments.imap}/INBOX", "POP3": f"pop3s://presse@localhost:{arguments.pop3}"}
    print("| messages | by | build | s (min–max) | CPU s | messages a second |")
    print("| --- | --- | --- | --- | --- | --- |")
    folder = tempfile.mkdtemp(prefix="pressroom-bench-")
    try:
        for size in (int(word) for word in arguments.sizes.split(",")):
            for name, url in urls.items():
                results = {program: [] for program in programs}
                for _ in range(arguments.runs):
                    for program in programs:
                        fill(arguments.maildir, size, arguments.large)
                        results[program].append(collect(program, url, folder, size))
                for program in programs:
                    seconds, cpu = zip(*results[program])
                    print(f"| {size} | {name} | {os.path.relpath(program)} | {statistics.median(seconds):.2f} ({min(seconds):.2f}–"
                          f"{max(seconds):.2f}) | {statistics.median(cpu):.2f} | {size / statistics.median(seconds):.0f} |", flush=True)
    finally:
        shutil.rmtree(folder)


main()
