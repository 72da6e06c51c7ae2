# SPDX-License-Identifier: MIT
"""http_raw.py HOST:PORT WHAT: requests byte for byte, as no client library would write them.

malformed: each is answered once, with the status said, and the connection closed; what is smuggled behind is not answered
flood METRICS: 1,100 connections from one address; another one is answered meanwhile; METRICS (HOST:PORT) has counted what was refused
held: 1,100 requests through a proxy that is believed, whose ends never come; others are answered all the same
proxied CA: the malformed ones over TLS, through a proxy: whatever it makes of them, the next one gets his own answer"""
import re
import socket
import ssl
import sys
import time
import urllib.request

HOST = b"Host: presse.nordhav.example\r\n"
BEHIND = b"GET /healthz HTTP/1.1\r\n" + HOST + b"\r\n"
GET = b"GET /healthz HTTP/1.1\r\n" + HOST
POST = b"POST /subscribe HTTP/1.1\r\n" + HOST + b"Content-Type: application/x-www-form-urlencoded\r\n"
CHUNKED = POST + b"Transfer-Encoding: chunked\r\n\r\n"
MALFORMED = [
    (400, POST + b"Content-Length: 3\r\nContent-Length: 3\r\n\r\na=b"),
    (400, POST + b"Content-Length: 3\r\nContent-Length: 40\r\n\r\na=b"),
    (400, POST + b"Content-Length: 3, 3\r\n\r\na=b"),
    (400, POST + b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
    (400, POST + b"Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n"),
    (400, POST + b"Content-Length: +3\r\n\r\na=b"),
    (400, POST + b"Content-Length: -1\r\n\r\na=b"),
    (400, POST + b"Content-Length: 0x3\r\n\r\na=b"),
    (400, POST + b"Content-Length: 3 3\r\n\r\na=b"),
    (400, POST + b"Content-Length:\r\n\r\na=b"),
    (400, POST + b"Content-Length: 99999999999999999999999\r\n\r\na=b"),
    (400, GET + b"Content-Length : 3\r\n\r\n"),
    (400, GET + b"Content-Length\t: 3\r\n\r\n"),
    (400, GET + HOST + b"\r\n"),
    (400, GET + b"host: other.example\r\n\r\n"),
    (400, b"GET /healthz HTTP/1.1\r\n\r\n"),
    (400, b"GET /healthz HTTP/1.1\r\nHost: a b\r\n\r\n"),
    (400, GET + b"X: a\r\n b\r\n\r\n"),
    (400, b"GET /healthz HTTP/1.1\r\n X: a\r\n" + HOST + b"\r\n"),
    (400, GET + b"X: a\rContent-Length: 9\r\n\r\n"),
    (400, GET + b"X: a\nContent-Length: 9\r\n\r\n"),
    (400, b"GET /healthz HTTP/1.1\nHost: x\n\n"),
    (400, GET + b"X: a\0b\r\n\r\n"),
    (400, b"GET /healthz\0 HTTP/1.1\r\n" + HOST + b"\r\n"),
    (400, GET + b"Xyz\r\n\r\n"),
    (400, GET + b": x\r\n\r\n"),
    (400, b"GET  /healthz HTTP/1.1\r\n" + HOST + b"\r\n"),
    (400, b"GET /healthz HTTP/1.1x\r\n" + HOST + b"\r\n"),
    (400, b"GET /healthz\r\n\r\n"),
    (400, b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n"),
    (505, b"GET /healthz HTTP/2.0\r\n" + HOST + b"\r\n"),
    (501, POST + b"Transfer-Encoding: gzip\r\n\r\n"),
    (501, POST + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"),
    (501, POST + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n"),
    (400, POST + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n"),
    (400, b"POST /subscribe HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
    (400, CHUNKED + b"zz\r\n"),
    (400, CHUNKED + b"0x0\r\n\r\n"),
    (400, CHUNKED + b"-1\r\n\r\n"),
    (400, CHUNKED + b"3\na=b\n0\n\n"),
    (400, CHUNKED + b"3\r\na=bGET"),
    (400, CHUNKED + b"0\r\nX : y\r\n\r\n"),
    (400, b"GET /healthz HTTP/1.1\r\n" + HOST + b"Content-Length: 3\r\n\r\na=b"),
    (417, POST + b"Expect: tea\r\nContent-Length: 3\r\n\r\na=b"),
    (413, POST + b"Content-Length: 20000\r\n\r\n"),
    (414, b"GET /" + b"a" * 60000 + b" HTTP/1.1\r\n" + HOST + b"\r\n"),
    (431, GET + b"X: " + b"a" * 70000 + b"\r\n\r\n"),
    (431, GET + b"X: y\r\n" * 20000 + b"\r\n"),
]
GOOD = [  # statuses in their order, over one connection that stays open
    ([200, 200], BEHIND + BEHIND),
    ([200, 200], BEHIND.replace(b"GET", b"HEAD") + BEHIND),
    ([200], GET + b"X-Forwarded-For: " + b"192.0.2.1, " * 5000 + b"192.0.2.1\r\n\r\n"),
    ([200], GET + b"X-Forwarded-For: 192.0.2.1\r\n" * 2000 + b"\r\n"),
    ([200], b"GET /subscribe HTTP/1.1\r\n" + HOST + b"X-Forwarded-For: ,, ,x,\r\n" * 500 + b"\r\n"),
    ([400, 200], CHUNKED + b"3\r\na=b\r\n0\r\n\r\n" + BEHIND),
    ([200], b"\r\n" + BEHIND),
    ([200], b"GET http://presse.nordhav.example/healthz HTTP/1.1\r\n" + HOST + b"\r\n"),
]


def address():
    host, port = sys.argv[1].split(":")
    return host, int(port)


def connect(source="127.0.0.1"):
    connection = socket.create_connection(address(), source_address=(source, 0))
    connection.settimeout(30)
    return connection


def read_answers(connection, count=None):
    """All bytes until the end, or until so many answers and their bodies are there."""
    data = b""
    while count is None or len(re.findall(rb"HTTP/1\.1 [2-5]", data)) < count:
        try:
            piece = connection.recv(65536)
        except ConnectionResetError:
            break
        if not piece:
            break
        data += piece
    return data


def statuses(data):
    return [int(status) for status in re.findall(rb"HTTP/1\.1 (\d\d\d) ", data)]


def malformed():
    for status, request in MALFORMED:
        with connect() as connection:
            try:
                connection.sendall(request + BEHIND)
            except ConnectionError:
                pass
            data = read_answers(connection)
            assert statuses(data) == [status] and b"Connection: close\r\n" in data, (request[-80:], data)
    for wanted, request in GOOD:
        with connect() as connection:
            connection.sendall(request)
            assert statuses(read_answers(connection, len(wanted))) == wanted, request[:80]
    with connect() as connection:
        connection.sendall(POST + b"Content-Length: 3\r\nExpect: 100-continue\r\n\r\n")
        assert connection.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.sendall(b"a=b")
        assert statuses(read_answers(connection, 1)) == [400]


def is_served(source):
    with connect(source) as connection:
        try:
            connection.sendall(BEHIND)
            return statuses(read_answers(connection, 1)) == [200]
        except ConnectionError:
            return False


OPEN_OF_A_CLIENT, BURST, A_SECOND = 64, 128, 40


def count_closed(connections):
    """How many of them the other side has ended."""
    closed = 0
    for connection in connections:
        connection.setblocking(False)
        try:
            closed += connection.recv(1) == b""
        except BlockingIOError:
            pass
        except ConnectionError:
            closed += 1
    return closed


def flood():
    held = []
    begun = time.monotonic()
    for number in range(1100):
        connection = connect("127.0.5.5")
        held.append(connection)
        if number % 3 == 0:  # some say a little, and then nothing
            try:
                connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ")
            except ConnectionError:
                pass
        if number % 100 == 0:
            assert is_served("127.0.6.6")
    assert is_served("127.0.6.6")
    while len(held) - count_closed(held) > OPEN_OF_A_CLIENT:  # a thread may still be about to close some
        assert time.monotonic() - begun < 300, "too many stay open"
        time.sleep(0.05)
    for connection in held:
        connection.close()
    tries = 1
    while not is_served("127.0.5.5"):  # the burst is paid back
        assert time.monotonic() - begun < 300, "whoever was shut out stays so"
        tries += 1
        time.sleep(0.05)
    with urllib.request.urlopen(f"http://{sys.argv[3]}/metrics", timeout=30) as answer:
        refused = int(re.search(rb"^pressroom_connections_refused_total (\d+)$", answer.read(), re.M)[1])
    taken = len(held) + tries - refused
    assert 0 < taken <= BURST + A_SECOND * (time.monotonic() - begun) + 1, taken


def held():
    """Each says a byte at a time, so that none is ever quiet for long."""
    slow = []

    def say(connection):
        try:
            connection.send(b"x")
            return True
        except ConnectionError:
            return False

    for number in range(1100):
        slow.append(connect())
        slow[-1].send(POST + b"Content-Length: 16000\r\n\r\n" if number % 2 else b"GET /healthz HTTP/1.1\r\nX: ")
    for _ in range(20):
        slow = [connection for connection in slow if say(connection)]
        if not is_served("127.0.0.1"):
            time.sleep(0.5)
            continue
        answered = sum(is_served("127.0.0.1") for _ in range(100))
        assert answered == 100, answered
        return
    sys.exit("nobody else is answered")


def ask_proxy(request, is_all=False):
    context = ssl.create_default_context(cafile=sys.argv[3])
    with context.wrap_socket(connect(), server_hostname="presse.nordhav.example") as connection:
        connection.settimeout(30)
        try:
            connection.sendall(request)
            if is_all:  # so that nobody waits for the rest of a body
                socket.socket.shutdown(connection, socket.SHUT_WR)
            return read_answers(connection)
        except (ConnectionError, ssl.SSLError):
            return b""


def proxied():
    behind = b"POST /subscribe HTTP/1.1\r\n" + HOST + b"Content-Length: 4\r\nConnection: close\r\n\r\nx=%y"
    own = GET + b"Connection: close\r\n\r\n"
    for status, request in MALFORMED:
        found = statuses(ask_proxy(request.replace(b"/healthz", b"/preferences") + behind + b"\r\n\r\n" + own, is_all=True))
        assert not found or found[0] in (200, 400, 404, 405, 413, 414, 417, 431, 501, 502, 505), (request[-80:], found)
        for _ in range(2):
            data = ask_proxy(own)
            assert statuses(data) == [200] and data.endswith(b"ok\n"), (request[-80:], data)


{"malformed": malformed, "flood": flood, "held": held, "proxied": proxied}[sys.argv[2]]()
