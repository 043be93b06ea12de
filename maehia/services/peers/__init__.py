"""Other systems that hold cases too: one folder each of one shape (wire, client, maps, columns, fake)."""
