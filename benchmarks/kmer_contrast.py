"""Train a linear map of word counts by contrast: related proteins near, all others far.

A step draws pairs (query, one of its alignments) and asks each of the two proteins to find the
other among all that were drawn (InfoNCE, van den Oord et al. 2018); proteins that align with it
too do not count as wrong. Families weigh by the square root of their size, distant pairs more than
close ones. A later stage also draws neighbours of neighbours, asks for the order of bit scores,
and replaces some proteins by a stretch of them, as fragments and shared domains are.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import torch
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

    from benchmarks.kmer_pairs import Pairs

    Matrix = NDArray[np.float32]
    Rows = NDArray[np.int64]
    Counter = Callable[[Sequence[str]], csr_array[np.float32]]

TEMPERATURE = 0.06  # of the softmax over cosines
WARM_UP = 20  # steps in which the learning rate rises
BETAS = (0.9, 0.99)  # of Adam
# Weight of a pair by its identity: up to 20, 60, 80 and 100 %.
IDENTITIES, WEIGHTS = (20.0, 60.0, 80.0), (0.5, 1.0, 0.2, 0.05)
CROP_SHARES, SHORTEST_CROP = (0.35, 0.9), 60  # of a protein; residues


@dataclass(frozen=True, slots=True)
class Stage:
    """Settings of one run of training; ``rate`` falls to nothing along a cosine."""

    steps: int
    pairs: int  # in a step
    rate: float
    crops: float = 0.0  # share of proteins that are cut to a stretch
    order: float = 0.0  # softness of the order of bit scores; 0 leaves it out
    neighbours: bool = False  # whether half of the queries are hits of the others
    seed: int = 0


class Sampler:
    """Draw pairs of related proteins, and tell which proteins are related."""

    def __init__(self, pairs: Pairs, proteins: int, rng: np.random.Generator) -> None:
        """Index ``pairs``, which are sorted by query."""
        from scipy.sparse import csr_array

        self._rng, self._target = rng, pairs.target
        self.queries, self._start, count = np.unique(
            pairs.query, return_index=True, return_counts=True
        )
        self._count = count
        weight = np.array(WEIGHTS)[np.searchsorted(IDENTITIES, pairs.pident, side="right")]
        self._before = np.concatenate(([0.0], np.cumsum(weight)))
        self._total = np.add.reduceat(weight, self._start)
        share = np.minimum(self._total, 1) / np.sqrt(count)
        self._share = np.cumsum(share / share.sum())
        shape = (proteins, proteins)
        ones = np.ones(len(pairs.query), dtype=np.int8)
        either = csr_array((ones, (pairs.query, pairs.target)), shape=shape)
        self.related = ((either + either.T) > 0).tocsr()
        best = np.repeat(np.maximum.reduceat(pairs.bitscore, self._start), count)
        self.bits = csr_array((pairs.bitscore / best, (pairs.query, pairs.target)), shape=shape)

    def draw(self, number: int, *, neighbours: bool) -> tuple[Rows, Rows]:
        """Draw queries and a partner of each."""
        chosen = self._draw_queries(number // 2 if neighbours else number)
        if neighbours:
            near = np.searchsorted(self.queries, self._partners(chosen))
            near = np.minimum(near, len(self.queries) - 1)
            chosen = np.unique(np.concatenate([chosen, near]))
        return self.queries[chosen], self._partners(chosen)

    def _draw_queries(self, number: int) -> Rows:
        chosen = np.searchsorted(self._share, self._rng.random(number))
        return np.minimum(chosen, len(self.queries) - 1)

    def _partners(self, chosen: Rows) -> Rows:
        start = self._start[chosen]
        aim = self._before[start] + self._rng.random(len(chosen)) * self._total[chosen]
        found = np.searchsorted(self._before, aim, side="right") - 1
        return np.asarray(self._target[np.clip(found, start, start + self._count[chosen] - 1)])


def train(
    matrix: csr_array[np.float32],
    start: Matrix,
    sampler: Sampler,
    stage: Stage,
    crop: Callable[[Rows], csr_array[np.float32]] | None = None,
) -> Matrix:
    """Train a map from ``start``; ``crop`` gives the features of a stretch of some proteins."""
    import torch

    rng = np.random.default_rng(stage.seed)
    weights = torch.nn.Parameter(torch.from_numpy(start / np.sqrt((start**2).mean())))
    weights.grad = torch.zeros_like(weights)
    adam = torch.optim.Adam([weights], lr=stage.rate, betas=BETAS, eps=1e-12)
    for step in range(stage.steps):
        adam.param_groups[0]["lr"] = rate_at(step, stage)
        query, partner = sampler.draw(stage.pairs, neighbours=stage.neighbours)
        rows = np.concatenate([query, partner])
        drawn = matrix[rows]
        if crop is not None and stage.crops:
            drawn = with_crops(
                drawn, rows, np.flatnonzero(rng.random(len(rows)) < stage.crops), crop
            )
        vectors = torch.from_numpy(drawn @ weights.detach().numpy()).requires_grad_()
        value = loss(vectors, rows, sampler, stage)
        slope = torch.autograd.grad(value, vectors)[0].numpy()
        weights.grad.copy_(torch.from_numpy(drawn.T.tocsr() @ slope))
        adam.step()
        if step % 20 == 0:
            print(f"step {step}: loss {value.item():.3f}", flush=True)
    trained: Matrix = weights.detach().numpy()
    return trained


def rate_at(step: int, stage: Stage) -> float:
    """Return the learning rate of a step."""
    rising = min(1.0, (step + 1) / WARM_UP)
    return float(stage.rate * rising * (0.5 + 0.5 * np.cos(np.pi * step / stage.steps)) + 1e-5)


def with_crops(
    drawn: csr_array[np.float32],
    rows: Rows,
    cropped: Rows,
    crop: Callable[[Rows], csr_array[np.float32]],
) -> csr_array[np.float32]:
    """Replace the rows at the positions ``cropped`` by those of a stretch of their protein."""
    from scipy.sparse import csr_array, vstack

    if not len(cropped):
        return drawn
    order = np.arange(len(rows))
    order[cropped] = len(rows) + np.arange(len(cropped))
    return csr_array(vstack([drawn, crop(rows[cropped])], format="csr")[order])


def cut(sequence: str, rng: np.random.Generator) -> str:
    """Cut a random stretch out of a protein."""
    length = max(int(len(sequence) * rng.uniform(*CROP_SHARES)), min(len(sequence), SHORTEST_CROP))
    start = int(rng.integers(0, len(sequence) - length + 1))
    return sequence[start : start + length]


def loss(vectors: torch.Tensor, rows: Rows, sampler: Sampler, stage: Stage) -> torch.Tensor:
    """Return the contrastive loss; half of it asks for the order of bit scores, where set."""
    import torch
    from torch.nn.functional import cross_entropy, normalize

    unit = normalize(vectors, dim=1)
    half = len(rows) // 2
    partner = np.concatenate([np.arange(half, 2 * half), np.arange(half)])
    excused = sampler.related[rows][:, rows].toarray().astype(bool)
    excused |= rows[:, None] == rows[None, :]
    excused[np.arange(2 * half), partner] = False
    logits = unit @ unit.T / TEMPERATURE
    contrast = cross_entropy(
        logits.masked_fill(torch.from_numpy(excused), -1e9), torch.from_numpy(partner)
    )
    if not stage.order:
        return contrast
    return 0.5 * contrast + 0.5 * order_loss(logits[:half], rows, sampler, stage.order)


def order_loss(logits: torch.Tensor, rows: Rows, sampler: Sampler, softness: float) -> torch.Tensor:
    """Compare the softmax of cosines with that of bit scores, as shares of each query's best."""
    import torch

    queries = rows[: len(logits)]
    first = np.zeros(len(rows), dtype=bool)
    first[np.unique(rows, return_index=True)[1]] = True
    left_out = (queries[:, None] == rows[None, :]) | ~first[None, :]
    bits = np.where(left_out, 0, sampler.bits[queries][:, rows].toarray())
    wanted = np.where(bits > 0, np.exp((bits - 1) / softness), 0).astype(np.float32)
    wanted /= np.maximum(wanted.sum(axis=1, keepdims=True), 1e-9)
    found = torch.log_softmax(logits.masked_fill(torch.from_numpy(left_out), -1e4), dim=1)
    return -(torch.from_numpy(wanted) * found).sum(dim=1).mean()
