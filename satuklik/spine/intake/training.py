"""Trains the classifier of triage with numpy and scipy. Imported by commands and the worker only, never by web processes."""

import hashlib
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from satuklik.spine.intake.rules.classifier import Model, document_frequencies, features
from satuklik.spine.intake.rules.kinds import RULES_THRESHOLD
from satuklik.spine.intake.rules.measuring import WANTED, Decided, Labelled, threshold
from satuklik.spine.intake.rules.reading import Reading
from satuklik.spine.intake.rules.triage import Triage

FEWEST_ROWS = 60
FEWEST_OF_A_KIND = 5
MOST_FEATURES = 30_000
FOLDS = 4
FEWEST_OWN = 60
JITTER = 1e-6  # two equal chats are no obstacle
TEMPERATURES = [0.3 + 0.1 * step for step in range(40)]
FEWEST_TICKETS_OF_AN_OFFICE = 3


class TooFewRows(ValueError):
    """There is not enough to learn from; carries what there is."""

    def __init__(self, rows: int, kinds: int) -> None:
        super().__init__(
            f"{rows} usable rows of {kinds} kinds: at least {FEWEST_ROWS} rows and two kinds with {FEWEST_OF_A_KIND} each."
        )
        self.rows, self.kinds = rows, kinds


def train(
    rows: Sequence[Labelled], pipeline: Triage, *, origin: str, version: str, wanted: float = WANTED
) -> Model:
    """A calibrated model of these rows. `pipeline` gives the rules (its own model is not used). `wanted`: of the kinds of
    which it is sure, at least so many shall be right, on rows of persons and times that it has not seen. Raises
    TooFewRows."""
    import scipy.optimize  # noqa: F401 - before the limit: it brings a BLAS of its own
    from threadpoolctl import threadpool_limits

    # These matrices are small: a second thread costs more than it brings, many times more on a busy machine.
    with threadpool_limits(1, "blas"):
        return _train(rows, pipeline, origin=origin, version=version, wanted=wanted)


def _train(rows: Sequence[Labelled], pipeline: Triage, *, origin: str, version: str, wanted: float) -> Model:
    counted = Counter(row.kind for row in rows)
    used = [row for row in rows if counted[row.kind] >= FEWEST_OF_A_KIND and row.text.strip()]
    if len(used) < FEWEST_ROWS or len({row.kind for row in used}) < 2:
        raise TooFewRows(len(used), len({row.kind for row in used}))
    rules = replace(pipeline, model=None)
    readings = [rules.read(row.text) for row in used]
    pseudo = [_pseudo(rules, reading) for reading in readings]
    documents = [features(reading, extra) for reading, extra in zip(readings, pseudo, strict=True)]
    model = _fitted(used, documents)
    places = _calibrating(used)
    scores, right = _unseen(used, documents, places)
    temperature = min(TEMPERATURES, key=lambda one: _loss(scores, right, one))
    decisions = [
        Decided(used[place], model.kinds[int(score.argmax())], _largest(score, temperature), True, ())
        for place, score in zip(places, scores, strict=True)
    ]
    digest = hashlib.sha256(
        "\0".join(f"{row.kind}\t{row.agency}\t{row.text}" for row in used).encode()
    ).hexdigest()
    about = {
        "rows": len(used), "origin": origin, "digest": digest, "persons": len({row.person for row in used if row.person}),
        "calibrated_on": len(places), "wanted": wanted,
        "accuracy_unseen": round(sum(one.kind == one.right.kind for one in decisions) / len(decisions), 4),
    }  # fmt: skip
    return replace(
        model, temperature=round(temperature, 2), threshold=threshold(decisions, wanted), version=f"{version}-{digest[:8]}",
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
    """Multinomial logistic regression with balanced classes and an L2 penalty: (classes, weights, offsets).

    There are far fewer rows than features, and the best weights are sums of rows: so it is solved over the rows, by the
    Cholesky factor of their products, in a tenth of the time. `strength` is scikit-learn's C, and so is the result.
    """
    import numpy as np
    from scipy.optimize import minimize

    classes = sorted(set(labels))
    right = np.array([classes.index(label) for label in labels])
    rows, many = len(right), len(classes)
    every = np.arange(rows)
    balance = strength * (rows / (many * np.bincount(right, minlength=many)))[right]
    truth = np.zeros((rows, many))
    truth[every, right] = 1
    products = np.asarray((matrix @ matrix.T).todense(), dtype=np.float64)
    products[np.diag_indices(rows)] += JITTER  # in place: each such matrix takes 8 bytes × rows²
    factor = np.linalg.cholesky(products)
    del products

    def loss(point: Any) -> tuple[float, Any]:
        inner, offsets = point[:-many].reshape(rows, many), point[-many:]
        scores = factor @ inner + offsets
        scores -= scores.max(axis=1, keepdims=True)
        raised = np.exp(scores)
        whole = raised.sum(axis=1, keepdims=True)
        lost = balance * (np.log(whole[:, 0]) - scores[every, right])
        slope = (raised / whole - truth) * balance[:, None]
        return (
            float(lost.sum() + 0.5 * (inner * inner).sum()),
            np.concatenate([(factor.T @ slope + inner).ravel(), slope.sum(axis=0)]),
        )

    begin = np.zeros((rows + 1) * many)
    found = minimize(
        loss, begin, jac=True, method="L-BFGS-B", options={"maxiter": 200, "ftol": 1e-6, "gtol": 1e-2}
    ).x
    shares = np.linalg.solve(factor.T, found[:-many].reshape(rows, many))
    weights = np.asarray(matrix.T @ shares)
    return tuple(classes), weights.astype(np.float32), found[-many:].astype(np.float32)


def _calibrating(rows: Sequence[Labelled]) -> list[int]:
    """The rows by which probabilities are judged: people's own words where there are enough. What patterns made is known
    too well by weights that saw its like, and would make the model too sure of everybody else."""
    own = [place for place, row in enumerate(rows) if not row.made]
    return own if len(own) >= FEWEST_OWN else list(range(len(rows)))


def _folds(rows: Sequence[Labelled], places: Sequence[int]) -> list[list[int]]:
    """Blocks of time with persons kept whole: each person's rows lie in the block in which the person first wrote."""
    groups: dict[str, list[int]] = {}
    for place in sorted(places, key=lambda one: (rows[one].at, one)):
        groups.setdefault(rows[place].person or f"\0{place}", []).append(place)
    blocks: list[list[int]] = [[]]
    for group in groups.values():
        if len(blocks) < FOLDS and len(blocks[-1]) >= len(places) / FOLDS:
            blocks.append([])
        blocks[-1] += group
    return blocks


def _unseen(
    rows: Sequence[Labelled], documents: Sequence[Counter[str]], places: Sequence[int]
) -> tuple[list[Any], list[int]]:
    """Scores of these rows by weights that saw neither them nor their persons nor their time, and the place of the
    right kind; in the order of `places`."""
    import numpy as np

    kinds = sorted({row.kind for row in rows})
    scores: dict[int, Any] = {place: np.zeros(len(kinds)) for place in places}
    for outside in _folds(rows, places):
        persons = {rows[place].person for place in outside if rows[place].person}
        hidden = set(outside)
        inside = [
            place for place, row in enumerate(rows) if place not in hidden and row.person not in persons
        ]
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
    return [scores[place] for place in places], [kinds.index(rows[place].kind) for place in places]


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
