"""What rostering says to people, in the reader's language."""
