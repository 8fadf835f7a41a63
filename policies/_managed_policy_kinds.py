"""What counts in an AWS managed policy, for `policies.managed_policies`: reviewed lists of actions.

Access levels of the Service Authorization Reference tell reads from writes, but not the reading of what customers store
from the reading of how it is set up. The first list does, most telling first; the second are writes by which agents and
services report on themselves.
"""

DATA_READS = (
    # Secrets and keys
    *("secretsmanager:GetSecretValue", "secretsmanager:BatchGetSecretValue", "ssm:GetParameter", "ssm:GetParameters"),
    *(
        "ssm:GetParametersByPath",
        "ssm:GetParameterHistory",
        "kms:Decrypt",
        "kms:ReEncryptFrom",
        "acm:ExportCertificate",
    ),
    *("ec2:GetPasswordData", "lightsail:GetInstanceAccessDetails", "lightsail:DownloadDefaultKeyPair"),
    *("lightsail:GetRelationalDatabaseMasterUserPassword", "codeconnections:GetConnectionToken"),
    *("bedrock-agentcore:GetResourceOauth2Token", "cognito-identity:GetOpenIdTokenForDeveloperIdentity"),
    # Files and objects
    *("s3:GetObject", "s3:GetObjectVersion", "s3express:CreateSession", "s3-object-lambda:GetObject"),
    *("s3-outposts:GetObject", "s3tables:GetTableData", "s3files:ClientMount", "elasticfilesystem:ClientMount"),
    *("ebs:GetSnapshotBlock", "glacier:GetJobOutput", "mediastore:GetObject", "lakeformation:GetDataAccess"),
    *("codecommit:GitPull", "codecommit:GetFile", "codecommit:GetBlob", "codeartifact:ReadFromRepository"),
    *("codeartifact:GetPackageVersionAsset", "medical-imaging:GetImageFrame", "omics:GetReadSet"),
    # Databases and searches
    *("dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:Query", "dynamodb:Scan", "dynamodb:PartiQLSelect"),
    *("dynamodb:GetRecords", "dax:GetItem", "dax:BatchGetItem", "dax:Query", "dax:Scan", "cassandra:Select"),
    *("cassandra:SelectMultiRegionResource", "cassandra:GetRecords", "rds-data:*", "rds-db:connect"),
    *("rds:DownloadCompleteDBLogFile", "rds:DownloadDBLogFilePortion", "redshift-data:GetStatementResult*"),
    *("redshift-data:ExecuteStatement", "redshift:GetClusterCredentials*", "redshift-serverless:GetCredentials"),
    *("dsql:DbConnect*", "neptune-db:connect", "neptune-db:ReadDataViaQuery", "neptune-graph:ReadDataViaQuery"),
    *("timestream:Select", "qldb:SendCommand", "qldb:PartiQLSelect", "sdb:Select", "sdb:GetAttributes"),
    *("memorydb:Connect", "elasticache:Connect", "es:ESHttpGet", "es:ESHttpPost", "aoss:APIAccessAll"),
    *("athena:GetQueryResults*", "cloudtrail:GetQueryResults", "kendra:Query", "kendra:Retrieve", "bedrock:Retrieve"),
    *("qbusiness:GetDocumentContent", "healthlake:ReadResource", "healthlake:Search*", "wisdom:GetContent"),
    # Messages, streams and logs
    *("sqs:ReceiveMessage", "kinesis:GetRecords", "kinesis:SubscribeToShard", "kinesisvideo:GetMedia*"),
    *("kafka-cluster:ReadData", "logs:GetLogEvents", "logs:FilterLogEvents", "logs:GetQueryResults"),
    *("logs:StartLiveTail", "logs:Unmask", "states:GetExecutionHistory", "iotanalytics:GetDatasetContent"),
    *("iotsitewise:GetAssetPropertyValueHistory", "workmailmessageflow:GetRawMessageContent", "ses:GetArchiveMessage*"),
    # People
    *("cognito-idp:ListUsers*", "cognito-idp:AdminGetUser", "profile:SearchProfiles", "ds-data:SearchUsers"),
)

OWN_REPORTS = (
    *("logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents", "logs:PutRetentionPolicy"),
    *("cloudwatch:PutMetricData", "xray:Put*", "aps:RemoteWrite", "codeguru-profiler:ConfigureAgent"),
    *("codeguru-profiler:PostAgentProfile", "s3-object-lambda:WriteGetObjectResponse"),
    # The agents of ECS and of Systems Manager
    *("ecs:CreateCluster", "ecs:RegisterContainerInstance", "ecs:DeregisterContainerInstance", "ecs:Poll"),
    *("ecs:DiscoverPollEndpoint", "ecs:StartTelemetrySession", "ecs:Submit*", "ecs:UpdateContainerInstancesState"),
    *("ecs:PutSystemLogEvents", "bedrock-agentcore:PutSystemLogEvents", "rum:PutRumEvents"),
    *("elasticbeanstalk:PutInstanceStatistics", "lambda:CheckpointDurableExecution"),
    *("ssm:UpdateInstanceInformation", "ssm:PutInventory", "ssm:PutComplianceItems", "ssm:PutConfigurePackageResult"),
    *("ssm:UpdateAssociationStatus", "ssm:UpdateInstanceAssociationStatus", "ssmmessages:*", "ec2messages:*"),
    *("autoscaling:CompleteLifecycleAction", "autoscaling:RecordLifecycleActionHeartbeat"),
    *("eks-auth:AssumeRoleForPodIdentity", "ecr:BatchImportUpstreamImage"),
    # The network interfaces of functions and pods, which have ids that AWS makes
    *("ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface", "ec2:AttachNetworkInterface"),
    *("ec2:DetachNetworkInterface", "ec2:ModifyNetworkInterfaceAttribute", "ec2:AssignPrivateIpAddresses"),
    *("ec2:UnassignPrivateIpAddresses", "ec2:AssignIpv6Addresses", "ec2:UnassignIpv6Addresses"),
)

NARROWING = (
    *("*resourcetag/*", "iam:passedtoservice", "iam:awsservicename", "kms:viaservice", "kms:encryptioncontext*"),
    *("kms:grantisforawsresource", "aws:calledvia*", "aws:requesttag/*", "ec2:createaction", "ecs:createaction"),
    *("ecs:cluster", "s3:existingobjecttag/*", "dynamodb:leadingkeys", "cognito-identity*:sub"),
)
"""Condition keys, in small letters, that leave of every resource those with a tag, for a service, or of the caller."""

KINDS_OF_RESOURCE = {
    "s3": "bucket",
    "dynamodb": "table",
    "sqs": "queue",
    "sns": "topic",
    "kinesis": "stream",
    "kms": "key",
    "secretsmanager": "secret",
    "elasticfilesystem": "file system",
    "cassandra": "table",
    "ecr": "repository",
    "codecommit": "repository",
    "lambda": "function",
    "logs": "log group",
    "sts": "role",
}
"""What a service's actions are about; of other services a message says "resource"."""
