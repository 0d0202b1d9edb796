"""Dresses a character: what the description says, then what its trade implies, then what is still missing."""

from __future__ import annotations

import random

from services.image.engines.local.figures.colours import RGB, rgb
from services.image.engines.local.figures.look import Garment
from services.image.engines.local.figures.outfits import TOPS
from services.image.engines.local.figures.reading import Reading
from services.image.engines.local.figures.vocabulary import GARMENT_COLOURS

_CLOTH = ("a8493f", "c07a3c", "5f7f54", "3f6f8c", "7a5a8c", "8c6a44", "4a5f86", "b0606c", "6f8a8c", "c29a4a")
_BEAST_ROLE_WEAR = frozenset(["crown", "cloak", "apron", "glasses", "hat", "straw_hat", "top_hat",
"wizard_hat", "cap", "helmet", "pirate_hat", "bonnet", "staff", "satchel", "sword"])  # fmt: skip


def _role_wear(reading: Reading) -> dict[str, str]:
    """What the trade implies: garment to colour code, empty where the trade leaves the colour open."""
    outfit: dict[str, str] = {}
    for item in (reading.role.outfit if reading.role else "").split():
        kind, _, code = item.partition(":")
        outfit[kind] = code
    return outfit


def dress_beast(reading: Reading) -> tuple[Garment, ...]:
    """An animal's clothes: those in its description, and the tokens of its trade."""
    worn: dict[str, RGB] = {}
    for kind, code in _role_wear(reading).items():
        if kind in _BEAST_ROLE_WEAR:
            worn[kind] = rgb(code) if code else GARMENT_COLOURS[kind]
    for kind, said in reading.worn.items():
        worn[kind] = said or worn.get(kind) or reading.main or GARMENT_COLOURS[kind]
    if reading.main is not None and not reading.worn:
        worn["cloak"] = reading.main
    return _garments(worn)


def dress_person(reading: Reading, sex: str, age: str, draw: random.Random) -> tuple[Garment, ...]:
    """A person's clothes; there is always one that covers the torso."""
    outfit = _role_wear(reading)
    cloth = [rgb(code) for code in draw.sample(_CLOTH, 3)]
    worn: dict[str, RGB] = {}
    said_top = next((kind for kind in TOPS if kind in reading.worn), None)
    if sex == "female" and {"shirt", "trousers"} <= outfit.keys() and age != "child":
        outfit = {
            "dress": "",
            **{kind: code for kind, code in outfit.items() if kind not in ("shirt", "trousers")},
        }
    if not outfit:
        outfit = {"dress": "", "boots": ""} if sex == "female" else {"tunic": "", "trousers": "", "boots": ""}
    for kind, code in outfit.items():
        if kind in TOPS and said_top and kind != "shirt":
            continue
        if code:
            worn[kind] = rgb(code)
        elif kind in TOPS and kind != "armour":
            worn[kind] = cloth[0]
        else:
            worn[kind] = GARMENT_COLOURS[kind]
    for kind, said in reading.worn.items():
        worn[kind] = said or worn.get(kind) or (cloth[1] if kind in TOPS else GARMENT_COLOURS[kind])
    if not any(kind in worn for kind in TOPS):
        worn["dress" if sex == "female" else "tunic"] = cloth[0]
    if reading.main is not None:
        worn[next(kind for kind in TOPS if kind in worn)] = reading.main
    if any(kind in worn for kind in ("tunic", "shirt", "vest", "sweater", "coat", "armour")):
        worn.setdefault("trousers", GARMENT_COLOURS["trousers"])
    return _garments(worn)


def _garments(worn: dict[str, RGB]) -> tuple[Garment, ...]:
    return tuple(Garment(kind=kind, colour=colour) for kind, colour in sorted(worn.items()))
