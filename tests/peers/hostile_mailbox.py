#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Mail servers that nobody should trust: POP3 and IMAP over TLS, each behaviour on a loopback port of its own.

    hostile_mailbox.py --list                         "NAME URL-SCHEME EXPECTED" a line
    hostile_mailbox.py CERTIFICATE KEY PORTS JOURNAL  serves until it is ended; PORTS then holds "NAME PORT" a line,
                                                      JOURNAL what clients had removed ("NAME NUMBER")

EXPECTED is what a client has to make of it: "told" (it says what is wrong, tries again later, and took nothing),
"refused" (the same, and a person has to mend something), "quiet" (told after little patience), or the number of
messages that it can read all the same. With "-asks" behind it, each message asks to join the list: it is to be removed."""
import itertools
import os
import socket
import ssl
import sys
import threading



def messages(name, to):
    return [f"From: {name}-{n}@avisen.example\r\nTo: {to}\r\nSubject: Hej {n}\r\n"
            f"Message-ID: <{n}@{name}.example>\r\n\r\nEt brev nummer {n}.\r\n".encode() for n in (1, 2, 3)]


MESSAGES = messages("fremmed", "presse@nordhav.example")
FOREVER = itertools.count()


class Close(Exception):
    """The server hangs up, with TLS's goodbye."""


class Cut(Exception):
    """The server is gone: nothing more comes, not even TLS's goodbye."""


class Silence(Exception):
    """The server says nothing more, and keeps the connection."""


def close(*_):
    raise Close


def cut(*_):
    raise Cut


def silence(*_):
    raise Silence


def then(first, end):
    """Sends some bytes and does something else instead of the rest."""
    def answer(*_):
        yield first
        end()
    return answer


def endless(first, piece):
    def answer(*_):
        yield first
        for _count in FOREVER:
            yield piece
    return answer


def drip(text):
    """One byte a twentieth of a second, which would be one a second to a patience of a minute."""
    def answer(*_):
        pause = threading.Event()
        for byte in itertools.cycle(text):
            yield bytes([byte])
            pause.wait(0.02)
    return answer


def slow(handler):
    """Each answer comes in time, but there is no end of them."""
    def answer(session, *arguments):
        threading.Event().wait(0.05)
        return handler(session, *arguments)
    return answer


def but(number, handler, verb):
    """Another answer where that message is asked for."""
    def answer(session, *arguments):
        if arguments[-1].split()[0] == str(number):
            return handler(session, *arguments)
        return getattr(session, "do_" + verb)(*arguments)
    return answer


def fixed(text):
    return lambda *_: text


class Session:
    def __init__(self, name, connection, overrides, journal):
        self.name, self.connection, self.overrides, self.journal = name, connection, overrides, journal
        self.reader = connection.makefile("rb")
        self.removed = []
        self.messages = messages(name, "svar+subscribe@nordhav.example") if "ASKS" in overrides else MESSAGES

    def send(self, answer):
        if isinstance(answer, bytes):
            self.connection.sendall(answer)
        else:
            for piece in answer:
                self.connection.sendall(piece)

    def answer(self, verb, *arguments):
        handler = self.overrides.get(verb) or getattr(self, "do_" + verb.lower(), self.do_unknown)
        self.send(handler(self, *arguments) if verb in self.overrides else handler(*arguments))

    def commit(self):
        for number in self.removed:
            self.journal.write(f"{self.name} {number}\n")
        self.journal.flush()


