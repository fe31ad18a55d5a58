"""The kind of a message with a calibrated probability: a linear model over words and characters, read with numpy.

Training (scipy) happens elsewhere; a model is plain numbers and words, never a pickle. numpy is imported when a
model is opened: the processes that answer pages do not need it.
"""

import io
import json
import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from satuklik.spine.intake.rules.reading import Reading

WORDS, CHARS = (1, 2), (2, 5)
ARRAYS = {"kinds_w", "kinds_b", "offices_w", "offices_b", "idf", "about"}


class BadModel(ValueError):
    """The bytes are no model of ours; the text says why."""


def features(reading: Reading, pseudo: Sequence[str] = ()) -> Counter[str]:
    """Counts of words (1–2) and of characters within words (2–5), and the rules' findings as words."""
    tokens = reading.tokens
    found: Counter[str] = Counter(tokens)
    found.update(f"{one} {two}" for one, two in pairwise(tokens))
    found.update(pseudo)
    for token in tokens:
        padded = f"_{token[:30]}_"
        for size in range(CHARS[0], CHARS[1] + 1):
            found.update("\t" + padded[at : at + size] for at in range(len(padded) - size + 1))
    return found


@dataclass(frozen=True)
class Model:
    """A trained model. Arrays: weights (features × classes) and offsets of kinds and of offices, idf of each feature."""

    vocabulary: Mapping[str, int]
    idf: Any
    kinds: tuple[str, ...]
    kinds_w: Any
    kinds_b: Any
    offices: tuple[str, ...]
    offices_w: Any
    offices_b: Any
    temperature: float
    """Divides the kinds' scores: fitted on texts that the weights had not seen."""
    threshold: float
    """Below this probability the model abstains."""
    version: str
    about: Mapping[str, Any]
    """Size and origin of the training rows, measured figures."""

    def vector(self, reading: Reading, pseudo: Sequence[str]) -> tuple[Any, Any]:
        """(places, values) of the message's features: words and characters each of length 1, then joined."""
        import numpy as np

        places: list[int] = []
        values: list[float] = []
        chars: list[bool] = []
        for name, count in features(reading, pseudo).items():
            place = self.vocabulary.get(name)
            if place is not None:
                places.append(place)
                values.append(1 + math.log(count))
                chars.append(name[0] == "\t")
        where = np.array(places, dtype=np.int64)
        weighted = (
            np.array(values, dtype=np.float32) * self.idf[where] if places else np.zeros(0, dtype=np.float32)
        )
        char = np.array(chars, dtype=bool)
        for block in (char, ~char):
            norm = float(np.sqrt((weighted[block] ** 2).sum())) if places else 0.0
            if norm:
                weighted[block] /= norm
        return where, weighted

    def decide(self, reading: Reading, pseudo: Sequence[str]) -> tuple[dict[str, float], dict[str, float]]:
        """Probabilities of the kinds (calibrated) and of the offices."""
        where, weighted = self.vector(reading, pseudo)
        kinds = _softmax((weighted @ self.kinds_w[where] + self.kinds_b) / self.temperature)
        given = dict(zip(self.kinds, kinds, strict=True))
        if not self.offices:
            return given, {}
        offices = _softmax(weighted @ self.offices_w[where] + self.offices_b)
        return given, dict(zip(self.offices, offices, strict=True))

    def to_bytes(self) -> bytes:
        """As it is stored: npz with arrays of numbers and one of JSON."""
        import numpy as np

        about = {
            "vocabulary": list(self.vocabulary), "kinds": self.kinds, "offices": self.offices, "about": self.about,
            "temperature": self.temperature, "threshold": self.threshold, "version": self.version,
        }  # fmt: skip
        described = np.frombuffer(json.dumps(about, ensure_ascii=False).encode(), dtype=np.uint8)
        held = io.BytesIO()
        np.savez_compressed(
            held, kinds_w=self.kinds_w, kinds_b=self.kinds_b, offices_w=self.offices_w, offices_b=self.offices_b,
            idf=self.idf, about=described,
        )  # fmt: skip
        return held.getvalue()


def open_model(content: bytes) -> Model:
    """The model in these bytes. Nothing in them is ever run. Raises BadModel."""
    import zipfile

    import numpy as np

    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as held:
            arrays = {name: held[name] for name in held.files}
    except (ValueError, OSError, EOFError, zipfile.BadZipFile) as error:
        raise BadModel(str(error)) from error
    if set(arrays) != ARRAYS:
        raise BadModel(f"arrays {sorted(arrays)}")
    about = json.loads(arrays["about"].tobytes())
    vocabulary = {name: place for place, name in enumerate(about["vocabulary"])}
    shapes = (len(vocabulary), len(about["kinds"]), len(about["offices"]))
    if arrays["kinds_w"].shape != shapes[:2] or arrays["offices_w"].shape != (shapes[0], shapes[2]):
        raise BadModel(f"shapes {arrays['kinds_w'].shape}, {arrays['offices_w'].shape}, expected {shapes}")
    return Model(
        vocabulary, arrays["idf"], tuple(about["kinds"]), arrays["kinds_w"], arrays["kinds_b"],
        tuple(about["offices"]), arrays["offices_w"], arrays["offices_b"], about["temperature"], about["threshold"],
        about["version"], about["about"],
    )  # fmt: skip


def document_frequencies(documents: Iterable[Counter[str]]) -> Counter[str]:
    """In how many documents each feature stands."""
    seen: Counter[str] = Counter()
    for document in documents:
        seen.update(document.keys())
    return seen


def _softmax(scores: Any) -> list[float]:
    largest = float(scores.max())
    raised = [math.exp(float(score) - largest) for score in scores]
    whole = sum(raised)
    return [one / whole for one in raised]
