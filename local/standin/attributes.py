"""Ids, ARNs, URLs and names of the form that AWS gives them."""

import hashlib
import secrets
from collections.abc import Callable
from typing import Any, Final, NamedTuple

ACCOUNT: Final = "123456789012"
"""The account of AWS's own documentation: nobody takes it for a real one."""

_ZONE_IDS: Final = {"us-east-1": "Z35SXDOTRQ7X7K", "eu-west-1": "Z32O12XQLNTSW2", "eu-central-1": "Z215JYRZR1TBD5"}


class Place(NamedTuple):
    """Where a resource is."""

    region: str = "us-east-1"
    account: str = ACCOUNT

    @property
    def partition(self) -> str:
        """The partition that the region belongs to."""
        for prefix, partition in (("cn-", "aws-cn"), ("us-gov-", "aws-us-gov")):
            if self.region.startswith(prefix):
                return partition
        return "aws"

    @property
    def suffix(self) -> str:
        """The DNS suffix of the partition's service endpoints."""
        return "amazonaws.com.cn" if self.partition == "aws-cn" else "amazonaws.com"

    def arn(self, service: str, resource: str, *, regional: bool = True, account: bool = True) -> str:
        """Return an ARN in this place; global services leave the region out, S3 the account too."""
        return (
            f"arn:{self.partition}:{service}:{self.region if regional else ''}:"
            f"{self.account if account else ''}:{resource}"
        )


_Made = tuple[str, dict[str, Any]]
_Revision = Callable[[str], int]

_VPC: Final = "aws:ec2/vpc:Vpc"
_TEMPLATE: Final = "aws:ec2/launchTemplate:LaunchTemplate"

# Type → the prefix of its id, for those that EC2 numbers.
_NUMBERED: Final = {
    "aws:ec2/vpc:Vpc": ("vpc", "vpc"),
    "aws:ec2/subnet:Subnet": ("subnet", "subnet"),
    "aws:ec2/routeTable:RouteTable": ("rtb", "route-table"),
    "aws:ec2/internetGateway:InternetGateway": ("igw", "internet-gateway"),
    "aws:ec2/egressOnlyInternetGateway:EgressOnlyInternetGateway": ("eigw", "egress-only-internet-gateway"),
    "aws:ec2/natGateway:NatGateway": ("nat", "natgateway"),
    "aws:ec2/eip:Eip": ("eipalloc", "elastic-ip"),
    "aws:ec2/securityGroup:SecurityGroup": ("sg", "security-group"),
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": ("sg", "security-group"),
    "aws:ec2/flowLog:FlowLog": ("fl", "vpc-flow-log"),
    "aws:ec2/vpcEndpoint:VpcEndpoint": ("vpce", "vpc-endpoint"),
    "aws:ec2/launchTemplate:LaunchTemplate": ("lt", "launch-template"),
    "aws:ec2/routeTableAssociation:RouteTableAssociation": ("rtbassoc", ""),
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": ("sgr", "security-group-rule"),
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": ("sgr", "security-group-rule"),
}

# Type → service and resource part of its ARN, and whether the ARN is its id.
_NAMED: Final = {
    "aws:ecr/repository:Repository": ("ecr", "repository/{name}", False),
    "aws:ecs/cluster:Cluster": ("ecs", "cluster/{name}", True),
    "aws:ecs/capacityProvider:CapacityProvider": ("ecs", "capacity-provider/{name}", True),
    "aws:cloudwatch/logGroup:LogGroup": ("logs", "log-group:{name}", False),
    "aws:cloudwatch/metricAlarm:MetricAlarm": ("cloudwatch", "alarm:{name}", False),
    "aws:cloudwatch/eventRule:EventRule": ("events", "rule/{name}", False),
    "aws:sns/topic:Topic": ("sns", "{name}", True),
    "aws:sqs/queue:Queue": ("sqs", "{name}", False),
    "aws:ssm/parameter:Parameter": ("ssm", "parameter/{bare}", False),
    "aws:codebuild/project:Project": ("codebuild", "project/{name}", True),
    "aws:codepipeline/pipeline:Pipeline": ("codepipeline", "{name}", False),
    "aws:kms/alias:Alias": ("kms", "{name}", False),
    "aws:dynamodb/table:Table": ("dynamodb", "table/{name}", False),
}