class Pop3(Session):
    scheme = "pop3s"

    def run(self):
        self.answer("GREETING", "")
        while line := self.reader.readline():
            verb, _, argument = line.decode("latin-1").strip().partition(" ")
            self.answer(verb.upper(), argument)
            if verb.upper() == "QUIT":
                return

    def do_unknown(self, *_):
        return b"-ERR no such command\r\n"

    def do_greeting(self, _):
        return b"+OK ready\r\n"

    def do_user(self, _):
        return b"+OK\r\n"

    def do_pass(self, argument):
        return b"+OK\r\n" if argument == "hemmelig" else b"-ERR no\r\n"

    def do_list(self, _):
        lines = "".join(f"{n} {len(m)}\r\n" for n, m in enumerate(self.messages, 1))
        return f"+OK\r\n{lines}.\r\n".encode()

    def do_uidl(self, _):
        lines = "".join(f"{n} {self.name}-{n}\r\n" for n in range(1, len(self.messages) + 1))
        return f"+OK\r\n{lines}.\r\n".encode()

    def do_retr(self, argument):
        number = int(argument)
        if not 1 <= number <= len(self.messages):
            return b"-ERR no such message\r\n"
        return b"+OK\r\n" + self.messages[number - 1] + b".\r\n"

    def do_top(self, argument):
        return self.do_retr(argument.split()[0])

    def do_dele(self, argument):
        self.removed.append(int(argument))
        return b"+OK\r\n"

    def do_quit(self, _):
        self.commit()
        return b"+OK\r\n"


class Imap(Session):
    scheme = "imaps"

    def run(self):
        self.answer("GREETING", "", "")
        while line := self.reader.readline():
            tag, _, rest = line.decode("latin-1").strip().partition(" ")
            verb, _, argument = rest.partition(" ")
            if verb.upper() == "UID":
                verb, _, argument = argument.partition(" ")
            self.answer(verb.upper(), tag, argument)
            if verb.upper() == "LOGOUT":
                return

    def do_unknown(self, tag, _):
        return f"{tag} BAD no such command\r\n".encode()

    def do_greeting(self, *_):
        return b"* OK ready\r\n"

    def do_capability(self, tag, _):
        return f"* CAPABILITY IMAP4rev1 UIDPLUS\r\n{tag} OK done\r\n".encode()

    def do_login(self, tag, argument):
        good = argument.endswith('"hemmelig"') or argument.endswith(" hemmelig")
        return f"{tag} {'OK' if good else 'NO'} login\r\n".encode()

    def do_select(self, tag, _):
        return (f"* {len(self.messages)} EXISTS\r\n* 0 RECENT\r\n* FLAGS (\\Deleted \\Seen)\r\n* OK [UIDVALIDITY 7] ok\r\n"
                f"{tag} OK [READ-WRITE] selected\r\n").encode()

    def do_search(self, tag, _):
        return f"* SEARCH {' '.join(str(n) for n in range(1, len(self.messages) + 1))}\r\n{tag} OK done\r\n".encode()

    def do_fetch(self, tag, argument):
        number = int(argument.split()[0])
        if not 1 <= number <= len(self.messages):
            return f"{tag} OK done\r\n".encode()
        body = self.messages[number - 1]
        return (f"* {number} FETCH (UID {number} BODY[]<0> {{{len(body)}}}\r\n".encode() + body +
                f")\r\n{tag} OK done\r\n".encode())

    def do_copy(self, tag, argument):
        assert argument.endswith(' "pressroom-done"')
        return f"{tag} OK done\r\n".encode()

    def do_move(self, tag, argument):
        self.removed = numbers(argument)
        self.commit()
        return self.do_copy(tag, argument)

    def do_create(self, tag, _):
        return f"{tag} NO it is there\r\n".encode()

    def do_subscribe(self, tag, _):
        return f"{tag} OK done\r\n".encode()

    def do_namespace(self, tag, _):
        return f'* NAMESPACE (("" "/")) NIL NIL\r\n{tag} OK done\r\n'.encode()

    def do_store(self, tag, argument):
        self.removed += numbers(argument)
        return f"{tag} OK done\r\n".encode()

    def do_expunge(self, tag, argument):
        named = set(numbers(argument))
        left = [number for number in self.removed if number not in named]
        self.removed = [number for number in self.removed if number in named]
        self.commit()
        self.removed = left
        return f"{tag} OK done\r\n".encode()

    def do_logout(self, tag, _):
        return f"* BYE\r\n{tag} OK done\r\n".encode()


