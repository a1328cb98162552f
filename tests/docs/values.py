"""Values that a JSON Schema allows and forbids, made from the schema itself: what try-values sends.
Patterns are read as ECMA-262 with the flag u reads them, by turning them into those of Python."""
import datetime
import json
import re
import re._parser as parser
import random

import jsonschema

random = random.Random(7)  # the same values in every run
SPACES = "\\t\\n\\v\\f\\r \\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\ufeff"
CLASSES = {"s": SPACES, "d": "0-9", "w": "A-Za-z0-9_"}
ODD = ["\0", "\n", "\r", "\x7f", "\x01", " ", "\u00a0", "\ufeff", "\u2028", "\u0085",
       ",", '"', "'", "%", "&", "+", "\\", "é", "e\u0301", "日本", "\U0001f600",
       "A", "a", "0", "-", "_", ".", "@"]
MOMENTS = ["2024-02-29T23:59:59Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z",
           "2026-01-02T03:04:05.123456+05:30", "1969-12-31T23:59:59-12:00"]
NO_MOMENTS = ["2023-02-29T00:00:00Z", "2026-13-01T00:00:00Z", "2026-01-02T24:01:00Z",
              "yesterday", "", "2026-01-02T03:04:05", "2026-01-02T03:04:05Z\0"]


def is_moment(text):
    """RFC 3339 §5.6"""
    try:
        datetime.datetime.fromisoformat(text)
    except ValueError:
        return False
    form = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)"
    return re.fullmatch(form, text, re.ASCII) is not None


FORMATS = {"date-time": is_moment}


def python_of(pattern):
    """The pattern as Python's re reads it."""
    out, at, inside = "", 0, False
    while at < len(pattern):
        char, following = pattern[at], pattern[at + 1:at + 2]
        at += 1
        if char == "\\" and following in ("s", "d", "w", "S", "D", "W"):
            members = CLASSES[following.lower()]
            assert not (inside and following.isupper()), pattern
            out += members if inside else f"[{'^' * following.isupper()}{members}]"
            at += 1
        elif char == "\\":
            out += "\\x00" if following == "0" else char + following
            at += 1
        elif char == "$" and not inside:
            out += "\\Z"
        elif char == "." and not inside:
            out += "[^\\n\\r\\u2028\\u2029]"
        else:
            inside = char == "[" or (inside and char != "]")
            out += char
    return out


def matches(pattern, text):
    return re.search(python_of(pattern), text) is not None


# ---- a text of a pattern ----

def from_class(members):
    if members and members[0][0] is parser.NEGATE:
        taken = [char for char in ODD + ["x"]
                 if len(char) == 1 and not any(is_in(item, ord(char)) for item in members[1:])]
        return random.choice(taken)
    kind, value = random.choice(members)
    return chr(value if kind is parser.LITERAL else random.randint(*value))


def is_in(item, code):
    kind, value = item
    return code == value if kind is parser.LITERAL else value[0] <= code <= value[1]


def from_parsed(nodes, groups):
    out = ""
    for kind, value in nodes:
        if kind is parser.LITERAL:
            out += chr(value)
        elif kind is parser.NOT_LITERAL:
            out += from_class([(parser.NEGATE, None), (parser.LITERAL, value)])
        elif kind is parser.IN:
            out += from_class(value)
        elif kind is parser.BRANCH:
            out += from_parsed(random.choice(value[1]), groups)
        elif kind is parser.SUBPATTERN:
            text = from_parsed(value[3], groups)
            groups[value[0]] = text
            out += text
        elif kind is parser.MAX_REPEAT:
            most = min(int(value[1]), value[0] + random.choice((0, 1, 2, 8)))
            times = random.randint(value[0], most)
            out += "".join(from_parsed(value[2], groups) for _ in range(times))
        elif kind is parser.GROUPREF:
            out += groups.get(value, "")
        else:
            assert kind in (parser.AT, parser.ASSERT, parser.ASSERT_NOT), kind
    return out


def of_pattern(pattern):
    return from_parsed(parser.parse(python_of(pattern)), {})


