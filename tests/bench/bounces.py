# SPDX-License-Identifier: MIT
"""bounces.py [--count 5000] [--runs 3] PRESSROOM PROBE

Bounces of 4 kB, one for each person of a mailing that PRESSROOM has sent, as Postfix, Exchange and qmail write them. Reads
them with PRESSROOM's reader (PROBE), Sisimai, flufl.bounce and Mail::DeliveryStatus::BounceParser in turns, then collects
them from a Maildir with their effects. Prints two Markdown tables: medians of seconds by the clock and of CPU, messages a
second, memory."""
import argparse
import email
import glob
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

SISIMAI = r"""use Sisimai; use Time::HiRes 'time'; my $t = time; my $n = 0;
for my $file (glob "$ARGV[0]/*") { my $r = Sisimai->make($file, delivered => 1); $n += @$r if $r }
printf "%d %.4f\n", $n, time - $t;"""
BOUNCE_PARSER = r"""use Mail::DeliveryStatus::BounceParser; use Time::HiRes 'time'; my $t = time; my $n = 0;
for my $file (glob "$ARGV[0]/*") { open my $in, '<', $file; local $/;
  my $b = Mail::DeliveryStatus::BounceParser->new(scalar <$in>); $n += () = $b->reports }
printf "%d %.4f\n", $n, time - $t;"""
FLUFL = r"""import email, glob, sys, time
from flufl.bounce import all_failures
start, count = time.time(), 0
for path in glob.glob(sys.argv[1] + "/*"):
    with open(path, "rb") as file:
        count += sum(len(found) for found in all_failures(email.message_from_binary_file(file)))
print(count, f"{time.time() - start:.4f}")"""

REASONS = [("5.1.1", "550 5.1.1 <{to}>: Recipient address rejected: User unknown in virtual mailbox table", "failed"),
           ("5.2.2", "552 5.2.2 <{to}>: mailbox is over its quota", "failed"),
           ("5.7.1", "554 5.7.1 Service unavailable; client host [192.0.2.1] blocked using a list", "failed"),
           ("5.4.4", "host or domain name not found, type=AAAA", "failed"),
           ("4.4.1", "connect to mx.avisen.example[192.0.2.9]:25: Connection timed out", "delayed"),
           ("5.3.4", "552 5.3.4 message size exceeds the fixed maximum", "failed")]


