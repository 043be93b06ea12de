"""Pages that exist in a demo town only: stories, files to try, found and missed, starting again.

Each answers 404 in a town without the demo mark. What they show was kept as a file when the demo was loaded.
"""
