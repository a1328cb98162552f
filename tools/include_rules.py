"""The rules of tools/tidy about includes: what is included is read, and a file is named by its
place, not by the way to it. Takes all sources, and tells what it finds to `fault`, with the file,
the line and what to do."""
import functools
import os
import re

from c_source import TYPE_WORDS, members_of, name_of, names_in
from name_rules import pasted, pastes_of

ROOTS = ("include", "src", "tests")
DIRECTIVES = {"define", "include", "if", "ifdef", "ifndef", "else", "elif", "endif", "undef",
              "error", "pragma"}


def includes_of(source):
    """Of each #include "…": its line and the name."""
    for word, name in zip(source.directives, source.directives[1:]):
        if word.text == "include" and name.text.startswith('"'):
            yield name.line, name.text.strip('"')


def libraries_of(source):
    """What it includes as <…>."""
    return {match.group(1) for match in re.finditer(r"(?m)^\s*#\s*include\s*<([^>]+)>",
                                                    source.text)}


def macros_of(source):
    """Each macro with the tokens of its line."""
    tokens, found = source.directives, {}
    starts = [at for at, token in enumerate(tokens[:-2])
              if token.text == "#" and tokens[at + 1].text == "define"]
    for start in starts:
        end = next((at for at in range(start + 1, len(tokens)) if tokens[at].text == "#"
                    and tokens[at + 1:] and tokens[at + 1].text in DIRECTIVES), len(tokens))
        found[tokens[start + 2].text] = tokens[start + 3:end]
    return found


def brought_by(source):
    """The names that a header brings by itself, and those of members, which stand behind a dot or
    an arrow."""
    names, members = set(macros_of(source)), set()
    for statement in filter(lambda one: not is_forward(one), source.statements):
        for word, inner in members_of(statement):
            (names if word == "enum" else members).update(token.text for token in inner)
        names.update(constants_in(statement))
        if statement[0].text in TYPE_WORDS and len(statement) > 3 and statement[2].text == "{":
            names.add(statement[1].text)
        names.add(name_of(statement).text)
    names.update(function.name for function in source.functions)
    return names, members


def is_forward(statement):
    return statement[0].text in TYPE_WORDS and len(statement) == 3


def constants_in(statement):
    """All that an enum has, its zero, too."""
    words = [token.text for token in statement]
    if "enum" not in words:
        return set()
    return {after for before, after in zip(words, words[1:]) if before in ("{", ",")}


class Includes:
    def __init__(self, sources):
        self.by_path = {source.path: source for source in sources}
        self.brought = {source.path: brought_by(source) for source in sources if source.is_header}
        self.macros, self.pastes = {}, {}
        for source in sources:
            self.pastes.update(pastes_of(source))
            if source.is_header:
                self.macros.update(macros_of(source))

    def path_of(self, source, name):
        """The file that an #include means, or None."""
        folders = (os.path.dirname(source.path),) + ROOTS
        paths = (os.path.normpath(os.path.join(folder, name)) for folder in folders)
        return next((path for path in paths if path in self.brought), None)

    @functools.lru_cache(maxsize=None)
    def reach(self, path):
        """The header and all that it includes, however deep."""
        found, waiting = set(), [path]
        while waiting:
            at = waiting.pop()
            if at and at not in found:
                found.add(at)
                source = self.by_path[at]
                waiting += [self.path_of(source, name) for _, name in includes_of(source)]
        return found

    def words_of(self, source):
        """The names that a file says, also through macros; and those of members."""
        words, members, waiting = set(), set(), [self.said_in(source)]
        while waiting:
            tokens = waiting.pop()
            members.update(after.text for before, after in zip(tokens, tokens[1:])
                           if before.text in (".", "->"))
            for name in [token.text for token in names_in(tokens)] + \
                    list(pasted(tokens, self.pastes)):
                if name not in words:
                    words.add(name)
                    waiting.append(self.macros.get(name, []))
        return words, members

    @staticmethod
    def said_in(source):
        tokens = source.directives
        includes = {at for at, token in enumerate(tokens[:-1]) if token.text == "include"}
        return source.code + [token for at, token in enumerate(tokens)
                              if at not in includes and at - 1 not in includes]

    def is_read(self, path, words, members):
        names, inner = self.brought[path]
        return not (names.isdisjoint(words) and inner.isdisjoint(members))


    def is_needed(self, path, others, source, said):
        """Whether the source reads what the header brings. A header, and who includes a private
        one or one of the tests, may also want what only this include of it carries: names, or a
        library."""
        if self.is_read(path, *said):
            return True
        is_public = path.startswith("include/") and not path.startswith("include/testing/")
        if not source.is_header and is_public:
            return False
        carried = self.reach(path) - others
        if any(self.is_read(one, *said) for one in carried):
            return True
        known = {one for other in others for one in libraries_of(self.by_path[other])}
        return any(libraries_of(self.by_path[one]) - known - libraries_of(source)
                   for one in carried)


def check_includes(sources, fault):
    all_of = Includes(sources)
    for source in sources:
        said = all_of.words_of(source)
        paths = {}
        for line, name in includes_of(source):
            if name.startswith(("./", "../")):
                fault(source.path, line, f"{name}: say the place of the file, not the way to it")
            path = all_of.path_of(source, name)
            if path:
                paths[path] = (line, name)
        for path, (line, name) in paths.items():
            others = set().union(*(all_of.reach(other) for other in paths if other != path))
            if not all_of.is_needed(path, others, source, said):
                fault(source.path, line, f"{name}: nothing of it is read here: leave it out, or "
                      "include what it brought")
