# SPDX-License-Identifier: MIT
"""feeds_agree.py FOLDER: every feed parses without complaint, ID.atom, ID.rss and ID.json agree entry by entry, an entry
has one address, and no two entries of a feed share atom:updated, which the W3C's validator compares as strings. What is
enclosed is as long as it says, and the same in all formats, as are the originals that are linked."""
import calendar
import datetime
import glob
import json
import os
import sys

import feedparser


def check_length(path, url, length):
    file = os.path.join(os.path.dirname(path), "..", *url.split("/")[3:])
    if os.path.getsize(file) != int(length):
        sys.exit(f"{path}: {url} is {os.path.getsize(file)} bytes, not {length}")


def xml_files(path, entry):
    """What is enclosed, and the originals that are linked."""
    linked = {relation: [(link.href, int(link.length)) for link in entry.links if link.get("rel") == relation]
              for relation in ("enclosure", "related")}
    for url, length in linked["enclosure"] + linked["related"]:
        check_length(path, url, length)
    enclosed = linked["enclosure"]
    if path.endswith(".rss"):
        if len(enclosed) > 1:
            sys.exit(f"{path}: {entry.id} has several enclosures")
        media = [(content["url"], int(content["filesize"])) for content in entry.get("media_content", [])]
        if enclosed and enclosed[0] not in media:
            media.insert(0, enclosed[0])
        if media and media[0] != enclosed[0]:
            sys.exit(f"{path}: {entry.id}: the enclosure is not the first media:content")
        enclosed = media
    return enclosed, linked["related"]


def json_files(path, item):
    files = [(each["url"], each["size_in_bytes"]) for each in item.get("attachments", [])]
    for url, length in files:
        check_length(path, url, length)
    return files


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
    files = {}
    for entry in parsed.entries:
        own = [link.href for link in entry.links if link.get("rel") == "alternate"]
        if own != [entry.link]:
            sys.exit(f"{path}: {entry.id} has not one address: {own}")
        published = entry.get("published_parsed") or entry.get("updated_parsed")
        result.append((entry.id, plain(entry.title), entry.link, calendar.timegm(published)))
        files[entry.id] = xml_files(path, entry)
    return result, files


def plain(title):
    import html
    return html.unescape(title)


def json_entries(path):
    document = json.load(open(path, encoding="utf-8"))
    assert document["version"] == "https://jsonfeed.org/version/1.1", path
    assert document["feed_url"].endswith(os.path.basename(path)), path
    result = []
    files = {}
    for item in document["items"]:
        moment = datetime.datetime.fromisoformat(item["date_published"].replace("Z", "+00:00"))
        result.append((item["id"], item["title"], item["url"], int(moment.timestamp())))
        files[item["id"]] = json_files(path, item)
    return result, files


def main():
    folder = sys.argv[1]
    atoms = sorted(glob.glob(os.path.join(folder, "*.atom")))
    if not atoms:
        sys.exit(f"{folder}: no feed")
    entries = 0
    pictures = 0
    for atom in atoms:
        base = atom[: -len(".atom")]
        wanted, files = xml_entries(atom)
        rss, rss_files = xml_entries(base + ".rss")
        items, item_files = json_entries(base + ".json")
        entries += len(wanted)
        pictures += sum(len(originals) for _, originals in files.values())
        for got, path in ((rss, base + ".rss"), (items, base + ".json")):
            if got != wanted:
                sys.exit(f"{path}: differs from {atom}:\n{got}\n{wanted}")
        if rss_files != files:
            sys.exit(f"{base}.rss: other files than {atom}:\n{rss_files}\n{files}")
        for name, (enclosed, originals) in files.items():
            if [file for file in item_files[name] if file not in originals] != enclosed:
                sys.exit(f"{base}.json: {name}: other files than {atom}:\n{item_files[name]}\n{enclosed}")
    if not entries:
        sys.exit(f"{folder}: no entry in any feed")
    print(f"{len(atoms)} feeds agree, {entries} entries, {pictures} pictures shown smaller than they are")


main()
