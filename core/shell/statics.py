"""Static files under names that carry their content's hash, JavaScript imports included."""

from __future__ import annotations

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStatics(CompressedManifestStaticFilesStorage):
    """WhiteNoise's storage, also rewriting ``import "./x.js"`` so that modules may be cached."""

    support_js_module_import_aggregation = True
