"""The rule of tools/tidy about circles: files of a folder that call each other in a ring are one
file in several pieces, which nobody reads one after the other. Those that have to are in a list,
with the reason. Tells what it finds to `fault`, with the file, the line and what to do."""
import collections
import os

from c_source import TYPE_WORDS, name_of
from name_rules import folder_of, pasted, pastes_of

# Of circles that may be, a line each: FOLDER/{FILE,FILE}: REASON, in the order of the alphabet.
CIRCLES = "tools/circles"


def is_variable(statement):
    """Whether it defines one that other files may name."""
    words = [token.text for token in statement]
    is_type = words[0] in TYPE_WORDS and "{" in words[1:3]
    return words[0] not in ("static", "typedef", "extern") and not is_type and \
        not words[0].lower().endswith("static_assert") and "=" in words


def defined_in(source):
    for function in source.functions:
        if function.head[0].text != "static":
            yield function.name
    for statement in source.statements:
        if is_variable(statement):
            yield name_of(statement).text


def said_in(source, pastes):
    """The names that a file says, but for members, types and what is its own."""
    for tokens, own in bodies_of(source):
        for before, token in zip([None] + tokens, tokens):
            is_other = before and (before.text in (".", "->") or before.text in TYPE_WORDS)
            if token.kind == "name" and not is_other and token.text not in own:
                yield token.text
    yield from pasted(source.code, pastes)


def bodies_of(source):
    for function in source.functions:
        yield function.body, function.locals()
    for statement in source.statements:
        yield statement, set()


def uses_of(sources):
    """Of each file of src, those of its folder whose functions or tables it names."""
    pastes, homes = {}, {}
    for source in sources:
        pastes.update(pastes_of(source))
    files = [source for source in sources if source.path.startswith("src/")
             and not source.is_header]
    for source in files:
        for name in defined_in(source):
            homes[folder_of(source.path), name] = source.path
    uses = collections.defaultdict(dict)
    for source in files:
        for name in said_in(source, pastes):
            home = homes.get((folder_of(source.path), name))
            if home and home != source.path:
                uses[source.path].setdefault(home, name)
    return uses


def reached_from(path, uses):
    found, waiting = set(), list(uses.get(path, ()))
    while waiting:
        at = waiting.pop()
        if at not in found:
            found.add(at)
            waiting += uses.get(at, ())
    return found


def circles_of(uses):
    """The sets of files that all reach each other."""
    reached = {path: reached_from(path, uses) for path in uses}
    return {frozenset(other for other in found if path in reached.get(other, ()))
            for path, found in reached.items() if path in found}


def name_circle(circle):
    names = ",".join(sorted(os.path.basename(path)[:-2] for path in circle))
    return f"{folder_of(min(circle))}/{{{names}}}"


def files_of(name):
    folder, _, names = name.partition("/{")
    return {f"{folder}/{one}.c" for one in names.rstrip("}").split(",")}


def read_reasons(fault):
    """The circles that may be, each with its line."""
    found = {}
    if os.path.exists(CIRCLES):
        with open(CIRCLES, encoding="utf-8") as file:
            for number, line in enumerate(file.read().splitlines(), 1):
                name, _, why = line.partition(": ")
                found[name] = number
                if not why:
                    fault(CIRCLES, number, "no reason: FOLDER/{FILE,FILE}: REASON")
    return found


def check_circles(sources, fault):
    """A circle may become smaller than it is in the list, and not larger."""
    uses, reasons = uses_of(sources), read_reasons(fault)
    circles = circles_of(uses)
    for circle in circles:
        if not any(circle <= files_of(name) for name in reasons):
            ways = [f"{os.path.basename(path)} {used}" for path in sorted(circle)
                    for home, used in sorted(uses[path].items()) if home in circle]
            fault(min(circle), 1, f"{name_circle(circle)}: a circle ({', '.join(ways)}): part "
                  f"it, or give {CIRCLES} a reason")
    for name, number in reasons.items():
        if not any(circle <= files_of(name) for circle in circles):
            fault(CIRCLES, number, f"{name} is no circle any more: take the line out")
