from .args import PublicRegistryArgs as PublicRegistryArgs
from .args import RegistryAccountArgs as RegistryAccountArgs
from .args import RegistryArgs as RegistryArgs
from .public_registry import PublicRegistry as PublicRegistry
from .registry import Registry as Registry
from .registry_account import RegistryAccount as RegistryAccount
