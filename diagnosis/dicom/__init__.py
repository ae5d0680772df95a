"""Reading, validating and decoding DICOM, without any framework.

`errors`, `header`, `geometry`, `wire` and `pool` load the standard library only, so
every process may import them. All else loads pydicom and numpy and runs in a decoder
child (`child.py`), in workers and in commands.
"""
