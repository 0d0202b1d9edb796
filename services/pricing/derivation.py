"""How a provider's price becomes credits: a margin on top, divided by what a credit costs, rounded up."""

from __future__ import annotations

from decimal import ROUND_CEILING, Decimal

from pydantic import Field

from storyreel.storyboard import Frozen


class Credit(Frozen):
    """What a credit costs in US dollars, and the margin on providers' prices (0.25: a quarter on top)."""

    usd: Decimal = Field(default=Decimal("0.01"), gt=0, max_digits=9, decimal_places=6)
    margin: Decimal = Field(default=Decimal("0.25"), ge=0, le=10)

    def credits_for(self, usd: Decimal) -> int:
        """Whole credits for what a provider charges, never rounded down."""
        exact = usd * (1 + self.margin) / self.usd
        return int(exact.to_integral_value(ROUND_CEILING))

    @property
    def micro_usd(self) -> int:
        """What a credit costs in millionths of a dollar."""
        return int(self.usd * 1_000_000)
