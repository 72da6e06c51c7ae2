# SPDX-License-Identifier: MIT
"""What `collect --explain --json` (standard input) makes of the real bounces in Debian's python3-flufl.bounce, beside what that
package's own tests expect of them. One line: RIGHT of COUNT, WRONG; with -v the differing ones too.

  flufl_bounces.py list            the files, one a line
  flufl_bounces.py judge [-v] <JSON

Wrong is an answer that names somebody who is not expected; to name nobody, or not all, is only not right."""

import ast
import json
import os
import subprocess
import sys


def package_folder():
    """Where the package lies; it is not imported, as its tests need more than is installed."""
    files = subprocess.run(["dpkg", "-L", "python3-flufl.bounce"], capture_output=True, text=True, check=True).stdout.split("\n")
    return next(os.path.dirname(file) for file in files if file.endswith("/flufl/bounce/interfaces.py"))


def expectations():
    """{file: (addresses in lower case, whether it is only a delay)}; each file once."""
    with open(os.path.join(package_folder(), "testing", "helpers.py"), encoding="utf-8") as source:
        tree = ast.parse(source.read())
    rows = next(ast.literal_eval(node.value) for node in tree.body
                if isinstance(node, ast.Assign) and node.targets[0].id == "DATA")
    expected = {}
    for _, file, addresses, *temporary in rows:
        known = expected.setdefault(file, (set(), bool(temporary and temporary[0])))
        known[0].update(address.decode().lower() for address in addresses)
    return expected


def judge(answers, is_verbose):
    right = wrong = 0
    expected = expectations()
    for answer in answers:
        addresses, is_delay = expected[os.path.basename(answer["file"])]
        named = {recipient["address"].lower() for recipient in answer["recipients"]}
        is_right = named == addresses and (not named or (answer["kind"] == "delayed") == is_delay)
        right += is_right
        wrong += bool(named - addresses)
        if is_verbose and not is_right:
            print(os.path.basename(answer["file"]), answer["kind"], sorted(named), "expected", sorted(addresses),
                  "delayed" if is_delay else "", answer["reason"][:80])
    print(right, "of", len(answers), "wrong", wrong)


if __name__ == "__main__":
    if sys.argv[1] == "list":
        print("\n".join(os.path.join(package_folder(), "tests", "data", file) for file in sorted(expectations())))
    else:
        judge(json.load(sys.stdin), "-v" in sys.argv)
