"""What Lumbung costs, in rupiah: measured units by a small list of prices. `make cost` prints it."""
