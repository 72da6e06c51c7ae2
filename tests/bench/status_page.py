#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The status page among 10,000 public, announced releases: its size, and what it costs when one of them changed.

usage: status_page.py PROGRAM [COUNT]

One release is published, and its row copied. What the page costs is the difference between runs with `status: file`
and with `status: none`, each with one file changed before it; medians of nine."""
import os, sqlite3, statistics, subprocess, sys, tempfile, time


def columns(store, table):
    return [row[1] for row in store.execute(f"PRAGMA table_info({table})")]


def unique(store, table):
    names = set()
    for index in store.execute(f"PRAGMA index_list({table})").fetchall():
        if index[2]:
            names |= {row[2] for row in store.execute(f"PRAGMA index_info({index[1]})")}
    return names


def copy_rows(path, count):
    store = sqlite3.connect(path)
    names = columns(store, "release")
    distinct = unique(store, "release")
    rows = store.execute("SELECT * FROM release WHERE path LIKE 'one%'").fetchall()
    template = dict(zip(names, rows[0]))
    for number in range(1, count):
        row = dict(template)
        row["row_id"] = template["row_id"] + 1000 + number
        for name in names:
            value = template[name]
            if name == "path":
                row[name] = None
            elif name in ("public_id", "slug", "title") or (name in distinct and isinstance(value, str)):
                row[name] = f"{value}-{number}"
            elif name == "public_at":
                row[name] = value - number * 3_600_000
        store.execute(f"INSERT OR IGNORE INTO release ({','.join(names)}) VALUES ({','.join('?' * len(names))})",
                      [row[name] for name in names])
    store.commit()
    return store.execute("SELECT count(*) FROM release").fetchone()[0]


def main():
    program, count = os.path.abspath(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 10000
    with tempfile.TemporaryDirectory() as folder:
        room = folder + "/room"
        environment = dict(os.environ)
        subprocess.run([program, "init", room, "--name", "Region Nordhav", "--url", "https://presse.nordhav.example/",
                        "--from", "presse@nordhav.example", "--language", "da"], check=True, stdout=subprocess.DEVNULL)
        settings = room + "/newsroom.yaml"
        plain = f"publisher: {{name: Region Nordhav}}\nsite: {{url: https://presse.nordhav.example/}}\n" \
                f"mail: {{from: presse@nordhav.example, smtp: maildir:{folder}/mail}}\n" \
                "announce: {delay: 0s}\nintake: {settle: 0s}\n"
        open(settings, "w").write(plain)
        for name in ("one", "two"):
            open(f"{room}/releases/{name}.md", "w").write(f"---\ntitle: Nyt {name}\n---\n\nDer er nyt.\n")
        run = [program, "-C", room, "-q", "run"]
        subprocess.run(run, env=environment, stderr=subprocess.DEVNULL)
        subprocess.run(run, env=environment, stderr=subprocess.DEVNULL)
        print("releases:", copy_rows(room + "/state/pressroom.db", count))
        taken = {"file": [], "none": []}
        for number in range(9):
            for place in ("none", "file"):
                open(settings, "w").write(plain + f"status: {place}\n")
                open(f"{room}/releases/kladde.md", "w").write(
                    f"---\ntitle: Kladde {number} {place}\nstatus: draft\n---\n\nDer er nyt.\n")
                began = time.perf_counter()
                subprocess.run(run, env=environment, stderr=subprocess.DEVNULL)
                taken[place].append((time.perf_counter() - began) * 1000)
        file, none = statistics.median(taken["file"]), statistics.median(taken["none"])
        print(f"page: {os.stat(room + '/releases/status.html').st_size} bytes")
        print(f"run with the page {file:.0f} ms, without {none:.0f} ms: {file - none:.0f} ms")


main()
