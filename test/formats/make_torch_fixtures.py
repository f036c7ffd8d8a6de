"""Writes fixtures/torch-save with PyTorch's own torch.save: values of every kind in both layouts, and files that must
be refused: pickles that ask for code, and kinds that hold no tensors.

    python test/formats/make_torch_fixtures.py          (needs: torch 2.11)
"""

import json
import pickle
from collections import OrderedDict
from pathlib import Path

import torch

HERE = Path(__file__).parent / "fixtures" / "torch-save"
HERE.mkdir(parents=True, exist_ok=True)


class Evil:
    """Unpickling it would run code."""

    def __init__(self, call, argument):
        self.call, self.argument = call, argument

    def __reduce__(self):
        return self.call, (self.argument,)


def tensors():
    base = torch.arange(24, dtype=torch.float32) / 4
    grid = base.view(4, 6)
    made = {
        "bool": torch.tensor([True, False]), "uint8": torch.tensor([0, 255], dtype=torch.uint8),
        "int8": torch.tensor([-128, 127], dtype=torch.int8), "int16": torch.tensor([-300, 300], dtype=torch.int16),
        "int32": torch.tensor([-70000, 70000], dtype=torch.int32), "int64": torch.tensor([-5, 5]),
        "float16": torch.tensor([0.5, -65504, 6e-8, float("inf")], dtype=torch.float16),
        "bfloat16": torch.tensor([0.5, -3e38, 1e-40, float("-inf")], dtype=torch.bfloat16),
        "float32": torch.tensor([0.1, -2.5]), "float64": torch.tensor([0.1, -2.5], dtype=torch.float64),
        "scalar": torch.tensor(7.25), "empty": torch.zeros(0, 3), "base": base,
        "rows": grid[1:3], "transposed": grid.t(), "column": grid[:, 4], "repeated": grid[:1, :2].expand(3, 2),
        "channels last": torch.arange(16.0).view(1, 2, 2, 4).contiguous(memory_format=torch.channels_last),
        "parameter": torch.nn.Parameter(torch.tensor([[1.5]])),
    }
    return made


def values():
    made = tensors()
    model = torch.nn.Sequential(torch.nn.Linear(2, 1), torch.nn.BatchNorm1d(1))
    with torch.no_grad():
        for i, parameter in enumerate(model.parameters()):
            parameter.fill_(i + 0.5)
    return {
        "tensors": made, "state_dict": model.state_dict(), "ordered": OrderedDict([("z", 1), ("a", 2)]),
        "numbers": [0, 255, 256, -1, 2**31 - 1, -2**31, 2**40, -2**62, 1e300, -0.5], "none": None, "truth": (True, False),
        "texts": ["Blüte 花", "", "x" * 300], "nested": {"list": [[], {}, ()], 3: "three", "tuple": (1, (2, 3), [4, 5, 6, 7])},
        "size": torch.Size([2, 3]),
    }


def write():
    made = values()
    torch.save(made, HERE / "values.pth")
    torch.save(made, HERE / "values-protocol4.pth", pickle_protocol=4)
    torch.save(made, HERE / "values-legacy.pth", _use_new_zipfile_serialization=False)
    expected = {name: {"sizes": list(tensor.shape), "numbers": tensor.detach().to(torch.float64).flatten().tolist()}
                for name, tensor in made["tensors"].items()}
    (HERE / "values.json").write_text(json.dumps(expected, indent=1) + "\n")
    torch.save({"weight": torch.ones(2), "payload": Evil(exec, "raise SystemExit")}, HERE / "evil.pth")
    torch.save({"payload": Evil(print, "hello")}, HERE / "evil-legacy.pth", _use_new_zipfile_serialization=False)
    torch.save(torch.nn.Linear(2, 2), HERE / "module.pth")
    torch.jit.script(torch.nn.Linear(2, 2)).save(HERE / "script.pt")
    (HERE / "plain.pkl").write_bytes(pickle.dumps({"a": 1}, protocol=2))


if __name__ == "__main__":
    write()
    for file in sorted(HERE.iterdir()):
        file.chmod(0o644)
        print(file.name, file.stat().st_size)
