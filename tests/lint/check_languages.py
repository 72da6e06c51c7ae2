#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Fails where a language that is shipped is not whole, where a text is asked for and not there, or there and not asked for,
where C says something in a language, and where a sentence is too wide for the text of a mail.

A language is shipped whole where templates/languages/LANG/ has a language.yaml. Each then has the keys of English in
strings.yaml, office.yaml, notes.yaml and guide.yaml with the same placeholders, words for the same names in words.yaml, and feeds/LANG/. Nobody reads
C aloud: a string there has no letters beyond ASCII, and is no word that words.yaml or mail.yaml of a language has.
Usage: check_languages.py SOURCE_DIR
"""
import pathlib
import re
import sys
import unicodedata

REFERENCE = "en"
MAIL_COLUMNS = 72
PLURALS = re.compile(r"\.(zero|one|two|few|many)$")  # which of them there are is the language's affair; all have .other
LINE = re.compile(r"([A-Za-z0-9_.-]+): +(\S.*)")
# What YAML reads otherwise in a text without quotes: a key, a comment, or a list, a mark and the like at its beginning.
PLAIN_REFUSED = re.compile(r"^[\[\]{}&*!|>%@`#,]|^[-?:] |: |:$| #")
PLACEHOLDER = re.compile(r"(?<!\{)\{([a-z_]+)\}")
# What English says in words of its own (a.m.), and what other systems and zones are called, is not there in each language.
GROUPS_OF_A_LANGUAGE = {"clock", "other_keys", "zones"}
LITERAL = re.compile(r'"((?:[^"\\\n]|\\.)*)"')
COMMENT = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\'', re.S)

# What in src/ may be said so, and why: in a whole file, or one string of a file.
FILES = {
    "intake/reading_worker.c": "a text that makes libraries load what they load late",
    "rich_text/docx_style_name.c": "names that Word gives its own styles",
}
STRINGS = {
    ("config/mail_section.c", "hold"): "a value of newsroom.yaml",
    ("html/element.c", "var"): "an element of HTML",
    ("rich_text/docx_element.c", "deg"): "an element of Office Math",
    ("rich_text/docx_element.c", "den"): "an element of Office Math",
}


def texts(path, complain):
    """The lines "key: text" of a file."""
    found = {}
    for number, line in enumerate(path.read_text().splitlines(), 1):
        match = LINE.fullmatch(line)
        if not line or line.startswith("#"):
            continue
        if not match:
            complain(f"{path}:{number}: no line “key: text”, or no text")
            continue
        key, text = match.groups()
        if text[0] not in '"\'' and PLAIN_REFUSED.search(text):
            complain(f"{path}:{number}: “{key}” wants quotes around its text, or the program cannot read it")
        if text.startswith('"'):
            text = text[1:-1].replace('\\"', '"').replace("\\\\", "\\")
        if not text.strip():
            complain(f"{path}:{number}: “{key}” is empty")
        if key in found:
            complain(f"{path}:{number}: “{key}” is there twice")
        found[key] = text
    return found


def words(path):
    """group -> name -> words of a file of words."""
    found = {}
    group = None
    for line in re.sub(r",\n +", ", ", path.read_text()).splitlines():  # lists may go on below
        match = re.match(r"( *)([A-Za-z0-9_./+-]+): *(.*)", line)
        if not match or line.lstrip().startswith("#"):
            continue
        if not match[1]:
            group = found.setdefault(match[2], {})
            if not match[3]:
                continue
        values = re.findall(r'"((?:[^"\\]|\\.)*)"|([^\[\],"]+)', match[3])
        group[match[2]] = [(quoted or plain).strip() for quoted, plain in values if (quoted or plain).strip()]
    return found


def stem(key):
    return PLURALS.sub(".other", key)


def check_texts(languages, name, complain):
    """Every language has what English has, with the same placeholders."""
    reference = texts(languages / REFERENCE / name, complain)
    if not reference:
        complain(f"{languages / REFERENCE / name}: no texts in it")
    for language in shipped(languages):
        path = languages / language / name
        if language == REFERENCE:
            continue
        if not path.is_file():
            complain(f"{path}: is not there")
            continue
        own = texts(path, complain)
        for key in sorted({stem(key) for key in reference} - {stem(key) for key in own}):
            complain(f"{path}: lacks “{key}”")
        for key, text in own.items():
            like = reference.get(key, reference.get(stem(key)))
            if like is None:
                complain(f"{path}: “{key}” is not in {REFERENCE}")
            elif set(PLACEHOLDER.findall(text)) != set(PLACEHOLDER.findall(like)):
                complain(f"{path}: “{key}” has other placeholders than in {REFERENCE}: {PLACEHOLDER.findall(like)}")
    return reference


def check_office(source, strings, office, complain):
    """The program reads office.yaml when it is first asked for one of these keys, and looks for no other there."""
    code = (source / "config/languages.c").read_text()
    prefixes = tuple(re.findall(r'"(\w+_)"', re.search(r"office_prefixes\[\] = \{(.*?)\}", code, re.S)[1]))
    for key in strings:
        if key.startswith(prefixes):
            complain(f"{REFERENCE}/strings.yaml: “{key}” belongs into office.yaml")
    for key in office:
        if not key.startswith(prefixes):
            complain(f"{REFERENCE}/office.yaml: “{key}” belongs into strings.yaml, or its beginning into office_prefixes")


def check_words(languages, complain):
    reference = words(languages / REFERENCE / "words.yaml")
    for language in shipped(languages):
        own = words(languages / language / "words.yaml")
        for group in sorted(reference.keys() - GROUPS_OF_A_LANGUAGE):
            for name in reference[group]:
                if not own.get(group, {}).get(name):
                    complain(f"{languages / language}/words.yaml: no word for “{name}” in {group}")


def shipped(languages):
    return sorted(path.parent.name for path in languages.glob("*/language.yaml"))


def check_templates(templates, strings, complain):
    """Templates ask for strings and partials that are there; returns the strings asked for."""
    asked = set()
    for path in sorted(templates.glob("*.mustache")):
        text = path.read_text()
        for key in re.findall(r"\{\{t\.([A-Za-z0-9_-]*)\}\}", text):
            asked.add(key)
            if key not in strings:
                complain(f"{path}: {{{{t.{key}}}}} is in no strings.yaml and no office.yaml")
            elif PLACEHOLDER.search(strings[key]):
                complain(f"{path}: {{{{t.{key}}}}} has placeholders: prepare it in code")
        for partial in re.findall(r"\{\{> *([a-z.-]*)\}\}", text):
            if not (templates / f"{partial}.mustache").is_file():
                complain(f"{path}: partial {partial} is not there")
    return asked


def check_widths(root, complain):
    """No line of a mail's text that is a sentence of ours is wider than mails are wrapped at."""
    for language in shipped(root / "languages"):
        strings = {key: text for name in ("strings.yaml", "office.yaml") for key, text in texts(root / "languages" / language / name, lambda fault: None).items()}
        for path in sorted(root.glob("mail-*.text.mustache")):
            for line in re.findall(r"^\{\{t\.[A-Za-z0-9_-]*\}\}:?$", path.read_text(), re.M):
                shown = re.sub(r"\{\{t\.(.*?)\}\}", lambda key: strings.get(key[1], ""), line)
                if len(shown) > MAIL_COLUMNS:
                    complain(f"{path}: {line} has {len(shown)} columns in {language}; {MAIL_COLUMNS} are there")