def bounce(number, original):
    """A delivery status notification of the mail, cut so that the whole has 4 kB."""
    path, to = original["Return-Path"].strip("<>"), original["To"]
    status, words, action = REASONS[number % len(REASONS)]
    words = words.format(to=to)
    subject = "Undelivered Mail Returned to Sender" if action == "failed" else "Delayed Mail (still being retried)"
    head = f"""Return-Path: <>
Delivered-To: {path}
Received: by mx.avisen.example (Postfix) id 4B{number:07X}; Wed, 10 Jun 2026 10:00:00 +0200 (CEST)
Date: Wed, 10 Jun 2026 10:00:00 +0200 (CEST)
From: MAILER-DAEMON@mx.avisen.example (Mail Delivery System)
Subject: {subject}
To: {path}
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
\tboundary="4B{number:07X}.1781078400/mx.avisen.example"
Message-Id: <20260610080000.4B{number:07X}@mx.avisen.example>

This is a MIME-encapsulated message.

--4B{number:07X}.1781078400/mx.avisen.example
Content-Description: Notification
Content-Type: text/plain; charset=us-ascii

This is the mail system at host mx.avisen.example.

Your message could not be delivered to one or more recipients.
It is attached below.

<{to}>: host mx.avisen.example[192.0.2.9] said: {words}
    (in reply to RCPT TO command)

--4B{number:07X}.1781078400/mx.avisen.example
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.avisen.example
X-Postfix-Queue-ID: 4B{number:07X}
X-Postfix-Sender: rfc822; {path}
Arrival-Date: Wed, 10 Jun 2026 10:00:00 +0200 (CEST)

Final-Recipient: rfc822; {to}
Original-Recipient: rfc822;{to}
Action: {action}
Status: {status}
Remote-MTA: dns; mx.avisen.example
Diagnostic-Code: smtp; {words}

--4B{number:07X}.1781078400/mx.avisen.example
Content-Description: Undelivered Message
Content-Type: message/rfc822

Return-Path: <{path}>
From: {original["From"]}
To: {to}
Subject: {original["Subject"]}
Message-ID: {original["Message-ID"]}
Date: {original["Date"]}
List-Unsubscribe: {original["List-Unsubscribe"]}
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8

"""
    end = f"\n--4B{number:07X}.1781078400/mx.avisen.example--\n"
    line = "Regionen åbner en ny bro over Lillesund til sommer.\n"
    room = 4096 - len(head.encode()) - len(end)
    return head + line * max(1, room // len(line.encode())) + end


def make_room(pressroom, room, folder, count):
    """A newsroom with a mailing to so many people, into a Maildir; its bounces in an inbox."""
    subprocess.run([pressroom, "-q", "init", room, "--name", "Region Nordhav", "--url", "https://presse.nordhav.example/",
                    "--from", "presse@nordhav.example"], check=True, stdout=subprocess.DEVNULL)
    path = os.path.join(room, "newsroom.yaml")
    with open(path, encoding="utf-8") as file:
        lines = [line for line in file if not line.lstrip().startswith(("inbox", "replies", "bounces", "smtp", "delay"))]
    with open(path, "w", encoding="utf-8") as file:
        for line in lines:
            file.write(line)
            if line.startswith("mail:"):
                file.write(f"  inbox: maildir:{folder}/inbox\n  smtp: maildir:{folder}/sent\n"
                           "  replies: svar@nordhav.example\n  bounces: bounce@nordhav.example\n")
    for name in ("new", "cur", "tmp"):
        os.makedirs(os.path.join(folder, "inbox", name))
    people = os.path.join(folder, "people.csv")
    with open(people, "w", encoding="utf-8") as file:
        file.write("address;state;confirmed_at;evidence\n")
        file.writelines(f"laeser{number}@avisen.example;confirmed;2026-05-01T10:00:00Z;blanket\n" for number in range(count))
    subprocess.run([pressroom, "-C", room, "-q", "subscriber", "import", people], check=True)
    with open(os.path.join(room, "releases", "bro.md"), "w", encoding="utf-8") as file:
        file.write("---\ntitle: Ny bro over Lillesund\n---\nRegionen åbner en ny bro over Lillesund til sommer.\n")
    subprocess.run([pressroom, "-C", room, "-q", "run"], check=True)


def make_bounces(folder, count):
    """inbox/ is what collect reads; bounces/ the same for who reads files."""
    os.makedirs(os.path.join(folder, "bounces"))
    sent = sorted(glob.glob(os.path.join(folder, "sent", "new", "*")))
    if len(sent) != count:
        sys.exit(f"{len(sent)} of {count} mails were sent")
    for number, name in enumerate(sent):
        with open(name, "rb") as file:
            text = bounce(number, email.message_from_binary_file(file))
        with open(os.path.join(folder, "bounces", f"{number:06d}.eml"), "w", encoding="utf-8") as file:
            file.write(text)


def fill(folder):
    shutil.rmtree(os.path.join(folder, "inbox"))
    shutil.copytree(os.path.join(folder, "bounces"), os.path.join(folder, "inbox", "new"))
    for name in ("cur", "tmp"):
        os.makedirs(os.path.join(folder, "inbox", name))


def timed(command):
    """Seconds as the program says them, what it found, its largest memory in MB, and seconds of CPU."""
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    found, seconds = process.stdout.read().split()
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        sys.exit(f"{command[0]}: {status}")
    return float(seconds), int(found), usage.ru_maxrss / 1024, usage.ru_utime + usage.ru_stime


def compare(folder, pressroom, probe, room, count, runs):
    bounces = os.path.join(folder, "bounces")
    programs = {"pressroom": [probe, pressroom, room, os.path.join(folder, "inbox")],
                "Sisimai": ["perl", "-e", SISIMAI, bounces], "flufl.bounce": ["/usr/bin/python3", "-c", FLUFL, bounces],
                "BounceParser": ["perl", "-e", BOUNCE_PARSER, bounces]}
    results = {name: [] for name in programs}
    for _ in range(runs):
        for name, command in programs.items():
            fill(folder)
            results[name].append(timed(command))
    print("| reads | s (min–max) | messages a second | CPU s | found | MB |\n| --- | --- | --- | --- | --- | --- |")
    for name, values in results.items():
        seconds = [value[0] for value in values]
        print(f"| {name} | {statistics.median(seconds):.3f} ({min(seconds):.3f}–{max(seconds):.3f}) | "
              f"{count / statistics.median(seconds):.0f} | {statistics.median(value[3] for value in values):.2f} | {values[0][1]} | {max(value[2] for value in values):.0f} |", flush=True)


def collect(pressroom, folder, room, count, runs):
    """End to end: from a Maildir, every effect durable, each message put away."""
    print("\n| collects | s (min–max) | messages a second | CPU s | MB |\n| --- | --- | --- | --- | --- |")
    seconds, cpu, memory = [], [], 0
    for run in range(runs):
        fill(folder)
        copy = f"{room}-{run}"
        shutil.copytree(room, copy)
        start = time.monotonic()
        process = subprocess.Popen([pressroom, "-C", copy, "collect", "--json"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                                   text=True)
        said = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        seconds.append(time.monotonic() - start)
        memory = max(memory, usage.ru_maxrss / 1024)
        cpu.append(usage.ru_utime + usage.ru_stime)
        left = len(os.listdir(os.path.join(folder, "inbox", "new")))
        # Exit 1: so many that are unknown, and so many refusals of one domain, are told.
        if os.waitstatus_to_exitcode(status) > 1 or left:
            sys.exit(f"{pressroom}: {status}, {left} left: {said}")
        shutil.rmtree(copy)
    print(f"| {os.path.relpath(pressroom)} | {statistics.median(seconds):.2f} ({min(seconds):.2f}–{max(seconds):.2f}) | "
          f"{count / statistics.median(seconds):.0f} | {statistics.median(cpu):.2f} | {memory:.0f} |", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pressroom")
    parser.add_argument("probe")
    parser.add_argument("--count", type=int, default=5000)
    parser.add_argument("--runs", type=int, default=3)
    arguments = parser.parse_args()
    folder = tempfile.mkdtemp(prefix="pressroom-bench-")
    try:
        room = os.path.join(folder, "room")
        make_room(os.path.abspath(arguments.pressroom), room, folder, arguments.count)
        make_bounces(folder, arguments.count)
        compare(folder, os.path.abspath(arguments.pressroom), os.path.abspath(arguments.probe), room, arguments.count, arguments.runs)
        collect(os.path.abspath(arguments.pressroom), folder, room, arguments.count, arguments.runs)
    finally:
        shutil.rmtree(folder)


main()
