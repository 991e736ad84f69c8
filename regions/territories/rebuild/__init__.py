"""Remakes ``data/territories.zip`` from its public sources; nothing of the site imports this.

``sources`` downloads and reads, ``coverage`` cleans and simplifies contours, ``topology`` cuts
them into shared arcs, ``bundle`` writes the file. ``python3 manage.py build_territories`` runs it.
"""
