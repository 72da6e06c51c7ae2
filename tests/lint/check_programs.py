#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Fails where a script, a test, a benchmark or a CMake file calls a program, imports a module or asks for a library that is
neither on every Debian (essential, or of priority required) nor in a package that script/setup names for that part; and where
an npm package of a lock file does not run on Debian's Node.

Usage: check_programs.py SOURCE_DIR"""
import ast
import glob
import json
import os
import re
import shutil
import subprocess
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from program_table import LIBRARIES, MODULES, PROGRAMS  # noqa: E402
from shell_reader import ShellReader  # noqa: E402

NODE = (18, 20, 4)  # Debian 12's
BUILTINS = set(""". : [ alias bg break builtin caller cd command compgen complete continue declare dirs disown echo enable eval exec exit
    export false fc fg getopts hash help history jobs kill let local logout mapfile popd printf pushd pwd read readarray readonly return set
    shift shopt source suspend test times trap true type typeset ulimit umask unalias unset wait""".split())
BATS = set("run skip load bats_load_library bats_require_minimum_version".split())
# Programs, and words of the shell, that run another one: which of their options take a value, and how many words come first.
RUNNERS = {
    "builtin": ((), 0), "chrt": ((), 1), "env": (("-u", "-C"), 0), "exec": (("-a",), 0), "flock": (("-w", "-E"), 1), "ionice": (("-c", "-n"), 0),
    "nice": (("-n",), 0), "nohup": ((), 0), "run": ((), 0), "runuser": (("-u", "-g"), 0), "setpriv": ((), 0), "setsid": ((), 0),
    "stdbuf": (("-o", "-e", "-i"), 0), "sudo": (("-u", "-g"), 0), "time": ((), 0), "timeout": (("-s", "-k"), 1),
    "unshare": ((), 0), "xargs": (("-n", "-I", "-P", "-L", "-d", "-s", "-E"), 0),
}
# Where a program of a preset is wanted only by who works on the code.
PRESET_PARTS = {"release": "build", "tidy": "develop", "coverage": "develop"}
NODE_MODULES = set("""assert async_hooks buffer child_process cluster console crypto dgram dns events fs http http2 https module net os path
    perf_hooks process punycode querystring readline stream string_decoder timers tls tty url util v8 vm wasi worker_threads zlib""".split())


class Findings:
    def __init__(self, packages, essential):
        self.packages, self.essential = packages, essential
        self.problems = []
        self.programs = set()

    def say(self, place, text):
        if f"{place}: {text}" not in self.problems:
            self.problems.append(f"{place}: {text}")

    def want(self, place, part, name, kind, table):
        package = table.get(name)
        if not package:
            self.say(place, f"{name}: no {kind} of every Debian, and in no package that tests/lint/program_table.py knows")
        elif package not in self.packages[part]:
            self.say(place, f"{name}: the package {package} is not named by `script/setup{'' if part == 'build' else ' ' + part}`")

    def program(self, place, part, name):
        self.programs.add(name)
        if name not in self.essential:
            self.want(place, part, name, "program", PROGRAMS)


# ---- what there is ----

def parts_of_setup(path):
    """What script/setup installs for each of its parts."""
    with open(path, encoding="utf-8") as file:
        lists = {name: set(words.split()) for name, words in re.findall(r'^(build|tests|bench|develop)="([^"]*)"', file.read(), re.M)}
    build = lists["build"]
    return {"build": build, "test": build | lists["tests"], "bench": build | lists["bench"], "develop": set().union(*lists.values())}


def essential_programs():
    """The names of all programs of packages that are essential or required."""
    rows = subprocess.run(["dpkg-query", "-W", "-f", "${binary:Package} ${Essential} ${Priority}\n"], check=True, capture_output=True,
                          text=True).stdout.split("\n")
    packages = [row.split()[0] for row in rows if re.search(r" yes | required$", row)]
    files = subprocess.run(["dpkg-query", "-L", *packages], check=True, capture_output=True, text=True).stdout.split("\n")
    names = {os.path.basename(path) for path in files if re.fullmatch(r"(/usr)?/s?bin/[^/]+", path)}
    return names | {"awk", "which"}  # mawk's and debianutils', by way of /etc/alternatives


# ---- shell ----

class ShellFile:
    def __init__(self, findings, place, part, path=None):
        self.findings, self.place, self.part, self.path = findings, place, part, path
        self.functions = {}

    def check(self, text, line=1):
        reader = ShellReader(text, line)
        self.functions.update(reader.functions)
        if self.path and self.path.endswith(".bash"):  # whoever loads it loads others beside it
            for path in glob.glob(os.path.join(os.path.dirname(self.path), "*.bash")):
                self.learn(path)
        for command in reader.commands:
            self.load(command)
        for command in reader.commands:
            self.words(command, command.words)

    def load(self, command):
        """The functions of what bats' load, or a dot, brings in."""
        if self.path and len(command.words) > 1 and command.words[0].text in ("load", ".", "source"):
            path = os.path.join(os.path.dirname(self.path), command.words[1].text)
            path = path if os.path.isfile(path) else path + ".bash"
            if os.path.isfile(path):
                self.learn(path)

    def learn(self, path):
        with open(path, encoding="utf-8") as file:
            self.functions.update(ShellReader(file.read()).functions)

    def words(self, command, words):
        place = f"{self.place}:{command.line}"
        while words and words[0].is_assignment:
            words = words[1:]
        if not words:
            return
        for at, word in enumerate(words[:-2]):
            if os.path.basename(word.text) in ("sh", "bash") and re.fullmatch(r"-\w*c", words[at + 1].text):
                self.check(words[at + 2].text, command.line)
        name = words[0].text
        if name in ("$PYTHON", "${PYTHON}"):
            name = "python3"
        elif not words[0].is_plain:
            return
        if name.startswith(("/usr/bin/", "/usr/sbin/", "/bin/", "/sbin/")):
            name = os.path.basename(name)
        if "/" in name:
            return  # a file of ours
        if name in self.functions:
            if self.functions[name]:
                self.guessed(place, words[1:])
            return
        self.known(command, place, name, words)

    def known(self, command, place, name, words):
        if name not in BUILTINS and not (name in BATS and self.place.endswith((".bats", ".bash"))) and name != "time":
            self.findings.program(place, self.part, name)
        if name == "python3":
            self.python(command, words)
        elif name == "find":
            for at, word in enumerate(words):
                if word.text in ("-exec", "-execdir", "-ok"):
                    self.words(command, words[at + 1:])
        elif name in ("eval", "trap") and len(words) > 1 and words[1].is_quoted:
            self.check(words[1].text, command.line)
        elif name in RUNNERS or (name == "command" and (not words[1].text.startswith("-") or self.place != "script/setup")):
            # `command -v X` asks where X is, to call it; in script/setup whether it has to be installed.
            self.runner(command, words, *RUNNERS.get(name, ((), 0)))

    def runner(self, command, words, with_value, first):
        at = 1
        while at < len(words) and (words[at].text.startswith("-") or words[at].is_assignment or words[at].text == "!"):
            at += 2 if words[at].text in with_value else 1
        self.words(command, words[at + first:])

    def guessed(self, place, words):
        """Words for a function that runs some of them: what is a program here counts as one."""
        for word in words:
            name = word.text
            if word.is_plain and name not in self.findings.essential | BUILTINS and (name in PROGRAMS or shutil.which(name)) and "/" not in name:
                self.findings.program(place, self.part, name)

    def python(self, command, words):
        for line, text in command.heredocs:
            check_python(self.findings, self.place, self.part, text, line)
        for at, word in enumerate(words[:-1]):
            if word.text == "-c":
                check_python(self.findings, self.place, self.part, words[at + 1].text, command.line)
            elif word.text == "-m":
                check_module(self.findings, f"{self.place}:{command.line}", self.part, words[at + 1].text, [""])


# ---- Python, JavaScript, C, CMake ----

def module_folders(text, folder):
    """Where a file looks for modules of ours: beside it, and in folders beside its own that it adds to the path."""
    named = re.findall(r'sys\.path.*"(?:\.\./)?(\w+)"', text) if folder else []
    return [folder] + [os.path.join(folder, "..", name) for name in named]


def check_module(findings, place, part, name, folders):
    name = name.split(".")[0]
    is_standard = name in sys.stdlib_module_names and name not in MODULES
    if not is_standard and not any(os.path.isfile(os.path.join(folder, name + ".py")) for folder in folders):
        findings.want(place, part, name, "module", MODULES)


def check_python(findings, place, part, text, line=1, folder=""):
    folders = module_folders(text, folder)
    try:
        tree = ast.parse(text)
    except SyntaxError:  # the shell has a say in it
        for name in re.findall(r"^\s*(?:import|from)\s+(\w+)", text, re.M):
            check_module(findings, f"{place}:{line}", part, name, folders)
        return
    for node in ast.walk(tree):
        where = f"{place}:{line + getattr(node, 'lineno', 1) - 1}"
        if isinstance(node, ast.Import):
            for alias in node.names:
                check_module(findings, where, part, alias.name, folders)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            check_module(findings, where, part, node.module, folders)
        elif isinstance(node, ast.List) and node.elts:
            check_first_word(findings, where, part, node.elts[0])
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            check_call(findings, where, part, node)


def check_first_word(findings, place, part, node):
    """A list that begins with the name of a program is taken for a command."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and re.fullmatch(r"[a-z][\w.+-]*", node.value):
        if node.value in PROGRAMS or shutil.which(node.value):
            findings.program(place, part, node.value)


def check_call(findings, place, part, node):
    first = node.args[0] if node.args else None
    name = node.func.attr
    if name == "which" and isinstance(first, ast.Constant):
        findings.program(place, part, first.value)
    elif name in ("run", "Popen", "check_call", "check_output", "call", "execvp", "system", "popen"):
        if isinstance(first, ast.List) and first.elts and isinstance(first.elts[0], ast.Constant) and "/" not in first.elts[0].value:
            findings.program(place, part, first.elts[0].value)
        elif isinstance(first, ast.Constant) and isinstance(first.value, str):
            ShellFile(findings, place.rsplit(":", 1)[0], part).check(first.value, int(place.rsplit(":", 1)[1]))


def check_javascript(findings, place, part, text, path):
    folder = os.path.dirname(path)
    with open(os.path.join(folder, "package.json"), encoding="utf-8") as file:
        package = json.load(file)
    declared = set(package.get("dependencies", {})) | set(package.get("devDependencies", {}))
    for number, row in enumerate(text.split("\n"), 1):
        for name in re.findall(r"(?:\brequire(?:\.resolve)?\(|\bfrom |\bimport\(?) ?['\"]([^'\"]+)['\"]", row):
            name = re.match(r"(?:@[^/]+/)?[^/]+", name)[0]
            if not name.startswith((".", "node:")) and name not in NODE_MODULES and name not in declared:
                findings.say(f"{place}:{number}", f"{name}: not in {os.path.basename(folder)}/package.json")
        for name in re.findall(r"\b(?:exec|execFile|spawn)(?:Sync)?\(\s*['\"`]([\w.+-]+)", row):
            findings.program(f"{place}:{number}", part, name)


def check_c(findings, place, part, text):
    """Texts that begin with a program's name, where a file runs commands."""
    if not re.search(r"\b(system|popen|execlp|execvp)\(", text):
        return
    for match in re.finditer(r'"([a-z][\w.+-]*)[ "]', text):
        if match[1] in PROGRAMS or (match[0].endswith(" ") and match[1] not in BUILTINS and shutil.which(match[1])):
            findings.program(f"{place}:{text.count(chr(10), 0, match.start()) + 1}", part, match[1])


def check_cmake(findings, place, part, text):
    text = re.sub(r"#.*", "", text)

    def each(pattern):
        for match in re.finditer(pattern, text):
            yield f"{place}:{text.count(chr(10), 0, match.start()) + 1}", match[1]

    for where, name in each(r"\bCOMMAND\s+([\w.+-]+)(?=[\s)])"):
        if not re.search(rf"add_executable\({re.escape(name)}\b", text):
            findings.program(where, part, name)
    for where, words in each(r"\bfind_program\(\s*\w+\s+([^)]*)\)"):
        findings.program(where, part, words.replace("NAMES", " ").split()[0])
    # What is used where it is found must be named somewhere.
    for where, words in each(r"\bpkg_(?:check_modules|search_module)\(\s*\w+([^)]*)\)"):
        for word in words.split():
            if not word.isupper():
                findings.want(where, part if "REQUIRED" in words else "develop", re.split("[<>=]", word)[0], "library", LIBRARIES)
    for where, words in each(r"\bfind_package\(([^)]*)\)"):
        findings.want(where, part if "REQUIRED" in words else "develop", words.split()[0], "library", LIBRARIES)


def check_presets(findings, place, text):
    for preset in json.loads(text)["configurePresets"]:
        part = PRESET_PARTS.get(preset["name"], "test")
        variables = preset.get("cacheVariables", {})
        for name in [variables.get("CMAKE_C_COMPILER"), variables.get("CMAKE_C_CLANG_TIDY", "").split(";")[0]]:
            if name:
                findings.program(place, part, name)
        if preset.get("generator") == "Ninja":
            findings.program(place, "build", "ninja")


# ---- npm ----

def allows(range_text, version=NODE):
    """Whether a range of npm's allows the version. What it cannot read it does not allow."""
    return any(all(allows_one(term, version) for term in re.sub(r"([<>=^~]+)\s+", r"\1", choice).split()) for choice in range_text.split("||"))


def allows_one(term, version):
    match = re.fullmatch(r"(>=|<=|>|<|=|\^|~)?v?(\d+|[xX*])(?:\.(\d+|[xX*]))?(?:\.(\d+|[xX*]))?", term)
    if not match:
        return False
    given = [int(number) for number in match.groups()[1:] if number and number not in "xX*"]
    low, head = tuple(given + [0] * (3 - len(given))), version[:len(given)]
    same = {"^": 1, "~": min(2, len(given))}.get(match[1], len(given))
    if match[1] in ("^", "~"):
        return version >= low and version[:same] == low[:same]
    return {">=": version >= low, "<": version < low, ">": head > tuple(given), "<=": head <= tuple(given)}.get(
        match[1], head == tuple(given))


def check_lock(findings, place, text):
    for name, package in json.loads(text)["packages"].items():
        wanted = package.get("engines", {}).get("node", "*")
        if not allows(wanted):
            findings.say(place, f"{name.replace('node_modules/', '')} {package.get('version')} runs on node {wanted}, "
                         f"and Debian has {'.'.join(map(str, NODE))}")


# ---- files ----

def part_of(path):
    """What script/setup must have installed before the file is used."""
    if path.startswith("tests/bench/") and not path.endswith("CMakeLists.txt"):
        return "bench"
    # script/setup calls npm when it has installed it.
    return "build" if path in ("script/demo", "CMakeLists.txt") else "test"


def check_interpreter(findings, place, part, text):
    match = re.match(r"#!\s*(\S+)(?:[ \t]+(\S+))?", text)
    if match:
        name = match[2] if match[1].endswith("/env") else os.path.basename(match[1])
        findings.program(f"{place}:1", part, name)
        return name
    return None


def check_paths(findings, place, part, text):
    for number, row in enumerate(text.split("\n"), 1):
        for name in re.findall(r"(?<![\w$}.*])/(?:usr/)?s?bin/([a-z][\w.+-]*)", row):
            findings.program(f"{place}:{number}", part, name)


def check_file(findings, root, path):
    full, part = os.path.join(root, path), part_of(path)
    with open(full, encoding="utf-8") as file:
        text = file.read()
    name = os.path.basename(path)
    if name == "package-lock.json":
        check_lock(findings, path, text)
    elif name == "CMakePresets.json":
        check_presets(findings, path, text)
    elif name == "CMakeLists.txt":
        check_cmake(findings, path, part, text)
    elif path.endswith((".c", ".h")):
        check_c(findings, path, part, text)
    else:
        interpreter = check_interpreter(findings, path, part, text)
        if path.endswith((".sh", ".bash", ".bats")) or interpreter in ("sh", "bash", "bats"):
            check_paths(findings, path, part, text)
            ShellFile(findings, path, part, full).check(text)
        elif path.endswith(".py") or interpreter == "python3":
            check_paths(findings, path, part, text)
            check_python(findings, path, part, text, folder=os.path.dirname(full))
        elif path.endswith((".js", ".mjs", ".cjs")):
            check_paths(findings, path, part, text)
            check_javascript(findings, path, part, text, full)


def files_of(root):
    yield "CMakeLists.txt"
    yield "CMakePresets.json"
    for top in (".ci", "script", "tests"):
        for folder, folders, names in os.walk(os.path.join(root, top)):
            folders[:] = sorted(set(folders) - {"node_modules", "corpus", "example", "__pycache__"})
            for name in sorted(names):
                path = os.path.relpath(os.path.join(folder, name), root)
                # In golden/ only programs are read: the rest is their input.
                if "." not in name or name.endswith((".sh", ".bash", ".bats", ".py", ".js", ".mjs", ".cjs", ".json", "CMakeLists.txt")) \
                        or (name.endswith((".c", ".h")) and not path.startswith("tests/fuzz/")):
                    yield path


def check_table(findings):
    """Where a package of the table is installed, it, or what it brings, holds its programs."""
    paths = {}
    for name in sorted(findings.programs & set(PROGRAMS)):
        found = shutil.which(name, path="/usr/sbin:/usr/bin:/sbin:/bin")
        if found:
            paths[os.path.realpath(found)] = name
    rows = subprocess.run(["dpkg-query", "-S", *paths], capture_output=True, text=True, check=False).stdout.split("\n")
    holders = {path: holder.split(":")[0] for holder, _, path in (row.partition(": ") for row in rows) if path}
    for path, holder in sorted(holders.items()):
        package = PROGRAMS.get(paths.get(path))
        if package and holder != package and is_installed(package) and holder not in brought_by(package):
            findings.say("tests/lint/program_table.py", f"{paths[path]} is in {holder}, not in {package}")


def is_installed(package):
    return subprocess.run(["dpkg-query", "-W", "-f", "${Status}", package], capture_output=True, text=True,
                          check=False).stdout == "install ok installed"


def brought_by(package, depth=3):
    """What it depends on: gcc is the link to gcc-12, default-jre-headless names the one of today."""
    text = subprocess.run(["dpkg-query", "-W", "-f", "${Depends}, ${Pre-Depends}", package], capture_output=True, text=True, check=False).stdout
    names = {re.split(r"[\s:(]", word.strip())[0] for word in re.split(r"[,|]", text) if word.strip()}
    return names.union(*(brought_by(name, depth - 1) for name in names)) if depth > 1 else names


def examine(root, essential):
    """(findings, how many files)"""
    findings = Findings(parts_of_setup(os.path.join(root, "script/setup")), essential)
    paths = list(files_of(root))
    for path in paths:
        check_file(findings, root, path)
    return findings, len(paths)


def main():
    findings, count = examine(sys.argv[1], essential_programs())
    check_table(findings)
    print("\n".join(findings.problems) or f"{count} files, {len(findings.programs)} programs")
    sys.exit(1 if findings.problems else 0)


if __name__ == "__main__":
    main()
