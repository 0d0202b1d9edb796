"""Media primitives that several services share: encoding, probing, audio, images and files.

Nothing here needs more than PyAV and numpy, because the composer's image has nothing more.
"""
