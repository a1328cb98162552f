"""C as tools/tidy reads it: tokens with their places, functions with their bodies, and what headers
declare. Counts on the layout that `make format` gives and knows of the preprocessor only where its
lines begin and end."""
import re

TOKEN = re.compile(
    r"""(?P<comment>/\*.*?\*/|//[^\n]*)|(?P<text>"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')"""
    r"""|(?P<name>[A-Za-z_]\w*)"""
    r"""|(?P<number>\.?\d(?:[eEpP][+-]|[\w.])*)|(?P<line>\n)|(?P<splice>\\\n)"""
    r"""|(?P<mark>->|\#\#|\.\.\.|[-+*/%&|^=!<>]=|[^\s])""",
    re.S)
TYPE_WORDS = {"struct", "enum", "union"}
NO_TYPES = TYPE_WORDS | {"return", "else", "case", "goto", "sizeof"}


class Token:
    __slots__ = ("kind", "text", "line", "at")

    def __init__(self, kind, text, line, at):
        self.kind, self.text, self.line, self.at = kind, text, line, at


def read_tokens(text):
    """The tokens of code, those of directives and the comments, three lists."""
    code, directives, comments = [], [], []
    line, into, begins = 1, code, True
    for match in TOKEN.finditer(text):
        kind, found = match.lastgroup, match.group()
        if kind == "line":
            into, begins = code, True
        elif kind == "comment":
            comments.append(Token(kind, found, line, match.start()))
        elif kind != "splice":
            if begins and found == "#":
                into = directives
            begins = False
            into.append(Token(kind, found, line, match.start()))
        line += found.count("\n")
    return code, directives, comments


class Function:
    def __init__(self, path, head, body):
        self.path, self.head, self.body = path, head, body
        self.name, self.line = name_of(head).text, name_of(head).line

    def locals(self):
        """The names of its parameters and variables: what stands behind a type."""
        tokens = self.head + self.body
        return {token.text for before, token in zip(tokens, tokens[1:]) if token.kind == "name" and
                (before.text == "*" or before.kind == "name" and before.text not in NO_TYPES)}


class Source:
    def __init__(self, path, text):
        self.path, self.text = path, text
        self.is_header = path.endswith(".h")
        self.code, self.directives, self.comments = read_tokens(text)
        self.functions, self.statements = split_top(path, self.code)


def close_of(tokens, at):
    """Where the bracket that opens at `at` closes."""
    depth = 0
    for index in range(at, len(tokens)):
        if tokens[index].text in ("(", "[", "{"):
            depth += 1
        elif tokens[index].text in (")", "]", "}"):
            depth -= 1
            if depth == 0:
                return index
    return len(tokens) - 1


def split_top(path, code):
    """Functions with a body, and the other statements of a file's outermost level as lists of
    tokens."""
    functions, statements = [], []
    at, first = 0, 0
    while at < len(code):
        text = code[at].text
        if text in ("(", "["):
            at = close_of(code, at)
        elif text == "{":
            end = close_of(code, at)
            head = code[first:at]
            if head and head[-1].text == ")" and "=" not in [token.text for token in head]:
                functions.append(Function(path, head, code[at:end + 1]))
                first = end + 1
            at = end
        elif text == ";":
            statements.append(code[first:at + 1])
            first = at + 1
        at += 1
    return functions, statements


def name_of(head):
    """The name that a function's head or a declaration is about: before its outermost bracket, or
    the last one."""
    found, depth = head[0], 0
    for index, token in enumerate(head):
        if token.text in ("=", "{") and depth == 0:
            break
        if token.text in (")", "]"):
            depth -= 1
        elif token.text in ("(", "["):
            if depth == 0 and token.text == "(" and is_prototype(head, index):
                return head[index - 1]
            depth += 1
        elif token.kind == "name" and depth == 0:
            found = token
    return found


def is_prototype(head, at):
    """Whether the bracket at `at` holds parameters, and not those of an attribute."""
    before = head[at - 1] if at else None
    return before is not None and before.kind == "name" and before.text != "__attribute__" and \
        not before.text.isupper()


def names_in(tokens):
    return [token for token in tokens if token.kind == "name"]


def members_of(statement):
    """Of `struct x { … }` or `enum x { … }`: (word, tokens of the names inside), also of those
    nested in it; but for the first constant, where it says what zero is called."""
    for at, token in enumerate(statement):
        if token.text != "{" or not at:
            continue
        before = [one.text for one in statement[max(0, at - 2):at]]
        word = next((text for text in before if text in TYPE_WORDS), None)
        if word:
            yield word, inner_names(statement[at + 1:close_of(statement, at)], word)


def inner_names(tokens, word):
    names, first = [], 0
    at = 0
    end = "," if word == "enum" else ";"
    while at <= len(tokens):
        text = tokens[at].text if at < len(tokens) else end
        if text in ("(", "{", "["):
            at = close_of(tokens, at)
        elif text == end:
            if tokens[first:at] and not (word == "enum" and not first and names_zero(tokens[:at])):
                names += declared(tokens[first:at], word)
            first = at + 1
        at += 1
    return names


def names_zero(constant):
    return [token.text for token in constant[1:]] in ([], ["=", "0"])


def declared(tokens, word):
    """The names that one member's declaration, or one constant, brings."""
    if word == "enum":
        return tokens[:1]
    pointer = [tokens[at + 2] for at, token in enumerate(tokens[:-2])
               if token.text == "(" and tokens[at + 1].text == "*"
               and tokens[at + 2].kind == "name"]
    if pointer:
        return pointer[:1]
    found, depth, last = [], 0, None
    for token in tokens:
        if token.text in ("(", "{", "["):
            depth += 1
        elif token.text in (")", "}", "]"):
            depth -= 1
        elif depth == 0 and token.text == "," and last:
            found.append(last)
        elif depth == 0 and token.text in ("=", ":"):
            break
        elif depth == 0 and token.kind == "name" and not token.text.isupper():
            last = token
    return found + [last] if last else found
