#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""An SMTP relay for tests that does what it is told, and does wrong what it is told to.

Listens on 127.0.0.1 and prints "PORT" (one line) when it is ready. What it accepts is kept as
DIR/new/N.eml (--maildir), with X-Envelope-From and X-Envelope-To fields in front. On SIGTERM, or
after --messages accepted messages, it prints what it counted as JSON and ends.

  smtp_peer.py --maildir DIR                                   accepts everything
  smtp_peer.py --fault 'RCPT:reply=550 5.1.1 no:every=5'       every fifth recipient is refused
  smtp_peer.py --fault 'DOT:close:nth=3'                       closes instead of the third answer
  smtp_peer.py --fault 'BODY:close:at=2000'                    closes after 2000 bytes of text
  smtp_peer.py --fault 'DATA:silence:count=1'                  says nothing to the first DATA

A fault is STEP:ACTION[:OPTION…]. STEP: CONNECT EHLO STARTTLS AUTH MAIL RCPT DATA BODY DOT RSET QUIT.
ACTION: reply=TEXT (instead of the answer; \\n makes several lines), close[=TEXT] (say TEXT, hang
up), silence, reset (hang up with RST), endless (a reply of many lines without end), longline=BYTES,
extra=TEXT (the right answer, and this behind it).
OPTION: nth=N (only the n-th time), from=N (from the n-th on), every=N, count=N (at most so often), match=REGEX (on the
command's line or the recipient), tries=N (only the first N times with the same line), at=BYTES
(BODY: after so many), delay=SECONDS (before it).
"""
import argparse
import asyncio
import base64
import collections
import hashlib
import hmac
import json
import os
import re
import signal
import socket
import ssl
import struct
import sys


class Fault:
    """One thing that goes wrong, and when."""

    def __init__(self, text):
        # a colon inside a reply is written \:
        parts = [part.replace("\\:", ":") for part in re.split(r"(?<!\\):", text)]
        if len(parts) < 2:
            raise argparse.ArgumentTypeError(f"{text}: STEP:ACTION[:OPTION…]")
        self.step = parts[0].upper()
        self.action, _, self.text = parts[1].partition("=")
        self.options = dict(part.partition("=")[::2] for part in parts[2:])
        self.passes = 0
        self.done = 0
        self.tries = collections.Counter()

    def number(self, name, default=0):
        return int(self.options.get(name, default))

    def happens(self, step, line):
        if step != self.step:
            return False
        if "match" in self.options and not re.search(self.options["match"], line):
            return False
        if "tries" in self.options:
            self.tries[line] += 1
            if self.tries[line] > self.number("tries"):
                return False
        self.passes += 1
        if "nth" in self.options and self.passes != self.number("nth"):
            return False
        if self.passes < self.number("from"):
            return False
        if "every" in self.options and self.passes % self.number("every"):
            return False
        if "count" in self.options and self.done >= self.number("count"):
            return False
        self.done += 1
        return True

    def is_yes(self):
        """Whether the other side hears that the step is done."""
        return self.action == "extra" or (self.action == "reply" and self.text[:1] in "23")


class Hangup(Exception):
    """The connection is over."""


class Connection:
    def __init__(self, peer, reader, writer):
        self.peer, self.reader, self.writer = peer, reader, writer
        self.options = peer.options
        self.is_secure = False
        self.is_known = False
        self.reset()

    def reset(self):
        self.sender = None
        self.recipients = []

    async def say(self, text):
        data = text.encode() + b"\r\n"
        if self.options.piece:
            for at in range(0, len(data), self.options.piece):
                self.writer.write(data[at:at + self.options.piece])
                await self.writer.drain()
        else:
            self.writer.write(data)
            await self.writer.drain()

    async def fail(self, fault, reply):
        """Does what the fault says."""
        await asyncio.sleep(float(fault.options.get("delay", 0)))
        text = fault.text.replace("\\n", "\r\n")
        if fault.action == "reply":
            await self.say(text)
            return
        if fault.action == "extra":
            await self.say(reply + "\r\n" + text)
            return
        if fault.action == "silence":
            while await self.reader.read(65536):
                pass
            raise Hangup
        if fault.action == "longline":
            self.writer.write(b"250 " + b"x" * int(text or 10_000_000))
            await self.writer.drain()
            raise Hangup
        if fault.action == "endless":
            while True:
                self.writer.write(b"250-and more\r\n" * 1000)
                await self.writer.drain()
        if fault.action == "reset":
            plug = self.writer.get_extra_info("socket")
            plug.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            raise Hangup
        if fault.action == "close":
            if text:
                await self.say(text)
            raise Hangup
        raise SystemExit(f"smtp_peer: no such action: {fault.action}")

    async def answer(self, step, reply, line="", before=None):
        """Answers, or fails; True where the step is done: then before() was called first."""
        if self.options.delay:
            await asyncio.sleep(self.options.delay)
        for fault in self.options.fault:
            if fault.happens(step, line):
                self.peer.count["faults"] += 1
                done = fault.is_yes()
                if done and before:
                    before()
                await self.fail(fault, reply)
                return done
        if before:
            before()
        await self.say(reply)
        return reply[:1] in "23"

    async def text(self, line):
        """The text up to the final dot, unstuffed; faults of BODY hit at their byte."""
        limit, fault = None, None
        for candidate in self.options.fault:
            if candidate.happens("BODY", line):
                fault, limit = candidate, candidate.number("at", 1)
        lines, size = [], 0
        while True:
            if fault and size >= limit:
                self.peer.count["faults"] += 1
                await self.fail(fault, "")
                fault = None
            data = await self.reader.readline()
            if not data.endswith(b"\n"):
                raise Hangup
            size += len(data)
            if data in (b".\r\n", b".\n"):
                return b"".join(lines)
            if not data.endswith(b"\r\n"):
                self.peer.count["bare_line_ends"] += 1
            lines.append(data[1:] if data.startswith(b".") else data)

    async def filtered(self, sender, recipients, data):
        """What --filter makes of a message on its way."""
        environment = dict(os.environ, SENDER=sender.split(" ")[0], RECIPIENT=recipients[0].split(" ")[0])
        process = await asyncio.create_subprocess_shell(self.options.filter, stdin=asyncio.subprocess.PIPE,
                                                        stdout=asyncio.subprocess.PIPE, env=environment)
        return (await process.communicate(data))[0]

    async def take_message(self):
        data = await self.text(" ".join(self.recipients))
        line = " ".join(self.recipients)
        name = self.peer.next_name()
        sender, recipients = self.sender, self.recipients
        if self.options.filter:
            data = await self.filtered(sender, recipients, data)
        await self.peer.wait_for_signal()
        await self.answer("DOT", f"250 2.0.0 queued as {name}", line,
                          lambda: self.peer.keep(name, sender, recipients, data))
        self.reset()

    async def helo(self, line):
        self.reset()
        await self.answer("EHLO", "250 relay.example", line)

    async def ehlo(self, line):
        lines = ["relay.example"]
        if not self.options.no_pipelining:
            lines.append("PIPELINING")
        for keyword in self.options.offer:
            lines.append(keyword)
        if self.peer.tls and not self.is_secure and not self.options.strip_starttls:
            lines.append("STARTTLS")
        if self.options.auth and (self.is_secure or not self.peer.tls):
            lines += self.options.offer_auth or ["AUTH PLAIN LOGIN"]
        lines.append("ENHANCEDSTATUSCODES")
        reply = "\r\n".join("250-" + text for text in lines[:-1]) + "\r\n250 " + lines[-1]
        self.reset()
        await self.answer("EHLO", reply, line)

    async def starttls(self, line):
        if not await self.answer("STARTTLS", "220 2.0.0 go ahead", line):
            return
        loop = asyncio.get_running_loop()
        transport = self.writer.transport
        protocol = transport.get_protocol()
        try:
            secure = await loop.start_tls(transport, protocol, self.peer.tls, server_side=True)
        except (ssl.SSLError, ConnectionError, OSError) as error:
            raise Hangup from error
        if secure is None:
            raise Hangup
        self.reader._transport = secure
        self.writer = asyncio.StreamWriter(secure, protocol, self.reader, loop)
        self.is_secure = True
        self.reset()

    async def ask(self, question):
        await self.say("334 " + base64.b64encode(question.encode()).decode())
        return base64.b64decode((await self.reader.readline()).strip()).decode()

    async def auth(self, line):
        words = line.split()
        mechanism = words[1].upper() if len(words) > 1 else ""
        self.peer.count["logins"] += 1
        try:
            if mechanism == "PLAIN":
                text = base64.b64decode(words[2]).decode() if len(words) > 2 else await self.ask("")
                _, user, password = text.split("\0")
                self.is_known = f"{user}:{password}" == self.options.auth
            elif mechanism == "LOGIN":
                user = await self.ask("Username:")
                self.is_known = f"{user}:{await self.ask('Password:')}" == self.options.auth
            elif mechanism == "CRAM-MD5":
                user, password = self.options.auth.split(":", 1)
                digest = hmac.new(password.encode(), b"<1@relay.example>", "md5").hexdigest()
                self.is_known = await self.ask("<1@relay.example>") == f"{user} {digest}"
        except ValueError:
            self.is_known = False
        self.is_known = self.is_known and mechanism not in self.options.refuse_auth
        good = "235 2.7.0 welcome" if self.is_known else "535 5.7.8 wrong"
        await self.answer("AUTH", good, line)

    async def mail(self, line):
        if self.options.auth and not self.is_known:
            await self.say("530 5.7.0 authenticate first")
        elif self.sender is not None:
            self.peer.count["bad_sequences"] += 1
            await self.say("503 5.5.1 nested MAIL")
        elif await self.answer("MAIL", "250 2.1.0 ok", line):
            self.sender = line[len("MAIL FROM:"):]

    async def rcpt(self, line):
        if self.sender is None:
            await self.say("503 5.5.1 MAIL first")
        elif await self.answer("RCPT", "250 2.1.5 ok", line):
            self.recipients.append(line[len("RCPT TO:"):])

    async def data(self, line):
        if self.sender is None or (not self.recipients and not self.options.data_without_rcpt):
            await self.say("503 5.5.1 RCPT first" if self.sender is None
                           else "554 5.5.1 no valid recipients")
            return
        if not self.recipients:
            await self.say("354 to nobody")
            await self.text("")
            self.peer.count["lone_dots"] += 1
            await self.say("554 5.5.1 no valid recipients")
            self.reset()
        elif await self.answer("DATA", "354 end with a dot", line):
            await self.take_message()

    async def rset(self, line):
        self.reset()
        await self.answer("RSET", "250 2.0.0 ok", line)

    async def quit(self, line):
        await self.answer("QUIT", "221 2.0.0 bye", line)
        raise Hangup

    async def command(self, line):
        word = line.split(" ")[0].upper()
        if self.options.verbose:
            print(f"< {line}", file=sys.stderr, flush=True)
        handlers = {"HELO": self.helo, "EHLO": self.ehlo, "STARTTLS": self.starttls, "AUTH": self.auth,
                    "MAIL": self.mail, "RCPT": self.rcpt, "DATA": self.data,
                    "RSET": self.rset, "QUIT": self.quit}
        handler = handlers.get(word)
        if not handler:
            await self.say("500 5.5.2 what?")
        else:
            await handler(line)

    async def run(self):
        if self.options.tls_at_once:
            self.is_secure = True
        if not await self.answer("CONNECT", "220 relay.example ESMTP"):
            raise Hangup
        while True:
            try:
                data = await asyncio.wait_for(self.reader.readline(), self.options.idle)
            except asyncio.TimeoutError:
                await self.say("421 4.4.2 relay.example Error: timeout exceeded")
                raise Hangup from None
            if not data.endswith(b"\n"):
                raise Hangup
            await self.command(data.decode("utf-8", "replace").rstrip("\r\n"))


class Peer:
    def __init__(self, options):
        self.options = options
        self.count = {"accepted": 0, "logins": 0, "connections": 0, "open_maximum": 0, "faults": 0,
                      "bad_sequences": 0, "lone_dots": 0, "bare_line_ends": 0}
        self.open = 0
        self.names = 0
        self.over = asyncio.Event()
        self.signal = asyncio.Event()
        self.tls = None
        if options.certificate:
            self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.tls.load_cert_chain(options.certificate, options.key)
        self.list = open(options.list, "a", encoding="utf-8") if options.list else None
        if options.maildir:
            for folder in ("tmp", "new", "cur"):
                os.makedirs(os.path.join(options.maildir, folder), exist_ok=True)

    async def wait_for_signal(self):
        """With --hold N, once N are accepted: until SIGUSR1, which lets those go that wait then, or SIGUSR2, which lets all go."""
        if self.options.hold is not None and self.count["accepted"] >= self.options.hold:
            await self.signal.wait()

    def let_go(self, for_good):
        if for_good:
            self.options.hold = None
        self.signal.set()
        self.signal = asyncio.Event()

    def next_name(self):
        self.names += 1
        return f"{os.getpid()}-{self.names:07d}.eml"

    def keep(self, name, sender, recipients, data):
        if self.options.maildir:
            place = os.path.join(self.options.maildir, "tmp", name)
            with open(place, "wb") as file:
                file.write(f"X-Envelope-From: {sender}\r\n".encode())
                for recipient in recipients:
                    file.write(f"X-Envelope-To: {recipient}\r\n".encode())
                file.write(data)
            os.rename(place, os.path.join(self.options.maildir, "new", name))
        if self.list:
            message_id = re.search(rb"^Message-ID: *(\S+)", data, re.M | re.I)
            print(*recipients, message_id[1].decode() if message_id else "-",
                  hashlib.sha256(data).hexdigest(), file=self.list, flush=True)
        self.count["accepted"] += 1
        if self.options.messages and self.count["accepted"] >= self.options.messages:
            self.over.set()

    async def serve(self, reader, writer):
        self.count["connections"] += 1
        self.open += 1
        self.count["open_maximum"] = max(self.open, self.count["open_maximum"])
        connection = Connection(self, reader, writer)
        try:
            await connection.run()
        except (Hangup, ConnectionError, ssl.SSLError, TimeoutError):
            pass
        except ValueError:  # a line beyond the limit
            pass
        finally:
            self.open -= 1
            connection.writer.close()

    async def run(self):
        server = await asyncio.start_server(self.serve, "127.0.0.1", self.options.port,
                                            limit=1 << 20, backlog=400,
                                            ssl=self.tls if self.options.tls_at_once else None)
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self.over.set)
        loop.add_signal_handler(signal.SIGUSR1, self.let_go, False)
        loop.add_signal_handler(signal.SIGUSR2, self.let_go, True)
        print(server.sockets[0].getsockname()[1], flush=True)
        await self.over.wait()
        await asyncio.sleep(0.05 if self.options.messages else 0)
        try:
            print(json.dumps(self.count), flush=True)
        except BrokenPipeError:  # nobody wants to know
            pass
        os._exit(0)


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=0, help="0: any free one")
    parser.add_argument("--maildir", help="keep accepted messages there")
    parser.add_argument("--filter", help="command that each message goes through before it is kept; the environment has SENDER and RECIPIENT")
    parser.add_argument("--list", help="a line there for each accepted message, before the answer "
                        "leaves: recipients, Message-ID, SHA-256 of the text")
    parser.add_argument("--messages", type=int, default=0, help="end after so many")
    parser.add_argument("--fault", type=Fault, action="append", default=[])
    parser.add_argument("--offer", action="append", default=[], help="EHLO keyword, as 'SIZE 1000'")
    parser.add_argument("--no-pipelining", action="store_true")
    parser.add_argument("--data-without-rcpt", action="store_true",
                        help="answers 354 to DATA also where every recipient was refused")
    parser.add_argument("--piece", type=int, default=0, help="so many bytes a write")
    parser.add_argument("--hold", type=int, help="once so many are accepted, the final dot is answered at a signal: SIGUSR1 to "
                        "those that wait for it then, SIGUSR2 to all from then on")
    parser.add_argument("--delay", type=float, default=0, help="seconds before each answer")
    parser.add_argument("--idle", type=float, help="seconds without a command, and the session ends with 421 4.4.2")
    parser.add_argument("--certificate", help="PEM; offers STARTTLS")
    parser.add_argument("--key", help="PEM")
    parser.add_argument("--tls-at-once", action="store_true", help="for smtps://")
    parser.add_argument("--strip-starttls", action="store_true")
    parser.add_argument("--auth", help="USER:PASSWORD, asked for before MAIL")
    parser.add_argument("--offer-auth", action="append", help="EHLO line, as 'AUTH=LOGIN'")
    parser.add_argument("--refuse-auth", action="append", default=[], help="mechanism that refuses everybody")
    parser.add_argument("--verbose", action="store_true", help="commands on standard error")
    asyncio.run(Peer(parser.parse_args()).run())


if __name__ == "__main__":
    main()
