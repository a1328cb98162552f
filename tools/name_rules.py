"""The rules of tools/tidy about names: what is declared is defined and used, and what is brought is
read. Each takes all sources, and tells what it finds to `fault`, with the file, the line and what
to do."""
import collections
import os

from c_source import TYPE_WORDS, close_of, members_of, name_of, names_in


def folder_of(path):
    return os.path.dirname(path)


# ---- names: where they are, and what ## makes of them ----

def pastes_of(source):
    """Of each macro with ## in it: its parameters and the parts that are joined."""
    found = {}
    at = 0
    tokens = source.directives
    starts = [index for index, token in enumerate(tokens) if token.text == "#"
              and tokens[index + 1:] and tokens[index + 1].text == "define"]
    for start, end in zip(starts, starts[1:] + [len(tokens)]):
        body = tokens[start + 2:end]
        joined = [index for index, token in enumerate(body) if token.text == "##"]
        if joined and len(body) > 1 and body[1].text == "(":
            close = close_of(body, 1)
            parameters = [token.text for token in body[2:close] if token.text != ","]
            parts = [(body[at - 1].text, body[at + 1].text) for at in joined]
            found[body[0].text] = (parameters, parts)
    return found


def arguments_at(tokens, at):
    end, found, depth = close_of(tokens, at), [[]], 0
    for token in tokens[at + 1:end]:
        if token.text == "," and depth == 0:
            found.append([])
            continue
        depth += token.text in ("(", "{", "[")
        depth -= token.text in (")", "}", "]")
        found[-1].append(token.text)
    return ["".join(one) for one in found]


def pasted(tokens, pastes):
    """The names that macros make where they are called in `tokens`."""
    for at, token in enumerate(tokens[:-1]):
        if token.text in pastes and tokens[at + 1].text == "(":
            parameters, joins = pastes[token.text]
            given = dict(zip(parameters, arguments_at(tokens, at + 1)))
            for left, right in joins:
                yield given.get(left, left) + given.get(right, right)


def places_of_names(sources):
    """Name → file → how often it stands there; and name → how often something is assigned to
    a member called so."""
    pastes = {}
    for source in sources:
        pastes.update(pastes_of(source))
    places, written = collections.defaultdict(collections.Counter), collections.Counter()
    for source in sources:
        for tokens in (source.code, source.directives):
            for token in names_in(tokens):
                places[token.text][source.path] += 1
            for name in pasted(tokens, pastes):
                places[name][source.path] += 1
        for before, token, after in zip(source.code, source.code[1:], source.code[2:]):
            written[token.text] += before.text in (".", "->") and after.text == "="
    return places, written


def pasted_starts(sources):
    """What names begin with that a macro ends with one of its parameters: KIND_ of KIND_##kind."""
    for source in sources:
        for parameters, parts in pastes_of(source).values():
            for left, right in parts:
                if right in parameters and left not in parameters and left.endswith("_"):
                    yield left


# ---- rule: a header declares what is defined, and used elsewhere ----

def declarations(source):
    """The functions and variables that a header declares, but for those of a macro."""
    for statement in source.statements:
        words = [token.text for token in statement]
        is_type = words[0] in ("struct", "enum", "union") and \
            (words[2:3] == ["{"] or words[1:2] == ["{"] or len(words) == 3)
        if words[0] == "typedef" or is_type:
            continue
        name = name_of(statement)
        if name.text.isupper():
            continue
        is_function = "(" in words and words[words.index("(") - 1] == name.text
        if is_function or words[0] == "extern":
            yield name, is_function


def check_declarations(sources, places, fault):
    functions = collections.defaultdict(list)
    variables = collections.defaultdict(list)
    for source in sources:
        for function in source.functions:
            functions[function.name].append(source.path)
        if not source.is_header:
            for statement in source.statements:
                if statement[0].text not in ("extern", "typedef"):
                    variables[name_of(statement).text].append(source.path)
    for source in sources:
        if source.is_header:
            for name, is_function in declarations(source):
                defined = functions if is_function else variables
                check_declaration(source, name, defined, places, fault)


