"""What differs between terminals of one protocol: data, said by whoever sets one up."""

from dataclasses import dataclass, field

SHORT_ANSWER = "0"


@dataclass(frozen=True, slots=True, kw_only=True)
class ConcertProfile:
    """A terminal that speaks Concert V2."""

    till: str = "01"
    """Our number, two digits."""
    plus: bool = True
    """Whether it speaks E+, the longer request."""
    handshake: bool = True
    """Whether frames are announced and acknowledged; without, only over TCP."""
    echoes: bool = True
    """Whether it gives our reference back; without, a late answer is nobody's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaisseApProfile:
    """A terminal that speaks Caisse-AP."""

    till: str = "01"
    """Our number, two digits."""
    maker: str = "012345678901"
    """Who made the till: twelve digits of the association's."""
    version: str = "0300"
    echoes: bool = True
    """Whether it gives our reference (CF) back."""
    knows_state: bool = False
    """Whether it tells what became of a payment (CD T)."""
    line_end: bool = False
    """Whether it wants CR LF after a message."""
    partial: bool = False
    """Whether less than the amount may be paid (BF): newer terminals misbehave with it."""
    ticket: bool = False
    """Whether to ask for the customer's ticket (CK 100)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ZvtProfile:
    """A terminal that speaks ZVT."""

    password: str = field(repr=False)
    """Six digits; a secret."""
    currency: str = "EUR"
    """Its own, in which it says the totals of a day."""
    receipt: bool = False
    """Whether the till takes the receipt; the terminal then prints none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SumupProfile:
    """A reader that is asked through SumUp's servers."""

    merchant: str
    """Code of the merchant."""
    api_key: str = field(repr=False)
    """A secret."""
    app: str
    """Id of the affiliate's application."""
    affiliate_key: str = field(repr=False)
    """A secret."""
    url: str = "https://api.sumup.com"
    """Where those servers are."""


Profile = SumupProfile | ZvtProfile | ConcertProfile | CaisseApProfile
