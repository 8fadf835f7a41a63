"""The component types of the awsx plugin, one module each."""

from typing import Final

MODULES: Final = {"awsx:ec2:Vpc": "vpc"}
"""Type → its module here, which has a class of the type's last name."""
