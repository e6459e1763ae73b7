"""Goals of a schema's keywords, each given valid and given invalid."""
