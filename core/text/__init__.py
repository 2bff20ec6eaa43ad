"""Text as it comes in, as it is compared, and as offices exchange it."""

from core.text.cleaning import UncleanText, clean, printable
from core.text.folding import fold, initials, pinyin, readings, sounds

__all__ = ["UncleanText", "clean", "fold", "initials", "pinyin", "printable", "readings", "sounds"]
