"""Which channels an installation has, from its settings."""

from collections.abc import Mapping

from booking.settings import Settings
from notifications.channels.channel import Channel
from notifications.channels.line import line_channel
from notifications.channels.mail import mail_channel
from notifications.channels.sms import sms_channel
from notifications.policy import LINE, MAIL, SMS, STAFF_MAIL


def channels_of(settings: Settings) -> dict[str, Channel]:
    """The channels of an installation by name. Raises SettingsError for one that cannot work.

    Each has connections of its own: they are used side by side.
    """
    found: Mapping[str, Channel | None] = {
        LINE: line_channel(settings),
        MAIL: mail_channel(settings),
        SMS: sms_channel(settings),
        STAFF_MAIL: mail_channel(settings),
    }
    return {name: channel for name, channel in found.items() if channel is not None}


def available(settings: Settings) -> frozenset[str]:
    """The names of its channels, for who plans and has nothing to send."""
    return frozenset(channels_of(settings))
