#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Stands between a program and its server, and stops half-way.

gate.py BYTES REACHED GO COMMAND…: starts COMMAND and hands it what comes on standard input, and its answers back. Behind so
many bytes it opens REACHED, a named pipe, for writing, and goes on only when somebody has written into GO, another one."""
import os
import subprocess
import sys

limit, reached, go = int(sys.argv[1]), sys.argv[2], sys.argv[3]
server = subprocess.Popen(sys.argv[4:], stdin=subprocess.PIPE)
passed = 0
while piece := os.read(0, 16384):
    if passed < limit <= passed + len(piece):
        with open(reached, "w") as pipe:
            pipe.write("reached\n")
        with open(go) as pipe:
            pipe.read()
    passed += len(piece)
    server.stdin.write(piece)
    server.stdin.flush()
server.stdin.close()
sys.exit(server.wait())