def check_used(path, keys, named, complain):
    """Code names a text whole ("date_time"), a plural by its stem, a family by its start ("type_")."""
    for key in keys:
        name = re.sub(r"\.(other|one|two|few|many|zero)$", "", key)
        if name not in named and name.split("_")[0] + "_" not in named:
            complain(f"{path}: “{key}” is used nowhere")


# ---- C ----


def without_comments(text):
    def keep(match):
        part = match[0]
        return part if part[0] in "\"'" else re.sub(r"[^\n]", " ", part)

    return COMMENT.sub(keep, text)


def literals(path):
    """(line, text) of the strings in a file of C, neighbours joined."""
    text = without_comments(path.read_text())
    text = re.sub(r"(?m)^ *#.*$", lambda match: match[0] if match[0].lstrip().startswith("#define") else "", text)
    for match in re.finditer(r'"(?:[^"\\\n]|\\.)*"(?:\s*"(?:[^"\\\n]|\\.)*")*', text):
        yield text.count("\n", 0, match.start()) + 1, "".join(LITERAL.findall(match[0]))


def foreign_words(languages):
    """Words of other languages than English that are not English too."""
    english = set()
    others = set()
    for path in languages.glob("*/*.yaml"):
        if path.name not in ("words.yaml", "mail.yaml"):
            continue
        # Of a language that nobody here speaks, short words are names in C too: “del”, “data”.
        shortest = 3 if (path.parent / "language.yaml").is_file() else 5
        for names in words(path).values():
            english.update(names)
            for values in names.values():
                known = {word.casefold() for word in values if len(word) >= shortest}
                (english if path.parent.name == REFERENCE else others).update(known)
    return others - english


