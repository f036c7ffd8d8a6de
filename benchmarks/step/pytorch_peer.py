"""PyTorch's side of the paired step benchmark: one GAN-INT-CLS step of the authors' pairing at its best flags.

Channels last, fused Adam, the fake drawn without a graph, no gradients of D in G's update. Reads `step N` lines on
stdin, runs N steps, answers the seconds as JSON. `--check` holds one step against the oracle of test/parity instead.
"""

import argparse
import json
import sys
import time
from pathlib import Path

import torch
from safetensors import safe_open
from torch.nn.functional import softplus

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "test" / "parity"))
from oracle.networks import FAMILIES  # noqa: E402
from oracle.weights import initialize  # noqa: E402


class Peer:
    """The step as a PyTorch user would write it; `noise(rows)` is where its random numbers come from."""

    def __init__(self, sizes, images, embeddings, memory_format, noise, dtype=torch.float32):
        self.images, self.embeddings, self.noise = images, embeddings, noise
        self.memory_format, self.dtype = memory_format, dtype
        generator, discriminator = FAMILIES["reed2016"]
        self.g = generator(sizes["ngf"], sizes["nz"], sizes["nt"], sizes["d"])
        self.d = discriminator(sizes["ndf"], sizes["nt"], sizes["d"])
        for network, prefix in ((self.g, "generator."), (self.d, "discriminator.")):
            initialize(network.to(dtype), prefix, 1)
            network.to(memory_format=memory_format).train()
        settings = dict(lr=2e-4, betas=(0.5, 0.999), eps=1e-8, fused=True)
        self.g_adam = torch.optim.Adam(self.g.parameters(), **settings)
        self.d_adam = torch.optim.Adam(self.d.parameters(), **settings)

    def pictures(self, index, x, y, flip):
        offset = torch.arange(64)
        columns = x[:, None] + torch.where(flip[:, None] == 1, 63 - offset, offset)
        rows = y[:, None] + offset
        pixels = self.images[index[:, None, None], rows[:, :, None], columns[:, None, :]]
        batch = pixels.to(self.dtype).mul_(2 / 255).sub_(1).permute(0, 3, 1, 2)
        return batch.contiguous(memory_format=self.memory_format)

    def judge(self, images, text):
        return self.d.head(self.d.trunk(images), text)

    def step(self, plan):
        """`plan`: int64 columns of one batch. Returns both losses as tensors, so that nothing waits for them."""
        text = self.embeddings[plan["captions"]].to(self.dtype).mean(1)
        real = self.pictures(plan["image"], plan["cropX"], plan["cropY"], plan["flip"])
        wrong = self.pictures(*(plan[f"mismatched{n}"] for n in ("Image", "CropX", "CropY", "Flip")))
        return self.update_d(real, wrong, text), self.update_g(text)

    def update_d(self, real, wrong, text):
        with torch.no_grad():
            fake = self.g(self.noise(len(text)), text)
        loss = softplus(-self.judge(real, text)).mean()
        loss = loss + 0.5 * softplus(self.judge(wrong, text)).mean() + 0.5 * softplus(self.judge(fake, text)).mean()
        self.d_adam.zero_grad(set_to_none=True)
        loss.backward()
        self.d_adam.step()
        return loss.detach()

    def update_g(self, text):
        a, b = text.chunk(2)
        texts = torch.cat([text, 0.5 * a + 0.5 * b])
        self.d.requires_grad_(False)
        loss = softplus(-self.judge(self.g(self.noise(len(texts)), texts), texts)).mean()
        self.d.requires_grad_(True)
        self.g_adam.zero_grad(set_to_none=True)
        loss.backward()
        self.g_adam.step()
        return loss.detach()


def check():
    """One float64 step of this peer and of the oracle end in the same weights."""
    from oracle import cases, philox
    from oracle.trainer import Options, Plan, Trainer

    options = Options(family="reed2016", seed=1, **cases.SIZES)
    torch.manual_seed(0)
    images = torch.randint(0, 256, (cases.IMAGE_COUNT, 76, 76, 3), dtype=torch.uint8)
    embeddings = torch.randn(36, options.text_size)
    columns = {n: torch.randint(0, 12, (6,)) for n in ("image", "cropX", "cropY", "mismatchedImage", "mismatchedCropX", "mismatchedCropY")}
    columns |= {n: torch.randint(0, 2, (6,)) for n in ("flip", "mismatchedFlip")}
    columns["captions"] = torch.randint(0, 36, (6, 4))
    oracle = Trainer(options, images, embeddings)
    updates = [[("discriminator", 0, 6), ("generator", 0, 6)]]
    oracle.run(Plan({k: v.tolist() for k, v in columns.items()}, updates, 2e-4), 0, 1)
    purposes = iter((philox.DISCRIMINATOR_NOISE, philox.GENERATOR_NOISE))

    def noise(rows):
        return torch.from_numpy(philox.normal(1, next(purposes), 0, 1 if rows > 6 else 0, range(rows), options.noise_size))

    sizes = dict(ngf=4, ndf=4, nz=options.noise_size, nt=options.projected_text_size, d=options.text_size)
    peer = Peer(sizes, images, embeddings, torch.channels_last, noise, torch.float64)
    peer.step(columns)
    for ours, theirs in ((peer.g, oracle.generator), (peer.d, oracle.discriminator)):
        for name, value in theirs.state_dict().items():
            difference = (ours.state_dict()[name] - value).abs().max().item()
            assert difference < 1e-9, (name, difference)
    print("the peer's step is the oracle's")


def serve(arguments):
    torch.set_num_threads(arguments.threads)
    with safe_open(arguments.data, "pt") as file:
        images, embeddings = file.get_tensor("images"), file.get_tensor("sentence")
        plan = {k: file.get_tensor(k).long() for k in file.keys() if k not in ("images", "sentence")}
    sizes = json.loads(arguments.sizes)
    memory_format = torch.channels_last if arguments.memory_format == "channels_last" else torch.contiguous_format
    peer = Peer(sizes, images, embeddings, memory_format, lambda rows: torch.randn(rows, sizes["nz"]))
    rows, position = sizes["batch"], 0
    print(json.dumps({"ready": torch.__version__, "threads": torch.get_num_threads()}), flush=True)
    for line in sys.stdin:
        start = time.perf_counter()
        for _ in range(int(line.split()[1])):
            first = position * rows % (len(plan["image"]) // rows * rows)
            losses = peer.step({k: v[first : first + rows] for k, v in plan.items()})
            position += 1
        losses = [loss.item() for loss in losses]
        print(json.dumps({"seconds": time.perf_counter() - start, "losses": losses}), flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--data")
    parser.add_argument("--sizes")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--memory-format", default="channels_last", choices=["channels_last", "contiguous"])
    arguments = parser.parse_args()
    return check() if arguments.check else serve(arguments)


if __name__ == "__main__":
    main()
