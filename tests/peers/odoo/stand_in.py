"""As much of Odoo as its module for Caisse-AP touches, so that the module runs without the rest."""

import importlib
import sys
import sysconfig
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

MODULE = "odoo.addons.l10n_fr_pos_caisse_ap_ip.models.pos_payment_method"


@dataclass(frozen=True)
class Currency:
    """A currency; here its three letters are its number in the database too."""

    name: str

    @property
    def decimal_places(self) -> int:
        return 0 if self.name in {"XPF", "JPY"} else 2

    def compare_amounts(self, one: float, other: float) -> int:
        difference = round(one - other, self.decimal_places)
        return (difference > 0) - (difference < 0)


class Currencies:
    def browse(self, name: str) -> Currency:
        return Currency(name)


class Environment:
    """Looks things up, and translates nothing."""

    def __getitem__(self, model: str) -> Currencies:
        assert model == "res.currency", model
        return Currencies()

    def _(self, text: str, *given: object, **named: object) -> str:
        return text % (given or named) if given or named else text


class Model:
    """What a record inherits."""

    env = Environment()

    def ensure_one(self) -> None:
        """It is only ever one."""

    def browse(self, _: int) -> "Model":
        return self


def payment_method() -> Any:
    """Return their payment method, as a class."""
    _stand_in()
    return importlib.import_module(MODULE).PosPaymentMethod


def _stand_in() -> None:
    odoo = _module("odoo")
    # Their module lies in here, as part of a package without an __init__.
    odoo.__path__ = [str(Path(sysconfig.get_path("purelib")) / "odoo")]
    odoo.models = _module("odoo.models", Model=Model)
    odoo.fields = _module("odoo.fields", Selection=_nothing, Char=_nothing, Integer=_nothing)
    odoo.api = _module("odoo.api", model=_as_it_is, constrains=lambda *_: _as_it_is)
    odoo.exceptions = _module("odoo.exceptions", ValidationError=ValueError)


def _module(name: str, **holds: object) -> Any:
    made = ModuleType(name)
    vars(made).update(holds)
    sys.modules[name] = made
    return made


def _nothing(*_: object, **__: object) -> None:
    """Stand for the declaration of a column."""


def _as_it_is(function: Callable[..., Any]) -> Callable[..., Any]:
    return function
