"""Keys and motion in headless Chromium: every control is reached by Tab in its order and shows it, nothing moves by itself."""

TAB = "\ue004"

CONTROLS = """return [...document.querySelectorAll('a[href], button, input, select, textarea, summary, iframe, [tabindex]')]
    .filter((e) => e.tabIndex >= 0 && !e.disabled && e.getClientRects().length && getComputedStyle(e).visibility !== 'hidden'
      && !(e.type === 'radio' && !e.checked))"""

FOCUSED = """const all = (() => { %s })(); const at = document.activeElement; const style = getComputedStyle(at);
    return [all.indexOf(at), at === document.body, style.outlineStyle !== 'none' || style.boxShadow !== 'none',
      at.outerHTML.slice(0, 100)]""" % CONTROLS


def keyboard(b, name, expect):
    """Tab visits the controls of a page in the order of the page, each visibly."""
    count = b.js("return (() => { %s })().length" % CONTROLS)
    b.js("document.activeElement.blur(); getSelection().removeAllRanges(); scrollTo(0, 0)")
    seen = []
    for _ in range(min(count + 2, 60)):
        b.press(TAB)
        index, is_body, is_visible, text = b.js(FOCUSED)
        if is_body or "<iframe" in text:
            break
        if seen and index <= seen[-1]:
            break
        expect(index >= 0, f"{name}: the focus is on what is no control: {text}")
        expect(is_visible, f"{name}: the focus cannot be seen on {text}")
        seen.append(index)
    expect(len(seen) >= min(count, 8) - 2, f"{name}: Tab reaches {len(seen)} of {count} controls")


def access(b, go, expect):
    for name, address, ready in (("worklist", "#/", "tr[data-address]"), ("prescription", "#/prescription/demo", "#gauges .ga"),
                                 ("dosimetry", "#/dosimetry/demo", ".ds svg.plot .fit"), ("cohort", "#/cohort", ".drawn svg"),
                                 ("audit", "#/audit", ".seal")):
        go(address, ready)
        b.until("return document.querySelector('#page').getAttribute('aria-busy') !== 'true'")
        keyboard(b, name, expect)
    b.command("Emulation.setEmulatedMedia", {"features": [{"name": "prefers-reduced-motion", "value": "reduce"}]})
    go("#/viewer/demo", ".vw[data-painter]")
    moving = b.js("return document.getAnimations().filter((a) => a.playState === 'running').length")
    expect(moving == 0, f"{moving} animations run although motion is to be reduced")
    b.command("Emulation.setEmulatedMedia", {"features": []})
    # By keys alone from the list into a case and back.
    go("#/", "tr[data-address]")
    b.js("document.activeElement.blur()")
    b.press("\ue015\ue013\ue007")
    b.until("return location.hash.startsWith('#/case/')")
    b.console()
    print("access: Tab in the order of the page on five pages, focus visible, motion reduced")
