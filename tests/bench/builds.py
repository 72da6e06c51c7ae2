# SPDX-License-Identifier: MIT
"""builds.py [--runs N] [--sizes 10000] [--folder FOLDER] BEFORE NOW

Two builds of pressroom beside each other, in turns, each in newsrooms of its own with the same releases: `ingest`,
`publish` and `announce`, then `run` with nothing new; in another newsroom `run` with all new. Prints a Markdown table:
medians (minimum–maximum) by the clock and of the processor, and the medians of the ratios of each pair. What the
processes that read confined take of the processor is counted too, so on a busy machine go by that. See publish.py for
why nothing is deleted before the end."""
import argparse
import ctypes
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time

import publish

PR_SET_CHILD_SUBREAPER = 36  # whoever loses its parent becomes ours, and what it took can be counted


def processor_seconds():
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def reap_all():
    try:
        while True:
            os.wait()
    except ChildProcessError:
        pass


def timed(command):
    os.sync()  # what others have yet to write is not this one's
    before = processor_seconds()
    start = time.monotonic()
    status = subprocess.Popen(command, stdout=subprocess.DEVNULL).wait()
    seconds = time.monotonic() - start
    reap_all()
    if status != 0:
        sys.exit(f"{' '.join(command)}: exit {status}")
    return seconds, processor_seconds() - before


def one_build(program, size, folder, rows):
    room, other = os.path.join(folder, "room"), os.path.join(folder, "other")
    for place in (room, other):
        publish.make_room(program, place)
        for number in range(size):
            publish.add(place, None, number, publish.date_of(number))

    def does(name, place, command):
        rows.setdefault(name, []).append(timed([program, "-q", "-C", place, command]))

    for stage in ("ingest", "publish", "announce"):
        does(stage, room, stage)
    rows.setdefault("stages", []).append(tuple(sum(rows[stage][-1][i] for stage in ("ingest", "publish", "announce")) for i in (0, 1)))
    does("nothing", room, "run")
    does("run", other, "run")


def spread(values):
    return f"{statistics.median(values):.2f} ({min(values):.2f}–{max(values):.2f})"


def table_print(size, before, now):
    for name, label in publish.LABELS:
        if name not in before:
            continue
        cells = [str(size), label]
        for i in (0, 1):
            cells += [spread([row[i] for row in rows[name]]) for rows in (before, now)]
            cells.append(f"{statistics.median(new[i] / old[i] for old, new in zip(before[name], now[name])):.3f}")
        print(f"| {' | '.join(cells)} |", flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("before")
    parser.add_argument("now")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--sizes", default="10000")
    parser.add_argument("--folder", help="where the newsrooms are made (default: where temporary files are)")
    arguments = parser.parse_args()
    if ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0:
        sys.exit("builds.py: this system does not give orphans to their grandparent")
    programs = [os.path.abspath(path) for path in (arguments.before, arguments.now)]
    print("| releases | what | before s | now s | ratio | before CPU s | now CPU s | ratio |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- |", flush=True)
    with tempfile.TemporaryDirectory(prefix="pressroom-bench-", dir=arguments.folder) as folder:
        for size in (int(word) for word in arguments.sizes.split(",")):
            rows = ({}, {})
            for turn in range(arguments.runs):
                for i, program in enumerate(programs):
                    one_build(program, size, os.path.join(folder, f"{size}-{turn}-{i}"), rows[i])
            table_print(size, *rows)


main()
