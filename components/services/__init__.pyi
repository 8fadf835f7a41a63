from .service import Service as Service
from .service import ServiceArgs as ServiceArgs
