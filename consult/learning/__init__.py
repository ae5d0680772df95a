"""Adapters: learned from labelled utterances and dialogues, measured, sealed, served.

Pure. Rules decide danger and refusals; what is learned here only names what a message is
about, raises a mood, or words a reply. Torch is imported by what trains and what serves an
encoder, never by what shows a card.
"""
