"""What the hot paths cost, as ratios against a bare bound measured in the same run."""
