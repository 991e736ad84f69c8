"""The demo's mailbox: every mail the platform wrote, readable in a browser."""