def make(token: str, inputs: dict[str, Any], place: Place, *, revision: _Revision) -> _Made:
    """Return the id of a new resource and what AWS decides of it."""
    if token in _NUMBERED:
        return _numbered(token, inputs, place)
    if token in _NAMED:
        service, pattern, by_arn = _NAMED[token]
        name = str(inputs.get("name", ""))
        arn = place.arn(service, pattern.format(name=name, bare=name.lstrip("/")))
        return (arn if by_arn else name), {"arn": arn, **_extras(token, name, arn, place)}
    if token in _OTHERS:
        return _OTHERS[token](inputs, place, revision)
    name = str(inputs.get("name") or token.rpartition(":")[2].lower())
    return f"{name}-{_hex(8)}", {"arn": place.arn(token.split(":")[1].split("/")[0], f"{name}/{_hex(8)}")}


def undecided(token: str, properties: dict[str, Any]) -> set[str]:
    """Return what AWS will decide at a creation or a change, not being given."""
    if token == _TEMPLATE:
        return {"latestVersion", "defaultVersion"}
    assigns = token == _VPC and properties.get("assignGeneratedIpv6CidrBlock") is True
    return {"ipv6CidrBlock"} - set(properties) if assigns else set()


def after_update(token: str, updated: dict[str, Any]) -> dict[str, Any]:
    """Return a changed resource with what AWS decides anew."""
    if token == _VPC:
        if updated.get("assignGeneratedIpv6CidrBlock") is not True:
            return {name: value for name, value in updated.items() if not name.startswith("ipv6")}
        return {**_ipv6(), **updated}
    if token == _TEMPLATE:
        version = updated["latestVersion"] + 1
        default = version if updated.get("updateDefaultVersion") else updated["defaultVersion"]
        return {**updated, "latestVersion": version, "defaultVersion": default}
    if token == "aws:secretsmanager/secretVersion:SecretVersion":  # noqa: S105 a type token
        return {**updated, "versionId": _uuid()}
    if token == "aws:cloudcontrol/resource:Resource":  # noqa: S105 a type token
        return {**updated, "properties": updated["desiredState"]}
    return updated


def _numbered(token: str, inputs: dict[str, Any], place: Place) -> _Made:
    prefix, resource = _NUMBERED[token]
    id_ = f"{prefix}-{_hex(17)}"
    made: dict[str, Any] = {"arn": place.arn("ec2", f"{resource}/{id_}"), "ownerId": place.account} if resource else {}
    match token.rpartition(":")[2]:
        case "Vpc":
            main = f"rtb-{_hex(17)}"
            made |= {
                "defaultSecurityGroupId": f"sg-{_hex(17)}",
                "mainRouteTableId": main,
                "defaultRouteTableId": main,
                "defaultNetworkAclId": f"acl-{_hex(17)}",
            }
            made |= _ipv6() if inputs.get("assignGeneratedIpv6CidrBlock") is True else {}
        case "Eip":
            made |= {"allocationId": id_, "publicIp": f"203.0.113.{secrets.randbelow(254) + 1}"}
        case "NatGateway":
            made |= {"publicIp": "203.0.113.1", "networkInterfaceId": f"eni-{_hex(17)}"}
        case "SecurityGroupIngressRule" | "SecurityGroupEgressRule":
            made |= {"securityGroupRuleId": id_}
        case "LaunchTemplate":
            made |= {"latestVersion": 1, "defaultVersion": 1}
        case "DefaultSecurityGroup":
            made |= {"name": "default"}
        case "VpcEndpoint":
            made |= _endpoint(id_, inputs, place)
    return id_, made


def _ipv6() -> dict[str, Any]:
    """Return a range of Amazon's, made up of the block for documentation."""
    return {"ipv6CidrBlock": f"2001:db8:{_hex(4)}:{_hex(2)}00::/56", "ipv6AssociationId": f"vpc-cidr-assoc-{_hex(17)}"}


