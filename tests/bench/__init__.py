"""Benchmarks of generated lanes beside other queues; scripts/bench runs them."""
