#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Mails signed by Debian's python3-dkim: a line with the key's record, one with the message's size, the message."""
import base64
import subprocess
import sys

import dkim

KEY = subprocess.run(["openssl", "genrsa", "2048"], check=True, capture_output=True).stdout
PUBLIC = subprocess.run(["openssl", "rsa", "-pubout", "-outform", "DER"], input=KEY, check=True, capture_output=True).stdout
RECORD = b"v=DKIM1; k=rsa; p=" + base64.b64encode(PUBLIC)
MESSAGES = [
    b"From: Region Nordhav <presse@nordhav.example>\r\nTo: anna@avis.example\r\nSubject:  Nyt\r\n sundhedshus \r\n"
    b"List-Unsubscribe: <https://presse.nordhav.example/unsubscribe/x>\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"
    b"\r\nEn linje  med \t mellemrum \r\n\r\n.\r\n \r\n\r\n",
    b"From: presse@nordhav.example\r\nList-Unsubscribe: <mailto:a@b.example>\r\nList-Unsubscribe-Post: x\r\n\r\n",
]

for message in MESSAGES:
    for head in (b"simple", b"relaxed"):
        for body in (b"simple", b"relaxed"):
            field = dkim.sign(message, b"test", b"football.example.com", KEY, canonicalize=(head, body),
                              include_headers=[b"from", b"subject", b"list-unsubscribe", b"list-unsubscribe-post", b"x-none"])
            signed = field + message
            sys.stdout.buffer.write(RECORD + b"\n%d\n" % len(signed) + signed)
