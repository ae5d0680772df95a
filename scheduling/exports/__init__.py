"""Rosters as files for other programs: CSV, workbook, calendar, PDF."""

from scheduling.exports.export import Export, export_of, uncovered_export

__all__ = ["Export", "export_of", "uncovered_export"]
