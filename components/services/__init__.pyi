from .args import QueueWorkerArgs as QueueWorkerArgs
from .args import ServiceArgs as ServiceArgs
from .args import WorkerArgs as WorkerArgs
from .queue_worker import QueueWorker as QueueWorker
from .service import Service as Service
from .worker import Worker as Worker
