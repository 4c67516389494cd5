"""Coroutines run in a thread of their own: where a browser is driven, this one has a loop already."""

import asyncio
from concurrent.futures import ThreadPoolExecutor


def finished(coroutine):
    """Run a coroutine to its end and return what it returns."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, coroutine).result()
