from .args import NotificationsArgs as NotificationsArgs
from .notifications import Notifications as Notifications
