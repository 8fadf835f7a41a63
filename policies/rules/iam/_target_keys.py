"""Which condition keys name what a call works on, reviewed one by one; a test fails when the data has one more.

The keys are those of the Service Authorization Reference and of the global ones
(https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html). A key names the target if it
is the resource itself, what it is in (`ecs:cluster`, `ec2:Vpc`) or what it belongs to (`ec2:InstanceProfile`).
"""

_ARNS_OF_TARGETS = {
    "agentaccess-mcp": "StackArn",
    "aidevops": "TargetAgentSpaceArn",
    "apprunner": "ServiceArn",
    "backup": "FrameworkArns",
    "bedrock": "InferenceProfileArn ModelArn ProjectArn PromptRouterArn",
    "billingconductor": "PricingPlanArn",
    "cloudformation": "TypeArn",
    "cloudwatch": "ResourceArn requestManagedResourceARNs",
    "codeconnections": "HostArn",
    "codestar-connections": "HostArn",
    "codestar-notifications": "NotificationsForResource",
    "cognito-identity": "IdentityPoolArn",
    "cognito-identity-auth": "IdentityPoolArn",
    "cognito-identity-unauth": "IdentityPoolArn",
    "connect": "PreferredUserArn UserArn",
    "continuum": "CollectorArn",
    "dsql": "FisTargetArns",
    "dynamodb": "FisTargetArns",
    "ebs": "ParentSnapshot",
    "ec2": "AccepterVpc CapacityReservationFleet DestinationCapacityReservationId FisTargetArns InstanceProfile "
    "LaunchTemplate OutpostArn ParentSnapshot ParentVolume PlacementGroup RequesterVpc SourceCapacityReservationId "
    "Subnet Vpc",
    "ecs": "cluster container-instances daemon daemon-task-definition gateway service task task-definition",
    "elasticbeanstalk": "InApplication",
    "elasticfilesystem": "AccessPointArn",
    "iam": "AssociatedResourceArn DelegationRequestOwner PermissionsBoundary",
    "identitycenter": "ApplicationArn InstanceArn",
    "identitystore": "IdentityStoreArn",
    "iot": "ThingGroupArn thingArn",
    "iotsitewise": "taskArns",
    "kinesis": "FisTargetArns",
    "lambda": "FunctionArn",
    "logs": "LogGeneratingResourceArns",
    "mgh": "AutomationUnitResourceAutomationUnitArn",
    "networkmanager": "cgwArn directConnectGatewayArn subnetArns tgwArn tgwConnectPeerArn tgwRtbArn vpcArn "
    "vpnConnectionArn",
    "nimble": "studioId",
    "quicksight": "Group",
    "ram": "ResourceArn",
    "redshift": "InboundIntegrationArn IntegrationSourceArn IntegrationTargetArn",
    "redshift-data": "glue-catalog-arn",
    "route53profiles": "ResourceArns",
    "s3": "AccessGrantsInstanceArn DataAccessPointArn resourceArnBeingAuthorized",
    "s3-outposts": "DataAccessPointArn",
    "s3express": "DataAccessPointArn",
    "s3files": "AccessPointArn",
    "sagemaker": "OwnerUserProfileArn",
    # https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/serverless-policy-template-list.html
    "secretsmanager": "SecretId resource/AllowRotationLambdaArn",
    "servicediscovery": "NamespaceArn ServiceArn",
    "ses": "AddonSubscriptionArn MailManagerRuleSetArn MailManagerTrafficPolicyArn",
    "vpc-lattice": "ResourceConfigurationArn ServiceArn ServiceNetworkArn TargetGroupArns",
    "vpc-lattice-svcs": "ServiceArn ServiceNetworkArn",
    "wisdom": "MessageTemplate/RoutingProfileArn",
}

