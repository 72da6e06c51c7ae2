# SPDX-License-Identifier: MIT
"""publish.py [--runs N] [--sizes 1000,10000] PRESSROOM

From the drop directory to pages and feeds, beside Hugo making the same number of pages and one RSS feed in the same
run, in turns. Prints a Markdown table: medians (minimum–maximum), and the median of the ratios of each pair.

Whole processes, timed from outside. What is all new is made twice: by `ingest`, `publish` and `announce`, one process
each, and in another newsroom by `run`, one process. Nothing, one release dated now, and one dated among the old are
done by `run`; the mails wait for announce.delay. Nothing is deleted before the last figure: ext4 looks past what was
deleted in the last five minutes for each new file, and 50,000 deleted files make it several times slower."""
import argparse
import datetime
import os
import random
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

WORDS = ("region sygehus borger patient læge sygeplejerske budget udvalg behandling kræft psykiatri akut ambulance tilbud "
         "forskning natur klima trafik bus uddannelse aftale million kroner år måned uge plan strategi nærhed kvalitet").split()


def sentence(source, length):
    words = [source.choice(WORDS) for _ in range(length)]
    return " ".join(words).capitalize() + "."


def date_of(number):
    return f"{2000 + number % 26}-{1 + number // 28 % 12:02}-{1 + number % 28:02}T10:00:00+01:00"


def release_text(number, date):
    source = random.Random(number)
    title = sentence(source, 6)[:-1] + f" {number}"
    body = "\n\n".join(" ".join(sentence(source, 12) for _ in range(5)) for _ in range(5))
    topic = source.choice(["sundhed", "klima", "trafik", "psykiatri"])
    ours = f"---\ntitle: {title}\npublished: {date}\ntopics: [{topic}]\n---\n"
    hugo = f"---\ntitle: {title}\ndate: {date}\ntags: [{topic}]\n---\n"
    return ours + body + "\n", hugo + body + "\n"


def timed(command):
    os.sync()  # what others have yet to write is not this one's
    start = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.monotonic() - start
    if os.waitstatus_to_exitcode(status) != 0:
        sys.exit(f"{' '.join(command)}: exit {os.waitstatus_to_exitcode(status)}")
    return seconds, usage.ru_maxrss / 1024


def pressroom_does(rows, name, pressroom, room, command):
    rows.setdefault(name, []).append(timed([pressroom, "-q", "-C", room, command]))


def make_room(pressroom, folder):
    subprocess.run([pressroom, "-q", "init", folder, "--name", "Region Nordhav", "--url", "https://presse.nordhav.example/",
                    "--from", "presse@nordhav.example"], check=True, stdout=subprocess.DEVNULL)
    with open(os.path.join(folder, "newsroom.yaml"), encoding="utf-8") as file:
        text = file.read()
    with open(os.path.join(folder, "newsroom.yaml"), "w", encoding="utf-8") as file:  # no waiting for slow writers
        file.write(re.sub(r"(?m)^#? *intake:.*$", "", text) + "\nintake: {settle: 0s}\n")
    with open(os.path.join(folder, "subscribers.csv"), "w", encoding="utf-8") as file:
        file.write("address,state,confirmed_at,evidence\n")
        for number in range(100):
            file.write(f"reader{number}@avisen.example,confirmed,2026-01-01T10:00:00Z,blanket\n")
    subprocess.run([pressroom, "-q", "-C", folder, "subscriber", "import", os.path.join(folder, "subscribers.csv")], check=True,
                   stdout=subprocess.DEVNULL)


