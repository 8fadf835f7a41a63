from .args import EndpointsArgs as EndpointsArgs
from .args import ExistingNetworkArgs as ExistingNetworkArgs
from .args import NetworkArgs as NetworkArgs
from .endpoints import Endpoints as Endpoints
from .existing_network import ExistingNetwork as ExistingNetwork
from .network import Network as Network
