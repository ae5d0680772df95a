"""Workbooks, written by a child process: their library loads what the web must not."""
