"""Writes test/parity/fixtures/ with PyTorch 2.11: `python test/parity/make_fixtures.py`.

Every file is what the GoogleTest parity suite reads; nothing here is needed to run it.
"""

import sys
from dataclasses import asdict
from pathlib import Path

import numpy as np
import torch
from safetensors.numpy import save_file

import encoder_fixtures
import feature_fixtures
import fine_tuning_fixtures
from oracle import cases, networks, objectives, philox, self_check, weights
from oracle.augmentation import augment
from oracle.digest import digest
from oracle.networks import FAMILIES
from oracle.trainer import Options, Plan, Trainer

FOLDER = Path(__file__).parent / "fixtures"
NETWORK_ELEMENTS, STATE_ELEMENTS = 59, 11
STEPS = 3
FULL_STATE = "reed2016-everything-authors"
# Those of `modulated` are numbers with which PyTorch's own float32 stays within half the bounds of the float32 tests.
NETWORK_SEEDS = {
    ("reed2016", "generator"): 100,
    ("reed2016", "discriminator"): 101,
    ("dcgan", "generator"): 102,
    ("dcgan", "discriminator"): 103,
    ("modulated", "generator"): 110,
    ("modulated", "discriminator"): 107,
}
# One over the size of the cotangents. The last norm of `modulated` stands at the full size, where the gradients of a few
# weights are sums over all pixels that nearly cancel: too much for float32 at the size of the other families.
COTANGENTS = {("modulated", "generator"): 16384, "generator": 512, "discriminator": 64}
INITIAL_STATES = ("modulated-everything-paper", "reed2016-guide-paper")
CLASSES = (2, 0, 2, 1, 0, 2)


def save(name, tensors, metadata=None):
    arrays = {k: np.asarray(v, order="C") for k, v in tensors.items()}
    text = {k: str(v) for k, v in (metadata or {}).items()}
    save_file(arrays, FOLDER / f"{name}.safetensors", metadata=text or None)


def random(rng, *shape):
    """Standard normal numbers that float32 holds exactly."""
    return rng.standard_normal(shape).astype(np.float32)


def write_data(rng):
    """Pictures of smooth colour with noise on top, and embeddings; the trainers map this very file."""
    ramps = rng.integers(0, 256, (cases.IMAGE_COUNT, 4, 4, 3)).repeat(19, 1).repeat(19, 2)
    noise = rng.integers(-20, 21, (cases.IMAGE_COUNT, cases.STORED_SIDE, cases.STORED_SIDE, 3))
    images = np.clip(ramps + noise, 0, 255).astype(np.uint8)
    embeddings = random(rng, cases.IMAGE_COUNT * cases.CAPTIONS_PER_IMAGE, cases.SIZES["text_size"])
    save("data", {"images": images, "sentence": embeddings})
    return torch.from_numpy(images), torch.from_numpy(embeddings)


def measure(out, dtype, results):
    names = [n for n, _ in results]
    out[f"{dtype}.digests"] = np.stack([digest(v, NETWORK_ELEMENTS) for _, v in results])
    return "\n".join(names)


def build(family, kind):
    s = cases.SIZES
    if kind == "generator":
        return FAMILIES[family][0](s["generator_features"], s["noise_size"], s["projected_text_size"], s["text_size"])
    return FAMILIES[family][1](s["discriminator_features"], s["projected_text_size"], s["text_size"])


def write_network(rng, family, kind, rows=5):
    """Weights (biases and norms moved off their initial 0 and 1), inputs, and digests of all that comes out."""
    network, out = build(family, kind), {}
    weights.initialize(network, f"{kind}.", seed=7)
    with torch.no_grad():
        for name, p in network.named_parameters():
            # Five times the initial deviation: at 0.02 a deep stack of tiny layers would have gradients near nothing.
            p.copy_(torch.from_numpy(random(rng, *p.shape)) * 0.1 + (1.0 if p.dim() == 1 and "weight" in name else 0.0))
            out[f"weights.{kind}.{name}"] = p.numpy().copy()
    s = cases.SIZES
    out["text"] = random(rng, rows, s["text_size"])
    out["input"] = random(rng, rows, s["noise_size"]) if kind == "generator" else np.tanh(random(rng, rows, 3, 64, 64))
    if kind == "discriminator":
        # Stored as bytes to keep the file small, and read back as the images of a batch are.
        out["input"] = rng.integers(0, 256, out["input"].shape).astype(np.uint8)
    # A cotangent of the size of the pictures would be most of the file: one number per row and channel, times `wave`.
    size = COTANGENTS.get((family, kind), COTANGENTS[kind])
    out["cotangent"] = random(rng, rows, *([3] if kind == "generator" else [])) / size
    names = ""
    for dtype in (torch.float32, torch.float64):
        names = measure(out, str(dtype)[6:], run_network(build(family, kind), kind, out, dtype))
    save(f"network-{family}-{kind}", out, {"names": names})


