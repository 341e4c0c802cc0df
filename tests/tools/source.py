"""What the checks share: which files belong to the project, and C without its comments and texts."""
import os
import re
import sys

SKIPPED = {".git", "build", "run", "node_modules", "__pycache__"}


def root():
    """The tree to look at: the first argument, else the project this file stands in."""
    if len(sys.argv) > 1:
        return os.path.abspath(sys.argv[1])
    return os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def files(suffixes=None, under=("",)):
    """Paths relative to the root, sorted; `suffixes` None means every file."""
    top = root()
    found = []
    for start in under:
        for folder, names, leaves in os.walk(os.path.join(top, start)):
            names[:] = sorted(n for n in names if n not in SKIPPED)
            for leaf in leaves:
                path = os.path.relpath(os.path.join(folder, leaf), top)
                if suffixes is None or path.endswith(tuple(suffixes)):
                    found.append(path)
    return sorted(set(found))


def text(path):
    with open(os.path.join(root(), path), encoding="utf-8", errors="replace") as f:
        return f.read()


TOKEN = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)


def code(path):
    """The lines of a C file with comments and literals blanked; line numbers stay."""
    return TOKEN.sub(lambda m: re.sub(r"[^\n]", " ", m.group()), text(path)).split("\n")


def finish(name, problems, looked_at):
    """Prints every violation and ends with 1 when there is one. Looking at nothing is a failure too."""
    for problem in problems:
        print(problem)
    if not looked_at:
        print(f"{name}: nothing to look at under {root()}")
        sys.exit(1)
    sys.exit(1 if problems else 0)
