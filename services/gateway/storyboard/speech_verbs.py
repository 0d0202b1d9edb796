"""The pattern of a verb that tells who speaks: "said", "cried", "whispered" …"""

from __future__ import annotations

from typing import Final

from services.gateway.storyboard.vocabulary import words

SPEECH_VERB: Final = rf"(?:{'|'.join(words('speech', 'verbs'))})"
