"""What browsers see of `make dev`: the static files with a script in each page, and its state."""
import html
import json
import os

SCRIPT = b'<script src="/dev.js" defer></script>'
# What looks at the state, in the log.
LOOKS = b"/dev.json"


def write(path, data):
    """Whole or not at all: a server may read it meanwhile."""
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path + ".new", "wb") as file:
        file.write(data)
    os.replace(path + ".new", path)


class Page:
    """The folder that the server has as server.static_dir, made of other folders: of files with
    the same path the last one's."""

    def __init__(self, folder):
        self.folder = os.path.join(folder, "static")
        self.run, self.errors = 0, ""

    def lay_out(self, *folders):
        wanted = {"dev.js": os.path.join(os.path.dirname(__file__), "dev.js")}
        for root in filter(None, folders):
            for folder, _, names in os.walk(root):
                for name in names:
                    path = os.path.join(folder, name)
                    wanted[os.path.relpath(path, root)] = path
        for name, path in wanted.items():
            with open(path, "rb") as file:
                data = file.read()
            if name.endswith(".html"):
                data = data.replace(b"</head>", SCRIPT + b"</head>", 1)
            self.keep(name, data)
        self.forget(set(wanted) | {"dev.json"})

    def keep(self, name, data):
        path = os.path.join(self.folder, name)
        try:
            with open(path, "rb") as file:
                if file.read() == data:
                    return
        except FileNotFoundError:
            pass
        write(path, data)

    def forget(self, wanted):
        for folder, _, names in os.walk(self.folder):
            for name in names:
                path = os.path.join(folder, name)
                if os.path.relpath(path, self.folder) not in wanted:
                    os.remove(path)

    def tell(self, errors):
        """What is wrong with the newest change; nothing: it runs."""
        self.errors = errors
        state = {"run": self.run, "errors": errors}
        write(os.path.join(self.folder, "dev.json"), json.dumps(state).encode())

    def stand_in(self):
        """The answer to everybody while there is no server."""
        text = html.escape(self.errors or "There is no server as yet.")
        body = ('<!doctype html><meta charset="utf-8"><meta http-equiv="refresh" content="1">'
                f'<title>No server</title><pre style="white-space:pre-wrap">{text}</pre>').encode()
        head = ("HTTP/1.1 503 Service Unavailable\r\nContent-Type: text/html; charset=utf-8\r\n"
                f"Content-Length: {len(body)}\r\nRetry-After: 1\r\nCache-Control: no-store\r\n"
                "Connection: close\r\n\r\n").encode()
        return head + body
