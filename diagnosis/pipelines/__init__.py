"""Long work of the diagnosis room: rows to dataclass, to the pure package, to rows."""
