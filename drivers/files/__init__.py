"""Files in which measurements are kept. Nothing here opens a file: bytes go in, what they say comes out.

Facts and their sources: docs/protocols/files.md
"""
