"""What a kind of type or lane is stands in one module: no other one tests which kind it has.

Each check returns its findings as text.
"""

from __future__ import annotations

import ast
from collections.abc import Collection

from tests.style.checks import Source


def _operands(node: ast.expr) -> list[ast.expr]:
    """A value that is compared, or each one in a tuple, a list, a set or a union."""
    if isinstance(node, ast.Tuple | ast.List | ast.Set):
        return [part for item in node.elts for part in _operands(item)]
    if isinstance(node, ast.BinOp):
        return _operands(node.left) + _operands(node.right)
    return [node]


def _tested(node: ast.AST) -> list[ast.expr]:
    """What a comparison, an isinstance, a case or a table by kinds tests for."""
    if isinstance(node, ast.Compare):
        asked = [node.left, *node.comparators]
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        asked = node.args[1:] if node.func.id in ("isinstance", "issubclass") else []
    elif isinstance(node, ast.MatchClass):
        asked = [node.cls]
    elif isinstance(node, ast.MatchValue):
        asked = [node.value]
    elif isinstance(node, ast.Dict):
        asked = [key for key in node.keys if key is not None]
    else:
        asked = []
    return [part for item in asked for part in _operands(item)]


def _kind_of_type(node: ast.expr, kinds: Collection[str]) -> str | None:
    """`EnumType`, `model.EnumType` or `Primitive.BOOL`, where it is one of these classes."""
    words = set(ast.unparse(node).split("."))
    is_name = isinstance(node, ast.Name | ast.Attribute)
    return ast.unparse(node) if is_name and words & set(kinds) else None


def check_types_are_asked(source: Source, kinds: Collection[str]) -> list[str]:
    """Nothing but the module of the kinds of field types tests which one a type is."""
    return [
        source.at(part.lineno, f"tests for {kind} instead of asking the type")
        for node in ast.walk(ast.parse(source.text))
        for part in _tested(node)
        if (kind := _kind_of_type(part, kinds)) is not None
    ]


def check_lane_kinds_are_asked(source: Source, kinds: Collection[str]) -> list[str]:
    """Nothing but the table of the kinds of lanes tests for one by name."""
    return [
        source.at(part.lineno, f"tests for {part.value!r} instead of asking the kind of lane")
        for node in ast.walk(ast.parse(source.text))
        for part in _tested(node)
        if isinstance(part, ast.Constant) and part.value in kinds
    ]
