"""Composer: the film, joined from clips without decoding them."""
