"""Take the picture of a report's first screen: ``python docs/screen.py``, with Chromium on the machine.

The report is that of the first guide, three worlds of the starter. The picture is not compared by any test: a browser's
letters differ between machines.
"""

import subprocess
import sys
from pathlib import Path
from shutil import which
from tempfile import TemporaryDirectory

PICTURE = Path(__file__).with_name("first-screen.png")
WIDE, HIGH = 1280, 500


def main() -> None:
    """Run the starter and photograph the top of its report."""
    browser = which("chromium") or which("chromium-browser") or which("google-chrome")
    if browser is None:
        sys.exit("there is no Chromium here")
    with TemporaryDirectory() as folder:
        for words in (("init", "a.yaml"), ("run", "a.yaml", "-r", "3", "--out", "first", "--quiet")):
            subprocess.run([sys.executable, "-m", "legalaid_sim", *words], cwd=folder, check=True)
        page = (Path(folder) / "first/report.html").as_uri()
        shot = [f"--screenshot={PICTURE}", f"--window-size={WIDE},{HIGH}", "--force-device-scale-factor=1"]
        quiet = ["--headless=new", "--no-sandbox", "--hide-scrollbars", "--disable-gpu"]
        subprocess.run([browser, *quiet, *shot, page], check=True, capture_output=True)


if __name__ == "__main__":
    main()
