"""Writes classifier.safetensors and classifier-expected.npz: a PyTorch model, and what it computes. See README.md."""
import pathlib

import numpy as np
import torch
from safetensors.torch import save_file
from torch import nn

HERE = pathlib.Path(__file__).parent


class Classifier(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(64, 16)
        self.norm = nn.LayerNorm(16)
        self.fc2 = nn.Linear(16, 16)
        self.fc3 = nn.Linear(16, 10)

    def forward(self, x):
        h = torch.relu(self.fc1(x))
        h = h + nn.functional.gelu(self.fc2(self.norm(h)))
        return self.fc3(h)


torch.manual_seed(0)
model = Classifier()
optimizer = torch.optim.Adam(model.parameters(), 1e-2)
for _ in range(50):
    x = torch.rand(256, 64)
    label = (x.reshape(-1, 8, 8).sum(2).argmax(1) + (x[:, 0] > 0.5)).long()
    loss = nn.functional.cross_entropy(model(x), label)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()

save_file(model.state_dict(), HERE / "classifier.safetensors")
with torch.no_grad():
    x = torch.rand(20, 64)
    logits = model(x)
    np.savez(HERE / "classifier-expected.npz", x=x.numpy(), logits=logits.numpy(), probabilities=torch.softmax(logits, 1).numpy())
