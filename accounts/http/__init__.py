"""What the doors of all applications use: requests, keys against doubles, limits, navigation."""

from accounts.http.access import AccessMiddleware
from accounts.http.idempotency import idempotent
from accounts.http.limits import ReadThrottle, WriteThrottle, limited
from accounts.http.navigation import count, navigation
from accounts.http.requests import (
    HoldsPermission,
    RequiresPermission,
    SignedInAPIRequest,
    SignedInRequest,
    TokenAuthentication,
)

__all__ = [
    "AccessMiddleware",
    "HoldsPermission",
    "ReadThrottle",
    "RequiresPermission",
    "SignedInAPIRequest",
    "SignedInRequest",
    "TokenAuthentication",
    "WriteThrottle",
    "count",
    "idempotent",
    "limited",
    "navigation",
]
