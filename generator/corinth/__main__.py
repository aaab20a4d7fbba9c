"""The program, as `corinth` and as `python -m corinth`."""

import os
import sys

EXIT_INTERRUPTED = 130
"""128 and the number of SIGINT, as `interrupts` would have it."""


def main() -> int:
    """Run the command line such that a signal ends it quietly, also while modules are loaded."""
    try:
        from corinth import interrupts

        interrupts.end_at_once()
    except KeyboardInterrupt:
        os._exit(EXIT_INTERRUPTED)
    from corinth import cli

    return cli.main()


if __name__ == "__main__":
    sys.exit(main())
