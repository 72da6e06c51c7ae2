#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Whether check_programs.py sees what it is there to see, and nothing else: on small trees of its own."""
import os
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from check_programs import allows, essential_programs, examine  # noqa: E402
from shell_reader import ShellReader  # noqa: E402

ESSENTIAL = essential_programs()
SETUP = 'build="cmake ninja-build gcc python3"\ntests="clang bats sqlite3 nodejs npm chromium"\nbench="openssl"\ndevelop="clang-tidy"\n'
PRESETS = '{"configurePresets": [{"name": "dev", "generator": "Ninja", "cacheVariables": {"CMAKE_C_COMPILER": "gcc"}}]}'


def complaints(**files):
    """What is said of a tree with these files, as FILE:LINE:NAME. In their names __ is a slash, _dot_ a dot."""
    with tempfile.TemporaryDirectory() as root:
        tree = {"script/setup": SETUP, "CMakePresets.json": PRESETS, "CMakeLists.txt": "", ".ci/run": "#!/bin/sh\n",
                "tests/web/package.json": '{"devDependencies": {"axe-core": "4"}}'}
        tree.update({name.replace("__", "/").replace("_dot_", "."): text for name, text in files.items()})
        for name, text in tree.items():
            path = os.path.join(root, name)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
        findings, _ = examine(root, ESSENTIAL)
        return [":".join(line.split(": ")[:2]).split("/")[-1] for line in findings.problems]


def commands(text):
    return sorted(command.words[0].text for command in ShellReader(text).commands)


class Programs(unittest.TestCase):
    def story(self, text):
        return complaints(tests__stories__a_dot_bats="#!/usr/bin/env bats\n" + text)

    def test_what_setup_names_and_every_debian_has_is_let_be(self):
        self.assertEqual(self.story('@test "a b; curl" {\n    sqlite3 x | sed s/a/b/ && awk 1 >/dev/null\n}\n'), [])

    def test_functions_variables_and_words_are_no_programs(self):
        self.assertEqual(self.story("""
            curl() { :; }   # convert
            curl x
            echo convert; "$CONVERT" x; X=convert true; for convert in convert; do :; done
            case convert in convert | wget) ;; esac
            [[ convert == wget ]] && a=(convert wget)
            cat <<TEXT
            convert
TEXT
        """), [])

    def test_each_place_of_a_command_is_looked_at(self):
        for text in ("curl x", "a=1 curl x", "true && curl x", "if ! curl x; then :; fi", "x=$(curl x)", 'echo "a $(curl x)"', "echo `curl x`",
                     "run curl x", "run -1 curl x", "timeout -k 1 5 curl x", "env A=1 curl x", "nice -n 5 curl x", "f() { curl x; }",
                     "find . -exec curl {} +", "true | xargs -0 -n 1 curl", "sh -c 'curl x'", "trap 'curl x' EXIT", "case a in a) curl x ;; esac",
                     "a=($(curl x))", "cat <(curl x)", "cat <<END\n$(curl x)\nEND\n", "/usr/bin/curl x", "command curl x", "x=$(PATH=/x command -v curl)", "f() { \"$@\"; }\nf curl x",
                     "cat <<'END' | curl x\nEND", "while read -r a; do curl x; done </dev/null", "(cd / && exec curl x)"):
            with self.subTest(text):
                self.assertEqual([line.split(":")[-1] for line in self.story(text + "\n")], ["curl"])

    def test_where_it_stands_is_said(self):
        self.assertEqual(self.story("true\ncurl x\n"), ["a.bats:3:curl"])

    def test_each_part_has_its_packages(self):
        self.assertEqual(complaints(tests__bench__run="#!/bin/sh\nsqlite3 x\nopenssl x\n"), ["run:2:sqlite3"])
        self.assertEqual(complaints(script__demo="#!/bin/sh\nopenssl x\ncmake x\n"), ["demo:2:openssl"])

    def test_interpreters_and_python(self):
        self.assertEqual(complaints(tests__peers__a_dot_py="#!/usr/bin/env ruby\nimport os, numpy\nfrom . import b\n"
                                    "import subprocess\nsubprocess.run(['curl', 'x'])\n"), ["a.py:1:ruby", "a.py:2:numpy", "a.py:5:curl"])
        self.assertEqual(self.story("\"$PYTHON\" - <<'PY'\nimport json, numpy\nPY\n/usr/bin/python3 -m aiosmtpd\n"), ["a.bats:3:numpy", "a.bats:5:aiosmtpd"])

    def test_javascript_c_and_cmake(self):
        self.assertEqual(complaints(tests__web__a_dot_js="require('fs'); require('axe-core/axe.js'); require('./b');\nrequire('jsdom');\nspawn('curl');\n"),
                         ["a.js:2:jsdom", "a.js:3:curl"])
        self.assertEqual(complaints(tests__unit__a_dot_c='(void)system("curl x");\nfail_msg("read 5 bytes");\n'), ["a.c:1:curl"])
        self.assertEqual(complaints(tests__CMakeLists_dot_txt="find_program(CURL curl)\nadd_test(NAME a COMMAND convert x)\n"
                                    "pkg_check_modules(CMOCKA REQUIRED IMPORTED_TARGET cmocka>=1.1.5)\n"),
                         ["CMakeLists.txt:2:convert", "CMakeLists.txt:1:curl", "CMakeLists.txt:3:cmocka"])

    def test_npm_packages_run_on_debian_s_node(self):
        lock = '{"packages": {"node_modules/good": {"engines": {"node": ">=18"}}, "node_modules/bad": {"engines": {"node": ">=20"}, "version": "1"}}}'
        self.assertEqual(complaints(**{"tests__web__package-lock_dot_json": lock}),
                         ["package-lock.json:bad 1 runs on node >=20, and Debian has 18.20.4"])

    def test_ranges(self):
        for text in ("*", ">=18", ">= 18.0.0", "^18.12 || >=20", "18", "18.x", ">=4 <19", "~18.20.1", "<=18", ">17"):
            with self.subTest(text):
                self.assertTrue(allows(text))
        for text in (">=20", "^18.21", "^16 || ^20", "20.x", ">=18 <18.20", "~18.19.0", ">18", "<18", "latest"):
            with self.subTest(text):
                self.assertFalse(allows(text))


class Reader(unittest.TestCase):
    def test_heredocs_are_read_once_and_end_where_they_end(self):
        reader = ShellReader("cat <<'A' >x; b\n'unclosed $(c\nA\nd <<-B | e\n\ttext\n\tB\nf\n")
        self.assertEqual([command.words[0].text for command in reader.commands], ["cat", "b", "d", "e", "f"])
        self.assertEqual([len(command.heredocs) for command in reader.commands], [1, 0, 1, 0, 0])

    def test_quotes_within_substitutions(self):
        self.assertEqual(commands('a "${x:-it\'s}" "$(b "c)" \')\')" $((1 + $(d))) ${#x} # e\nf\\\ng\n'), ["a", "b", "d", "fg"])

    def test_a_function_that_runs_its_arguments_is_known(self):
        self.assertEqual(ShellReader('a() {\n  shift\n  "$@" || b "$@"\n}\nc() { d "$@"; }\nfunction e { f; }\n').functions,
                         {"a": True, "c": False, "e": False})


if __name__ == "__main__":
    unittest.main()
