"""What later revisions changed: only signatures, timestamps and validation data may come after a signature."""

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import HistoricalResolver, PdfFileReader
from pyhanko.sign.diff_analysis import (
    CatalogModificationRule,
    DocInfoRule,
    DSSCompareRule,
    FormUpdatingRule,
    MetadataUpdateRule,
    ModificationLevel,
    ObjectStreamRule,
    SigFieldCreationRule,
    SigFieldModificationRule,
    StandardDiffPolicy,
    SuspiciousModification,
    XrefStreamRule,
)
from pyhanko.sign.fields import MDPPerm, enumerate_sig_fields

from satuklik.spine.signing.verification.structure import Odd

# pyHanko's own policy without form filling. Signing tools touch metadata, so that may change.
POLICY = StandardDiffPolicy(
    global_rules=[
        CatalogModificationRule(),
        DocInfoRule().as_qualified(ModificationLevel.LTA_UPDATES),
        XrefStreamRule().as_qualified(ModificationLevel.LTA_UPDATES),
        ObjectStreamRule().as_qualified(ModificationLevel.LTA_UPDATES),
        DSSCompareRule().as_qualified(ModificationLevel.LTA_UPDATES),
        MetadataUpdateRule().as_qualified(ModificationLevel.LTA_UPDATES),
    ],
    form_rule=FormUpdatingRule(field_rules=[SigFieldCreationRule(), SigFieldModificationRule()]),
)
MOST_PAGES = 2000


def check_changes(reader: PdfFileReader, first_signed: int, permission: MDPPerm | None) -> None:
    """Compare every revision after `first_signed` with the one before it. `permission`: the strictest that a
    certifying signature gives. Raises Odd when anything else than signatures and their data was added."""
    total = reader.xrefs.total_revisions
    highest = ModificationLevel.NONE
    for revision in range(first_signed + 1, total):
        try:
            result = POLICY.apply(
                old=reader.get_historical_resolver(revision - 1), new=reader.get_historical_resolver(revision)
            )
        except SuspiciousModification as error:
            raise Odd("additions", str(error)[:300]) from error
        highest = max(highest, result.modification_level)
    if highest > ModificationLevel.FORM_FILLING:
        raise Odd("additions", "An annotation was added or changed.")
    if permission is MDPPerm.NO_CHANGES and highest > ModificationLevel.LTA_UPDATES:
        raise Odd("additions", "A certifying signature forbids any change.")
    if first_signed + 1 < total:
        _check_pages(reader, first_signed)
        _check_form(reader, first_signed)


def _check_pages(reader: PdfFileReader, first_signed: int) -> None:
    """A second look without pyHanko's rules: the same pages with the same content, and no new annotation but the
    fields of signatures that are there."""
    before = _pages(reader.get_historical_resolver(first_signed))
    after = _pages(reader.get_historical_resolver(reader.xrefs.total_revisions - 1))
    if len(before) != len(after):
        raise Odd("additions", "The number of pages changed.")
    signed_fields = {
        (field.idnum, field.generation) for _, _, field in enumerate_sig_fields(reader, filled_status=True)
    }
    for old, new in zip(before, after, strict=True):
        old_keys, new_keys = old.keys() - {"/Annots"}, new.keys() - {"/Annots"}
        # Signing tools set the tab order of a page that gets its first field.
        if old_keys | {"/Tabs"} != new_keys | {"/Tabs"}:
            raise Odd("additions", "A page gained or lost an entry.")
        if any(_plain(old.raw_get(key)) != _plain(new.raw_get(key)) for key in old_keys - {"/Tabs"}):
            raise Odd("additions", "A page changed.")
        old_marks, new_marks = _marks(old), _marks(new)
        if not old_marks <= new_marks or not new_marks - old_marks <= signed_fields:
            raise Odd("additions", "An annotation was added or taken away.")


def _check_form(reader: PdfFileReader, first_signed: int) -> None:
    """The form as a whole gained fields and flags of signatures only: "/NeedAppearances" would let readers draw every
    field anew, other fonts would let them draw other words."""
    before = _form_of(reader.get_historical_resolver(first_signed))
    after = _form_of(reader.get_historical_resolver(reader.xrefs.total_revisions - 1))
    may_change = {"/Fields", "/SigFlags"}
    for key in (before.keys() | after.keys()) - may_change:
        gone = key == "/NeedAppearances" and key not in after
        if not gone and (
            key not in before or key not in after or _plain(before.raw_get(key)) != _plain(after.raw_get(key))
        ):
            raise Odd("additions", "The form as a whole changed.")


def _form_of(resolver: HistoricalResolver) -> generic.DictionaryObject:
    if "/AcroForm" not in resolver.root:
        return generic.DictionaryObject()
    form = resolver.root.raw_get("/AcroForm")
    return resolver(form.reference) if isinstance(form, generic.IndirectObject) else form


def _pages(resolver: HistoricalResolver) -> list[generic.DictionaryObject]:
    found: list[generic.DictionaryObject] = []
    seen: set[tuple[int, int]] = set()
    stack = [resolver.root.raw_get("/Pages")]
    while stack:
        reference = stack.pop()
        key = (reference.idnum, reference.generation)
        if key in seen or len(seen) > MOST_PAGES:
            raise Odd("damaged", "The page tree loops or is too large.")
        seen.add(key)
        node = resolver(reference.reference)
        if node.get("/Type") == "/Pages":
            stack += reversed([node["/Kids"].raw_get(index) for index in range(len(node["/Kids"]))])
        else:
            found.append(node)
    return found


def _marks(page: generic.DictionaryObject) -> set[tuple[int, int]]:
    annotations = page.get("/Annots", generic.ArrayObject())
    raw = [annotations.raw_get(index) for index in range(len(annotations))]
    if not all(isinstance(one, generic.IndirectObject) for one in raw):
        raise Odd("additions", "An annotation is not an object of its own.")
    return {(one.idnum, one.generation) for one in raw}


def _plain(value: generic.PdfObject) -> str:
    """A value as text, references unresolved, so that two revisions can be compared."""
    return repr(value)
