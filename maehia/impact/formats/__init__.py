"""Doors for files: each module reads and writes one family of formats and knows nothing of the others.

climada: CLIMADA's HDF5 (hazard, exposures) and its tables of impact functions. interior: our own Parquet and memory
maps. raster: GeoTIFF and COG. tables: CSV. vector: GeoPackage and GeoParquet.
"""
