"""The database backend that enforces the boundary (``base.py``)."""