def wave(cotangent):
    """[R, 3] to [R, 3, 64, 64]: times (5 y + 3 x) mod 7 - 2, so that no symmetry of the image hides a fault."""
    y, x = torch.arange(64)[:, None], torch.arange(64)[None, :]
    return cotangent[:, :, None, None] * (((5 * y + 3 * x) % 7) - 2).to(cotangent.dtype)


def run_network(network, kind, fixture, dtype):
    network.load_state_dict(
        {k.removeprefix(f"weights.{kind}."): torch.from_numpy(v) for k, v in fixture.items() if k.startswith("weights.")},
        strict=False,
    )
    network.to(dtype).train()
    value, text = (torch.from_numpy(fixture[k]).to(dtype) for k in ("input", "text"))
    if kind == "discriminator":
        value = value * (2 / 255) - 1
    value.requires_grad_()
    text.requires_grad_()
    cotangent = torch.from_numpy(fixture["cotangent"]).to(dtype)
    if kind == "generator":
        output, cotangent = network(value, text), wave(cotangent)
    else:
        output = network.head(network.trunk(value), text)
    parameters = dict(network.named_parameters())
    gradients = torch.autograd.grad((output * cotangent).sum(), [value, text, *parameters.values()], retain_graph=True)
    results = [("output", output), ("gradient.input", gradients[0]), ("gradient.text", gradients[1])]
    results += [(f"gradient.{kind}.{n}", g) for n, g in zip(parameters, gradients[2:])]
    results += [(f"{kind}.{n}", b.to(torch.float64)) for n, b in network.named_buffers()]
    if kind == "discriminator":
        penalty = 0.01 * objectives.gradient_penalty(output, value)
        second = torch.autograd.grad(penalty, list(parameters.values()), allow_unused=True)
        results.append(("penalty", penalty.reshape(1)))
        results += [(f"penalty.{kind}.{n}", g) for n, g in zip(parameters, second) if g is not None]
    network.eval()
    with torch.no_grad():
        again = network(value, text) if kind == "generator" else network.head(network.trunk(value), text)
    return [*results, ("evaluation.output", again)]