def numbers(argument):
    return [int(number) for number in argument.split()[0].split(",")]


BEHAVIOURS = {}


def pop3(name, expected, **overrides):
    BEHAVIOURS["pop3-" + name] = (Pop3, expected, overrides)


def imap(name, expected, **overrides):
    BEHAVIOURS["imap-" + name] = (Imap, expected, overrides)


def listing(*lines):
    return fixed(b"+OK\r\n" + b"".join(line.encode("latin-1") + b"\r\n" for line in lines) + b".\r\n")


def tagged(before, answer="OK done"):
    """Untagged bytes, then the answer to the command; before may hold {n}, the UID asked for."""
    def handler(_, tag, argument):
        number = argument.split()[0] if argument else ""
        text = before if isinstance(before, bytes) else before.replace("{n}", number).encode("latin-1")
        yield text
        yield f"{tag} {answer}\r\n".encode()
    return handler


# ---- POP3 ----

pop3("good", 3)
# The list of messages.
pop3("list-zero", 3, LIST=listing("0 100", "1 100", "2 100", "3 100"))
pop3("list-zero-alone", 0, LIST=listing("0 100"), UIDL=listing("0 a"))
pop3("list-gaps", 2, LIST=listing("1 100", "3 100"), UIDL=listing("1 gap-1", "3 gap-3"))
pop3("list-wide-gap", 2, LIST=listing("3 100", "2000000000 100"), UIDL=listing("3 wide"),
     RETR=lambda s, a: b"+OK\r\n" + MESSAGES[2] + b".\r\n" if a == "3" else b"+OK\r\n" + MESSAGES[1] + b".\r\n")
