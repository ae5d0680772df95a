"""Diagnosis in REST."""
