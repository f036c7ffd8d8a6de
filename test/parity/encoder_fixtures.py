"""The fixtures of the text encoders, and of whole updates of the feature network; `make_fixtures.py` calls `write`, and
so does `python test/parity/encoder_fixtures.py`.

Tokens, features and plans are random; weights are the trainers' own initial ones, so that no file holds any.
"""

import sys
from pathlib import Path

import numpy as np
import torch
from safetensors.numpy import load_file, save_file

from oracle import encoder_self_check, joint_embedding, text_networks
from oracle.digest import digest
from oracle.encoder_trainer import EncoderOptions, EncoderTrainer
from oracle.feature_trainer import FeatureOptions, FeatureTrainer

FOLDER = Path(__file__).parent / "fixtures"
NETWORK_ELEMENTS, STATE_ELEMENTS = 59, 11
# architecture: vocabulary and released length
ARCHITECTURES = {"char-cnn-rnn": (70, 201), "char-cnn-gru": (70, 201), "word-cnn-rnn": (23, 30), "bag-of-words": (23, 64)}
CONVOLUTION, EMBEDDING = 12, 20
NEVER_SET = 37  # of the characters' channels, counted from 1
ENCODER_UPDATE, FEATURE_UPDATE = 2, 3


def save(name, tensors, metadata):
    arrays = {k: np.asarray(v, order="C") for k, v in tensors.items()}
    text = {k: {True: "true", False: "false"}[v] if isinstance(v, bool) else str(v) for k, v in metadata.items()}
    save_file(arrays, FOLDER / f"{name}.safetensors", metadata=text)


def random(rng, *shape):
    """Standard normal numbers that float32 holds exactly."""
    return rng.standard_normal(shape).astype(np.float32)


