"""Synthetic sessions in the wire formats of the venues, for samples and for tests.

Standard library only, and deterministic: the same options give the same bytes on every machine.
"""
