"""Staff rosters: instances, rules, search, verification. Pure: no framework."""