def _endpoint(id_: str, inputs: dict[str, Any], place: Place) -> dict[str, Any]:
    """Return what AWS decides of a VPC endpoint: a gateway is a prefix list, an interface has addresses and names."""
    made = {"state": "available", "requesterManaged": False, "serviceRegion": place.region}
    service = str(inputs["serviceName"]).split(".", 3)[-1]
    if inputs.get("vpcEndpointType", "Gateway") == "Gateway":
        return {**made, "prefixListId": f"pl-{_hex(8)}", "cidrBlocks": ["52.216.0.0/15"], "dnsEntries": []}
    name = f"{id_}-{_hex(8)}.{service}.{place.region}.vpce.{place.suffix}"
    private = [f"{service}.{place.region}.{place.suffix}"] if inputs.get("privateDnsEnabled") else []
    return {
        **made,
        "networkInterfaceIds": [f"eni-{_hex(17)}" for _ in inputs.get("subnetIds", [])],
        "dnsEntries": [{"dnsName": one, "hostedZoneId": f"Z{_hex(20).upper()}"} for one in (name, *private)],
        "ipAddressType": "ipv4",
        "prefixListId": "",
    }


def _extras(token: str, name: str, arn: str, place: Place) -> dict[str, Any]:
    match token.rpartition(":")[2]:
        case "Repository":
            host = f"{place.account}.dkr.ecr.{place.region}.{place.suffix}"
            return {"registryId": place.account, "repositoryUrl": f"{host}/{name}"}
        case "Queue":
            return {"url": f"https://sqs.{place.region}.{place.suffix}/{place.account}/{name}"}
        case "Parameter":
            return {"version": 1}
        case "Topic":
            return {"owner": place.account}
        case _:
            return {"latestRestorableTime": ""} if arn == "" else {}


def _role(inputs: dict[str, Any], place: Place, _: _Revision) -> _Made:
    name = inputs["name"]
    path = str(inputs.get("path") or "/")
    return name, {
        "arn": place.arn("iam", f"role{path}{name}", regional=False),
        "uniqueId": f"AROA{_hex(16).upper()}",
        "createDate": "2026-01-01T00:00:00Z",
    }


def _policy(inputs: dict[str, Any], place: Place, _: _Revision) -> _Made:
    arn = place.arn("iam", f"policy{inputs.get('path') or '/'}{inputs['name']}", regional=False)
    return arn, {"arn": arn, "policyId": f"ANPA{_hex(16).upper()}", "attachmentCount": 0}


def _role_policy(inputs: dict[str, Any], _place: Place, _: _Revision) -> _Made:
    return f"{inputs['role']}:{inputs['name']}", {}


def _profile(inputs: dict[str, Any], place: Place, _: _Revision) -> _Made:
    name = inputs["name"]
    arn = place.arn("iam", f"instance-profile{inputs.get('path') or '/'}{name}", regional=False)
    return name, {"arn": arn, "uniqueId": f"AIPA{_hex(16).upper()}", "createDate": "2026-01-01T00:00:00Z"}


def _attachment(inputs: dict[str, Any], _place: Place, _: _Revision) -> _Made:
    return f"{inputs['role']}/{inputs['policyArn']}", {}


def _scaling_group(inputs: dict[str, Any], place: Place, _: _Revision) -> _Made:
    name = inputs["name"]
    return name, {
        "arn": place.arn("autoscaling", f"autoScalingGroup:{_uuid()}:autoScalingGroupName/{name}"),
        "predictedCapacity": 0,
        "warmPoolSize": 0,
    }


def _account_setting(_inputs: dict[str, Any], place: Place, _: _Revision) -> _Made:
    root = place.arn("iam", "root", regional=False)
    return root, {"principalArn": root}


def _of_repository(inputs: dict[str, Any], place: Place, _: _Revision) -> _Made:
    return inputs["repository"], {"registryId": place.account}


def _of_registry(_inputs: dict[str, Any], place: Place, _: _Revision) -> _Made:
    return place.account, {"registryId": place.account}


