from .auto_scaling_group import AutoScalingGroup as AutoScalingGroup
from .auto_scaling_group import AutoScalingGroupArgs as AutoScalingGroupArgs
from .cluster import Cluster as Cluster
from .cluster import ClusterArgs as ClusterArgs
from .managed_instances import ManagedInstances as ManagedInstances
from .managed_instances import ManagedInstancesArgs as ManagedInstancesArgs
