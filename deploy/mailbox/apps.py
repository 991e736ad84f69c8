"""The application "mailbox": reachable only where ``MAIL_HOST`` is set, as the demo does."""

from django.apps import AppConfig


class MailboxConfig(AppConfig):
    """Reads the folder that Django's file back end writes; has no tables."""

    name = "deploy.mailbox"
    label = "mailbox"
