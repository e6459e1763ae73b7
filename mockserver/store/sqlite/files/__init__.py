"""The files of a store on the disk: its lock, and that all are there."""
