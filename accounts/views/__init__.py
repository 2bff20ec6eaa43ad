"""Pages of accounts."""

from accounts.views.own import (
    InvitationPage,
    NoticesPage,
    ProfilePage,
    enter_invitation,
    start,
)
from accounts.views.records import AccessLogPage, OutboxPage, export_access_log
from accounts.views.users import (
    EndRolePage,
    InvitePage,
    UserActPage,
    UserPage,
    UsersPage,
)

__all__ = [
    "AccessLogPage",
    "EndRolePage",
    "InvitationPage",
    "InvitePage",
    "NoticesPage",
    "OutboxPage",
    "ProfilePage",
    "UserActPage",
    "UserPage",
    "UsersPage",
    "enter_invitation",
    "export_access_log",
    "start",
]
