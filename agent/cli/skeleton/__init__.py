"""Files that `releve new-instrument` begins with. ``$names`` are filled in."""
