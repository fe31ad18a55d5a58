"""Characters that a machine-readable file can hold: XML 1.0 refuses some that a database keeps."""

import re

# XML 1.0, production Char: tab, newline, return, and everything from the blank on but surrogates and U+FFFE, U+FFFF.
_UNWRITABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def writable(text: str) -> str:
    """The text without the characters that no XML (a workbook, a feed, an exchange file) may hold."""
    return _UNWRITABLE.sub("", text)
