#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Whether check_languages.py sees what it is there to see: planted faults in small trees of its own."""
import os
import pathlib
import sys
import tempfile
import unittest
from unittest import mock

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import check_languages  # noqa: E402

TREE = {
    "templates/page.mustache": "{{t.title}}",
    "templates/languages/en/language.yaml": "",
    "templates/languages/en/strings.yaml": 'title: News\ncount.one: "{count} file"\ncount.other: "{count} files"\ntype_a: A\n',
    "templates/languages/en/notes.yaml": "not_text: is no text\n",
    "templates/languages/en/office.yaml": "receipt_why: who gets it\n",
    "templates/languages/en/guide.yaml": "field_title: the headline\n",
    "templates/languages/en/words.yaml": "months:\n  june: [June, Jun]\nclock:\n  am: [a.m.]\n",
    "templates/languages/da/language.yaml": "country: DK\n",
    "templates/languages/da/strings.yaml": 'title: Nyt\ncount.one: "{count} fil"\ncount.other: "{count} filer"\ntype_a: A\n',
    "templates/languages/da/notes.yaml": "not_text: er ikke tekst\n",
    "templates/languages/da/office.yaml": "receipt_why: hvem der får den\n",
    "templates/languages/da/guide.yaml": "field_title: overskriften\n",
    "templates/languages/da/words.yaml": "months:\n  june: [juni, jun]\n",
    "templates/languages/fr/mail.yaml": "replies:\n  wrote: [a écrit, objet]\n",
    "feeds/en/all.yaml": "title: All\n",
    "feeds/da/alt.yaml": "title: Alt\n",
    "src/publish/a.c": '/* ældre */ f("count"); g("type_%s"); h("field_%s"); f("receipt_why"); INTAKE_NOT_TEXT; // "æ"\n',
    "src/config/languages.c": 'static const char *const office_prefixes[] = { "receipt_", NULL };\n',
    "src/intake/message.h": "#define MESSAGES(X) \\\n    X(NOT_TEXT)  \\\n\n",
}


def complaints(**files):
    """What is said of the tree with these files put in, or added to where they begin with +. In their names __ is a slash."""
    with tempfile.TemporaryDirectory() as top:
        root = pathlib.Path(top)
        tree = dict(TREE)
        for name, text in files.items():
            name = name.replace("__", "/").replace("_dot_", ".").replace("_dash_", "-")
            tree[name] = tree[name] + text[1:] if text.startswith("+") else text
        for name, text in tree.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        with mock.patch.multiple(check_languages, FILES={}, STRINGS={}):
            return [line.replace(top + "/", "") for line in check_languages.check(root)]


class Languages(unittest.TestCase):
    def sees(self, said, **files):
        found = complaints(**files)
        self.assertEqual(len(found), 1, found)
        self.assertIn(said, found[0])

    def test_a_whole_tree_is_let_be(self):
        self.assertEqual(complaints(), [])

    def test_a_text_of_the_office_stands_elsewhere(self):
        found = complaints(
            templates__languages__en__strings_dot_yaml="+receipt_why: who\n", templates__languages__da__strings_dot_yaml="+receipt_why: hvem\n")
        self.assertIn("en/strings.yaml: “receipt_why” belongs into office.yaml", found)
        found = complaints(
            templates__languages__en__office_dot_yaml="+type_a: A\n", templates__languages__da__office_dot_yaml="+type_a: A\n")
        self.assertIn("en/office.yaml: “type_a” belongs into strings.yaml, or its beginning into office_prefixes", found)

    def test_a_sentence_is_too_wide_for_a_mail(self):
        wide = "+wide: " + "w" * 73 + "\n"
        self.sees("{{t.wide}} has 73 columns in da", templates__mail_dash_x_dot_text_dot_mustache="{{t.wide}}\n",
                  templates__languages__en__strings_dot_yaml="+wide: w\n", templates__languages__da__strings_dot_yaml=wide)

    def test_plural_forms_are_the_languages_affair(self):
        self.assertEqual(complaints(templates__languages__da__strings_dot_yaml='+count.few: "{count} filer"\n'), [])

    def test_texts(self):
        da = "templates__languages__da__strings_dot_yaml"
        self.sees("lacks “title”", **{da: TREE["templates/languages/da/strings.yaml"].replace("title", "titel", 1).replace("titel: Nyt\n", "")})
        self.sees("“titel” is not in en", **{da: "+titel: Nyt\n"})
        self.sees("is there twice", **{da: "+title: Nyt\n"})
        self.sees("“title” has other placeholders", **{da: TREE["templates/languages/da/strings.yaml"].replace("Nyt", "Nyt {a}")})
        self.sees("“title” wants quotes", **{da: TREE["templates/languages/da/strings.yaml"].replace("Nyt", "Nyt: mere")})
        self.sees("“title” is empty", **{da: TREE["templates/languages/da/strings.yaml"].replace("Nyt", '" "')})
        self.sees("no line “key: text”", **{da: "+  title: Nyt\n"})
        self.sees("lacks “not_text”", templates__languages__da__notes_dot_yaml="")
        self.sees("lacks “field_title”", templates__languages__da__guide_dot_yaml="")

    def test_words(self):
        self.sees("no word for “june” in months", templates__languages__da__words_dot_yaml="months:\n  june: []\n")

    def test_what_nobody_asks_for_and_what_is_not_there(self):
        self.sees("“not_text” is used nowhere", src__publish__a_dot_c='f("count"); g("type_%s"); h("field_%s");')
        self.sees("“count.one” is used nowhere", src__publish__a_dot_c='f("counted"); g("type_%s"); h("field_%s"); INTAKE_NOT_TEXT;',
                  templates__languages__en__strings_dot_yaml=TREE["templates/languages/en/strings.yaml"].replace('count.other: "{count} files"\n', ""),
                  templates__languages__da__strings_dot_yaml=TREE["templates/languages/da/strings.yaml"].replace('count.other: "{count} filer"\n', ""))
        self.sees("{{t.gone}} is in no strings.yaml", templates__page_dot_mustache="{{t.title}}{{t.gone}}")
        self.sees("partial gone is not there", templates__page_dot_mustache="{{t.title}}{{> gone}}")

    def test_a_language_without_feeds(self):
        with mock.patch.dict(TREE):
            del TREE["feeds/da/alt.yaml"]
            self.sees("no feeds that init could copy")

    def test_words_in_code(self):
        code = TREE["src/publish/a.c"]
        for word in ("Født", "juni", "Juni:", "a|juni|b", "objet", "a écrit", "\" \"juni"):
            self.sees("put it into templates/languages/", src__publish__a_dot_c=code + f'h("{word}");')
        for word in ("June", "jun", "“a”", "…", "months", "juni 2026"):
            self.assertEqual(complaints(src__publish__a_dot_c=code + f'h("{word}");'), [], word)

    def test_an_exception_that_nothing_needs(self):
        with tempfile.TemporaryDirectory() as top:
            for name, text in TREE.items():
                path = pathlib.Path(top) / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text)
            with mock.patch.multiple(check_languages, FILES={"publish/a.c": "why"}, STRINGS={}):
                self.assertIn("publish/a.c is an exception that nothing needs", check_languages.check(pathlib.Path(top))[0])


if __name__ == "__main__":
    unittest.main()
