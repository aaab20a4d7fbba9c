"""Rule 15 of style.md: templates print, Python decides.

A template prints values of its view between texts of C, repeats and leaves out. So it has

- no expression but a value's name: no arithmetic, comparison, string, choice, call or subscript,
- no filter but those of `FILTERS`; conditions may be joined by `not`, `and` and `or`,
- `set` and `with` only to give a value another name,
- no macro: it would leave the choice of blanks around it to its callers; an include doesn't,
- no two values side by side or in one word, as `{{ prefix }}_{{ name }}`: the view has whole names,
- a tag on a line by itself and no `-` in it, so that the text's blanks are those of the output.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from jinja2 import Environment, TemplateSyntaxError, nodes

from tests.style.checks import Source

FILTERS = frozenset({"length"})
BLOCK_FILTERS = frozenset({"comment"})

CONNECTIVES = (nodes.Not, nodes.And, nodes.Or)
FORBIDDEN_TAGS = {
    nodes.Macro: "a macro",
    nodes.Import: "an import",
    nodes.FromImport: "an import",
    nodes.CallBlock: "a call block",
    nodes.AssignBlock: "a set that computes text",
    nodes.ExprStmt: "a statement",
}
WORD = re.compile(r"\w*")
TRIMMED = re.compile(r"\{[{%#][-+]|[-+][}%#]\}")
TAG = re.compile(r"\{%.*?%\}|\{#.*?#\}", re.DOTALL)


def check_template(source: Source) -> list[str]:
    """What rule 15 has against the template."""
    try:
        tree = Environment().parse(source.text)
    except TemplateSyntaxError as error:
        return [source.at(error.lineno, f"no template: {error.message}")]
    found = [*_tags(source), *_joins(tree), *_expressions(tree)]
    return [source.at(line, message) for line, message in sorted(found)]


def _tags(source: Source) -> Iterator[tuple[int, str]]:
    for match in TRIMMED.finditer(source.text):
        yield _line(source, match.start()), "a tag that takes blanks away"
    for match in TAG.finditer(source.text):
        begin = source.text.rfind("\n", 0, match.start()) + 1
        end = source.text.find("\n", match.end())
        around = source.text[begin : match.start()] + source.text[match.end() : end]
        if around.strip():
            yield _line(source, match.start()), "a tag that isn't alone on its line"


def _line(source: Source, place: int) -> int:
    return source.text.count("\n", 0, place) + 1


def _joins(tree: nodes.Template) -> Iterator[tuple[int, str]]:
    """Values with nothing between them, or nothing but a part of a word."""
    for output in tree.find_all(nodes.Output):
        between: str | None = None
        for node in output.nodes:
            if isinstance(node, nodes.TemplateData):
                between = None if between is None else between + node.data
                continue
            if between is not None and WORD.fullmatch(between):
                yield node.lineno, "two values that are joined"
            between = ""


def _expressions(tree: nodes.Template) -> Iterator[tuple[int, str]]:
    for node in tree.find_all(nodes.Node):
        for kind, name in FORBIDDEN_TAGS.items():
            if isinstance(node, kind):
                yield node.lineno, name
        if isinstance(node, nodes.Output):
            yield from _refused(part for part in node.nodes if not _is_text(part))
        elif isinstance(node, nodes.If):
            yield from _refused(_conditions(node.test))
        elif isinstance(node, nodes.For):
            yield from _refused([node.iter, *(_conditions(node.test) if node.test else ())])
        elif isinstance(node, nodes.Assign):
            yield from _refused([node.node])
        elif isinstance(node, nodes.With):
            yield from _refused(node.values)
        elif isinstance(node, nodes.Include):
            yield from _refused([] if isinstance(node.template, nodes.Const) else [node.template])
        elif isinstance(node, nodes.FilterBlock) and node.filter.name not in BLOCK_FILTERS:
            yield node.lineno, f"filter {node.filter.name}"


def _is_text(node: nodes.Node) -> bool:
    return isinstance(node, nodes.TemplateData)


def _conditions(node: nodes.Node) -> Iterator[nodes.Node]:
    """What is asked for, without what joins it."""
    if isinstance(node, CONNECTIVES):
        for part in node.iter_child_nodes():
            yield from _conditions(part)
    else:
        yield node


def _refused(expressions: Iterable[nodes.Node]) -> Iterator[tuple[int, str]]:
    """Those that are no value's name."""
    for expression in expressions:
        node: nodes.Node | None = expression
        while isinstance(node, nodes.Getattr):
            node = node.node
        if isinstance(node, nodes.Filter):
            if node.name not in FILTERS:
                yield node.lineno, f"filter {node.name}"
            elif node.node is not None:
                yield from _refused([node.node])
        elif not isinstance(node, nodes.Name):
            yield expression.lineno, f"an expression ({type(node).__name__})"
