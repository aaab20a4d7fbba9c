"""yaml-language-server, spoken to over its protocol as an editor would."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import select
import shutil
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from tests.support.process import run
from tests.support.tree import ROOT

PACKAGE = "yaml-language-server"
VERSION = "1.25.0"
"""The last one that runs on Node.js before 22."""

FOLDER = ROOT / "build" / "editor" / VERSION
INSTALL_TIMEOUT_S = 120.0
ANSWER_TIMEOUT_S = 30.0
SETTINGS = {
    "yaml": {
        "schemaStore": {"enable": False},
        "kubernetesCRDStore": {"enable": False},
        "hoverSchemaSource": False,
    }
}
"""Nothing is fetched from anywhere."""

Message = dict[str, Any]


def server_path() -> tuple[Path | None, str]:
    """The server's program, installed if need be, or None and the reason why there is none."""
    program = FOLDER / "node_modules" / PACKAGE / "bin" / PACKAGE
    for tool in ("node", "npm"):
        if shutil.which(tool) is None:
            return None, f"{tool} isn't installed"
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (FOLDER / "lock").open("w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not program.exists():
            reason = _install()
            if reason:
                return None, reason
    return program, ""


def _install() -> str:
    """Install the package whole or not at all; returns why it couldn't be, or nothing."""
    new = FOLDER / "new"
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir()
    options = ("--no-save", "--no-package-lock", "--ignore-scripts", "--no-audit", "--no-fund")
    try:
        done = run(
            ["npm", "install", "--prefix", new, *options, f"{PACKAGE}@{VERSION}"],
            cwd=new,
            timeout_s=INSTALL_TIMEOUT_S,
        )
    except AssertionError:
        return f"npm took longer than {INSTALL_TIMEOUT_S:.0f} s to install {PACKAGE}"
    if done.status != 0:
        lines = done.stderr.strip().splitlines() or ["no reason given"]
        return f"npm can't install {PACKAGE}: {lines[0]}"
    (new / "node_modules").rename(FOLDER / "node_modules")
    return ""


@dataclass(frozen=True)
class Document:
    """An open document. Lines and columns count from 0."""

    server: LanguageServer
    uri: str
    diagnostics: tuple[Message, ...]
    """What the editor underlines."""

    def complete(self, line: int, column: int) -> list[Message]:
        """What is suggested at a place."""
        answer = self.server.request("textDocument/completion", self._place(line, column))
        items: list[Message] = answer if isinstance(answer, list) else answer["items"]
        return items

    def hover(self, line: int, column: int) -> str:
        """What is shown at a place, as the server sends it."""
        answer = self.server.request("textDocument/hover", self._place(line, column))
        contents: str = answer["contents"]["value"] if answer else ""
        return contents

    def _place(self, line: int, column: int) -> Message:
        position = {"line": line, "character": column}
        return {"textDocument": {"uri": self.uri}, "position": position}


class LanguageServer:
    """One server with the documents that were opened in it."""

    def __init__(self, program: Path, folder: Path) -> None:
        self._folder = folder
        self._buffer = b""
        self._count = 0
        self._diagnostics: dict[str, list[Message]] = {}
        self._process = subprocess.Popen(
            ["node", str(program), "--stdio"],
            cwd=folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )

    def __enter__(self) -> LanguageServer:
        markup = ["markdown", "plaintext"]
        completion = {"completionItem": {"snippetSupport": True, "documentationFormat": markup}}
        capabilities = {
            "textDocument": {"completion": completion, "hover": {"contentFormat": markup}},
            "workspace": {"configuration": True},
        }
        root = self._folder.as_uri()
        self.request(
            "initialize", {"processId": os.getpid(), "rootUri": root, "capabilities": capabilities}
        )
        self._notify("initialized", {})
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            assert stream is not None
            stream.close()

    def open(self, text: str, name: str = "") -> Document:
        """Open a document, under a name of its own unless one is given."""
        self._count += 1
        uri = (self._folder / (name or f"document-{self._count}.yaml")).as_uri()
        document = {"uri": uri, "languageId": "yaml", "version": 1, "text": text}
        self._notify("textDocument/didOpen", {"textDocument": document})
        while uri not in self._diagnostics:
            self._handle(self._read())
        return Document(self, uri, tuple(self._diagnostics[uri]))

    def request(self, method: str, parameters: Message) -> Any:  # noqa: ANN401
        self._count += 1
        number = self._count
        self._send({"id": number, "method": method, "params": parameters})
        while True:
            message = self._read()
            if message.get("id") == number and "method" not in message:
                assert "error" not in message, message
                return message["result"]
            self._handle(message)

    def _notify(self, method: str, parameters: Message) -> None:
        self._send({"method": method, "params": parameters})

    def _handle(self, message: Message) -> None:
        """What the server asks for, or tells unasked."""
        method = message.get("method")
        if method == "textDocument/publishDiagnostics":
            parameters = message["params"]
            self._diagnostics[parameters["uri"]] = parameters["diagnostics"]
        elif "id" in message and method == "workspace/configuration":
            wanted = [SETTINGS.get(item["section"]) for item in message["params"]["items"]]
            self._send({"id": message["id"], "result": wanted})
        elif "id" in message and method:
            self._send({"id": message["id"], "result": None})

    def _send(self, message: Message) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self._process.stdin is not None
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
            self._process.stdin.flush()

    def _read(self) -> Message:
        """The server's next message; the test fails if none comes in time."""
        deadline = time.monotonic() + ANSWER_TIMEOUT_S
        while b"\r\n\r\n" not in self._buffer:
            self._receive(deadline)
        head, _, rest = self._buffer.partition(b"\r\n\r\n")
        fields = dict(line.split(b": ", 1) for line in head.split(b"\r\n"))
        length = int(fields[b"Content-Length"])
        self._buffer = rest
        while len(self._buffer) < length:
            self._receive(deadline)
        body, self._buffer = self._buffer[:length], self._buffer[length:]
        message: Message = json.loads(body)
        return message

    def _receive(self, deadline: float) -> None:
        assert self._process.stdout is not None
        descriptor = self._process.stdout.fileno()
        left_s = max(0.0, deadline - time.monotonic())
        ready, _, _ = select.select([descriptor], [], [], left_s)
        assert ready, f"the server was silent for {ANSWER_TIMEOUT_S:.0f} s"
        part = os.read(descriptor, 65536)
        assert part, "the server ended"
        self._buffer += part
