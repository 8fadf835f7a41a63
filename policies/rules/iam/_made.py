"""Kinds of resource whose ids a call makes itself, so that nobody can name them: `volume/*` for `ec2:CreateVolume`.

Taken from the Service Authorization Reference and reviewed: a call that creates, starts or allocates, and a kind of
that name whose ARN ends in an id that AWS chooses. Of EC2 all kinds that a call tags, and whose tags it does not ask
for (https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/iam-policy-structure.html). A name that the caller chooses is
not among them, nor what a call copies or takes as a parent.
"""

_MADE = {
    "aidevops": "CreateAgentSpace:agentspace",
    "apigateway": "CreatePortal:Portal; CreatePortalProduct:PortalProduct",
    "app-integrations": "CreateApplication:application; CreateDataIntegration:data-integration",
    "auditmanager": "CreateAssessmentFramework:assessmentFramework",
    "aws-marketplace": "CreateVerificationEvidence:VerificationEvidence; "
    "StartInvoiceSubmissionTask:InvoiceSubmissionTask; "
    "StartTaxComplianceProfileChangeTask:TaxComplianceProfileChangeTask",
    "backup": "CreateBackupPlan:backupPlan; CreateLegalHold:legalHold",
    "batch": "SubmitJob:job; SubmitServiceJob:service-job",
    "bedrock": "CreateInferenceProfile:inference-profile; CreateModelInvocationJob:model-invocation-job",
    "bedrock-mantle": "CreateCustomizedModel:customized-model; CreateProject:project; CreateReservation:reservation",
    "billing": "CreateBillingView:billingview",
    "braket": "CreateJob:job; CreateQuantumTask:quantum-task; CreateSpendingLimit:spending-limit",
    "cleanrooms": "CreateCollaboration:collaboration; CreateConfiguredTable:configuredtable; "
    "CreateMembership:membership",
    "cloudtrail": "CreateChannel:channel; CreateEventDataStore:eventdatastore",
    "codestar-notifications": "CreateNotificationRule:notificationrule",
    "codewhisperer": "CreateCustomization:customization; CreateProfile:profile",
    "comprehend": "StartDocumentClassificationJob:document-classification-job; "
    "StartDominantLanguageDetectionJob:dominant-language-detection-job; "
    "StartEntitiesDetectionJob:entities-detection-job; StartEventsDetectionJob:events-detection-job; "
    "StartKeyPhrasesDetectionJob:key-phrases-detection-job; "
    "StartPiiEntitiesDetectionJob:pii-entities-detection-job; "
    "StartSentimentDetectionJob:sentiment-detection-job; "
    "StartTargetedSentimentDetectionJob:targeted-sentiment-detection-job; "
    "StartTopicsDetectionJob:topics-detection-job",
    "connect": "CreateTrafficDistributionGroup:traffic-distribution-group",
    "connect-campaigns": "CreateCampaign:campaign",
    "continuum": "CreateCollector:collectors; CreateEnvironment:environments; CreateIntegration:integrations",
    "controltower": "EnableControl:EnabledControl",
    "dataexchange": "CreateDataGrant:data-grants; CreateDataSet:data-sets; CreateEventAction:event-actions; "
    "CreateJob:jobs",
    "deadline": "CreateFarm:farm; CreateLicenseEndpoint:license-endpoint; CreateMonitor:monitor",
    "docdb-elastic": "CreateClusterSnapshot:cluster-snapshot",
    "dsql": "CreateCluster:Cluster",
    "ebs": "StartSnapshot:snapshot",
    "ec2": "AllocateAddress:elastic-ip; AllocateHosts:dedicated-host; "
    "AllocateIpamPoolCidr:ipam-pool-allocation; CopyFpgaImage:fpga-image; CopyImage:image,snapshot; "
    "CopySnapshot:snapshot; CreateApplicationStatusCheck:application-status-check; "
    "CreateCapacityManagerDataExport:capacity-manager-data-export; "
    "CreateCapacityReservation:capacity-reservation; "
    "CreateCapacityReservationCancellationQuote:capacity-reservation-cancellation-quote; "
    "CreateCapacityReservationFleet:capacity-reservation-fleet; CreateCarrierGateway:carrier-gateway; "
    "CreateClientVpnEndpoint:client-vpn-endpoint; CreateCoipPool:coip-pool; "
    "CreateCustomerGateway:customer-gateway; CreateDelegateMacVolumeOwnershipTask:mac-modification-task; "
    "CreateDhcpOptions:dhcp-options; CreateEgressOnlyInternetGateway:egress-only-internet-gateway; "
    "CreateFleet:fleet,instance,volume; CreateFlowLogs:vpc-flow-log; CreateFpgaImage:fpga-image; "
    "CreateImage:image,snapshot; CreateImageUsageReport:image-usage-report; "
    "CreateInstanceConnectEndpoint:instance-connect-endpoint; "
    "CreateInstanceEventWindow:instance-event-window; CreateInstanceExportTask:export-instance-task; "
    "CreateInternetGateway:internet-gateway; CreateIpam:ipam; "
    "CreateIpamExternalResourceVerificationToken:ipam-external-resource-verification-token; "
    "CreateIpamInternetRegistryAssociation:ipam-internet-registry-association; "
    "CreateIpamPolicy:ipam-policy; CreateIpamPool:ipam-pool; "
    "CreateIpamPrefixListResolver:ipam-prefix-list-resolver; "
    "CreateIpamPrefixListResolverTarget:ipam-prefix-list-resolver-target; "
    "CreateIpamResourceDiscovery:ipam-resource-discovery; CreateIpamScope:ipam-scope; "
    "CreateLaunchTemplate:launch-template; CreateLocalGatewayRouteTable:local-gateway-route-table; "
    "CreateLocalGatewayRouteTableVpcAssociation:local-gateway-route-table-vpc-association; "
    "CreateLocalGatewayVirtualInterface:local-gateway-virtual-interface; "
    "CreateLocalGatewayVirtualInterfaceGroup:local-gateway-virtual-interface-group; "
    "CreateMacSystemIntegrityProtectionModificationTask:mac-modification-task; "
    "CreateManagedPrefixList:prefix-list; CreateNatGateway:natgateway; CreateNetworkAcl:network-acl; "
    "CreateNetworkInsightsAccessScope:network-insights-access-scope; "
    "CreateNetworkInsightsPath:network-insights-path; CreateNetworkInterface:network-interface; "
    "CreatePublicIpv4Pool:ipv4pool-ec2; CreateReplaceRootVolumeTask:replace-root-volume-task,volume; "
    "CreateRestoreImageTask:image; CreateRouteServer:route-server; "
    "CreateRouteServerEndpoint:route-server-endpoint; CreateRouteServerPeer:route-server-peer; "
    "CreateRouteTable:route-table; CreateSecondaryNetwork:secondary-network; "
    "CreateSecondarySubnet:secondary-subnet; CreateSecurityGroup:security-group; CreateSnapshot:snapshot; "
    "CreateSnapshots:snapshot; CreateSubnet:subnet; CreateTrafficMirrorFilter:traffic-mirror-filter; "
    "CreateTrafficMirrorFilterRule:traffic-mirror-filter-rule; "
    "CreateTrafficMirrorSession:traffic-mirror-session; CreateTrafficMirrorTarget:traffic-mirror-target; "
    "CreateTransitGateway:transit-gateway; CreateTransitGatewayConnect:transit-gateway-attachment; "
    "CreateTransitGatewayConnectPeer:transit-gateway-connect-peer; "
    "CreateTransitGatewayMeteringPolicy:transit-gateway-metering-policy; "
    "CreateTransitGatewayMulticastDomain:transit-gateway-multicast-domain; "
    "CreateTransitGatewayPeeringAttachment:transit-gateway-attachment; "
    "CreateTransitGatewayPolicyTable:transit-gateway-policy-table; "
    "CreateTransitGatewayRouteTable:transit-gateway-route-table; "
    "CreateTransitGatewayRouteTableAnnouncement:transit-gateway-route-table-announcement; "
    "CreateTransitGatewayVpcAttachment:transit-gateway-attachment; "
    "CreateVerifiedAccessEndpoint:verified-access-endpoint; "
    "CreateVerifiedAccessGroup:verified-access-group; "
    "CreateVerifiedAccessInstance:verified-access-instance; "
    "CreateVerifiedAccessTrustProvider:verified-access-trust-provider; CreateVolume:volume; "
    "CreateVpc:vpc; CreateVpcBlockPublicAccessExclusion:vpc-block-public-access-exclusion; "
    "CreateVpcEncryptionControl:vpc-encryption-control; CreateVpcEndpoint:vpc-endpoint; "
    "CreateVpcEndpointServiceConfiguration:vpc-endpoint-service; "
    "CreateVpcPeeringConnection:vpc-peering-connection; CreateVpnConcentrator:vpn-concentrator; "
    "CreateVpnConnection:vpn-connection; CreateVpnGateway:vpn-gateway; "
    "ImportImage:image,import-image-task; ImportSnapshot:import-snapshot-task,snapshot; "
    "PurchaseCapacityBlock:capacity-reservation; RegisterImage:image; "
    "RequestSpotFleet:spot-fleet-request; RequestSpotInstances:spot-instances-request; "
    "RunInstances:instance,network-interface,secondary-interface,spot-instances-request,volume; "
    "StartNetworkInsightsAccessScopeAnalysis:network-insights-access-scope-analysis; "
    "StartNetworkInsightsAnalysis:network-insights-analysis",
    "elemental-appliances-software": "CreateQuote:quote",
    "fis": "CreateExperimentTemplate:experiment-template; StartExperiment:experiment",
    "fsx": "CreateBackup:backup; CreateFileCache:file-cache; CreateFileSystem:file-system",
    "glue": "CreateIntegration:integration; CreateUsageProfile:usageProfile",
    "inspector2": "CreateCisScanConfiguration:CIS Scan Configuration; CreateCodeSecurityIntegration:Code "
    "Security Integration; CreateCodeSecurityScanConfiguration:Code Security Scan Configuration; "
    "CreateConnector:Connector; CreateFilter:Filter",
    "interconnect": "CreateConnection:connection",
    "ivs": "CreateAdConfiguration:Ad-Configuration; CreateChannel:Channel; "
    "CreateEncoderConfiguration:Encoder-Configuration; "
    "CreateFailoverSlateConfiguration:Failover-Slate-Configuration; "
    "CreateIngestConfiguration:Ingest-Configuration; "
    "CreatePlaybackRestrictionPolicy:Playback-Restriction-Policy; "
    "CreateRecordingConfiguration:Recording-Configuration; CreateStage:Stage; "
    "CreateStorageConfiguration:Storage-Configuration; CreateStreamKey:Stream-Key",
    "ivschat": "CreateLoggingConfiguration:Logging-Configuration; CreateRoom:Room",
    "kinesis": "CreateChannel:channel",
    "lambda": "CreateNetworkConnector:networkConnector",
    "launchwizard": "CreateDeployment:deployment",
    "macie2": "CreateClassificationJob:ClassificationJob; CreateCustomDataIdentifier:CustomDataIdentifier; "
    "CreateFindingsFilter:FindingsFilter; CreateMember:Member",
    "mediaconnect": "CreateRouterInput:RouterInput; CreateRouterNetworkInterface:RouterNetworkInterface; "
    "CreateRouterOutput:RouterOutput",
    "medialive": "CreateChannel:channel; CreateCloudWatchAlarmTemplate:cloudwatch-alarm-template; "
    "CreateCloudWatchAlarmTemplateGroup:cloudwatch-alarm-template-group; CreateCluster:cluster; "
    "CreateEventBridgeRuleTemplate:eventbridge-rule-template; "
    "CreateEventBridgeRuleTemplateGroup:eventbridge-rule-template-group; CreateInput:input; "
    "CreateInputSecurityGroup:input-security-group; CreateMultiplex:multiplex; CreateNetwork:network; "
    "CreateSdiSource:sdi-source; CreateSignalMap:signal-map",
    "mpa": "CreateApprovalTeam:approval-team; CreateIdentitySource:identity-source",
    "neptune-graph": "CreateGraph:graph; CreateGraphSnapshot:graph-snapshot; StartExportTask:export-task; "
    "StartImportTask:import-task",
    "nimble": "CreateStudio:studio",
    "observabilityadmin": "CreateDatasetIntegration:dataset-integration; "
    "CreateS3TableIntegration:s3tableintegration; CreateTelemetryPipeline:telemetry-pipeline",
    "odb": "CreateDbNode:db-node",
    "omics": "StartRun:run",
    "organizations": "CreatePolicy:policy",
    "partnercentral": "CreateEngagement:Engagement; CreateEngagementInvitation:engagement-invitation; "
    "CreateOpportunity:Opportunity; CreateResourceSnapshotJob:resource-snapshot-job; "
    "StartEngagementByAcceptingInvitationTask:engagement-by-accepting-invitation-task; "
    "StartEngagementFromOpportunityTask:engagement-from-opportunity-task; "
    "StartOpportunityFromEngagementTask:OpportunityFromEngagementTask; "
    "StartResourceSnapshotJob:resource-snapshot-job; SubmitBenefitApplication:BenefitApplication; "
    "SubmitOpportunity:Opportunity",
    "proton": "CreateComponent:component",
    "q": "CreatePlugin:plugin",
    "rds": "CreateDBCapacityReservation:db-capacity-reservation; CreateDBProxyEndpoint:proxy-endpoint; "
    "CreateIntegration:integration; CreateTenantDatabase:tenant-database",
    "redshift-serverless": "CreateEndpointAccess:endpointAccess; CreateNamespace:namespace; "
    "CreateSnapshot:snapshot; CreateWorkgroup:workgroup",
    "resiliencehub": "CreateApp:application; CreatePolicy:policy; CreateResiliencyPolicy:resiliency-policy; "
    "CreateService:service; CreateSystem:system",
    "route53-recovery-readiness": "CreateCell:cell; CreateReadinessCheck:readinesscheck; "
    "CreateRecoveryGroup:recoverygroup; CreateResourceSet:resourceset",
    "route53globalresolver": "CreateAccessToken:access-token; CreateDNSView:dns-view; "
    "CreateFirewallDomainList:firewall-domain-list; CreateGlobalResolver:global-resolver",
    "route53resolver": "CreateFirewallDomainList:firewall-domain-list; "
    "CreateFirewallRuleGroup:firewall-rule-group; CreateOutpostResolver:outpost-resolver; "
    "CreateResolverEndpoint:resolver-endpoint; CreateResolverQueryLogConfig:resolver-query-log-config; "
    "CreateResolverRule:resolver-rule",
    "sagemaker": "CreateCluster:cluster; CreateClusterSchedulerConfig:cluster-scheduler-config; "
    "CreateComputeQuota:compute-quota; CreateDomain:domain; CreateMlflowApp:mlflow-app; "
    "CreatePartnerApp:partner-app; CreateSharedModel:shared-model",
    "sagemaker-geospatial": "StartEarthObservationJob:EarthObservationJob; "
    "StartVectorEnrichmentJob:VectorEnrichmentJob",
    "scn": "CreateInstance:instance",
    "security-ir": "CreateCase:case; CreateMembership:membership",
    "servicecatalog": "CreateApplication:Application; CreateAttributeGroup:AttributeGroup; "
    "CreatePortfolio:Portfolio; CreateProduct:Product",
    "servicediscovery": "CreateService:service",
    "ses": "CreateAddonInstance:addon-instance; CreateAddonSubscription:addon-subscription; "
    "CreateAddressList:mailmanager-address-list; CreateArchive:mailmanager-archive; "
    "CreateIngressPoint:mailmanager-ingress-point; CreateRelay:mailmanager-smtp-relay; "
    "CreateRuleSet:mailmanager-rule-set; CreateTrafficPolicy:mailmanager-traffic-policy",
    "sqlworkbench": "CreateChart:chart; CreateConnection:connection; CreateNotebook:notebook",
    "ssm": "CreateAssociation:association; CreateCloudConnector:cloud-connector; "
    "StartAutomationExecution:automation-execution",
    "ssm-contacts": "CreateRotation:rotation",
    "ssm-quicksetup": "CreateConfigurationManager:configuration-manager",
    "sso": "CreateInstance:Instance",
    "timestream-influxdb": "CreateDbBackup:db-backup",
    "transform": "CreateProfile:profile",
    "transform-custom": "CreateAnalysis:analysis; CreateRemediation:remediation; CreateRepository:repository",
    "vpc-lattice": "CreateAccessLogSubscription:AccessLogSubscription; "
    "CreateResourceConfiguration:ResourceConfiguration; CreateResourceGateway:ResourceGateway; "
    "CreateService:Service; CreateServiceNetwork:ServiceNetwork; "
    "CreateServiceNetworkResourceAssociation:ServiceNetworkResourceAssociation; "
    "CreateServiceNetworkServiceAssociation:ServiceNetworkServiceAssociation; "
    "CreateServiceNetworkVpcAssociation:ServiceNetworkVpcAssociation; CreateTargetGroup:TargetGroup",
    "waf": "CreateByteMatchSet:bytematchset; CreateGeoMatchSet:geomatchset; CreateIPSet:ipset; "
    "CreateRateBasedRule:ratebasedrule; CreateRegexMatchSet:regexmatchset; "
    "CreateRegexPatternSet:regexpatternset; CreateRule:rule; CreateRuleGroup:rulegroup; "
    "CreateSizeConstraintSet:sizeconstraintset; CreateSqlInjectionMatchSet:sqlinjectionmatchset; "
    "CreateWebACL:webacl; CreateXssMatchSet:xssmatchset",
    "waf-regional": "CreateByteMatchSet:bytematchset; CreateGeoMatchSet:geomatchset; CreateIPSet:ipset; "
    "CreateRateBasedRule:ratebasedrule; CreateRegexMatchSet:regexmatchset; "
    "CreateRegexPatternSet:regexpatternset; CreateRule:rule; CreateRuleGroup:rulegroup; "
    "CreateSizeConstraintSet:sizeconstraintset; CreateSqlInjectionMatchSet:sqlinjectionmatchset; "
    "CreateWebACL:webacl; CreateXssMatchSet:xssmatchset",
    "wickr": "CreateNetwork:network",
    "workspaces": "CreateWorkspaceBundle:workspacebundle; CreateWorkspaceImage:workspaceimage; "
    "CreateWorkspaces:workspaceid; CreateWorkspacesPool:workspacespool",
}