def write_objectives(rng):
    """Every loss on logits of moderate and of extreme size, or on cosines, its gradient, and the interpolated texts."""
    b, out = 6, {}
    logits = {n: random(rng, b) * 3 for n in ("real", "mismatched", "fake")}
    logits["real"][0], logits["fake"][1], logits["mismatched"][2] = -60, 25, 200
    logits["generated"] = random(rng, b + b // 2) * 3
    logits["generated"][0], logits["generated"][7] = -90, 40
    pictures = {n: np.tanh(random(rng, b // 2, 3, 8, 8)) for n in ("images", "others")}
    noises = {n: random(rng, b // 2, 6) for n in ("noise", "otherNoise")}
    text, r = random(rng, b, 5), rng.random((b // 2, 1)).astype(np.float32)
    out |= logits | pictures | noises | {"text": text, "r": r}
    out["cosines"] = np.tanh(random(rng, b, b))
    for dtype in (torch.float32, torch.float64):
        v = {k: torch.from_numpy(a).to(dtype).requires_grad_() for k, a in out.items() if "." not in k}
        results = {}
        for c in (0.0, 0.3, 0.5):
            loss, _ = objectives.discriminator_loss(v["real"], v["mismatched"], v["fake"], c)
            results[f"discriminator.{c}"] = (loss, [v[k] for k in ("real", "mismatched", "fake")])
        for pairing in ("authors", "paper"):
            for g in (0.0, 0.7, 1.0):
                shown = v["generated"] if pairing == "authors" or g > 0 else v["generated"][:b]
                loss = objectives.adversarial_loss(shown, b, pairing, g)
                results[f"generator.{pairing}.{g}"] = (loss, [v["generated"]])
        seeking = objectives.mode_seeking_loss(v["images"], v["others"], v["noise"], v["otherNoise"], 0.01)
        for temperature in (0.5, 0.1, 0.005):
            # At the last one e^(S / q) is no number of float32.
            loss = objectives.contrastive_loss(v["cosines"], CLASSES, temperature)
            results[f"contrastive.{temperature}"] = (loss, [v["cosines"]])
        results["modeSeeking"] = (seeking, [v["images"], v["others"]])
        kind = str(dtype)[6:]
        for name, (loss, inputs) in results.items():
            gradients = torch.autograd.grad(loss, inputs, allow_unused=True)
            out[f"{kind}.{name}"] = loss.detach().reshape(1).numpy()
            for k, g in enumerate(gradients):
                if g is not None:
                    out[f"{kind}.{name}.gradient{k}"] = g.numpy()
        for beta in ("half", "uniform", "extrapolate"):
            out[f"{kind}.interpolated.{beta}"] = objectives.interpolate(v["text"], beta, v["r"]).detach().numpy()
    save("objectives", out | {"classes": np.array(CLASSES, dtype=np.int64)})


def write_augmentation(images):
    """Rows of the data file cropped at 6, 6: digests per policy, forward and the gradient of a wave."""
    x = (images[:8, 6:70, 6:70, :].permute(0, 3, 1, 2).double() * (2 / 255) - 1).requires_grad_()
    policies = {"translation": (0.125, 0.0), "cutout": (0.0, 0.5), "both": (0.125, 0.5), "odd": (0.3, 0.42)}
    out, names = [], []
    for name, (translation, cutout) in policies.items():
        y = augment(x, seed=5, step=3, update=1, pass_number=2, translation=translation, cutout=cutout)
        (g,) = torch.autograd.grad((y * wave(torch.ones(8, 3, dtype=torch.float64))).sum(), x)
        for kind, value in (("output", y), ("gradient", g)):
            out.append(digest(value, NETWORK_ELEMENTS))
            names.append(f"{name} {translation} {cutout} {kind}")
    save("augmentation", {"digests": np.stack(out)}, {"names": "\n".join(names), "seed": 5, "step": 3, "update": 1, "pass": 2})


def write_noise():
    """Numbers of each kind at a place far from the origin of the counter."""
    place = dict(seed=0xDEADBEEF, step=70000, pass_word=5, rows=[0, 3, 4000], elements=11)
    out = {
        f"{name}.{purpose}": draw(purpose=purpose, **place)
        for purpose in (3, 4, 5, 6, 8)
        for name, draw in (("uniform", philox.uniform), ("normal", philox.normal))
    }
    save("noise", out, {**place, "rows": "0 3 4000"})


def write_steps(images, embeddings):
    """A file per case: options, plan, digests of the whole state after its steps; one case also the initial state."""
    for number, (name, (settings, seeking, rows, updates, mismatches, classes)) in enumerate(cases.cases().items()):
        options, rng = Options(**settings), np.random.default_rng(500 + number)
        trainer = Trainer(options, images, embeddings)
        out, kinds = {}, {"d": "discriminator", "g": "generator"}
        initial = np.stack([digest(v, STATE_ELEMENTS) for v in trainer.state().values()])
        columns = cases.plan_columns(rng, rows * STEPS, options.pairing, mismatches, classes)
        steps = [[(kinds[u], s * rows, rows) for u in updates] for s in range(STEPS)]
        plan = Plan({k: v.tolist() for k, v in columns.items()}, steps, 2e-4, seeking)
        trainer.run(plan, 0, STEPS)
        state = trainer.state()
        if options.guide_weight > 0:
            check_steady(state, Trainer(options, images, embeddings), plan)
        out |= {f"plan.{k}": v.astype(np.int32) for k, v in columns.items()}
        flat = [(0 if kind == "discriminator" else 1, first, count) for step in steps for kind, first, count in step]
        out["plan.updates"] = np.array(flat, dtype=np.int32)
        out["plan.stepStart"] = np.arange(0, len(flat) + 1, len(updates), dtype=np.int32)
        out["digests"] = np.stack([digest(v, STATE_ELEMENTS) for v in state.values()])
        if number % 8 == 0 or name in INITIAL_STATES:
            out["initial.digests"] = initial
        if name == FULL_STATE:
            out |= {f"state.{k}": v.numpy() for k, v in state.items() if not k.startswith("adam.")}
        metadata = {**asdict(options), "mode_seeking_weight": seeking, "learning_rate": 2e-4, "names": "\n".join(state)}
        save(f"steps-{name}", out, metadata)


def check_steady(state, trainer, plan):
    """No max pool and no threshold of the guide's network is decided by rounding: a trainer moved by a hair ends where the
    first did."""
    trainer.network = torch.nn.ModuleList(trainer.networks.values())
    encoder_fixtures.nudge(trainer).run(plan, 0, STEPS)
    encoder_fixtures.steady(state, trainer.state(), fine_tuning_fixtures.moments_of_rounding(state))


def main():
    self_check.check()
    torch.use_deterministic_algorithms(True)
    FOLDER.mkdir(exist_ok=True)
    for old in FOLDER.glob("*.safetensors"):
        old.unlink()
    images, embeddings = write_data(np.random.default_rng(1))
    for (family, kind), seed in NETWORK_SEEDS.items():
        write_network(np.random.default_rng(seed), family, kind)
    write_objectives(np.random.default_rng(2))
    write_augmentation(images)
    write_noise()
    write_steps(images, embeddings)
    feature_fixtures.write()
    encoder_fixtures.write()
    fine_tuning_fixtures.write()
    total = sum(f.stat().st_size for f in FOLDER.glob("*.safetensors"))
    print(f"{len(list(FOLDER.glob('*.safetensors')))} files, {total / 2**20:.2f} MiB, PyTorch {torch.__version__}")


if __name__ == "__main__":
    sys.exit(main())
