"""The authors' text encoders twice: as graphs of Torch7 modules (HybridCNN.lua, HybridCNNLong.lua, HybridCNNWord.lua,
FixedRNN.lua, FixedGRU.lua), and as plain PyTorch functions of the same weights, written from the equations.
"""

import numpy as np
import torch
from nngraph import Node, gmodule, module, sequential
from t7_writer import Storage, Tensor

# (kernel, then what follows the convolution)
LAYERS = {
    "char-cnn-rnn": [(4, ["threshold", (3, 3)]), (4, ["threshold", (3, 3)]), (4, ["threshold", (3, 2)])],
    "char-cnn-gru": [(4, ["threshold", (3, 3)]), (4, ["threshold", (3, 3)]), (4, ["threshold"])],
    "word-cnn-rnn": [(3, ["threshold"]), (2, ["threshold", (3, 3)]), (2, ["threshold"])],
}
CHANNELS = {"char-cnn-rnn": (384, 512), "char-cnn-gru": (384, 512), "word-cnn-rnn": (512, 512)}
STEPS = {"char-cnn-rnn": 8, "char-cnn-gru": 18, "word-cnn-rnn": 8}
RECURRENT = {"rnn": ["i2h", "h2h"], "gru": ["i2h", "h2h", "i2h_update", "h2h_update", "i2h_reset", "h2h_reset"]}


def kind_of(architecture):
    return "gru" if architecture.endswith("gru") else "rnn"


def weights(architecture, vocabulary, width, embedding, seed, channels=None):
    """Weights in Torch7's layouts. Few numbers differ from zero and all are multiples of 1/64, so that files compress."""
    rng = np.random.default_rng(seed)

    def numbers(shape, density, size):
        return rng.integers(-size, size + 1, shape) * (rng.random(shape) < density) / 64

    sizes = [vocabulary, *(channels or CHANNELS[architecture]), width]
    made = {}
    for i, (kernel, _) in enumerate(LAYERS[architecture]):
        columns = kernel * sizes[i]
        made[f"conv{i + 1}.weight"] = numbers((sizes[i + 1], columns), [0.2, 0.03, 0.3][i], [32, 24, 16][i])
        made[f"conv{i + 1}.bias"] = numbers((sizes[i + 1],), 1, 8)
    for name in RECURRENT[kind_of(architecture)]:
        made[f"rnn.{name}.weight"] = numbers((width, width), 1, 16)
        made[f"rnn.{name}.bias"] = numbers((width,), 1, 16)
    made["emb_proj.weight"] = numbers((embedding, width), 1, 32)
    made["emb_proj.bias"] = numbers((embedding,), 1, 32)
    return {name: array.astype("<f4") for name, array in made.items()}


class Tensors:
    """Tensors of the weights: views into one storage, as getParameters leaves them, or each time a copy of its own."""

    def __init__(self, arrays, cuda=False, copies=False):
        self.kind = ("", "Cuda") if cuda else ("Float", "")
        self.arrays, self.copies = arrays, copies
        flat = np.concatenate([array.ravel() for array in arrays.values()])
        self.storage, self.gradients = Storage(flat, *self.kind), Storage(np.zeros_like(flat), *self.kind)
        starts = np.cumsum([0, *(array.size for array in arrays.values())])
        self.starts = dict(zip(arrays, starts.tolist()))

    def view(self, name, storage):
        return Tensor(storage, self.arrays[name].shape, None, self.starts[name])

    def parameters(self, name):
        fields = {}
        for part in ("weight", "bias"):
            full = f"{name}.{part}"
            fields[part] = Tensor(Storage(self.arrays[full], *self.kind), self.arrays[full].shape) if self.copies \
                else self.view(full, self.storage)
            fields[f"grad{part.capitalize()}"] = self.view(full, self.gradients)
        return fields


def buffer(tensors):
    """What a module keeps of its last input: florigen ignores it."""
    return Tensor(Storage(np.ones(6), *tensors.kind), [2, 3])


def convolutions(architecture, tensors, prefix="nn"):
    modules = []
    for i, (kernel, rest) in enumerate(LAYERS[architecture]):
        outputs, columns = tensors.arrays[f"conv{i + 1}.weight"].shape
        inputs = columns // kernel
        fields = {"kW": kernel, "dW": 1} if prefix == "nn" else {"kW": inputs, "dW": 1, "kH": kernel, "dH": 1, "padH": 0}
        modules.append(module("TemporalConvolution", prefix, inputFrameSize=inputs, outputFrameSize=outputs, **fields,
                              **tensors.parameters(f"conv{i + 1}")))
        for item in rest:
            modules.append(module("Threshold", threshold=1e-6, val=0, inplace=False) if item == "threshold"
                           else module("TemporalMaxPooling", kW=item[0], dW=item[1]))
    return sequential(*modules)


def linear(tensors, name):
    return module("Linear", **tensors.parameters(name), **{"output": buffer(tensors)})


