"""Measures VISTA DR beside its peers. See bench/README.md."""
