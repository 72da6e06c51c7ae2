#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Python's smtplib, one connection, given the message as it is: one_by_one.py MESSAGE COUNT PORT"""
import smtplib
import sys

with open(sys.argv[1], "rb") as file:
    raw = file.read()
with smtplib.SMTP("127.0.0.1", int(sys.argv[3])) as relay:
    for number in range(int(sys.argv[2])):
        address = f"laeser{number}@avis.example"
        relay.sendmail("presse@nordhav.example", [address], raw.replace(b"laeser0@", f"laeser{number}@".encode(), 1))
