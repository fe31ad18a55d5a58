"""Whether bytes are DER: the one encoding of their value (ITU-T X.690 §10), so that no bit can be changed unnoticed."""

_BOOLEAN, _INTEGER, _BITS, _NULL, _OID, _SEQUENCE, _SET = 1, 2, 3, 5, 6, 16, 17
_CONSTRUCTED, _UNIVERSAL, _NUMBER, _MANY = 0x20, 0xC0, 0x1F, 0x1F
_LONG, _LONGEST_LENGTH, _DEEPEST = 0x80, 4, 40


def is_der(data: bytes) -> bool:
    """Whether `data` is exactly one value in DER. Tags above 30 and strings in pieces do not occur in CMS: refused."""
    return _whole(data, 0, len(data), 0)


def length_of(data: bytes) -> int:
    """How many bytes the value at the beginning of `data` takes; 0 when there is none."""
    found = _head(data, 0, len(data))
    return found[1] if found is not None else 0


def parts(data: bytes) -> list[bytes]:
    """The values inside a constructed value that is DER."""
    head = _head(data, 0, len(data))
    found, at = [], head[0] if head is not None else len(data)
    while at < len(data):
        inner = _head(data, at, len(data))
        if inner is None:
            return []
        found.append(data[at : inner[1]])
        at = inner[1]
    return found


def _whole(data: bytes, start: int, end: int, depth: int) -> bool:
    found = _head(data, start, end)
    return found is not None and found[1] == end and _value(data, start, *found, depth)


def _head(data: bytes, start: int, end: int) -> tuple[int, int] | None:
    """Where the content of the value at `start` begins and ends, where its head is well made."""
    # Tag 0 would end a value of unknown length, which DER has not; to a lax reader it is padding.
    if start + 2 > end or data[start] & _NUMBER == _MANY or data[start] == 0:
        return None
    length, begin = data[start + 1], start + 2
    if length >= _LONG:
        count = length - _LONG
        if not 0 < count <= _LONGEST_LENGTH or begin + count > end:
            return None
        length = int.from_bytes(data[begin : begin + count], "big")
        if length < _LONG or data[begin] == 0:
            return None  # it has a shorter form
        begin += count
    return (begin, begin + length) if begin + length <= end else None


def _value(data: bytes, start: int, begin: int, end: int, depth: int) -> bool:
    tag = data[start]
    kind = tag & _NUMBER if not tag & _UNIVERSAL else None
    if bool(tag & _CONSTRUCTED) != (kind in (_SEQUENCE, _SET)) and kind is not None:
        return False
    if not tag & _CONSTRUCTED:
        return _plain(kind, data, begin, end)
    if depth > _DEEPEST:
        return False
    parts, at = [], begin
    while at < end:
        found = _head(data, at, end)
        if found is None or not _value(data, at, *found, depth + 1):
            return False
        parts.append(data[at : found[1]])
        at = found[1]
    return kind != _SET or parts == sorted(parts)


def _plain(kind: int | None, data: bytes, begin: int, end: int) -> bool:
    length = end - begin
    if kind == _NULL:
        return length == 0
    if kind == _BOOLEAN:
        return length == 1 and data[begin] in (0, 0xFF)
    if kind == _BITS:
        return length > 0 and data[begin] < 8 and (length > 1 or data[begin] == 0)
    if kind == _INTEGER:
        shorter = length > 1 and data[begin] in (0, 0xFF) and (data[begin] ^ data[begin + 1]) < _LONG
        return length > 0 and not shorter
    if kind == _OID:
        return length > 0 and data[end - 1] < _LONG and data[begin] != _LONG
    return True
