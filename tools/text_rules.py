"""The rules of tools/tidy about how lines are laid out: how wide they are, where comments stand,
what the first one says. Each takes what it looks at and yields lines and what to do."""
import ast
import re

COLUMNS = 100
# Migrations up to this one were applied somewhere before the rule was: their checksums must not
# change.
LAST_WIDE_MIGRATION = 7


def columns_of(line):
    return len(line.expandtabs(8))


def may_be_wide(line):
    """Whether one word, such as a link, is that long by itself."""
    return max(map(len, line.split())) > COLUMNS - 10


def is_python(path, text):
    return path.endswith(".py") or text.startswith("#!/usr/bin/python3")


def narrow_lines(path, text):
    """The lines that the rule of columns is for, with their numbers: all of C, SQL and Python,
    prose of Markdown, comments of scripts of the shell. Tables, what stands between ``` and
    commands cannot be broken without changing what they say."""
    numbered = enumerate(text.splitlines(), 1)
    if path.endswith(".md"):
        fence = False
        for number, line in numbered:
            fence ^= line.lstrip().startswith("```")
            if not fence and not line.lstrip().startswith("|"):
                yield number, line
    elif path.endswith((".c", ".h", ".sql")):
        migration = re.search(r"(\d{4})_\w+\.sql$", path)
        if not migration or int(migration.group(1)) > LAST_WIDE_MIGRATION:
            yield from numbered
    elif is_python(path, text):
        yield from numbered
    else:
        yield from ((number, line) for number, line in numbered if line.lstrip().startswith("# "))


def check_columns(path, text):
    for number, line in narrow_lines(path, text):
        if columns_of(line) > COLUMNS and not may_be_wide(line):
            yield number, f"{columns_of(line)} columns, more than {COLUMNS}: break the line"


def ends_in_comment(line):
    """The code before a comment that ends the line and stands on it whole; None when there is none,
    or no code."""
    match = re.match(r"^(.*\S)\s*/\*(?:[^*]|\*(?!/))*\*/$", line)
    return match.group(1) if match else None


def check_trailing(text):
    """Comments behind what the formatter then had to split, or behind a brace that closes."""
    lines = text.splitlines()
    for number, (before, line) in enumerate(zip(lines, lines[1:]), 2):
        code = ends_in_comment(line)
        if code and re.match(r"^\s*(?:}[^{]*[;,]|enum \{[^}]*\};)$", code):
            yield number, "a comment behind a closing brace: put it above"
        elif code and code.endswith((";", ",")) and is_begun(before) and \
                columns_of(f"{before} {code.strip()}") <= COLUMNS:
            yield number, "the comment splits the declaration: put it above"


NO_BEGINNINGS = ("#", "/*", "*", "//", "if ", "for ", "while ", "return ", "else", "}")


def is_begun(line):
    """Whether the line begins a declaration or a constant and ends within it."""
    line = line.rstrip()
    if not line or line.lstrip().startswith(NO_BEGINNINGS):
        return False
    if line.endswith(","):
        return line.count("(") > line.count(")") and not line.startswith("\t") or \
            re.match(r"\t+(?:const |struct \w+ |enum \w+ |unsigned )*\w+ \**\w+,$", line)
    return not line.endswith((";", "{", "}", "*/", ":", ")", "\\", '"')) and not line.endswith("do")


def guard_of(path):
    """The guard of a header: its path, of a public one below include/, so that core/db_tools.h and
    src/core/db/tools.h differ."""
    return "CROFT_" + re.sub(r"\W", "_", re.sub(r"^include/", "", path)).upper()


def check_guard(path, directives):
    words = [token.text for token in directives[:6]]
    guard = guard_of(path)
    if words != ["#", "ifndef", guard, "#", "define", guard]:
        line = directives[0].line if directives else 1
        yield line, f"the guard of this header is {guard}"


def check_above(source):
    """Headers are read from above: no comment stands behind what it is about."""
    begins = {}
    for token in source.code + source.directives:
        begins.setdefault(token.line, token.at)
    for comment in source.comments:
        if begins.get(comment.line, comment.at) < comment.at:
            yield comment.line, "a comment behind code: put it above"


# A piece of a text that is no shorter may end before its line does.
LEAST_PIECE = 20


def check_texts(tokens, text):
    """Texts that are parted between two lines: a short piece that the next word fits behind."""
    lines = text.splitlines()
    for piece, after in zip(tokens, tokens[1:]):
        if piece.text[0] != '"' or after.text[0] != '"' or after.line != piece.line + 1:
            continue
        line = lines[piece.line - 1]
        word = re.match(r'"([^ "]* ?)', after.text).group(1)
        fits = word != " " and columns_of(line) + len(word) <= COLUMNS
        if piece.text.endswith(' "') and len(piece.text) - 2 < LEAST_PIECE and fits:
            yield piece.line, "a short piece of a text: fill the line"


# A verb of use, and who does: a file, a target of make, or all of them.
VERBS = ("called", "used", "run", "included", "asked", "wanted", "needed", "shared",
         "read", "linked", "started", "preloaded")
USE = rf"\b(?i:{'|'.join(VERBS)})\b"
WHO = r"(?:`make\b|[\w/]+\.(?:[ch]|mk|py|sh)\b|(?:tools|tests|src|include)/\w" \
    r"|everywhere\b|(?:every|all) commands?\b)"
CALLERS = re.compile(rf"{USE}[^.;:]*?\b(?:by|from|in) {WHO}|(?:^|[.] )For \w+\.c\b")
OPENING_CALLERS = re.compile(r"\b(?:[Cc]alled|Used|Read|Linked|Started|Preloaded) (?:by|from)\b")


def finds_callers(words, opening):
    return CALLERS.search(words) or (opening and OPENING_CALLERS.search(words))


def comments_of_python(text):
    """What stands between three quotes, and the blocks of lines that begin with #."""
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef)
    docs = [(node.body[0].lineno, " ".join(ast.get_docstring(node).split()))
            for node in ast.walk(ast.parse(text))
            if isinstance(node, documented) and ast.get_docstring(node)]
    return sorted(docs) + list(comments_of_script(text))


def comments_of_script(text):
    """The blocks of lines that begin with #, each with its first line's number."""
    block, first = [], 0
    for number, line in enumerate(text.splitlines() + [""], 1):
        if re.match(r"\s*#(?!!)", line):
            first = first if block else number
            block.append(line.strip().lstrip("# "))
        elif block:
            yield first, " ".join(block)
            block = []


def check_callers(comments):
    """Comments, as lines and words, that tell who calls: nobody finds them when another one
    does."""
    for place, (line, words) in enumerate(comments):
        if finds_callers(words, place == 0 and line <= 2):
            yield line, "a list of callers, which rots: say what it is instead"


def words_of(comment):
    return re.sub(r"^/\*+|\*/$", "", re.sub(r"\s*\n\s*\*?\s*", " ", comment)).strip()
