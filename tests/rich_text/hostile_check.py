#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Has the program look at each hostile file by itself, and judges what that cost: hostile_check.py PROGRAM NEWSROOM [NAME…]

`pressroom check` is to answer each with the outcome that hostile.py says, with a line of its own (never that its reader broke down),
with two seconds of processor and 200 MB at most, whatever else the machine does, and without a connection to anywhere. Builds with
AddressSanitizer are not asked what they cost."""
import os
import socket
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import hostile  # noqa: E402

SECONDS, MEGABYTES = 2, 200
# What is said where a reader was ended from outside: that is the last defence, and no answer.
BROKEN_DOWN = ("could not be read", "its reader")
SECRETS = ("HEMMELIGT", "root:", "hahaha")


def judge(program, room, path, outcome):
    output = tempfile.TemporaryFile()
    process = subprocess.Popen([program, "-C", room, "check", path], stdout=output, stderr=output, stdin=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    output.seek(0)
    said = output.read().decode()
    faults = []
    if process.returncode != {"read": 0, "refused": 1}[outcome]:
        faults.append(f"exit {process.returncode}, {outcome} was to come")
    if not any(os.path.basename(path) in line for line in said.splitlines()):
        faults.append("no line names it")
    faults += [f"“{words}” is said" for words in BROKEN_DOWN + SECRETS if words in said]
    seconds, megabytes = used.ru_utime + used.ru_stime, used.ru_maxrss // 1024
    if not os.environ.get("PRESSROOM_SANITIZED"):
        if seconds > SECONDS:
            faults.append(f"{seconds:.1f} s of processor")
        if megabytes > MEGABYTES:
            faults.append(f"{megabytes} MB")
    print(f"{os.path.basename(path)}: {outcome}, {seconds:.2f} s, {megabytes} MB: {' / '.join(said.split(chr(10))).strip(' /')[:300]}")
    return [f"{os.path.basename(path)}: {fault}" for fault in faults]


def make(name, folder, port):
    """By a process of its own: what a parent had in memory counts as its child's."""
    return subprocess.run([sys.executable, hostile.__file__, "make", name, folder, port], check=True, capture_output=True).stdout.decode().strip()


def main():
    program, room, *names = sys.argv[1:]
    faults = []
    with socket.socket() as trap:
        trap.bind(("127.0.0.1", 0))
        trap.listen()
        trap.setblocking(False)
        port = str(trap.getsockname()[1])
        for name, (outcome, _, _) in hostile.KINDS.items():
            if names and name not in names:
                continue
            path = make(name, os.path.join(room, "releases"), port)
            faults += judge(program, room, path, outcome)
            os.remove(path)
        try:
            trap.accept()
            faults.append("something was fetched")
        except BlockingIOError:
            pass
    print("\n".join(faults))
    sys.exit(bool(faults))


main()
