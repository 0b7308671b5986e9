"""The department's server in headless Chromium: TLS, by itself and behind nginx; signing in, roles, sign-off with the password."""
import os
import re
import shutil
import ssl
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

from webdriver import Browser, free_port

PASSWORD = "correct horse battery"
NGINX = shutil.which("nginx") or "/usr/sbin/nginx"
EXAMPLE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../Examples/nginx.conf")


def start_proxy(work, certificate, key, port, inner):
    """nginx as Examples/nginx.conf has it, with this test's name, ports and files; its configuration holds nothing else."""
    with open(EXAMPLE) as file:
        text = file.read()
    for example, own in (("listen 443", f"listen 127.0.0.1:{port}"), ("server_name endora.clinic.example", "server_name localhost"),
                         ("/etc/ssl/certs/endora.pem", certificate), ("/etc/ssl/private/endora.key", key),
                         ("http://127.0.0.1:8443", f"http://127.0.0.1:{inner}")):
        assert example in text, example
        text = text.replace(example, own)
    folders = "".join(f"{name}_temp_path {work}/{name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    with open(work + "/nginx.conf", "w") as file:
        file.write(f"daemon off; pid {work}/nginx.pid; error_log {work}/nginx.log; events {{}} http {{ access_log off; {folders} {text} }}")
    return subprocess.Popen([NGINX, "-e", work + "/nginx.log", "-p", work, "-c", work + "/nginx.conf"])


def status(address, **headers):
    """What a request with these headers is answered; 0 for none."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    request = urllib.request.Request(address, data=b"{}" if "Origin" in headers else None, headers=headers)
    try:
        return urllib.request.urlopen(request, timeout=10, context=context if address.startswith("https") else None).status
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


def behind_proxy(b, address, inner, expect):
    """Signed in through nginx: what the cookie is, who else is answered, and that progress arrives as it happens."""
    cookies = b.command("Network.getCookies")["cookies"]
    expect(len(cookies) == 1, f"cookies: {cookies}")
    kept = {key: cookies[0].get(key) for key in ("name", "secure", "httpOnly", "sameSite", "path", "domain")}
    expect(kept == {"name": "__Host-endora", "secure": True, "httpOnly": True, "sameSite": "Strict", "path": "/", "domain": "localhost"},
           f"the cookie is {kept}")
    expect(status(address) == 200, "the proxy does not answer")
    expect(status(address, Host="endora.example") != 200, "another host is answered")
    expect(status(f"http://127.0.0.1:{inner}/") == 403, "the server answers beside its proxy")
    json_type = {"Content-Type": "application/json"}
    for origin in ("https://endora.example", address.rstrip("/").replace("https:", "http:"), "null"):
        expect(status(address + "api/log-in", Origin=origin, **json_type) == 403, f"a request of {origin} is answered")
    expect(status(address + "api/plan", Origin=address.rstrip("/"), **json_type) == 401, "who has not signed in plans")
    steps = b.js("""return (async () => {
        const { job } = await (await fetch('/api/plan', {method: 'POST', headers: {'Content-Type': 'application/json'}, body: JSON.stringify({case: 'demo'})})).json();
        const seen = [], began = performance.now();
        await new Promise((end) => { const events = new EventSource('/api/progress?job=' + job);
          for (const name of ['step', 'done', 'cancelled', 'refused']) events.addEventListener(name, (event) => {
            seen.push([name, performance.now() - began]); if (name !== 'step') { events.close(); end(); } }); });
        return seen; })()""")
    expect(steps[-1][0] == "done" and len(steps) > 2, f"progress behind the proxy: {steps}")
    expect(steps[-1][1] - steps[0][1] > 50, f"progress comes all at once: {steps}")


def department(program, case, picture, check, expect):
    """`case` is a planned case's folder; `picture(browser, name)` keeps what is seen, `check(browser, name)` judges it."""
    serve(program, case, picture, check, expect, is_proxied=False)
    print("department: TLS, sign-in, roles, signature with the password")
    if not os.path.exists(NGINX):
        print("skipped: the Debian package nginx-light is not installed")
        return
    serve(program, case, picture, check, expect, is_proxied=True)
    print("department: the same behind nginx; cookie, host, origin, progress")


def serve(program, case, picture, check, expect, is_proxied):
    work = tempfile.mkdtemp()
    server = proxy = browser = None
    try:
        cases, key, certificate = work + "/cases", work + "/key.pem", work + "/certificate.pem"
        shutil.copytree(case, cases + "/demo", ignore=shutil.ignore_patterns("sign-off.json"))
        for role in ("reader", "signer"):
            subprocess.run([program, "archive", "user", "add", cases, f"A. {role.title()}", "--role", role],
                           input=PASSWORD + "\n", text=True, check=True)
        listed = subprocess.run([program, "archive", "user", "list", cases], capture_output=True, text=True, check=True)
        expect("A. Reader" in listed.stdout and "argon2" not in listed.stdout, "the accounts are not listed")
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
             "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", key, "-out", certificate],
            check=True, stderr=subprocess.DEVNULL)
        port, inner = free_port(), free_port()
        if is_proxied:
            proxy = start_proxy(work, certificate, key, port, inner)
            own = ["--port", str(inner), "--behind-proxy", f"localhost:{port}"]
        else:
            own = ["--port", str(port), "--certificate", certificate, "--key", key]
        server = subprocess.Popen([program, "serve", cases, *own], stdout=subprocess.PIPE, text=True)
        address = re.search(r"https://\S+", server.stdout.readline()).group(0)
        expect("token" not in address, "an address opens without signing in")
        expect(status(address.replace("https:", "http:")) in (0, 400), "plain HTTP is answered on the TLS port")
        end = time.monotonic() + 10
        while status(address) != 200 and time.monotonic() < end:
            time.sleep(0.1)
        browser = b = Browser(words=["--ignore-certificate-errors"])
        b.open(address)

        def sign_in(name, password):
            b.until("return document.querySelector('#account') !== null")
            b.js("document.querySelector('#account').value = ''; document.querySelector('#password').value = ''")
            b.type("#account", name)
            b.type("#password", password + "\ue007")

        b.until("return document.querySelector('.login') !== null")
        b.console()
        check(b, "sign-in")
        sign_in("A. Reader", "wrong, wrong")
        b.until("return document.querySelector('.login .refusal') !== null")
        picture(b, "sign-in-refused")
        sign_in("A. Reader", PASSWORD)
        b.until("return document.querySelector('tr[data-address]') !== null")
        expect(b.js("return document.cookie") == "", "a script can read the cookie")
        expect("A. Reader" in b.js("return document.querySelector('#who').textContent"), "nobody is named")
        b.console()
        check(b, "signed-in")
        planned = b.js("""return fetch('/api/plan', {method: 'POST', headers: {'Content-Type': 'application/json'},
                         body: JSON.stringify({case: 'demo'})}).then((r) => r.status)""")
        expect(planned == 403, f"a reader plans: {planned}")
        b.click("#logout")
        sign_in("A. Signer", PASSWORD)
        b.until("return document.querySelector('tr[data-address]') !== null")
        if is_proxied:
            behind_proxy(b, address, inner, expect)
        b.js("location.hash = '#/prescription/demo'")
        b.until("return document.querySelector('#sign') !== null", seconds=180)
        for code in b.js("return [...document.querySelectorAll('.sig input[type=checkbox]')].map((i) => i.dataset.code)"):
            b.click(f".sig input[data-code='{code}']")
        expect(b.js("return document.querySelector('#sign').disabled"), "it is signed without the password")
        b.type("#signature #password", "wrong, wrong")
        b.click("#sign")
        b.until("return document.querySelector('#signature .refusal') !== null")
        expect(not os.path.exists(cases + "/demo/sign-off.json"), "a wrong password signs")
        b.js("document.querySelector('#signature #password').value = ''")
        b.type("#signature #password", PASSWORD)
        b.click("#sign")
        b.until("return document.querySelector('#withdraw') !== null")
        expect("A. Signer" in b.js("return document.querySelector('#signature').textContent"), "the signature has no name")
        b.console()
        check(b, "signed-by-account")
        # The same elsewhere: the account's password changes, and the page asks again.
        subprocess.run([program, "archive", "user", "password", cases, "A. Signer"], input=PASSWORD + "!\n", text=True,
                       check=True)
        b.until("location.hash = location.hash === '#/audit' ? '#/' : '#/audit';"
                "return document.querySelector('.login') !== null")
        trail = subprocess.run([program, "data", "audit", cases], capture_output=True, text=True)
        expect(trail.returncode == 0, f"the audit trail is broken: {trail.stdout}")
    finally:
        if browser:
            browser.close()
        for process in filter(None, (server, proxy)):
            process.terminate()
            process.wait(timeout=30)
        shutil.rmtree(work, ignore_errors=True)
