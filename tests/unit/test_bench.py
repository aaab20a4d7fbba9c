"""Goal: what docs/performance.md shows is what its JSON says, and figures are judged and drawn by
the rules that it names. Method: the committed files are made again; rules get figures by hand.
Nothing here measures.
"""

from __future__ import annotations

import dataclasses
import json
import os
import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

from tests.bench import docs, http, machine, profile, run
from tests.bench.figures import (
    Cell,
    Document,
    Result,
    Spread,
    as_text,
    cell_of,
    from_text,
    rivals,
    way_of,
)
from tests.bench.plot import lines_of, plot, spread_out
from tests.bench.report import figure, ratio, tables
from tests.support.compilers import build_and_run
from tests.support.tree import TESTS

REWRITE = "CORINTH_REWRITE_GOLDEN"
PROC_STAT = "cpu {} 0 0 1000 0 0 0 0 0 0\ncpu0 0 0\ncpu1 0 0\nintr 1\n"


def result(name: str, bulk: int, rate: float, *, in_place: bool = False, runs: int = 7) -> Result:
    return Result(name, bulk, in_place, runs, 0, False, {"rate": Spread(rate, rate, rate)})


def cell(size: int, *results: Result, lane: str = "spsc", threads: int = 1) -> Cell:
    return Cell("gcc", lane, threads, size, 1024, Spread(80.0, 70.0, 90.0), results)


OURS = (
    result("Corinth in place", 32, 120.0, in_place=True),
    result("Corinth in place", 128, 150.0, in_place=True),
    result("Corinth copying", 32, 60.0),
    result("Corinth one a call", 1, 30.0),
)
PEERS = (
    result("A", 64, 100.0, in_place=True),
    result("B", 32, 50.0),
    result("C", 1, 40.0),
    result("D", 1, 0.0, runs=0),
)
TRIP = Result(
    "Corinth in place SPSC",
    1,
    True,
    7,
    2,
    False,
    {key: Spread(200.0, 190.0, 220.0) for key in ("p50_ns", "p99_ns", "p999_ns")},
)


def document(*cells: Cell) -> Document:
    return Document(
        date="2026-01-31",
        command="scripts/bench",
        machine={"processor": "a <fast> one", "cores": 2, "system": "Linux"},
        compilers={"gcc": "gcc 12"},
        absent=["folly"],
        notes={"A, 64": "zero copy"},
        cells=cells,
    )


SERVED = http.Figures(
    date="2026-01-31",
    command="scripts/bench --http",
    machine={"processor": "a <fast> one", "cores": 2, "system": "Linux"},
    body_bytes=421,
    connections=32,
    seconds=3,
    servers=(http.Server("nginx", 7, 1, Spread(3e4, 2e4, 4e4), Spread(1500.0, 1000.0, 2000.0)),),
    profile={"lanes": 0.02},
)
WHOLE = document(
    cell(16, *OURS, *PEERS),
    cell(64, *OURS, *PEERS),
    cell(64, *OURS, *PEERS, lane="mpmc", threads=2),
    cell(64, TRIP, lane="trip"),
)


def test_what_is_committed_is_made_from_the_figures() -> None:
    """Goal: no table and no plot is stale or edited. Method: they are made again and compared."""
    for path, text in docs.made().items():
        if os.environ.get(REWRITE):
            path.write_text(text, encoding="utf-8")
        assert path.read_text(encoding="utf-8") == text, f"run scripts/bench --docs ({REWRITE}=1)"


def test_every_table_is_in_the_page() -> None:
    """Goal: nothing that is measured is missing from the page. Method: its marks."""
    marks = re.findall(docs.MARK, docs.PAGE.read_text(encoding="utf-8"))
    tables = ["http", "medians", "origin", "ratios", "trips"]
    assert sorted(marks) == (tables if docs.LANES.exists() else [])


