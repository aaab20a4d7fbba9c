"""Goal: each style check sees what it is for. Method: a small bad sample that must be found, and a
good one beside it that must not.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.style import checks
from tests.style.checks import Source, c_functions
from tests.style.kinds import check_lane_kinds_are_asked, check_types_are_asked
from tests.style.readers import unread_files

STATEMENTS = "    x = 1;\n" * 68
GUARDED = "/* a.h - a. */\n#ifndef CORINTH_A_H\n#define CORINTH_A_H\nint x;\n#endif\n"

LENGTHS = [
    ("a.c", "static int f(int x)\n{\n" + STATEMENTS + "}\n", False),
    ("a.c", "static int f(int x)\n{\n" + STATEMENTS[:-11] + "}\n", True),
    ("a.c", "static int\nf(int x) {\n" + STATEMENTS + "}\n", False),
    ("a.h", 'extern "C" {\nstatic inline int f(int x)\n{\n' + STATEMENTS + "}\n}\n", False),
    ("a.j2", "static int {{ name }}({{ type }} x)\n{\n" + STATEMENTS + "}\n", False),
    ("a.c", "static const char *names[] = {\n" + '    "a",\n' * 80 + "};\n", True),
    ("a.c", "struct big {\n" + "    int x;\n" * 80 + "};\n", True),
    ("a.py", "def f() -> None:\n" + "    x = 1\n" * 70, False),
    ("a.py", "def f() -> None:\n" + "    x = 1\n" * 69, True),
    ("a.py", "class A:\n    async def f(self) -> None:\n" + "        x = 1\n" * 70, False),
]


@pytest.mark.parametrize(("path", "text", "good"), LENGTHS)
def test_function_length(path: str, text: str, good: bool) -> None:
    """Goal: 71 lines are found and 70 are not, wherever functions are. Method: both sides."""
    assert (not checks.check_function_length(Source(path, text))) == good


def test_functions_are_found_in_real_c() -> None:
    """Goal: nothing but definitions counts as a function. Method: all that looks like one."""
    text = """
    #define EACH(x) do { f(x); \\
        } while (0)
    int declared(int x);
    /* int commented(void) { } */
    typedef struct a { int x; } a;
    static const char *text = "int quoted(void) {";
    static inline int first(int x) { if (x) { return '{'; } return 0; }
    __attribute__((cold)) int second(void)
    {
        for (;;) { }
    }
    enum { LAST = 1 };
    """
    assert [each.lines for each in c_functions(Source("a.c", text))] == [1, 4]


SAMPLES: list[tuple[Callable[[Source], list[str]], str, str, str]] = [
    (checks.check_line_length, "a.py", "x" * 101 + "\n", "x" * 100 + "\n"),
    (checks.check_file_length, "a.py", "x = 1\n" * 401, "x = 1\n" * 400),
    (
        checks.check_file_length,
        "a.h",
        "int x;\n" * 301,
        "/* It is long because the table is one piece. */\n" + "int x;\n" * 301,
    ),
    (
        checks.check_banned_words,
        "a.c",
        f"/* {checks.BANNED[0].lower()}: more */\n",
        "/* today */\n",
    ),
    (checks.check_banned_words, "a.py", f"raise {checks.BANNED[-1].title()}\n", "raise E\n"),
    (checks.check_banned_words, "a.c", "/* enough for" + "\n * now. */\n", "/* fornow */\n"),
    (checks.check_retired_names, "a.c", "int open_crates;\n", "int crater;\n"),
    (checks.check_retired_names, "a.h", "#define STATION_A 1\n", "/* stationary */\n"),
    (checks.check_truth_values, "a.py", "class A:\n    is_a: str\n", "class A:\n    is_a: bool\n"),
    (checks.check_truth_values, "a.py", "class A:\n    a: bool\n", "class A:\n    a: str\n"),
    (checks.check_whitespace, "a.c", "int x; \n", "int x;\n"),
    (checks.check_whitespace, "a.c", "\tint x;\n", "int x;\n"),
    (checks.check_whitespace, "a.c", "int x;", ""),
    (checks.check_whitespace, "a.c", "int x;\n\n", "int x;\n"),
    (checks.check_include_guard, "a.h", "int x;\n" + GUARDED, GUARDED),
    (checks.check_include_guard, "a.h", GUARDED.replace("define", "undef"), GUARDED),
    (checks.check_include_guard, "a.h", GUARDED + "int y;\n", GUARDED),
    (checks.check_include_guard, "b.h", GUARDED, GUARDED.replace("A_H", "B_H")),
    (checks.check_include_guard, "a.h", "", GUARDED),
]


@pytest.mark.parametrize(("check", "path", "bad", "good"), SAMPLES)
def test_check(check: Callable[[Source], list[str]], path: str, bad: str, good: str) -> None:
    """Goal: the check finds the bad sample and leaves the good one. Method: one of each."""
    assert len(check(Source(path, bad))) == 1
    assert check(Source(path, good)) == []


def test_every_banned_word_is_found() -> None:
    """Goal: no word of the list is overlooked. Method: each of them, in both cases."""
    for word in checks.BANNED:
        for spelling in (word.lower(), word):
            text = f"# {spelling}\n"
            assert checks.check_banned_words(Source("a.py", text)), word


def test_a_retired_name_of_a_file_is_found() -> None:
    """Goal: a file's own name counts. Method: a word of the list in it, and as a folder's name."""
    assert len(checks.check_retired_names(Source("tests/c/test_crew.c", ""))) == 1
    assert checks.check_retired_names(Source("tests/crew/test_lane.c", "")) == []


@pytest.mark.parametrize("words", checks.PLAIN)
def test_every_word_to_avoid_is_found(words: str) -> None:
    """Goal: each is found where it stands, with what to write instead, also on two lines of a
    comment, and is no part of a longer word. Method: one example of each.
    """
    one_line = Source("a.h", f"/* The call\n * {words} it. */\n")
    assert checks.check_plain_words(one_line) == [f"a.h:2: {words!r}: write {checks.PLAIN[words]}"]
    two_lines = Source("a.py", f"# {words.upper()}\n".replace(" ", "\n# ").replace("#\n# ", "# "))
    assert len(checks.check_plain_words(two_lines)) == 1
    inside = Source("a.h", f"port_{words.replace(' ', '_')}x x{words}\n")
    assert checks.check_plain_words(inside) == []


def test_plain_words_are_left() -> None:
    """Goal: words that are fine aren't found. Method: those that look most like the others."""
    text = "The compiler's answer, an answer; give an upper bound; ask for it; no body; a newt\n"
    assert checks.check_plain_words(Source("a.md", text)) == []