def random_tokens(rng, architecture, count, length):
    """Texts that end somewhere, with a few 0 between; the first is all padding and the second has no padding at all."""
    vocabulary, _ = ARCHITECTURES[architecture]
    tokens = rng.integers(1, vocabulary + 1, (count, length))
    if vocabulary == 70:
        tokens[tokens == NEVER_SET] += 1
    ends = rng.integers(length // 4, length, count)
    blank = (np.arange(length) >= ends[:, None]) | (rng.random((count, length)) < 0.04)
    blank[0], blank[1] = True, False
    return np.where(blank, 0, tokens).astype(np.int32)


def write_text_network(number, architecture, length=None):
    """Embeddings, and gradients of their sum under a weighting."""
    rng, rows, seed, initial_range = np.random.default_rng(600 + number), 5, 70 + number, 0.08
    vocabulary, released = ARCHITECTURES[architecture]
    name = f"text-network-{architecture}" + ("" if length is None else f"-{length}")
    length = length or released
    tokens, weighting = random_tokens(rng, architecture, rows, length), random(rng, rows, EMBEDDING).astype(np.float64)
    out = {"tokens": tokens, "weighting": weighting}
    for dtype in (torch.float32, torch.float64):
        network = text_networks.TextNetwork(architecture, vocabulary, CONVOLUTION, EMBEDDING).to(dtype)
        text_networks.initialize(network, initial_range, seed)
        embeddings, parameters = network(torch.from_numpy(tokens)), dict(network.named_parameters())
        objective = (embeddings * torch.from_numpy(weighting).to(dtype)).sum()
        gradients = torch.autograd.grad(objective, list(parameters.values()))
        results = {"embedding": embeddings} | {f"gradient.{n}": g for n, g in zip(parameters, gradients)}
        out[f"{str(dtype)[6:]}.digests"] = np.stack([digest(v, NETWORK_ELEMENTS) for v in results.values()])
    out["embeddings"] = embeddings.detach().numpy()
    metadata = dict(architecture=architecture, vocabularySize=vocabulary, length=length, convolutionSize=CONVOLUTION)
    metadata |= dict(embeddingSize=EMBEDDING, seed=seed, initialRange=initial_range, names="\n".join(results))
    save(name, out, metadata)


def write_joint_embedding():
    """Some hinges active and some not; then none of them, and whole numbers with equal scores."""
    inputs = {}
    for b in (2, 5):
        for margin in (1.0, 0.3):
            for symmetric in (True, False):
                name = f"{'symmetric' if symmetric else 'one-way'}-{b}-{margin}"
                inputs[name] = (symmetric, margin, *mixed(b, margin, symmetric))
    satisfied = np.eye(5, 4) * 3 + np.eye(5, 4, -1)
    satisfied[4] = -3
    inputs["satisfied"] = (True, 0.5, satisfied, satisfied)
    whole = np.array([[2, 0, 1, 0], [0, 1, 0, 1], [1, -1, 0, 2], [2, 0, 1, 0]], dtype=np.float64)
    inputs["equal-scores"] = (True, 0.5, whole, whole[[0, 3, 2, 0]])
    out, lines = {}, []
    for name, (symmetric, margin, images, texts) in inputs.items():
        v, e = (torch.from_numpy(x).requires_grad_() for x in (images, texts))
        loss = joint_embedding.loss(v, e, margin, symmetric)
        gradients = torch.autograd.grad(loss, [v, e])
        out |= {f"{name}.images": images, f"{name}.texts": texts, f"{name}.loss": loss.detach().reshape(1).numpy()}
        out[f"{name}.accuracy"] = np.array([joint_embedding.accuracy(v, e)])
        out |= {f"{name}.gradient.{k}": g.numpy() for k, g in zip(("images", "texts"), gradients)}
        lines.append(f"{name} {len(images)} {margin} {'symmetric' if symmetric else 'one-way'}")
        assert all(h.abs() > 1e-3 for h in joint_embedding.hinges(joint_embedding.scores(v, e), margin, symmetric))
    assert out["satisfied.loss"][0] == 0 and out["satisfied.accuracy"][0] == 1 and out["equal-scores.accuracy"][0] < 1
    save("joint-embedding", out, {"cases": "\n".join(lines)})


def mixed(b, margin, symmetric):
    """Features and texts of the first seed that leaves between a quarter and three quarters of the hinges active."""
    for seed in range(700, 800):
        rng = np.random.default_rng(seed)
        images, texts = (random(rng, b, 4).astype(np.float64) for _ in range(2))
        texts += images / 2
        s = joint_embedding.scores(torch.from_numpy(images), torch.from_numpy(texts))
        active = [bool(h > 0) for h in joint_embedding.hinges(s, margin, symmetric)]
        if 0.25 <= sum(active) / len(active) <= 0.75:
            return images, texts
    raise AssertionError("no such numbers")


# options, length, learning rate, deviation of the features, updates of each step
RNN, GRU, WORD, BAG = (dict(architecture=name) for name in ARCHITECTURES)
STEP_CASES = {
    "sje-rnn": (dict(RNN, initial_range=0.15), 201, 1e-3, 1.0, [1] * 5),
    "sje-gru-one-way": (dict(GRU, initial_range=0.25, symmetric=False, margin=0.4), 120, 1e-3, 1.0, [1] * 5),
    "sje-word": (dict(WORD, initial_range=0.15, dropout=0.3, beta2=0.9), 30, 5e-4, 1.0, [1, 2, 1, 1]),
    "sje-bag": (dict(BAG, initial_range=0.08), 40, 3e-3, 0.5, [1] * 5),
    "captions-gru-adam": (
        dict(GRU, initial_range=0.4, kind="captions", margin=0.3, optimizer="adam", beta1=0.5, beta2=0.999),
        120, 1e-3, None, [1] * 5,
    ),
    "captions-word": (
        dict(WORD, initial_range=0.2, kind="captions", symmetric=False, margin=0.5, dropout=0.25),
        21, 2e-4, None, [2, 2, 1],
    ),
    "sje-rnn-words": (dict(RNN, initial_range=0.15, word_dropout=0.3, separator=70), 201, 1e-3, 1.0, [1] * 5),
    "captions-word-words": (
        dict(WORD, initial_range=0.2, kind="captions", margin=0.5, word_dropout=0.25), 21, 2e-4, None, [2, 1],
    ),
}  # fmt: skip
ROWS, IMAGES, VIEWS, CAPTIONS_PER_IMAGE = 6, 8, 3, 2


def encoder_plan(rng, kind, updates):
    """Columns of int arrays; the images of an update differ, as those of a plan do."""
    image = np.concatenate([rng.permutation(IMAGES)[:ROWS] for _ in range(updates)])
    which = rng.integers(0, CAPTIONS_PER_IMAGE, len(image))
    columns = {"caption": image * CAPTIONS_PER_IMAGE + which}
    if kind == "captions":
        return columns | {"otherCaption": image * CAPTIONS_PER_IMAGE + 1 - which}
    return {"image": image, "view": rng.integers(0, VIEWS, len(image))} | columns


def steps_of(counts, rows, kind):
    """The steps as the oracle takes them, and as the tensors of a plan."""
    flat = [(kind, u * rows, rows) for u in range(sum(counts))]
    start = np.cumsum([0, *counts])
    steps = [[(first, count) for _, first, count in flat[a:b]] for a, b in zip(start, start[1:])]
    return steps, {"plan.updates": np.array(flat, dtype=np.int32), "plan.stepStart": start.astype(np.int32)}


def run(make, columns, steps, learning_rate):
    """Initial and final state, and the mean loss of each step."""
    trainer, states, losses = make(), [], []
    states.append({k: v.clone() for k, v in trainer.state().items()})
    lists = {k: v.tolist() for k, v in columns.items()}
    for step in steps:
        before = trainer.state()["progress.metric_sums"][0].item()
        trainer.run(lists, [step], learning_rate)
        losses.append((trainer.state()["progress.metric_sums"][0].item() - before) / len(step))
    states.append(trainer.state())
    return states, losses


def rounding(state):
    """Names of the tensors that would be 0 but for rounding: nothing of their numbers can be compared."""
    return [k for k, v in state.items() if "mean_square" in k and 0 < v.abs().max() < 1e-25]


def steady(state, other, noise):
    """Whether two states that began a hair's breadth apart still are: no hinge and no threshold is decided by rounding."""
    for name, value in state.items():
        a, b = value.double(), other[name].double()
        if name not in noise:
            assert (a - b).abs().max() <= 1e-9 * a.abs().max(), (name, (a - b).abs().max(), a.abs().max())


def write_states(name, out, metadata, make, nudged, columns, counts, kind, learning_rate):
    steps, plan = steps_of(counts, ROWS, kind)
    (initial, final), losses = run(make, columns, steps, learning_rate)
    noise = rounding(final)
    steady(final, run(nudged, columns, steps, learning_rate)[0][1], noise)
    out |= {f"plan.{k}": v.astype(np.int32) for k, v in columns.items()} | plan
    out["initial.digests"], out["digests"] = (
        np.stack([digest(v, STATE_ELEMENTS) for v in state.values()]) for state in (initial, final)
    )
    out |= {f"state.{k}": v.numpy() for k, v in final.items() if k.startswith("progress.")}
    save(name, out, {**metadata, "learningRate": learning_rate, "names": "\n".join(final), "rounding": "\n".join(noise)})
    print(f"{name}: losses {' '.join(f'{v:.4f}' for v in losses)}")


def write_encoder_steps():
    for number, (name, (settings, length, learning_rate, deviation, counts)) in enumerate(STEP_CASES.items()):
        rng, architecture = np.random.default_rng(800 + number), settings["architecture"]
        vocabulary, _ = ARCHITECTURES[architecture]
        sizes = dict(vocabulary_size=vocabulary, convolution_size=CONVOLUTION, embedding_size=EMBEDDING)
        options = EncoderOptions(**sizes, seed=2000 + number, **settings)
        columns = encoder_plan(rng, options.kind, sum(counts))
        # Rows 0 and 1 of `random_tokens` are the odd ones: place them with the other captions.
        captions = IMAGES * CAPTIONS_PER_IMAGE
        tokens = rng.permutation(random_tokens(rng, architecture, captions, length))
        out, features = {"tokens": tokens}, None
        if options.kind == "sje":
            features = random(rng, IMAGES, VIEWS, EMBEDDING) * np.float32(deviation)
            out["features"] = features
            features = torch.from_numpy(features)

        def make():
            return EncoderTrainer(options, torch.from_numpy(tokens), features)

        def nudged():
            return nudge(make())

        o = options
        metadata = dict(architecture=architecture, vocabularySize=vocabulary, length=length, convolutionSize=CONVOLUTION)
        metadata |= dict(embeddingSize=EMBEDDING, dropout=o.dropout, kind=o.kind, symmetric=o.symmetric, margin=o.margin)
        metadata |= dict(wordDropout=o.word_dropout, separator=o.separator)
        metadata |= dict(optimizer=o.optimizer, beta1=o.beta1, beta2=o.beta2, epsilon=o.epsilon)
        metadata |= dict(initialRange=o.initial_range, seed=o.seed)
        parts = (out, metadata, make, nudged, columns, counts, ENCODER_UPDATE, learning_rate)
        write_states(f"encoder-steps-{name}", *parts)


def nudge(trainer):
    """Its parameters moved by about as much as float64 rounds."""
    numbers = np.random.default_rng(9)
    with torch.no_grad():
        for p in trainer.network.parameters():
            p.mul_(1 + 1e-15 * torch.from_numpy(numbers.standard_normal(p.shape)))
    return trainer


def write_feature_steps():
    """The images of the second update have no label for the last head.

    Where a channel is never cut off by its ReLU, the batch norm behind takes its bias out again: a gradient of rounding
    alone, which the optimizer divides by epsilon. At 1e-6 that moves nothing.
    """
    images = load_file(FOLDER / "data.safetensors")["images"]
    heads, weights, crop_side = (7, 5, 4), (1.0, 0.5, 2.0), 40
    for number, optimizer in enumerate(("adam", "rmsprop")):
        rng = np.random.default_rng(900 + number)
        labels = np.stack([rng.integers(0, k, len(images)) for k in heads], axis=1).astype(np.int32)
        labels[rng.random(labels.shape) < 0.2] = -1
        labels[6:, 2] = -1
        labels[:6, 2] = rng.integers(0, heads[2], 6)
        image = np.concatenate([rng.permutation(12)[:ROWS], 6 + rng.permutation(6), rng.permutation(12)[:ROWS]])
        place = [rng.integers(0, images.shape[1] - crop_side + 1, len(image)) for _ in range(2)]
        columns = {"image": image, "cropX": place[0], "cropY": place[1], "flip": rng.integers(0, 2, len(image))}
        beta2, learning_rate = (0.999, 1e-3) if optimizer == "adam" else (0.99, 1e-4)
        settings = dict(optimizer=optimizer, beta2=beta2, epsilon=1e-6)
        o = FeatureOptions("googlenet-small", 32, crop_side, heads, weights, 3000 + number, **settings)

        def make():
            return FeatureTrainer(o, torch.from_numpy(images), torch.from_numpy(labels))

        def nudged():
            return nudge(make())

        metadata = dict(architecture=o.architecture, inputSize=o.input_size, cropSide=crop_side)
        metadata |= dict(heads=" ".join(map(str, heads)), weights=" ".join(map(str, weights)), optimizer=optimizer)
        metadata |= dict(beta1=o.beta1, beta2=o.beta2, epsilon=o.epsilon, seed=o.seed)
        name = "feature-steps" + ("" if optimizer == "adam" else f"-{optimizer}")
        parts = ({"labels": labels}, metadata, make, nudged, columns, [1] * 3, FEATURE_UPDATE, learning_rate)
        write_states(name, *parts)


def write():
    encoder_self_check.check()
    torch.use_deterministic_algorithms(True)
    for number, architecture in enumerate(ARCHITECTURES):
        write_text_network(number, architecture)
    write_text_network(len(ARCHITECTURES), "char-cnn-rnn", length=90)
    write_joint_embedding()
    write_encoder_steps()
    write_feature_steps()


if __name__ == "__main__":
    sys.exit(write())