def test_other_figures_make_other_tables() -> None:
    """Goal: tables follow the figures. Method: a page for two documents that differ in one."""
    page = "before\n<!-- figures of ratios -->\nold\n<!-- end -->\nafter\n"
    faster = tuple(
        dataclasses.replace(each, values={"rate": Spread(300.0, 300.0, 300.0)})
        if each.is_ours
        else each
        for each in (*OURS, *PEERS)
    )
    first = docs.page(page, document(cell(16, *OURS, *PEERS)), SERVED)
    second = docs.page(page, document(cell(16, *faster)), SERVED)
    assert "| One producer, one consumer (SPSC), capacity 1024 | 1.50 |" in first
    assert "| One producer, one consumer (SPSC), capacity 1024 | 3.00 |" in second
    assert first.startswith("before\n")
    assert first.endswith("<!-- end -->\nafter\n")
    assert docs.page(first, document(cell(16, *OURS, *PEERS)), SERVED) == first


def test_figures_survive_their_json() -> None:
    """Goal: nothing is lost in the form. Method: there and back; one line for each result."""
    text = as_text(WHOLE)
    assert from_text(text) == WHOLE
    assert as_text(from_text(text)) == text
    assert len([line for line in text.splitlines() if '"bulk"' in line]) == 3 * 8 + 1


def test_another_form_is_refused() -> None:
    values = {**json.loads(as_text(WHOLE)), "format": 99}
    with pytest.raises(ValueError, match="99"):
        from_text(json.dumps(values))


def test_medians_are_of_accepted_runs() -> None:
    """Goal: median, least and most of each contender. Method: what the program prints."""
    line = {
        "lane": "spsc", "threads": 1, "bytes": 64, "capacity": 1024, "name": "A", "note": "push",
        "bulk": 32, "in_place": False, "rejected": 3, "stood_still": False,
        "rates": [5.0, 1.0, 2.0], "line_ns": [80.0, 70.0, 75.0],
    }  # fmt: skip
    none = {**line, "name": "B", "rates": [], "line_ns": []}
    measured, notes = cell_of("gcc", [json.dumps(line), json.dumps(none)])
    assert measured.results[0].values == {"rate": Spread(2.0, 1.0, 5.0)}
    assert (measured.results[0].runs, measured.results[0].rejected) == (3, 3)
    assert measured.results[1].values == {"rate": Spread(0.0, 0.0, 0.0)}
    assert measured.line_ns == Spread(75.0, 70.0, 80.0)
    assert notes == {"A, 32": "push", "B, 32": "push"}
    assert figure(measured.results[0], "rate") == "2.0 (1-5) -3"
    assert figure(measured.results[1], "rate") == "none -3"


def test_what_stood_still_is_named() -> None:
    """Goal: a queue that stood still isn't hidden, and still counts by the runs that it has."""
    few = dataclasses.replace(result("A", 1, 100.0, runs=3), stood_still=True)
    none = dataclasses.replace(result("A", 1, 0.0, runs=0), stood_still=True)
    assert figure(few, "rate") == "100.0 (100-100), stood still"
    assert figure(none, "rate") == "stood still"
    assert ratio(cell(64, *OURS, few), "in place") == "1.50?"
    assert from_text(as_text(document(cell(64, few)))).cells[0].results == (few,)


def test_a_rate_that_rounds_to_nothing_is_no_rival() -> None:
    """Goal: a convoy's rate divides nothing and has no logarithm. Method: such a peer alone."""
    measured = cell(64, OURS[0], result("A", 1, 0.0))
    assert ratio(measured, "in place") == "-"
    assert [line.name for line in lines_of([measured])] == ["Corinth in place"]


def test_each_way_has_its_rivals() -> None:
    """Goal: in place beats all, the other ways those that go the same. Method: one of each."""
    measured = cell(64, *OURS, *PEERS)
    pairs = {way: rivals(measured, way) for way in ("in place", "copying", "one a call")}
    found = {way: (ours.label, peer.label) for way, (ours, peer) in pairs.items() if ours and peer}
    assert found == {
        "in place": ("Corinth in place, 128", "A, 64"),
        "copying": ("Corinth copying, 32", "B, 32"),
        "one a call": ("Corinth one a call", "C"),
    }
    assert way_of(result("x", 1, 1.0, in_place=True)) == "one a call"
    assert [ratio(measured, way) for way in pairs] == ["1.50", "1.20", "0.75"]


