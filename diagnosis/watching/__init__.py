"""Figures of a model at work, each with the interval that chance leaves. Pure.

Standard library only: the monitoring page computes them in the web process.
"""