pop3("list-negative", 1, LIST=listing("-1 100", "-2147483648 100", "2 -100", "2 100"))
pop3("list-huge", 1, LIST=listing("99999999999999999999 1", "4294967296 1", "4294967295 1", "1 100"))
pop3("list-huge-sizes", 3, LIST=listing("1 99999999999999999999999", "2 4294967296", "3 0"))
pop3("list-words", 1, LIST=listing("one hundred", "", "x 7", "1", "2 100", "%s%n %n"))
pop3("list-spaces", 3, LIST=listing("1  100", " 2 100 ", "3\t100 extra words"))
pop3("list-twice", 3, LIST=listing("1 100", "1 100", "2 7", "3 100", "2 9"))
pop3("list-backwards", 3, LIST=listing("3 100", "2 100", "1 100"))
pop3("list-nul", 2, LIST=listing("1\0 100", "2 100", "3 100"))
pop3("list-endless", "told", LIST=endless(b"+OK\r\n", b"".join(b"%d 100\r\n" % n for n in range(1, 4000))))
pop3("list-endless-line", "told", LIST=endless(b"+OK\r\n", b"1" * 16384))
pop3("list-no-dot", "told", LIST=then(b"+OK\r\n1 100\r\n", close))
pop3("list-error", "told", LIST=fixed(b"-ERR not today\r\n"))
pop3("list-error-within", 3, LIST=listing("1 100", "-ERR broken", "2 100", "3 100"))
# The names.
pop3("uidl-zero", 3, UIDL=listing("0 a", "1 b"))
pop3("uidl-others", 3, UIDL=listing("4 a", "17 b", "4294967295 c", "-3 d"))
pop3("uidl-no-name", 3, UIDL=listing("1", "2 ", "3  "))
pop3("uidl-same-name", 3, UIDL=listing("1 same", "2 same", "3 same"))
pop3("uidl-long-names", 3, UIDL=listing("1 " + "x" * 5000, "2 " + "x" * 70, "3 " + "y" * 300))
pop3("uidl-odd-names", 3, UIDL=listing("1 \0\0", "2 \x1b[31mred", "3 ' OR 1=1 --"))
pop3("uidl-unknown", 3, UIDL=fixed(b"-ERR what?\r\n"))
pop3("uidl-endless", "told", UIDL=endless(b"+OK\r\n", b"1 a\r\n" * 4096))
pop3("uidl-close", "told", UIDL=close)
# The messages.
pop3("retr-longer", 3, RETR=fixed(b"+OK 10 octets\r\n" + MESSAGES[0] + b"x\r\n" * 300000 + b".\r\n"))
pop3("retr-shorter", 3, LIST=listing("1 200000", "2 200000", "3 200000"))
pop3("retr-nothing", 3, RETR=fixed(b"+OK\r\n.\r\n"))
pop3("retr-endless", "told", RETR=endless(b"+OK\r\n", b"words without end\r\n" * 4096))
pop3("retr-endless-line", "told", RETR=endless(b"+OK\r\n", b"x" * 65536))
pop3("retr-dots", 3, RETR=fixed(b"+OK\r\n.\n.\n..\r\n...\r\n.x\r\n..x\n.\r\n"))
pop3("retr-error", 0, RETR=fixed(b"-ERR gone\r\n"))
pop3("retr-error-within", "told", RETR=then(b"+OK\r\nFrom: x\r\n-ERR disk\r\n", close))
pop3("retr-nul", 3, RETR=fixed(b"+OK\r\nSubject: a\0b\r\n\r\n\0\0\0\r\n.\r\n"))
pop3("retr-garbage", "told", RETR=fixed(b"\xff\xfe\0\0garbage\r\n"))
pop3("retr-cut", "told", RETR=then(b"+OK\r\nFrom: x", cut))
pop3("retr-error-once", 2, RETR=but(2, fixed(b"-ERR [SYS/TEMP] its disk is away\r\n"), "retr"))
pop3("top-unknown-huge", 2, LIST=listing("1 40000000", "2 100", "3 100"), TOP=fixed(b"-ERR what?\r\n"))
pop3("top-unknown", 3, LIST=listing("1 900000", "2 900000", "3 900000"), TOP=fixed(b"-ERR what?\r\n"))
pop3("session-slow", "quiet", LIST=listing(*(f"{n} 100" for n in range(1, 2000))),
     UIDL=listing(*(f"{n} slow-{n}" for n in range(1, 2000))), RETR=slow(lambda s, _: s.do_retr("1")))
# Who is there, and whether.
pop3("tls-close", "told", TLS=close)
pop3("tls-garbage", "told", TLS=fixed(b"+OK ready, without TLS\r\n" * 100))
pop3("tls-record-huge", "told", TLS=fixed(b"\x16\x03\x03\xff\xff" + b"\2" * 65535))
pop3("tls-silence", "quiet", TLS=silence)
pop3("tls-drip", "quiet", TLS=drip(b"\x16\x03\x03\x3f\xff" + b"\2" * 16383))
pop3("greeting-garbage", "told", GREETING=fixed(b"\x16\x03\x01\0\xff\xff HTTP/1.1 400\r\n\r\n"))
pop3("greeting-error", "told", GREETING=fixed(b"-ERR busy\r\n"))
pop3("greeting-endless", "told", GREETING=endless(b"+OK ", b"y" * 16384))
pop3("greeting-close", "told", GREETING=close)
pop3("greeting-cut", "told", GREETING=cut)
pop3("greeting-silence", "quiet", GREETING=silence)
pop3("greeting-drip", "quiet", GREETING=drip(b"+OK" + b"k" * 60))
pop3("user-close", "told", USER=close)
pop3("user-refused", "refused", USER=fixed(b"-ERR never heard of\r\n"))
pop3("pass-refused", "refused", PASS=fixed(b"-ERR no\r\n"))
pop3("pass-in-use", "told", PASS=fixed(b"-ERR [IN-USE] another session has it\r\n"))
pop3("pass-echo", "refused", PASS=lambda s, a: f"-ERR {a} is wrong\r\n".encode())
pop3("pass-escapes", "refused", PASS=fixed(b"-ERR \x1b]0;pwned\x07\x1b[2J%s%n\r\n"))
pop3("pass-silence", "quiet", PASS=silence)
pop3("list-silence", "quiet", LIST=silence)
pop3("list-drip", "quiet", LIST=drip(b"+OK\r\n" + b"1 100\r\n" * 9))
pop3("uidl-silence", "quiet", UIDL=silence)
pop3("retr-silence", "quiet", RETR=then(b"+OK\r\nFrom: ", silence))
pop3("retr-drip", "quiet", RETR=drip(b"+OK\r\n" + b"words\r\n" * 9))

