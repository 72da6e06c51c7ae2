# SPDX-License-Identifier: MIT
"""newsboat_agrees.py CACHE: what newsboat took from each feed file is what feedparser reads there, entry by entry."""
import calendar
import html
import sqlite3
import sys

import feedparser


def main():
    cache = sqlite3.connect(sys.argv[1])
    # newsboat keeps an entry once, whatever number of feeds it stands in.
    taken = set(cache.execute("select guid, title, url, pubDate from rss_item where deleted = 0"))
    wanted = set()
    feeds = [row[0] for row in cache.execute("select rssurl from rss_feed")]
    for feed in feeds:
        for entry in feedparser.parse(open(feed.removeprefix("file://"), "rb").read()).entries:
            wanted.add((entry.id, html.unescape(entry.title), entry.link, calendar.timegm(entry.published_parsed)))
    if not wanted or taken != wanted:
        sys.exit(f"newsboat: {sorted(taken)}\nfeedparser: {sorted(wanted)}")
    print(f"{len(feeds)} feeds, {len(wanted)} entries: newsboat agrees")


main()
