"""Money, what a terminal was asked, and what it stated."""
