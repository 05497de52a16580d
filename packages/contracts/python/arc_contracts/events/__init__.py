"""The messages of contracts/*.yaml, a module a file."""
