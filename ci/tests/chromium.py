"""Headless Chromium for the tests of pages, spoken to by its DevTools protocol."""
import base64
import json
import os
import select
import shutil
import subprocess
import time

DEADLINE_S = 60


def executable():
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


class Browser:
    """Chromium, spoken to by its DevTools protocol over two pipes: no port, no websocket."""

    def __init__(self, executable, profile):
        to_read, self.to = os.pipe()
        self.come, from_write = os.pipe()

        def pipes():  # Chromium reads 3 and writes 4
            first, second = os.dup(to_read), os.dup(from_write)
            os.dup2(first, 3)
            os.dup2(second, 4)

        self.process = subprocess.Popen(
            [executable, "--headless", "--remote-debugging-pipe", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
             "--disable-background-networking", "--disable-component-update", "--host-resolver-rules=MAP * ~NOTFOUND",
             f"--user-data-dir={profile}", "about:blank"],
            close_fds=False, preexec_fn=pipes, start_new_session=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, env=dict(os.environ, HOME=str(profile), XDG_CONFIG_HOME=str(profile), XDG_CACHE_HOME=str(profile)))
        os.close(to_read)
        os.close(from_write)
        self.deadline = time.monotonic() + DEADLINE_S
        self.received = b""
        self.events = []
        self.number = 0
        self.targets = {}

    def read(self):
        while b"\0" not in self.received:
            if not select.select([self.come], [], [], max(0, self.deadline - time.monotonic()))[0]:
                raise SystemExit("Chromium did not answer in time")
            data = os.read(self.come, 1 << 16)
            if not data:
                raise SystemExit("Chromium went away")
            self.received += data
        message, _, self.received = self.received.partition(b"\0")
        return json.loads(message)

    def call(self, method, session=None, **parameters):
        self.number += 1
        call = {"id": self.number, "method": method, "params": parameters}
        if session:
            call["sessionId"] = session
        os.write(self.to, json.dumps(call).encode() + b"\0")
        while True:
            message = self.read()
            if message.get("id") == self.number:
                if "error" in message:
                    raise SystemExit(f"{method}: {message['error']}")
                return message["result"]
            self.events.append(message)

    def wait_for(self, method):
        while not any(event.get("method") == method for event in self.events):
            self.events.append(self.read())

    def open(self, url, width=1280, height=800, dark=False):
        """A page of that size, loaded, offline; gives its session."""
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self.targets[session] = target
        for domain in ("Runtime", "Log", "Page", "Network"):
            self.call(f"{domain}.enable", session)
        self.call("Network.emulateNetworkConditions", session, offline=True, latency=0, downloadThroughput=0, uploadThroughput=0)
        self.call("Emulation.setDeviceMetricsOverride", session, width=width, height=height, deviceScaleFactor=1, mobile=False)
        self.call("Emulation.setEmulatedMedia", session, features=[{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}])
        self.events.clear()
        self.call("Page.navigate", session, url=url)
        self.wait_for("Page.loadEventFired")
        return session

    def shut(self, session):
        self.call("Target.closeTarget", targetId=self.targets.pop(session))

    def evaluate(self, session, expression):
        answer = self.call("Runtime.evaluate", session, expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in answer:
            raise SystemExit(f"{expression[:200]}: {json.dumps(answer['exceptionDetails'])[:800]}")
        return answer["result"].get("value")

    def press(self, session, *keys):
        for key in keys:
            text = {"text": key} if len(key) == 1 else {"text": "\r"} if key == "Enter" else {}
            for kind in ("keyDown", "keyUp"):
                self.call("Input.dispatchKeyEvent", session, type=kind, key=key, **(text if kind == "keyDown" else {}))

    def screenshot(self, session, path):
        path.write_bytes(base64.b64decode(self.call("Page.captureScreenshot", session, format="png")["data"]))

    def complaints(self):
        """What the browser had to say against the page, and what it asked of a network."""
        told = []
        for event in self.events:
            method, about = event.get("method"), event.get("params", {})
            if method == "Runtime.exceptionThrown":
                told.append("exception: " + json.dumps(about["exceptionDetails"])[:500])
            elif method == "Runtime.consoleAPICalled" and about["type"] in ("error", "assert"):
                told.append("console: " + json.dumps(about["args"])[:500])
            elif method == "Log.entryAdded" and about["entry"]["level"] == "error":
                told.append("log: " + about["entry"]["text"][:500])
            elif method == "Network.requestWillBeSent" and not about["request"]["url"].startswith(("file:", "data:", "blob:", "about:")):
                told.append("network: " + about["request"]["url"][:200])
        return told

    def close(self):
        """Ends it with all its processes, and waits until none is left."""
        try:
            self.call("Browser.close")
        except (SystemExit, OSError):
            pass
        group = self.process.pid
        limit = time.monotonic() + 10
        while time.monotonic() < limit:
            try:
                os.killpg(group, 9 if self.process.poll() is not None or time.monotonic() > limit - 5 else 0)
            except ProcessLookupError:
                break
            time.sleep(0.02)
        self.process.wait()
        os.close(self.to)
        os.close(self.come)