@pytest.mark.parametrize(
    ("line", "good"),
    [
        ("x = isinstance(kind, EnumType)", False),
        ("x = isinstance(kind, model.EnumType | StructType)", False),
        ("x = isinstance(kind, (str, StructType))", False),
        ("x = type(kind) is EnumType", False),
        ("x = kind is Primitive.BOOL", False),
        ("x = kind in (Primitive.F32, Primitive.F64)", False),
        ("match kind:\n    case EnumType():\n        pass", False),
        ("match kind:\n    case Primitive.BOOL:\n        pass", False),
        ("x = {Primitive.I8: 1}", False),
        ("x = isinstance(node, Mapping)", True),
        ("x = Primitive.U8", True),
        ("x: EnumType = EnumType(name)", True),
    ],
)
def test_types_are_asked(line: str, good: bool) -> None:
    """Goal: each way to ask which kind a type is gets found. Method: a line for each."""
    kinds = {"Primitive", "EnumType", "StructType"}
    assert (not check_types_are_asked(Source("a.py", line), kinds)) == good


@pytest.mark.parametrize(
    ("line", "good"),
    [
        ('x = kind.name == "spsc"', False),
        ('x = kind.ring != "mpmc"', False),
        ('x = kind.name in ("spmc", "mpmc")', False),
        ('match kind.name:\n    case "spsc":\n        pass', False),
        ('x = {"spsc": 4}', False),
        ('x = mapping.get("spsc")', True),
        ('x = kind.name == "other"', True),
    ],
)
def test_lane_kinds_are_asked(line: str, good: bool) -> None:
    """Goal: each way to test for a kind of lane gets found. Method: a line for each."""
    kinds = {"spsc", "spmc", "mpmc"}
    assert (not check_lane_kinds_are_asked(Source("a.py", line), kinds)) == good


