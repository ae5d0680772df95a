"""What the consultation calls itself beside everything clinical that it says."""

VERSION = "2026.11"
