#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Prints a loopback port that is free, and keeps it for the process OWNER, a test, as long as that lives.

A server starts some time after its port was chosen. Meanwhile the kernel could give the port to whoever binds port 0 or
connects, and another test could choose it: therefore ports of neither kind. They lie outside the range that the kernel
gives from, and each is noted under its number in a folder of this machine's tests, with who has it.
Usage: free_port.py OWNER [WISHED]: the port WISHED where it can be had
"""
import fcntl
import os
import pathlib
import random
import socket
import sys

LOWEST = 10240


def candidates():
    low, high = map(int, pathlib.Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split())
    ports = [port for port in range(LOWEST, 65536) if not low <= port <= high]
    random.shuffle(ports)
    return ports


def is_kept(note):
    try:
        os.kill(int(note.read_text()), 0)
    except (ValueError, ProcessLookupError):  # nobody, or who was killed while it wrote
        note.unlink()
        return False
    except PermissionError:
        pass
    return True


def is_bound(port):
    for family, kind in ((socket.AF_INET, socket.SOCK_STREAM), (socket.AF_INET, socket.SOCK_DGRAM)):
        with socket.socket(family, kind) as one:
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # what has ended may still wait for late packets
            try:
                one.bind(("127.0.0.1", port))
                if kind == socket.SOCK_STREAM:
                    one.listen(1)
            except OSError:
                return True
    return False


def main():
    owner = int(sys.argv[1])
    folder = pathlib.Path("/tmp") / f"pressroom-ports-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    with open(folder / "lock", "w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        kept = {note.name for note in folder.iterdir() if note.name != "lock" and is_kept(note)}
        for port in [int(wished) for wished in sys.argv[2:]] + candidates():
            if str(port) not in kept and not is_bound(port):
                (folder / str(port)).write_text(str(owner))
                print(port)
                return
    sys.exit("free_port.py: every port is taken")


if __name__ == "__main__":
    main()
