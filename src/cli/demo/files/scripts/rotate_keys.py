#!/usr/bin/env python3
"""Makes a new key for the card tokens and forgets the oldest one."""

import json
import pathlib
import secrets
import sys
from datetime import date

KEEP = 2


def rotate(path: pathlib.Path) -> None:
    keys = json.loads(path.read_text()) if path.exists() else []
    keys.insert(0, {"made": date.today().isoformat(), "key": secrets.token_hex(32)})
    path.write_text(json.dumps(keys[:KEEP], indent=2))


if __name__ == "__main__":
    rotate(pathlib.Path(sys.argv[1]))
