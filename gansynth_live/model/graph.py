"""Writing an ONNX graph as if it were arithmetic: names and protocol buffers stay out of sight."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

OPSET = 18
IR_VERSION = 9
FLOAT = TensorProto.FLOAT
INT64 = TensorProto.INT64

Shape = Sequence[int | str]  # a string is a size that varies


class Graph:
    """An ONNX graph under construction. Tensors are known by their names, which are strings."""

    def __init__(self) -> None:
        self._nodes: list[onnx.NodeProto] = []
        self._constants: list[onnx.TensorProto] = []
        self._inputs: list[onnx.ValueInfoProto] = []

    def input(self, name: str, kind: int, shape: Shape) -> str:
        """Declare an input; `kind` is FLOAT or INT64."""
        self._inputs.append(helper.make_tensor_value_info(name, kind, shape))
        return name

    def constant(self, values: NDArray[Any] | Sequence[int] | float) -> str:
        """A constant tensor: whole numbers become int64, others float32."""
        array = np.asarray(values)
        kind = np.int64 if np.issubdtype(array.dtype, np.integer) else np.float32
        name = f"constant_{len(self._constants)}"
        self._constants.append(numpy_helper.from_array(np.asarray(array, kind, order="C"), name))
        return name

    def add(self, operator: str, *inputs: str, **attributes: Any) -> str:
        """Apply an operator that has one output."""
        return self.split(operator, 1, *inputs, **attributes)[0]

    def split(self, operator: str, outputs: int, *inputs: str, **attributes: Any) -> list[str]:
        """Apply an operator that has several outputs."""
        names = [f"{operator}_{len(self._nodes)}_{i}" for i in range(outputs)]
        self._nodes.append(helper.make_node(operator, inputs, names, **attributes))
        return names

    def serialise(self, outputs: Mapping[str, Shape]) -> bytes:
        """Bytes of the finished and checked model; `outputs` are float32 tensors by name."""
        results = [helper.make_tensor_value_info(name, FLOAT, s) for name, s in outputs.items()]
        graph = helper.make_graph(self._nodes, "model", self._inputs, results, self._constants)
        model = helper.make_model(
            graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION
        )
        onnx.checker.check_model(model)
        content: bytes = model.SerializeToString()
        return content
