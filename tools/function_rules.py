"""The rules of tools/tidy about functions: none twice, and none that nobody reads at one go. Each
takes all sources, and tells what it finds to `fault`, with the file, the line and what to do."""
import collections

from c_source import close_of

# A copy under another name is one from here on.
LEAST_LINES = 4
LEAST_TOKENS = 30
# Of a function, without its tables; and of one of the tests, which tells a story.
MOST_LINES = 31
MOST_LINES_OF_TESTS = 40


def normalised(function, siblings):
    """A body with its own names numbered, so that a copy with other parameters is a copy still:
    those of its variables, and of other functions of its file, which a copy may have renamed,
    too."""
    numbers, words = {}, []
    own = function.locals() | siblings
    for before, token in zip([None] + function.body, function.body):
        text = token.text
        if text in own and before.text not in (".", "->"):
            text = numbers.setdefault(text, f"#{len(numbers)}")
        words.append(text)
    return " ".join(words)


def copies(sources):
    """Functions that are the same but for their names, unless they are short."""
    bodies = collections.defaultdict(list)
    for source in sources:
        siblings = {function.name for function in source.functions}
        for function in source.functions:
            lines = function.body[-1].line - function.body[0].line - 1
            if lines >= LEAST_LINES and len(function.body) >= LEAST_TOKENS:
                bodies[normalised(function, siblings)].append(function)
    return bodies.values()


def is_program(path):
    """Tests and the like: what two of them share may stay short and be in both."""
    return path.startswith("tests/") and path.endswith(".c") and \
        not path.startswith("tests/support/")


def twins(sources):
    """Static functions of one name that are the same, however short."""
    found = collections.defaultdict(list)
    for source in (source for source in sources if not is_program(source.path)):
        for function in source.functions:
            words = [token.text for token in function.head + function.body]
            if words[0] == "static":
                found[" ".join(words)].append(function)
    return found.values()


def check_copies(sources, fault):
    told = set()
    for first, *others in list(copies(sources)) + list(twins(sources)):
        for copy in others:
            place = (copy.path, copy.line)
            if place not in told:
                told.add(place)
                other = f"{first.name}() at {first.path}:{first.line}"
                fault(*place, f"{copy.name}: the same as {other}: keep one")


def table_lines(body):
    """The lines of a body that are those of tables: they are read as one thing, however many rows
    they have."""
    at, lines = 0, 0
    while at < len(body):
        if body[at].text == "=" and body[at + 1].text == "{":
            end = close_of(body, at + 1)
            lines += body[end].line - body[at].line
            at = end
        at += 1
    return lines


def check_lengths(sources, fault):
    for function in (function for source in sources for function in source.functions):
        lines = function.body[-1].line - function.body[0].line - 1 - table_lines(function.body)
        most = MOST_LINES_OF_TESTS if function.path.startswith("tests/") else MOST_LINES
        if lines > most:
            fault(function.path, function.line,
                  f"{function.name}: {lines} lines, more than {most}: part it")
