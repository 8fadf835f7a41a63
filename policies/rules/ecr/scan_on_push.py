"""Every image is scanned when it is pushed: by its repository's own setting, or by the registry's scanning rules."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from policies.framework import (
    UNKNOWN,
    Example,
    Expect,
    Provider,
    Report,
    Res,
    Resource,
    Rule,
    SecretValue,
    Severity,
    Stack,
    Unknown,
    elements,
    is_known,
    peek,
)
from policies.rules.ecr._registries import REGISTRY_SCANNING, REPOSITORY, filter_matches

_SCANNING = ("SCAN_ON_PUSH", "CONTINUOUS_SCAN")
_OWN = "imageScanningConfiguration.scanOnPush"
_ANY_NAME = "*"
_NATIVE = "aws-native:ecr:Repository"


def _check_stack(stack: Stack, report: Report) -> None:
    """A stack check: a registry's configuration may be registered after the repositories that it covers."""
    registries = stack.of_type(*REGISTRY_SCANNING)
    for repository in stack.of_type(*REPOSITORY):
        with report.guard(repository):
            _judge(repository, registries, report)
    for registry in registries:
        with report.guard(registry):
            _check_form(registry)


def _check_form(registry: Resource) -> None:
    """A list of the wrong form would cover nothing without a word.

    :raises Malformed: naming the property.
    """
    rules = peek(registry.inputs, "rules")
    for index in range(len(elements(rules, "rules")) if is_known(rules) else 0):
        path = ("rules", index, "repositoryFilters")
        filters = peek(registry.inputs, *path)
        for position in range(len(elements(filters, f"rules[{index}].repositoryFilters")) if is_known(filters) else 0):
            peek(registry.inputs, *path, position, "filter")


def _judge(repository: Resource, registries: Iterable[Resource], report: Report) -> None:
    name = _repository_name(repository)
    beside = list(_in_same_registry(repository, registries))
    covered = _covered_by_stack(repository, name, beside) or _covered_by_setting(name, repository.region, report)
    if covered is True:
        return
    own = peek(repository.inputs, "imageScanningConfiguration", "scanOnPush")
    finding = f"ScanOnPush::{repository.name}"
    if own is True or own == "true":
        _judge_override(repository, name, beside, covered, report)
        return
    if isinstance(own, Unknown):
        report.undecided(repository, _OWN)
        return
    if isinstance(covered, Unknown):
        report.undecided(repository, covered.path)
        return
    if beside:
        names = ", ".join(registry.name for registry in beside)
        reason = (
            f"no rule of the registry's scanning configuration ({names}) covers {_quoted(name)} with SCAN_ON_PUSH or "
            "CONTINUOUS_SCAN either, so images run unscanned"
        )
    elif registries:
        reason = "the stack's registry scanning configuration is in another region or account, so images run unscanned"
    else:
        reason = "no registry scanning configuration in the stack covers it either, so images run unscanned"
    report.fail(repository, finding, reason, prop=_OWN, value=own)


def _judge_override(
    repository: Resource, name: str | Unknown, beside: Iterable[Resource], covered: bool | Unknown, report: Report
) -> None:
    """The repository scans by its own setting, which an enhanced registry that does not cover it switches off."""
    for registry in beside:
        scan_type = peek(registry.inputs, "scanType")
        if isinstance(scan_type, Unknown):
            report.undecided(repository, f"{registry.name}.scanType")
        elif scan_type == "ENHANCED" and isinstance(covered, Unknown):
            report.undecided(repository, covered.path)
        elif scan_type == "ENHANCED" and isinstance(same_region := _in_region_of(repository, registry), Unknown):
            report.undecided(repository, same_region.path)
        elif scan_type == "ENHANCED":
            report.fail(
                repository,
                f"ScanOnPush::{repository.name}",
                f'it has no effect, because the registry\'s scanning configuration {registry.name} is "ENHANCED" and '
                f"none of its rules covers {_quoted(name)}",
                prop=_OWN,
                remedy="add a rule with scanFrequency SCAN_ON_PUSH or CONTINUOUS_SCAN and a repository filter that "
                f"matches {_quoted(name)} to {registry.name}",
            )


def _repository_name(repository: Resource) -> str | Unknown:
    name = peek(repository.inputs, "name")
    if name is None:
        name = peek(repository.props, "name")
    # Without a name AWS (Cloud Control) or the provider picks one that only the update knows.
    return Unknown("name") if name is None or isinstance(name, Unknown) else str(name)


