"""Gates drawn on plots in headless Chromium, by mouse and by keys, on tubes whose events are known."""
import os
import random
import shutil

from flow import write_events


def tube(path, seed, receptor):
    """An FCS 3.1 file of lymphocytes and blasts; `receptor` is the mean of CXCR4 on the blasts."""
    channels = [("FSC-A", ""), ("SSC-A", ""), ("FL1-A", "CD45"), ("FL2-A", "CD117"), ("FL3-A", "CXCR4")]
    draw, rows = random.Random(seed), []
    for n in range(6000):
        blast = n < 1500
        cells = ((90000, 9000), (24000, 3500), (2500, 350), (9000, 1800), (receptor, receptor / 5)) if blast else (
            (60000, 7000), (9000, 1500), (26000, 3500), (150, 60), (receptor / 8, receptor / 30))
        rows.append([max(-500.0, draw.gauss(*cell)) for cell in cells])
    write_events(path, channels, rows)


def laboratory(b, case, name, go, check, expect):
    folder = case + "/laboratory"
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    tube(folder + "/tube.fcs", 1, 12000)
    tube(folder + "/isotype.fcs", 2, 400)
    go(f"#/laboratory/{name}", "#gating svg")
    gates = folder + "/gates.xml"

    def pick(selector, value):
        b.js("const s = document.querySelector(arguments[0]); s.value = arguments[1];"
             "s.dispatchEvent(new Event('change', {bubbles: true}))", selector, value)
        b.until("return document.querySelector('#gating svg').getAttribute('aria-label').length > 0")

    def point(u, v):
        """Clicks at a place of the plot."""
        x, y = b.js("""const s = document.querySelector('#gating .draw svg').getBoundingClientRect();
            const g = document.querySelector('#gating .draw .ground').getBoundingClientRect();
            return [g.x + arguments[0] * g.width, g.y + (1 - arguments[1]) * g.height]""", u, v)
        for kind in ("mousePressed", "mouseReleased"):
            b.command("Input.dispatchMouseEvent", {"type": kind, "x": x, "y": y, "button": "left", "buttons": 1, "clickCount": 1})

    def counted():
        b.until("return /\\d/.test(document.querySelector('#counted').textContent)")
        return b.js("return document.querySelector('#counted').textContent")

    check("laboratory-proposed")
    expect(not os.path.exists(gates), "gates are kept before anybody confirmed them")
    if b.js("return document.querySelector('#confirmGates') !== null"):
        b.click("#confirmGates")
        b.until("return document.querySelector('#confirmGates') === null")
        expect(os.path.getsize(gates) > 200, "confirmed gates are not kept")
        b.click("#undoGate")
        b.until("return document.querySelector('#confirmGates') !== null")
        expect(not os.path.exists(gates), "a confirmation is not undone")
    # By mouse: the blasts of CD45 and side scatter, a rectangle.
    pick("#gateX", "FL1-A")
    b.until("return document.querySelector('#gateX').value === 'FL1-A'")
    pick("#gateY", "SSC-A")
    b.click("#gating [data-value=rectangle]")
    b.until("return document.querySelector('#gating [data-value=rectangle]').getAttribute('aria-pressed') === 'true'")
    point(0.44, 0.68)
    point(0.62, 0.84)
    text = counted()
    expect(abs(int(text.split(":")[1].split()[0]) - 1500) < 15, f"the rectangle counts {text}")
    b.type("#gateName", "blasts")
    b.click("#keepGate")
    b.until("return document.querySelector('#confirmGates') === null")
    expect("Gating-ML" in open(gates).read() and "blasts" in open(gates).read(), "the gate is not kept as Gating-ML")
    b.until("return document.querySelectorAll('.cohort table').length > 0 && /blasts/.test(document.querySelector('.cohort').textContent)")
    check("laboratory-drawn")
    # By keys alone: a triangle around the others; the first point is taken back.
    b.click("#gating [data-value=polygon]")
    b.js("document.querySelector('#gateName').value = 'lymphocytes'; document.querySelector('#gateName').dispatchEvent(new Event('input', {bubbles: true}))")
    b.js("document.querySelector('#gating .draw svg').focus()")
    enter, left, up, right = "\ue007", "\ue012", "\ue013", "\ue014"
    b.press(enter + "\ue003" + right * 15 + up * 10 + enter + right * 20 + enter + left * 10 + up * 20 + enter)
    text = counted()
    expect(2000 < int(text.split(":")[1].split()[0]) < 4500, f"the triangle counts {text}")
    b.click("#keepGate")
    b.until("return [...document.querySelectorAll('#gateCounts th[scope=row]')].some((r) => r.textContent.startsWith('lymphocytes'))")
    # Quadrants hold everything once; then all is undone.
    b.click("#gating [data-value=quadrants]")
    point(0.7, 0.7)
    counts = [int(part.split(":")[1].split()[0]) for part in counted().split("·")]
    expect(len(counts) == 4 and sum(counts) == 6000, f"the quadrants hold {counts}")
    for remaining in (1, 0):
        b.click("#undoGate")
        b.until("return document.querySelectorAll('#gateCounts button').length === arguments[0]", remaining)
    b.console()
    b.click("#redoGate")
    b.until("return document.querySelectorAll('#gateCounts button').length === 1")
    check("laboratory-redone")
    ratio = b.js("return [...document.querySelectorAll('.cohort tbody tr')].find((r) => r.textContent.startsWith('blasts') && r.querySelector('b'))?.querySelector('b').textContent")
    expect(ratio and 20 < float(ratio.replace(",", ".")) < 45, f"the ratio to isotype is {ratio}")
    print(f"laboratory: gates by mouse and keys, undo, ratio to isotype {ratio}")
