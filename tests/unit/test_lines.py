"""Goal: the pass over rendered headers lays out lines and does nothing else: the tokens are as they
were, no line is too long that could be broken, and a second pass changes nothing.

Method: each rule by an example, all golden headers, and texts of C that Hypothesis makes up.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corinth import lines as lines_module
from corinth.line_breaks import WIDTH
from corinth.lines import lay_out
from tests.support.tree import ROOT, TESTS

GENERATED = sorted([*TESTS.glob("golden/*/*.h"), *ROOT.glob("examples/*/gen/*.h")])

LONG = "n" * 50
ARGUMENTS = "const unsigned char **at, server_request_data *value"
COMMENT_OF_CODE = '/* One of two (as\n * "written;\n   if (x) { */\nx = 1;\n'

TOKEN = re.compile(
    r"""/\*.*?\*/ | //[^\n]* | "(?:[^"\\\n]|\\.)*" | '(?:[^'\\\n]|\\.)*' | \w+ | [^\w\s]""",
    re.VERBOSE | re.DOTALL,
)


def tokens(text: str) -> list[str]:
    """What a compiler reads, and the comments. A line's end in a macro is none of it."""
    return TOKEN.findall(text.replace("\\\n", " "))


def opaque(text: str) -> str:
    """The text with a letter for all that can't be broken: strings and comments."""
    return re.sub(r'"(?:[^"\\]|\\.)*"|/\*.*?\*/', lambda match: "x" * len(match.group()), text)


@pytest.mark.parametrize("path", GENERATED, ids=lambda path: path.name)
def test_headers_are_laid_out(path: Path) -> None:
    """Goal: a second pass changes nothing. Method: all that was generated and reviewed."""
    text = path.read_text(encoding="utf-8")
    assert lay_out(text) == text


STAY = {
    "a statement": "    x = f(a, b);\n",
    "a head": "static inline void server_transfer_reset(server_transfer *transfer)\n{\n}\n",
    "a name": f"{'x' * 200};\n",
    "a string": f'"{"a, b; (" * 20}",\n',
    "a loop": "    for (size_t i = 0; i < 3; i++) {\n        x[i] = 1;\n    }\n",
    "an initialiser": 'static const char *const names[] = {\n    "a",\n    "b",\n};\n',
    "a struct": "struct x {\n    uint32_t a;     /* 0, 4 */\n    uint8_t b;      /* 4, 1 */\n};\n",
    "a macro": "#define ALL(X) \\\n    X(a, A) \\\n        X(b, B)\n",
    "a long directive": f'#error "{"a word " * 20}"\n',
    "a comment": f"/*\n * {'long ' * 30}\n   deeper (\n */\nint x;\n",
    "a comment beside code": "int x; /* One (\n          two */\nint y;\n",
    "code in a comment": COMMENT_OF_CODE,
    "code in a comment behind a blank line": "/*\n * a\n\nf(\n    b);\n */\n",
    "cases": "    switch (x) {\n    case A:\n        y = 1;\n    default:\n        break;\n    }\n",
    "a comment between": "    f(a, /* why */\n      b);\n",
    "a comment line between": "    f(a,\n      b,\n      /* why */\n      c);\n",
    "a line comment": "    f(a, // why\n      b);\n",
    "a directive between": "    f(a,\n      b,\n#if X\n      c,\n#endif\n      d);\n",
    "a blank line between": "    f(a,\n      b,\n\n      c);\n",
    "template": "template <>\ninline bool has<a>(const b &c)\n{\n}\n",
    "attributes": "    CORINTH_ALIGNAS(CORINTH_CACHE_LINE)\n    server_mark marks[CAPACITY];\n",
    "no line end": "int x;",
    "nothing": "",
}


@pytest.mark.parametrize("text", STAY.values(), ids=STAY)
def test_what_needs_nothing_stays(text: str) -> None:
    """Goal: whole statements that fit, and what is no statement, stay. Method: one of each kind."""
    assert lay_out(text) == text


JOINED = {
    "a head": ("void f(\n    int a,\n    int b)\n{\n}\n", "void f(int a, int b)\n{\n}\n"),
    "a call": ("  f(\n    a,\n    b);\n  g();\n", "  f(a, b);\n  g();\n"),
    "a loop": (
        "    for (int i = 0;\n         i < 3;\n         i++) {\n",
        "    for (int i = 0; i < 3; i++) {\n",
    ),
    "a value": ("    bool is_in =\n        a < b;\n", "    bool is_in = a < b;\n"),
    "an open parenthesis": ("f(a,\nb\n);\n", "f(a, b);\n"),
    "a string with code": ('    f(";",\n      "(",\n      c);\n', '    f(";", "(", c);\n'),
    "a comment at the end": ("    f(a,\n      b); /* why */\n", "    f(a, b); /* why */\n"),
    "several": ("f(\n    a);\ng(\n    a);\n", "f(a);\ng(a);\n"),
}


