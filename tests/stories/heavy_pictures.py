# SPDX-License-Identifier: MIT
"""Writes pictures that are heavy in one way each, in a second: heavy_pictures.py KIND PATH

photo        a JPEG of 45 MB and 108 megapixels that lies on its side
progressive  a JPEG of 60 megapixels in several passes: all its coefficients are kept at once
vast         a JPEG of 216 megapixels in several passes
interlaced   a PNG of 2 MB whose pixels, kept at once, take 1.5 GB
deep         a PNG of 16 bits a sample and four samples a pixel, of 17 megapixels
"""

import random
import struct
import sys
import zlib

# ---- JPEG: blocks of coefficients, written once and repeated, as restart markers allow ----

# All codes are equally long: what is packed well is not what is tried.
AC_SYMBOLS = [0x00, 0xF0] + [run << 4 | size for run in range(16) for size in range(1, 11)]
DC_SYMBOLS = list(range(12))
AC_CODES = {symbol: format(code, "08b") for code, symbol in enumerate(AC_SYMBOLS)}
DC_CODES = {symbol: format(code, "04b") for code, symbol in enumerate(DC_SYMBOLS)}
VARIANTS = 24


def value_bits(value):
    """A number's size, and its bits as JPEG writes them."""
    size = abs(value).bit_length()
    return size, format(value if value > 0 else value + (1 << size) - 1, f"0{size}b") if size else ""


def dc_bits(difference):
    size, bits = value_bits(difference)
    return DC_CODES[size] + bits


def ac_bits(chance, count):
    bits = ""
    for _ in range(count):
        size, digits = value_bits(chance.choice((-9, -6, -4, -3, -2, -1, 1, 2, 3, 5, 8)))
        bits += AC_CODES[size] + digits
    return bits + AC_CODES[0]


def segment(bits):
    """Between two restart markers."""
    bits += "1" * (-len(bits) % 8)
    return int(bits, 2).to_bytes(len(bits) // 8, "big").replace(b"\xff", b"\xff\x00")


def marker(code, content):
    return b"\xff" + bytes([code]) + struct.pack(">H", len(content) + 2) + content


def table(kind, symbols, length):
    counts = [len(symbols) if size == length else 0 for size in range(1, 17)]
    return marker(0xC4, bytes([kind] + counts + symbols))


def scan(chance, components, first, last, segments, count):
    header = bytes([len(components)]) + b"".join(bytes([component, 0]) for component in components) + bytes([first, last, 0])
    picked = [chance.randrange(len(segments)) for _ in range(count)]
    body = b"".join(segments[index] + bytes([0xFF, 0xD0 + number % 8]) for number, index in enumerate(picked))
    return marker(0xDA, header) + body[:-2]


def jpeg_head(frame, width, height, orientation):
    exif = b"Exif\0\0MM\0*" + struct.pack(">IHHHIHHI", 8, 1, 0x0112, 3, 1, orientation, 0, 0)
    components = b"".join(bytes(component) for component in ((1, 0x22, 0), (2, 0x11, 0), (3, 0x11, 0)))
    return (
        b"\xff\xd8"
        + marker(0xE1, exif)
        + marker(0xDB, bytes([0] + [4] * 64))
        + marker(frame, struct.pack(">BHHB", 8, height, width, 3) + components)
        + table(0x00, DC_SYMBOLS, 4)
        + table(0x10, AC_SYMBOLS, 8)
        + marker(0xDD, struct.pack(">H", width // 16))
    )


def baseline(chance, width, height, orientation, richness):
    """Four blocks of brightness and two of colour at a time, a row of them a segment."""
    segments = []
    for _ in range(VARIANTS):
        bits = ""
        for _ in range(width // 16):
            for block in range(6):
                bits += dc_bits(chance.randrange(-3, 4)) + ac_bits(chance, richness if block < 4 else 2)
        segments.append(segment(bits))
    return jpeg_head(0xC0, width, height, orientation) + scan(chance, (1, 2, 3), 0, 63, segments, height // 16) + b"\xff\xd9"


def progressive(chance, width, height, richness):
    across, down = width // 16, height // 16
    averages = [segment("".join(dc_bits(chance.randrange(-3, 4)) for _ in range(6 * across))) for _ in range(VARIANTS)]
    rich = [segment("".join(ac_bits(chance, richness) for _ in range(across))) for _ in range(VARIANTS)]
    poor = [segment("".join(ac_bits(chance, 1) for _ in range(across))) for _ in range(VARIANTS)]
    return (
        jpeg_head(0xC2, width, height, 1)
        + scan(chance, (1, 2, 3), 0, 0, averages, down)
        + scan(chance, (1,), 1, 63, rich, 4 * down)
        + scan(chance, (2,), 1, 63, poor, down)
        + scan(chance, (3,), 1, 63, poor, down)
        + b"\xff\xd9"
    )


# ---- PNG ----


def chunk(kind, content):
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def zeros(length):
    """Compressed, by compressing one block of them: what follows a full flush knows nothing of what was before."""
    block = 1 << 20
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    whole = packer.compress(bytes(block)) + packer.flush(zlib.Z_FULL_FLUSH)
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    rest = packer.compress(bytes(length % block)) + packer.flush()
    return b"\x78\xda" + whole * (length // block) + rest + struct.pack(">HH", length % 65521, 1)


def interlaced_png(width, height, bits, colour, samples):
    """Black, or clear. Its rows come in seven passes, each with a byte before it."""
    passes = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))
    length = sum(
        -(-(height - y) // down) * (1 + -(-(width - x) // across) * samples * bits // 8) for x, y, across, down in passes
    )
    rows = zeros(length)
    head = struct.pack(">2I5B", width, height, bits, colour, 0, 0, 1)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def main():
    kind, path = sys.argv[1:]
    chance = random.Random(kind)
    content = {
        "photo": lambda: baseline(chance, 12000, 9008, 6, 17),
        "progressive": lambda: progressive(chance, 9600, 6256, 6),
        "vast": lambda: progressive(chance, 18000, 12000, 6),
        "interlaced": lambda: interlaced_png(22400, 22400, 8, 2, 3),
        "deep": lambda: interlaced_png(4800, 3600, 16, 6, 4),
    }[kind]()
    with open(path, "wb") as file:
        file.write(content)


if __name__ == "__main__":
    main()
