"""Views: what templates print. Each is made from a `Layout`, decides everything, and is immutable.

A view holds finished identifiers, numbers, C types and comments, so that a template needs nothing
but substitution, loops and plain conditions. One module for each generated header; `text` knows how
C is broken into lines and how a schema's words become comments.
"""
