"""The OpenAPI document of the server at sys.argv[1], and a client: what hold-to-document and
try-values share."""
import http.client
import json
import sys

import jsonschema

port, password = int(sys.argv[1]), sys.argv[2]
JSON, FORM = "application/json", "application/x-www-form-urlencoded"


def send(method, target, token=None, body=None, **headers):
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    if token:
        headers["Authorization"] = "Bearer " + token
    if isinstance(body, (dict, list)):
        headers.setdefault("Content-Type", JSON)
        body = json.dumps(body)
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.putrequest(method, target, skip_accept_encoding=True)
    for name, value in headers.items():
        connection.putheader(name, value)
    if body is not None and "Content-Length" not in headers:
        connection.putheader("Content-Length", str(len(body.encode())))
    connection.endheaders(body.encode() if body else None)
    answer = connection.getresponse()
    data = answer.read()
    connection.close()
    return answer, data


def get_json(answer):
    head, data = answer
    if head.status >= 300:
        sys.exit(f"{head.status}: {data.decode()}")
    return json.loads(data)


document = get_json(send("GET", "/api/v1/openapi.json"))
Validator = jsonschema.validators.extend(jsonschema.Draft202012Validator,
                                         {"pattern": lambda *of: None})
resolver = jsonschema.RefResolver("", document)
operations = {op["operationId"]: (method.upper(), path, op)
              for path, methods in document["paths"].items() for method, op in methods.items()}
# Of the project's own modules: whoever adds one has other operations in the document, and tests of
# their own.
own = {op_id for op_id, (_, _, op) in operations.items()
       if set(op["tags"]) & {"accounts", "auth", "keys", "posts", "roles", "system", "users"}}


def follow(node):
    while "$ref" in node:
        node = resolver.resolve(node["$ref"])[1]
    return node


def fault_of(schema, value):
    found = next(Validator(schema, resolver=resolver).iter_errors(value), None)
    return found and f"{found.message[:300]} at {list(found.absolute_path)}"
