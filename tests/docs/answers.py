"""Holds answers to the OpenAPI document, for hold-to-document and hold-failures."""
import json

from document import JSON, document, fault_of, follow, operations, send

PROBLEM = "application/problem+json"
LINES = "application/x-ndjson"
# A server that limits has them on answers of any status, as the words of the document say.
LEFT = {"ratelimit-limit", "ratelimit-remaining", "ratelimit-reset"}
TOLD = {"etag", "location", "www-authenticate", "retry-after", "content-range", "x-request-id",
        "set-cookie"}
# What "default" stands for: what any server may say to any request, or none of ours says.
OF_ANY = {
    408: "the request did not arrive in time",
    412: "a condition where the document has none",
    413: "a body where the document has none",
    414: "the target is too long",
    415: "a body where the document has none",
    431: "the headers are too large",
    500: "a fault of the program",
    501: "a method or a coding that HTTP knows and nobody promised",
    507: "the disk is full",
}
faults, seen, asked = [], {}, []


def check_answer(op_id, sent, head, data):
    """What the document has against the answer, or None."""
    responses = operations[op_id][2]["responses"]
    listed = responses.get(str(head.status)) or (head.status in OF_ANY and responses.get("default"))
    if not listed:
        return f"the status is not listed: {data[:300]}"
    listed = follow(listed)
    headers = {name.lower() for name in listed.get("headers", {})}
    came = {name.lower() for name in head.headers} & (TOLD | LEFT if head.status == 429 else TOLD)
    if came - headers:
        return f"headers are not listed: {came - headers}"
    if "x-request-id" not in came:
        return "no X-Request-ID"
    seen.setdefault(op_id, {}).setdefault(str(head.status), set()).update(came)
    if not data:
        return "an empty body" if listed.get("content") and head.status != 304 else None
    kind = head.headers.get("Content-Type", "").split(";")[0]
    if kind not in listed.get("content", {}):
        return f"the media type {kind} is not listed"
    seen[op_id][str(head.status)].add(kind)
    if kind == "text/html":
        return None
    schema = listed["content"][kind]["schema"]
    if kind == LINES:
        schema, data = follow(schema)["contentSchema"], b"[" + b",".join(data.splitlines()) + b"]"
    value = json.loads(data)
    return fault_of(schema, value) or (members.look(schema, value) if head.status < 300 else None)


class Members:
    """Which members that a schema names were there and were not, and which were null and were
    not."""

    def __init__(self):
        self.seen = {}

    def look(self, schema, value):
        """Follows the value into its schema. A member that the schema lacks is a fault."""
        if "anyOf" in schema:
            schema = next(one for one in schema["anyOf"] if not fault_of(one, value))
        name, schema = schema.get("$ref", "").rpartition("/")[2], follow(schema)
        if isinstance(value, list):
            found = [self.look(schema["items"], item) for item in value]
            return next((fault for fault in found if fault), None)
        if not isinstance(value, dict) or "properties" not in schema:
            return None
        if set(value) - set(schema["properties"]):
            more = set(value) - set(schema["properties"])
            return f"{name} has members that its schema lacks: {more}"
        for member, inner in schema["properties"].items():
            states = self.seen.setdefault((name, member), set())
            states.add("absent" if member not in value
                       else "null" if value[member] is None else "given")
            fault = member in value and self.look(inner, value[member])
            if fault:
                return fault
        return None

    def faults(self):
        """What the document leaves open though it never differed."""
        for (name, member), states in self.seen.items():
            schema = document["components"]["schemas"][name]
            if member not in schema.get("required", []) and "absent" not in states:
                yield f"{name}.{member} was always there, and is not required"
            kinds = schema["properties"][member].get("anyOf", [])
            if {"type": "null"} in kinds and "null" not in states:
                yield f"{name}.{member} may be null, and never was"


members = Members()


def body_schema(op):
    return op.get("requestBody", {}).get("content", {}).get(JSON, {}).get("schema")


def ask(op_id, wanted, path=None, query="", token=None, body=None, **headers):
    """Sends a request of the operation and holds it and its answer to the document. Wanted None:
    any status that is listed."""
    asked.append(op_id)
    method, pattern, op = operations[op_id]
    target = (path or pattern) + query
    head, data = send(method, target, token, body, **headers)
    short = body if len(str(body)) < 200 else ""
    sent = f"{method} {target[:300]} {short} {str(headers)[:300]}: {head.status}"
    fault = None if wanted in (head.status, None) else f"{wanted} was expected: {data[:300]}"
    fault = fault or check_answer(op_id, sent, head, data)
    schema = body_schema(op)
    if not fault and schema and isinstance(body, (dict, list)) and head.status < 300:
        fault = fault_of(schema, body)
    if fault:
        faults.append(f"{sent}: {fault}")
    # what failed had no effect, so it may be sent again
    if not fault and (wanted or 0) >= 400 and "Accept" not in headers:
        ask(op_id, wanted, path, query, token, body, Accept=PROBLEM, **headers)
    return head, data
