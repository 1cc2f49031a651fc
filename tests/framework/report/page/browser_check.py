"""Opens a page in headless Chromium and fails where it does anything that a still page must not do.

usage: browser_check.py PAGE.html FEWEST_TABLES

Fails on a message on the console, on a request to a network, on fewer tables than expected, on a script or a handler in
the page, and on a page that scrolls sideways at a width of 400 or of 1400 pixels. Without a Chromium that starts it says so
and succeeds.
"""

import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

# The width of a page can be asked for by a script only, and the page lets none run: a copy without the policy is opened
# in frames of both widths and reports to the page around them.
REPORTER = """<script>addEventListener('load', () => parent.postMessage(
  [innerWidth, document.documentElement.scrollWidth], '*'))</script>"""
FRAMES = """<!doctype html><title>waiting</title><script>
  const seen = []
  addEventListener('message', e => { seen.push(e.data[0] + ':' + e.data[1]); document.title = seen.join(' ') })
</script><iframe width="400" height="800" style="border:0" src="copy.html"></iframe>
<iframe width="1400" height="800" style="border:0" src="copy.html"></iframe>"""


def chromium(folder, page, *options):
    """The page as the browser has it after all is done, and what it logged."""
    command = [shutil.which("chromium"), "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
               "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run",
               "--host-resolver-rules=MAP * ~NOTFOUND", "--enable-logging=stderr", "--v=0",
               f"--user-data-dir={folder / 'profile'}", "--virtual-time-budget=10000", "--dump-dom", *options,
               page.as_uri()]
    done = subprocess.run(command, capture_output=True, timeout=240)
    return done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace")


def requests_of_the_page(log):
    """Addresses that the page asked for; what the browser asks for itself has no origin as its initiator."""
    if not log.exists():
        return ["no log of the network was written"]
    text = log.read_text(errors="replace")
    try:
        events = json.loads(text)["events"]
    except ValueError:  # the browser was ended before it closed the lists
        events = json.loads(text.rstrip().rstrip(",") + "]}")["events"]
    found = []
    for event in events:
        parameters = event.get("params", {})
        by_page = parameters.get("initiator", "not an origin") != "not an origin"
        if by_page and re.match(r"(https?|wss?|ftp):", parameters.get("url", "")):
            found.append(parameters["url"])
    return sorted(set(found))


def problems(page, fewest_tables):
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        dom, messages = chromium(folder, page, f"--log-net-log={folder / 'net.json'}")
        found = [line for line in messages.splitlines() if "CONSOLE" in line]
        found += ["asks for " + url for url in requests_of_the_page(folder / "net.json")]
        tables = dom.count("<table")
        if tables < fewest_tables:
            found.append(f"has {tables} tables, expected {fewest_tables} or more")
        if re.search(r"<script|<[a-z]+ [^>]*\son[a-z]+=", dom, re.IGNORECASE):
            found.append("has a script")

        text = re.sub(r"<meta http-equiv=\"Content-Security-Policy\"[^>]*>", "", page.read_text(errors="replace"))
        (folder / "copy.html").write_text(text.replace("</body>", REPORTER + "</body>"))
        (folder / "frames.html").write_text(FRAMES)
        dom, _ = chromium(folder, folder / "frames.html", "--window-size=1500,1800")
        title = re.search(r"<title>([^<]*)", dom)
        widths = re.findall(r"(\d+):(\d+)", title.group(1) if title else "")
        if sorted(int(inner) for inner, _ in widths) != [400, 1400]:
            found.append(f"could not be measured: {widths}")
        found += [f"is {content} pixels wide where {inner} are there" for inner, content in widths
                  if int(content) > int(inner)]
        return found


def starts():
    """Whether the browser shows a page at all: some containers do not let it."""
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / "empty.html").write_text("<!doctype html><title>it starts</title>")
        return "it starts" in chromium(folder, folder / "empty.html")[0]


def main():
    if not shutil.which("chromium"):
        print("skipped: chromium is not installed")
        return 0
    if not starts():
        print("skipped: chromium does not start here")
        return 0
    page = pathlib.Path(sys.argv[1]).resolve()
    found = problems(page, int(sys.argv[2]))
    for problem in found:
        print(f"{page.name}: {problem}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