def make_site(folder):
    for name in ("content", "layouts/_default"):
        os.makedirs(os.path.join(folder, name))
    with open(os.path.join(folder, "config.toml"), "w", encoding="utf-8") as file:
        file.write('baseURL="https://presse.nordhav.example/"\ntitle="Region Nordhav"\n[outputs]\nhome=["HTML","RSS"]\n')
    for name, text in (("single", "<h1>{{ .Title }}</h1>{{ .Content }}"),
                       ("list", "<ul>{{ range first 20 .Pages }}<li><a href='{{ .Permalink }}'>{{ .Title }}</a></li>{{ end }}</ul>")):
        with open(os.path.join(folder, f"layouts/_default/{name}.html"), "w", encoding="utf-8") as file:
            file.write("<!doctype html><html lang=da><title>{{ .Title }}</title>" + text)


def add(room, site, number, date):
    ours, hugo = release_text(number, date)
    for folder, text in ((os.path.join(room, "releases"), ours), (site and os.path.join(site, "content"), hugo)):
        if folder:
            with open(os.path.join(folder, f"r{number}.md"), "w", encoding="utf-8") as file:
                file.write(text)


def one_run(pressroom, hugo, size, rows, folder):
    room, other, site = (os.path.join(folder, name) for name in ("room", "other", "site"))
    make_room(pressroom, room)
    make_room(pressroom, other)
    make_site(site)

    def hugo_does(name):
        rows.setdefault(f"{name} peer", []).append(timed([hugo, "--quiet", "-s", site]))

    for number in range(size):
        add(room, site, number, date_of(number))
        add(other, None, number, date_of(number))
    for stage in ("ingest", "publish", "announce"):
        pressroom_does(rows, stage, pressroom, room, stage)
    parts = [rows[stage][-1] for stage in ("ingest", "publish", "announce")]
    rows.setdefault("stages", []).append((sum(part[0] for part in parts), max(part[1] for part in parts)))
    hugo_does("stages")
    pressroom_does(rows, "run", pressroom, other, "run")
    rows["run peer"] = rows["stages peer"]
    pressroom_does(rows, "nothing", pressroom, other, "run")
    for name, number, date in (("one", size + 1, datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds")),
                               ("old", size + 2, date_of(size + 2))):
        add(other, site, number, date)
        pressroom_does(rows, name, pressroom, other, "run")
    hugo_does("one")  # all pages again, whichever is new
    rows["old peer"] = rows["one peer"]


LABELS = (("ingest", "`ingest`, all new"), ("publish", "`publish`"), ("announce", "`announce`"), ("stages", "the three together"),
          ("run", "`run`, all new"), ("nothing", "`run`, nothing new"), ("one", "`run`, one new"), ("old", "`run`, one among the old"))


def seconds(results):
    times = [result[0] for result in results]
    return f"{statistics.median(times):.2f} ({min(times):.2f}–{max(times):.2f}) | {statistics.median(r[1] for r in results):.0f}"


def table_print(size, rows):
    for name, label in LABELS:
        line = f"| {size} | {label} | {seconds(rows[name])} | "
        peer = rows.get(f"{name} peer")
        if peer:
            ratio = statistics.median(ours[0] / theirs[0] for ours, theirs in zip(rows[name], peer))
            line += f"{seconds(peer)} | {ratio:.2f} |"
        else:
            line += "– | – | – |"
        print(line, flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("pressroom")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--sizes", default="1000,10000")
    arguments = parser.parse_args()
    hugo = shutil.which("hugo")
    if not hugo:
        sys.exit("publish.py: the peer is missing: apt-get install hugo")
    print("| releases | what | pressroom s (min–max) | peak MB | Hugo s (min–max) | peak MB | ratio |")
    print("| --- | --- | --- | --- | --- | --- | --- |", flush=True)
    with tempfile.TemporaryDirectory(prefix="pressroom-bench-") as folder:
        for size in (int(word) for word in arguments.sizes.split(",")):
            rows = {}
            for turn in range(arguments.runs):
                one_run(os.path.abspath(arguments.pressroom), hugo, size, rows, os.path.join(folder, f"{size}-{turn}"))
            table_print(size, rows)


if __name__ == "__main__":
    main()
