"""Debian's nginx with the same paths and limits as the example, to compare answers with."""

from __future__ import annotations

import contextlib
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from check_client import Address
from tests.e2e.processes import wait_until

END_S = 20.0

FRAME = """
daemon off;
master_process off;
pid {folder}/pid;
error_log {folder}/error.log;
events {{ worker_connections 256; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
{http}
}}
"""
"""One process, which serves, and which has its files in a folder of its own."""

CONFIGURATION = """
    client_max_body_size 8k;
    large_client_header_buffers 4 8k;

    # As a proxy it reads a request's body before it responds.
    server {{
        listen 127.0.0.1:{port};
        location = / {{
            if ($request_method !~ ^(GET|HEAD)$) {{ return 405; }}
            proxy_pass http://unix:{folder}/behind;
        }}
        location = /stats {{
            if ($request_method !~ ^(GET|HEAD)$) {{ return 405; }}
            proxy_pass http://unix:{folder}/behind;
        }}
        location = /sha256 {{
            if ($request_method != POST) {{ return 405; }}
            proxy_pass http://unix:{folder}/behind;
        }}
        location / {{ return 404; }}
    }}
    server {{
        listen unix:{folder}/behind;
        location / {{ return 200 "what is behind"; }}
    }}
"""


def executable() -> str | None:
    return shutil.which("nginx") or shutil.which("/usr/sbin/nginx")


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def _is_listening(address: Address) -> bool:
    with contextlib.suppress(ConnectionRefusedError):
        socket.create_connection(address, timeout=END_S).close()
        return True
    return False


@contextmanager
def nginx(folder: Path) -> Iterator[Address]:
    """Runs until the block ends, with the paths and limits of the example."""
    with running(folder, CONFIGURATION) as (address, _):
        yield address


@contextmanager
def running(folder: Path, text: str, **values: str) -> Iterator[tuple[Address, int]]:
    """Runs with what its http block says, a form for these values, until the block ends; its
    address and process. Nothing of the machine's own nginx is read or touched."""
    found = executable()
    assert found is not None, "nginx is missing: scripts/test installs it"
    address = ("127.0.0.1", _free_port())
    configuration = folder / "nginx.conf"
    http = text.format(folder=folder, port=address[1], **values)
    configuration.write_text(FRAME.format(folder=folder, http=http))
    command = [found, "-p", str(folder), "-e", str(folder / "error.log"), "-c", str(configuration)]
    with subprocess.Popen(command) as process:
        try:
            wait_until(lambda: process.poll() is not None or _is_listening(address), "nginx")
            assert process.poll() is None, (folder / "error.log").read_text()
            yield address, process.pid
        finally:
            process.terminate()
            try:
                process.wait(END_S)
            except subprocess.TimeoutExpired:
                process.kill()
