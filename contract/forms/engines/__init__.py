"""Our forms as other engines write theirs. What one of them cannot say is left out, and our agent still checks it."""
