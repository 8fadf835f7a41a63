"""Load balancers and what belongs in front of them: certificates, records, web ACL, access logs."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
