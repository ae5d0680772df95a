"""The rosters of the demo."""
