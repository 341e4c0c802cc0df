"""frames: messages for the door, right and wrong, made without any of our own code.

    frames.py list               names of all, one a line, with what has to come back
    frames.py NAME >message

What has to come back: a verdict for each fact, a refusal with its code and the field, where one can be named:
"accepted refused:missing:id accepted"; what stands whole in a broken frame is answered, and then the frame is refused;
"none" where the connection is cut, or where it is no question of a feeder's.
"""
import struct
import sys

OCCURRED = 1782086400000  # 2026-06-22


class Raw(bytes):
    """Bytes that are msgpack already."""


def pack(v):
    """A little of msgpack: what the contracts use, and what they forbid."""
    if isinstance(v, Raw):
        return bytes(v)
    if v is None:
        return b"\xc0"
    if v is True:
        return b"\xc3"
    if isinstance(v, int):
        return b"\xcf" + struct.pack(">Q", v) if v >= 0 else b"\xd3" + struct.pack(">q", v)
    if isinstance(v, float):
        return b"\xcb" + struct.pack(">d", v)
    if isinstance(v, (str, bytes)):
        b = v.encode() if isinstance(v, str) else v
        return b"\xdb" + struct.pack(">I", len(b)) + b
    if isinstance(v, dict):
        return b"\xdf" + struct.pack(">I", len(v)) + b"".join(pack(k) + pack(x) for k, x in v.items())
    return b"\xdd" + struct.pack(">I", len(v)) + b"".join(pack(x) for x in v)


UNIT_UPSERTED, CALL_QUEUED = 50, 109


def fact(number=UNIT_UPSERTED, id="x", source="E2E", occurred=OCCURRED, actor=None, data=("E2E", "測試站")):
    return pack([number, id, source, occurred, actor, list(data) if isinstance(data, tuple) else data])


def frame(*facts, tag=7, count=None):
    body = b"".join(struct.pack("<I", len(f)) + f for f in facts)
    return b"P" + struct.pack("<QI", tag, len(facts) if count is None else count) + body


def deep(n):
    return Raw(b"\x91" * n + b"\xc0")


def good(id):
    return fact(id=id)


FRAMES = {
    # ---- a message that is no frame: refused; what stood whole in it before is in effect, once ----
    "empty": (b"", "refused:frame_broken:"),
    "one letter": (b"P", "refused:frame_broken:"),
    "unknown letter": (b"Z" + b"\0" * 64, "refused:frame_broken:"),
    "cut in the head": (frame(good("cut-1"))[:9], "refused:frame_broken:"),
    "cut in the length": (frame(good("cut-2"))[:15], "refused:frame_broken:"),
    "cut in the fact": (frame(good("cut-3"))[:-5], "refused:frame_broken:"),
    "cut after a good fact": (frame(good("kept"), good("lost"))[:-5], "accepted refused:frame_broken:"),
    "more announced than sent": (frame(good("kept"), count=4000000000), "duplicate refused:frame_broken:"),
    "length beyond the end": (b"P" + struct.pack("<QII", 1, 1, 0xFFFFFFF0) + b"abc", "refused:frame_broken:"),
    "clock without a time": (b"C", "refused:frame_broken:"),
    "credit without numbers": (b"G\1", "none"),
    "credit from nowhere": (b"G\1" + struct.pack("<QI", (1 << 64) - 1, 0xFFFFFFFF), "none"),
    "larger than a message may be": (b"P" + b"\0" * (8 << 20), "none"),
    # ---- facts that are none: each refused with what is wrong, its neighbours are taken ----
    "unknown event": (frame(good("a1"), fact(9999, "b1"), good("c1")), "accepted refused:unknown_event:type accepted"),
    "event of ours": (frame(good("a2"), fact(CALL_QUEUED, "b2", data=("C1",)), good("c2")),
                      "accepted refused:verdict_only:type accepted"),
    "id missing": (frame(good("a3"), fact(id=None), good("c3")), "accepted refused:missing:id accepted"),
    "time missing": (frame(good("a4"), fact(id="b4", occurred=None), good("c4")),
                     "accepted refused:missing:occurred accepted"),
    "number for a text": (frame(good("a5"), fact(id=12), good("c5")), "accepted refused:wrong_type:id accepted"),
    "text for a number": (frame(good("a6"), fact("fifty", "b6"), good("c6")), "accepted refused:wrong_type:number accepted"),
    "real number": (frame(good("a7"), fact(id="b7", occurred=1.5), good("c7")), "accepted refused:wrong_type:occurred accepted"),
    "invalid UTF-8": (frame(good("a8"), fact(id=b"b8\xff\xfe"), good("c8")), "accepted refused:utf8: accepted"),
    "half a character": (frame(good("a9"), fact(id="b9", data=(b"\xe6\xb8",)), good("c9")),
                         "accepted refused:utf8: accepted"),
    "control bytes": (frame(good("a10"), fact(id="b10", data=("E2E\x00",)), good("c10")),
                      "accepted refused:control:unit accepted"),
    "text too long": (frame(good("a11"), fact(id="b11", data=("E2E", "長" * 1000)), good("c11")),
                      "accepted refused:too_long:name accepted"),
    "unknown code": (frame(good("a12"), fact(id="b12", data=("E2E", "n", 200)), good("c12")),
                     "accepted refused:unknown_word:kind accepted"),
    "map for an object": (frame(good("a13"), fact(id="b13", data={"unit": "E2E"}), good("c13")),
                          "accepted refused:map: accepted"),
    "extension type": (frame(good("a14"), fact(id="b14", data=Raw(b"\xc7\x04\x01abcd")), good("c14")),
                       "accepted refused:ext: accepted"),
    "forty deep": (frame(good("a15"), fact(id="b15", data=deep(40)), good("c15")), "accepted refused:too_deep: accepted"),
    "announces 2^32 elements": (frame(good("a16"), Raw(b"\xdd\xff\xff\xff\xff"), good("c16")),
                                "accepted refused:truncated: accepted"),
    "announces a text of 4 GiB": (frame(good("a17"), Raw(b"\x95\x32\xdb\xff\xff\xff\xff"), good("c17")),
                                  "accepted refused:truncated: accepted"),
    "an empty fact": (frame(good("a18"), b"", good("c18")), "accepted refused:truncated: accepted"),
    "bytes behind the fact": (frame(good("a19"), fact(id="b19") + b"\x01", good("c19")),
                              "accepted refused:trailing: accepted"),
    "too many bytes for one fact": (frame(good("a20"), fact(id="b20", data=("E2E", "n", None, "r" * 70000)),
                                          good("c20")), "accepted refused:too_long:data accepted"),
}

if __name__ == "__main__":
    if sys.argv[1] == "list":
        for name, (_, wanted) in FRAMES.items():
            print(f"{name}|{wanted}")
    else:
        sys.stdout.buffer.write(FRAMES[sys.argv[1]][0])