def function(assertions: str, lines: int = 12) -> str:
    return "static int f(int *x)\n{\n" + assertions + "    x++;\n" * (lines - 3) + "}\n"


@pytest.mark.parametrize(
    ("text", "good"),
    [
        (function(""), False),
        (function("    CORINTH_ASSERT(x != NULL);\n" * 4), False),
        (function("    CORINTH_ASSERT(*x->y[2] != NULL);\n" * 4), False),
        (function("    CORINTH_ASSERT(NULL != x);\n" * 4), False),
        (function("    CORINTH_ASSERT(x);\n" * 4), False),
        (function("    /* CORINTH_ASSERT(*x > 0); */\n" * 4), False),
        (function("    CORINTH_ASSERT(*x > 0);\n"), False),
        (function("    CORINTH_ASSERT(*x > 0);\n" * 2), True),
        (function("    CORINTH_ASSERT(x != NULL || size(*x) == 0);\n" * 2), True),
        (function('    CORINTH_STATIC_ASSERT(sizeof(time_t) >= 4, "a word");\n' * 2), True),
        (function("    CORINTH_ASSERT(f(x)\n                   > 0);\n" * 2), True),
        (function("", lines=8), True),
        (function("\n    /* It is\n     * longer. */\n", lines=8), True),
        (function("", lines=9), False),
        ('CORINTH_STATIC_ASSERT(sizeof(int) == 4, "int");\n' * 9 + function(""), False),
    ],
)
def test_assertion_density(text: str, good: bool) -> None:
    """Goal: only assertions that say something count, only in functions over 8 lines of code.
    Method: one function with each form."""
    assert (not checks.check_assertion_density([Source("a.h", text)])) == good


def test_assertion_density_is_an_average() -> None:
    """Goal: a function without any is made up for. Method: one with two, one with three beside."""
    poor = Source("a.h", function(""))
    two, three = (Source("b.h", function("    CORINTH_ASSERT(*x > 0);\n" * n)) for n in (2, 3))
    assert checks.check_assertion_density([poor, three]) == []
    assert len(checks.check_assertion_density([poor, two])) == 1


@pytest.mark.parametrize(
    ("condition", "good"),
    [
        ("sizeof(uint64_t) == 8", False),
        ("sizeof(entity) == 8", False),
        ("sizeof(char) == 1", False),
        ("1 + 1 == 2", False),
        ("LINE == LINE", False),
        ("true", False),
        ("sizeof(float) == 4", True),
        ("sizeof(struct a) == 8", True),
        ("LINE >= 32", True),
        ("offsetof(a, b) == LINE", True),
        ("WORDS * BITS == THREADS", True),
    ],
)
def test_static_assertions_can_fail(condition: str, good: bool) -> None:
    """Goal: one that holds whatever happens is found. Method: both kinds, through a typedef too."""
    text = f'typedef uint64_t entity;\nCORINTH_STATIC_ASSERT({condition}, "why (not)");\n'
    assert (not checks.check_static_assertions([Source("a.h", text)])) == good


def test_unread_files() -> None:
    """Goal: a file that nothing names is found. Method: a small tree with one orphan a kind."""
    texts = {
        "meson.build": "files = ['used.c', 'listed']",
        "used.c": '#include "used.h"',
        "listed.c": "",
        "orphan.c": '#include "orphan.h"',
        "used.h": "",
        "orphan.h": "#ifndef ORPHAN_H",
        "generator/corinth/cli.py": "from corinth.used import run",
        "generator/corinth/used.py": "",
        "generator/corinth/unused.py": "",
        "tests/unit/test_cli.py": "import corinth.cli",
        "docs/used.md": "",
        "README.md": "[more](docs/used.md), orphans.md",
        "docs/orphan.md": "",
    }
    tree = [Source(path, text) for path, text in texts.items()]
    assert unread_files(list(texts), tree) == [
        "orphan.c",
        "generator/corinth/unused.py",
        "docs/orphan.md",
    ]
