"""Decimals as text, exactly as they are shown."""

import re

DECIMAL = re.compile(r"-?(0|[1-9]\d{0,17})(\.\d{1,10})?")
"""As -12.5."""
