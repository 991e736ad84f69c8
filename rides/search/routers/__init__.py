"""How long a drive takes by road: an adapter for each router that a region may name by its address.

Without one, and when one does not answer in time, the detour stays what the engine estimated from
straight lines, and the page says so. Only the rides that are shown are asked about.
"""
