# SPDX-License-Identifier: MIT
"""serving.py [--runs N] [--seconds S] PRESSROOM

Requests a second for one feed file, `serve` beside nginx (two workers, as `serve` has two threads; no access log), in turns in
the same run, load and servers on the same cores. wrk asks plainly. The parser of wrk 4.1 waits for the content that a 304
names the length of and does not have, so conditional requests are h2load's, for both. Then sign-ups a second: each from a
network of its own, answered when durable and never sooner than after 100 ms. Prints Markdown tables: medians, and the median
of the ratios of each pair."""
import argparse
import asyncio
import os
import re
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request

CONNECTIONS = 64
SIGNUPS = 2000  # what `serve` takes at once, of all networks together
AT_ONCE = 250
WORDS = "region sygehus borger patient budget udvalg behandling psykiatri ambulance forskning natur klima trafik bus".split()


def free_port():
    program = os.path.join(os.path.dirname(__file__), "..", "peers", "free_port.py")
    return int(subprocess.check_output([sys.executable, program, str(os.getpid())]))


def make_room(pressroom, folder):
    room = os.path.join(folder, "room")
    subprocess.run([pressroom, "-q", "init", room, "--name", "Region Nordhav", "--url", "https://presse.nordhav.example/",
                    "--from", "Region Nordhav Presse <presse@nordhav.example>"], check=True)
    for number in range(25):
        text = "\n\n".join(" ".join(WORDS[(number * 7 + i * i + j) % len(WORDS)] for i in range(60)).capitalize() + "."
                           for j in range(5))
        with open(os.path.join(room, "releases", f"r{number}.md"), "w", encoding="utf-8") as file:
            file.write(f"---\ntitle: Nyhed {number} om {WORDS[number % len(WORDS)]}\nmail: false\n"
                       f"published: 2022-01-{1 + number:02}T10:00:00+01:00\n---\n{text}\n")
    with open(os.path.join(room, "newsroom.yaml"), encoding="utf-8") as file:
        text = re.sub(r"(?m)^  settle:.*", "", file.read())
    with open(os.path.join(room, "newsroom.yaml"), "w", encoding="utf-8") as file:
        file.write(re.sub(r"(?m)^intake:.*\n", "", text) + "\nintake: {settle: 0s}\nserve: {metrics: \"127.0.0.1:" + str(free_port()) + "\"}\n")
    for stage in ("ingest", "publish"):
        subprocess.run([pressroom, "-q", "-C", room, stage], check=True)
    return room


def start_serve(pressroom, room):
    process = subprocess.Popen([pressroom, "-C", room, "serve", "--listen", "127.0.0.1:0"], stdout=subprocess.PIPE, text=True)
    return process, int(re.search(r":(\d+)/", process.stdout.readline()).group(1))


def start_nginx(folder, room, port):
    conf = os.path.join(folder, "nginx.conf")
    with open(conf, "w", encoding="utf-8") as file:
        file.write(f"""{'user root;' if os.getuid() == 0 else ''}
daemon off; pid {folder}/nginx.pid; error_log {folder}/nginx.log; worker_processes 2;
events {{ worker_connections 1024; }}
http {{
    include /etc/nginx/mime.types; access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000000;
    client_body_temp_path {folder}/a; proxy_temp_path {folder}/b; fastcgi_temp_path {folder}/c; uwsgi_temp_path {folder}/d;
    scgi_temp_path {folder}/e;
    server {{
        listen 127.0.0.1:{port};
        root {room}/public;
        gzip_static on; gzip_vary on;
        add_header Cache-Control "public, max-age=300";
        add_header X-Content-Type-Options nosniff;
        location ~ \\.atom$ {{ types {{ }} default_type application/atom+xml; }}
    }}
}}
""")
    process = subprocess.Popen(["nginx", "-p", folder, "-c", conf, "-e", os.path.join(folder, "nginx.log")])
    for _ in range(100):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=1).close()
            return process
        except OSError:
            time.sleep(0.05)
    sys.exit("nginx does not listen")


def etag(url):
    with urllib.request.urlopen(url) as answer:
        return answer.headers["ETag"]


