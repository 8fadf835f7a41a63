from .args import ServiceArgs as ServiceArgs
from .service import Service as Service
