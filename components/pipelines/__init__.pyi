from .args import PipelineArgs as PipelineArgs
from .pipeline import Pipeline as Pipeline
