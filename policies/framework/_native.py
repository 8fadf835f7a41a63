"""What the types of aws-native that rules read are called in pulumi-aws, and where their properties go.

The names of aws-native are those of CloudFormation's resource types, in camel case
(https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-template-resource-type-ref.html); a test
compares them with its SDK's.
"""

from collections.abc import Mapping

from policies.framework.translation import Native, Where

_TASK_ADDRESS = {"ENABLED": True, "DISABLED": False}
_INTERNAL = {"internal": True, "internet-facing": False}
_POLICY = {"policyDocument": "policy", "policyName": "name"}


def _task(found: str, to: str = "") -> dict[str, Where]:
    """The network configuration of a task, without the object that aws-native has around it."""
    to = to or found.rpartition(".")[0]
    return {found: to, f"{found}.assignPublicIp": (f"{to}.assignPublicIp", _TASK_ADDRESS)}


def _permissions(found: str, to: str) -> dict[str, Where]:
    """The rules that are written into a security group, each of one range."""
    peer = "source" if to == "ingress" else "destination"
    return {
        found: to,
        f"{found}[].ipProtocol": f"{to}[].protocol",
        f"{found}[].cidrIp": f"{to}[].cidrBlocks[0]",
        f"{found}[].cidrIpv6": f"{to}[].ipv6CidrBlocks[0]",
        f"{found}[].{peer}PrefixListId": f"{to}[].prefixListIds[0]",
        f"{found}[].{peer}SecurityGroupId": f"{to}[].securityGroups[0]",
    }


def _permission(peer: str) -> dict[str, Where]:
    """A rule of a security group on its own."""
    return {
        "cidrIp": "cidrIpv4",
        "groupId": "securityGroupId",
        f"{peer}PrefixListId": "prefixListId",
        f"{peer}SecurityGroupId": "referencedSecurityGroupId",
    }


_EXCLUSIONS: dict[str, Where] = {
    f"imageTagMutabilityExclusionFilters[].imageTagMutabilityExclusionFilter{native}": (
        f"imageTagMutabilityExclusionFilters[].{name}"
    )
    for native, name in {"Type": "filterType", "Value": "filter"}.items()
}
_PEOPLES_POLICY = {"": "policyArn"}