def check_code(source, languages, complain):
    foreign = foreign_words(languages)
    unused = FILES.keys() | STRINGS.keys()
    for path in sorted(source.glob("*/*.[ch]")):
        name = str(path.relative_to(source))
        for line, text in literals(path):
            fault = None
            if any(ord(c) > 127 and unicodedata.category(c).startswith("L") for c in text):
                fault = "has letters that are not ASCII"
            elif any(part.casefold().strip(": ") in foreign for part in text.split("|")):
                fault = "is a word of a language"
            if fault and name not in FILES and (name, text) not in STRINGS:
                complain(f"{path}:{line}: “{text}” {fault}: put it into templates/languages/")
            if fault:
                unused -= {name, (name, text)}
    for exception in sorted(map(str, unused)):
        complain(f"check_languages.py: {exception} is an exception that nothing needs: take it off the list")


def named_in(source):
    """Words in strings, and the names of lists that macros make keys and enumerators of, where an enumerator is used."""
    found = set()
    listed = set()
    enumerators = set()
    for path in source.glob("*/*.[ch]"):
        text = without_comments(path.read_text())
        found.update(re.sub(r"%s$", "", word) for word in re.findall(r'"([a-z]+(?:_[a-z0-9]+)*_?(?:%s)?)"', text))
        for names in re.findall(r"#define \w+\(X\)((?:.*\\\n)+.*)", text):
            listed.update(re.findall(r"X\((\w+)\)", names))
        enumerators.update(re.findall(r"\b[A-Z][A-Z0-9_]+\b", text))
    ends = {name[at + 1:] for name in enumerators for at, c in enumerate(name) if c == "_"}
    found.update(name.lower() for name in listed & ends)
    return found


def named_in_templates(root):
    """What the Word templates of the guide say."""
    path = root / "script/word-templates"
    return set(re.findall(r'texts\["(\w+)"\]', path.read_text())) if path.is_file() else set()


def check(root):
    faults = []
    complain = faults.append
    languages = root / "templates/languages"
    source = root / "src"
    strings = check_texts(languages, "strings.yaml", complain)
    office = check_texts(languages, "office.yaml", complain)
    check_office(source, strings, office, complain)
    notes = check_texts(languages, "notes.yaml", complain)
    guide = check_texts(languages, "guide.yaml", complain)
    check_words(languages, complain)
    asked = check_templates(root / "templates", strings | office, complain)
    check_widths(root / "templates", complain)
    named = named_in(source)
    check_used(languages / REFERENCE / "strings.yaml", strings, asked | named, complain)
    check_used(languages / REFERENCE / "office.yaml", office, asked | named, complain)
    check_used(languages / REFERENCE / "notes.yaml", notes, named, complain)
    check_used(languages / REFERENCE / "guide.yaml", guide, named | named_in_templates(root), complain)
    for language in shipped(languages):
        if not any((root / "feeds" / language).glob("*.yaml")):
            complain(f"{root / 'feeds' / language}: no feeds that init could copy")
    check_code(source, languages, complain)
    return faults


if __name__ == "__main__":
    found = check(pathlib.Path(sys.argv[1]))
    if found:
        sys.exit("\n".join(found))
