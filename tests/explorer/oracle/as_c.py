"""Small programs as one C file for the explorer; what they read is told as in programs.py."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tests.explorer.oracle.programs import DIGIT, FENCES, Kind, Operation, Order, Program

THREADS = 3
PLACES = 3


def call_text(operation: Operation) -> str:
    """One operation in C. What it reads becomes `last`."""
    place = f"&places[{operation.place}]"
    value = operation.value
    order = int(operation.order)
    if operation.kind is Kind.FENCE:
        return f"__atomic_thread_fence({order});"
    if operation.kind is Kind.BARRIER:
        return "corinth_internal_barrier();"
    if operation.kind is Kind.STORE:
        is_plain = operation.order is Order.PLAIN
        return (
            f"*{place} = {value};" if is_plain else f"__atomic_store_n({place}, {value}, {order});"
        )
    if operation.kind is Kind.LOAD:
        if operation.order is Order.PLAIN:
            return f"last = *{place};"
        return f"last = __atomic_load_n({place}, {order});"
    if operation.kind is Kind.COMPARE:
        swap = f"{place}, &last, {value}, 0, {order}, {int(operation.failure)}"
        return f"last = {operation.expected};\n    (void)__atomic_compare_exchange_n({swap});"
    name = "fetch_add" if operation.kind is Kind.ADD else "exchange_n"
    return f"last = __atomic_{name}({place}, {value}, {order});"


def loop_text(operation: Operation) -> str:
    """The operation again and again, until it reads what it waits for. The explorer may run a round
    once more that is like the one before, which isn't told."""
    text = f"{call_text(operation)} round = last + 1;"
    if operation.fence is not None:
        text = f"{call_text(operation.fence)} {text}"
    if operation.or_place is not None:
        again = call_text(replace(operation, place=operation.or_place))
        text += f"\n    if (last != {operation.expected}) {{"
        text += f" {again} round = round * DIGIT + last + 1; }}"
    digits = "DIGIT" if operation.or_place is None else "DIGIT * DIGIT"
    return (
        f"for (int64_t before = 0, round;; before = round) {{\n    {text}\n"
        f"    if (round != before) {{ seen = seen * {digits} + round; }}\n"
        f"    if (last == {operation.expected}) {{ break; }}\n    explorer_pause();\n    }}"
    )


def operation_text(operation: Operation) -> str:
    reads = operation.kind is not Kind.STORE and operation.kind not in FENCES
    if operation.is_awaited:
        text = loop_text(operation)
    else:
        text = call_text(operation) + ("\n    seen = seen * DIGIT + last + 1;" if reads else "")
    if operation.guard is not None:
        text = f"if (last == {operation.guard}) {{ {text} }} else {{ seen = seen * DIGIT; }}"
    return f"    {text}\n"


def thread_text(name: str, operations: Sequence[Operation]) -> str:
    body = "".join(operation_text(operation) for operation in operations)
    return (
        f"static int64_t {name}(void)\n{{\n    int last = 0;\n    int64_t seen = 0;\n{body}"
        "    (void)last;\n    return seen;\n}\n"
    )


HEAD = f"""#include <stdlib.h>
#include "barrier.h"
#include "explorer.h"
#define DIGIT {DIGIT}
int places[{PLACES}];
"""

FRAME = """
static unsigned chosen;
static void first(void) { explorer_register(0, bodies[chosen][0]()); }
static void second(void) { explorer_register(1, bodies[chosen][1]()); }
static void third(void) { explorer_register(2, bodies[chosen][2]()); }
static void setup(void)
{
    chosen = (unsigned)atoi(getenv("PROGRAM"));
    places[0] = 0;
    places[1] = 0;
    places[2] = 0;
}
static void finish(void)
{
    explorer_register(3, (places[0] * DIGIT + places[1]) * DIGIT + places[2]);
}
const explorer_program_form explorer_program = {
    .name = "random_programs",
    .source = "oracle/judge.py",
    .threads = {{"first", first}, {"second", second}, {"third", third}},
    .setup = setup,
    .finish = finish,
    .same_thread_sequence = IS_C11,
};
"""


def source_text(programs: Sequence[Program], *, is_c11: bool) -> str:
    """All programs; which one runs is said by the environment."""
    rows = []
    text = HEAD
    for number, program in enumerate(programs):
        names = [f"program_{number}_{thread}" for thread in range(THREADS)]
        for name, operations in zip(names, program, strict=True):
            text += thread_text(name, operations)
        rows.append(f"    {{{', '.join(names)}}},\n")
    table = f"static int64_t (*const bodies[][3])(void) = {{\n{''.join(rows)}}};\n"
    return text + table + FRAME.replace("IS_C11", "true" if is_c11 else "false")
