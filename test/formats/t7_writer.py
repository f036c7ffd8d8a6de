"""Writes Torch7's binary serialization, by the rules of torch7's File.lua: an object is its type and its content;
tables, torch objects and functions carry an index, and one that was written before is its index alone.

Tables are dicts (keys of any kind) or lists (keys 1, 2, ...); numbers, booleans, text and None are themselves.
"""

import io
import struct

import numpy as np

KINDS = {"Byte": "u1", "Char": "i1", "Short": "<i2", "Int": "<i4", "Long": "<i8", "Half": "<f2", "Float": "<f4",
         "Double": "<f8", "": "<f4"}


class Storage:
    """`prefix` is "" or "Cuda"; torch.CudaStorage has no kind and holds float32."""

    def __init__(self, numbers, kind="Float", prefix=""):
        self.name = f"torch.{prefix}{kind}Storage"
        self.numbers = np.ascontiguousarray(numbers, KINDS[kind]).reshape(-1)


class Tensor:
    """A view into a storage; `offset` counts from 0, and the file from 1."""

    def __init__(self, storage, sizes, strides=None, offset=0):
        self.storage, self.sizes, self.offset = storage, list(sizes), offset
        self.strides = packed_strides(sizes) if strides is None else list(strides)
        self.name = storage.name.replace("Storage", "Tensor")


def empty_tensor(kind="Float", prefix=""):
    """What torch.FloatTensor() writes: no dimension, no storage."""
    tensor = Tensor(Storage([], kind, prefix), [])
    tensor.storage = None
    return tensor


def packed_strides(sizes):
    strides = []
    for size in reversed(sizes):
        strides.insert(0, 1 if not strides else strides[0] * last)
        last = size
    return strides


class Object:
    """A torch object whose content is one value, a table of fields for all of nn. Version None: a very old file."""

    def __init__(self, name, fields, version=1):
        self.name, self.fields, self.version = name, fields, version


class Vec:
    def __init__(self, values, name="tds.Vec"):
        self.values, self.name = values, name


class Hash:
    def __init__(self, values, name="tds.Hash"):
        self.values, self.name = values, name


class Function:
    """`kind`: 6 without an index, 7 with upvalues as a list, 8 with a list of names and values."""

    def __init__(self, code, upvalues, kind=8):
        self.code, self.upvalues, self.kind = code, upvalues, kind


class Writer:
    def __init__(self):
        self.out, self.indices, self.kept = io.BytesIO(), {}, []

    def int(self, value):
        self.out.write(struct.pack("<i", value))

    def long(self, *values):
        self.out.write(struct.pack(f"<{len(values)}q", *values))

    def text(self, value):
        data = value if isinstance(value, bytes) else value.encode()
        self.int(len(data))
        self.out.write(data)

    def write(self, value):
        if value is None:
            self.int(0)
        elif isinstance(value, bool):
            self.int(5), self.int(int(value))
        elif isinstance(value, (int, float)):
            self.int(1), self.out.write(struct.pack("<d", value))
        elif isinstance(value, (str, bytes)):
            self.int(2), self.text(value)
        elif isinstance(value, (dict, list)):
            if self.begin(3, value):
                self.table(value)
        elif isinstance(value, Function):
            if value.kind == 6:
                self.int(6)
            if value.kind == 6 or self.begin(value.kind, value):
                self.text(value.code), self.write(value.upvalues)
        elif self.begin(4, value):
            if getattr(value, "version", 1) is not None:
                self.text(f"V {getattr(value, 'version', 1)}")
            self.text(value.name)
            self.content(value)

    def begin(self, kind, value):
        """Type and index; true where the content must follow."""
        self.int(kind)
        index = self.indices.get(id(value))
        self.int(index or len(self.indices) + 1)
        if index is None:
            self.indices[id(value)] = len(self.indices) + 1
            self.kept.append(value)  # an id is unique only while its object lives
        return index is None

    def table(self, value):
        pairs = list(enumerate(value, 1)) if isinstance(value, list) else list(value.items())
        self.int(len(pairs))
        for key, item in pairs:
            self.write(key.object if isinstance(key, Key) else key), self.write(item)

    def content(self, value):
        if isinstance(value, Storage):
            self.long(len(value.numbers)), self.out.write(value.numbers.tobytes())
        elif isinstance(value, Tensor):
            self.int(len(value.sizes)), self.long(*value.sizes, *value.strides, value.offset + 1)
            self.write(value.storage)
        elif isinstance(value, Vec):
            self.long(len(value.values))
            for item in value.values:
                self.write(item)
        elif isinstance(value, Hash):
            self.long(len(value.values))
            for key, item in value.values.items():
                self.write(key), self.write(item)
        else:
            self.write(value.fields)


class Key:
    """Lets a table be the key of a table, as nngraph's are."""

    def __init__(self, object):
        self.object = object

    def __hash__(self):
        return id(self.object)

    def __eq__(self, other):
        return isinstance(other, Key) and self.object is other.object


def serialize(value):
    writer = Writer()
    writer.write(value)
    return writer.out.getvalue()