def _cache_rule(inputs: dict[str, Any], place: Place, _: _Revision) -> _Made:
    return inputs["ecrRepositoryPrefix"], {"registryId": place.account}


def _creation_template(inputs: dict[str, Any], place: Place, _: _Revision) -> _Made:
    return inputs["prefix"], {"registryId": place.account}


def _public_repository(inputs: dict[str, Any], place: Place, _: _Revision) -> _Made:
    name = inputs["repositoryName"]
    return name, {
        "arn": place.arn("ecr-public", f"repository/{name}", regional=False),
        "registryId": place.account,
        "repositoryUri": f"public.ecr.aws/a1b2c3d4/{name}",
    }


def _signing_profile(inputs: dict[str, Any], place: Place, _: _Revision) -> _Made:
    name = inputs.get("name") or f"{inputs['namePrefix']}{_hex(26)}"
    arn, version = place.arn("signer", f"/signing-profiles/{name}"), _hex(10)
    return name, {
        "arn": arn,
        "name": name,
        "version": version,
        "versionArn": f"{arn}/{version}",
        "platformDisplayName": "Notation for Container Registries",
        "revocationRecords": [],
        "status": "Active",
    }


def _cloud_control(inputs: dict[str, Any], place: Place, _: _Revision) -> _Made:
    # Its identifier is a property that AWS decides; what there is once in a registry has the account's id.
    return place.account, {"properties": inputs["desiredState"]}


def _capacity_providers(inputs: dict[str, Any], _place: Place, _: _Revision) -> _Made:
    return inputs["clusterName"], {}


def _task_definition(inputs: dict[str, Any], place: Place, revision: _Revision) -> _Made:
    family = inputs["family"]
    number = revision(family)
    bare = place.arn("ecs", f"task-definition/{family}")
    return family, {"arn": f"{bare}:{number}", "arnWithoutRevision": bare, "revision": number}


def _service(inputs: dict[str, Any], place: Place, _: _Revision) -> _Made:
    cluster = str(inputs.get("cluster", "default")).rpartition("/")[2]
    arn = place.arn("ecs", f"service/{cluster}/{inputs['name']}")
    return arn, {"arn": arn}


def _load_balancer(inputs: dict[str, Any], place: Place, _: _Revision) -> _Made:
    kind = {"network": "net", "gateway": "gwy"}.get(str(inputs.get("loadBalancerType")), "app")
    suffix = f"{kind}/{inputs['name']}/{_hex(16)}"
    arn = place.arn("elasticloadbalancing", f"loadbalancer/{suffix}")
    return arn, {
        "arn": arn,
        "arnSuffix": suffix,
        "dnsName": f"{inputs['name']}-{secrets.randbelow(10**10)}.{place.region}.elb.{place.suffix}",
        "zoneId": _ZONE_IDS.get(place.region, "Z00000000000000000000"),
        "vpcId": f"vpc-{_hex(17)}",
    }


def _target_group(inputs: dict[str, Any], place: Place, _: _Revision) -> _Made:
    suffix = f"targetgroup/{inputs['name']}/{_hex(16)}"
    arn = place.arn("elasticloadbalancing", suffix)
    return arn, {"arn": arn, "arnSuffix": suffix, "loadBalancerArns": []}


def _listener(inputs: dict[str, Any], _place: Place, _: _Revision) -> _Made:
    arn = f"{str(inputs['loadBalancerArn']).replace(':loadbalancer/', ':listener/')}/{_hex(16)}"
    return arn, {"arn": arn}


def _listener_rule(inputs: dict[str, Any], _place: Place, _: _Revision) -> _Made:
    arn = f"{str(inputs['listenerArn']).replace(':listener/', ':listener-rule/')}/{_hex(16)}"
    return arn, {"arn": arn}


def _secret(inputs: dict[str, Any], place: Place, _: _Revision) -> _Made:
    arn = place.arn("secretsmanager", f"secret:{inputs['name']}-{secrets.token_urlsafe(8)[:6].replace('-', 'x')}")
    return arn, {"arn": arn}


