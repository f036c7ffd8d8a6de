"""Writes the fixtures of test/formats with the formats' own software: safetensors 0.8, TensorBoard 2.21, numpy.

    python test/formats/make_fixtures.py          (needs: pip install safetensors tensorboard numpy)

Run it again only when a fixture is added; what stands under fixtures/v1 is never rewritten: it must load for ever.
"""

import hashlib
import json
import struct
from pathlib import Path

import numpy as np
import safetensors
from safetensors import TensorSpec, safe_open, serialize, serialize_file
from tensorboard.compat.proto.event_pb2 import Event
from tensorboard.compat.proto.summary_pb2 import Summary
from tensorboard.summary.writer.record_writer import RecordWriter

HERE = Path(__file__).parent / "fixtures"
HERE.mkdir(exist_ok=True)


# --- dtypes.safetensors: every dtype, written by the reference writer -------------------------------------------------

BYTES = bytes(range(1, 65))
DTYPES = {
    # name in Python: name in the file
    "bool": "BOOL", "float4_e2m1fn_x2": "F4", "uint8": "U8", "int8": "I8", "float8_e5m2": "F8_E5M2",
    "float8_e4m3fn": "F8_E4M3", "float8_e8m0fnu": "F8_E8M0", "float8_e4m3fnuz": "F8_E4M3FNUZ",
    "float8_e5m2fnuz": "F8_E5M2FNUZ", "int16": "I16", "uint16": "U16", "float16": "F16", "bfloat16": "BF16",
    "int32": "I32", "uint32": "U32", "float32": "F32", "complex64": "C64", "float64": "F64", "int64": "I64",
    "uint64": "U64",
}
BITS = {"F4": 4, "BOOL": 8, "U8": 8, "I8": 8, "I16": 16, "U16": 16, "F16": 16, "BF16": 16, "I32": 32, "U32": 32,
        "F32": 32}


def bits(dtype):
    return BITS.get(dtype, 8 if dtype.startswith("F8") else 64)


def spec(dtype, shape, data):
    """`data` must outlive the spec: only its address is passed."""
    array = np.frombuffer(data, "u1") if isinstance(data, bytes) else data
    address = array.ctypes.data if array.nbytes else 0
    return TensorSpec(dtype=dtype, shape=list(shape), data_ptr=address, data_len=array.nbytes)


