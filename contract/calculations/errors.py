"""Why something cannot be calculated."""

from contract.words import Words


class CalculationError(ValueError):
    """The inputs allow no result; the message says why and what to do."""

    def __init__(self, words: Words) -> None:
        super().__init__(words)
        self.words = words
