"""Where two servers part ways: the same requests to both, and what differs once noise is taken away."""
