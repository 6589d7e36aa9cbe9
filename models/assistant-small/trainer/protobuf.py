"""Just enough of the protobuf wire format and of onnx.proto's field numbers to write a model without the onnx package."""
import struct

import numpy as np

FLOAT, UINT8, INT32, INT64 = 1, 2, 6, 7  # TensorProto.DataType
_NUMPY_TYPES = {np.dtype(np.float32): FLOAT, np.dtype(np.uint8): UINT8, np.dtype(np.int64): INT64}
IR_VERSION, OPSET, CONTRIB = 10, 21, "com.microsoft"


def _varint(value: int) -> bytes:
    value &= (1 << 64) - 1
    out = bytearray()
    while value >= 128:
        out.append(value & 127 | 128)
        value >>= 7
    out.append(value)
    return bytes(out)


def integer(field: int, value: int) -> bytes:
    return _varint(field << 3) + _varint(value)


def real(field: int, value: float) -> bytes:
    return _varint(field << 3 | 5) + struct.pack("<f", value)


def blob(field: int, value: bytes | str) -> bytes:
    data = value.encode() if isinstance(value, str) else value
    return _varint(field << 3 | 2) + _varint(len(data)) + data


class Graph:
    """Collects nodes, tensors and inputs, and serialises them as a ModelProto."""

    def __init__(self):
        self._nodes, self._tensors, self._inputs, self._outputs = [], [], [], []

    def tensor(self, name: str, array: np.ndarray) -> str:
        array = np.ascontiguousarray(array)
        dims = b"".join(integer(1, d) for d in array.shape)
        kind = integer(2, _NUMPY_TYPES[array.dtype])
        self._tensors.append(blob(5, dims + kind + blob(8, name) + blob(9, array.tobytes())))
        return name

    @staticmethod
    def _value(name: str, kind: int, dims) -> bytes:
        shape = b"".join(blob(1, blob(2, d) if isinstance(d, str) else integer(1, d)) for d in dims)
        return blob(1, name) + blob(2, blob(1, integer(1, kind) + blob(2, shape)))

    def input(self, name: str, kind: int, *dims) -> str:
        self._inputs.append(blob(11, self._value(name, kind, dims)))
        return name

    def output(self, name: str, kind: int, *dims) -> str:
        self._outputs.append(blob(12, self._value(name, kind, dims)))
        return name

    def node(self, operator: str, inputs: list[str], outputs: list[str], domain: str = "", **attributes) -> str:
        """Adds a node and returns its first output's name; an empty name is an absent optional input or output."""
        body = b"".join(blob(1, i) for i in inputs) + b"".join(blob(2, o) for o in outputs)
        body += blob(3, f"{operator}_{len(self._nodes)}") + blob(4, operator)
        for name, value in attributes.items():
            typed = real(2, value) + integer(20, 1) if isinstance(value, float) else integer(3, value) + integer(20, 2)
            body += blob(5, blob(1, name) + typed)
        if domain:
            body += blob(7, domain)
        self._nodes.append(blob(1, body))
        return outputs[0]

    def serialize(self) -> bytes:
        graph = b"".join([*self._nodes, blob(2, "main_graph"), *self._tensors, *self._inputs, *self._outputs])
        opsets = blob(8, blob(1, "") + integer(2, OPSET)) + blob(8, blob(1, CONTRIB) + integer(2, 1))
        return integer(1, IR_VERSION) + blob(2, "assistant-small trainer") + blob(7, graph) + opsets
