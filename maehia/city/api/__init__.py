"""Public interfaces for programs, one file each."""