# Removals.
pop3("removed", "3-asks", ASKS=True)
pop3("dele-error", "told-asks", ASKS=True, DELE=fixed(b"-ERR no\r\n"))
pop3("dele-garbage", "told-asks", ASKS=True, DELE=fixed(b"\0\0\r\n"))
pop3("dele-close", "told-asks", ASKS=True, DELE=close)
pop3("dele-silence", "quiet-asks", ASKS=True, DELE=silence)
pop3("quit-error", "told-asks", ASKS=True, QUIT=fixed(b"-ERR nothing removed\r\n"))
pop3("quit-close", "told-asks", ASKS=True, QUIT=close)
pop3("quit-silence", "quiet-asks", ASKS=True, QUIT=silence)
pop3("retr-second-cut", "told-asks", ASKS=True,
     RETR=lambda s, a: s.do_retr(a) if a == "1" else then(b"+OK\r\nFrom: x", cut)())
pop3("unasked", "told-asks", ASKS=True, RETR=lambda s, a: s.do_retr(a) + b"+OK\r\n+OK\r\nFrom: x\r\n\r\n.\r\n")

# ---- IMAP ----

DEEP = 150_000
LATE = b"* 1 FETCH (BODYSTRUCTURE "

imap("good", 3)
# Parsers that call themselves.
imap("structure-deep", 0, FETCH=tagged(LATE + b"(" * DEEP + b")" * DEEP + b")\r\n"))
imap("structure-deep-early", 0, SEARCH=tagged(LATE + b"(" * DEEP + b"\r\n"))
imap("structure-message", "told", FETCH=tagged(
    LATE + b'("MESSAGE" "RFC822" NIL NIL NIL "7BIT" 1 (NIL NIL NIL NIL NIL NIL NIL NIL NIL NIL) ' * 3000 + b"\r\n"))
