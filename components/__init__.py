"""The platform's components. None of them knows the settings: another project can use each alone.

A name is loaded when it is first used: the arguments, which settings are checked by, load no pulumi_aws.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