def test_a_ratio_of_few_runs_is_doubtful() -> None:
    few = result("A", 64, 100.0, in_place=True, runs=3)
    assert ratio(cell(64, *OURS, few), "in place") == "1.50?"
    assert ratio(cell(64, *OURS, result("A", 64, 0.0, runs=0)), "in place") == "-"


def test_the_terminal_shows_every_cell() -> None:
    text = "\n".join(tables(WHOLE))
    assert text.count("ratio to the best peer, in place") == 2
    assert "round trip of 64 bytes, gcc: nanoseconds" in text
    assert "154 runs counted; 2 didn't: not quiet, or too short" in text


def test_the_plot_is_xml_and_names_everyone() -> None:
    """Goal: the plot can be read. Method: it parses, and has a line and a label for each."""
    root = ElementTree.fromstring(plot(WHOLE))
    space = "{http://www.w3.org/2000/svg}"
    texts = [each.text for each in root.iter(f"{space}text")]
    for name in ("Corinth in place", "Corinth copying", "Corinth one a call", "A", "B", "C"):
        assert texts.count(name) == 2, name
    assert "D" not in texts, "it has no run that counts"
    assert "a <fast> one, 2 cores; both scales logarithmic, higher is better" in texts
    assert plot(from_text(as_text(WHOLE))) == plot(WHOLE)


def test_the_plot_takes_the_best_size_of_calls() -> None:
    (line,) = lines_of([cell(64, OURS[0], OURS[1])])
    assert line.values == {64: 150.0 * 64 / 1000}


@pytest.mark.parametrize(
    ("places", "expected"),
    [
        ([0.0, 50.0], [0.0, 50.0]),
        ([0.0, 1.0, 2.0], [0.0, 10.0, 20.0]),
        ([98.0, 99.0], [90.0, 100.0]),
        ([-5.0], [0.0]),
        ([], []),
    ],
)
def test_labels_do_not_cover_each_other(places: list[float], expected: list[float]) -> None:
    assert spread_out(places, 10.0, 0.0, 100.0) == expected


QUIET = """
#include "quiet.h"
#include <stdio.h>
static const bench_presence cases[][4] = {
    {{0, 0, 1000, 990}, {1, 0, 1000, 985}},                                        /* quiet */
    {{0, 0, 1000, 984}, {1, 0, 1000, 1000}},                                       /* disturbed */
    {{0, 0, 500, 400}, {0, 100, 1000, 590}, {1, 0, 900, 450}, {1, 10, 1000, 535}}, /* shared */
    {{0, 0, 500, 400}, {0, 100, 1000, 584}, {1, 0, 900, 450}, {1, 10, 1000, 535}}, /* disturbed */
};
int main(void)
{
    printf("%d%d", bench_was_quiet(cases[0], 2), bench_was_quiet(cases[1], 2));
    printf("%d%d", bench_was_quiet(cases[2], 4), bench_was_quiet(cases[3], 4));
    return 0;
}
"""


def test_a_run_counts_where_its_threads_had_their_cores(tmp_path: Path) -> None:
    """Goal: the rule for runs, with one thread a core and with several. Method: times by hand."""
    done = build_and_run(QUIET, tmp_path, include=[TESTS / "bench"])
    assert done.expect_success().stdout == "1010"


def test_other_processes_are_seen() -> None:
    """Goal: what others use counts against a run. Method: two texts of /proc/stat."""
    ticks = os.sysconf("SC_CLK_TCK")
    before, after = PROC_STAT.format(0), PROC_STAT.format(3 * ticks)
    assert http.foreign_share(before, after, 3.0, 2.0) == 0.0
    assert http.foreign_share(before, after, 1.0, 2.0) == 0.5


def test_a_busy_machine_is_not_measured_forever() -> None:
    """Goal: rejected runs are repeated, within bounds. Method: loads that are quiet or never."""
    loads = iter([(10.0, 1.0, False), (30.0, 3.0, True), (20.0, 2.0, True)])
    quiet, busy = http.take_turns(
        {"quiet": lambda: next(loads), "busy": lambda: (1.0, 1.0, False)}, 2
    )
    assert (quiet.runs, quiet.rejected, quiet.requests) == (2, 1, Spread(25.0, 20.0, 30.0))
    assert (busy.runs, busy.rejected) == (0, 2 * http.ATTEMPTS_PER_RUN)


