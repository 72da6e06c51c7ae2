#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What a relay and the server behind it do to a mail: for smtp_peer.py --filter. The message comes and goes by standard input and output.

  mail_way.py [--sign SELECTOR:DOMAIN:KEY.pem] [--cover FIELD …] [--remove FIELD] [--foot TEXT] [--field 'NAME: VALUE' …] [--bounce]

--sign: with python3-dkim, over From, To, Subject, Date, Message-ID and what --cover names. --remove, --foot: before signing; --late-foot behind it.
--field: above all, the last one first. --bounce: what comes is a report about the message."""
import argparse
import os
import sys

import dkim

parser = argparse.ArgumentParser()
parser.add_argument("--sign", default="")
parser.add_argument("--cover", action="append", default=[])
parser.add_argument("--remove", action="append", default=[])
parser.add_argument("--foot", default="")
parser.add_argument("--late-foot", default="")
parser.add_argument("--field", action="append", default=[])
parser.add_argument("--bounce", action="store_true")
options = parser.parse_args()

message = sys.stdin.buffer.read()
head, _, body = message.partition(b"\r\n\r\n")
for name in options.remove:
    lines, is_removed = [], False
    for line in head.split(b"\r\n"):
        is_removed = is_removed if line[:1] in (b" ", b"\t") else line.lower().startswith(name.lower().encode() + b":")
        if not is_removed:
            lines.append(line)
    head = b"\r\n".join(lines)
message = head + b"\r\n\r\n" + body + options.foot.encode()
if options.sign:
    selector, domain, key = options.sign.split(":")
    fields = ["from", "to", "subject", "date", "message-id"] + options.cover
    with open(key, "rb") as file:
        message = dkim.sign(message, selector.encode(), domain.encode(), file.read(), canonicalize=(b"relaxed", b"relaxed"),
                            include_headers=[field.encode() for field in fields]) + message
message += options.late_foot.encode()
for field in options.field:
    message = os.path.expandvars(field).encode() + b"\r\n" + message
if options.bounce:
    message = (b"From: MAILER-DAEMON@relay.example\r\nSubject: Undelivered Mail\r\nContent-Type: multipart/report; boundary=b\r\n\r\n"
               b"--b\r\nContent-Type: message/delivery-status\r\n\r\nAction: failed\r\nStatus: 5.1.1\r\n"
               b"Diagnostic-Code: smtp; 550 5.1.1 No such\r\n user here\r\n\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n" + message + b"\r\n--b--\r\n")
sys.stdout.buffer.write(message)