# ---- values that may be allowed or not ----

def mutated(text):
    at = random.randint(0, len(text))
    yield text[:at] + random.choice(ODD) + text[at:]
    yield random.choice(ODD) + text
    yield text + random.choice(ODD)
    yield text + "\n"
    yield text + "\0"
    if text:
        yield text[:max(at - 1, 0)] + text[at:]
        yield text + "," + text
        yield text + text


def filled(length):
    """As bytes in a target the long ones would not fit."""
    if length > 1000:
        return "a" * length
    if not length:
        return ""
    return "".join(random.choice("abcdefgh ijklé日") for _ in range(length - 1)) + "z"


def texts(schema):
    least, most = schema.get("minLength", 0), schema.get("maxLength", 300)
    yield from ("", " ", "\0", "a\0b", "\u00a0", "null", random.choice(ODD))
    for length in {least - 1, least, least + 1, most - 1, most, most + 1}:
        yield filled(max(length, 0))
    yield from schema.get("enum", [schema.get("const", "x")])
    yield from schema.get("examples", [])
    if schema.get("format") == "date-time":
        yield from MOMENTS + NO_MOMENTS
    for _ in range(4):
        if "pattern" in schema:
            text = of_pattern(schema["pattern"])
        else:
            text = filled(random.randint(least, most))
        yield text
        yield from mutated(text)
    for text in schema.get("enum", []):
        yield from mutated(text)


def integers(schema):
    low = schema.get("minimum", schema.get("exclusiveMinimum"))
    high = schema.get("maximum", schema.get("exclusiveMaximum"))
    for edge in (low, high, 0, 2**53, 2**31):
        yield from (edge - 1, edge, edge + 1)


def lists(schema):
    item = list(candidates(schema["items"]))
    good = next(value for value in item if is_allowed(schema["items"], value))
    most = schema.get("maxItems", 3)
    for length in {0, schema.get("minItems", 0), 2, most, most + 1}:
        yield [good] * length
    for value in item:
        yield [value]
    yield from ([good, None], [[good]])


def objects(schema):
    """Each member in turn with each of its values, beside a value of each of the others."""
    members = schema.get("properties", {})
    whole = {name: good_value(inner) for name, inner in members.items()}
    yield whole
    yield {name: whole[name] for name in schema.get("required", [])}
    yield {**whole, "zzz": 1}
    yield {**whole, "\0": 1}
    for name, inner in members.items():
        yield {other: value for other, value in whole.items() if other != name}
        for value in candidates(inner):
            yield {**whole, name: value}


resolve = None  # follows a $ref; set by try-values


def candidates(schema):
    """Values of the schema and of others: each is to be classed with is_allowed()."""
    schema = resolve(schema)
    for one in schema.get("anyOf", []):
        yield from candidates(one)
    kind = schema.get("type")
    makers = {"string": texts, "integer": integers, "array": lists, "object": objects}
    yield from makers.get(kind, lambda of: ())(schema)
    if kind == "boolean":
        yield from (True, False)
    if kind:
        yield from (value for value in (None, 7, 1.5, True, "", "7", [], {})
                    if kind != "string" or value != "")


def good_value(schema):
    return next(value for value in candidates(schema) if is_allowed(schema, value))


# ---- what is allowed ----

def pattern_rule(validator, pattern, value, schema):
    if validator.is_type(value, "string") and not matches(pattern, value):
        yield jsonschema.ValidationError(f"{value!r} does not match {pattern}")


def format_rule(validator, name, value, schema):
    if validator.is_type(value, "string") and not FORMATS.get(name, lambda text: True)(value):
        yield jsonschema.ValidationError(f"{value!r} is no {name}")


Validator = jsonschema.validators.extend(jsonschema.Draft202012Validator,
                                         {"pattern": pattern_rule, "format": format_rule})
resolver = None  # of $ref; set by try-values


def is_allowed(schema, value):
    return Validator(schema, resolver=resolver).is_valid(value)


def key(value):
    return json.dumps(value)
