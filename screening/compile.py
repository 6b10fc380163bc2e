"""Compile: turn the modules of `screening.compiled` into machine code, for this Python (`python -m screening.compile`).

Needs mypy and setuptools (dev dependencies), a C compiler and the headers of Python. Where one is missing it says so
and leaves all as it is: the source answers the same, more slowly.
"""

import io
import os
import shutil
import sys
import sysconfig
import tempfile
from contextlib import redirect_stdout
from pathlib import Path

from screening.compiled import ROOT, home, shelf, sources

_UNCOMPILED = "The matcher runs as plain Python: the same answers, more slowly."


def main() -> None:
    """Compile, unless that is done. Whatever fails is said and fails nothing else: all that is lost is speed."""
    if home().is_dir():
        return
    if lacking := _lacking():
        sys.stderr.write(f"No {lacking} here. {_UNCOMPILED}\n")
        return
    sys.stderr.write("Compiling the matcher, which takes a minute …\n")
    shelf().mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=shelf()) as aside:
        said = io.StringIO()
        try:
            with redirect_stdout(said):
                made = _made(Path(aside))
        except (ImportError, OSError, SystemExit) as error:  # mypyc and setuptools end the process where they fail
            sys.stderr.write(f"{said.getvalue()}{error}\nCompiling failed. {_UNCOMPILED}\n")
            return
        for old in shelf().iterdir():
            if old != Path(aside):
                shutil.rmtree(old)
        made.rename(home())


def _lacking() -> str:
    """Name what is missing, or nothing."""
    compiler = (os.environ.get("CC") or sysconfig.get_config_var("CC") or "cc").split()[0]
    headers = Path(sysconfig.get_path("include")) / "Python.h"
    if not shutil.which(compiler):
        return f"C compiler ({compiler})"
    return "" if headers.exists() else f"headers of Python ({headers})"


def _made(aside: Path) -> Path:
    """Type-check and compile every module; return where they are."""
    from mypyc.build import mypycify
    from setuptools import setup

    os.chdir(ROOT)
    work, made = str(aside / "work"), aside / "made"
    paths = [str(path.relative_to(ROOT)) for path in sources()]
    extensions = mypycify(paths, opt_level="2", debug_level="0", separate=True, target_dir=work)
    os.chdir(aside)  # away from pyproject.toml, which describes the whole of Caspian
    arguments = ["--quiet", "build_ext", "--build-lib", str(made), "--build-temp", work]
    arguments += ["--parallel", str(os.cpu_count() or 1)]
    setup(name="caspian-compiled", packages=[], py_modules=[], ext_modules=extensions, script_args=arguments)
    return made


if __name__ == "__main__":
    main()
