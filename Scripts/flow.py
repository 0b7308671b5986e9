"""Synthetic tubes of flow cytometry for the browser tests: FCS 3.1 with floats."""
import random
import struct

CHANNELS = [("FSC-A", "FSC-A"), ("FSC-H", "FSC-H"), ("SSC-A", "SSC-A"), ("V450-A", "CD45"), ("B530-A", "CD117"), ("R660-A", "CXCR4")]


def write_events(path, channels, rows):
    """Events as rows of numbers; each channel has a name and a label, which may be empty."""
    data = b"".join(struct.pack(f"<{len(channels)}f", *row) for row in rows)
    start = 4096
    pairs = {"$BYTEORD": "1,2,3,4", "$DATATYPE": "F", "$MODE": "L", "$NEXTDATA": 0, "$PAR": len(channels), "$TOT": len(rows),
             "$BEGINANALYSIS": 0, "$ENDANALYSIS": 0, "$BEGINSTEXT": 0, "$ENDSTEXT": 0, "$CYT": "synthetic",
             "$BEGINDATA": start, "$ENDDATA": start + len(data) - 1}
    for n, (name, label) in enumerate(channels, 1):
        pairs.update({f"$P{n}N": name, f"$P{n}B": 32, f"$P{n}R": 262144, f"$P{n}E": "0,0"})
        if label:
            pairs[f"$P{n}S"] = label
    text = "|" + "".join(f"{key}|{value}|" for key, value in pairs.items())
    head = "FCS3.1    " + "".join(f"{value:8d}" for value in (58, 57 + len(text), start, start + len(data) - 1, 0, 0))
    with open(path, "wb") as file:
        file.write((head + text).encode().ljust(start, b" ") + data)


def write_tube(path, receptor, events=6000, seed=1):
    """Blasts and lymphocytes; CXCR4 of the blasts has its median at `receptor`."""
    rng = random.Random(seed)
    rows = []
    for n in range(events):
        is_blast = n % 10 < 6
        area = rng.gauss(90_000 if is_blast else 60_000, 6000)
        side = rng.gauss(22_000 if is_blast else 12_000, 2500)
        rows.append([area, area * rng.gauss(0.8, 0.01), side, rng.lognormvariate(8.2 if is_blast else 10.2, 0.25),
                     rng.lognormvariate(8.7 if is_blast else 5.0, 0.3),
                     rng.lognormvariate(0, 0.4) * (receptor if is_blast else receptor / 3)])
    write_events(path, CHANNELS, rows)
