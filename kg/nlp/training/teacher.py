"""A pre-trained encoder learns the annotated attributions first, and teaches them to the tagger's network.

What a small network learns from annotations alone is limited by what it sees of a sentence, and by what the annotators
happened to mark. A teacher that has read billions of words sees more, and its chances say where they were in doubt
(distillation: Hinton, Vinyals and Dean 2015). Two teachers learn from a half of the articles each. Every half is then
judged by the one that has not seen it, and articles that nobody has annotated by both. This needs PyTorch and
transformers, which the trained network does not.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import torch
from torch import nn

from kg.nlp.roles.network import ARGUMENT_LABELS, CUE_LABELS, rows_of
from kg.nlp.roles.tagger import cues_of
from kg.nlp.roles.tokens import ROWS
from kg.nlp.roles.windows import ARGUMENT_ROWS, windows_of
from kg.nlp.training.examples import Example, batches

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from kg.nlp.roles.tokens import Ids, Tokens
    from kg.nlp.roles.windows import Windows
    from kg.nlp.training.pieces import Pieces, Run

    Floats = NDArray[np.float32]
    Log = Callable[[str], None]
    Tensor = Any

_EPOCHS: Final = 2
_BATCH: Final = 1300
"""Tokens of a batch, at least."""
_RATE: Final = 1.5e-4
"""Of the encoder; the layers on it, which know nothing yet, learn faster by the next number."""
_FASTER: Final = 8
_WARM_UP: Final = 80
_LEAST_RATE: Final = 0.02
_DROPOUT: Final = 0.15
_WIDTH: Final = 192
"""Of the layers that label a cue's window."""
_EMBEDDING: Final = 12
_FARTHEST: Final = 80
"""Tokens from the cue that are told apart."""
_TOGETHER: Final = 24
"""Windows of about the same length that are labelled side by side."""
_POSSIBLE: Final = 0.3
"""The least chance of a cue whose arguments are judged in articles without annotations."""
_ANNOTATED: Final = 0.4
"""How far annotations count beside the teacher's word."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """An example as a teacher reads it."""

    example: Example
    runs: list[Run]

    @property
    def tokens(self) -> Tokens:
        """Those of the example."""
        return self.example.tokens


class Columns(nn.Module):  # type: ignore[misc]
    """The features of the tagger as one vector: (n, len(tables)) numbers → (n, out)."""

    def __init__(self, tables: Sequence[int], out: int) -> None:
        super().__init__()
        self._tables = tables
        self.embedding = nn.Embedding(sum(tables), _EMBEDDING)
        nn.init.normal_(self.embedding.weight, std=0.05)
        self.linear = nn.Linear(len(tables) * _EMBEDDING, out)

    def forward(self, columns: Ids) -> Tensor:
        """Some columns are left out while learning."""
        found = self.embedding(torch.as_tensor(rows_of(columns, self._tables))).sum(2)
        kept = nn.functional.dropout(torch.ones(found.shape[:2]), _DROPOUT, self.training)
        return self.linear((found * kept[:, :, None]).flatten(1))


class Teacher(nn.Module):  # type: ignore[misc]
    """An encoder with a layer that labels tokens, and one that labels the windows of cues."""

    def __init__(self, folder: Path, vectors: int) -> None:
        from transformers import AutoModel  # noqa: PLC0415

        super().__init__()
        self.encoder = AutoModel.from_pretrained(folder, add_pooling_layer=False, attn_implementation="eager")
        self.encoder.embeddings.requires_grad_(False)
        width = self.encoder.config.hidden_size
        self.columns, self.vectors = Columns(ROWS, width), nn.Linear(vectors, width)
        self.labels = nn.Sequential(
            nn.LayerNorm(width), nn.Dropout(_DROPOUT), nn.Linear(width, width), nn.GELU(), nn.Dropout(_DROPOUT),
            nn.Linear(width, len(CUE_LABELS)),
        )  # fmt: skip
        self.argument_columns = Columns(ARGUMENT_ROWS, _WIDTH)
        self.of_token, self.of_cue = nn.Linear(width, _WIDTH), nn.Linear(width, _WIDTH)
        self.distance = nn.Embedding(2 * _FARTHEST + 1, _WIDTH)
        nn.init.normal_(self.distance.weight, std=0.05)
        self.norm = nn.LayerNorm(_WIDTH)
        layer = nn.TransformerEncoderLayer(_WIDTH, 4, 2 * _WIDTH, _DROPOUT, "gelu", batch_first=True, norm_first=True)
        self.window = nn.TransformerEncoder(layer, 2, enable_nested_tensor=False)
        self.argument_labels = nn.Sequential(
            nn.LayerNorm(_WIDTH), nn.Dropout(_DROPOUT), nn.Linear(_WIDTH, len(ARGUMENT_LABELS))
        )

    def tokens(self, read: Sequence[tuple[Tokens, list[Run]]]) -> tuple[Tensor, Tensor]:
        """What is known of all tokens of some articles, (n, width), and the scores of their labels."""
        runs = [run for _, own in read for run in own]
        longest = max(len(run.ids) for run in runs)
        ids = torch.zeros(len(runs), longest, dtype=torch.long)
        mask = torch.zeros_like(ids)
        for row, run in enumerate(runs):
            ids[row, : len(run.ids)] = torch.as_tensor(run.ids)
            mask[row, : len(run.ids)] = 1
        seen = self.encoder(input_ids=ids, attention_mask=mask).last_hidden_state
        hidden = torch.cat([seen[row][torch.as_tensor(run.first)] for row, run in enumerate(runs)]).float()
        hidden = hidden + self.columns(np.concatenate([t.columns for t, _ in read]))
        hidden = hidden + self.vectors(torch.as_tensor(np.concatenate([t.vectors for t, _ in read])))
        return hidden, self.labels(hidden)

    def arguments(self, hidden: Tensor, windows: Sequence[tuple[Windows, int]]) -> Tensor:
        """The scores of the labels of the rows of some windows, each with the number of its article's first token."""
        token = np.concatenate([w.token + first for w, first in windows])
        head = np.concatenate([(w.heads + first)[w.cue] for w, first in windows])
        distance = np.clip(token - head, -_FARTHEST, _FARTHEST) + _FARTHEST
        values = self.of_token(hidden)[torch.as_tensor(token)] + self.of_cue(hidden)[torch.as_tensor(head)]
        values = values + self.argument_columns(np.concatenate([w.columns for w, _ in windows]))
        values = self.norm(values + self.distance(torch.as_tensor(distance))).float()
        sizes = np.concatenate([np.bincount(w.cue, minlength=len(w.heads)) for w, _ in windows])
        starts = np.cumsum(sizes) - sizes
        done, order = [], []
        for together in np.array_split(np.argsort(sizes, kind="stable"), max(1, len(sizes) // _TOGETHER)):
            rows = np.concatenate([np.arange(starts[c], starts[c] + sizes[c]) for c in together])
            longest = int(sizes[together].max())
            place = np.repeat(np.arange(len(together)) * longest - starts[together], sizes[together]) + rows
            at = torch.as_tensor(place)
            padded = torch.zeros(len(together) * longest, _WIDTH).index_put((at,), values[torch.as_tensor(rows)])
            empty = torch.ones(len(padded), dtype=torch.bool).index_fill(0, at, value=False)
            shape = len(together), longest
            found = self.window(padded.view(*shape, -1), src_key_padding_mask=empty.view(shape))
            done.append(found.reshape(len(padded), -1)[at].float())
            order.append(rows)
        back = torch.as_tensor(np.argsort(np.concatenate(order)))
        return self.argument_labels(torch.cat(done)[back])


def learn(folder: Path, lessons: Sequence[Lesson], seed: int, log: Log) -> Teacher:
    """A teacher that has learned from annotated articles."""
    torch.manual_seed(seed)
    lessons, shuffler = list(lessons), random.Random(seed)
    teacher = Teacher(folder, lessons[0].tokens.vectors.shape[1])
    own = {name for name, _ in teacher.named_parameters() if not name.startswith("encoder.")}
    groups: list[list[Any]] = [[], []]
    for name, parameter in teacher.named_parameters():
        if parameter.requires_grad:
            groups[name in own].append(parameter)
    optimizer = torch.optim.AdamW([{"params": group} for group in groups], weight_decay=0.01)
    total, seen, step = _EPOCHS * sum(len(lesson.tokens) for lesson in lessons), 0, 0
    teacher.train()
    for epoch in range(_EPOCHS):
        shuffler.shuffle(lessons)
        losses = []
        for batch in batches(lessons, _BATCH):
            step += 1
            rate = _RATE * min(1.0, step / _WARM_UP) * max(_LEAST_RATE, 1 - seen / total)
            for group, faster in zip(optimizer.param_groups, (1, _FASTER), strict=True):
                group["lr"] = rate * faster
            loss = _loss(teacher, batch)
            loss.backward()
            nn.utils.clip_grad_norm_(teacher.parameters(), 1.0)
            optimizer.step()
            optimizer.zero_grad()
            losses.append(loss.item())
            seen += sum(len(lesson.tokens) for lesson in batch)
        log(f"teacher, epoch {epoch + 1}: loss {np.mean(losses):.4f}")
    teacher.eval()
    return teacher


def _loss(teacher: Teacher, batch: Sequence[Lesson]) -> Tensor:
    firsts = np.cumsum([0, *(len(lesson.tokens) for lesson in batch)]).tolist()
    read = [(lesson.example, first) for lesson, first in zip(batch, firsts, strict=False)]
    seen = [(e.windows, first) for e, first in read if e.windows is not None]
    with torch.autocast("cpu", torch.bfloat16):
        hidden, scores = teacher.tokens([(lesson.tokens, lesson.runs) for lesson in batch])
        inner = teacher.arguments(hidden, seen) if seen else None
    wanted = torch.as_tensor(np.concatenate([lesson.example.targets for lesson in batch]))
    loss = nn.functional.cross_entropy(scores.float(), wanted)
    if inner is not None:
        wanted = torch.as_tensor(np.concatenate([e.argument_targets for e, _ in read]))
        loss = loss + nn.functional.cross_entropy(inner.float(), wanted)
    return loss


def _judged(teachers: Sequence[Teacher], t: Tokens, runs: list[Run], seen: Windows | None = None) -> Example:
    """What teachers think of an article, on average: of the windows given, else of those of the cues that they see."""
    with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
        read = [teacher.tokens([(t, runs)]) for teacher in teachers]
        chances = _mean([scores for _, scores in read])
        if seen is None:
            cues = [cue for cue, _ in cues_of(t, np.ascontiguousarray(chances[:, 1:3]), _POSSIBLE)]
            seen = windows_of(t, cues) if cues else None
        if seen is None:
            return Example(t, chances, None, np.zeros((0, len(ARGUMENT_LABELS)), dtype=np.float32))
        scores = [teacher.arguments(hidden, [(seen, 0)]) for teacher, (hidden, _) in zip(teachers, read, strict=True)]
        return Example(t, chances, seen, _mean(scores))


def _mean(scores: Sequence[Tensor]) -> Floats:
    """The chances that scores stand for, their mean."""
    return np.asarray(torch.stack([own.float().softmax(-1) for own in scores]).mean(0).numpy())


def teach(
    pieces: Pieces, examples: Sequence[Example], halves: Sequence[int], unread: Sequence[Tokens], log: Log
) -> list[Example]:
    """What the network learns from: annotated examples with what a teacher thinks of them, and `unread` articles.

    `halves` tells for each example the half, 0 or 1, to which its article belongs.
    """
    torch.set_flush_denormal(True)
    lessons = [Lesson(example, pieces(example.tokens)) for example in examples]
    teachers = [
        learn(pieces.folder, [own for own, half in zip(lessons, halves, strict=True) if half != kept], kept, log)
        for kept in (0, 1)
    ]
    taught = [_blended(lesson, teachers[half]) for lesson, half in zip(lessons, halves, strict=True)]
    log(f"{len(unread)} articles without annotations")
    return taught + [_judged(teachers, t, pieces(t)) for t in unread]


def _blended(lesson: Lesson, teacher: Teacher) -> Example:
    """An example whose targets lie between its annotations and what a teacher thinks."""
    example = lesson.example
    judged = _judged([teacher], example.tokens, lesson.runs, example.windows)
    blend = (1 - _ANNOTATED, _ANNOTATED)
    arguments = example.argument_targets
    if example.windows is not None:
        arguments = blend[0] * judged.argument_targets + blend[1] * arguments
    return replace(
        example,
        targets=(blend[0] * judged.targets + blend[1] * example.targets).astype(np.float32),
        argument_targets=arguments.astype(np.float32),
    )
