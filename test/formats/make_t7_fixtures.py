"""Writes fixtures/t7: every kind of object and tensor of Torch7's binary serialization, and what they hold as JSON; and
image features in the layout of the authors' data.

    python test/formats/make_t7_fixtures.py          (needs: numpy)
"""

import json
from pathlib import Path

import numpy as np
from t7_writer import Function, Hash, Key, KINDS, Object, Storage, Tensor, Vec, empty_tensor, serialize

HERE = Path(__file__).parent / "fixtures" / "t7"
HERE.mkdir(parents=True, exist_ok=True)


def values():
    """The table, and for each of its tensors the name of its class and its numbers."""
    tensors, expected = {}, {}

    def tensor(name, made, numbers):
        tensors[name] = made
        expected[name] = {"class": made.name, "sizes": made.sizes or [0], "numbers": np.asarray(numbers).tolist()}

    for prefix in ("", "Cuda"):
        for kind in KINDS:
            if (prefix, kind) == ("", "") or (prefix, kind) == ("Cuda", "Float"):
                continue  # torch.Tensor is abstract, and the float32 of CUDA is torch.CudaTensor
            unsigned = kind == "Byte"
            numbers = np.array([0, 1, 100] if unsigned else [-3, 0, 100]) + (0.25 if kind in ("Half", "Float", "Double", "") else 0)
            tensor(f"{prefix}{kind}", Tensor(Storage(numbers, kind, prefix), [3]), numbers)
    shared = Storage(np.arange(24) / 4)
    grid = (np.arange(24) / 4).reshape(4, 6)
    tensor("rows 2 and 3", Tensor(shared, [2, 6], [6, 1], 6), grid[1:3].ravel())
    tensor("transposed", Tensor(shared, [6, 4], [1, 6], 0), grid.T.ravel())
    tensor("every other column", Tensor(shared, [4, 3], [6, 2], 1), grid[:, 1::2].ravel())
    tensor("repeated", Tensor(shared, [3, 2], [0, 1], 5), np.tile(shared.numbers[5:7], 3))
    tensor("three dimensions", Tensor(shared, [2, 3, 2], [12, 2, 1], 6), shared.numbers[[6, 7, 8, 9, 10, 11, 18, 19, 20, 21, 22, 23]])
    tensor("no elements", Tensor(shared, [0, 4], [4, 1], 0), [])
    tensor("empty", empty_tensor(), [])
    tensor("special numbers", Tensor(Storage([np.inf, -np.inf, -0.0, 65504, 6e-8, 6.2e-5], "Half"), [6]),
           [1e999, -1e999, -0.0, *np.array([65504, 6e-8, 6.2e-5], "<f2").astype(float)])

    key = {"a key": True}
    numbered = {1: "one", 2: "two", 4: "four"}
    table = {
        "tensors": tensors,
        "shared storage": shared,
        "list": [1.5, "two", False, [3]],
        "number": -2.5e300,
        "truth": [True, False],
        "bytes": bytes(range(256)),
        "text": "Blüte 花",
        "empty text": "",
        "gap": numbered,
        "keys": {1.5: "fraction", -1: "negative", True: "truth", Key(key): "table"},
        "key": key,
        "object": Object("nn.Linear", {"weight": tensors["Float"], "bias": tensors["Double"]}, version=2),
        "very old object": Object("nn.Tanh", {"old": True}, version=None),
        "unknown object": Object("somebody.Else", {"field": 7}),
        "functions": [Function(b"\x1bLua\0 not code", [{"name": "up", "value": key}], 8), Function(b"", ["value"], 7),
                      Function(b"old", [], 6)],
        "vec": Vec(["first", key, 3]),
        "hash": Hash({"one": 1, 2: key}),
        "old hash": Hash({"x": 5}, "tds_hash"),
        "after functions": "still in step",
    }
    table["itself"] = table
    return table, expected


def features_of(images):
    """Features [images, 3, 2] as the authors' data have them, width before views: all of them can be told apart."""
    image, k, view = np.ix_(images, range(3), range(2))
    return image + k / 16 + view / 4


def write_features():
    """Features of test/unit/training/support/tiny-pack.ts: by class, a row for each image by file name; and all in one."""
    folder = HERE / "features"
    (folder / "images").mkdir(parents=True, exist_ok=True)
    for index, name in enumerate(["red", "blue", "white", "yellow", "violet", "pink"]):
        rows = sorted(range(index, 24, 6), key=lambda image: f"{image}.png")
        kind = "Double" if name == "blue" else "Float"
        made = serialize(Tensor(Storage(features_of(rows), kind), [4, 3, 2]))
        (folder / "images" / f"{name}.t7").write_bytes(made)
    turned = Storage(features_of(range(24)).transpose(0, 2, 1))
    (folder / "all.t7").write_bytes(serialize(Tensor(turned, [24, 3, 2], [6, 1, 3])))
    (folder / "one view.t7").write_bytes(serialize(Tensor(Storage(features_of(range(24))[:, :, 0]), [24, 3])))
    (folder / "four of one view.t7").write_bytes(serialize(Tensor(Storage(np.zeros((4, 3))), [4, 3])))
    (folder / "table.t7").write_bytes(serialize({"features": 1}))


def write():
    table, expected = values()
    (HERE / "values.t7").write_bytes(serialize(table))
    (HERE / "values.json").write_text(json.dumps(expected, indent=1) + "\n")


if __name__ == "__main__":
    write()
    write_features()
    print((HERE / "values.t7").stat().st_size, "bytes")
