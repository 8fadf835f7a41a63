from .public_registry import PublicRegistry as PublicRegistry
from .public_registry import PublicRegistryArgs as PublicRegistryArgs
from .registry import Registry as Registry
from .registry import RegistryArgs as RegistryArgs
from .registry_account import RegistryAccount as RegistryAccount
from .registry_account import RegistryAccountArgs as RegistryAccountArgs
