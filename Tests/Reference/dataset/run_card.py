"""Runs every block of Python in a dataset's card, in the dataset's folder, and looks at what was loaded.

Usage: run_card.py SET WINDOW
"""

import importlib.util
import os
import sys

folder, window = sys.argv[1], int(sys.argv[2])
os.chdir(folder)
blocks = [b.split("```")[0] for b in open("README.md").read().split("```python\n")[1:]]
ran = []
for block in blocks:
    if "torch" in block and importlib.util.find_spec("torch") is None:
        # Without torch the Dataset itself still runs, on a stand-in of the three names it uses.
        import types
        import numpy as np

        torch = types.ModuleType("torch")
        data = types.SimpleNamespace(Dataset=object)
        torch.utils = types.SimpleNamespace(data=data)
        torch.from_numpy = lambda a: a

        class Loader:
            def __init__(self, samples, batch_size, shuffle):
                self.samples, self.size = samples, batch_size

            def __iter__(self):
                items = [self.samples[n] for n in range(min(self.size, len(self.samples)))]
                yield tuple(np.stack(a) for a in zip(*items))

        data.DataLoader = Loader
        sys.modules["torch"] = torch
    scope = {"__name__": "card"}
    exec(block, scope)
    if "torch" in block:
        assert scope["features"].shape[1] == window and len(scope["features"].shape) == 3
        assert scope["labels"].shape == scope["label_mask"].shape
        ran.append("torch")
    elif "np.load" in block:
        assert scope["x"].shape[0] == window
        ran.append("numpy")
    elif "load_file" in block:
        assert scope["features"].size > 0
        ran.append("safetensors")
    elif "polars" in block:
        assert len(scope["train"]) > 0 and "symbol" in scope["train"].columns
        ran.append("polars")
    elif "duckdb" in block:
        assert len(scope["train"]["ts"]) > 0
        ran.append("duckdb")
print(" ".join(ran))
