"""Goal: the check of rule 15 sees what it is for. Method: a bad template of each kind, with the
line and the words that it must get, and good ones of all that is allowed.
"""

from __future__ import annotations

import pytest

from tests.style.checks import Source
from tests.style.templates import check_template

BAD = {
    "arithmetic": ("{{ view.size + 1 }}", "an expression (Add)"),
    "a product": ("{{ 2 * view.size }}", "an expression (Mul)"),
    "a string": ('{{ "" }}', "an expression (Const)"),
    "a number": ("{{ 1 }}", "an expression (Const)"),
    "string building": ('{{ view.name ~ "_init" }}', "an expression (Concat)"),
    "a choice": ('{{ "bool" if view.is_checked else "void" }}', "an expression (CondExpr)"),
    "a comparison": ("{% if view.worlds | length == 1 %}\n{% endif %}", "an expression (Compare)"),
    "a switch on a type": ('{% if view.kind == "bool" %}\n{% endif %}', "an expression (Compare)"),
    "a test": ("{% if view.kind is string %}\n{% endif %}", "an expression (Test)"),
    "one in a condition": ("{% if a and not b[0] %}\n{% endif %}", "an expression (Getitem)"),
    "a subscript": ("{{ view.rings[1] }}", "an expression (Getitem)"),
    "a call": ("{{ view.name.upper() }}", "an expression (Call)"),
    "a call in a name": ("{{ view.name().first }}", "an expression (Call)"),
    "a filter": ("{{ view.name | upper }}", "filter upper"),
    "a filter in a loop": ('{% for x in xs | map("y") %}\n{% endfor %}', "filter map"),
    "a filter before another": ("{{ view.names | list | length }}", "filter list"),
    "a loop's filter": ("{% for x in xs if x == 1 %}\n{% endfor %}", "an expression (Compare)"),
    "a block's filter": ("{% filter upper %}\n{% endfilter %}", "filter upper"),
    "a loop over numbers": ("{% for i in range(3) %}\n{% endfor %}", "an expression (Call)"),
    "a set of a text": ('{% set name = "count" %}', "an expression (Const)"),
    "a set of a choice": ("{% set x = a if b else c %}", "an expression (CondExpr)"),
    "a set of a block": ("{% set x %}\n{% endset %}", "a set that computes text"),
    "a with of a sum": ("{% with x = a + b %}\n{% endwith %}", "an expression (Add)"),
    "an include of a sum": ('{% include "a" + b %}', "an expression (Add)"),
    "a macro": ("{% macro put(fields) %}\n{% endmacro %}", "a macro"),
    "an import": ('{% import "a.j2" as a %}', "an import"),
    "an import from": ('{% from "a.j2" import a %}', "an import"),
    "a call block": ("{% call put() %}\n{% endcall %}", "a call block"),
    "values side by side": ("{{ view.cast }}{{ prefix }}", "two values that are joined"),
    "a joined name": ("{{ prefix }}_{{ view.word }}", "two values that are joined"),
    "a longer joined name": ("{{ prefix }}_put_{{ view.word }}", "two values that are joined"),
    "a third": ("{{ a }} {{ b }}_{{ c }}", "two values that are joined"),
    "blanks taken away": ("{{ view.name -}}", "a tag that takes blanks away"),
    "blanks taken away before": ("{{- view.name }}", "a tag that takes blanks away"),
    "by a block": ("{%- if a %}\n{% endif %}", "a tag that takes blanks away"),
    "by an end": ("{% if a -%}\n{% endif %}", "a tag that takes blanks away"),
    "by a comment": ("{# a -#}", "a tag that takes blanks away"),
    "blanks kept": ("{%+ if a %}\n{% endif %}", "a tag that takes blanks away"),
    "a tag in a line": ("x = {% include view.a %}", "a tag that isn't alone on its line"),
    "no template": (
        "{% if %}",
        "no template: Expected an expression, got 'end of statement block'",
    ),
}

GOOD = {
    "C": "int x;",
    "a value": "    {{ view.world.name }} = 1;",
    "a prefix with a word": "{{ prefix }}_transfer_init({{ prefix }}_transfer *transfer)",
    "values apart": "{{ a }} {{ b }}[{{ c }}]->{{ d }}",
    "values on two lines": "{{ a }}\n{{ b }}",
    "a number of": "{{ view.worlds | length }}",
    "conditions": "{% if not a.b and (c or loop.first) %}\n{% elif d %}\n{% else %}\n{% endif %}",
    "loops": "{% for x in view.xs if x.is_tag %}\n{{ x }}\n{% else %}\n{% endfor %}",
    "another name": "{% set lane = end.lane %}\n{% with x = lane.x %}\n{% endwith %}",
    "an include": '{% include "a.j2" %}\n{% include view.mask.template %}',
    "frames": '{# Why. #}\n{% extends "a.j2" %}\n{% block body %}\n{% endblock %}',
    "a comment": "{% filter comment %}\nWhat {{ view.name }} is.\n{% endfilter %}",
}


@pytest.mark.parametrize(("text", "message"), BAD.values(), ids=BAD)
def test_what_a_template_decides_is_found(text: str, message: str) -> None:
    """Goal: each kind is found, once, at its line. Method: behind two good lines."""
    source = Source("templates/a.j2", f"int x;\n{{{{ prefix }}}}_y;\n\n{text}\n")
    assert check_template(source) == [f"templates/a.j2:4: {message}"]


@pytest.mark.parametrize("text", GOOD.values(), ids=GOOD)
def test_what_prints_is_left(text: str) -> None:
    """Goal: nothing else is found. Method: one of each kind that templates need."""
    assert check_template(Source("templates/a.j2", f"{text}\n")) == []
