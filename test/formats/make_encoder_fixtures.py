"""Writes fixtures/encoders: text encoders of the authors' architectures as Torch7 files and as state dicts of PyTorch,
captions with the embeddings that PyTorch computes from the same weights in float64, and files to be refused.

    python test/formats/make_encoder_fixtures.py          (needs: torch 2.11, numpy, safetensors)

Widths are the authors' (384 and 512 channels), which the graph alone does not say; the recurrence has 16 numbers and
the embedding 32, and most weights are zero, so that the files are small once compressed.
"""

import gzip
import io
import json
from collections import OrderedDict
from pathlib import Path

import torch
from encoder_nets import RECURRENT, STEPS, Tensors, embed, encoder, gru, linear, rnn, state_dict, weights
from nngraph import Node, gmodule, module, sequential
from safetensors.torch import save_file
from t7_writer import Object, Storage, Tensor, serialize

HERE = Path(__file__).parent / "fixtures" / "encoders"
HERE.mkdir(parents=True, exist_ok=True)
ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789-,;.!?:'\"/\\|_@#$%^&*~`+-=<>()[]{} "
CAPTIONS = [
    "this flower has petals that are pink and has a yellow center",
    "the petals of this flower are white, with long stamens - about 20 of them.",
    "a",
    "",
    "Upper Case, an é and a\ttab are not in the alphabet",
    "every sign once: -,;.!?:'\"/\\|_@#$%^&*~`+-=<>()[]{} 0123456789",
    "longer than two hundred and one characters: " + "the flower shown has large overlapping petals " * 5,
]
WORDS = "a and are center flower has is of petals pink the this that white with yellow long stamens ,".split()


def characters(text, lower=False):
    """The authors' tokens: the place in the alphabet, the second of the two minus signs; 0 elsewhere and at the end."""
    places = {character: i + 1 for i, character in enumerate(ALPHABET)}
    text = text.lower() if lower else text
    unknown = places[" "] if lower else 0
    return ([places.get(character, unknown) for character in text] + [0] * 201)[:201]


def words(text):
    places = {word: i + 1 for i, word in enumerate(WORDS)}
    return ([places[word] for word in text.split() if word in places] + [0] * 30)[:30]


def checkpoint(network, **more):
    """What train_sje_hybrid.lua saves."""
    image = module("Identity", "nn")
    options = {"data_dir": "data/flowers", "learning_rate": 0.0007, "symmetric": 1, "doc_length": 201, "savefile": "sje"}
    return {"protos": {"enc_image": image, "enc_doc": network}, "opt": options, "i": 16400, "epoch": 200,
            "train_losses": [1.5, 0.75, 0.5], "val_loss": 0, "val_losses": {1000: 0}, **more}


def pack(name, data):
    (HERE / f"{name}.gz").write_bytes(gzip.compress(data, 9, mtime=0))
    print(name, len(data), "->", (HERE / f"{name}.gz").stat().st_size)


def saved(value, **options):
    file = io.BytesIO()
    torch.save(value, file, **options)
    return file.getvalue()


def write_encoders():
    expected = {}

    def expect(name, architecture, arrays, tokens):
        expected[f"{name}/embeddings"] = embed(architecture, arrays, tokens).float().contiguous()
        expected[f"{name}/tokens"] = torch.tensor(tokens, dtype=torch.int32)
        for part, tensor in state_dict(architecture, arrays).items():
            # The large ones are compared through their embeddings.
            if tensor.numel() < 10_000:
                expected[f"{name}/{part}"] = tensor

    tokens = [characters(text) for text in CAPTIONS]
    arrays = weights("char-cnn-rnn", 70, 16, 32, seed=1)
    pack("char-cnn-rnn.t7", serialize(checkpoint(encoder("char-cnn-rnn", Tensors(arrays)), vocab={"a": 1})))
    pack("char-cnn-rnn.pth", saved(OrderedDict(state_dict("char-cnn-rnn", arrays))))
    expect("char-cnn-rnn", "char-cnn-rnn", arrays, tokens)
    lowered = [characters(text, lower=True) for text in CAPTIONS]
    expected["char-cnn-rnn/lower/tokens"] = torch.tensor(lowered, dtype=torch.int32)
    expected["char-cnn-rnn/lower/embeddings"] = embed("char-cnn-rnn", arrays, lowered).float().contiguous()

    arrays = weights("char-cnn-gru", 70, 16, 32, seed=2)
    network = encoder("char-cnn-gru", Tensors(arrays, cuda=True, copies=True), "cudnn", dropout=0.5)
    pack("char-cnn-gru.t7", serialize(network))
    old_names = {name.replace(".", "_"): tensor for name, tensor in state_dict("char-cnn-gru", arrays).items()}
    pack("char-cnn-gru.pth", saved(OrderedDict(old_names), _use_new_zipfile_serialization=False))
    expect("char-cnn-gru", "char-cnn-gru", arrays, tokens)

    arrays = weights("word-cnn-rnn", len(WORDS) + 1, 16, 32, seed=3)
    vocabulary = {word: i + 1 for i, word in enumerate(WORDS)}
    pack("word-cnn-rnn.t7", serialize(checkpoint(encoder("word-cnn-rnn", Tensors(arrays)), vocab=vocabulary)))
    expect("word-cnn-rnn", "word-cnn-rnn", arrays, [words(text) for text in CAPTIONS])

    save_file(expected, HERE / "expected.safetensors")
    (HERE / "captions.json").write_text(json.dumps({"captions": CAPTIONS, "words": WORDS}, indent=1) + "\n")


