"""``python -m priorauth`` is the command ``priorauth``."""

from priorauth.cli.main import main

if __name__ == "__main__":
    raise SystemExit(main())
