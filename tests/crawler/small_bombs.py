"""Compressed streams of gigabytes of one byte, made in no time: a block that stands alone, many times."""

import struct
import zlib

from isal import isal_zlib

_GZIP_HEADER = b"\x1f\x8b\x08\0\0\0\0\0\x02\xff"
_ZLIB_HEADER = b"\x78\xda"


def zstream(total: int, chunk: int = 1 << 20, wb: int = 31, head: bytes = b"", fill: bytes = b"\0") -> bytes:
    """``head`` and ``total`` bytes of ``fill``, as gzip (``wb`` 31) or zlib (15): what level 9 makes of them.

    After a full flush a block refers to nothing before it, so one is packed and then repeated.
    """
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    filling, times = fill * chunk, total // chunk
    begun = packer.compress(head) + packer.flush(zlib.Z_FULL_FLUSH)
    block = packer.compress(filling) + packer.flush(zlib.Z_FULL_FLUSH)
    packed = begun + block * times + packer.flush(zlib.Z_FINISH)
    add = isal_zlib.crc32 if wb == 31 else isal_zlib.adler32
    checked = add(head)
    for _ in range(times):
        checked = add(filling, checked)
    if wb == 31:
        size = (len(head) + times * chunk) & 0xFFFFFFFF
        return _GZIP_HEADER + packed + struct.pack("<II", checked, size)
    return _ZLIB_HEADER + packed + struct.pack(">I", checked)
