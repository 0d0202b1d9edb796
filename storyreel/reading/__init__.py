"""Reading a story's text for what can be seen: place, time, weather, creatures, things and words on signs.

Pure word matching over the tables in `lexicon/`: the same text always reads the same, with no model.
"""

from storyreel.reading.model import Creature, Reading, Relation, Thing
from storyreel.reading.reader import read

__all__ = ["Creature", "Reading", "Relation", "Thing", "read"]
