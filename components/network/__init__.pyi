from .endpoints import Endpoints as Endpoints
from .endpoints import EndpointsArgs as EndpointsArgs
from .existing_network import ExistingNetwork as ExistingNetwork
from .existing_network import ExistingNetworkArgs as ExistingNetworkArgs
from .network import Network as Network
from .network import NetworkArgs as NetworkArgs
