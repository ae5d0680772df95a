"""The reader's pages: worklist, upload, study."""
