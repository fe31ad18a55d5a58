"""Trains the classifier of triage with scikit-learn. Imported by commands and the worker only, never by web processes."""

import hashlib
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from satuklik.spine.intake.rules.classifier import Model, document_frequencies, features
from satuklik.spine.intake.rules.kinds import RULES_THRESHOLD
from satuklik.spine.intake.rules.measuring import Decided, Labelled, threshold
from satuklik.spine.intake.rules.reading import Reading
from satuklik.spine.intake.rules.triage import Triage

FEWEST_ROWS = 60
FEWEST_OF_A_KIND = 5
MOST_FEATURES = 30_000
FOLDS = 4
TEMPERATURES = [0.3 + 0.1 * step for step in range(40)]
FEWEST_TICKETS_OF_AN_OFFICE = 3


class TooFewRows(ValueError):
    """There is not enough to learn from; carries what there is."""

    def __init__(self, rows: int, kinds: int) -> None:
        super().__init__(
            f"{rows} usable rows of {kinds} kinds: at least {FEWEST_ROWS} rows and two kinds with {FEWEST_OF_A_KIND} each."
        )
        self.rows, self.kinds = rows, kinds


def train(rows: Sequence[Labelled], pipeline: Triage, *, origin: str, version: str) -> Model:
    """A calibrated model of these rows. `pipeline` gives the rules (its own model is not used). Raises TooFewRows."""
    counted = Counter(row.kind for row in rows)
    used = [row for row in rows if counted[row.kind] >= FEWEST_OF_A_KIND and row.text.strip()]
    if len(used) < FEWEST_ROWS or len({row.kind for row in used}) < 2:
        raise TooFewRows(len(used), len({row.kind for row in used}))
    rules = replace(pipeline, model=None)
    readings = [rules.read(row.text) for row in used]
    pseudo = [_pseudo(rules, reading) for reading in readings]
    documents = [features(reading, extra) for reading, extra in zip(readings, pseudo, strict=True)]
    model = _fitted(used, documents)
    scores, right = _unseen(used, documents)
    temperature = min(TEMPERATURES, key=lambda one: _loss(scores, right, one))
    decisions = [
        Decided(row, model.kinds[int(score.argmax())], _largest(score, temperature), True, ())
        for row, score in zip(used, scores, strict=True)
    ]
    digest = hashlib.sha256(
        "\0".join(f"{row.kind}\t{row.agency}\t{row.text}" for row in used).encode()
    ).hexdigest()
    about = {
        "rows": len(used), "origin": origin, "digest": digest, "persons": len({row.person for row in used if row.person}),
        "accuracy_unseen": round(sum(one.kind == one.right.kind for one in decisions) / len(decisions), 4),
    }  # fmt: skip
    return replace(
        model, temperature=round(temperature, 2), threshold=threshold(decisions), version=f"{version}-{digest[:8]}",
        about=about,
    )  # fmt: skip


def _pseudo(rules: Triage, reading: Reading) -> list[str]:
    signals = rules.watch.look(reading)
    return rules.pseudo(signals, rules.cues.decide(reading, signals)[0])


def _fitted(rows: Sequence[Labelled], documents: Sequence[Counter[str]]) -> Model:
    import numpy as np

    seen = document_frequencies(documents)
    fewest = 2 if len(rows) > 200 else 1
    names = [name for name, count in seen.most_common(MOST_FEATURES) if count >= fewest]
    vocabulary = {name: place for place, name in enumerate(names)}
    idf = np.array([math.log((1 + len(rows)) / (1 + seen[name])) + 1 for name in names], dtype=np.float32)
    matrix = _matrix(documents, vocabulary, idf)
    kinds, kinds_w, kinds_b = _regression(matrix, [row.kind for row in rows], 8.0)
    offices: tuple[str, ...] = ()
    offices_w, offices_b = np.zeros((len(names), 0), dtype=np.float32), np.zeros(0, dtype=np.float32)
    held = Counter(row.agency for row in rows if row.agency)
    places = [place for place, row in enumerate(rows) if held[row.agency] >= FEWEST_TICKETS_OF_AN_OFFICE]
    if len({rows[place].agency for place in places}) > 1:
        offices, offices_w, offices_b = _regression(
            matrix[places], [rows[place].agency for place in places], 30.0
        )
    return Model(vocabulary, idf, kinds, kinds_w, kinds_b, offices, offices_w, offices_b, 1.0, 0.6, "", {})