NATIVE: Mapping[str, tuple[Native, ...]] = {
    "amazonmq:Broker": (Native("aws:mq/broker:Broker"),),
    "autoscaling:AutoScalingGroup": (
        Native(
            "aws:autoscaling/group:Group",
            {
                "autoScalingGroupName": "name",
                "launchConfigurationName": "launchConfiguration",
                "launchTemplate.launchTemplateId": "launchTemplate.id",
                "launchTemplate.launchTemplateName": "launchTemplate.name",
                "vpcZoneIdentifier": "vpcZoneIdentifiers",
            },
            id="autoScalingGroupName",
        ),
    ),
    "autoscaling:LaunchConfiguration": (
        Native(
            "aws:ec2/launchConfiguration:LaunchConfiguration",
            {"launchConfigurationName": "name"},
            id="launchConfigurationName",
        ),
    ),
    "batch:ComputeEnvironment": (
        Native(
            "aws:batch/computeEnvironment:ComputeEnvironment",
            {"computeEnvironmentName": "name", "computeEnvironmentArn": "arn"},
            id="computeEnvironmentName",
        ),
    ),
    "batch:JobDefinition": (
        Native(
            "aws:batch/jobDefinition:JobDefinition",
            {
                "jobDefinitionName": "name",
                "jobDefinitionArn": "arn",
                **{
                    f"{context}.readOnlyRootFilesystem": f"{context}.readOnlyRootFileSystem"
                    for context in (
                        "eksProperties.podProperties.containers[].securityContext",
                        "eksProperties.podProperties.initContainers[].securityContext",
                    )
                },
            },
            id="jobDefinitionArn",
        ),
    ),
    "dax:SubnetGroup": (Native("aws:dax/subnetGroup:SubnetGroup", {"subnetGroupName": "name"}, id="subnetGroupName"),),
    "dms:ReplicationSubnetGroup": (
        Native(
            "aws:dms/replicationSubnetGroup:ReplicationSubnetGroup",
            {"replicationSubnetGroupIdentifier": "replicationSubnetGroupId"},
            id="replicationSubnetGroupIdentifier",
        ),
    ),
    "docdb:DbSubnetGroup": (
        Native("aws:docdb/subnetGroup:SubnetGroup", {"dbSubnetGroupName": "name"}, id="dbSubnetGroupName"),
    ),
    "docdbelastic:Cluster": (
        Native(
            "aws:docdb/elasticCluster:ElasticCluster",
            {"clusterName": "name", "clusterArn": "arn"},
            id="clusterArn",
        ),
    ),
    "ec2:Eip": (Native("aws:ec2/eip:Eip", {"instanceId": "instance"}, id="allocationId"),),
    "ec2:EipAssociation": (Native("aws:ec2/eipAssociation:EipAssociation", {"eip": "publicIp"}),),
    "ec2:Instance": (
        Native(
            "aws:ec2/instance:Instance",
            {
                "imageId": "ami",
                "networkInterfaces[].associatePublicIpAddress": "associatePublicIpAddress",
                "networkInterfaces[].subnetId": "subnetId",
                "networkInterfaces[].groupSet": "vpcSecurityGroupIds",
                "securityGroupIds": "vpcSecurityGroupIds",
                "launchTemplate.launchTemplateId": "launchTemplate.id",
                "launchTemplate.launchTemplateName": "launchTemplate.name",
            },
            id="instanceId",
        ),
    ),
    "ec2:InternetGateway": (Native("aws:ec2/internetGateway:InternetGateway", id="internetGatewayId"),),
    "ec2:LaunchTemplate": (
        Native(
            "aws:ec2/launchTemplate:LaunchTemplate",
            {
                "launchTemplateName": "name",
                "launchTemplateData": "",
                "launchTemplateData.networkInterfaces": "networkInterfaces",
                "launchTemplateData.networkInterfaces[].groups": "networkInterfaces[].securityGroups",
                "launchTemplateData.securityGroupIds": "vpcSecurityGroupIds",
                "launchTemplateData.iamInstanceProfile": "iamInstanceProfile",
            },
            id="launchTemplateId",
        ),
    ),
    "ec2:NatGateway": (Native("aws:ec2/natGateway:NatGateway", id="natGatewayId"),),
    "ec2:NetworkInterface": (
        Native("aws:ec2/networkInterface:NetworkInterface", {"groupSet": "securityGroups"}, id="awsId"),
    ),
    "ec2:NetworkInterfaceAttachment": (
        Native("aws:ec2/networkInterfaceAttachment:NetworkInterfaceAttachment", id="attachmentId"),
    ),
    "ec2:Route": (Native("aws:ec2/route:Route", {"egressOnlyInternetGatewayId": "egressOnlyGatewayId"}),),
    "ec2:PrefixList": (
        Native("aws:ec2/managedPrefixList:ManagedPrefixList", {"prefixListName": "name"}, id="prefixListId"),
    ),
    "ec2:RouteTable": (Native("aws:ec2/routeTable:RouteTable", id="routeTableId"),),
    "ec2:SecurityGroup": (
        Native(
            "aws:ec2/securityGroup:SecurityGroup",
            {
                "groupName": "name",
                "groupDescription": "description",
                **_permissions("securityGroupIngress", "ingress"),
                **_permissions("securityGroupEgress", "egress"),
            },
            id="groupId",
        ),
    ),
    "ec2:SecurityGroupEgress": (
        Native("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule", _permission("destination"), id="awsId"),
    ),
    "ec2:SecurityGroupIngress": (
        Native("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", _permission("source"), id="awsId"),
    ),
    "ec2:SpotFleet": (
        Native(
            "aws:ec2/spotFleetRequest:SpotFleetRequest",
            {
                "spotFleetRequestConfigData": "",
                "spotFleetRequestConfigData.launchSpecifications": "launchSpecifications",
                "spotFleetRequestConfigData.launchSpecifications[].networkInterfaces[].associatePublicIpAddress": (
                    "launchSpecifications[].associatePublicIpAddress"
                ),
            },
        ),
    ),
    "ec2:Subnet": (Native("aws:ec2/subnet:Subnet", id="subnetId"),),
    "ec2:SubnetRouteTableAssociation": (Native("aws:ec2/routeTableAssociation:RouteTableAssociation", id="awsId"),),
    "ec2:Vpc": (Native("aws:ec2/vpc:Vpc", {"defaultSecurityGroup": "defaultSecurityGroupId"}, id="vpcId"),),
    "ec2:VpcGatewayAttachment": (
        Native(
            "aws:ec2/internetGatewayAttachment:InternetGatewayAttachment",
            given=("internetGatewayId",),
        ),
        Native("aws:ec2/vpnGatewayAttachment:VpnGatewayAttachment", given=("vpnGatewayId",)),
    ),
    "ec2:VpnGateway": (Native("aws:ec2/vpnGateway:VpnGateway", id="vpnGatewayId"),),
    "ecr:RegistryPolicy": (Native("aws:ecr/registryPolicy:RegistryPolicy", {"policyText": "policy"}),),
    "ecr:RegistryScanningConfiguration": (
        Native("aws:ecr/registryScanningConfiguration:RegistryScanningConfiguration", id="registryId"),
    ),
    "ecr:Repository": (
        Native(
            "aws:ecr/repository:Repository",
            {"repositoryName": "name", "repositoryUri": "repositoryUrl", **_EXCLUSIONS},
            id="repositoryName",
        ),
    ),
    "ecr:RepositoryCreationTemplate": (
        Native("aws:ecr/repositoryCreationTemplate:RepositoryCreationTemplate", _EXCLUSIONS, id="prefix"),
    ),
    "ecs:CapacityProvider": (Native("aws:ecs/capacityProvider:CapacityProvider", id="name"),),
    "ecs:DaemonTaskDefinition": (
        Native(
            "aws:ecs/daemonTaskDefinition:DaemonTaskDefinition",
            {"daemonTaskDefinitionArn": "arn"},
            id="daemonTaskDefinitionArn",
        ),
    ),
    "ecs:ExpressGatewayService": (
        Native(
            "aws:ecs/expressGatewayService:ExpressGatewayService",
            {
                "networkConfiguration": "networkConfigurations[0]",
                "scalingTarget": "scalingTargets[0]",
            },
            id="serviceArn",
        ),
    ),
    "ecs:Service": (
        Native(
            "aws:ecs/service:Service",
            {
                "serviceName": "name",
                **_task("networkConfiguration.awsvpcConfiguration"),
            },
            id="serviceArn",
        ),
    ),
    "ecs:TaskDefinition": (
        Native("aws:ecs/taskDefinition:TaskDefinition", {"taskDefinitionArn": "arn"}, id="taskDefinitionArn"),
    ),
    "ecs:TaskSet": (Native("aws:ecs/taskSet:TaskSet", _task("networkConfiguration.awsVpcConfiguration"), id="awsId"),),
    "efs:MountTarget": (Native("aws:efs/mountTarget:MountTarget", id="awsId"),),
    "elasticache:CacheCluster": (
        Native(
            "aws:elasticache/cluster:Cluster",
            {"cacheSubnetGroupName": "subnetGroupName", "clusterName": "clusterId"},
            id="clusterName",
        ),
    ),
    "elasticache:ReplicationGroup": (
        Native(
            "aws:elasticache/replicationGroup:ReplicationGroup",
            {"cacheSubnetGroupName": "subnetGroupName"},
            id="replicationGroupId",
        ),
    ),
    "elasticache:ServerlessCache": (
        Native(
            "aws:elasticache/serverlessCache:ServerlessCache",
            {"serverlessCacheName": "name"},
            id="serverlessCacheName",
        ),
    ),
    "elasticache:SubnetGroup": (
        Native("aws:elasticache/subnetGroup:SubnetGroup", {"cacheSubnetGroupName": "name"}, id="cacheSubnetGroupName"),
    ),
    "elasticloadbalancing:LoadBalancer": (
        Native(
            "aws:elb/loadBalancer:LoadBalancer",
            {
                "loadBalancerName": "name",
                "scheme": ("internal", _INTERNAL),
                "listeners[].loadBalancerPort": "listeners[].lbPort",
                "listeners[].protocol": "listeners[].lbProtocol",
            },
            id="loadBalancerName",
        ),
    ),
    "elasticloadbalancingv2:Listener": (Native("aws:lb/listener:Listener", {"listenerArn": "arn"}, id="listenerArn"),),
    "elasticloadbalancingv2:LoadBalancer": (
        Native(
            "aws:lb/loadBalancer:LoadBalancer",
            {"loadBalancerArn": "arn", "scheme": ("internal", _INTERNAL), "type": "loadBalancerType"},
            id="loadBalancerArn",
        ),
    ),
    "elasticloadbalancingv2:TargetGroup": (
        Native("aws:lb/targetGroup:TargetGroup", {"targetGroupArn": "arn"}, id="targetGroupArn"),
        Native(
            "aws:lb/targetGroupAttachment:TargetGroupAttachment",
            {"id": "targetId"},
            each="targets",
            own="targetGroupArn",
        ),
    ),
    "events:Rule": (
        Native(
            "aws:cloudwatch/eventTarget:EventTarget",
            {
                "id": "targetId",
                "ecsParameters": "ecsTarget",
                **_task("ecsParameters.networkConfiguration.awsVpcConfiguration", "ecsTarget.networkConfiguration"),
            },
            each="targets",
        ),
    ),
    "fsx:FileCache": (Native("aws:fsx/fileCache:FileCache"),),
    "iam:Group": (
        Native("aws:iam/group:Group", {"groupName": "name"}, id="groupName"),
        Native("aws:iam/groupPolicyAttachment:GroupPolicyAttachment", _PEOPLES_POLICY, each="managedPolicyArns"),
    ),
    "iam:GroupPolicy": (Native("aws:iam/groupPolicy:GroupPolicy", {**_POLICY, "groupName": "group"}),),
    "iam:InstanceProfile": (
        Native(
            "aws:iam/instanceProfile:InstanceProfile",
            {"instanceProfileName": "name", "roles[]": "role"},
            id="instanceProfileName",
        ),
    ),
    "iam:ManagedPolicy": (
        Native(
            "aws:iam/policy:Policy",
            {"managedPolicyName": "name", "policyDocument": "policy", "policyArn": "arn"},
            id="policyArn",
        ),
        Native(
            "aws:iam/policyAttachment:PolicyAttachment",
            given=("roles", "users", "groups"),
            own="policyArn",
        ),
    ),
    "iam:OidcProvider": (
        Native(
            "aws:iam/openIdConnectProvider:OpenIdConnectProvider",
            {"clientIdList": "clientIdLists", "thumbprintList": "thumbprintLists"},
            id="arn",
        ),
    ),
    "iam:Role": (
        Native(
            "aws:iam/role:Role",
            {
                "roleName": "name",
                "assumeRolePolicyDocument": "assumeRolePolicy",
                "policies": "inlinePolicies",
                "policies[].policyName": "inlinePolicies[].name",
                "policies[].policyDocument": "inlinePolicies[].policy",
            },
            id="roleName",
        ),
    ),
    "iam:RolePolicy": (Native("aws:iam/rolePolicy:RolePolicy", {**_POLICY, "roleName": "role"}),),
    "iam:User": (
        Native("aws:iam/user:User", {"userName": "name"}, id="userName"),
        Native("aws:iam/userPolicyAttachment:UserPolicyAttachment", _PEOPLES_POLICY, each="managedPolicyArns"),
    ),
    "iam:UserPolicy": (Native("aws:iam/userPolicy:UserPolicy", {**_POLICY, "userName": "user"}),),
    "memorydb:Cluster": (Native("aws:memorydb/cluster:Cluster", {"clusterName": "name"}, id="clusterName"),),
    "memorydb:SubnetGroup": (
        Native("aws:memorydb/subnetGroup:SubnetGroup", {"subnetGroupName": "name"}, id="subnetGroupName"),
    ),
    "msk:Cluster": (Native("aws:msk/cluster:Cluster", id="arn"),),
    "neptune:DbCluster": (
        Native(
            "aws:neptune/cluster:Cluster",
            {"dbClusterIdentifier": "clusterIdentifier", "dbSubnetGroupName": "neptuneSubnetGroupName"},
            id="dbClusterIdentifier",
        ),
    ),
    "neptune:DbInstance": (
        Native(
            "aws:neptune/clusterInstance:ClusterInstance",
            {
                "dbClusterIdentifier": "clusterIdentifier",
                "dbInstanceIdentifier": "identifier",
                "dbSubnetGroupName": "neptuneSubnetGroupName",
            },
            id="dbInstanceIdentifier",
        ),
    ),
    "neptune:DbSubnetGroup": (
        Native("aws:neptune/subnetGroup:SubnetGroup", {"dbSubnetGroupName": "name"}, id="dbSubnetGroupName"),
    ),
    "opensearchservice:Domain": (Native("aws:opensearch/domain:Domain", id="domainName"),),
    "pipes:Pipe": (
        Native(
            "aws:pipes/pipe:Pipe",
            {
                "targetParameters.ecsTaskParameters.networkConfiguration.awsvpcConfiguration": (
                    "targetParameters.ecsTaskParameters.networkConfiguration.awsVpcConfiguration"
                ),
            },
            id="name",
        ),
    ),
    "rds:DbCluster": (
        Native("aws:rds/cluster:Cluster", {"dbClusterIdentifier": "clusterIdentifier"}, id="dbClusterIdentifier"),
    ),
    "rds:DbInstance": (
        Native(
            "aws:rds/instance:Instance",
            {"dbInstanceIdentifier": "identifier", "sourceDbInstanceIdentifier": "replicateSourceDb"},
            id="dbInstanceIdentifier",
            unless=("dbClusterIdentifier",),
        ),
        Native(
            "aws:rds/clusterInstance:ClusterInstance",
            {"dbClusterIdentifier": "clusterIdentifier", "dbInstanceIdentifier": "identifier"},
            id="dbInstanceIdentifier",
            given=("dbClusterIdentifier",),
        ),
    ),
    "rds:DbProxy": (Native("aws:rds/proxy:Proxy", {"dbProxyName": "name"}, id="dbProxyName"),),
    "rds:DbShardGroup": (Native("aws:rds/shardGroup:ShardGroup", id="dbShardGroupIdentifier"),),
    "rds:DbSubnetGroup": (
        Native("aws:rds/subnetGroup:SubnetGroup", {"dbSubnetGroupName": "name"}, id="dbSubnetGroupName"),
    ),
    "redshift:Cluster": (Native("aws:redshift/cluster:Cluster", id="clusterIdentifier"),),
    "redshift:ClusterSubnetGroup": (
        Native("aws:redshift/subnetGroup:SubnetGroup", {"clusterSubnetGroupName": "name"}, id="clusterSubnetGroupName"),
    ),
    "redshiftserverless:Workgroup": (Native("aws:redshiftserverless/workgroup:Workgroup", id="workgroupName"),),
    "scheduler:Schedule": (
        Native(
            "aws:scheduler/schedule:Schedule",
            _task("target.ecsParameters.networkConfiguration.awsvpcConfiguration"),
        ),
    ),
    "sso:PermissionSet": (
        Native("aws:ssoadmin/permissionSet:PermissionSet", {"permissionSetArn": "arn"}, id="permissionSetArn"),
        Native(
            "aws:ssoadmin/customerManagedPolicyAttachment:CustomerManagedPolicyAttachment",
            {"": "customerManagedPolicyReference"},
            each="customerManagedPolicyReferences",
        ),
        Native(
            "aws:ssoadmin/managedPolicyAttachment:ManagedPolicyAttachment",
            {"": "managedPolicyArn"},
            each="managedPolicies",
        ),
        Native(
            "aws:ssoadmin/permissionsBoundaryAttachment:PermissionsBoundaryAttachment", given=("permissionsBoundary",)
        ),
    ),
    "stepfunctions:StateMachine": (
        Native(
            "aws:sfn/stateMachine:StateMachine",
            {"stateMachineName": "name", "stateMachineType": "type", "definitionString": "definition"},
            id="arn",
        ),
    ),
    "timestream:InfluxDbCluster": (Native("aws:timestreaminfluxdb/dbCluster:DbCluster", id="awsId"),),
    "timestream:InfluxDbInstance": (Native("aws:timestreaminfluxdb/dbInstance:DbInstance", id="awsId"),),
}
"""By the type of aws-native, without the name of its package."""
