# SPDX-License-Identifier: MIT
"""syscall_trace.py PREFIX [--tried FUNCTION:WHAT]…: reads what `strace -ff -ttt -o PREFIX` wrote of a whole tree of processes.

From the moment that a process has given its rights up, all that succeeded in it, in each of its threads, must be of a
short list; anything else must have been refused. --tried: somebody of FUNCTION ("settled": the server) must have tried WHAT
besides, and been refused. Prints what it saw, a line a function: processes, requests, calls, and what was refused."""
import argparse
import collections
import glob
import os
import re
import sys

# What a confined process may do. Written down here once more, so that a longer list in the program is noticed.
COMPUTING = {
    "read", "write", "readv", "writev", "pread64", "recvmsg", "sendmsg", "sendto", "recvfrom", "close", "fstat", "lseek",
    "munmap", "mremap", "madvise", "brk", "futex", "set_robust_list", "rseq", "rt_sigprocmask", "rt_sigreturn", "exit",
    "exit_group", "getpid", "gettid", "clock_gettime", "gettimeofday", "sched_yield", "restart_syscall", "mmap", "mprotect",
}
SANITIZED = {"sigaltstack", "rt_sigaction", "sched_getaffinity"}
# What a server that has settled may not.
BORDER = {
    "socket", "connect", "bind", "fork", "vfork", "execve", "execveat", "ptrace", "process_vm_readv", "process_vm_writev",
    "memfd_create", "pidfd_open", "pidfd_getfd", "kill", "tkill", "unshare", "setns", "mount", "bpf", "keyctl",
    "io_uring_setup", "clone3",
}
REFUSALS = {"EPERM", "EACCES", "ENOSYS"}
# Each worker asks these once itself, to see that it has no rights left.
SELF_TEST = {"openat": 1, "socket": 1}
TRIES = {"open": ["openat"], "connect": ["socket", "connect"], "fork": ["clone"], "exec": ["execve"]}

LINE = re.compile(r"^(\d+\.\d+) (\w+)\((.*)\) += (-?\d+|0x[0-9a-f]+|\?)(?: (E\w+))?")
END = re.compile(r"^(\d+\.\d+) \+\+\+ (.*) \+\+\+")


class Process:
    """A process or a thread: its calls, and who it came from."""

    def __init__(self, number, lines):
        self.number, self.calls, self.end = number, [], ""
        self.parent = self.name = self.given_up = None
        self.is_thread = self.is_settled = False
        for line in lines:
            if match := LINE.match(line):
                self.calls.append((float(match[1]), match[2], match[3], match[4], match[5]))
            elif match := END.match(line):
                self.end = match[2]
            elif " --- " not in line and not re.search(r"= \?|<unfinished|resumed>|exited|detached", line):
                sys.exit(f"{number}: cannot be read: {line}")

    def look_for_rights(self):
        for time, call, arguments, result, _ in self.calls:
            if call == "execve" and (match := re.search(r'"--confined-template", "(\w+)"', arguments)):
                self.name = match[1]
            is_filter = (call == "seccomp" and arguments.startswith("SECCOMP_SET_MODE_FILTER")) or (
                call == "prctl" and re.match(r"PR_SET_SECCOMP, (SECCOMP_MODE_FILTER|0x2)", arguments))
            if is_filter and result == "0" and self.given_up is None:
                self.given_up, self.is_settled = time, "FILTER_FLAG_TSYNC" in arguments


def read(prefix):
    processes = {}
    for path in glob.glob(glob.escape(prefix) + ".*"):
        number = int(path.rsplit(".", 1)[1])
        with open(path, encoding="utf-8", errors="replace") as file:
            processes[number] = Process(number, file.read().splitlines())
    for process in processes.values():
        process.look_for_rights()
        for _, call, arguments, result, _ in process.calls:
            child = processes.get(int(result)) if call in ("clone", "clone3", "fork", "vfork") and result.isdigit() else None
            if child:
                child.parent, child.is_thread = process, "CLONE_THREAD" in arguments
    return processes


def leader_of(process):
    while process.is_thread:
        process = process.parent
    return process


def function_of(process):
    """Of what is confined: the function's name, "settled"; None: it has its rights."""
    leader = leader_of(process)
    if leader.given_up is None:
        return None
    return "settled" if leader.is_settled else leader.parent.name


def is_sanitized():
    """Sanitizers want some more, and look at the end from a process of their own."""
    return bool(os.environ.get("PRESSROOM_SANITIZED"))


def may_succeed(function, call, arguments):
    if call in ("mmap", "mprotect", "pkey_mprotect") and "PROT_EXEC" in arguments:
        return False
    if call == "clone" or (call == "clone3" and is_sanitized()):
        return "CLONE_THREAD" in arguments and function in ("settled", "picture")
    if function == "settled":
        if call in ("ptrace", "kill", "tkill") and is_sanitized():
            return True
        return call not in BORDER and not (call == "sendto" and re.search(r"sa_family|, 0x\w+, [1-9]\d*$", arguments))
    return call in COMPUTING or (call in SANITIZED and is_sanitized())


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("prefix")
    parser.add_argument("--tried", action="append", default=[])
    parser.add_argument("--seen", action="append", default=[], help="a function that must have answered a request")
    options = parser.parse_args()
    processes, calls, requests = collections.Counter(), collections.Counter(), collections.Counter()
    refused = collections.defaultdict(collections.Counter)
    for process in read(options.prefix).values():
        function = function_of(process)
        if function is None:
            continue
        begin = leader_of(process).given_up
        processes[function] += not process.is_thread
        own = collections.Counter()
        for time, call, arguments, result, error in process.calls:
            if time <= begin:
                continue
            calls[function] += 1
            if error in REFUSALS:
                own[call] += 1
            elif error is None and result != "?" and not may_succeed(function, call, arguments):
                sys.exit(f"{function}, {process.number}: {call}({arguments}) = {result}")
            elif function != "settled" and error and not may_succeed(function, call, arguments):
                sys.exit(f"{function}, {process.number}: {call}({arguments}) was tried by the kernel: {error}")
            requests[function] += call == "recvmsg" and result.isdigit() and int(result) > 0
        if function != "settled" and not process.is_thread:
            own.subtract(SELF_TEST)
        refused[function].update(own)
    for function, count in sorted(processes.items()):
        words = " ".join(f"{call} {times}" for call, times in sorted(refused[function].items()) if times)
        print(f"{function}: {count} processes, {requests[function]} pieces, {calls[function]} calls; refused: {words or 'nothing'}")
    for tried in options.tried:
        function, what = tried.split(":")
        for call in TRIES[what]:
            if refused[function][call] < 1 and not (function == "settled" and what == "open"):
                sys.exit(f"{function}: {call} was not tried, or not refused")
    for function in options.seen:
        if requests[function] < 1:
            sys.exit(f"{function}: none of it was asked anything")


main()
