# SPDX-License-Identifier: MIT
"""import.py [--runs N] [--sizes 1000000] PRESSROOM

`pressroom subscriber import` of a list of confirmed subscribers, beside `sqlite3 .import` of the same file into one bare
table, in turns in the same run, and of the same list once more, when everybody in it is known. Prints a Markdown table:
medians, and the median of the ratios of each pair. What the peer does not do: check addresses, tell duplicates, keep
consent and its evidence, write indexes, be safe to kill."""
import argparse
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

NAMES = "anna bo carl dorte emil freja gustav hanne ida jens karen lars mette niels ole pia rasmus sofie thomas ulla".split()
DOMAINS = "avis blad post radio by".split()


def write_list(path, size):
    source = random.Random(7)
    with open(path, "w", encoding="utf-8") as file:
        file.write("address,feeds,cadence,language,state,confirmed_at,evidence\n")
        for number in range(size):
            file.write(f"{source.choice(NAMES)}.{source.randrange(10**9):x}{number:x}@{source.choice(DOMAINS)}{source.randrange(2000)}"
                       ".example,pressemeddelelser,immediate,da,confirmed,2026-01-01T10:00:00Z,list 12\n")


def timed(command):
    start = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.monotonic() - start
    if os.waitstatus_to_exitcode(status) != 0:
        sys.exit(f"{' '.join(command)}: exit {os.waitstatus_to_exitcode(status)}")
    return seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def one_run(pressroom, csv, folder):
    room = os.path.join(folder, "room")
    peer = os.path.join(folder, "peer.db")
    try:
        subprocess.run([pressroom, "-q", "init", room, "--name", "Region Nordhav", "--url", "https://presse.nordhav.example/",
                        "--from", "presse@nordhav.example"], check=True, stdout=subprocess.DEVNULL)
        command = [pressroom, "-q", "-C", room, "subscriber", "import", csv]
        ours = timed(command)
        return ours, timed(["sqlite3", peer, f".import --csv {csv} subscriber"]), timed(command)
    finally:
        shutil.rmtree(room, ignore_errors=True)
        if os.path.exists(peer):
            os.unlink(peer)


def spread(values):
    return f"{statistics.median(values):.2f} ({min(values):.2f}–{max(values):.2f})"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("pressroom")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--sizes", default="1000000")
    arguments = parser.parse_args()
    if not shutil.which("sqlite3"):
        sys.exit("import.py: the peer is missing: apt-get install sqlite3")
    print("| addresses | import s (min–max) | CPU s | peak MB | again s (min–max) | CPU s | sqlite3 .import s (min–max) | CPU s"
          " | ratio | ratio of CPU |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |")
    folder = tempfile.mkdtemp(prefix="pressroom-bench-")
    try:
        for size in (int(word) for word in arguments.sizes.split(",")):
            csv = os.path.join(folder, "list.csv")
            write_list(csv, size)
            runs = [one_run(os.path.abspath(arguments.pressroom), csv, folder) for _ in range(arguments.runs)]
            ours, peer, again = [[run[i] for run in runs] for i in (0, 1, 2)]
            print(f"| {size} | {spread([o[0] for o in ours])} | {statistics.median(o[1] for o in ours):.2f}"
                  f" | {statistics.median(o[2] for o in ours):.0f} | {spread([a[0] for a in again])}"
                  f" | {statistics.median(a[1] for a in again):.2f} | {spread([p[0] for p in peer])}"
                  f" | {statistics.median(p[1] for p in peer):.2f}"
                  f" | {statistics.median(o[0] / p[0] for o, p in zip(ours, peer)):.2f}"
                  f" | {statistics.median(o[1] / p[1] for o, p in zip(ours, peer)):.2f} |", flush=True)
    finally:
        shutil.rmtree(folder)


main()
