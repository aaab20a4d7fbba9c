"""The statements by which helpers of a transfer put, get and check the fields of a record."""

from __future__ import annotations

from collections.abc import Sequence

from corinth.view.types import FieldView


def put_statements(field: FieldView) -> tuple[str, ...]:
    """Those that put the field of `value` on the wire."""
    name = f"value->{field.name}"
    if field.is_bytes:
        return (f"corinth_internal_put_bytes(at, {name}, sizeof {name});",)
    if field.count is None:
        return (f"{field.put}(at, {field.put_cast}{name});",)
    return _for_each(field.count, [f"{field.put}(at, {field.put_cast}{name}[i]);"])


def get_statements(field: FieldView) -> tuple[str, ...]:
    """Those that take it off the wire; what may be no value of it is said in `is_valid`."""
    name = f"value->{field.name}"
    if field.is_bytes:
        return (f"corinth_internal_get_bytes(at, {name}, sizeof {name});",)
    if field.count is None:
        return tuple(_get(field, name))
    return _for_each(field.count, _get(field, f"{name}[i]"))


def _get(field: FieldView, value: str) -> list[str]:
    if field.is_checked_by_get:
        return [f"is_valid &= {field.get}(at, &{value});"]
    if field.is_filled_by_get:
        return [f"{field.get}(at, &{value});"]
    statements = [f"{value} = {field.get_cast}{field.get}(at);"]
    if field.validator:
        statements.append(f"is_valid &= {field.validator}({value});")
    return statements


def check_statements(fields: Sequence[FieldView]) -> tuple[str, ...]:
    """Those that say in `is_valid` whether all the fields have values that are right for them."""
    statements: list[str] = []
    for field in fields:
        name = f"value->{field.name}"
        if field.is_bool:
            pointer, count = (f"&{name}", 1) if field.count is None else (name, field.count)
            statements.append(both_valid(f"{field.validator}({pointer}, {count})", statements))
        elif field.count is None:
            call = f"{field.validator}({field.validator_cast}{name})"
            statements.append(both_valid(call, statements))
        else:
            statements += [] if statements else ["bool is_valid = true;"]
            call = f"{field.validator}({field.validator_cast}{name}[i])"
            statements += _for_each(field.count, [f"is_valid &= {call};"])
    return tuple(statements)


def both_valid(condition: str, before: Sequence[str]) -> str:
    """`is_valid` takes the condition in: as its first value where no statement is before."""
    return f"is_valid &= {condition};" if before else f"bool is_valid = {condition};"


def _for_each(count: int, statements: Sequence[str]) -> tuple[str, ...]:
    head = f"for (size_t i = 0; i < {count}; i++) {{"
    return (head, *(f"    {statement}" for statement in statements), "}")
