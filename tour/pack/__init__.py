"""The archive for a room without internet: `packing` writes it, `downloads` gets the packages.

The verb imports both.
"""
