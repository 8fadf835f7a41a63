from .pipeline import Pipeline as Pipeline
from .pipeline import PipelineArgs as PipelineArgs