_STARTED_BEFORE = {
    "bedrock": "GetModelInvocationJob:model-invocation-job",
    "braket": "GetJob:job; GetQuantumTask:quantum-task",
    "comprehend": "DescribeDocumentClassificationJob:document-classification-job; "
    "DescribeDominantLanguageDetectionJob:dominant-language-detection-job; "
    "DescribeEntitiesDetectionJob:entities-detection-job; DescribeEventsDetectionJob:events-detection-job; "
    "DescribeKeyPhrasesDetectionJob:key-phrases-detection-job; "
    "DescribePiiEntitiesDetectionJob:pii-entities-detection-job; "
    "DescribeSentimentDetectionJob:sentiment-detection-job; "
    "DescribeTargetedSentimentDetectionJob:targeted-sentiment-detection-job; "
    "DescribeTopicsDetectionJob:topics-detection-job",
    "dataexchange": "GetJob:jobs",
    "elastictranscoder": "ReadJob:job",
    "fis": "GetExperiment:experiment",
    "mediaconvert": "GetJob:Job",
    "neptune-graph": "GetExportTask:export-task; GetImportTask:import-task",
    "omics": "GetRun:run",
    "route53": "GetChange:change",
    "ssm": "GetAutomationExecution:automation-execution",
}
"""Calls that only ask about a job or a change, whose id the call that started it made."""

MADE: dict[str, frozenset[str]] = {
    f"{service}:{action}": frozenset(kinds.split(","))
    for service, actions in (*_MADE.items(), *_STARTED_BEFORE.items())
    for action, _, kinds in (entry.partition(":") for entry in actions.split("; "))
}
"""By action, the kinds of resource whose ids it, or the call before it, makes."""

ONE_OF_ITS_KIND = frozenset({("securityhub", "hubv2")})
"""Kinds of which a region of an account has one, under an id that AWS chooses."""
