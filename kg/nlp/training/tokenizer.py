"""spaCy's English tokenizer, moved towards the word division of the treebanks.

Only regular expressions and exceptions change, so that a saved pipeline needs no code of ours.
"""

from __future__ import annotations

import tomllib
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

import spacy
from spacy.lang.char_classes import ALPHA, ALPHA_LOWER, ALPHA_UPPER, CONCAT_QUOTES, LIST_ELLIPSES, LIST_ICONS
from spacy.util import compile_infix_regex, registry

if TYPE_CHECKING:
    from collections.abc import Callable

    from spacy.language import Language

CALLBACK: Final = "conflict_kg.treebank_tokenizer.v1"
_RULES: Final[dict[str, Any]] = tomllib.loads(
    files(__package__).joinpath("tokenizer.toml").read_text(encoding="utf-8"),
)
_DASH: Final = "(?:–|—|--|---|——|~)"


def divide_as_treebanks(nlp: Language) -> Language:
    """Give a pipeline's tokenizer the treebanks' rules, and return the pipeline."""
    tokenizer: Any = nlp.tokenizer
    tokenizer.infix_finditer = compile_infix_regex(_infixes()).finditer
    for word in _RULES["abbreviations"]:
        tokenizer.add_special_case(word, [{"ORTH": word}])
    for word, parts in _RULES["splits"].items():
        tokenizer.add_special_case(word, [{"ORTH": part} for part in parts])
    return nlp


def blank() -> Language:
    """An empty English pipeline with this tokenizer."""
    return divide_as_treebanks(spacy.blank("en"))


def before_init() -> Callable[[Language], Language]:
    """The callback that the configurations name under ``[initialize.before_init]``."""
    return divide_as_treebanks


registry.callbacks.register(CALLBACK, func=before_init)


def _infixes() -> list[str]:
    kept = "".join(f"(?<!\\b{form})" for word in _RULES["prefixes"] for form in (word, word.capitalize()))
    return [
        *LIST_ELLIPSES,
        *LIST_ICONS,
        r"(?<=[0-9])[+\*^](?=[0-9-])",
        r"(?<=[0-9])[-–](?=[0-9-])",
        rf"(?<=[{ALPHA_LOWER}{CONCAT_QUOTES}])\.(?=[{ALPHA_UPPER}{CONCAT_QUOTES}])",
        rf"(?<=[{ALPHA}]),(?=[{ALPHA}])",
        rf"(?<=[{ALPHA}]){kept}-(?=[{ALPHA}0-9])",  # UN-backed, AK-47
        rf"(?<=[{ALPHA_UPPER}]\.)-(?=[{ALPHA}])",  # U.N.-backed
        rf"(?<=[{ALPHA}]){_DASH}(?=[{ALPHA}0-9])",
        rf"(?<=[0-9])(?:-|–|—|--)(?=[{ALPHA}])",  # 17-year-old
        rf"(?<=[{ALPHA}0-9])[:<>=/](?=[{ALPHA}])",
        rf"(?<=[{ALPHA}0-9\.])[\(\[\)\]](?=[{ALPHA}0-9])",
    ]
