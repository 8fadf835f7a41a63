from .args import BucketArgs as BucketArgs
from .bucket import Bucket as Bucket
from .queue import Queue as Queue
from .queue_args import QueueArgs as QueueArgs
from .queue_args import TopicArgs as TopicArgs
from .table import Table as Table
from .table_args import TableArgs as TableArgs
from .topic import Topic as Topic
