"""Check naskah/: what the loader sees, and whether each template prints with content in every field."""

import re
from pathlib import Path

from satuklik.spine.documents import actions as documents
from satuklik.spine.documents.errors import LetterBroken
from satuklik.systems.correspondence import samples
from satuklik.systems.correspondence.loader import TYPST, Problem, TemplatesBroken, load

_AT = re.compile(r"__typst_py_bytes__\.typ:(\d+)")


def lint(root: Path) -> list[Problem]:
    """Everything wrong below `root`, each with file and line."""
    try:
        catalogue = load(root)
    except TemplatesBroken as error:
        return list(error.problems)
    found = []
    for kind in catalogue.kinds.values():
        try:
            documents.draft(
                samples.paper(kind), agency=samples.AGENCY, signer=samples.SIGNER, now=samples.DAY
            )
        except LetterBroken as error:
            at = _AT.search(error.diagnostic)
            words = error.diagnostic.strip().splitlines()
            line = int(at[1]) if at else 1
            found.append(Problem(f"{kind.slug}/{TYPST}", line, words[0] if words else "does not compile"))
    return sorted(found)
