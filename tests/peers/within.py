#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs a command where all its processes together have no more memory than a service has: within.py MEGABYTES REPORT COMMAND…

Where a control group can be made (root, and the hierarchy is ours to write in), it is one, as systemd's MemoryMax= makes it:
whoever passes the limit is killed. Elsewhere RLIMIT_DATA keeps each process under it, but for programs with AddressSanitizer,
which reserve more than any machine has. In any case REPORT tells afterwards what was taken, in megabytes: "largest" is the most
that a single process ever had in memory, of all that the command started, however short it lived; "together" what the control
group had at most, without pages of files that could be dropped; null without one. The exit status is the command's.
"""
import ctypes
import errno
import json
import os
import resource
import signal
import sys

MEGABYTE = 1024 * 1024
PR_SET_CHILD_SUBREAPER = 36


def own_group(controller):
    """This process's own path in a hierarchy; "" is that of version 2."""
    for line in open("/proc/self/cgroup", encoding="utf-8"):
        _, controllers, path = line.rstrip("\n").split(":", 2)
        if controller in controllers.split(","):
            return path.lstrip("/")
    return ""


class Group:
    """A control group, of either version."""

    def __init__(self, base, limit_file, peak_file, limit):
        self.path = os.path.join(base, f"pressroom-within-{os.getpid()}")
        self.peak_file = os.path.join(self.path, peak_file)
        os.mkdir(self.path)
        try:
            # It is there at once, or this is a folder like any other.
            descriptor = os.open(os.path.join(self.path, limit_file), os.O_WRONLY)
            os.write(descriptor, str(limit).encode())
            os.close(descriptor)
        except OSError:
            os.rmdir(self.path)
            raise

    def enter(self):
        with open(os.path.join(self.path, "cgroup.procs"), "w", encoding="ascii") as file:
            file.write("0")

    def close(self):
        try:
            with open(self.peak_file, encoding="ascii") as file:
                peak = int(file.read()) // MEGABYTE
        except OSError:
            peak = None  # an older kernel counts, and does not tell
        os.rmdir(self.path)
        return peak


def make_group(limit):
    places = (
        (os.path.join("/sys/fs/cgroup", own_group("")), "memory.max", "memory.peak"),
        (os.path.join("/sys/fs/cgroup/memory", own_group("memory")), "memory.limit_in_bytes", "memory.max_usage_in_bytes"),
    )
    for base, limit_file, peak_file in places:
        try:
            return Group(base, limit_file, peak_file, limit)
        except OSError:
            continue
    return None


def start(command, group, limit):
    child = os.fork()
    if child:
        return child
    try:
        if group:
            group.enter()
        elif not os.environ.get("PRESSROOM_SANITIZED"):
            resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
        os.execvp(command[0], command)
    finally:
        os._exit(127)


def wait_for_all(child):
    """Those that lost their parent come to us: what they took is counted as well."""
    status = None
    while True:
        try:
            process, ended = os.wait()
        except OSError as error:
            if error.errno == errno.ECHILD:
                return status
            raise
        if process == child:
            status = ended


def main():
    limit = int(sys.argv[1]) * MEGABYTE
    if ctypes.CDLL(None, use_errno=True).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0:
        sys.exit("within.py: no subreaper")
    group = make_group(limit)
    status = wait_for_all(start(sys.argv[3:], group, limit))
    largest = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    report = {"largest": largest, "together": group.close() if group else None}
    with open(sys.argv[2], "w", encoding="utf-8") as file:
        json.dump(report, file)
    if os.WIFSIGNALED(status):
        signal.signal(os.WTERMSIG(status), signal.SIG_DFL)
        os.kill(os.getpid(), os.WTERMSIG(status))
    sys.exit(os.WEXITSTATUS(status))


if __name__ == "__main__":
    main()
