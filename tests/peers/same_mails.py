#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Whether a relay's Maildir holds the same messages as the one that we wrote ourselves: same_mails.py OURS RELAY'S

Matched by Message-ID: each there once, and byte for byte the same but for line ends and the fields that a relay puts in front;
Python's e-mail parser must find no defect, and the same text in each part."""
import email
import email.policy
import os
import re
import sys

ADDED = re.compile(rb"(?:(?:Return-Path|Delivered-To|X-Original-To|Received|Envelope-To|Delivery-Date):[^\n]*\n(?:[ \t][^\n]*\n)*)*", re.I)


def read(folder):
    messages = {}
    for name in sorted(os.listdir(f"{folder}/new")):
        with open(f"{folder}/new/{name}", "rb") as file:
            raw = file.read().replace(b"\r\n", b"\n")
        raw = raw[ADDED.match(raw).end():]
        message = email.message_from_bytes(raw, policy=email.policy.default)
        if message["Message-ID"] in messages:
            sys.exit(f"{folder}: {message['Message-ID']} twice")
        defects = [part.defects for part in message.walk() if part.defects]
        if defects:
            sys.exit(f"{name}: {defects}")
        messages[str(message["Message-ID"])] = raw, message
    return messages


def main():
    ours, theirs = read(sys.argv[1]), read(sys.argv[2])
    if ours.keys() != theirs.keys():
        sys.exit(f"{len(ours.keys() - theirs.keys())} did not arrive, {len(theirs.keys() - ours.keys())} are not ours")
    for message_id, (raw, message) in ours.items():
        other_raw, other = theirs[message_id]
        if raw != other_raw:
            sys.exit(f"{message_id}: differs:\n{raw.decode()}\n---\n{other_raw.decode()}")
        for part, other_part in zip(message.iter_parts(), other.iter_parts(), strict=True):
            if part.get_content() != other_part.get_content():
                sys.exit(f"{message_id}: another text")
    print(f"{len(ours)} the same")


if __name__ == "__main__":
    main()