def small(architecture="char-cnn-rnn", **options):
    arrays = weights(architecture, 5, 2, 3, seed=4, channels=(4, 3))
    return Tensors(arrays, **options)


def with_layers(change):
    network = encoder("char-cnn-rnn", small())
    change(next(item for item in network.fields["modules"] if item.name == "nn.Sequential").fields["modules"])
    return network


def stride_of_cudnn(modules):
    modules[0].name = "cudnn.TemporalConvolution"
    modules[0].fields.update(kW=5, dW=1, kH=4, dH=2)


def with_unshared_step():
    tensors = small()
    network = encoder("char-cnn-rnn", tensors)
    graph = next(item for item in network.fields["modules"] if item.name == "nn.gModule")
    last = [item for item in graph.fields["modules"] if item.name == "nn.Sequential"][-1].fields["modules"][0]
    last.fields["weight"] = Tensor(Storage([9, 9, 9, 9]), [2, 2])
    return network


def with_unknown_class():
    tensors = small()
    start = Node(module=module("Identity"))
    return encoder("char-cnn-rnn", tensors, recurrence=gmodule([start], Node(module=module("Attention", "my"), inputs=[start])))


def write_refused():
    """Files that are whole, but hold no encoder that florigen knows."""
    tensors = small("char-cnn-gru")
    files = {
        "another-layer": with_layers(lambda modules: modules.insert(2, module("TemporalMaxPooling", kW=5, dW=5))),
        "another-threshold": with_layers(lambda modules: modules[1].fields.update(threshold=0.1)),
        "another-stride": with_layers(stride_of_cudnn),
        "narrow": encoder("char-cnn-rnn", small()),
        "unshared-step": with_unshared_step(),
        "seven-steps": encoder("char-cnn-rnn", small(), recurrence=rnn(small(), 7)),
        "rnn-without-pool": encoder("char-cnn-gru", tensors, recurrence=rnn(small(), 18)),
        "last-step": encoder("char-cnn-gru", tensors, recurrence=gru(tensors, 18, mean=False)),
        "unknown-class": with_unknown_class(),
        "no-recurrence": sequential(linear(small(), "emb_proj")),
        "generator": {"netG": sequential(), "opt": {}},
        "no-vocabulary": checkpoint(encoder("word-cnn-rnn", small("word-cnn-rnn"))),
        "bad-vocabulary": checkpoint(encoder("word-cnn-rnn", small("word-cnn-rnn")), vocab={"a": 1, "b": 1}),
        "tensor": Tensor(Storage([1, 2]), [2]),
    }
    for name, value in files.items():
        pack(f"refused-{name}.t7", serialize(value))
    pack("refused-other.pth", saved(OrderedDict({"fc.weight": torch.zeros(2, 2), "fc.bias": torch.zeros(2)})))
    narrow = state_dict("char-cnn-rnn", small().arrays)
    pack("refused-narrow.pth", saved(OrderedDict(narrow)))
    pack("refused-list.pth", saved([1, 2]))


if __name__ == "__main__":
    write_encoders()
    write_refused()
