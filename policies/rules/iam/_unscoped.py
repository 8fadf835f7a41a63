"""Actions that need `"Resource": "*"` although AWS lists kinds of resource for them, each for a reason.

A call that may leave out every resource is refused without `*`. Whether it may is in the reference of each API; the
kinds are those of the Service Authorization Reference, where no star marks them as required. The rest of these actions
always name a resource (`tests/policies/scoped_actions.py`), and a test fails when the data has one in neither list.
"""

NAMES_NONE = "a call may name no resource, and is then about all of the account"
OWN_ID = "an instance calls it about itself, and its id is not known before it runs"
NO_ARN = "what it is about may have no ARN"

REASONS: dict[str, dict[str, str]] = {
    NAMES_NONE: {
        # Calls that list, describe or search, and filter by the resource
        "account": "GetAccountInformation GetAlternateContact GetContactInformation GetGovCloudAccountInformation "
        "GetRegionOptStatus ListRegions",
        "appstream": "DescribeSoftwareAssociations",
        "bedrock": "CreateDataAutomationProject CreateGuardrail ListAutomatedReasoningPolicies ListBlueprints "
        "ListDataAutomationLibraries ListDataAutomationProjects ListGuardrails ListPrompts",
        "billing": "GetBillingData GetBillingDetails GetContractInformation",
        "ce": "GetCostAndUsage GetCostAndUsageComparisons GetCostAndUsageWithResources GetCostCategories "
        "GetCostComparisonDrivers GetCostForecast GetDimensionValues GetTags GetUsageForecast",
        "chime": "CreateVoiceConnectorGroup ListSipRules UpdateVoiceConnectorGroup",
        "cleanrooms-ml": "ListAudienceExportJobs ListAudienceGenerationJobs",
        "cloudformation": "DescribeEvents DescribeStacks GetTemplateSummary ListHookResults",
        "cloudhsm": "CreateCluster",
        "cloudwatch": "GetMetricData ListMetrics PutMetricData",
        "comprehend": "DetectEntities",
        "connect": "CreateUserHierarchyGroup StartEmailContact StartOutboundEmailContact",
        "datasync": "CreateLocationAzureBlob CreateLocationObjectStorage CreateLocationS3",
        "dax": "DescribeClusters",
        "deadline": "ListBudgets",
        "directconnect": "CreateConnection CreateInterconnect CreateLag DescribeConnections "
        "DescribeDirectConnectGatewayAssociationProposals DescribeDirectConnectGatewayAssociations "
        "DescribeDirectConnectGatewayAttachments DescribeDirectConnectGateways DescribeInterconnects DescribeLags "
        "DescribeVirtualInterfaces",
        "dms": "DescribeApplicableIndividualAssessments DescribeReplicationTaskAssessmentResults "
        "DescribeReplicationTaskAssessmentRuns DescribeReplicationTaskIndividualAssessments ListInstanceProfiles "
        "ListMigrationProjects",
        "dynamodb": "ListExports ListImports",
        "ecr-public": "DescribeRepositories",
        "elasticache": "DescribeUpdateActions",
        "elasticbeanstalk": "DescribeApplicationVersions DescribeApplications DescribeConfigurationOptions "
        "DescribeEnvironments DescribeEvents ListAvailableSolutionStacks ListPlatformVersions",
        "elasticfilesystem": "DescribeAccessPoints DescribeFileSystems DescribeReplicationConfigurations",
        "es": "ListInsights",
        "frauddetector": "DescribeModelVersions GetBatchImportJobs GetBatchPredictionJobs GetDetectors GetEntityTypes "
        "GetEventTypes GetExternalModels GetLabels GetListsMetadata GetModels GetOutcomes GetRules GetVariables "
        "ListEventPredictions",
        "glue": "ListSchemas",
        "grafana": "ListVersions",
        "iam": "ListMFADevices",
        "imagebuilder": "ListImageScanFindingAggregations ListImageScanFindings",
        "iot": "GetBehaviorModelTrainingSummaries ListActiveViolations ListCommandExecutions "
        "ListDetectMitigationActionsExecutions ListSecurityProfiles ListViolationEvents",
        "iotmanagedintegrations": "CreateManagedThing",
        "iotsitewise": "CreateBulkImportJob CreateDataset DescribeBulkImportJob ListAccessPolicies ListAssets "
        "ListBulkImportJobs ListDatasets ListTimeSeries",
        "iq": "ListPaymentRequests",
        "ivs": "ListCompositions",
        "license-manager": "ListLicenseAssetGroups ListLicenseAssetRulesets ListLicenseManagerReportGenerators",
        "logs": "ListAnomalies ListLogAnomalyDetectors",
        "lookoutmetrics": "ListAlerts ListMetricSets",
        "mediaconvert": "CreateJob CreateJobTemplate ListJobs SearchJobs",
        "networkmanager": "DescribeGlobalNetworks",
        "odb": "CreateAutonomousDatabase ListAutonomousVirtualMachines ListCloudAutonomousVmClusters "
        "ListCloudVmClusters ListExadbVmClusters ListOdbPeeringConnections",
        "opsworks": "DescribeAgentVersions DescribeStacks",
        "panorama": "ListApplicationInstances ListDevicesJobs",
        "polly": "StartSpeechSynthesisStream StartSpeechSynthesisTask SynthesizeSpeech",
        "proton": "ListComponents",
        "purchase-orders": "ViewPurchaseOrders",
        "qdeveloper": "TransformCode",
        "quicksight": "PredictQAResults",
        "rds": "DescribeBlueGreenDeployments DescribeDBCapacityReservations DescribeDBClusterAutomatedBackups "
        "DescribeDBClusterEndpoints DescribeDBClusterParameterGroups DescribeDBClusterSnapshots DescribeDBClusters "
        "DescribeDBInstanceAutomatedBackups DescribeDBInstances DescribeDBParameterGroups DescribeDBProxies "
        "DescribeDBProxyEndpoints DescribeDBSecurityGroups DescribeDBShardGroups DescribeDBSnapshotTenantDatabases "
        "DescribeDBSnapshots DescribeDBSubnetGroups DescribeEventSubscriptions DescribeExportTasks "
        "DescribeGlobalClusters DescribeIntegrations DescribeOptionGroups DescribePendingMaintenanceActions "
        "DescribeReservedDBInstances DescribeTenantDatabases",
        "redshift": "DescribeClusterSnapshots DescribeClusters DescribeEndpointAccess DescribeEndpointAuthorization "
        "DescribeNodeConfigurationOptions DescribeTableRestoreStatus GetReservedNodeExchangeConfigurationOptions "
        "ListRecommendations ViewQueriesInConsole",
        "redshift-serverless": "ListSnapshotCopyConfigurations",
        "rekognition": "DetectModerationLabels StartMediaAnalysisJob",
        "resiliencehub": "ListReports",
        "route53": "ListQueryLoggingConfigs",
        "s3files": "ListFileSystems",
        "sagemaker": "ListModelPackages",
        "sdb": "ListExports",
        "ses": "BatchGetMetricData DeleteSuppressedDestination GetSuppressedDestination ListRecommendations "
        "ListSuppressedDestinations PutSuppressedDestination",
        "sms-voice": "DescribeConfigurationSets DescribeNotifyConfigurations DescribeOptOutLists DescribePhoneNumbers "
        "DescribePools DescribeProtectConfigurations DescribeRcsAgents DescribeRegistrationAttachments "
        "DescribeRegistrations DescribeSenderIds DescribeVerifiedDestinationNumbers RequestPhoneNumber "
        "SendDestinationNumberVerificationCode SendTextMessage",
        "ssm-quicksetup": "ListConfigurations",
        "ssm-sap": "ListComponents",
        "timestream-influxdb": "CreateDbCluster CreateDbInstance",
        "transfer": "CreateConnector",
        # https://docs.aws.amazon.com/translate/latest/APIReference/API_TranslateText.html
        "translate": "StartTextTranslationJob TranslateDocument TranslateText",
    },
    # https://docs.aws.amazon.com/systems-manager/latest/userguide/getting-started-create-iam-instance-profile.html
    OWN_ID: {
        "ssm": "ListInstanceAssociations PutComplianceItems RequestManagedInstanceRoleToken UpdateInstanceInformation "
        "UpdateManagedInstancePublicKey",
    },
    NO_ARN: {
        # A version of a schema is known by its id alone:
        # https://docs.aws.amazon.com/glue/latest/dg/schema-registry-gs.html
        "glue": "GetSchemaVersion PutSchemaVersionMetadata QuerySchemaVersionMetadata RemoveSchemaVersionMetadata",
        # An account that is invited is of no organisation yet
        "organizations": "InviteAccountToOrganization InviteOrganizationToTransferResponsibility",
        # Phone numbers: https://docs.aws.amazon.com/sns/latest/dg/sms_sending-overview.html
        "sns": "Publish",
    },
}

UNSCOPED = frozenset(
    f"{service}:{action}"
    for reason in (NAMES_NONE, OWN_ID)
    for service, actions in REASONS[reason].items()
    for action in actions.split()
)
"""Actions for which no pattern of resources is broad."""

ALSO_WITHOUT_ARN = frozenset(
    f"{service}:{action}" for service, actions in REASONS[NO_ARN].items() for action in actions.split()
)
"""Actions for which a lone `*` is not broad, because a part of what they are about has no ARN to name."""
