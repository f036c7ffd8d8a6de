"""Writes philox.json: python3 make_philox.py > philox.json. Independent of both implementations (big integers)."""
import json
import math

MASK = 0xFFFFFFFF


def philox(counter, key):
    c, k = list(counter), list(key)
    for _ in range(10):
        p0, p1 = c[0] * 0xD2511F53, c[2] * 0xCD9E8D57
        c = [(p1 >> 32) ^ c[1] ^ k[0], p1 & MASK, (p0 >> 32) ^ c[3] ^ k[1], p0 & MASK]
        k = [(k[0] + 0x9E3779B9) & MASK, (k[1] + 0xBB67AE85) & MASK]
    return c


# Random123 1.14, tests/kat_vectors, "philox4x32 10": four counter words, two key words, four result words.
KNOWN = [
    "00000000 00000000 00000000 00000000 00000000 00000000 6627e8d5 e169c58d bc57ac4c 9b00dbd8",
    "ffffffff ffffffff ffffffff ffffffff ffffffff ffffffff 408f276d 41c83b0e a20bc7c6 6d5451fd",
    "243f6a88 85a308d3 13198a2e 03707344 a4093822 299f31d0 d16cfe09 94fdcceb 5001e420 24126ea1",
]
STREAMS = [  # seed, purpose, step, pass, row
    (0, 1, 0, 0, 0),
    (1, 2, 3, 4, 5),
    (42, 3, 599, 1, 63),
    (4294967295, 6, 100000, 7, 4294967295),
    (2016, 10, 0, 2, 8188),
]
COUNT = 10
BOUNDS = [1, 2, 3, 102, 8189, 65536, 65537, 2147483648, 4294967295]


def words(stream):
    seed, purpose, step, index, row = stream
    return [philox((e >> 2, row, index, step), (seed, purpose))[e & 3] for e in range(COUNT)]


def normals(ws):
    out = []
    for e in range(0, COUNT, 2):
        u, v = ((w + 0.5) / 2**32 for w in ws[e:e + 2])
        r = math.sqrt(-2 * math.log(u))
        out += [r * math.cos(2 * math.pi * v), r * math.sin(2 * math.pi * v)]
    return out


known = [int(word, 16) for line in KNOWN for word in line.split()]
for i in range(0, len(known), 10):
    assert philox(known[i:i + 4], known[i + 4:i + 6]) == known[i + 6:i + 10]
flat = lambda rows: [x for row in rows for x in row]
doc = {
    "knownAnswers": known,
    "count": COUNT,
    "streams": flat(STREAMS),
    "words": flat(words(s) for s in STREAMS),
    "uniforms": flat([(w + 0.5) / 2**32 for w in words(s)] for s in STREAMS),
    "normals": flat(normals(words(s)) for s in STREAMS),
    "bounds": BOUNDS,
    "below": flat([words(s)[0] * n >> 32 for n in BOUNDS] for s in STREAMS),
}
print("{\n" + ",\n".join(f"  {json.dumps(k)}: {json.dumps(v)}" for k, v in doc.items()) + "\n}")
