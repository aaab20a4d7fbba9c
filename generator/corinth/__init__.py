"""Corinth: generates the transfer queues that move entities between ECS worlds."""

__version__ = "0.1.0"
