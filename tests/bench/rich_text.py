# SPDX-License-Identifier: MIT
"""rich_text.py [--runs N] [--files 1000] BUILD

Word files of five pages: `pressroom ingest` of all of them, and our reader alone, beside pandoc (a process each, and one process
for many) and mammoth (one process, warm), in turns. Prints a Markdown table: processor time a file, medians (minimum–maximum), and
the median of the ratios of each pair to `ingest` and to the reader. Processor time, as other work on the machine counts less in it."""
import argparse
import os
import random
import statistics
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
JUDGES = os.path.join(HERE, "../rich_text")
sys.path[:0] = [HERE, os.path.join(HERE, "../rich_text")]
from parts import docx, item, numbering, p, relation, run, style, STYLES, table  # noqa: E402
from publish import sentence  # noqa: E402

SAMPLE = 100  # of the files, for those that take longer
IDENTIFIERS = 'w:rsidR="00A77B3E" w:rsidRDefault="00A77B3E" w:rsidP="00A77B3E"'
# A Word file of today brings hundreds of styles, most of them of tables.
MANY_STYLES = STYLES + "".join(style(f"Tabel{n}", f"Grid Table {n}", "Normal", '<w:spacing w:after="0" w:line="240" w:lineRule="auto"/><w:ind w:left="113"/>',
                                     '<w:color w:val="2F5496"/><w:sz w:val="20"/><w:szCs w:val="20"/>') for n in range(200))


def paragraph(source):
    """As Word writes it: runs that end where somebody stopped, or an error is underlined."""
    runs = []
    for _ in range(6):
        weight = source.choice(["", "", "", "<w:b/>", "<w:i/>", '<w:lang w:val="da-DK"/>'])
        runs.append(run(sentence(source, 9) + " ", weight) + '<w:proofErr w:type="spellStart"/>')
    return p("".join(runs)).replace("<w:p>", f"<w:p {IDENTIFIERS}>")


def document(number):
    source = random.Random(number)
    parts = [p(sentence(source, 6)[:-1] + f" {number}", "Title")]
    for _ in range(5):
        parts += [p(sentence(source, 4)[:-1], "Heading1")] + [paragraph(source) for _ in range(7)]
        parts += [item(sentence(source, 6)) for _ in range(4)]
        parts.append(table(*[[sentence(source, 2) for _ in range(4)] for _ in range(4)]))
    parts.append(p(run("Se ") + f'<w:hyperlink r:id="rId20">{run("siden")}</w:hyperlink>' + run(" for mere.")))
    return docx("".join(parts), MANY_STYLES, lists=numbering(("bullet", "•", 1)), relations=relation("rId20", "hyperlink", "https://nordhav.example/", True))


def processor_seconds(command, **options):
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, **options)
    _, status, used = os.wait4(process.pid, 0)
    if status:
        sys.exit(f"{' '.join(command[:4])} …: {os.waitstatus_to_exitcode(status)}")
    return used.ru_utime + used.ru_stime


def printed_seconds(command):
    return float(subprocess.run(command, check=True, capture_output=True).stdout)


def make(folder, count):
    files = []
    for number in range(count):
        path = os.path.join(folder, f"fil{number}.docx")
        with open(path, "wb") as file:
            file.write(document(number))
        files.append(path)
    return files


def ingest(program, folder, files):
    """In a newsroom of its own, which is not counted."""
    room = tempfile.mkdtemp(dir=folder)
    os.rmdir(room)
    subprocess.run([program, "init", room, "--name", "Region Nordhav", "--url", "https://presse.nordhav.example/", "--from", "presse@nordhav.example",
                    "--language", "da"], check=True, stdout=subprocess.DEVNULL)
    with open(os.path.join(room, "newsroom.yaml"), "a", encoding="utf-8") as file:
        file.write("intake: {settle: 0s}\n")
    for path in files:
        os.link(path, os.path.join(room, "releases", os.path.basename(path)))
    taken = processor_seconds([program, "-q", "-C", room, "ingest"])
    status = subprocess.run([program, "-C", room, "status", "--json"], check=True, capture_output=True).stdout.decode()
    return taken, status


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--files", type=int, default=1000)
    options = parser.parse_args()
    program, probe = (os.path.join(os.path.abspath(options.build), "bin", name) for name in ("pressroom", "rich_text_probe"))
    mammoth = ["node", os.path.join(JUDGES, "mammoth.js")]
    rows = {}
    with tempfile.TemporaryDirectory() as folder:
        files = make(folder, options.files)
        few = files[:SAMPLE]
        print(f"{len(files)} files of {os.path.getsize(files[0])} bytes", file=sys.stderr)
        for _ in range(options.runs):
            taken, status = ingest(program, folder, files)
            one = {"`ingest`": taken / len(files), "the reader alone": printed_seconds([probe, "time", "1", *files]) / len(files),
                   "pandoc, a process each": sum(processor_seconds(["pandoc", "-t", "html", "-o", "/dev/null", file]) for file in few) / len(few),
                   "pandoc, all in one process": processor_seconds(["pandoc", "-t", "html", "-o", "/dev/null", *few]) / len(few),
                   "mammoth, in one process": printed_seconds(mammoth + ["--time", "1", *few]) / len(few)}
            for name, value in one.items():
                rows.setdefault(name, []).append(value * 1000)
        print(status.strip(), file=sys.stderr)
    print("| what | ms a file (min–max) | of `ingest` | of the reader |\n| --- | --- | --- | --- |")
    for name, values in rows.items():
        ratios = [statistics.median(value / ours for value, ours in zip(values, rows[own])) for own in ("`ingest`", "the reader alone")]
        print(f"| {name} | {statistics.median(values):.2f} ({min(values):.2f}–{max(values):.2f}) | {ratios[0]:.1f} | {ratios[1]:.1f} |")


main()
