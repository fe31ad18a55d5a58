"""Buttons of a form that add or take away a row: what was typed stays, nothing is checked or kept yet."""

import re
from dataclasses import dataclass

from django.http import QueryDict

MORE = 3
ACTION = re.compile(r"(tambah|hapus|kelompok):([a-z0-9_-]{1,60})(?::(\d{1,3}))?")


@dataclass(frozen=True)
class Changed:
    """The form with a row less, or which list gets more rows, or the `group` of offices to be added."""

    data: QueryDict
    group: str = ""


def changed(data: QueryDict) -> Changed | None:
    """What a row button did; None when another button was pressed."""
    pressed = ACTION.fullmatch(data.get("aksi", ""))
    if pressed is None:
        return None
    act, name, number = pressed.groups()
    if act == "kelompok":
        return Changed(data, data.get("kelompok", ""))
    if act == "tambah" or number is None:
        return Changed(data)
    left = data.copy()
    for key in [key for key in left if key.startswith(f"{name}-{number}-")]:
        del left[key]
    return Changed(left)


def more(data: QueryDict) -> dict[str, int]:
    """How many empty rows each list shows at its end: some more where its button was pressed."""
    pressed = ACTION.fullmatch(data.get("aksi", ""))
    return {pressed[2]: MORE} if pressed and pressed[1] == "tambah" else {}
