"""Studies that come in and results that go out, in headless Chromium: drop, zip, reload, and a real Orthanc."""
import json
import os
import shutil
import subprocess
import tempfile
import time
import urllib.request
import zipfile

from webdriver import free_port

ORTHANC = shutil.which("Orthanc") or "/usr/sbin/Orthanc"


def incoming(cases):
    folder = cases + "/.endora/incoming"
    return os.listdir(folder) if os.path.isdir(folder) else []


def drop(browser, path, selector):
    """Drops a file or folder of this machine as a person does."""
    x, y = browser.js("const b = document.querySelector(arguments[0]).getBoundingClientRect();"
                      "return [b.x + b.width / 2, b.y + b.height / 2]", selector)
    data = {"items": [], "files": [path], "dragOperationsMask": 1}
    for kind in ("dragEnter", "dragOver", "drop"):
        browser.command("Input.dispatchDragEvent", {"type": kind, "x": x, "y": y, "data": data})


def imports(b, cases, images, go, check, expect):
    """`images` is a folder with a quantitative study."""
    go("#/", "tr[data-address]")

    def bring(path, name):
        drop(b, path, "section.list")
        b.until("return document.querySelector('.dropzone .small')?.textContent !== ''")
        b.type("#caseName", name)
        b.click(".importing .primary")

    work = tempfile.mkdtemp()
    try:
        bring(images, "Dropped")
        b.until("return document.querySelectorAll('.verdicts li').length > 0 || document.querySelector('.importing .refusal')", seconds=180)
        expect(os.path.isfile(cases + "/Dropped/case.json"), "the dropped folder makes no case: " +
               b.js("return document.querySelector('.importing').textContent"))
        check("import-dropped")
        b.click(".importing .head .btn")
        b.until("return document.querySelector('.importing') === null")
        expect("Dropped" in b.js("return document.querySelector('#page').textContent"), "the new case is not in the list")

        archive = work + "/study.zip"
        with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as out:
            for root, _, files in os.walk(images):
                for file in files:
                    out.write(os.path.join(root, file), os.path.relpath(os.path.join(root, file), images))
            out.writestr("note.txt", "no image")
        bring(archive, "Zipped")
        b.until("return document.querySelectorAll('.verdicts li').length > 0 || document.querySelector('.importing .refusal')", seconds=180)
        expect(os.path.isfile(cases + "/Zipped/case.json"), "the zip makes no case")
        b.click(".importing .head .btn")

        # A name that is taken is refused in the panel.
        bring(archive, "Zipped")
        b.until("return document.querySelector('.importing .refusal') !== null", seconds=180)
        b.console()
        check("import-refused")
        b.click(".importing .head .btn")

        # Cancelled while it is sent, and left by a reload: nothing stays.
        large = work + "/large.bin"
        with open(large, "wb") as file:
            file.truncate(256 << 20)
        b.command("Network.emulateNetworkConditions",
                  {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": 4 << 20})
        for leave in (lambda: b.click(".importing .head .btn"), lambda: b.js("location.reload()")):
            bring(large, "Left")
            b.until("return (document.querySelector('.importing progress')?.value ?? 0) > 0", seconds=60)
            expect(incoming(cases), "nothing came before it was left")
            leave()
            end = time.monotonic() + 30
            while incoming(cases) and time.monotonic() < end:
                time.sleep(0.2)
            expect(not incoming(cases), "an import that was left stays on disk")
            b.until("return document.querySelector('tr[data-address]') !== null")
        b.command("Network.emulateNetworkConditions",
                  {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1})
        expect(not os.path.exists(cases + "/Left"), "an import that was left makes a case")
        b.console()
    finally:
        shutil.rmtree(work, ignore_errors=True)
    print("imports: folder, zip, verdicts, refusal, cancel, reload")


def network(b, cases, images, report, go, check, expect):
    """`report` is the path of a planned case whose results are sent."""
    if not os.path.exists(ORTHANC):
        print("skipped: the Debian package orthanc is not installed")
        return
    work = tempfile.mkdtemp()
    dicom, http = free_port(), free_port()
    with open(work + "/orthanc.json", "w") as file:
        json.dump({"StorageDirectory": work + "/db", "IndexDirectory": work + "/db", "HttpPort": http, "DicomPort": dicom,
                   "DicomAet": "ORTHANC", "DicomCheckCalledAet": True, "RemoteAccessAllowed": False,
                   "AuthenticationEnabled": False, "Plugins": [],
                   "DicomModalities": {"endora": ["ENDORA", "127.0.0.1", free_port()]}}, file)
    server = subprocess.Popen([ORTHANC, work + "/orthanc.json"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                              env={**os.environ, "TCP_NODELAY": "1"})
    base = f"http://127.0.0.1:{http}"

    def ask(path, data=None):
        return json.load(urllib.request.urlopen(urllib.request.Request(base + path, data=data), timeout=30))

    def find(peer):
        b.js("document.querySelector('#peer').value = ''")
        b.type("#peer", peer + "\ue007")

    try:
        for _ in range(300):
            try:
                ask("/system")
                break
            except OSError:
                time.sleep(0.1)
        count = 0
        for root, _, files in os.walk(images):
            for file in files:
                if file.endswith(".dcm"):
                    ask("/instances", open(os.path.join(root, file), "rb").read())
                    count += 1
        go("#/", "tr[data-address]")
        b.js("[...document.querySelectorAll('.tools .btn')].at(-1).click()")
        b.until("return document.querySelector('.importing') !== null")
        b.click(".importing summary")
        # Who is not there, is called otherwise, or is no name at all, is told in words.
        for peer, words in ((f"ORTHANC@127.0.0.1:{free_port()}", "No system answers"),
                            (f"OTHER@127.0.0.1:{dicom}", "does not call itself OTHER"),
                            ("nonsense", "TITLE@HOST:PORT")):
            find(peer)
            b.until("return [...document.querySelectorAll('.importing .refusal')].some((r) => r.textContent.includes(arguments[0]))", words, seconds=60)
            b.js("document.querySelector('.importing .refusal').remove()")
        b.console()
        find(f"ORTHANC@127.0.0.1:{dicom}")
        b.until("return document.querySelectorAll('.importing table tr').length > 0", seconds=60)
        check("pacs-found")
        b.type("#caseName", "Pulled")
        b.js("[...document.querySelectorAll('.importing table tr')].at(-1).querySelector('button').click()")
        b.until("return document.querySelectorAll('.verdicts li').length > 0 || document.querySelector('.importing .refusal')", seconds=180)
        text = b.js("return document.querySelector('.importing').textContent")
        expect(os.path.isdir(cases + "/Pulled"), "the study of the other system makes no case: " + text)
        check("pacs-pulled")
        b.click(".importing .head .btn")

        # The report and the doses go out.
        go(f"#/case/{report}", "#export")
        before = ask("/statistics")["CountInstances"]
        b.type("#peer", f"OTHER@127.0.0.1:{dicom}")
        b.click("#export")
        b.until("return document.querySelector('#exported .refusal')?.textContent.includes('does not call itself')", seconds=180)
        b.js("document.querySelector('#peer').value = ''")
        b.type("#peer", f"ORTHANC@127.0.0.1:{dicom}")
        b.click("#export")
        b.until("return /ORTHANC/.test(document.querySelector('#exported').textContent) && document.querySelector('#export').disabled === false", seconds=180)
        sent = ask("/statistics")["CountInstances"] - before
        modalities = {ask(f"/series/{one}")["MainDicomTags"].get("Modality") for one in ask("/series")}
        expect(sent >= 2 and {"SR", "DOC"} <= modalities, f"sent {sent}, of {modalities}: " + b.js("return document.querySelector('#exported').textContent"))
        check("report-sent")

        # A system that takes the call and says nothing: the study is let go of at once.
        server.send_signal(19)
        go("#/", "tr[data-address]")
        b.js("[...document.querySelectorAll('.tools .btn')].at(-1).click()")
        job = b.js("""return fetch('/api/pacs/retrieve', {method: 'POST', headers: {'Content-Type': 'application/json'},
            body: JSON.stringify({peer: arguments[0], study: '1.2.3', name: 'Silent'})}).then((r) => r.json())""",
                   f"ORTHANC@127.0.0.1:{dicom}")["job"]
        start = time.monotonic()
        last = b.js("""return new Promise((done) => { const e = new EventSource('/api/progress?job=' + arguments[0]);
            for (const name of ['done', 'cancelled', 'refused']) e.addEventListener(name, () => { e.close(); done(name); });
            fetch('/api/cancel', {method: 'POST', headers: {'Content-Type': 'application/json'}, body: JSON.stringify({job: arguments[0]})}); })""", job)
        expect(last == "cancelled" and time.monotonic() - start < 5, f"a silent system is not let go of: {last}")
        server.send_signal(18)
        expect(not os.path.exists(cases + "/Silent"), "a cancelled study makes a case")
        b.click(".importing .head .btn")
        b.console()
        print(f"network: {count} objects found, pulled with progress, {sent} results sent, refusals in words, cancel")
    finally:
        server.send_signal(18)
        server.terminate()
        server.wait(timeout=30)
        shutil.rmtree(work, ignore_errors=True)
