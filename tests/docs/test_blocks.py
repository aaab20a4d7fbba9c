"""Goal: the test of code blocks notices what is wrong. Method: pages made up with one fault each,
and what is read from them.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.docs.blocks import PageError, read_blocks
from tests.docs.test_code_blocks import Session, check_context
from tests.support.compilers import GCC

PAGE = """# Title

A paragraph
    that goes on.

<!-- code: file a.c -->
```c
int a;
```

- A list with a fence and an indented block:

  <!-- code: prints -->
  ```text
      kept
  ```

<!-- code: run -->

      true

    false

Text.

<!-- code: copy one.yaml -->
<!-- code: file two.yaml after one.yaml -->
~~~yaml
x: 1
~~~

    indented, and no comment
"""


def test_every_form_is_read() -> None:
    """Goal: no form of block escapes. Method: fences, indentation, in a list and out of it."""
    found = [(b.line, b.language, b.context, b.text) for b in read_blocks("page", PAGE)]
    assert found == [
        (7, "c", "file a.c", "int a;\n"),
        (14, "text", "prints", "kept\n"),
        (20, "", "run", "  true\n\nfalse\n"),
        (26, "", "copy one.yaml", ""),
        (28, "yaml", "file two.yaml after one.yaml", "x: 1\n"),
        (32, "", "", "indented, and no comment\n"),
    ]


@pytest.mark.parametrize(
    "text",
    ["<!-- code: run -->\ntext\n", "<!-- code: run -->\n", "```c\nint a;\n"],
    ids=["text follows", "nothing follows", "no end"],
)
def test_a_page_that_cannot_be_read(text: str) -> None:
    """Goal: no comment is lost. Method: comments without a block, and a block without an end."""
    with pytest.raises(PageError, match="page:1: "):
        read_blocks("page", text)


@pytest.mark.parametrize(
    ("context", "language", "text"),
    [
        ("", "c", "int a;"),
        ("files a.c", "c", "int a;"),
        ("none", "c", "int a;"),
        ("part a", "sh", "true"),
        ("checkout", "", "scripts/no_such_script"),
        ("checkout", "", "python -m no.such.module"),
        ("checkout", "", "corinth validate a.yaml"),
    ],
)
def test_a_comment_that_is_wrong(context: str, language: str, text: str) -> None:
    """Goal: a block says what it is. Method: one comment of each wrong sort."""
    comment = f"<!-- code: {context} -->\n" if context else ""
    (block,) = read_blocks("page", f"{comment}```{language}\n{text}\n```\n")
    with pytest.raises(AssertionError, match="page:"):
        check_context(block)


@pytest.mark.parametrize(
    "steps",
    [
        ("file a.yaml", "corinth: 2"),
        ("run", "true\nfalse\ntrue"),
        ("run", "corinth no-such-command"),
        ("file a.c", "int main(void) { int unused; }", "run", "cc a.c"),
        ("prints", "nothing was run"),
        ("run", "echo one", "prints", "two"),
        ("prints after echo one", "two"),
        ("file a.c", "int a;\nint b;", "lines b.c from a.c at int", "long a;"),
        ("file a.c", "int a;", "lines b.c from a.c at long", "long a;"),
    ],
    ids=["schema", "command", "corinth", "warning", "first", "output", "after", "two", "none"],
)
def test_a_page_that_cannot_be_followed(steps: tuple[str, ...], tmp_path: Path) -> None:
    """Goal: what doesn't work fails. Method: a page of one or two blocks, the last one wrong."""
    pairs = zip(steps[::2], steps[1::2], strict=True)
    page = "\n".join(f"<!-- code: {context} -->\n```\n{text}\n```\n" for context, text in pairs)
    *right, wrong = read_blocks("page", page)
    session = Session.begin(tmp_path, GCC)
    for block in right:
        session.follow(block)
    with pytest.raises(AssertionError, match="page:"):
        session.follow(wrong)


def test_a_page_that_can_be_followed(tmp_path: Path) -> None:
    """Goal: what works passes. Method: a schema in two parts, and a program of two commands."""
    page = """
<!-- code: file head.yaml -->
    corinth: 1
    name: s
    worlds: {a: {role: standalone}}

<!-- code: file whole.yaml after head.yaml -->
    components: {B: {}}

<!-- code: run -->
    corinth validate whole.yaml
    echo end

<!-- code: prints -->
    end
"""
    session = Session.begin(tmp_path, GCC)
    for block in read_blocks("page", page):
        session.follow(block)
