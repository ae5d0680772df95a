"""Explanations, found by a child process that can be killed: they load ortools."""
