"""``python -m kg``, and what ``spark-submit`` takes as its program."""

from kg.cli import main

if __name__ == "__main__":
    main()
