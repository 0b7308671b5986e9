"""The department's server in headless Chromium: TLS, signing in, roles, sign-off with the password."""
import os
import re
import shutil
import subprocess
import tempfile
import urllib.error
import urllib.request

from webdriver import Browser

PASSWORD = "correct horse battery"


def department(program, case, picture, check, expect):
    """`case` is a planned case's folder; `picture(browser, name)` keeps what is seen, `check(browser, name)` judges it."""
    work = tempfile.mkdtemp()
    server = browser = None
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
             "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", certificate],
            check=True, stderr=subprocess.DEVNULL)
        server = subprocess.Popen([program, "serve", cases, "--certificate", certificate, "--key", key],
                                  stdout=subprocess.PIPE, text=True)
        address = re.search(r"https://\S+", server.stdout.readline()).group(0)
        expect("token" not in address, "an address opens without signing in")
        try:
            urllib.request.urlopen(address.replace("https:", "http:"), timeout=10)
            expect(False, "plain HTTP is answered on the TLS port")
        except (urllib.error.URLError, OSError):
            pass
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
        status = b.js("""return fetch('/api/plan', {method: 'POST', headers: {'Content-Type': 'application/json'},
                         body: JSON.stringify({case: 'demo'})}).then((r) => r.status)""")
        expect(status == 403, f"a reader plans: {status}")
        b.click("#logout")
        sign_in("A. Signer", PASSWORD)
        b.until("return document.querySelector('tr[data-address]') !== null")
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
        if server:
            server.terminate()
            server.wait(timeout=30)
        shutil.rmtree(work, ignore_errors=True)
    print("department: TLS, sign-in, roles, signature with the password")
