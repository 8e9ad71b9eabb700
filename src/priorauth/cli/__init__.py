"""The command line: each command is one function of the library and a way to print it. Floor 9."""