def _in_same_registry(repository: Resource, registries: Iterable[Resource]) -> Iterator[Resource]:
    """A registry exists once per account and region. What is unknown of a region may be the same."""
    for registry in registries:
        same_region = _in_region_of(repository, registry) is not False
        # The two providers name credentials differently, so only providers of one kind can be told apart.
        comparable = repository.written_type.split(":")[0] == registry.written_type.split(":")[0]
        if same_region and (not comparable or repository.account == registry.account):
            yield registry


def _in_region_of(repository: Resource, registry: Resource) -> bool | Unknown:
    """Whether both are made in one region; unknown if one is in that of the environment, whatever it is."""
    own, other = repository.region, registry.region
    if isinstance(own, Unknown) or (own is None and other is not None):
        return Unknown("region")
    if isinstance(other, Unknown) or (other is None and own is not None):
        return Unknown(f"{registry.name}.region")
    return own == other


def _covered_by_stack(repository: Resource, name: str | Unknown, registries: Iterable[Resource]) -> bool | Unknown:
    """Whether a rule covers the name; unknown if that hangs on a value that is not known yet."""
    verdict: bool | Unknown = False
    for registry in registries:
        for answer in _answers(name, registry, _in_region_of(repository, registry)):
            if answer is True:
                return True
            verdict = verdict or answer
    return verdict


def _answers(name: str | Unknown, registry: Resource, same_region: bool | Unknown) -> Iterator[bool | Unknown]:
    rules = peek(registry.inputs, "rules")
    if isinstance(rules, Unknown):
        yield Unknown(f"{registry.name}.rules")
        return
    for index, rule in enumerate(_entries(rules)):
        where = f"{registry.name}.rules[{index}]"
        if isinstance(rule, Unknown):
            yield Unknown(where)
            continue
        frequency = peek(rule, "scanFrequency")
        if is_known(frequency) and frequency not in _SCANNING:
            continue
        filters = peek(rule, "repositoryFilters")
        answer = (
            Unknown(f"{where}.repositoryFilters") if isinstance(filters, Unknown) else _selects(filters, name, where)
        )
        if answer is False:
            continue
        if isinstance(frequency, Unknown):
            yield Unknown(f"{where}.scanFrequency")
        elif isinstance(same_region, Unknown):
            yield same_region
        else:
            yield answer


def _selects(filters: Any, name: str | Unknown, where: str) -> bool | Unknown:
    verdict: bool | Unknown = False
    for index, entry in enumerate(_entries(filters)):
        pattern = entry if isinstance(entry, Unknown) else peek(entry, "filter")
        if isinstance(pattern, Unknown):
            verdict = Unknown(f"{where}.repositoryFilters[{index}].filter")
        elif pattern == _ANY_NAME:
            return True
        elif isinstance(name, Unknown):
            verdict = verdict or name
        elif isinstance(pattern, str) and pattern and filter_matches(pattern, name):
            return True
    return verdict


def _entries(value: object) -> list[Any]:
    """The objects of a list; what is malformed has its own finding, on the registry, and covers nothing."""
    if isinstance(value, str | Mapping) or not isinstance(value, Sequence):
        return []
    return [entry for entry in elements(value, "") if isinstance(entry, Mapping | Unknown)]


def _covered_by_setting(name: str | Unknown, region: str | Unknown | None, report: Report) -> bool | Unknown:
    verdict: bool | Unknown = False
    for assumed in report.settings["assume_registry_scanning"]:
        wanted = assumed.get("region", "*")
        if wanted != "*" and isinstance(region, Unknown):
            verdict = Unknown("region")
            continue
        if wanted not in ("*", region):
            continue
        for pattern in assumed["filters"]:
            if pattern == _ANY_NAME or (isinstance(name, str) and filter_matches(pattern, name)):
                return True
            if isinstance(name, Unknown):
                verdict = name
    return verdict


def _quoted(name: str | Unknown) -> str:
    return "it" if isinstance(name, Unknown) else f'"{name}"'


def _remediate(resource: Resource, inputs: dict[str, Any]) -> bool:
    if resource.type not in REPOSITORY:
        return False
    scanning = inputs.get("imageScanningConfiguration")
    if isinstance(scanning, Mapping) and scanning.get("scanOnPush") is True:
        return False
    inputs["imageScanningConfiguration"] = {"scanOnPush": True}
    return True


def _repository(_name: str = "app", **inputs: Any) -> Res:
    return Res(REPOSITORY[0], _name, {"name": f"team/{_name}", **inputs})


def _scanning(scan_on_push: Any = True, _name: str = "app", **inputs: Any) -> Res:
    return _repository(_name, imageScanningConfiguration={"scanOnPush": scan_on_push}, **inputs)