def _secret_version(inputs: dict[str, Any], _place: Place, _: _Revision) -> _Made:
    version = _uuid()
    return f"{inputs['secretId']}|{version}", {
        "arn": inputs["secretId"],
        "versionId": version,
        "versionStages": ["AWSCURRENT"],
    }


def _scaling_target(inputs: dict[str, Any], place: Place, _: _Revision) -> _Made:
    role = (
        "aws-service-role/ecs.application-autoscaling.amazonaws.com/AWSServiceRoleForApplicationAutoScaling_ECSService"
    )
    return inputs["resourceId"], {
        "arn": place.arn("application-autoscaling", f"scalable-target/{_hex(24)}"),
        "roleArn": place.arn("iam", f"role/{role}", regional=False),
    }


def _scaling_policy(inputs: dict[str, Any], place: Place, _: _Revision) -> _Made:
    resource = f"resource/{inputs['serviceNamespace']}/{inputs['resourceId']}:policyName/{inputs['name']}"
    return inputs["name"], {"arn": place.arn("autoscaling", f"scalingPolicy:{_uuid()}:{resource}"), "alarmArns": []}


def _route(inputs: dict[str, Any], _place: Place, _: _Revision) -> _Made:
    return f"r-{inputs['routeTableId']}{secrets.randbelow(10**10)}", {"state": "active", "origin": "CreateRoute"}


def _bucket(inputs: dict[str, Any], place: Place, _: _Revision) -> _Made:
    name = inputs.get("bucket") or f"{inputs.get('bucketPrefix', 'bucket-')}{_hex(26)}"
    return name, {
        "bucket": name,
        "arn": place.arn("s3", name, regional=False, account=False),
        "bucketDomainName": f"{name}.s3.{place.suffix}",
        "bucketRegionalDomainName": f"{name}.s3.{place.region}.{place.suffix}",
    }


def _key(_inputs: dict[str, Any], place: Place, _: _Revision) -> _Made:
    id_ = _uuid()
    return id_, {"keyId": id_, "arn": place.arn("kms", f"key/{id_}")}


def _connection(_inputs: dict[str, Any], place: Place, _: _Revision) -> _Made:
    arn = place.arn("codeconnections", f"connection/{_uuid()}")
    return arn, {"arn": arn, "connectionStatus": "PENDING"}


def _certificate(inputs: dict[str, Any], place: Place, _: _Revision) -> _Made:
    arn = place.arn("acm", f"certificate/{_uuid()}")
    domains = [inputs.get("domainName", ""), *inputs.get("subjectAlternativeNames", [])]
    options = [_proof(str(domain), place) for domain in dict.fromkeys(domains)]
    return arn, {"arn": arn, "status": "PENDING_VALIDATION", "domainValidationOptions": options}


def _proof(domain: str, place: Place) -> dict[str, str]:
    """Return the record that proves a domain to ACM: for one account always the same, also for a wildcard's."""
    bare = domain.removeprefix("*.")
    proof = hashlib.sha256(f"{place.account} {bare}".encode()).hexdigest()
    return {
        "domainName": domain,
        "resourceRecordName": f"_{proof[:32]}.{bare}.",
        "resourceRecordType": "CNAME",
        "resourceRecordValue": f"_{proof[32:]}.acm-validations.aws.",
    }


def _validation(_inputs: dict[str, Any], _place: Place, _: _Revision) -> _Made:
    return "2026-01-01 00:00:00 +0000 UTC", {}


def _zone(_inputs: dict[str, Any], place: Place, _: _Revision) -> _Made:
    id_ = f"Z{_hex(20).upper()}"
    arn = f"arn:{place.partition}:route53:::hostedzone/{id_}"
    servers = [f"ns-{number}.awsdns-0{number}.example." for number in range(1, 5)]
    return id_, {"arn": arn, "zoneId": id_, "nameServers": servers, "primaryNameServer": servers[0]}


def _record(inputs: dict[str, Any], _place: Place, _: _Revision) -> _Made:
    name = str(inputs["name"]).rstrip(".")
    return f"{inputs['zoneId']}_{name}_{inputs['type']}", {"fqdn": name}