def check_declaration(source, name, defined, places, fault):
    homes = defined.get(name.text)
    used = {path: count for path, count in places[name.text].items() if path != source.path}
    if not homes and not any(places[name.text][path] for path in used if not path.endswith(".h")):
        fault(source.path, name.line, f"{name.text}: declared, and defined nowhere: remove it")
        return
    if not homes or any(token.text == name.text for token in source.directives):
        return
    users = {path for path in used if path not in homes}
    if not users:
        fault(source.path, name.line,
              f"{name.text}: nothing but {homes[0]} uses it: make it static there, or remove it")
        return
    home = folder_of(homes[0])
    if source.path.startswith("include/") and all(folder_of(path) == home for path in users):
        fault(source.path, name.line,
              f"{name.text}: nobody outside {home} uses it: move it to a header there")


# ---- rule: a struct is declared where it is used ----

def check_forward(sources, fault):
    for source in sources:
        said = collections.Counter()
        for tokens in (source.code, source.directives):
            said.update((word.text, name.text) for word, name in zip(tokens, tokens[1:]))
        for word, name, _ in filter(lambda statement: len(statement) == 3, source.statements):
            if word.text in TYPE_WORDS and said[word.text, name.text] == 1:
                fault(source.path, name.line,
                      f"{name.text}: declared, and not used here: remove it")


# ---- rule: a name says where its function is at home ----

# Other nouns that a public header is about.
NOUNS = {
    "include/base/clock.h": ["date"],
    "include/core/bind.h": ["check", "echo", "fault", "faults"],
    "include/core/security.h": ["password", "secret"],
    "include/testing/program.h": ["text"],
}


def check_homes(sources, fault):
    for source in sources:
        if source.path.startswith("include/"):
            for name, is_function in declarations(source):
                if is_function and not is_at_home(source, name.text):
                    fault(source.path, name.line,
                          f"{name.text}: begins with no noun of this header: "
                          "name it after the header or a struct there, or move it")


def is_at_home(source, name):
    """Whether the first word is the header, its folder, or a struct that is defined there."""
    noun = os.path.basename(source.path)[:-2]
    defined = [statement[1].text for statement in source.statements
               if statement[0].text in ("struct", "enum") and statement[2].text == "{"]
    nouns = [noun, noun + "s", os.path.basename(folder_of(source.path))]
    nouns += defined + NOUNS.get(source.path, [])
    return any(name == one or name.startswith(one + "_") for one in nouns)


# ---- rule: members, constants and macros are read somewhere ----

def check_read(sources, places, written, fault):
    brought = []
    for source in sources:
        if not source.path.startswith("tests/"):
            for statement in source.statements:
                for word, names in members_of(statement):
                    kind = "constant" if word == "enum" else "member"
                    brought += [(source, name, kind) for name in names]
    lines = collections.Counter(name.text for _, name, _ in brought)
    for source, name, kind in brought:
        if sum(places[name.text].values()) - written[name.text] <= lines[name.text]:
            fault(source.path, name.line, f"{name.text}: a {kind} that nothing reads: remove it")
    starts = tuple(pasted_starts(sources))
    for source in sources:
        for name in macros_of(source):
            if sum(places[name.text].values()) == 1 and not name.text.startswith(starts):
                fault(source.path, name.line, f"{name.text}: a macro that nothing reads: remove it")


def macros_of(source):
    """The names that #define brings, but for what is defined for a header of a library, before it
    is included."""
    tokens, found = source.directives, []
    for at, token in enumerate(tokens[:-2]):
        if token.text != "#":
            continue
        if tokens[at + 1].text == "define":
            found.append(tokens[at + 2])
        elif tokens[at + 1].text == "include":
            found = []
    return found
