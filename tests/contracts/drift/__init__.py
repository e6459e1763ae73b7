"""Where two servers part ways."""
