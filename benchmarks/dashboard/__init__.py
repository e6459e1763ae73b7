"""The dashboard in a browser, with a full mock beside an empty one."""
