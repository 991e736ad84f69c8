"""« Mes trajets » as pages show it."""