def test_samples_are_told_apart_by_their_source() -> None:
    """Goal: lanes are found in a profile. Method: what perf prints, with a source for each."""
    text = """
     401000 io_run (/x/http_server)
     401010 corinth_lane_commit (/x/http_server)
 ffffffff81 do_syscall_64 ([kernel.kallsyms])
      12345 memcpy (/usr/lib/libc.so.6)
"""
    samples = profile.samples_of(text)
    sources = ["/c/examples/http_server/io.c", "/c/runtime/include/corinth/lane.h"]
    assert samples[0] == (0x401000, "/x/http_server")
    assert profile.shares(samples, Path("/x/http_server"), sources) == {
        "kernel": 0.25, "lanes": 0.25, "libraries": 0.25, "the example": 0.25,
    }  # fmt: skip
    assert profile.part_of("/tmp/t/gen/server_io.h") == profile.LANES


def test_one_processor_of_each_core() -> None:
    assert machine.one_of_each({0: "0,2", 1: "1,3", 2: "0,2", 3: "1,3"}) == {0, 1}


STANDSTILL = """
#include "process.h"
#include <stdio.h>
static void *create(size_t capacity) { (void)capacity; return stdout; }
static void destroy(void *queue) { (void)queue; }
static void produce(void *queue, bench_side *side)
{
    (void)queue;
    while (side->items == 2) { /* it stands still, and spins as those do that are measured */
        bench_pause();
    }
}
static void consume(void *queue, bench_side *side)
{
    (void)queue;
    side->received = side->items;
    side->sum = 0;
}
static const bench_contender contender = {
    "A", "", "spsc", 1, false, false, 16, 0, create, destroy, produce, consume};
int main(void)
{
    bench_task task = {&contender, 1, 1024, bench_find_cores()};
    bench_outcome outcome;
    bench_process process = bench_process_start(&task);
    bench_process other = bench_process_start(&task);
    printf("%d", bench_process_run(&process, 1, 1000000, &outcome) == BENCH_DONE);
    printf("%d", bench_process_run(&process, 2, 100, &outcome) == BENCH_OUT_OF_TIME);
    printf("%d", process.id == 0 && bench_process_run(&other, 1, 1000000, &outcome) == BENCH_DONE);
    printf("%d", bench_process_run(&other, 2, 1000000, &outcome) == BENCH_STOOD_STILL);
    bench_process_end(&process);
    bench_process_end(&other);
    return 0;
}
"""


def test_a_queue_that_stands_still_is_ended(tmp_path: Path) -> None:
    """Goal: neither it nor the end of the time harms the others. Method: a queue that spins on
    demand, and a shorter limit."""
    sources = (str(TESTS / "bench" / name) for name in ("process.c", "run.c", "line.c"))
    done = build_and_run(
        STANDSTILL,
        tmp_path,
        standard="gnu11",
        include=[TESTS / "bench"],
        extra=("-O1", "-DBENCH_STANDSTILL_MS=5000", *sources),
    )
    assert done.expect_success().stdout == "1111"


def test_time_is_shared_among_cells() -> None:
    """Goal: all cells together take what was said. Method: a clock by hand; the second cell takes
    more than its part, the third nothing, and the last has what is left."""
    clock = iter([0.0, 0.0, 10.0, 40.0, 40.0])
    assert list(run.shares(1.0, 4, lambda: next(clock))) == [15.0, 50.0 / 3, 10.0, 20.0]


def test_quick_is_a_part() -> None:
    """Goal: --quick measures cells of the whole, by one compiler."""
    whole, quick = run.parse([]), run.parse(["--quick"])
    assert set(run.cells_of(quick)) < set(run.cells_of(whole))
    assert len(list(run.cells_of(whole))) == 4 * 2 * 5 + 1
    assert [each.name for each in run.toolchains_of(quick)] in ([run.QUICK_COMPILER], [])
