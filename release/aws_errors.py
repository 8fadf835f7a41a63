"""What AWS answers when it refuses, in words that say what to do."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    CredentialRetrievalError,
    HTTPClientError,
    InvalidRegionError,
    LoginError,
    NoCredentialsError,
    PartialCredentialsError,
    ProfileNotFound,
    SSLError,
    SSOError,
    TokenRetrievalError,
)
from botocore.exceptions import ConnectionError as NoConnectionError

from .errors import ReleaseError

_SIGN_IN: Final = "sign in (aws sso login) and name the profile in AWS_PROFILE; docs/aws.md says more"
_EXPIRED: Final = ("ExpiredToken", "ExpiredTokenException", "RequestExpired")
_UNKNOWN: Final = (
    "IncompleteSignature",
    "InvalidClientTokenId",
    "InvalidSignatureException",
    "SignatureDoesNotMatch",
    "UnrecognizedClientException",
)
_DENIED: Final = ("AccessDenied", "AccessDeniedException")
_NOT_UP: Final = ("RepositoryNotFoundException", "ClusterNotFoundException", "ParameterNotFound")


@contextmanager
def in_plain_words(region: str) -> Iterator[None]:
    """Turn what boto3 raises into what a user must know.

    Raises:
        ReleaseError: AWS refused, or was not reached.
    """
    try:
        yield
    except ClientError as error:
        raise refused(error, region) from error
    except (NoCredentialsError, PartialCredentialsError) as error:
        raise ReleaseError("there are no AWS credentials here", _SIGN_IN) from error
    except (CredentialRetrievalError, LoginError, ProfileNotFound, SSOError, TokenRetrievalError) as error:
        raise ReleaseError(f"the AWS credentials cannot be read: {error}", _SIGN_IN) from error
    except InvalidRegionError as error:
        raise ReleaseError(f"{region} is not a region of AWS", "correct aws:region in the stack's file") from error
    except SSLError as error:
        raise ReleaseError(
            f"the TLS certificate of AWS's endpoint cannot be verified: {error}",
            "behind a proxy that inspects TLS, name its CA file in AWS_CA_BUNDLE",
        ) from error
    except (HTTPClientError, NoConnectionError) as error:
        raise ReleaseError(
            f"AWS cannot be reached: {error}",
            f"check this machine's network and proxy, and aws:region in the stack's file (used here: {region})",
        ) from error
    except BotoCoreError as error:
        raise ReleaseError(str(error)) from error


def code(error: ClientError) -> str:
    """Return AWS's code of an error, such as `AccessDeniedException`."""
    return str(error.response.get("Error", {}).get("Code", ""))


def refused(error: ClientError, region: str) -> ReleaseError:
    """Return what a refused call means."""
    found, message = code(error), str(error.response.get("Error", {}).get("Message", ""))
    if found in _EXPIRED:
        return ReleaseError("the AWS credentials have expired", f"{_SIGN_IN} ({found})")
    if found in _UNKNOWN:
        return ReleaseError(f"AWS does not accept the credentials ({found}: {message})", _SIGN_IN)
    text = f"{error.operation_name}: {found}: {message}"
    if found in _DENIED:
        return ReleaseError(text, "allow the action in the IAM policy of the role that runs this")
    if found in _NOT_UP:
        return ReleaseError(
            text, f"bring the stack up first, or check that account and region ({region}) are the stack's"
        )
    return ReleaseError(text)
