"""Files of a region on its own host, when they live in a folder rather than on S3."""
