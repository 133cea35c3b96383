"""SumUp's servers with one reader: written from docs/protocols/sumup.md, and from what SumUp's own library expects."""
