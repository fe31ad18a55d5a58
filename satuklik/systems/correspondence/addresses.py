"""Where the pages of this room are, for messages and the signing desk (urls.py has the same paths)."""


def of_naskah(reference: str) -> str:
    """The page of a naskah."""
    return f"/naskah/surat/{reference}/"


def picture_of(reference: str) -> str:
    """A PNG of its first page; `?halaman=2` for the next ones."""
    return f"/naskah/surat/{reference}/halaman.png"


def of_incoming(incoming_id: int) -> str:
    """The page of an incoming letter."""
    return f"/naskah/masuk/{incoming_id}/"