@pytest.mark.parametrize(("text", "expected"), JOINED.values(), ids=JOINED)
def test_lines_of_a_statement_are_joined(text: str, expected: str) -> None:
    """Goal: what a template writes over several lines is one if it fits. Method: by hand."""
    assert lay_out(text) == expected


BROKEN = {
    "a head after its parenthesis": (
        f"static inline bool server_internal_get_request_data({ARGUMENTS})",
        f"static inline bool server_internal_get_request_data(\n    {ARGUMENTS})",
    ),
    "a head before its name": (
        f"static inline const {LONG} *{LONG}_x(int a)",
        f"static inline const {LONG}\n*{LONG}_x(int a)",
    ),
    "a call's arguments, as many on a line as fit": (
        f"    x = (uint8_t){LONG}(f({LONG}, 1), {LONG}, 3);",
        f"    x = (uint8_t){LONG}(\n        f({LONG}, 1),\n        {LONG}, 3);",
    ),
    "parameters on a line each": (
        f"static inline bool f(const {LONG} *a, const {LONG} *b, int c)",
        f"static inline bool f(\n    const {LONG} *a,\n    const {LONG} *b,\n    int c)",
    ),
    "an argument at its operator": (
        f'CORINTH_STATIC_ASSERT({LONG} == {LONG}, "size");',
        f'CORINTH_STATIC_ASSERT(\n    {LONG} ==\n        {LONG},\n    "size");',
    ),
    "after what is assigned to": (f"    {LONG} = {LONG};", f"    {LONG} =\n        {LONG};"),
    "a declaration": (f"    {LONG} {LONG}; /* 0 */", f"    {LONG}\n        {LONG}; /* 0 */"),
    "a condition": (
        f"    return ({LONG} && a) || {LONG};",
        f"    return ({LONG} && a) ||\n           {LONG};",
    ),
    "an if": (f"    if ({LONG} && {LONG}) {{", f"    if ({LONG} &&\n        {LONG}) {{"),
    "a while": (f"    while ({LONG} && {LONG}) {{", f"    while ({LONG} &&\n           {LONG}) {{"),
    "a macro": (f"#define {LONG} ({LONG} + 1)", f"#define {LONG} \\\n    ({LONG} + 1)"),
    "items": (f'    "{LONG}", "{LONG}", 1,', f'    "{LONG}",\n    "{LONG}", 1,'),
    "strings": (
        f'    f("{LONG}), (", "{LONG}");',
        f'    f(\n        "{LONG}), (",\n        "{LONG}");',
    ),
    "blanks in parentheses": (
        f"    f( {LONG},  {LONG} ) ;",
        f"    f(\n        {LONG},\n        {LONG});",
    ),
    "the rest at a blank": (
        f"    {LONG} + {LONG} + 1",
        f"    {LONG} +\n        {LONG} +\n        1",
    ),
}


@pytest.mark.parametrize(("text", "expected"), BROKEN.values(), ids=BROKEN)
def test_long_statements_are_broken(text: str, expected: str) -> None:
    """Goal: each rule of breaking, and that it can be undone. Method: by hand, then once more."""
    assert lay_out(text) == expected
    assert lay_out(expected) == expected


def test_short_lines_of_a_chunk_are_not_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    """Goal: parting a text changes nothing. Method: chunks of one character, texts of all kinds."""
    text = "\n".join([*STAY.values(), *(text for text, _ in JOINED.values()), "/*\n\n*/\n", "a;\n"])
    whole = lay_out(text)
    monkeypatch.setattr(lines_module, "CHUNK_CHARACTERS", 1)
    assert lay_out(text) == whole


NAMES = st.text(st.sampled_from("abXY_9"), min_size=1, max_size=60).map(lambda text: f"n{text}")
STRINGS = st.text(st.sampled_from("ab (),;{}/*'"), max_size=30).map(lambda text: f'"{text}"')
OPERATORS = st.sampled_from(
    ("&&", "||", "==", "!=", "|", "+", "-", "<", ">=", "?", "=", "*", "<<", "->*")
)