def apply(made, *inputs):
    return Node(module=made, inputs=inputs)


def rnn(tensors, steps):
    inputs = [apply(module("Identity")) for _ in range(steps)]
    hidden = total = None
    for node in inputs:
        own = apply(sequential(linear(tensors, "rnn.i2h")), node)
        if hidden is not None:
            own = apply(module("CAddTable"), own, apply(sequential(linear(tensors, "rnn.h2h")), hidden))
        hidden = apply(module("ReLU", threshold=0, val=0), own)
        total = hidden if total is None else apply(module("CAddTable"), total, hidden)
    return gmodule(inputs, apply(module("MulConstant", constant_scalar=1 / steps), total))


def gru(tensors, steps, prefix="nn", mean=True):
    inputs = [apply(module("Identity")) for _ in range(steps)]
    states = []

    def layer(name, node):
        return apply(sequential(linear(tensors, f"rnn.{name}")), node)

    for node in inputs:
        if not states:
            states.append(apply(module("Tanh", prefix), layer("i2h", node)))
            continue
        before = states[-1]
        gates = [apply(module("Sigmoid", prefix), apply(module("CAddTable"), layer(f"i2h_{gate}", node),
                                                        layer(f"h2h_{gate}", before))) for gate in ("update", "reset")]
        kept = apply(module("CMulTable"), gates[1], before)
        candidate = apply(module("Tanh", prefix),
                          apply(module("CAddTable"), layer("i2h", node), layer("h2h", kept)))
        rest = apply(module("AddConstant", constant_scalar=1), apply(module("MulConstant", constant_scalar=-1), gates[0]))
        states.append(apply(module("CAddTable"), apply(module("CMulTable"), gates[0], candidate),
                            apply(module("CMulTable"), rest, before)))
    output = states[-1]
    if mean:
        output = states[0]
        for state in states[1:]:
            output = apply(module("CAddTable"), output, state)
        output = apply(module("MulConstant", constant_scalar=1 / steps), output)
    return gmodule(inputs, output)


def encoder(architecture, tensors, prefix="nn", dropout=0, recurrence=None):
    """The whole graph: Identity, Sequential, SplitTable, gModule, Dropout, Linear."""
    steps = STEPS[architecture]
    if recurrence is None:
        recurrence = rnn(tensors, steps) if kind_of(architecture) == "rnn" else gru(tensors, steps, prefix)
    start = apply(module("Identity"))
    split = apply(module("SplitTable", dimension=2), apply(convolutions(architecture, tensors, prefix), start))
    dropped = apply(module("Dropout", p=dropout, v2=True), apply(recurrence, split))
    return gmodule([start], apply(linear(tensors, "emb_proj"), dropped))


# --- PyTorch ----------------------------------------------------------------------------------------------------------

def state_dict(architecture, arrays):
    """The weights in PyTorch's layout: a convolution is [out, in, kernel] there, and [out, kernel * in] in Torch7."""
    made = {name: torch.from_numpy(array.copy()) for name, array in arrays.items()}
    for i, (kernel, _) in enumerate(LAYERS[architecture]):
        weight = made[f"conv{i + 1}.weight"]
        made[f"conv{i + 1}.weight"] = weight.reshape(len(weight), kernel, -1).transpose(1, 2).contiguous()
    return made


def embed(architecture, arrays, tokens):
    """Embeddings in float64 of tokens [n, length]: 0 is padding, a token t sets channel t - 1."""
    net = {name: tensor.double() for name, tensor in state_dict(architecture, arrays).items()}
    channels = net["conv1.weight"].shape[1]
    eye = torch.cat([torch.zeros(1, channels), torch.eye(channels)]).double()
    x = eye[torch.as_tensor(tokens)].transpose(1, 2)
    for i, (_, rest) in enumerate(LAYERS[architecture]):
        x = torch.nn.functional.conv1d(x, net[f"conv{i + 1}.weight"], net[f"conv{i + 1}.bias"])
        for item in rest:
            x = torch.nn.functional.threshold(x, 1e-6, 0) if item == "threshold" else \
                torch.nn.functional.max_pool1d(x, *item)
    assert x.shape[2] == STEPS[architecture]

    def layer(name, value):
        return value @ net[f"{name}.weight"].T + net[f"{name}.bias"]

    states = []
    for step in range(x.shape[2]):
        own, before = layer("rnn.i2h", x[:, :, step]), states[-1] if states else None
        if kind_of(architecture) == "rnn":
            states.append(torch.relu(own if before is None else own + layer("rnn.h2h", before)))
        elif before is None:
            states.append(torch.tanh(own))
        else:
            update, reset = (torch.sigmoid(layer(f"rnn.i2h_{gate}", x[:, :, step]) + layer(f"rnn.h2h_{gate}", before))
                             for gate in ("update", "reset"))
            candidate = torch.tanh(own + layer("rnn.h2h", reset * before))
            states.append(update * candidate + (1 - update) * before)
    return layer("emb_proj", torch.stack(states).mean(0))
