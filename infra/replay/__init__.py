"""The programme's first two waves, April 2020, replayed through the HTTP interface by their actors."""