def _registry(*filters: Any, frequency: Any = "SCAN_ON_PUSH", scan_type: Any = "BASIC", **inputs: Any) -> Res:
    rule = {
        "scanFrequency": frequency,
        "repositoryFilters": [{"filter": pattern, "filterType": "WILDCARD"} for pattern in filters],
    }
    return Res(REGISTRY_SCANNING[0], "registry", {"scanType": scan_type, "rules": [rule], **inputs})


def _at(provider: Provider, resource: Res) -> Res:
    return Res(resource.type, resource.name, resource.inputs, resource.outputs, provider)


_IRELAND = Provider("ireland", {"region": "eu-west-1"})
_OREGON = Provider("oregon", {"region": "us-west-2"})
_OTHER_ACCOUNT = Provider("other", {"region": "eu-west-1", "assumeRoles": [{"roleArn": "arn:aws:iam::2:role/x"}]})
_UNCOVERED = Expect("ScanOnPush::app", "app", ["scanOnPush", "covers", "Fix: "])

RULE = Rule(
    name="ecr-scan-on-push",
    title="Images are scanned when pushed",
    description="ECR scans every image for known vulnerabilities when it is pushed.",
    severity=Severity.HIGH,
    packs=("images",),
    controls=("ECR.1", "CKV_AWS_163", "AWS-0030", "CIS EKS 5.1.1"),
    remedy="set imageScanningConfiguration.scanOnPush to true on the repository, or cover its name with a SCAN_ON_PUSH "
    "or CONTINUOUS_SCAN rule of an aws.ecr.RegistryScanningConfiguration in the same region",
    url="https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-scanning.html",
    types=REPOSITORY + REGISTRY_SCANNING,
    settings={
        "assume_registry_scanning": {
            "type": "array",
            "default": [],
            "description": "Registry scanning that another stack configures: `filters` as in ECR, and `region`. "
            "Without `region` it holds in every region.",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["filters"],
                "properties": {
                    "filters": {"type": "array", "minItems": 1, "items": {"type": "string", "minLength": 1}},
                    "region": {"type": "string", "minLength": 1},
                },
            },
        },
    },
    check_stack=_check_stack,
    remediate=_remediate,
    cases=lambda: (
        Example("the repository scans on push", [_scanning()]),
        Example("the text true, which the provider reads as true", [_scanning("true")]),
        Example(
            "a repository of the Cloud Control provider",
            [Res(_NATIVE, "app", {"repositoryName": "app", "imageScanningConfiguration": {"scanOnPush": True}})],
        ),
        Example("no repository at all", [_registry("prod", scan_type="ENHANCED")]),
        Example(
            "both of the Cloud Control provider",
            [
                Res("aws-native:ecr:RegistryScanningConfiguration", "registry", _registry("team/*").inputs),
                Res(_NATIVE, "app", {"repositoryName": "team/app"}),
            ],
        ),
        Example("a registry rule covers every name", [_registry("*"), _repository()]),
        Example("the registry is registered after the repository", [_repository(), _registry("*")]),
        Example("a filter without wildcard selects names that contain it", [_registry("eam/a"), _repository()]),
        Example("a filter with wildcards selects whole names", [_registry("team/*"), _repository()]),
        Example("a wildcard stands for no character too", [_registry("team/*app*"), _repository()]),
        Example(
            "enhanced, continuous scanning",
            [_registry("*", frequency="CONTINUOUS_SCAN", scan_type="ENHANCED"), _repository()],
        ),
        Example(
            "the second of two rules and the second of two filters",
            [
                Res(
                    REGISTRY_SCANNING[0],
                    "registry",
                    {
                        "scanType": "ENHANCED",
                        "rules": [
                            {
                                "scanFrequency": "MANUAL",
                                "repositoryFilters": [{"filter": "*", "filterType": "WILDCARD"}],
                            },
                            {
                                "scanFrequency": "SCAN_ON_PUSH",
                                "repositoryFilters": [
                                    {"filter": "prod", "filterType": "WILDCARD"},
                                    {"filter": "team/", "filterType": "WILDCARD"},
                                ],
                            },
                        ],
                    },
                ),
                _repository(),
            ],
        ),
        Example(
            "an enhanced registry covers the repository that also scans by itself",
            [_registry("*", scan_type="ENHANCED"), _scanning()],
        ),
        Example(
            "a basic registry that covers other names leaves the repository's own setting in force",
            [_registry("other/*"), _scanning()],
        ),
        Example("explicit providers of one region", [_at(_IRELAND, _registry("*")), _at(_IRELAND, _repository())]),
        Example(
            "the same region, once by provider and once by the resource's own region",
            [_at(_IRELAND, _registry("*")), _at(_OREGON, _repository(region="eu-west-1"))],
        ),
        Example(
            "the region of the environment, known once they are made in it",
            [
                Res(REGISTRY_SCANNING[0], "registry", _registry("*").inputs, {"region": "eu-west-1"}),
                _at(_IRELAND, _repository()),
            ],
        ),
        Example("every name is covered, so an unknown name is too", [_registry("*"), _repository(name=UNKNOWN)]),
        Example(
            "the registry is scanned by another stack, by setting",
            [_repository()],
            settings={"assume_registry_scanning": [{"filters": ["team/*"]}]},
        ),
        Example(
            "by setting, for this region",
            [_at(_IRELAND, _repository())],
            settings={"assume_registry_scanning": [{"filters": ["*"], "region": "eu-west-1"}]},
        ),
        Example(
            "an exempted repository is shown as such",
            [_scanning(False)],
            exempted=[Expect("ScanOnPush::app", "app", ["EXEMPTED until 2999-12-31 by team-a (scanned by CI)"])],
            settings={
                "exemptions": [
                    {
                        "resource": "*::app",
                        "finding": "ScanOnPush::*",
                        "reason": "scanned by CI",
                        "owner": "team-a",
                        "expires": "2999-12-31",
                    }
                ]
            },
        ),
        Example("off", [_scanning(False)], [Expect("ScanOnPush::app", "app", ["scanOnPush is false", "Fix: set"])]),
        Example("off, as text", [_scanning("false")], [_UNCOVERED]),
        Example("not set at all", [_repository()], [Expect("ScanOnPush::app", "app", ["scanOnPush is not set"])]),
        Example("an empty block", [_repository(imageScanningConfiguration={})], [_UNCOVERED]),
        Example("the Cloud Control provider, not set", [Res(_NATIVE, "app", {"repositoryName": "app"})], [_UNCOVERED]),
        Example(
            "one of two",
            [_scanning(), _scanning(False, "second")],
            [Expect("ScanOnPush::second", "second", ["second (aws:ecr/repository:Repository)"])],
        ),
        Example(
            "the registry's filter selects other names",
            [_registry("prod/*"), _repository()],
            [Expect("ScanOnPush::app", "app", ['covers "team/app"', "(registry)"])],
        ),
        Example("a wildcard filter must match the whole name", [_registry("*team"), _repository()], [_UNCOVERED]),
        Example("filters tell upper from lower case", [_registry("TEAM/*"), _repository()], [_UNCOVERED]),
        Example("a manual rule scans nothing", [_registry("*", frequency="MANUAL"), _repository()], [_UNCOVERED]),
        Example("a registry without rules", [_registry(rules=[]), _repository()], [_UNCOVERED]),
        Example("a filter that says nothing", [_registry(""), _repository()], [_UNCOVERED]),
        Example("a rule without filters", [_registry(), _repository()], [_UNCOVERED]),
        Example(
            "the registry of another region, by provider",
            [_at(_OREGON, _registry("*")), _at(_IRELAND, _repository())],
            [Expect("ScanOnPush::app", "app", ["another region or account"])],
        ),
        Example(
            "the registry of another region, by the resource's own region",
            [_at(_IRELAND, _registry("*", region="us-west-2")), _at(_IRELAND, _repository())],
            [Expect("ScanOnPush::app", "app", ["another region or account"])],
        ),
        Example(
            "the registry of another account",
            [_at(_OTHER_ACCOUNT, _registry("*")), _at(_IRELAND, _repository())],
            [Expect("ScanOnPush::app", "app", ["another region or account"])],
        ),
        Example(
            "an enhanced registry that does not cover it switches its own setting off",
            [_registry("prod", scan_type="ENHANCED"), _scanning()],
            [Expect("ScanOnPush::app", "app", ["ENHANCED", "add a rule", "registry"])],
        ),
        Example(
            "by setting, for other names",
            [_repository()],
            [_UNCOVERED],
            settings={"assume_registry_scanning": [{"filters": ["prod/*"]}]},
        ),
        Example(
            "by setting, for another region",
            [_at(_IRELAND, _repository())],
            [_UNCOVERED],
            settings={"assume_registry_scanning": [{"filters": ["*"], "region": "us-west-2"}]},
        ),
        Example(
            "a malformed block is a finding and hides no other",
            [_repository(imageScanningConfiguration="yes"), _scanning(False, "second")],
            [
                Expect("Malformed::imageScanningConfiguration", "app", ["must be an object, not text"]),
                Expect("ScanOnPush::second", "second"),
            ],
        ),
        Example(
            "malformed registry rules are a finding, and cover nothing",
            [_registry(rules="all"), _repository()],
            [Expect("Malformed::rules", "registry", ["must be a list, not text"]), _UNCOVERED],
        ),
        Example(
            "an exemption of another repository",
            [_scanning(False)],
            [_UNCOVERED],
            settings={
                "exemptions": [
                    {"resource": "*::other", "finding": "*", "reason": "r", "owner": "o", "expires": "2999-12-31"}
                ]
            },
        ),
        Example(
            "an expired exemption names its owner and day",
            [_scanning(False)],
            [Expect("ScanOnPush::app", "app", ["exemption by team-a", "expired on 2020-01-31", "Fix: "])],
            settings={
                "exemptions": [
                    {
                        "resource": "*::app",
                        "finding": "ScanOnPush::app",
                        "reason": "r",
                        "owner": "team-a",
                        "expires": "2020-01-31",
                    }
                ]
            },
        ),
        Example(
            "a secret in the name is not shown",
            [_registry("prod"), _repository(name=SecretValue("hush-hush-project"))],
            [Expect("ScanOnPush::app", "app", ['"[secret]"'])],
        ),
        Example(
            "an unknown setting, the rest judged",
            [_scanning(UNKNOWN), _scanning(False, "second")],
            [Expect("ScanOnPush::second", "second")],
            undecided=[Expect("Undecided::imageScanningConfiguration.scanOnPush", "app", ["not known"])],
        ),
        Example(
            "the whole block is unknown",
            [_repository(imageScanningConfiguration=UNKNOWN)],
            undecided=[Expect("Undecided::imageScanningConfiguration.scanOnPush", "app")],
        ),
        Example(
            "an unknown name and a filter for some names",
            [_registry("team/*"), _repository(name=UNKNOWN)],
            undecided=[Expect("Undecided::name", "app")],
        ),
        Example(
            "unknown registry rules",
            [_registry(rules=UNKNOWN), _repository()],
            undecided=[Expect("Undecided::registry.rules", "app")],
        ),
        Example(
            "an unknown filter",
            [_registry(UNKNOWN), _repository()],
            undecided=[Expect("Undecided::registry.rules[0].repositoryFilters[0].filter", "app")],
        ),
        Example(
            "an unknown frequency",
            [_registry("*", frequency=UNKNOWN), _repository()],
            undecided=[Expect("Undecided::registry.rules[0].scanFrequency", "app")],
        ),
        Example(
            "its own setting, and an enhanced registry in the region of the environment that does not cover it",
            [_registry("prod", scan_type="ENHANCED"), _at(_IRELAND, _scanning())],
            undecided=[Expect("Undecided::registry.region", "app")],
        ),
        Example(
            "a registry in the region of the environment",
            [_registry("*"), _at(_IRELAND, _repository())],
            undecided=[Expect("Undecided::registry.region", "app")],
        ),
        Example(
            "a repository in the region of the environment",
            [_at(_IRELAND, _registry("*")), _repository()],
            undecided=[Expect("Undecided::region", "app")],
        ),
        Example(
            "a registry made in another region than the environment's",
            [
                Res(REGISTRY_SCANNING[0], "registry", _registry("*").inputs, {"region": "us-west-2"}),
                _at(_IRELAND, _scanning(False, "off")),
                _at(_IRELAND, _scanning(True)),
            ],
            [Expect("ScanOnPush::off", "off", ["another region or account"])],
        ),
        Example(
            "an unknown region",
            [_registry("*", region=UNKNOWN), _at(_IRELAND, _repository())],
            undecided=[Expect("Undecided::registry.region", "app")],
        ),
        Example(
            "its own setting, and a registry whose scan type is unknown and whose rules do not cover it",
            [_registry("prod", scan_type=UNKNOWN), _scanning()],
            undecided=[Expect("Undecided::registry.scanType", "app")],
        ),
        Example(
            "its own setting, and an enhanced registry with an unknown filter",
            [_registry(UNKNOWN, scan_type="ENHANCED"), _scanning()],
            undecided=[Expect("Undecided::registry.rules[0].repositoryFilters[0].filter", "app")],
        ),
        Example(
            "unknown, and violations by setting",
            [_scanning(UNKNOWN)],
            [Expect("Undecided::imageScanningConfiguration.scanOnPush", "app", ["UNDECIDED"])],
            settings={"undecided": "mandatory"},
        ),
    ),
)
