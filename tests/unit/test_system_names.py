"""Goal: the list of what names could meet is that of the headers. Method: make it, compare."""

from __future__ import annotations

import pytest

from corinth.system import system_names
from tests.support import system_names as maker
from tests.support.tree import GENERATOR

LISTED = (GENERATOR / "corinth" / "system_names.txt").read_text(encoding="ascii")


def part(text: str, title: str) -> str:
    return text.partition(f"[{title}]\n")[2].partition("\n[")[0]


def test_the_list_is_that_of_the_headers() -> None:
    """The runtime's part is compared always, the system's where its packages are the same."""
    made = maker.text()
    for title in ("runtime values", "runtime names"):
        assert part(made, title).strip() == part(LISTED, title).strip(), "run scripts/system-names"
    if any(f"#     {package}\n" not in LISTED for package in maker.packages()):
        pytest.skip("other releases of the system's packages are installed")
    assert made == LISTED, "run scripts/system-names"


def test_the_list_is_read() -> None:
    """Some of each kind, with the header that a program would include for it."""
    names = system_names()
    assert {"features.h", "endian.h", "error.h", "search.h", "string.h"} <= names.files
    assert "sys.h" not in names.files
    assert names.macro("st_mtime") == "a macro of <sys/stat.h>"
    assert names.macro("s6_addr") == "a macro of <netinet/in.h>"
    assert names.macro("UINT8_MAX") == "a macro of <stdint.h>"
    assert names.macro("linux") == "a macro of the compiler"
    assert names.macro("isnan") is None, "with parameters it replaces no member"
    assert names.origin("timer_create") == "a name of <time.h>"
    assert names.origin("corinth_entity") == "a name of <corinth/entity.h>"
    assert names.origin("game_transfer") is None
    assert names.origin("assert") == "a macro of <assert.h>"
    assert names.declared("assert") is None, "a namespace isn't called"
    assert names.origin("flags") is None, "what is a parameter isn't declared"
    assert names.macro("IPPORT_RESERVED") == "a macro of <netdb.h>", "though an enum has it too"
    assert names.macro("icmp_seq") == "a macro of <netinet/ip_icmp.h>"
