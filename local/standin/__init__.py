"""A stand-in for the AWS and awsx plugins: the engine talks to it as to the real ones, without AWS.

What it knows of each resource (inputs, outputs, what AWS cannot change) is taken from the real plugin's schema, see
`extract.py`. What it makes lives in the stack's state and nowhere else.
"""

from .serve import Providers, serve

__all__ = ["Providers", "serve"]
