"""Rosters as files for other programs: CSV, workbook, calendar, PDF."""

from scheduling.exports.export import Export, export_of

__all__ = ["Export", "export_of"]
