"""« Publier une annonce » in steps; each one is a form that works without JavaScript."""
