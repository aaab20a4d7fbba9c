"""The examples, built and run as their users would."""
