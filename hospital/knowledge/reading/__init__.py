"""What comes into a library from outside, read: rows, tables, Markdown and FHIR.

Each reader yields entries that may be kept, and a flaw for each that may not, with its
place and what to do. It knows neither Django nor the database.
"""