def write_dtypes():
    tensors, expected = {}, {}
    for python_name, dtype in DTYPES.items():
        data = bytes([1, 0, 1, 1, 0, 0, 1, 0]) if dtype == "BOOL" else BYTES[: 8 * bits(dtype) // 8]
        shape = [2, 2] if dtype == "F4" else [2, 4]  # the reference counts pairs of F4 here
        try:
            serialize({"x": spec(python_name, shape, data)})
        except Exception as error:  # noqa: BLE001 - a dtype that this version cannot write is left out, visibly
            print("not written by this safetensors:", dtype, error)
            continue
        expected["tensor of " + dtype] = {"dtype": dtype, "hex": data.hex()}
        tensors["tensor of " + dtype] = (python_name, shape, data)
    arrays = {
        "numbers F32": np.array([[0.5, -1.25], [3e38, -0.0]], "<f4"),
        "numbers I32": np.array([-2147483648, 0, 2147483647], "<i4"),
        "scalar": np.array(7, "<i8"),
        "nothing": np.zeros((0, 4), "<f4"),
        "not numbers": np.array([np.nan, np.inf], "<f4"),
        "Blüte 花": np.array([1], "u1"),
    }
    specs = {name: spec(*entry) for name, entry in tensors.items()}
    specs |= {name: spec(a.dtype.name, a.shape, a) for name, a in arrays.items()}
    serialize_file(specs, str(HERE / "dtypes.safetensors"), {"made by": "safetensors " + safetensors.__version__})
    (HERE / "dtypes.json").write_text(json.dumps(expected, indent=1) + "\n")


# --- canonical.safetensors: what our writer must give byte for byte ---------------------------------------------------

def write_canonical():
    arrays = {
        "b": np.arange(6, dtype="<f4").reshape(2, 3), "a": np.array([1, 2, 3], "u1"), "step": np.array(12, "<i8"),
        "ä \"quoted\\\"": np.array([0.25], "<f8"), "z": np.arange(4, dtype="<i4"), "empty": np.zeros((0,), "<f4"),
    }
    order = sorted(arrays, key=lambda name: (-["uint8", "int32", "float32", "float64", "int64"].index(arrays[name].dtype.name),
                                             name.encode()))
    data = b"".join(arrays[name].tobytes() for name in order)
    tensors = {name: spec(a.dtype.name, a.shape, a) for name, a in arrays.items()}
    serialize_file(tensors, str(HERE / "canonical.safetensors"), {"contentSha256": hashlib.sha256(data).hexdigest()})


# --- verdicts.json: hostile files (reference/reliability.md, 1.2) and what the reference reader says ------------------

def entry(dtype="F32", shape="[1]", offsets="[0,4]", extra=""):
    return '{"dtype":"%s","shape":%s,"data_offsets":%s%s}' % (dtype, shape, offsets, extra)


def verdict_rows():
    good = '{"a":%s}' % entry()
    f4 = {"data": 4}
    rows = []

    def row(name, header, data=0, ours=None, length=None, raw=None):
        """header: a text, bytes, or a list of parts [text, count]; data: number of zero bytes, or bytes."""
        parts = header if isinstance(header, list) else [[header, 1]]
        parts = [[p if isinstance(p, bytes) else p.encode(), n] for p, n in parts]
        rows.append({"name": name, "parts": parts, "data": data if isinstance(data, bytes) else bytes(data),
                     "length": length, "raw": raw, "ours": ours})

    # size and header
    row("empty file", "", raw=b"")
    row("7 bytes", "", raw=bytes(7))
    row("N = 0", "", length=0)
    row("N > file", good, length=4096, **f4)
    row("N = 2^63", good, length=2**63, **f4)
    row("N = 100,000,001", good, length=100_000_001, **f4)
    row("header []", "[]")
    row("byte order mark", b"\xef\xbb\xbf" + good.encode(), **f4)
    row("NUL after the JSON", good + "\0", **f4)
    row("bad UTF-8 in a name", b'{"\xff":' + entry().encode() + b"}", **f4)
    row("overlong UTF-8", b'{"\xc0\xaf":' + entry().encode() + b"}", **f4)
    row("lone surrogate escape", '{"\\ud800":%s}' % entry(), **f4)
    row("pair of surrogate escapes", '{"\\ud83c\\udf38":%s}' % entry(), **f4)
    row("no JSON", "{not json}", **f4)
    row("header cut short", good[:-1], **f4)
    row("a second object", good + good, **f4)
    row("trailing comma", good[:-1] + ",}", **f4)
    # offsets
    row("data short by 1", good, data=3)
    row("data long by 1", good, data=5)
    row("hole", '{"a":%s,"b":%s}' % (entry(), entry(offsets="[8,12]")), data=12)
    row("hole, and data short by as much", '{"a":%s,"b":%s}' % (entry(), entry(offsets="[8,12]")), data=8)
    row("first begin is 4", '{"a":%s}' % entry(offsets="[4,8]"), data=8)
    row("overlap", '{"a":%s,"b":%s}' % (entry(shape="[2]", offsets="[0,8]"), entry(shape="[2]", offsets="[4,12]")), data=12)
    row("two names, one range", '{"a":%s,"b":%s}' % (entry(), entry()), **f4)
    row("begin > end", '{"a":%s}' % entry(offsets="[4,0]"), **f4)
    row("negative offset", '{"a":%s}' % entry(offsets="[-4,0]"), **f4)
    row("negative dimension", '{"a":%s}' % entry(shape="[-1]"), **f4)
    row("minus zero as an offset", '{"a":%s}' % entry(offsets="[-0,4]"), **f4)
    row("8.0 as an offset", '{"a":%s}' % entry(shape="[2]", offsets="[0,8.0]"), data=8)
    row("8.0 as a dimension", '{"a":%s}' % entry(shape="[2.0]", offsets="[0,8]"), data=8)
    row("1e1 as a dimension", '{"a":%s}' % entry("U8", "[1e1]", "[0,10]"), data=10)
    row("leading zero", '{"a":%s}' % entry(shape="[01]"), **f4)
    row("3 offsets", '{"a":%s}' % entry(offsets="[0,4,4]"), **f4)
    row("1 offset", '{"a":%s}' % entry(offsets="[0]"), **f4)
    # shape and dtype
    row("2^32 x 2^32", '{"a":%s}' % entry(shape="[4294967296,4294967296]"), **f4)
    row("2^62 x 4 wraps to 0", '{"a":%s}' % entry(shape="[4611686018427387904,4]", offsets="[0,0]"))
    row("size mismatch", '{"a":%s}' % entry(shape="[2]"), **f4)
    row("unknown dtype", '{"a":%s}' % entry("F128"), **f4)
    row("lower-case dtype", '{"a":%s}' % entry("f32"), **f4)
    row("dtype from Object.prototype", '{"a":%s}' % entry("constructor"), **f4)
    row("missing shape", '{"a":{"dtype":"F32","data_offsets":[0,4]}}', **f4)
    row("missing dtype", '{"a":{"shape":[1],"data_offsets":[0,4]}}', **f4)
    row("missing offsets", '{"a":{"dtype":"F32","shape":[1]}}', **f4)
    row("duplicate field", '{"a":%s}' % entry(extra=',"dtype":"F32"'), **f4)
    row("entry is null", '{"a":null}')
    row("half a byte of F4", '{"a":%s}' % entry("F4", "[1]", "[0,1]"), data=1)
    row("half a byte of F4 in none", '{"a":%s}' % entry("F4", "[1]", "[0,0]"))
    # metadata and depth
    row("metadata value is a number", '{"__metadata__":{"k":1},"a":%s}' % entry(), **f4)
    row("metadata is a list", '{"__metadata__":[],"a":%s}' % entry(), **f4)
    row("duplicate __metadata__", '{"__metadata__":{},"__metadata__":{},"a":%s}' % entry(), **f4)
    row("200,000 nested brackets", [['{"a":{"x":', 1], ["[", 200_000], ["]", 200_000], ["}}", 1]])
    row("200,000 nested objects", [['{"a":{"x":', 1], ['{"a":', 200_000], ["1", 1], ["}", 200_000], ["}}", 1]])
    row("nested 100 deep", [[good[:-2] + ',"x":', 1], ["[", 100], ["]", 100], ["}}", 1]], **f4)
    # where ours is stricter than the reference
    row("leading space", " " + good, ours="refuse", **f4)
    row("one name twice, one range", '{"a":%s,"a":%s}' % (entry(), entry()), ours="refuse", **f4)
    row("shape [0, 2^63]", '{"a":%s}' % entry(shape="[0,9223372036854775808]", offsets="[0,0]"), ours="refuse")
    row("100,000 dimensions of 1", [['{"a":{"dtype":"F32","data_offsets":[0,4],"shape":[1', 1], [",1", 99_999], ["]}}", 1]],
        ours="refuse", **f4)
    row("rank 65", [['{"a":{"dtype":"F32","data_offsets":[0,4],"shape":[1', 1], [",1", 64], ["]}}", 1]], ours="refuse", **f4)
    row("rank 64", [['{"a":{"dtype":"F32","data_offsets":[0,4],"shape":[1', 1], [",1", 63], ["]}}", 1]], **f4)
    row("NUL in a name", '{"\\u0000":%s}' % entry(), ours="refuse", **f4)
    row("newline in a name", '{"a\\nb":%s}' % entry(), ours="refuse", **f4)
    row("escape character in a name", '{"\\u001b[31m":%s}' % entry(), ours="refuse", **f4)
    row("BOOL byte 2", '{"a":%s}' % entry("BOOL", "[2]", "[0,2]"), data=b"\x01\x02", ours="refuse")
    # what must be accepted
    row("{} with no data", "{}")
    row("trailing spaces", good + "     ", **f4)
    row("unaligned F32", '{"a":%s,"b":%s}' % (entry("U8", "[1]", "[0,1]"), entry(offsets="[1,5]")), data=5)
    row("NaN values", good, data=bytes.fromhex("0000c07f"))
    row("empty name", '{"":%s}' % entry(), **f4)
    row("name ../../etc", '{"../../etc":%s}' % entry(), **f4)
    row("name __proto__", '{"__proto__":%s}' % entry(), **f4)
    row("duplicate keys in metadata", '{"__metadata__":{"k":"1","k":"2"},"a":%s}' % entry(), **f4)
    row("metadata is null", '{"__metadata__":null,"a":%s}' % entry(), **f4)
    row("unknown extra field", '{"a":%s}' % entry(extra=',"x":{"y":[1.5e3,null,true,"z"]}'), **f4)
    row("unknown extra field twice", '{"a":%s}' % entry(extra=',"x":1,"x":2'), **f4)
    row("rank 0", '{"a":%s}' % entry(shape="[]"), **f4)
    row("zero-size tensors", '{"a":%s,"b":%s,"c":%s}' % (entry(shape="[0]", offsets="[0,0]"), entry(), entry(shape="[3,0]", offsets="[4,4]")), **f4)
    row("entries out of order", '{"b":%s,"a":%s}' % (entry(offsets="[4,8]"), entry()), data=8)
    return rows


def write_verdicts():
    table = []
    for row in verdict_rows():
        header = b"".join(part * count for part, count in row["parts"])
        length = len(header) if row["length"] is None else row["length"]
        data = struct.pack("<Q", length) + header + row["data"] if row["raw"] is None else row["raw"]
        try:
            safetensors.deserialize(data)
            reference = "accept"
        except Exception:  # noqa: BLE001 - any refusal counts
            reference = "refuse"
        case = {"name": row["name"], "reference": reference, "ours": row["ours"] or reference}
        if row["raw"] is not None:
            case["raw"] = row["raw"].hex()
        else:
            case["length"] = str(length)
            case["header"] = [[part.hex(), count] for part, count in row["parts"]]
            case["data"] = row["data"].hex()
        table.append(case)
    lines = ",\n".join(json.dumps(case) for case in table)
    (HERE / "verdicts.json").write_text("[\n%s\n]\n" % lines)
    print(len(table), "verdicts;", sum(c["ours"] != c["reference"] for c in table), "stricter than the reference")


# --- golden.tfevents: events serialized by Protocol Buffers and framed by TensorBoard ---------------------------------

def write_events():
    png = bytes.fromhex("89504e470d0a1a0a")
    events = [Event(wall_time=1700000000.5, file_version="brain.Event:2")]
    for step, losses in [(1, (0.75, 1.5)), (300, (0.5, 1e-7))]:
        values = [Summary.Value(tag=tag, simple_value=v) for tag, v in zip(("loss/discriminator", "loss/generator"), losses)]
        events.append(Event(wall_time=1700000000.5 + step, step=step, summary=Summary(value=values)))
    image = Summary.Image(height=130, width=260, colorspace=3, encoded_image_string=png)
    events.append(Event(wall_time=1700000999.0, step=300, summary=Summary(value=[Summary.Value(tag="samples", image=image)])))
    with open(HERE / "golden.tfevents", "wb") as file:
        writer = RecordWriter(file)
        for event in events:
            writer.write(event.SerializeToString())


# --- v1/pack.python.json: our own pack, as Python's safetensors reads it ----------------------------------------------

def read_pack():
    with safe_open(str(HERE / "v1" / "pack.safetensors"), "numpy") as pack:
        tensors = {name: pack.get_tensor(name) for name in pack.keys()}
        metadata = pack.metadata()
    seen = {"metadata": {**metadata, "pack": json.loads(metadata["pack"])}, "tensors": {}}
    for name, tensor in sorted(tensors.items()):
        seen["tensors"][name] = {"dtype": tensor.dtype.name, "shape": list(tensor.shape),
                                 "sha256": hashlib.sha256(tensor.tobytes()).hexdigest()}
    start, text = tensors["caption.textStart"], tensors["caption.text"].tobytes()
    seen["captions"] = [text[a:b].decode() for a, b in zip(start, start[1:])]
    (HERE / "v1" / "pack.python.json").write_text(json.dumps(seen, indent=1, ensure_ascii=False, sort_keys=True) + "\n")


if __name__ == "__main__":
    read_pack()
    write_dtypes()
    write_canonical()
    write_verdicts()
    write_events()
