import numpy as np

from gansynth_live.model.graph import FLOAT, INT64, Graph
from gansynth_live.model.runtime import open_session


def test_arithmetic_that_is_written_down_is_what_runs() -> None:
    graph = Graph()
    x = graph.input("x", FLOAT, ["rows", 4])
    row = graph.input("row", INT64, ["chosen"])
    left, right = graph.split("Split", 2, graph.add("Gather", x, row), axis=1, num_outputs=2)
    total = graph.add("Add", graph.add("Mul", left, graph.constant(10.0)), right)
    session = open_session(graph.serialise({total: ["chosen", 2]}), threads=1)
    values = np.arange(12, dtype=np.float32).reshape(3, 4)
    (got,) = session.run(None, {"x": values, "row": np.array([2, 0])})
    np.testing.assert_array_equal(got, [[90, 101], [2, 13]])


def test_whole_numbers_stay_whole() -> None:
    graph = Graph()
    x = graph.input("x", FLOAT, [6])
    shaped = graph.add("Reshape", x, graph.constant([2, -1]))
    session = open_session(graph.serialise({shaped: [2, 3]}), threads=1)
    (got,) = session.run(None, {"x": np.zeros(6, np.float32)})
    assert got.shape == (2, 3)
