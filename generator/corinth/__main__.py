"""`python -m corinth` is the same as `corinth`."""

import sys

from corinth.cli import main

if __name__ == "__main__":
    sys.exit(main())