imap("greeting-deep", "told", GREETING=fixed(LATE + b"(" * 60_000 + b"\r\n"))
imap("parentheses", "told", FETCH=then(b"* 1 FETCH (" + b"((" * 1000 + b"\r\n", close))
imap("quote-open", "told", FETCH=endless(b'* 1 FETCH (ENVELOPE ("', b"x" * 8192))
imap("quote-backslashes", "told", FETCH=endless(b'* 1 FETCH (ENVELOPE ("', b"\\" * 8191))
# Literals.
imap("literal-4g", "told", FETCH=then(b"* 1 FETCH (UID 1 BODY[]<0> {4294967295}\r\nabc", close))
imap("literal-beyond", "told", FETCH=tagged("* {n} FETCH (UID {n} BODY[]<0> {99999999999999999999}\r\nabc)\r\n"))
imap("literal-negative", "told", FETCH=tagged("* {n} FETCH (UID {n} BODY[]<0> {-1}\r\nabc)\r\n"))
imap("literal-longer", "told", FETCH=then(b"* 1 FETCH (UID 1 BODY[]<0> {5000}\r\nabc)\r\n1 OK done\r\n", close))
imap("literal-shorter", "told", FETCH=tagged("* {n} FETCH (UID {n} BODY[]<0> {3}\r\nFrom: a\r\n\r\nlonger)\r\n"))
imap("literal-large", "told", FETCH=endless(b"* 1 FETCH (UID 1 BODY[]<0> {2000000}\r\n", b"x" * 65536))
imap("literal-nul", 3, FETCH=tagged("* {n} FETCH (UID {n} BODY[]<0> {9}\r\nA: b\0\r\n\r\n)\r\n"))
# Numbers.
imap("uid-zero", 3, SEARCH=tagged(b"* SEARCH 0 1 2 3\r\n"))
imap("uid-beyond", 0, SEARCH=tagged(b"* SEARCH 4294967295 4294967296 99999999999999999999\r\n"))
imap("uid-negative", 0, SEARCH=tagged(b"* SEARCH -1 -2\r\n"))
imap("uid-twice", 3, SEARCH=tagged(b"* SEARCH 1 1 2 3 3 2 1\r\n"))
imap("uid-backwards", 3, SEARCH=tagged(b"* SEARCH 3 2 1\r\n"))
imap("uid-other", 0, FETCH=tagged("* 1 FETCH (UID 999 BODY[]<0> {4}\r\nabcd)\r\n"))
imap("uid-endless", "told", SEARCH=endless(b"* SEARCH", b" 7777777" * 4096))
imap("search-none", 0, SEARCH=tagged(b"* SEARCH\r\n"))
imap("search-missing", 0, SEARCH=tagged(b""))
imap("validity-zero", 3, SELECT=tagged(b"* 3 EXISTS\r\n* OK [UIDVALIDITY 0] ok\r\n"))
imap("validity-missing", 3, SELECT=tagged(b"* 3 EXISTS\r\n"))
imap("exists-huge", 3, SELECT=tagged(b"* 4294967295 EXISTS\r\n* OK [UIDVALIDITY 7] ok\r\n"))
# What nobody asked for.
imap("flood-exists", "told", FETCH=endless(b"", b"* 7 EXISTS\r\n" * 1024))
imap("flood-expunge", "told", FETCH=endless(b"", b"* 1 EXPUNGE\r\n" * 1024))
imap("flood-fetch", "told", FETCH=endless(b"", b"* 1 FETCH (FLAGS (\\Seen))\r\n" * 1024))
imap("flood-capability", "told", GREETING=endless(b"* OK [CAPABILITY", b" X" + b"Y" * 4096))
imap("expunge-beside", "3-asks", ASKS=True, STORE=lambda s, t, a: b"* 1 EXPUNGE\r\n* 0 EXPUNGE\r\n" + s.do_store(t, a))
imap("capability-many", 3, CAPABILITY=tagged(b"* CAPABILITY IMAP4rev1" + b" A=B" * 9000 + b"\r\n"))
imap("fetch-nothing", 0, FETCH=tagged(b""))
imap("fetch-much", 3, FETCH=tagged('* {n} FETCH (FLAGS (\\Seen $x) ENVELOPE ("a ) b" {3}\r\n) (\r\n ((NIL "x\\"" NIL NIL))) '
                                   'BODY[HEADER.FIELDS (TO X)]<0> "no" BODY[]<0> "From: a\\"b" X (()) UID {n})\r\n* 9 EXISTS\r\n'))
