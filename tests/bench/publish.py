# SPDX-License-Identifier: MIT
"""publish.py [--runs N] [--sizes 1000,10000] PRESSROOM

From the drop directory to pages and feeds, beside Hugo making the same number of pages and one RSS feed in the same
run, in turns. Prints a Markdown table: medians, and the ratio of the medians of each pair.

What is timed of pressroom for all that is new is `ingest`, `publish` and `announce`, one process each; with nothing or
one new it is `run`, one process, with the mails waiting for announce.delay. Whole processes, from outside."""
import argparse
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


def release_text(number):
    source = random.Random(number)
    title = sentence(source, 6)[:-1] + f" {number}"
    day = 1 + number % 28
    month = 1 + number // 28 % 12
    year = 2000 + number % 26
    body = "\n\n".join(" ".join(sentence(source, 12) for _ in range(5)) for _ in range(5))
    front = (f"---\ntitle: {title}\npublished: {year}-{month:02}-{day:02}T10:00:00+01:00\n"
             f"topics: [{source.choice(['sundhed', 'klima', 'trafik', 'psykiatri'])}]\n---\n")
    hugo = (f"---\ntitle: {title}\ndate: {year}-{month:02}-{day:02}T10:00:00+01:00\n"
            f"tags: [{source.choice(['sundhed', 'klima', 'trafik', 'psykiatri'])}]\n---\n")
    return front + body + "\n", hugo + body + "\n"


def timed(command):
    start = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.monotonic() - start
    if os.waitstatus_to_exitcode(status) != 0:
        sys.exit(f"{' '.join(command)}: exit {os.waitstatus_to_exitcode(status)}")
    return seconds, usage.ru_maxrss / 1024


def stages(pressroom, room):
    results = [timed([pressroom, "-q", "-C", room, stage]) for stage in ("ingest", "publish", "announce")]
    return [r[0] for r in results], max(r[1] for r in results)


def whole_run(pressroom, room):
    seconds, megabytes = timed([pressroom, "-q", "-C", room, "run"])
    return [seconds], megabytes


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


def add(room, site, numbers):
    for number in numbers:
        ours, hugo = release_text(number)
        with open(os.path.join(room, f"releases/r{number}.md"), "w", encoding="utf-8") as file:
            file.write(ours)
        if site:
            with open(os.path.join(site, f"content/r{number}.md"), "w", encoding="utf-8") as file:
                file.write(hugo)


def one_run(pressroom, hugo, size, rows):
    folder = tempfile.mkdtemp(prefix="pressroom-bench-")
    try:
        room, site = os.path.join(folder, "room"), os.path.join(folder, "site")
        make_room(pressroom, room)
        if hugo:
            make_site(site)
        add(room, site if hugo else None, range(size))
        rows.setdefault("all", []).append(stages(pressroom, room))
        if hugo:
            rows.setdefault("all peer", []).append(timed([hugo, "--quiet", "-s", site]))
        rows.setdefault("nothing", []).append(whole_run(pressroom, room))
        add(room, site if hugo else None, [size + 1])
        rows.setdefault("one", []).append(whole_run(pressroom, room))
        if hugo:
            rows.setdefault("one peer", []).append(timed([hugo, "--quiet", "-s", site]))
    finally:
        shutil.rmtree(folder)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("pressroom")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--sizes", default="1000,10000")
    arguments = parser.parse_args()
    hugo = shutil.which("hugo")
    if not hugo:
        sys.exit("publish.py: the peer is missing: apt-get install hugo")
    print("| releases | run | ingest s | publish s | announce s | together s (min–max) | peak MB | Hugo s (min–max) | Hugo MB | ratio to Hugo |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |")
    for size in (int(word) for word in arguments.sizes.split(",")):
        rows = {}
        for _ in range(arguments.runs):
            one_run(os.path.abspath(arguments.pressroom), hugo, size, rows)
        for name, label in (("all", "all new"), ("nothing", "nothing new"), ("one", "one new")):
            ours = rows[name]
            totals = [sum(r[0]) for r in ours]
            parts = [f"{statistics.median(r[0][i] for r in ours):.3f}" if len(ours[0][0]) == 3 else "–" for i in range(3)]
            line = (f"| {size} | {label} | " + " | ".join(parts) +
                    f" | {statistics.median(totals):.3f} ({min(totals):.3f}–{max(totals):.3f}) | {statistics.median(r[1] for r in ours):.0f}")
            peer = rows.get(f"{name} peer")
            if peer:
                seconds = [p[0] for p in peer]
                ratio = statistics.median(t / s for t, s in zip(totals, seconds))
                line += (f" | {statistics.median(seconds):.2f} ({min(seconds):.2f}–{max(seconds):.2f})"
                         f" | {statistics.median(p[1] for p in peer):.0f} | {ratio:.2f}")
            else:
                line += " | – | – | –"
            print(line + " |", flush=True)


main()
