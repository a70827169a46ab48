"""`python3 -m planner COMMAND`: the one way in, on a machine that has Python and nothing else.

Nothing in this file may be newer than Python 3.6, so that an old Python can say what is wrong.
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - this line is what tells the owner of an old Python
    sys.exit(
        "planner needs Python 3.11 or newer, and this is Python "
        + sys.version.split()[0]
        + ".\nIf a newer one is installed, name it: python3.12 -m planner "
        + " ".join(sys.argv[1:] or ["demo"])
    )

# Only here: an old Python cannot even read that module.
from planner.bootstrap.start import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
