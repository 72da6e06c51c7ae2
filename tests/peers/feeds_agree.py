# SPDX-License-Identifier: MIT
"""feeds_agree.py FOLDER: every feed parses without complaint, ID.atom, ID.rss and ID.json agree entry by entry, an entry
has one address, and no two entries of a feed share atom:updated, which the W3C's validator compares as strings."""
import calendar
import datetime
import glob
import json
import os
import sys

import feedparser


def xml_entries(path):
    parsed = feedparser.parse(open(path, "rb").read())
    if parsed.bozo:
        sys.exit(f"{path}: {parsed.bozo_exception}")
    if not parsed.feed.get("title") or not parsed.feed.get("link"):
        sys.exit(f"{path}: no title or link")
    updated = [entry.updated for entry in parsed.entries if entry.get("updated")]
    if len(set(updated)) != len(updated):
        sys.exit(f"{path}: entries with the same updated: {sorted(updated)}")
    result = []
    for entry in parsed.entries:
        own = [link.href for link in entry.links if link.get("rel") == "alternate"]
        if own != [entry.link]:
            sys.exit(f"{path}: {entry.id} has not one address: {own}")
        published = entry.get("published_parsed") or entry.get("updated_parsed")
        result.append((entry.id, plain(entry.title), entry.link, calendar.timegm(published)))
    return result


def plain(title):
    import html
    return html.unescape(title)


def json_entries(path):
    document = json.load(open(path, encoding="utf-8"))
    assert document["version"] == "https://jsonfeed.org/version/1.1", path
    assert document["feed_url"].endswith(os.path.basename(path)), path
    result = []
    for item in document["items"]:
        moment = datetime.datetime.fromisoformat(item["date_published"].replace("Z", "+00:00"))
        result.append((item["id"], item["title"], item["url"], int(moment.timestamp())))
    return result


def main():
    folder = sys.argv[1]
    atoms = sorted(glob.glob(os.path.join(folder, "*.atom")))
    if not atoms:
        sys.exit(f"{folder}: no feed")
    entries = 0
    for atom in atoms:
        base = atom[: -len(".atom")]
        wanted = xml_entries(atom)
        entries += len(wanted)
        for got, path in ((xml_entries(base + ".rss"), base + ".rss"), (json_entries(base + ".json"), base + ".json")):
            if got != wanted:
                sys.exit(f"{path}: differs from {atom}:\n{got}\n{wanted}")
    if not entries:
        sys.exit(f"{folder}: no entry in any feed")
    print(f"{len(atoms)} feeds agree, {entries} entries")


main()
