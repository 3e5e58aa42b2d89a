"""Trains something small on a dataset: logistic regression of the first label on the last row of each window.

Usage: train_small.py SET

With torch it goes through the Dataset of the card's own lines; without, the same model in numpy. Prints the loss of
the first and the last epoch, and fails unless it falls.
"""

import importlib.util
import os
import sys

import numpy as np

os.chdir(sys.argv[1])
card = open("README.md", encoding="utf-8").read()
blocks = [block.split("```")[0] for block in card.split("```python\n")[1:]]
has_torch = importlib.util.find_spec("torch") is not None


def with_torch():
    import torch

    torch.manual_seed(1)
    scope = {"__name__": "card"}
    exec(next(block for block in blocks if "torch" in block), scope)
    samples = scope["Samples"]("train")
    # A thousand samples teach enough; torch is handed them one by one.
    some = torch.utils.data.Subset(samples, range(0, len(samples), max(1, len(samples) // 1000)))
    loader = torch.utils.data.DataLoader(some, batch_size=50, shuffle=True)
    model = torch.nn.Linear(samples.features.shape[-1], 3)
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    losses = []
    for _ in range(6):
        total = count = 0
        for features, mask, labels, label_mask in loader:
            known = label_mask[:, 0] == 1
            if not known.any():
                continue
            x = (features * mask)[known, -1].float()
            loss = torch.nn.functional.cross_entropy(model(x), (labels[known, 0] + 1).long())
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total, count = total + loss.item() * len(x), count + len(x)
        losses.append(total / count)
    return losses


def with_numpy():
    load = lambda name: np.load(f"npy/train/{name}.npy", mmap_mode="r")
    window = int(card.split("windows of ")[1].split(" ")[0])
    known = load("label_mask")[:, 0] == 1
    last = load("window_start")[known] + window - 1
    x = np.asarray(load("features")[last] * load("mask")[last], dtype=np.float64)
    x = np.hstack([x, np.ones((len(x), 1))])
    y = np.eye(3)[(load("labels")[known, 0] + 1).astype(int)]
    weights = np.zeros((x.shape[1], 3))
    rate = 1 / max(1.0, np.square(x).sum(axis=1).mean())
    losses = []
    for _ in range(200):
        scores = x @ weights
        scores -= scores.max(axis=1, keepdims=True)
        chances = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
        losses.append(-np.log(np.maximum((chances * y).sum(axis=1), 1e-300)).mean())
        weights -= rate * x.T @ (chances - y) / len(x)
    return losses


losses = with_torch() if has_torch else with_numpy()
assert all(np.isfinite(losses)), losses
assert losses[-1] < 0.99 * losses[0], losses
print(f"{'torch' if has_torch else 'numpy'}: loss {losses[0]:.4f} falls to {losses[-1]:.4f}")
