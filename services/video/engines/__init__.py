"""Engines that make moving pictures, each behind the one engine interface."""