def combined(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Larger expressions of smaller ones, with the blanks that templates write, and with others."""
    items = st.lists(inner, max_size=3)
    return st.one_of(
        st.tuples(NAMES, items).map(lambda parts: f"{parts[0]}({', '.join(parts[1])})"),
        st.tuples(NAMES, items).map(lambda parts: f"{parts[0]}( {','.join(parts[1])} )"),
        st.tuples(inner, OPERATORS, inner).map(" ".join),
        st.tuples(inner, NAMES).map("->".join),
        st.tuples(NAMES, inner).map(lambda parts: f"({parts[0]} *){parts[1]}"),
        st.tuples(inner, inner).map(lambda parts: f"{parts[0]}[{parts[1]}]"),
        inner.map(lambda text: f"({text})"),
        st.tuples(NAMES, inner).map(lambda parts: f"&({parts[0]}){{.x = {parts[1]}}}"),
    )


EXPRESSIONS = st.recursive(st.one_of(NAMES, STRINGS, st.just("';'")), combined, max_leaves=5)
STATEMENTS = st.one_of(
    *(
        st.builds(pattern.format, a=EXPRESSIONS, b=EXPRESSIONS, n=NAMES, t=NAMES)
        for pattern in (
            "{a};",
            "{t} {n} = {a};",
            "{t}  {n}[{a}]; /* {n}, 4 */",
            "return {a};",
            "return {a} || {b};",
            "if ({a} && {b}) {{",
            "}} else if ({a}) {{",
            "while ({a} || {b}) {{",
            "for ({t} {n} = 0; {a}; {b}) {{",
            "}}",
            "{t} {n}[] = {{",
            '"{n}", {a},',
            "{{ {n}, {n} }},",
            "case {n}:",
            "default:",
            "static inline {t} {n}({t} *{n}, {t} {n}_b)\n{{",
            "typedef struct {n} {{",
            "}} {n}; /* of {t} */",
            'CORINTH_STATIC_ASSERT({a} == {b}, "{n}");',
            "CORINTH_ALIGNAS({t}) {t} {n};",
            "/* {n} ( */",
            "{a}; {b};",
            "{t} {n} = {a}, {n} = {b};",
            "f({a}, /* {n} */ {b});",
        )
    )
)
OTHERS = st.one_of(
    st.sampled_from(("", "/*\n * a (\n\n * b;\n */", "#if X", "#endif", "template <class T>")),
    st.builds("#define {} {}".format, NAMES, NAMES),
    st.builds("#define {}(X) \\\n    X({}) \\\n    X({})".format, NAMES, NAMES, NAMES),
)


def spread(statement: str, margin: str, breaks: int) -> str:
    """The statement over several lines: broken at the blanks whose bits are set."""
    parts = re.split(r'("[^"]*"|/\*.*?\*/|\n)', statement)
    for index in range(0, len(parts), 2):
        for number, word in enumerate(words := parts[index].split(" ")):
            is_broken = breaks >> (index + number) % 17 & 1 and word and number > 0
            words[number] = f"\n{margin}        {word}" if is_broken else word
        parts[index] = " ".join(words).replace(" \n", "\n")
    return "".join(parts)


@st.composite
def texts(draw: st.DrawFn) -> str:
    """Statements, some over several lines as a template would write them, and what is between."""
    lines = []
    for _ in range(draw(st.integers(1, 4))):
        if draw(st.integers(0, 4)) == 0:
            lines.append(draw(OTHERS))
            continue
        margin = " " * 4 * draw(st.integers(0, 2))
        statement = draw(STATEMENTS)
        lines.append(margin + spread(statement, margin, draw(st.integers(0, 1 << 16))))
    return "\n".join(lines) + "\n"


@settings(max_examples=150, deadline=None)
@given(texts())
def test_nothing_but_lines_changes(text: str) -> None:
    """Goal: tokens stay, lines are short where they can be, and the pass is done with. Method:
    made up C, also with blanks where templates have none."""
    result = lay_out(text)
    assert tokens(result) == tokens(text)
    assert lay_out(result) == result
    assert not re.search(r"[^\S\n]\n", result) or re.search(r"[^\S\n]\n", text)


@settings(max_examples=150, deadline=None)
@given(st.lists(STATEMENTS.filter(lambda text: "/*" not in text), min_size=1, max_size=3))
def test_no_line_is_too_long(statements: list[str]) -> None:
    """Goal: a line is too long only where nothing in it can be broken. Method: made up C."""
    for line in lay_out("\n\n".join(statements)).splitlines():
        if len(line) > WIDTH:
            assert re.search(r"\S \S|\([^)]", opaque(line).strip()) is None, line


@settings(max_examples=150, deadline=None)
@given(st.lists(st.text(st.sampled_from("ab(){};,:\"/*\\#' =&|"), max_size=130), max_size=8))
def test_any_text_keeps_its_tokens(lines: list[str]) -> None:
    """Goal: what is no C comes to no harm. Method: characters that mean something, at random."""
    text = "\n".join(lines)
    assert "".join(lay_out(text).split()) == "".join(text.split())
