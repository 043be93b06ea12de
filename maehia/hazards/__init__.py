"""Where footprints come from: flood from rain and terrain, smoke from stations."""