_ARNS_OF_OTHERS = {
    # The caller, or where its request comes from
    "codebuild": "buildArn environment.fleet.fleetArn projectArn",
    "drs": "EC2InstanceARN",
    "signin": "PrincipalArn",
    "ssm": "SourceInstanceARN",
    # Who is given access, what is attached to the target, encrypts it, or takes its output
    "acm-pca": "TemplateArn",
    "aidevops": "SourceAgentSpaceArn",
    "apigateway": "Request/CognitoUserPoolArn Request/DomainNameArn Resource/CognitoUserPoolArn",
    "apprunner": "AutoScalingConfigurationArn ConnectionArn ObservabilityConfigurationArn VpcConnectorArn",
    "autoscaling": "TargetGroupARNs",
    "aws-external-anthropic": "KeyArn",
    "backup": "CopyTargets MpaApprovalTeamArn",
    "bedrock": "GuardrailIdentifier ThirdPartyKnowledgeBaseCredentialsSecretArn",
    "cloud9": "OwnerArn UserArn",
    "cloudformation": "RoleArn",
    "comprehend": "DataLakeKmsKey ModelKmsKey OutputKmsKey VolumeKmsKey",
    "continuum": "EnvironmentArn",
    "ec2": "ClientRootCertificateChainArn CloudwatchLogGroupArn CloudwatchLogStreamArn DirectoryArn InstancePlatform "
    "NewInstanceProfile SamlProviderArn ServerCertificateArn SourceInstanceARN SourceOutpostArn",
    "ecs": "capacity-provider namespace",
    "eks": "encryptionConfigProviderKeyArns policyArn principalArn",
    "elasticbeanstalk": "FromApplication FromApplicationVersion FromConfigurationTemplate FromEnvironment FromPlatform "
    "FromSolutionStack",
    "elasticmapreduce": "ExecutionRoleArn",
    "emr-containers": "ExecutionRoleArn JobTemplateArn",
    "events": "EventBusArn TargetArn",
    "execute-api": "viaDomainArn",
    "gameliftstreams": "RoleArn",
    "iam": "PolicyARN RoleTemplateARN TemplateArn",
    "identitystore": "GroupExternalIdIssuers UserExternalIdIssuers",
    "imagebuilder": "StatusTopicArn",
    "iotfleetwise": "DestinationArn UpdateToDecoderManifestArn UpdateToModelManifestArn",
    "kms": "GrantConstraintSourceArn",
    "lambda": "CodeSigningConfigArn SourceFunctionArn",
    "logs": "DeliveryDestinationResourceArn",
    "quicksight": "IamArn KmsKeyArns",
    "ram": "PermissionArn",
    "redshift": "ConsumerArn",
    "s3": "deliverySourceArn x-amz-server-side-encryption-aws-kms-key-id",
    "s3express": "x-amz-server-side-encryption-aws-kms-key-id",
    "s3tables": "KMSKeyArn",
    "s3vectors": "kmsKeyArn",
    "sagemaker": "DomainSharingOutputKmsKey DomainSharingOutputKmsKeyArn FeatureGroupOfflineStoreKmsKey "
    "FeatureGroupOfflineStoreKmsKeyArn FeatureGroupOnlineStoreKmsKey FeatureGroupOnlineStoreKmsKeyArn "
    "HomeEfsFileSystemKmsKey ImageArns ImageVersionArns ModelArn NotebookInstanceLifecycleConfigArns OutputKmsKey "
    "OutputKmsKeyArn StudioLifecycleConfigArns VolumeKmsKey VolumeKmsKeyArn WorkteamArn",
    "secretsmanager": "ExternalSecretRotationRoleArn KmsKeyArn RotationLambdaARN",
    "sts": "RequestContextProviders TaskPolicyArn",
    "wafv2": "LogDestinationResource",
    "wisdom": "SearchFilter/RoutingProfileArn",
}

_NAMES_OF_TARGETS = {
    "amplifyuibuilder": "CodegenJobResourceAppId CodegenJobResourceId ComponentResourceAppId ComponentResourceId "
    "FormResourceAppId FormResourceId ThemeResourceAppId ThemeResourceId",
    "aoss": "CollectionId collection index",
    "apigateway": "Resource/ApiName Resource/RestApiId",
    "arc-zonal-shift": "ResourceIdentifier",
    "cloud9": "EnvironmentId EnvironmentName",
    "cloudwatch": "namespace",
    "codeconnections": "FullRepositoryId",
    "codestar-connections": "FullRepositoryId",
    "connect": "InstanceId",
    "datazone": "domainId projectId",
    "dynamodb": "LeadingKeys",
    "ec2": "AllocationId DhcpOptionsID ImageID InstanceID InternetGatewayID KeyPairName NetworkAclID "
    "NetworkInterfaceID PlacementGroupName RouteTableID SecurityGroupID SnapshotID SubnetID VolumeID VpcID "
    "VpcPeeringConnectionID VpceServiceName transitGatewayAttachmentId transitGatewayConnectPeerId transitGatewayId "
    "transitGatewayMulticastDomainId transitGatewayPolicyTableId transitGatewayRouteTableAnnouncementId "
    "transitGatewayRouteTableId",
    "eks": "clusterName",
    "fsx": "ParentVolumeId StorageVirtualMachineId",
    "geo": "DeviceIds GeofenceIds",
    "kms": "RequestAlias ResourceAliases",
    # https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/specifying-rrset-conditions.html
    "route53": "ChangeResourceRecordSetsNormalizedRecordNames VPCs",
    "s3": "prefix",
    "secretsmanager": "Name",
    "servicediscovery": "NamespaceName ServiceName",
    # https://docs.aws.amazon.com/ses/latest/dg/control-user-access.html
    "ses": "FromAddress",
}

_TAGS = ("resourcetag", "existingobjecttag", "accountresourceorgtags", "searchtag", "buckettag", "accesspointtag")
"""How the word before the name of a tag of the target ends: `s3:ExistingObjectTag/team`, `rds:db-tag/team`."""

_NOT_OF_THE_TARGET = ("requesttag", "req-tag", "requestobjecttag", "createdresourcetag")


def _keys(by_service: dict[str, str]) -> frozenset[str]:
    return frozenset(f"{service}:{name}".lower() for service, names in by_service.items() for name in names.split())


TARGET_ARNS, OTHER_ARNS, TARGET_NAMES = _keys(_ARNS_OF_TARGETS), _keys(_ARNS_OF_OTHERS), _keys(_NAMES_OF_TARGETS)


def is_tag_of_the_target(key: str) -> bool:
    """Whether a key, in lower case, is the value of one tag that the resource has: `rds:db-tag/team`."""
    kind, _, tag = key.partition(":")[2].partition("/")
    if not tag or kind in _NOT_OF_THE_TARGET:
        return False
    return kind.endswith(_TAGS) or kind == "tag" or kind.endswith("-tag")