imap("fetch-brackets", "told", FETCH=tagged("* {n} FETCH (BODY[ {3}\r\nabc UID {n})\r\n"))
imap("fetch-nul", "told", FETCH=tagged("* {n} FETCH (UID\0 {n} BODY[]<0> NIL)\r\n"))
imap("fetch-open", "told", FETCH=tagged("* {n} FETCH (UID {n} BODY[]<0> {3}\r\nabc\r\n"))
imap("fetch-words", 0, FETCH=tagged("* {n} FETCH\r\n* FETCH\r\n* \r\n*\r\n* OK {99999}\r\n", "OK [X {5}] done {5}"))
imap("fetch-empty-literals", "told", FETCH=endless(b"* 1 FETCH (", b"X {0}\r\n" * 4096))
imap("fetch-nil", 0, FETCH=tagged("* {n} FETCH (UID {n} BODY[]<0> NIL)\r\n"))
# Out of turn.
imap("tag-wrong", "told", LOGIN=then(b"zzz OK done\r\n", close))
imap("tag-missing", "told", SELECT=then(b"OK selected\r\n", close))
imap("continuation", "told", SEARCH=then(b"+ go on\r\n+ go on\r\n", close))
imap("bye-greeting", "told", GREETING=fixed(b"* BYE go away\r\n"))
imap("bye-login", "told", LOGIN=then(b"* BYE go away\r\n", close))
imap("bye-fetch", "told", FETCH=then(b"* BYE go away\r\n", close))
imap("preauth", "told", GREETING=fixed(b"* PREAUTH welcome\r\n"), LOGIN=tagged(b"", "BAD in this state"))
imap("greeting-garbage", "told", GREETING=fixed(b"\0\xff\xfe\x16\x03\x01\r\n"))
imap("greeting-endless", "told", GREETING=endless(b"* OK ", b"y" * 16384))
imap("login-refused", "refused", LOGIN=tagged(b"", "NO wrong"))
imap("login-unavailable", "told", LOGIN=tagged(b"", "NO [UNAVAILABLE] later"))
imap("login-echo", "refused", LOGIN=lambda s, t, a: f"{t} NO {a} is wrong\r\n".encode())
imap("select-refused", "refused", SELECT=tagged(b"", "NO no such folder"))
imap("search-refused", "told", SEARCH=tagged(b"", "NO not today"))
# Removals.
imap("removed", "3-asks", ASKS=True)
imap("store-refused", "told-asks", ASKS=True, STORE=tagged(b"", "NO read only"))
imap("store-deep-open", "3-asks", ASKS=True, STORE=tagged(LATE + b"(" * 60_000 + b"\r\n"))
imap("fetch-second-deep", "2-asks", ASKS=True,
     FETCH=but(2, tagged(LATE + b"(" * DEEP + b")" * DEEP + b")\r\n"), "fetch"))
imap("fetch-second-refused", "2-asks", ASKS=True, FETCH=but(2, tagged(b"", "NO [SERVERBUG] its disk is away"), "fetch"))
imap("store-deep", "told-asks", ASKS=True, STORE=tagged(LATE + b"(" * DEEP + b")" * DEEP + b")\r\n"))
imap("capability-unasked", "3-asks", ASKS=True, LOGIN=tagged(b"", "OK [CAPABILITY IMAP4rev1 UIDPLUS] in"),
     CAPABILITY=tagged(b"", "BAD asked already"))
imap("capability-none", "3-asks", ASKS=True, CAPABILITY=tagged(b"* CAPABILITY IMAP4rev1\r\n"))
imap("capability-empty", "3-asks", ASKS=True, CAPABILITY=tagged(b""))
imap("capability-refused", "3-asks", ASKS=True, CAPABILITY=tagged(b"", "BAD what?"))
imap("capability-close", "told", CAPABILITY=close)
MOVES = {"ASKS": True, "CAPABILITY": tagged(b"* CAPABILITY IMAP4rev1 MOVE UIDPLUS NAMESPACE\r\n")}
imap("move", "3-asks", **MOVES)
imap("move-refused", "told-asks", **MOVES, MOVE=tagged(b"", "NO over quota"))
imap("move-deep", "told-asks", **MOVES, MOVE=tagged(LATE + b"(" * DEEP + b")" * DEEP + b")\r\n"))
imap("copy-refused", "told-asks", ASKS=True, COPY=tagged(b"", "NO over quota"))
imap("create-refused", "told-asks", **MOVES, MOVE=tagged(b"", "NO [TRYCREATE] no such folder"), CREATE=tagged(b"", "NO never"))
imap("create-garbage", "told-asks", **MOVES, MOVE=tagged(b"", "NO [TRYCREATE] no such folder"), CREATE=fixed(b"\0\xff\r\n"))
imap("namespace-nil", "3-asks", **MOVES, NAMESPACE=tagged(b"* NAMESPACE NIL NIL NIL\r\n"))
imap("namespace-deep", "3-asks", **MOVES, NAMESPACE=tagged(b"* NAMESPACE " + b"(" * DEEP + b")" * DEEP + b"\r\n"))
imap("namespace-open", "told-asks", **MOVES, NAMESPACE=tagged(b'* NAMESPACE (("' + b"x" * DEEP + b"\r\n"))
imap("namespace-endless", "told-asks", **MOVES, NAMESPACE=endless(b"* NAMESPACE ((", b"x" * 4096))
imap("namespace-refused", "3-asks", **MOVES, NAMESPACE=tagged(b"", "BAD what?"))
for step in ("MOVE", "NAMESPACE"):
    imap(f"{step.lower()}-close", "told-asks", **MOVES, **{step: close})
    imap(f"{step.lower()}-silence", "quiet-asks", **MOVES, **{step: silence})
