"""The fixtures of the feature network; `make_fixtures.py` calls `write`, and so does `python test/parity/feature_fixtures.py`.

torchvision 0.26 says what GoogLeNet's features are; the small variant is `oracle/googlenet.py`, which this script first
holds against torchvision where both know the architecture.
"""

import sys
from pathlib import Path

import numpy as np
import torch
import torchvision
from safetensors.numpy import load_file, save_file

from oracle import classification, feature_weights, views
from oracle.digest import digest
from oracle.googlenet import FeatureNetwork

FOLDER = Path(__file__).parent / "fixtures"
ELEMENTS = 59
HEADS, WEIGHTS = (7, 5, 4), (1.0, 0.5, 2.0)


def save(name, tensors, metadata):
    arrays = {k: np.asarray(v, order="C") for k, v in tensors.items()}
    save_file(arrays, FOLDER / f"{name}.safetensors", metadata={k: str(v) for k, v in metadata.items()})


def random_rows(rng, images, count, crop_size):
    largest = images.shape[1] - crop_size
    columns = (len(images), largest + 1, largest + 1, 2)
    return np.stack([rng.integers(0, n, count) for n in columns], axis=1).astype(np.int32)


def write_torchvision(images):
    """Features and logits of torchvision's network in float64, evaluation mode, as it is used with its released weights."""
    network = torchvision.models.googlenet(weights=None, init_weights=False, aux_logits=True, transform_input=True)
    state = network.state_dict()
    network.double().eval()
    feature_weights.fill(network)
    rows = random_rows(np.random.default_rng(41), images, 3, 64)
    pictures = (views.look(images, rows.tolist(), 64, 224, torch.float64) + 1) / 2
    mean, deviation = (torch.tensor(v)[:, None, None] for v in ((0.485, 0.456, 0.406), (0.229, 0.224, 0.225)))
    found = {}
    network.avgpool.register_forward_hook(lambda _, __, out: found.update(features=out.flatten(1)))
    with torch.no_grad():
        logits = network((pictures - mean) / deviation)
    out = {"views": rows, "features": found["features"].float().numpy(), "logits": logits.float().numpy()}
    # The state dict without its values: name and shape, a line each.
    lines = [" ".join([name, *map(str, value.shape)]) for name, value in state.items()]
    save("features-torchvision", out, {"state": "\n".join(lines), "weightsSeed": feature_weights.SEED})


def check_against_torchvision():
    ours = FeatureNetwork("googlenet", [])
    theirs = torchvision.models.googlenet(weights=None, init_weights=False, aux_logits=False, transform_input=False)
    theirs.fc = torch.nn.Identity()
    theirs.dropout = torch.nn.Identity()
    feature_weights.fill(ours)
    feature_weights.fill(theirs)
    x = torch.randn(3, 3, 97, 97, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
    for training in (False, True):
        a, b = (n.double().train(training) for n in (ours, theirs))
        with torch.no_grad():
            left, right = a.features(x), b(x)
        assert torch.allclose(left, right, rtol=1e-12, atol=1e-12), (left - right).abs().max()


def write_views(images):
    """Enlarged, shrunk and left alone, in both dtypes."""
    out, names = {}, []
    rows = random_rows(np.random.default_rng(42), images, 5, 40)
    digests = []
    for input_size in (40, 57, 23):
        for dtype in (torch.float32, torch.float64):
            digests.append(digest(views.look(images, rows.tolist(), 40, input_size, dtype), ELEMENTS))
            names.append(f"{input_size} {str(dtype)[6:]}")
    out |= {"views": rows, "digests": np.stack(digests)}
    save("features-views", out, {"names": "\n".join(names), "cropSide": 40})


def write_training(images):
    """Loss, gradients, running statistics and evaluation of the small network, in both dtypes.

    Few rows of the smallest size: with more, rounding alone decides some ReLU or max pool the other way, and float32
    gradients of the two sides differ by far more than rounding.
    """
    rng = np.random.default_rng(43)
    rows, count = random_rows(rng, images, 4, 40), 4
    labels = np.stack([rng.integers(0, k, count) for k in HEADS], axis=1).astype(np.int32)
    labels[[1, 3], 1] = -1
    labels[:, 2] = -1
    out = {"views": rows, "labels": labels}
    for dtype in (torch.float32, torch.float64):
        results = run_training(images, rows, torch.from_numpy(labels).long(), dtype)
        out[f"{str(dtype)[6:]}.digests"] = np.stack([digest(v, ELEMENTS) for v in results.values()])
    metadata = {"names": "\n".join(results), "heads": " ".join(map(str, HEADS)), "weights": " ".join(map(str, WEIGHTS))}
    save("features-training", out, metadata)


def run_training(images, rows, labels, dtype):
    network = FeatureNetwork("googlenet-small", HEADS)
    network.to(dtype).train()
    feature_weights.fill(network)
    x = views.look(images, rows.tolist(), 40, 32, dtype).requires_grad_()
    features, logits = network(x)
    loss, heads = classification.loss(logits, labels, WEIGHTS)
    parameters = dict(network.named_parameters())
    gradients = torch.autograd.grad(loss, [x, *parameters.values()])
    results = {"features": features, "loss": loss.reshape(1), "gradient.input": gradients[0]}
    for h, l in enumerate(logits):
        accuracy = classification.accuracy(l, labels[:, h])
        results |= {f"logits.{h}": l, f"loss.{h}": heads[h].reshape(1)}
        if accuracy is not None:
            results[f"accuracy.{h}"] = torch.tensor([accuracy])
    results |= {f"gradient.{n}": g for n, g in zip(parameters, gradients[1:])}
    results |= {n: b.double() for n, b in network.named_buffers()}
    network.eval()
    with torch.no_grad():
        results["evaluation.features"] = network.features(x)
    return results


def write():
    torch.use_deterministic_algorithms(True)
    images = torch.from_numpy(load_file(FOLDER / "data.safetensors")["images"])
    check_against_torchvision()
    write_torchvision(images)
    write_views(images)
    write_training(images)


if __name__ == "__main__":
    sys.exit(write())
