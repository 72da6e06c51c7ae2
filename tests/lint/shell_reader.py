# SPDX-License-Identifier: MIT
"""Reads sh, bash and bats texts, and tells which commands stand in them: for check_programs.py.

It knows quotes, substitutions, heredocs, functions and the keywords, and judges no grammar: what bash takes, it reads."""
import re
from dataclasses import dataclass, field

OPERATORS = (";;&", ";;", ";&", "&&", "||", "|&", ";", "&", "|", "(", ")", "\n")
KEYWORDS = {"if", "then", "elif", "else", "fi", "while", "until", "do", "done", "{", "}", "!", "time", "esac", "coproc"}
ASSIGNMENT = re.compile(r"[A-Za-z_]\w*(\[[^]]*\])?\+?=")
END = object()


@dataclass
class Word:
    """Text with its quotes taken off; what is substituted stands in it as it is written, and then it is not plain."""
    text: str
    is_plain: bool = True
    is_quoted: bool = False
    is_assignment: bool = False


@dataclass
class Command:
    line: int
    words: list
    heredocs: list = field(default_factory=list)


class ShellReader:
    """commands: all of the text, in no order; functions: name → whether it runs its arguments as a command."""

    def __init__(self, text, line=1, outer=None):
        self.text, self.at, self.first_line = text, 0, line
        self.token_at = 0
        self.commands = outer.commands if outer else []
        self.functions = outer.functions if outer else {}
        self.inside = []  # functions that are open, with the braces in them
        self.waiting = []  # heredocs whose text begins at the next line
        self.is_in_quotes = False
        if not outer:
            self.read_list(END)

    # ---- characters and words ----

    def line(self):
        return self.first_line + self.text.count("\n", 0, self.at)

    def ahead(self, what):
        return self.text.startswith(what, self.at)

    def is_over(self):
        return self.at >= len(self.text)

    def inner(self, end):
        """A list of commands inside a word, up to its end."""
        kept = self.inside, self.is_in_quotes
        self.inside, self.is_in_quotes = [], False
        self.read_list(end)
        self.inside, self.is_in_quotes = kept

    def substitution(self):
        """At a $ or a backquote: passes over what it begins, with the commands in it."""
        if self.ahead("$(("):
            self.at += 3
            self.balanced("(", ")", 2)
        elif self.ahead("$("):
            self.at += 2
            self.inner(")")
        elif self.ahead("${"):
            self.at += 2
            self.balanced("{", "}", 1)
        elif self.ahead("`"):
            end = self.text.index("`", self.at + 1)
            ShellReader(self.text[self.at + 1:end], self.line(), self).read_list(END)
            self.at = end + 1
        else:
            self.at += 1

    def balanced(self, opening, closing, depth):
        while depth and not self.is_over():
            character = self.text[self.at]
            if character == "\\":
                self.at += 2
            elif character in "$`":
                self.substitution()
            elif character == "'" and not self.is_in_quotes:
                self.at = self.text.find("'", self.at + 1) + 1 or len(self.text)
            elif character == '"':
                self.double_quoted()
            else:
                depth += (character == opening) - (character == closing)
                self.at += 1

    def double_quoted(self):
        """Returns (text, whether it is plain)."""
        start, is_plain, kept = self.at + 1, True, self.is_in_quotes
        self.at, self.is_in_quotes = start, True
        while not self.is_over() and not self.ahead('"'):
            if self.ahead("\\"):
                self.at += 2
            elif self.text[self.at] in "$`":
                is_plain = False
                self.substitution()
            else:
                self.at += 1
        self.at, self.is_in_quotes = self.at + 1, kept
        return re.sub(r'\\([$`"\\])', r"\1", self.text[start:self.at - 1].replace("\\\n", "")), is_plain

    def word(self):
        parts, is_plain, is_quoted = [], True, False
        is_assignment = bool(ASSIGNMENT.match(self.text, self.at))
        while not self.is_over():
            character = self.text[self.at]
            if character in " \t\n;&|" or (character in "<>" and not self.text.startswith("(", self.at + 1)):
                break
            start = self.at
            if character == "\\":
                parts.append(self.text[self.at + 1:self.at + 2].replace("\n", ""))
                self.at += 2
                is_quoted = True
            elif character == "'" or self.ahead("$'"):
                is_quoted = True
                end = re.compile(r"'[^']*'" if character == "'" else r"\$'(\\.|[^'\\])*'", re.S).match(self.text, self.at).end()
                parts.append(self.text[start:end].lstrip("$")[1:-1])
                self.at = end
            elif character == '"':
                is_quoted = True
                text, plain = self.double_quoted()
                parts.append(text)
                is_plain &= plain
            elif character in "$`":
                self.substitution()
                parts.append(self.text[start:self.at])
                is_plain = False
            elif character in "<>":  # a process substitution
                self.at += 2
                self.inner(")")
                is_plain = False
            elif character == "(" and parts and parts[-1][-1:] in tuple("?*+@!"):
                self.at += 1
                self.balanced("(", ")", 1)
                is_plain = False
            elif character in "()":
                break
            else:
                parts.append(character)
                self.at += 1
        return Word("".join(parts), is_plain, is_quoted, is_assignment)

    # ---- tokens ----

    def skip_blanks(self):
        while not self.is_over():
            if self.text[self.at] in " \t":
                self.at += 1
            elif self.ahead("\\\n"):
                self.at += 2
            elif self.ahead("#"):
                self.at = self.text.find("\n", self.at)
                self.at = len(self.text) if self.at < 0 else self.at
            else:
                return

    def token(self, heredocs=None):
        """END, an operator, or a Word; redirections are passed over, the texts of heredocs put into the list."""
        while True:
            self.skip_blanks()
            if self.is_over():
                return END
            match = re.compile(r"(\d*|\{\w+\}|&)(<<<|<<-|<<|>>|<>|>\||[<>]&|<(?!\()|>(?!\())").match(self.text, self.at)
            if not match:
                break
            self.at = match.end()
            self.skip_blanks()
            target = self.word()
            if match[2] in ("<<", "<<-"):
                self.waiting.append((target, match[2] == "<<-", heredocs if heredocs is not None else []))
        self.token_at = self.at
        for operator in OPERATORS:
            if self.ahead(operator):
                self.at += len(operator)
                if operator == "\n":
                    self.take_heredocs()
                return operator
        return self.word()

    def take_heredocs(self):
        waiting, self.waiting = self.waiting, []
        for delimiter, is_indented, heredocs in waiting:
            line, lines = self.line(), []
            while not self.is_over():
                end = self.text.find("\n", self.at)
                end = len(self.text) if end < 0 else end
                row = self.text[self.at:end]
                self.at = end + 1
                if (row.lstrip("\t") if is_indented else row) == delimiter.text:
                    break
                lines.append(row)
            heredocs.append((line, "\n".join(lines) + "\n"))
            if not delimiter.is_quoted:
                for match in re.finditer(r"(?<!\\)\$\(", heredocs[-1][1]):
                    other = ShellReader(heredocs[-1][1], line, self)
                    other.at = match.start()
                    other.substitution()

    def peek(self):
        self.skip_blanks()
        return self.text[self.at:self.at + 1]

    # ---- commands ----

    def read_list(self, end):
        """Commands up to an operator, or the word esac, which is taken."""
        while True:
            token = self.token()
            if token is END or token == end or (end == ";;" and token in (";&", ";;&")):
                return token
            if token == "(":
                if self.ahead("("):
                    self.at += 1
                    self.balanced("(", ")", 2)
                else:
                    self.read_list(")")
            elif isinstance(token, Word) and self.first_word(token, end):
                return "esac"

    def first_word(self, word, end):
        """True where it ends a case."""
        bare = word.text if word.is_plain and not word.is_quoted else None
        if bare == "esac" and end == ";;":
            return True
        if bare in KEYWORDS:
            self.brace(bare)
        elif bare in ("for", "select"):
            self.skip_to(("\n", ";"))
        elif bare == "case":
            self.case()
        elif bare in ("[[", "@test", "function"):
            self.passed_over(bare)
        elif bare is not None and self.peek() == "(" and re.fullmatch(r"[\w:.-]+", bare):
            self.skip_to((")",))
            self.function(bare)
        elif word.is_assignment:
            self.array(word)
        else:
            self.simple(word)
        return False

    def passed_over(self, bare):
        if bare == "[[":
            while not self.is_over():
                token = self.token()
                if isinstance(token, Word) and token.text == "]]":
                    return
        else:
            name = self.token()
            if bare == "function":
                self.function(name.text)

    def function(self, name):
        self.functions.setdefault(name, False)
        self.inside.append([name, 0])

    def brace(self, keyword):
        if self.inside and keyword == "{":
            self.inside[-1][1] += 1
        if self.inside and keyword == "}":
            self.inside[-1][1] -= 1
            if self.inside[-1][1] <= 0:
                self.inside.pop()

    def skip_to(self, operators):
        while True:
            token = self.token()
            if token is END or token in operators:
                return
            if token == "(" and self.ahead("("):
                self.at += 1
                self.balanced("(", ")", 2)

    def case(self):
        self.token()
        self.token()  # in
        while True:
            token = self.token()
            while token == "\n" or token == "(":
                token = self.token()
            if token is END or (isinstance(token, Word) and token.text == "esac" and not token.is_quoted):
                return
            while token is not END and token != ")":
                token = self.token()
            if self.read_list(";;") in ("esac", END):
                return

    def array(self, word):
        if word.is_assignment and word.text.endswith("=") and self.ahead("("):
            self.at += 1
            while self.token() not in (END, ")"):
                pass

    def simple(self, word):
        command = Command(self.line(), [word])
        self.commands.append(command)
        if self.inside and word.text in ("$@", "${@}"):
            self.functions[self.inside[-1][0]] = True
        while True:
            token = self.token(command.heredocs)
            if not isinstance(token, Word):
                # Whoever reads the list sees the operator; behind a line's end its heredocs are read already.
                if token not in (END, "\n"):
                    self.at = self.token_at
                return
            command.words.append(token)
            self.array(token)