def _matrix(documents: Sequence[Counter[str]], vocabulary: dict[str, int], idf: Any) -> Any:
    """The vectors of the documents, by the very function that reads messages later."""
    import numpy as np
    from scipy.sparse import csr_matrix

    rows, columns, values = [], [], []
    for number, document in enumerate(documents):
        blocks: dict[bool, list[tuple[int, float]]] = {True: [], False: []}
        for name, count in document.items():
            place = vocabulary.get(name)
            if place is not None:
                blocks[name[0] == "\t"].append((place, (1 + math.log(count)) * float(idf[place])))
        for block in blocks.values():
            norm = math.sqrt(sum(value * value for _, value in block)) or 1.0
            for place, value in block:
                rows.append(number)
                columns.append(place)
                values.append(value / norm)
    shape = (len(documents), len(vocabulary))
    return csr_matrix((np.array(values, dtype=np.float32), (rows, columns)), shape=shape)


def _regression(matrix: Any, labels: Sequence[str], strength: float) -> tuple[tuple[str, ...], Any, Any]:
    import numpy as np
    from sklearn.linear_model import LogisticRegression

    fitted = LogisticRegression(C=strength, class_weight="balanced", max_iter=200, tol=1e-3).fit(
        matrix, list(labels)
    )
    weights, offsets = fitted.coef_.T, fitted.intercept_
    if len(fitted.classes_) == 2:  # scikit-learn keeps one column for two classes
        weights, offsets = np.hstack([-weights, weights]) / 2, np.array([-offsets[0], offsets[0]]) / 2
    return tuple(str(one) for one in fitted.classes_), weights.astype(np.float32), offsets.astype(np.float32)


def _unseen(rows: Sequence[Labelled], documents: Sequence[Counter[str]]) -> tuple[list[Any], list[int]]:
    """Scores of each row by weights that saw neither it nor its person, and the place of the right kind."""
    import numpy as np

    kinds = sorted({row.kind for row in rows})
    fold_of = [
        int(hashlib.sha256((row.person or f"{place}").encode()).hexdigest(), 16) % FOLDS
        for place, row in enumerate(rows)
    ]
    scores: list[Any] = [np.zeros(len(kinds))] * len(rows)
    for fold in range(FOLDS):
        inside = [place for place in range(len(rows)) if fold_of[place] != fold]
        outside = [place for place in range(len(rows)) if fold_of[place] == fold]
        if not outside or len({rows[place].kind for place in inside}) < 2:
            continue
        part = _fitted(
            [replace(rows[place], agency="") for place in inside], [documents[place] for place in inside]
        )
        found = (
            _matrix([documents[place] for place in outside], dict(part.vocabulary), part.idf) @ part.kinds_w
            + part.kinds_b
        )
        where = [kinds.index(kind) for kind in part.kinds]
        for place, score in zip(outside, np.asarray(found), strict=True):
            wide = np.full(len(kinds), -20.0)
            wide[where] = score
            scores[place] = wide
    return scores, [kinds.index(row.kind) for row in rows]


def _loss(scores: Sequence[Any], right: Sequence[int], temperature: float) -> float:
    lost = 0.0
    for score, place in zip(scores, right, strict=True):
        scaled = score / temperature
        largest = float(scaled.max())
        lost += (
            largest + math.log(sum(math.exp(float(one) - largest) for one in scaled)) - float(scaled[place])
        )
    return lost / len(right)


def _largest(score: Any, temperature: float) -> float:
    scaled = score / temperature
    largest = float(scaled.max())
    return 1 / sum(math.exp(float(one) - largest) for one in scaled)


def decide(rows: Sequence[Labelled], pipeline: Triage, *, masked: bool = False) -> list[Decided]:
    """What the pipeline says of each row; `masked`: with every word of every office taken out first."""
    found = []
    for row in rows:
        reading = pipeline.read(row.text)
        signals = pipeline.watch.look(reading)
        if masked:
            reading = pipeline.lexicon.masked(reading)
        kinds, offices, _ = pipeline.decide(reading, signals)
        kind = max(kinds, key=lambda one: kinds[one], default="")
        probability = kinds.get(kind, 0.0)
        limit = pipeline.model.threshold if pipeline.model else RULES_THRESHOLD
        routes = tuple(route.agency for route in pipeline.routes(reading, offices))
        found.append(Decided(row, kind, min(probability, 1.0), probability >= limit, routes))
    return found
