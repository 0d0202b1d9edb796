"""Body kits: the proportions that turn one family's skeleton into a species. Lengths share one free unit."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class HeadKit:
    """A head, in radii of its skull. Angles are degrees; azimuth 0 is where the nose points."""

    wide: float = 1.04
    tall: float = 0.94
    muzzle: float = 0.5
    muzzle_base: float = 0.52
    muzzle_tip: float = 0.27
    drop: float = -24.0
    cheeks: float = 0.0
    ear: str = "pointed"
    ear_size: float = 1.0
    ear_azimuth: float = 44.0
    ear_elevation: float = 52.0
    eye: float = 0.19
    eye_azimuth: float = 30.0
    eye_elevation: float = 9.0
    nose: float = 0.15
    nose_kind: str = "button"
    yaw: float = 30.0
    horns: str = "none"
    whiskers: bool = False


@dataclass(frozen=True)
class QuadKit:
    """A four-legged body. `length` runs from shoulder to hip, `leg` from the ground to the chest's centre."""

    length: float = 1.3
    leg: float = 1.05
    chest: float = 0.44
    waist: float = 0.37
    hip: float = 0.43
    neck: float = 0.62
    neck_angle: float = 62.0
    neck_thick: float = 0.3
    head_size: float = 0.5
    leg_thick: float = 0.135
    foot: str = "paw"
    tail: str = "brush"
    tail_length: float = 1.15
    tail_thick: float = 0.24
    mane: str = "none"
    cover: str = "fur"
    wings: bool = False
    head: HeadKit = field(default_factory=HeadKit)


@dataclass(frozen=True)
class BirdKit:
    """A bird. `leg` and `neck` are lengths, `beak` is in radii of the head."""

    body: float = 0.62
    stretch: float = 1.25
    upright: float = 28.0
    leg: float = 0.45
    leg_thick: float = 0.05
    neck: float = 0.1
    neck_thick: float = 0.3
    head_size: float = 0.4
    beak: str = "cone"
    beak_length: float = 0.7
    tail: str = "wedge"
    tail_length: float = 0.6
    crest: str = "none"
    webbed: bool = False
    face: str = "side"


@dataclass(frozen=True)
class SmallKit:
    """A creature with a drawing of its own (fish, snake, frog, insects); `shape` names its variant."""

    shape: str = ""


Kit = QuadKit | BirdKit | SmallKit