imap("expunge-refused", "told-asks", ASKS=True, EXPUNGE=tagged(b"", "NO not now"))
# Gone, or never there, at each step.
for step in ("GREETING", "LOGIN", "SELECT", "SEARCH", "FETCH", "COPY", "STORE", "EXPUNGE"):
    if step in ("COPY", "STORE", "EXPUNGE"):
        imap(f"{step.lower()}-close", "told-asks", ASKS=True, **{step: close})
        imap(f"{step.lower()}-silence", "quiet-asks", ASKS=True, **{step: silence})
    else:
        imap(f"{step.lower()}-close", "told", **{step: close})
        imap(f"{step.lower()}-silence", "quiet", **{step: silence})
imap("fetch-cut", "told", FETCH=then(b"* 1 FETCH (UID 1 BODY[]<0> {100}\r\nabc", cut))
imap("login-drip", "quiet", LOGIN=drip(b"* OK still thinking\r\n"))
imap("fetch-drip", "quiet", FETCH=drip(b"* OK still thinking\r\n"))


def greet_raw(connection, answer):
    """Instead of TLS."""
    with connection:
        try:
            pieces = answer()
            for piece in [pieces] if isinstance(pieces, bytes) else pieces:
                connection.sendall(piece)
            connection.shutdown(socket.SHUT_WR)
            while connection.recv(65536):
                pass
        except Close:
            pass
        except Silence:
            print("TLS says nothing", flush=True)
            while connection.recv(65536):
                pass


def serve_one(name, connection, context, journal):
    kind, _, overrides = BEHAVIOURS[name]
    try:
        if "TLS" in overrides:
            greet_raw(connection, overrides["TLS"])
            return
        with context.wrap_socket(connection, server_side=True) as wrapped:
            session = kind(name, wrapped, overrides, journal)
            try:
                session.run()
                wrapped.unwrap()
            except Close:
                wrapped.unwrap()
            except Cut:
                os.close(wrapped.detach())
            except Silence:
                print(f"{name} says nothing", flush=True)
                session.reader.read()
    except (OSError, ValueError):
        pass  # clients leave as they like


def serve(name, listener, context, journal):
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=serve_one, args=(name, connection, context, journal), daemon=True).start()


def main():
    if sys.argv[1:] == ["--list"]:
        for name, (kind, expected, _) in BEHAVIOURS.items():
            print(name, kind.scheme, expected)
        return
    certificate, key, ports, journal = sys.argv[1:]
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    lines = []
    with open(journal, "w", encoding="utf-8") as log:
        for name in BEHAVIOURS:
            listener = socket.create_server(("127.0.0.1", 0))
            lines.append(f"{name} {listener.getsockname()[1]}\n")
            threading.Thread(target=serve, args=(name, listener, context, log), daemon=True).start()
        with open(ports + ".new", "w", encoding="utf-8") as file:
            file.writelines(lines)
        os.rename(ports + ".new", ports)
        threading.Event().wait()


if __name__ == "__main__":
    main()