def _listener_certificate(inputs: dict[str, Any], _place: Place, _: _Revision) -> _Made:
    return f"{inputs['listenerArn']}_{inputs['certificateArn']}", {}


def _web_acl(inputs: dict[str, Any], place: Place, _: _Revision) -> _Made:
    id_ = _uuid()
    scope = "regional" if inputs["scope"] == "REGIONAL" else "global"
    return id_, {
        "arn": place.arn("wafv2", f"{scope}/webacl/{inputs['name']}/{id_}"),
        "capacity": 925,
        "lockToken": _uuid(),
        "applicationIntegrationUrl": "",
    }


def _web_acl_association(inputs: dict[str, Any], _place: Place, _: _Revision) -> _Made:
    return f"{inputs['webAclArn']},{inputs['resourceArn']}", {}


def _web_acl_logging(inputs: dict[str, Any], _place: Place, _: _Revision) -> _Made:
    return str(inputs["resourceArn"]), {}


_OTHERS: Final[dict[str, Callable[[dict[str, Any], Place, _Revision], _Made]]] = {
    "aws:iam/role:Role": _role,
    "aws:iam/policy:Policy": _policy,
    "aws:iam/rolePolicy:RolePolicy": _role_policy,
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": _attachment,
    "aws:iam/instanceProfile:InstanceProfile": _profile,
    "aws:autoscaling/group:Group": _scaling_group,
    "aws:ecs/accountSettingDefault:AccountSettingDefault": _account_setting,
    "aws:ecr/lifecyclePolicy:LifecyclePolicy": _of_repository,
    "aws:ecr/repositoryPolicy:RepositoryPolicy": _of_repository,
    "aws:ecr/registryPolicy:RegistryPolicy": _of_registry,
    "aws:ecr/registryScanningConfiguration:RegistryScanningConfiguration": _of_registry,
    "aws:ecr/replicationConfiguration:ReplicationConfiguration": _of_registry,
    "aws:ecr/pullThroughCacheRule:PullThroughCacheRule": _cache_rule,
    "aws:ecr/repositoryCreationTemplate:RepositoryCreationTemplate": _creation_template,
    "aws:ecrpublic/repository:Repository": _public_repository,
    "aws:signer/signingProfile:SigningProfile": _signing_profile,
    "aws:cloudcontrol/resource:Resource": _cloud_control,
    "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders": _capacity_providers,
    "aws:ecs/taskDefinition:TaskDefinition": _task_definition,
    "aws:ecs/service:Service": _service,
    "aws:lb/loadBalancer:LoadBalancer": _load_balancer,
    "aws:lb/targetGroup:TargetGroup": _target_group,
    "aws:lb/listener:Listener": _listener,
    "aws:lb/listenerRule:ListenerRule": _listener_rule,
    "aws:secretsmanager/secret:Secret": _secret,
    "aws:secretsmanager/secretVersion:SecretVersion": _secret_version,
    "aws:appautoscaling/target:Target": _scaling_target,
    "aws:appautoscaling/policy:Policy": _scaling_policy,
    "aws:ec2/route:Route": _route,
    "aws:s3/bucket:Bucket": _bucket,
    "aws:kms/key:Key": _key,
    "aws:acm/certificate:Certificate": _certificate,
    "aws:acm/certificateValidation:CertificateValidation": _validation,
    "aws:route53/zone:Zone": _zone,
    "aws:route53/record:Record": _record,
    "aws:lb/listenerCertificate:ListenerCertificate": _listener_certificate,
    "aws:wafv2/webAcl:WebAcl": _web_acl,
    "aws:wafv2/webAclAssociation:WebAclAssociation": _web_acl_association,
    "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration": _web_acl_logging,
    "aws:codeconnections/connection:Connection": _connection,
}


def _hex(length: int) -> str:
    return secrets.token_hex(length)[:length]


def _uuid() -> str:
    text = secrets.token_hex(16)
    return "-".join([text[:8], text[8:12], text[12:16], text[16:20], text[20:]])
