"""The server: takes captures in, keeps interventions, answers programs and people."""
