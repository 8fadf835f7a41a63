from .args import ServiceArgs as ServiceArgs
from .args import WorkerArgs as WorkerArgs
from .service import Service as Service
from .worker import Worker as Worker
