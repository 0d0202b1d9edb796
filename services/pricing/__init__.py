"""Pricing: the catalogue, quotes, wallets and the ledger."""
