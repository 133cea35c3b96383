"""The forms that come with the product, as JSON."""
