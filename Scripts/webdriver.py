"""A small WebDriver client (W3C) for the browser tests: nothing but Python's own library."""
import base64
import http.client
import json
import re
import socket
import subprocess
import time


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Browser:
    """Headless Chromium behind chromedriver, both ended by close()."""

    ELEMENT = "element-6066-11e4-a52e-4f735466cecf"

    def __init__(self, width=1280, height=800, dark=False, hasGraphics=True, words=()):
        self.port = free_port()
        self.driver = subprocess.Popen(
            ["chromedriver", f"--port={self.port}"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        arguments = [
            "--headless=new", "--no-sandbox", "--hide-scrollbars", f"--window-size={width},{height}",
            "--disable-background-networking", "--disable-component-update", "--no-first-run",
            "--force-device-scale-factor=1", *words]
        # WebGL by the processor, or none and pages drawn without a graphics unit.
        arguments += ["--use-angle=swiftshader", "--enable-unsafe-swiftshader"] if hasGraphics else ["--disable-gpu"]
        if dark:
            arguments.append("--force-dark-mode")
        for _ in range(100):
            try:
                made = self._send("POST", "/session", {"capabilities": {"alwaysMatch": {
                    "browserName": "chrome", "goog:chromeOptions": {"args": arguments},
                    "goog:loggingPrefs": {"browser": "ALL", "performance": "ALL"}}}}, session=False)
                break
            except ConnectionRefusedError:
                time.sleep(0.1)
        else:
            raise RuntimeError("chromedriver does not start")
        self.session = made["sessionId"]
        # What is sent is not kept with the requests: a log of whole studies is more than chromedriver can tell.
        self.command("Network.enable", {"maxPostDataSize": 1})
        self.resize(width, height)
        if dark:
            self.command("Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": "dark"}]})

    def close(self):
        try:
            self._send("DELETE", "")
        except Exception:
            pass
        self.driver.terminate()
        self.driver.wait()

    def _send(self, method, path, body=None, session=True):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=180)
        prefix = f"/session/{self.session}" if session else ""
        payload = json.dumps(body or {}) if method == "POST" else None
        connection.request(method, prefix + path, payload, {"Content-Type": "application/json"})
        answer = json.loads(connection.getresponse().read())
        connection.close()
        value = answer.get("value")
        if isinstance(value, dict) and "error" in value:
            raise RuntimeError(f"{value['error']}: {value['message'].splitlines()[0]}")
        return value

    def resize(self, width, height):
        """Sets the size of the page itself."""
        self.command("Emulation.setDeviceMetricsOverride",
                     {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False})

    def command(self, name, parameters=None):
        return self._send("POST", "/goog/cdp/execute", {"cmd": name, "params": parameters or {}})

    def open(self, address):
        self._send("POST", "/url", {"url": address})

    def js(self, script, *arguments):
        return self._send("POST", "/execute/sync", {"script": script, "args": list(arguments)})

    def until(self, script, *arguments, seconds=60):
        """Waits until the script gives something true, and gives that."""
        end = time.monotonic() + seconds
        while True:
            found = self.js(script, *arguments)
            if found:
                return found
            if time.monotonic() > end:
                raise RuntimeError(f"waited {seconds} s in vain: {script}")
            time.sleep(0.05)

    def element(self, selector):
        self.until("return document.querySelector(arguments[0]) !== null", selector)
        return self._send("POST", "/element", {"using": "css selector", "value": selector})[self.ELEMENT]

    def _act(self, selector, act, body=None):
        # What the page draws anew between finding and acting is found again.
        for attempt in range(3):
            try:
                return self._send("POST", f"/element/{self.element(selector)}/{act}", body)
            except RuntimeError as error:
                if attempt == 2 or not re.search("stale|not interactable", str(error)):
                    raise

    def click(self, selector):
        return self._act(selector, "click")

    def type(self, selector, text):
        self._act(selector, "value", {"text": text})

    def press(self, text):
        """Presses keys where the focus is."""
        actions = []
        for key in text:
            actions += [{"type": "keyDown", "value": key}, {"type": "keyUp", "value": key}]
        self._send("POST", "/actions", {"actions": [{"type": "key", "id": "keyboard", "actions": actions}]})

    def chord(self, keys):
        """Holds all keys but the last, presses that, and lets them go."""
        actions = [{"type": "keyDown", "value": key} for key in keys] + [{"type": "keyUp", "value": key} for key in reversed(keys)]
        self._send("POST", "/actions", {"actions": [{"type": "key", "id": "keyboard", "actions": actions}]})

    def slide(self, selector, value):
        """Moves a slider as a person does: the page hears of it."""
        self.js("""const input = document.querySelector(arguments[0]); input.value = arguments[1];
                   input.dispatchEvent(new Event('input', {bubbles: true}));""", selector, value)

    def picture(self, path=None):
        data = base64.b64decode(self._send("GET", "/screenshot"))
        if path:
            with open(path, "wb") as file:
                file.write(data)
        return data

    def console(self):
        """What the page complained of since the last call."""
        return [f"{entry['level']}: {entry['message']}" for entry in self._send("POST", "/se/log", {"type": "browser"})
                if entry["level"] in ("SEVERE", "WARNING")]

    def requests(self):
        """The addresses that were asked for since the last call."""
        found = []
        for entry in self._send("POST", "/se/log", {"type": "performance"}):
            message = json.loads(entry["message"])["message"]
            if message["method"] == "Network.requestWillBeSent":
                found.append(message["params"]["request"]["url"])
        return found
