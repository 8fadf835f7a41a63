from .args import AutoScalingGroupArgs as AutoScalingGroupArgs
from .args import ClusterArgs as ClusterArgs
from .args import ManagedInstancesArgs as ManagedInstancesArgs
from .auto_scaling_group import AutoScalingGroup as AutoScalingGroup
from .cluster import Cluster as Cluster
from .managed_instances import ManagedInstances as ManagedInstances