def wrk(url, seconds, *fields):
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}"]
    for field in fields:
        command += ["-H", field]
    text = subprocess.run(command + [url], check=True, capture_output=True, text=True).stdout
    if "Non-2xx" in text:
        sys.exit(text)
    return float(re.search(r"Requests/sec:\s*([\d.]+)", text).group(1))


def conditional(url, seconds):
    text = subprocess.run(["h2load", "--h1", "-t1", f"-c{CONNECTIONS}", f"-D{seconds}", "-H", f"If-None-Match: {etag(url)}", url],
                          check=True, capture_output=True, text=True).stdout
    done, unchanged = (int(re.search(pattern, text).group(1)) for pattern in (r"(\d+) done", r"(\d+) 3xx"))
    if done != unchanged:
        sys.exit(text)
    return done / seconds


async def sign_up(port, run, number, statuses):
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    body = f"email=p{run}x{number}@avis{number % 50}.example&feed=alt&cadence=daily&language=da"
    writer.write((f"POST /subscribe HTTP/1.1\r\nHost: presse.nordhav.example\r\nX-Forwarded-For: 10.{number >> 8}.{number & 255}.7\r\n"
                  f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n{body}").encode())
    answer = await reader.read()
    statuses[answer[9:12].decode()] = statuses.get(answer[9:12].decode(), 0) + 1
    writer.close()


async def crowd(port, run):
    statuses = {}
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(number):
        async with gate:
            await sign_up(port, run, number, statuses)
    begun = time.monotonic()
    await asyncio.gather(*(one(number) for number in range(SIGNUPS)))
    seconds = time.monotonic() - begun
    if statuses != {"200": SIGNUPS}:
        sys.exit(f"sign-ups were answered {statuses}")
    return SIGNUPS / seconds


def sign_ups(pressroom, folder, run):
    room = make_room(pressroom, tempfile.mkdtemp(dir=folder))
    process, port = start_serve(pressroom, room)
    rate = asyncio.run(crowd(port, run))
    process.terminate()
    process.wait()
    with sqlite3.connect(os.path.join(room, "state", "pressroom.db")) as database:
        if database.execute("SELECT count(*) FROM subscriber").fetchone() != (SIGNUPS,):
            sys.exit("not everybody who was answered is known")
    return rate


def spread(values):
    return f"{statistics.median(values):,.0f} ({min(values):,.0f}–{max(values):,.0f})"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pressroom", type=os.path.abspath)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=5)
    options = parser.parse_args()
    folder = tempfile.mkdtemp(prefix="pressroom-bench-")
    os.chmod(folder, 0o755)
    try:
        room = make_room(options.pressroom, folder)
        serve, port = start_serve(options.pressroom, room)
        nginx_port = free_port()
        nginx = start_nginx(folder, room, nginx_port)
        size = os.stat(os.path.join(room, "public", "feeds", "alt.atom")).st_size
        urls = [f"http://127.0.0.1:{p}/feeds/alt.atom" for p in (port, nginx_port)]
        kinds = [("plain GET", lambda url: wrk(url, options.seconds)),
                 ("plain GET, gzip", lambda url: wrk(url, options.seconds, "Accept-Encoding: gzip")),
                 ("conditional GET (304)", lambda url: conditional(url, options.seconds))]
        print(f"A feed of {size:,} bytes, {CONNECTIONS} connections, {options.runs} runs of {options.seconds} s; load of the machine before: "
              f"{os.getloadavg()[0]:.1f}\n")
        print("| request | serve, requests/s (min–max) | nginx, requests/s (min–max) | ratio |\n| --- | --- | --- | --- |")
        for name, measure in kinds:
            pairs = [[measure(url) for url in (urls if run % 2 else urls[::-1])][::1 if run % 2 else -1] for run in range(options.runs)]
            print(f"| {name} | {spread([p[0] for p in pairs])} | {spread([p[1] for p in pairs])} | "
                  f"{statistics.median(p[0] / p[1] for p in pairs):.2f} |", flush=True)
        for process in (serve, nginx):
            process.terminate()
            process.wait()
        rates = [sign_ups(options.pressroom, folder, run) for run in range(options.runs)]
        print(f"\n| sign-ups, {AT_ONCE} at once, each durable when answered | a second (min–max) |\n| --- | --- |")
        print(f"| {SIGNUPS:,} from as many networks | {spread(rates)} |")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


main()
